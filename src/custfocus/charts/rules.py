"""
Rules for special causes: each marks the points of a chart that stable data would rarely show.

All take values and the limits of a chart, of shape (..., periods), and give marks of that shape.
"Beyond" is strict: a point closer to a line than a billionth of its phase's range lies on it. A
missing period neither breaks nor lengthens a run, and breaks a trend. No rule looks across phases.
"""

from numpy.typing import ArrayLike

from custfocus.charts.lines import ChartLimits
from custfocus.charts.patterns import OnCentre, Ties, TwoOfThree, marked
from custfocus.charts.points import Mark
from custfocus.charts.series import Bools


def beyond_limits(values: ArrayLike, limits: ChartLimits) -> Bools:
    """
    Points above the upper or below the lower limit.

    Where the points of the baseline are all equal the limits are the centre, and whatever differs
    is beyond them.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.

    References:
        Shewhart (1931). Example: the vignette of NHSRplotthedots, whose fifth point is out.

    >>> from custfocus.charts import xmr_limits
    >>> values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    >>> beyond_limits(values, xmr_limits(values)).nonzero()[0] + 1
    array([5])
    """
    return marked("beyond_limits", values, limits)


def two_of_three(
    values: ArrayLike,
    limits: ChartLimits,
    *,
    version: TwoOfThree = "third-anywhere",
    mark: Mark = "last",
) -> Bools:
    """
    Two of three points in a row beyond two standard deviations.

    - ``"third-anywhere"``: two beyond 2 sigma on one side, the third anywhere (Western Electric,
      Nelson); the first two points of a phase are enough.
    - ``"same-side"``: of three points on one side of the centre two beyond 2 sigma (NHS England's
      tool from November 2023).
    - ``"same-side-between"``: the same, and only points within the limits count
      (NHSRplotthedots 0.2.2, NHS England's tool before).
    - ``"any-side-between"``: two between 2 sigma and the limits on any sides (NHSRplotthedots 0.1.0).

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        version: One of the above.
        mark: ``"last"`` marks the point with which the pattern is complete, ``"all"`` all of its
            points beyond 2 sigma.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option.

    References:
        Western Electric (1956), Statistical Quality Control Handbook. Example: made up.

    >>> from custfocus.charts import xmr_limits
    >>> values = [5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 8.2, 8.3]
    >>> limits = xmr_limits(values, baseline=10)
    >>> two_of_three(values, limits).nonzero()[0] + 1
    array([12])
    """
    return marked("two_of_three", values, limits, version=version, mark=mark)


def four_of_five(values: ArrayLike, limits: ChartLimits, *, mark: Mark = "last") -> Bools:
    """
    Four of five points in a row beyond one standard deviation on one side, the fifth anywhere.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        mark: ``"last"`` marks the point with which the pattern is complete, ``"all"`` all of its
            points beyond 1 sigma.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option.

    References:
        Western Electric (1956), Statistical Quality Control Handbook. Example: made up.

    >>> from custfocus.charts import xmr_limits
    >>> values = [5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 7, 7, 5, 7, 7]
    >>> four_of_five(values, xmr_limits(values, baseline=10)).nonzero()[0] + 1
    array([15])
    """
    return marked("four_of_five", values, limits, mark=mark)


def run_on_one_side(
    values: ArrayLike,
    limits: ChartLimits,
    *,
    length: int = 8,
    on_centre: OnCentre = "break",
    mark: Mark = "all",
) -> Bools:
    """
    A run of so many points on one side of the centre line.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape; the centre may be a median (`run_limits`).
        length: Points that make a run: 6, 7, 8 or 9 by most rules.
        on_centre: A point on the centre ``"break"``s a run, or is skipped (``"skip"``): it neither
            breaks nor lengthens it and is not marked.
        mark: ``"all"`` marks all points of the run, ``"last"`` from the *length*-th on.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option, a length below 2.

    References:
        Nelson (1984), Journal of Quality Technology 16, 237-239. Example: made up, about the
        mean 5.

    >>> from custfocus.charts import xmr_limits
    >>> values = [4, 6, 4, 6, 4, 6, 4, 6, 4, 6, 6, 6, 6, 5, 6, 6, 6, 4, 4, 4, 4, 6, 4, 4, 4, 5]
    >>> limits = xmr_limits(values)
    >>> bool(run_on_one_side(values, limits, length=7).any())
    False
    >>> run_on_one_side(values, limits, length=7, on_centre="skip").nonzero()[0] + 1
    array([10, 11, 12, 13, 15, 16, 17])
    """
    return marked("run_on_one_side", values, limits, length=length, on_centre=on_centre, mark=mark)


