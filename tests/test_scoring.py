"""Scorings: which points count how much, and what contradictions get."""

import copy
import math
import pickle
import re
import reprlib
from decimal import Decimal

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import CustfocusError, ScaleError
from custfocus.indices import bottom_box, csat, estimate, net_score, top_box
from custfocus.intervals import score_interval
from custfocus.responses import Scale, Scoring, Tally, Unit
from custfocus.responses.scoring import as_unit
from strategies import scales, scorings

FIVE = Scale.likert(5, missing=[9, None])
RATING = Scale.likert(3, labels=["bad", "so", "good"], missing=["", None])
ELEVEN = Scale.range(0, 10)


def whole(text: str) -> str:
    """A pattern for exactly that message."""
    return f"^{re.escape(text)}$"


USUAL = (-1, -1, -1, -1, -1, -1, -1, 0, 0, 1, 1)
DOWN, UP = "from the best down", "from the worst up"
BOTH = "points must not be positive and negative as well, got"
OUT_OF_RANGE = "low and high must be 0 or from 1e-50 to 1e+50 in size, got"


def made(scores, name, *, scale=FIVE, **options):
    return Scoring(scale, scores, name=name, **options)


class TestTopAndBottomBoxes:
    @pytest.mark.parametrize(
        ("boxes", "scores", "name"),
        [
            (1, (0, 0, 0, 0, 1), "top box"), (2, (0, 0, 0, 1, 1), "top 2 boxes"),
            (4, (0, 1, 1, 1, 1), "top 4 boxes"), ([1, 5], (1, 0, 0, 0, 1), "top 2 boxes"),
        ],
    )  # fmt: skip
    def test_top_boxes_count_from_the_best_point_down(self, boxes, scores, name):
        assert Scoring.top_box(FIVE, boxes) == made(scores, name, unit=Unit.PERCENT)

    @pytest.mark.parametrize(
        ("boxes", "scores", "name"),
        [
            (1, (1, 0, 0, 0, 0), "bottom box"), (2, (1, 1, 0, 0, 0), "bottom 2 boxes"),
            (4, (1, 1, 1, 1, 0), "bottom 4 boxes"), ([1, 2, 3], (1, 1, 1, 0, 0), "bottom 3 boxes"),
        ],
    )  # fmt: skip
    def test_bottom_boxes_count_from_the_worst_point_up(self, boxes, scores, name):
        wanted = made(scores, name, unit=Unit.PERCENT, lower_is_better=True)
        assert Scoring.bottom_box(FIVE, boxes) == wanted

    def test_the_best_point_of_a_descending_scale_is_its_last(self):
        assert Scoring.top_box(FIVE.reverse_coded(), [2, 1]).scores == (0, 0, 0, 1, 1)
        assert Scoring.top_box(FIVE.reverse_coded(), 2).scores == (0, 0, 0, 1, 1)

    @pytest.mark.parametrize(
        "boxes",
        [
            [4, 5], (5, 4), {4, 5}, range(4, 6), [4.0, 5], [5, 5, 4], np.array([4, 5]), np.int8(2),
            pd.Series([4, 5]), [np.int8(4), np.float64(5)], (point for point in (4, 5)), np.uint64(2),
        ],
    )  # fmt: skip
    def test_boxes_may_be_a_number_of_numpy_or_listed_by_point(self, boxes):
        assert Scoring.top_box(FIVE, boxes) == Scoring.top_box(FIVE, 2)

    def test_boxes_may_be_listed_by_label(self):
        assert Scoring.top_box(RATING, "good") == Scoring.top_box(RATING, ["good"])
        assert Scoring.top_box(RATING, ["good"]).scores == (0, 0, 1)
        assert Scoring.top_box(RATING, ["good", 2]).scores == (0, 1, 1)

    @given(scales(), st.data())
    def test_the_bottom_of_a_scale_is_the_top_of_the_reversed_one(self, scale, data):
        boxes = data.draw(st.integers(1, len(scale) - 1))
        bottom = Scoring.bottom_box(scale, boxes)
        top = Scoring.top_box(scale.reverse_coded(), boxes)
        assert bottom.scores == top.scores[::-1]
        assert sum(bottom.scores) == boxes

    @pytest.mark.parametrize("make", [Scoring.top_box, Scoring.bottom_box])
    @pytest.mark.parametrize(
        "boxes", [0, 5, 6, -1, 2.0, True, False, np.True_, Decimal(2), 2.5, FIVE, np.array(2)]
    )
    def test_a_number_of_boxes_leaves_some_points_in_and_some_out(self, make, boxes):
        text = (
            f"boxes must be 1 to 4 of the 5 points, got {boxes!r}; "
            "to say which points, pass a list of them"
        )
        with pytest.raises(ScaleError, match=whole(text)):
            make(FIVE, boxes)

    @pytest.mark.parametrize("make", [Scoring.top_box, Scoring.bottom_box])
    @pytest.mark.parametrize(
        "boxes",
        [
            [], [1, 2, 3, 4, 5], [9], [5, 9], [None], [float("nan")], [6], ["5"], ["good"], [True],
            [4, 5.5], "good", "5", "",
        ],
    )  # fmt: skip
    def test_listed_boxes_leave_some_points_in_and_some_out(self, make, boxes):
        listed = [boxes] if isinstance(boxes, str) else boxes
        text = (
            f"boxes must be some of the points, not none, not all, got {listed!r}; "
            "the points are 1, 2, 3, 4, 5"
        )
        with pytest.raises(ScaleError, match=whole(text)):
            make(FIVE, boxes)

    @pytest.mark.parametrize("boxes", [[[4, 5]], np.array([[4, 5]])])
    def test_boxes_in_other_than_one_dimension_are_refused(self, boxes):
        with pytest.raises(ScaleError, match=r"^boxes must be "):
            Scoring.top_box(FIVE, boxes)

    def test_a_missing_label_is_no_box(self):
        with pytest.raises(ScaleError, match=r"got \[''\]; the points are 1 bad, 2 so, 3 good$"):
            Scoring.top_box(RATING, [""])

    @pytest.mark.parametrize("make", [Scoring.top_box, Scoring.mean, Scoring.net_promoter])
    def test_only_a_scale_has_boxes(self, make):
        with pytest.raises(ScaleError, match=whole("expected a Scale, got 5; see Scale.likert")):
            make(5)


