"""Tables of a customer focus: its gaps, its practices, and the voice of a customer."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal, Self

import attrs

from custfocus.results.arrays import BY_ROW, Places, Texts, places, texts
from custfocus.results.keys import Keys
from custfocus.results.result import Column, Result, count_text
from custfocus.results.text import printable

Practice = Literal["listening", "building relationships", "determining satisfaction", "improving"]
"""What customer focus consists of."""

Gap = Literal[
    "never heard", "not heard within a year", "heard by one channel only", "spoken unknown",
    "supports nothing", "complaint unanswered", "no service", "no customer", "no requirement",
    "no measure", "no target", "done, not measured",
    "not met, no improvement", "done, no period since",
]  # fmt: skip
"""What a customer focus leaves open."""

_GAPS_OF: dict[Practice, tuple[Gap, ...]] = {
    "listening": (
        "never heard", "not heard within a year", "heard by one channel only", "spoken unknown",
        "supports nothing",
    ),
    "building relationships": ("complaint unanswered", "no service", "no customer"),
    "determining satisfaction": ("no requirement", "no measure", "no target"),
    "improving": ("done, not measured", "not met, no improvement", "done, no period since"),
}  # fmt: skip
_PRACTICES = tuple(_GAPS_OF)
_PRACTICE_OF = {gap: practice for practice, gaps in _GAPS_OF.items() for gap in gaps}
_GAPS = tuple(_PRACTICE_OF)
_SPOKEN = (True, False, None)
_KINDS = ("customer", "need", "requirement", "measure", "statement", "service", "improvement")
_SHOWN = 60  # characters of the evidence in a printed table


def _listed(
    levels: Mapping[str, tuple[object, ...]], rows: Sequence[tuple[object, ...]]
) -> tuple[Keys, list[str]]:
    """The keys (those of the levels, kind and id) and the texts, which end each row."""
    every = {**levels, "kind": _KINDS, "id": tuple(dict.fromkeys(row[-2] for row in rows))}
    numbers = [{label: place for place, label in enumerate(level)} for level in every.values()]
    codes = [[place[row[part]] for row in rows] for part, place in enumerate(numbers)]
    return Keys(every, every.values(), codes, frozenset(every)), [str(row[-1]) for row in rows]


@attrs.frozen(eq=False, repr=False)
class Gaps(Result):
    """
    What a customer focus leaves open: a row for each object that lacks something.

    The keys are practice, gap, kind and id. By practice, the gaps are:

    - listening: a customer ``"never heard"`` (no statement of theirs, and no channel in which
      they speak was used to reach them), ``"not heard within a year"`` (by the dates that are
      known) or ``"heard by one channel only"`` (where channels are listed); a need or
      requirement with ``"spoken unknown"``; a statement that ``"supports nothing"``;
    - building relationships: a ``"complaint unanswered"`` after 30 days, or without a date; a
      need with ``"no service"`` (where services are listed); a service with ``"no customer"``;
    - determining satisfaction: a need with ``"no requirement"``, a requirement with ``"no
      measure"``, a measure with ``"no target"``;
    - improving: an improvement that is ``"done, not measured"``: nothing that it serves has a
      measure. A service, and each of its activities, has those of the needs that it meets. Of
      a scorecard also a measure ``"not met, no improvement"``, and an improvement that is ``"done,
      no period since"``.

    Without any, ``len`` is 0.

    Attributes:
        text: The name or the text of each object; shape (rows,).
    """

    none: ClassVar[str] = "no gaps"

    _keys: Keys
    text: Texts = attrs.field(converter=texts, metadata=BY_ROW)

    @classmethod
    def of(cls, rows: Iterable[tuple[Gap, str, str, str]]) -> Self:
        """The gaps of rows of gap, kind, id and text, in the order of the practices."""
        ordered = sorted(rows, key=lambda row: _GAPS.index(row[0]))
        levels = {"practice": _PRACTICES, "gap": _GAPS}
        return cls(*_listed(levels, [(_PRACTICE_OF[row[0]], *row) for row in ordered]))

    @property
    def keys(self) -> Keys:
        """The practice and the gap, and the kind and id of the object."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The column text."""
        return {"text": Column(self.text, str, align="l")}

    def caption(self) -> str:
        """What the table shows."""
        return "what the customer focus leaves open"

    def sentence(self) -> str:
        """The name or text of one object, printed after its practice, gap, kind and id."""
        return printable(str(self.text))


