"""What charts say of many measures at once: their variation and their assurance."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from custfocus.charts import RULE_SETS
from custfocus.progress.chart_lines import LinePlan, found_in
from custfocus.progress.chart_series import Series, kinds_of
from custfocus.results.arrays import Floats, Places, Texts
from custfocus.results.metric import Metric
from custfocus.vocabulary.target import Target

_RULES = RULE_SETS["anhoej-3sigma"]


class Charted(NamedTuple):
    """
    A series to be charted as `chart` does by default.

    Attributes:
        series: The numbers.
        phases: The number of each period's phase, from 1; shape (periods,).
        target: The range to be reached, or None.
    """

    series: Series
    phases: Places
    target: Target | None


def direction_of(metric: Metric, target: Target | None) -> str:
    """Which values are better: as the target says, else the metric."""
    return metric.direction if target is None else target.direction


def ends_of(target: Target | None, groups: int) -> tuple[Floats, Floats]:
    """The ends of a target for each group, infinite where there is none."""
    least, most = (-np.inf, np.inf) if target is None else target.bounds
    return np.full(groups, least), np.full(groups, most)


def words_of(charted: Sequence[Charted]) -> list[tuple[Texts, Texts]]:
    """
    The variation and the assurance of the groups of each series at their latest period.

    Series of one kind (the same periods, phases and way to be better) are gone through together.
    """
    kinds: dict[object, list[int]] = defaultdict(list)
    for place, one in enumerate(charted):
        kinds[_kind(one)].append(place)
    words: dict[int, tuple[Texts, Texts]] = {}
    for places in kinds.values():
        own = [charted[place] for place in places]
        found = _found(own)
        stops = np.cumsum([one.series.groups.rows for one in own])[:-1]
        parts = zip(*(np.split(column, stops) for column in found), strict=True)
        words |= dict(zip(places, parts, strict=True))
    return [words[place] for place in range(len(charted))]


def _kind(one: Charted) -> object:
    """What series must share to be charted together."""
    series, target = one.series, one.target
    ends = (None, None) if target is None else (target.low is None, target.high is None)
    return (
        *(series.periods, series.counted, series.scale, series.offset),
        *(tuple(one.phases.tolist()), direction_of(series.metric, target), ends),
    )


def _found(own: Sequence[Charted]) -> tuple[Texts, Texts]:
    """The words of series of one kind."""
    series, first = Series.joined([one.series for one in own]), own[0]
    kinds = kinds_of(series, None, first.phases, None)
    ends = zip(*(ends_of(one.target, one.series.groups.rows) for one in own), strict=True)
    least, most = map(np.concatenate, ends)
    direction = direction_of(series.metric, first.target)
    found = found_in(series, kinds, LinePlan(_RULES, first.phases, None, direction, least, most))
    return found.variation, found.assurance
