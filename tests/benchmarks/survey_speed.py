"""
How long a survey of 100,000 respondents takes in 500 domains, and how long it takes domain by domain.

Run it with ``python tests/benchmarks/survey_speed.py``. 400 clusters in 20 strata, weights, answers
of 0 to 10 scored as NPS; domains by their labels. The peer goes through the domains in a loop, each with a few passes of
NumPy and pandas over the whole survey, as is usually written; the script prints how far apart
the standard errors are. Times are medians in seconds; reading answers, labels and design is timed
on its own.

A second part is about calibrated weights: 20,000 respondents in 200 domains, raked to three
margins, each domain against the rest, without clusters and with 400 of them; beside them the same
without calibration.

If the package svy is installed (it needs polars and a compiled part) it is timed as well, with the
clusters and without: version 0.35 takes 15 to 20 s without them and a second with them. Its
standard errors are the same.
"""

import statistics
import time

import numpy as np
import pandas as pd

from custfocus import Scale, Scoring, SurveyDesign, estimate
from custfocus.comparisons import with_rest
from custfocus.surveys import Calibration, SurveyTally

ROWS, DOMAINS, CLUSTERS, STRATA, RUNS = 100_000, 500, 400, 20, 7


def survey():
    generator = np.random.default_rng(1)
    cluster = generator.integers(0, CLUSTERS, ROWS)
    return pd.DataFrame(
        {
            "cluster": cluster,
            "stratum": cluster % STRATA,
            "domain": generator.integers(0, DOMAINS, ROWS),
            "weight": generator.lognormal(sigma=0.5, size=ROWS),
            "answer": generator.integers(0, 11, ROWS),
        }
    )


def domain_by_domain(frame, scores):
    """Each domain's index and standard error, by a loop."""
    score, weight = scores[frame["answer"]], frame["weight"].to_numpy()
    results = []
    for domain in range(DOMAINS):
        inside = weight * (frame["domain"].to_numpy() == domain)
        value = (inside * score).sum() / inside.sum()
        totals = (
            pd.Series(inside * (score - value) / inside.sum())
            .groupby([frame["stratum"], frame["cluster"]])
            .sum()
        )
        by_stratum = totals.groupby(level=0)
        clusters = by_stratum.count()
        results.append((value, (clusters * by_stratum.var()).sum() ** 0.5))
    return np.array(results).T


DESIGNS = {
    "clusters in strata, weights": {"stratum": "stratum", "psu": "cluster", "wgt": "weight"},
    "strata, weights": {"stratum": "stratum", "wgt": "weight"},
    "weights": {"wgt": "weight"},
}


def our_design(frame, columns):
    return SurveyDesign(
        frame["weight"],
        strata=frame["stratum"] if "stratum" in columns else None,
        clusters=frame["cluster"] if "psu" in columns else None,
    )


def with_svy(frame, scores, columns):
    """Standard errors and seconds of svy, or None where it is not installed."""
    try:
        import polars as pl  # noqa: PLC0415 - optional
        import svy  # noqa: PLC0415 - optional
    except ImportError:
        return None
    scored = pl.DataFrame(frame.assign(score=scores[frame["answer"]]).to_dict("list"))
    sample = svy.Sample(scored, svy.Design(**columns))
    start = time.perf_counter()
    found = sample.estimation.mean("score", by="domain")
    taken = time.perf_counter() - start
    return found.to_polars().sort("domain")["se"].to_numpy(), taken


def raked(clusters, *, calibrated):
    """An estimate by 200 groups of a finite population, and whether it is raked to margins."""
    generator, rows = np.random.default_rng(2), 20_000
    margins = {
        name: generator.integers(0, labels, rows)
        for name, labels in {"age": 6, "home": 4, "region": 8}.items()
    }
    totals = {
        name: {label: 50 * rows / (column.max() + 1) for label in range(column.max() + 1)}
        for name, column in margins.items()
    }
    cluster = generator.integers(0, clusters, rows) if clusters else None
    design = SurveyDesign(
        generator.lognormal(sigma=0.4, size=rows),
        strata=None if cluster is None else cluster % STRATA,
        clusters=cluster,
        population=np.full(rows, 10**6),
        calibration=Calibration(margins, totals) if calibrated else None,
    )
    scale = Scale.range(0, 10)
    answers, groups = generator.integers(0, 11, rows), generator.integers(0, 200, rows)
    tally = SurveyTally.of(answers, design, scale, by={"group": groups})
    return estimate(tally, Scoring.net_promoter(scale))


def against_the_rest():
    """How long each of 200 groups against the rest takes."""
    for clusters in (None, 400):
        taken = [
            statistics.median(seconds(with_rest, raked(clusters, calibrated=each)) for _ in "123")
            for each in (True, False)
        ]
        print(f"200 groups against the rest, {clusters or 'no'} clusters: calibrated "
              f"{taken[0]:.2f} s, uncalibrated {taken[1]:.2f} s")  # fmt: skip


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def median_seconds(function, *arguments):
    return statistics.median(seconds(function, *arguments) for _ in range(RUNS))


def main():
    against_the_rest()
    frame = survey()
    scoring = Scoring.net_promoter(Scale.range(0, 10))

    def read(columns):
        design = our_design(frame, columns)
        return SurveyTally.of(frame["answer"], design, scoring.scale, by=frame["domain"])

    clustered, *_ = DESIGNS.values()
    tally = read(clustered)

    def ours():
        return estimate(tally, scoring)

    theirs = domain_by_domain(frame, scoring.quoted_scores)
    found = ours()
    apart = max(
        np.abs(found.value - theirs[0]).max(), np.abs(found.standard_error - theirs[1]).max()
    )
    print(f"{ROWS} respondents, {DOMAINS} domains, {CLUSTERS} clusters in {STRATA} strata")
    print(f"answers and labels to a sample {median_seconds(read, clustered):8.3f} s")
    print(f"estimate with score intervals  {median_seconds(ours):8.3f} s")
    loop = seconds(domain_by_domain, frame, scoring.quoted_scores)
    print(f"loop over the domains          {loop:8.3f} s (at most {apart:.0e} apart)")
    for name, columns in DESIGNS.items():
        svy = with_svy(frame, scoring.quoted_scores, columns)
        if svy is None:
            print("svy is not installed")
            return
        taken = median_seconds(lambda columns=columns: estimate(read(columns), scoring))
        mine = estimate(read(columns), scoring).standard_error
        print(
            f"{name:28} {taken:6.3f} s, svy {svy[1]:6.2f} s, {svy[1] / taken:5.0f} times "
            f"(at most {np.abs(mine - svy[0]).max():.0e} apart)"
        )


if __name__ == "__main__":
    main()
