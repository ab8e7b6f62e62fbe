"""Limits for several looks at data that grow, in place of those for one."""

from collections.abc import Iterator
from typing import Final, Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, TallyError
from custfocus.indices.estimate import Estimate
from custfocus.intervals.any_look import any_look_limits
from custfocus.intervals.arguments import ConfidenceInterval, asked_sizes
from custfocus.intervals.columns import column_sum, merged_columns, ratio
from custfocus.intervals.planned_looks import checked_looks, look_level
from custfocus.messages import quoted
from custfocus.progress.series_table import PERIOD
from custfocus.quantities.observed import Observed
from custfocus.quantities.quantity import Quantity
from custfocus.responses.sample import LimitsBySize
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Floats
from custfocus.results.text import kind_text

Looks = int | Literal["any"]

_FEWEST = 2
_ANY: Final = "any"
_TWO_SCORES = 2


def as_looks(looks: object) -> Looks | None:
    """
    How often one looks: "any", a planned number, or None for once.

    Raises:
        OptionError: Anything else.
    """
    if looks is None:
        return None
    if isinstance(looks, str) and looks == _ANY:
        return _ANY
    if isinstance(looks, str) or not hasattr(looks, "__index__"):
        raise OptionError(
            f"looks must be 'any' or a planned number such as looks=5, got {quoted(looks)}; leave "
            "it out for a single look"
        )
    return checked_looks(looks, _FEWEST)


def check_growing(scored: Estimate | Quantity, looks: Looks | None) -> None:
    """
    An error where limits for several looks would promise what they can't keep.

    Args:
        scored: What is looked at.
        looks: How often, None for once.

    Raises:
        OptionError: A series, whose periods are no looks at one sample; with "any" all but
            shares of plain answers; with a number limits that others published.
    """
    if looks is None:
        return
    if PERIOD in scored.keys.names:
        raise OptionError(
            "looks are at one sample that grows, got a series, each period of which has data of its "
            "own; choose one by sel(period=...), or add them up: sample.collapsed('period')"
        )
    for reason, remedy in _reasons(scored, looks):
        raise OptionError(f"looks={looks!r} {reason}; {remedy}")


def _reasons(scored: Estimate | Quantity, looks: Looks) -> Iterator[tuple[str, str]]:
    """Why the limits would not hold, each with a remedy."""
    plan = "plan a number of looks, such as looks=5"
    if not isinstance(looks, str):
        if isinstance(scored, Observed) and not _widens(scored):
            yield "needs wider limits, got published ones", "give standard_error= in their place"
        return
    if isinstance(scored, Quantity):
        if not np.isnan(scored.limits.low).all():
            yield f"is for shares of plain answers, got {kind_text(scored)}", plan
        return
    if not isinstance(scored.sample, Tally):
        yield "is for plain answers, got those of a design", plan
    if scored.population is not None:
        yield "is for infinite populations, got population=", f"leave it out, or {plan}"
    if len(np.unique(scored.scoring.quoted_scores)) != _TWO_SCORES:
        yield f"is for shares, which have two scores, got {scored.metric.name}", plan
    if scored.method != "score":
        yield f"has limits of its own, got method={scored.method!r}", f"leave it out, or {plan}"


def _widens(scored: Observed) -> bool:
    """Whether the limits can be had at another level, since they were not published."""
    try:
        scored.at_level((1 + scored.confidence_level) / 2)
    except TallyError:
        return False
    return True


def with_looks(scored: Estimate | Quantity, looks: Looks | None) -> Estimate | Quantity:
    """The same estimate or quantity with limits that hold at all looks together."""
    if looks is None:
        return scored
    if isinstance(looks, str):
        if isinstance(scored, Quantity):  # without limits, or it was refused
            return scored
        low, high = _any_look(scored, scored.n.astype(np.float64))
        return attrs.evolve(scored, low=low, high=high)
    level = look_level(looks, scored.confidence_level)
    if isinstance(scored, Quantity):
        return scored.at_level(level)
    figures = scored.sample.figures(scored.scoring, scored.method, level, scored.population)
    return attrs.evolve(scored, low=figures.low, high=figures.high)


def limits_by_size(estimate: Estimate, looks: Looks | None) -> LimitsBySize:
    """The limits of each row as they would be with so many answers like these."""
    if looks is None:
        return estimate.limits_by_size
    if not isinstance(looks, str):
        level = look_level(looks, estimate.confidence_level)
        return attrs.evolve(estimate, confidence_level=level).limits_by_size

    def limits_at(n: ArrayLike) -> ConfidenceInterval:
        """The limits with n answers, which broadcasts with the rows."""
        return _any_look(estimate, asked_sizes(n, estimate.shape))

    return limits_at


def _any_look(estimate: Estimate, n: Floats) -> ConfidenceInterval:
    """The limits of *n* answers in the proportions of the estimate's, as quoted."""
    counts = estimate.sample.counts.astype(np.float64)
    points, columns = merged_columns(counts, estimate.scoring.quoted_scores)
    share = ratio(columns[1], column_sum(columns)).reshape(estimate.shape)
    low, high = any_look_limits(share * n, n, estimate.confidence_level)
    low, high = (np.clip(points[0] + np.ptp(points) * one, *points) for one in (low, high))
    return ConfidenceInterval(low, high)


def looks_text(looks: Looks | None) -> str:
    """
    For which looks the limits hold, in words; empty for a single one.

    >>> looks_text("any"), looks_text(5)
    ('valid at any look', 'valid at each of 5 looks')
    """
    if looks is None:
        return ""
    return "valid at any look" if looks == _ANY else f"valid at each of {looks} looks"


def looks_note(looks: Looks | None) -> Iterator[str]:
    """The line below a scorecard that says for which looks it holds; none for a single one."""
    if looks is not None:
        yield f"Verdicts, and the intervals beside a target, {looks_text(looks)}"
