"""What each rule marks in the points of one phase, and the options that it has."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from custfocus.charts.lines import ChartLimits
from custfocus.charts.points import (
    Mark,
    Points,
    Sides,
    check_fit,
    closed_up,
    counts_before,
    long_stretches,
    phase_points,
    places_of,
    windows_of,
)
from custfocus.charts.series import Bools, series_values
from custfocus.errors import OptionError, choose

TwoOfThree = Literal["third-anywhere", "same-side", "same-side-between", "any-side-between"]
OnCentre = Literal["break", "skip"]
Ties = Literal["break", "skip"]
CentreLine = Literal["chart", "median"]

Found = tuple[Bools, Sides | None]
"""Marks, and 1 or -1 for each where it points up or down: None for the side that it lies on."""


def _beyond_limits(points: Points) -> Found:
    high, low = points.outside
    return high | low, None


def _two_of_three(points: Points, *, version: TwoOfThree, mark: Mark) -> Found:
    high, low = points.zones(2)
    if version == "third-anywhere":
        return _some_of(points, high, low, least=2, length=3, mark=mark), None
    if version != "same-side":
        over, under = points.outside
        high, low = high & ~over, low & ~under
    find = partial(_two_in_window, mark=mark)
    if version == "any-side-between":
        return closed_up(points.missing, find, high | low, ~points.missing), None
    return (
        closed_up(points.missing, find, high, points.above)
        | closed_up(points.missing, find, low, points.below)
    ), None


def _two_in_window(counted: Bools, together: Bools, *, mark: Mark) -> Bools:
    """The counted points of three that belong together and of which two or more count."""
    if counted.shape[-1] < 3:
        return np.zeros_like(counted)
    windows = windows_of(together, 3) & (counts_before(counted, 3)[:, 2:] >= 2)
    places = places_of(windows, 3, mark)
    return places & counted if mark == "all" else places


def _four_of_five(points: Points, *, mark: Mark) -> Found:
    return _some_of(points, *points.zones(1), least=4, length=5, mark=mark), None


def _some_of(
    points: Points, high: Bools, low: Bools, *, least: int, length: int, mark: Mark
) -> Bools:
    """So many of so many in a row that are high, or low; shorter windows at the start."""

    def find(counted: Bools) -> Bools:
        """The points on one side of windows that have enough of them; or those windows' last ones."""
        complete = counted & (counts_before(counted, length) >= least)
        if mark == "last" or not complete.any():
            return complete
        after = np.pad(complete, ((0, 0), (0, length - 1)))
        return counted & (counts_before(after[:, ::-1], length)[:, ::-1][:, : -(length - 1)] > 0)

    return closed_up(points.missing, find, high) | closed_up(points.missing, find, low)


def _run_on_one_side(points: Points, *, length: int, on_centre: OnCentre, mark: Mark) -> Found:
    skipped = points.missing
    if on_centre == "skip":
        skipped = ~(points.above | points.below)
    find = partial(long_stretches, length=length, mark=mark)
    return (closed_up(skipped, find, points.above) | closed_up(skipped, find, points.below)), None


def _trend(points: Points, *, length: int, ties: Ties, mark: Mark) -> Found:
    up, down, tied = points.moves
    skipped = tied if ties == "skip" else np.zeros_like(tied)
    find = partial(long_stretches, length=length - 1, mark=mark)
    rises, falls = closed_up(skipped, find, up), closed_up(skipped, find, down)
    into = np.pad(rises.view(np.int8) - falls.view(np.int8), ((0, 0), (1, 0)))
    if mark == "last":
        return into != 0, into
    # Where one trend ends and the next begins, the move to the right says which way it goes
    onward = np.pad(into[:, 1:], ((0, 0), (0, 1)))
    direction = np.where(onward == 0, into, onward)
    return direction != 0, direction


def _alternating(points: Points, *, length: int, mark: Mark) -> Found:
    up, down, _ = points.moves
    turns = (up[:, :-1] & down[:, 1:]) | (down[:, :-1] & up[:, 1:])
    if turns.shape[-1] < length - 2:
        return np.zeros_like(points.missing), None
    return places_of(windows_of(turns, length - 2), length, mark), None


