"""Tallies of several questions, by groups that have names."""

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from custfocus.dataframes import frame_of
from custfocus.errors import TallyError, choose
from custfocus.results.distinct import is_null, plain
from custfocus.responses.keys import Keys, as_keys, check_keys, united
from custfocus.responses.scale import Scale
from custfocus.responses.survey_tally import SurveyTally
from custfocus.responses.tally import Counts, Tally
from custfocus.tables import escape, html_table, text_table

_COUNTED = ("item", "n", "missing")
_PLAIN = {str, int, bool}  # types of labels that are taken as they are
_SHOWN = 20  # rows in a printed table; columns() has them all


def _as_names(names: Iterable[str]) -> tuple[str, ...]:
    listed = () if isinstance(names, str) else tuple(names)
    if isinstance(names, str) or not all(isinstance(name, str) for name in listed):
        raise TallyError(f"by and items must be lists of texts, got {names!r}")
    return listed


def _as_labels(keys: Iterable[object]) -> Keys:
    """A tuple of plain labels for each, every kind of empty as None."""
    return tuple(
        key if _PLAIN.issuperset(map(type, key)) else tuple(map(_plain_or_none, key))
        for key in as_keys(keys)
    )


def _plain_or_none(label: object) -> object:
    return None if is_null(label) else plain(label)


def _as_surveys(surveys: Iterable[SurveyTally]) -> tuple[SurveyTally, ...]:
    return tuple(surveys)


