"""Funnel limits: how far groups may be from all of them, and how they read."""

import re

import numpy as np
import pytest

from custfocus.comparisons import funnel
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.indices import estimate, mean_score
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign

TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE = Scoring.top_box(TWO, 1)
TENTHS = Scoring(Scale.likert(3), [0, 0.1, 1])  # 3 x .1 / 3 is not .1 in binary
SHARES = estimate(Tally([[14, 56], [32, 48], [3, 13]], TWO), SHARE)
COUNTS = np.array(
    [[1, 2, 3, 4, 5], [9, 0, 1, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 9, 30], [2, 2, 2, 2, 2]]
)
FIVES = mean_score(Tally(COUNTS, FIVE))
Z = 1.959963984540054


def begins(text):
    return "^" + re.escape(text)


class TestLimits:
    def test_those_of_shares_are_the_published_formula(self):
        found = funnel(SHARES, confidence_level=0.95)
        center = 117 / 166
        arm = Z * np.sqrt(center * (1 - center) / np.array([70, 80, 16]))
        assert found.center == pytest.approx([100 * center] * 3, rel=1e-14)
        assert found.limit_low == pytest.approx(100 * (center - arm), rel=1e-12)
        assert found.limit_high == pytest.approx(100 * (center + arm), rel=1e-12)
        assert found.outside.tolist() == [False, True, False]

    def test_those_of_a_mean_take_the_variance_of_all_answers_and_stay_on_the_scale(self):
        found = funnel(FIVES, confidence_level=0.95)
        answers = np.repeat([0, 25, 50, 75, 100], COUNTS.sum(axis=0))
        arm = Z * answers.std() / np.sqrt([15, 12, 40, 10])
        low, high = np.clip([answers.mean() - arm, answers.mean() + arm], 0, 100)
        assert np.delete(found.limit_low, 2) == pytest.approx(low, rel=1e-12)
        assert np.delete(found.limit_high, 2) == pytest.approx(high, rel=1e-12)
        assert found.outside.tolist() == [False, True, False, True, False]
        assert funnel(FIVES, confidence_level=0.9999).limit_high[0] == 100

    def test_998_in_a_thousand_is_the_default_level(self):
        assert funnel(FIVES) == funnel(FIVES, confidence_level=0.998)
        assert funnel(FIVES).confidence_level == 0.998

    def test_a_group_without_answers_is_nan_and_not_outside(self):
        found = funnel(FIVES)
        assert np.isnan([found.limit_low[2], found.limit_high[2], found.estimate.value[2]]).all()
        assert not found.outside[2]

    @pytest.mark.parametrize(
        "counts", [[[0, 1, 0], [0, 3, 0]], [[0, 1, 0], [0, 2, 0]], [[0, 10, 0], [0, 6, 0]]]
    )
    def test_equal_answers_leave_no_group_outside(self, counts):
        found = funnel(estimate(Tally(counts, TENTHS.scale), TENTHS))
        assert not found.outside.any()
        assert found.limit_low.tolist() == found.limit_high.tolist() == found.center.tolist()

    def test_each_block_has_its_own_center(self):
        tally = Tally(
            [*COUNTS[:2], *COUNTS[3:], [0] * 5],
            FIVE,
            by={"shop": list("ababc"), "wave": [1, 1, 2, 2, 3]},
        )
        found = funnel(mean_score(tally), across="shop")
        second = funnel(mean_score(tally).sel(wave=2))
        for name in ("center", "limit_low", "outside"):
            assert getattr(found.sel(wave=2), name).tolist() == getattr(second, name).tolist()
        assert np.isnan(found.sel(wave=3).center).all()

    def test_answers_of_a_design_count_by_their_weight_at_their_effective_number(self):
        generator = np.random.default_rng(5)
        answers, shop = generator.integers(1, 6, 200), np.arange(200) % 4
        weights = generator.lognormal(0, 0.6, 200)
        design = SurveyDesign(weights, clusters=np.arange(200) // 5)
        e = mean_score(answers, scale=FIVE, by=shop, design=design)
        found, scores = funnel(e, confidence_level=0.95), 25.0 * (answers - 1)
        center = np.average(scores, weights=weights)
        spread = np.sqrt(np.average((scores - center) ** 2, weights=weights))
        assert found.center == pytest.approx([center] * 4)
        assert found.limit_high - center == pytest.approx(Z * spread / np.sqrt(e.effective_n))


class TestReading:
    def test_they_read_as_a_table(self):
        assert str(funnel(FIVES, confidence_level=0.95)).splitlines()[:7] == [
            "group   n  missing  mean score (0 to 100)  center  lower limit  upper limit  outside",
            "0      15        0                   66.7    71.1         52.4         89.8        -",
            "1      12        0                   20.8    71.1         50.2         92.0      yes",
            "2       0        0                      -    71.1            -            -        -",
            "3      40        0                   93.1    71.1         59.7         82.6      yes",
            "4      10        0                   50.0    71.1         48.2         94.0        -",
            "mean score (0 to 100), 95 % funnel limits around the center, that of every group together",
        ]

    def test_the_picture_is_the_value_among_its_limits(self):
        found = funnel(FIVES)
        picture = found.picture()
        assert picture.low is found.limit_low
        assert picture.value is FIVES.value
        assert picture.bounds == (0, 100)

    def test_its_dictionaries_hold_the_estimate_and_the_limits(self):
        row = funnel(FIVES).to_dicts()[1]
        assert (row["n"], row["low"], row["outside"]) == (12, FIVES.low[1], True)
        assert funnel(FIVES).notes == FIVES.notes


class TestWrongInput:
    @pytest.mark.parametrize("wrong", [5, "csat", [1, 2], None, Tally(COUNTS, FIVE), funnel(FIVES)])
    def test_what_is_no_estimate_is_answered_with_the_right_call(self, wrong):
        with pytest.raises(TallyError, match=begins("funnel takes estimates, got ")):
            funnel(wrong)

    @pytest.mark.parametrize("level", [0, 1, 95, None])
    def test_a_confidence_level_outside_0_to_1_is_an_error(self, level):
        with pytest.raises(OptionError, match=begins("confidence_level must lie between 0 and 1")):
            funnel(FIVES, confidence_level=level)

    def test_no_answers_no_groups_items_and_finite_populations_are_errors(self):
        with pytest.raises(TallyError, match=begins("no answers: an index needs at least one")):
            funnel(estimate(Tally([[0, 0], [0, 0]], TWO), SHARE))
        with pytest.raises(LabelError, match=begins("funnel needs a result by group")):
            funnel(FIVES[0])
        with pytest.raises(TallyError, match="can't be held against funnel limits as independent"):
            funnel(mean_score({"q1": [1, 2], "q2": [3, 3]}, scale=FIVE))
        with pytest.raises(TallyError, match="estimates with a finite population can't be held"):
            funnel(mean_score(Tally(COUNTS, FIVE), population=900))
