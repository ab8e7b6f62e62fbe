"""The intervals of an index by name."""

from collections.abc import Callable
from functools import partial
from typing import Literal, get_args

import numpy as np

from custfocus.errors import OptionError
from custfocus.intervals.arguments import ConfidenceInterval, Floats
from custfocus.intervals.columns import column_sum, merged_columns, ratio
from custfocus.intervals.dirichlet_limits import ExactMethod
from custfocus.intervals.exact_interval import exact_limits
from custfocus.intervals.net import NetMethod, net_limits
from custfocus.intervals.proportion import ProportionMethod, share_limits
from custfocus.intervals.score import score_limits
from custfocus.intervals.student import student_limits

EstimateMethod = Literal["score", "t", ExactMethod, ProportionMethod, NetMethod]
SurveyMethod = Literal["score", "t", ExactMethod, "logit", "beta"]
Method = Literal[EstimateMethod, SurveyMethod]
Limits = Callable[[Floats, Floats, Floats, float, Floats | None], ConfidenceInterval]


def _named(
    counts: Floats,
    scores: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
    *,
    method: str,
) -> ConfidenceInterval:
    """The limits of a method for shares or for net shares, in the unit of the scores."""
    points, columns = merged_columns(counts, scores)
    if len(points) == 2 and method in get_args(ProportionMethod):
        return share_limits(counts, scores, n, confidence_level, population, method=method)
    if not (_is_net(points) and method in get_args(NetMethod)):
        raise OptionError(_unfit(method, points))
    scaled = columns * ratio(n.ravel(), column_sum(columns))
    against, _, for_it = (column.reshape(n.shape) for column in scaled)
    low, high = net_limits(for_it, against, n, confidence_level, population, method=method)
    half = points[2] - points[1]
    return ConfidenceInterval(points[1] + half * low, points[1] + half * high)


def _is_net(points: Floats) -> bool:
    return len(points) == 3 and bool(np.isclose(points[2] - points[1], points[1] - points[0]))


def _unfit(method: str, points: Floats) -> str:
    kinds = {
        "shares, which have two scores": get_args(ProportionMethod),
        "net shares, which have three at equal distances": get_args(NetMethod),
    }
    fitting = " and ".join(kind for kind, methods in kinds.items() if method in methods)
    return (
        f"the method {method!r} is for {fitting}, got the scores "
        f"{', '.join(f'{point:g}' for point in points[:5])}{' ...' if len(points) > 5 else ''}; "
        "choose 'score', 'mid-p' or 'exact', which are for any"
    )


_FOR_ANY: dict[str, Limits] = {
    "score": score_limits,
    "t": student_limits,
    **{name: partial(exact_limits, method=name) for name in get_args(ExactMethod)},
}
LIMITS: dict[str, Limits] = {
    **_FOR_ANY,
    **{
        name: partial(_named, method=name)
        for name in [*get_args(ProportionMethod), *get_args(NetMethod)]
        if name not in _FOR_ANY
    },
}


METHODS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(LIMITS, ("answers that count alike",)),
    **dict.fromkeys(get_args(SurveyMethod), ("answers of a design",)),
    **dict.fromkeys(LIMITS.keys() & set(get_args(SurveyMethod)), ("any answers",)),
}
