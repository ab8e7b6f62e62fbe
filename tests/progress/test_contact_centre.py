"""The example of the documentation: its counts, its scorecards, and the survey they came from."""

import csv
import importlib.util
import math
import os
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from custfocus.progress import scorecard
from custfocus.responses import Tally

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("CUSTFOCUS_SHARED", Path(__file__).parents[3] / "shared"))
SURVEY = SHARED / "data" / "kcmo_resident_survey.csv"

_SPEC = importlib.util.spec_from_file_location(
    "contact_centre_example", ROOT / "docs" / "contact_centre.py"
)
example = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(example)

ITEMS = ["courtesy_311", "ease_311_phone", "ease_311_web", "resolved_311"]
WAVES, DISTRICTS = ["2021-09", "2022-03"], ["1", "2", "3", "4", "5", "6"]
NOT_ASKED = ("", "99")
Z2 = 1.959963984540054**2


def counted(item, column, group):
    """Answers to an item in a wave or district, counted from the file line by line."""
    counts = Counter()
    with example.COUNTS.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["item"] == item and row[column] == group:
                counts[int(row["answer"])] += int(row["count"])
    return counts


def expected(measure, column, group):
    """n, missing, percent (or net) and, of a share, Wilson's limits: by formula from the file."""
    counts = counted(measure.item, column, group)
    n, missing = sum(counts[point] for point in range(1, 6)), counts[9]
    good, bad = counts[4] + counts[5], counts[1] + counts[2]
    if measure.scoring == example.NET_SATISFIED:
        return n, missing, 100 * (good - bad) / n, None, None
    centre, half = good + Z2 / 2, math.sqrt(Z2 * (good * (n - good) / n + Z2 / 4))
    limits = (100 * (centre - half) / (n + Z2), 100 * (centre + half) / (n + Z2))
    return n, missing, 100 * good / n, *limits


@pytest.fixture(scope="module")
def cards():
    return dict(zip(("quarter", "district"), example.cards(), strict=True))


GROUPS = {"quarter": ("wave", WAVES), "district": ("district", DISTRICTS)}
split = pytest.mark.parametrize("column", ["quarter", "district"])


def judged(card, column):
    """Each measure with each of its groups and the row of the card."""
    name, groups = GROUPS[column]
    rows = iter(card.to_dicts())
    for measure in example.FOCUS.measures:
        for group in groups:
            row = next(rows)
            assert (row["measure"], row[name]) == (measure.name, group)
            yield measure, group, row
    assert next(rows, None) is None


class TestScorecards:
    @split
    def test_their_numbers_and_verdicts_follow_from_the_file_by_formula(self, cards, column):
        seen = set()
        for measure, group, row in judged(cards[column], column):
            n, missing, value, low, high = expected(measure, column, group)
            assert (row["n"], row["missing"]) == (n, missing)
            assert row["value"] == pytest.approx(value, rel=1e-12)
            if low is None:
                low, high = row["low"], row["high"]
            assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-12)
            least = measure.target.low
            standing = "met" if low >= least else "not met" if high < least else "inconclusive"
            assert (row["verdict"], row["point_met"]) == (standing, value >= least)
            seen.add(standing)
        assert seen == {"met", "not met", "inconclusive"}
        assert cards[column].unused == ()

    def test_the_phone_met_its_target_in_the_second_wave_only(self, cards):
        phone = cards["quarter"]["phone-satisfied"]
        assert phone.estimate.n.tolist() == [772, 717]
        assert phone.verdict.tolist() == ["inconclusive", "met"]
        # From z² t (1 - t) / (p - t)² answers on a share of p differs from t
        p, t = 503 / 772, 0.65
        needed = math.ceil(Z2 * t * (1 - t) / (p - t) ** 2) - 772
        assert phone.sel(wave="2021-09").more_answers == needed


class TestCounts:
    def test_every_item_has_a_row_for_each_wave_and_district_and_no_answer_is_left_out(self):
        tallies = example.read_counts()
        assert list(tallies) == ITEMS
        for tally in tallies.values():
            assert list(tally.keys) == [(wave, one) for wave in WAVES for one in DISTRICTS]
            assert int(tally.n.sum() + tally.missing.sum()) == 1033 + 984
        assert {measure.item for measure in example.FOCUS.measures} == set(tallies)

    def test_other_files_of_the_same_columns_can_be_read(self, tmp_path):
        path = tmp_path / "counts.csv"
        path.write_text("quarter,district,item,answer,count\na,2,q,5,7\na,1,q,9,3\nb,1,q,1,2\n")
        labels = {"wave": ["a", "a", "b"], "district": ["1", "2", "1"]}
        assert example.read_counts(path)["q"] == Tally(
            [[0] * 5, [0, 0, 0, 0, 7], [2, 0, 0, 0, 0]], example.SATISFACTION, [3, 0, 0], by=labels
        )


def as_text():
    """The respondents' answers as the csv module gives them: numbers, None where not asked."""
    with SURVEY.open(newline="") as file:
        people = list(csv.DictReader(file))
    labels = {
        "wave": [person["quarter"] for person in people],
        "district": [person["district"] for person in people],
    }
    answers = {
        item: [None if person[item] in NOT_ASKED else int(person[item]) for person in people]
        for item in ITEMS
    }
    return answers, labels


def as_frame():
    """The same as columns of pandas: floats with NaN where there is a blank."""
    frame = pd.read_csv(SURVEY, dtype={"quarter": str, "district": str}, na_values=["99"])
    return frame, {"wave": frame["quarter"], "district": frame["district"]}


@pytest.mark.skipif(
    not SURVEY.exists(),
    reason=f"the respondents' file is not there: {SURVEY} (CUSTFOCUS_SHARED names its folder)",
)
@pytest.mark.parametrize("read", [as_text, as_frame])
class TestRespondents:
    def test_their_answers_count_up_to_the_file_row_by_row(self, read):
        answers, labels = read()
        assert len(labels["wave"]) == 1033 + 984
        for item, tally in example.read_counts().items():
            counted = Tally.of(answers[item], example.SATISFACTION, by=labels)
            assert list(counted.keys) == list(tally.keys)
            assert counted.counts.tolist() == tally.counts.tolist()
            assert counted.missing.tolist() == tally.missing.tolist()

    @pytest.mark.parametrize(("place", "name"), [(0, "wave"), (1, "district")])
    def test_they_give_the_cards_of_the_documentation(self, read, place, name):
        answers, labels = read()
        asked = {item: answers[item] for item in ITEMS}
        card = scorecard(example.FOCUS, asked, by={name: labels[name]})
        assert str(card) == str(example.cards()[place])
