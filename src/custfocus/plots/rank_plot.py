"""The ranks that groups may have, the best first."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from custfocus.comparisons import Ranks
from custfocus.plots.canvas import GAP, SideColumn, canvas, check_axes, framed
from custfocus.plots.cells import Cells, title_of
from custfocus.plots.colours import PLAIN
from custfocus.plots.kinds import check_kind
from custfocus.plots.picture_lines import lines_of
from custfocus.results.arrays import Places


def ranks(result: Ranks, /, *, ax: Axes | None = None) -> Axes:
    """
    The rank of each group and those that it may have, the best group on top.

    Where the ranks are within other names, each of these has a block of its own.

    Args:
        result: The ranks.
        ax: The axes to draw on; by default those of a new figure, which is as tall as its rows
            need.

    Returns:
        The axes, whose axis across are the ranks, 1 at the left.

    Raises:
        OptionError: Another kind of result; more than 1,000 rows; *ax* that is no axes.

    >>> from custfocus import Scale, Tally, top_box
    >>> from custfocus.comparisons import rank
    >>> from matplotlib import pyplot
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> axes = ranks(rank(top_box(tally, boxes=1)))
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['W', 'N', 'S']
    >>> pyplot.close()
    """
    check_kind("ranks", result)
    check_axes(ax)
    names = [name for name in result.keys.names if name == result.across]
    lines = lines_of(result, result.metric.name, names=names, order=_best_first(result))
    cells = Cells.of(result, lines.rows)
    columns = [
        SideColumn("n", cells.texts("n")),
        SideColumn("value", cells.texts("value")),
        SideColumn("rank [from, to]", cells.quoted("rank", "rank_low", "rank_high")),
    ]
    frame = framed(
        ax,
        title_of(result, f"rank by {result.metric.name}"),
        [result.caption(), *result.notes],
        left=lines.width,
        right=sum(column.width + GAP for column in columns),
        picture=lines.points,
    )
    with canvas(ax, frame) as drawn:
        drawn.rows(lines)
        drawn.across(0.5, np.nanmax(result.ranked, initial=2) + 0.5)
        drawn.pen.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
        low, high = cells.numbers("rank_low"), cells.numbers("rank_high")
        drawn.intervals(lines.places, low, high, PLAIN)
        drawn.points(cells.numbers("rank"), lines.places, PLAIN)
        for y in lines.places[np.isnan(cells.numbers("rank"))].tolist():
            drawn.remark(y, "no answers")
        drawn.columns(lines.places, columns)
    return drawn.axes


def _best_first(result: Ranks) -> Places:
    """The rows block by block, within each by rank; those without answers last."""
    if result.across not in result.keys.names:  # chosen away: block by block as they are
        return np.arange(result.keys.rows)
    _, block = result.keys.without(result.across)
    return np.asarray(np.lexsort((result.rank_high, result.rank_low, result.rank, block)))
