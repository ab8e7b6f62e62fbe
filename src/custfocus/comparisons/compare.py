"""Comparing two groups or waves of an estimate, or two estimates."""

from collections.abc import Mapping
from typing import Any, cast, overload

import attrs
import numpy as np

from custfocus.comparisons.comparison import Comparison, ComparisonMethod
from custfocus.errors import LabelError, OptionError, TallyError, choose
from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import check_flag
from custfocus.responses.sample import Sample, check_not_items
from custfocus.results.arrays import Places
from custfocus.results.keys import Keys
from custfocus.results.distinct import identity
from custfocus.results.text import kind_text

METHODS: dict[str, None] = {"score": None}
Picked = Mapping[str, tuple[object, object]]


@overload
def compare(
    a: Estimate, b: Estimate, /, *, method: ComparisonMethod = ..., correction: bool = ...
) -> Comparison: ...
@overload
def compare(
    a: Estimate,
    labels: Picked | None = None,
    /,
    *,
    method: ComparisonMethod = ...,
    correction: bool = ...,
    **by_name: tuple[object, object],
) -> Comparison: ...
def compare(
    a: Estimate,
    b: Estimate | Picked | None = None,
    /,
    *,
    method: ComparisonMethod = "score",
    correction: bool = True,
    **by_name: tuple[object, object],
) -> Comparison:
    """
    The difference of an index between two groups or waves, a minus b.

    Of one estimate two labels of a name are compared, row by row of its other names; answers of
    a design are taken with the covariance that they have. Two estimates are independent
    samples, whose rows meet by label; a row that one of them lacks has n = 0 there.

    Args:
        a: An estimate.
        b: Another one; or the two labels by name as a mapping, for names that are no Python
            names or are called like an option.
        method: ``"score"``, the score interval (see `score_interval_difference`), with a design
            that for its effective sizes.
        correction: Whether the variance of plain independent samples is multiplied by
            N / (N - 1), as Miettinen and Nurminen do.
        **by_name: The two labels of a name: ``wave=("after", "before")``.

    Returns:
        The differences, as quoted, at the confidence level of the estimates.

    Raises:
        LabelError: Labels that are not there, names that differ, or no common label.
        TallyError: Estimates of different scorings or levels; items, whose answers are of the
            same people; estimates with a finite population.
        OptionError: No labels, an unknown method, or a correction that is no flag.

    References:
        Miettinen and Nurminen (1985), Statistics in Medicine 4, 213-226. Example: 56 of 70
        against 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890, table II, where
        their interval is .0528 to .3382.

    >>> from custfocus import Scale, Tally, top_box
    >>> waves = Tally([[14, 56], [32, 48]], Scale.likert(2), by={"wave": ["after", "before"]})
    >>> print(compare(top_box(waves, boxes=1), wave=("after", "before")))
    difference in top box 20.0 [5.3, 33.8], after 80.0 minus before 60.0, p = 0.008, n=70 and 80, 95 % score interval
    """
    check_estimate(a, "compare")
    check_options(method, correction=correction)
    if isinstance(b, Estimate):
        if by_name:
            raise OptionError(
                f"two estimates are compared as they are, got {', '.join(by_name)}= beside them; "
                "choose their rows with sel()"
            )
        return _compared(a, b, method, correction=correction)
    picked = {**_labels(b), **by_name}
    if not picked:
        raise OptionError(
            "compare takes two estimates, or one and two labels of a name, got one estimate; "
            "write compare(e, wave=('after', 'before'))"
        )
    check_not_items([*picked], "compared")
    pairs = {name: _checked_pair(name, pair) for name, pair in picked.items()}
    one, other = (a.sel({name: pair[side] for name, pair in pairs.items()}) for side in (0, 1))
    return _compared(one, other, method, correction=correction)


def check_estimate(estimate: object, verb: str) -> None:
    """
    An error for anything but an estimate.

    Args:
        estimate: What was given.
        verb: What was to be done with it.
    """
    if not isinstance(estimate, Estimate):
        raise TallyError(
            f"{verb} takes estimates, got {kind_text(estimate)}; compute the index first, "
            f"such as {verb}(csat(answers, by=...), ...)"
        )


def check_options(method: object, *, correction: object) -> None:
    """An error for an unknown method, or a correction that is neither True nor False."""
    choose("method", method, METHODS)
    check_flag(correction, "correction")


def check_large(estimate: Estimate, what: str) -> None:
    """An error for a finite population, which is not taken into account."""
    if estimate.population is not None:
        raise TallyError(
            f"estimates with a finite population can't be {what} yet, got population=; leave it "
            "out, which makes intervals wider than they need to be"
        )


def _labels(labels: object) -> Picked:
    if labels is None:
        return {}
    if not isinstance(labels, Mapping):
        raise TallyError(
            f"compare takes two estimates, got {kind_text(labels)} as the other; compute "
            "the index of both first"
        )
    return cast("Picked", labels)


