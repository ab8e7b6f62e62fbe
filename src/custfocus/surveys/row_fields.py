"""Per-respondent arrays of a design, checked: weights, population sizes, labels."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, TallyError, naming
from custfocus.intervals.arguments import plain_numbers, whole_numbers
from custfocus.responses.answers import check_index
from custfocus.results.arrays import Flags, Floats, Places, floats, places
from custfocus.results.distinct import identity, is_null
from custfocus.results.keys import Keys
from custfocus.results.labels import named_columns

Labels = Iterable[object] | Mapping[str, Iterable[object]]

_RATIO = 1e100  # between weights: their squares stay within what float64 holds
_SMALLEST, _LARGEST = 1e-150, 1e150  # of weights, likewise


@attrs.frozen(eq=False)
class RowLabels:
    """
    The strata or clusters of respondents: the distinct labels, sorted, and which each row has.

    Attributes:
        keys: The labels that occur, one name for each column of labels.
        codes: Which of them each row has, shape (rows,).
    """

    keys: Keys
    codes: Places = attrs.field(converter=places)

    @classmethod
    def of(cls, labels: "Labels | RowLabels", field: str) -> "RowLabels":
        """
        Labels as they come in.

        Args:
            labels: One for each row, or several by name.
            field: What they are of, for errors.

        Raises:
            AnswerError: Labels that are empty.
            LabelError: What is no collection of labels.
        """
        if isinstance(labels, RowLabels):
            return labels
        named = named_columns(labels)
        called = {
            f"{field} {name}" if len(named) > 1 else field: one for name, one in named.items()
        }
        keys, codes = Keys.of(called)
        if keys.declared:  # an order of display, and labels without rows
            columns = {name: np.array([*keys.labels(name), None], object) for name in keys.names}
            keys, codes = Keys.of({name: column[:-1][codes] for name, column in columns.items()})
        if any(is_null(label) for level in keys.levels for label in level[-1:]):  # where nulls are
            raise AnswerError(
                f"{field} must be known of every respondent, got some that are empty; "
                "fill them in, or leave these respondents out"
            )
        return cls(keys, codes)

    @classmethod
    def none(cls, rows: int) -> "RowLabels":
        """Labels without a name: all rows are in one stratum, or cluster."""
        return cls(Keys(), np.zeros(rows, np.intp))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RowLabels):
            return NotImplemented
        return self.has_labels_of(other) and np.array_equal(self.codes, other.codes)

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, (type(self), init_state(self))

    def __len__(self) -> int:
        return len(self.codes)

    def some(self, which: Flags | Places) -> "RowLabels":
        """The labels of some of the rows."""
        return RowLabels(self.keys, self.codes[which])

    def joined(self, other: "RowLabels", field: str) -> "RowLabels":
        """
        The labels of our rows and then of the other's, the same label being one.

        Raises:
            TallyError: Other names, or labels of one of them only.
            LabelError: Labels that differ in type alone.
        """
        if self.keys.names != other.keys.names:
            ours, theirs = (", ".join(map(repr, each.keys.names)) for each in (self, other))
            raise TallyError(
                f"surveys are put together when both or neither have {field}, with as many labels "
                f"of the same names each, got {ours or 'none'} and {theirs or 'none'}"
            )
        keys, *sides = self.keys.united(other.keys)
        codes: list[Places] = []
        for each, found in zip((self, other), sides, strict=True):
            new = np.zeros(each.keys.rows, np.intp)
            here = found >= 0
            new[found[here]] = np.flatnonzero(here)
            codes.append(new[each.codes])
        return RowLabels(keys, np.concatenate(codes))

    def has_labels_of(self, other: "RowLabels") -> bool:
        """Whether the same labels occur in both, names aside."""
        return _identities(self.keys) == _identities(other.keys)

    def called(self, row: int) -> str:
        """The labels of a row, for errors; empty where they have no name."""
        if not self.keys.names:
            return ""
        return ", ".join(repr(label) for _, label in self.keys[int(self.codes[row])].fixed)


def _identities(keys: Keys) -> list[list[tuple[bool, object]]]:
    """Names aside, what tells the labels of each key apart."""
    return [list(map(identity, key)) for key in keys]


def as_weights(weights: ArrayLike) -> Floats:
    """
    Weights that can't be written to.

    Raises:
        TallyError: Weights that are no numbers, negative, not finite, all 0 or too unlike.
    """
    name = getattr(weights, "name", None)
    if isinstance(name, str):
        with naming(f"column {name!r}"):
            return _weights(weights)
    return _weights(weights)


def _weights(weights: ArrayLike) -> Floats:
    array = _one_axis(plain_numbers(weights, "weights"), "weights")
    wrong = array[~(np.isfinite(array) & (array >= 0))]
    if wrong.size:
        raise TallyError(
            f"weights must be finite and not negative, got {wrong[0]:g}; "
            "give 0 to respondents who must not count"
        )
    positive = array[array > 0]
    if not positive.size:
        raise TallyError(
            f"weights must not all be 0, got {array.size} of them; check the filter that was used"
        )
    low, high = (
        float(positive.min()),
        float(positive.max()),
    )  # no NumPy, whose errors are the caller's
    if high / _RATIO > low:
        raise TallyError(
            f"weights must be comparable, got {low:g} and {high:g}; "
            "give 0 to respondents who must not count"
        )
    if low < _SMALLEST or high > _LARGEST:
        raise TallyError(
            f"weights must lie between {_SMALLEST:g} and {_LARGEST:g}, got {low:g} to {high:g}; "
            "divide them by a common factor"
        )
    return array


def as_sizes(sizes: ArrayLike, name: str) -> Floats:
    """Sizes of populations, whole numbers that can't be written to."""
    return _one_axis(whole_numbers(sizes, name, "leave it out where it is large"), name)


def _one_axis(values: Floats, name: str) -> Floats:
    if values.ndim != 1:
        raise TallyError(
            f"{name} must be one number for each respondent, got shape {values.shape}; "
            "repeat a number that all share"
        )
    return floats(values)


def common_index(fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - pandas is an extra
    """
    The index that fields of pandas share, None where there is none.

    Raises:
        AnswerError: Indexes that differ: rows would be paired by place.
    """
    columns = {
        name: column
        for field, values in fields.items()
        for name, column in _columns(field, values).items()
    }
    check_index(None, cast("Mapping[str, Iterable[object]]", columns))
    indexes = [getattr(column, "index", None) for column in columns.values()]
    return next((index for index in indexes if hasattr(index, "equals")), None)


def _columns(field: str, values: Any) -> dict[str, object]:  # noqa: ANN401 - columns of any kind
    """The columns of a field, whose labels may be several by name."""
    if isinstance(values, Mapping):
        columns = cast("Mapping[object, object]", values)
        return {f"{field} {name}": column for name, column in columns.items()}
    return {field: values}


def init_state(design: attrs.AttrsInstance) -> dict[str, Any]:
    """The arguments that make an equal one: what unpickling calls, so that arrays stay read-only."""
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(type(design))
    return {
        field.alias or field.name: getattr(design, field.name) for field in fields if field.init
    }


def rebuilt(kind: type[Any], state: dict[str, Any]) -> object:
    """An object from its fields."""
    return kind(**state)
