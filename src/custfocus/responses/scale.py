"""The response scale of a question."""

import math
import numbers
import reprlib
from builtins import range as integers
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Self, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import GREATEST_SIZE, LEAST_SIZE, AnswerError, ScaleError
from custfocus.messages import number_text, plain_text, quoted
from custfocus.responses.off_scale import off_scale
from custfocus.responses.value_labels import points_and_codes
from custfocus.results.distinct import in_order, is_null, is_ordered, plain

Answer = str | float | None
ValueLabels = (
    Mapping[int, str] | Mapping[float, str] | Mapping[str, str] | Mapping[float | str, str]
)
T = TypeVar("T")

_MOST_POINTS = 10**6  # of a range: more would take the memory before anything is said
_MOST_SHOWN = 20  # points that a scale is written out with


def listed(values: Iterable[T], name: str) -> tuple[T, ...]:
    """The values in the order given; what has no order or only one value is an error."""
    if not is_ordered(values):
        raise ScaleError(f"{name} must be a list or a tuple, got {reprlib.repr(values)}")
    return tuple(values)


def as_finite(number: object, name: str) -> float:
    """
    A finite number as int or float; anything else is an error.

    So is a number whose squares, or those of its distances, a float could not hold.
    """
    try:
        if isinstance(number, numbers.Real) and not isinstance(number, bool):
            plain = int(number) if isinstance(number, numbers.Integral) else float(number) + 0.0
            if math.isfinite(plain):
                return _of_usual_size(plain, name)
    except OverflowError:
        pass
    remedy = "; put texts into labels=" if isinstance(number, str) and name == "points" else ""
    raise ScaleError(f"{name} must be finite numbers, got {reprlib.repr(number)}{remedy}")


