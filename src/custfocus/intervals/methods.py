"""The intervals of an index by name."""

from collections.abc import Callable
from functools import partial
from typing import Literal, get_args

import numpy as np

from custfocus.errors import OptionError
from custfocus.intervals.arguments import ConfidenceInterval, Floats
from custfocus.intervals.columns import column_sum, merged_columns, ratio
from custfocus.intervals.net import NetMethod, net_limits
from custfocus.intervals.proportion import ProportionMethod, proportion_limits
from custfocus.intervals.score import score_limits
from custfocus.intervals.student import student_limits

EstimateMethod = Literal["score", "t", ProportionMethod, NetMethod]
SurveyMethod = Literal["score", "t", "logit", "beta"]
Method = Literal[EstimateMethod, SurveyMethod]
Limits = Callable[[Floats, Floats, Floats, float, Floats | None], ConfidenceInterval]

_HYPERGEOMETRIC = {"clopper-pearson", "mid-p"}  # in a finite population


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
    scaled = columns * ratio(n.ravel(), column_sum(columns))
    answers = [column.reshape(n.shape) for column in scaled]
    if len(points) == 2 and method in get_args(ProportionMethod):
        if population is not None and method in _HYPERGEOMETRIC:
            answers = [np.rint(column) for column in answers]  # for sizes that are only imagined
        low, high = proportion_limits(answers[1], n, confidence_level, population, method=method)
        middle, half = points[0], points[1] - points[0]
    elif _is_net(points) and method in get_args(NetMethod):
        low, high = net_limits(
            answers[2], answers[0], n, confidence_level, population, method=method
        )
        middle, half = points[1], points[2] - points[1]
    else:
        raise OptionError(_unfit(method, points))
    return ConfidenceInterval(middle + half * low, middle + half * high)


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
        "choose 'score', which is for any"
    )


LIMITS: dict[str, Limits] = {
    "score": score_limits,
    "t": student_limits,
    **{
        name: partial(_named, method=name)
        for name in dict.fromkeys([*get_args(ProportionMethod), *get_args(NetMethod)])
        if name != "score"
    },
}


METHODS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(LIMITS, ("answers that count alike",)),
    **dict.fromkeys(get_args(SurveyMethod), ("answers of a design",)),
    **dict.fromkeys(LIMITS.keys() & set(get_args(SurveyMethod)), ("any answers",)),
}
