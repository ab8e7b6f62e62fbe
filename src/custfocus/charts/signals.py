"""What a rule set says of series: marked points, improvement or concern, and assurance."""

from typing import TypeVar

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.charts.lines import ChartLimits, check_limits
from custfocus.charts.patterns import RULES
from custfocus.charts.points import Points, Sides, check_fit, phase_points
from custfocus.charts.rule_sets import FEWEST_POINTS, RULE_SETS, RuleSet
from custfocus.charts.series import Bools, Phases, series_values
from custfocus.errors import OptionError, TallyError, choose
from custfocus.intervals.arguments import Floats, plain_numbers, unwritable
from custfocus.messages import quoted

N = TypeVar("N", bound=np.generic)


@attrs.frozen(eq=False, repr=False)
class SpecialCauses:
    """
    What a rule set says of each point, as read-only arrays.

    Attributes:
        rule_set: The rules.
        codes: Which rule marks a point, by its place in ``rule_set.rules``; -1 for none. Of
            several the first. Shape (..., periods).
        direction: 1 where the mark points up, -1 down, 0 for neither and for no mark; same shape.
        conflict: Whether rules that mark the point disagree on its direction; same shape.
        latest: The last period with a value, counted from 0; -1 where there is none. Shape (...).
        latest_value: The value there, in the unit of the chart; shape (...).
        latest_centre: The centre line there, likewise.
        points: How many points the lines there rest on; shape (...).
    """

    rule_set: RuleSet
    codes: Sides
    direction: Sides
    conflict: Bools
    latest: Phases
    latest_value: Floats
    latest_centre: Floats
    points: Floats

    @property
    def rules(self) -> NDArray[np.str_]:
        """The name of the rule that marks each point, empty for none; shape (..., periods)."""
        names = [rule.function for rule in self.rule_set.rules]
        return np.array([*names, ""])[self.codes]

    @property
    def any(self) -> Bools:
        """Whether any point of the series is marked; shape (...)."""
        return np.asarray((self.codes >= 0).any(axis=-1))

    @property
    def latest_rule(self) -> NDArray[np.str_]:
        """The rule that marks the latest point, empty for none; shape (...)."""
        names = [rule.function for rule in self.rule_set.rules]
        return np.asarray(np.array([*names, ""])[self.at_latest(self.codes)])

    def at_latest(self, of_points: NDArray[N]) -> NDArray[N]:
        """What stands at the latest point of each series; shape (...)."""
        place = np.maximum(self.latest, 0)[..., None]
        return np.take_along_axis(of_points, place, axis=-1)[..., 0]

    def __repr__(self) -> str:
        return (
            f"SpecialCauses({self.rule_set.id!r}, {np.count_nonzero(self.codes >= 0)} of "
            f"{self.codes.size} points marked)"
        )


def special_causes(
    values: ArrayLike, limits: ChartLimits, rule_set: str | RuleSet = "anhoej-3sigma"
) -> SpecialCauses:
    """
    Which points a rule set marks, by which of its rules, and whether they point up or down.

    A mark points to the side of the centre that the point lies on, a trend the way it goes
    (``rule_set.trend_direction``), a rule about a whole phase to the side on which most of its
    later half lies. Nothing is marked in a phase whose lines rest on fewer points than
    ``rule_set.fewest_points``; where the points of a baseline are all equal, only those that
    differ are.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        rule_set: The id of a shipped set (`RULE_SETS`), or one of your own.

    Returns:
        Marks and directions of shape (..., periods), and the latest point of each series.

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown rule set.

    References:
        Example: made up; points 7 to 13 rise.

    >>> from custfocus.charts import xmr_limits
    >>> values = [50, 52, 49, 51, 53, 50, 47, 48, 49, 50, 51, 52, 53, 50, 49, 51]
    >>> causes = special_causes(values, xmr_limits(values), "ptd-0.2.2")
    >>> causes
    SpecialCauses('ptd-0.2.2', 7 of 16 points marked)
    >>> str(causes.rules[9]), int(causes.direction[9]), causes.latest_rule.item()
    ('trend', 1, '')
    """
    rules = rule_set if isinstance(rule_set, RuleSet) else choose("rule set", rule_set, RULE_SETS)
    y = series_values(values)
    check_fit(y, limits)
    periods = y.shape[-1]
    codes = np.full(y.shape, -1, np.int8)
    direction, conflict = np.zeros(y.shape, np.int8), np.zeros(y.shape, bool)
    flat = codes.reshape(-1, periods), direction.reshape(-1, periods)
    disagree = conflict.reshape(-1, periods)
    fixed = (limits.points >= min(rules.fewest_points, FEWEST_POINTS)).reshape(-1, periods)
    for rows, _, points in phase_points(y, limits):
        written = flat[0][rows], flat[1][rows]
        disagree[rows] |= _mark(points, rules, fixed[rows], written)
    latest = periods - 1 - np.argmax(~np.isnan(y)[..., ::-1], axis=-1)
    latest = np.where(np.isnan(y).all(axis=-1), -1, latest)
    place = np.maximum(latest, 0)[..., None]
    value, centre, count = (
        unwritable(np.take_along_axis(one, place, axis=-1)[..., 0])
        for one in (y, limits.centre, limits.points)
    )
    return SpecialCauses(
        rules,
        unwritable(codes),
        unwritable(direction),
        unwritable(conflict),
        unwritable(latest),
        value,
        centre,
        count,
    )


