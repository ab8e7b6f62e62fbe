"""What is told of each respondent: weights, population sizes and labels, checked."""

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, TallyError
from custfocus.intervals.arguments import Floats, plain_numbers, whole_numbers
from custfocus.responses.distinct import is_null
from custfocus.responses.groups import By, Groups
from custfocus.responses.keys import Keys

_WIDEST = 1e100  # between weights: their squares stay within what float64 holds


def as_weights(weights: ArrayLike) -> Floats:
    """Weights that can't be written to; an error unless finite, not negative, not all 0."""
    array = _one_axis(plain_numbers(weights, "weights"), "weights")
    wrong = array[~(np.isfinite(array) & (array >= 0))]
    if wrong.size:
        raise TallyError(
            f"weights must be finite and not negative, got {wrong[0]:g}; "
            "give 0 to respondents who must not count"
        )
    positive = array[array > 0]
    if not positive.size:
        raise TallyError(
            f"weights must not all be 0, got {array.size} of them; check the filter that was used"
        )
    with np.errstate(under="ignore"):
        apart = positive.max() / _WIDEST > positive.min()
    if apart:
        raise TallyError(
            f"weights must be comparable, got {positive.min():g} and {positive.max():g}; "
            "give 0 to respondents who must not count"
        )
    return array


def as_sizes(sizes: ArrayLike, name: str) -> Floats:
    """Sizes of populations, whole numbers that can't be written to."""
    return _one_axis(whole_numbers(sizes, name, "leave it out where it is large"), name)


def _one_axis(values: Floats, name: str) -> Floats:
    if values.ndim != 1:
        raise TallyError(
            f"{name} must be one number for each respondent, got shape {values.shape}; "
            "repeat a number that all share"
        )
    array = values.copy()
    array.setflags(write=False)
    return array


def as_labels(labels: By | Groups) -> Groups:
    """Labels as groups of their own, which can't be written to."""
    groups = labels if isinstance(labels, Groups) else Groups.of(labels)
    codes = groups.codes.copy()
    codes.setflags(write=False)
    return attrs.evolve(groups, codes=codes)


def check_known(keys: Keys, name: str) -> None:
    """An error where a label is empty."""
    if any(is_null(label) for key in keys for label in key):
        raise AnswerError(
            f"{name} must be known of every respondent, got some that are empty; "
            "fill them in, or leave these respondents out"
        )
