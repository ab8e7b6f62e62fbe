"""What the rows of a result are called: one key for each, of one label or several."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import LabelError, unknown_option
from custfocus.results.arrays import Codes, Places
from custfocus.results.arrays import codes as as_codes
from custfocus.results.distinct import Coded, coded, identity, is_ordered
from custfocus.results.labels import NUMBERED, Label, merged_levels, named_columns
from custfocus.results.text import kind_text

_COLUMNS = """
    metric unit n missing value low high standard_error degrees_of_freedom design_effect
    effective_n population label_a label_b n_a n_b missing_a missing_b value_a value_b pairs
    p_value adjusted_p_value correlation rank rank_low rank_high ranked center limit_low
    limit_high outside direct weight between warning_low warning_high warning phi tau2 statistic groups target verdict more_answers confidence looks
    hidden counted threshold protected only_a only_b denominator_degrees_of_freedom change answers invitations text
    latest window shared since sparkline before after periods_before periods_after baseline status change_low change_high percent percent_low percent_high progress
    previous_change previous_low previous_high year_change year_low year_high
    expected course slope slope_low slope_high projected projected_low projected_high chance
    importance said shown state settled disagreement met not_met open not_measured evidence
    quantile gaps unanswered bound_low bound_high better alike worse
    chart phase mark signal reading break event variation assurance marks points phases false_alarms
