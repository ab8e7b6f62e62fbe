"""An estimate: the index, its limits, what is behind them, and how they read."""

import contextlib
import re
from functools import partial

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.errors import (
    AnswerError,
    LabelError,
    OptionError,
    ScaleError,
    TallyError,
)
from custfocus.indices import (
    as_index,
    csat,
    estimate,
    nonresponse_bounds,
)
from custfocus.intervals.methods import LIMITS
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign, SurveyTally

FIVE = Scale.likert(5)
THREE = Scale.likert(3)
TOP = Scoring.top_box(FIVE)
NET = Scoring.net(THREE, positive=1, negative=1)
Z = 1.959963984540054

NEWCOMBE = [60, 60, 62, 41, 40]  # 81 of 263 in the top two: .3080 [.2553, .3662]
THIRTEEN = [1, 1, 1, 6, 7]  # 13 of 16: .8125 [.5699, .9341], Fagerland et al. (2017)
EMPTY = [0, 0, 0, 0, 0]
SHOPS = {"shop": ["north", "south"]}


def top(counts, **options):
    return estimate(Tally(counts, FIVE), TOP, **options)


def wilson(k, n, z2=Z**2):
    centre, half = k + z2 / 2, np.sqrt(z2) * np.sqrt(k * (n - k) / n + z2 / 4)
    return 100 * (centre - half) / (n + z2), 100 * (centre + half) / (n + z2)


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
        assert (scored.metric.name, scored.metric.unit) == ("worth", "euros")

    def test_it_knows_what_it_was_made_of(self):
        tally = Tally([NEWCOMBE, EMPTY], FIVE, [7, 3])
        scored = estimate(tally, TOP, confidence_level=0.9, population=1000)
        assert scored.sample is tally
        assert scored.scoring is TOP
        assert (scored.n.tolist(), scored.missing.tolist()) == ([263, 0], [7, 3])
        assert (scored.metric.name, scored.metric.unit) == ("top 2 boxes", "percent")
        assert (scored.method, scored.confidence_level) == ("score", 0.9)
        assert scored.population.tolist() == [1000, 1000]
        assert scored.shape == (2,)

    def test_the_population_is_passed_on(self):
        scored = top(NEWCOMBE, population=300)
        expected = wilson(81, 263, Z**2 * (300 - 263) / (300 - 1))
        assert (scored.low, scored.high) == pytest.approx(expected, rel=1e-12)

    def test_each_group_can_have_a_population_of_its_own(self):
        scored = top([NEWCOMBE, THIRTEEN], population=[300, 20])
        alone = [top(NEWCOMBE, population=300), top(THIRTEEN, population=20)]
        assert scored.low.tolist() == [float(one.low) for one in alone]
        assert scored.high.tolist() == [float(one.high) for one in alone]

    def test_one_group_without_answers_and_no_groups_are_batches_too(self):
        assert np.isnan(top([EMPTY]).value).tolist() == [True]
        assert top(np.ones((0, 5), dtype=int)).low.shape == (0,)

    def test_the_standard_error_is_the_root_of_the_variance_of_the_mean(self):
        one = [0, 0, 0, 0, 1]
        scored = top([NEWCOMBE, THIRTEEN, one, EMPTY, one], population=[526, 100, 9, 9, 1])
        n, p = 263, 81 / 263
        wanted = 100 * (p * (1 - p) / (n - 1) * (526 - n) / 525) ** 0.5
        assert scored.standard_error[0] == pytest.approx(wanted, rel=1e-12)
        assert scored.standard_error[2] == np.inf
        assert np.isnan(scored.standard_error[3])
        assert scored.standard_error[4] == 0  # all of them answered
        assert scored.design_effect.tolist()[:3] == [1, 1, 1]
        assert scored.effective_n.tolist()[:3] == [263, 16, 1]
        assert scored.degrees_of_freedom.tolist()[:3] == [np.inf] * 3


