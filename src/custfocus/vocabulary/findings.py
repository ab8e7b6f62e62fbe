"""Tables of a customer focus: its gaps, and what a customer says, needs and requires."""

from collections.abc import Iterable
from typing import ClassVar, Literal, Self, get_args

import attrs

from custfocus.results.arrays import BY_ROW, Texts, texts
from custfocus.results.keys import Keys
from custfocus.results.result import Column, Result
from custfocus.results.text import printable

Gap = Literal[
    "never heard", "no requirement", "no measure", "no target", "supports nothing", "no customer"
]
Row = tuple[object, str, str, str]  # the label of the first key, the kind, the id, the text

_GAPS: tuple[Gap, ...] = get_args(Gap)
_KINDS = ("customer", "need", "requirement", "measure", "statement", "service")


def _listed(name: str, level: tuple[object, ...], rows: Iterable[Row]) -> tuple[Keys, list[str]]:
    """The keys (name, kind, id) and texts of rows, in the order of the level."""
    ordered = sorted(rows, key=lambda row: level.index(row[0]))
    levels = (level, _KINDS, tuple(dict.fromkeys(row[2] for row in ordered)))
    places = [{label: place for place, label in enumerate(labels)} for labels in levels]
    codes = [[place[row[part]] for row in ordered] for part, place in enumerate(places)]
    names = frozenset((name, "kind", "id"))
    return Keys((name, "kind", "id"), levels, codes, names), [row[3] for row in ordered]


@attrs.frozen(eq=False, repr=False)
class Gaps(Result):
    """
    What a customer focus leaves open: a row for each object that lacks something.

    The keys are gap, kind and id. The gaps are: a customer ``"never heard"``, of whom
    there is no statement; a need with ``"no requirement"``; a requirement with ``"no
    measure"``; a measure with ``"no target"``; a statement that ``"supports nothing"``; a
    service with ``"no customer"``. Without any, ``len`` is 0.

    Attributes:
        text: The name or the text of each object; shape (rows,).
    """

    none: ClassVar[str] = "no gaps"

    _keys: Keys
    text: Texts = attrs.field(converter=texts, metadata=BY_ROW)

    @classmethod
    def of(cls, rows: Iterable[tuple[Gap, str, str, str]]) -> Self:
        """The gaps of rows of gap, kind, id and text."""
        return cls(*_listed("gap", _GAPS, rows))

    @property
    def keys(self) -> Keys:
        """The gap, and the kind and id of the object."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The column text."""
        return {"text": Column(self.text, str, align="l")}

    def caption(self) -> str:
        """What the table shows."""
        return "what the customer focus leaves open"

    def sentence(self) -> str:
        """The name or text of one object, printed after its gap, kind and id."""
        return printable(str(self.text))


@attrs.frozen(eq=False, repr=False)
class Voice(Result):
    """
    The voice of a customer: what they said, and what they need and require, said or not.

    The keys are spoken (True or False), kind (``"statement"``, ``"need"``,
    ``"requirement"``) and id; what was said comes first.

    Attributes:
        customer: The customer's name.
        text: The words, the need or the requirement; shape (rows,).
    """

    none: ClassVar[str] = "no statements, needs or requirements"

    customer: str
    _keys: Keys
    text: Texts = attrs.field(converter=texts, metadata=BY_ROW)

    @classmethod
    def of(cls, customer: str, rows: Iterable[tuple[bool, str, str, str]]) -> Self:
        """The voice of rows of spoken, kind, id and text."""
        return cls(customer, *_listed("spoken", (True, False), rows))

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
