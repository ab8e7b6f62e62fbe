"""The days that labels of periods say: years, halves, quarters, months, weeks, dates."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, cast

_YEAR = r"(?:(?:FY ?)?(?P<year>[12]\d{3})|FY ?(?P<short>\d\d))"
_PART = r"(?P<kind>[QH])(?P<part>[1-4])"
_OF_YEAR = re.compile(rf"{_YEAR}(?:[- ]?{_PART})?", re.IGNORECASE)  # 2026, FY26, 2026-Q2, 2026H1
_PART_FIRST = re.compile(rf"{_PART}[- ]{_YEAR}", re.IGNORECASE)  # Q2 2026
_TWO_YEARS = re.compile(r"(?P<year>[12]\d{3})[/-](?P<next>\d\d)")  # 2025/26
_MONTH = re.compile(r"(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])")
_NAMED_MONTH = re.compile(
    r"(?P<name>[a-z]{3,9})\.?[ -](?P<year>[12]\d{3})", re.IGNORECASE
)  # Apr 2026
_MONTH_FIRST = re.compile(r"(?P<month>0?[1-9]|1[0-2])/(?P<year>[12]\d{3})")  # 4/2026
_WEEK = re.compile(r"(?P<year>[12]\d{3})-?W(?P<week>\d\d)")
_MONTHS = {"Q": 3, "H": 6}
_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBERS = {name[:length]: n for n, name in enumerate(_NAMES) for length in (3, len(name))}
_ONE_NUMBER = re.compile(r"(?P<before>\D*)\d+(?P<after>\D*)")
_MOST_DIGITS = 18


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


def days_of(label: object, fiscal_start: int = 1) -> Period | None:
    """The days of a period by its label; None for one that does not say. See `period_of`."""
    if isinstance(label, str):
        return _read(label.strip(), fiscal_start)
    if hasattr(label, "start_time") and hasattr(label, "end_time"):
        spanning = cast("Any", label)
        return Period(spanning.start_time.date(), spanning.end_time.date() + timedelta(1))
    if isinstance(label, date):
        return _day(label.date() if isinstance(label, datetime) else label)
    return _read(str(label), fiscal_start) if isinstance(label, int) else None


@lru_cache(maxsize=4096)  # a scorecard has the same periods for each measure
def _read(text: str, fiscal_start: int) -> Period | None:
    """A period that a text calls."""
    if found := _MONTH.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
        return _months(int(found["year"]), int(found["month"]) - 1, 1)
    if (found := _NAMED_MONTH.fullmatch(text)) and found["name"].lower() in _NUMBERS:
        return _months(int(found["year"]), _NUMBERS[found["name"].lower()], 1)
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


def text_order(texts: Collection[str]) -> list[str] | None:
    """
    Texts in the order that they say themselves; None for others.

    Those that all say days stand in the order of time, those that differ in a single number
    alone in the order of that number.

    >>> text_order(["Q1 2026", "Q4 2025"]), text_order(["wave 10", "wave 9"])
    (['Q4 2025', 'Q1 2026'], ['wave 9', 'wave 10'])
    >>> text_order(["before", "after"])
    """
    keys: list[Any] | None = _by_days(texts) or _by_number(texts)
    return keys and [text for _, text in sorted(zip(keys, texts, strict=True))]


def _by_days(texts: Collection[str]) -> list[Period] | None:
    found: list[Period] = []
    for text in texts:
        days = days_of(text)
        if days is None:
            return None
        found.append(days)
    return found


def _by_number(texts: Collection[str]) -> list[int] | None:
    """The number of each text, where they are alike but for it: quick for a hundred thousand."""
    if not (first := _ONE_NUMBER.fullmatch(next(iter(texts), ""))):
        return None
    before, after = first["before"], first["after"]
    inner = [text[len(before) : len(text) - len(after)] for text in texts]
    alike = all(map(str.isdecimal, inner)) and max(map(len, inner)) <= _MOST_DIGITS
    if not alike or not all(one.startswith(before) and one.endswith(after) for one in texts):
        return None
    return list(map(int, inner))


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
