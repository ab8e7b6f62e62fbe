"""Periods as they are called in data, as days: years, halves, quarters, months, dates."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np

from custfocus.results.arrays import Floats

_YEAR = re.compile(r"(?P<year>[12]\d{3})")
_PART = re.compile(r"(?P<year>[12]\d{3})[- ]?(?P<kind>[QqHh])(?P<part>[1-4])")
_MONTH = re.compile(r"(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])")
_MONTHS = {"q": 3, "h": 6}


class Period(NamedTuple):
    """
    A period of time.

    Attributes:
        start: Its first day.
        end: The day after its last.
    """

    start: date
    end: date

    def a_year_before(self) -> "Period":
        """The same part of the year before."""
        return Period(*(_shifted(day, -12) for day in self))


def period_of(label: object) -> Period | None:
    """
    The days of a period by its label; None for one that does not say.

    Args:
        label: A date or a time (one day), a whole number or text of a year, a text of a half
            ("2026-H1"), a quarter ("2026-Q2", "2026Q2"), a month ("2026-04") or a day in ISO
            format; or an object with a ``start_time`` and an ``end_time``, as pandas' Period.

    >>> period_of("2026-Q2")
    Period(start=datetime.date(2026, 4, 1), end=datetime.date(2026, 7, 1))
    """
    if hasattr(label, "start_time") and hasattr(label, "end_time"):
        spanning = cast("Any", label)
        return Period(spanning.start_time.date(), spanning.end_time.date() + timedelta(1))
    if isinstance(label, date):
        return _day(label.date() if isinstance(label, datetime) else label)
    return _read(str(label).strip()) if isinstance(label, str | int) else None


@lru_cache(maxsize=4096)  # a scorecard has the same periods for each measure
def _read(text: str) -> Period | None:
    """A period that a text calls."""
    if found := _YEAR.fullmatch(text):
        return _months(int(found["year"]), 0, 12)
    if found := _MONTH.fullmatch(text):
        return _months(int(found["year"]), int(found["month"]) - 1, 1)
    if found := _PART.fullmatch(text):
        months = _MONTHS[found["kind"].lower()]
        first = (int(found["part"]) - 1) * months
        return _months(int(found["year"]), first, months) if first < 12 else None
    try:
        return _day(date.fromisoformat(text))
    except ValueError:
        return None


def periods_of(labels: Sequence[object]) -> list[Period] | None:
    """The days of all periods; None where one does not say, or they are not in order."""
    found = [period_of(label) for label in labels]
    known = [one for one in found if one is not None]
    in_order = all(one.start < other.start for one, other in pairwise(known))
    return known if len(known) == len(found) and in_order else None


def times_of(periods: list[Period] | None, number: int) -> Floats:
    """
    When each of a number of periods was, in periods: 0, 1 and so on where their days are not known.

    The unit is the median step from one period to the next.
    """
    if periods is None or number < 2:
        return np.arange(number, dtype=np.float64)
    days = np.array([one.start.toordinal() for one in periods], np.float64)
    steps = np.diff(days)
    unit = float(np.median(steps))
    times = (days - days[0]) / unit
    # Months and quarters differ by days alone: they are steps of one
    near = np.rint(times)
    return np.asarray(near if np.abs(times - near).max() < 0.2 else times)


def _months(year: int, first: int, months: int) -> Period:
    start = date(year, first + 1, 1)
    return Period(start, _shifted(start, months))


def _day(day: date) -> Period:
    return Period(day, day + timedelta(1))


def _shifted(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return first.replace(day=min(day.day, last))
