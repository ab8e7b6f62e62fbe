"""How far apart two groups, waves or samples are: the result of a comparison."""

from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.comparisons.between import Between
from custfocus.errors import OptionError, TallyError
from custfocus.indices.estimate import Estimate
from custfocus.intervals.multiplicity import Adjustment
from custfocus.responses.sample import ComparisonMethod, Differences, whole_counts
from custfocus.results.arrays import BY_ROW, Counts, Floats, Places, floats, places
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.numbers import p_text
from custfocus.results.result import Column, count_text, metric_columns
from custfocus.surveys.survey_tally import SurveyTally


def _as_pairs(pairs: ArrayLike) -> Counts:
    return whole_counts(pairs, "pairs")


@attrs.frozen(eq=False, repr=False)
class Comparison(Between):
    """
    Differences of an index between a and b, row by row, with intervals and p-values.

    Attributes:
        a: The estimate that stands first.
        b: The estimate that is taken off; the same one where its rows are compared.
        keys: What the comparisons are called. ``label_a`` and ``label_b`` among them say what
            was compared, fixed where that is the same in all rows.
        rows_a: The row of *a* in each comparison, -1 where it has none.
        rows_b: The row of *b*, likewise.
        value: a minus b as quoted, shape (rows,), or ``()`` for one comparison. NaN where a or
            b has no answers.
        low: Lower limit, in the same unit and shape.
        high: Upper limit, likewise.
        standard_error: Of the difference, in the same unit.
        p_value: Two-sided, of no difference, by the same method: less than 1 - confidence_level
            exactly where the interval leaves out 0.
        degrees_of_freedom: Those that the limits take; infinite for the normal quantile.
        design_effect: The factor that the design multiplies the variance by; 1 without one.
        correlation: Between the estimates of a and b; 0 for independent samples.
        pairs: How many gave an answer to both; 0 for independent samples.
        method: The method of the interval.
        confidence_level: Its two-sided confidence level.
        adjusted_p_value: The p-values adjusted for all comparisons of a family, or None.
        adjustment: How they were adjusted; see `adjusted_p_values`. None for a single one.
        family: What comparisons the adjustment is for, in words.
        across: The name of the groups that label_a and label_b are of, where these differ by row.
    """

    a: Estimate = attrs.field(eq=False)
    b: Estimate = attrs.field(eq=False)
    _keys: Keys
    rows_a: Places = attrs.field(converter=places, metadata=BY_ROW, eq=False)
    rows_b: Places = attrs.field(converter=places, metadata=BY_ROW, eq=False)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    standard_error: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    p_value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    degrees_of_freedom: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    design_effect: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    correlation: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    pairs: Counts = attrs.field(converter=_as_pairs, metadata=BY_ROW)
    method: ComparisonMethod = "score"
    confidence_level: float = 0.95
    adjusted_p_value: Floats | None = attrs.field(
        default=None, converter=attrs.converters.optional(floats), metadata=BY_ROW
    )
    adjustment: Adjustment | None = None
    family: str = ""
    across: str = ""

    @property
    def keys(self) -> Keys:
        """What the comparisons are called."""
        return self._keys

    @property
    def metric(self) -> Metric:
        """What is measured: the difference of an index."""
        return self.a.metric.difference()

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n_a ..., value, low, high, p_value."""
        text, (a, b) = self.metric.text, self.names()
        own = self.a.metric.text
        found = {
            **metric_columns(self.metric),
            "n_a": Column(taken_entries(self.a.n, self.rows_a), count_text, f"n ({a})"),
            "n_b": Column(taken_entries(self.b.n, self.rows_b), count_text, f"n ({b})"),
            "pairs": Column(self.pairs, count_text if self.pairs.any() else None, "in both"),
            "value_a": Column(taken_entries(self.a.value, self.rows_a), own, a),
            "value_b": Column(taken_entries(self.b.value, self.rows_b), own, b),
            "value": Column(self.value, text, "difference"),
            "low": Column(self.low, text),
            "high": Column(self.high, text),
            "standard_error": Column(self.standard_error),
            "degrees_of_freedom": Column(self.degrees_of_freedom),
            "design_effect": Column(self.design_effect),
            "correlation": Column(self.correlation),
            "p_value": Column(self.p_value, p_text, "p"),
        }
        if self.adjusted_p_value is not None:
            found["adjusted_p_value"] = Column(self.adjusted_p_value, p_text, "adjusted p")
        return found

    def caption(self) -> str:
        """What was compared, and how."""
        a, b = self.names()
        adjusted = ""
        if self.adjustment:
            adjusted = f", each on its own; p adjusted by {self.adjustment} for {self.family}"
        return f"{self.metric.name}, {a} minus {b}, {self._how('intervals')}{adjusted}"

    def sentence(self) -> str:
        """One comparison in a line."""
        columns, (a, b) = self.columns(), self.names()
        said = {name: one.text(one.values.item()) for name, one in columns.items() if one.text}
        both = f", {self.pairs} in both" if self.pairs else ""
        p = said["p_value"]
        return (
            f"{self.metric.name} {said['value']} [{said['low']}, {said['high']}], {a} "
            f"{said['value_a']} minus {b} {said['value_b']}, p {'' if p[0] == '<' else '= '}{p}, "
            f"n={said['n_a']} and {said['n_b']}{both}, {self._how()}"
        )

    def _how(self, intervals: str = "interval") -> str:
        drawn = " of the design" if isinstance(self.a.sample, SurveyTally) else ""
        infinite = self.a.population is None and self.b.population is None
        finite = "" if infinite else ", finite population"
        return f"{100 * self.confidence_level:g} % {self.method} {intervals}{drawn}{finite}"


def comparison_of(
    a: Estimate,
    b: Estimate,
    keys: Keys,
    rows_a: Places,
    rows_b: Places,
    *,
    method: ComparisonMethod,
    correction: bool,
) -> Comparison:
    """
    The comparison of rows of two estimates, under keys of their own.

    Args:
        a: The estimate that stands first.
        b: The estimate that is taken off.
        keys: What the comparisons are called.
        rows_a: The row of *a* in each of them, -1 for none.
        rows_b: That of *b*.
        method: See `compare`.
        correction: See `compare`.

    Raises:
        TallyError: Melded limits of finite populations.
        OptionError: A correction left out of limits of a design, which have none.
    """
    if method != "score" and (a.population is not None or b.population is not None):
        raise TallyError(
            f"the method {method!r} is for samples of large populations, got population=; choose "
            "'score', or leave population= out, which makes intervals wider"
        )
    if not correction and isinstance(a.sample, SurveyTally):
        raise OptionError(
            "correction=False is for plain samples, got answers of a design, whose variance has no "
            "such factor; leave it out"
        )
    level = a.confidence_level
    found = a.sample.differences(
        a.scoring,
        rows_a,
        b.sample,
        rows_b,
        level,
        method=method,
        correction=correction,
        populations=(_sizes(a, rows_a), _sizes(b, rows_b)),
    )
    shape = keys.shape
    figures = Differences(*(part.reshape(shape) for part in found))
    rows, pairs = (rows_a.reshape(shape), rows_b.reshape(shape)), np.zeros(shape, np.int64)
    return Comparison(a, b, keys, *rows, *figures, pairs, method, confidence_level=level)


def _sizes(estimate: Estimate, rows: Places) -> Floats | None:
    """The sizes of the populations of some rows; no one for row -1."""
    if estimate.population is None:
        return None
    return np.append(estimate.population.ravel(), 0)[rows.ravel()]


def taken_entries(array: NDArray[Any], rows: Places) -> NDArray[Any]:
    """The entries of some rows; 0 or NaN for row -1."""
    flat = np.append(array.ravel(), np.nan if array.dtype.kind == "f" else 0).astype(array.dtype)
    return np.asarray(flat[rows])  # -1 is the last one