def _mark(points: Points, rules: RuleSet, fixed: Bools, written: tuple[Sides, Sides]) -> Bools:
    """Codes and directions of one phase, written beside those of others, and its conflicts."""
    codes, direction = written
    count = points.values.shape[-1] - points.missing.sum(axis=-1, keepdims=True)
    enough = fixed & (count >= rules.fewest_points)
    varies = enough & ~(points.sigma == 0)
    high, low = np.zeros_like(points.missing), np.zeros_like(points.missing)
    for code in reversed(range(len(rules.rules))):
        rule = rules.rules[code]
        marks, way = RULES[rule.function](points, **dict(rule.options))
        marks = marks & (enough if rule.function == "beyond_limits" else varies)
        if way is None or (rule.function == "trend" and rules.trend_direction == "side"):
            way = points.side
        places = np.flatnonzero(marks)
        ways = way.reshape(-1)[places]
        codes.reshape(-1)[places], direction.reshape(-1)[places] = code, ways
        high.reshape(-1)[places] |= ways > 0
        low.reshape(-1)[places] |= ways < 0
    return high & low


def variation(
    causes: SpecialCauses,
    direction: str,
    *,
    target_low: ArrayLike | None = None,
    target_high: ArrayLike | None = None,
) -> NDArray[np.object_]:
    """
    What the latest point of each series says: improvement, concern or common cause.

    The latest point alone decides, as in Making Data Count: an old signal is history. For
    ``"within"`` a mark that points towards the range is an improvement as long as the centre line
    lies outside it; where the centre lies inside, a mark on a point outside is a concern.

    Args:
        causes: What `special_causes` gives.
        direction: Which values are better: ``"higher"``, ``"lower"`` or ``"within"`` a range.
        target_low: The lower end of the range for ``"within"``, in the unit of the chart; shape
            (...) or one for all.
        target_high: The upper end, likewise.

    Returns:
        Per series ``"improvement"``, ``"concern"``, ``"common cause"``, or ``"special cause"`` for
        a mark that is neither; None where the lines rest on fewer than 12 points (13 for
        ``"nhs-mdc-2024"``). Shape (...).

    Raises:
        TallyError: Anything but special causes.
        OptionError: An unknown direction, ``"within"`` without its range or with an empty one.

    References:
        NHS England, Making Data Count. Example: a series of its R package NHSRplotthedots.

    >>> from custfocus.charts import xmr_limits
    >>> waits = [62, 60, 63, 61, 59, 62, 60, 61, 58, 57, 56, 55, 54, 53, 52, 55]
    >>> causes = special_causes(waits, xmr_limits(waits), "ptd-0.2.2")
    >>> variation(causes, "lower").item()
    'improvement'
    """
    if not isinstance(causes, SpecialCauses):
        raise TallyError(
            f"causes must be special causes, got {quoted(causes)}; "
            "write special_causes(values, limits)"
        )
    choose("direction", direction, _DIRECTIONS)
    way = causes.at_latest(causes.direction).astype(np.int64)
    if direction == "within":
        better = way * _towards_range(causes, way, *_target(direction, target_low, target_high))
    else:
        better = way if direction == "higher" else -way
    if causes.rule_set.conflict == "improvement":
        better = np.where(causes.at_latest(causes.conflict), np.abs(better), better)
    names = np.array(["concern", "special cause", "improvement"], object)
    marked = causes.at_latest(causes.codes) >= 0
    enough = causes.points >= max(FEWEST_POINTS, causes.rule_set.fewest_points)
    said = np.asarray(np.where(marked, names[better + 1], "common cause"), object)
    said[~enough | (causes.latest < 0)] = None
    return said


