"""Which measures show how each object of a customer focus does."""

from collections import defaultdict
from typing import TYPE_CHECKING

from custfocus.vocabulary.measure import PerformanceMeasure

if TYPE_CHECKING:
    from custfocus.vocabulary.focus import CustomerFocus


def showing_measures(focus: "CustomerFocus") -> dict[str, list[PerformanceMeasure]]:
    """
    The measures that show how an object does, by its id; those about the object come first.

    A service is shown by the measures about it, about its activities and about the requirements
    of the needs that it meets; an activity by those about it and about its service as a whole.
    """
    about: dict[str, list[PerformanceMeasure]] = defaultdict(list)
    for measure in focus.measures:
        about[measure.about].append(measure)
    met: dict[str, list[PerformanceMeasure]] = defaultdict(list)
    meeting = {need.id: need.services for need in focus.needs}
    for requirement in focus.requirements:
        for key in meeting[requirement.need]:
            met[key] += about.get(requirement.id, [])
    shown = dict(about)
    for service in focus.services:
        whole = [*about.get(service.id, []), *met[service.id]]
        steps = [one for step in service.activities for one in about.get(step.id, [])]
        shown[service.id] = [*about.get(service.id, []), *steps, *met[service.id]]
        for step in service.activities:
            shown[step.id] = [*about.get(step.id, []), *whole]
    return shown
