"""The tables of docs/progress.md, and of standardised rates, are those that the script prints."""

from pathlib import Path

import pytest
from changes_over_time import (
    POPULATIONS,
    PROCESSES,
    WEIGHTS,
    amounts_change_coverage,
    line_coverage,
    progress_coverage,
    projection_coverage,
    rate_changes_table,
    slope_coverage,
    standardised_coverage,
)

DOCS = Path(__file__).parents[2] / "docs"
PROGRESS = (DOCS / "progress.md").read_text("utf-8").splitlines()
QUANTITIES = (DOCS / "quantities.md").read_text("utf-8").splitlines()
SAMPLES = 20_000


def quoted(page: list[str], header: str, first: str) -> list[list[float]]:
    """The numbers of each cell of a row, below the header that begins so."""
    start = next(place for place, line in enumerate(page) if line.startswith(f"| {header} |"))
    row = next(line for line in page[start:] if line.startswith(f"| {first} |"))
    return [[float(one) for one in cell.split()] for cell in row.split("|")[2:-1]]


def test_the_page_quotes_the_enumeration():
    assert set(rate_changes_table()) <= set(PROGRESS)


@pytest.mark.parametrize(
    ("name", "times", "column"), [("exponential", 1, 1), ("exponential", 2, 2)]
)
def test_the_page_quotes_the_simulation_of_amounts(name, times, column):
    found = amounts_change_coverage(POPULATIONS[name], 30, times, SAMPLES)
    assert found == pytest.approx(quoted(PROGRESS, "amounts", name)[column][1], abs=0.0015)


@pytest.mark.parametrize("error", [0.1, 0.3])
def test_the_page_quotes_the_simulation_of_the_way(error):
    cells = quoted(PROGRESS, "error of the baseline", f"{error}")
    of_one, infinite = cells[2][0], cells[3][0]
    assert progress_coverage(error, 1, 10, SAMPLES)[0] == pytest.approx(of_one, abs=0.0015)
    assert progress_coverage(error, 0, 10, SAMPLES)[1] == pytest.approx(infinite, abs=0.0015)


@pytest.mark.parametrize("n", [5, 12])
def test_the_page_quotes_the_simulation_of_slopes(n):
    cases = [(weighted, correlation) for correlation in (0, 0.3) for weighted in (False, True)]
    found = [slope_coverage(n, SAMPLES, weighted=one, correlation=r) for one, r in cases]
    row = [number for (number,) in quoted(PROGRESS, "periods", f"{n}")]
    assert found == pytest.approx(row, abs=0.0015)


def test_the_page_quotes_the_simulation_of_projections():
    found = [projection_coverage(process, 8, 4, SAMPLES) for process in PROCESSES]
    row = [number for (number,) in quoted(PROGRESS, "periods, ahead", "8, 4")]
    assert found == pytest.approx(row, abs=0.0015)


@pytest.mark.parametrize(("n", "ahead"), [(8, 4), (12, 8)])
def test_the_page_quotes_the_simulation_of_lines_that_never_fade(n, ahead):
    found = [line_coverage(correlation, n, ahead, SAMPLES) for correlation in (0, 0.3, 0.6)]
    header = "periods, ahead | line, independent"
    row = [number for (number,) in quoted(PROGRESS, header, f"{n}, {ahead}")]
    assert found == pytest.approx(row, abs=0.0015)


def test_the_sentence_on_lines_that_never_fade_has_their_least_and_their_most():
    header = "periods, ahead | line, independent"
    alike = [
        cell[0]
        for first in ("5, 4", "8, 4", "12, 4", "12, 8")
        for cell in quoted(PROGRESS, header, first)[1:]
    ]
    least, most = (round(100 * one) for one in (min(alike), max(alike)))
    sentence = (
        f"never fades says 95 % where {least} to {most} come true if neighbouring periods are"
    )
    assert any(sentence in line for line in PROGRESS)


def test_the_page_quotes_the_simulation_of_standardised_rates():
    found = standardised_coverage(WEIGHTS["1 to 20"], 10, SAMPLES)
    row = [cell[0] for cell in quoted(QUANTITIES, "weights", "1 to 20")]
    assert found == pytest.approx(row, abs=0.0015)
