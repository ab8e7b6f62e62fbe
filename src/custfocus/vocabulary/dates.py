"""Dates of the vocabulary: what a field takes as a date, and ages counted in years."""

from datetime import date, datetime, time

from custfocus.errors import VocabularyError


def date_of(given: object, field: str) -> date | None:
    """
    A date, given as one or as its ISO text; None stays None.

    A time at midnight, as which dates come out of spreadsheets, is its date.

    Raises:
        VocabularyError: Anything else, another time of day among it.
    """
    if isinstance(given, datetime):
        if given.tzinfo is None and given.time() == time.min:
            return given.date()
    elif given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        raise VocabularyError(
            f"{field} must be a date or its ISO text such as '2027-12-31', got {given!r}"
        ) from None


def today() -> date:
    """The date where the program runs."""
    return datetime.now().astimezone().date()


def year_before(day: date) -> date:
    """The same day a year earlier; 28 February before a leap day."""
    if day.year == date.min.year:
        return date.min
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
