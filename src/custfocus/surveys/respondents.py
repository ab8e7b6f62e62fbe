"""What each respondent of a design answered, and the domain that each is in."""

from collections.abc import Iterable

from custfocus.errors import AnswerError
from custfocus.responses.groups import By, Codes, Groups
from custfocus.responses.scale import Scale
from custfocus.results.distinct import distinct_values


def places_of(answers: Iterable[object], scale: Scale, respondents: int) -> Codes:
    """Where each answer is on the scale, -1 for none; an error unless one for each of them."""
    distinct, codes = distinct_values(answers)
    places = scale.locate(distinct)[codes]
    if len(places) != respondents:
        raise AnswerError(
            "answers must be one for each respondent of the design, got "
            f"{len(places)} for {respondents}; those without an answer need a missing code"
        )
    return places


def domains_of(by: By | Groups | None, respondents: int) -> Groups | None:
    """The domain of each respondent; an error unless one for each of them."""
    if by is None:
        return None
    groups = by if isinstance(by, Groups) else Groups.of(by)
    if len(groups.codes) != respondents:
        raise AnswerError(
            f"by must give one label for each respondent, got {len(groups.codes)} for {respondents}"
        )
    return groups
