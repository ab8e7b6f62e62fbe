"""
What the pages say in sentences follows from their tables, or is computed anew.

The tables themselves are held by the other tests of this folder and by the scripts that print them.
"""

import re

import chart_false_alarms
import enumeration
import local_search
import numpy as np
import ordinal_comparisons
import pytest
from pages import cells_of, missing, numbers_of, table, text_of
from scipy.special import ndtr
from scipy.stats import t as student  # noqa: TID251 - an oracle

from custfocus.charts.false_alarm_table import FALSE_ALARMS, POINTS
from custfocus.intervals import (
    melded_interval_difference,
    ordinal_difference_interval,
    planned_looks,
    proportion_interval,
    rate_interval,
    score,
    score_interval,
    score_interval_difference,
    sums,
)
from custfocus.progress.changes import Change, from_limits

CHOOSING, COVERAGE, SURVEYS = "choosing-an-interval.md", "coverage.md", "survey-differences.md"


def two(value: float) -> str:
    """Two decimals without the zero before them, as the pages write a share."""
    return f"{value:.2f}".lstrip("0")


def floor(value: float) -> str:
    """Likewise, never more than it is: "... and more"."""
    return two(np.floor(100 * value) / 100)


def three(value: float) -> str:
    return f"{value:.3f}".lstrip("0")


def per_cent(ratios: list[float]) -> str:
    """From the least to the greatest, in per cent above 1."""
    least, most = (round(100 * (one - 1)) for one in (min(ratios), max(ratios)))
    return f"{least} to {most} %"


