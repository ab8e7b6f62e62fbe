"""What each point of a scale counts: the difference between one satisfaction index and another."""

import contextlib
import numbers
import reprlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Self, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError, ScaleError
from custfocus.intervals.arguments import check_flag
from custfocus.responses.scale import Answer, Scale, as_finite, as_scale, check_scale, listed
from custfocus.results.metric import Direction, Metric

Boxes = int | Iterable[Answer]

_FEWEST_FOR_TWO = 4  # points, so that the two best and the two worst do not overlap


class Unit(StrEnum):
    """The unit that a measure is quoted in; any other text is a unit as well ("days")."""

    NUMBER = "number"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage points"


def as_unit(unit: object) -> Unit | str:
    """The enumeration's member where there is one, else the text itself."""
    if not isinstance(unit, str) or not unit.strip():
        raise ScaleError(f"a unit must be a text such as 'percent' or 'days', got {unit!r}")
    return Unit(unit) if unit in set(Unit) else unit


def _as_scores(scores: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(as_finite(score, "scores")) for score in listed(scores, "scores"))


def as_scoring(value: object) -> "Scoring":
    """The scoring itself; anything else is an error."""
    if isinstance(value, Scoring):
        return value
    raise ScaleError(
        f"expected a Scoring, got {reprlib.repr(value)}; make one, such as Scoring.top_box(scale)"
    )


def _check_name(_scoring: object, _field: "attrs.Attribute[str]", value: object) -> None:
    if not isinstance(value, str):
        raise ScaleError(f"name must be a text, got {reprlib.repr(value)}")


def _check_flag(_scoring: object, field: "attrs.Attribute[bool]", value: object) -> None:
    check_flag(value, field.name)


