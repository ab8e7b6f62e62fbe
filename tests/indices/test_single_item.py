"""The indices of one question, against hand-computed and published numbers."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from custfocus.errors import AnswerError, OptionError, ScaleError, TallyError
from custfocus.indices import bottom_box, ces, csat, mean_score, net_score, nps, top_box
from custfocus.responses import Scale, Tally
from custfocus.surveys import SurveyDesign, SurveyTally

FIVE, SEVEN, TEN = Scale.likert(5), Scale.likert(7), Scale.likert(10)
ELEVEN = Scale.range(0, 10)
ANSWERS = [5, 4, 4, 2, 1, 3, 5, 5]  # 5 of 8 in the top two, 2 in the bottom two, mean 29 / 8

# bayesm::customerSat q1, 1 to 10 (Rossi, Gilula and Allenby 2001), n = 1811
CUSTOMER_SAT = [99, 115, 111, 127, 328, 174, 222, 327, 118, 190]
# R NPS 1.1, testdata$REC, 0 to 10, n = 1000
TESTDATA = [74, 10, 22, 35, 40, 140, 41, 57, 119, 227, 235]

INDICES = {
    "csat": csat,
    "top_box": top_box,
    "bottom_box": bottom_box,
    "net_score": net_score,
    "mean_score": mean_score,
    "nps": lambda x, **options: nps(x, **{"promoters": 1, "detractors": 3} | options),
    "ces": lambda x, **options: ces(x, wording="effort-2010", **options),
}
each_index = pytest.mark.parametrize("index", INDICES.values(), ids=list(INDICES))


def exact(numerator, denominator, factor=100):
    return float(Fraction(factor * numerator, denominator))


def tallied(*counts, scale=FIVE, missing=0):
    return Tally(counts, scale, missing)


class TestEveryIndex:
    @each_index
    def test_answers_and_their_tally_give_the_same(self, index):
        scale = Scale.likert(5, missing=[9])
        answers = [*ANSWERS, 9]
        assert index(answers, scale=scale) == index(Tally.of(answers, scale))

    @each_index
    def test_labels_give_a_row_each_and_weights_and_designs_the_same_table(self, index):
        scale, by = Scale.likert(5, missing=[9]), pd.Series(list("babaabbab"), name="shop")
        answers, weights = [*ANSWERS, 9], [1, 2, 1, 2, 1, 2, 1, 2, 1]
        plain = index(answers, scale=scale, by=by)
        assert plain == index(Tally.of(answers, scale, by=by))
        assert list(plain.keys) == [("a",), ("b",)]
        weighted = index(answers, scale=scale, by=by, weights=weights)
        assert weighted == index(answers, scale=scale, by=by, design=SurveyDesign(weights))
        assert weighted == index(SurveyTally.of(answers, SurveyDesign(weights), scale, by=by))
        assert list(weighted.columns()) == list(plain.columns())
        assert (list(weighted.keys), weighted.n.tolist()) == (list(plain.keys), plain.n.tolist())

    @each_index
    def test_several_items_are_rows_of_one_table(self, index):
        items = {"q2": ANSWERS, "q1": ANSWERS[::-1]}
        found = index(items, scale=FIVE, by={"shop": list("abababab")})
        assert list(found.keys) == [("a", "q2"), ("a", "q1"), ("b", "q2"), ("b", "q1")]
        q2 = index(pd.Series(ANSWERS, name="q2"), scale=FIVE, by={"shop": list("abababab")})
        assert found.sel(item="q2") == q2

    @each_index
    def test_an_empty_row_is_nan_and_an_empty_sample_an_error(self, index):
        batch = index(Tally([[0, 0, 0, 0, 0], [1, 0, 1, 0, 2]], FIVE))
        assert np.isnan(batch.value).tolist() == [True, False]
        with pytest.raises(TallyError, match="no answers"):
            index(tallied(0, 0, 0, 0, 0, missing=3))
        with pytest.raises(TallyError, match="no answers"):
            index([], scale=FIVE)

    @each_index
    def test_confidence_level_and_population_are_passed_on(self, index):
        usual = index(ANSWERS, scale=FIVE)
        wide = index(ANSWERS, scale=FIVE, confidence_level=0.99)
        small = index(ANSWERS, scale=FIVE, population=10)
        assert wide.low < usual.low < small.low < small.high < usual.high < wide.high
        assert (usual.confidence_level, wide.confidence_level) == (0.95, 0.99)
        assert (usual.population, small.population) == (None, 10)

    @each_index
    def test_an_unknown_method_is_an_error(self, index):
        with pytest.raises(OptionError, match="unknown method 'walt'"):
            index(ANSWERS, scale=FIVE, method="walt")

    @pytest.mark.parametrize("scale", [SEVEN, FIVE.reverse_coded(), Scale.likert(5, missing=[9])])
    @pytest.mark.parametrize("name", [name for name in INDICES if name != "ces"])
    def test_a_scale_that_contradicts_the_tally_is_an_error(self, name, scale):
        with pytest.raises(ScaleError, match="a sample brings its own scale, 1, 2, 3, 4, 5, got"):
            INDICES[name](tallied(1, 1, 1, 1, 1), scale=scale)

    @each_index
    def test_the_tallys_own_scale_said_again_will_do(self, index):
        tally = tallied(1, 2, 3, 4, 5)
        assert index(tally, scale=Scale.likert(5)) == index(tally)

    @pytest.mark.parametrize("name", ["csat", "top_box", "bottom_box", "net_score", "mean_score"])
    def test_the_scale_is_1_to_5_by_default_and_a_tally_brings_its_own(self, name):
        assert INDICES[name](ANSWERS) == INDICES[name](ANSWERS, scale=FIVE)
        with pytest.raises(AnswerError, match="not on the scale"):
            INDICES[name]([0, 5])
        scored = INDICES[name](tallied(0, 0, 0, 0, 0, 1, 3, scale=SEVEN))
        assert scored.scoring.scale == SEVEN


class TestTopAndBottomBoxes:
    @pytest.mark.parametrize(("boxes", "share"), [(1, 3), (2, 5), (3, 6), (4, 7), ([2, 5], 4)])
    def test_csat_is_the_share_of_the_best_points(self, boxes, share):
        scored = csat(ANSWERS, boxes=boxes)
        assert float(scored) == exact(share, 8)
        assert (scored.metric.name, scored.metric.unit) == ("CSAT", "percent")
        assert scored.metric.direction == "higher"

    @pytest.mark.parametrize(("boxes", "share"), [(1, 1), (2, 2), (3, 3), (4, 5), ([1, 4], 3)])
    def test_bottom_box_is_the_share_of_the_worst_points(self, boxes, share):
        scored = bottom_box(ANSWERS, boxes=boxes)
        assert float(scored) == exact(share, 8)
        assert scored.metric.unit == "percent"
        assert scored.metric.direction == "lower"

    def test_top_box_is_csat_under_a_name_that_says_the_boxes(self):
        assert [top_box(ANSWERS, boxes=boxes).metric.name for boxes in (1, 2, [3, 4, 5])] == [
            "top box", "top 2 boxes", "top 3 boxes",
        ]  # fmt: skip
        for boxes in (1, 2, [3, 4, 5]):
            named, plain = csat(ANSWERS, boxes=boxes), top_box(ANSWERS, boxes=boxes)
            assert (named.value, named.low, named.high) == (plain.value, plain.low, plain.high)
        assert [bottom_box(ANSWERS, boxes=boxes).metric.name for boxes in (1, 2)] == [
            "bottom box", "bottom 2 boxes",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("boxes", "value", "low", "high"),
        [
            (1, 0.104914, 0.091627, 0.119874),
            (2, 0.170072, 0.153471, 0.188069),
            (3, 0.350635, 0.328996, 0.372907),
        ],
    )
    def test_the_top_boxes_of_customer_sat_are_as_in_r(self, boxes, value, low, high):
        scored = top_box(Tally(CUSTOMER_SAT, TEN), boxes=boxes)
        quoted = (scored.value, scored.low, scored.high)
        assert quoted == pytest.approx((100 * value, 100 * low, 100 * high), abs=6e-5)

    def test_the_bottom_boxes_of_customer_sat_are_as_in_r(self):
        scored = bottom_box(Tally(CUSTOMER_SAT, TEN), boxes=3)
        quoted = (scored.value, scored.low, scored.high)
        assert quoted == pytest.approx((17.9459, 16.2470, 19.7805), abs=6e-5)

    @pytest.mark.parametrize(
        ("successes", "n", "low", "high"),
        [
            # Newcombe (1998), table I; Fagerland, Lydersen and Laake (2017), chapter 2
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
            (1, 29, 0.0061, 0.1718),
            (13, 16, 0.5699, 0.9341), (5, 5, 0.5655, 1), (0, 1, 0, 0.7935), (1, 1, 0.2065, 1),
        ],
    )  # fmt: skip
    def test_csat_has_the_published_limits_of_wilson(self, successes, n, low, high):
        scored = csat(tallied(n - successes, 0, 0, 0, successes))
        assert float(scored) == pytest.approx(exact(successes, n), rel=1e-14)
        assert (scored.low, scored.high) == pytest.approx((100 * low, 100 * high), abs=6e-3)


class TestNetScore:
    def test_it_is_the_positive_minus_the_negative_share(self):
        scored = net_score(ANSWERS)
        assert float(scored) == exact(3, 8)
        assert (scored.metric.name, scored.metric.unit) == ("net score", "percentage points")

    def test_positive_and_negative_points_can_be_given(self):
        assert float(net_score(ANSWERS, positive=1, negative=3)) == exact(0, 8)
        assert float(net_score(ANSWERS, positive=[3], negative=[5, 1])) == exact(1 - 4, 8)

    @pytest.mark.parametrize(
        ("table", "level", "low", "high", "digits"),
        [
            ((9, 3, 32), 0.95, -0.027, 0.390, 3),  # Tango (1998), table VII
            ((0, 1, 44), 0.9, -0.096, 0.037, 3),  # table V
            ((16, 8, 86), 0.95, -0.020, 0.207, 3),  # Agresti and Min (2005)
            ((25, 2, 102), 0.95, 0.139, 0.321, 3),  # Chang et al. (2024)
            ((1, 7, 21), 0.95, -0.5172, -0.0260, 4),  # Fagerland et al. (2014), Bentur's data
            ((3, 1, 14), 0.95, -0.1670, 0.4327, 4),  # Tang et al. (2010)
            ((12, 2, 50), 0.95, 0.0611, 0.3447, 4),
        ],
    )  # fmt: skip
    def test_it_has_the_published_limits_of_tango(self, table, level, low, high, digits):
        positive, negative, n = table
        tally = tallied(negative, 0, n - positive - negative, positive, 0)
        scored = net_score(tally, confidence_level=level)
        assert float(scored) == pytest.approx(exact(positive - negative, n), rel=1e-14)
        found = (scored.low, scored.high)
        assert found == pytest.approx((100 * low, 100 * high), abs={3: 0.051, 4: 0.006}[digits])

    def test_the_net_score_of_customer_sat_is_as_in_r(self):
        scored = net_score(Tally(CUSTOMER_SAT, TEN), positive=3, negative=3)
        quoted = (scored.value, scored.low, scored.high)
        assert quoted == pytest.approx((17.1176, 13.8392, 20.3574), abs=6e-5)


class TestNps:
    @pytest.mark.parametrize(
        ("counts", "value", "low", "high"),
        [
            ((1, 2, 3), 0.333333, -0.311074, 0.753957), ((2, 0, 9), 0.636364, 0.046039, 0.897265),
            ((10, 20, 70), 0.6, 0.452167, 0.712768), ((6, 13, 17), 0.305556, 0.046334, 0.522243),
            ((50, 300, 650), 0.6, 0.562546, 0.634871), ((0, 0, 5), 1, 0.131035, 1),
            ((0, 5, 0), 0, -0.434482, 0.434482), ((5, 0, 0), -1, -1, -0.131035),
            ((0, 0, 1), 1, -0.586901, 1), ((0, 1, 0), 0, -0.793451, 0.793451),
        ],
    )  # fmt: skip
    def test_it_is_as_in_the_r_packages(self, counts, value, low, high):
        detractors, passives, promoters = counts
        answers = [6] * detractors + [8] * passives + [9] * promoters
        scored = nps(answers)
        assert scored.value == pytest.approx(100 * value, abs=6e-5)
        assert (scored.low, scored.high) == pytest.approx((100 * low, 100 * high), abs=1.5e-4)

    def test_the_usual_cut_points_are_0_to_6_and_9_to_10(self):
        assert [float(nps([answer])) for answer in range(11)] == [-100.0] * 7 + [0.0] * 2 + [
            100.0
        ] * 2

    def test_it_is_called_nps_and_quoted_in_percentage_points(self):
        scored = nps([10, 3])
        assert (scored.metric.name, scored.metric.unit) == ("NPS", "percentage points")
        assert scored.metric.bounds == (-100, 100)

    def test_the_test_data_of_r_nps_score_10(self):
        assert float(nps(Tally(TESTDATA, ELEVEN))) == pytest.approx(10.0, rel=1e-14)

    @pytest.mark.parametrize(
        ("answers", "value"),
        [([0, 7, 7, 9, 9, 9], 1 / 3), ([0, 9], 0), ([7, 9], 1 / 2), ([0, 7, 9], 0)],
    )
    def test_it_is_as_in_the_unit_tests_of_r_nps(self, answers, value):
        assert float(nps(answers)) == pytest.approx(100 * value, rel=1e-14)

    def test_cut_points_of_ones_own_count_from_the_ends_or_are_listed(self):
        answers = [1, 2, 3, 4, 5]
        assert float(nps(answers, scale=FIVE, promoters=1, detractors=3)) == exact(-2, 5)
        assert float(nps(answers, scale=FIVE, promoters=[5, 4], detractors=[1])) == exact(1, 5)
        assert float(nps(answers, promoters=[1, 2, 3], detractors=[4])) == exact(2, 5)


class TestCes:
    def test_effort_is_the_mean_on_1_to_5_and_better_when_lower(self):
        scored = ces(ANSWERS, wording="effort-2010")
        assert float(scored) == exact(29, 8, 1)
        assert scored.metric.name == "CES (effort, 1 to 5, lower is better)"
        assert scored.metric.unit == "1 to 5"
        assert scored.metric.direction == "lower"
        assert scored.metric.bounds == (1, 5)

    def test_ease_is_the_mean_on_1_to_7_and_better_when_higher(self):
        counts = [3, 4, 6, 10, 22, 35, 20]  # measures.md, section 3
        scored = ces(Tally(counts, SEVEN), wording="ease-2013")
        assert float(scored) == pytest.approx(5.29, rel=1e-14)
        assert scored.metric.name == "CES (ease, 1 to 7)"
        assert scored.metric.unit == "1 to 7"
        assert scored.metric.direction == "higher"
        assert scored.metric.bounds == (1, 7)
        assert float(top_box(Tally(counts, SEVEN), boxes=3)) == 77
        assert float(net_score(Tally(counts, SEVEN), positive=3, negative=3)) == 64

    def test_the_wording_must_be_said(self):
        with pytest.raises(TypeError, match="wording"):
            ces(ANSWERS)

    def test_an_unknown_wording_is_named_with_the_near_miss(self):
        with pytest.raises(
            OptionError, match=r"^unknown wording 'ease-2012'; did you mean 'ease-2013'\?"
        ):
            ces(ANSWERS, wording="ease-2012")

    @pytest.mark.parametrize(
        ("wording", "options"),
        [
            ("ease-2013", {"x": tallied(1, 2, 3, 4, 5)}),
            ("effort-2010", {"x": tallied(1, 2, 3, 4, 5, 6, 7, scale=SEVEN)}),
            ("effort-2010", {"x": tallied(1, 2, 3, 4, 5, scale=FIVE.reverse_coded())}),
            ("effort-2010", {"x": tallied(1, 2, 3, 4, 5, scale=Scale.range(0, 4))}),
            ("ease-2013", {"x": [1, 5], "scale": FIVE}), ("effort-2010", {"x": [1, 5], "scale": SEVEN}),
            ("ease-2013", {"x": [1, 5], "scale": ELEVEN}),
        ],
    )  # fmt: skip
    def test_the_points_of_another_question_are_an_error(self, wording, options):
        with pytest.raises(ScaleError, match=f"the wording '{wording}' is asked on the points"):
            ces(**options, wording=wording)

    def test_answers_beyond_the_wordings_scale_are_an_error(self):
        with pytest.raises(AnswerError, match=r"not on the scale: \[6\]"):
            ces([6, 5], wording="effort-2010")
        assert float(ces([6, 5], wording="ease-2013")) == 5.5

    def test_labels_and_missing_codes_come_with_a_scale_of_the_same_points(self):
        scale = Scale.likert(7, labels=list("abcdefg"), missing=[0])
        scored = ces(["a", "g", "g", 0], wording="ease-2013", scale=scale)
        assert (float(scored), int(scored.n), int(scored.missing)) == (5, 3, 1)

    @pytest.mark.parametrize(
        "scale", [FIVE, SEVEN.reverse_coded(), Scale.likert(7, missing=[9]), Scale.range(0, 6)]
    )
    def test_a_scale_that_contradicts_the_tally_is_an_error(self, scale):
        tally = tallied(1, 2, 3, 4, 5, 6, 7, scale=SEVEN)
        with pytest.raises(ScaleError, match="a sample brings its own scale, 1, 2, 3, 4, 5, 6, 7,"):
            ces(tally, wording="ease-2013", scale=scale)

    def test_a_tally_with_labels_brings_them_and_its_scale_may_be_said_again(self):
        labelled = Scale.likert(7, labels=list("abcdefg"), missing=[0])
        tally = tallied(1, 0, 0, 0, 0, 0, 2, scale=labelled, missing=3)
        scored = ces(tally, wording="ease-2013")
        assert scored.scoring.scale == labelled
        assert ces(tally, wording="ease-2013", scale=labelled) == scored


class TestMeanScore:
    @pytest.mark.parametrize(
        ("low", "high", "value"),
        [(0, 100, 65.625), (1, 5, 3.625), (0, 1, 0.65625), (-1, 1, 0.3125), (100, 0, 34.375)],
    )
    def test_it_runs_from_the_worst_points_number_to_the_best_ones(self, low, high, value):
        scored = mean_score(ANSWERS, low=low, high=high)
        assert float(scored) == pytest.approx(value, rel=1e-14)
        assert scored.metric.bounds == (min(low, high), max(low, high))
        assert scored.metric.unit == f"{low} to {high}"
        assert scored.metric.name == f"mean score ({low} to {high})"

    def test_the_mean_of_customer_sat_is_as_in_r_and_the_limits_close_to_t(self):
        scored = mean_score(Tally(CUSTOMER_SAT, TEN))
        assert float(scored) == pytest.approx(56.291797, abs=5e-7)
        assert (scored.low, scored.high) == pytest.approx((54.985745, 57.597849), abs=0.02)
        plain = mean_score(Tally(CUSTOMER_SAT, TEN), low=1, high=10)
        assert float(plain) == pytest.approx(6.0662617, abs=5e-8)
