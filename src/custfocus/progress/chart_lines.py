"""The lines, marks and readings of the series of one kind of chart, and what is said of them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.charts import (
    ChartLimits,
    RuleSet,
    SpecialCauses,
    assurance,
    c_limits,
    false_alarms,
    i_prime_limits,
    limits_notes,
    p_limits,
    p_prime_limits,
    run_limits,
    series_notes,
    special_causes,
    u_limits,
    u_prime_limits,
    variation,
    xmr_limits,
)
from custfocus.progress.chart_series import Series, points_for, unit_of
from custfocus.results.arrays import Counts, Floats

_LIMITS: dict[str, Callable[..., ChartLimits]] = {
    "run": run_limits,
    "xmr": xmr_limits,
    "i-prime": i_prime_limits,
    "p": p_limits,
    "p-prime": p_prime_limits,
    "c": c_limits,
    "u": u_limits,
    "u-prime": u_prime_limits,
}
_BY_RANGES = {"xmr", "i-prime", "p-prime", "u-prime"}  # those that can be screened


class LinePlan(NamedTuple):
    """
    How all series of a chart are treated.

    Attributes:
        rules: The rules.
        phases: The number of each period's phase, from 1; shape (periods,).
        baseline: How many first points of a phase fix its lines; None for all.
        direction: Which values are better.
        least: The lower end of the range that each group has to reach, shape (groups,); infinite
            where there is none.
        most: The upper end, likewise.
    """

    rules: RuleSet
    phases: Counts
    baseline: int | None
    direction: str
    least: Floats
    most: Floats

    def of(self, rows: NDArray[np.intp]) -> "LinePlan":
        """That of some groups."""
        return self._replace(least=self.least[rows], most=self.most[rows])


class Found(NamedTuple):
    """
    What a chart shows, shape (groups, periods), and says of each group, shape (groups,).

    Lines are in the metric's unit, NaN where there are none.
    """

    center: Floats
    low: Floats
    high: Floats
    mark: NDArray[np.str_]
    signal: NDArray[np.str_]
    reading: NDArray[np.str_]
    latest: Counts
    variation: NDArray[np.str_]
    assurance: NDArray[np.str_]
    false_alarms: Floats
    notes: NDArray[np.str_]


def found_in(series: Series, kinds: NDArray[np.str_], plan: LinePlan) -> Found:
    """What the charts of all groups show, each of its own kind."""
    parts: list[tuple[NDArray[np.intp], Found]] = []
    for kind in np.unique(kinds).tolist():
        rows = np.flatnonzero(kinds == kind)
        parts.append((rows, _found(series.of(rows), kind, plan.of(rows))))
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    columns = zip(*(found for _, found in parts), strict=True)
    return Found(*(np.concatenate(column)[order] for column in columns))


def _found(series: Series, kind: str, plan: LinePlan) -> Found:
    y = points_for(series, kind)
    in_phase = _points_in_phase(y, plan.phases)
    limits = _limits(series, kind, plan)
    shown = _without_few(limits, in_phase < plan.rules.fewest_points)
    causes = special_causes(y, shown, plan.rules)
    scale, offset = unit_of(series, kind)
    scales = scale[:, None]
    ends = _target_ends(plan, scale, offset)
    targets: dict[str, Floats] = {name: end for name, end in ends.items() if np.isfinite(end).all()}
    within = targets if plan.direction == "within" else {}
    words = variation(causes, plan.direction, **within)
    assured = assurance(shown, plan.direction, **targets) if targets else np.full(len(y), None)
    return Found(
        center=offset + scales * limits.centre,
        low=offset + scales * shown.low,
        high=offset + scales * shown.high,
        mark=causes.rules,
        signal=np.array(["low", "", "high"])[causes.direction.astype(np.int64) + 1],
        reading=_readings(causes, y, limits.centre, plan.direction, ends),
        latest=causes.latest,
        variation=_texts(words),
        assurance=_texts(assured),
        false_alarms=_stable_series(in_phase, kind, plan),
        notes=np.array(["\n".join(_notes(*one)) for one in _said(kind, y, shown, in_phase, plan)]),
    )


def _limits(series: Series, kind: str, plan: LinePlan) -> ChartLimits:
    options: dict[str, object] = {"baseline": plan.baseline, "phases": plan.phases}
    if kind in _BY_RANGES:
        options["screened"] = plan.rules.screened
    if kind == "i-prime":
        return i_prime_limits(series.value, series.sizes, **options)  # type: ignore[arg-type]
    if kind in {"run", "xmr", "c"}:
        return _LIMITS[kind](points_for(series, kind), **options)
    return _LIMITS[kind](series.events, series.exposure, **options)


def _points_in_phase(y: Floats, phases: Counts) -> Counts:
    """How many points the phase of each period has, shape (groups, periods)."""
    there = ~np.isnan(y)
    counts = np.zeros(y.shape, np.int64)
    for number in np.unique(phases):
        inside = phases == number
        counts[:, inside] = there[:, inside].sum(axis=-1, keepdims=True)
    return counts


def _without_few(limits: ChartLimits, few: NDArray[np.bool_]) -> ChartLimits:
    """The limits without those of phases of few points, which nothing is to rest on."""
    return limits._replace(
        sigma=np.where(few, np.nan, limits.sigma),
        low=np.where(few, np.nan, limits.low),
        high=np.where(few, np.nan, limits.high),
        points=np.where(few, 0, limits.points),
        sigma_z=np.where(few, np.nan, limits.sigma_z),
    )


def _target_ends(plan: LinePlan, scale: Floats, offset: float) -> dict[str, Floats]:
    """The ends of the targets in the unit of each group's chart, infinite where there is none."""
    return {
        "target_low": np.asarray((plan.least - offset) / scale),
        "target_high": np.asarray((plan.most - offset) / scale),
    }


