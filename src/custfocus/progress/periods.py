"""Periods as they are called in data, as days: years, halves, quarters, months, weeks, dates."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np

from custfocus.errors import OptionError
from custfocus.intervals.arguments import checked_whole
from custfocus.messages import quoted
from custfocus.results.arrays import Floats

_YEAR = r"(?:(?:FY ?)?(?P<year>[12]\d{3})|FY ?(?P<short>\d\d))"
_PART = r"(?P<kind>[QH])(?P<part>[1-4])"
_OF_YEAR = re.compile(rf"{_YEAR}(?:[- ]?{_PART})?", re.IGNORECASE)  # 2026, FY26, 2026-Q2, 2026H1
_PART_FIRST = re.compile(rf"{_PART}[- ]{_YEAR}", re.IGNORECASE)  # Q2 2026
_TWO_YEARS = re.compile(r"(?P<year>[12]\d{3})[/-](?P<next>\d\d)")  # 2025/26
_MONTH = re.compile(r"(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])")
_WEEK = re.compile(r"(?P<year>[12]\d{3})-?W(?P<week>\d\d)")
_MONTHS = {"Q": 3, "H": 6}


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
        """The same part of the year before; of a week that of 52 weeks before."""
        if self.end - self.start == timedelta(weeks=1):
            return Period(*(day - timedelta(weeks=52) for day in self))
        return Period(*(_shifted(day, -12) for day in self))


def period_of(label: object, *, fiscal_start: int = 1) -> Period | None:
    """
    The days of a period by its label; None for one that does not say.

    Args:
        label: A date or a time (one day), a whole number or text of a year ("2026", "FY2026",
            "FY26"), a text of a half ("2026-H1"), a quarter ("2026-Q2", "2026Q2", "FY26 Q2",
            "Q2 2026"), two years ("2025/26"), a month ("2026-04"), a week of ISO 8601
            ("2026-W05") or a day ("2026-04-30"); or an object with a ``start_time`` and an
            ``end_time``, as pandas' Period.
        fiscal_start: The month in which years begin, 1 to 12. The year 2026, its halves and its
            quarters are those of the year that ends in 2026, "2025/26" is the one that begins in
            2025; months, weeks and days are what they are. "2025-26" is two years too, but
            "2025-06" is a month.

    Raises:
        OptionError: A month that is none.

    >>> period_of("2026-Q2")
    Period(start=datetime.date(2026, 4, 1), end=datetime.date(2026, 7, 1))
    >>> period_of("FY2026", fiscal_start=7)
    Period(start=datetime.date(2025, 7, 1), end=datetime.date(2026, 7, 1))
    """
    check_fiscal_start(fiscal_start)
    return _period(label, fiscal_start)


def _period(label: object, fiscal_start: int) -> Period | None:
    if isinstance(label, str):
        return _read(label.strip(), fiscal_start)
    if hasattr(label, "start_time") and hasattr(label, "end_time"):
        spanning = cast("Any", label)
        return Period(spanning.start_time.date(), spanning.end_time.date() + timedelta(1))
    if isinstance(label, date):
        return _day(label.date() if isinstance(label, datetime) else label)
    return _read(str(label), fiscal_start) if isinstance(label, int) else None


def check_fiscal_start(month: object) -> None:
    """An error for anything but a month by its number."""
    try:
        known = checked_whole(month, "fiscal_start", 1) <= 12
    except OptionError:
        known = False
    if not known:
        raise OptionError(
            f"fiscal_start must be the number of a month, 1 to 12, got {quoted(month)}; write "
            "fiscal_start=7 where years begin in July"
        )


@lru_cache(maxsize=4096)  # a scorecard has the same periods for each measure
def _read(text: str, fiscal_start: int) -> Period | None:
    """A period that a text calls."""
    if found := _MONTH.fullmatch(text):
        return _months(int(found["year"]), int(found["month"]) - 1, 1)
    if found := _TWO_YEARS.fullmatch(text):
        year = int(found["year"])
        next_one = (year + 1) % 100 == int(found["next"])
        return _months(year, fiscal_start - 1, 12) if next_one else None
    if found := _OF_YEAR.fullmatch(text) or _PART_FIRST.fullmatch(text):
        year = int(found["year"] or f"20{found['short']}") - (fiscal_start > 1)
        months = _MONTHS[found["kind"].upper()] if found["kind"] else 12
        first = (int(found["part"] or 1) - 1) * months
        return _months(year, fiscal_start - 1 + first, months) if first < 12 else None
    try:
        start = date.fromisoformat(text)
    except ValueError:
        return None
    return Period(start, start + timedelta(7 if _WEEK.fullmatch(text) else 1))


def periods_of(labels: Sequence[object], *, fiscal_start: int = 1) -> list[Period] | None:
    """The days of all periods; None where one does not say, or they are not in order."""
    found = [_period(label, fiscal_start) for label in labels]
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
    steps = np.diff(days) / np.median(np.diff(days))
    # Months and quarters differ by days alone: they are whole steps, however many there are
    whole = np.rint(steps)
    even = np.abs(steps - whole) < np.maximum(0.2, 0.03 * whole)
    return np.append(0, np.cumsum(whole if even.all() else steps))


def _months(year: int, first: int, months: int) -> Period:
    start = date(year + first // 12, first % 12 + 1, 1)
    return Period(start, _shifted(start, months))


def _day(day: date) -> Period:
    return Period(day, day + timedelta(1))


def _shifted(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return first.replace(day=min(day.day, last))
