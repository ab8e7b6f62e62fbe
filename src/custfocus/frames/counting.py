"""
How often each answer was given in each group: rows counted where they are.

Columns in memory are numbered once and counted by `numpy.bincount`. An engine is asked for one
group-by a question, of the keys and the answer, with a count, and sums where rows have weights.
What comes back grows with groups and points, not with rows.
"""

import reprlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError, TallyError
from custfocus.frames.engines import collected, grouped
from custfocus.frames.tables import Asked, InEngine, InMemory, open_table
from custfocus.intervals.arguments import plain_numbers
from custfocus.results.arrays import Floats, Places
from custfocus.results.distinct import Coded, Numbered, in_level, is_null, numbered, occurring

_DENSE = 2**24  # cells that are counted in one array; more are numbered as they occur
_BLOCK = 2**16  # rows at a time, so that joined numbers stay within the processor's cache
_EXACT = 2.0**53  # whole numbers up to here are exact in float64
_RULES = {
    "weights": ("known, finite and not negative", "give 0 to respondents who must not count"),
    "counts": ("whole numbers, 0 or more, and known", "weights belong in weights="),
}


class Counted(NamedTuple):
    """
    The cells of some questions: the combinations of keys and answer that occur in each.

    Attributes:
        keys: The labels of all cells by each key.
        items: Which question each cell is of, shape (cells,).
        answers: The answers of the cells, as the engine has them.
        sums: Of each cell, shape (cells,): the ``"numbers"`` of respondents; the sums of their
            ``"weights"`` (each 1 where none are given) and of the ``"squares"`` of these; how
            many weights are ``"positive"``, and how many are 0, ``"weightless"``.
    """

    keys: Mapping[str, Coded]
    items: Places
    answers: Coded
    sums: Mapping[str, NDArray[Any]]

    def chosen(self, cells: Places, items: Places) -> "Counted":
        """Some of the cells, as those of other questions."""
        keys = {name: key._replace(codes=key.codes[cells]) for name, key in self.keys.items()}
        answers = self.answers._replace(codes=self.answers.codes[cells])
        sums = {name: each[cells] for name, each in self.sums.items()}
        return Counted(keys, items, answers, sums)