@attrs.frozen(eq=False, repr=False)
class Practices(Result):
    """
    The four practices of customer focus: what evidences each, and how many gaps it has.

    The key is practice. The evidence is:

    - listening: the channels that were used, and the statements;
    - building relationships: the services that meet a need, the channels that give customers an
      answer, and the statements that were answered;
    - determining satisfaction: the measures with a target;
    - improving: the improvements and innovations that were learned from a statement, a measure
      or a channel, from the opportunity on, unless dropped.

    Attributes:
        evidence: How many things evidence the practice; shape (rows,).
        gaps: How many gaps it has, see `Gaps`; shape (rows,).
        text: The names or texts of the evidence, separated by "; "; shape (rows,). A printed
            table shows their beginning.
    """

    _keys: Keys
    evidence: Places = attrs.field(converter=places, metadata=BY_ROW)
    gaps: Places = attrs.field(converter=places, metadata=BY_ROW)
    text: Texts = attrs.field(converter=texts, metadata=BY_ROW)

    @classmethod
    def of(cls, evidence: Mapping[Practice, Sequence[str]], gaps: Gaps) -> Self:
        """The practices of the names of their evidence and of the gaps."""
        found = gaps.keys.labels("practice")
        codes = [range(len(_PRACTICES))]
        return cls(
            Keys(("practice",), (_PRACTICES,), codes, frozenset({"practice"})),
            [len(evidence[practice]) for practice in _PRACTICES],
            [found.count(practice) for practice in _PRACTICES],
            ["; ".join(evidence[practice]) for practice in _PRACTICES],
        )

    @property
    def keys(self) -> Keys:
        """The practice."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The columns evidence, gaps and text."""
        return {
            "evidence": Column(self.evidence, count_text),
            "gaps": Column(self.gaps, count_text),
            "text": Column(self.text, _beginning, "by name", align="l"),
        }

    def caption(self) -> str:
        """What the table shows."""
        return "how the customer focus is practised: things that evidence it, and gaps"

    def sentence(self) -> str:
        """How many things evidence one practice, and how many gaps it has, by number and name."""
        named = f" ({_beginning(str(self.text))})" if self.evidence else ""
        return printable(f"evidence {int(self.evidence)}{named}, gaps {int(self.gaps)}")


def _beginning(text: str) -> str:
    """As many words as are printed in a table."""
    return textwrap.shorten(text, _SHOWN, placeholder=" ...") if text else "-"


@attrs.frozen(eq=False, repr=False)
class Voice(Result):
    """
    The voice of a customer: what they said, and what they need and require, said or not.

    The keys are spoken (True, False, or None where nothing shows it), kind (``"statement"``,
    ``"need"``, ``"requirement"``) and id; what was said comes first, what is not known last.

    Attributes:
        customer: The customer's name.
        text: The words, the need or the requirement; shape (rows,).
    """

    none: ClassVar[str] = "no statements, needs or requirements"

    customer: str
    _keys: Keys
    text: Texts = attrs.field(converter=texts, metadata=BY_ROW)

    @classmethod
    def of(cls, customer: str, rows: Iterable[tuple[bool | None, str, str, str]]) -> Self:
        """The voice of rows of spoken, kind, id and text."""
        ordered = sorted(rows, key=lambda row: _SPOKEN.index(row[0]))
        return cls(customer, *_listed({"spoken": _SPOKEN}, ordered))

    @property
    def keys(self) -> Keys:
        """Whether it was said, and the kind and id of the object."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The column text."""
        return {"text": Column(self.text, str, align="l")}

    def caption(self) -> str:
        """Whose voice it is."""
        return printable(f"the voice of {self.customer}")

    def sentence(self) -> str:
        """The words, printed after whether they were said, kind and id."""
        return printable(str(self.text))
