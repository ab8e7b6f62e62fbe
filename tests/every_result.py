"""An example of every kind of result in each of its shapes, for the contract that all of them keep."""

from collections.abc import Callable

import numpy as np

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    Statement,
    SurveyDesign,
    Tally,
    Target,
    compare,
    csat,
    nps,
    scorecard,
    top_box,
    verdict,
)
from custfocus.comparisons import (
    compare_order,
    compare_pairs,
    funnel,
    homogeneity,
    pairwise,
    rank,
    shrink,
    with_reference,
    with_rest,
)
from custfocus.disclosure import audit, suppress
from custfocus.indices import median_score, nonresponse_bounds, quantile_score
from custfocus.planning import answers_needed, detectable_change
from custfocus.progress import Chart, chart, rolling, toward_target
from custfocus.quantities import (
    Amounts,
    Observed,
    Quantile,
    Rate,
    Ratio,
    StandardisedRate,
    proportion,
)
from custfocus.responses import PairTally
from custfocus.results import Result
from custfocus.surveys import Calibration, ReplicateWeights, SurveyTally, stack
from custfocus.vocabulary import Improvement

FIVE = Scale.likert(5, missing=[9, None])
COUNTS = [[2, 1, 4, 20, 30], [0, 0, 0, 0, 7], [0, 0, 0, 0, 0], [5, 5, 5, 5, 5]]
SHOPS = {"shop": ["north", "south", "empty", "east"]}
COMPOUND = {"shop": ["a", "a", "b", "b"], "wave": [1, 2, 1, 2]}
ANSWERS = [5, 4, 4, 5, 2, 4, 5, None, 3, 4, 9, 5]
WEIGHTS = [2, 2, 1, 1, 3, 3, 2, 2, 1, 1, 2, 2]
CLUSTERS = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
WAVES = ["before", "after"] * 6
MARGINS = (
    {"age": list("yyooyyoooyoy"), "home": list("cccttctcttcc")},
    {"age": {"y": 60, "o": 40}, "home": {"c": 55, "t": 45}},
)
FOCUS = CustomerFocus(
    "Town library",
    customers=[Customer("readers", "Readers"), Customer("schools", "Schools")],
    needs=[
        Need("find", "readers", "something good"), Need("quiet", "readers", "quiet", spoken=False),
    ],
    requirements=[
        Requirement("advice", "find", "helpful advice"), Requirement("open", "find", "open late"),
    ],
    statements=[
        Statement("said", "readers", "Ask Ann!", source="survey 2026", supports=["advice"]),
    ],
    measures=[
        PerformanceMeasure("advised", "advice", "Satisfied", items="q7",
                           index=Scoring.top_box(FIVE), target=Target.at_least(60)),
        PerformanceMeasure("hours", "open", "Hours open", unit="hours"),
    ],
)  # fmt: skip


def labelled() -> Tally:
    """Four groups by name, one of them without answers."""
    return Tally(COUNTS, FIVE, [3, 0, 2, 0], by=SHOPS)


def compound() -> Tally:
    """Four groups by two names."""
    return Tally(COUNTS, FIVE, by=COMPOUND)


def cells(by: object = None) -> SurveyTally:
    """A survey of clusters, with weights."""
    return SurveyTally.of(ANSWERS, SurveyDesign(WEIGHTS, clusters=CLUSTERS), FIVE, by=by)


def finite() -> SurveyTally:
    """A survey of clusters that were drawn from a few more."""
    design = SurveyDesign(WEIGHTS, clusters=CLUSTERS, population=[20] * 12)
    return SurveyTally.of({"q1": ANSWERS, "q2": ANSWERS[::-1]}, design, FIVE, by={"wave": WAVES})


def replicates() -> SurveyTally:
    """A survey that came with replicate weights."""
    weights = np.array(WEIGHTS, float)
    jackknife = np.where(np.eye(12, dtype=bool), 0, weights[:, None] * 12 / 11)
    return SurveyTally.of(ANSWERS, ReplicateWeights(weights, jackknife, "jk1"), FIVE, by=WAVES)


def calibrated() -> SurveyTally:
    """A survey that was raked to two margins, of clusters."""
    design = SurveyDesign(WEIGHTS, clusters=CLUSTERS, calibration=Calibration(*MARGINS))
    return SurveyTally.of(ANSWERS, design, FIVE, by={"wave": WAVES})


def calibrated_replicates() -> SurveyTally:
    """A survey whose replicates were each raked."""
    weights = np.array(WEIGHTS, float)
    jackknife = np.where(np.eye(12, dtype=bool), 0, weights[:, None] * 12 / 11)
    design = ReplicateWeights(weights, jackknife, "jk1", calibration=Calibration(*MARGINS))
    return SurveyTally.of(ANSWERS, design, FIVE, by=WAVES)


