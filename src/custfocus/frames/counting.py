"""
How often each answer was given in each group: rows counted where they are.

Columns in memory are numbered once and counted by `numpy.bincount`. An engine is asked for one
group-by a question, of the keys and the answer, with a count, and sums where rows have weights.
What comes back grows with groups and points, not with rows.
"""

import reprlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError, TallyError
from custfocus.frames.engines import Numbered, collected, grouped, numbered
from custfocus.frames.tables import InEngine, InMemory, open_table
from custfocus.intervals.arguments import plain_numbers
from custfocus.results.arrays import Counts, Floats, Places
from custfocus.results.distinct import is_null
from custfocus.results.labels import Coded, in_level

MOST_CELLS = 2**21

_DENSE = 2**24  # cells that are counted in one array; more are numbered as they occur
_BLOCK = 2**16  # rows at a time, so that joined numbers stay within the processor's cache
_EXACT = 2.0**53  # whole numbers up to here are exact in float64
_RULES = {
    "weights": ("known, finite and not negative", "give 0 to respondents who must not count"),
    "counts": ("whole numbers, 0 or more, and known", "weights belong in weights="),
}


class Asked(NamedTuple):
    """
    What is counted of a table, by the names of columns.

    Attributes:
        items: The questions.
        keys: What tells cells apart beside the answer: groups, strata, clusters.
        weights: The weight of each row.
        counts: How many respondents each row stands for.
        only: A column, and the labels of the rows that an engine counts; in memory all are.
        most_cells: How many cells a question may have.
    """

    items: Sequence[str]
    keys: Sequence[str] = ()
    weights: str | None = None
    counts: str | None = None
    only: tuple[str, Sequence[str]] | None = None
    most_cells: int = MOST_CELLS

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        only = () if self.only is None else self.only[:1]
        return (*self.items, *self.keys, *self.amounts.values(), *only)

    @property
    def amounts(self) -> dict[str, str]:
        """The columns of what is added up."""
        given = {"weights": self.weights, "counts": self.counts}
        return {kind: name for kind, name in given.items() if name is not None}


class Sums(NamedTuple):
    """
    What the weights of the rows of each cell add up to, each of shape (cells,).

    Attributes:
        weights: Their sum.
        squares: The sum of their squares.
        positive: How many are more than 0.
        weightless: How many are 0.
    """

    weights: Floats
    squares: Floats
    positive: Counts
    weightless: Counts


class Counted(NamedTuple):
    """
    The cells of some questions: the combinations of keys and answer that occur in each.

    Attributes:
        keys: The labels of all cells by each key.
        items: Which question each cell is of, in their order, shape (cells,).
        answers: For each question the answers of its cells, as the engine has them.
        numbers: How many respondents each cell stands for, shape (cells,).
        sums: What their weights add up to, each 1 where none are given.
    """

    keys: Mapping[str, Coded]
    items: Places
    answers: tuple[Numbered, ...]
    numbers: Counts
    sums: Sums


class _Part(NamedTuple):
    """The cells of one question, by numbers; and what their rows add up to by name."""

    columns: list[Numbered]  # the answers last
    rows: Counts
    sums: dict[str, Floats]


