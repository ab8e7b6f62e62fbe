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
from custfocus.intervals.arguments import Floats, plain_numbers
from custfocus.results.distinct import is_null

Codes = NDArray[np.intp]
Counts = NDArray[np.int64]

MOST_CELLS = 2**21

_DENSE = 2**24  # cells that are counted in one array; more are numbered as they occur
_BLOCK = 2**16  # rows at a time, so that joined numbers stay within the processor's cache
_EXACT = 2.0**53  # whole numbers up to here are exact in float64
_KNOWN = {
    "weights": "known, finite and not negative",
    "counts": "whole numbers, 0 or more, and known",
}
_REMEDY = {
    "weights": "give 0 to respondents who must not count",
    "counts": "weights that are no numbers of respondents are given by weights=",
}


class Column(NamedTuple):
    """
    What one column says of some cells.

    Attributes:
        labels: Plain Python objects, which may be null of several kinds, or 1 and 1.0.
        codes: Which of them each cell has, shape (cells,).
        declared: Whether the labels stand in an order that the column declares, with those that
            no row has and, where rows are null, None at the end; else only those that occur, in
            any order.
    """

    labels: list[Any]
    codes: Codes
    declared: bool = False


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
    The cells of one question: the combinations of keys and answer that occur.

    Attributes:
        keys: The labels of each key; the items counted together share the lists.
        answers: The answers, as the engine has them.
        numbers: How many respondents each cell stands for, shape (cells,).
        sums: What their weights add up to; None where there are none.
    """

    keys: tuple[Column, ...]
    answers: Column
    numbers: Counts
    sums: Sums | None = None


class Asked(NamedTuple):
    """
    What is counted of a table, by the names of columns.

    Attributes:
        items: The questions.
        keys: What tells cells apart beside the answer: groups, strata, clusters.
        weights: The weight of each row.
        counts: How many respondents each row stands for.
        only: A column, and the labels of the rows that are counted.
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
        others = (self.weights, self.counts, self.only and self.only[0])
        return (*self.items, *self.keys, *(name for name in others if name is not None))


def count_answers(
    frame: Any,  # noqa: ANN401 - a frame of any library
    asked: Asked,
    progress: Callable[[int], object] | None = None,
) -> dict[str, Counted]:
    """
    Count the answers to some questions, a column each.

    Args:
        frame: A frame, lazy frame or table of any library that narwhals knows, or a mapping of
            names to arrays of equal length.
        asked: What is counted.
        progress: Called with 1 after each question.

    Returns:
        The cells of each question.

    Raises:
        AnswerError: More cells than *most_cells*; weights or counts that can't be; columns of
            lists or other collections.
        OptionError: Columns that are not there.
    """
    table = open_table(frame, asked.columns)
    counted = (
        _counted_by_engine(table, asked)
        if isinstance(table, InEngine)
        else _counted_here(table, asked)
    )
    found: list[Counted] = []
    for item, cells in zip(asked.items, counted, strict=True):
        _check_cells((*asked.keys, item), cells, asked.most_cells)
        found.append(cells)
        if progress is not None:
            progress(1)
    return dict(zip(asked.items, _with_shared_labels(found), strict=True))


# In memory


def _counted_here(table: InMemory, asked: Asked) -> Iterator[Counted]:
    """The keys are numbered and joined once for all questions."""
    keep = _rows_of(table, asked)
    keys = [_kept(numbered(table[name]), keep) for name in asked.keys]
    amounts = _row_amounts(table, asked, keep)
    joint = reduce(_joined, keys[1:], _alone(keys[0])) if keys else None
    for item in asked.items:
        answers = _kept(numbered(table[item]), keep)
        columns = [answers] if joint is None else [joint.column, answers]
        places, rows, sums = _totals(columns, amounts)
        groups = [] if joint is None else [own[places[0]] for own in joint.places]
        labels = [_column(key, own) for key, own in zip(keys, groups, strict=True)]
        yield _cells(labels, _column(answers, places[-1]), rows, sums)


def _rows_of(table: InMemory, asked: Asked) -> NDArray[np.bool_] | None:
    """The rows that are counted; None for all."""
    if asked.only is None:
        return None
    name, labels = asked.only
    column = numbered(table[name])
    wanted = np.array([label in labels for label in column.labels], dtype=bool)
    return wanted[column.numbers.astype(np.intp) - column.lowest]


def _kept(column: Numbered, keep: NDArray[np.bool_] | None) -> Numbered:
    return column if keep is None else column._replace(numbers=column.numbers[keep])


