"""The page quotes how often a funnel flags groups that are like all others."""

from pathlib import Path

from funnel_flags import table

PAGE = Path(__file__).parents[2] / "docs" / "comparing.md"


def test_the_page_quotes_the_enumeration():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [row for row in table() if row not in lines] == []