def _of_usual_size(number: float, name: str) -> float:
    if number == 0 or LEAST_SIZE <= abs(number) <= GREATEST_SIZE:
        return number
    raise ScaleError(
        f"{name} must be 0 or from {LEAST_SIZE:g} to {GREATEST_SIZE:g} in size, "
        f"got {reprlib.repr(number)}"
    )


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
        raise ScaleError(
            f"missing must be a collection of codes, got {quoted(missing)}; wrap it in []"
        )
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
        points: Numbers, strictly ascending or strictly descending, at least two; each 0 or
            from 1e-50 to 1e50 in size.
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
            raise ScaleError(f"missing codes must not be answers as well, got {reprlib.repr(both)}")

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
            raise ScaleError(
                "the ends of a scale must be whole numbers, got "
                f"{reprlib.repr(low)} and {reprlib.repr(high)}"
            )
        if high - low >= _MOST_POINTS:
            raise ScaleError(
                f"a scale must have at most {_MOST_POINTS:,} points, got "
                f"{reprlib.repr(low)} to {reprlib.repr(high)}"
            )
        return cls(integers(low, high + 1), labels=labels, missing=missing)

    @classmethod
    def of_value_labels(
        cls,
        value_labels: ValueLabels,
        *,
        order: Iterable[float | str] | None = None,
        missing: Iterable[Answer] = (),
    ) -> Self:
        """
        A scale from the value labels of a variable, as SPSS, Stata and the like keep them.

        The order of the points must be certain. Without *order* it is that of the codes, which
        must be consecutive whole numbers from 0 or 1, none with a label that reads like no
        answer ("don't know", "refused", "not applicable" and the like, in English), and no
        labels that are known to stand in another order (low, medium, high; no, yes; dissatisfied
        before satisfied; and the like), the last being the best.

        Args:
            value_labels: The label of each code; those that are missing codes among them.
            order: The points by code or by label, the worst first. Codes that are numbers must
                ascend or descend along it. For codes that are texts the points are 1, 2, 3 ...,
                and answers are given by label.
            missing: Codes that mean "no answer", by code or by label; a labelled one counts
                by both.

        Raises:
            ScaleError: An order that is open and not given, or that does not list each point
                once; fewer than two points left, or numbers that are not finite.

        >>> labels = {1.0: "good", 2.0: "so-so", 3.0: "bad", 9.0: "don't know"}
        >>> Scale.of_value_labels(labels, order=["bad", "so-so", "good"], missing=[9])
        Scale(points=(3, 2, 1), labels=('bad', 'so-so', 'good'), missing=(9, "don't know"))
        """
        found = points_and_codes(value_labels, order, _as_missing(missing))
        return cls(found.points, labels=found.labels, missing=found.missing)

    def __len__(self) -> int:
        return len(self.points)

    def __str__(self) -> str:
        size, most = len(self), _MOST_SHOWN
        if size <= most:
            return ", ".join(map(self._text, integers(size)))
        return f"{', '.join(map(self._text, integers(most // 2)))}, ..., {self._text(size - 1)}"

    def _text(self, place: int) -> str:
        number = number_text(self.points[place])
        return f"{number} {plain_text(self.labels[place])}" if self.labels else number

    @property
    def point_names(self) -> tuple[str, ...]:
        """
        A text for each point, all different: its label, or the number where there are none.

        >>> Scale([0, 0.5, 1.0]).point_names
        ('0', '0.5', '1')
        """
        return self.labels or tuple(map(number_text, self.points))

    @property
    def reasons(self) -> tuple[str, ...]:
        """
        A text for each missing code, all different: the code itself, and "blank" for None.

        A text that is empty, begins with a quote or reads like another code's is in quotes.

        >>> Scale.likert(5, missing=[9, "refused", "", None]).reasons
        ('9', "''", 'refused', 'blank')
        """
        taken = {_reason(code) for code in self.missing if not isinstance(code, str)}
        return tuple(_reason(code, taken) for code in self.missing)

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
        return np.maximum(self._positions(answers), -1)

    def reason_of(self, answers: Sequence[object]) -> NDArray[np.intp]:
        """
        The position of each answer among the missing codes, -1 for the points.

        Args:
            answers: Numbers, labels or missing codes, as in `locate`.

        Raises:
            AnswerError: Answers that are neither on the scale nor missing codes.

        >>> Scale.likert(5, missing=[9, None]).reason_of([1, 9.0, None])
        array([-1,  0,  1])
        """
        return np.maximum(-1 - self._positions(answers), -1)

    def _positions(self, answers: Sequence[object]) -> NDArray[np.intp]:
        """Places of points from 0 up, those of missing codes from -1 down."""
        if not is_ordered(answers):
            raise AnswerError(f"answers must be a list or array, got {reprlib.repr(answers)}")
        places: dict[object, int] = {code: -1 - at for at, code in enumerate(self.missing)}
        places.update({point: place for place, point in enumerate(self.points)})
        places.update({label: place for place, label in enumerate(self.labels or ())})
        keys = [self._key(answer) for answer in answers]
        off = [answer for answer, key in zip(answers, keys, strict=True) if key not in places]
        if off:
            raise AnswerError(off_scale(self, off))
        return np.array([places[key] for key in keys], dtype=np.intp)

    def _key(self, answer: object) -> object:
        if is_null(answer):
            return None
        if not isinstance(answer, Hashable):
            return _NEITHER
        if isinstance(plain(answer), bool) and not (len(self) == 2 and set(self.points) == {0, 1}):
            return _NEITHER  # True is 1 to Python, but hardly to who built a five-point question
        return answer


_NEITHER = object()


def _reason(code: Answer, taken: AbstractSet[str] = frozenset()) -> str:
    if code is None:
        return "blank"
    if not isinstance(code, str):
        return number_text(code)
    return repr(code) if code in taken or code[:1] in {"", "'", '"'} else code


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
    doubled = sorted(label for label, times in Counter(labels).items() if times > 1)
    if doubled:
        raise ScaleError(
            f"labels must differ from each other, got {reprlib.repr(doubled)} more than once"
        )
