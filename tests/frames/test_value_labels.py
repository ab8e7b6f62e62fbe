"""Scales from the value labels of SPSS, Stata and the like."""

import re
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import frames
from custfocus.errors import ScaleError
from custfocus.responses import Scale, Tally

LABELS = {1.0: "bad", 2.0: "so-so", 3.0: "good", 9.0: "don't know"}
SATISFIED = ["very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"]


class TestOfValueLabels:
    @pytest.mark.parametrize("missing", [[9], [9.0], ["don't know"], [9, "don't know"], {9}])
    def test_missing_codes_are_given_by_number_or_label_and_count_by_both(self, missing):
        scale = Scale.of_value_labels(LABELS, missing=missing)
        assert scale.points == (1, 2, 3)
        assert scale.labels == ("bad", "so-so", "good")
        assert scale.missing == (9, "don't know")

    @pytest.mark.parametrize(
        ("labels", "options", "scale"),
        [
            ({0.5: "half", 1.0: "one", -2.0: "none"}, {"order": [0.5, 1], "missing": [-2]},
             Scale([0.5, 1], labels=["half", "one"], missing=[-2, "none"])),
            ({3: "good", 1: "bad", 2: "so-so"}, {}, Scale.likert(3, labels=["bad", "so-so", "good"])),
            ({1: "yes", 0: "no"}, {}, Scale([0, 1], labels=["no", "yes"])),
            ({1: "no", 2: "yes"}, {"missing": [99, None, "refused"]},
             Scale.likert(2, labels=["no", "yes"], missing=[99, "refused", None])),
            (LABELS | {8.0: "refused"}, {"missing": [8, "don't know"]},
             Scale.likert(3, labels=["bad", "so-so", "good"],
                          missing=[8, 9, "refused", "don't know"])),
            ({1: "no", 2: "yes", "r": "refused"}, {"missing": ["r"]},
             Scale.likert(2, labels=["no", "yes"], missing=["r", "refused"])),
        ],
    )  # fmt: skip
    def test_points_and_missing_codes_are_found(self, labels, options, scale):
        found = Scale.of_value_labels(labels, **options)
        assert repr(found) == repr(scale)  # with numbers of the same type

    @pytest.mark.parametrize(
        ("labels", "options", "text"),
        [
            *(({0: "no", 2: "yes", code: "?"}, {"order": [0, 2]},
               f"codes must be numbers or texts, got {code!r} for '?'")
              for code in (float("nan"), None, True)),
            *((labels, {"missing": [9]}, "points must be two or more")
              for labels in ({}, {1: "yes"}, {1: "yes", 9: "don't know"})),
            ({1: "no", float("inf"): "yes"}, {"order": ["no", "yes"]},
             "points must be finite numbers, got inf"),
            ({1: "no", 2: "yes", 3: "yes"}, {},
             "labels must differ from each other, got ['yes'] more than once"),
            ({1: "no", 2: 5}, {}, "labels must be texts, got 5 for 2"),
            *((labels, {}, "value_labels must be a dict with a label for each")
              for labels in (["no", "yes"], None, "no", 5)),
            ({1: "d", 2: "k", 3: "x"}, {"missing": "dk"},
             "missing must be a collection of codes, got 'dk'; wrap it in []"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_an_error(self, labels, options, text):
        with pytest.raises(ScaleError, match=f"^{re.escape(text)}"):
            Scale.of_value_labels(labels, **options)


class TestAnOpenOrder:
    @pytest.mark.parametrize(
        ("labels", "reason"),
        [
            ({1: "a", 2: "b", 4: "c"}, "the codes are not consecutive whole numbers from 0 or 1"),
            ({2: "a", 3: "b"}, "the codes are not consecutive whole numbers from 0 or 1"),
            ({-1: "a", 0: "b", 1: "c"}, "the codes are not consecutive whole numbers from 0 or 1"),
            ({0.5: "a", 1.5: "b"}, "the codes are not consecutive whole numbers from 0 or 1"),
            ({"A": "low", "B": "high"}, "the codes 'A', 'B' are texts"),
            ({1: "low", 2: "high", "r": "other"}, "the codes 'r' are texts"),
            ({1: "a", 2: "b", 9: "Don't know"}, '9 "Don\'t know" reads like no answer'),
            ({1: "high", 2: "low", 3: "medium"}, "'high' comes before 'low'"),
            ({1: "low", 2: "x", 3: "High ", 4: "MEDIUM"}, "'High ' comes before 'MEDIUM'"),
            ({1: "yes", 2: "no"}, "'yes' comes before 'no'"),
            (dict(enumerate(SATISFIED[::-1], 1)), "'very satisfied' comes before 'satisfied'"),
        ],
    )
    def test_an_order_that_is_open_is_asked_for(self, labels, reason):
        with pytest.raises(ScaleError) as caught:
            Scale.of_value_labels(labels)
        text = str(caught.value)
        assert text.startswith(f"the order of the points is open, since {reason}: got ")
        assert text.endswith(
            "; list the points in order=, worst first, and codes for no answer in missing="
        )

    def test_the_codes_and_labels_are_shown_ten_of_them(self):
        with pytest.raises(ScaleError, match=r": got 1 'a\\n', 2 'b', 9 'DK'; list"):
            Scale.of_value_labels({1: "a\n", 2: "b", 9: "DK"})
        with pytest.raises(ScaleError, match=r"11 'label 11', \.\.\. and 2 more; list"):
            Scale.of_value_labels({code: f"label {code}" for code in range(2, 14)})

    @pytest.mark.parametrize(
        "label",
        [
            "Don't know", "DON\u2019T  KNOW", "(don't know)", "Refused", "N/A", "DK/NA", "not asked",
            "Not applicable.", "Don't know, refused", "don't know or refused", "<missing>",
            "Prefer not to say", "No answer", "other; unknown",
        ],
    )  # fmt: skip
    def test_a_label_that_reads_like_no_answer_is_no_point_unasked(self, label):
        labels = {1: "bad", 2: "good", 3: label}
        with pytest.raises(ScaleError, match=r"reads like no answer"):
            Scale.of_value_labels(labels)
        assert Scale.of_value_labels(labels, missing=[3]).missing == (3, label)
        assert Scale.of_value_labels(labels, order=[1, 2, 3]).labels[2] == label

    @pytest.mark.parametrize(
        "labels",
        [
            ["no", "yes"],
            SATISFIED,
            ["Never", "Sometimes", "Usually", "Always"],
            ["low", "medium", "high"],
            ["poor", "fair", "average", "good"],  # two of the same rank
            ["no problem", "known issue", "nothing works"],
            ["one", "two", "three"],
        ],
    )
    def test_labels_in_their_own_order_need_no_other(self, labels):
        assert Scale.of_value_labels(dict(enumerate(labels, 1))).labels == tuple(labels)


class TestOrder:
    @pytest.mark.parametrize(
        "order", [[3, 2, 1], [3.0, 2, 1], ["bad", "so-so", "good"], ["bad", 2, "good"], (3, 2, 1)]
    )
    def test_points_are_named_by_code_or_label_the_worst_first(self, order):
        labels = {1: "good", 2: "so-so", 3: "bad", 9: "refused"}
        scale = Scale.of_value_labels(labels, order=order, missing=[9])
        assert scale == Scale([3, 2, 1], labels=["bad", "so-so", "good"], missing=[9, "refused"])

    def test_an_order_against_the_words_is_kept(self):
        assert Scale.of_value_labels({1: "yes", 2: "no"}, order=[1, 2]).labels == ("yes", "no")

    def test_letters_become_points_from_1_with_their_labels(self):
        labels = {"A": "low", "B": "high", "C": "medium"}
        scale = Scale.of_value_labels(labels, order=["A", "C", "high"])
        assert scale == Scale.likert(3, labels=["low", "medium", "high"])

    @pytest.mark.parametrize("labels", [["low", "medium", "high"]])
    @pytest.mark.parametrize("codes", [(2, 3, 1), (1, "m", 2)])
    def test_numbers_that_go_up_and_down_would_be_misread(self, labels, codes):
        expected = (
            f"the codes {[*codes]!r} neither ascend nor descend in this order, as points must; "
            "recode the answers to 1 to 3, or read them by label with "
            "Scale.likert(3, labels=['low', 'medium', 'high'])"
        )
        with pytest.raises(ScaleError, match=f"^{re.escape(expected)}$"):
            Scale.of_value_labels(dict(zip(codes, labels, strict=True)), order=labels)

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            ([1, 2], "order must list each point once, got [1, 2]; put 3 'good' into order= or missing="),
            ([1, 2, 2, 3], "order must list each point once, got [1, 2, 2, 3]; drop the doubles"),
            ([1, "bad", 2, 3], "order must list each point once, got [1, 'bad', 2, 3]; drop the doubles"),
            ([1, 2, 4], "order must list points of the scale, got [4]; they are 1 'bad', 2 'so-so', 3 'good'"),
            ([1, 2, [3]], "order must list points of the scale, got [[3]]; they are 1 'bad', 2 'so-so', 3 'good'"),
            ([1, 2, 9], "order must list points of the scale, got [9]; they are 1 'bad', 2 'so-so', 3 'good'"),
            ("bad", "order must be a list of codes or labels, got 'bad'"),
            ({1, 2, 3}, "order must be a list of codes or labels, got {1, 2, 3}"),
            (3, "order must be a list of codes or labels, got 3"),
        ],
    )  # fmt: skip
    def test_an_order_names_each_point_once(self, order, expected):
        with pytest.raises(ScaleError, match=f"^{re.escape(expected)}$"):
            Scale.of_value_labels(LABELS, order=order, missing=[9])

    @given(
        st.dictionaries(
            st.integers(-99, 99), st.text(min_size=1, max_size=3), min_size=2, max_size=6
        ).filter(lambda labels: len({*labels.values()}) == len(labels)),
        st.data(),
    )
    def test_every_number_and_label_counts_as_what_it_was_given_for(self, labels, data):
        gone = data.draw(
            st.lists(st.sampled_from([*labels]), unique=True, max_size=len(labels) - 2)
        )
        either = {code: st.sampled_from([code, labels[code]]) for code in labels}
        missing = [data.draw(either[code]) for code in gone]
        points = sorted({*labels} - {*gone}, reverse=data.draw(st.booleans()))
        order = [data.draw(either[code]) for code in points]
        scale = Scale.of_value_labels(labels, order=order, missing=missing)
        assert scale.points == tuple(points)
        for number, label in labels.items():
            place = -1 if number in gone else points.index(number)
            assert scale.locate([number, float(number), label]).tolist() == [place] * 3


@pytest.mark.engines
class TestOfAFile:
    """A file of SPSS, written and read by pyreadstat."""

    def test_answers_come_from_the_file_by_number_or_by_label(self):
        pyreadstat = pytest.importorskip(
            "pyreadstat", reason="pyreadstat is in the dependency group engines"
        )
        answers = pd.DataFrame({"q7": [1.0, 3.0, 3.0, 9.0, None]})
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "survey.sav")
            pyreadstat.write_sav(answers, path, variable_value_labels={"q7": LABELS})
            numbers, about = pyreadstat.read_sav(path)
            labelled, _ = pyreadstat.read_sav(path, apply_value_formats=True)
        scale = Scale.of_value_labels(about.variable_value_labels["q7"], missing=[9, None])
        expected = Tally.of(answers["q7"], scale)
        assert expected.counts.tolist() == [1, 0, 2]
        assert frames.tally(numbers, "q7", scale=scale) == expected
        by_label = frames.tally(labelled, "q7", scale=scale)
        assert by_label.counts.tolist() == [1, 0, 2]
        assert expected.missing_by_reason[:3].tolist() == [1, 0, 1]  # 9, its label, blank
        assert by_label.missing_by_reason[:3].tolist() == [0, 1, 1]