class TestShortScales:
    @pytest.mark.parametrize(
        ("make", "options", "scale", "asked", "end"),
        [
            *((Scoring.top_box, {}, Scale.likert(size), "boxes", DOWN) for size in (2, 3)),
            *((Scoring.bottom_box, {}, Scale.likert(size), "boxes", UP) for size in (2, 3)),
            (Scoring.net, {}, RATING, "positive", DOWN),
            (Scoring.net, {"negative": 1}, RATING, "positive", DOWN),
            (Scoring.net, {"positive": 1}, RATING, "negative", UP),
        ],
    )  # fmt: skip
    def test_boxes_must_be_given_for_fewer_than_four_points(self, make, options, scale, asked, end):
        text = (
            f"{asked} must be given for a scale of {len(scale)} points, {scale}; "
            f"pass {asked}= with how many points count {end}, or which ones"
        )
        with pytest.raises(ScaleError, match=whole(text)):
            make(scale, **options)

    def test_on_four_points_two_count_by_default(self):
        four = Scale.likert(4)
        assert Scoring.top_box(four).scores == (0, 0, 1, 1)
        assert Scoring.bottom_box(four).scores == (1, 1, 0, 0)
        assert Scoring.net(four).scores == (-1, -1, 1, 1)
        assert Scoring.net(four, negative=1).scores == (-1, 0, 1, 1)
        assert Scoring.net(four, positive=1).scores == (-1, -1, 0, 1)

    @pytest.mark.parametrize("index", [csat, top_box, bottom_box, net_score])
    def test_the_indices_ask_as_well(self, index):
        with pytest.raises(ScaleError, match=r"^(boxes|positive) must be given for a scale of 3"):
            index([1, 2, 3], scale=Scale.likert(3))


