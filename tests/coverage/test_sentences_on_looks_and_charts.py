"""
What the pages say of looks, charts, small groups and of what is published follows from their tables, or is computed anew.

The tables themselves are held by the other tests of this folder and by the scripts that print them.
"""

import re

import chart_false_alarms
import numpy as np
import pytest
from pages import chosen, missing, numbers_of, per_cent, table, text_of, two
from scipy.special import ndtr

from custfocus.charts.false_alarm_table import FALSE_ALARMS, POINTS
from custfocus.intervals import planned_looks, proportion_interval, rate_interval
from custfocus.progress.changes import Change, from_limits

CHOOSING = "choosing-an-interval.md"


def test_what_is_read_from_the_tables_of_small_groups_stands_there():
    rows = table("small-groups.md", "true shares", "groups", "answers of each")
    held, score_held = (numbers_of(rows, name) for name in ("held", "held, score"))
    alone = {
        row["answers of each"]: row["furthest off: held"]
        for row in chosen(rows, **{"true shares": "one 30, else 75 %", "groups": "30"})
    }
    near_the_end = [
        float(row["furthest off: held"])
        for row in chosen(rows, groups="30")
        if row["true shares"].startswith(("90 %", "95 %"))
    ]
    errors = zip(numbers_of(rows, "error"), numbers_of(rows, "error, own"), strict=True)
    assert all(error < own for error, own in errors)
    assert 0.35 < min(near_the_end) < max(near_the_end) < 0.65  # ".4 to .6"
    assert alone["2 to 100"] == "0.000"
    assert not missing(
        "small-groups.md",
        f"the limits hold {two(min(held))} to {max(held):.2f}, where the score interval of single "
        f"groups has {two(min(score_held))} to {two(max(score_held))}",
        f"is held in {two(float(alone['5']))} of samples if all have five answers, and in none",
    )


def test_what_looks_cost_and_do_follows_from_the_tables():
    price = table("looking-again.md", "n", "`looks=2`")
    ends = {
        name: [float(one) for row in price for one in row[name].split(" to ")]
        for name in ("`looks=5`", '`looks="any"`')
    }
    five, anyhow = (per_cent(of) for of in ends.values())
    assert not missing(CHOOSING, f"{five}, or {anyhow}, of width | all looks together, as one |")
    false = chosen(table("looking-again.md", "target", "looks"), looks="8")
    times = [one / 0.025 for one in numbers_of(false, "limits for one look")]
    assert 2.5 <= min(times) < max(times) < 4  # "two and a half to nearly four times"
    years = numbers_of(
        chosen(table("looking-again.md", "target", "looks"), looks="24"), "limits for one look"
    )
    assert not missing("looking-again.md", f"in {100 * np.mean(years):.0f} % of such cases.")


def test_pocock_s_value_for_five_looks_is_as_said():
    value = planned_looks(5).critical_values[0]
    level = 100 * (1 - 2 * ndtr(-value))
    assert not missing(
        "looking-again.md",
        f"{value:.3f} in place of 1.960 for five, so that each look has the interval of its method "
        f"at {level:.1f} %.",
    )


def test_how_many_stable_series_are_called_a_change():
    at = {name: of_set["xmr"][POINTS.index(24)] for name, of_set in FALSE_ALARMS.items()}
    others = [figure for name, figure in at.items() if not name.startswith("anhoej")]
    words = {4: "four", 5: "five", 6: "six", 7: "seven"}
    seldom, often = (words[round(100 / one)] for one in (min(others), max(others)))
    assert not missing(
        "charts.md",
        f"one time in {100 / at['anhoej-3sigma']:.0f} by the default, one time in {seldom} to one in "
        f"{often} by the sets",
    )


def test_limits_made_anew_hide_a_shift_as_said():
    found = chart_false_alarms.anew(series=8_000)
    text = text_of("charts.md")
    assert "in 74 of 100 series, and beyond those of both years in 21" in text
    assert found["from the first 12"] == pytest.approx(74, abs=2.5)
    assert found["from all"] == pytest.approx(21, abs=2.5)


def test_screening_doubles_how_often_limits_are_passed_as_said():
    beyond = [chart_false_alarms.only("beyond", "beyond_limits")]
    values = np.random.default_rng(7).normal(size=(20_000, 12))
    for screened, said in ((False, 2.7), (True, 5.4)):
        limits = chart_false_alarms.xmr_limits(values, screened=screened)
        found = chart_false_alarms.signals(beyond, values, limits)["beyond"]
        assert found == pytest.approx(said, abs=0.7)
    assert "from 2.7 to 5.4 % of the series" in text_of("charts.md")


def test_rolling_years_taken_as_independent_would_differ_by_what_is_said():
    sides = [Change(n / 12, *rate_interval(n, 12)) for n in (340, 363)]
    value, low, high = from_limits(*sides)
    sentence = f"would differ by {value:.1f} with limits of {low:.1f} to {high:.1f};"
    assert not missing("progress.md", sentence)


def test_missing_answers_of_the_contact_centre_are_as_many_as_said():
    rows = re.findall(r"  wave 20\S+ +(\d+) +(\d+) ", text_of("contact-centre.md"))
    parts = [int(gone) / (int(gone) + int(n)) for n, gone in rows]
    assert len(parts) == 10
    said = f"{100 * min(parts):.0f} to {100 * max(parts):.0f} % of the respondents"
    assert not missing("contact-centre.md", said)


def test_a_share_with_its_limits_gives_the_number_of_up_to_fifty_answers():
    sizes = {}
    for n in range(1, 301):
        k = np.arange(n + 1)
        shown = np.round(100 * np.stack([k / n, *proportion_interval(k, n)], axis=1), 1)
        for row in shown:
            sizes.setdefault(tuple(row), set()).add(n)
    assert all(len(of) == 1 for of in sizes.values() if min(of) <= 50)
    assert any(len(of) > 1 for of in sizes.values())
    assert "gives the number of answers for fifty answers and fewer" in text_of("disclosure.md")
