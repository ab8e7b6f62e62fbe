"""Scales from the value labels of SPSS, Stata and the like."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import frames
from custfocus.errors import ScaleError
from custfocus.responses import Scale, Tally

TOLD = {1.0: "bad", 2.0: "so-so", 3.0: "good", 9.0: "don't know"}


class TestOfValueLabels:
    @pytest.mark.parametrize("missing", [[9], [9.0], ["don't know"], [9, "don't know"], {9}])
    def test_missing_codes_are_told_by_number_or_label_and_count_by_both(self, missing):
        scale = Scale.of_value_labels(TOLD, missing=missing)
        assert scale.points == (1, 2, 3)
        assert scale.labels == ("bad", "so-so", "good")
        assert scale.missing == (9, "don't know")

    def test_whole_numbers_are_whole_and_others_stay_as_they_are(self):
        scale = Scale.of_value_labels({0.5: "half", 1.0: "one", -2.0: "none"}, missing=[-2])
        assert [*map(repr, scale.points)] == ["0.5", "1"]
        assert [*map(repr, scale.missing)] == ["-2", "'none'"]

    def test_points_are_sorted_whatever_the_order_of_the_labels(self):
        scale = Scale.of_value_labels({3: "good", 1: "bad", 2: "so-so"})
        assert scale == Scale.likert(3, labels=["bad", "so-so", "good"])

    def test_missing_codes_without_a_label_are_codes_as_well(self):
        scale = Scale.of_value_labels({1: "no", 2: "yes"}, missing=[99, None, "refused"])
        assert scale.missing == (99, "refused", None)

    def test_without_missing_codes_all_numbers_are_points(self):
        assert Scale.of_value_labels(TOLD).points == (1, 2, 3, 9)

    def test_two_labels_that_are_missing_are_both_gone(self):
        told = TOLD | {8.0: "refused"}
        scale = Scale.of_value_labels(told, missing=[8, "don't know"])
        assert scale.points == (1, 2, 3)
        assert {*scale.missing} == {8, 9, "refused", "don't know"}

    @pytest.mark.parametrize("told", [{}, {1: "yes"}, {1: "yes", 9: "don't know"}])
    def test_fewer_than_two_points_are_an_error(self, told):
        with pytest.raises(ScaleError, match=r"^points must be two or more"):
            Scale.of_value_labels(told, missing=[9])

    @pytest.mark.parametrize("number", [float("nan"), float("inf")])
    def test_numbers_that_are_not_finite_are_an_error(self, number):
        with pytest.raises(ScaleError, match=r"^points must be finite numbers, got"):
            Scale.of_value_labels({1: "no", 2: "yes", number: "?"})

    def test_labels_of_two_numbers_differ(self):
        with pytest.raises(ScaleError, match=r"^labels must differ .*\['yes'\] more than once"):
            Scale.of_value_labels({1: "no", 2: "yes", 3: "yes"})

    @given(
        st.dictionaries(
            st.integers(-99, 99), st.text(min_size=1, max_size=3), min_size=2, max_size=6
        ).filter(lambda told: len({*told.values()}) == len(told)),
        st.data(),
    )
    def test_every_number_and_label_counts_as_what_it_was_told_to_be(self, told, data):
        gone = data.draw(st.lists(st.sampled_from([*told]), unique=True, max_size=len(told) - 2))
        codes = [data.draw(st.sampled_from([code, told[code]])) for code in gone]
        scale = Scale.of_value_labels(told, missing=codes)
        assert {*scale.points} == {*told} - {*gone}
        for number, label in told.items():
            place = -1 if number in gone else sorted({*told} - {*gone}).index(number)
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
            pyreadstat.write_sav(answers, path, variable_value_labels={"q7": TOLD})
            numbers, about = pyreadstat.read_sav(path)
            labelled, _ = pyreadstat.read_sav(path, apply_value_formats=True)
        scale = Scale.of_value_labels(about.variable_value_labels["q7"], missing=[9, None])
        expected = Tally([[1, 0, 2]], scale, [2])
        assert frames.tally(numbers, "q7", scale=scale)["q7"] == expected
        assert frames.tally(labelled, "q7", scale=scale)["q7"] == expected