class TestNet:
    @pytest.mark.parametrize(
        ("positive", "negative", "scores"),
        [
            (1, 1, (-1, 0, 0, 0, 1)), (2, 2, (-1, -1, 0, 1, 1)), (2, 3, (-1, -1, -1, 1, 1)),
            ([4], [2, 1], (-1, -1, 0, 1, 0)), ([1], [5], (1, 0, 0, 0, -1)),
        ],
    )  # fmt: skip
    def test_positive_points_count_one_and_negative_ones_minus_one(
        self, positive, negative, scores
    ):
        scoring = Scoring.net(FIVE, positive=positive, negative=negative)
        assert scoring == made(scores, "net score", unit=Unit.PERCENTAGE_POINTS)

    @pytest.mark.parametrize(
        ("positive", "negative", "text"),
        [
            (3, 3, f"{BOTH} [3]"), (4, 4, f"{BOTH} [2, 3, 4]"), ([4, 5], [1, 4], f"{BOTH} [4]"),
            ([1], 1, f"{BOTH} [1]"), (0, 2, "boxes must be"), (2, 0, "boxes must be"),
            (5, 1, "boxes must be"), (1, [], "boxes must be"),
        ],
    )  # fmt: skip
    def test_both_sides_need_points_of_their_own(self, positive, negative, text):
        with pytest.raises(ScaleError, match=f"^{re.escape(text)}"):
            Scoring.net(FIVE, positive=positive, negative=negative)


class TestNetPromoter:
    @pytest.mark.parametrize(
        ("scale", "cut", "scores"),
        [
            (ELEVEN, {}, USUAL), (Scale([float(i) for i in range(11)]), {}, USUAL),
            (ELEVEN.reverse_coded(), {}, USUAL),
            (ELEVEN, {"promoters": 1}, (-1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 1)),
            (ELEVEN, {"detractors": 6}, (-1, -1, -1, -1, -1, -1, 0, 0, 0, 1, 1)),
            (ELEVEN, {"promoters": [8, 9, 10]}, (-1, -1, -1, -1, -1, -1, -1, 0, 1, 1, 1)),
            (ELEVEN, {"detractors": range(5)}, (-1, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1)),
            (ELEVEN, {"promoters": 3, "detractors": 5}, (-1, -1, -1, -1, -1, 0, 0, 0, 1, 1, 1)),
            (FIVE, {"promoters": 1, "detractors": 3}, (-1, -1, -1, 0, 1)),
        ],
    )  # fmt: skip
    def test_cut_points_are_the_usual_ones_on_0_to_10_or_given(self, scale, cut, scores):
        wanted = made(scores, "NPS", scale=scale, unit=Unit.PERCENTAGE_POINTS)
        assert Scoring.net_promoter(scale, **cut) == wanted

    @pytest.mark.parametrize("cut", [{}, {"promoters": 1}, {"detractors": 3}])
    @pytest.mark.parametrize(
        "scale", [FIVE, Scale.likert(11), Scale.range(0, 9), Scale([*range(10), 100])]
    )
    def test_another_scale_without_its_own_cut_points_is_an_error(self, scale, cut):
        text = (
            "promoters and detractors have usual cut points on 0 to 10 only, "
            f"got the points {scale}; pass promoters= and detractors="
        )
        with pytest.raises(ScaleError, match=whole(text)):
            Scoring.net_promoter(scale, **cut)

    def test_promoters_that_are_detractors_are_shown(self):
        with pytest.raises(ScaleError, match=r"positive and negative as well, got \[6\]$"):
            Scoring.net_promoter(ELEVEN, promoters=5)


