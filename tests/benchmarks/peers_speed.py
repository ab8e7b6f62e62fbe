"""
How long the NPS of 500 groups with its limits takes, beside what an analyst would use instead.

Run it with ``python tests/benchmarks/peers_speed.py``. A million answers of 0 to 10; `frames.score`
on a frame of pandas or Polars, and on the same frame

- statsmodels' t interval of the scores -100, 0 and 100 (``DescrStatsW``), group by group;
- statsmodels' ``proportion_confint`` of promoters and of detractors, group by group, which has no
  interval for their difference, so that the analyst is not done yet;
- statsmodels' ``multinomial_proportions_confint`` of all three parts, likewise;
- svy's ``estimation.mean(by=)``, once and with 100,000 of the answers: it takes minutes else;
- tea-tasting's ``Experiment``, which has no limits for one group: those of each group's difference
  from the first one take their place;
- and the t interval by hand: mean and standard error by one group-by and the quantiles in one
  call. No library's, wrong at the ends of the scale, and the bound for whatever takes one pass.

All peers are given the scores by the same three-way choice, within their time. Both run in one
process and in turn; a ratio is the median of the paired ratios, seconds are medians. The values
of NPS of all are found to be the same before anything is printed. A peer that is not installed is
left out and named.
"""

import argparse
import importlib
import statistics
import time
import warnings
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from custfocus import Scale, frames, nps

SCALE = Scale.range(0, 10)
GOAL = 10  # times as fast as the fastest library
SVY_ROWS = 100_000
APART = 1e-9  # in points of NPS: sums of whole numbers are exact, only divisions round


class Peer(NamedTuple):
    """
    Another way to the same numbers.

    Attributes:
        name: What it is called in print.
        needs: The packages it is made of, the frame's first.
        function: From a frame to the NPS by group, in the order of the groups.
        pairs: How many paired runs.
        library: Whether it counts for the goal.
        most: How many answers it is given.
    """

    name: str
    needs: tuple[str, ...]
    function: object
    pairs: int = 5
    library: bool = True
    most: int | None = None


def answers(rows, groups):
    generator = np.random.default_rng(1)
    spread = generator.normal(0, 1, groups)
    shop = generator.integers(0, groups, rows, dtype=np.int16)
    drawn = np.round(generator.normal(8 + spread[shop], 2))
    return {"shop": shop, "answer": np.clip(drawn, 0, 10).astype(np.int8)}


def scores(answer):
    return np.where(answer >= 9, 100.0, np.where(answer <= 6, -100.0, 0.0))


def by_t_interval(frame):
    from statsmodels.stats.weightstats import DescrStatsW  # noqa: PLC0415 - peers are optional

    def limits(values):
        described = DescrStatsW(values)
        return described.mean, *described.tconfint_mean()

    scored = frame.assign(score=scores(frame["answer"].to_numpy()))
    return scored.groupby("shop")["score"].apply(limits).str[0].to_numpy()


def by_two_proportions(frame):
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415

    def limits(values):
        promoters, detractors, n = (values > 0).sum(), (values < 0).sum(), len(values)
        proportion_confint(promoters, n, method="wilson")
        proportion_confint(detractors, n, method="wilson")
        return 100 * (promoters - detractors) / n

    scored = frame.assign(score=scores(frame["answer"].to_numpy()))
    return scored.groupby("shop")["score"].apply(limits).to_numpy()


def by_multinomial(frame):
    from statsmodels.stats.proportion import multinomial_proportions_confint  # noqa: PLC0415

    def limits(values):
        counts = [(values == score).sum() for score in (-100, 0, 100)]
        multinomial_proportions_confint(counts)
        return 100 * (counts[2] - counts[0]) / len(values)

    scored = frame.assign(score=scores(frame["answer"].to_numpy()))
    return scored.groupby("shop")["score"].apply(limits).to_numpy()


def by_hand_in_pandas(frame):
    scored = frame.assign(score=scores(frame["answer"].to_numpy()))
    found = scored.groupby("shop")["score"].agg(["mean", "sem", "count"])
    half = found["sem"] * stdtrit(found["count"] - 1, 0.975)
    found["low"], found["high"] = found["mean"] - half, found["mean"] + half
    return found["mean"].to_numpy()


