"""The response scale of a question."""

import math
import numbers
import reprlib
from builtins import range as integers
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Self, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError, ScaleError
from custfocus.results.distinct import in_order, is_null, is_ordered, plain

Answer = str | float | None
T = TypeVar("T")


def listed(values: Iterable[T], name: str) -> tuple[T, ...]:
    """The values in the order given; what has no order or only one value is an error."""
    if not is_ordered(values):
        raise ScaleError(f"{name} must be a list or a tuple, got {reprlib.repr(values)}")
    return tuple(values)


def as_finite(number: object, name: str) -> float:
    """A finite number as int or float; anything else is an error."""
    try:
        if isinstance(number, numbers.Real) and not isinstance(number, bool):
            plain = int(number) if isinstance(number, numbers.Integral) else float(number) + 0.0
            if math.isfinite(plain):
                return plain
    except OverflowError:
        pass
    remedy = "; put texts into labels=" if isinstance(number, str) and name == "points" else ""
    raise ScaleError(f"{name} must be finite numbers, got {reprlib.repr(number)}{remedy}")


def _as_points(points: Iterable[float]) -> tuple[float, ...]:
    return tuple(as_finite(point, "points") for point in listed(points, "points"))


def _as_labels(labels: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if labels is None else tuple(map(_as_label, listed(labels, "labels")))


def _as_label(label: object) -> str:
    if not isinstance(label, str):
        raise ScaleError(f"labels must be texts, got {reprlib.repr(label)}")
    return label


def _as_missing(missing: Iterable[Answer]) -> tuple[Answer, ...]:
    if not (is_ordered(missing) or isinstance(missing, AbstractSet)):
        raise ScaleError(f"missing must be a collection of codes, got {missing!r}; wrap it in []")
    return tuple(in_order({_as_code(code) for code in missing}))


def _as_code(code: object) -> object:
    if is_null(code):
        return None
    if isinstance(code, bool) or not isinstance(code, str | numbers.Real):
        raise ScaleError(f"missing codes must be numbers, texts or None, got {code!r}")
    return plain(code)


def as_scale(value: object) -> "Scale":
    """The scale itself; anything else is an error."""
    if isinstance(value, Scale):
        return value
    raise ScaleError(f"expected a Scale, got {reprlib.repr(value)}; see Scale.likert")


def check_scale(_owner: object, _field: "attrs.Attribute[Scale]", value: object) -> None:
    """A validator for fields that hold a scale."""
    as_scale(value)


@attrs.frozen
class Scale:
    """
    The ordered points that a question offers, and the codes that mean "no answer".

    The order carries the meaning: the first point is the worst, the last the best. A scale
    that was printed the other way round is reverse coded by writing its points descending
    (or by `reverse_coded`), and everything that scores it turns with it.

    Attributes:
        points: Numbers, strictly ascending or strictly descending, at least two.
        labels: One text for each point, which answers may give instead of the number.
        missing: Codes that mean "no answer", such as 9, 99, "" or "Don't know"; None stands
            for every kind of empty (None, NaN, pandas' NA). Kept in order, numbers first.

    Raises:
        ScaleError: Points that are not numbers, fewer than two, or out of order; labels that
            are doubled or do not match the points; a missing code that is also an answer.

    >>> Scale.likert(5, missing=(9, None))
    Scale(points=(1, 2, 3, 4, 5), labels=None, missing=(9, None))
    """

    points: tuple[float, ...] = attrs.field(converter=_as_points)
    labels: tuple[str, ...] | None = attrs.field(default=None, converter=_as_labels, kw_only=True)
    missing: tuple[Answer, ...] = attrs.field(default=(), converter=_as_missing, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _check_points(self.points)
        _check_labels(self.labels, self.points)
        answers = {*self.points, *(self.labels or ())}
        both = [code for code in self.missing if code in answers]
        if both:
            raise ScaleError(f"missing codes must not be answers as well, got {both}")

    @classmethod
    def likert(
        cls, n: int, *, labels: Iterable[str] | None = None, missing: Iterable[Answer] = ()
    ) -> Self:
        """The points 1 to *n*."""
        return cls.range(1, n, labels=labels, missing=missing)

    @classmethod
    def range(
        cls,
        low: int,
        high: int,
        *,
        labels: Iterable[str] | None = None,
        missing: Iterable[Answer] = (),
    ) -> Self:
        """The whole numbers from *low* to *high*, both included."""
        if not isinstance(low, numbers.Integral) or not isinstance(high, numbers.Integral):
            raise ScaleError(f"the ends of a scale must be whole numbers, got {low!r} and {high!r}")
        return cls(integers(low, high + 1), labels=labels, missing=missing)

    @classmethod
    def of_value_labels(
        cls, value_labels: Mapping[float, str], *, missing: Iterable[Answer] = ()
    ) -> Self:
        """
        A scale from the value labels of a variable, as SPSS, Stata and the like keep them.

        Args:
            value_labels: The label of each number; those that are missing codes among them.
            missing: Codes that mean "no answer", by number or by label; a labelled one counts
                by both.

        Raises:
            ScaleError: Fewer than two points left, or numbers that are not finite.

        >>> told = {1.0: "bad", 2.0: "so-so", 3.0: "good", 9.0: "don't know"}
        >>> Scale.of_value_labels(told, missing=[9])
        Scale(points=(1, 2, 3), labels=('bad', 'so-so', 'good'), missing=(9, "don't know"))
        """
        codes = [*missing]
        gone = {number for number, label in value_labels.items() if {number, label} & set(codes)}
        points = sorted(number for number in value_labels if number not in gone)
        for number in gone:
            codes += [_whole(number), value_labels[number]]
        return cls(
            map(_whole, points), labels=[value_labels[point] for point in points], missing=codes
        )

    def __len__(self) -> int:
        return len(self.points)

    def __str__(self) -> str:
        names = self.labels or [""] * len(self)
        pairs = zip(self.points, names, strict=True)
        return ", ".join(f"{point:.15g} {name}".rstrip() for point, name in pairs)

    def reverse_coded(self) -> Self:
        """
        The same questionnaire read the other way: its first point is the best.

        >>> Scale.likert(5).reverse_coded().points
        (5, 4, 3, 2, 1)
        """
        labels = self.labels[::-1] if self.labels else None
        return attrs.evolve(self, points=self.points[::-1], labels=labels)

    def locate(self, answers: Sequence[object]) -> NDArray[np.intp]:
        """
        The position of each answer among the points, -1 for the missing codes.

        Args:
            answers: Numbers or labels. Meant for the few distinct ones among many.

        Raises:
            AnswerError: Answers that are neither on the scale nor missing codes.

        >>> Scale.likert(5, missing=[9]).locate([1, 5, 9])
        array([ 0,  4, -1])
        """
        places: dict[object, int] = dict.fromkeys(self.missing, -1)
        places.update({point: place for place, point in enumerate(self.points)})
        places.update({label: place for place, label in enumerate(self.labels or ())})
        keys = [self._key(answer) for answer in answers]
        off = [answer for answer, key in zip(answers, keys, strict=True) if key not in places]
        if off:
            raise AnswerError(_off_scale(self, off))
        return np.array([places[key] for key in keys], dtype=np.intp)

    @property
    def point_names(self):
        return self.labels or tuple(f"{p:.15g}" for p in self.points)

    def reason_of(self, answers):
        places = {code: place for place, code in enumerate(self.missing)}
        return np.array(
            [
                places.get(self._key(one), -1) if not isinstance(one, list) else -1
                for one in answers
            ],
            np.intp,
        )

    def _key(self, answer: object) -> object:
        if is_null(answer):
            return None
        if not isinstance(answer, Hashable):
            return _NEITHER
        if isinstance(plain(answer), bool) and set(self.points) != {0, 1}:
            return _NEITHER  # True is 1 to Python, but hardly to who built a five-point question
        return answer


_NEITHER = object()


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def _check_points(points: tuple[float, ...]) -> None:
    steps = [after - before for before, after in pairwise(points)]
    if not steps or not (min(steps) > 0 or max(steps) < 0):
        raise ScaleError(
            "points must be two or more, all ascending or all descending, "
            f"got {reprlib.repr(list(points))}"
        )


def _check_labels(labels: tuple[str, ...] | None, points: tuple[float, ...]) -> None:
    if labels is None:
        return
    if len(labels) != len(points):
        raise ScaleError(
            f"labels must be one for each of the {len(points)} points, got {len(labels)}"
        )
    doubled = sorted({label for label in labels if labels.count(label) > 1})
    if doubled:
        raise ScaleError(f"labels must differ from each other, got {doubled} more than once")


def _off_scale(scale: Scale, off: list[object]) -> str:
    shown = ", ".join(map(reprlib.repr, off[:5])) + (", ..." if len(off) > 5 else "")
    remedies = "; ".join(dict.fromkeys(_remedy(scale, answer) for answer in off))
    return f"answers not on the scale: [{shown}]; its points are {scale} ({remedies})"


_OTHER_SCALE = 'pass the scale= that was asked, or list codes for "no answer" in its missing='


_NO_LABELS = (
    "they are texts: name the points in labels=, worst first, and codes for no answer in missing="
)


def _remedy(scale: Scale, answer: object) -> str:
    if is_null(answer):
        return 'list None in the missing= of the scale if empty means "no answer"'
    if isinstance(plain(answer), bool):
        return "convert True and False to points of the scale"
    if not isinstance(answer, str):
        return _OTHER_SCALE
    texts = [text for text in (*(scale.labels or ()), *scale.missing) if isinstance(text, str)]
    if answer.strip() in texts:
        return "strip the spaces around texts"
    try:
        known = float(answer) in {*scale.points, *scale.missing}
    except ValueError:
        return _NO_LABELS if scale.labels is None else _OTHER_SCALE
    return "they are texts: convert them to numbers" if known else _OTHER_SCALE
