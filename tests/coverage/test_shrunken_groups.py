"""The tables of docs/small-groups.md are those that the script prints."""

from pathlib import Path

import numpy as np
import pytest
from shrunken_groups import (
    HEADER,
    MEANS,
    PATTERNS,
    SCENARIOS,
    SURVEY_HEADER,
    SURVEY_SCENARIOS,
    mean_row,
    of_shares,
    share_row,
    survey_row,
)

PAGE = (Path(__file__).parents[2] / "docs" / "small-groups.md").read_text("utf-8").splitlines()


def below(header, lines):
    """The numbers in the lines of a table."""
    start = PAGE.index(header.splitlines()[-1]) + 1
    return [line.split("|")[1:-1] for line in PAGE[start : start + lines]]


def test_the_page_has_a_line_for_each_scenario():
    assert set(HEADER.splitlines() + SURVEY_HEADER.splitlines()) <= set(PAGE)
    shares = below(HEADER, len(SCENARIOS) + len(MEANS))
    found = [(cells[0].strip(), int(cells[1]), cells[2].strip()) for cells in shares]
    assert found[: len(SCENARIOS)] == SCENARIOS
    assert [(groups, size) for _, groups, size in found[len(SCENARIOS) :]] == MEANS
    surveys = below(SURVEY_HEADER, len(SURVEY_SCENARIOS))
    assert [int(cells[1]) for cells in surveys] == [one[1] for one in SURVEY_SCENARIOS]


@pytest.mark.parametrize("scenario", [("70 %, sd 10", 10, "5"), ("one 30, else 75 %", 10, "20")])
def test_the_page_quotes_the_simulation_of_shares(scenario):
    assert share_row(*scenario) in PAGE


def test_the_page_quotes_the_simulation_of_means():
    assert mean_row(*MEANS[0]) in PAGE


def test_the_page_quotes_the_simulation_of_surveys():
    assert survey_row(*SURVEY_SCENARIOS[2]) in PAGE


def test_what_the_page_says_of_all_lines_is_so():
    every = [list(map(float, line[3:])) for line in below(HEADER, len(SCENARIOS) + len(MEANS))]
    held, alone, _, _, _, _, error, own = np.transpose(every)
    assert (held >= 0.91).all()
    assert ((alone >= 0.93) & (alone <= 0.985)).all()
    assert (error <= own).all()
    surveys = [list(map(float, line[4:])) for line in below(SURVEY_HEADER, len(SURVEY_SCENARIOS))]
    held, _, width, width_alone, error, own = np.transpose(surveys)
    assert (held >= 0.93).all()
    assert (width < width_alone).all()
    assert (error < own).all()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_shares_with_the_mean_and_spread_that_they_say(pattern):
    shares = PATTERNS[pattern](np.random.default_rng(5), 20_000)
    assert ((shares >= 0) & (shares <= 1)).all()
    if ", sd " in pattern:
        mean, spread = (float(one.split()[-1]) for one in pattern.replace(" %", "").split(","))
        assert [100 * shares.mean(), 100 * shares.std()] == pytest.approx([mean, spread], abs=0.6)


def test_an_outcome_of_one_sample_is_about_all_groups_and_the_furthest():
    found = of_shares("one 30, else 75 %", 10, "5", samples=20)
    assert 0 <= found.furthest <= 1
    assert found.furthest <= 10 * found.held
    assert found.square < found.square_alone
