"""The page quotes what the simulation of rolling windows prints."""

from pathlib import Path

from rolling_windows import charted, line, table

PAGE = Path(__file__).parents[2] / "docs" / "progress.md"


def test_the_page_quotes_the_table():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line(row) for row in table()]
    assert [row for row in rows if row not in lines] == []


def test_the_page_says_how_often_a_chart_would_mark_stable_windows():
    said = f"of stable series of 24 rolling years {100 * charted():.0f} % would have a point beyond"
    assert said in PAGE.read_text(encoding="utf-8")
