"""Comparing two groups or waves of an estimate, or two estimates."""

import reprlib
from collections.abc import Mapping
from typing import Any, cast, get_args

import attrs

from custfocus.comparisons.comparison import Comparison, comparison_of
from custfocus.errors import LabelError, OptionError, TallyError, choose
from custfocus.indices.estimate import Estimate
from custfocus.indices.quantile_estimate import QuantileEstimate
from custfocus.intervals.arguments import check_flag
from custfocus.intervals.melding import MeldedMethod
from custfocus.intervals.multiplicity import ADJUSTMENTS
from custfocus.quantities.quantity import Quantity
from custfocus.responses.sample import ComparisonMethod, check_not_items
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Places
from custfocus.results.distinct import identity
from custfocus.results.keys import Keys
from custfocus.results.text import kind_text

METHODS: dict[str, None] = dict.fromkeys(["score", *get_args(MeldedMethod)])


def compare(
    a: Estimate,
    b: Estimate | Mapping[str, tuple[object, object]] | None = None,
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
    samples, whose rows meet by label; a row that one of them lacks has n = 0 there. Estimates
    with a ``population=`` are compared as samples of it, which is what `detection_sample_size`
    plans for: each variance is multiplied by (N - n) / (N - 1), and the limits are held to what
    the members who were not asked can do.

    Args:
        a: An estimate.
        b: Another one; or the two labels by name as a mapping, for names that are no Python
            names or are called like an option.
        method: ``"score"``, the score interval (see `score_interval_difference`), with a design
            that for its effective sizes; or ``"exact"`` and ``"mid-p"``, for samples without a
            design (see `melded_interval_difference`), which take milliseconds a row: for
            hundreds of rows, not for hundreds of thousands.
        correction: Whether the variance of plain independent samples is multiplied by
            N / (N - 1), as Miettinen and Nurminen do, in the score interval.
        **by_name: The two labels of a name: ``wave=("after", "before")``.

    Returns:
        The differences, as quoted, at the confidence level of the estimates.

    Raises:
        LabelError: Labels that are not there, names that differ, or no common label.
        TallyError: Estimates of different scorings or levels; items, whose answers are of the
            same people; exact or mid-p limits for answers of a design or of a finite population.
        OptionError: No labels, an unknown method, or a correction that is no flag, or is left
            out of limits that have none.

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
        check_estimate(b, "compare")
        return _compared(a, b, method=method, correction=correction)
    pairs = {name: checked_pair(name, pair) for name, pair in {**_labels(b), **by_name}.items()}
    if not pairs:
        raise OptionError(
            "compare takes two estimates, or one and two labels of a name, got one estimate; "
            "write compare(e, wave=('after', 'before'))"
        )
    check_not_items([*pairs], "compared")
    one, other = (a.sel({name: pair[side] for name, pair in pairs.items()}) for side in (0, 1))
    return _compared(one, other, method=method, correction=correction)


def check_estimate(estimate: object, verb: str) -> None:
    """
    An error for anything but an estimate.

    Args:
        estimate: What was given.
        verb: The function that was called with it.
    """
    if hasattr(type(estimate), "shown"):
        raise TallyError(
            f"{verb} takes estimates, got {kind_text(estimate)}, which holds no sample of what is "
            f"hidden; compute the index of what is shown: {verb}(csat(found.shown), ...)"
        )
    _check_own(estimate, verb)
    if isinstance(estimate, Quantity) and estimate.stepwise:
        raise TallyError(f"{verb} takes estimates of means and shares, {_no_quantiles(estimate)}")
    if not isinstance(estimate, Estimate):
        raise TallyError(
            f"{verb} takes estimates, got {kind_text(estimate)}; compute the index first, "
            f"such as {verb}(csat(answers, by=...), ...)"
        )


def _no_quantiles(estimate: Quantity) -> str:
    """Why quantiles are not compared, and what is."""
    remedy = (
        "compare the answers by their order: compare_order(sample, ...), or their means"
        if isinstance(estimate, QuantileEstimate)
        else "compare the share of records within a standard: proportion(within, n, by=...)"
    )
    return (
        f"got {kind_text(estimate)}: a difference of quantiles jumps from one pair of values to the "
        f"next, for which there are no such limits; {remedy}"
    )


def _check_own(estimate: object, verb: str) -> None:
    """An error for values that share their answers with others, which says what to take."""
    refusal = getattr(estimate, "refusal", None)
    if isinstance(refusal, str):
        raise TallyError(
            f"{verb} takes estimates of their own answers, got {kind_text(estimate)}: {refusal}"
        )


def check_options(method: object, adjustment: object = "none", *, correction: object) -> None:
    """An error for an unknown method or adjustment, or a correction that is no flag or no use."""
    choose("method", method, METHODS)
    choose("adjustment", adjustment, ADJUSTMENTS)
    check_flag(correction, "correction")
    if method != "score" and not correction:
        raise OptionError(
            f"correction=False is for the method 'score', got {method!r}, whose limits have no "
            "variance to correct; leave it out"
        )


def _labels(labels: object) -> Mapping[str, object]:
    if labels is not None and not isinstance(labels, Mapping):
        _check_own(labels, "compare")
        raise TallyError(
            f"compare takes two estimates, got {kind_text(labels)} as the other; compute "
            "the index of both first"
        )
    return cast("Mapping[str, object]", labels or {})


def checked_pair(name: str, pair: object) -> tuple[object, object]:
    """The two labels of a name; an error unless they are two that differ."""
    if isinstance(pair, tuple | list) and len(cast("Any", pair)) == 2:
        one, other = cast("tuple[object, object]", pair)
        if identity(one) != identity(other):
            return one, other
    raise OptionError(
        f"{name}= must be the two labels to compare, got {pair!r}; write {name}=('after', 'before')"
    )


def _compared(
    a: Estimate, b: Estimate, *, method: ComparisonMethod, correction: bool
) -> Comparison:
    """A minus b, rows met by label."""
    _check_alike(a, b)
    keys, rows_a, rows_b = a.keys.united(b.keys)
    check_common(a, b, rows_a, rows_b)
    keys = attrs.evolve(keys, fixed=(*keys.fixed, *compared_labels(a.keys, b.keys)))
    return comparison_of(a, b, keys, rows_a, rows_b, method=method, correction=correction)


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


def check_common(a: Estimate | Tally, b: Estimate | Tally, rows_a: Places, rows_b: Places) -> None:
    """An error where rows are paired by a name of which the two have no label in common."""
    if not a.keys.shape:
        if not (a.n.any() and b.n.any()):
            raise TallyError("no answers in one of the two samples; check the filter that was used")
        return
    if not a.keys.labelled or ((rows_a >= 0) & (rows_b >= 0)).any() or not len(rows_a):
        return
    for name in a.keys.names:
        ours, theirs = (list(dict.fromkeys(side.keys.labels(name))) for side in (a, b))
        if {*map(identity, ours)}.isdisjoint(map(identity, theirs)):
            raise LabelError(
                f"the two estimates have no {name} in common, got {reprlib.repr(ours)} and "
                f"{reprlib.repr(theirs)}; to compare two labels choose them with sel(), or write "
                f"compare(e, {name}=(..., ...))"
            )


def compared_labels(a: Keys, b: Keys) -> tuple[tuple[str, object], ...]:
    """What the two were chosen by that differs, as the labels of a and b."""
    one, other = dict(a.fixed), dict(b.fixed)
    differing = [name for name in one if name in other and one[name] != other[name]]
    labels: list[object] = ["a", "b"]
    if differing:
        sides = ([side[name] for name in differing] for side in (one, other))
        labels = [side[0] if len(side) == 1 else ", ".join(map(str, side)) for side in sides]
    return tuple(zip(("label_a", "label_b"), labels, strict=True))
