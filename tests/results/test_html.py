"""Tables in HTML: well formed, whatever the names are, and read out cell by cell."""

import html
import pickle
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from custfocus.results.html import Html, escape, html_table
from custfocus.results.text import printable

TITLES, ROWS = ["name", "n"], [["web", "7"], ["telephone", "12"]]
UNSAFE = "\n\t\0\x1b\x85\u2028\u202e\ufeff\ud800"
any_text = st.text(st.characters(codec=None) | st.sampled_from(UNSAFE + "&<>\"'/=-! td"))


def parsed(table):
    return ET.fromstring(table)  # noqa: S314 - our own HTML


class Reader(HTMLParser):
    """Reads a table as a browser does: the text of every cell, and tags that do not nest."""

    def __init__(self, table):
        super().__init__()
        self.open, self.cells, self.faults = [], [], []
        self.feed(table)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag in {"th", "td", "caption"}:
            self.cells.append((tag, dict(attrs).get("scope"), ""))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        tag, scope, text = self.cells.pop()
        self.cells.append((tag, scope, text + data))


class TestEscape:
    @given(st.text(st.sampled_from("&<>\"'a;#ä")))
    def test_texts_are_escaped_as_the_standard_library_does(self, text):
        assert escape(text) == html.escape(text)

    @given(any_text)
    def test_what_is_html_already_stays(self, text):
        assert escape(escape(text)) == escape(text)

    @given(any_text)
    def test_a_reader_sees_the_text_as_a_text_table_shows_it(self, text):
        assert html.unescape(escape(text)) == printable(text)

    def test_html_joined_to_a_text_is_a_text_again_and_escaped(self):
        assert escape(Html("<b>") + "<i>") == "&lt;b&gt;&lt;i&gt;"

    def test_html_is_still_html_after_a_pickle(self):
        assert escape(pickle.loads(pickle.dumps(Html("<b>")))) == "<b>"


class TestHtmlTable:
    @given(
        st.lists(st.tuples(any_text, any_text), max_size=4),
        st.tuples(any_text, any_text),
        any_text,
        st.integers(0, 2),
    )
    def test_no_name_adds_a_tag_or_loses_a_character(self, rows, titles, caption, headers):
        read = Reader(html_table(titles, rows, "lr", caption, row_headers=headers))
        assert not read.faults
        assert not read.open
        texts = [text for text in [caption] if text] + [
            text for row in [titles, *rows] for text in row
        ]
        assert [text for _, _, text in read.cells] == [printable(text) for text in texts]

    def test_titles_head_their_columns_and_the_first_cells_their_rows(self):
        read = Reader(html_table(["a", "b", "n"], [["x", "y", "7"]], "llr", row_headers=2))
        assert read.cells[:3] == [("th", "col", "a"), ("th", "col", "b"), ("th", "col", "n")]
        assert read.cells[3:] == [("th", "row", "x"), ("th", "row", "y"), ("td", None, "7")]
        plain = Reader(html_table(TITLES, ROWS, "lr"))
        assert {tag for tag, _, _ in plain.cells[2:]} == {"td"}

    def test_an_empty_title_or_name_heads_nothing(self):
        read = Reader(html_table(["", "n"], [["", "7"]], "lr", row_headers=1))
        empty = ("td", None, "")
        assert read.cells == [empty, ("th", "col", "n"), empty, ("td", None, "7")]

    def test_the_caption_comes_first_and_the_notes_follow_it(self):
        table = parsed(html_table(TITLES, ROWS, "lr", "R&D", notes=["few answers", "a < b"]))
        assert table[0].tag == "caption"
        assert list(table[0].itertext()) == ["R&D", "few answers", "a < b"]
        assert [part.tag for part in table[0]] == ["br", "br"]

    def test_without_a_caption_notes_stand_alone_and_without_both_there_is_none(self):
        assert parsed(html_table(TITLES, ROWS, "lr", notes=["few"]))[0].text == "few"
        assert parsed(html_table(TITLES, ROWS, "lr"))[0].tag == "thead"

    def test_a_letter_for_each_column_aligns_titles_and_cells(self):
        table = parsed(html_table(TITLES, ROWS, "lr", row_headers=1))
        for row in table.iter("tr"):
            left, right = (cell.get("style") for cell in row)
            assert "text-align: left" in left
            assert "text-align: right" in right

    def test_pictures_are_not_escaped(self):
        table = parsed(html_table(["a", Html("<i>b</i>")], [["<i>", Html("<b>x</b>")]], "ll"))
        assert table.findtext("thead/tr/th/i") == "b"
        assert table.findtext("tbody/tr/td/b") == "x"
        assert table.findtext("tbody/tr/td") == "<i>"

    def test_colours_are_those_of_the_page(self):
        text = html_table(TITLES, ROWS, "lr", "caption", notes=["note"], row_headers=1)
        assert set(re.findall(r"\bcolor: *(\w+)", text)) == {"inherit"}
        assert set(re.findall(r"solid (\w+)", text)) == {"currentColor"}
        assert "background" not in text
