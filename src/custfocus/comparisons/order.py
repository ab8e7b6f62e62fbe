"""Comparing answers by their order alone, without scores for the points."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

import attrs
import numpy as np

from custfocus.comparisons.between import Between
from custfocus.comparisons.compare import check_common, checked_pair, compared_labels
from custfocus.comparisons.comparison import taken_entries
from custfocus.comparisons.groups import REST, Within, in_family
from custfocus.errors import OptionError, ScaleError, TallyError, choose
from custfocus.intervals.arguments import check_flag, checked_level
from custfocus.intervals.multiplicity import ADJUSTMENTS, Adjustment
from custfocus.intervals.ordinal import (
    ordinal_difference,
    ordinal_difference_interval,
    ordinal_difference_p_value,
    ordinal_shares,
    ordinal_standard_error,
)
from custfocus.responses.independent import pair_blocks
from custfocus.responses.sample import check_not_items
from custfocus.responses.tally import Tally, taken_rows
from custfocus.results.arrays import BY_ROW, Counts, Floats, Places, floats, places
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.numbers import p_text
from custfocus.results.result import Column, count_text, metric_columns
from custfocus.results.text import kind_text
from custfocus.surveys.survey_tally import SurveyTally

Against = Literal["each", "rest"]

_METRIC = Metric("net share of better answers", "percentage points", (-100.0, 100.0))
_AGAINST: dict[str, str] = {"each": "every pair by {}", "rest": "every {} against the rest"}


@attrs.frozen(eq=False, repr=False)
class OrderComparison(Between):
    """
    How much oftener answers of a are better than answers of b, row by row.

    Attributes:
        a: The sample that stands first.
        b: The other one; the same one where its rows are compared.
        keys: What the comparisons are called. ``label_a`` and ``label_b`` among them say what
            was compared, fixed where that is the same in all rows.
        rows_a: The row of *a* in each comparison, -1 where it has none.
        rows_b: The row of *b*, likewise.
        value: Of all pairs of an answer of a and one of b, the share in which that of a is
            better less the share in which it is worse, in percentage points; shape (rows,), or
            ``()`` for one comparison. NaN where a or b has no answers.
        low: Lower limit, in the same unit and shape.
        high: Upper limit, likewise.
        standard_error: Of the value, in the same unit; infinite for a single answer.
        p_value: Two-sided, of a value of 0: less than 1 - confidence_level exactly where the
            interval leaves out 0.
        confidence_level: Two-sided, of the interval.
        adjusted_p_value: The p-values adjusted for all comparisons of a family, or None.
        adjustment: How they were adjusted; see `adjusted_p_values`. None for a single one.
        family: What comparisons the adjustment is for, in words.
        across: The name of the groups that label_a and label_b are of, where these differ by row.
    """

    a: Tally = attrs.field(eq=False)
    b: Tally = attrs.field(eq=False)
    _keys: Keys
    rows_a: Places = attrs.field(converter=places, metadata=BY_ROW, eq=False)
    rows_b: Places = attrs.field(converter=places, metadata=BY_ROW, eq=False)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    standard_error: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    p_value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
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
        """What is measured."""
        return _METRIC

    @property
    def superiority(self) -> Floats:
        """The probability that an answer of a is better than one of b, ties counted half."""
        return np.asarray((1 + self.value / 100) / 2)

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n_a, n_b, better, alike, worse, value, low, high, p_value."""
        text, (a, b) = self.metric.text, self.names()
        rows = self.rows_a.ravel(), self.rows_b.ravel()
        shares = ordinal_shares(_counts(self.a, rows[0]), _counts(self.b, rows[1]))
        better, alike, worse = (np.asarray(100 * share.reshape(self.shape)) for share in shares)
        found = {
            **metric_columns(self.metric),
            "n_a": Column(taken_entries(self.a.n, self.rows_a), count_text, f"n ({a})"),
            "n_b": Column(taken_entries(self.b.n, self.rows_b), count_text, f"n ({b})"),
            "better": Column(better, text),
            "alike": Column(alike, text),
            "worse": Column(worse, text),
            "value": Column(self.value, text, "net"),
            "low": Column(self.low, text),
            "high": Column(self.high, text),
            "standard_error": Column(self.standard_error),
            "p_value": Column(self.p_value, p_text, "p"),
        }
        if self.adjusted_p_value is not None:
            found["adjusted_p_value"] = Column(self.adjusted_p_value, p_text, "adjusted p")
        return found

    def caption(self) -> str:
        """What was compared, and how."""
        a, b = self.names()
        each = ""
        if self.adjustment:
            each = f", each on its own; p adjusted by {self.adjustment} for {self.family}"
        return (
            f"answers of {a} better, alike or worse than those of {b}, % of pairs, "
            f"{100 * self.confidence_level:g} % score intervals{each}"
        )

    def sentence(self) -> str:
        """One comparison in a line."""
        columns, (a, b) = self.columns(), self.names()
        said = {name: one.text(one.values.item()) for name, one in columns.items() if one.text}
        p = said["p_value"]
        return (
            f"answers of {a} better than those of {b} in {said['better']} %, alike in "
            f"{said['alike']} %, worse in {said['worse']} % of pairs, net {said['value']} "
            f"[{said['low']}, {said['high']}], p {'' if p[0] == '<' else '= '}{p}, "
            f"n={said['n_a']} and {said['n_b']}, {100 * self.confidence_level:g} % score interval"
        )