class TestWrongInput:
    def test_a_single_sample_without_answers_is_an_error(self):
        with pytest.raises(TallyError, match="no answers: an index needs at least one"):
            top(EMPTY)
        with pytest.raises(TallyError, match="no answers"):
            estimate(Tally(EMPTY, FIVE, 12), TOP)

    @pytest.mark.parametrize("scoring", ["nps", csat, None, [1, 2]])
    def test_what_is_no_scoring_is_an_error(self, scoring):
        with pytest.raises(ScaleError, match=r"^expected a Scoring, got .*; make one, such as"):
            estimate(Tally([1, 2], Scale.likert(2)), scoring)

    @pytest.mark.parametrize("scoring", [NET, Scoring.top_box(FIVE.reverse_coded())])
    def test_a_scoring_of_other_points_is_an_error_that_shows_both(self, scoring):
        with pytest.raises(
            ScaleError, match=r"of the sample's points, got .* for answers on 1, 2, 3"
        ):
            estimate(Tally(NEWCOMBE, FIVE), scoring)

    def test_a_scoring_of_the_same_points_with_other_labels_will_do(self):
        labelled = Scale.likert(5, labels=list("abcde"), missing=[9])
        assert float(estimate(Tally(NEWCOMBE, labelled), TOP)) == float(top(NEWCOMBE))

    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan"), "95"])
    def test_a_confidence_level_outside_0_to_1_is_an_error(self, level):
        with pytest.raises(OptionError, match="confidence_level must lie between 0 and 1"):
            top(NEWCOMBE, confidence_level=level)

    @pytest.mark.parametrize("method", ["scores", [], None])
    def test_an_unknown_method_is_an_error(self, method):
        with pytest.raises(OptionError, match=r"^unknown method"):
            top(NEWCOMBE, method=method)

    @pytest.mark.parametrize("option", ["by", "weights", "design"])
    def test_what_belongs_to_answers_is_refused_beside_a_sample(self, option):
        for sample in (Tally(NEWCOMBE, FIVE), SurveyTally.of([5, 1], SurveyDesign([1, 2]), FIVE)):
            kind = type(sample).__name__
            text = (
                f"{option}= is for answers, got it beside a {kind}, which has its own; give it to"
            )
            with pytest.raises(AnswerError, match=re.escape(text)):
                csat(sample, **{option: [1, 2]})

    def test_weights_beside_a_design_are_an_error(self):
        with pytest.raises(AnswerError, match="weights are part of a design, got both"):
            csat([5, 4], weights=[1, 2], design=SurveyDesign([1, 2]))

    def test_a_population_beside_a_design_is_an_error(self):
        with pytest.raises(OptionError, match=r"part of the design, got 50; see SurveyDesign\("):
            csat([5, 4, 1], weights=[1, 2, 1], population=50)

    @pytest.mark.parametrize("index", [5, None, "csat", FIVE, [1]])
    def test_what_is_no_index_is_an_error_that_says_how_options_are_given(self, index):
        with pytest.raises(OptionError, match=re.escape("functools.partial(csat, boxes=1)")):
            as_index(index)


class TestIndex:
    def test_a_scoring_gives_its_estimate_and_a_function_stays(self):
        tally = Tally(NEWCOMBE, FIVE)
        assert as_index(TOP)(tally) == estimate(tally, TOP)
        one = partial(csat, boxes=1, method="wilson-cc", confidence_level=0.5)
        assert as_index(one)(tally) == csat(
            tally, boxes=1, method="wilson-cc", confidence_level=0.5
        )

    def test_answers_are_on_the_scale_of_the_scoring(self):
        assert estimate([1, 3, 3], NET) == estimate(Tally([1, 0, 2], THREE), NET)