# The cells of one question, by each key and the answer; what their rows add up to, by name
_Part = tuple[list[Numbered], dict[str, NDArray[Any]]]


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
        AnswerError: More cells than asked for; weights or counts that can't be; columns of lists
            or other collections.
        OptionError: Columns that are not there.
    """
    table = open_table(frame, (*asked.items, *asked.keys, *asked.amounts.values()))
    levels: Mapping[str, Any] = table.levels if isinstance(table, InEngine) else {}
    counted = _in_engine(table, asked) if isinstance(table, InEngine) else _in_memory(table, asked)
    parts: list[_Part] = []
    for part in counted:
        parts.append(part)
        if progress is not None:
            progress(1)
    cells, added = zip(*parts, strict=True)
    *keys, answers = zip(*cells, strict=True)
    labels, places = _together(answers)
    items = np.repeat(np.arange(len(parts)), [len(own.numbers) for own in answers])
    sums = {name: np.concatenate([own[name] for own in added]) for name in added[0]}
    # Each row is a respondent of weight 1 by default
    for name, default, kind in (
        ("numbers", "rows", np.int64), ("positive", "numbers", np.int64),
        ("weights", "numbers", np.float64), ("squares", "weights", np.float64),
    ):  # fmt: skip
        sums[name] = sums.get(name, sums[default]).astype(kind)
    sums["weightless"] = sums["numbers"] - sums["positive"]
    coded = {
        name: _key(columns, levels.get(name))
        for name, columns in zip(asked.keys, keys, strict=True)
    }
    return Counted(coded, items, in_level(labels, places), sums)


def _together(columns: Sequence[Numbered]) -> tuple[Sequence[object], Places]:
    """A column of the cells of each question behind those of the one before: labels and places."""
    labels = columns[0].labels
    if all(column.labels is labels for column in columns):  # numbered once for all questions
        return labels, np.concatenate([column.numbers for column in columns])
    starts = np.cumsum([0, *(len(column.labels) for column in columns)])
    moved = [one.numbers + start for one, start in zip(columns, starts, strict=False)]
    return [label for column in columns for label in column.labels], np.concatenate(moved)


def _key(columns: Sequence[Numbered], levels: Sequence[object] | None) -> Coded:
    """
    The labels of all cells by one key.

    Args:
        columns: Of the cells of each question.
        levels: The labels in the order that the table declares, where the columns lost it.
    """
    labels, places = _together(columns)
    if levels is None and columns[0].declared:
        levels = columns[0].labels[1:]
    if levels is None:
        return in_level(labels, places)
    number = {label: place for place, label in enumerate(levels, 1)}
    ranks = np.array([number.get(label, 0) for label in labels], np.intp)
    return in_level([None, *levels], ranks[places], declared=True)


def _check_cells(asked: Asked, item: str, cells: Sequence[Numbered]) -> None:
    """An error where a question has too many, with the column that has most labels."""
    if len(cells[0].numbers) > asked.roles.most_cells:
        names = (*asked.keys, item)
        labels = [len(np.unique(column.numbers)) for column in cells]
        worst = int(np.argmax(labels))
        raise AnswerError(
            f"{'items' if worst == len(names) - 1 else 'by'} must bring at most "
            f"{asked.roles.most_cells:,} cells of groups and answers, got more, with "
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
    given = {kind: _floats(table[name], name) for kind, name in asked.amounts.items()}
    with np.errstate(invalid="ignore", over="ignore"):
        amounts = _amounts(given, lambda condition: condition.astype(np.float64))
    rows = next((len(amount) for amount in given.values()), 0)
    amounts = _known_sums(asked, rows, amounts)
    keys = [numbered(table[name]) for name in asked.keys]
    joint, labels = _joined(keys) if keys else (None, [])
    for item in asked.items:
        answers = numbered(table[item])
        columns = [answers] if joint is None else [joint, answers]
        places, sums = _totals(columns, amounts)
        found = [*(own[places[0]] for own in labels), places[-1]]
        cells = [
            one._replace(numbers=own, lowest=0)
            for one, own in zip([*keys, answers], found, strict=True)
        ]
        _check_cells(asked, item, cells)
        yield cells, sums


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


def _joined(columns: Sequence[Numbered]) -> tuple[Numbered, list[Places]]:
    """
    Several columns as one of the combinations that occur.

    Returns:
        The column, and for each of its numbers the place of each column's label.
    """
    joint, labels = columns[0], [np.arange(len(columns[0].labels))]
    for column in columns[1:]:
        width = max(len(column.labels), 1)
        numbers = np.empty(len(column.numbers), _narrowest([joint, column]))
        _join([joint, column], slice(None), numbers)
        present, codes = occurring(numbers, len(joint.labels) * width)
        outer, inner = np.divmod(present, width)
        joint = Numbered(codes, 0, range(len(present)))
        labels = [*(place[outer] for place in labels), inner]
    return joint, labels


def _totals(
    columns: Sequence[Numbered], amounts: Mapping[str, Floats]
) -> tuple[Sequence[Places], dict[str, NDArray[Any]]]:
    """
    How often the labels of one or two columns occur together, and what their rows add up to.

    Returns:
        For each column the place of its label in each cell that occurs; how many rows the cells
        have and the sums of the amounts, by name. Cells stand in the order of the numbers.
    """
    sizes = [len(column.labels) for column in columns]
    size = int(np.prod(sizes, dtype=float))
    if len(columns) > 1 and size > _DENSE:
        joint, labels = _joined(columns)
        [chosen], sums = _totals([joint], amounts)
        return [place[chosen] for place in labels], sums
    sums = {"rows": np.zeros(size, np.int64)} | {name: np.zeros(size) for name in amounts}
    rows, step = len(columns[0].numbers), max(_BLOCK, size)
    # One array for all blocks: fresh memory is slow
    numbers = np.empty(min(rows, step), dtype=_narrowest(columns))
    for start in range(0, rows, step):
        block, part = numbers[: min(step, rows - start)], slice(start, start + step)
        _join(columns, part, block)
        sums["rows"] += np.bincount(block, minlength=size)
        for name, amount in amounts.items():
            sums[name] += np.bincount(block, amount[part], size)
    found = np.flatnonzero(sums["rows"])
    return np.unravel_index(found, sizes), {name: total[found] for name, total in sums.items()}


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
        numbers = [numbered(found[name].to_native()) for name in columns]
        cells = [one._replace(numbers=one.places, lowest=0) for one in numbers]
        _check_cells(asked, item, cells)
        yield cells, {"rows": rows} | _known_sums(asked, int(rows.sum()), sums)


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
    return grouped(chosen, [*columns], [*amounts]).head(asked.roles.most_cells + 1)


def _number(table: InEngine, name: str) -> nw.Expr:
    """A column as numbers; an unknown one is as wrong as a negative one."""
    kind = table.frame.collect_schema()[table.names[name]]
    if not (kind.is_numeric() or isinstance(kind, nw.Boolean)):
        raise AnswerError(f"{name!r} must be numbers, got {kind}; convert the column")
    return nw.col(table.names[name]).cast(nw.Float64).fill_null(-1.0)
