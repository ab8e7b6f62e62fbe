"""Right calls of every function of charts and plots, for the sweep of wrong input."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from matplotlib import pyplot as plt

from custfocus import Target, charts, csat, plots, scorecard
from custfocus.charts import Rule, special_causes, xmr_limits
from custfocus.comparisons import funnel, rank
from custfocus.progress import chart
from custfocus.quantities import Observed
from every_result import ANSWERS, FOCUS, labelled

Call = tuple[Callable[..., object], dict[str, Any]]

VALUES = [5, 6, 4, 5, 7, 4, 5, 6, 4, 5, 6, 5, 8, 5]
LIMITS = xmr_limits(VALUES)
LINES = {"baseline": 12, "phases": [0] * 14}
POINTS = {"values": VALUES, "limits": LIMITS}
SCREENED = LINES | {"screened": True}
SHARES = {"events": VALUES, "sizes": 50}
RATES = {"events": VALUES, "exposure": 2}
SERIES = chart(Observed(VALUES, period=[f"{2010 + place}" for place in range(14)]))
TREND = {"length": 7, "ties": "break", "mark": "all"}
RANGE = {"target_low": 4, "target_high": 6}


def closed(function: Callable[..., object]) -> Callable[..., object]:
    """The function, with its pictures closed when it has drawn them."""

    @wraps(function)
    def drawn(*given: object, **options: object) -> None:
        try:
            function(*given, **options)
        finally:
            plt.close("all")

    return drawn


def _of(room: object, cases: dict[str, dict[str, Any]]) -> dict[str, Call]:
    return {name: (getattr(room, name), arguments) for name, arguments in cases.items()}


CHARTS = _of(charts, {
    "run_limits": {"values": VALUES} | LINES,
    "xmr_limits": {"values": VALUES, "multiple": 2.66} | SCREENED,
    "i_prime_limits": {"values": VALUES, "sizes": 50} | SCREENED,
    "p_limits": SHARES | LINES,
    "p_prime_limits": SHARES | SCREENED,
    "c_limits": {"counts": VALUES} | LINES,
    "u_limits": RATES | LINES,
    "u_prime_limits": RATES | SCREENED,
    "points_of": SHARES,
    "beyond_limits": POINTS,
    "two_of_three": POINTS | {"version": "same-side", "mark": "all"},
    "four_of_five": POINTS | {"mark": "all"},
    "run_on_one_side": POINTS | {"length": 7, "on_centre": "skip", "mark": "last"},
    "trend": POINTS | {"length": 6, "ties": "skip", "mark": "last"},
    "alternating": POINTS | {"length": 14, "mark": "last"},
    "within_one_sigma": POINTS | {"length": 15, "mark": "last"},
    "beyond_one_sigma": POINTS | {"length": 8, "mark": "last"},
    "long_run": POINTS | {"centre": "median"},
    "few_crossings": POINTS | {"centre": "median"},
    "runs_analysis": POINTS | {"centre": "median"},
    "autocorrelation": {"values": VALUES, "phases": [0] * 14},
    "skewness": {"values": VALUES, "phases": [0] * 14},
    "series_notes": {"values": VALUES, "phases": [0] * 14},
    "limits_notes": {"limits": LIMITS},
    "false_alarms": {"points": [12, 24], "chart": "xmr", "rule_set": "nelson"},
    "special_causes": POINTS | {"rule_set": "nelson"},
    "variation": {"causes": special_causes(VALUES, LIMITS), "direction": "within"} | RANGE,
    "assurance": {"limits": LIMITS, "direction": "within"} | RANGE,
    "Rule": {"function": "trend", "options": TREND},
    "RuleSet": {"id": "ours", "version": "1", "source": "handbook",
        "rules": [Rule("beyond_limits")], "screened": True, "fewest_points": 12,
        "trend_direction": "side", "conflict": "improvement"},
})  # fmt: skip

PLOTS = {
    f"plots.{name}": (closed(function), arguments | {"ax": None})
    for name, (function, arguments) in _of(plots, {
        "draw": {"result": csat(labelled())},
        "distribution": {"sample": labelled(), "diverging": True},
        "intervals": {"result": csat(labelled()), "target": Target.at_least(60)},
        "ranks": {"result": rank(csat(labelled()), across="shop")},
        "funnel": {"result": funnel(csat(labelled()), across="shop")},
        "scorecard": {"card": scorecard(FOCUS, {"q7": ANSWERS})},
        "series": {"result": SERIES, "target": Target.at_most(6)},
    }).items()
}  # fmt: skip

CHART_CALLS = CHARTS | PLOTS

CHART_MESSAGES: list[tuple[str, str, object, str]] = [
    ("Rule", "options", {**TREND, "size": 1}, "unknown option of trend 'size'"),
    ("Rule", "options", ("a", "b"), "options of a rule must be values by name, got ('a', 'b')"),
    ("Rule", "options", {1: 7}, "options of a rule must be values by name, got {1: 7}; write"),
    ("RuleSet", "rules", [], "rules must be a list of at least one Rule, got []; write [Rule"),
    ("RuleSet", "rules", ["trend"], "rules must be a list of at least one Rule, got ['trend']"),
    ("RuleSet", "source", None, "source of a rule set must be a text, got None; write source="),
    ("RuleSet", "screened", "no", "screened must be True or False, got 'no'"),
    ("RuleSet", "fewest_points", 0, "fewest_points must be a whole number of 1 or more, got 0"),
    ("RuleSet", "trend_direction", "up", "unknown trend_direction 'up'"),
    ("RuleSet", "conflict", "worse", "unknown conflict 'worse'"),
    (
        "trend",
        "limits",
        [1, 2],
        "limits must be those of a chart, got [1, 2]; write xmr_limits",
    ),
    ("limits_notes", "limits", None, "limits must be those of a chart, got None; write xmr_"),
    ("assurance", "limits", (1, 2), "limits must be those of a chart, got (1, 2); write xmr_"),
    ("variation", "causes", 5, "causes must be special causes, got 5; write special_causes("),
    ("plots.draw", "ax", 5, "ax must be"),
]
