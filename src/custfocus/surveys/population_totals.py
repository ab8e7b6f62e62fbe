"""What is known of a population: the totals of margins by label, and those of covariates."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from custfocus.errors import (
    GREATEST_SIZE,
    LEAST_SIZE,
    AnswerError,
    LabelError,
    TallyError,
)
from custfocus.intervals.arguments import is_finite_number
from custfocus.messages import near_miss, quoted
from custfocus.results.distinct import identity, plain
from custfocus.results.text import kind_text
from custfocus.surveys.row_fields import RowLabels

Totals = Mapping[Any, float]

_ROUNDED = 1e-9  # of the population: margins that differ by less are rounded


def levels_of(labels: RowLabels) -> list[object]:
    """The distinct labels of a margin, in the order of their codes; tuples of several columns."""
    return [key[0] if len(key) == 1 else key for key in labels.keys]


def as_totals(
    margins: Mapping[str, RowLabels], covariates: Sequence[str], totals: Mapping[str, Any]
) -> Mapping[str, Totals | float]:
    """
    The totals in the order of the fields, checked against the labels of the respondents.

    Args:
        margins: Labels of the respondents by name.
        covariates: The names of the others.
        totals: Of both, by name.

    Raises:
        AnswerError: Totals that are not by name.
        LabelError: Names or labels that are not those of the respondents.
        TallyError: Totals that are no numbers, or of different populations.
    """
    names = (*margins, *covariates)
    if not isinstance(totals, Mapping):
        raise AnswerError(
            f"totals must be by the names of the variables, got {kind_text(totals)}; write "
            f"{{{names[0]!r}: ...}}"
        )
    _check_same("totals", "margin and covariate", names, list(totals), "leave it out")
    found: dict[str, Totals | float] = {
        name: _as_counts(labels, totals[name], name) for name, labels in margins.items()
    }
    _check_sums(cast("dict[str, Totals]", found))
    for name in covariates:
        total = plain(totals[name])
        if not is_finite_number(total) or abs(cast("float", total)) > GREATEST_SIZE:
            raise TallyError(
                f"the total of the covariate {name!r} must be a number, got "
                f"{quoted(totals[name])}; it is the mean times the population"
            )
        found[name] = float(cast("float", total))
    return MappingProxyType(found)


def _check_same(
    what: str,
    kind: str,
    wanted: Sequence[object],
    given: Sequence[object],
    remedy: str,
) -> None:
    """An error unless labels are the same, whatever their order."""
    known, have = ({_identity(label): label for label in part} for part in (wanted, given))
    lacking = [label for one, label in known.items() if one not in have]
    strange = [label for one, label in have.items() if one not in known]
    if lacking:
        remedy = f"add it, {quoted(strange[0])} is none of them" if strange else "add it"
        raise LabelError(
            f"{what} must have one for each {kind}, got none for {quoted(lacking[0])}; "
            f"{near_miss(lacking[0], strange) or remedy}"
        )
    if strange:
        raise LabelError(
            f"{what} must have one for each {kind}, got one for {quoted(strange[0])} besides; "
            f"{remedy}"
        )


def _identity(label: object) -> object:
    if isinstance(label, tuple):
        return tuple(map(identity, cast("tuple[object, ...]", label)))
    return identity(label)


def _as_counts(labels: RowLabels, counts: object, name: str) -> Totals:
    """The totals of a margin by label, in the order of the labels' codes."""
    items = getattr(counts, "items", None)
    if not callable(items) or isinstance(counts, type):
        raise TallyError(
            f"the totals of the margin {name!r} must be numbers by label, got "
            f"{kind_text(counts)}; write {{{name!r}: {{label: number, ...}}}}"
        )
    pairs = list(cast("Iterable[tuple[object, Any]]", items()))
    levels = levels_of(labels)
    _check_same(
        f"the totals of the margin {name!r}",
        "label of the respondents",
        levels,
        [label for label, _ in pairs],
        "where nobody was found, put it together with a label like it, in the margin and in the totals",
    )
    by_identity = {_identity(label): number for label, number in pairs}
    found: dict[object, float] = {}
    for label in levels:
        number = plain(by_identity[_identity(label)])
        if not is_finite_number(number) or not LEAST_SIZE < cast("float", number) < GREATEST_SIZE:
            raise TallyError(
                f"the totals of the margin {name!r} must be positive numbers, got "
                f"{quoted(number)} for {quoted(label)}; give weight 0 to respondents who must not "
                "count"
            )
        found[label] = float(cast("float", number))
    return MappingProxyType(found)


def _check_sums(totals: Mapping[str, Totals]) -> None:
    """An error where margins add up to different populations."""
    sums = {name: sum(counts.values()) for name, counts in totals.items()}
    for name, size in sums.items():
        first = next(iter(sums))
        if abs(size - sums[first]) > _ROUNDED * sums[first]:
            raise TallyError(
                "margins must add up to the same population, got "
                f"{sums[first]:.12g} for {first!r} and {size:.12g} for {name!r}; divide the "
                "totals of each by their sum, or take both from one source"
            )
