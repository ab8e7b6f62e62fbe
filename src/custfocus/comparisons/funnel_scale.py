"""The scales on which a funnel compares groups, by the kind of their data."""

from typing import Literal, NamedTuple

import numpy as np

from custfocus.comparisons.ranks import rounding
from custfocus.errors import TallyError
from custfocus.indices.estimate import Estimate
from custfocus.intervals.funnel_limits import rate_count_limits, share_count_limits
from custfocus.quantities.event_rate import Rate
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Floats
from custfocus.surveys.survey_tally import SurveyTally

Counted = Literal["share", "rate", "mean"]


def kind_of(e: Estimate | Rate) -> Counted:
    """Whether exact tails are known: of shares of plain answers, and of rates."""
    if isinstance(e, Rate):
        return "rate"
    two = len(np.unique(e.scoring.quoted_scores)) == 2
    return "share" if two and isinstance(e.sample, Tally) else "mean"


def check_infinite(e: Estimate) -> None:
    """
    An error for a finite population: funnel limits would have no width where all answered.

    Whatever sets a group apart by chance would then put it outside.
    """
    of_design = isinstance(e.sample, SurveyTally) and e.sample.is_finite
    if e.population is None and not of_design:
        return
    remedy = "give SurveyDesign weights= in its place" if of_design else "leave it out"
    raise TallyError(
        "a funnel asks what chance does to groups that are served alike, which is no less where "
        f"everybody answered, got an estimate with population=; {remedy}, and see homogeneity or "
        "with_rest for whether the members of the groups differ"
    )


def sizes_of(e: Estimate | Rate) -> Floats:
    """What chance shrinks with: answers, with a design the effective number, or exposure."""
    return e.exposure if isinstance(e, Rate) else e.effective_n


def rounding_of(e: Estimate | Rate) -> Floats | float:
    """How far apart, as computed, two values can be that are equal."""
    return 1e-12 * np.abs(e.value) if isinstance(e, Rate) else rounding(e.scoring)


class FunnelScale(NamedTuple):
    """The scale that groups are compared on: where chance is about alike whatever the value."""

    kind: Counted
    lowest: float  # of a share, as quoted
    length: float
    center: Floats
    spread: Floats
    per: float

    @classmethod
    def of(cls, e: Estimate | Rate, center: Floats, spread: Floats) -> "FunnelScale":
        """The scale of an estimate or a rate around its centers."""
        if isinstance(e, Rate):
            return cls("rate", 0.0, 1.0, center, spread, float(e.per))
        scores = np.unique(e.scoring.quoted_scores)
        lowest, length = float(scores[0]), float(scores[-1] - scores[0])
        return cls(kind_of(e), lowest, length, center, spread, 1.0)

    def forth(self, value: Floats) -> Floats:
        """Values on it."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.kind == "share":
                share = np.clip((value - self.lowest) / self.length, 0, 1)
                return np.arcsin(np.sqrt(share))
            return np.sqrt(value / self.center) if self.kind == "rate" else value

    def back(self, place: Floats) -> Floats:
        """Values of it as quoted."""
        if self.kind == "share":
            return self.lowest + self.length * np.sin(np.clip(place, 0, np.pi / 2)) ** 2
        return self.center * np.maximum(place, 0) ** 2 if self.kind == "rate" else place

    def errors(self, sizes: Floats) -> Floats:
        """The standard errors of groups of such sizes."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.kind == "share":
                return 0.5 / np.sqrt(sizes)
            if self.kind == "rate":
                return 0.5 / np.sqrt(sizes * self.center / self.per)
            return np.sqrt(self.spread / sizes)


def exact_limits(
    e: Estimate | Rate, sizes: Floats, center: Floats, error: float
) -> tuple[Floats, Floats]:
    """Limits of shares and rates by exact tails, as quoted."""
    sizes, center = np.broadcast_arrays(sizes, center)
    there = np.isfinite(center) & (sizes > 0)
    low, high = np.full(center.shape, np.nan), np.full(center.shape, np.nan)
    n, middle = np.asarray(sizes[there], np.float64), center[there]
    if isinstance(e, Rate):
        counts = rate_count_limits(n * middle / e.per, error)
        low[there], high[there] = (one / n * e.per for one in counts)
        return low, high
    scores = np.unique(e.scoring.quoted_scores)
    lowest, length = float(scores[0]), float(scores[1] - scores[0])
    counts = share_count_limits(n, (middle - lowest) / length, error)
    low[there], high[there] = (lowest + length * (one / n) for one in counts)
    return low, high
