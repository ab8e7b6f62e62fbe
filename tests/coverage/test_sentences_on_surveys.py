"""
What the pages say of surveys and of groups follows from their tables, or is computed anew.

The tables themselves are held by the other tests of this folder and by the scripts that print them.
"""

import numpy as np
import pytest
from pages import missing, numbers_of, parts_of, table, three, two

CHOOSING = "choosing-an-interval.md"
SURVEYS = "survey-differences.md"


def test_the_score_interval_of_surveys_lies_between_what_is_said():
    rows = table(CHOOSING, "clusters", "respondents", "weights", "share")
    held = [float(row["score"].split()[0]) for row in rows]
    lowest = rows[int(np.argmin(held))]
    assert not missing(
        CHOOSING,
        f"{two(min(held))} to {two(max(held))} in [the table](#surveys-with-a-design)",
        f"lowest figure here is {three(min(held))}, at fifty clusters, a share of "
        f"{lowest['share'].lstrip('0')} and equal weights",
    )
    assert (lowest["clusters"], lowest["weights"]) == ("50", "equal")


@pytest.mark.parametrize("title", ["Shares", "Means and NPS"])
def test_scenarios_in_sentences_are_those_of_the_tables(title):
    rows = {row[title]: row for row in table(SURVEYS, title, "Wald t")}
    again = numbers_of(table(SURVEYS, f"lowest, {title}"), "again")
    least, most = three(min(again)), three(max(again))
    if title == "Means and NPS":
        assert not missing(SURVEYS, f"again 4,000 times with other seeds, cover {least} to {most}.")
        return
    below = float(rows["below 0.90"]["Wald t"].split()[0])
    worst = parts_of(rows["all 720"], "Wald t")[1]
    assert not missing(
        SURVEYS,
        f"In {round(below)} scenarios of a hundred it covers less than .90, in the worst of them "
        f"{three(worst)}.",
        f"With new seeds all six cover between {least} and {most}",
        f"the standard error of one is {three(np.sqrt(0.95 * 0.05 / 700))}.",
    )
    parts = [row for name, row in rows.items() if not name.startswith("below")]
    assert min(parts_of(row, "score")[0] for row in parts) >= 0.95


def test_what_kishs_size_saves_and_costs_is_as_the_table_has_it():
    rows = {row["one sample"]: row for row in table(SURVEYS, "one sample", "neither")}
    missed = [1 - parts_of(rows[f"sigma {sigma}"], "neither")[0] for sigma in ("1.5", "2")]
    assert missed == pytest.approx([1 / 10, 1 / 7], abs=0.01)
    assert two(parts_of(rows["sigma 2"], "neither")[1]).rstrip("0") == ".6"
    price = [
        round(100 * (parts_of(row, "both")[2] / parts_of(row, "neither")[2] - 1))
        for row in (rows["sigma 0.5"], rows["sigma 1"])
    ]
    assert not missing(
        SURVEYS, f"The price is {price[0]} % of width at sigma .5 and {price[1]} % at sigma 1."
    )


def test_calibrated_intervals_are_as_the_sentences_say():
    rows = {row["calibrated"]: row for row in table(SURVEYS, "calibrated", "weights as fixed")}
    held, _, fixed = parts_of(rows["which tells 0.8"], "weights as fixed")
    known = parts_of(rows["which tells 0.8"], "score, calibrated")[2]
    assert fixed / known == pytest.approx(1.25, abs=0.02)  # "a quarter wider"
    misses = 1 - parts_of(rows["all 96"], "t, calibrated")[1]
    least = parts_of(rows["all 96"], "score, calibrated")[1]
    assert not missing(
        SURVEYS, f"in {two(held)} of the samples.", f"misses in up to {two(misses)} of"
    )
    assert not missing(CHOOSING, f"[{three(least)} and more](survey-differences.md#where-weights")


def test_tests_of_many_groups_are_as_the_sentences_say():
    plain = table(SURVEYS, "independent samples", "pooled variance")
    scored = {row["independent samples"]: float(row["score"]) for row in plain}
    unlike = max(
        float(row["pooled variance"]) for row in plain if "unlike" in row["independent samples"]
    )
    assert max(size for name, size in scored.items() if name.startswith(("5 points", "NPS"))) < 0.06
    assert max(size for name, size in scored.items() if name.startswith("share .95")) == 0.07
    (every,) = (
        row
        for row in table(SURVEYS, "domains of a design")
        if row["domains of a design"] == "all 264"
    )
    most = parts_of(every, "score, Rao-Scott")[1]
    assert not missing(
        SURVEYS,
        f"taken for unlike means in up to {three(unlike)} of the samples",
        f"The score test never does so in more than {three(most)},",
    )