@attrs.frozen(eq=False, repr=False)
class TallyTable:
    """
    How many chose each point, for several questions of one scale and for named groups.

    Tables of the same questions add up, whatever groups each of them has: yesterday's and
    today's, or one from each place that holds a part of the answers.

    Attributes:
        by: What the groups are told apart by, such as ("district", "wave"); empty for all.
        keys: One tuple for each of the G groups, a value for each name, in the order of
            `Groups.keys`: by the first name, then the second; numbers before texts, empty last.
            ``((),)`` for all.
        items: The I questions.
        tally: The counts, of shape (G, I) with K points each, and who gave no answer.
        surveys: With weights, strata or clusters, what a design-based estimate needs to know of
            each question; the tally then counts the respondents of positive weight. Else None.

    Raises:
        TallyError: Keys that are out of order or doubled, doubled items, a tally of another
            shape, or surveys of other groups or respondents.

    >>> scale = Scale.likert(3)
    >>> monday = TallyTable(["shop"], [("north",)], ["q1"], Tally([[[0, 2, 3]]], scale))
    >>> tuesday = TallyTable(["shop"], [("south",)], ["q1"], Tally([[[1, 0, 4]]], scale))
    >>> monday + tuesday
    shop   item  n  missing  1  2  3
    north  q1    5        0  0  2  3
    south  q1    5        0  1  0  4
    """

    by: tuple[str, ...] = attrs.field(converter=_as_names)
    keys: Keys = attrs.field(converter=_as_labels)
    items: tuple[str, ...] = attrs.field(converter=_as_names)
    tally: Tally
    surveys: tuple[SurveyTally, ...] | None = attrs.field(
        default=None, converter=attrs.converters.optional(_as_surveys), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.tally, Tally):
            raise TallyError(f"expected a Tally, got a {type(self.tally).__name__}")
        _check_names(self)
        check_keys("keys", self.keys, len(self.by))
        if self.tally.shape != (len(self.keys), len(self.items)):
            raise TallyError(
                f"the tally must have a row for each key and a column for each item, shape "
                f"{(len(self.keys), len(self.items))}, got {self.tally.shape}"
            )
        if self.surveys is not None and not _agree(self, self.surveys):
            raise TallyError(
                "surveys must be one for each item, of the table's groups, scale and "
                "respondents, got others; TallyTable.of_surveys makes the table from them"
            )

    @classmethod
    def of_surveys(cls, items: Iterable[str], surveys: Iterable[SurveyTally]) -> "TallyTable":
        """
        The table of questions of a survey that was drawn by a design.

        Args:
            items: The questions.
            surveys: The tally of each, all of the same groups and scale.

        Raises:
            TallyError: Surveys of different groups or scales, or none.
        """
        every = tuple(surveys)
        if not every:
            raise TallyError("surveys must be one for each item, got none")
        first = every[0]
        counts = np.stack([_respondents(survey) for survey in every], axis=1)
        tally = Tally(counts[..., :-1], first.scale, counts[..., -1])
        return cls(first.names, first.keys, items, tally, surveys=every)

    @property
    def scale(self) -> Scale:
        """The scale of all the questions."""
        return self.tally.scale

    @property
    def n(self) -> Counts:
        """Answers by group and question, shape (G, I), missing ones not counted."""
        return self.tally.n

    @property
    def missing(self) -> Counts:
        """How many gave no answer, shape (G, I)."""
        return self.tally.missing

    @property
    def labels(self) -> dict[str, list[object]]:
        """The groups' labels by name, as `Groups.of` and `scorecard` take them."""
        return {name: [key[place] for key in self.keys] for place, name in enumerate(self.by)}

    def __getitem__(self, item: str) -> Tally:
        """
        The tally of one question by group, shape (G,).

        Raises:
            TallyError: A survey with a design, since a tally has no weights.
        """
        if self.surveys is not None:
            raise TallyError(
                "a Tally has no weights or clusters: use frames.score_table, or "
                "survey_estimate_of and the table's surveys"
            )
        places = {name: place for place, name in enumerate(self.items)}
        return self.tally[:, choose("item", item, places)]

    def __add__(self, other: "TallyTable") -> "TallyTable":
        if not isinstance(other, TallyTable):
            return NotImplemented
        _check_alike(self, other)
        if self.surveys is not None and other.surveys is not None:
            pairs = zip(self.surveys, other.surveys, strict=True)
            return self.of_surveys(self.items, [one + another for one, another in pairs])
        keys, codes = united((*self.keys, *other.keys), len(self.by))
        shape = (len(keys), len(self.items))
        counts, missing = np.zeros((*shape, len(self.scale)), np.int64), np.zeros(shape, np.int64)
        np.add.at(counts, codes, np.concatenate([self.tally.counts, other.tally.counts]))
        np.add.at(missing, codes, np.concatenate([self.missing, other.missing]))
        return TallyTable(self.by, keys, self.items, Tally(counts, self.scale, missing))

    def __radd__(self, other: int) -> "TallyTable":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TallyTable):
            return NotImplemented
        return (self.by, self.keys, self.items, self.surveys) == (
            other.by,
            other.keys,
            other.items,
            other.surveys,
        ) and self.tally == other.tally

    def columns(self) -> dict[str, list[Any]]:
        """
        The table by columns, with an entry for each group and, within it, each question.

        The groups' names, item, n, missing, and one column for each point, called by its label
        or number.
        """
        counts = self.tally.counts.reshape(-1, len(self.scale)).T
        return {
            **{name: _repeated(labels, len(self.items)) for name, labels in self.labels.items()},
            "item": list(self.items) * len(self.keys),
            "n": self.n.ravel().tolist(),
            "missing": self.missing.ravel().tolist(),
            **dict(zip(point_names(self.scale), counts.tolist(), strict=True)),
        }

    def to_frame(self, like: object) -> Any:  # noqa: ANN401 - a frame of any library
        """
        The table as a dataframe; see `columns`.

        Args:
            like: A dataframe of the kind wanted, or ``"pandas"``, ``"polars"``, ``"pyarrow"``.

        Raises:
            MissingExtraError: Without the extra ``frames``.
        """
        return frame_of(self.columns(), like, self.by)

    def __str__(self) -> str:
        titles, rows, align, more = self._shown()
        return "\n".join([text_table(titles, rows, align), *more])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        titles, rows, align, more = self._shown()
        cells = [[escape(cell) for cell in row] for row in rows]
        return html_table(titles, cells, align) + "".join(f"<small>{line}</small>" for line in more)

    def _shown(self) -> tuple[list[str], list[list[str]], str, list[str]]:
        columns = self.columns()
        rows = [list(map(str, row)) for row in zip(*columns.values(), strict=True)]
        align = "l" * (len(self.by) + 1) + "r" * (2 + len(self.scale))
        more = [f"... and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
        if self.surveys is not None:
            more.append(
                "respondents of a survey with a design, not weighted; frames.score_table weighs them"
            )
        return list(columns), rows[:_SHOWN], align, more


def _agree(table: TallyTable, surveys: tuple[SurveyTally, ...]) -> bool:
    """Whether the surveys are those of the table."""
    return len(surveys) == len(table.items) and all(
        (survey.names, survey.keys, survey.scale) == (table.by, table.keys, table.scale)
        and np.array_equal(_respondents(survey)[:, :-1], table.tally.counts[:, place])
        for place, survey in enumerate(surveys)
    )


def _respondents(survey: SurveyTally) -> Counts:
    """Respondents by group and point, shape (G, K + 1); the last are those with no answer."""
    counts = np.zeros((len(survey.keys), len(survey.scale) + 1), dtype=np.int64)
    np.add.at(counts, (survey.cells.groups, survey.cells.places), survey.cells.respondents)
    return counts


def _check_alike(ours: TallyTable, theirs: TallyTable) -> None:
    """An error unless the two can be added up."""
    kinds = [
        (table.by, table.items, table.scale, "a design" if table.surveys else "no design")
        for table in (ours, theirs)
    ]
    if kinds[0] != kinds[1]:
        raise TallyError(
            "tables add up when they have the same by, items and scale, and both a design or "
            f"neither, got {kinds[0]} and {kinds[1]}"
        )


def _check_names(table: TallyTable) -> None:
    """An error for names that are doubled, that another column has, or that there are none of."""
    own = (*_COUNTED, *point_names(table.scale))
    if len(set(table.by)) != len(table.by) or set(table.by) & set(own):
        raise TallyError(
            "by must differ from each other and from the table's own columns "
            f"({', '.join(own)}), got {table.by}; rename"
        )
    if not table.items:
        raise TallyError("items must be one question at least, got none")
    if len(set(table.items)) != len(table.items):
        raise TallyError(f"items must differ from each other, got {table.items}")


def point_names(scale: Scale) -> tuple[str, ...]:
    """The points as columns are called by them: labels, or numbers where labels would clash."""
    labels = scale.labels
    if labels is None or set(labels) & set(_COUNTED):
        return tuple(f"{point:.15g}" for point in scale.points)
    return labels


def _repeated(labels: list[object], times: int) -> list[object]:
    return [label for label in labels for _ in range(times)]
