"""Text tables that align on the screen, and labels that cannot break them."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

import numpy as np

_ESCAPED = ("Cc", "Cs", "Zl", "Zp")  # controls, lone surrogates, line and paragraph separators
_INVISIBLE = ("Mn", "Me", "Cf")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BYTE_ORDER_MARK = "\ufeff"  # of a file read as the wrong UTF-8, at the start of its first name
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))  # vowels and finals: in the first's cell


def text_table(titles: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> str:
    """
    Columns as wide as their widest cell on the screen, two spaces apart.

    Args:
        titles: One for each column.
        rows: Cells, one for each column. What would break a line is escaped, see `printable`.
        align: A letter for each column: l for left, r for right.

    >>> print(text_table(["city", "n"], [["Bonn", "7"], ["東京", "12"]], "lr"))
    city   n
    Bonn   7
    東京  12
    """
    lines = [[printable(cell) for cell in row] for row in (titles, *rows)]
    widths = [max(map(display_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(line, widths, align) for line in lines)


def label_text(label: object) -> str:
    r"""
    A label of a group as it is printed.

    Args:
        label: A text, number, date or anything with a text. None and NaN are "(none)", a text
            of spaces is quoted. Whole floats read like the integers that they equal. Dates are in ISO
            format, a time of midnight left out.

    >>> label_text("North\nSouth"), label_text(0.1 + 0.2), label_text(3.0), label_text(None)
    ('North\\nSouth', '0.30000000000000004', '3', '(none)')
    """
    if label is None:
        return "(none)"
    text = printable(str(label))
    if isinstance(label, (float, np.floating)):
        return {"nan": "(none)", "-0.0": "0"}.get(text, text.removesuffix(".0"))
    if isinstance(label, datetime):
        return text.removesuffix(" 00:00:00")
    return text if text.strip() else f"'{text}'"


def label_texts(labels: Sequence[object], among: Sequence[object] | None = None) -> list[str]:
    """
    A column of labels as it is printed: texts that another label reads like stand in quotes.

    Args:
        labels: Of some rows.
        among: All labels that there are; by default those of the rows.

    >>> label_texts([2027, "2027", "North"]), label_texts(["2027"])
    (['2027', "'2027'", 'North'], ['2027'])
    """
    texts, every = list(map(label_text, labels)), labels if among is None else among
    if len(set(map(type, every))) < 2:
        return texts
    others = {label_text(label) for label in every if not isinstance(label, str)}
    return [
        repr(str(label)) if isinstance(label, str) and text in others else text
        for label, text in zip(labels, texts, strict=True)
    ]


def named_text(name: str, text: str) -> str:
    """
    The text of a label with the name of it; that of an item goes without.

    >>> named_text("shop", "north"), named_text("item", "q1")
    ('shop north', 'q1')
    """
    return text if name == "item" else f"{label_text(name)} {text}"


def kind_text(thing: object) -> str:
    """
    What kind of thing was given, in an error.

    >>> kind_text(5), kind_text("north")
    ('an int', 'a str')
    """
    name = type(thing).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def printable(text: str) -> str:
    r"""
    A text on one line, in the order in which it is read.

    Control characters, line separators, lone surrogates, a byte order mark and the characters that
    reverse or embed a direction of writing are written as Python writes them: ``\n``, ``\x1b``,
    ``\u202e``. All else stays.

    >>> print(printable("a\tb\x1b[2J"))
    a\tb\x1b[2J
    """
    if text.isprintable():
        return text
    return "".join(map(_escaped, text))


def display_width(text: str) -> int:
    """
    How many cells of a terminal a text takes.

    East Asian wide characters and emoji take two, combining and other invisible characters none,
    all others one. An emoji made of several joined, or with a skin tone, takes two.

    References:
        Unicode Standard Annex 11, East Asian Width; Unicode Technical Standard 51, Emoji.

    >>> display_width("naïve"), display_width("東京"), display_width("👩🏽\u200d🚀")
    (5, 4, 2)
    """
    if text.isascii():
        return len(text)
    cells = last = 0  # last: the width of the character, or joined emoji, before
    before = ""
    for character in text:
        if character == _EMOJI_STYLE:
            width = 1 if last == 1 and before != " " else 0
            last += width
        elif last == 2 and _is_part(character, before):
            width = 0
        else:
            width = _cells(character)
            last = width or last
        cells += width
        before = character
    return cells


def _is_part(character: str, before: str) -> bool:
    """Whether a character goes on with the emoji before it."""
    joined = before == _JOINER and unicodedata.category(character) == "So"
    return joined or ord(character) in _SKIN_TONES


def _cells(character: str) -> int:
    if unicodedata.category(character) in _INVISIBLE:
        return 0
    if any(ord(character) in block for block in _JAMO):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _escaped(character: str) -> str:
    unseen = character in _BIDI or character == _BYTE_ORDER_MARK
    if unseen or unicodedata.category(character) in _ESCAPED:
        return character.encode("unicode_escape").decode("ascii")
    return character


def _line(cells: Sequence[str], widths: Sequence[int], align: str) -> str:
    padded: list[str] = []
    for cell, width, side in zip(cells, widths, align, strict=True):
        room = " " * (width - display_width(cell))
        padded.append(cell + room if side == "l" else room + cell)
    return "  ".join(padded).rstrip(" ")
