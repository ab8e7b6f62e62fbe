"""What a chart takes of a result: its series by group and period, and which chart fits each."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.charts import ChartKind, p_limits, points_of, u_limits
from custfocus.errors import LabelError, OptionError, TallyError, choose
from custfocus.indices.estimate import Estimate, estimate
from custfocus.messages import quoted
from custfocus.progress.series_table import PERIOD, Overlapping, SeriesTable
from custfocus.progress.verdict import Verdict
from custfocus.quantities.cluster_ratio import Ratio
from custfocus.quantities.event_rate import Rate
from custfocus.quantities.quantity import Quantity
from custfocus.quantities.standardised import StandardisedRate
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Flags, Floats, Places
from custfocus.results.keys import Keys
from custfocus.results.labels import Label
from custfocus.results.metric import Metric
from custfocus.results.result import Result
from custfocus.results.text import kind_text

R = TypeVar("R", bound=Result)

_ARRAYS = ("value", "n", "sizes", "events", "exposure")
_FITS: dict[str, str] = {
    "run": "any data",
    "xmr": "any data",
    "i-prime": "values whose n is known",
    "p": "shares of a tally",
    "p-prime": "shares of a tally",
    "c": "rates of equal exposure",
    "u": "rates",
    "u-prime": "rates",
}
_UNEXPLAINED_FROM = 1.2  # sigma_z: the points spread more than their sizes explain
_THOUSANDS = 1000  # cases or events a period: what else varies outweighs chance


class Series(NamedTuple):
    """
    Series of numbers by group and period, and what they rest on.

    Attributes:
        metric: What is measured.
        groups: What the series are called; a single row without names for one.
        periods: The labels of the periods, in their order.
        value: The numbers in the metric's unit, shape (groups, periods); NaN for a gap.
        n: What each rests on, likewise; NaN where that is not known.
        sizes: What a mean is of, likewise; NaN where that is not known.
        events: Those that a share or a rate counts, likewise; NaN for other data.
        exposure: Of how many, or in what, likewise.
        counted: ``"share"``, ``"rate"`` or ``""`` for other data.
        scale: What a share or a rate is multiplied by in the metric's unit.
        offset: What is then added.
        data: What was given, as an error says it.
    """

    metric: Metric
    groups: Keys
    periods: tuple[Label, ...]
    value: Floats
    n: Floats
    sizes: Floats
    events: Floats
    exposure: Floats
    counted: str
    scale: float
    offset: float
    data: str

    @classmethod
    def joined(cls, parts: "Sequence[Series]") -> "Series":
        """Series by the same periods and of the same kind under one another, numbered."""
        arrays: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS
        }
        return parts[0]._replace(groups=Keys.numbered(len(arrays["value"])), **arrays)

    def of(self, rows: Places) -> "Series":
        """The series of some groups."""
        some = {name: getattr(self, name)[rows] for name in _ARRAYS}
        return self._replace(groups=self.groups[rows] if self.groups.names else self.groups, **some)


def series_of(given: object) -> Series:
    """
    The series of an estimate, a quantity or a tally of two points.

    Raises:
        TallyError: Anything else.
        LabelError: Rows without the key ``period``.
    """
    if isinstance(given, Estimate):
        return _of_estimate(_checked(given))
    if isinstance(given, Quantity):
        return _of_quantity(_checked(given))
    if isinstance(given, Overlapping):
        raise TallyError(f"a chart needs single periods, got windows: {given.refusal}")
    if not isinstance(given, Tally) or len(given.scale) != 2:
        raise _not_charted(given)
    name = f"share {given.scale.point_names[-1]}"
    scoring = attrs.evolve(Scoring.top_box(given.scale, 1), name=name)
    return _of_estimate(estimate(_checked(given), scoring))


def _checked(given: R) -> R:
    """What has rows by period; an error for anything else."""
    if PERIOD not in given.keys.names:
        raise _no_period(given)
    if not given.keys.rows:
        raise TallyError(f"a chart needs periods, got {kind_text(given)} without rows")
    return given


def _not_charted(given: object) -> TallyError:
    remedy = "write chart(csat(answers, by={'period': months}))"
    if isinstance(given, Verdict):
        remedy = "write chart(verdict.estimate, target=verdict.target)"
    return TallyError(
        "chart takes an estimate, a quantity such as Rate or Amounts, or a tally of two points, "
        f"each with the key 'period', got {kind_text(given)}; {remedy}"
    )


def _of_estimate(given: Estimate) -> Series:
    """Shares of plain answers are counted, all other indices are means of so many answers."""
    n = np.asarray(given.n, np.float64)
    effective = np.asarray(given.effective_n)
    sizes = np.where(np.isfinite(effective) & (effective > 0), effective, n)
    scores = np.unique(given.scoring.quoted_scores)
    if not isinstance(given.sample, Tally) or len(scores) != 2:
        return _by_period(given, {"value": given.value, "n": n, "sizes": sizes})
    counts = given.sample.counts[..., given.scoring.quoted_scores == scores[1]]
    events = np.asarray(counts.sum(axis=-1), np.float64)
    arrays = {"value": given.value, "n": n, "sizes": sizes, "events": events, "exposure": n}
    scale, offset = float(scores[1] - scores[0]), float(scores[0])
    return _by_period(given, arrays, "share", scale, offset)


def _of_quantity(given: Quantity) -> Series:
    arrays = {"value": given.value, "n": given.n}
    if isinstance(given, Rate):
        arrays |= {"sizes": given.exposure, "events": given.events, "exposure": given.exposure}
        return _by_period(given, arrays, "rate", float(given.per))
    if isinstance(given, Ratio):
        arrays["sizes"] = np.asarray(given.n * given.x)
    elif not isinstance(given, StandardisedRate):
        arrays["sizes"] = given.n
    return _by_period(given, arrays)


def _by_period(
    given: Estimate | Quantity,
    arrays: Mapping[str, Floats],
    counted: str = "",
    scale: float = 1.0,
    offset: float = 0.0,
) -> Series:
    """Arrays by row laid out by group and period, in the order of the key."""
    table = SeriesTable.of(given)
    laid = {name: table.laid(one) for name, one in arrays.items()}
    laid |= {name: np.full(table.rows.shape, np.nan) for name in _ARRAYS if name not in laid}
    return Series(
        metric=given.metric,
        groups=table.groups,
        periods=tuple(table.level),
        **laid,
        counted=counted,
        scale=scale,
        offset=offset,
        data=kind_text(given),
    )


def _no_period(given: Result) -> LabelError:
    keys = given.keys
    if PERIOD in dict(keys.fixed):
        return LabelError(
            f"a chart needs several periods, got {dict(keys.fixed)[PERIOD]!r} alone; leave out "
            "sel(period=...)"
        )
    names = ", ".join(map(repr, keys.names)) or "a single row"
    remedy = "period=months" if isinstance(given, Quantity) else "by={'period': months}"
    return LabelError(f"a chart needs the key 'period', got {names}; make the data with {remedy}")


# -- which chart ----------------------------------------------------------------------------------


def kinds_of(
    series: Series, kind: ChartKind | None, phases: ArrayLike, baseline: int | None
) -> NDArray[np.str_]:
    """
    The chart of each group: the one asked for, or that which fits its data.

    Raises:
        OptionError: An unknown chart, or one that does not fit the data.
    """
    if kind is None:
        return _fitting(series, phases, baseline)
    choose("kind", kind, _FITS)
    if not _fits(series, kind):
        known = [f"{name!r} ({what})" for name, what in _FITS.items() if _fits(series, name)]
        raise OptionError(
            f"kind {quoted(kind)} takes {_FITS[kind]}, got {series.data} of other data; leave out "
            f"kind=, or choose from: {', '.join(known)}"
        )
    return np.full(series.groups.rows, kind)


def _fits(series: Series, kind: str) -> bool:
    if kind in {"run", "xmr"}:
        return True
    if kind == "i-prime":
        return bool(_sized(series).all())
    if kind == "c":
        return series.counted == "rate" and bool(_equal_exposure(series).all())
    return series.counted == ("share" if kind.startswith("p") else "rate")


def _fitting(series: Series, phases: ArrayLike, baseline: int | None) -> NDArray[np.str_]:
    if not series.counted:
        return np.where(_sized(series), "i-prime", "xmr")
    limits = p_limits if series.counted == "share" else u_limits
    found = limits(series.events, series.exposure, phases=phases, baseline=baseline)
    spread = np.fmax.reduce(found.sigma_z, axis=-1) > _UNEXPLAINED_FROM
    if series.counted == "share":
        return np.where(spread | _in_thousands(series.exposure), "p-prime", "p")
    plain = np.where(_equal_exposure(series), "c", "u")
    return np.where(spread | _in_thousands(series.events), "u-prime", plain)


def _sized(series: Series) -> Flags:
    """Whether all values of a series are means of so many, by group."""
    known = (series.sizes > 0) | np.isnan(series.value)
    return np.asarray(known.all(axis=-1) & (series.sizes > 0).any(axis=-1))


def _equal_exposure(series: Series) -> Flags:
    there = np.where(series.exposure > 0, series.exposure, np.nan)
    least, most = np.fmin.reduce(there, axis=-1), np.fmax.reduce(there, axis=-1)
    return np.asarray(least == most)


def _in_thousands(sizes: Floats) -> Flags:
    """Whether half of the periods or more have a thousand cases, by group."""
    there = (sizes > 0).sum(axis=-1)
    return np.asarray(2 * (sizes >= _THOUSANDS).sum(axis=-1) >= np.maximum(there, 1))


def points_for(series: Series, kind: str) -> Floats:
    """The points of a chart in its own unit: values, shares, counts or rates."""
    if kind == "c":
        return np.asarray(np.where(series.exposure > 0, series.events, np.nan))
    if kind in {"p", "p-prime", "u", "u-prime"}:
        return points_of(series.events, series.exposure)
    return series.value


def unit_of(series: Series, kind: str) -> tuple[Floats, float]:
    """What the chart's own unit is multiplied by, shape (groups,), and what is then added."""
    rows = len(series.value)
    if kind == "c":
        exposure = np.fmax.reduce(series.exposure, axis=-1)
        return np.asarray(series.scale / exposure), series.offset
    if kind in {"p", "p-prime", "u", "u-prime"}:
        return np.full(rows, series.scale), series.offset
    return np.ones(rows), 0.0
