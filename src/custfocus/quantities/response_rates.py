"""Response rates of a survey from how its cases ended, by the definitions of AAPOR."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import is_finite_number, whole_numbers
from custfocus.messages import quoted
from custfocus.quantities.observed import Observed
from custfocus.quantities.quantity import equal_shapes, keys_of, sums
from custfocus.results.arrays import Floats

ResponseRate = Literal[
    "RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "COOP2", "COOP3", "COOP4",
    "REF1", "REF2", "REF3", "CON1", "CON2", "CON3",
]  # fmt: skip

_CASES = (
    "complete", "partial", "refusals", "non_contacts", "other",
    "unknown_households", "unknown_other",
)  # fmt: skip
_KINDS = {"RR": "response", "COOP": "cooperation", "REF": "refusal", "CON": "contact"}


class _Rate(NamedTuple):
    """What is divided by what: the places among the cases, and whether the unknown ones count."""

    above: str
    below: str
    unknown: Literal["all", "eligible", "none"]


_KNOWN = "complete partial refusals non_contacts other"
_REACHED = "complete partial refusals other"
_RATES: dict[str, _Rate] = {
    "RR1": _Rate("complete", _KNOWN, "all"),
    "RR2": _Rate("complete partial", _KNOWN, "all"),
    "RR3": _Rate("complete", _KNOWN, "eligible"),
    "RR4": _Rate("complete partial", _KNOWN, "eligible"),
    "RR5": _Rate("complete", _KNOWN, "none"),
    "RR6": _Rate("complete partial", _KNOWN, "none"),
    "COOP1": _Rate("complete", _REACHED, "none"),
    "COOP2": _Rate("complete partial", _REACHED, "none"),
    "COOP3": _Rate("complete", "complete partial refusals", "none"),
    "COOP4": _Rate("complete partial", "complete partial refusals", "none"),
    "REF1": _Rate("refusals", _KNOWN, "all"),
    "REF2": _Rate("refusals", _KNOWN, "eligible"),
    "REF3": _Rate("refusals", _KNOWN, "none"),
    "CON1": _Rate(_REACHED, _KNOWN, "all"),
    "CON2": _Rate(_REACHED, _KNOWN, "eligible"),
    "CON3": _Rate(_REACHED, _KNOWN, "none"),
}


def response_rate(
    rate: ResponseRate,
    complete: ArrayLike,
    *,
    partial: ArrayLike = 0,
    refusals: ArrayLike = 0,
    non_contacts: ArrayLike = 0,
    other: ArrayLike = 0,
    unknown_households: ArrayLike = 0,
    unknown_other: ArrayLike = 0,
    eligible_share: float | None = None,
    by: object = None,
    period: object = None,
) -> Observed:
    """
    A response, cooperation, refusal or contact rate of a survey.

    It describes the cases that were drawn, all of them, and so has no interval; a low rate says
    that there is room for bias, a high one does not say that there is none.

    Args:
        rate: ``"RR1"`` to ``"RR6"``, ``"COOP1"`` to ``"COOP4"``, ``"REF1"`` to ``"REF3"`` or
            ``"CON1"`` to ``"CON3"``, as AAPOR numbers them. RR1 is the least response rate: complete
            interviews of all cases. Even numbers count partial interviews as well; RR3, RR4,
            REF2 and CON2 take a part of the cases whose eligibility is unknown, RR5, RR6, REF3
            and CON3 none of them.
        complete: Complete interviews, whole numbers; shape (rows,), or one.
        partial: Partial interviews, of the same shape or one for all, as are the next.
        refusals: Refusals and interviews that were broken off.
        non_contacts: Cases in which no one was reached.
        other: Eligible cases that failed for other reasons, such as illness or language.
        unknown_households: Cases of which it is not known whether there is a household.
        unknown_other: Other cases of unknown eligibility.
        eligible_share: Which share of the cases of unknown eligibility is taken to be eligible,
            0 to 1, such as that among the cases of which it is known; for RR3, RR4, REF2 and
            CON2, which need it, and no other.
        by: The label of each row, or several by name; rows of one label are added up.
        period: The period of each row.

    Returns:
        The rate in percent; NaN where there are no cases.

    Raises:
        OptionError: An unknown rate, a share out of range, or one where the rate has none.
        TallyError: Numbers that can't be; labels of another number.
        LabelError: Names that are reserved for columns of results.

    References:
        American Association for Public Opinion Research (2023), Standard Definitions, 10th ed.
        Example: the cases of a toy data set of the R package outcomerate.

    >>> cases = {"partial": 339, "refusals": 59, "non_contacts": 288, "other": 1, "unknown_other": 173}
    >>> print(response_rate("RR1", 760, **cases))
    response rate RR1 46.9 % n=1620, no limits known
    >>> print(response_rate("RR4", 760, **cases, eligible_share=0.9))
    response rate RR4 68.6 % n=1603, no limits known
    """
    wanted = choose("rate", rate, _RATES)
    share = _checked_share(rate, wanted, eligible_share)
    given = (
        complete, partial, refusals, non_contacts, other, unknown_households, unknown_other
    )  # fmt: skip
    cases = equal_shapes(
        {name: whole_numbers(one, name) for name, one in zip(_CASES, given, strict=True)}
    )
    keys, rows = keys_of(by, period, cases[0].shape)
    if rows is not None:
        cases = [sums(one, keys, rows) for one in cases]
    named: dict[str, Floats] = dict(zip(_CASES, cases, strict=True))
    above, below = (_sum(named, which) for which in (wanted.above, wanted.below))
    below = below + share * (named["unknown_households"] + named["unknown_other"])
    value = 100 * above / np.where(below > 0, below, np.nan)
    kind = _KINDS[rate.rstrip("0123456789")]
    return Observed(
        value,
        n=below,
        unit="percent",
        bounds=(0, 100),
        name=f"{kind} rate {rate}",
        direction="lower" if kind == "refusal" else "higher",
        by=keys if keys.names else None,
    )


def _checked_share(rate: str, wanted: _Rate, share: object) -> float:
    """How much of the unknown cases counts; an error where a share is missing or has no use."""
    if wanted.unknown != "eligible":
        if share is not None:
            raise OptionError(
                f"{rate} takes no eligible_share, got {quoted(share)}; leave it out, or choose RR3, "
                "RR4, REF2 or CON2"
            )
        return 1.0 if wanted.unknown == "all" else 0.0
    if not (is_finite_number(share) and 0 <= float(cast("float", share)) <= 1):
        raise OptionError(
            f"{rate} needs the share of unknown cases that are eligible, 0 to 1, got "
            f"{quoted(share)}; write eligible_share=0.9"
        )
    return float(cast("float", share))


def _sum(named: Mapping[str, Floats], which: str) -> Floats:
    return np.asarray(sum(named[name] for name in which.split()))