"""
RESERVED = frozenset(_COLUMNS.split())
_RESERVED_STARTS = ("count_", "missing_")
_WIDEST = 2**40  # of joint codes: more are numbered again, so that products stay within 64 bits

Selection = Mapping[str, object]
Fixed = tuple[tuple[str, Label], ...]


def _as_names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _as_levels(levels: Iterable[Sequence[Label]]) -> tuple[Sequence[Label], ...]:
    return tuple(level if isinstance(level, range) else tuple(level) for level in levels)


def _as_set(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _one_row() -> Codes:
    return np.zeros((0, 1), np.int32)


@attrs.frozen(eq=False, repr=False)
class Keys:
    """
    The keys of rows: a label for each name, all keys different.

    Attributes:
        names: What the rows differ by; none for a single row.
        levels: For each name its labels in the order of display. A range stands for rows that
            have no labels and are numbered.
        codes: The label of each row by its place in the level, shape (names, rows).
        declared: The names whose order of labels was given and not sorted.
        fixed: Names and labels that all rows share, since they were chosen.

    Raises:
        LabelError: Names that are doubled or reserved for columns of results, keys that are
            not all different.
    """

    names: tuple[str, ...] = attrs.field(default=(), converter=_as_names)
    levels: tuple[Sequence[Label], ...] = attrs.field(default=(), converter=_as_levels)
    codes: Codes = attrs.field(factory=_one_row, converter=as_codes)
    declared: frozenset[str] = attrs.field(default=frozenset(), converter=_as_set)
    fixed: Fixed = ()

    def __attrs_post_init__(self) -> None:
        _check_different([*self.names, *(name for name, _ in self.fixed)])
        if self.codes.shape[0] != len(self.names) or len(self.levels) != len(self.names):
            raise LabelError(
                "keys must have a level and a row of codes for each name, got "
                f"{len(self.levels)} levels and codes of shape {self.codes.shape} for {self.names}"
            )
        if not self.names and self.codes.shape[1] != 1:
            raise LabelError(f"rows without names must be one, got {self.codes.shape[1]}")
        if self.labelled and not _all_differ(joint_codes(self.codes, self.levels)):
            raise LabelError(f"keys must differ by {', '.join(self.names)}")

    @classmethod
    def numbered(cls, rows: int, fixed: Fixed = ()) -> "Keys":
        """Rows without labels, called by their place."""
        places = np.arange(rows, dtype=np.int32)[None]
        return cls((NUMBERED,), (range(rows),), places, fixed=fixed)

    @classmethod
    def of(cls, by: object) -> "tuple[Keys, Places]":
        """
        The distinct keys among rows of labels, and which of them each row has.

        Args:
            by: One label for each row (a Series' own name is kept), or several by name: a
                mapping of names to labels, or a dataframe.

        Raises:
            LabelError: Labels of different lengths, names that are reserved or no texts.
            AnswerError: What is no collection of labels.

        >>> keys, rows = Keys.of({"wave": ["after", "before", "after"]})
        >>> keys.columns(), rows
        ({'wave': ['after', 'before']}, array([0, 1, 0]))
        """
        named = named_columns(by)
        check_names([*named])
        return cls.of_columns({name: coded(values) for name, values in named.items()})

    @classmethod
    def of_columns(cls, columns: Mapping[str, Coded]) -> "tuple[Keys, Places]":
        """
        The distinct keys among rows of labels that have numbers already; see `of`.

        Raises:
            LabelError: Columns of different lengths, or none.
        """
        lengths = {name: len(column.codes) for name, column in columns.items()}
        if not columns or len(set(lengths.values())) != 1:
            raise LabelError(f"by must give one label for each row, got lengths {lengths}")
        names, levels = tuple(columns), [column.level for column in columns.values()]
        declared = frozenset(name for name, column in columns.items() if column.declared)
        if len(columns) == 1:  # declared labels without rows are shown
            [(level, codes, _)] = columns.values()
            return cls(names, (level,), np.arange(len(level))[None], declared), codes
        every = np.stack([column.codes for column in columns.values()])
        first, rows = _distinct(every, levels)
        return cls(names, levels, every[:, first], declared), rows

    def __reduce__(self) -> tuple[Any, ...]:
        return Keys, (self.names, self.levels, self.codes, self.declared, self.fixed)

    def __repr__(self) -> str:
        fixed = "".join(f", {name}={label!r}" for name, label in self.fixed)
        return f"Keys({', '.join(self.names) or 'one row'}; rows={self.rows}{fixed})"

    def __len__(self) -> int:
        return self.rows

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.codes.shape[1])

    @property
    def shape(self) -> tuple[int, ...]:
        """``(rows,)``, or ``()`` for a single row without open names."""
        return (self.rows,) if self.names else ()

    @property
    def labelled(self) -> bool:
        """Whether rows have labels; False where they are only numbered."""
        return not any(isinstance(level, range) for level in self.levels)

    def labels(self, name: str) -> list[Label]:
        """The label of each row by one name, open or fixed."""
        if name in self.names:
            place = self.names.index(name)
            level, codes = self.levels[place], self.codes[place]
            if isinstance(level, range):
                return list(codes.tolist())
            return list(np.fromiter(level, object, len(level))[codes].tolist())
        return [dict(self.fixed)[name]] * self.rows

    def columns(self) -> dict[str, list[Label]]:
        """The labels of all rows by name: fixed names, open ones, and the item last."""
        names = (*dict(self.fixed), *self.names)
        return {name: self.labels(name) for name in sorted(names, key="item".__eq__)}

    def __iter__(self) -> Iterator[tuple[Label, ...]]:
        """The key of each row: its labels by the open names."""
        if not self.names:
            return iter([()])
        return zip(*(self.labels(name) for name in self.names), strict=True)

    def __getitem__(self, index: Any) -> "Keys":  # noqa: ANN401 - whatever indexes an array
        """Some of the rows by place; a single one has its labels fixed."""
        if not self.names:
            raise LabelError("a single row has nothing to choose from, got an index")
        chosen = self.codes[:, index]
        if chosen.ndim == 1:
            labelled = zip(self.names, self.levels, chosen.tolist(), strict=True)
            own = tuple(
                (name, level[code])
                for name, level, code in labelled
                if not isinstance(level, range)
            )
            return Keys(fixed=(*self.fixed, *own))
        if not self.labelled:
            return Keys.numbered(chosen.shape[1], self.fixed)
        return Keys(self.names, self.levels, chosen, self.declared, self.fixed)

    def sel(self, wanted: Selection) -> "tuple[Keys, Any]":
        """
        Rows by label: a label drops its name, a list of labels keeps it.

        Returns:
            The keys that are left, and the places of their rows; a whole number where no name
            is left.

        Raises:
            LabelError: A name or label that is not there, or labels that no row has together.
        """
        chosen = np.ones(self.rows, np.bool_)
        gone: dict[str, Label] = {}
        for name, label in wanted.items():
            level, codes = self._open(name)
            several = _listed_labels(label)
            places = _places_of(name, level, [label] if several is None else several)
            chosen &= np.isin(codes, places)
            if several is None:
                gone[name] = level[places[0]]
        rows, fixed = np.flatnonzero(chosen), (*self.fixed, *gone.items())
        stay = [name for name in self.names if name not in gone]
        if stay:
            return self._by(stay, rows, fixed), rows
        if not len(rows):
            together = ", ".join(f"{name} {label!r}" for name, label in wanted.items())
            raise LabelError(f"no row has {together} together")
        return Keys(fixed=fixed), int(rows[0])

    def _by(self, names: Sequence[str], rows: Places, fixed: Fixed) -> "Keys":
        """Some rows by some of the names, by which they differ."""
        stay = [self.names.index(name) for name in names]
        levels = [self.levels[place] for place in stay]
        return Keys(names, levels, self.codes[stay][:, rows], self.declared & {*names}, fixed)

    def _open(self, name: str) -> tuple[Sequence[Label], Codes]:
        """The level and codes of an open name."""
        if name in self.names:
            place = self.names.index(name)
            return self.levels[place], self.codes[place]
        chosen = [label for one, label in self.fixed if one == name]
        if chosen:
            raise LabelError(f"{name!r} is chosen already, got {chosen[0]!r} as its label")
        raise LabelError(str(unknown_option("name of groups", name, self.names)))

    def without(self, name: str) -> "tuple[Keys, Places]":
        """The distinct keys once an open name is left out, and which of them each row has."""
        self._open(name)
        stay = [place for place, one in enumerate(self.names) if one != name]
        if not stay:
            return Keys(fixed=self.fixed), np.zeros(self.rows, np.intp)
        first, rows = _distinct(self.codes[stay], [self.levels[place] for place in stay])
        return self._by([self.names[place] for place in stay], first, self.fixed), rows

    def extended(self, name: str, level: Sequence[Label]) -> "tuple[Keys, Places, Places]":
        """
        Every key with each label of one name more, which stands last and in the order given.

        Returns:
            The keys, and for each of their rows the row of these keys and the label's place.
        """
        row = np.repeat(np.arange(self.rows), len(level))
        label = np.tile(np.arange(len(level)), self.rows)
        keys = Keys(
            (*self.names, name),
            (*self.levels, level),
            np.vstack([self.codes[:, row], label]),
            self.declared | {name},
            self.fixed,
        )
        return keys, row, label

    def united(self, other: "Keys") -> "tuple[Keys, Places, Places]":
        """
        The keys of both, and where each of them is among ours and among the other's.

        Numbered rows meet by place and must be as many; labelled ones meet by label. A place
        of -1 stands for a key that the one side lacks. Fixed labels that differ are left out.

        Raises:
            LabelError: Other names, labels with numbers, labels that differ in type alone.
        """
        _check_alike(self, other)
        theirs = dict(other.fixed)
        fixed = tuple(
            (name, label)
            for name, label in self.fixed
            if name in theirs and identity(theirs[name]) == identity(label)
        )
        same = self if fixed == self.fixed else attrs.evolve(self, fixed=fixed)
        here = np.arange(self.rows)
        if not self.names or not self.labelled:
            return same, here, here
        levels: list[Sequence[Label]] = []
        codes: list[tuple[Places, Places]] = []
        for place, name in enumerate(self.names):
            there = other.names.index(name)
            declared = (name in self.declared, name in other.declared)
            both = self.levels[place], other.levels[there]
            level, ours, others = merged_levels(name, *both, declared=declared)
            levels.append(level)
            codes.append((ours[self.codes[place]], others[other.codes[there]]))
        mine, its = (np.stack(side) for side in zip(*codes, strict=True))
        if np.array_equal(mine, its):
            return same, here, here
        every = np.concatenate([mine, its], axis=1)
        first, row = _distinct(every, levels)
        keys = Keys(self.names, levels, every[:, first], self.declared | other.declared, fixed)
        return keys, *_places(row, self.rows, len(first))


def _listed_labels(label: object) -> list[Label] | None:
    """Several labels as a list; None for a single one."""
    if hasattr(label, "to_pylist"):  # an array of PyArrow, which would give scalars of its own
        return list(cast("Any", label).to_pylist())
    several = isinstance(label, list | tuple | set | frozenset | range)
    several = several or (hasattr(label, "dtype") and is_ordered(label))
    return list(cast("Iterable[Label]", label)) if several else None


def _places_of(name: str, level: Sequence[Label], labels: Sequence[Label]) -> list[int]:
    """The places of labels in their level."""
    known = {identity(one): place for place, one in enumerate(level)}
    places = [_place(known, label) for label in labels]
    if None in places:
        raise _unknown_label(name, level, labels[places.index(None)])
    return cast("list[int]", places)


def _place(known: Mapping[tuple[bool, Label], int], label: Label) -> int | None:
    try:
        return known.get(identity(label))
    except TypeError:  # it can't be hashed, and so is no label
        return None


def _unknown_label(name: str, level: Sequence[Label], label: Label) -> LabelError:
    alike = [one for one in level if str(one) == str(label)]
    if alike:
        return LabelError(
            f"no {name} is called {label!r}, got {kind_text(label)}; the labels are "
            f"{type(alike[0]).__name__}, write {alike[0]!r}"
        )
    return LabelError(str(unknown_option(name, label, level)))


def _distinct(codes: NDArray[Any], levels: Sequence[Sequence[Label]]) -> tuple[Places, Places]:
    """Where each distinct column of codes (names, rows) comes first, and which each column is."""
    joint = joint_codes(codes, levels)
    _, first, rows = np.unique(joint, return_index=True, return_inverse=True)
    return np.asarray(first, np.intp), np.asarray(rows, np.intp)


def joint_codes(codes: NDArray[Any], levels: Sequence[Sequence[Label]]) -> Places:
    """One number for each column of codes (names, rows), in the order of the first, the second ..."""
    joint, span = np.zeros(codes.shape[1], np.intp), 1
    for code, level in zip(codes, levels, strict=True):
        size = max(len(level), 1)
        if span * size > _WIDEST:
            present, joint = np.unique(joint, return_inverse=True)
            span = len(present)
        joint = joint * size + code
        span *= size
    return np.asarray(joint, np.intp)


def _all_differ(numbers: Places) -> bool:
    if numbers.max(initial=0) < 8 * len(numbers):  # close together: no need to sort or hash
        return bool(np.bincount(numbers).max(initial=0) < 2)
    return len(np.unique(numbers)) == len(numbers)


def _places(row: Places, ours: int, keys: int) -> tuple[Places, Places]:
    """Where each key is among the first rows, and among the others; -1 where it is not."""
    first, second = np.full(keys, -1), np.full(keys, -1)
    first[row[:ours]] = np.arange(ours)
    second[row[ours:]] = np.arange(len(row) - ours)
    return first, second


def _check_different(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise LabelError(f"names of groups must differ, got {tuple(names)}")


def check_names(names: Sequence[str]) -> None:
    """An error for names of groups that are doubled or that a column of results has."""
    _check_different(names)
    taken = [name for name in names if name in RESERVED or name.startswith(_RESERVED_STARTS)]
    if taken:
        raise LabelError(
            f"groups must not be called like a column of results, got {taken[0]!r}; "
            "rename the column"
        )


def _check_alike(ours: Keys, theirs: Keys) -> None:
    if sorted(ours.names) != sorted(theirs.names):
        raise LabelError(
            "rows meet by the same names, got "
            f"{_listed(ours)} and {_listed(theirs)}; choose a label with sel(), or call the "
            "groups alike"
        )
    if ours.labelled != theirs.labelled:
        with_labels = ours if ours.labelled else theirs
        raise LabelError(
            f"rows with labels can't meet rows without, got labels by {_listed(with_labels)} and "
            "groups that are only numbered; give both by="
        )
    if not ours.labelled and ours.rows != theirs.rows:
        raise LabelError(
            "rows without labels meet by place and must be as many, got "
            f"{ours.rows} and {theirs.rows}; give both by="
        )


def _listed(keys: Keys) -> str:
    return ", ".join(map(repr, keys.names)) or "a single row"
