"""Results that do not depend on what the caller has NumPy do on floating-point errors."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest

from custfocus import frames
from custfocus.errors import OptionError, TallyError
from custfocus.indices import ces, csat, estimate, mean_score, net_score, nps
from custfocus.intervals import (
    ConfidenceInterval,
    any_look_evidence,
    any_look_interval,
    margin_of_error,
    mean_interval,
    mover_interval_difference,
    multinomial_intervals,
    net_interval,
    planned_looks,
    sample_size,
    score_interval,
)
from custfocus.intervals.arguments import checked_level, whole_numbers
from custfocus.intervals.planned_looks import crossing_chances
from custfocus.responses import Scale, Scoring
from custfocus.surveys import ReplicateWeights, SurveyDesign

FIVE = Scale.likert(5)
EXTREME = [0, 1e-50, 1e-20, 1, 1e50]


def uneven(scores, method="score"):
    """The estimate of a survey whose weights differ by a factor of 1e80."""
    design = SurveyDesign([1e-40, 1e40, 1, 1, 1, 1])
    return estimate([5, 4, 5, 5, 1, 5], Scoring(FIVE, scores), design=design, method=method)


def replicated(scores):
    """The same by replicate weights."""
    weights = np.array([1e40, 1e-40, 1e-40, 1e-40, 1e-40, 1e-40])
    design = ReplicateWeights(weights, weights[:, None] * (1 - np.eye(6)) * 1.2, "jk1")
    return estimate([5, 4, 5, 5, 1, 5], Scoring(FIVE, scores), design=design)


COMPUTED = {
    "nps": lambda: nps([10] * 8), "nps, mixed": lambda: nps([10, 9, 10, 10, 9, 9, 10, 10, 9, 3]),
    "net score": lambda: net_score([5] * 3),
    "csat": lambda: csat([5] * 8, method="clopper-pearson"),
    "mean score": lambda: mean_score([3, 3, 3, 3]),
    "ces": lambda: ces([7] * 5, wording="ease-2013"),
    "score": lambda: score_interval([0, 0, 3, 0, 0], EXTREME),
    "score, large": lambda: score_interval([1, 0, 0, 0, 10**15], [-1, 0, 0, 0, 1]),
    "net": lambda: net_interval(0, 0, 10**15),
    "mover": lambda: mover_interval_difference([0, 0, 9], [0, 9, 0], [-1, 0, 1]),
    "sison-glaz": lambda: multinomial_intervals(
        [1000, 1, 1], method="sison-glaz", confidence_level=0.99),
    "mean": lambda: mean_interval([0.5] * 5, bounds=(0, 1)),
    "margin": lambda: margin_of_error([0, 0, 1], [-1, 0, 1], 10**9),
    "size": lambda: sample_size([0, 0, 1], [-1, 0, 1], margin=0.02),
    "survey": lambda: uneven([0, 0, 0, 0, 1]), "survey, extreme": lambda: uneven(EXTREME),
    "survey, small": lambda: uneven([1e-50, 0, 0, 0, 0]),
    "survey, t": lambda: uneven([1e-50, 0, 0, 0, 0], "t"),
    "survey, beta": lambda: uneven([1e-50, 0, 0, 0, 0], "beta"),
    "replicates": lambda: replicated([1e-50, 0, 0, 0, 0]),
    "any look": lambda: any_look_interval([0, 1, 10**15], 10**15),
    "evidence": lambda: any_look_evidence([0, 9, 10**12], 10**12, [1e-300, 0.5, 1 - 1e-16]),
    "planned looks": lambda: crossing_chances([3.0] * 60, [*range(1, 61)]),
}  # fmt: skip


class TestErrorStates:
    @pytest.mark.parametrize("name", COMPUTED)
    def test_the_callers_error_state_makes_no_difference(self, name):
        plain = repr(COMPUTED[name]())
        with np.errstate(all="raise"):
            assert repr(COMPUTED[name]()) == plain

    def test_weights_too_far_apart_are_refused_in_any_error_state(self):
        with np.errstate(all="raise"), pytest.raises(TallyError, match=r"^weights must be compar"):
            SurveyDesign([5e-324, 1e40])
        with np.errstate(all="raise"):
            assert len(SurveyDesign([1e-150] * 3)) == 3

    @pytest.mark.parametrize("state", ["ignore", "raise"])
    def test_columns_of_weights_too_large_to_be_squared_are_an_error_of_ours(self, state):
        columns = {"q": np.array([5, 4]), "w": np.array([1e-300, 1e300])}
        with np.errstate(all=state), pytest.raises(TallyError, match="divide large weights by"):
            frames.tally(columns, "q", scale=FIVE, weights="w")


class TestLevels:
    @pytest.mark.parametrize("kind", [np.float32, np.float64, np.float16, np.longdouble, Fraction])
    def test_a_level_may_be_a_number_of_any_type(self, kind):
        level = checked_level(kind(0.75))
        assert level == 0.75
        assert type(level) is float
        assert score_interval([1, 2], [0, 1], confidence_level=kind(0.75)) == score_interval(
            [1, 2], [0, 1], confidence_level=0.75
        )

    @pytest.mark.parametrize(
        "level", [True, np.True_, 0, 1, 95, -0.5, float("nan"), float("inf"), 10**400, "0.95", None,
                  1j, [0.95], np.array([0.95]), Fraction(10**20 - 1, 10**20), np.float32(0)],
    )  # fmt: skip
    def test_anything_else_is_no_level(self, level):
        with pytest.raises(OptionError, match=r"^confidence_level must lie between 0 and 1, got "):
            score_interval([1, 2], [0, 1], confidence_level=level)


KINDS = {
    "itself": lambda it: it,
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": lambda it: pickle.loads(pickle.dumps(it)),
}


class TestReturnedArrays:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        "result",
        [
            score_interval([[1, 2], [3, 4]], [0, 1]), score_interval([1, 2], [0, 1]),
            sample_size([[0.5, 0.5]], [0, 1], margin=0.05), planned_looks(3),
            any_look_evidence([1, 2], 4, 0.5),
        ],
        ids=["groups", "one sample", "plan", "planned looks", "evidence"],
    )  # fmt: skip
    def test_cannot_be_written_to(self, result, kind):
        again = KINDS[kind](result)
        assert type(again) is type(result)
        for array, original in zip(again, result, strict=True):
            assert np.array_equal(array, original)
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0

    def test_arrays_that_were_passed_in_stay_writable(self):
        low = np.zeros(2)
        ConfidenceInterval(low, low + 1)
        assert low.flags.writeable


def test_a_wrong_count_is_shown_in_all_its_digits():
    with pytest.raises(TallyError, match=r"got 1000000\.5, -3; pass"):
        whole_numbers([1000000.5, -3, 4], "counts")