def count_answers(
    frame: Any,  # noqa: ANN401 - a frame of any library
    asked: Asked,
    progress: Callable[[int], object] | None = None,
) -> Counted:
    """
    Count the answers to some questions, a column each.

    Args:
        frame: A frame, lazy frame or table of any library that narwhals knows, or a mapping of
            names to arrays of equal length.
        asked: What is counted.
        progress: Called with 1 after each question.

    Raises:
        AnswerError: More cells than *most_cells*; weights or counts that can't be; columns of
            lists or other collections.
        OptionError: Columns that are not there.
    """
    table = open_table(frame, asked.columns)
    levels: Mapping[str, Any] = table.levels if isinstance(table, InEngine) else {}
    counted = _in_engine(table, asked) if isinstance(table, InEngine) else _in_memory(table, asked)
    parts: list[_Part] = []
    for part in counted:
        parts.append(part)
        if progress is not None:
            progress(1)
    keys = {
        name: _together([part.columns[place] for part in parts], levels.get(name))
        for place, name in enumerate(asked.keys)
    }
    items = np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts])
    sums = {name: np.concatenate([part.sums[name] for part in parts]) for name in parts[0].sums}
    rows = np.concatenate([part.rows for part in parts])
    numbers = sums["numbers"].astype(np.int64) if "numbers" in sums else rows
    weights = sums.get("weights", numbers.astype(np.float64))
    positive = sums.get("positive", numbers).astype(np.int64)
    weighed = Sums(weights, sums.get("squares", weights), positive, numbers - positive)
    return Counted(keys, items, tuple(part.columns[-1] for part in parts), numbers, weighed)


def _together(columns: Sequence[Numbered], levels: Sequence[Any] | None) -> Coded:
    """
    One key of the cells of all questions.

    Args:
        columns: Of the cells of each question.
        levels: The labels in the order that the table declares, where the columns lost it.
    """
    declared, labels = columns[0].declared, columns[0].labels
    if all(column.labels == labels for column in columns):
        codes = np.concatenate([column.places for column in columns])
    else:
        starts = np.cumsum([0, *(len(column.labels) for column in columns)])
        codes = np.concatenate(
            [one.places + start for one, start in zip(columns, starts, strict=False)]
        )
        labels = [label for column in columns for label in column.labels]
    if levels is not None and not declared:
        number = {label: place for place, label in enumerate(levels, 1)}
        codes = np.array([number.get(label, 0) for label in labels], np.intp)[codes]
        labels, declared = [None, *levels], True
    if declared:
        null = [None] if (codes == 0).any() else []
        level = [*labels[1:], *null]
        return Coded(level, (codes - 1) % max(len(level), 1), declared=True)
    used, codes = np.unique(codes, return_inverse=True)
    return in_level([labels[place] for place in used.tolist()], codes)


def _check_cells(asked: Asked, item: str, cells: Sequence[Numbered]) -> None:
    """An error where a question has too many, with the column that has most labels."""
    if len(cells[0].numbers) > asked.most_cells:
        names = (*asked.keys, item)
        labels = [len(np.unique(column.numbers)) for column in cells]
        worst = int(np.argmax(labels))
        raise AnswerError(
            f"{'items' if worst == len(names) - 1 else 'by'} must bring at most "
            f"{asked.most_cells:,} cells of groups and answers, got more, with "
            f"{labels[worst]:,} or more labels of {names[worst]!r}; leave it out, or raise "
            "most_cells="
        )


# What is added up of the rows: arrays and expressions of narwhals are reckoned alike


@np.errstate(under="ignore", over="ignore")  # weights that can't be: they are named later
def _amounts(given: Mapping[str, Any], as_number: Callable[[Any], Any]) -> dict[str, Any]:
    """What is added up, by name, and beside it which rows are right."""
    weights, counts = given.get("weights"), given.get("counts")
    amounts: dict[str, Any] = {}
    if weights is not None:
        known = (weights >= 0) & (weights <= sys.float_info.max)  # NaN is above all to some
        positive = as_number((weights > 0) & known)
        amounts = {"weights": weights, "squares": weights * weights, "positive": positive}
        amounts["known weights"] = as_number(known)
    if counts is not None:
        known = (counts >= 0) & (counts <= _EXACT) & (counts % 1 == 0)
        several = ("weights", "squares", "positive")
        amounts |= {name: amounts[name] * counts for name in several if name in amounts}
        amounts |= {"numbers": counts, "known counts": as_number(known)}
    return amounts