def chosen(rows: list[dict[str, str]], **wanted: str) -> list[dict[str, str]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


# One sample


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


# Two samples


def of_pairs(header: str) -> list[dict[str, str]]:
    return table(
        COVERAGE, "answers", "method", "mean coverage", "both .8 or more", "minimum", header
    )


TWO, MORE = "where it falls: shares of the higher", "where it falls: shares from the lowest"


def test_what_few_answers_of_two_samples_cost_follows_from_the_tables():
    rows = [of_pairs(header) for header in (TWO, MORE)]
    wider = {
        (method, place): [
            float(one["mean width"]) / float(other["mean width"])
            for one, other in zip(
                chosen(of, method=method), chosen(of, method="score"), strict=True
            )
        ]
        for place, of in enumerate(rows)
        for method in ("mid-p", "exact")
    }
    exact = wider["exact", 0] + wider["exact", 1]
    most = [round(100 * (max(wider["mid-p", place]) - 1)) for place in (0, 1)]
    assert 1.17 < min(exact) < max(exact) < 1.27  # "a fifth to a quarter"
    every = rows[0] + rows[1]
    least = {
        method: min(numbers_of(chosen(every, method=method), "minimum"))
        for method in ("mid-p", "exact")
    }
    shares = table(CHOOSING, "answers", "method", "mean coverage", "both .8 or more")
    score = chosen(every, method="score") + chosen(shares, method="miettinen-nurminen")
    means = numbers_of(score, "mean coverage")
    assert not missing(
        COVERAGE,
        f"{most[0]} % wider than the score interval with two scores and {most[1]} % with three",
    )
    assert not missing(
        CHOOSING,
        f"up to {most[1]} %, or {per_cent(exact)}, of width | never below "
        f"[{floor(least['mid-p'])}, or {floor(least['exact'])}]",
        f"{two(min(means))} to {two(max(means))} on average, in dips "
        f"[{two(min(numbers_of(score, 'minimum')))}]",
    )


def test_between_the_steps_of_the_grid_limits_lie_where_said():
    samples = [19, 1], [0, 10], (0, 1)
    melded, by_score = (
        1 + float(limits(*samples).low)
        for limits in (melded_interval_difference, score_interval_difference)
    )
    assert not missing(
        COVERAGE,
        f"puts the lower limit of the difference at \u2212.{1e5 * (1 - melded):.0f},",
        f"a share of just under {melded:.5f}".replace("0.", "."),
        f"whose chance is {three((1 - melded) ** 20)} (the score interval has its limit there at "
        f"{by_score:.5f}, and the chance is {three((1 - by_score) ** 20)})".replace("0.00", ".00"),
    )


def test_comparisons_by_order_hold_what_the_sentences_say():
    rows = table(COVERAGE, "points", "answers", "method", "mean coverage", "lowest")
    score = chosen(rows, method="score")
    fixed = chosen(rows, method="score, scores of the samples")
    lowest = numbers_of(score, "lowest")
    on_five = min(numbers_of(chosen(score, points="5"), "lowest"))
    assert max(numbers_of(score, "mean coverage")) <= 0.97
    wider = [
        float(one["mean width"]) / float(other["mean width"])
        for one, other in zip(fixed, score, strict=True)
    ]
    dip = min(numbers_of(fixed, "lowest"))
    assert not missing(
        COVERAGE,
        f"the score interval covers {three(min(lowest))} and more in all cases",
        f"are up to {round(100 * (max(wider) - 1))} % wider, but dip to {three(dip)}.",
    )
    assert not missing(
        CHOOSING, f"[{floor(on_five)} and more](coverage.md#two-samples-by-their-order)"
    )


def test_newcombes_limits_are_as_wide_where_answers_are_tied_as_said():
    ratios = []
    for points in ordinal_comparisons.POINTS:
        pairs = ordinal_comparisons.drawn_pairs(points)
        for name in ("alike, heavy ties", "nearly all on the top"):
            for n in (30, 200):
                generator = np.random.default_rng(1)
                drawn = [generator.multinomial(n, one, 200).astype(float) for one in pairs[name]]
                newcombe, score_limits = (
                    np.subtract(*limits(*drawn)[::-1]).mean()
                    for limits in (ordinal_comparisons.newcombe, ordinal_difference_interval)
                )
                ratios.append(newcombe / score_limits)
    least, most = min(ratios), max(ratios)
    assert 2.6 < most < 3
    assert not missing(COVERAGE, f"is {least:.1f} to nearly 3 times as wide where most answers are")


def steps_of(monkeypatch, place, name, call):
    """How often a function is called for each of many samples."""
    plain, counted, found = getattr(place, name), [0], []

    def counting(*arguments):
        counted[0] += 1
        return plain(*arguments)

    monkeypatch.setattr(place, name, counting)
    generator = np.random.default_rng(1)
    for _ in range(200):
        points = generator.integers(2, 12)
        sizes = generator.integers(2, 500, 2)
        samples = [generator.multinomial(n, generator.dirichlet(np.ones(points))) for n in sizes]
        counted[0] = 0
        call(samples, np.arange(points))
        found.append(counted[0])
    return np.array(found)


def test_steps_are_as_few_as_said(monkeypatch):
    def one(samples, scores):
        return score_interval(samples[0], scores)

    def both(samples, scores):
        return score_interval_difference(*samples, scores)

    # either limit of one sample takes two stand-ins to start from
    single = (steps_of(monkeypatch, score, "stand_in_root", one) - 4) / 2
    assert np.mean(single > 5) < 0.02
    assert not missing("score-interval.md", "five steps are seldom exceeded")
    pair = steps_of(monkeypatch, sums, "_crossing", both) / 2
    assert np.mean((pair >= 4) & (pair <= 5)) > 0.7
    assert not missing("two-samples.md", "Four or five steps are usual;")


def test_waves_that_overlap_hold_what_the_table_says():
    rows = table(CHOOSING, "both + first + second")
    least = min(numbers_of(rows, "all, overlapping: coverage"))
    assert not missing(CHOOSING, f"[{floor(least)} and more](#waves-that-share-some-respondents)")


def test_funnels_flag_no_more_than_they_say():
    rows = table("comparing.md", "n", "share", "exact 95 %")
    assert max(numbers_of(rows, "exact 95 %")) <= 5
    assert max(numbers_of(rows, "exact 99.8 %")) <= 0.2
    assert max(numbers_of(rows, "score 95 %")) > 5


# Surveys


def parts_of(row: dict[str, str], name: str) -> list[float]:
    return [float(one) for one in row[name].split("/")]


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


# Groups drawn together


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


# Several looks


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


# Charts, and what is published


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