def _row_amounts(
    table: InMemory, asked: Asked, keep: NDArray[np.bool_] | None
) -> dict[str, Floats]:
    """What is added up of the rows, by name, once it is found to be right."""
    amounts: dict[str, Floats] = {}
    if asked.weights is not None:
        weights = _floats(table[asked.weights], asked.weights)
        weights = weights if keep is None else weights[keep]
        known = np.isfinite(weights) & (weights >= 0)
        _check_known("weights", asked.weights, int(np.count_nonzero(~known)))
        positive = (weights > 0).astype(np.float64)
        amounts = {"weights": weights, "squares": weights * weights, "positive": positive}
    if asked.counts is not None:
        counts = _floats(table[asked.counts], asked.counts)
        counts = counts if keep is None else counts[keep]
        known = (counts >= 0) & (counts <= _EXACT) & (counts == np.trunc(counts))
        _check_known("counts", asked.counts, int(np.count_nonzero(~known)))
        amounts = {name: amount * counts for name, amount in amounts.items()}
        amounts["numbers"] = counts
    return amounts


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
    places: list[Codes]


def _alone(column: Numbered) -> _Joint:
    return _Joint(column, [np.arange(len(column.labels))])


def _joined(joint: _Joint, column: Numbered) -> _Joint:
    """One column more; of the combinations those that occur."""
    columns = [joint.column, column]
    numbers = np.empty(len(column.numbers), dtype=_narrowest(columns))
    _join(columns, slice(None), numbers)
    width = max(len(column.labels), 1)
    present, codes = _compressed(numbers, len(joint.column.labels) * width)
    outer, inner = np.divmod(present, width)
    together = Numbered(codes, 0, range(len(present)))
    return _Joint(together, [*(place[outer] for place in joint.places), inner])


def _compressed(numbers: NDArray[Any], size: int) -> tuple[Codes, Codes]:
    """Which of the first *size* numbers occur, and which of these each one is."""
    if size > _DENSE:
        return np.unique(numbers, return_inverse=True)
    occurs = np.bincount(numbers, minlength=size) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs, dtype=np.intp) - 1)[numbers]


def _totals(
    columns: Sequence[Numbered], amounts: Mapping[str, Floats]
) -> tuple[Sequence[Codes], Counts, dict[str, Floats]]:
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
    furthest = 0
    for column in columns:
        size = len(column.labels)
        furthest = furthest * size + max(abs(column.lowest), abs(column.lowest + size))
    return np.min_scalar_type(-furthest)


def _join(columns: Sequence[Numbered], rows: slice, joint: NDArray[Any]) -> None:
    """Fill in the joined number of each row, the last column running fastest."""
    first, *rest = columns
    joint[:] = first.numbers[rows]
    lowest = first.lowest
    for column in rest:
        joint *= len(column.labels)
        # As integers: with uint64 the sum were a float
        np.add(joint, column.numbers[rows], out=joint, dtype=joint.dtype, casting="unsafe")
        lowest = lowest * len(column.labels) + column.lowest
    if lowest:
        joint -= lowest


# In an engine


def _counted_by_engine(table: InEngine, asked: Asked) -> Iterator[Counted]:
    """One group-by a question."""
    _check_single_values(table, (*asked.keys, *asked.items))
    amounts = _expressions(table, asked)
    for found in collected([_query(table, asked, item, amounts) for item in asked.items]):
        rows = found["rows"].to_numpy().astype(np.int64)
        sums = {name: np.array(found[name].to_list(), dtype=np.float64) for name in amounts}
        for kind, name in (("weights", asked.weights), ("counts", asked.counts)):
            if name is not None:
                _check_known(kind, name, int((rows - sums.pop(f"known_{kind}")).sum()))
        labels = [
            _with_levels(_column_of(found[f"key_{place}"]), table.levels.get(name))
            for place, name in enumerate(asked.keys)
        ]
        yield _cells(labels, _column_of(found["answer"]), rows, sums)


def _query(
    table: InEngine, asked: Asked, item: str, amounts: Mapping[str, nw.Expr]
) -> nw.LazyFrame[Any]:
    """The rows and sums of each combination of keys and answer, one more than may be."""
    frame, names = table.frame, table.names
    if asked.only is not None:
        frame = frame.filter(nw.col(names[asked.only[0]]).is_in([*asked.only[1]]))
    labels = {f"key_{place}": names[name] for place, name in enumerate(asked.keys)}
    labels["answer"] = names[item]
    chosen = frame.select(
        *(nw.col(column).alias(name) for name, column in labels.items()),
        *(amount.alias(name) for name, amount in amounts.items()),
    )
    return grouped(chosen, [*labels], [*amounts]).head(asked.most_cells + 1)


def _check_single_values(table: InEngine, columns: Sequence[str]) -> None:
    types = table.frame.collect_schema()
    for column in columns:
        if types[table.names[column]].is_nested():
            raise AnswerError(
                f"{column!r} must hold single values, got {types[table.names[column]]}"
            )


