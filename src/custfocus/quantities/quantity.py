"""A quantity from records with its limits, by group and period: what all kinds of it share."""

import math
import reprlib
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar, cast, get_args

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import LabelError, TallyError, choose
from custfocus.intervals.arguments import ConfidenceInterval, check_flag, plain_numbers
from custfocus.results.arrays import Floats, Places, floats
from custfocus.results.keys import Keys
from custfocus.results.labels import named_columns
from custfocus.results.metric import Direction, Metric
from custfocus.results.result import Column, Picture, Result, metric_columns
from custfocus.results.text import kind_text, label_text

Q = TypeVar("Q", bound="Quantity")


class Quantity(Result):
    """
    What `Rate`, `Amounts`, `Quantile`, `Ratio`, `StandardisedRate` and `Observed` have in common.

    Each has the columns metric, unit, n, value, low, high and standard_error.
    """

    __slots__ = ()
    confidence_level: float  # of the limits; of each kind's own, as are the next
    unit: str
    direction: Direction
    _by: Any  # the keys, once it is made

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return cast("Keys", self._by)

    def _set(self, keys: Keys, **arrays: Floats) -> None:
        """What a kind keeps of the records that it was made of."""
        for name, array in arrays.items():
            object.__setattr__(self, name, floats(array))
        object.__setattr__(self, "_by", keys)
        object.__setattr__(self, "_period", None)

    @property
    @abstractmethod
    def measured(self) -> Metric:
        """What is measured."""

    @property
    @abstractmethod
    def n(self) -> Floats:
        """What the value rests on (events, amounts, clusters), of the result's shape."""

    @property
    @abstractmethod
    def value(self) -> Floats:
        """The quantity, of the result's shape; NaN where there is nothing."""

    @property
    @abstractmethod
    def limits(self) -> ConfidenceInterval:
        """Its confidence interval; NaN where there is nothing, or none is known."""

    @property
    @abstractmethod
    def standard_error(self) -> Floats:
        """Of the value; NaN where none is known."""

    @abstractmethod
    def how(self) -> str:
        """How the limits were made, in words."""

    @property
    def stepwise(self) -> bool:
        """Whether the value jumps from one number to the next, as a quantile of ties does."""
        return False

    @property
    def low(self) -> Floats:
        """The lower limits, of the result's shape."""
        return self.limits.low

    @property
    def high(self) -> Floats:
        """The upper limits, likewise."""
        return self.limits.high

    @property
    def metric(self) -> Metric:
        """What is measured, with as many decimals as the limits call for."""
        low, high = self.limits
        with np.errstate(invalid="ignore", over="ignore"):
            # Without limits three digits: as many as limits of a fifth of the value call for
            widths = np.abs(np.where(np.isfinite(high - low), high - low, self.value / 5))
        return attrs.evolve(self.measured, decimals=0).for_widths(widths)

    def called(self, name: str, unit: str, direction: Direction) -> Self:
        """The same under another name, in another unit, and which values are better."""
        changes = {"name": name, "unit": unit, "direction": direction}
        return cast("Self", attrs.evolve(cast("Any", self), **changes))

    def at_level(self, confidence_level: float) -> Self:
        """The same with limits of another level."""
        return cast("Self", attrs.evolve(cast("Any", self), confidence_level=confidence_level))

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, value, low, high and standard_error."""
        metric, (low, high) = self.metric, self.limits
        return {
            **metric_columns(metric),
            "n": Column(self.n, _whole_text, whole=True),
            "value": Column(self.value, metric.text, metric.name),
            "low": Column(low, metric.text),
            "high": Column(high, metric.text),
            "standard_error": Column(self.standard_error),
        }

    def sentence(self) -> str:
        """A single quantity in a line."""
        return f"{self.stated()}, {self.how()}"

    def stated(self) -> str:
        """A single quantity with its limits, without how they were made."""
        metric, (low, high) = self.metric, self.limits
        text = metric.text
        interval = "" if np.isnan(low) else f" [{text(float(low))}, {text(float(high))}]"
        n = "" if np.isnan(self.n) else f" n={self.n:.0f}"
        return f"{metric.name} {text(float(self.value))}{_unit_text(metric)}{interval}{n}"

    def caption(self) -> str:
        """What is measured, and how its limits were made."""
        unit = self.measured.unit
        return ", ".join([self.measured.name, *([] if unit == "number" else [unit]), self.how()])

    def picture(self) -> Picture:
        """The interval on the scale."""
        metric, (low, high) = self.metric, self.limits
        return Picture(self.value, low, high, metric.bounds, text=metric.text, name=metric.name)


class Additive(Quantity):
    """A quantity whose parts of one group or period add up, in `+` as in its own rows."""

    __slots__ = ()
    settings: ClassVar[tuple[str, ...]]  # the fields that both of two must share

    @abstractmethod
    def grouped(self, keys: Keys, rows: Places) -> Self:
        """The rows added up: each goes to a row of other keys."""

    def __add__(self, other: object) -> Self:
        if not isinstance(other, type(self)):
            return NotImplemented
        check_alike(self, other, self.settings)
        keys, ours, theirs = self.keys.united(other.keys)
        rows = np.empty(self.keys.rows + other.keys.rows, np.intp)
        for start, found in ((0, ours), (self.keys.rows, theirs)):
            there = np.flatnonzero(found >= 0)
            rows[start + found[there]] = there
        return self.joined(other).grouped(keys, rows)

    def joined(self, other: Any) -> Self:  # noqa: ANN401 - one of its own kind
        """The rows of another after these, numbered."""
        return joined_rows(self, cast("Self", other))

    def __radd__(self, other: object) -> Self:
        if other == 0:  # so that sum() can start
            return self
        return NotImplemented


def keys_of(by: object, period: object, shape: tuple[int, ...]) -> tuple[Keys, Places | None]:
    """
    The keys of rows of records, and the key of each; None where each has its own.

    Args:
        by: Their labels, see `Keys.of`; or the keys themselves.
        period: The period of each, or None; a name of the keys like others.
        shape: Of the records, ``()`` or ``(rows,)``.

    Raises:
        TallyError: Records of more axes; labels of another number.
        LabelError: A period beside keys or labels called so.
    """
    if isinstance(by, Keys):
        if by.shape != shape:
            raise TallyError(f"keys must be one for each row, got {by.shape} for {shape}")
        return by, None
    if len(shape) > 1:
        raise TallyError(f"records are one number or a list of them, got the shape {shape}")
    named: dict[str, Any] = {} if by is None else dict(named_columns(by))
    if period is not None:
        if "period" in named:
            raise LabelError("the period is given twice, by period= and in by=; leave one out")
        named |= named_columns({"period": period})
    if not named:
        return (Keys.numbered(shape[0]) if shape else Keys()), None
    keys, rows = Keys.of(named)
    if (len(rows),) != shape:
        raise TallyError(
            f"labels must be one for each record, got {len(rows)} for "
            f"{shape[0] if shape else 'one'}; give the records their own by= or period="
        )
    return keys, rows


def check_once(keys: Keys, rows: Places | None, remedy: str, *, revised: bool) -> None:
    """
    An error where several records are of one group and period, which can't be added up.

    Args:
        keys: What the records are called.
        rows: The key of each; None where each has its own.
        remedy: What else may be done than to let the last count.
        revised: Whether the last record of a key counts.
    """
    check_flag(revised, "revised")
    if rows is None or revised:
        return
    often = np.bincount(rows, minlength=keys.rows)
    if often.max(initial=0) > 1:
        key = [label_text(keys.labels(name)[int(often.argmax())]) for name in keys.names]
        raise TallyError(
            f"records must be one for each group and period, got {often.max()} for "
            f"{', '.join(key)}; {remedy} write revised=True, and the last one counts"
        )


def spread(values: NDArray[Any], keys: Keys, rows: Places | None, absent: float) -> NDArray[Any]:
    """Values of records in the rows of keys, the last of each; *absent* in rows that none is of."""
    if rows is None:
        return values
    table = np.full((keys.rows, *values.shape[1:]), absent, values.dtype)
    table[rows] = values
    return table


def sums(values: Floats, keys: Keys, rows: Places) -> Floats:
    """Sums over the rows that go to each of the keys, of their shape."""
    table = np.bincount(rows, values.ravel(), keys.rows)
    return np.asarray(table, np.float64).reshape(keys.shape)


def equal_shapes(given: Mapping[str, ArrayLike]) -> list[Floats]:
    """
    Numbers as float64 of one shape.

    Raises:
        TallyError: No numbers, or shapes that do not broadcast.
    """
    arrays = [plain_numbers(values, name) for name, values in given.items()]
    try:
        return [np.array(one) for one in np.broadcast_arrays(*arrays)]
    except ValueError:
        names, shapes = " and ".join(given), [one.shape for one in arrays]
        raise TallyError(f"{names} must be of one length, got the shapes {shapes}") from None


def check_alike(one: Quantity, other: Quantity, names: tuple[str, ...]) -> None:
    """An error where two quantities do not add up, since a field of one differs."""
    for name in names:
        ours, theirs = getattr(one, name), getattr(other, name)
        if ours != theirs:
            raise TallyError(
                f"{kind_text(one)[2:].strip()} add up with the same {name}, got "
                f"{ours!r} and {theirs!r}"
            )


def level_text(confidence_level: float) -> str:
    """The level as captions say it."""
    return f"{100 * confidence_level:g} %"


def rate_unit(per: float) -> str:
    """What a rate is stated in."""
    return "number" if per == 1 else f"per {per:g}"


def recorded(values: ArrayLike) -> Floats:
    """Numbers of records as float64, read-only; an error for anything else."""
    return floats(plain_numbers(values, "records"))


def check_text(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
    """An error for a unit that is no text; it may be empty."""
    if not isinstance(value, str):
        raise TallyError(f"{field.name} must be a text, got {reprlib.repr(value)}")


def check_name(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
    """An error for a name or a unit that is no text."""
    if not (isinstance(value, str) and value.strip()):
        raise TallyError(f"{field.name} must be a text, got {reprlib.repr(value)}")


def check_direction(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
    """An error for anything but a direction."""
    choose(field.name, value, dict.fromkeys(get_args(Direction)))


def joined_rows(one: Q, other: Q) -> Q:
    """The rows of two quantities of a kind one after the other, numbered."""
    kind = cast("type[attrs.AttrsInstance]", type(one))
    changes: dict[str, Any] = {"by": Keys.numbered(one.keys.rows + other.keys.rows)}
    for field in attrs.fields(kind):
        if field.metadata.get("by_row"):
            parts = [np.atleast_1d(getattr(each, field.name)) for each in (one, other)]
            changes[field.alias] = np.concatenate(parts)
    return cast("Q", attrs.evolve(cast("Any", one), **changes))


def _unit_text(metric: Metric) -> str:
    return metric.sign or ("" if metric.unit == "number" else f" {metric.unit}")


def _whole_text(value: object) -> str:
    number = cast("float | None", value)  # None in dictionaries
    return "-" if number is None or math.isnan(number) else f"{number:.0f}"
