"""Periods in order: when each was, and how far they are apart."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from custfocus.errors import OptionError
from custfocus.intervals.arguments import checked_whole
from custfocus.messages import quoted
from custfocus.results.arrays import Floats
from custfocus.results.days import Period, days_of


def period_of(label: object, *, fiscal_start: int = 1) -> Period | None:
    """
    The days of a period by its label; None for one that does not say.

    Args:
        label: A date or a time (one day), a whole number or text of a year ("2026", "FY2026",
            "FY26"), a text of a half ("2026-H1"), a quarter ("2026-Q2", "2026Q2", "FY26 Q2",
            "Q2 2026"), two years ("2025/26"), a month
            ("2026-04", "4/2026", "Apr 2026"), a week of ISO 8601
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
    return days_of(label, fiscal_start)


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


def periods_of(labels: Sequence[object], *, fiscal_start: int = 1) -> list[Period] | None:
    """The days of all periods; None where one does not say, or they are not in order."""
    found = [days_of(label, fiscal_start) for label in labels]
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
