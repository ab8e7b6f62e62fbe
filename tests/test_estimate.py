"""An estimate: the index, its limits, what is behind them, and how they read."""

import json
import re
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pytest

from custfocus import (
    AnswerError,
    Estimate,
    OptionError,
    Scale,
    ScaleError,
    Scoring,
    Tally,
    TallyError,
    Unit,
    csat,
    estimate,
)
from custfocus.indices.estimate import format_number
from custfocus.interval_strip import interval_strip

FIVE = Scale.likert(5)
THREE = Scale.likert(3)
TOP = Scoring.top_box(FIVE)
NET = Scoring.net(THREE, positive=1, negative=1)
Z = 1.959963984540054

NEWCOMBE = [60, 60, 62, 41, 40]  # 81 of 263 in the top two: .3080 [.2553, .3662]
THIRTEEN = [1, 1, 1, 6, 7]  # 13 of 16: .8125 [.5699, .9341], Fagerland et al. (2017)
EMPTY = [0, 0, 0, 0, 0]


def top(counts, **options):
    return estimate(Tally(counts, FIVE), TOP, **options)


def wilson(k, n, z2=Z**2):
    centre, half = k + z2 / 2, np.sqrt(z2) * np.sqrt(k * (n - k) / n + z2 / 4)
    return 100 * (centre - half) / (n + z2), 100 * (centre + half) / (n + z2)


BATCH = top([NEWCOMBE, EMPTY])


def parsed(html):
    return ET.fromstring(f"<root>{html}</root>")  # noqa: S314 - our own HTML


def rich(scored):
    return scored._repr_html_()


def table_rows(html):
    return list(parsed(html).iter("tr"))


def filled(html, tag):
    """The texts of the cells that have one, row by row."""
    texts = [[cell.text for cell in row.iter(tag) if cell.text] for row in table_rows(html)]
    return [row for row in texts if row]


