"""Right calls of quantities, of progress and of a scorecard's methods, for the sweep of wrong input."""

from collections.abc import Callable
from typing import Any

import attrs

from custfocus import Target, scorecard
from custfocus.intervals import (
    amounts_interval,
    any_look_evidence,
    any_look_interval,
    any_look_p_value,
    damped_projection,
    expected_value,
    fewest_for_quantile,
    healthy_people_status,
    linear_trend,
    planned_looks,
    progress_interval,
    quantile_ranks,
    rate_interval,
    totals_ratio_interval,
)
from custfocus.progress import chart, toward_target
from custfocus.quantities import (
    Amounts,
    Observed,
    Quantile,
    Rate,
    Ratio,
    StandardisedRate,
    proportion,
    response_rate,
)
from custfocus.vocabulary import Improvement
from every_result import ANSWERS, FOCUS

IMPROVED = scorecard(
    attrs.evolve(
        FOCUS,
        improvements=[
            Improvement("more", "More", serves=["advice"], stage="done", since="2026-01-01")
        ],
    ),
    {"q7": ANSWERS},
    period=["2025", "2026", *["2026"] * (len(ANSWERS) - 2)],
)
PROGRESS_CALLS: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "Rate": (Rate, {"events": [1, 2], "exposure": [3, 4], "per": 1, "method": "exact",
        "confidence_level": 0.95, "name": "rate", "unit": "", "by": ["a", "b"], "period": None}),
    "Amounts.of": (Amounts.of, {"values": [1, 2], "by": ["a", "b"], "period": None,
        "unit": "days", "method": "skewed", "confidence_level": 0.95, "name": "wait"}),
    "Quantile.of": (Quantile.of, {"values": [1, 2], "q": 0.9, "counts": [1, 2], "by": ["a", "b"],
        "period": None, "unit": "days", "method": "mid-p", "confidence_level": 0.95,
        "name": "wait", "direction": "lower"}),
    "Quantile": (Quantile, {"amounts": [1, 2], "counts": [1, 1], "cells": [[0, 1], [1, 1]],
        "by": ["a", "b"], "q": 0.5}),
    "at": (Quantile.of([1, 2]).at, {"q": 0.9, "name": "wait"}),
    "quantile_ranks": (quantile_ranks, {"n": [5, 6], "q": 0.5, "method": "exact",
        "confidence_level": 0.9}),
    "fewest_for_quantile": (fewest_for_quantile, {"q": 0.5, "method": "mid-p",
        "confidence_level": 0.9}),
    "Ratio.of": (Ratio.of, {"numerator": [1, 2], "denominator": [3, 4], "by": ["a", "a"],
        "period": None, "unit": "euros", "method": "delta", "name": "cost"}),
    "StandardisedRate": (StandardisedRate, {"events": [1, 2], "exposure": [3, 4],
        "weights": [1, 1], "per": 10, "method": "gamma", "by": None, "period": None,
        "revised": True}),
    "Observed": (Observed, {"value": [5, 6], "low": [4, 5], "high": [7, 7], "n": [3, 3],
        "standard_error": [1, 1], "unit": "days", "bounds": (0, 10), "confidence_level": 0.95,
        "name": "wait", "by": ["a", "b"], "period": None, "revised": True}),
    "response_rate": (response_rate, {"rate": "RR3", "complete": [5, 6], "partial": [1, 2],
        "refusals": 3, "non_contacts": 1, "other": 0, "unknown_households": 2, "unknown_other": 1,
        "eligible_share": 0.5, "by": ["a", "b"], "period": None}),
    "proportion": (proportion, {"successes": [1, 2], "n": [3, 4], "by": ["a", "b"],
        "period": None}),
    "toward_target": (toward_target, {"series": Rate([1, 2], 3, period=["2025", "2026"]),
        "target": Target.at_least(60), "breaks": {"2026": "moved"}, "across_breaks": False,
        "fiscal_start": 7}),
    "Target": (Target, {"low": 1, "high": 2, "baseline": 3, "since": "2026-01-01",
        "due": "2027-01-01"}),
    "chart": (chart, {"series": Rate([1, 2, 3], [3, 4, 5], period=[2024, 2025, 2026]), "kind": "u",
        "rule_set": "nelson", "baseline": 2, "breaks": {2025: "moved"}, "events": {2026: "new desk"},
        "fiscal_start": 7, "target": Target.at_most(2)}),
    "chart of a card": (IMPROVED.chart, {"measure": "advised", "kind": "p", "rule_set": "nelson",
        "baseline": 2}),
    "change_since": (IMPROVED.change_since, {"improvement": "more"}),
    "by": (IMPROVED.by, {"arrangement": "service"}),
    "gaps of a card": (IMPROVED.gaps, {"on": "2026-06-01"}),
    "satisfaction": (IMPROVED.satisfaction, {"weights": True}),
    "rate_interval": (rate_interval, {"events": 1, "exposure": 2, "per": 1, "method": "exact",
        "confidence_level": 0.95}),
    "amounts_interval": (amounts_interval, {"n": 3, "mean": 2, "variance": 1, "skewness": 0}),
    "totals_ratio_interval": (totals_ratio_interval, {"numerator": [1, 2],
        "denominator": [3, 5], "method": "delta"}),
    "progress_interval": (progress_interval, {"baseline": 1, "latest": 2, "target": 3,
        "baseline_error": 0.1, "latest_error": 0.1}),
    "linear_trend": (linear_trend, {"values": range(6), "times": range(6),
        "standard_errors": None, "confidence_level": 0.95}),
    "damped_projection": (damped_projection, {"values": range(6), "times": range(6), "at": 7}),
    "healthy_people_status": (healthy_people_status, {"baseline": 1, "latest": 2, "target": 3,
        "better": "higher", "baseline_error": 0.1, "latest_error": 0.1}),
    "expected_value": (expected_value, {"baseline": 1, "target": 2, "elapsed": 0.5,
        "course": "linear"}),
    "any_look_interval": (any_look_interval, {"successes": [1, 2], "n": [3, 4],
        "confidence_level": 0.95}),
    "any_look_evidence": (any_look_evidence, {"successes": [1, 2], "n": [3, 4], "share": 0.4}),
    "any_look_p_value": (any_look_p_value, {"successes": [1, 2], "n": [3, 4], "share": [0.4, 0.5]}),
    "planned_looks": (planned_looks, {"looks": 2, "confidence_level": 0.95, "boundary": "pocock",
        "information": [1, 3]}),
}  # fmt: skip
