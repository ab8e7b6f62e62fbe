"""Hiding groups too small to be published, so that nobody can work them out."""

import itertools
import numbers
from typing import cast

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError
from custfocus.indices.display import groups_as_html, groups_as_text
from custfocus.indices.estimate import (
    Estimate,
    shown_cells,
    shown_method,
    shown_strip,
    shown_titles,
)
from custfocus.intervals.arguments import Floats
from custfocus.responses.tally import Counts

_HIDDEN = "*"


def _flags(values: ArrayLike) -> NDArray[np.bool_]:
    flags = np.array(values, dtype=np.bool_)
    flags.setflags(write=False)
    return flags


@attrs.frozen(eq=False, repr=False)
class SuppressedEstimate:
    """
    An estimate by group in which small groups are hidden.

    Attributes:
        shown: The estimate for the groups that are shown, in order; shape (shown,). Nothing of
            the hidden ones is in it.
        hidden_with_totals: Which groups are hidden, and with them which totals: the last place
            of each axis stands for the total along it. Shape (..., one more on each axis).
        minimum: The smallest number of answers that may be published.
    """

    shown: Estimate
    hidden_with_totals: NDArray[np.bool_] = attrs.field(converter=_flags)
    minimum: int

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """Which groups are hidden, shape (...), that of the groups."""
        return self.hidden_with_totals[_groups(self.hidden_with_totals.ndim)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SuppressedEstimate):
            return NotImplemented
        return (self.shown, self.minimum) == (other.shown, other.minimum) and np.array_equal(
            self.hidden_with_totals, other.hidden_with_totals
        )

    def to_dicts(self) -> list[dict[str, float | str | bool | tuple[int, ...]]]:
        """
        One dictionary for each group, in order, as `Estimate.to_dicts`, with "hidden" as well.

        Those of hidden groups hold "group" and "hidden" alone.
        """
        shown, hidden = iter(self.shown.to_dicts()), self.hidden
        return [
            {"group": group, "hidden": True}
            if hidden[group]
            else {**next(shown), "group": group, "hidden": False}
            for group in np.ndindex(hidden.shape)
        ]

    def __str__(self) -> str:
        return groups_as_text(self.hidden.shape, self._titles(), self._cells, self._note())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def cells(group: tuple[int, ...]) -> list[str]:
            picture = "" if self.hidden[group] else shown_strip(self.shown, self._place(group))
            return [*self._cells(group), picture]

        return groups_as_html(self.hidden.shape, self._titles(), cells, self._note())

    def _titles(self) -> list[str]:
        return shown_titles(self.shown)

    def _cells(self, group: tuple[int, ...]) -> list[str]:
        return [_HIDDEN] * 5 if self.hidden[group] else shown_cells(self.shown, self._place(group))

    def _place(self, group: tuple[int, ...]) -> tuple[int]:
        """Where a group that is shown stands among those shown."""
        before = np.ravel_multi_index(group, self.hidden.shape)
        return (int((~self.hidden).ravel()[:before].sum()),)

    def _note(self) -> str:
        how = shown_method(self.shown)
        if not self.hidden_with_totals.any():
            return how
        told = f"{_HIDDEN} hidden: too few answers (minimum {self.minimum}), or to protect such"
        totals = int(self.hidden_with_totals.sum() - self.hidden.sum())
        return f"{how}; {told}" + (f"; totals to hide as well: {totals}" if totals else "")


def _groups(axes: int) -> tuple[slice, ...]:
    """Where the groups are in a table with totals."""
    return (slice(-1),) * axes


