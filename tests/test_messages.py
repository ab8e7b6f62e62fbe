"""How names are written in error messages: near misses, how they differ, lists cut short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import unknown_option
from custfocus.messages import list_names, near_miss, nearest, number_text, plain_text, quoted

SPACE = "a non-breaking or other special space"
QUOTE = "a typographic apostrophe or quotation mark"


class TestNearMiss:
    @pytest.mark.parametrize(
        ("wanted", "label", "how"),
        [
            ("neutral", "Neutral", "case"),
            ("STRASSE", "Stra\u00dfe", "case"),
            ("Neutral ", "Neutral", "spaces around it"),
            ("\xa0Neutral", "Neutral", "spaces around it"),
            ("so  so", "so so", "a doubled space"),
            ("so\xa0so", "so so", SPACE),
            ("so\u202fso", "so so", SPACE),
            ("so\nso", "so so", SPACE),
            ("so\xa0\xa0so", "so so", f"{SPACE} and a doubled space"),
            ("don\u2019t know", "don't know", QUOTE),
            ("don\u00b4t know", "don't know", QUOTE),
            ("\u201cyes\u201d", '"yes"', QUOTE),
            ("1\u20132", "1-2", "a typographic dash"),
            ("cafe\u0301", "caf\u00e9", "its Unicode form"),
            ("\uff15", "5", "its Unicode form"),
            ("so\u200bso", "soso", "an invisible character"),
            ("\ufeffid", "id", "an invisible character"),
            ("Don\u2019t  know", "don't know", f"a doubled space and {QUOTE} and case"),
            ("\u017f", "s", "characters that look alike"),
        ],
    )
    def test_labels_that_look_the_same_are_shown_with_the_difference(self, wanted, label, how):
        for one, other in [(wanted, label), (label, wanted)]:
            question = f"did you mean {other!r}, which differs by {how}?"
            assert near_miss(one, ["something else", other]) == question

    @pytest.mark.parametrize(
        ("wanted", "label", "how"), [(1, "1", "str, not int"), ("1", 1, "int, not str")]
    )
    def test_a_number_and_its_text_differ_by_type(self, wanted, label, how):
        assert (
            near_miss(wanted, [label]) == f"did you mean {label!r}, which differs by type ({how})?"
        )

    def test_a_slip_is_shown_what_was_probably_meant(self):
        assert near_miss("wilsn", ["score", "wilson"]) == "did you mean 'wilson'?"

    def test_nothing_like_it_gives_no_question(self):
        assert near_miss("xyz", ["score", "wilson"]) == ""
        assert near_miss("xyz", []) == ""

    def test_at_a_cutoff_of_one_only_what_looks_the_same_is_meant(self):
        assert near_miss("wilsn", ["wilson"], cutoff=1) == ""
        assert near_miss("WILSON", ["wilson"], cutoff=1)

    def test_the_first_of_several_that_look_the_same_is_meant(self):
        assert near_miss("bad", ["good", "Bad", "BAD"]).startswith("did you mean 'Bad'")

    def test_the_question_stands_on_one_line_and_is_short(self):
        question = near_miss("a\nb" + "c" * 500, ["a b" + "c" * 500])
        assert question.isprintable()
        assert len(question) < 120

    @given(st.text(max_size=8), st.text(max_size=8))
    def test_any_two_texts_can_be_compared(self, wanted, label):
        assert near_miss(wanted, [label]).isprintable()


class TestNearest:
    def test_the_nearest_come_first(self):
        assert nearest("q12", ["z", "q1234", "q12x", "q12"], 3) == ["q12", "q12x", "q1234"]

    def test_labels_are_given_back_as_they_are(self):
        assert nearest("2024", [2024, 2025.5, None]) == [2024]


class TestUnknownOption:
    NAMES = tuple(f"question {place}" for place in range(300))

    def test_ten_names_at_most_are_listed_the_nearest_first(self):
        text = str(unknown_option("column", "Question 299", self.NAMES))
        beginning = (
            "unknown column 'Question 299'; did you mean 'question 299', which differs by case? "
            "(also: question "
        )
        assert text.startswith(beginning)
        assert text.endswith(", ... and 290 more)")
        assert text.count("question ") == 10
        assert len(text) < 300

    def test_names_without_a_near_miss_are_cut_short_as_well(self):
        text = str(unknown_option("column", "xyz", self.NAMES))
        listed = ", ".join(self.NAMES[:10])
        assert text == f"unknown column 'xyz'; choose from: {listed}, ... and 290 more"

    @pytest.mark.parametrize(("size", "more"), [(10, ""), (11, ", ... and 1 more")])
    def test_ten_names_are_listed_in_full(self, size, more):
        text = str(unknown_option("column", "xyz", self.NAMES[:size]))
        assert text.endswith(f"question 9{more}")

    def test_a_name_that_breaks_lines_is_in_quotes(self):
        text = str(unknown_option("column", "x\ny", ["q\n1", "q2"]))
        assert text == r"unknown column 'x\ny'; choose from: 'q\n1', q2"

    def test_a_long_value_is_cut_short(self):
        assert len(str(unknown_option("column", "x" * 5000, ["q2"]))) < 100


class TestTexts:
    @pytest.mark.parametrize(
        ("number", "text"),
        [(3, "3"), (3.0, "3"), (0.5, "0.5"), (0.3, "0.3"), (0.1 + 0.2, "0.30000000000000004"),
         (1e15, "1000000000000000"), (1e16, "1e+16"), (10**17, "10" + "0" * 16), (-2.0, "-2"),
         (float("inf"), "inf")],
    )  # fmt: skip
    def test_numbers_are_written_as_short_as_gives_them_back(self, number, text):
        assert number_text(number) == text

    @given(st.floats(allow_nan=False))
    def test_the_text_of_a_number_gives_it_back(self, number):
        assert float(number_text(number)) == number

    def test_plain_texts_stay_and_others_are_escaped_or_cut(self):
        assert plain_text("so-so, très bien") == "so-so, très bien"
        assert plain_text("a\x1bb") == r"'a\x1bb'"
        assert plain_text("x" * 60) == "x" * 60
        assert plain_text("x" * 61) == "x" * 57 + "..."

    def test_quoted_values_are_whole_up_to_sixty_letters(self):
        assert quoted("x" * 60) == repr("x" * 60)
        assert len(quoted("x" * 61)) < 60
        assert quoted(5) == "5"

    def test_lists_name_how_many_are_left_out(self):
        assert list_names(["a", "b", "c"], 2) == "a, b, ... and 1 more"
        assert list_names(["a", "b"], 2) == "a, b"
