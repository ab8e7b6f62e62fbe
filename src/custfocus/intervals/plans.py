"""Plans of how many to ask: how answers are collected, and the fewest that are enough."""

import reprlib
from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import (
    Floats,
    plain_numbers,
    population_sizes,
    sample_sizes,
    unwritable,
    whole_numbers,
)

Answer = NDArray[np.bool_]

_MOST_PEOPLE = 1e15  # people: no survey asks more, and float64 still counts them one by one
_ADDED_UP = 1e-5  # how far from 1 the sum of shares may be: printed ones are rounded
_ROUNDING = 1e-12  # 63 answers at a rate of .009 are 7000 invitations, not 7001


class _People(NamedTuple):
    answers: NDArray[np.int64]
    invitations: NDArray[np.int64]


class Plan(_People):
    """
    How many people to ask, as read-only arrays of the groups' shape (``()`` for one sample).

    Attributes:
        answers: Answers needed, whole numbers.
        invitations: People to invite, so that as many are expected to answer.
    """

    __slots__ = ()

    def __new__(cls, answers: NDArray[np.int64], invitations: NDArray[np.int64]) -> Self:
        """Made of two arrays, also when it is unpickled or copied."""
        return super().__new__(cls, unwritable(answers), unwritable(invitations))

    def __repr__(self) -> str:
        answers, invitations = (np.array2string(people, separator=", ") for people in self)
        return f"Plan(answers={answers}, invitations={invitations})"


class Survey(NamedTuple):
    """
    How answers are collected, every field of the shape of all groups.

    Attributes:
        population: Members of the population, infinite for a large one.
        response_rate: Share of those invited who answer.
        design_effect: Variance as a multiple of that of a simple random sample.
    """

    population: Floats
    response_rate: Floats
    design_effect: Floats

    @classmethod
    def of(
        cls,
        others: tuple[Floats, ...],
        population: ArrayLike | None,
        response_rate: ArrayLike,
        design_effect: ArrayLike,
    ) -> "Survey":
        """Checked, and broadcast with each other and with what else has groups."""
        own = (
            np.array(np.inf) if population is None else _members(population),
            in_range(response_rate, "response_rate", most=1),
            in_range(design_effect, "design_effect"),
        )
        shapes = [array.shape for array in (*others, *own)]
        try:
            shape = np.broadcast_shapes(*shapes)
        except ValueError:
            shown = ", ".join(map(str, shapes))
            raise TallyError(f"groups must have shapes that broadcast, got {shown}") from None
        return cls(*(np.broadcast_to(array, shape) for array in own))

    def answers(self, n: Floats) -> Floats:
        """Answers for every group; an error if they are more than the population."""
        answers = sample_sizes(np.broadcast_to(n, self.population.shape))
        population_sizes(np.where(np.isinf(self.population), answers, self.population), answers)
        return answers

    def effective(self, n: Floats) -> Floats:
        """
        The size of a simple random sample from a large population that tells as much.

        The variance is ``design_effect (N - n) / (N - 1) / n`` times that of the score: none
        where all N answer, and the effective size is infinite.
        """
        large = np.isinf(self.population)
        size = np.where(large, n + 1, self.population)
        unasked = np.where(large, 1, (size - n) / np.maximum(size - 1, 1))
        plain = np.maximum(n, 1) / self.design_effect
        return np.divide(plain, unasked, out=np.full_like(plain, np.inf), where=unasked > 0)

    def plan(self, enough: Callable[[Floats], Answer], what: str, period: int = 0) -> Plan:
        """
        The fewest answers from which on they are *enough*, and whom to invite.

        Args:
            enough: Whether so many are; where it goes up and down, it does so within a period.
            what: What they are to be enough for, in words.
            period: In answers; 0 where it is monotone.

        Raises:
            OptionError: No number is enough for *what*, or so many cannot be invited.
        """
        most = np.minimum(self.population, _MOST_PEOPLE)
        answers = _settled(enough, _fewest(enough, most), most, period)
        if np.isinf(answers).any():
            raise OptionError(f"{what} would need more than {_MOST_PEOPLE:g} answers; ask for less")
        invitations = np.ceil(answers / self.response_rate * (1 - _ROUNDING))
        beyond = invitations > np.minimum(self.population, _MOST_PEOPLE)
        if beyond.any():
            raise OptionError(
                f"a response rate of {self.response_rate[beyond][0]:g} makes "
                f"{answers[beyond][0]:g} answers of {invitations[beyond][0]:g} invitations, and "
                f"there are {np.minimum(self.population, _MOST_PEOPLE)[beyond][0]:g} people to invite; "
                "ask for less or raise the rate"
            )
        return Plan(*(np.asarray(people, dtype=np.int64) for people in (answers, invitations)))


def checked_shares(shares: ArrayLike, name: str, scores: Floats) -> Floats:
    """Shares (..., K) that add up to 1; an error that shows it if they do not."""
    array = plain_numbers(shares, name)
    if array.ndim == 0 or array.shape[-1] != len(scores):
        raise TallyError(
            f"{name} must have one column for each of the {len(scores)} scores, "
            f"got shape {array.shape}"
        )
    if not (np.isfinite(array) & (array >= 0)).all():
        raise TallyError(f"{name} must be numbers from 0 to 1, got {reprlib.repr(shares)}")
    total = array.sum(axis=-1)
    wrong = total[np.abs(total - 1) > _ADDED_UP]
    if wrong.size:
        raise TallyError(f"{name} must add up to 1, got {wrong[0]:g}; divide counts by their sum")
    return np.asarray(array / total[..., None])


def in_range(value: ArrayLike, name: str, *, most: float = np.inf) -> Floats:
    """Numbers more than 0, finite and at most *most*; anything else is an error that shows it."""
    array = plain_numbers(value, name)
    wrong = array[~(np.isfinite(array) & (array > 0) & (array <= most))]
    if wrong.size:
        limit = "" if np.isinf(most) else f" and at most {most:g}"
        raise OptionError(f"{name} must be more than 0{limit}, got {wrong[0]:g}")
    return array


def below_1(value: ArrayLike, name: str) -> Floats:
    """Chances more than 0 and less than 1; anything else is an error that shows it."""
    chance = in_range(value, name, most=1)
    if (chance == 1).any():
        raise OptionError(f"{name} must be less than 1, which no number of answers reaches, got 1")
    return chance


def _members(population: ArrayLike) -> Floats:
    members = whole_numbers(population, "population", "leave it out for a large one")
    if (members == 0).any():
        raise TallyError("population must have members, got 0; leave it out for a large one")
    return members


def _fewest(enough: Callable[[Floats], Answer], most: Floats) -> Floats:
    """The fewest answers from 1 to *most* that are enough, infinite where none are."""
    tried = np.ones_like(most)
    while (growing := ~enough(tried) & (tried < most)).any():
        tried = np.where(growing, np.minimum(2 * tried, most), tried)
    never, too_few = ~enough(tried), np.zeros_like(most)
    while (tried - too_few > 1).any():
        middle = np.ceil((too_few + tried) / 2)
        met = enough(middle)
        tried, too_few = np.where(met, middle, tried), np.where(met, too_few, middle)
    return np.where(never, np.inf, tried)


def _settled(
    enough: Callable[[Floats], Answer], found: Floats, most: Floats, period: int
) -> Floats:
    """From those found on to the fewest after which no number within a period is too few."""
    while period:
        last = np.full_like(found, -1)
        for more in range(period + 1):
            fails = (found + more <= most) & ~enough(np.minimum(found + more, most))
            last = np.where(fails, more, last)
        if (last < 0).all():
            break
        found = found + last + 1
    return found
