"""A result by period as a table of groups and periods, and changes within it."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from custfocus.errors import LabelError, TallyError, VocabularyError
from custfocus.indices.estimate import Estimate
from custfocus.messages import quoted
from custfocus.progress.breaks import reasons_of
from custfocus.progress.periods import check_fiscal_start, periods_of, times_of
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import Flags, Floats, Places
from custfocus.results.days import Period, days_of, text_order
from custfocus.results.distinct import is_null
from custfocus.results.keys import Keys
from custfocus.results.labels import Label
from custfocus.results.result import Result
from custfocus.results.text import kind_text

PERIOD = "period"


class Overlapping(Result):
    """A result whose neighbouring periods share data: no series of single periods."""

    __slots__ = ()

    @property
    @abstractmethod
    def refusal(self) -> str:
        """Why it can't be charted or taken for a trend, and what to do."""


@attrs.frozen(eq=False, slots=False)  # what is computed once needs a __dict__
class SeriesTable:
    """
    The rows of a result with the key ``period``, by group and period.

    Attributes:
        series: The result.
        groups: Its keys without the period.
        level: The labels of the periods in order, from the first to the last that has a row.
        rows: The row of each group and period, -1 where there is none; shape (groups, periods).
        reasons: Why a new phase begins at each period; empty where none does.
        fiscal_start: The month in which years begin.
    """

    series: Estimate | Quantity
    groups: Keys
    level: Sequence[Label]
    rows: Places
    reasons: Sequence[str]
    fiscal_start: int

    @classmethod
    def of(cls, series: object, *, breaks: object = None, fiscal_start: int = 1) -> "SeriesTable":
        """
        The table of a series.

        Args:
            series: An estimate or a recorded quantity.
            breaks: Reasons by the period at which a new phase begins, or None.
            fiscal_start: The month in which years begin.

        Raises:
            VocabularyError: Neither an estimate nor a recorded quantity.
            LabelError: A result without the open key ``period``; periods that are empty, that
                don't say their order, or that are one by two names; a break at an unknown period.
            TallyError: A result without rows.
            OptionError: Breaks that are no reasons by period; a month that is none.
        """
        if isinstance(series, Overlapping):
            raise VocabularyError(f"a series has single periods, got windows: {series.refusal}")
        if not isinstance(series, Estimate | Quantity):
            raise VocabularyError(
                f"a series is an estimate or a recorded quantity by period, got {kind_text(series)}"
            )
        if PERIOD not in series.keys.names:
            raise LabelError(
                "a series has the key 'period', got the names "
                f"{', '.join(map(repr, series.keys.names)) or 'none'}; give period= or call the "
                "column of periods so"
            )
        check_fiscal_start(fiscal_start)
        groups, group = series.keys.without(PERIOD)
        place = series.keys.names.index(PERIOD)
        level, codes = series.keys.levels[place], series.keys.codes[place]
        _check_known(level, codes)
        if PERIOD not in series.keys.declared:
            _check_ordered(level)
        if not len(codes):
            raise TallyError(
                f"a series needs periods, got {kind_text(series)} without rows; choose some"
            )
        least, most = int(codes.min()), int(codes.max())
        level, codes = level[least : most + 1], codes - least
        rows = np.full((groups.rows, len(level)), -1)
        rows[group, codes] = np.arange(len(codes))
        return cls(series, groups, level, rows, reasons_of(breaks, level), fiscal_start)

    def across_breaks(self) -> "SeriesTable":
        """The same without breaks."""
        return attrs.evolve(self, reasons=[""] * len(self.level))

    def of_last_phase(self) -> "SeriesTable":
        """The periods of the last phase alone."""
        start = int(np.count_nonzero(self.phases < self.phases[-1]))
        if not start:
            return self
        level, rows, reasons = self.level[start:], self.rows[:, start:], self.reasons[start:]
        return attrs.evolve(self, level=level, rows=rows, reasons=reasons)

    def laid(self, numbers: Floats) -> Floats:
        """Numbers of the series by group and period, NaN where there is no row."""
        return np.asarray(np.append(numbers, np.nan)[self.rows])

    @cached_property
    def values(self) -> Floats:
        """The values, shape (groups, periods); NaN where there is none."""
        return self.laid(self.series.value)

    @cached_property
    def periods(self) -> list[Period] | None:
        """The days of each period, None where they are not days in order."""
        return periods_of(self.level, fiscal_start=self.fiscal_start)

    @cached_property
    def times(self) -> Floats:
        """When each period was, in periods."""
        return times_of(self.periods, len(self.level))

    @cached_property
    def known(self) -> Flags:
        """Where there is a value, shape (groups, periods)."""
        return ~np.isnan(self.values)

    @cached_property
    def phases(self) -> Places:
        """The number of each period's phase, from 1."""
        return np.cumsum([1, *map(bool, self.reasons[1:])])[: len(self.level)]

    @cached_property
    def comparable(self) -> Flags:
        """Where there is a value of the phase that the last value of the group is in."""
        same = self.phases == self.phases[self.last()][:, np.newaxis]
        return np.asarray(self.known & same)

    def of_rows(self, numbers: Floats, places: Places) -> Floats:
        """Numbers of the series in the given period of each group, NaN for place -1."""
        return np.asarray(np.append(numbers, np.nan)[self.at(places)])

    def at(self, places: Places) -> Places:
        """The row of the given period of each group, -1 for place -1."""
        found = self.rows[np.arange(len(places)), places]
        return np.asarray(np.where(places >= 0, found, -1))

    def begun(self) -> Places:
        """The period at which the phase of each group's last value begins."""
        return np.asarray(np.searchsorted(self.phases, self.phases[self.last()]))

    def first(self) -> Places:
        """The first period with a value in that phase; -1 where there is none."""
        there = self.comparable
        return np.where(there.any(axis=1), there.argmax(axis=1), -1)

    def last(self) -> Places:
        """The last period with a value of each group; -1 where there is none."""
        reverse = self.known[:, ::-1].argmax(axis=1)
        return np.where(self.known.any(axis=1), len(self.level) - 1 - reverse, -1)

    def latest(self) -> Estimate | Quantity:
        """The latest value of each group; where it has none at all, its last row."""
        last = self.last()
        rows: Any = np.where(last >= 0, self.at(last), self.rows.max(axis=1))
        return self.series.chosen(self.groups, rows if self.groups.shape else int(rows[0]))

    def before(self, places: Places) -> Places:
        """The period before the given one of each group; -1 where it can't be compared."""
        return self._there(np.where(places > 0, places - 1, -1))

    def a_year_before(self, places: Places) -> Places:
        """The same part of the year before; -1 where it can't be compared, or for no days."""
        periods: list[Period] | None = self.periods
        if periods is None:
            return np.full(len(places), -1)
        place_of = {one: place for place, one in enumerate(periods)}
        distinct, which = np.unique(places, return_inverse=True)
        earlier = [place_of.get(periods[int(at)].a_year_before(), -1) for at in distinct]
        return self._there(np.array(earlier, np.intp)[which])

    def _there(self, places: Places) -> Places:
        """Periods of the groups, -1 where there is no value that can be compared."""
        there = (places >= 0) & self.comparable[np.arange(len(places)), places]
        return np.where(there, places, -1)


