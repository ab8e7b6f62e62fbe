"""Comparing labels of one estimate or two estimates: what it gives, refuses, and how it reads."""

from functools import partial
from math import inf

import attrs
import numpy as np
import pytest

from custfocus.comparisons import compare, compare_pairs, pairwise, with_reference, with_rest
from custfocus.errors import CustfocusError, LabelError, OptionError, TallyError
from custfocus.indices import csat, estimate, mean_score, top_box
from custfocus.intervals import difference_p_value, score_interval_difference
from custfocus.responses import PairTally, Scale, Scoring, Tally
from patterns import begins

TWO, FIVE = Scale.likert(2), Scale.likert(5)
TOP, LOWEST, MEAN = Scoring.top_box(TWO, 1), Scoring.bottom_box(TWO, 1), Scoring.mean(FIVE)
SPRING, AUTUMN = [4, 9, 20, 40, 27], [1, 3, 12, 44, 60]
EMPTY = [0, 0, 0, 0, 0]
top = partial(top_box, boxes=1)

# 56 of 70 against 48 of 80: 20.0 [5.28, 33.82], Newcombe (1998), table II
WAVES = Tally([[14, 56], [32, 48]], TWO, [3, 0], by={"wave": ["after", "before"]})
NEWCOMBE = compare(top(WAVES), wave=("after", "before"))
TABLE = Tally(
    [SPRING, AUTUMN, EMPTY, SPRING, AUTUMN, AUTUMN],
    FIVE,
    by={"shop": ["n", "n", "s", "s", "e", "w"], "wave": [1, 2, 1, 2, 1, 2]},
)


def one(counts, scoring=MEAN, **options):
    return estimate(Tally(counts, scoring.scale), scoring, **options)


class TestTwoEstimates:
    @pytest.mark.parametrize("scoring", [Scoring.top_box(FIVE), Scoring(FIVE, [-2, 0, 0, 7.3, 1])])
    @pytest.mark.parametrize("correction", [True, False])
    def test_it_is_the_score_interval_of_the_difference_on_quoted_scores(self, scoring, correction):
        a, b = (one(counts, scoring, confidence_level=0.8) for counts in (AUTUMN, SPRING))
        ours = compare(a, b, correction=correction)
        given = (AUTUMN, SPRING, scoring.quoted_scores)
        limits = score_interval_difference(*given, confidence_level=0.8, correction=correction)
        assert (ours.low, ours.high) == limits
        assert ours.p_value == difference_p_value(*given, correction=correction)
        assert float(ours) == float(a) - float(b)
        assert ours.confidence_level == 0.8
        error = np.hypot(a.standard_error, b.standard_error)
        assert float(ours.standard_error) == pytest.approx(error)
        assert (ours.correlation, ours.design_effect, ours.degrees_of_freedom) == (0, 1, inf)

    def test_estimates_without_a_common_label_are_an_error(self):
        a, b = (mean_score(Tally([SPRING], FIVE, by=[label])) for label in "xy")
        with pytest.raises(LabelError, match=begins("the two estimates have no group in common")):
            compare(a, b)

    def test_rows_of_several_names_need_no_row_in_common_only_labels(self):
        sides = ({"x": x, "y": ["a", "b"]} for x in ([1, 2], [2, 1]))
        found = compare(*(mean_score(Tally([SPRING] * 2, FIVE, by=by)) for by in sides))
        assert found.keys.rows == 4
        assert np.isnan(found.value).all()

    def test_no_rows_are_compared_with_none(self):
        nothing = mean_score(Tally(np.zeros((0, 5)), FIVE))
        assert len(compare(nothing, nothing)) == 0

    def test_many_rows_are_computed_in_blocks_with_the_same_bits(self):
        counts = np.random.default_rng(3).integers(1, 9, (2**17 + 5, 2))
        e = estimate(Tally(counts, TWO), TOP)
        found = compare(e, e[::-1])
        places = [0, 2**17 - 1, 2**17, 2**17 + 4]
        for place in places:
            assert found.low[place] == compare(e[place], e[-1 - place]).low

    @pytest.mark.parametrize("value", [[0.1, 0.3, 0.7, 1.1, 2.3], [1 / 3, 0, 1 / 7, 0.9, 1]])
    def test_a_sample_does_not_differ_from_an_equal_one(self, value):
        same = one(SPRING, Scoring(FIVE, value))
        found = compare(same, same)
        assert (float(found), float(found.p_value)) == (0, 1)
        assert found.low < 0 < found.high


