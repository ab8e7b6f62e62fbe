"""The page quotes what the simulation of rolling windows prints."""

from pathlib import Path

from rolling_windows import line, table

PAGE = Path(__file__).parents[2] / "docs" / "progress.md"


def test_the_page_quotes_the_table():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line(row) for row in table()]
    assert [row for row in rows if row not in lines] == []