def trend(
    values: ArrayLike,
    limits: ChartLimits,
    *,
    length: int = 6,
    ties: Ties = "break",
    mark: Mark = "all",
) -> Bools:
    """
    So many points in a row that rise, or that fall, each from the one before.

    Args:
        values: The points of the chart, NaN for a missing period, which breaks a trend; shape
            (..., periods).
        limits: The lines of the chart, of the same shape; only their phases matter.
        length: Points of a trend; 6 points are 5 moves.
        ties: Two equal neighbours ``"break"`` a trend, or the repeat is skipped (``"skip"``): it
            neither breaks nor lengthens it.
        mark: ``"all"`` marks all points of the trend, ``"last"`` from the *length*-th on.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option, a length below 2.

    References:
        Nelson (1984), Journal of Quality Technology 16, 237-239. Example: the test of
        NHSRplotthedots in which a tie breaks.

    >>> from custfocus.charts import run_limits
    >>> values = [1, 2, 3, 3, 4, 5, 6]
    >>> bool(trend(values, run_limits(values)).any())
    False
    >>> bool(trend(values, run_limits(values), ties="skip").all())
    True
    """
    return marked("trend", values, limits, length=length, ties=ties, mark=mark)


def alternating(
    values: ArrayLike, limits: ChartLimits, *, length: int = 14, mark: Mark = "all"
) -> Bools:
    """
    So many points in a row that alternate up and down.

    Args:
        values: The points of the chart, NaN for a missing period, which breaks the pattern; shape
            (..., periods).
        limits: The lines of the chart, of the same shape; only their phases matter.
        length: Points of the pattern.
        mark: ``"all"`` marks all of its points, ``"last"`` from the *length*-th on.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option, a length below 3.

    References:
        Nelson (1984), Journal of Quality Technology 16, 237-239. Example: made up.

    >>> from custfocus.charts import run_limits
    >>> values = [1, 2] * 7 + [2]
    >>> int(alternating(values, run_limits(values)).sum())
    14
    """
    return marked("alternating", values, limits, length=length, mark=mark)


def within_one_sigma(
    values: ArrayLike, limits: ChartLimits, *, length: int = 15, mark: Mark = "all"
) -> Bools:
    """
    So many points in a row within one standard deviation of the centre, on either side.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        length: Points of the pattern.
        mark: ``"all"`` marks all of its points, ``"last"`` from the *length*-th on.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option, a length below 2.

    References:
        Nelson (1984), Journal of Quality Technology 16, 237-239. Example: made up.

    >>> from custfocus.charts import xmr_limits
    >>> values = [4, 6, 4, 6, 4, 6, 9] + [5, 5.1] * 8
    >>> int(within_one_sigma(values, xmr_limits(values, baseline=6)).sum())
    16
    """
    return marked("within_one_sigma", values, limits, length=length, mark=mark)


def beyond_one_sigma(
    values: ArrayLike, limits: ChartLimits, *, length: int = 8, mark: Mark = "all"
) -> Bools:
    """
    So many points in a row beyond one standard deviation, on either side, none within.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        length: Points of the pattern.
        mark: ``"all"`` marks all of its points, ``"last"`` from the *length*-th on.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option, a length below 2.

    References:
        Nelson (1984), Journal of Quality Technology 16, 237-239. Example: made up.

    >>> from custfocus.charts import xmr_limits
    >>> values = [4, 6, 4, 6, 4, 6] + [1, 1, 9, 9, 1, 1, 9, 9]
    >>> beyond_one_sigma(values, xmr_limits(values, baseline=6)).nonzero()[0] + 1
    array([ 7,  8,  9, 10, 11, 12, 13, 14])
    """
    return marked("beyond_one_sigma", values, limits, length=length, mark=mark)
