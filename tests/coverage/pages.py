"""The pages of the documentation as tests read them: their tables, and what they say."""

import re
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]


def text_of(page: str) -> str:
    """A page of docs, or the README."""
    return (ROOT / page if page == "README.md" else ROOT / "docs" / page).read_text("utf-8")


def table(page: str, *titles: str) -> list[dict[str, str]]:
    """The rows of the first table whose first titles are these, by title, the first of two alike."""
    lines = text_of(page).splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {' | '.join(titles)}"))
    names = cells_of(lines[start])
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        pairs = list(zip(names, cells_of(line), strict=True))
        rows.append(dict(reversed(pairs)))
    return rows


def cells_of(line: str) -> list[str]:
    """The cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def numbers_of(rows: list[dict[str, str]], title: str) -> list[float]:
    """A column of numbers."""
    return [float(row[title]) for row in rows]


def missing(page: str, *sentences: str) -> list[str]:
    """Which of these a page does not say, whatever its spaces and line ends."""
    text = re.sub(r"\s+", " ", text_of(page))
    return [one for one in sentences if one not in text]


def parts_of(row: dict[str, str], name: str) -> list[float]:
    """The numbers of a cell that has several."""
    return [float(one) for one in row[name].split("/")]


def two(value: float) -> str:
    """Two decimals without the zero before them, as the pages write a share."""
    return f"{value:.2f}".lstrip("0")


def floor(value: float) -> str:
    """Likewise, never more than it is: "... and more"."""
    return two(np.floor(100 * value) / 100)


def three(value: float) -> str:
    """Three decimals likewise."""
    return f"{value:.3f}".lstrip("0")


def per_cent(ratios: list[float]) -> str:
    """From the least to the greatest, in per cent above 1."""
    least, most = (round(100 * (one - 1)) for one in (min(ratios), max(ratios)))
    return f"{least} to {most} %"


def chosen(rows: list[dict[str, str]], **wanted: str) -> list[dict[str, str]]:
    """The rows that have these cells."""
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]