class TestPopulation:
    TALLY = Tally([NEWCOMBE, THIRTEEN], FIVE, by=SHOPS)

    @pytest.mark.parametrize(
        "sizes",
        [
            {"south": 20, "north": 300},
            pd.Series({"south": 20, "north": 300}),
            {("south",): 20, ("north",): 300},
        ],
    )
    def test_sizes_are_given_by_label(self, sizes):
        found = estimate(self.TALLY, TOP, population=sizes)
        assert found.population.tolist() == [300, 20]
        assert found.sel(shop="south") == estimate(self.TALLY.sel(shop="south"), TOP, population=20)

    def test_a_series_by_two_names_has_tuples_of_labels(self):
        frame = pd.DataFrame({"shop": ["a", "b", "b"], "wave": [1, 1, 2], "size": [50, 60, 70]})
        tally = Tally.of([5, 4, 1], FIVE, by=frame[["shop", "wave"]])
        sizes = frame.set_index(["shop", "wave"])["size"].iloc[::-1]
        assert csat(tally, population=sizes).population.tolist() == [50, 60, 70]

    @pytest.mark.parametrize(
        ("sizes", "error", "text"),
        [
            ({"north": 300}, LabelError, "a size for every shop, got none for 'south' (1 in all)"),
            ({"north": 300, "south": 20, "west": 9}, LabelError, "got a size for 'west', which is not in it"),
            ([300, 20], TallyError, "one number or sizes by label, got 2 numbers without labels"),
            ({"north": 300, "south": 15}, TallyError, "at least as large as the sample, got 15 with n = 16"),
            ({"north": 300, "south": "x"}, TallyError, "population must be whole numbers"),
            (csat([5]), TallyError, "one number or sizes by label, got an Estimate; pass a mapping"),
        ],
    )  # fmt: skip
    def test_sizes_that_do_not_meet_the_rows_are_an_error(self, sizes, error, text):
        with pytest.raises(error, match=re.escape(text)):
            estimate(self.TALLY, TOP, population=sizes)

    def test_rows_without_labels_have_sizes_by_place(self):
        assert top([NEWCOMBE, THIRTEEN], population=[300, 20]).population.tolist() == [300, 20]
        for counts in ([NEWCOMBE, THIRTEEN], NEWCOMBE):
            with pytest.raises(
                LabelError, match="population by label needs rows with labels, got rows"
            ):
                top(counts, population={"north": 300})


class TestText:
    def test_one_sample_reads_as_one_line(self):
        scored = estimate(Tally([10, 20, 70], THREE, 12), attrs.evolve(NET, name="NPS"))
        text = "NPS 60.0 [45.2, 71.3] n=100 (12 missing), 95 % score interval"
        assert str(scored) == repr(scored) == text

    def test_the_level_and_a_finite_population_are_said(self):
        scored = top(NEWCOMBE, confidence_level=0.995, population=263)
        tail = "n=263, 99.5 % score interval, finite population"
        assert str(scored) == f"top 2 boxes 30.8 % [30.8, 30.8] {tail}"

    def test_a_row_chosen_says_which(self):
        tally = Tally([NEWCOMBE, THIRTEEN], FIVE, by=SHOPS)
        assert str(csat(tally).sel(shop="south")).startswith("shop south: CSAT 81.3 % [57.0, 93.4]")
        assert str(csat(pd.Series([5, 4, 1], name="q1"))).startswith("q1: CSAT 66.7 %")

    def test_rows_read_as_a_table_with_a_dash_where_there_are_no_answers(self):
        scored = estimate(Tally([NEWCOMBE, EMPTY], FIVE, [0, 12], by=SHOPS), TOP)
        assert str(scored).splitlines() == [
            "shop     n  missing  top 2 boxes   low  high",
            "north  263        0         30.8  25.5  36.6",
            "south    0       12            -     -     -",
            "top 2 boxes, 95 % score interval",
        ]

    def test_a_design_says_so_and_shows_its_effect(self):
        weighted = csat([5, 4, 1, 2], weights=[1, 2, 3, 2], by=list("aabb"))
        assert "95 % score interval of the design" in str(weighted)
        assert "design effect" in str(weighted).splitlines()[0]
        one = csat([5, 4, 1, 2], weights=[1, 2, 3, 2])
        assert "score interval of the design" in str(one)

    def test_a_value_on_either_side_of_nought_reads_without_a_sign(self):
        scored = estimate(Tally([10_001, 0, 10_000], THREE), NET)
        assert float(scored) < 0
        assert str(scored).startswith("net score 0.0 [-1.4, 1.4]")

    def test_its_picture_runs_over_the_range_of_the_index(self):
        scored = estimate(Tally([3, 20, 9], THREE), NET)
        assert "scale -100.0 to 100.0" in scored._repr_html_()
        assert scored.picture().bounds == (-100, 100)


