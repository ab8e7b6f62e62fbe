"""How often a stable series shows a special cause: to be printed beside every chart."""

import numpy as np
from numpy.typing import ArrayLike

from custfocus.charts.false_alarm_table import FALSE_ALARMS, POINTS
from custfocus.charts.lines import ChartKind
from custfocus.charts.rule_sets import RULE_SETS, RuleSet
from custfocus.errors import choose
from custfocus.intervals.arguments import Floats, plain_numbers

_SIMULATED_AS: dict[str, str] = {
    "run": "run",
    "xmr": "xmr",
    "i-prime": "xmr",
    "p": "p",
    "p-prime": "p-prime",
    "c": "c",
    "u": "c",
    "u-prime": "u-prime",
}


def false_alarms(
    points: ArrayLike, chart: ChartKind = "xmr", rule_set: str | RuleSet = "anhoej-3sigma"
) -> Floats:
    """
    Per cent of stable series in which a rule set finds at least one special cause.

    Simulated for independent values: normal ones for ``"run"``, ``"xmr"`` and ``"i-prime"``, shares
    of 100 with p = .1 for ``"p"`` and ``"p-prime"``, counts with mean 20 for ``"c"``, ``"u"`` and
    ``"u-prime"``; the limits come from the same points, moving ranges are screened where the set
    screens them. Between the simulated numbers of points the figure is interpolated. Correlated
    or skewed series have far more (`series_notes`).

    Args:
        points: Points of a phase; shape (...).
        chart: Which chart.
        rule_set: A shipped set or its id.

    Returns:
        Per cent, to about half a percentage point; shape (...). 0 below the points from which a
        set marks any. NaN below 12 and above 120 points, and for a set that is not a shipped one.

    Raises:
        TallyError: *points* that are no numbers.
        OptionError: An unknown chart or rule set.

    References:
        Simulated with 40,000 series; tests/coverage/chart_false_alarms.py.

    >>> [round(float(false_alarms(24, "xmr", name))) for name in ("anhoej-3sigma", "nelson")]
    [8, 19]
    """
    n = plain_numbers(points, "points")
    simulated = choose("chart", chart, _SIMULATED_AS)
    known = rule_set if isinstance(rule_set, RuleSet) else choose("rule set", rule_set, RULE_SETS)
    if RULE_SETS.get(known.id) != known:
        return np.full(n.shape, np.nan)
    per_cent = np.interp(n, POINTS, FALSE_ALARMS[known.id][simulated], left=np.nan, right=np.nan)
    few = (n < known.fewest_points) & ~np.isnan(per_cent)
    return np.asarray(np.where(few, 0, per_cent))
