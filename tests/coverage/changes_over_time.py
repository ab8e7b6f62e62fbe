"""
How often the limits of changes, of progress toward a target and of trends hold the truth.

Changes of rates are enumerated: every pair of numbers of events has an exact Poisson
probability. All else is simulated with a fixed seed. Run as a script it prints the tables of
docs/progress.md and that of standardised rates in docs/quantities.md; a number after the command
says how many samples are drawn of each case (20,000 by default).
"""

import sys
from itertools import product

import numpy as np
from numpy.typing import NDArray
from rates_and_amounts import POPULATIONS, SAMPLES, SIZES, Draw
from scipy.special import gammaln, stdtrit, xlogy

from custfocus.intervals import (
    amounts_interval,
    damped_projection,
    linear_trend,
    moments,
    progress_interval,
    rate_interval,
    standardised_rate_interval,
)
from custfocus.progress.changes import Change, from_limits

Floats = NDArray[np.float64]

SEED = 20261129
RATE_METHODS = ("exact", "byar")
TIMES = (0.5, 1, 2)  # what a period has of the one before
ERRORS = (0.1, 0.2, 0.3, 0.5)  # of the baseline, in parts of the targeted change
PARTS = (0, 0.5, 1)  # of the targeted change that are achieved
STANDARDISED = ("dobson", "dobson-byar", "gamma")
WEIGHTS = {"alike": (3, 4, 3, 4, 3, 3), "1 to 20": (1, 2, 4, 8, 14, 20)}
PERIODS = (5, 8, 12, 24)
AHEAD = ((5, 4), (8, 4), (12, 4), (12, 8))
SLOPE = 0.25  # a period, in standard deviations of a value
PROCESSES = ("independent", "AR(1) .3", "AR(1) .6", "random walk", "fading trend")


def held(limits: tuple[Floats, Floats], truth: Floats | float) -> float:
    """The share of intervals that hold the truth."""
    low, high = limits
    return float(np.mean((low <= truth) & (truth <= high)))


def rate_change_coverage(mean: float, times: float, method: str) -> float:
    """The exact coverage of the change from one period to the next, of one exposure."""
    means = np.array([times * mean, mean])
    last = int(means.max() + 12 * np.sqrt(means.max()) + 20)
    events = np.arange(last)
    low, high = rate_interval(events, 1, method=method)
    known = events.astype(float), low, high
    one, other = (Change(*(part[at] for part in known)) for at in (np.s_[:, None], np.s_[None, :]))
    _, least, most = from_limits(one, other)
    truth = means[0] - means[1]
    log = xlogy(events, means[:, None]) - means[:, None] - gammaln(events + 1)
    first, second = np.exp(log)
    return float(first @ ((least <= truth) & (truth <= most)) @ second)


def amounts_change_coverage(draw: Draw, n: int, times: float, samples: int) -> float:
    """The share of samples whose change of the mean from period to period is held."""
    generator = np.random.default_rng(SEED)
    later, earlier = times * draw(generator, (samples, n)), draw(generator, (samples, n))
    some = (later.max(axis=1) > 0) & (earlier.max(axis=1) > 0)
    known = (moments(one[some]) for one in (later, earlier))
    both = (Change(one[1], *amounts_interval(*one)) for one in known)
    _, low, high = from_limits(*both)
    return held((low, high), times - 1)


def progress_coverage(error: float, part: float, n: int, samples: int) -> tuple[float, float]:
    """How often the part of a targeted change of 1 is held, and how often limits are infinite."""
    generator = np.random.default_rng(SEED)
    scale = error * np.sqrt(n)
    answers = (mean + scale * generator.standard_normal((samples, n)) for mean in (0, part))
    known = [(one.mean(axis=1), one.std(axis=1, ddof=1) / np.sqrt(n)) for one in answers]
    (start, start_error), (now, now_error) = known
    low, high = progress_interval(start, now, 1, baseline_error=start_error, latest_error=now_error)
    return held((low, high), part), float(np.mean(np.isinf(low) | np.isinf(high)))


def standardised_coverage(weights: tuple[int, ...], events: int, samples: int) -> list[float]:
    """The share of samples whose standardised rate is held, by each method."""
    generator = np.random.default_rng(SEED)
    risk = np.array([1, 2, 3, 4, 6, 9])  # of the strata, all of one exposure
    means = events * risk / risk.sum()
    counts = generator.poisson(means, (samples, len(risk)))
    truth = float((np.array(weights) * means).sum() / sum(weights))
    found = (
        standardised_rate_interval(counts, np.ones(len(risk)), weights, method=method)
        for method in STANDARDISED
    )
    return [held(one, truth) for one in found]


def alike(generator: np.random.Generator, shape: tuple[int, int], correlation: float) -> Floats:
    """Normal numbers of variance 1 whose neighbours are correlated."""
    noise = generator.standard_normal(shape)
    for place in range(1, shape[1]):
        fresh = np.sqrt(1 - correlation**2) * noise[:, place]
        noise[:, place] = correlation * noise[:, place - 1] + fresh
    return noise


def slope_coverage(n: int, samples: int, *, weighted: bool, correlation: float) -> float:
    """The share of series whose slope is held; of weighted ones the errors are 1, 2, 1, 2 ..."""
    values = alike(np.random.default_rng(SEED), (samples, n), correlation)
    errors = np.resize([1.0, 2.0], n) if weighted else np.ones(n)
    values = SLOPE * np.arange(n) + errors * values
    found = linear_trend(values, range(n), standard_errors=errors if weighted else None)
    return held((found.low, found.high), SLOPE)


