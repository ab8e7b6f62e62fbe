"""What an index could be at worst and at best, had everyone answered."""

from collections.abc import Hashable, Iterable
from typing import cast

import attrs
import numpy as np

from custfocus.errors import OptionError, TallyError, unknown_option
from custfocus.indices.about_estimates import AboutEstimate
from custfocus.indices.estimate import Estimate
from custfocus.intervals.methods import EstimateMethod
from custfocus.responses.sample import Figures
from custfocus.responses.scale import Answer, Scale
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Counts, Floats, floats
from custfocus.results.distinct import identity, is_ordered
from custfocus.results.result import Column, Picture, metric_columns
from custfocus.results.text import kind_text


@attrs.frozen(eq=False, repr=False)
class NonresponseBounds(AboutEstimate):
    """
    The bounds of an index for all who were asked, whatever those without an answer would say.

    Attributes:
        estimate: The index of those who answered.
        unanswered: How many gave no answer of those that count, shape (rows,) or ``()``.
        bound_low: The index if all of these chose the worst point of the scoring, likewise.
        bound_high: The index if all chose the best, likewise.
        low: The lower limit of the worst case, likewise.
        high: The upper limit of the best case, likewise.
    """

    unanswered: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    bound_low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    bound_high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, unanswered, value, bound_low, bound_high, low and high."""
        text = self.metric.text
        return {
            **metric_columns(self.metric),
            "n": Column(self.n, "{:.0f}".format, whole=True),
            "unanswered": Column(self.unanswered, "{:.0f}".format, whole=True),
            "value": Column(self.value, text, self.metric.name),
            "bound_low": Column(self.bound_low, text, "at least"),
            "bound_high": Column(self.bound_high, text, "at most"),
            "low": Column(self.low, text),
            "high": Column(self.high, text),
        }

    def caption(self) -> str:
        """What is bounded, and how."""
        return (
            f"{self.estimate.caption()}; at least and at most: whatever those without an answer "
            "would say, with the limits of both"
        )

    def sentence(self) -> str:
        """The bounds of one sample in a line."""
        text, metric = self.metric.text, self.metric
        least, most, low, high = (
            text(float(one)) for one in (self.bound_low, self.bound_high, self.low, self.high)
        )
        return (
            f"{metric.name} {text(float(self.value))}{metric.sign} of n={self.n} who answered; "
            f"{least} to {most} whatever the {self.unanswered:.0f} others would say "
            f"[{low}, {high}], {100 * self.estimate.confidence_level:g} % "
            f"{self.estimate.method} intervals"
        )

    def picture(self) -> Picture:
        """From the lower limit of the worst case to the upper one of the best."""
        metric = self.metric
        return Picture(
            self.value, self.low, self.high, metric.bounds, text=metric.text, name=metric.name
        )


def nonresponse_bounds(
    e: Estimate, /, *, reasons: Iterable[Answer] | None = None
) -> NonresponseBounds:
    """
    How far those who gave no answer could move an index, were they as different as can be.

    An index of those who answered is that of all who were asked only if the others would answer
    alike. Without that assumption the index of all lies between that with every missing answer
    on the worst point of the scoring and that with every one on the best. The limits are the
    lower one of the worst and the upper one of the best, so that they hold the whole range
    between the bounds with the confidence level of the estimate.

    Args:
        e: An estimate of a plain sample.
        reasons: Which of the reasons for no answer count, by the names of `Tally.reasons` or by the
            codes that the scale has for them; all by default. Leave out those to whom the question
            did not apply.

    Returns:
        The bounds of each row.

    Raises:
        TallyError: Anything but an estimate of a plain sample: what those without an answer
            weigh is not kept. A finite population smaller than all who were asked.
        OptionError: Reasons that the scale does not have, or that are no list.

    References:
        Manski (2003), Partial Identification of Probability Distributions, chapter 1; Horowitz
        and Manski (1998), Journal of Econometrics 84, 37-58.

    >>> from custfocus import Scale, csat
    >>> answers = [5] * 40 + [4] * 22 + [2] * 18 + [None] * 20
    >>> nonresponse_bounds(csat(answers, scale=Scale.likert(5, missing=[None])))
    CSAT 77.5 % of n=80 who answered; 62.0 to 82.0 whatever the 20 others would say [52.2, 88.3], 95 % score intervals
    """
    if not isinstance(e, Estimate):
        raise TallyError(
            f"nonresponse_bounds takes an estimate, got {kind_text(e)}; compute the index first: "
            "nonresponse_bounds(csat(answers))"
        )
    sample = e.sample
    if not isinstance(sample, Tally):
        raise TallyError(
            "nonresponse_bounds takes an estimate of a plain sample, got one of a design: what "
            "those without an answer weigh is not kept; leave weights= and design= out"
        )
    unanswered = _unanswered(sample, reasons)
    asked = np.asarray(sample.n + unanswered)
    if e.population is not None and (asked > e.population).any():
        first = np.flatnonzero(np.ravel(asked > e.population))[0]
        raise TallyError(
            "the population must hold all who were asked, got "
            f"{np.ravel(e.population)[first]:g} for {np.ravel(asked)[first]} of them"
        )
    scores = e.scoring.quoted_scores
    ends = (int(scores.argmin()), int(scores.argmax()))
    worst, best = (_filled(e, sample, unanswered, at) for at in ends)
    return NonresponseBounds(e, unanswered, worst.value, best.value, worst.low, best.high)


def _unanswered(sample: Tally, reasons: Iterable[Answer] | None) -> Counts:
    """How many of each row gave no answer for the reasons that count."""
    known = sample.reasons
    if reasons is None:
        return np.asarray(sample.missing)
    if not is_ordered(reasons):
        raise OptionError(
            f"reasons must be names in a list, got {kind_text(reasons)}; write "
            f"reasons=[{known[0]!r}]"
        )
    listed = cast("Iterable[object]", reasons)
    places = sorted({_place(one, sample.scale, known) for one in listed})
    return np.asarray(sample.missing_by_reason[..., places].sum(axis=-1))


def _place(reason: object, scale: Scale, known: tuple[str, ...]) -> int:
    """Where a reason is among those known, by its name or by its code."""
    if isinstance(reason, str) and reason in known:
        return known.index(reason)
    if isinstance(reason, Hashable):
        for place, code in enumerate(scale.missing):
            if identity(code) == identity(reason):
                return place
    raise unknown_option("reason", reason, known)


def _filled(e: Estimate, sample: Tally, unanswered: Counts, at: int) -> Figures:
    """The figures of the estimate with the missing answers on one point."""
    counts = np.array(sample.counts)
    counts[..., at] += unanswered
    filled = Tally(counts, sample.scale, by=sample.keys)
    method = cast("EstimateMethod", e.method)
    return filled.figures(e.scoring, method, e.confidence_level, e.population)
