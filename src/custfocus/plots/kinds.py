"""Which function draws which kind of result."""

from custfocus.comparisons import Comparison, Funnel, OrderComparison, Ranks, Shrunken
from custfocus.disclosure import Suppressed, SuppressedComparison
from custfocus.errors import OptionError
from custfocus.indices import Estimate, NonresponseBounds
from custfocus.progress import Chart, Rolling, Scorecard, Verdict, WindowChange
from custfocus.quantities import Quantity
from custfocus.responses import Tally
from custfocus.results.text import kind_text
from custfocus.surveys import SurveyTally

KINDS: dict[str, tuple[type, ...]] = {
    "distribution": (Tally, SurveyTally),
    "funnel": (Funnel,),
    "intervals": (
        Estimate,
        Verdict,
        Quantity,
        Rolling,
        NonresponseBounds,
        Comparison,
        OrderComparison,
        WindowChange,
        Suppressed,
        SuppressedComparison,
        Shrunken,
    ),
    "ranks": (Ranks,),
    "scorecard": (Scorecard,),
    "series": (Chart,),
}


def function_for(result: object) -> str:
    """
    The name of the function that draws a result.

    Raises:
        OptionError: A result of another kind, or anything else.
    """
    for name, kinds in KINDS.items():
        if isinstance(result, kinds):
            return name
    raise _no_picture("draw", result)


def check_kind(function: str, result: object) -> None:
    """
    An error unless a function draws results of this kind.

    Raises:
        OptionError: A result of another kind, or anything else.
    """
    if not isinstance(result, KINDS[function]):
        raise _no_picture(function, result)


def _no_picture(function: str, result: object) -> OptionError:
    known = "; ".join(
        f"{name} draws {_listed([kind.__name__ for kind in kinds])}"
        for name, kinds in KINDS.items()
    )
    return OptionError(f"plots.{function} can't draw {kind_text(result)}; {known}")


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