class TestEquality:
    def test_it_does_not_change_with_the_callers_array_of_populations(self):
        sizes = np.array([300.0, 20.0])
        scored = top([NEWCOMBE, THIRTEEN], population=sizes)
        sizes[0] = 264
        assert scored.population.tolist() == [300, 20]
        assert scored[1].limits_at(20) == pytest.approx((81.25, 81.25), rel=1e-14)


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

    @pytest.mark.parametrize("counts", [[10, 1, 6, 29, 19], [1, 0, 0, 0, 6], NEWCOMBE])
    @pytest.mark.parametrize("unasked", [0, 1, 39, 1000])
    def test_the_whole_population_can_answer_whatever_the_counts_are(self, counts, unasked):
        size = sum(counts) + unasked
        scored = estimate(Tally(counts, FIVE), Scoring.mean(FIVE), population=size)
        assert scored.limits_at(size) == (scored.value, scored.value)

    @pytest.mark.parametrize(
        "n", [-5, float("nan"), 0, None, [300, -1], [0.5, float("nan")], 0.5, 1e-300, 1e16, 1e300]
    )
    @pytest.mark.parametrize("options", [{}, {"population": 1000}])
    def test_a_size_that_no_sample_has_is_an_error_that_shows_it(self, n, options):
        text = f"n must be from 1 to 10**15, or infinite, got {n!r}"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            top(NEWCOMBE, **options).limits_at(n)

    def test_a_long_list_of_sizes_is_not_shown_whole(self):
        with pytest.raises(TallyError, match=r"infinite, got \[0, 1, .*\.\.\.\]$"):
            top(NEWCOMBE).limits_at(list(range(1000)))

    @pytest.mark.parametrize("n", ["300", "many", [[1, 2], [3]], 1j])
    def test_a_size_that_is_no_number_is_an_error(self, n):
        with pytest.raises(TallyError, match="n must be"):
            top(NEWCOMBE).limits_at(n)

    def test_sizes_that_do_not_fit_the_groups_are_an_error_that_shows_both(self):
        with pytest.raises(TallyError, match=r"shape \(3,\) does not fit groups of shape \(2,\)$"):
            top([NEWCOMBE, THIRTEEN]).limits_at([10, 20, 30])

    @pytest.mark.parametrize("shape", [(), (3,), (0,), (2, 3)])
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

    @pytest.mark.parametrize("method", sorted(LIMITS))
    def test_infinitely_many_answers_leave_no_doubt(self, method):
        for scoring in (TOP, Scoring.mean(FIVE), Scoring.net(FIVE)):
            with contextlib.suppress(OptionError):  # a method for other scores
                scored = estimate(Tally(NEWCOMBE, FIVE), scoring, method=method)
                assert scored.limits_at(np.inf) == (float(scored), float(scored))
                low, high = scored.limits_at(10**15)
                assert high - low < 1e-4
                with np.errstate(all="raise"):
                    scored.limits_at([1, 1.5, 1e15])

    def test_methods_of_designs_are_not_for_plain_answers(self):
        with pytest.raises(OptionError, match="unknown method without a design 'beta'; choose"):
            top(NEWCOMBE, method="beta")
        with pytest.raises(OptionError, match="unknown method without a design 'beta'; choose"):
            Tally(NEWCOMBE, FIVE).limits_by_size(TOP, "beta", 0.95, None)


def test_a_chosen_row_without_answers_is_what_it_is_in_a_batch():
    scale = Scale.likert(5, missing=[None])
    for design in (None, SurveyDesign([1, 2, 1, 2])):
        e = csat([5, 4, None, None], scale=scale, by=[*"aabb"], design=design)
        assert np.isnan(e.limits_at(9).low).tolist() == [False, True]
        assert np.isnan(e.sel(group="b").limits_at(9)).all()
    plain = csat(Tally([[1] * 5, [0] * 5], scale))
    assert nonresponse_bounds(plain[1]) == nonresponse_bounds(plain)[1]
