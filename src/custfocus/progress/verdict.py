"""Verdicts: whether an estimate meets its target, does not, or leaves it open."""

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

import attrs
import numpy as np

from custfocus.comparisons.shrinkage import Shrunken
from custfocus.errors import VocabularyError, naming
from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import is_finite_number
from custfocus.messages import number_text
from custfocus.progress.looks import Looks, as_looks, check_growing, looks_text, with_looks
from custfocus.progress.more_answers import more_answers
from custfocus.progress.series_table import Overlapping
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import Flags, Floats, Texts, flags, texts
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Picture, Result
from custfocus.results.text import kind_text
from custfocus.vocabulary.target import Target

Standing = Literal["met", "not met", "inconclusive", "no answers", "no data"]

_SHOWN = ("metric", "unit", "n", "missing", "value", "low", "high")  # of an estimate's columns
_ALONE = "by the value alone, no limits are known"
_ROUNDING = 1e-12  # of the scale's length: a value this close to a bound lies on it


def _checked(kind: type | tuple[type, ...], name: str) -> Callable[[object, object, Any], None]:
    """The check of a field that takes one kind of thing."""

    def check(_verdict: object, _field: object, value: Any) -> None:  # noqa: ANN401
        """An error for another kind, with what to call instead."""
        if not isinstance(value, kind):
            remedy = "write verdict(csat(answers), Target.at_least(80))"
            if isinstance(value, Overlapping):
                remedy = "judge the last window by its latest(), at one look: old answers drop out"
            elif isinstance(value, Shrunken):
                remedy = value.refusal
            elif kind is Target and is_finite_number(value):
                remedy = f"write Target.at_least({number_text(value)}), or at_most or between"
            raise VocabularyError(f"a verdict takes {name}, got {kind_text(value)}; {remedy}")

    return check


