"""Tables of text: aligned by cells of the screen, one line a row, whatever the names are."""

import datetime as dt
import math
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from custfocus.results.text import display_width, label_text, printable, text_table

TITLES, ROWS = ["name", "n"], [["web", "7"], ["telephone", "12"]]
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSAFE = "\n\r\t\v\f\b\0\x1b\x7f\x85\x9b\u2028\u2029\ufeff\ud800\udfff" + BIDI

any_text = st.text(
    st.characters(codec=None)
    | st.sampled_from(UNSAFE + "東한ｱ👩🚀🏽🌈\u2764\ufe0f\u200d\u200c\u0301\u20e3\u1161 a1")
)


class TestTextTable:
    @pytest.mark.parametrize(
        ("titles", "rows", "align", "lines"),
        [
            (TITLES, ROWS, "lr", ["name        n", "web         7", "telephone  12"]),
            (TITLES, ROWS, "rl", ["     name  n", "      web  7", "telephone  12"]),
            (["a long title", "n"], [["b", "1"]], "lr", ["a long title  n", "b             1"]),
            (["a", "verdict"], [["1", ""], ["2", "met"]], "rl", ["a  verdict", "1", "2  met"]),
            (TITLES, [], "lr", ["name  n"]),
            (["place", "n"], [["東京", "1"], ["Mu\u0308nster", "2"], ["👩🏽\u200d🚀 crew", "3"]], "lr",
             ["place    n", "東京     1", "Mu\u0308nster  2", "👩🏽\u200d🚀 crew  3"]),
        ],
    )  # fmt: skip
    def test_columns_are_as_wide_as_their_widest_cell_and_two_spaces_apart(
        self, titles, rows, align, lines
    ):
        assert text_table(titles, rows, align).splitlines() == lines

    def test_without_columns_there_is_nothing(self):
        assert text_table([], [], "") == ""

    @example([("", "\ufe0f")], "l")  # it makes an emoji wide, and no space
    @example([("👩", "🏽")], "r")
    @given(st.lists(st.tuples(any_text, any_text), max_size=6), st.sampled_from("lr"))
    def test_every_line_is_as_wide_as_the_columns_on_the_screen(self, rows, side):
        closed = [[one, other, "|"] for one, other in rows]
        lines = text_table(["a", "b", "|"], closed, f"{side}rl").split("\n")
        assert len(lines) == len(rows) + 1
        assert len({display_width(line) for line in lines}) == 1

    @given(st.lists(any_text, max_size=6))
    def test_no_name_adds_a_line_and_no_control_character_is_left(self, names):
        table = text_table(["name"], [[name] for name in names], "l")
        assert not set(table.replace("\n", "")) & set(UNSAFE)
        assert len(table.split("\n")) == len(names) + 1


class TestPrintable:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("a\nb\tc\rd", r"a\nb\tc\rd"), ("\x1b[31mred", r"\x1b[31mred"),
            ("\x85\u2028", r"\x85\u2028"), ("abc\u202edef", r"abc\u202edef"),
            ("\ufeffname", r"\ufeffname"), ("\ud83d", r"\ud83d"),
            ("R&D <b> \\ 'é'", "R&D <b> \\ 'é'"), ("no\xa0break", "no\xa0break"),
            ("👩\u200d🚀", "👩\u200d🚀"),
        ],
    )  # fmt: skip
    def test_what_would_break_a_line_is_written_as_an_escape(self, text, shown):
        assert printable(text) == shown

    @given(any_text)
    def test_no_control_character_survives(self, text):
        shown = printable(text)
        assert not set(shown) & set(BIDI)
        assert not {unicodedata.category(one) for one in shown} & {"Cc", "Cs", "Zl", "Zp"}

    @given(any_text)
    def test_nothing_is_lost(self, text):
        expected = "".join(one if printable(one) == one else ascii(one)[1:-1] for one in text)
        assert printable(text) == expected


class TestDisplayWidth:
    @pytest.mark.parametrize(
        ("text", "width"),
        [
            ("", 0), ("plain", 5), ("café", 4), ("cafe\u0301", 4), ("東京", 4), ("ﾄｳｷｮｳ", 5),
            ("\uff21\uff22", 4), ("한글", 4), ("\u1112\u1161\u11ab", 2),  # one syllable, three letters
            ("\u0645\u06cc\u200c\u062e", 3), ("\u0915\u094d\u200d\u0937", 2), ("👍", 2), ("👍🏽", 2),
            ("👍🏽👍", 4), ("🏽", 2), ("❤", 1), ("❤\ufe0f", 2), ("❤\ufe0fa", 3), ("👍\ufe0f", 2),
            ("\ufe0f", 0), (" \ufe0f", 1), ("1\ufe0f\u20e3", 2), ("👨\u200d👩\u200d👧", 2),
            ("🏳\ufe0f\u200d🌈", 2), ("👩\u200d⚕\ufe0f!", 3), ("👩\u200d東", 4),
            ("\U0001f1e9\U0001f1ea", 2), ("🏴\U000e0067\U000e0062\U000e007f", 2),
        ],
    )  # fmt: skip
    def test_cells_are_those_of_a_terminal(self, text, width):
        assert display_width(text) == width

    @given(st.text(st.sampled_from("abcé東ｱ한—")))
    def test_characters_that_stand_alone_add_up(self, text):
        assert display_width(text) == sum(map(display_width, text))

    @given(any_text, st.text(st.characters(codec="ascii"), min_size=1))
    def test_a_text_in_ascii_adds_its_length(self, text, more):
        assert display_width(text + more) == display_width(text) + len(more)


class TestLabelText:
    @pytest.mark.parametrize(
        ("label", "text"),
        [
            ("North", "North"), ("", "''"), (" ", "' '"), ("North\nSouth", r"North\nSouth"),
            (None, "(none)"), (math.nan, "(none)"), (np.float32("nan"), "(none)"), (3, "3"),
            (True, "True"), (np.bool_(0), "False"), (np.int64(3), "3"), (3.0, "3"), (0.3, "0.3"),
            (0.1 + 0.2, "0.30000000000000004"), (np.float64(0.3), "0.3"), (np.float32(0.3), "0.3"),
            (-0.0, "0"), (1e22, "1e+22"), (-math.inf, "-inf"), (("a", 1), "('a', 1)"),
            (dt.date(2022, 3, 1), "2022-03-01"),
            (dt.datetime(2022, 3, 1), "2022-03-01"),  # noqa: DTZ001 - as frames have them
            (dt.datetime(2022, 3, 1, 9, 30), "2022-03-01 09:30:00"),  # noqa: DTZ001
            (dt.datetime(2022, 3, 1, tzinfo=dt.UTC), "2022-03-01 00:00:00+00:00"),
        ],
    )  # fmt: skip
    def test_a_label_reads_as_its_reader_would_write_it(self, label, text):
        assert label_text(label) == text

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_different_numbers_read_differently(self, number):
        assert float(label_text(number)) == number

    @given(any_text)
    def test_no_label_is_invisible_or_of_two_lines(self, label):
        text = label_text(label)
        assert text.strip()
        assert len(text.splitlines()) == 1
