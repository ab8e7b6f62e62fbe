"""
How long a scorecard of many measures over many periods takes, and its progress.

Run it with ``python tests/benchmarks/scorecard_speed.py``. It has 1,000 recorded measures of 60
months each, half of them shares of records and half rates, each with a target. What is timed is
making the card, its table, its text and its progress toward the targets; the median of five.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Target,
    scorecard,
)
from custfocus.quantities import Rate, proportion

MEASURES, PERIODS, RUNS = 1_000, 60, 5
MONTHS = [f"{2022 + place // 12}-{place % 12 + 1:02d}" for place in range(PERIODS)]


def focus() -> CustomerFocus:
    """A focus with as many measures as are asked for."""
    high, low = Target.at_least(80, due="2027-12-31"), Target.at_most(3, due="2027-12-31")
    return CustomerFocus(
        "Agency",
        customers=[Customer("public", "The public")],
        needs=[Need("served", "public", "to be served")],
        requirements=[Requirement("soon", "served", "soon")],
        measures=[
            PerformanceMeasure(
                f"m{place}", "soon", f"Measure {place}", target=low if place % 2 else high
            )
            for place in range(MEASURES)
        ],
    )


def data() -> dict[str, object]:
    """The records of each measure."""
    generator = np.random.default_rng(20261128)
    shares = generator.binomial(400, 0.78, (MEASURES, PERIODS))
    events = generator.poisson(12, (MEASURES, PERIODS))
    return {
        f"m{place}": Rate(events[place], 4_000, per=1_000, period=MONTHS)
        if place % 2
        else proportion(shares[place], 400, period=MONTHS)
        for place in range(MEASURES)
    }


def seconds(work: Callable[[], object]) -> float:
    """The median time of some runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the times."""
    organisation, records = focus(), data()
    card = scorecard(organisation, records)
    for name, work in (
        ("scorecard", lambda: scorecard(organisation, records)),
        ("to_dicts", card.to_dicts),
        ("text", lambda: str(card)),
        ("progress", card.progress),
        ("satisfaction", card.satisfaction),
    ):
        print(f"{name:<14}{seconds(work):8.2f} s")


if __name__ == "__main__":
    main()