class TestMean:
    @pytest.mark.parametrize(
        ("scale", "ends", "scores", "unit"),
        [
            (FIVE, (), (0, 25, 50, 75, 100), "0 to 100"), (FIVE, (1, 5), (1, 2, 3, 4, 5), "1 to 5"),
            (Scale.likert(3), (-0.5, 1.5), (-0.5, 0.5, 1.5), "-0.5 to 1.5"),
            (Scale([1, 2, 5]), (), (0, 25, 100), "0 to 100"),
            (Scale([5, 2, 1]), (), (0, 75, 100), "0 to 100"),
            (FIVE, (0, 1234567.5), None, "0 to 1234567.5"), (FIVE, (0, 0.1 + 0.2), None, "0 to 0.3"),
        ],
    )  # fmt: skip
    def test_points_keep_their_distances_between_the_ends(self, scale, ends, scores, unit):
        scoring = Scoring.mean(scale, *ends)
        assert scores in (None, scoring.scores)
        assert (scoring.name, scoring.unit) == (f"mean score ({unit})", unit)

    @given(scales())
    def test_the_ends_are_hit_exactly_and_the_scores_ascend(self, scale):
        scores = Scoring.mean(scale).scores
        assert (scores[0], scores[-1]) == (0, 100)
        assert list(scores) == sorted(set(scores))

    @pytest.mark.parametrize("turned", [True, False])
    def test_a_range_that_descends_is_better_low(self, turned):
        scoring = Scoring.mean(FIVE, *((7, 3) if turned else (3, 7)))
        assert scoring.lower_is_better is turned
        assert scoring.scores == ((7, 6, 5, 4, 3) if turned else (3, 4, 5, 6, 7))
        assert scoring.unit == ("7 to 3" if turned else "3 to 7")
        assert scoring.bounds == (3, 7)

    @pytest.mark.parametrize(
        ("ends", "text"),
        [
            ((5, 5), f"scores must not be all the same, got {[5.0] * 5}"),
            ((-1, -1), f"scores must not be all the same, got {[-1.0] * 5}"),
            ((-1e308, 1e308), OUT_OF_RANGE), ((0, 5e-324), OUT_OF_RANGE), ((1e51, 0), OUT_OF_RANGE),
            *((ends, "low and high must be finite numbers, got ")
              for end in (float("inf"), -np.inf, float("nan"), 10**400, "100", None, True, [100])
              for ends in ((0, end), (end, 0))),
        ],
    )  # fmt: skip
    def test_ends_that_no_range_has_are_refused(self, ends, text):
        with pytest.raises(ScaleError, match=f"^{re.escape(text)}"):
            Scoring.mean(FIVE, *ends)


class TestScores:
    @pytest.mark.parametrize(
        "scores",
        [
            [0, 1, 2, 3, 4], (0.0, 1.0, 2.0, 3.0, 4.0), range(5), np.arange(5),
            np.arange(5, dtype=np.float32), pd.Series(range(5)), (i for i in range(5)),
        ],
    )  # fmt: skip
    def test_scores_come_from_any_collection_as_plain_floats(self, scores):
        scoring = Scoring(FIVE, scores)
        assert scoring.scores == (0, 1, 2, 3, 4)
        assert {type(score) for score in scoring.scores} == {float}

    @pytest.mark.parametrize(
        ("scale", "scores", "text"),
        [
            *((FIVE, scores, f"scores must be one for each of the 5 points, got {len(scores)}")
              for scores in ([], [0, 1], range(6))),
            *((RATING, scores, f"scores must not be all the same, got {[*map(abs, scores)]}")
              for scores in ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, -0.0, 0.0])),
            *((RATING, [0, score, 1], f"scores must be finite numbers, got {score!r}")
              for score in (math.nan, math.inf, -math.inf, "1", None, True, np.True_, 1j, [1],
                            Decimal(1), b"1")),
            *((RATING, scores, f"scores must be a list or a tuple, got {reprlib.repr(scores)}")
              for scores in ({3: 100, 2: 50, 1: 0}, {0, 1, 2}, "012", b"012", 5, None)),
            *((scale, [0, 1, 2], f"expected a Scale, got {reprlib.repr(scale)}; see Scale.likert")
              for scale in (5, None, [1, 2, 3], "likert", Scale)),
        ],
    )  # fmt: skip
    def test_scores_that_cannot_be_are_shown(self, scale, scores, text):
        with pytest.raises(ScaleError, match=whole(text)):
            Scoring(scale, scores)

    def test_scores_beyond_floats_are_refused_and_cut_short(self):
        with pytest.raises(ScaleError, match=r"^scores must be finite numbers, got 1\d+\.\.\.0+$"):
            Scoring(RATING, [0, 10**400, 1])

    @pytest.mark.parametrize("score", [5e-324, 1e-51, -1e-200, 1e51, -1e308])
    def test_scores_too_small_or_too_large_to_be_squared_are_refused(self, score):
        text = f"scores must be 0 or from 1e-50 to 1e+50 in size, got {score!r}"
        with pytest.raises(ScaleError, match=whole(text)):
            Scoring(RATING, [0, score, 1])
        with pytest.raises(ScaleError, match=r"^scores must be 0 or from 1e-50 to 1e\+50 in size"):
            score_interval([1, 2, 3], [0, score, 1])

    @pytest.mark.parametrize("size", [1e-50, 1e50])
    def test_scores_of_any_usual_size_have_the_interval_of_ordinary_ones(self, size):
        usual = estimate(Tally([3, 20, 9], RATING), Scoring(RATING, [-1, 0, 1]))
        scaled = estimate(Tally([3, 20, 9], RATING), Scoring(RATING, [-size, 0, size]))
        found = np.array([scaled.value, scaled.low, scaled.high]) / size
        assert found == pytest.approx(np.array([usual.value, usual.low, usual.high]), rel=1e-12)
        assert "nan" not in str(scaled)

    def test_scores_far_apart_in_size_have_limits_on_the_scale(self):
        low, high = score_interval([1, 2, 3, 4], [0, 1e-50, 2e-50, 1e50])
        assert 0 <= low < 4e49 < high <= 1e50


