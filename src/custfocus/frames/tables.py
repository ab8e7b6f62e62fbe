"""What is asked of a table of any library, and the table opened: its columns, or a query for them."""

import numbers
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, cast

import narwhals.stable.v2 as nw
from narwhals.exceptions import DuplicateError

from custfocus.errors import AnswerError, LabelError, OptionError, unknown_option
from custfocus.frames.engines import check_library, column_names, declared_levels, renamed
from custfocus.results.distinct import is_ordered
from custfocus.results.keys import check_names
from custfocus.results.text import kind_text
from custfocus.surveys.survey_design import LonelyPsu, check_degrees_of_freedom, check_lonely_psu

Names = str | Iterable[str]
InMemory = Mapping[str, Any]
MOST_CELLS = 2**21

_Opened = nw.DataFrame[Any] | nw.LazyFrame[Any] | Mapping[str, Any]


class Roles(NamedTuple):
    """What is asked of a table besides its questions, by the names of columns; see `tally`."""

    by: Names
    weights: str | None
    counts: str | None
    strata: Names
    clusters: Names
    lonely_psu: LonelyPsu
    degrees_of_freedom: float | None
    most_cells: int

    @property
    def is_survey(self) -> bool:
        """Whether there is a design."""
        return bool(self.weights is not None or self.strata or self.clusters)


class Asked(NamedTuple):
    """
    What is counted of a table.

    Attributes:
        items: The questions.
        roles: What other columns are for, and options.
        keys: All columns that tell cells apart beside the answer, each once.
        amounts: The columns of ``"weights"`` and of ``"counts"``, where there are any.
        only: A column, and the labels of the rows that an engine counts; in memory all are.
    """

    items: Sequence[str]
    roles: Roles
    keys: tuple[str, ...]
    amounts: Mapping[str, str]
    only: tuple[str, Sequence[str]] | None = None

    @classmethod
    def of(cls, items: Names, roles: Roles, *more: str) -> "Asked":
        """
        What is asked, checked.

        Args:
            items: The questions, or the column of all answers.
            roles: What other columns are for, and options.
            more: Columns besides that tell cells apart.

        Raises:
            AnswerError: Names that are no texts, or doubled.
            LabelError: Groups that are called like a column of results.
            OptionError: Options that are unknown or out of range.
        """
        most = cast("Any", roles.most_cells)
        if isinstance(most, bool) or not isinstance(most, numbers.Integral) or not most > 0:  # type: ignore[operator]
            raise OptionError(
                f"most_cells must be a whole number of 1 or more, got {reprlib.repr(most)}"
            )
        amounts = {
            kind: column_name(name, kind)
            for kind, name in (("weights", roles.weights), ("counts", roles.counts))
            if name is not None
        }
        asked, by = listed(items, "items"), listed(roles.by, "by")
        strata, clusters = listed(roles.strata, "strata"), listed(roles.clusters, "clusters")
        if "item" in by:
            raise LabelError(
                "groups must not be called 'item', as the questions of a tally are; rename the "
                "column"
            )
        lonely_psu = cast("object", roles.lonely_psu)
        if not isinstance(lonely_psu, str) or lonely_psu != "error":
            check_lonely_psu(None, None, lonely_psu)
        if roles.degrees_of_freedom is not None:
            check_degrees_of_freedom(None, None, roles.degrees_of_freedom)
        check_names(by)
        keys = tuple(dict.fromkeys((*by, *strata, *clusters, *more)))
        known = roles._replace(by=by, strata=strata, clusters=clusters)
        return cls(asked, known, keys, amounts)


class InEngine(NamedTuple):
    """
    A table that an engine holds.

    Attributes:
        frame: The columns that are asked for, by neutral names.
        names: The neutral name of each column.
        levels: The labels of columns that declare an order, by the column's name.
    """

    frame: nw.LazyFrame[Any]
    names: Mapping[str, str]
    levels: Mapping[str, list[Any]]