def pairs() -> PairTally:
    """Two answers of each respondent, some of them missing."""
    return PairTally.of(ANSWERS, ANSWERS[::-1], FIVE, by={"wave": WAVES})


def charted() -> Chart:
    """Two shops by month, one of which lacks the last months, with a break."""
    months = [f"2026-{month:02}" for month in range(1, 13)] + ["2027-01", "2027-02", "2027-03"]
    good = [40, 42, 39, 41, 44, 38, 40, 43, 41, 39, 42, 58, 41, 40, 42]
    shops = {"shop": [*["north"] * 15, *["south"] * 13], "period": [*months, *months[:13]]}
    share = proportion([*good, *good[:13]], [60] * 28, by=shops)
    return chart(share, breaks={"2027-01": "another form"}, target=Target.at_least(70))


def card_over_time(*names):
    """A scorecard with a recorded measure by month, and one that is asked."""
    months = [f"2026-{month:02d}" for month in range(1, 8)]
    desk = Improvement("desk", "Desk", serves=["soon"], stage="done", since="2026-04-01")
    focus = CustomerFocus(
        "Office",
        customers=[Customer("all", "All")],
        needs=[Need("served", "all", "to be served")],
        requirements=[Requirement("soon", "served", "soon")],
        measures=[
            PerformanceMeasure("wait", "soon", "Wait", target=Target.at_most(4)),
            PerformanceMeasure(
                "asked",
                "soon",
                "Asked",
                items="q",
                index=Scoring.top_box(FIVE),
                target=Target.at_least(50),
            ),
        ],
        improvements=[desk],
    )
    by = {name: ["N"] * 7 + ["S"] * 7 for name in names}
    events = [5, 6, 4, 5, 3, 4, 2] * (2 if names else 1)
    rate = Rate(events, 1, by=by or None, period=months * (2 if names else 1))
    answers = Tally([[3, 0, 0, 0, 4], [2, 0, 0, 0, 5]], FIVE, by={"period": months[:2]})
    return scorecard(focus, {"wait": rate, "q": answers})