@attrs.frozen(eq=False, repr=False, slots=False)  # what is computed once needs a __dict__
class Verdict(Result):
    """
    Where an estimate stands against a target, for one sample or for each of its rows.

    - ``verdict``: ``"met"`` if the whole interval lies in the target's range, ``"not met"`` if
      none of it does, else ``"inconclusive"``, and ``"no answers"`` or ``"no data"`` where there
      are none; see `Standing`. A recorded value without limits is judged by itself, and a
      note says so.
    - ``status``, the plain rule: ``"met"`` if the value itself lies in the range, to within
      rounding, else ``"not met"``. As a flag it is `point_met`, False where there are no answers.
    - ``more_answers``: how many more answers would give a definite verdict if the proportions
      stayed as they are; 0 where it is definite, infinite (null in frames) where the value
      lies on a bound of the target and no sample would suffice, or where the data are records.
      As the next answers may come out either way, the chance of a definite verdict with so many
      is about 50 %.

    Each is of the estimate's shape, ``()`` for one sample.

    Attributes:
        estimate: The estimate, or the recorded quantity.
        target: The target.
        looks: How often one looks while the data grow: ``"any"``, a planned number, or None for
            once; see `verdict`.

    Raises:
        VocabularyError: Anything but an estimate and a target.
        OptionError: Looks for which there are no limits; see `verdict`.
    """

    estimate: Estimate | Quantity = attrs.field(
        validator=_checked((Estimate, Quantity), "an Estimate or a recorded quantity")
    )
    target: Target = attrs.field(validator=_checked(Target, "a Target"))
    looks: Looks | None = attrs.field(default=None, converter=as_looks)

    def __attrs_post_init__(self) -> None:
        check_growing(self.estimate, self.looks)
        if self.looks is not None:
            # Limits that can't be had are refused here, not where they are read
            with naming(f"looks={self.looks!r}"):
                _ = self._judged

    @cached_property
    def _judged(self) -> Estimate | Quantity:
        """The estimate with the limits that the verdict goes by."""
        return with_looks(self.estimate, self.looks)

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self.estimate.keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.estimate.metric

    @property
    def low(self) -> Floats:
        """The lower limits that the verdict goes by, of the estimate's shape."""
        return limits_of(self._judged)[0]

    @property
    def high(self) -> Floats:
        """The upper limits, likewise."""
        return limits_of(self._judged)[1]

    @property
    def verdict(self) -> Texts:
        """``"met"``, ``"not met"``, ``"inconclusive"``, ``"no answers"`` or ``"no data"``."""
        value, (low, high) = self.estimate.value, limits_of(self._judged)
        alone = np.isnan(low)  # a value without limits
        low, high = np.where(alone, value, low), np.where(alone, value, high)
        inside, outside = _inside(low, high, self.target), _outside(low, high, self.target)
        found = np.select([np.isnan(value), inside, outside], [self._nothing, "met", "not met"],
                          "inconclusive")  # fmt: skip
        return texts(found)

    @property
    def point_met(self) -> Flags:
        """The plain rule: whether the value lies in the range, to within rounding."""
        value, (lowest, highest) = self.estimate.value, self.estimate.metric.bounds
        scale = highest - lowest if math.isfinite(highest - lowest) else np.abs(value)
        slack = np.asarray(_ROUNDING * scale)
        return flags(_inside(value + slack, value - slack, self.target))

    @property
    def status(self) -> Texts:
        """``"met"`` or ``"not met"`` by the plain rule, ``"no answers"`` or ``"no data"``."""
        value = np.isnan(self.estimate.value)
        return texts(np.select([value, self.point_met], [self._nothing, "met"], "not met"))

    @property
    def _nothing(self) -> str:
        return "no data" if isinstance(self.estimate, Quantity) else "no answers"

    @property
    def more_answers(self) -> Floats:
        """The answers that each row lacks for a definite verdict; 0 where it has one."""
        scored = self._judged
        if isinstance(scored, Quantity):
            return np.full(scored.shape, np.inf)
        [more] = more_answers([(scored, self.target)], [self.open], self.looks)
        return more

    @property
    def open(self) -> Flags:
        """Whether the verdict is inconclusive."""
        return flags(self.verdict == "inconclusive")

    @property
    def confidence(self) -> float:
        """
        Nominal one-sided confidence of "met" and of "not met".

        Half the estimate's error probability, since only the limit on the target's side counts
        (for a range, by the intersection-union principle); of all looks together where these are
        given. With few answers and a target near
        the end of the scale verdicts can be wrong more often; docs/coverage.md says how often.
        """
        return (1 + self.estimate.confidence_level) / 2

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the estimate, and where values have no limits."""
        scored = self.estimate
        alone = np.isnan(limits_of(scored)[0]) & ~np.isnan(scored.value)
        point = self.shape and alone.any()  # a sentence says so itself
        return (
            *scored.notes,
            *(("verdicts without limits go by the value alone",) if point else ()),
        )

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, value, low, high, target, verdict ..."""
        return self.columns_with(self.more_answers)

    def columns_with(self, more: Floats) -> dict[str, Column]:
        """The columns where `more_answers` are known."""
        scored = self._judged.columns()
        looks = {} if self.looks is None else {"looks": Column(np.array(str(self.looks)))}
        return {
            **{name: scored[name] for name in _SHOWN if name in scored},
            "target": Column(np.array(str(self.target))),
            "verdict": Column(self.verdict, str, align="l"),
            "status": Column(self.status),
            "more_answers": Column(more, self._more_text, "more answers"),
            "confidence": Column(np.array(self.confidence)),
            **looks,
        }

    @property
    def _more_text(self) -> Callable[[Any], str] | None:
        """How more answers are printed; not at all of records, where there are none to ask for."""
        return None if isinstance(self.estimate, Quantity) else more_text

    def caption(self) -> str:
        """The target, and how it was judged."""
        lacking = not isinstance(self.estimate, Quantity) and self.open.any()
        more = "; more answers: for a 50 % chance of a definite verdict" if lacking else ""
        held = looks_text(self.looks)
        held = f"; limits and verdicts {held}" if held else ""
        return f"{self._made()}, target {self.target}; verdicts at {self._level()}{held}{more}"

    def _made(self) -> str:
        """What is measured, and how its limits were made."""
        if self.looks != "any" or isinstance(self.estimate, Quantity):
            return self.estimate.caption()
        level = 100 * self.estimate.confidence_level
        return f"{self.metric.name}, {level:g} % beta-mixture interval"

    def sentence(self) -> str:
        """The verdict on one sample in a line."""
        return (
            f"{self._judged.stated()}, target {self.target.range_text}: {self.verdict}"
            f"{self._aside()}{self._reason()}"
        )

    def picture(self) -> Picture:
        """The interval on the scale, and the target's range."""
        return self._judged.picture()._replace(target=self.target.bounds)

    @property
    def _has_limits(self) -> bool:
        return not np.isnan(limits_of(self.estimate)[0]).all()

    def _reason(self) -> str:
        """How the verdict was made, in brackets; nothing where there is none."""
        if np.isnan(self.estimate.value).all():
            return ""
        return f" ({self._how() if self._has_limits else _ALONE})"

    def _how(self) -> str:
        """How sure the verdict is, and for which looks."""
        scored = self.estimate
        made = [looks_text(self.looks)]
        if isinstance(scored, Estimate):
            made.append("" if scored.method == "score" else f"{scored.method} interval")
            made.append("" if scored.population is None else "finite population")
        return ", ".join([self._level(), *filter(None, made)])

    def _level(self) -> str:
        return f"{100 * self.confidence:g} % one-sided confidence"

    def _aside(self) -> str:
        """The point rule and the answers needed, for an inconclusive verdict."""
        if self.verdict != "inconclusive":
            return ""
        point = "meets" if self.point_met else "misses"
        if isinstance(self.estimate, Quantity):
            return f", the value {point} it"
        more = float(self.more_answers)
        chance = "" if math.isinf(more) else " more answers for a 50 % chance of a definite verdict"
        return f", the value {point} it, {more_text(more)}{chance}"