def by_hand_in_polars(frame):
    import polars as pl  # noqa: PLC0415

    answer, score = pl.col("answer"), pl.col("score")
    chosen = pl.when(answer >= 9).then(100.0).when(answer <= 6).then(-100.0).otherwise(0.0)
    found = (
        frame.select("shop", score=chosen)
        .group_by("shop")
        .agg(mean=score.mean(), deviation=score.std(), n=pl.len())
        .sort("shop")
    )
    quantile = stdtrit(found["n"].to_numpy() - 1.0, 0.975)
    half = found["deviation"].to_numpy() / np.sqrt(found["n"].to_numpy()) * quantile
    found = found.with_columns(
        low=pl.col("mean") - pl.Series(half), high=pl.col("mean") + pl.Series(half)
    )
    return found["mean"].to_numpy()


def by_svy(frame):
    import polars as pl  # noqa: PLC0415
    import svy  # noqa: PLC0415

    scored = frame.with_columns(pl.Series("score", scores(frame["answer"].to_numpy())))
    found = svy.Sample(scored).estimation.mean("score", by="shop").to_polars()
    return found.sort("shop")["est"].to_numpy()


def by_tea_tasting(frame):
    import polars as pl  # noqa: PLC0415
    import tea_tasting as tt  # noqa: PLC0415

    scored = frame.with_columns(pl.Series("score", scores(frame["answer"].to_numpy())))
    experiment = tt.Experiment({"nps": tt.Mean("score")}, variant="shop")
    first = int(scored["shop"].min())
    found = experiment.analyze(scored, control=first, all_variants=True)
    by_shop = {other: result["nps"] for (_, other), result in found.items()}
    control = next(iter(by_shop.values())).control
    return np.array([control, *(by_shop[shop].treatment for shop in sorted(by_shop))])


PEERS = (
    Peer("statsmodels, t interval", ("pandas", "statsmodels"), by_t_interval),
    Peer("statsmodels, two proportions", ("pandas", "statsmodels"), by_two_proportions),
    Peer("statsmodels, multinomial", ("pandas", "statsmodels"), by_multinomial),
    Peer("svy", ("polars", "svy"), by_svy, pairs=1, most=SVY_ROWS),
    Peer("tea-tasting", ("polars", "tea_tasting"), by_tea_tasting, pairs=3),
    Peer("pandas, by hand", ("pandas",), by_hand_in_pandas, library=False),
    Peer("Polars, by hand", ("polars",), by_hand_in_polars, library=False),
)


def seconds(function, *arguments):
    start = time.perf_counter()
    found = function(*arguments)
    return time.perf_counter() - start, found


def ours(frame):
    return frames.score(frame, "answer", nps, scale=SCALE, by="shop")


def compared(peer, columns):
    """The median ratio of a peer's time to ours, or None where it is not installed."""
    try:
        library, *_ = (importlib.import_module(package) for package in peer.needs)
    except ImportError as error:
        print(f"{peer.name:29} left out: {error}")
        return None
    frame = library.DataFrame(columns)
    given = library.DataFrame({name: values[: peer.most] for name, values in columns.items()})
    apart = np.abs(peer.function(given) - ours(given)["value"].to_numpy()).max()
    if not apart <= APART:
        raise SystemExit(f"{peer.name}: the values of NPS are {apart} apart")
    pairs = [(seconds(ours, frame)[0], seconds(peer.function, given)[0]) for _ in range(peer.pairs)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(other / one for one, other in pairs)
    fewer = "" if len(given) == len(frame) else f" for {len(given):,} of the answers"
    print(f"{peer.name:29} {theirs:8.3f} s, ours {mine:.3f} s, {ratio:6.1f} times as fast{fewer}")
    return ratio if peer.library else None


def main():
    parser = argparse.ArgumentParser(description="NPS with limits by group, beside other packages")
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--groups", type=int, default=500)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # peers speak of their own affairs
    columns = answers(int(chosen.rows), chosen.groups)
    print(f"{int(chosen.rows):,} answers in {chosen.groups} groups")
    ratios = [ratio for peer in PEERS if (ratio := compared(peer, columns)) is not None]
    if ratios:
        least = min(ratios)
        verdict = "" if least >= GOAL else ", MISSED"
        print(f"{least:.1f} times as fast as the fastest library, wanted {GOAL}{verdict}")


if __name__ == "__main__":
    main()