def assurance(
    limits: ChartLimits,
    direction: str,
    *,
    target_low: ArrayLike | None = None,
    target_high: ArrayLike | None = None,
) -> NDArray[np.object_]:
    """
    Whether the process as it runs will meet its target: always, never, or now and then.

    The target is compared with the limits of the latest period that has some. A value at the
    target meets it: the lower limit at the target consistently meets "at least", the upper one
    at the target still may. Where all values are equal, or a baseline has no events or nothing
    but events, the centre is compared.

    Args:
        limits: The lines of the chart, of shape (..., periods).
        direction: Which values are better: ``"higher"`` than *target_low*, ``"lower"`` than
            *target_high*, or ``"within"`` both.
        target_low: The least that meets the target, in the unit of the chart; shape (...) or one
            for all.
        target_high: The most, likewise.

    Returns:
        Per series ``"consistently meets"``, ``"consistently misses"`` or ``"hit and miss"``; None
        where there are no limits or they rest on fewer than 12 points. Shape (...).

    Raises:
        TallyError: Anything but the limits of a chart.
        OptionError: An unknown direction, no target for it, or an empty range.

    References:
        NHS England, Making Data Count. Example: limits 52.24 to 61.26, lower is better.

    >>> from custfocus.charts import xmr_limits
    >>> waits = [62, 60, 63, 61, 59, 62, 60, 61, 58, 57, 56, 55]
    >>> waits += [54, 53, 52, 55, 54, 53, 55, 54, 56, 53, 54, 55]
    >>> limits = xmr_limits(waits)
    >>> [assurance(limits, "lower", target_high=target).item() for target in (62, 58, 52)]
    ['consistently meets', 'hit and miss', 'consistently misses']
    """
    check_limits(limits)
    least, most = _target(direction, target_low, target_high)
    low, high, points = _latest_limits(limits)
    slack = 1e-9 * (high - low) + 1e-12 * np.maximum(np.abs(low), np.abs(high))
    meets = (low >= least - slack) & (high <= most + slack)
    misses = (high < least - slack) | (low > most + slack)
    said = np.asarray(np.where(meets, "consistently meets", "hit and miss"), object)
    said[misses] = "consistently misses"
    said[np.isnan(low) | (points < FEWEST_POINTS)] = None
    return said


def _towards_range(
    causes: SpecialCauses, way: NDArray[np.int64], low: Floats, high: Floats
) -> NDArray[np.int64]:
    """What a mark is multiplied with to be 1 towards the range, -1 away from it, 0 within."""
    centre, value = causes.latest_centre, causes.latest_value
    outside = np.where((value < low) | (value > high), -way, 0)
    return np.where(centre < low, 1, np.where(centre > high, -1, outside))


def _latest_limits(limits: ChartLimits) -> tuple[Floats, Floats, Floats]:
    """The limits of the last phase's latest period with some, and the points they rest on."""
    low, high = limits.low, limits.high
    if limits.chart not in {"run", "xmr", "i-prime"}:  # no event, or nothing but events
        certain = (limits.centre == 0) | (limits.chart.startswith("p") & (limits.centre == 1))
        low, high = (np.where(certain, limits.centre, line) for line in (low, high))
    there = ~np.isnan(low) & (limits.phases == limits.phases[..., -1:])
    place = (low.shape[-1] - 1 - np.argmax(there[..., ::-1], axis=-1))[..., None]
    low, high, points = (
        np.take_along_axis(line, place, axis=-1)[..., 0] for line in (low, high, limits.points)
    )
    return low, high, points


def _target(
    direction: str, target_low: ArrayLike | None, target_high: ArrayLike | None
) -> tuple[Floats, Floats]:
    """The range that meets the target, with an infinite end where there is none."""
    wanted = choose("direction", direction, _DIRECTIONS)
    given = {"target_low": target_low, "target_high": target_high}
    if tuple(name for name, value in given.items() if value is not None) != wanted:
        raise OptionError(
            f"direction {direction!r} takes {' and '.join(wanted)} as its target; "
            f"write {', '.join(f'{name}=...' for name in wanted)} and no other"
        )
    low = plain_numbers(-np.inf if target_low is None else target_low, "target_low")
    high = plain_numbers(np.inf if target_high is None else target_high, "target_high")
    if (low > high).any():
        raise OptionError(f"target_low must not exceed target_high, got {low} and {high}")
    return low, high


_DIRECTIONS = {
    "higher": ("target_low",),
    "lower": ("target_high",),
    "within": ("target_low", "target_high"),
}