def compare_order(
    a: Tally,
    b: Tally | Mapping[str, tuple[object, object]] | None = None,
    /,
    *,
    against: Against | None = None,
    across: str | None = None,
    adjustment: Adjustment | None = None,
    confidence_level: float = 0.95,
    correction: bool = True,
    **by_name: tuple[object, object],
) -> OrderComparison:
    """
    How much oftener answers of a are better than answers of b: by their order alone.

    An index needs a number for each point, and a difference of means is one of these numbers.
    Here the points are only ordered: of all pairs of an answer of a and an answer of b it is
    counted in how many that of a is the better one, and in how many the worse one.

    Args:
        a: Answers of one sample, or of several groups.
        b: Those of an independent sample; or the two labels by name as a mapping, for names
            that are no Python names or are called like an option.
        against: Compares the groups of *a* alone: ``"each"`` with every other one, or each with
            the ``"rest"`` of them together.
        across: The name of these groups, within each label of the others; not needed where
            there is one name besides the item.
        adjustment: Of their p-values, for all comparisons of a block, ``"holm"`` by default;
            see `adjusted_p_values`. The intervals are not adjusted.
        confidence_level: Two-sided, in (0, 1).
        correction: Whether the variance is multiplied by N / (N - 1); see `compare`.
        **by_name: The two labels of a name: ``wave=("after", "before")``.

    Returns:
        The net shares in percentage points with score intervals, see
        `ordinal_difference_interval`; rows met by label. NaN where one has no answers.

    Raises:
        LabelError: Labels that are not there, names that differ, or no common label; several
            names of groups and no *across*.
        ScaleError: Samples on different scales.
        TallyError: What is no tally, weighted answers among it; items, whose answers are of the
            same people; two single samples one of which is empty.
        OptionError: No labels, options that do not go together, or an unknown one.

    References:
        Ryu and Agresti (2008), Statistics in Medicine 27, 1703-1717. Example on two points,
        where it is the difference of two shares: 56 of 70 against 48 of 80, Newcombe (1998),
        Statistics in Medicine 17, 873-890, table II, .0528 to .3382.

    >>> from custfocus import Scale
    >>> waves = Tally([[14, 56], [32, 48]], Scale.likert(2), by={"wave": ["after", "before"]})
    >>> print(compare_order(waves, wave=("after", "before")))
    answers of after better than those of before in 32.0 %, alike in 56.0 %, worse in 12.0 % of pairs, net 20.0 [5.3, 33.8], p = 0.008, n=70 and 80, 95 % score interval
    """
    _check_tally(a)
    check_flag(correction, "correction")
    options = _Options(checked_level(confidence_level), correction)
    if against is not None:
        _check_alone(b, by_name)
        family = choose("comparison", against, _AGAINST)
        chosen: Adjustment = "holm" if adjustment is None else adjustment
        choose("adjustment", chosen, ADJUSTMENTS)
        within = Within.of_keys(a.keys, across, "compare_order", "compared")
        sides = _pairs(a, within) if against == "each" else _with_rest(a, within)
        found = options.compared(*sides)
        family = family.format(within.across)
        return attrs.evolve(found, **in_family(found, within, chosen, family))
    if across is not None or adjustment is not None:
        raise OptionError(
            "across= and adjustment= are for the groups of a sample, got them without against=; "
            "write against='each' or against='rest' too"
        )
    return options.compared(*_two_sides(a, b, by_name))


_Sides = tuple[Tally, Tally, Keys, Places, Places]  # a, b, the keys, and the rows of either


