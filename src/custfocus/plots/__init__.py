"""Pictures of results on axes of Matplotlib; needs the extra ``plots``."""

from importlib.util import find_spec

from custfocus.errors import PLOTS_EXTRA, missing_extra

if find_spec("matplotlib") is None:
    raise missing_extra("matplotlib", PLOTS_EXTRA)

from custfocus.plots.distribution_plot import distribution
from custfocus.plots.draw import draw
from custfocus.plots.funnel_plot import funnel
from custfocus.plots.interval_plot import intervals
from custfocus.plots.rank_plot import ranks
from custfocus.plots.scorecard_page import scorecard
from custfocus.plots.series_plot import series

__all__ = ["distribution", "draw", "funnel", "intervals", "ranks", "scorecard", "series"]
