"""The scorecard: every measure of a customer focus with its data, held against its target."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast, get_args

import attrs

from custfocus.charts import ChartKind, RuleSet
from custfocus.errors import VocabularyError, choose, unknown_option
from custfocus.indices.estimate import Estimate
from custfocus.messages import near_miss
from custfocus.progress.breaks import breaks_in
from custfocus.progress.card_columns import card_columns
from custfocus.progress.card_gaps import result_gaps
from custfocus.progress.chart import Chart, chart
from custfocus.progress.looks import Looks, looks_note
from custfocus.progress.outline import Table, outline_html, outline_text
from custfocus.progress.period_notes import period_notes
from custfocus.progress.places import Arrangement, places_of
from custfocus.progress.reading import Reading, readings_of
from custfocus.progress.satisfaction import Satisfaction, satisfaction_of
from custfocus.progress.series_table import PERIOD
from custfocus.progress.since import ChangeSince, change_since
from custfocus.progress.toward import Progress, toward_target
from custfocus.progress.unmeasured import Unmeasured
from custfocus.progress.verdict import Verdict
from custfocus.quantities.quantity import Quantity
from custfocus.results.dataframes import FrameColumn
from custfocus.results.html import Html, escape
from custfocus.results.labels import Label
from custfocus.results.result import Result
from custfocus.results.stack import Stack
from custfocus.results.text import label_text, printable
from custfocus.surveys.survey_tally import SurveyTally
from custfocus.vocabulary.finding_gaps import gap_rows
from custfocus.vocabulary.findings import Gaps
from custfocus.vocabulary.focus import CustomerFocus, day_of
from custfocus.vocabulary.improvement import Improvement
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.measuring import showing_measures
from custfocus.vocabulary.references import id_of

Remarks = Mapping[str, Mapping[Label, str]]


@attrs.frozen(eq=False, repr=False)
class Scorecard(Stack[Result]):
    """
    The measures of a customer focus with their data, held against their targets.

    A mapping of each measure's id, in the order of the focus, to its `Verdict`; to its
    `Estimate` or quantity where it has no target, and to `Unmeasured` where there are no
    numbers. Of a series these have all periods; what is printed is one reading of each measure
    and group: the latest value with its verdict, what changed, and what the chart shows. Prints
    as an outline, in a notebook with pictures of the intervals.

    Attributes:
        name: ``"measure"``, what the ids are of.
        parts: The results by measure.
        focus: The customer focus.
        confidence_level: Of the intervals, two-sided.
        unused: Items with answers that no measure asks about.
        remarks: What is to be said of a measure, by its id and the period; of one that is no
            series by None.
        fiscal_start: The month in which years begin.
        arrangement: How it is printed: by ``"customer"``, ``"need"`` or ``"service"``; see `by`.
        looks: How often one looks at it while the data grow; see `verdict`.
    """

    focus: CustomerFocus
    confidence_level: float = 0.95
    unused: tuple[str, ...] = ()
    remarks: Remarks = attrs.field(factory=dict[str, Mapping[Label, str]])
    fiscal_start: int = 1
    arrangement: Arrangement = "customer"
    looks: Looks | None = None

    def by(self, arrangement: Arrangement) -> "Scorecard":
        """
        The same card in another order.

        Args:
            arrangement: ``"customer"``, ``"need"`` or ``"service"``: under each service stand the
                measures about it, about its activities, and of the needs that name it.

        Raises:
            OptionError: Another order.
        """
        choose("arrangement", arrangement, dict.fromkeys(get_args(Arrangement)))
        return attrs.evolve(self, arrangement=arrangement)

    def readings(self) -> dict[str, Result]:
        """
        What each measure says today, by its id: the `Reading` of a series, else the result.

        They are made anew each time; keep them where they are read often.
        """
        return readings_of(self.parts, self.focus.measures, self.fiscal_start)

    def history(self) -> Stack[Result]:
        """All periods of all measures, as results that can be read as one table."""
        return Stack("measure", self.parts)

    def frame_columns(self) -> dict[str, FrameColumn]:
        """The table's columns by name, a row for each measure and group; see `card_columns`."""
        return card_columns(self.focus, self.readings(), self.remarks)

    def satisfaction(self, *, weights: bool = True) -> Satisfaction:
        """
        The level to which each customer's needs and expectations are met; see `satisfaction_of`.

        Args:
            weights: Whether requirements weigh by their importance.
        """
        return satisfaction_of(self.focus, self.parts, weights=weights)

    def progress(self) -> Stack[Progress]:
        """
        How far each measure has come toward its target, by measure; see `toward_target`.

        Measures without a target or without the key ``period`` are left out.
        """
        series = {
            key: toward_target(
                part.estimate,
                part.target,
                breaks=breaks_in(part.keys, self._measure(key).breaks, self.fiscal_start),
                fiscal_start=self.fiscal_start,
            )
            for key, part in self.parts.items()
            if isinstance(part, Verdict) and PERIOD in part.keys.names
        }
        return Stack("measure", series)

    def chart(
        self,
        measure: PerformanceMeasure | str,
        *,
        kind: ChartKind | None = None,
        rule_set: str | RuleSet = "anhoej-3sigma",
        baseline: int | None = None,
    ) -> Chart:
        """
        The chart of a measure over time, toward its target, with the breaks of its definition.

        The improvements that serve what it shows stand at their days.

        Args:
            measure: The measure (object or id).
            kind: See `custfocus.progress.chart`.
            rule_set: Likewise.
            baseline: Likewise.

        Raises:
            VocabularyError: A measure that is not in the focus.
            TallyError: One that has no numbers.
            LabelError: One that is no series.
            OptionError: See `custfocus.progress.chart`.
        """
        own = self._measure(measure)
        part = self.parts[own.id]
        scored = part.estimate if isinstance(part, Verdict) else part
        crossed = {}
        if PERIOD in part.keys.names:
            crossed = breaks_in(part.keys, own.breaks, self.fiscal_start)
        return chart(
            cast("Estimate | Quantity", scored),
            kind=kind,
            rule_set=rule_set,
            baseline=baseline,
            breaks=crossed,
            events=self._events(own),
            target=own.target,
            fiscal_start=self.fiscal_start,
        )

    def _measure(self, measure: PerformanceMeasure | str) -> PerformanceMeasure:
        key = id_of(measure, PerformanceMeasure)
        known = {one.id: one for one in self.focus.measures}
        if key not in known:
            raise VocabularyError(str(unknown_option("PerformanceMeasure id", key, known)))
        return known[key]

    def _events(self, measure: PerformanceMeasure) -> dict[date, str]:
        """The improvements in effect that serve what a measure shows, by day."""
        shown, found = showing_measures(self.focus), defaultdict[date, list[str]](list)
        for one in self.focus.improvements:
            shows = any(measure in shown.get(key, ()) for key in one.serves)
            if one.since is not None and shows:
                found[one.since].append(one.name)
        return {day: "; ".join(names) for day, names in found.items()}

    def gaps(self, on: date | str | None = None) -> Gaps:
        """
        What the customer focus and its results leave open; see `CustomerFocus.gaps`.

        Beyond the gaps of the focus: measures that are not met, of which no improvement was
        learned, and which show nothing that an improvement serves; improvements that are done,
        whose measures have no period since.

        Args:
            on: The day (a date or its ISO text) to which ages are counted; today by default.

        Raises:
            VocabularyError: A day that is none.
        """
        rows = gap_rows(self.focus, day_of(on))
        return Gaps.of([*rows, *result_gaps(self.focus, self.parts, self.fiscal_start)])

    def change_since(self, improvement: Improvement | str) -> Stack[ChangeSince | Unmeasured]:
        """
        What changed in the measures of what an improvement serves, since it took effect.

        The periods that begin on its day or later are set against as many before. It is a
        change, not an effect: other causes are not excluded.

        Args:
            improvement: The improvement (object or id), with the day from which it is in effect.

        Returns:
            The change of each measure by its id; see `change_since`.

        Raises:
            VocabularyError: An improvement that is not in the focus, or has no day.
        """
        measures = self.focus.measures_of(improvement)
        key = id_of(improvement, Improvement)
        [since] = (one.since for one in self.focus.improvements if one.id == key)
        if since is None:
            raise VocabularyError(
                f"improvement {key!r} must have the day from which it is in effect, got none; give "
                "since="
            )
        changes = {
            one.id: change_since(
                cast("Any", self.parts[one.id]), since, one.breaks, self.fiscal_start
            )
            for one in measures
        }
        return Stack("measure", changes)

    def __str__(self) -> str:
        readings = self.readings()
        table = outline_text(Table(self.focus, readings, self.arrangement))
        return "\n".join([printable(self.focus.name), table, *self._notes(readings)])

    def _repr_html_(self) -> Html:
        readings = self.readings()
        table = Table(self.focus, readings, self.arrangement)
        made = outline_html(table, [*self._notes(readings)])
        return Html(f"<h4>{escape(self.focus.name)}</h4>{made}")

    def _notes(self, readings: Mapping[str, Result]) -> Iterator[str]:
        level = 100 * self.confidence_level
        drawn = " of the survey design" if any(map(_is_survey, self.parts.values())) else ""
        methods, finite = self._made()
        yield (
            f"{level:g} % {methods}intervals{drawn}{finite}; met and not met at nominal {(100 + level) / 2:g} % "
            'one-sided confidence. "More": with so many further answers like these, a 50 % chance '
            "of a definite verdict."
        )
        yield from looks_note(self.looks)
        if any(isinstance(one, Reading) for one in readings.values()):
            yield (
                "Values of the latest period; change since the baseline of the target, else since "
                "the first period, or the first since a break"
                + ("; changes of answers by score intervals" if self._made()[0] else "")
            )
        yield from period_notes(self.parts, {one.id: one.name for one in self.focus.measures})
        yield from self._result_notes(readings)
        names = {one.id: one.name for one in self.focus.measures}
        for key, said in self.remarks.items():
            for period, text in said.items():
                at = "" if period is None else f", {label_text(period)}"
                yield printable(f"remark on {names[key]}{at}: {text}")
        if self.unused:
            yield f"Data that no measure asks for: {', '.join(map(self._unused_text, self.unused))}"

    def _made(self) -> tuple[str, str]:
        """The methods of intervals where they are not all the default, and finite populations."""
        scored = [one.estimate if isinstance(one, Verdict) else one for one in self.parts.values()]
        found = [one for one in scored if isinstance(one, Estimate)]
        names = " and ".join(dict.fromkeys(one.method for one in found))
        finite = any(one.population is not None for one in found)
        return "" if names in {"", "score"} else f"{names} ", ", finite population" * finite

    def _unused_text(self, name: str) -> str:
        """Data that no measure asks for, and the measure that may have been meant."""
        asked = [item for measure in self.focus.measures for item in measure.items]
        known = [*asked, *(one.id for one in self.focus.measures if one.recorded)]
        called = {one.name: one.id for one in self.focus.measures if one.recorded}
        questions = {one.id: one.items for one in self.focus.measures if not one.recorded}
        if name in questions:
            by = ", ".join(map(repr, questions[name]))
            return printable(f"{name} (its answers go by the question, {by})")
        if name in called:
            return printable(f"{name} (its measure is {called[name]!r})")
        meant = near_miss(name, known)
        return printable(f"{name} ({meant})" if meant else name)

    def _result_notes(self, readings: Mapping[str, Result]) -> Iterator[str]:
        """The notes on the results, each once with the measures that it concerns."""
        names: dict[str, list[str]] = {}
        for key, place in places_of(self.focus).items():
            for note in readings[key].notes:
                names.setdefault(note, []).append(place.measure.name)
        for note, measures in names.items():
            yield printable(f"note on {', '.join(measures)}: {note}")


def _is_survey(part: Result) -> bool:
    scored = part.estimate if isinstance(part, Verdict) else part
    return isinstance(scored, Estimate) and isinstance(scored.sample, SurveyTally)