def suppress(estimate: Estimate, *, minimum: int) -> SuppressedEstimate:
    """
    Hide the groups with few answers, and as many more as keep them from being worked out.

    Totals along every group axis, and totals of those, are taken to be published, so a hidden
    group could be found as a total less the groups shown. Further groups are hidden, as few
    answers as a search group by group can find, until no hidden number follows from the others
    and no published total leaves less than the minimum of answers to its hidden groups
    together. Where groups alone can't do that (a total of few answers, or of one group alone),
    totals must be hidden as well, and are told. Groups without answers have nothing to hide.

    Numbers are kept from being worked out exactly, not from being bounded: a hidden group has
    no more answers than a total of it.

    Args:
        estimate: By group, of any shape but ().
        minimum: The smallest number of answers that may be published, at least 2.

    Returns:
        What may be published, and which totals must not be.

    Raises:
        OptionError: A minimum that is not a whole number of 2 or more; an estimate for one
            sample.

    References:
        Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (secondary cell
        suppression; the boxes are those of the hypercube method).

    >>> from custfocus import Scale, Tally, csat
    >>> scored = csat(Tally([[1, 2, 30, 20, 9], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9]], Scale.likert(5)))
    >>> print(suppress(scored, minimum=10))
    group   n  missing  CSAT   low  high
        0  62        0  46.8  34.9  59.0
        1   *        *     *     *     *
        2   *        *     *     *     *
    95 % score interval; * hidden: too few answers (minimum 10), or to protect such
    """
    least = _at_least_two(minimum)
    if not isinstance(estimate, Estimate):
        raise OptionError(
            f"suppress takes an Estimate by group, got a {type(estimate).__name__}; "
            "score tallies by group, as csat and estimate do"
        )
    if not estimate.shape:
        raise OptionError("suppress needs an estimate by group, got one for a single sample")
    hidden = _hidden(_with_totals(estimate.n), least)
    return SuppressedEstimate(estimate[~hidden[_groups(hidden.ndim)]], hidden, least)


def _at_least_two(minimum: object) -> int:
    whole = isinstance(minimum, numbers.Integral) and not isinstance(minimum, bool)
    if whole and int(cast("int", minimum)) >= 2:
        return int(cast("int", minimum))
    raise OptionError(f"minimum must be a whole number of 2 or more, got {minimum!r}")


def _with_totals(n: Counts) -> Counts:
    """The table with the total along every axis at its end."""
    for axis in range(n.ndim):
        n = np.concatenate([n, n.sum(axis=axis, keepdims=True)], axis=axis)
    return n


def _hidden(n: Counts, minimum: int) -> NDArray[np.bool_]:
    """
    Which places of a table with totals to hide: the small ones, and for each the corners of a box.

    Of a hidden place's box, with another place on every axis at the opposite corner, all
    corners are hidden. Adding to some and taking from others then changes no number that is
    shown, so none of them follows from these. On one axis the box is one other group. There is
    always a box: the one to the grand total, if need be.
    """
    hidden = (n > 0) & (n < minimum)
    small = np.argwhere(hidden)
    if n.ndim == 1:
        small = small[:1]  # there is one total, and what protects one group protects all
    price = _prices(n)
    for cell in small:
        place = tuple(cell.tolist())
        cost = _box_cost(n, np.where(hidden, 0, price), place)
        for axis in range(n.ndim):
            cost += _revealing(n, hidden, place, axis, minimum)
        opposite = np.unravel_index(np.argmin(cost), n.shape)
        hidden[np.ix_(*np.stack([place, opposite], axis=1))] = True
    return hidden


def _prices(n: Counts) -> Floats:
    """What it costs to hide each place: its answers, and more than any box of groups for totals."""
    order = np.zeros(n.shape)  # how many axes a total is over
    for axis in range(n.ndim):
        order[(slice(None),) * axis + (-1,)] += 1
    return n + order * 2.0**n.ndim * float(n.max())


def _box_cost(n: Counts, price: Floats, place: tuple[int, ...]) -> Floats:
    """
    What it costs to hide all corners of the box to each opposite corner.

    Infinite where a corner has no answers: a group known to be empty protects nobody.
    """
    cost = np.zeros(n.shape)
    for free in itertools.product([False, True], repeat=n.ndim):
        corner = tuple(
            slice(None) if one else slice(at, at + 1) for one, at in zip(free, place, strict=True)
        )
        cost += np.where(n[corner] > 0, price[corner], np.inf)
    for axis, at in enumerate(place):
        cost[(slice(None),) * axis + (at,)] = np.inf
    return cost


def _revealing(
    n: Counts, hidden: NDArray[np.bool_], place: tuple[int, ...], axis: int, minimum: int
) -> Floats:
    """
    Infinite for partners on an axis that leave too few answers to the line's hidden groups.

    Together they are the total less what is shown, unless the total is hidden too.
    """
    line = tuple(
        slice(None) if other == axis else slice(at, at + 1) for other, at in enumerate(place)
    )
    answers, out = n[line].ravel(), hidden[line].ravel()
    together = answers[out].sum() + np.where(out, 0, answers)
    enough = out[-1] | (together >= minimum)  # a total that is shown has them
    return np.where(enough, 0.0, np.inf).reshape(n[line].shape)
