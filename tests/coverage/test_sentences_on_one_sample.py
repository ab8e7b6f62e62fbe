"""
What the pages say of one sample follows from their tables, or is computed anew.

The tables themselves are held by the other tests of this folder and by the scripts that print them.
"""

import re

import enumeration
import local_search
import numpy as np
from pages import cells_of, chosen, floor, missing, numbers_of, per_cent, table, text_of, three, two
from scipy.stats import t as student  # noqa: TID251 - an oracle

CHOOSING = "choosing-an-interval.md"
COVERAGE = "coverage.md"


def of_grids() -> list[dict[str, str]]:
    """The rows of the beta-binomial grid."""
    return table(COVERAGE, "points", "answers", "populations", "method", "mean coverage", "minimum")


def widths(method: str, answers: str) -> list[float]:
    """Of a method, in those of the score interval, for two, three and five points."""
    rows = table(COVERAGE, "points", "answers", "populations", "method", "mean coverage", "below")
    found, score = (
        numbers_of(chosen(rows, method=name, answers=answers), "mean width")
        for name in (method, "score")
    )
    return [one / other for one, other in zip(found, score, strict=True)]


def test_what_a_guarantee_costs_follows_from_the_tables():
    mid_p, exact = (
        [per_cent(widths(method, answers)) for answers in ("10", "20")]
        for method in ("mid-p", "exact")
    )
    assert not missing(
        CHOOSING,
        f"{mid_p[0]} of width at ten answers, {mid_p[1]} at 20 |",
        f"Its minimum is .92, for {mid_p[0]} of width at ten answers and {mid_p[1]} at 20.",
        f"{exact[0]} of width at ten answers, {exact[1]} at 20 |",
        f'`"exact"`, for {exact[0]} of width at ten answers and {exact[1]} at 20.',
    )
    assert not missing(
        COVERAGE,
        f"At ten answers mid-p is {mid_p[0]} wider than the score interval and exact limits "
        f"{exact[0]}; at 20 answers {mid_p[1]} and {exact[1]}.",
    )


def test_how_often_one_sample_is_right_follows_from_the_tables():
    of_exact = table(
        COVERAGE, "points", "answers", "populations", "method", "mean coverage", "below"
    )
    means = numbers_of(chosen([*of_grids(), *of_exact], method="score"), "mean coverage")
    infima = table(COVERAGE, "answers", "score", "mid-p", "exact")
    score, mid_p, exact = (
        min(float(row[name].split()[0]) for row in infima) for name in ("score", "mid-p", "exact")
    )
    assert exact >= 0.95
    assert not missing(
        CHOOSING,
        f"| {two(min(means))} to {two(max(means))} on average; in dips next to the ends of the "
        f"scale, where nearly all answer alike, down to [{two(score)}]",
        f"never below [{floor(mid_p)}](coverage.md#exact-and-mid-p-limits) where it was enumerated",
    )


def test_grids_and_tables_have_as_many_members_as_said():
    lattices = [len(enumeration.tables(steps, k)) for k, steps in enumeration.LATTICE_STEPS.items()]
    sizes = [len(enumeration.simplex(points)) for points in enumeration.LATTICE_STEPS]
    assert not missing(
        COVERAGE,
        f"{len(enumeration.tables(12, 5)):,} of them for 12 answers on five points",
        f"multiples of 1/40 ({lattices[0]:,}), and those near the vertices, together {sizes[0]:,}.",
        f"multiples of 1/10 ({lattices[1]:,}), and those near the vertices, together {sizes[1]:,}.",
        f"Together these are {len(enumeration.beta_binomial(3)):,} populations",
    )


def test_means_in_sentences_are_those_of_the_grids():
    rows = chosen(of_grids(), method="score")
    of = {(row["points"], row["answers"]): float(row["mean coverage"]) for row in rows}
    five = [three(of[points, "5"]) for points in "235"]
    enough = [mean for (_, answers), mean in of.items() if int(answers) >= 10]
    assert max(enough) <= 0.96
    simplex = table(
        COVERAGE, "points", "answers", "populations", "method", "mean coverage", "below"
    )
    there = {
        (row["points"], row["answers"]): float(row["mean coverage"])
        for row in chosen(simplex, method="score")
        if row["points"] != "2"
    }
    assert not missing(
        COVERAGE,
        f"With five answers it is {five[0]} on two points, {five[1]} on three and {five[2]} on five.",
        f"With five answers it is {three(there['3', '5'])} on three points and "
        f"{three(there['5', '5'])} on five.",
        f"it covers {three(there['3', '20'])} to {three(there['5', '10'])} on average.",
        f"on three points it is {three(there['3', '20'] - 0.95)} at 20 answers",
    )


def test_wilsons_and_walds_figures_are_those_of_the_table():
    rows = table(CHOOSING, "method", "answers", "mean coverage", "minimum")
    (wald,) = chosen(rows, method="wald", answers="10")
    infima = table(COVERAGE, "answers", "score", "mid-p", "exact")
    (ten,) = (row["score"].split()[0] for row in infima if row["answers"] == "10")
    assert not missing(
        CHOOSING,
        f"with ten answers it covers {two(float(wald['mean coverage']))} on average",
        f"Wilson's infimum is {three(float(ten))} at ten answers and tends to .838.",
    )


def test_net_shares_and_shares_at_once_dip_as_deep_as_said():
    page = text_of(CHOOSING)
    rows = [cells_of(line) for line in page.splitlines() if re.match(r"\| [35] \| [125]0 \|", line)]
    least = {
        method: min(float(row[6]) for row in rows if row[3] == method and int(row[2]) in sizes)
        for method, sizes in (("bonett-price", (1191,)), ("goodman", (1981,)))
    }
    assert not missing(
        CHOOSING,
        f"the deepest on this grid is {three(least['bonett-price'])}",
        f"all five hold in as few as {100 * least['goodman']:.0f} of 100 samples",
    )


def test_a_search_finds_no_population_below_the_infimum_of_two_points():
    for points, n in ((3, 10), (5, 5)):
        found = local_search.deepest(points, n, starts=40, steps=300)
        assert found.coverage >= local_search.infimum(n) - 1e-8
        assert found.coverage < 0.88


def test_verdicts_stay_below_the_share_that_is_said():
    rows = table(COVERAGE, "answers", "target 50 %")
    wrong = {
        (int(row["answers"]), int(title.split()[1])): [float(one) for one in cell.split("/")]
        for row in rows
        for title, cell in row.items()
        if title.startswith("target")
    }
    assert max(max(both) for (n, target), both in wrong.items() if n >= 100 and target <= 80) <= 3.5
    high = max(both[0] for (_, target), both in wrong.items() if target >= 90)
    assert not missing(COVERAGE, f'"not met" is wrong up to {high:.1f} % of the time in the table')


def test_the_formulas_limit_beyond_a_finite_population_is_as_said():
    n, k, population, z = 8, 5, 10, 1.959963984540054
    squared = z**2 * (population - n) / (population - 1)
    middle, room = k + squared / 2, squared * (k * (n - k) / n + squared / 4)
    upper = (middle + np.sqrt(room)) / (n + squared)
    assert not missing("score-interval.md", f"the formula's upper limit is {three(upper)}.")


def test_the_t_interval_of_the_readme_ends_where_it_says():
    scores = np.array([100] * 9 + [-100])
    error = scores.std(ddof=1) / np.sqrt(10)
    high = scores.mean() + student.ppf(0.975, 9) * error
    assert not missing("README.md", f"The t interval that most tools give would end at {high:.0f},")
