"""Scales: what they take, how answers are found on them, and what contradictions get."""

import contextlib
import copy
import pickle
import re
import reprlib
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import AnswerError, CustfocusError, ScaleError
from custfocus.responses import Scale
from strategies import scales

LABELS = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")


ORDER = "two or more, all ascending or all descending, got"
FINITE, SIZE = "finite numbers, got", "0 or from 1e-50 to 1e+50 in size, got"


def whole(text: str) -> str:
    """A pattern for exactly that message."""
    return f"^{re.escape(text)}$"


def begins(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


class TestPoints:
    def test_range_includes_both_ends(self):
        assert Scale.range(0, 10).points == tuple(range(11))
        assert Scale.range(-2, 2).points == (-2, -1, 0, 1, 2)

    def test_likert_and_range_pass_labels_and_missing_codes_on(self):
        for scale in [
            Scale.likert(5, labels=LABELS, missing=[9]),
            Scale.range(1, 5, labels=LABELS, missing=[9]),
        ]:
            assert scale == Scale([1, 2, 3, 4, 5], labels=LABELS, missing=[9])

    @pytest.mark.parametrize(
        "points",
        [
            [1, 2, 3], (1, 2, 3), range(1, 4), np.array([1, 2, 3]),
            np.array([1, 2, 3], dtype=np.int8), pd.Series([1, 2, 3]),
            [np.int64(1), np.float64(2), 3], (point for point in (1, 2, 3)),
        ],
    )  # fmt: skip
    def test_points_come_from_any_collection_of_numbers(self, points):
        assert Scale(points) == Scale.likert(3)

    @pytest.mark.parametrize(
        ("point", "kind"), [(np.int8(2), int), (np.float32(2), float), (np.uint64(2), int)]
    )
    def test_points_are_kept_as_plain_numbers(self, point, kind):
        assert type(Scale([1, point]).points[1]) is kind

    @pytest.mark.parametrize(
        ("points", "text"),
        [
            ([], f"{ORDER} []"), ([1], f"{ORDER} [1]"), ([1, 1], f"{ORDER} [1, 1]"),
            ([1, 2, 2], f"{ORDER} [1, 2, 2]"), ([3, 2, 2], f"{ORDER} [3, 2, 2]"),
            ([1, 3, 2], f"{ORDER} [1, 3, 2]"), ([3, 1, 2], f"{ORDER} [3, 1, 2]"),
            ([0, -0.0], f"{ORDER} [0, 0.0]"), ([9, *range(20)], f"{ORDER} [9, 0, 1, 2, 3, 4, ...]"),
            (["bad", "good"], f"{FINITE} 'bad'; put texts into labels="),
            (np.array([[1, 2], [3, 4]]), f"{FINITE} array([1, 2])"),
            *(([1, point], f"{FINITE} {point!r}")
              for point in (None, float("nan"), float("inf"), -np.inf, True, np.True_, 2j, [2], b"2",
                            Decimal(2))),
            *((sorted([0, point]), f"{SIZE} {reprlib.repr(point)}")
              for point in (5e-324, 9.9e-51, -1e-60, 1.1e50, -1e308, 10**51)),
        ],
    )  # fmt: skip
    def test_points_that_cannot_be_are_shown(self, points, text):
        with pytest.raises(ScaleError, match=whole(f"points must be {text}")):
            Scale(points)

    @pytest.mark.parametrize("points", [[10**400, 10**401], [Fraction(10**400), 1]])
    def test_points_beyond_floats_are_refused_and_cut_short(self, points):
        with pytest.raises(ScaleError, match=r"^points must be finite numbers, got .{1,60}$"):
            Scale(points)

    def test_zero_is_kept_without_its_sign(self):
        assert str(Scale([-1.0, -0.0])) == "-1, 0"

    @pytest.mark.parametrize(("low", "high"), [(10, 0), (0, 0)])
    def test_a_range_without_two_points_is_refused(self, low, high):
        with pytest.raises(ScaleError, match=begins("points must be two or more")):
            Scale.range(low, high)

    @pytest.mark.parametrize(("low", "high"), [(1, 5.0), ("1", 5), (None, 5), (1, float("inf"))])
    def test_the_ends_of_a_range_must_be_whole_numbers(self, low, high):
        text = f"the ends of a scale must be whole numbers, got {low!r} and {high!r}"
        with pytest.raises(ScaleError, match=whole(text)):
            Scale.range(low, high)

    @pytest.mark.parametrize("field", ["points", "labels"])
    @pytest.mark.parametrize(
        "values", [{1: "bad", 2: "good"}, {1, 2}, frozenset(["a"]), "12", b"12", 5, np.array(5)]
    )
    def test_points_and_labels_without_an_order_are_refused(self, field, values):
        text = f"{field} must be a list or a tuple, got {reprlib.repr(values)}"
        with pytest.raises(ScaleError, match=whole(text)):
            Scale(**({"points": [1, 2]} | {field: values}))

    def test_the_ends_of_a_range_may_be_numpy_numbers(self):
        assert Scale.range(np.int8(1), np.uint64(3)) == Scale.likert(np.int64(3))

    def test_points_at_the_ends_of_the_usual_sizes_are_taken(self):
        assert len(Scale([-1e50, -1e-50, 0, 1e-50, 10**50])) == 5


class TestLabels:
    def test_labels_are_kept_in_the_order_of_the_points(self):
        assert Scale([5, 4, 3, 2, 1], labels=list(LABELS)).labels == LABELS

    @pytest.mark.parametrize("labels", [[], ["bad"], ["bad", "so", "good"]])
    def test_a_label_for_each_point_or_an_error(self, labels):
        text = f"labels must be one for each of the 2 points, got {len(labels)}"
        with pytest.raises(ScaleError, match=whole(text)):
            Scale.likert(2, labels=labels)

    @pytest.mark.parametrize("label", [2, None, 1.5, b"bad", ["bad"]])
    def test_labels_must_be_texts(self, label):
        with pytest.raises(ScaleError, match=whole(f"labels must be texts, got {label!r}")):
            Scale.likert(2, labels=[label, "good"])

    def test_labels_come_from_any_collection_with_an_order(self):
        for labels in (np.array(LABELS), pd.Series(LABELS), (label for label in LABELS)):
            assert Scale.likert(5, labels=labels).labels == LABELS

    def test_twenty_thousand_labels_are_checked_located_and_turned(self):
        labels = [f"label {place}" for place in range(20_000)]
        turned = Scale.likert(20_000, labels=labels).reverse_coded()
        assert turned.locate(labels).tolist() == [*range(19_999, -1, -1)]
        with pytest.raises(
            ScaleError,
            match=whole("labels must differ from each other, got ['label 5'] more than once"),
        ):
            Scale.likert(20_001, labels=[*labels, "label 5"])

    def test_doubled_labels_are_listed_each_once_in_order(self):
        text = "labels must differ from each other, got ['a', 'b'] more than once"
        with pytest.raises(ScaleError, match=whole(text)):
            Scale.likert(5, labels=["b", "a", "b", "a", "c"])


class TestMissingCodes:
    def test_none_stands_for_every_kind_of_empty(self):
        codes = [float("nan"), None, pd.NA, pd.NaT, np.float64("nan")]
        assert Scale.likert(5, missing=codes).missing == (None,)

    def test_doubled_codes_are_kept_once(self):
        assert Scale.likert(5, missing=[9, 99, 9, "", ""]).missing == (9, 99, "")

    @pytest.mark.parametrize(
        "codes",
        [
            [9, 99], (99, 9), {9, 99}, frozenset([9, 99]), range(9, 100, 90), np.array([99, 9]),
            pd.Series([9, 99]), [np.float64(99), np.int8(9)],
        ],
    )  # fmt: skip
    def test_codes_come_from_any_collection(self, codes):
        assert Scale.likert(5, missing=codes) == Scale.likert(5, missing=(9, 99))

    @given(st.permutations([99, "b", None, -1.5, "", 9]))
    def test_codes_are_kept_numbers_first_then_texts_and_none_last(self, codes):
        assert Scale.likert(5, missing=codes).missing == (-1.5, 9, 99, "", "b", None)

    def test_codes_are_kept_as_plain_values(self):
        kept = Scale.likert(5, missing=[np.int64(9), np.float32(-1.5), np.str_("x")]).missing
        assert kept == (-1.5, 9, "x")
        assert [type(code) for code in kept] == [float, int, str]

    @pytest.mark.parametrize("codes", [np.array([[9, 8]]), [10**400, ""]], ids=["2d", "large"])
    def test_codes_fail_with_a_scale_error_or_not_at_all(self, codes):
        with contextlib.suppress(ScaleError):
            Scale.likert(5, missing=codes)

    def test_the_order_of_the_codes_has_no_meaning(self):
        one, other = Scale.likert(5, missing=[9, None, ""]), Scale.likert(5, missing=["", None, 9])
        assert one == other
        assert hash(one) == hash(other)

    @pytest.mark.parametrize(
        ("codes", "both"),
        [([5], [5]), ([9, 5.0, 1], [1, 5.0]), (["good"], ["good"]), (["", "bad", 2], [2, "bad"])],
    )
    def test_a_code_that_is_also_an_answer_is_refused(self, codes, both):
        labels = ["bad", "a", "b", "c", "good"]
        text = f"missing codes must not be answers as well, got {both}"
        with pytest.raises(ScaleError, match=whole(text)):
            Scale.likert(5, labels=labels, missing=codes)

    @pytest.mark.parametrize("code", [True, np.True_, [9], (9,), b"9", 9j, {9: 1}, Decimal(9)])
    def test_codes_that_are_no_numbers_texts_or_none_are_refused(self, code):
        text = f"missing codes must be numbers, texts or None, got {code!r}"
        with pytest.raises(ScaleError, match=whole(text)):
            Scale.range(2, 5, missing=[9, code])

    @pytest.mark.parametrize("code", ["", "Don't know", b"9", 9, None, {9: "refused"}, np.array(5)])
    def test_a_code_alone_is_not_a_collection_of_codes(self, code):
        text = f"missing must be a collection of codes, got {code!r}; wrap it in []"
        with pytest.raises(ScaleError, match=whole(text)):
            Scale.likert(5, missing=code)


class TestReverseCoding:
    @given(scales())
    def test_turning_twice_gives_the_scale_back(self, scale):
        assert scale.reverse_coded() != scale
        assert scale.reverse_coded().reverse_coded() == scale

    @given(scales(labelled=True))
    def test_points_keep_their_labels(self, scale):
        turned = scale.reverse_coded()
        named = dict(zip(scale.points, scale.labels, strict=True))
        assert dict(zip(turned.points, turned.labels, strict=True)) == named

    def test_a_subclass_stays_a_subclass(self):
        class Satisfaction(Scale):
            pass

        assert type(Satisfaction.likert(5)) is Satisfaction
        assert type(Satisfaction.range(1, 5).reverse_coded()) is Satisfaction


class TestLocate:
    def test_no_answers_are_found_in_no_places(self):
        places = Scale.likert(5).locate([])
        assert places.shape == (0,)
        assert places.dtype == np.intp

    @given(scales())
    def test_each_point_and_label_is_found_at_its_place(self, scale):
        places = list(range(len(scale)))
        assert scale.locate(scale.points).tolist() == places
        assert scale.labels is None or scale.locate(scale.labels).tolist() == places
        assert scale.locate(scale.missing).tolist() == [-1] * len(scale.missing)

    @pytest.mark.parametrize("one", [True, np.True_])
    @pytest.mark.parametrize("points", [[0, 1], [1, 0], [0.0, 1.0]])
    def test_true_and_false_are_answers_to_yes_or_no(self, one, points):
        scale = Scale(points)
        assert scale.locate([one, not one]).tolist() == scale.locate([1, 0]).tolist()

    @pytest.mark.parametrize("points", [[1, 2, 3, 4, 5], [0, 1, 2], [1, 2], [-1, 0, 1]])
    @pytest.mark.parametrize("answer", [True, np.True_])
    def test_true_is_no_answer_to_any_other_question(self, points, answer):
        with pytest.raises(AnswerError, match="convert True and False to points of the scale"):
            Scale(points).locate([answer])

    @pytest.mark.parametrize("missing", [[9], [None]])
    def test_false_is_no_missing_code(self, missing):
        with pytest.raises(AnswerError, match=begins("answers not on the scale: [False];")):
            Scale.likert(5, missing=missing).locate([False])


class TestReasons:
    SCALE = Scale.likert(3, labels=["bad", "so", "good"], missing=[99, 9.0, "dk", "", None])

    def test_every_missing_code_has_a_text_in_the_order_of_the_codes(self):
        assert self.SCALE.missing == (9, 99, "", "dk", None)
        assert self.SCALE.reasons == ("9", "99", "''", "dk", "blank")

    @pytest.mark.parametrize(
        ("codes", "reasons"),
        [
            ([9, "9"], ("9", "'9'")), (["blank", None], ("'blank'", "blank")),
            (["blank"], ("blank",)), ([9, "9", "'9'"], ("9", "\"'9'\"", "'9'")),
            (['"9"'], ("'\"9\"'",)), ([-1.5, 0.1 + 0.2], ("-1.5", "0.30000000000000004")),
        ],
    )  # fmt: skip
    def test_reasons_differ_even_where_codes_read_alike(self, codes, reasons):
        assert Scale([1, 2], missing=codes).reasons == reasons

    @given(
        st.lists(
            st.one_of(st.integers(5, 9), st.sampled_from(["5", "'5'", "", "blank", '"', None, "x"]))
        )
    )
    def test_there_are_as_many_reasons_as_codes(self, codes):
        scale = Scale([1, 2], missing=codes)
        assert len({*scale.reasons}) == len(scale.missing)

    @pytest.mark.parametrize(
        ("answer", "place"),
        [
            (9, 0), (9.0, 0), (np.float32(9), 0), (99, 1), ("", 2), ("dk", 3), (None, 4),
            (pd.NA, 4), (float("nan"), 4),
        ],
    )  # fmt: skip
    def test_a_missing_answer_is_known_by_its_code(self, answer, place):
        assert self.SCALE.reason_of([answer, 2]).tolist() == [place, -1]

    def test_the_reason_of_an_answer_off_the_scale_is_an_error(self):
        with pytest.raises(AnswerError, match=begins("answers not on the scale: [4];")):
            self.SCALE.reason_of([1, 4])

    @given(scales())
    def test_every_code_and_no_point_has_its_reason(self, scale):
        assert scale.reason_of(scale.missing).tolist() == [*range(len(scale.missing))]
        assert scale.reason_of(scale.points).tolist() == [-1] * len(scale)


NAMED = Scale.likert(5, labels=LABELS, missing=["Don't know", 9])
REMEDY = 'pass the scale= that was asked, or list codes for "no answer" in its missing='
TEXTS, SPACES = "they are texts: convert them to numbers", "strip the spaces around texts"
EMPTY = 'list None in the missing= of the scale if empty means "no answer"'
VERY = "did you mean 'Very satisfied', which differs by"
APOSTROPHE = (
    'did you mean "Don\'t know", which differs by a typographic apostrophe or quotation mark'
)
HEADERS = (
    "header rows seem to be left in among the answers: skip them when reading the file, as pandas "
    "does by skiprows=[1, 2]"
)


class TestOffScale:
    @pytest.mark.parametrize(
        ("scale", "answers", "text"),
        [
            (NAMED, ["neutral"], "'neutral': did you mean 'Neutral', which differs by case?"),
            (NAMED, ["Very  satisfied"], f"'Very  satisfied': {VERY} a doubled space?"),
            (NAMED, ["Very\xa0satisfied"],
             f"'Very\\xa0satisfied': {VERY} a non-breaking or other special space?"),
            (NAMED, ["DON\u2019T KNOW"], f"'DON\u2019T KNOW': {APOSTROPHE} and case?"),
            (NAMED, ["Disatisfied"], "'Disatisfied': did you mean 'Dissatisfied'?"),
            *((NAMED, [label], SPACES) for label in ("Neutral ", " Neutral", "\tNeutral\n")),
            (NAMED, ["\xa0Neutral"], SPACES),
            *((Scale.likert(5, missing=["Don't know", "", None]), [answer], SPACES)
              for answer in ("Don't know ", " Don't know", " ")),
            *((scale, [answer], TEXTS)
              for answer in ("5", " 5", "1 ", "3.0", "5e0", np.str_("2"))
              for scale in (Scale.likert(5), Scale(np.arange(1.0, 6), labels=LABELS))),
            (Scale.likert(5, missing=[9]), ["9"], TEXTS),
            (Scale.likert(5), ["6"], REMEDY),
            (Scale.likert(2, labels=["no", "yes"], missing=[None]), ["Satisfied"], REMEDY),
            *((NAMED, [1, empty], EMPTY) for empty in (None, float("nan"), pd.NA, pd.NaT)),
            *((scale, [header, "5", "4", 7], HEADERS)
              for header in ('{"ImportId":"QID12"}', "How satisfied are you?", "Will you come? ")
              for scale in (Scale.likert(5), NAMED)),
            (NAMED, [7, 8, "5", "4", "Neutral ", None, True, "six"],
             f"{REMEDY}; {TEXTS}; {SPACES}; {EMPTY}; convert True and False to points of the scale"),
        ],
    )  # fmt: skip
    def test_what_may_have_been_meant_is_said_and_each_remedy_once(self, scale, answers, text):
        with pytest.raises(AnswerError, match=f"[(;] ?{re.escape(text)}[;)]"):
            scale.locate(answers)

    @pytest.mark.parametrize(
        ("scale", "answers", "text"),
        [
            (Scale.likert(5), [6, 1, 0], f"[6, 0]; its points are 1, 2, 3, 4, 5 ({REMEDY})"),
            (Scale([2, 1, 0.5], labels=["bad", "so", "good"]), ["great"],
             "['great']; its points are 2 bad, 1 so, 0.5 good ("),
            (Scale.likert(5), range(1, 11), "[6, 7, 8, 9, 10]; its"),
            (Scale.likert(5), range(1, 12), "[6, 7, 8, 9, 10, ...]; its"),
            (Scale.likert(20_000), [0],
             "[0]; its points are 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ..., 20000 ("),
            *((Scale.likert(5, missing=[9, None]), [5, answer], f"[{answer!r}]; its points")
              for answer in (0, 6, -1, 5.5, 1e300, float("inf"), -0.0, 10**30, b"5", "five", (5,),
                             1.0000001, "")),
        ],
    )  # fmt: skip
    def test_the_answers_and_the_scale_are_shown(self, scale, answers, text):
        with pytest.raises(AnswerError, match=begins(f"answers not on the scale: {text}")):
            scale.locate(answers)

    def test_long_answers_are_cut_short(self):
        with pytest.raises(AnswerError, match=r"^answers not on the scale: \['x+\.\.\.x+'\]; its"):
            Scale.likert(5).locate(["x" * 1000])

    def test_texts_are_sent_to_labels_where_the_scale_has_none(self):
        with pytest.raises(AnswerError, match=r"they are texts: name the points in labels=, worst"):
            Scale.likert(5).locate(["Satisfied"])

    @pytest.mark.parametrize("answer", ["Unsatisfied", "Very", "great"])
    def test_another_word_is_not_taken_for_a_slip(self, answer):
        with pytest.raises(AnswerError) as caught:
            Scale.likert(5, labels=LABELS).locate([answer])
        assert "did you mean" not in str(caught.value)

    def test_a_label_that_is_a_question_is_no_header_row(self):
        assert Scale.likert(2, labels=["no?", "yes?"]).locate(["yes?"]) == [1]

    def test_answers_cannot_break_the_line_of_the_message(self):
        with pytest.raises(AnswerError) as caught:
            Scale.likert(2, labels=["bad\nfake", "good\x1b[31m"]).locate(["x\ny"])
        assert str(caught.value).isprintable()
        assert "its points are 1 'bad\\nfake', 2 'good\\x1b[31m' (" in str(caught.value)

    def test_remedies_are_given_for_no_more_than_ten_answers(self):
        labels = [*map("label {}".format, range(30))]
        with pytest.raises(AnswerError) as caught:
            Scale.likert(30, labels=labels).locate([label.upper() for label in labels])
        assert str(caught.value).count("did you mean") == 10


class TestValue:
    def test_str_reads_as_the_question_was_printed(self):
        scale = Scale([1, 2.5], labels=["bad", "good"], missing=[9])
        assert str(scale) == "1 bad, 2.5 good"
        assert str(Scale.likert(3)) == "1, 2, 3"

    @pytest.mark.parametrize(
        ("points", "text"),
        [
            ([1000000, 1000001], "1000000, 1000001"),
            ([0.1, 0.3, 0.1 + 0.2], "0.1, 0.3, 0.30000000000000004"),
            ([0, 1e16, 1e50], "0, 1e+16, 1e+50"),
            ([1.0, 10**16], "1, 10000000000000000"),
            ([2.0, 2.0000001], "2, 2.0000001"),
        ],
    )
    def test_points_are_shown_apart(self, points, text):
        assert str(Scale(points)) == text

    @pytest.mark.parametrize(("size", "cut"), [(20, False), (21, True)])
    def test_a_scale_of_more_than_twenty_points_is_cut_short(self, size, cut):
        assert ("..." in str(Scale.likert(size))) is cut
        assert str(Scale.likert(size)).endswith(f", {size}")

    @given(scales())
    def test_every_point_has_a_name_of_its_own(self, scale):
        assert len({*scale.point_names}) == len(scale)
        assert scale.labels in {None, scale.point_names}

    def test_points_next_to_each_other_have_names_of_their_own(self):
        assert Scale([0.3, 0.1 + 0.2, 1.0]).point_names == ("0.3", "0.30000000000000004", "1")

    @given(scales())
    def test_equal_scales_have_equal_hashes(self, scale):
        same = Scale(list(scale.points), labels=scale.labels, missing=list(scale.missing))
        assert same == scale
        assert hash(same) == hash(scale)
        assert {scale: "found"}[same] == "found"

    @pytest.mark.parametrize(
        "other",
        [
            Scale.likert(4), Scale.likert(5).reverse_coded(), Scale.likert(5, labels=LABELS),
            Scale.likert(5, missing=[9]),
        ],
    )  # fmt: skip
    def test_scales_differ_by_points_order_labels_and_missing_codes(self, other):
        assert Scale.likert(5) != other

    @given(scales())
    def test_copies_and_pickles_are_equal(self, scale):
        for made_again in (copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))):
            assert made_again(scale) == scale

    @pytest.mark.parametrize("field", ["points", "labels", "missing"])
    def test_a_scale_does_not_change(self, field):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(Scale.likert(5), field, None)

    @pytest.mark.parametrize("error", [ScaleError, AnswerError])
    def test_errors_are_value_errors_that_can_be_pickled(self, error):
        loaded = pickle.loads(pickle.dumps(error("points must be numbers")))
        assert type(loaded) is error
        assert isinstance(loaded, CustfocusError)
        assert isinstance(loaded, ValueError)
        assert str(loaded) == "points must be numbers"


def test_of_thousands_of_labels_one_that_is_meant_is_looked_for_once():
    scale = Scale.likert(2_000, labels=[f"label {place}" for place in range(2_000)])
    with pytest.raises(AnswerError) as error:
        scale.locate(["Label 7", "Label 9"])
    assert "did you mean 'label 7', which differs by case?" in str(error.value)
    assert "'label 9'" not in str(error.value)