def _readings(
    causes: SpecialCauses, y: Floats, centre: Floats, direction: str, ends: dict[str, Floats]
) -> NDArray[np.str_]:
    """Whether the mark of each point is an improvement or a concern; see `charts.variation`."""
    way = causes.direction.astype(np.int64)
    low, high = ends["target_low"][:, None], ends["target_high"][:, None]
    if direction == "within":
        outside = np.where((y < low) | (y > high), -way, 0)
        better = way * np.where(centre < low, 1, np.where(centre > high, -1, outside))
    else:
        better = way if direction == "higher" else -way
    if causes.rule_set.conflict == "improvement":
        better = np.where(causes.conflict, np.abs(better), better)
    return np.asarray(np.array(["concern", "", "improvement"])[better + 1])


def _stable_series(in_phase: Counts, kind: str, plan: LinePlan) -> Floats:
    """Per cent of stable series with such phases that show a mark, by group."""
    none = np.ones(len(in_phase))
    for number in np.unique(plan.phases):
        points = in_phase[:, plan.phases == number][:, 0]
        alarms = false_alarms(points, kind, plan.rules)  # type: ignore[arg-type]
        none *= 1 - np.where(points < plan.rules.fewest_points, 0, alarms) / 100
    return 100 * (1 - none)


def _said(
    kind: str, y: Floats, shown: ChartLimits, in_phase: Counts, plan: LinePlan
) -> Iterator[tuple[str, list[str], list[str], int]]:
    """For each group its notes, and the points from which there are limits; 0 if it has them."""
    fewest = plan.rules.fewest_points
    of_series = series_notes(y, phases=plan.phases)
    of_limits = limits_notes(shown)
    for row, points in enumerate(in_phase):
        few = ((points > 0) & (points < fewest)).any()
        yield kind, [*of_series[row]], [*of_limits[row]], fewest if few else 0


def _notes(kind: str, of_series: list[str], of_limits: list[str], few: int) -> Iterator[str]:
    """What is said of a group; nothing about limits for a run chart, which has none."""
    if few:
        what = "marks" if kind == "run" else "limits and no marks"
        yield f"no {what} in a phase of fewer than {few} points"
    for note in [*of_limits, *of_series]:
        if kind != "run" or "limit" not in note:
            yield note


def _texts(words: NDArray[np.object_]) -> NDArray[np.str_]:
    """Words as texts, empty for None."""
    return np.array([one or "" for one in words.tolist()], np.str_)