def projection_coverage(process: str, n: int, ahead: int, samples: int) -> float:
    """The share of series whose later value lies in the 80 % limits."""
    generator = np.random.default_rng(SEED)
    shape = samples, n + ahead
    trend = SLOPE * np.arange(n + ahead)
    if process == "random walk":
        steps = np.sqrt(0.5) * generator.standard_normal(shape)
        noise = np.cumsum(steps, axis=1) + np.sqrt(0.5) * generator.standard_normal(shape)
    else:
        noise = alike(generator, shape, {"AR(1) .3": 0.3, "AR(1) .6": 0.6}.get(process, 0))
    if process == "fading trend":
        trend[n:] = trend[n - 1] + SLOPE * np.cumsum(0.7 ** np.arange(1, ahead + 1))
    values = trend + noise
    found = damped_projection(values[:, :n], range(n), n - 1 + ahead)
    return held((found.low, found.high), values[:, -1])


def line_coverage(correlation: float, n: int, ahead: int, samples: int) -> float:
    """How often a later value is at least the 95 % prediction limit of a line that never fades."""
    values = alike(np.random.default_rng(SEED), (samples, n + ahead), correlation)
    values += SLOPE * np.arange(n + ahead)
    times = np.arange(n) - (n - 1) / 2
    slope = values[:, :n] @ times / (times @ times)
    rest = values[:, :n] - values[:, :n].mean(axis=1)[:, None] - slope[:, None] * times
    spread = np.sqrt((rest**2).sum(axis=1) / (n - 2))
    last = times[-1] + ahead
    error = spread * np.sqrt(1 + 1 / n + last**2 / (times @ times))
    least = values[:, :n].mean(axis=1) + slope * last - stdtrit(n - 2, 0.95) * error
    return float(np.mean(values[:, -1] >= least))


def header(first: str, *names: str) -> list[str]:
    """The first two lines of a table."""
    return [f"| {first} | {' | '.join(names)} |", "|---|" + "---|" * len(names)]


def row(first: str, *cells: object) -> str:
    """A line of a table; numbers within a cell stand beside each other."""
    texts = (" ".join(f"{one:.3f}" for one in np.ravel(cell)) for cell in cells)
    return f"| {first} | {' | '.join(texts)} |"


def rate_changes_table() -> list[str]:
    """Exact coverage of changes of rates, by the events of the period before."""
    cases = list(product(RATE_METHODS, TIMES))
    lines = header("events before", *(f"{method}, times {times}" for method, times in cases))
    for mean in SIZES:
        lines.append(row(f"{mean}", *(rate_change_coverage(mean, t, how) for how, t in cases)))
    return lines


def amounts_changes_table(samples: int) -> list[str]:
    """Coverage of changes of means of amounts, each cell that of n = 10, 30 and 200."""
    lines = header("amounts", *(f"times {times}" for times in TIMES))
    for name, draw in POPULATIONS.items():
        cells = (
            [amounts_change_coverage(draw, n, times, samples) for n in SIZES] for times in TIMES
        )
        lines.append(row(name, *cells))
    return lines


def progress_table(samples: int) -> list[str]:
    """Coverage of the part of a targeted change, each cell that of n = 10, 30 and 200."""
    lines = header("error of the baseline", *(f"part {part}" for part in PARTS), "infinite")
    for error in ERRORS:
        found = [[progress_coverage(error, part, n, samples) for n in SIZES] for part in PARTS]
        infinite = [without for _, without in found[0]]
        lines.append(row(f"{error}", *([share for share, _ in one] for one in found), infinite))
    return lines


def standardised_table(samples: int) -> list[str]:
    """Coverage of standardised rates, each cell that of 10, 30 and 200 events in all."""
    lines = header("weights", *STANDARDISED)
    for name, weights in WEIGHTS.items():
        found = [standardised_coverage(weights, events, samples) for events in SIZES]
        lines.append(row(name, *zip(*found, strict=True)))
    return lines


def slopes_table(samples: int) -> list[str]:
    """Coverage of slopes."""
    cases = list(product((0, 0.3), (False, True)))
    names = (
        f"{'weighted' if weighted else 'plain'}, correlation {correlation}"
        for correlation, weighted in cases
    )
    lines = header("periods", *names)
    for n in PERIODS:
        cells = (slope_coverage(n, samples, weighted=w, correlation=r) for r, w in cases)
        lines.append(row(f"{n}", *cells))
    return lines


def projections_table(samples: int) -> list[str]:
    """Coverage of 80 % limits of projections."""
    lines = header("periods, ahead", *PROCESSES)
    for n, ahead in AHEAD:
        cells = (projection_coverage(process, n, ahead, samples) for process in PROCESSES)
        lines.append(row(f"{n}, {ahead}", *cells))
    return lines


def lines_table(samples: int) -> list[str]:
    """How often what a line that never fades says with 95 % comes true."""
    lines = header("periods, ahead", "line, independent", "line, AR(1) .3", "line, AR(1) .6")
    for n, ahead in AHEAD:
        cells = (line_coverage(correlation, n, ahead, samples) for correlation in (0, 0.3, 0.6))
        lines.append(row(f"{n}, {ahead}", *cells))
    return lines


def main() -> None:
    """Print the tables."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    simulated = (
        amounts_changes_table,
        progress_table,
        slopes_table,
        projections_table,
        lines_table,
        standardised_table,
    )
    for lines in (rate_changes_table(), *(table(samples) for table in simulated)):
        sys.stdout.write("\n".join([*lines, "", ""]))


if __name__ == "__main__":
    main()