class TestLabelsOfOne:
    def test_every_other_name_is_a_row(self):
        found = compare(mean_score(TABLE), wave=(2, 1))
        assert found.keys.columns() == {
            "label_a": [2] * 4, "label_b": [1] * 4, "shop": ["e", "n", "s", "w"],
        }  # fmt: skip
        n = found.sel(shop="n")
        assert (n.low, n.high) == (
            compare(one(AUTUMN), one(SPRING)).low, compare(one(AUTUMN), one(SPRING)).high
        )  # fmt: skip
        assert np.isnan(found.value).tolist() == [True, False, True, True]

    def test_several_names_and_names_like_options_are_given_as_a_mapping(self):
        tally = Tally([SPRING, AUTUMN], FIVE, by={"method": ["web", "shop"]})
        found = compare(mean_score(tally), {"method": ("shop", "web")})
        assert dict(found.keys.fixed)["label_a"] == "shop"
        both = compare(mean_score(TABLE), shop=("n", "e"), wave=(2, 1))
        assert str(both).startswith("difference in mean score (0 to 100)")
        assert dict(both.keys.fixed) == {"label_a": "n, 2", "label_b": "e, 1"}

    def test_labels_that_are_chosen_from_two_samples_are_what_differs(self):
        e = mean_score(TABLE)
        found = compare(e.sel(shop="n"), e.sel(shop="s"))
        assert (dict(found.keys.fixed)) == {"label_a": "n", "label_b": "s"}


class TestWrongInput:
    @pytest.mark.parametrize("wrong", [5, "csat", [1, 2], None, WAVES, NEWCOMBE, np.ones(3)])
    def test_what_is_no_estimate_is_answered_with_the_right_call(self, wrong):
        with pytest.raises(TallyError, match=begins("compare takes estimates, got ")):
            compare(wrong, wave=(1, 2))
        if wrong is not None:
            with pytest.raises(TallyError, match=begins("compare takes two estimates, got ")):
                compare(top(WAVES), wrong)

    @pytest.mark.parametrize("pair", ["ab", ("after",), ("after", "after"), 3])
    def test_labels_that_are_no_pair_are_an_error(self, pair):
        with pytest.raises(OptionError, match=begins("wave= must be the two labels to compare")):
            compare(top(WAVES), wave=pair)

    def test_neither_labels_nor_a_second_estimate_or_both_are_an_error(self):
        with pytest.raises(
            OptionError, match=begins("compare takes two estimates, or one and two")
        ):
            compare(top(WAVES))
        with pytest.raises(OptionError, match=begins("two estimates are compared as they are")):
            compare(top(WAVES), top(WAVES), wave=("after", "before"))

    def test_items_are_the_same_people(self):
        items = Tally.of({"q1": [1, 2, 2], "q2": [2, 2, 1]}, TWO)
        message = begins(
            "items are answers of the same people and can't be compared as independent"
        )
        with pytest.raises(TallyError, match=message):
            compare(top(items), item=("q1", "q2"))
        with pytest.raises(TallyError, match=message):
            compare(top(items).sel(item="q1"), top(items).sel(item="q2"))

    @pytest.mark.parametrize(
        "other",
        [estimate(WAVES, LOWEST), top(WAVES, confidence_level=0.9)],
    )
    def test_estimates_that_differ_in_kind_are_not_compared(self, other):
        message = "of one index|one confidence level"
        for pair in ((top(WAVES), other), (other, top(WAVES))):
            with pytest.raises(TallyError, match=message):
                compare(*pair)

    def test_a_sample_without_answers_is_an_error_alone(self):
        e = mean_score(TABLE)
        with pytest.raises(TallyError, match=begins("no answers in one of the two samples")):
            compare(e.sel(shop="n", wave=1), e.sel(shop="s", wave=1))

    def test_an_unknown_method_or_a_correction_that_is_no_flag_is_an_error(self):
        with pytest.raises(OptionError, match=begins("unknown method 'wald'")):
            compare(top(WAVES), wave=("after", "before"), method="wald")
        with pytest.raises(OptionError, match=begins("correction must be True or False, got 0")):
            compare(top(WAVES), top(WAVES), correction=0)


