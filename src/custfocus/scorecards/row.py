"""One line of a scorecard."""

import math
from itertools import zip_longest

import attrs

from custfocus.indices.estimate import Estimate
from custfocus.indices.survey_result import SurveyEstimate
from custfocus.progress.verdict import Standing, Verdict, answers_text
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.voice import Need, Requirement

COLUMNS = (
    "customer", "need", "requirement", "measure", "index", "unit", "n", "missing", "value",
    "low", "high", "target", "verdict", "point_met", "more_answers",
)  # fmt: skip


@attrs.frozen(eq=False)
class ScorecardRow:
    """
    One measure, of one group.

    Attributes:
        customer: Whose need it is.
        need: The need.
        requirement: The requirement that the measure shows.
        measure: The measure.
        group: The group's key, one value for each of the scorecard's group names.
        estimate: The estimate, or None for a measure that no answers came for.
        verdict: The verdict, or None without an estimate or a target.
    """

    customer: Customer
    need: Need
    requirement: Requirement
    measure: PerformanceMeasure
    group: tuple[object, ...]
    estimate: Estimate | SurveyEstimate | None
    verdict: Verdict | None

    @property
    def verdict_text(self) -> str:
        """The verdict in words, also where there is none."""
        if self.measure.item is None:
            return "not a survey question"
        if self.estimate is None:
            return f"no answers came for {self.measure.item!r}"
        if self.estimate.n == 0:
            return str(Standing.NO_ANSWERS)
        if self.verdict is None:
            return "no target"
        more = float(self.verdict.more_answers)
        if more == 0:
            return str(self.verdict.standing)
        return f"{self.verdict.standing} ({answers_text(more)})"

    def to_dict(self, group_names: tuple[str, ...]) -> dict[str, object]:
        """The row as a flat dictionary; the group's key stands under the group names."""
        measure, scored, judged = self.measure, self.estimate, self.verdict
        return {
            "customer": self.customer.name,
            "need": self.need.text,
            "requirement": self.requirement.text,
            "measure": measure.name,
            **dict(zip_longest(group_names, self.group)),
            "index": None if measure.scoring is None else measure.scoring.name,
            "unit": str(measure.unit),
            "n": 0 if scored is None else int(scored.n),
            "missing": 0 if scored is None else int(scored.missing),
            "value": math.nan if scored is None else float(scored.value),
            "low": math.nan if scored is None else float(scored.low),
            "high": math.nan if scored is None else float(scored.high),
            "target": None if measure.target is None else str(measure.target),
            "verdict": self.verdict_text if judged is None else str(judged.standing),
            "point_met": None if judged is None else bool(judged.point_met),
            "more_answers": None if judged is None else float(judged.more_answers),
        }
