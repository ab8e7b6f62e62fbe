"""The example of the documentation: its counts, its scorecards, and the survey they came from."""

import csv
import importlib.util
import math
import os
from collections import Counter
from functools import cache
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
cards = cache(example.cards)

ITEMS = ["courtesy_311", "ease_311_phone", "ease_311_web", "resolved_311"]
WAVES, DISTRICTS = ["2021-09", "2022-03"], ["1", "2", "3", "4", "5", "6"]
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
    counts = counted(measure.items[0], column, group)
    n, missing = sum(counts[point] for point in range(1, 6)), counts[9]
    good, bad = counts[4] + counts[5], counts[1] + counts[2]
    if measure.index == example.NET_SATISFIED:
        return n, missing, 100 * (good - bad) / n, None, None
    centre, half = good + Z2 / 2, math.sqrt(Z2 * (good * (n - good) / n + Z2 / 4))
    limits = (100 * (centre - half) / (n + Z2), 100 * (centre + half) / (n + Z2))
    return n, missing, 100 * good / n, *limits


class TestScorecards:
    @pytest.mark.parametrize(
        ("place", "name", "column", "groups"),
        [(0, "wave", "quarter", WAVES), (1, "district", "district", DISTRICTS)],
    )
    def test_their_numbers_and_verdicts_follow_from_the_file_by_formula(
        self, place, name, column, groups
    ):
        card = cards()[place]
        assert card.unused == ()
        rows = card.to_dicts()
        asked = [(measure, group) for measure in example.FOCUS.measures for group in groups]
        assert [(row["measure"], row[name]) for row in rows] == [
            (measure.name, group) for measure, group in asked
        ]
        for (measure, group), row in zip(asked, rows, strict=True):
            n, missing, value, low, high = expected(measure, column, group)
            assert (row["n"], row["missing"]) == (n, missing)
            assert row["value"] == pytest.approx(value, rel=1e-12)
            if low is None:
                low, high = row["low"], row["high"]
            assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-12)
            least = measure.target.low
            standing = "met" if low >= least else "not met" if high < least else "inconclusive"
            assert (row["verdict"], row["status"]) == (
                standing,
                "met" if value >= least else "not met",
            )
        assert {row["verdict"] for row in rows} == {"met", "not met", "inconclusive"}

    def test_the_phone_met_its_target_in_the_second_wave_only(self):
        phone = cards()[0]["phone-satisfied"]
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
        assert {item for measure in example.FOCUS.measures for item in measure.items} == set(
            tallies
        )

    def test_other_files_of_the_same_columns_can_be_read(self, tmp_path):
        path = tmp_path / "counts.csv"
        path.write_text("quarter,district,item,answer,count\na,2,q,5,7\na,1,q,9,3\nb,1,q,1,2\n")
        labels = {"wave": ["a", "a", "b"], "district": ["1", "2", "1"]}
        assert example.read_counts(path)["q"] == Tally(
            [[0] * 5, [0, 0, 0, 0, 7], [2, 0, 0, 0, 0]], example.SATISFACTION, [3, 0, 0], by=labels
        )


@pytest.fixture(scope="module")
def people():
    """The respondents' answers as columns of pandas: floats with NaN where there is a blank."""
    return pd.read_csv(SURVEY, dtype={"quarter": str, "district": str}, na_values=["99"])


@pytest.mark.skipif(
    not SURVEY.exists(),
    reason=f"the respondents' file is not there: {SURVEY} (CUSTFOCUS_SHARED names its folder)",
)
class TestRespondents:
    def test_their_answers_count_up_to_the_file_row_by_row(self, people):
        assert len(people) == 1033 + 984
        by = {"wave": people["quarter"], "district": people["district"]}
        for item, tally in example.read_counts().items():
            counted = Tally.of(people[item], example.SATISFACTION, by=by)
            assert list(counted.keys) == list(tally.keys)
            assert counted.counts.tolist() == tally.counts.tolist()
            assert counted.missing.tolist() == tally.missing.tolist()

    def test_they_give_the_cards_of_the_documentation(self, people):
        asked = {item: people[item] for item in ITEMS}
        for name, card in zip(("quarter", "district"), cards(), strict=True):
            by = {"wave" if name == "quarter" else name: people[name]}
            assert str(scorecard(example.FOCUS, asked, by=by)) == str(card)