class TestFinitePopulations:
    """Estimates with a population are compared as samples of it, row by row and label by label."""

    LIMITS = score_interval_difference(
        [14, 56], [32, 48], [0, 100], population_a=90, population_b=400
    )

    def test_labels_of_one_estimate_have_their_own_populations(self):
        found = compare(
            top(WAVES, population={"after": 90, "before": 400}), wave=("after", "before")
        )
        np.testing.assert_allclose((found.low, found.high), self.LIMITS, rtol=1e-12)
        p = difference_p_value([14, 56], [32, 48], [0, 1], population_a=90, population_b=400)
        assert found.p_value == pytest.approx(float(p), rel=1e-12)
        assert NEWCOMBE.low < found.low < found.high < NEWCOMBE.high
        error = np.sqrt(0.8 * 0.2 / 69 * 20 / 89 + 0.6 * 0.4 / 79 * 320 / 399)
        assert found.standard_error == pytest.approx(100 * error, rel=1e-13)
        assert str(found).endswith("95 % score interval, finite population")

    def test_so_have_two_estimates_whatever_the_order_of_their_rows(self):
        scored = partial(estimate, scoring=MEAN)
        e = scored(TABLE, population={**dict.fromkeys(TABLE.keys, 1000), ("n", 1): 150})
        turned = TABLE[::-1]
        other = scored(turned, population={**dict.fromkeys(turned.keys, 300), ("n", 2): 130})
        found = compare(e.sel(wave=1), other.sel(wave=2))
        limits = score_interval_difference(
            SPRING, AUTUMN, MEAN.quoted_scores, population_a=150, population_b=130
        )
        shop = found.sel(shop="n")
        np.testing.assert_allclose((shop.low, shop.high), limits, rtol=1e-12)
        assert np.isnan(found.sel(shop=["s", "e"]).value).all()  # one of the two lacks them

    def test_one_of_an_infinite_population_may_stand_beside(self):
        finite, plain = (
            top(WAVES, population=size) for size in ({"after": 90, "before": 999}, None)
        )
        found = compare(finite.sel(wave="after"), plain.sel(wave="before"))
        limits = score_interval_difference([14, 56], [32, 48], [0, 100], population_a=90)
        np.testing.assert_allclose((found.low, found.high), limits, rtol=1e-12)
        turned = compare(plain.sel(wave="before"), finite.sel(wave="after"))
        np.testing.assert_allclose((-turned.high, -turned.low), limits, rtol=1e-12)
        assert "finite population" in str(turned)

    def test_a_census_of_one_answer_has_no_standard_error(self):
        found = compare(one([0, 0, 0, 0, 1], population=1), one([1, 0, 0, 0, 0], population=1))
        assert (found.value, found.low, found.high) == (100, 100, 100)
        assert (found.standard_error, found.p_value) == (0, 0)

    def test_every_pair_and_every_rest_has_its_populations(self):
        tally = Tally([[14, 56], [32, 48], [3, 13]], TWO, by={"shop": ["N", "S", "W"]})
        e = top(tally, population={"N": 100, "S": 85, "W": 1000})
        pairs, table = pairwise(e), {"N": [14, 56], "S": [32, 48], "W": [3, 13]}
        sizes = {"N": 100, "S": 85, "W": 1000}
        for a, b in (("N", "S"), ("N", "W"), ("S", "W")):
            limits = score_interval_difference(
                table[a], table[b], [0, 100], population_a=sizes[a], population_b=sizes[b]
            )
            found = pairs.sel(label_a=a, label_b=b)
            np.testing.assert_allclose((found.low, found.high), limits, rtol=1e-12)
        limits = score_interval_difference(
            [32, 48], [17, 69], [0, 100], population_a=85, population_b=1100
        )
        rest = with_rest(e).sel(label_a="S", label_b="the rest")
        np.testing.assert_allclose((rest.low, rest.high), limits, rtol=1e-12)
        reference = with_reference(e, shop="W")
        assert reference.low[0] == pairs.sel(label_a="N", label_b="W").low

    def test_blocks_have_rests_of_their_own_populations(self):
        tally = Tally(
            [[14, 56], [32, 48], [3, 13], [5, 5]],
            TWO,
            by={"shop": ["N", "S", "N", "S"], "wave": [1, 1, 2, 2]},
        )
        e = top(tally, population={("N", 1): 100, ("S", 1): 90, ("N", 2): 20, ("S", 2): 30})
        rest = with_rest(e, across="shop").sel(label_a="N")
        pairs = pairwise(e, across="shop")
        np.testing.assert_allclose(rest.low, pairs.low, rtol=1e-12)
        np.testing.assert_allclose(rest.high, pairs.high, rtol=1e-12)