def listed(names: Names, what: str) -> tuple[str, ...]:
    """
    One name or several as a tuple.

    Args:
        names: The names.
        what: What they are called in an error.

    Raises:
        AnswerError: Names that are no texts, or doubled.
    """
    if not (isinstance(names, str | list | tuple | AbstractSet) or is_ordered(names)):
        raise AnswerError(f"{what} must be a name or a list of names, got {reprlib.repr(names)}")
    several = (names,) if isinstance(names, str) else tuple(names)
    odd = [name for name in cast("tuple[object, ...]", several) if not isinstance(name, str)]
    if odd:
        raise AnswerError(f"{what} must be texts, got {odd[0]!r}; rename the columns")
    if len(set(several)) != len(several):
        raise AnswerError(f"{what} must differ from each other, got {several}")
    if what == "items" and not several:
        raise AnswerError("items must name at least one column, got none")
    return several


def column_name(name: object, what: str) -> str:
    """The name of a column itself; anything else is an error."""
    if not isinstance(name, str):
        raise AnswerError(f"{what} must be the name of a column, got {kind_text(name)}")
    return name


def names_in(frame: Any) -> tuple[str, ...]:  # noqa: ANN401 - a frame of any library
    """
    What the columns of a table are called.

    Raises:
        AnswerError: No table, columns of one name, a header of several rows.
    """
    return _names_in(_opened(frame))


def open_table(frame: Any, names: Sequence[str]) -> InMemory | InEngine:  # noqa: ANN401
    """
    The columns of a table that are asked for.

    Args:
        frame: A frame of any library that narwhals knows, or a mapping of names to arrays.
        names: The columns; one may be asked for more than once.

    Returns:
        The columns by name, or, where an engine holds them, a query for them.

    Raises:
        AnswerError: No table, columns of one name, arrays of different lengths.
        OptionError: A column that is not there.
    """
    opened, asked = _opened(frame), tuple(dict.fromkeys(names))
    _check_there(asked, _names_in(opened))
    if isinstance(opened, Mapping):
        return _of_one_length({name: opened[name] for name in asked})
    if isinstance(opened, nw.DataFrame):
        return {name: opened[name].to_native() for name in asked}
    neutral = {name: f"c{place}" for place, name in enumerate(asked)}
    return InEngine(renamed(opened, asked), neutral, declared_levels(opened))


def _opened(frame: Any) -> _Opened:  # noqa: ANN401
    if isinstance(frame, Mapping):
        return cast("Mapping[str, Any]", frame)
    try:
        opened = cast("nw.DataFrame[Any] | nw.LazyFrame[Any]", nw.from_native(frame))
    except TypeError:
        raise AnswerError(
            f"expected a dataframe, table or mapping of arrays, got a {type(frame).__name__}"
        ) from None
    except DuplicateError as error:
        raise AnswerError(f"columns must have names of their own: {error}") from None
    if isinstance(opened, nw.LazyFrame):
        check_library(opened)
    return opened


def _names_in(opened: _Opened) -> tuple[str, ...]:
    if isinstance(opened, nw.LazyFrame):
        there = column_names(opened)
    else:
        there = tuple(opened if isinstance(opened, Mapping) else opened.columns)
    # By its name: to a type checker they are texts, though pandas takes anything
    several_rows = next((name for name in there if type(name).__name__ == "tuple"), None)
    if several_rows is not None:
        raise AnswerError(
            f"columns must have one row of names, got {several_rows!r}; read the first row only, "
            "or join the rows of names"
        )
    return there


def _check_there(asked: Sequence[str], there: Sequence[object]) -> None:
    for name in asked:
        if there.count(name) > 1:
            raise AnswerError(f"columns must have names of their own: two are called {name!r}")
        if name in there:
            continue
        texts = {str(one): one for one in there}
        if name in texts:
            raise AnswerError(f"columns must be called by texts, got {texts[name]!r}; rename them")
        raise unknown_option("column", name, texts)


def _of_one_length(columns: dict[str, Any]) -> dict[str, Any]:
    lengths = {name: len(column) for name, column in columns.items() if hasattr(column, "__len__")}
    if len(set(lengths.values())) > 1:
        raise AnswerError(f"arrays must be of one length, got lengths {lengths}")
    return columns