class TestUnits:
    @pytest.mark.parametrize(
        ("text", "unit", "factor"),
        [
            ("number", Unit.NUMBER, 1),
            ("percent", Unit.PERCENT, 100),
            ("percentage points", Unit.PERCENTAGE_POINTS, 100),
        ],
    )
    def test_texts_become_the_units_they_name(self, text, unit, factor):
        scoring = Scoring(RATING, [0, 1, 2], unit=text)
        assert scoring.unit is unit
        assert scoring == Scoring(RATING, [0, 1, 2], unit=unit)
        assert scoring.factor == factor
        assert scoring.bounds == (0, 2 * factor)

    @pytest.mark.parametrize("text", ["days", "%", "Percent", "percent "])
    def test_any_other_text_is_a_unit_of_its_own(self, text):
        assert as_unit(text) is text
        assert Scoring(RATING, [0, 1, 2], unit=text).factor == 1

    @pytest.mark.parametrize("unit", ["", " ", None, 5, ["percent"]])
    def test_a_unit_that_says_nothing_is_refused(self, unit):
        with pytest.raises(CustfocusError, match=f"got {re.escape(repr(unit))}$"):
            Scoring(RATING, [0, 1, 2], unit=unit)

    def test_units_read_as_texts(self):
        assert [f"{unit}" for unit in Unit] == ["number", "percent", "percentage points"]

    def test_scores_and_bounds_are_quoted_in_the_unit(self):
        assert Scoring(RATING, [3, -2, 1]).bounds == (-2, 3)
        net = Scoring.net(FIVE, positive=1, negative=2)
        assert (net.quoted_scores.tolist(), net.bounds) == ([-100, -100, 0, 0, 100], (-100, 100))

    def test_a_scoring_is_a_plain_index_by_default(self):
        scoring = Scoring(RATING, [0, 1, 2])
        assert (scoring.name, scoring.unit) == ("index", Unit.NUMBER)
        assert scoring.lower_is_better is False

    @given(scorings())
    def test_bounds_hold_every_score(self, scoring):
        low, high = scoring.bounds
        quoted = [score * scoring.factor for score in scoring.scores]
        assert scoring.quoted_scores.tolist() == quoted
        assert low < high
        assert all(low <= score <= high for score in quoted)
        assert {low, high} <= set(quoted)


class TestValue:
    @given(scorings())
    def test_equal_scorings_have_equal_hashes(self, scoring):
        same = attrs.evolve(scoring, scores=list(scoring.scores))
        assert same == scoring
        assert {scoring: "found"}[same] == "found"

    @pytest.mark.parametrize(
        "change",
        [
            {"scale": Scale.likert(3)}, {"scores": (0, 1, 3)}, {"name": "other"},
            {"unit": "percent"}, {"lower_is_better": True},
        ],
    )  # fmt: skip
    def test_scorings_differ_by_every_field(self, change):
        scoring = Scoring(RATING, [0, 1, 2])
        assert attrs.evolve(scoring, **change) != scoring

    @given(scorings())
    def test_copies_and_pickles_are_equal_in_unit_as_well(self, scoring):
        for made_again in (copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))):
            assert made_again(scoring) == scoring
            assert type(made_again(scoring).unit) is type(scoring.unit)

    @pytest.mark.parametrize("field", ["scale", "scores", "name", "unit", "lower_is_better"])
    def test_a_scoring_does_not_change(self, field):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(Scoring.mean(FIVE), field, None)

    def test_constructors_of_a_subclass_make_the_subclass(self):
        class Index(Scoring):
            pass

        boxes, mean = Index.top_box(FIVE), Index.mean(FIVE)
        net = Index.net(FIVE, positive=1, negative=1), Index.net_promoter(ELEVEN)
        assert {type(one) for one in (boxes, Index.bottom_box(FIVE), *net, mean)} == {Index}