class TestMargins:
    @pytest.mark.parametrize(
        ("low", "high", "margin", "expected"),
        [
            (-4, 4.9, 5, True), (-5, 4, 5, False), (-4, 5, 5, False), (-6, 4, 5, False),
            (-4, 6, 5, False), (6, 8, 5, False), (-8, -6, 5, False),
            (-0.4, 0.4, np.float64(0.5), True),
        ],
    )  # fmt: skip
    def test_a_and_b_are_equivalent_if_the_interval_lies_within_the_margin(
        self, low, high, margin, expected
    ):
        made = attrs.evolve(NEWCOMBE, value=(low + high) / 2, low=low, high=high)
        answer = made.is_equivalent(margin)
        assert (answer.shape, answer.dtype, bool(answer)) == ((), bool, expected)

    @pytest.mark.parametrize(
        ("low", "high", "more_is_better", "less_is_better"),
        [
            (-4.9, 20, True, False), (-5, 20, False, False), (-20, 4.9, False, True),
            (-20, 5, False, False), (-4, 4, True, True), (1, 9, True, False), (-9, -1, False, True),
        ],
    )  # fmt: skip
    def test_a_is_not_inferior_if_the_interval_ends_short_of_the_margin_on_the_worse_side(
        self, low, high, more_is_better, less_is_better
    ):
        turned = compare(estimate(WAVES, LOWEST), wave=("after", "before"))
        for found, expected in ((NEWCOMBE, more_is_better), (turned, less_is_better)):
            made = attrs.evolve(found, value=(low + high) / 2, low=low, high=high)
            assert bool(made.is_not_inferior(5)) == expected

    def test_rows_without_answers_are_neither_equivalent_nor_good_enough(self):
        found = compare(mean_score(TABLE), wave=(2, 1))
        assert found.is_equivalent(100).tolist() == [False, True, False, False]
        assert found.is_not_inferior(100).tolist() == [False, True, False, False]

    @pytest.mark.parametrize("margin", [0, -5, inf, float("nan"), None, "5", True, [5]])
    @pytest.mark.parametrize("judge", ["is_equivalent", "is_not_inferior"])
    def test_a_margin_that_is_no_number_more_than_0_is_an_error(self, judge, margin):
        with pytest.raises(OptionError, match=begins("margin must be a number more than 0, got")):
            getattr(NEWCOMBE, judge)(margin)


class TestReading:
    def test_one_comparison_reads_as_a_sentence(self):
        assert str(NEWCOMBE) == (
            "difference in top box 20.0 [5.3, 33.8], after 80.0 minus before 60.0, p = 0.008, "
            "n=70 and 80, 95 % score interval"
        )

    @pytest.mark.parametrize(
        ("p", "text"), [(1.0, "p = 1.000"), (0.0005, "p < 0.001"), (0.001, "p = 0.001")]
    )
    def test_a_small_p_value_is_less_than_something(self, p, text):
        assert str(attrs.evolve(NEWCOMBE, p_value=p)).split(", ")[3] == text

    def test_rows_read_as_a_table(self):
        assert str(compare(csat(TABLE, confidence_level=0.9), wave=(2, 1))).splitlines() == [
            "shop  n (2)  n (1)     2     1  difference   low  high        p",
            "e         0    120     -  86.7           -     -     -        -",
            "n       120    100  86.7  67.0        19.7  10.4  29.0  < 0.001",
            "s       100      0  67.0     -           -     -     -        -",
            "w       120      0  86.7     -           -     -     -        -",
            "difference in CSAT, 2 minus 1, 90 % score intervals",
        ]

    def test_pairs_are_a_printed_column_where_there_are_some(self):
        found = compare_pairs(PairTally([[[10, 3], [9, 10]]] * 2, TWO), top)
        assert "in both" in str(found).splitlines()[0]
        assert "in both" not in str(pairwise(top(WAVES)))
        assert [row["pairs"] for row in pairwise(top(WAVES)).to_dicts()] == [0]

    @pytest.mark.parametrize(("scoring", "shaded"), [(TOP, (0, inf)), (LOWEST, (-inf, 0))])
    def test_the_side_on_which_a_is_better_is_shaded(self, scoring, shaded):
        picture = compare(estimate(WAVES, scoring), wave=("after", "before")).picture()
        assert (picture.bounds, picture.target) == ((-100, 100), shaded)

    @pytest.mark.parametrize(
        ("scoring", "unit", "bounds"),
        [
            (TOP, "percentage points", (-100, 100)),
            (Scoring.net(TWO, positive=1, negative=1), "percentage points", (-200, 200)),
            (Scoring(TWO, [3, 1], unit="days"), "days", (-2, 2)),
        ],
    )
    def test_its_unit_and_bounds_are_those_of_differences(self, scoring, unit, bounds):
        metric = compare(estimate(WAVES, scoring), wave=("after", "before")).metric
        assert (metric.unit, metric.bounds) == (unit, bounds)

    def test_pairs_that_are_no_count_are_an_error(self):
        with pytest.raises(CustfocusError, match=begins("pairs must be whole numbers, 0 or more")):
            attrs.evolve(NEWCOMBE, pairs=-1)


def test_plain_answers_are_not_compared_with_those_of_a_design():
    plain, weighted = csat([5, 4, 3, 5]), csat([5, 4, 3, 5], weights=[1, 2, 1, 1])
    with pytest.raises(TallyError, match="a plain sample can't be compared with one of a design"):
        compare(plain, weighted)