def _check_known(level: Sequence[Label], codes: Places) -> None:
    """An error for rows without a period, and for a period that has two labels."""
    empty = [place for place, one in enumerate(level) if is_null(one)]
    if empty and np.isin(codes, empty).any():
        raise LabelError(
            "periods must be known, got a row whose period is empty; leave out what has none, or "
            "give it its period"
        )
    called: dict[Period, Label] = {}
    for label in level:
        days = days_of(label)
        if days is not None and (other := called.setdefault(days, label)) is not label:
            raise LabelError(
                f"a period must have one label, got {quoted(other)} and {quoted(label)} for the "
                f"days from {days.start}; call it one way"
            )


def _check_ordered(level: Sequence[Label]) -> None:
    """An error for periods whose order is neither given nor said by themselves."""
    texts = [one for one in level if isinstance(one, str)]
    if len(level) < 2 or not texts or (len(texts) == len(level) and text_order(texts)):
        return
    other = next((one for one in level if not isinstance(one, str)), None)
    if other is not None:
        raise LabelError(
            f"periods must be of one type, got {quoted(other)} ({type(other).__name__}) and "
            f"{quoted(texts[0])} (str); convert them all to text"
        )
    some = next((one for one in texts if days_of(one) is None), texts[0])
    raise LabelError(
        f"periods must say their order, got {quoted(some)} among {len(level)}; write them like "
        "'2026-04', '2026-Q2', '2026' or '2026-04-30', or give the order: "
        "pandas.Categorical(periods, ['before', 'after'], ordered=True)"
    )
