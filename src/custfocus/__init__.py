"""Customer-focus vocabulary and satisfaction indices with honest confidence intervals."""

# What the library is built on comes first, SciPy and its NumPy before attrs: the collector of garbage
# then makes its full round while there is little to go through, and the import takes a tenth less.
from scipy import special as _first

# isort: split
from attrs import frozen as _second

# isort: split
from importlib import import_module
from typing import TYPE_CHECKING

from custfocus.comparisons.compare import compare
from custfocus.comparisons.comparison import Comparison
from custfocus.errors import CustfocusError
from custfocus.indices import (
    Estimate,
    bottom_box,
    ces,
    csat,
    estimate,
    mean_score,
    net_score,
    nps,
    top_box,
)
from custfocus.progress import Scorecard, scorecard, verdict
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign
from custfocus.vocabulary import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
    Target,
)

del _first, _second

__version__ = "0.1.0"

_ROOMS = (
    "charts",
    "comparisons",
    "disclosure",
    "errors",
    "frames",
    "indices",
    "intervals",
    "planning",
    "plots",
    "progress",
    "quantities",
    "responses",
    "results",
    "surveys",
    "vocabulary",
)

__all__ = [
    "Comparison",
    "CustfocusError",
    "Customer",
    "CustomerFocus",
    "Estimate",
    "Need",
    "PerformanceMeasure",
    "Requirement",
    "Scale",
    "Scorecard",
    "Scoring",
    "Service",
    "Stakeholder",
    "Statement",
    "SurveyDesign",
    "Tally",
    "Target",
    "__version__",
    "bottom_box",
    "ces",
    "compare",
    "csat",
    "estimate",
    "mean_score",
    "net_score",
    "nps",
    "scorecard",
    "top_box",
    "verdict",
]


if TYPE_CHECKING:  # re-exported: a type checker knows custfocus.frames, and no other name
    from custfocus import charts as charts
    from custfocus import comparisons as comparisons
    from custfocus import disclosure as disclosure
    from custfocus import errors as errors
    from custfocus import frames as frames
    from custfocus import indices as indices
    from custfocus import intervals as intervals
    from custfocus import planning as planning
    from custfocus import plots as plots
    from custfocus import progress as progress
    from custfocus import quantities as quantities
    from custfocus import responses as responses
    from custfocus import results as results
    from custfocus import surveys as surveys
    from custfocus import vocabulary as vocabulary
else:

    def __getattr__(name: str) -> object:
        """A room of the library, on first use (:pep:`562`)."""
        if name in _ROOMS:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


def __dir__() -> list[str]:
    return sorted([*__all__, *_ROOMS])