def _expressions(table: InEngine, asked: Asked) -> dict[str, nw.Expr]:
    """What is added up of the rows, by name; conditions first, as not all engines sum under one."""
    types = table.frame.collect_schema()
    amounts: dict[str, nw.Expr] = {}
    for name in (asked.weights, asked.counts):
        kind = types[table.names[name]] if name is not None else nw.Int64()
        if not (kind.is_numeric() or isinstance(kind, nw.Boolean)):
            raise AnswerError(f"{name!r} must be numbers, got {kind}; convert the column")
    if asked.weights is not None:
        weights = _known_numbers(table, asked.weights)
        known = (weights >= 0) & (weights <= sys.float_info.max)  # NaN is above all to some
        amounts = {
            "weights": weights,
            "squares": weights * weights,
            "positive": ((weights > 0) & known).cast(nw.Float64),
        }
        amounts["known_weights"] = known.cast(nw.Float64)
    if asked.counts is not None:
        counts = _known_numbers(table, asked.counts)
        known = (counts >= 0) & (counts <= _EXACT) & (counts % 1 == 0)
        sums = {name: amounts[name] * counts for name in amounts if name != "known_weights"}
        amounts |= {**sums, "numbers": counts, "known_counts": known.cast(nw.Float64)}
    return amounts


def _known_numbers(table: InEngine, name: str) -> nw.Expr:
    """A column as numbers; an unknown one is as wrong as a negative one."""
    return nw.col(table.names[name]).cast(nw.Float64).fill_null(-1.0)


def _column_of(column: nw.Series[Any]) -> Column:
    found = numbered(column.to_native())
    return _column(found, found.numbers.astype(np.intp) - found.lowest)


def _with_levels(column: Column, levels: list[Any] | None) -> Column:
    """A column whose engine lost the order that its labels were declared in."""
    if levels is None or column.declared:
        return column
    null = [None] if any(map(is_null, column.labels)) else []
    places = {label: place for place, label in enumerate(levels)}
    codes = np.array([places.get(label, len(levels)) for label in column.labels], dtype=np.intp)
    return Column([*levels, *null], codes[column.codes], declared=True)


# Both


def _column(column: Numbered, places: Codes) -> Column:
    """The labels of some cells, each of whose places is given; None is the first."""
    if column.declared:
        levels = list(column.labels[1:])
        null = [None] if (places == 0).any() else []
        codes = np.where(places == 0, len(levels), places - 1)
        return Column([*levels, *null], codes, declared=True)
    used, codes = np.unique(places, return_inverse=True)
    return Column([column.labels[place] for place in used.tolist()], codes)


def _cells(
    keys: Sequence[Column], answers: Column, rows: Counts, sums: Mapping[str, Floats]
) -> Counted:
    """The cells from how many rows they have, and the sums of the amounts by name."""
    numbers = sums["numbers"].astype(np.int64) if "numbers" in sums else rows
    weighed = None
    if "weights" in sums:
        positive = sums["positive"].astype(np.int64)
        weighed = Sums(sums["weights"], sums["squares"], positive, numbers - positive)
    return Counted(tuple(keys), answers, numbers, weighed)


def _check_known(kind: str, name: str, wrong: int) -> None:
    """An error where the weights or counts of some rows can't be."""
    if wrong:
        raise AnswerError(
            f"{name!r} must be {_KNOWN[kind]} in every row, got {wrong} others; {_REMEDY[kind]}"
        )


def _check_cells(names: Sequence[str], cells: Counted, most: int) -> None:
    """An error where there are too many, with the column that has most labels; the last is the answers'."""
    if len(cells.numbers) <= most:
        return
    columns = (*cells.keys, cells.answers)
    counts = {name: len(each.labels) for name, each in zip(names, columns, strict=True)}
    worst = max(counts, key=lambda name: counts[name])
    what = "items" if worst == names[-1] else "by"
    raise AnswerError(
        f"{what} must bring at most {most:,} cells of groups and answers, got more, with "
        f"{counts[worst]:,} or more labels of {worst!r}; leave it out, or raise most_cells="
    )


def _with_shared_labels(several: Sequence[Counted]) -> Iterator[Counted]:
    """The same cells, each key with one list of labels for all questions."""
    keys = [
        _shared([cells.keys[place] for cells in several]) for place in range(len(several[0].keys))
    ]
    for place, cells in enumerate(several):
        yield cells._replace(keys=tuple(columns[place] for columns in keys))


def _shared(columns: Sequence[Column]) -> list[Column]:
    """The same columns with the labels of all of them."""
    if all(_typed(column) == _typed(columns[0]) for column in columns):
        return [column._replace(labels=columns[0].labels) for column in columns]
    places: dict[tuple[type, Any], int] = {}
    codes = [
        np.array([places.setdefault(one, len(places)) for one in _typed(column)], dtype=np.intp)
        for column in columns
    ]
    labels = [label for _, label in places]
    return [
        Column(labels, own[column.codes], column.declared)
        for column, own in zip(columns, codes, strict=True)
    ]


def _typed(column: Column) -> list[tuple[type, Any]]:
    """By type as well: True and 1 are equal and yet different labels."""
    return [*zip(map(type, column.labels), column.labels, strict=True)]