def _within_one_sigma(points: Points, *, length: int, mark: Mark) -> Found:
    find = partial(long_stretches, length=length, mark=mark)
    return closed_up(points.missing, find, points.within(1)), None


def _beyond_one_sigma(points: Points, *, length: int, mark: Mark) -> Found:
    high, low = points.zones(1)
    find = partial(long_stretches, length=length, mark=mark)
    return closed_up(points.missing, find, high | low), None


def _long_run(points: Points, *, centre: CentreLine) -> Found:
    _, longest, limit, _, _ = about(points, centre).runs
    return _whole_phase(points, longest > limit, centre)


def _few_crossings(points: Points, *, centre: CentreLine) -> Found:
    _, _, _, crossings, limit = about(points, centre).runs
    return _whole_phase(points, crossings < limit, centre)


def _whole_phase(points: Points, signal: Bools, centre: CentreLine) -> Found:
    """
    All points of a phase with a signal, and whether the phase moves up or down.

    It points to the side of the centre on which most of the later half of its useful points lie.
    """
    marks, direction = np.zeros_like(points.missing), np.zeros(points.values.shape, np.int8)
    phases = np.flatnonzero(signal)
    side = about(points, centre).side[phases]
    rank = np.cumsum(side != 0, axis=-1)
    later = np.where(2 * rank > rank[:, -1:], side, 0).sum(axis=-1, keepdims=True)
    marks[phases], direction[phases] = ~points.missing[phases], np.sign(later)
    return marks, direction


def about(points: Points, centre: CentreLine) -> Points:
    """The points about the centre line of their chart, or about their median."""
    return points if centre == "chart" else points.about_median


RULES: dict[str, Callable[..., Found]] = {
    "beyond_limits": _beyond_limits,
    "two_of_three": _two_of_three,
    "four_of_five": _four_of_five,
    "run_on_one_side": _run_on_one_side,
    "trend": _trend,
    "alternating": _alternating,
    "within_one_sigma": _within_one_sigma,
    "beyond_one_sigma": _beyond_one_sigma,
    "long_run": _long_run,
    "few_crossings": _few_crossings,
}
CHOICES: dict[str, tuple[str, ...]] = {
    "version": ("third-anywhere", "same-side", "same-side-between", "any-side-between"),
    "mark": ("all", "last"),
    "on_centre": ("break", "skip"),
    "ties": ("break", "skip"),
    "centre": ("chart", "median"),
}
"""The values that each option can have, but length."""
OPTIONS: dict[str, tuple[str, ...]] = {
    "beyond_limits": (),
    "two_of_three": ("version", "mark"),
    "four_of_five": ("mark",),
    "run_on_one_side": ("length", "on_centre", "mark"),
    "trend": ("length", "ties", "mark"),
    "alternating": ("length", "mark"),
    "within_one_sigma": ("length", "mark"),
    "beyond_one_sigma": ("length", "mark"),
    "long_run": ("centre",),
    "few_crossings": ("centre",),
}


def check_options(rule: str, options: Mapping[str, object]) -> None:
    """
    An error unless the options are those of the rule, each with a value it can have.

    Raises:
        OptionError: A rule, an option or a value of it that is unknown or missing.
    """
    for name in OPTIONS[rule]:
        if name not in options:
            raise OptionError(f"rule {rule} needs the option {name}")
    for name, value in options.items():
        if choose(f"option of {rule}", name, dict.fromkeys(OPTIONS[rule], name)) == "length":
            least = 3 if rule == "alternating" else 2
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise OptionError(f"length must be a whole number from {least}, got {value!r}")
        else:
            choose(name, value, dict.fromkeys(CHOICES[name], True))


def marked(rule: str, values: ArrayLike, limits: ChartLimits, **options: object) -> Bools:
    """The marks of one rule, block by block and phase by phase."""
    check_options(rule, options)
    y = series_values(values)
    check_fit(y, limits)
    marks = np.zeros(y.shape, bool)
    flat = marks.reshape(-1, y.shape[-1])
    for rows, _, points in phase_points(y, limits):
        flat[rows] |= RULES[rule](points, **options)[0]
    return marks
