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
            ("neutral", "Neutral", "case"), ("STRASSE", "Stra\u00dfe", "case"),
            ("Neutral ", "Neutral", "spaces around it"),
            ("\xa0Neutral", "Neutral", "spaces around it"),
            ("so  so", "so so", "a doubled space"), ("so\xa0so", "so so", SPACE),
            ("so\u202fso", "so so", SPACE), ("so\nso", "so so", SPACE),
            ("so\xa0\xa0so", "so so", f"{SPACE} and a doubled space"),
            ("don\u2019t know", "don't know", QUOTE), ("don\u00b4t know", "don't know", QUOTE),
            ("\u201cyes\u201d", '"yes"', QUOTE), ("1\u20132", "1-2", "a typographic dash"),
            ("cafe\u0301", "caf\u00e9", "its Unicode form"), ("\uff15", "5", "its Unicode form"),
            ("so\u200bso", "soso", "an invisible character"),
            ("\ufeffid", "id", "an invisible character"),
            ("Don\u2019t  know", "don't know", f"a doubled space and {QUOTE} and case"),
            ("\u017f", "s", "characters that look alike"),
        ],
    )  # fmt: skip
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

    @pytest.mark.parametrize(
        ("wanted", "labels", "cutoff", "question"),
        [
            ("wilsn", ["score", "wilson"], 0.6, "did you mean 'wilson'?"),
            ("xyz", ["score", "wilson"], 0.6, ""),
            ("xyz", [], 0.6, ""),
            ("wilsn", ["wilson"], 1, ""),  # at 1 only what looks the same
            ("WILSON", ["wilson"], 1, "did you mean 'wilson', which differs by case?"),
            ("bad", ["good", "Bad", "BAD"], 0.6, "did you mean 'Bad', which differs by case?"),
        ],
    )
    def test_what_was_probably_meant_is_asked(self, wanted, labels, cutoff, question):
        assert near_miss(wanted, labels, cutoff=cutoff) == question

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
        for size, more in [(10, ""), (11, ", ... and 1 more")]:
            text = str(unknown_option("column", "xyz", self.NAMES[:size]))
            assert text.endswith(f"question 9{more}")

    def test_a_name_that_breaks_lines_is_in_quotes_and_a_long_one_cut_short(self):
        text = str(unknown_option("column", "x\ny", ["q\n1", "q2"]))
        assert text == r"unknown column 'x\ny'; choose from: 'q\n1', q2"
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