class TestValueAndLimits:
    def test_a_share_is_quoted_in_percent_with_the_limits_of_wilson(self):
        scored = top(NEWCOMBE)
        assert float(scored.value) == pytest.approx(100 * 81 / 263, rel=1e-14)
        assert (scored.low, scored.high) == pytest.approx(wilson(81, 263), rel=1e-12)
        assert (scored.low, scored.high) == pytest.approx((25.53, 36.62), abs=5e-3)

    def test_a_net_share_is_quoted_in_percentage_points_with_the_limits_of_tango(self):
        scored = estimate(Tally([3, 20, 9], THREE), NET)
        assert float(scored) == 18.75
        assert (scored.low, scored.high) == pytest.approx((-2.7, 39.0), abs=0.05)

    def test_a_scoring_of_ones_own_is_quoted_as_it_counts(self):
        scoring = Scoring(THREE, [-2, 0, 7], name="worth", unit="euros")
        scored = estimate(Tally([1, 1, 2], THREE), scoring)
        assert float(scored) == (-2 + 0 + 14) / 4
        assert -2 <= scored.low < 3 < scored.high <= 7
        assert (scored.name, scored.unit) == ("worth", "euros")

    @pytest.mark.parametrize("n", [50, 100, 200, 1000])
    def test_whole_percentages_are_whole_to_the_last_bit(self, n):
        yes = np.arange(0, n + 1, max(n // 100, 1))
        no = n - yes
        nought = np.zeros_like(yes)
        scored = top(np.stack([no, nought, nought, nought, yes], axis=-1))
        assert scored.value.tolist() == (100 * yes / n).tolist()
        points = estimate(Tally(np.stack([no, nought, yes], axis=-1), THREE), NET)
        assert points.value.tolist() == (100 * (yes - no) / n).tolist()

    def test_a_value_at_an_end_of_the_scale_has_that_end_as_its_limit(self):
        assert float(top([0, 0, 0, 0, 7]).high) == float(top([0, 0, 0, 0, 7])) == 100
        assert float(top([7, 0, 0, 0, 0]).low) == float(top([7, 0, 0, 0, 0])) == 0

    def test_it_knows_what_it_was_made_of(self):
        tally = Tally([NEWCOMBE, EMPTY], FIVE, [7, 3])
        scored = estimate(tally, TOP, confidence_level=0.9, population=1000)
        assert scored.tally is tally
        assert scored.scoring is TOP
        assert (scored.n.tolist(), scored.missing.tolist()) == ([263, 0], [7, 3])
        assert (scored.name, scored.unit) == ("top 2 boxes", Unit.PERCENT)
        assert (scored.method, scored.confidence_level) == ("score", 0.9)
        assert scored.population.tolist() == [1000, 1000]
        assert scored.shape == (2,)

    def test_an_infinite_population_is_none(self):
        assert top(NEWCOMBE).population is None

    def test_the_confidence_level_is_passed_on(self):
        narrow, usual, wide = (top(NEWCOMBE, confidence_level=level) for level in (0.8, 0.95, 0.99))
        assert wide.low < usual.low < narrow.low < narrow.high < usual.high < wide.high
        assert (narrow.low, narrow.high) == pytest.approx(
            wilson(81, 263, 1.2815515655446004**2), rel=1e-12
        )

    def test_the_population_is_passed_on(self):
        scored = top(NEWCOMBE, population=300)
        expected = wilson(81, 263, Z**2 * (300 - 263) / (300 - 1))
        assert (scored.low, scored.high) == pytest.approx(expected, rel=1e-12)

    def test_each_group_can_have_a_population_of_its_own(self):
        scored = top([NEWCOMBE, THIRTEEN], population=[300, 20])
        alone = [top(NEWCOMBE, population=300), top(THIRTEEN, population=20)]
        assert scored.low.tolist() == [float(one.low) for one in alone]
        assert scored.high.tolist() == [float(one.high) for one in alone]

    def test_one_sample_gives_arrays_without_a_dimension(self):
        scored = top(NEWCOMBE)
        arrays = (scored.value, scored.low, scored.high, scored.n, scored.missing)
        assert all(isinstance(array, np.ndarray) and array.shape == () for array in arrays)
        assert scored.shape == ()

    @pytest.mark.parametrize("shape", [(1,), (3,), (0,), (2, 3), (2, 0), (2, 1, 2)])
    def test_groups_keep_their_shape(self, shape):
        scored = top(np.ones((*shape, 5), dtype=int))
        arrays = (scored.value, scored.low, scored.high, scored.n, scored.missing)
        assert {array.shape for array in arrays} == {scored.shape} == {shape}

    def test_an_empty_group_in_a_batch_is_nan_and_leaves_the_others_alone(self):
        scored = top([NEWCOMBE, EMPTY, THIRTEEN])
        for quoted in (scored.value, scored.low, scored.high):
            assert np.isnan(quoted).tolist() == [False, True, False]
        assert scored[2] == top(THIRTEEN)

    def test_one_group_without_answers_is_a_batch_too(self):
        assert np.isnan(top([EMPTY]).value).tolist() == [True]


class TestWrongInput:
    def test_a_single_sample_without_answers_is_an_error(self):
        with pytest.raises(TallyError, match="no answers: an index needs at least one"):
            top(EMPTY)

    def test_missing_answers_alone_are_no_answers(self):
        with pytest.raises(TallyError, match="no answers"):
            estimate(Tally(EMPTY, FIVE, 12), TOP)

    def test_an_unknown_method_is_named_with_the_near_miss(self):
        with pytest.raises(
            OptionError, match=r"^unknown method 'scores'; did you mean 'score'\? \(also: "
        ):
            top(NEWCOMBE, method="scores")

    @pytest.mark.parametrize("scoring", ["nps", csat, None])
    def test_what_is_no_scoring_is_an_error(self, scoring):
        with pytest.raises(ScaleError, match=r"^expected a Scoring, got .*; make one, such as"):
            estimate(Tally([1, 2], Scale.likert(2)), scoring)

    def test_an_estimate_is_no_answers(self):
        scored = csat([5, 4])
        with pytest.raises(AnswerError, match=r"^expected a list, array or Series, got CSAT"):
            csat(scored)

    def test_a_scoring_of_other_points_is_an_error_that_shows_both(self):
        with pytest.raises(
            ScaleError, match=r"got net score of 1, 2, 3 for answers on 1, 2, 3, 4, 5$"
        ):
            estimate(Tally(NEWCOMBE, FIVE), NET)

    def test_a_scoring_of_the_same_points_turned_round_is_an_error(self):
        with pytest.raises(ScaleError, match="must be of the tally's points"):
            estimate(Tally(NEWCOMBE, FIVE), Scoring.top_box(FIVE.reverse_coded()))

    def test_a_scoring_of_the_same_points_with_other_labels_will_do(self):
        labelled = Scale.likert(5, labels=list("abcde"), missing=[9])
        assert float(estimate(Tally(NEWCOMBE, labelled), TOP)) == float(top(NEWCOMBE))

    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
    def test_a_confidence_level_outside_0_to_1_is_an_error(self, level):
        with pytest.raises(OptionError, match="confidence_level must lie between 0 and 1"):
            top(NEWCOMBE, confidence_level=level)

    def test_a_population_smaller_than_the_sample_is_an_error(self):
        with pytest.raises(TallyError, match="population must be at least as large"):
            top(NEWCOMBE, population=262)

    def test_populations_that_do_not_fit_the_groups_are_an_error(self):
        with pytest.raises(TallyError, match="does not fit groups of shape"):
            top([NEWCOMBE, NEWCOMBE], population=[300, 300, 300])


class TestText:
    def test_one_sample_reads_as_one_line(self):
        scoring = attrs.evolve(NET, name="NPS")
        scored = estimate(Tally([10, 20, 70], THREE, 12), scoring)
        text = "NPS 60.0 [45.2, 71.3] n=100 (12 missing), 95 % score interval"
        assert str(scored) == repr(scored) == text

    def test_missing_answers_are_not_mentioned_where_there_are_none(self):
        assert str(top(NEWCOMBE)) == "top 2 boxes 30.8 % [25.5, 36.6] n=263, 95 % score interval"

    def test_the_confidence_level_and_a_finite_population_are_told(self):
        scored = top(NEWCOMBE, confidence_level=0.995, population=263)
        tail = "n=263, 99.5 % score interval, finite population"
        assert str(scored) == f"top 2 boxes 30.8 % [30.8, 30.8] {tail}"

    def test_groups_read_as_a_table_with_a_dash_where_there_are_no_answers(self):
        scored = estimate(Tally([NEWCOMBE, EMPTY], FIVE, [0, 12]), TOP)
        assert str(scored).splitlines() == [
            "group    n  missing  top 2 boxes   low  high",
            "    0  263        0         30.8  25.5  36.6",
            "    1    0       12            -     -     -",
            "95 % score interval",
        ]

    def test_groups_of_several_axes_are_told_by_their_places(self):
        lines = str(top([[NEWCOMBE, THIRTEEN]])).splitlines()
        assert [line.rsplit(maxsplit=5)[0].strip() for line in lines[1:3]] == ["0, 0", "0, 1"]

    def test_twenty_groups_are_all_shown(self):
        lines = str(top([NEWCOMBE] * 20)).splitlines()
        assert len(lines) == 22
        assert lines[20].split()[0] == "19"
        assert lines[21] == "95 % score interval"

    def test_of_more_than_twenty_groups_the_rest_is_counted(self):
        lines = str(top([NEWCOMBE] * 23)).splitlines()
        assert len(lines) == 23
        assert lines[20].split()[0] == "19"
        assert lines[21:] == ["... and 3 more", "95 % score interval"]

    def test_no_groups_read_as_an_empty_table(self):
        assert str(top(np.zeros((0, 5)))).splitlines() == [
            "group  n  missing  top 2 boxes  low  high",
            "95 % score interval",
        ]

    @pytest.mark.parametrize(
        ("scores", "text"),
        [
            ([0, 0.5, 1], "0.123"),
            ([1, 2, 5], "0.12"),
            ([1, 4, 7], "0.12"),
            ([0, 5, 10], "0.12"),
            ([0, 50, 100], "0.1"),
            ([-100, 0, 100], "0.1"),
            ([0, 500, 1000], "0"),
            ([0, 5e6, 1e7], "0"),
            ([0, 1, 2e-3], "0.123"),
            ([0, 1e-3, 2e-3], "0.123457"),
        ],
    )
    def test_decimals_follow_from_the_range(self, scores, text):
        assert format_number(0.1234567, Scoring(THREE, scores)) == text

    def test_a_number_that_is_none_reads_as_a_dash(self):
        assert format_number(float("nan"), NET) == "-"

    @pytest.mark.parametrize("number", [-0.01, -0.0, 0.0, 0.04, -0.049])
    def test_what_rounds_to_nought_has_no_sign(self, number):
        assert format_number(number, NET) == "0.0"

    def test_what_does_not_round_to_nought_keeps_its_sign(self):
        assert format_number(-0.06, NET) == "-0.1"
        assert format_number(-0.6, Scoring(THREE, [-5000, 0, 5000])) == "-1"
        assert format_number(-0.4, Scoring(THREE, [-5000, 0, 5000])) == "0"

    def test_a_sample_on_either_side_of_nought_reads_without_a_sign(self):
        scored = estimate(Tally([10_001, 0, 10_000], THREE), NET)
        assert float(scored) < 0
        assert str(scored).startswith("net score 0.0 [-1.4, 1.4]")


class TestHtml:
    def test_one_sample_is_a_table_of_one_row(self):
        html = rich(estimate(Tally(NEWCOMBE, FIVE, 12), TOP))
        assert filled(html, "th") == [["n", "missing", "top 2 boxes", "low", "high"]]
        assert filled(html, "td") == [["263", "12", "30.8", "25.5", "36.6"]]
        assert parsed(html).findtext("small") == "95 % score interval"

    def test_groups_are_a_table_of_a_row_each(self):
        html = rich(top([NEWCOMBE, EMPTY]))
        assert filled(html, "td") == [
            ["0", "263", "0", "30.8", "25.5", "36.6"],
            ["1", "0", "0", "-", "-", "-"],
        ]

    def test_every_row_has_a_cell_for_each_title(self):
        rows = [[len(row.findall(tag)) for tag in ("th", "td")] for row in table_rows(rich(BATCH))]
        titles = rows[0][0]
        assert rows == [[titles, 0], [0, titles], [0, titles]]

    def test_the_interval_of_every_group_that_has_one_is_drawn(self):
        drawn = [len(list(row.iter("svg"))) for row in table_rows(rich(BATCH))]
        assert drawn == [0, 1, 0]

    def test_the_drawing_runs_over_the_range_of_the_index(self):
        (svg,) = parsed(rich(estimate(Tally([3, 20, 9], THREE), NET))).iter("svg")
        scored = estimate(Tally([3, 20, 9], THREE), NET)
        expected = interval_strip(float(scored), float(scored.low), float(scored.high), (-100, 100))
        assert ET.tostring(svg) == ET.tostring(parsed(expected)[0])

    def test_of_more_than_twenty_groups_the_rest_is_counted(self):
        html = rich(top([NEWCOMBE] * 23, population=1000))
        assert len(filled(html, "td")) == 20
        note = parsed(html).findtext("small")
        assert note == "... and 3 more 95 % score interval, finite population"

    def test_twenty_groups_leave_none_to_count(self):
        html = rich(top([NEWCOMBE] * 20))
        assert parsed(html).findtext("small") == "95 % score interval"

    def test_names_are_escaped(self):
        name = '<b>R&D\'s "best"</b>'
        html = rich(estimate(Tally([NEWCOMBE], FIVE), attrs.evolve(TOP, name=name)))
        assert "<b>" not in html
        assert name in filled(html, "th")[0]


class TestToDicts:
    def test_one_sample_is_one_dictionary(self):
        (row,) = estimate(Tally(THIRTEEN, FIVE, 2), TOP).to_dicts()
        assert list(row) == ["group", "index", "unit", "n", "missing", "value", "low", "high"]
        told = [row[key] for key in ("group", "index", "unit", "n", "missing", "value")]
        assert told == [(), "top 2 boxes", "percent", 16, 2, 81.25]
        assert (row["low"], row["high"]) == pytest.approx((56.99, 93.41), abs=5e-3)

    def test_groups_come_in_order_all_of_them(self):
        rows = top(np.arange(26 * 5).reshape(13, 2, 5)).to_dicts()
        assert [row["group"] for row in rows] == list(np.ndindex(13, 2))
        assert [row["n"] for row in rows] == [10 + 25 * group for group in range(26)]

    def test_numbers_are_plain_and_nan_where_there_are_no_answers(self):
        rows = top([NEWCOMBE, EMPTY]).to_dicts()
        assert json.loads(json.dumps(rows))[0]["low"] == rows[0]["low"]
        assert [type(row["unit"]) for row in rows] == [str, str]
        assert all(np.isnan(rows[1][key]) for key in ("value", "low", "high"))


class TestFloat:
    def test_it_gives_the_value_of_one_sample(self):
        assert float(top(THIRTEEN)) == 81.25

    @pytest.mark.parametrize("groups", [1, 2])
    def test_it_refuses_groups_even_a_single_one(self, groups):
        with pytest.raises(TypeError, match=f"top 2 boxes has {groups} groups"):
            float(top([THIRTEEN] * groups))

    def test_an_estimate_of_nought_is_still_true(self):
        assert bool(top([3, 0, 0, 0, 0]))
        assert bool(top(np.zeros((0, 5))))


class TestIndexing:
    def test_a_group_equals_its_own_estimate(self):
        scored = top([NEWCOMBE, THIRTEEN])
        assert scored[0] == top(NEWCOMBE)
        assert scored[-1] == top(THIRTEEN)
        assert str(scored[1]) == str(top(THIRTEEN))

    def test_slices_masks_and_several_axes_take_what_arrays_take(self):
        counts = np.arange(2 * 3 * 5).reshape(2, 3, 5)
        scored, mask = top(counts), np.array([True, False, True])
        assert scored[1] == top(counts[1])
        assert scored[1, 2] == top(counts[1, 2])
        assert scored[:, 1:] == top(counts[:, 1:])
        assert scored[...] == scored
        assert scored[1][mask] == top(counts[1][mask])
        assert scored[np.newaxis] == top(counts[np.newaxis])

    def test_missing_answers_go_with_their_group(self):
        scored = estimate(Tally([NEWCOMBE, THIRTEEN], FIVE, [7, 3]), TOP)
        assert (int(scored[1].missing), int(scored[1].n)) == (3, 16)

    def test_the_options_go_with_every_group(self):
        scored = top([NEWCOMBE, THIRTEEN], confidence_level=0.9, population=500)
        assert scored[1] == top(THIRTEEN, confidence_level=0.9, population=500)

    def test_a_groups_own_population_goes_with_it(self):
        scored = top([NEWCOMBE, THIRTEEN], population=[300, 20])
        assert scored[1] == top(THIRTEEN, population=20)
        assert scored[1].population == 20
        assert scored[1].limits_at(20) == pytest.approx((81.25, 81.25), rel=1e-14)
        assert scored[:1].population.tolist() == [300]

    def test_populations_along_the_last_axis_go_with_that_axis(self):
        scored = top([[NEWCOMBE, THIRTEEN], [NEWCOMBE, THIRTEEN]], population=[300, 20])
        assert scored[1, 1] == scored[1][1]
        assert scored[0] == top([NEWCOMBE, THIRTEEN], population=[300, 20])

    def test_one_population_in_a_list_goes_with_every_group(self):
        scored = top([THIRTEEN, THIRTEEN], population=[20])
        assert scored[1] == top(THIRTEEN, population=20)

    def test_an_ellipsis_stands_for_group_axes_not_for_points(self):
        counts = np.arange(2 * 5 * 5).reshape(2, 5, 5)
        scored = top(counts)[..., 0]
        assert scored == top(counts[:, 0])

    def test_going_through_the_groups_gives_each_in_order(self):
        scored = estimate(Tally([NEWCOMBE, THIRTEEN], FIVE, [7, 3]), TOP, population=[300, 20])
        assert list(scored) == [scored[0], scored[1]]
        rows = list(top([[NEWCOMBE, THIRTEEN], [THIRTEEN, EMPTY]]))
        assert rows == [top([NEWCOMBE, THIRTEEN]), top([THIRTEEN, EMPTY])]
        assert list(top(np.zeros((0, 5)))) == []

    def test_there_is_nothing_to_go_through_in_one_sample(self):
        with pytest.raises(TypeError, match="an estimate for one sample has no groups"):
            iter(top(NEWCOMBE))
        with pytest.raises(TypeError, match="an estimate for one sample has no groups"):
            list(top([NEWCOMBE])[0])

    def test_a_group_that_is_not_there_is_an_index_error(self):
        with pytest.raises(IndexError):
            top([NEWCOMBE, THIRTEEN])[2]

    def test_a_single_sample_has_no_groups_to_index(self):
        with pytest.raises(IndexError):
            top(NEWCOMBE)[0]


class TestEquality:
    def test_the_same_input_gives_equal_estimates(self):
        assert top(NEWCOMBE) == top(NEWCOMBE)
        assert top([NEWCOMBE, EMPTY], population=300) == top([NEWCOMBE, EMPTY], population=300)

    @pytest.mark.parametrize(
        "other",
        [
            estimate(Tally(NEWCOMBE, FIVE, 1), TOP),
            estimate(Tally(NEWCOMBE, FIVE), attrs.evolve(TOP, name="other")),
            top([NEWCOMBE]),
            top(NEWCOMBE, confidence_level=0.9),
            top(NEWCOMBE, population=300),
            attrs.evolve(top(NEWCOMBE), method="another"),
            attrs.evolve(top(NEWCOMBE), confidence_level=0.9),
            attrs.evolve(top(NEWCOMBE), value=np.array(0.0)),
            attrs.evolve(top(NEWCOMBE), low=np.array(0.0)),
            attrs.evolve(top(NEWCOMBE), high=np.array(0.0)),
            attrs.evolve(top(NEWCOMBE), population=np.array(300.0)),
            "CSAT",
            30.8,
        ],
    )
    def test_any_difference_makes_them_unequal(self, other):
        assert top(NEWCOMBE) != other

    def test_estimates_that_differ_in_the_population_alone_are_unequal(self):
        small = top(NEWCOMBE, population=300)
        assert small != attrs.evolve(small, population=np.array(301.0))

    def test_estimates_are_not_hashable(self):
        with pytest.raises(TypeError, match="unhashable"):
            hash(top(NEWCOMBE))

    def test_fields_cannot_be_set(self):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            top(NEWCOMBE).value = 3

    def test_its_numbers_are_read_only_also_those_of_a_group(self):
        scored = top([NEWCOMBE, THIRTEEN], population=[300, 20])
        for one in (scored, scored[:1], scored[0], scored[np.newaxis]):
            for array in (one.value, one.low, one.high, one.population):
                with pytest.raises(ValueError, match="read-only"):
                    array[...] = 0

    def test_the_defaults_are_those_of_the_estimate_function(self):
        scored = top(NEWCOMBE)
        fields = (scored.value, scored.low, scored.high, scored.tally, scored.scoring)
        assert Estimate(*fields) == scored

    def test_it_does_not_change_with_the_callers_array_of_populations(self):
        sizes = np.array([300.0, 20.0])
        scored = top([NEWCOMBE, THIRTEEN], population=sizes)
        sizes[0] = 264
        assert scored.population.tolist() == [300, 20]


class TestLimitsAt:
    @pytest.mark.parametrize("options", [{}, {"confidence_level": 0.8}, {"population": 1000}])
    def test_as_many_answers_as_there_are_give_the_same_limits(self, options):
        scored = top([NEWCOMBE, THIRTEEN, [0, 0, 0, 0, 1]], **options)
        low, high = scored.limits_at(scored.n)
        assert low.tolist() == scored.low.tolist()
        assert high.tolist() == scored.high.tolist()

    def test_twice_as_many_give_the_limits_of_twice_the_counts(self):
        doubled = top([2 * count for count in NEWCOMBE])
        assert top(NEWCOMBE).limits_at(526) == (doubled.low, doubled.high)

    def test_the_more_answers_the_narrower(self):
        low, high = top(NEWCOMBE).limits_at([50, 263, 1000, 10**6, 10**12])
        assert (np.diff(low) > 0).all()
        assert (np.diff(high) < 0).all()
        assert (low[-1], high[-1]) == pytest.approx((8100 / 263, 8100 / 263), abs=1e-3)

    def test_answers_need_not_be_whole(self):
        limits = top(NEWCOMBE).limits_at(131.5)
        assert limits == pytest.approx(wilson(40.5, 131.5), rel=1e-12)

    def test_sizes_broadcast_with_the_groups(self):
        scored, sizes = top([NEWCOMBE, THIRTEEN, EMPTY]), np.array([[10], [100]])
        low, high = scored.limits_at(sizes)
        assert low.shape == high.shape == (2, 3)
        for row, column in np.ndindex(2, 2):
            alone = scored[column].limits_at(sizes[row, 0])
            assert (low[row, column], high[row, column]) == alone
        assert np.isnan(low[:, 2]).all()

    def test_one_size_serves_every_group(self):
        low, _ = top([NEWCOMBE, THIRTEEN]).limits_at(100)
        expected = [wilson(8100 / 263, 100)[0], wilson(81.25, 100)[0]]
        assert low == pytest.approx(expected, rel=1e-12)

    def test_the_whole_population_leaves_no_doubt(self):
        limits = top(THIRTEEN, population=64).limits_at(64)
        assert limits == pytest.approx((81.25, 81.25), rel=1e-14)

    def test_more_than_the_population_is_an_error(self):
        with pytest.raises(TallyError, match="population must be at least as large"):
            top(THIRTEEN, population=64).limits_at(65)

    @pytest.mark.parametrize("counts", [[10, 1, 6, 29, 19], [1, 0, 0, 0, 6], NEWCOMBE])
    @pytest.mark.parametrize("unasked", [0, 1, 39, 1000])
    def test_the_whole_population_can_answer_whatever_the_counts_are(self, counts, unasked):
        size = sum(counts) + unasked
        scored = estimate(Tally(counts, FIVE), Scoring.mean(FIVE), population=size)
        assert scored.limits_at(size) == (scored.value, scored.value)

    @pytest.mark.parametrize("n", [-5, float("nan"), 0, None, [300, -1], [0.5, float("nan")]])
    @pytest.mark.parametrize("options", [{}, {"population": 1000}])
    def test_an_impossible_size_is_an_error_that_shows_it(self, n, options):
        with pytest.raises(TallyError, match=rf"^n must be more than 0, got {re.escape(repr(n))}$"):
            top(NEWCOMBE, **options).limits_at(n)

    def test_a_long_list_of_sizes_is_not_shown_whole(self):
        with pytest.raises(TallyError, match=r"^n must be more than 0, got \[0, 1, .*\.\.\.\]$"):
            top(NEWCOMBE).limits_at(list(range(1000)))

    @pytest.mark.parametrize("n", ["300", "many", [[1, 2], [3]], 1j])
    def test_a_size_that_is_no_number_is_an_error(self, n):
        with pytest.raises(TallyError, match="n must be"):
            top(NEWCOMBE).limits_at(n)

    def test_sizes_that_do_not_fit_the_groups_are_an_error_that_shows_both(self):
        with pytest.raises(
            TallyError, match=r"^n of shape \(3,\) does not fit groups of shape \(2,\)$"
        ):
            top([NEWCOMBE, THIRTEEN]).limits_at([10, 20, 30])

    @pytest.mark.parametrize("shape", [(), (1,), (3,), (0,), (2, 3)])
    def test_one_sample_gives_limits_of_the_shape_of_the_sizes(self, shape):
        low, high = top(NEWCOMBE, population=1000).limits_at(np.full(shape, 300))
        assert low.shape == high.shape == shape
        assert (low == top(NEWCOMBE, population=1000).limits_at(300).low).all()

    def test_sizes_broadcast_with_the_groups_populations(self):
        scored = top([NEWCOMBE, THIRTEEN], population=[300, 20])
        low, high = scored.limits_at([[18], [20]])
        assert low.shape == high.shape == (2, 2)
        for row, size in enumerate((18, 20)):
            for column in (0, 1):
                alone = scored[column].limits_at(size)
                assert (low[row, column], high[row, column]) == alone
        assert low[1, 1] == high[1, 1] == 81.25

    def test_one_group_beyond_its_population_is_an_error_that_shows_it(self):
        scored = top([NEWCOMBE, THIRTEEN], population=[300, 20])
        with pytest.raises(TallyError, match=r"got 20 with n = 21$"):
            scored.limits_at(21)

    def test_a_group_without_answers_is_nan_at_every_size(self):
        low, high = top([EMPTY, THIRTEEN], population=64).limits_at([[1], [64]])
        assert np.isnan(low[:, 0]).all()
        assert np.isnan(high[:, 0]).all()
        assert np.isfinite([low[:, 1], high[:, 1]]).all()

    def test_endless_answers_leave_no_doubt(self):
        for scoring in (TOP, Scoring.mean(FIVE)):
            scored = estimate(Tally(NEWCOMBE, FIVE), scoring)
            assert scored.limits_at(np.inf) == pytest.approx([float(scored)] * 2, rel=1e-14)
