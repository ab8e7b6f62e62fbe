"""The cells that a survey is counted in: domain, stratum, cluster, answer."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import TallyError
from custfocus.intervals.arguments import plain_numbers
from custfocus.intervals.design import Stage, numbered, sums
from custfocus.responses.sample import whole_counts
from custfocus.results.arrays import Counts, Floats, Places, floats, places

Renumbered = tuple[Places, Places]

_ROUNDING = 1e-6  # of a sum: more than adding up a billion numbers leaves over
_LEFT_OVER = 4 * float(np.finfo(np.float64).eps)  # of unevenness, where equal weights were added up


class Cells(NamedTuple):
    """
    The cells of a survey in which respondents were drawn; all of shape (cells,).

    Attributes:
        domains: The number of the cell's domain.
        strata: The number of its stratum; 0 where there is one.
        clusters: The number of its cluster's label, likewise; the same in two strata is two
            clusters.
        places: Where the answer is on the scale and, beyond it, among the reasons of missing
            ones.
        respondents: How many have a positive weight.
        weightless: How many have weight 0: they were drawn but do not count.
        weights: The sum of the weights.
        squares: The sum of their squares.
    """

    domains: Places
    strata: Places
    clusters: Places
    places: Places
    respondents: Counts
    weightless: Counts
    weights: Floats
    squares: Floats


def as_cells(cells: Iterable[Any]) -> Cells:
    """
    Cells as arrays that can't be written to.

    Args:
        cells: The arrays of `Cells`, in their order.

    Raises:
        TallyError: Arrays of different lengths, numbers that are not whole where they must be,
            and weights that no respondents could have.
    """
    given = Cells(*map(np.asarray, cells))
    shapes = {name: np.shape(array) for name, array in zip(given._fields, given, strict=True)}
    if len(set(shapes.values())) > 1 or len(shapes["domains"]) != 1:
        raise TallyError(f"cells must have one entry each in every array, got shapes {shapes}")
    found = Cells(
        _as_codes(given.domains, "domains"),
        _as_codes(given.strata, "strata"),
        _as_codes(given.clusters, "clusters"),
        _as_codes(given.places, "places"),
        whole_counts(given.respondents, "respondents"),
        whole_counts(given.weightless, "weightless"),
        _as_sums(given.weights, "weights"),
        _as_sums(given.squares, "squares"),
    )
    _check_weights(found)
    return found


def _as_codes(array: NDArray[np.generic], name: str) -> Places:
    if array.size and array.dtype.kind not in "iu":
        raise TallyError(f"the {name} of cells must be integers, got {array.dtype}")
    return places(array)


def _as_sums(values: ArrayLike, name: str) -> Floats:
    array = plain_numbers(values, name)
    wrong = array[~(np.isfinite(array) & (array >= 0))]
    if wrong.size:
        raise TallyError(
            f"{name} must be finite and not negative, got {wrong[0]:g}; divide large weights by "
            "a common factor, and leave respondents of weight 0 or less out of the sums"
        )
    return floats(array)


def _check_weights(cells: Cells) -> None:
    """By Cauchy and Schwarz, (sum w)² / c <= sum w² <= (sum w)² for c positive weights."""
    weightless = cells.respondents == 0
    if (weightless != (cells.weights == 0)).any():
        cell = np.flatnonzero(weightless != (cells.weights == 0))[0]
        raise TallyError(
            "weights must be positive where respondents are, and 0 where there are none, got "
            f"{cells.weights[cell]:g} for {cells.respondents[cell]}; count the respondents of "
            "positive weight only"
        )
    root, slack = np.sqrt(cells.squares), 1 + _ROUNDING
    right = (root <= slack * cells.weights) & (
        cells.weights <= slack * np.sqrt(cells.respondents) * root
    )
    if not right.all():
        cell = np.flatnonzero(~right)[0]
        raise TallyError(
            "squares must be the sum of the squared weights, between weights² / respondents and "
            f"weights², got {cells.squares[cell]:g} for {cells.respondents[cell]} respondents "
            f"who weigh {cells.weights[cell]:g}; square before you add up"
        )


def added_up(cells: Cells) -> Cells:
    """The cells in order, each of them once; whole numbers stay exact."""
    number = places_in_order(cells)
    first = np.zeros(number.max(initial=-1) + 1, dtype=np.intp)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return Cells(
        cells.domains[first],
        cells.strata[first],
        cells.clusters[first],
        cells.places[first],
        sums(number, cells.respondents).astype(np.int64),
        sums(number, cells.weightless).astype(np.int64),
        sums(number, cells.weights),
        sums(number, cells.squares),
    )


def put_together(ours: Cells, theirs: Cells, strata: Renumbered, clusters: Renumbered) -> Cells:
    """The cells of both; labels have new numbers, a pair of arrays each: of ours, of theirs."""
    pairs: Iterable[Any] = zip(ours, theirs, strict=True)
    together = Cells(*map(np.concatenate, pairs))
    return added_up(
        together._replace(
            strata=np.concatenate([strata[0][ours.strata], strata[1][theirs.strata]]),
            clusters=np.concatenate([clusters[0][ours.clusters], clusters[1][theirs.clusters]]),
        )
    )


def places_in_order(cells: Cells) -> Places:
    """Which of the distinct cells each one is, by domain, stratum, cluster and answer."""
    number = np.zeros(len(cells.domains), dtype=np.intp)
    for codes in cells[:4]:
        number = numbered(number, codes)[2]
    return number


def stage_of(cells: Cells, strata: int, *, clustered: bool) -> Stage:
    """
    The sampling of the cells, as the kernels of `custfocus.intervals.linearisation` take it.

    Args:
        cells: Each of them once.
        strata: How many strata there are.
        clustered: Whether clusters were drawn, or the respondents themselves.
    """
    open_ = np.ones(strata)
    if clustered:
        of_units, _, units = numbered(cells.strata, cells.clusters)
        sizes = np.bincount(of_units, minlength=strata).astype(np.float64)
        return Stage.of_single(units, of_units, sizes, open_)
    return Stage(
        units=np.arange(len(cells.strata)),
        strata=cells.strata,
        alike=np.maximum(cells.respondents, 1).astype(np.float64),
        unevenness=_unevenness(cells),
        sizes=sums(cells.strata, cells.respondents + cells.weightless, strata),
        open=open_,
    )


def _unevenness(cells: Cells) -> Floats:
    return unevenness_of(cells.respondents, cells.weights, cells.squares)


def unevenness_of(respondents: Floats | Counts, weights: Floats, squares: Floats) -> Floats:
    """Of so many weights, sum w² / (sum w)² - 1 / k; 0 where they are equal."""
    root = np.sqrt(squares) / np.where(weights > 0, weights, 1)
    unevenness = root**2 - 1 / np.maximum(respondents, 1)
    return np.where(unevenness > _LEFT_OVER, unevenness, 0)
