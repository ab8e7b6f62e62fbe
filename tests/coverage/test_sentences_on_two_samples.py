"""
What the pages say of two samples follows from their tables, or is computed anew.

The tables themselves are held by the other tests of this folder and by the scripts that print them.
"""

import numpy as np
import ordinal_comparisons
from pages import chosen, floor, missing, numbers_of, per_cent, table, three, two

from custfocus.intervals import (
    melded_interval_difference,
    ordinal_difference_interval,
    score,
    score_interval,
    score_interval_difference,
    sums,
)

CHOOSING = "choosing-an-interval.md"
COVERAGE = "coverage.md"


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