EXAMPLES: dict[str, Callable[[], Result]] = {
    "tally, one sample": lambda: Tally.of([5, 4, 9, None, 1], FIVE),
    "tally, labelled": labelled,
    "tally, numbered": lambda: Tally(COUNTS, FIVE),
    "tally, compound": compound,
    "tally, no rows": lambda: labelled()[:0],
    "tally, items": lambda: Tally.of({"q1": [5, 4, 1], "q2": [3, 9, 2]}, FIVE, by=["x", None, "x"]),
    "survey, one sample": cells,
    "survey, cells": lambda: cells(WAVES),
    "survey, respondents": finite,
    "survey, replicates": replicates,
    "survey, calibrated": calibrated,
    "survey, calibrated replicates": calibrated_replicates,
    "survey, stacked": lambda: stack(
        cells(WAVES), cells(WAVES), year=(2025, 2026), shared_clusters=True
    ),
    "pairs, one sample": lambda: PairTally.of([5, 4, 3, 9], [5, 5, 9, None], FIVE),
    "pairs, labelled": pairs,
    "pairs, numbered": lambda: PairTally([[[1, 2], [3, 4]], [[0, 0], [0, 0]]], Scale.likert(2)),
    "estimate, one sample": lambda: csat([5, 4, 4, 2, 5]),
    "estimate, chosen": lambda: csat(labelled()).sel(shop="south"),
    "estimate, labelled": lambda: csat(labelled()),
    "estimate, numbered": lambda: nps(
        Tally([[0] * 5 + [1, 2, 3, 4, 5, 6]] * 25, Scale.range(0, 10))
    ),
    "estimate, compound": lambda: top_box(compound(), boxes=1),
    "estimate, finite population": lambda: csat(labelled(), population=200),
    "estimate, survey": lambda: csat(finite()),
    "estimate, calibrated": lambda: csat(calibrated()),
    "estimate, weights": lambda: csat(ANSWERS, scale=FIVE, weights=WEIGHTS),
    "comparison, one": lambda: compare(csat([5, 4, 4, 2, 5]), csat([1, 2, 2, 3])),
    "comparison, finite population": lambda: pairwise(csat(labelled(), population=200)),
    "comparison, exact": lambda: compare(csat([5, 4, 4, 2, 5]), csat([1, 2, 2, 3]), method="exact"),
    "comparison, rows": lambda: compare(csat(compound()), wave=(2, 1)),
    "comparison, one row lacking": lambda: compare(csat(compound()[:3]), wave=(2, 1)),
    "comparison, survey": lambda: compare(csat(finite()), wave=("after", "before")),
    "comparison, calibrated": lambda: compare(csat(calibrated()), wave=("after", "before")),
    "comparison, pairs": lambda: compare_pairs(pairs(), csat),
    "comparison, one pair": lambda: compare_pairs(pairs()[0], csat),
    "comparison, pairs of a population": lambda: compare_pairs(pairs(), csat, population=90),
    "comparison, no pairs": lambda: pairwise(csat(labelled())[:1]),
    "comparison, pairwise": lambda: pairwise(csat(labelled())),
    "comparison, within": lambda: pairwise(
        csat(compound()), across="wave", adjustment="bonferroni"
    ),
    "comparison, the rest": lambda: with_rest(csat(labelled())),
    "comparison, numbered": lambda: with_rest(csat(Tally(COUNTS, FIVE))),
    "comparison, reference": lambda: with_reference(csat(labelled()), {"shop": "north"}),
    "order, one": lambda: compare_order(labelled(), shop=("north", "east")),
    "order, rows": lambda: compare_order(compound(), wave=(2, 1)),
    "order, no pairs": lambda: compare_order(labelled()[:1], against="each"),
    "order, pairwise": lambda: compare_order(labelled(), against="each", adjustment="none"),
    "order, the rest": lambda: compare_order(compound(), against="rest", across="wave"),
    "ranks": lambda: rank(csat(labelled())),
    "ranks within": lambda: rank(csat(compound()), across="shop"),
    "ranks, finite population": lambda: rank(csat(labelled(), population=200)),
    "funnel": lambda: funnel(csat(labelled())),
    "shrunken": lambda: shrink(csat(Tally([*COUNTS, COUNTS[0]], FIVE, by={"shop": [*"abcde"]}))),
    "shrunken, one": lambda: EXAMPLES["shrunken"]()[0],
    "shrunken within": lambda: shrink(
        csat(
            Tally(
                [*COUNTS[:2], COUNTS[3], COUNTS[0]] * 2,
                FIVE,
                by={"wave": [1] * 4 + [2] * 4, "shop": [*"abcdabcd"]},
            )
        ),
        across="shop",
    ),
    "homogeneity": lambda: homogeneity(csat(labelled())),
    "homogeneity within": lambda: homogeneity(csat(compound()), across="shop"),
    "homogeneity, finite population": lambda: homogeneity(csat(labelled(), population=200)),
    "homogeneity, census": lambda: homogeneity(
        csat(compound(), population=dict(zip(compound().keys, compound().n, strict=True))),
        across="shop",
    ),
    "suppressed": lambda: suppress(csat(labelled()), minimum=10),
    "suppressed, compound": lambda: suppress(
        csat(compound()), minimum=10, unanimous=True, respondents="unknown"
    ),
    "suppressed, one row": lambda: suppress(csat(labelled()), minimum=10).sel(
        level="shop", shop="north"
    ),
    "suppressed, followed": lambda: suppress(
        csat(labelled()),
        minimum=10,
        previous=(csat(labelled()), suppress(csat(labelled()), minimum=10)),
    ),
    "suppressed comparison": lambda: suppress(
        pairwise(csat(compound()), across="wave"), minimum=10
    ),
    "suppressed comparison, one": lambda: suppress(
        compare(csat([5, 4, 4, 2, 5] * 4), csat([1, 2, 2, 3])), minimum=3
    ),
    "audit": lambda: audit(
        top_box(compound(), boxes=1),
        suppress(top_box(compound(), boxes=1), minimum=10, numerator=5, unanimous=True),
    ),
    "verdict, one sample": lambda: verdict(csat([5, 4, 4, 2, 5]), Target.at_least(60)),
    "verdict, labelled": lambda: verdict(csat(labelled()), Target.between(40, 90)),
    "verdict, any look": lambda: verdict(csat(labelled()), Target.at_least(60), looks="any"),
    "verdict, one sample, 5 looks": lambda: verdict(
        csat([5, 4, 4, 2, 5]), Target.at_least(60), looks=5
    ),
    "detectable change, one": lambda: detectable_change(csat([5, 4, 4, 2, 5] * 20)),
    "detectable change, rows": lambda: detectable_change(csat(labelled())),
    "bounds, one": lambda: nonresponse_bounds(csat(ANSWERS, scale=FIVE)),
    "bounds, rows": lambda: nonresponse_bounds(csat(labelled())),
    "answers needed, one": lambda: answers_needed(csat([5, 4, 4, 2, 5]), margin=5),
    "answers needed, rows": lambda: answers_needed(csat(labelled()), margin=3),
    "verdict, recorded": lambda: verdict(
        Rate([12, 3, 0], [4000, 1000, 0], by=["a", "b", "c"]), Target.at_most(0.004)
    ),
    "rate, one": lambda: Rate(12, 4000, per=1000, name="complaints"),
    "rate, periods": lambda: Rate([12, 3, 0], [4000, 1000, 0], period=["Q1", "Q2", "Q3"]),
    "amounts": lambda: Amounts.of([1, 2, 6, 0, 4, 30], by={"shop": [*"aabbbb"]}, unit="minutes"),
    "quantile": lambda: Quantile.of(
        [1, 2, 6, 0, 4, 30], 0.9, by={"shop": [*"aabbbb"]}, unit="minutes"
    ),
    "quantile, one": lambda: Quantile.of([1, 2, 6, 0, 4, 30, 2, 2], unit="days"),
    "median, one sample": lambda: median_score([5, 4, 4, 2, 5]),
    "median, labelled": lambda: median_score(labelled()),
    "median, compound": lambda: median_score(compound(), scoring=Scoring.mean(FIVE)),
    "median, finite population": lambda: median_score(labelled(), population=200),
    "median, survey": lambda: quantile_score(finite(), 0.25),
    "verdict, median": lambda: verdict(median_score(labelled()), Target.at_least(4)),
    "ratio": lambda: Ratio.of([3, 4, 5, 7], [1, 2, 3, 4], by=["x", "x", "y", "y"]),
    "ratio, one": lambda: Ratio.of([3, 4, 5, 7], [1, 2, 3, 4]),
    "standardised rate": lambda: StandardisedRate(
        [[12, 30], [1, 2]], [[5000, 4000], [600, 700]], [60, 40], per=1000, by=["y", "x"]
    ),
    "standardised rate, one": lambda: StandardisedRate([12, 30], [5000, 4000], [60, 40]),
    "observed": lambda: Observed(
        [74, 60, np.nan], low=[71, np.nan, np.nan], high=[77, np.nan, np.nan], by=[*"abc"]
    ),
    "observed, one": lambda: Observed(74, low=71, high=77, unit="seconds", name="average wait"),
    "progress, one": lambda: toward_target(
        Observed([74, 70, 68], period=[2024, 2025, 2026]), Target.at_most(60, due="2028-12-31")
    ),
    "progress, groups": lambda: toward_target(
        Rate([30, 28, 20, 12], 1000, period=["2025", "2026"] * 2, by={"office": [*"aabb"]}),
        Target.at_most(0.01),
        breaks={"2026": "another form"},
    ),
    "satisfaction": lambda: scorecard(FOCUS, {"q7": ANSWERS, "hours": 40}).satisfaction(),
    "satisfaction, groups": lambda: scorecard(
        FOCUS, {"q7": ANSWERS}, by={"wave": WAVES}
    ).satisfaction(),
    "chart, groups": charted,
    "reading": lambda: card_over_time("office").readings()["wait"],
    "reading, one": lambda: card_over_time().readings()["wait"],
    "reading, answers": lambda: card_over_time().readings()["asked"],
    "change since": lambda: card_over_time("office").change_since("desk")["wait"],
    "change since, one": lambda: card_over_time().change_since("desk")["wait"],
    "rolling windows": lambda: rolling(
        Rate(
            [4, 6, 5, 9] * 2,
            100,
            per=100,
            by={"shop": ["a"] * 4 + ["b"] * 4},
            period=[1, 2, 3, 4] * 2,
        ),
        2,
    ),
    "rolling windows, one": lambda: rolling(Rate([4, 6], 100, period=[1, 2]), 2)[0],
    "change of windows": lambda: rolling(
        Rate(
            [4, 6, 5, 9] * 2,
            100,
            per=100,
            by={"shop": ["a"] * 4 + ["b"] * 4},
            period=[1, 2, 3, 4] * 2,
        ),
        2,
    ).change(period=(4, 3)),
    "change of windows, one": lambda: rolling(
        Rate([4, 6, 5, 9], 100, period=[1, 2, 3, 4]), 2
    ).change(period=(4, 3)),
    "chart, one series": lambda: chart(
        Observed([5, 6, 5, 7, np.nan, 6, 8, 5, 6, 7, 9, 6, 8, 14], period=range(14), name="wait"),
        baseline=10,
    ),
    "readings": lambda: charted().readings(),
    "readings, one": lambda: charted().sel(shop="south").readings(),
    "gaps": lambda: FOCUS.gaps(on="2026-06-01"),
    "practices": lambda: FOCUS.practices(on="2026-06-01"),
    "voice": lambda: FOCUS.voice("readers"),
    "unmeasured": lambda: scorecard(FOCUS, {"q7": ANSWERS})["hours"],
}
