"""Funnels: which groups lie further from all of them together than chance would put them."""

from typing import cast

import attrs
import numpy as np

from custfocus.comparisons.funnel_scale import (
    FunnelScale,
    check_infinite,
    exact_limits,
    kind_of,
    rounding_of,
    sizes_of,
)
from custfocus.comparisons.groups import Within
from custfocus.errors import OptionError, TallyError, choose
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.arguments import checked_level, critical_value, is_finite_number
from custfocus.intervals.funnel_limits import (
    OVERDISPERSIONS,
    Overdispersion,
    adjusted_errors,
    dispersion,
)
from custfocus.messages import quoted
from custfocus.quantities.event_rate import Rate
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, flags, floats
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Picture, Result


@attrs.frozen(eq=False, repr=False)
class Funnel(Result):
    """
    How far groups may be from the value of all groups by chance alone.

    Attributes:
        estimate: The index or the rate of each group.
        center: That of all groups together, as quoted, shape (rows,).
        spread: The variance of single answers around it, likewise; of counts not needed.
        phi: How much more the groups vary than by chance, as a factor of the variance, likewise.
        tau2: The variance between groups beyond chance, on the scale that they are compared on,
            likewise.
        confidence_level: The two-sided level of the limits; of two sets the higher one.
        warning_level: That of the narrower set, or None.
        overdispersion: What the limits make of it, or None.
        across: The name of the groups, within each label of the others.
    """

    estimate: Estimate | Rate
    center: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    spread: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    phi: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    tau2: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    confidence_level: float
    warning_level: float | None
    overdispersion: Overdispersion | None
    across: str

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self.estimate.keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.estimate.metric

    @property
    def value(self) -> Floats:
        """The value of each group."""
        return self.estimate.value

    @property
    def n(self) -> Floats:
        """The answers, or the events of a rate."""
        return np.asarray(self.estimate.n, np.float64)

    @property
    def sizes(self) -> Floats:
        """What chance shrinks with: answers (with a design the effective number), or exposure."""
        return sizes_of(self.estimate)

    @property
    def limit_low(self) -> Floats:
        """Lower limits, shape (rows,); NaN for groups without answers."""
        return self._limits(self.confidence_level)[0]

    @property
    def limit_high(self) -> Floats:
        """Upper limits, likewise."""
        return self._limits(self.confidence_level)[1]

    @property
    def outside(self) -> Flags:
        """Whether the group's own value lies beyond its limits."""
        return self._beyond(self.confidence_level)

    @property
    def adjusted(self) -> Flags:
        """Whether the limits are wider for overdispersion, likewise."""
        if self.overdispersion is None:
            return flags(np.zeros(self.shape, bool))
        return flags(self.tau2 > 0 if self.overdispersion == "additive" else self.phi > 1)

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the values."""
        return self.estimate.notes

    def columns(self) -> dict[str, Column]:
        """
        The columns of the values, center, limit_low, limit_high and outside.

        Of two sets of limits also warning_low, warning_high and warning, whether the value lies
        beyond the narrower ones; and phi and tau2.
        """
        text, level = self.metric.text, self.warning_level
        values = self.estimate.columns()
        hidden = {name: values[name]._replace(text=None) for name in ("low", "high")}
        found = {
            **(values | hidden),
            "center": Column(self.center, text),
            "limit_low": Column(self.limit_low, text, "lower limit"),
            "limit_high": Column(self.limit_high, text, "upper limit"),
            "outside": Column(self.outside, _yes),
        }
        if level is not None:
            low, high = self._limits(level)
            found |= {
                "warning_low": Column(low, text, f"lower {100 * level:g} %"),
                "warning_high": Column(high, text, f"upper {100 * level:g} %"),
                "warning": Column(self._beyond(level), _yes),
            }
        return found | {"phi": Column(self.phi), "tau2": Column(self.tau2)}

    def caption(self) -> str:
        """What the limits are."""
        levels = [self.confidence_level, *([self.warning_level] if self.warning_level else [])]
        stated = " and ".join(f"{100 * level:g} %" for level in levels)
        return (
            f"{self.metric.name}, {stated} {self._how()} around the center, that of every "
            f"{self.across} together{self._dispersed()}"
        )

    def picture(self) -> Picture:
        """The limits as the bar; the value is the mark, in it or beyond."""
        metric = self.metric
        limits = (self.limit_low, self.limit_high)
        return Picture(self.value, *limits, metric.bounds, None, metric.text, metric.name)

    def limits_at(self, sizes: Floats, confidence_level: float) -> tuple[Floats, Floats]:
        """
        The limits that the group of each row would have at another size.

        Args:
            sizes: Answers (whole numbers, where limits are exact) or exposure, above 0; shape
                (rows,), or (points, rows).
            confidence_level: Two-sided, in (0, 1).
        """
        wide = self.adjusted
        center, kind = np.where(sizes > 0, self.center, np.nan), kind_of(self.estimate)
        if kind == "mean":
            return self._by_errors(sizes, center, confidence_level)
        low, high = exact_limits(self.estimate, sizes, center, 1 - confidence_level)
        if not wide.any():
            return low, high
        least, most = self._by_errors(sizes, center, confidence_level)
        return (
            np.where(wide, np.fmin(low, least), low),
            np.where(wide, np.fmax(high, most), high),
        )

    def _by_errors(self, sizes: Floats, center: Floats, level: float) -> tuple[Floats, Floats]:
        """Limits by the standard error of each size, on the scale that groups are compared on."""
        kind, z = kind_of(self.estimate), critical_value(level)
        scale = FunnelScale.of(self.estimate, center, self.spread)
        errors = scale.errors(sizes)
        if self.overdispersion is not None:
            errors = adjusted_errors(errors, self.phi, self.tau2, self.overdispersion)
        middle = scale.forth(center)
        low, high = (scale.back(middle + side) for side in (-z * errors, z * errors))
        least, most = self.metric.bounds if kind != "rate" else (0.0, np.inf)
        return np.clip(low, least, most), np.clip(high, least, most)

    def _limits(self, level: float) -> tuple[Floats, Floats]:
        return self.limits_at(self.sizes, level)

    def _beyond(self, level: float) -> Flags:
        low, high = self._limits(level)
        rounding = rounding_of(self.estimate)
        return flags((self.value < low - rounding) | (self.value > high + rounding))

    def _how(self) -> str:
        kind = "score" if kind_of(self.estimate) == "mean" else "exact"
        return "funnel limits" if self.adjusted.all() else f"{kind} funnel limits"

    def _dispersed(self) -> str:
        """What became of the overdispersion that was asked for."""
        if self.overdispersion is None:
            return ""
        if not self.adjusted.any():
            return "; no overdispersion was found"
        size = f" (phi {np.nanmax(self.phi):.2f})" if len(np.unique(self.phi)) == 1 else ""
        return f", {self.overdispersion} overdispersion{size}"


def _yes(outside: bool) -> str:  # noqa: FBT001 - a cell
    return "yes" if outside else "-"


def funnel(
    e: Estimate | Rate,
    /,
    *,
    across: str | None = None,
    confidence_level: float | tuple[float, float] = 0.998,
    overdispersion: Overdispersion | None = None,
    winsorised: float = 0.1,
) -> Funnel:
    """
    Funnel-plot limits around the value of all groups together.

    A group is outside if its value is less likely than half of the error on its side, were it a
    draw from all answers. For shares of plain answers and for rates this goes by the exact
    binomial and Poisson tails of the group's count. For other indices, and for answers of a
    design at their effective number n, limits are ``m ± z sqrt(v / n)``, m and v the mean and the
    variance of all answers. Where all answers count the same the limits have no width, and no
    group is outside.

    Groups often vary more than chance alone would have it. *overdispersion* then widens the
    limits by how much they do: a factor of all standard errors, or a variance between groups that
    is added, on the scale of ``arcsin sqrt`` for shares and ``sqrt`` for rates; limits are then no
    narrower than the exact ones. A factor below 1 is none.

    A funnel asks what chance does to groups that are served alike, which is no less where everybody
    answered: an estimate takes no ``population=`` here, nor does its design.

    Args:
        e: An estimate by group, or a `Rate`.
        across: The name of the groups, within each label of the others; not needed where
            there is one name besides the item.
        confidence_level: Two-sided, in (0, 1); .998 and .95 are usual, and two of them give two
            sets of limits. Limits are held to the scale.
        overdispersion: ``"additive"`` or ``"multiplicative"``; None for none.
        winsorised: The part of the groups at each end whose distances are drawn in before
            overdispersion is judged, in [0, .5).

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate and no rate; items, whose answers are of the same people; a
            finite population, of the estimate or of its design; no answers at all.
        OptionError: A confidence level outside (0, 1), two that are equal; an unknown
            overdispersion.

    References:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202. Example: the groups of
        `pairwise`; 117 of all 166 are satisfied.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> funnel(top_box(tally, boxes=1), confidence_level=0.93)
    shop   n  missing  top box  center  lower limit  upper limit  outside
    N     70        0     80.0    70.5         60.0         80.0        -
    S     80        0     60.0    70.5         61.3         80.0      yes
    W     16        0     81.3    70.5         50.0         87.5        -
    top box, 93 % exact funnel limits around the center, that of every shop together
    """
    if isinstance(e, Rate):
        within = Within.of_keys(e.keys, across, "funnel", "held against funnel limits")
    else:
        within = Within.of(e, across, "funnel", "held against funnel limits")
        check_infinite(e)
    if overdispersion is not None:
        choose("overdispersion", overdispersion, dict.fromkeys(OVERDISPERSIONS))
    _check_winsorised(winsorised)
    warning, level = _levels(confidence_level)
    center, spread = _centers(e, within)
    found = Funnel(e, center, spread, np.ones(e.shape), np.zeros(e.shape), level, warning,
                   overdispersion, within.across)  # fmt: skip
    phi, tau2 = _dispersions(found, within.block, float(winsorised))
    return attrs.evolve(found, phi=phi, tau2=tau2)


def _levels(given: object) -> tuple[float | None, float]:
    """The lower of two levels, or None, and the higher one."""
    if not isinstance(given, tuple | list):
        return None, checked_level(cast("float", given))
    several = cast("tuple[float, ...]", given)
    levels = sorted(map(checked_level, several))
    if len(levels) != 2 or levels[0] == levels[1]:
        raise OptionError(
            f"confidence_level must be one level or two different ones, got {quoted(several)}; write "
            "confidence_level=(0.95, 0.998)"
        )
    return levels[0], levels[1]


def _check_winsorised(part: object) -> None:
    if not (is_finite_number(part) and 0 <= cast("float", part) < 0.5):
        raise OptionError(
            f"winsorised must be a part of the groups from 0 to below 0.5, got {quoted(part)}; "
            "write winsorised=0.1"
        )


def _centers(e: Estimate | Rate, within: Within) -> tuple[Floats, Floats]:
    """The value of all groups of each row's block, and the variance of single answers around it."""
    block = within.block
    if isinstance(e, Rate):
        pooled = e.grouped(within.keys, block)
        if not np.nansum(pooled.exposure):
            raise TallyError("no exposure: a funnel needs a group with some; check the filter")
        return np.ravel(pooled.value)[block], np.full(e.shape, np.nan)
    everyone = estimate(e.sample.grouped(within.keys, block), e.scoring)
    spread = _variance(everyone.sample, e.scoring)[block]
    return np.ravel(everyone.value)[block], spread