def _checked_pair(name: str, pair: object) -> tuple[object, object]:
    if isinstance(pair, tuple | list) and len(cast("Any", pair)) == 2:
        one, other = cast("tuple[object, object]", pair)
        if identity(one) != identity(other):
            return one, other
    raise OptionError(
        f"{name}= must be the two labels to compare, got {pair!r}; write {name}=('after', 'before')"
    )


def _compared(
    a: Estimate, b: Estimate, method: ComparisonMethod, *, correction: bool
) -> Comparison:
    """A minus b, rows met by label."""
    for side in (a, b):
        check_large(side, "compared")
    _check_alike(a, b)
    keys, rows_a, rows_b = a.keys.united(b.keys)
    _check_common(a, b, rows_a, rows_b)
    keys = attrs.evolve(keys, fixed=(*keys.fixed, *_compared_labels(a.keys, b.keys)))
    return comparison_of(a, b, keys, rows_a, rows_b, method=method, correction=correction)


def comparison_of(
    a: Estimate,
    b: Estimate,
    keys: Keys,
    rows_a: Places,
    rows_b: Places,
    *,
    within: Sample | None = None,
    method: ComparisonMethod = "score",
    correction: bool = True,
) -> Comparison:
    """
    The comparison of rows of two estimates, under keys of their own.

    Args:
        a: The estimate that stands first.
        b: The estimate that is taken off.
        keys: What the comparisons are called.
        rows_a: The row of *a* in each of them, -1 for none.
        rows_b: That of *b*.
        within: A sample of the rows of *a* and then of *b*, where these have a covariance.
        method: Of the interval.
        correction: See `compare`.
    """
    one, other, shift = a.sample, b.sample, 0
    if within is not None:
        one, other, shift = within, within, a.keys.rows
    found = one.differences(
        a.scoring, rows_a, other, rows_b + shift, a.confidence_level, correction=correction
    )
    if not keys.shape:
        _check_answers(a, b)
    value, low, high, error, p, freedom, effect, correlation = (
        part.reshape(keys.shape) for part in found
    )
    return Comparison(
        a,
        b,
        keys,
        rows_a.reshape(keys.shape),
        rows_b.reshape(keys.shape),
        value,
        low,
        high,
        error,
        p,
        freedom,
        effect,
        correlation,
        np.zeros(keys.shape, np.int64),
        method,
        a.confidence_level,
    )


def _check_answers(a: Estimate, b: Estimate) -> None:
    if not (a.n.any() and b.n.any()):
        raise TallyError("no answers in one of the two samples; check the filter that was used")


def _check_alike(a: Estimate, b: Estimate) -> None:
    """An error unless both are the same index at one level."""
    if a.scoring != b.scoring:
        raise TallyError(
            f"estimates are compared when they are of one index, got {a.scoring.name} of "
            f"{a.scoring.scale} and {b.scoring.name} of {b.scoring.scale}"
        )
    if a.confidence_level != b.confidence_level:
        raise TallyError(
            "estimates are compared when they have one confidence level, got "
            f"{a.confidence_level} and {b.confidence_level}"
        )
    one, other = (dict(side.keys.fixed).get("item") for side in (a, b))
    if one is not None and other is not None and one != other:
        check_not_items(["item"], "compared")


def _check_common(a: Estimate, b: Estimate, rows_a: Places, rows_b: Places) -> None:
    """An error where rows are paired by a name of which the two have no label in common."""
    if not a.keys.labelled or ((rows_a >= 0) & (rows_b >= 0)).any() or not len(rows_a):
        return
    for name in a.keys.names:
        ours, theirs = (list(dict.fromkeys(side.keys.labels(name))) for side in (a, b))
        if not {identity(one) for one in ours} & {identity(one) for one in theirs}:
            raise LabelError(
                f"the two estimates have no {name} in common, got {_few(ours)} and {_few(theirs)}"
                "; to compare two labels choose them with sel(), or write compare(e, "
                f"{name}=(..., ...))"
            )


def _few(labels: list[object]) -> str:
    shown = ", ".join(map(repr, labels[:3]))
    return shown + (", ..." if len(labels) > 3 else "")


def _compared_labels(a: Keys, b: Keys) -> tuple[tuple[str, object], ...]:
    """What the two were chosen by that differs, as the labels of a and b."""
    one, other = dict(a.fixed), dict(b.fixed)
    differing = [name for name in one if name in other and one[name] != other[name]]
    if not differing:
        return (("label_a", "a"), ("label_b", "b"))
    first, second = ([side[name] for name in differing] for side in (one, other))
    if len(differing) == 1:
        return (("label_a", first[0]), ("label_b", second[0]))
    return (("label_a", _joined(first)), ("label_b", _joined(second)))


def _joined(labels: list[object]) -> str:
    return ", ".join(map(str, labels))