@attrs.frozen
class Scoring:
    """
    A number for each point of a scale; the index is its mean over the answers.

    Attributes:
        scale: The scale that is scored.
        scores: One finite number for each point, at least two different ones: 0 and 1 for a
            share, -1, 0 and 1 for a net share, anything for a mean that is 0 or from 1e-50 to
            1e50 in size.
        name: What the index is called where results are shown.
        unit: The unit it is quoted in. Shares in percent and net shares in percentage points
            are quoted 100 times their mean score.
        lower_is_better: Whether a smaller index is the better one (effort, bottom boxes).

    Raises:
        ScaleError: Scores that do not match the points, are not finite or are all equal;
            boxes that are not on the scale; a name that is no text.
        OptionError: A *lower_is_better* that is neither True nor False.

    >>> Scoring.net_promoter(Scale.range(0, 10)).scores
    (-1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 0.0, 0.0, 1.0, 1.0)
    """

    scale: Scale = attrs.field(validator=check_scale)
    scores: tuple[float, ...] = attrs.field(converter=_as_scores)
    name: str = attrs.field(default="index", validator=_check_name, kw_only=True)
    unit: Unit | str = attrs.field(default=Unit.NUMBER, converter=as_unit, kw_only=True)
    lower_is_better: bool = attrs.field(default=False, validator=_check_flag, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if len(self.scores) != len(self.scale):
            raise ScaleError(
                f"scores must be one for each of the {len(self.scale)} points, "
                f"got {len(self.scores)}"
            )
        if len(set(self.scores)) < 2:
            raise ScaleError(
                f"scores must not be all the same, got {reprlib.repr(list(self.scores))}"
            )

    @property
    def factor(self) -> float:
        """What a mean score is multiplied by to be quoted: 100 for percent, else 1."""
        return 100.0 if self.unit in {Unit.PERCENT, Unit.PERCENTAGE_POINTS} else 1.0

    @property
    def quoted_scores(self) -> NDArray[np.float64]:
        """The scores times the factor, shape (K,): their mean is the index as quoted."""
        return np.array(self.scores) * self.factor

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest value that the index can take, as quoted."""
        return float(self.quoted_scores.min()), float(self.quoted_scores.max())

    @property
    def metric(self) -> Metric:
        """What is measured, as results say it."""
        direction: Direction = "lower" if self.lower_is_better else "higher"
        return Metric(self.name, str(self.unit), self.bounds, direction)

    @classmethod
    def top_box(cls, scale: Scale, boxes: Boxes | None = None) -> Self:
        """
        The share of answers in the best points.

        Args:
            scale: The scale.
            boxes: How many points count from the best down, or which ones. By default 2, on
                scales of four points or more.

        Raises:
            ScaleError: Boxes that are none or all of the points or are not on the scale, or
                that are not given for fewer than four points.
        """
        boxes = _usual_boxes(scale, boxes, "boxes", "from the best down")
        chosen = _chosen(scale, boxes, from_top=True)
        name = _box_name("top", sum(chosen))
        return cls(scale, map(float, chosen), name=name, unit=Unit.PERCENT)

    @classmethod
    def bottom_box(cls, scale: Scale, boxes: Boxes | None = None) -> Self:
        """
        The share of answers in the worst points.

        Args:
            scale: The scale.
            boxes: How many points count from the worst up, or which ones. By default 2, on
                scales of four points or more.

        Raises:
            ScaleError: As for `top_box`.
        """
        boxes = _usual_boxes(scale, boxes, "boxes", "from the worst up")
        chosen = _chosen(scale, boxes, from_top=False)
        name = _box_name("bottom", sum(chosen))
        return cls(scale, map(float, chosen), name=name, unit=Unit.PERCENT, lower_is_better=True)

    @classmethod
    def net(
        cls, scale: Scale, *, positive: Boxes | None = None, negative: Boxes | None = None
    ) -> Self:
        """
        The share of positive answers minus the share of negative ones.

        Args:
            scale: The scale.
            positive: How many points from the best down are positive, or which ones. By default
                2, on scales of four points or more.
            negative: How many points from the worst up are negative, or which ones; likewise.

        Raises:
            ScaleError: Points that are positive and negative as well, or none or all of the
                points, or that are not given for fewer than four points.
        """
        positive = _usual_boxes(scale, positive, "positive", "from the best down")
        negative = _usual_boxes(scale, negative, "negative", "from the worst up")
        good = _chosen(scale, positive, from_top=True)
        bad = _chosen(scale, negative, from_top=False)
        both = [point for point, g, b in zip(scale.points, good, bad, strict=True) if g and b]
        if both:
            raise ScaleError(
                f"points must not be positive and negative as well, got {reprlib.repr(both)}"
            )
        scores = (float(g) - float(b) for g, b in zip(good, bad, strict=True))
        return cls(scale, scores, name="net score", unit=Unit.PERCENTAGE_POINTS)

    @classmethod
    def net_promoter(
        cls,
        scale: Scale,
        *,
        promoters: Boxes | None = None,
        detractors: Boxes | None = None,
    ) -> Self:
        """
        The share of promoters minus the share of detractors.

        Args:
            scale: The scale; 0 to 10 has the usual cut points.
            promoters: How many points from the best down are promoters, or which ones.
                9 and 10 by default.
            detractors: How many points from the worst up are detractors, or which ones.
                0 to 6 by default.

        Raises:
            ScaleError: A scale other than 0 to 10 without both; as for `net`.

        References:
            Reichheld (2003), Harvard Business Review 81(12), 46-54.
        """
        usual = sorted(as_scale(scale).points) == list(range(11))
        if not usual and (promoters is None or detractors is None):
            raise ScaleError(
                "promoters and detractors have usual cut points on 0 to 10 only, "
                f"got the points {scale}; pass promoters= and detractors="
            )
        scoring = cls.net(
            scale,
            positive=2 if promoters is None else promoters,
            negative=7 if detractors is None else detractors,
        )
        return attrs.evolve(scoring, name="NPS")

    @classmethod
    def mean(cls, scale: Scale, low: float = 0, high: float = 100) -> Self:
        """
        The mean, with the worst point counted as *low*, the best as *high*, the rest between.

        Points keep their distances: (x - worst) / (best - worst), never x / best.

        Args:
            scale: The scale.
            low: What the worst point counts.
            high: What the best point counts; less than *low* if lower is better.

        Raises:
            ScaleError: Ends that are equal, not finite, or neither 0 nor from 1e-50 to 1e50 in
                size.
        """
        low, high = as_finite(low, "low and high"), as_finite(high, "low and high")
        worst, best = as_scale(scale).points[0], scale.points[-1]
        shares = [(point - worst) / (best - worst) for point in scale.points]
        unit = f"{low:.15g} to {high:.15g}"
        return cls(
            scale,
            [low + (high - low) * share for share in shares],
            name=f"mean score ({unit})",
            unit=unit,
            lower_is_better=high < low,
        )


def _chosen(scale: Scale, boxes: Boxes, *, from_top: bool) -> list[bool]:
    """Whether each point is among the boxes: so many from one end, or the points listed."""
    size = len(as_scale(scale))
    if isinstance(boxes, Iterable) and getattr(boxes, "ndim", True):  # an array () is no list
        places = _listed_places(scale, boxes)
    else:
        count = _box_count(boxes, size)
        places = set(range(size - count, size) if from_top else range(count))
    return [place in places for place in range(size)]


def _usual_boxes(scale: Scale, boxes: Boxes | None, name: str, end: str) -> Boxes:
    """The boxes that were given, or two, which on a short scale would be most of its points."""
    size = len(as_scale(scale))
    if boxes is None and size < _FEWEST_FOR_TWO:
        raise ScaleError(
            f"{name} must be given for a scale of {size} points, {scale}; "
            f"pass {name}= with how many points count {end}, or which ones"
        )
    return 2 if boxes is None else boxes


def _box_count(boxes: object, size: int) -> int:
    whole = isinstance(boxes, numbers.Integral) and not isinstance(boxes, bool)
    if not whole or not 0 < cast("int", boxes) < size:
        raise ScaleError(
            f"boxes must be 1 to {size - 1} of the {size} points, got {boxes!r}; "
            "to say which points, pass a list of them"
        )
    return int(cast("int", boxes))


def _listed_places(scale: Scale, points: Iterable[Answer]) -> set[int]:
    places: set[int] = set()
    with contextlib.suppress(AnswerError, TypeError):  # the latter of a single result
        points = [points] if isinstance(points, str) else list(points)
        places.update(scale.locate(points).tolist())
    if not places or -1 in places or len(places) == len(scale):
        raise ScaleError(
            f"boxes must be some of the points, not none, not all, got {reprlib.repr(points)}; "
            f"the points are {scale}"
        )
    return places


def _box_name(end: str, boxes: int) -> str:
    return f"{end} box" if boxes == 1 else f"{end} {boxes} boxes"
