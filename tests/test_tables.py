"""Rows of cells as text and as HTML."""

import html
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.tables import escape, html_table, text_table

TITLES, ROWS = ["name", "n"], [["web", "7"], ["telephone", "12"]]


def parsed(html):
    return ET.fromstring(html)  # noqa: S314 - our own HTML


@given(st.text(st.sampled_from("&<>\"'a;#ä")))
def test_texts_are_escaped_as_the_standard_library_does(text):
    assert escape(text) == html.escape(text)


class TestTextTable:
    def test_columns_are_as_wide_as_their_widest_cell_two_spaces_apart(self):
        assert text_table(TITLES, ROWS, "lr").splitlines() == [
            "name        n",
            "web         7",
            "telephone  12",
        ]

    def test_a_letter_for_each_column_aligns_it(self):
        assert text_table(TITLES, ROWS, "rl").splitlines() == [
            "     name  n",
            "      web  7",
            "telephone  12",
        ]

    def test_a_title_may_be_the_widest(self):
        assert text_table(["a long title", "n"], [["b", "1"]], "lr").splitlines() == [
            "a long title  n",
            "b             1",
        ]

    def test_lines_do_not_end_in_spaces(self):
        lines = text_table(["a", "verdict"], [["1", ""], ["2", "met"]], "rl").splitlines()
        assert lines == ["a  verdict", "1", "2  met"]

    def test_without_rows_the_titles_are_left(self):
        assert text_table(TITLES, [], "lr") == "name  n"

    @pytest.mark.parametrize("row", [["one cell"], ["one", "two", "three"]])
    def test_a_row_of_another_length_is_an_error(self, row):
        with pytest.raises(ValueError, match="argument"):
            text_table(TITLES, [row], "lr")


class TestHtmlTable:
    def test_it_is_well_formed_and_holds_titles_and_cells(self):
        table = parsed(html_table(TITLES, ROWS, "lr"))
        assert [cell.text for cell in table.findall("thead/tr/th")] == TITLES
        body = [[cell.text for cell in row.findall("td")] for row in table.findall("tbody/tr")]
        assert body == ROWS

    def test_a_letter_for_each_column_aligns_titles_and_cells(self):
        table = parsed(html_table(TITLES, ROWS, "lr"))
        for row in table.iter("tr"):
            left, right = (cell.get("style") for cell in row)
            assert left.endswith("text-align: left")
            assert right.endswith("text-align: right")

    def test_titles_are_escaped_and_cells_are_html_already(self):
        html = html_table(["R&D <b>", 'say "yes"'], [["<i>a</i>", "&lt;"]], "ll")
        table = parsed(html)
        assert [cell.text for cell in table.iter("th")] == ["R&D <b>", 'say "yes"']
        assert table.findtext("tbody/tr/td/i") == "a"
        assert table.findall("tbody/tr/td")[1].text == "<"

    def test_without_rows_the_titles_are_left(self):
        table = parsed(html_table(TITLES, [], "lr"))
        assert len(list(table.iter("th"))) == 2
        assert list(table.iter("td")) == []

    def test_a_row_of_another_length_is_an_error(self):
        with pytest.raises(ValueError, match="argument"):
            html_table(TITLES, [["one cell"]], "lr")
