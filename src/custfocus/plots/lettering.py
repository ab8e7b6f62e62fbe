"""Sizes of texts, how wide they are, and how long ones are broken or shortened."""

import textwrap
from collections.abc import Iterable, Sequence
from heapq import nlargest

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from custfocus.results.text import display_width

TEXT, SMALL, TITLE = 9, 8, 11  # points
LEADING = 1.35  # of the size of a text, from line to line

_MEASURED = 8  # texts of many: letters differ in width, so the longest need not be the widest
_ROUNDED = 1.03  # letters on a screen are whole pixels wide
_LETTER = 0.56  # of the size of a text: the width of a letter on average
_LABEL_LINE, _LABEL = 32, 60  # cells: of a line of a label, and of all of it


def text_width(text: str, size: float) -> float:
    """How wide a line of text is in the fonts in use, in points."""
    font = FontProperties(size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return _ROUNDED * float(width)


def widest(texts: Iterable[str], size: float) -> float:
    """How wide the widest of some texts is, in points; 0 for none."""
    lines = {line for text in texts for line in text.split("\n")}
    longest = nlargest(_MEASURED, lines, display_width)  # measuring takes .1 s for a hundred
    return max((text_width(line, size) for line in longest), default=0.0)


def broken(text: str, points: float, size: float) -> list[str]:
    """A text in lines of about this width; no percent sign starts one."""
    joined = text.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = textwrap.wrap(joined, max(20, int(points / (size * _LETTER))))
    return [line.replace("\N{NO-BREAK SPACE}%", " %") for line in lines]


def wrapped_labels(labels: Sequence[str]) -> list[str]:
    """Labels on two lines at the most, shortened where they are longer."""
    return [_two_lines(label) for label in shortened(labels, _LABEL)]


def _two_lines(label: str) -> str:
    width = display_width(label)
    if width <= _LABEL_LINE:
        return label
    letters = max(1, _LABEL_LINE * len(label) // width)  # fewer where they are wide
    return "\n".join(textwrap.wrap(label, letters, max_lines=2, placeholder=" …"))


def shortened(texts: Sequence[str], cells: int) -> list[str]:
    """
    Texts no wider than this, different where they were: long ones lose their middle.

    Those that would begin alike then lose what they begin with instead.

    >>> shortened(["Quality of the services of the police here", "Quality of the city"], 24)
    ['Quality of … here', 'Quality of the city']
    >>> shortened([f"Quality of the services of the {one} here" for one in ("fire", "police")], 24)
    ['… fire here', '… police here']
    """
    left = {text: text for text in texts}
    while True:
        cut = {text: _ends(rest, cells) for text, rest in left.items()}
        alike: dict[str, list[str]] = {}
        for text, (start, end) in cut.items():
            if end:
                alike.setdefault(start, []).append(text)
        doubled = [group for group in alike.values() if len(group) > 1]
        if not doubled:
            short = _different([" … ".join(filter(None, cut[text])) for text in left], cells)
            found = dict(zip(left, short, strict=True))
            return [found[text] for text in texts]
        for group in doubled:
            same = _common_words([left[text] for text in group])
            left.update({text: f"… {left[text][same:]}" for text in group})


def _different(texts: list[str], cells: int) -> list[str]:
    """Texts that are alike still, such as the same words once and twice, get numbers at the end."""
    taken: set[str] = set()
    found: list[str] = []
    for text in texts:
        number, new = 1, text
        while new in taken:
            number += 1
            new = f"{text[: cells - len(str(number)) - 1]} {number}"
        taken.add(new)
        found.append(new)
    return found


def _ends(text: str, cells: int) -> tuple[str, str]:
    """A text in one part, or both ends of one that is too wide, at words where these are near."""
    width = display_width(text)
    if width <= cells:
        return text, ""
    letters = cells * len(text) // width - len(" … ")
    start = 2 * letters // 3
    first, last = text[:start], text[len(text) - letters + start :]
    word, next_word = first.rfind(" "), last.find(" ") + 1
    return (
        first[:word] if word > start / 2 else first,
        last[next_word:] if next_word <= len(last) / 2 else last,
    )


def _common_words(texts: Sequence[str]) -> int:
    """How many letters the texts begin with alike, in whole words where there are any."""
    pairs = zip(min(texts), max(texts), strict=False)  # what lies between them begins alike too
    letters = next((at for at, (one, other) in enumerate(pairs) if one != other), len(min(texts)))
    words = texts[0].rfind(" ", 0, letters) + 1
    return words if words > len("… ") else letters