def verdict(
    estimate: Estimate | Quantity, target: Target, *, looks: Looks | None = None
) -> Verdict:
    """
    Hold an estimate's interval against a target.

    Whoever looks at a sample that grows until the verdict is definite is wrong more often than
    once in so many samples. Limits for all looks together are wider:

    - ``looks="any"``: for shares of plain answers, however often one looks. 1.5 to 1.9 times as
      wide as Wilson's; see `any_look_interval`.
    - ``looks=5``: the fifth look is the last, and each has about as many new answers as the
      first; which one it is does not matter (Pocock's boundary; see `planned_looks`). For all
      that has limits.

    They are for data of one population that add up, not for periods or rolling windows, whose
    answers are replaced by others.

    Args:
        estimate: The estimate, of one sample or by keys, or a recorded quantity; more answers of
            a survey with a design are more clusters with the same design effect.
        target: The range that the index should lie in, in the estimate's unit.
        looks: How often one looks while the data grow: ``"any"``, or a planned number from 2 to
            100; once by default.

    Returns:
        Verdict, plain point rule and the answers still needed, for each row of the estimate.

    Raises:
        VocabularyError: Anything but an estimate and a target.
        OptionError: Looks that are neither; at a series by ``period``; ``"any"`` for anything but
            shares of plain answers from a large population, by the default method; a number
            of looks where limits were published by others.

    References:
        Casella and Berger (2002), Statistical Inference, 2nd ed., section 8.2.3 (the
        intersection-union principle).

    >>> from custfocus.indices import csat
    >>> from custfocus.responses import Scale, Tally
    >>> newcombe = csat(Tally([60, 60, 62, 41, 40], Scale.likert(5)))
    >>> verdict(newcombe, Target.at_least(25))
    CSAT 30.8 % [25.5, 36.6] n=263, target at least 25: met (97.5 % one-sided confidence)
    >>> verdict(newcombe, Target.at_least(20), looks="any")
    CSAT 30.8 % [21.6, 40.3] n=263, target at least 20: met (97.5 % one-sided confidence, valid at any look)
    """
    return Verdict(estimate, target, looks)


def limits_of(scored: Estimate | Quantity) -> tuple[Floats, Floats]:
    """The limits of an estimate, or of a quantity, which makes both at once."""
    return scored.limits if isinstance(scored, Quantity) else (scored.low, scored.high)


def more_text(more: float) -> str:
    """
    How many more answers, rounded up to two digits: the forecast is no more precise.

    >>> more_text(14), more_text(360_929), more_text(math.inf), more_text(0)
    ('14', 'about 370,000', 'too close to call', '')
    """
    if math.isinf(more):
        return "too close to call"
    if more < 100:
        return f"{more:.0f}" if more else ""
    unit = 10.0 ** (math.floor(math.log10(more)) - 1)
    return f"about {math.ceil(more / unit) * unit:,.0f}"


def _inside(low: Floats, high: Floats, target: Target) -> Flags:
    least, most = target.bounds
    return np.asarray((low >= least) & (high <= most))


def _outside(low: Floats, high: Floats, target: Target) -> Flags:
    least, most = target.bounds
    return np.asarray((high < least) | (low > most))