def _known_sums(asked: Asked, rows: int, sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """What is added up; an error where the weights or counts of some rows can't be."""
    for kind, name in asked.amounts.items():
        wrong = rows - int(sums[f"known {kind}"].sum())
        if wrong:
            rule, remedy = _RULES[kind]
            raise AnswerError(f"{name!r} must be {rule} in every row, got {wrong} others; {remedy}")
    return {name: sums[name] for name in sums if not name.startswith("known")}


# In memory


def _in_memory(table: InMemory, asked: Asked) -> Iterator[_Part]:
    """The keys are numbered and joined once for all questions."""
    keys = [numbered(table[name]) for name in asked.keys]
    given = {kind: _floats(table[name], name) for kind, name in asked.amounts.items()}
    with np.errstate(invalid="ignore", over="ignore"):
        amounts = _amounts(given, lambda condition: condition.astype(np.float64))
    rows = next((len(amount) for amount in given.values()), 0)
    amounts = _known_sums(asked, rows, amounts)
    joint = reduce(_joined, keys[1:], _alone(keys[0])) if keys else None
    for item in asked.items:
        answers = numbered(table[item])
        columns = [answers] if joint is None else [joint.column, answers]
        places, counts, sums = _totals(columns, amounts)
        groups = [] if joint is None else [own[places[0]] for own in joint.places]
        cells = [
            one._replace(numbers=found, lowest=0)
            for one, found in zip([*keys, answers], [*groups, places[-1]], strict=True)
        ]
        _check_cells(asked, item, cells)
        yield _Part(cells, counts, sums)


def _floats(column: Any, name: str) -> Floats:  # noqa: ANN401 - a column of any library
    """A column as numbers, NaN where it is null."""
    opened: Any = nw.from_native(column, series_only=True, pass_through=True)
    if hasattr(opened, "implementation") and opened.dtype.is_numeric():
        series = opened.alias("column").cast(nw.Float64)  # to Polars a name may be a pattern
        return np.asarray(series.fill_null(float("nan")).to_numpy())
    numeric = str(getattr(column, "dtype", "")).rstrip("0123456789") in {"int", "uint", "float"}
    values = column if numeric else [float("nan") if is_null(one) else one for one in column]
    try:
        return plain_numbers(values, name)
    except TallyError:
        shown = reprlib.repr(values)
        raise AnswerError(f"{name!r} must be numbers, got {shown}; convert the column") from None


class _Joint(NamedTuple):
    """Some columns as one, and for each of its numbers the place of each column's label."""

    column: Numbered
    places: list[Places]


def _alone(column: Numbered) -> _Joint:
    return _Joint(column, [np.arange(len(column.labels))])


def _joined(joint: _Joint, column: Numbered) -> _Joint:
    """One column more; of the combinations those that occur."""
    columns, width = [joint.column, column], max(len(column.labels), 1)
    numbers = np.empty(len(column.numbers), dtype=_narrowest(columns))
    _join(columns, slice(None), numbers)
    size = len(joint.column.labels) * width
    if size > _DENSE:
        present, codes = np.unique(numbers, return_inverse=True)
    else:
        occurs = np.bincount(numbers, minlength=size) > 0
        present, codes = np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[numbers]
    outer, inner = np.divmod(present, width)
    together = Numbered(codes, 0, range(len(present)))
    return _Joint(together, [*(place[outer] for place in joint.places), inner])


def _totals(
    columns: Sequence[Numbered], amounts: Mapping[str, Floats]
) -> tuple[Sequence[Places], Counts, dict[str, Floats]]:
    """
    How often the labels of one or two columns occur together, and what their rows add up to.

    Returns:
        For each column the place of its label in each cell that occurs; how many rows the cells
        have; the sums of the amounts, by name. Cells stand in the order of the numbers.
    """
    sizes = [len(column.labels) for column in columns]
    size = int(np.prod(sizes, dtype=float))
    if len(columns) > 1 and size > _DENSE:
        joint = _joined(_alone(columns[0]), columns[1])
        [chosen], counts, sums = _totals([joint.column], amounts)
        return [place[chosen] for place in joint.places], counts, sums
    counts = np.zeros(size, dtype=np.int64)
    sums = {name: np.zeros(size) for name in amounts}
    rows, step = len(columns[0].numbers), max(_BLOCK, size)
    # One array for all blocks: fresh memory is slow
    numbers = np.empty(min(rows, step), dtype=_narrowest(columns))
    for start in range(0, rows, step):
        block, part = numbers[: min(step, rows - start)], slice(start, start + step)
        _join(columns, part, block)
        counts += np.bincount(block, minlength=size)
        for name, amount in amounts.items():
            sums[name] += np.bincount(block, amount[part], size)
    occurring = np.flatnonzero(counts)
    found = {name: total[occurring] for name, total in sums.items()}
    return np.unravel_index(occurring, sizes), counts[occurring], found


def _narrowest(columns: Sequence[Numbered]) -> np.dtype[Any]:
    """The narrowest integers that hold the joined numbers and all that is on the way to them."""
    furthest, cells = 0, 1
    for column in columns:
        size = len(column.labels)
        furthest = furthest * size + max(abs(column.lowest), abs(column.lowest + size))
        cells *= size
    return np.min_scalar_type(-max(furthest, cells))


def _join(columns: Sequence[Numbered], rows: slice, joint: NDArray[Any]) -> None:
    """Fill in the joined number of each row, the last column running fastest."""
    joint[:] = columns[0].numbers[rows]
    lowest = columns[0].lowest
    for column in columns[1:]:
        joint *= len(column.labels)
        # As integers: with uint64 the sum were a float
        np.add(joint, column.numbers[rows], out=joint, dtype=joint.dtype, casting="unsafe")
        lowest = lowest * len(column.labels) + column.lowest
    if lowest:
        joint -= lowest


# In an engine


def _in_engine(table: InEngine, asked: Asked) -> Iterator[_Part]:
    """One group-by a question."""
    types = table.frame.collect_schema()
    for name in (*asked.keys, *asked.items):
        if types[table.names[name]].is_nested():
            raise AnswerError(f"{name!r} must hold single values, got {types[table.names[name]]}")
    given = {kind: _number(table, name) for kind, name in asked.amounts.items()}
    amounts = _amounts(given, lambda condition: condition.cast(nw.Float64))
    keys = {f"key_{place}": name for place, name in enumerate(asked.keys)}
    columns = [*keys, "answer"]
    queries = [_query(table, asked, {**keys, "answer": item}, amounts) for item in asked.items]
    for item, found in zip(asked.items, collected(queries), strict=True):
        rows = found["rows"].to_numpy().astype(np.int64)
        sums = {name: np.array(found[name].to_list(), dtype=np.float64) for name in amounts}
        cells = [numbered(found[name].to_native()) for name in columns]
        _check_cells(asked, item, cells)
        yield _Part(cells, rows, _known_sums(asked, int(rows.sum()), sums))


def _query(
    table: InEngine, asked: Asked, columns: Mapping[str, str], amounts: Mapping[str, nw.Expr]
) -> nw.LazyFrame[Any]:
    """The rows and sums of each combination of labels, of one more than there may be."""
    frame, names = table.frame, table.names
    if asked.only is not None:
        frame = frame.filter(nw.col(names[asked.only[0]]).is_in([*asked.only[1]]))
    chosen = frame.select(
        *(nw.col(names[column]).alias(name) for name, column in columns.items()),
        *(amount.alias(name) for name, amount in amounts.items()),
    )
    return grouped(chosen, [*columns], [*amounts]).head(asked.most_cells + 1)


def _number(table: InEngine, name: str) -> nw.Expr:
    """A column as numbers; an unknown one is as wrong as a negative one."""
    kind = table.frame.collect_schema()[table.names[name]]
    if not (kind.is_numeric() or isinstance(kind, nw.Boolean)):
        raise AnswerError(f"{name!r} must be numbers, got {kind}; convert the column")
    return nw.col(table.names[name]).cast(nw.Float64).fill_null(-1.0)
