"""Whatever is given where something else is meant, the answer is an error of the library's own."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from chart_calls import CHART_CALLS, CHART_MESSAGES
from custfocus import (
    CustfocusError,
    Scale,
    Scoring,
    SurveyDesign,
    Tally,
    Target,
    bottom_box,
    ces,
    compare,
    comparisons,
    csat,
    estimate,
    frames,
    mean_score,
    net_score,
    nps,
    planning,
    scorecard,
    top_box,
    verdict,
)
from custfocus.comparisons import compare_pairs, funnel, homogeneity, rank, shrink, with_reference
from custfocus.disclosure import audit, suppress
from custfocus.indices import median_score, nonresponse_bounds, quantile_score
from custfocus.responses import PairTally
from custfocus.results import Keys, Result, Stack
from custfocus.surveys import Calibration, ReplicateWeights, SurveyTally, stack
from custfocus.vocabulary import (
    Channel,
    CustomerFocus,
    Improvement,
    PerformanceMeasure,
    Service,
    Statement,
)
from every_result import (
    ANSWERS,
    CLUSTERS,
    EXAMPLES,
    FIVE,
    FOCUS,
    MARGINS,
    WAVES,
    WEIGHTS,
    cells,
    labelled,
)
from progress_calls import PROGRESS_CALLS

FRAME = pd.DataFrame({"q1": ANSWERS, "q2": ANSWERS, "wave": WAVES, "w": WEIGHTS, "c": CLUSTERS})
LONG = pd.DataFrame({"question": WAVES, "answer": ANSWERS})
BOX = Scoring.top_box(FIVE)
ANY_OF_THESE: dict[str, object] = {
    "None": None, "5": 5, "-1": -1, "2.5": 2.5, "nan": float("nan"), "inf": float("inf"),
    "10**400": 10**400, "1j": 1j, "True": True,
    "text": "text", "empty text": "", "bytes": b"", "[]": [], "()": (), "{}": {}, "set": {1, 2},
    "object": object(), "lists": [[1, 2], [3]], "table": [[1, 2], [3, 4]], "texts": ["a", "b"],
    "nulls": [None], "tuple": ("a", "b"), "function": lambda *_: 5, "class": Scale,
     "number by text": {"a": 1}, "lists by text": {"q1": [1, 2]},
    "list by number": {1: [1, 2]}, "results": [Tally([1, 2, 3, 4, 5], FIVE)], "matrix": np.eye(2), "cube": np.zeros((2, 2, 2)),
    "number of NumPy": np.float32(0.5), "0-d": np.array(3), "dates": np.array(["2026-01-01"], "M8[D]"),
    "objects": np.array([object(), {}], object), "pandas": FRAME, "polars": pl.DataFrame({"q1": [1]}),
    "lazy": pl.LazyFrame({"q1": [1]}), "arrow": pa.table({"q1": [1]}), "Series": pd.Series([1, 2]),
    "empty frame": pd.DataFrame(), "expression": pl.col("q1"), "Scale": FIVE, "Scoring": BOX,
    "design": SurveyDesign(WEIGHTS), "Target": Target.at_least(60), "focus": FOCUS,
    "keys": Keys.of(["a", "b"])[0], "card": scorecard(FOCUS, {"q7": ANSWERS}),
}  # fmt: skip
_one_of_each = {type(make()): make for make in reversed(EXAMPLES.values())}
WRONG = ANY_OF_THESE | {kind.__name__: make() for kind, make in _one_of_each.items()}
SHOPS = labelled()
BY_SHOP = csat(SHOPS)
INDEX = {"x": ANSWERS, "scale": FIVE, "by": WAVES, "weights": None, "design": None,
         "method": "score", "confidence_level": 0.95, "population": None}  # fmt: skip
COLUMNS = {"by": "wave", "weights": None, "counts": None, "strata": (), "clusters": (),
           "lonely_psu": "error", "degrees_of_freedom": None, "most_cells": 10**6}  # fmt: skip
WEIGHTED = COLUMNS | {"weights": "w", "clusters": "c"}
SHARES = {"shares": [0.2, 0.8], "scores": [0, 100], "confidence_level": 0.95,
          "population": None, "design_effect": 1.0}  # fmt: skip
COMPARED = {"shares_a" if name == "shares" else name: one for name, one in SHARES.items()}
CASE = dict[str, Any]
CALLS: dict[str, tuple[Callable[..., object], CASE]] = {
    "csat": (csat, INDEX | {"boxes": 2}),
    "nps": (nps, INDEX | {"scale": FIVE, "promoters": 1, "detractors": 1}),
    "ces": (ces, INDEX | {"wording": "effort-2010"}),
    "top_box": (top_box, INDEX | {"boxes": 1}),
    "bottom_box": (bottom_box, INDEX | {"boxes": 1}),
    "net_score": (net_score, INDEX | {"positive": 1, "negative": 1}),
    "median_score": (median_score, INDEX | {"scoring": None}),
    "quantile_score": (quantile_score, INDEX | {"q": 0.5}),
    "quantile_score, scored": (quantile_score, {k: v for k, v in INDEX.items() if k != "scale"}
        | {"q": 0.5, "scoring": BOX}),
    "mean_score": (mean_score, INDEX | {"low": 0.0, "high": 100.0}),
    "estimate": (estimate, {k: v for k, v in INDEX.items() if k != "scale"} | {"scoring": BOX}),
    "Scale": (Scale, {"points": [1, 2, 3], "labels": None, "missing": [9]}),
    "Scale.likert": (Scale.likert, {"n": 5, "labels": None, "missing": [9]}),
    "Scale.range": (Scale.range, {"low": 0, "high": 10, "labels": None, "missing": [99]}),
    "Scale.of_value_labels": (Scale.of_value_labels, {"value_labels": {1: "low", 2: "high",
        9: "dk"}, "order": [1, 2], "missing": ["dk"]}),
    "locate": (FIVE.locate, {"answers": [5]}),
    "reason_of": (FIVE.reason_of, {"answers": [9]}),
    "Scoring": (Scoring, {"scale": FIVE, "scores": [1, 2, 3, 4, 5], "name": "index",
        "unit": "number", "lower_is_better": False}),
    "Scoring.top_box": (Scoring.top_box, {"scale": FIVE, "boxes": 2}),
    "Scoring.bottom_box": (Scoring.bottom_box, {"scale": FIVE, "boxes": 2}),
    "Scoring.net": (Scoring.net, {"scale": FIVE, "positive": 2, "negative": 2}),
    "Scoring.net_promoter": (Scoring.net_promoter, {"scale": FIVE, "promoters": 2,
        "detractors": 2}),
    "Scoring.mean": (Scoring.mean, {"scale": FIVE, "low": 0, "high": 100}),
    "Tally": (Tally, {"counts": SHOPS.counts, "scale": FIVE, "missing": [3, 0, 2, 0],
        "by": list("abcd")}),
    "Tally.of": (Tally.of, {"answers": ANSWERS, "scale": FIVE, "by": WAVES}),
    "Tally.of_items": (Tally.of_items, {"tallies": {"q1": Tally([1, 2, 3, 4, 5], FIVE)}}),
    "PairTally": (PairTally, {"counts": np.eye(5), "scale": FIVE, "only_a": None, "only_b": None,
        "by": None}),
    "PairTally.of": (PairTally.of, {"a": ANSWERS, "b": ANSWERS[::-1], "scale": FIVE, "by": WAVES}),
    "SurveyDesign": (SurveyDesign, {"weights": WEIGHTS, "strata": None, "clusters": CLUSTERS,
        "population": None, "subclusters": None, "subpopulation": None, "lonely_psu": "error",
        "degrees_of_freedom": None}),
    "SurveyDesign, calibrated": (SurveyDesign, {"weights": WEIGHTS, "clusters": CLUSTERS,
        "calibration": Calibration(*MARGINS)}),
    "Calibration": (Calibration, {"margins": MARGINS[0], "totals": MARGINS[1],
        "covariates": None, "method": "logit", "bounds": (0.1, 9), "index": None}),
    "Calibration, one margin": (Calibration, {"margins": {"age": list("yyooyyoooyoy")},
        "totals": {"age": {"y": 1, "o": 2}}, "method": "raking"}),
    "Calibration, covariates": (Calibration, {"covariates": {"age": [30, 40, 50]},
        "totals": {"age": 4000}, "method": "linear"}),
    "Calibration, calibrated": (Calibration, {"margins": MARGINS[0], "base_weights": WEIGHTS}),
    "Calibration, labels": (lambda labels: Calibration({"age": labels}, {"age": {"y": 1, "o": 2}}),
        {"labels": list("yyo")}),
    "Calibration, totals": (lambda counts: Calibration({"age": list("yyo")}, {"age": counts}),
        {"counts": {"y": 1, "o": 2}}),
    "Calibration, numbers": (lambda x, total: SurveyDesign(calibration=Calibration(
        covariates={"age": x}, totals={"age": total})), {"x": [30, 40, 50], "total": 125}),
    "ReplicateWeights": (ReplicateWeights, {"weights": np.ones(3),
        "replicates": 1.5 * (1 - np.eye(3)), "kind": "jk1", "scale": None, "rscales": None,
        "rho": None, "mse": True, "degrees_of_freedom": None, "calibration": Calibration(
            {"age": list("yyy")}, {"age": {"y": 3}})}),
    "SurveyTally.of": (SurveyTally.of, {"answers": ANSWERS, "design": SurveyDesign(WEIGHTS),
        "scale": FIVE, "by": WAVES}),
    "stack": (partial(stack, cells(WAVES)), {"tallies": cells(WAVES), "year": (2025, 2026),
        "shared_clusters": True}),
    "compare": (compare, {"a": BY_SHOP, "b": BY_SHOP, "method": "score", "correction": True}),
    "compare of labels": (compare, {"a": BY_SHOP, "b": {"shop": ("north", "south")}}),
    "compare by keyword": (compare, {"a": BY_SHOP, "shop": ("north", "south")}),
    "compare_pairs": (compare_pairs, {"pairs": EXAMPLES["pairs, labelled"](), "index": csat,
        "method": "score", "correction": True, "population": 90}),
    "compare_order": (comparisons.compare_order, {"a": SHOPS, "b": SHOPS, "against": None,
        "confidence_level": 0.95, "correction": True}),
    "compare_order of labels": (comparisons.compare_order,
        {"a": SHOPS, "b": {"shop": ("north", "south")}}),
    "compare_order by keyword": (comparisons.compare_order, {"a": SHOPS,
        "shop": ("north", "south")}),
    "compare_order of groups": (comparisons.compare_order, {"a": SHOPS, "against": "each",
        "across": "shop", "adjustment": "holm"}),
    **{
        verb.__name__: (
            verb,
            {"e": BY_SHOP, "across": "shop", "adjustment": "holm", "method": "score",
             "correction": True},
        )
        for verb in (comparisons.pairwise, comparisons.with_rest)
    },
    "with_reference": (with_reference, {"e": BY_SHOP, "reference": {"shop": "north"},
        "adjustment": "holm", "method": "score"}),
    "with_reference by keyword": (with_reference, {"e": BY_SHOP, "shop": "north"}),
    "rank": (rank, {"e": BY_SHOP, "across": "shop"}),
    "funnel": (funnel, {"e": BY_SHOP, "across": "shop", "confidence_level": 0.95}),
    "homogeneity": (homogeneity, {"e": BY_SHOP, "across": "shop"}),
    "shrink": (shrink, {"e": EXAMPLES["shrunken"]().estimate, "across": "shop"}),
    "adjusted_p_values": (comparisons.adjusted_p_values,
        {"p_values": [0.1, 0.2], "adjustment": "holm"}),
    "suppress": (suppress, {"e": top_box(SHOPS, boxes=1), "minimum": 5, "numerator": 3,
        "unanimous": True, "totals": [()], "keep": (), "respondents": "known",
        "linked": [suppress(top_box(SHOPS, boxes=1), minimum=5, numerator=3, unanimous=True,
            totals=False)]}),
    "suppress, compared": (suppress, {"e": compare(BY_SHOP, shop=("north", "south")), "minimum": 5,
        "linked": []}),
    "suppress, rounded": (suppress, {"e": BY_SHOP, "minimum": 5, "round_to": 6}),
    "suppress, followed": (suppress, {"e": BY_SHOP, "minimum": 5,
        "previous": (BY_SHOP, suppress(BY_SHOP, minimum=5))}),
    "audit": (audit, {"e": BY_SHOP, "found": suppress(BY_SHOP, minimum=5),
        "previous": (BY_SHOP, suppress(BY_SHOP, minimum=5))}),
    "verdict": (verdict, {"estimate": BY_SHOP, "target": Target.at_least(60), "looks": 5}),
    "verdict, any look": (verdict, {"estimate": BY_SHOP, "target": Target.at_least(60),
        "looks": "any"}),
    "scorecard": (scorecard, {"focus": FOCUS, "data": {"q7": ANSWERS}, "by": WAVES,
        "period": None, "remarks": {"advised": "new desk"}, "fiscal_start": 7,
        "weights": None, "design": None, "method": "score", "confidence_level": 0.95,
        "population": None, "looks": 3}),
    "Stack": (Stack, {"name": "part", "parts": {"a": BY_SHOP}}),
    "Keys.of": (Keys.of, {"by": WAVES}),
    "sel": (BY_SHOP.sel, {"labels": {"shop": "north"}}),
    "sel by keyword": (BY_SHOP.sel, {"shop": "north"}),
    "[]": (BY_SHOP.__getitem__, {"index": 0}),
    "to_frame": (BY_SHOP.to_frame, {"like": "pandas"}),
    "==": (BY_SHOP.__eq__, {"other": BY_SHOP}),
    "+": (SHOPS.__add__, {"other": SHOPS}),
    "collapsed": (SHOPS.collapsed, {"names": "shop"}),
    "limits_at": (BY_SHOP.limits_at, {"n": 5}),
    "is_equivalent": (compare(BY_SHOP, BY_SHOP).is_equivalent, {"margin": 5}),
    "is_not_inferior": (compare(BY_SHOP, BY_SHOP).is_not_inferior, {"margin": 5}),
    "voice": (FOCUS.voice, {"customer": "readers"}),
    "spoken": (FOCUS.spoken, {"wish": "quiet"}),
    "gaps": (FOCUS.gaps, {"on": "2026-06-01"}),
    "practices": (FOCUS.practices, {"on": "2026-06-01"}),
    "Channel": (Channel, {"id": "line", "name": "Line", "kind": "complaint", "customers": ["a"],
        "every": "month", "last": "2026-01-01", "two_way": True}),
    "Statement": (Statement, {"id": "said", "customer": "a", "text": "Slow.", "channel": "line",
        "source": "letter", "on": "2026-01-01", "answered": "2026-01-02", "supports": ["b"]}),
    "Improvement": (Improvement, {"id": "new", "name": "New", "kind": "innovation",
        "learned_from": ["said"], "serves": ["b"], "stage": "done", "since": "2026-01-01",
        "owner": "desk"}),
    "PerformanceMeasure": (PerformanceMeasure, {"id": "wait", "about": "desk", "name": "Wait",
        "items": (), "index": None, "target": Target.at_most(20), "aspect": "how much",
        "unit": "minutes", "bounds": (0, None), "direction": "lower", "source": "queue",
        "owner": "desk", "breaks": {"2026": "moved"}}),
    "PerformanceMeasure, asked": (PerformanceMeasure, {"id": "wait", "about": "desk",
        "name": "Wait", "items": "q1", "index": BOX, "target": None, "unit": "percent",
        "direction": "higher"}),
    "measures_of": (FOCUS.measures_of, {"thing": "advice"}),
    "Service": (Service, {"id": "desk", "name": "Desk", "kind": "product", "customers": ["a"]}),
    "CustomerFocus": (CustomerFocus, {"name": "Town", "channels": [], "improvements": []}),
    "last_used": (
        CustomerFocus("Town", channels=[Channel("line", "Line")]).last_used, {"channel": "line"},
    ),
    "needs_of": (FOCUS.needs_of, {"customer": "readers"}),
    "detectable_change": (planning.detectable_change,
        {"e": BY_SHOP, "direction": "rise", "power": 0.8}),
    "nonresponse_bounds": (nonresponse_bounds, {"e": BY_SHOP, "reasons": ["not stated"]}),
    "answers_needed": (planning.answers_needed, {"e": BY_SHOP, "margin": 3, "response_rate": 0.5}),
    "answers_needed, assurance": (planning.answers_needed, {"e": BY_SHOP, "margin": 3,
        "assurance": 0.9}),
    "detection_power": (planning.detection_power, COMPARED | {"shares_b": [0.3, 0.7], "n": 400}),
    "detection_sample_size": (planning.detection_sample_size, COMPARED | {"shares_b": [0.3, 0.7],
        "power": 0.8, "response_rate": 0.5}),
    "smallest_detectable_change": (planning.smallest_detectable_change, SHARES | {"n": 400,
        "power": 0.8, "direction": "rise"}),
    "margin_of_error": (planning.margin_of_error, SHARES | {"n": 400}),
    "margin_assurance": (planning.margin_assurance, SHARES | {"margin": 5, "n": 400}),
    "sample_size": (planning.sample_size, SHARES | {"margin": 5, "response_rate": 0.5}),
    "sample_size, assurance": (planning.sample_size, SHARES | {"margin": 5, "assurance": 0.9}),
    "frames.tally": (frames.tally, COLUMNS | {"frame": FRAME, "items": "q1", "scale": FIVE}),
    "frames.tally, weights": (frames.tally, WEIGHTED | {"frame": FRAME, "items": ["q1", "q2"],
        "scale": FIVE}),
    "frames.tally_long": (frames.tally_long, COLUMNS | {"frame": LONG, "item": "question",
        "answer": "answer", "scale": FIVE, "by": ()}),
    "frames.score": (frames.score, COLUMNS | {"frame": FRAME, "items": "q1", "index": csat,
        "scale": FIVE}),
    "frames.scorecard": (frames.scorecard, COLUMNS | {"focus": FOCUS,
        "frame": FRAME.rename(columns={"q1": "q7"}), "method": "score", "confidence_level": 0.95,
        "population": None, "looks": "any"}),
    "save": (frames.save, {"tally": SHOPS, "path": "tally.json"}),
    "load": (frames.load, {"path": "tally.json"}),
} | CHART_CALLS | PROGRESS_CALLS  # fmt: skip


def called(function: Callable[..., object], arguments: CASE) -> object:
    """The call, arguments by place where they have no name."""
    known = inspect.signature(function).parameters
    by_place = [
        name for name, one in known.items() if one.kind in {one.POSITIONAL_ONLY, one.VAR_POSITIONAL}
    ]
    given = [arguments[name] for name in by_place if name in arguments]
    return function(*given, **{k: v for k, v in arguments.items() if k not in by_place})


def read(found: object) -> None:
    """All that is printed of a result."""
    if isinstance(found, Result | Stack):
        str(found), found._repr_html_(), found.to_dicts()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frames.save(SHOPS, "tally.json")


@pytest.mark.parametrize("name", CALLS)
def test_the_right_call_is_right(name):
    function, arguments = CALLS[name]
    read(called(function, arguments))


@pytest.mark.parametrize("name", CALLS)
def test_anything_else_is_right_or_an_error_of_ours(name):
    function, right = CALLS[name]
    faults = []
    for argument in right:
        for kind, wrong in WRONG.items():
            try:
                read(called(function, right | {argument: wrong}))
            except (CustfocusError, ImportError, IndexError):
                pass
            except Exception as error:  # noqa: BLE001 - these are the faults
                faults.append(f"{argument}={kind}: {type(error).__name__}: {str(error)[:100]}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("name", "argument", "wrong", "message"),
    [
        ("compare", "correction", "no", "correction must be True or False, got 'no'"),
        ("pairwise", "correction", 0, "correction must be True or False, got 0"),
        ("stack", "shared_clusters", "no", "shared_clusters must be True or False"),
        ("stack", "year", [[1], [2]], "one key with a label for each of the 2 tallies"),
        ("ReplicateWeights", "mse", None, "mse must be True or False, got None"),
        ("Scoring", "lower_is_better", 1, "lower_is_better must be True or False, got 1"),
        ("Scoring", "name", 5, "name must be a text, got 5"),
        ("Scale.likert", "n", 10**9, "at most 1,000,000 points, got 1 to 1000000000"),
        ("Tally.of_items", "tallies", [SHOPS], "items must be tallies by name, got a list"),
        ("Tally.of_items", "tallies", {1: SHOPS}, "got a Tally by 1"),
        ("frames.score", "index", lambda _: 5, "index must give a result, got an int"),
        ("frames.tally", "most_cells", "many", "most_cells must be a whole number of 1 or more"),
        ("frames.tally", "by", {"wave": WAVES}, "by must be a name or a list of names, got {'wave"),
        ("frames.tally_long", "item", ["question"], "item must be the name of a column, got a"),
        ("PerformanceMeasure", "items", 5, "PerformanceMeasure.items must be texts that say some"),
        ("PerformanceMeasure", "index", 5, "'wait' needs a Scoring or a function of answers for"),
        ("PerformanceMeasure", "bounds", "ab", "bounds must be the least and the greatest value"),
        ("PerformanceMeasure", "breaks", [1], "breaks must be reasons by the period at which each"),
        ("PerformanceMeasure", "source", 3, "PerformanceMeasure.source must be a text that says"),
        ("PerformanceMeasure", "owner", None, "PerformanceMeasure.owner must be a text that says"),
        ("PerformanceMeasure", "about", 3, "a Channel or a Customer or an id, got 3"),
        ("PerformanceMeasure", "target", 80, "'wait' needs a Target for its target, got 80"),
        ("PerformanceMeasure", "direction", "up", "unknown PerformanceMeasure.direction 'up'"),
        ("frames.scorecard", "focus", FRAME, "takes a CustomerFocus"),
        ("save", "path", None, "path must be the name of a file, got a NoneType"),
        ("Stack", "parts", {"a": 5}, "parts must be results by name, got an int by 'a'"),
        ("Stack", "name", 5, "name must be what the parts are called, got an int"),
        ("locate", "answers", 5, "answers must be a list or array, got 5"),
        *CHART_MESSAGES,
        ("detectable_change", "power", [0.8], "power must be one number for all rows, got"),
    ],
)
def test_the_error_says_what_was_meant(name, argument, wrong, message):
    function, right = CALLS[name]
    with pytest.raises(CustfocusError) as error:
        called(function, right | {argument: wrong})
    assert message in str(error.value)


def test_weights_that_are_texts_are_shown_on_one_line_with_their_column():
    with pytest.raises(CustfocusError) as error:
        csat([5, 4], weights=pd.Series(["1", "2"], name="wt"))
    assert str(error.value) == "column 'wt': weights must be numbers, got ['1', '2']"