def _dispersions(funnel: Funnel, block: Places, winsorised: float) -> tuple[Floats, Floats]:
    """How much more than by chance the groups of each row's block vary."""
    scale = FunnelScale.of(funnel.estimate, funnel.center, funnel.spread)
    errors, value = scale.errors(funnel.sizes), funnel.value
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (scale.forth(value) - scale.forth(funnel.center)) / errors
    usable = np.isfinite(z) & (errors > 0)
    phi, tau2 = np.ones(len(z)), np.zeros(len(z))
    for one in np.unique(block):
        rows = np.flatnonzero((block == one) & usable)
        if len(rows) > 1:
            found = dispersion(z[rows], errors[rows], winsorised)
            phi[block == one], tau2[block == one] = found
    return phi, tau2


def _variance(pooled: Sample, scoring: Scoring) -> Floats:
    """The variance of all answers in each row; 0, without rounding, where they count the same."""
    shares, scores = pooled.shares.reshape(-1, len(pooled.scale)), scoring.quoted_scores
    mean = shares @ scores
    squares = (shares * (scores - mean[:, np.newaxis]) ** 2).sum(axis=1)
    chosen = pooled.counts.reshape(shares.shape) > 0
    lowest = np.where(chosen, scores, np.inf).min(axis=1)
    highest = np.where(chosen, scores, -np.inf).max(axis=1)
    return np.where(highest > lowest, squares, 0.0)
