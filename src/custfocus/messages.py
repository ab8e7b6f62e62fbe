"""How names and numbers are written in error messages: near misses, long lists cut short."""

import difflib
import re
import reprlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

_MOST_LETTERS = 60  # of a name in a message
_QUOTES = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc`"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"'),
}
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))

_FOLDINGS: dict[str, Callable[[str], str]] = {
    "an invisible character": lambda text: text.translate(_INVISIBLE),
    "spaces around it": str.strip,
    "a non-breaking or other special space": lambda text: re.sub(r"\s", " ", text),
    "a doubled space": lambda text: re.sub(r"(\s)\s+", r"\1", text),
    "a typographic apostrophe or quotation mark": lambda text: text.translate(_QUOTES),
    "a typographic dash": lambda text: text.translate(_DASHES),
    "its Unicode form": lambda text: re.sub(r"\S+", _composed, text),
    "case": str.casefold,
}
"""What two texts that look alike may differ by, and what makes them equal, in the order applied."""


def number_text(number: object) -> str:
    """
    The shortest text that gives the number back, whole numbers without a decimal point.

    >>> number_text(3.0), number_text(0.3), number_text(0.1 + 0.2)
    ('3', '0.3', '0.30000000000000004')
    """
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e16:
        return str(int(number))
    return repr(float(number)) if isinstance(number, float) else str(number)


def plain_text(text: str) -> str:
    """A text as it is; in quotes and escaped if it could break a line, shortened if it is long."""
    short = text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 3]}..."
    return short if short.isprintable() else repr(short)


def quoted(value: object) -> str:
    """A value as Python writes it, so that no line is broken; shortened if it is long."""
    if isinstance(value, str) and len(value) <= _MOST_LETTERS:
        return repr(str(value))
    return reprlib.repr(value)


def list_names(names: Sequence[str], most: int) -> str:
    """
    The first names, and how many more there are.

    >>> list_names(["q1", "q2", "q3", "q4"], most=2)
    'q1, q2, ... and 2 more'
    """
    shown = ", ".join(map(plain_text, names[:most]))
    more = len(names) - most
    return f"{shown}, ... and {more} more" if more > 0 else shown


def nearest(wanted: object, known: Iterable[T], most: int = 1, *, cutoff: float = 0.6) -> list[T]:
    """
    Those of the known labels that are most like the one wanted, the nearest first.

    Args:
        wanted: A text, or a number or other label, which is compared as text.
        known: The labels there are.
        most: How many to return at most.
        cutoff: How alike they must be, from 0 to 1 (see `difflib.SequenceMatcher.ratio`).
    """
    folded: dict[str, T] = {}
    for label in known:
        folded.setdefault(_folded(str(label)), label)
    text = _folded(str(wanted))
    if most == 1 and text in folded:  # spares the comparison with each of thousands
        return [folded[text]]
    return [folded[near] for near in difflib.get_close_matches(text, folded, most, cutoff)]


def near_miss(wanted: object, known: Iterable[object], *, cutoff: float = 0.6) -> str:
    """
    The question whether another label was meant, with how it differs; "" if none is like it.

    Args:
        wanted: The label that was not found.
        known: The labels there are.
        cutoff: How alike they must be, from 0 to 1; at 1 they look the same.

    >>> near_miss("Refused", ["refused", "don't know"])
    "did you mean 'refused', which differs by case?"
    >>> near_miss("wilsn", ["wilson", "score"])
    "did you mean 'wilson'?"
    """
    return "".join(_question(wanted, label) for label in nearest(wanted, known, cutoff=cutoff))


def _question(wanted: object, label: object) -> str:
    how = _difference(wanted, label)
    which = f", which differs by {how}" if how else ""
    return f"did you mean {quoted(label)}{which}?"


def _difference(wanted: object, label: object) -> str:
    """How two labels that look alike differ; "" where they do not look alike."""
    one, other = str(wanted), str(label)
    if one == other:
        return f"type ({type(label).__name__}, not {type(wanted).__name__})"
    if _folded(one) != _folded(other):
        return ""
    kinds = [kind for kind in _FOLDINGS if _folded(one, kind) != _folded(other, kind)]
    return " and ".join(kinds) or "characters that look alike"


def _folded(text: str, without: str = "") -> str:
    for kind, fold in _FOLDINGS.items():
        if kind != without:
            text = fold(text)
    return text


def _composed(word: "re.Match[str]") -> str:
    return unicodedata.normalize("NFKC", word[0])
