"""The picture of a result, whatever kind it is."""

from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes

from custfocus.plots.distribution_plot import distribution
from custfocus.plots.funnel_plot import funnel
from custfocus.plots.interval_plot import intervals
from custfocus.plots.kinds import function_for
from custfocus.plots.rank_plot import ranks
from custfocus.plots.scorecard_page import scorecard
from custfocus.plots.series_plot import series
from custfocus.progress import Scorecard
from custfocus.results import Result

_FUNCTIONS: dict[str, Callable[..., Axes]] = {
    "distribution": distribution,
    "funnel": funnel,
    "intervals": intervals,
    "ranks": ranks,
    "scorecard": scorecard,
    "series": series,
}


def draw(result: Result | Scorecard, /, *, ax: Axes | None = None) -> Axes:
    """
    Draw a result by the function for its kind.

    Args:
        result: A tally (`distribution`); an estimate (suppressed or shrunken too), a verdict, a
            recorded quantity, bounds for those without an answer, a comparison (`intervals`);
            ranks (`ranks`); a funnel (`funnel`); a scorecard (`scorecard`); or a chart (`series`).
        ax: The axes to draw on; by default those of a new figure, which is as tall as its rows
            need.

    Returns:
        The axes.

    Raises:
        OptionError: A result that no function draws; *ax* that is no axes.

    >>> from custfocus import Scale, Tally, csat
    >>> from matplotlib import pyplot
    >>> answers = Tally([[1, 2, 9, 20, 8]], Scale.likert(5), by={"shop": ["north"]})
    >>> draw(csat(answers)).get_title(loc="left")
    'CSAT, percent'
    >>> pyplot.close()
    """
    chosen: Any = _FUNCTIONS[function_for(result)]
    axes: Axes = chosen(result, ax=ax)
    return axes