class _Options(NamedTuple):
    """How limits are made."""

    confidence_level: float
    correction: bool

    def compared(
        self, a: Tally, b: Tally, keys: Keys, rows_a: Places, rows_b: Places
    ) -> OrderComparison:
        """Rows of two samples, under keys of their own."""
        figures = np.full((5, len(rows_a)), np.nan)
        for part in pair_blocks(len(rows_a)):
            counts = _counts(a, rows_a[part]), _counts(b, rows_b[part])
            low, high = ordinal_difference_interval(*counts, **self._asdict())
            figures[:, part] = (
                100 * ordinal_difference(*counts),
                100 * low,
                100 * high,
                100 * ordinal_standard_error(*counts),
                ordinal_difference_p_value(*counts, correction=self.correction),
            )
        shape = keys.shape
        rows = rows_a.reshape(shape), rows_b.reshape(shape)
        value, low, high, error, p = (one.reshape(shape) for one in figures)
        level = self.confidence_level
        return OrderComparison(a, b, keys, *rows, value, low, high, error, p, level)


def _pairs(a: Tally, within: Within) -> _Sides:
    """Each group and every other one."""
    rows_a, rows_b = within.pairs()
    keys = within.paired_keys(rows_a, within.level, within.codes[rows_b])
    return a, a, keys, rows_a, rows_b


def _with_rest(a: Tally, within: Within) -> _Sides:
    """Each group and all the others together."""
    every, rows = a.with_rest(within.block), within.order
    keys = within.paired_keys(rows, (REST,), np.zeros(len(rows), np.int32))
    return every, every, keys, rows, a.keys.rows + rows


def _two_sides(a: Tally, b: object, by_name: Mapping[str, tuple[object, object]]) -> _Sides:
    """Two samples, or the rows of one that have two labels."""
    if isinstance(b, Tally):
        if by_name:
            raise OptionError(
                f"two samples are compared as they are, got {', '.join(by_name)}= beside them; "
                "choose their rows with sel()"
            )
        _check_alike(a, b)
        return _met(a, b)
    if b is not None and not isinstance(b, Mapping):
        _check_tally(b)
    labels = {**cast("Mapping[str, object]", b or {}), **by_name}
    pairs = {name: checked_pair(name, pair) for name, pair in labels.items()}
    if not pairs:
        raise OptionError(
            "compare_order takes two samples, or one and two labels of a name, got one sample; "
            "write compare_order(tally, wave=('after', 'before')), or against='each'"
        )
    check_not_items([*pairs], "compared")
    return _met(*(a.sel({name: pair[side] for name, pair in pairs.items()}) for side in (0, 1)))


def _met(a: Tally, b: Tally) -> _Sides:
    """The rows of two samples, met by label."""
    keys, rows_a, rows_b = a.keys.united(b.keys)
    check_common(a, b, rows_a, rows_b)
    fixed = (*keys.fixed, *compared_labels(a.keys, b.keys))
    return a, b, attrs.evolve(keys, fixed=fixed), rows_a, rows_b


def _counts(sample: Tally, rows: Places) -> Counts:
    """The counts of some rows, shape (rows, K); zeros for row -1."""
    return taken_rows(sample.counts.reshape(-1, len(sample.scale)), rows)


def _check_tally(sample: object) -> None:
    """An error for anything but plain answers."""
    if isinstance(sample, SurveyTally):
        raise TallyError(
            "answers of a survey with weights or a design can't be compared by order yet, got a "
            "SurveyTally; compare an index of them, such as compare(csat(...), ...)"
        )
    if not isinstance(sample, Tally):
        raise TallyError(
            f"compare_order takes tallies, got {kind_text(sample)}; count the answers first: "
            "compare_order(Tally.of(answers, scale, by=...), ...)"
        )


def _check_alone(b: object, by_name: Mapping[str, object]) -> None:
    """An error for a second sample or labels beside groups that are compared among themselves."""
    if b is not None or by_name:
        raise OptionError(
            "against= compares the groups of one sample, got another sample or labels beside it; "
            "leave out the one or the other"
        )


def _check_alike(a: Tally, b: Tally) -> None:
    """An error unless both are on the same points, and not two items of the same people."""
    one, other = (sample.scale for sample in (a, b))
    if (one.points, one.labels) != (other.points, other.labels):
        raise ScaleError(f"samples are compared on one scale, got {one} and {other}")
    items = [dict(side.keys.fixed).get("item") for side in (a, b)]
    if None not in items and items[0] != items[1]:
        check_not_items(["item"], "compared")
