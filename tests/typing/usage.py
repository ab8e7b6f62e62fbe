"""
The public API as type checkers see it: right uses keep their types, wrong ones are refused.

Checked by mypy and pyright, both strict, not run. An ignore that nothing needs is an error in
both, so each of those in the functions called `wrong_...` is a test that can fail.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Literal, assert_type

import numpy as np
from numpy.typing import NDArray

import custfocus as cf
from custfocus import (
    Comparison,
    Customer,
    CustomerFocus,
    Estimate,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scorecard,
    Scoring,
    Service,
    Stakeholder,
    Statement,
    SurveyDesign,
    Tally,
    Target,
    bottom_box,
    ces,
    compare,
    csat,
    estimate,
    mean_score,
    net_score,
    nps,
    scorecard,
    top_box,
    verdict,
)
from custfocus.charts import ChartLimits
from custfocus.comparisons import (
    Funnel,
    Homogeneity,
    Ranks,
    adjusted_p_values,
    compare_pairs,
    funnel,
    homogeneity,
    pairwise,
    rank,
    with_reference,
    with_rest,
)
from custfocus.disclosure import Suppressed, suppress
from custfocus.frames import load, save, score, tally, tally_long
from custfocus.indices import as_index
from custfocus.intervals import (
    ConfidenceInterval,
    difference_interval,
    melded_interval_difference,
    melded_p_value,
    proportion_interval,
    score_interval,
    score_interval_difference,
)
from custfocus.planning import (
    AnswersNeeded,
    DetectableChange,
    Plan,
    answers_needed,
    detectable_change,
    sample_size,
)
from custfocus.progress import Verdict
from custfocus.responses import PairTally, Sample, Unit
from custfocus.results import Keys, Metric, Result
from custfocus.surveys import Calibration, ReplicateWeights, SurveyTally, stack
from custfocus.vocabulary import (
    Activity,
    Aspect,
    Channel,
    Form,
    Gaps,
    Improvement,
    Interest,
    Practices,
    Relation,
    Voice,
)

SCALE = Scale.likert(5, labels=["1", "2", "3", "4", "5"], missing=[9, None, "refused"])
TALLY = Tally.of([5, 4, 9], SCALE, by={"wave": ["before", "after", "after"]})
TOP = Scoring.top_box(SCALE)
WAVES = csat(TALLY)
DESIGN = SurveyDesign([1, 2, 2], strata=["a", "a", "b"], lonely_psu="adjust")
SURVEY = SurveyTally.of([5, 4, 9], DESIGN, SCALE)

PATIENTS = Customer("patients", "Patients", relation="internal", form="entity")
COUNCIL = Stakeholder("council", "Council", interests=["influences", "influenced"])
CARE = Need("care", PATIENTS, "care")
QUICK = Requirement("quick", CARE, "a visit", kind="key driver")
SLOW = Statement("slow", PATIENTS, "Slow.", source="survey", supports=[CARE, QUICK, "quick"])
OFFICE = Service(
    "office",
    "Office",
    customers=[PATIENTS, "patients"],
    stakeholders=(COUNCIL,),
    activities=[Activity("greet", "Greet")],
)
SEEN = PerformanceMeasure(
    "seen", QUICK, "Seen", items="q1", index=TOP, target=Target.at_least(80), aspect="how much"
)
FOCUS = CustomerFocus(
    "Clinic",
    customers=[PATIENTS],
    stakeholders=(COUNCIL,),
    services=[OFFICE],
    statements={SLOW},
    needs=iter([CARE]),
    requirements=[QUICK],
    measures=[SEEN],
)


def namespaces() -> None:
    """Every room is there without an import of its own."""
    assert_type(cf.charts.xmr_limits([1, 2]), ChartLimits)
    assert_type(cf.comparisons.rank(WAVES), Ranks)
    assert_type(cf.disclosure.suppress(WAVES, minimum=5), Suppressed)
    assert_type(cf.errors.CustfocusError("no"), cf.CustfocusError)
    assert_type(cf.frames.tally({}, "q1", scale=SCALE), Tally)
    assert_type(cf.indices.csat([5, 4]), Estimate)
    assert_type(cf.intervals.proportion_interval(4, 5), ConfidenceInterval)
    assert_type(cf.planning.answers_needed(WAVES, margin=3), AnswersNeeded)
    assert_type(cf.progress.verdict(WAVES, Target.at_least(80)), Verdict)
    assert_type(cf.responses.Scale([1, 2]), Scale)
    assert_type(cf.results.Metric("CSAT"), Metric)
    assert_type(cf.surveys.stack(SURVEY, SURVEY, wave=("a", "b")), SurveyTally)
    assert_type(cf.vocabulary.Activity("greet", "Greet"), Activity)
    assert_type(cf.__version__, str)


def samples() -> None:
    """Scales, scorings, and answers on them."""
    assert_type(Scale([1, 2, 3]), Scale)
    assert_type(Scale.range(0, 10), Scale)
    assert_type(Scale.of_value_labels({1: "bad", 2: "good"}, missing=["refused"]), Scale)
    assert_type(SCALE.reverse_coded(), Scale)
    assert_type(TOP, Scoring)
    assert_type(Scoring.top_box(SCALE, boxes=[4, "5"]), Scoring)
    assert_type(Scoring.net(SCALE, positive=2, negative=[1]), Scoring)
    assert_type(Scoring.mean(SCALE, 0, 10), Scoring)
    assert_type(Scoring(SCALE, [0, 0, 0, 1, 1], unit="points"), Scoring)
    assert_type(TOP.unit, Unit | str)
    assert_type(TOP.bounds, tuple[float, float])
    assert_type(TOP.metric, Metric)
    assert_type(TALLY, Tally)
    assert_type(Tally([1, 2, 3, 4, 5], SCALE), Tally)
    assert_type(Tally([[1, 2, 3, 4, 5]], SCALE, [2], by={"shop": ["north"]}), Tally)
    assert_type(Tally.of({"q1": [5, 4], "q2": [3, 9]}, SCALE, by=["a", "b"]), Tally)
    assert_type(Tally.of_items({"q1": TALLY}), Tally)
    assert_type(TALLY + TALLY, Tally)
    assert_type(sum([TALLY, TALLY]), Tally | Literal[0])
    assert_type(sum([TALLY, TALLY], start=TALLY), Tally)
    assert_type(TALLY == SURVEY, bool)
    assert_type(TALLY.collapsed("wave"), Tally)
    assert_type(TALLY.n, NDArray[np.int64])
    both: list[Sample] = [TALLY, SURVEY]
    assert_type(both[0].collapsed("wave"), Sample)


def results() -> None:
    """What every result can do keeps its type."""
    assert_type(WAVES.keys, Keys)
    assert_type(WAVES.metric, Metric)
    assert_type(WAVES.notes, tuple[str, ...])
    assert_type(WAVES.shape, tuple[int, ...])
    assert_type(WAVES[0], Estimate)
    assert_type(WAVES[::-1], Estimate)
    assert_type(WAVES[WAVES.n > 0], Estimate)
    assert_type([row for row in WAVES], list[Estimate])  # noqa: C416 - what iteration gives
    assert_type(WAVES.sel(wave="after"), Estimate)
    assert_type(WAVES.sel({"first wave": ["after", "before"]}), Estimate)
    assert_type(WAVES.to_dicts(), list[dict[str, Any]])
    assert_type(WAVES == TALLY, bool)
    assert_type(float(WAVES[0]), float)
    assert_type(f"{WAVES[0]:.1f}", str)
    assert_type(WAVES.value, NDArray[np.float64])
    assert_type(WAVES.population, NDArray[np.float64] | None)
    assert_type(WAVES.limits_at(100), ConfidenceInterval)


def indices() -> None:
    """Every index takes answers or a sample, and with answers their groups and design."""
    assert_type(csat([5, 4]), Estimate)
    assert_type(csat(["good", "bad"], scale=SCALE, boxes=1), Estimate)
    assert_type(csat([5, 4], by=["a", "b"], weights=[1, 2]), Estimate)
    assert_type(csat({"q1": [5, 4, 3]}, by={"shop": [1, 2, 2]}, design=DESIGN), Estimate)
    assert_type(csat(np.array([5, 4])), Estimate)
    assert_type(csat(SURVEY, method="beta"), Estimate)
    assert_type(top_box((5, 4)), Estimate)
    assert_type(bottom_box(TALLY), Estimate)
    assert_type(net_score(TALLY, positive=1, negative=[1, 2]), Estimate)
    assert_type(nps(range(11)), Estimate)
    assert_type(nps(TALLY, promoters=1, detractors=3, confidence_level=0.9), Estimate)
    assert_type(ces([1, 7], wording="ease-2013"), Estimate)
    assert_type(mean_score(TALLY, low=1, high=5), Estimate)
    assert_type(estimate([5, 4], TOP), Estimate)
    assert_type(estimate(TALLY, TOP, method="clopper-pearson", population=[100, 90]), Estimate)
    assert_type(as_index(partial(csat, boxes=1))(SURVEY), Result)
    assert_type(as_index(TOP)(TALLY), Result)
    indices: list[Callable[[Sample], Result]] = [nps, partial(nps, method="t")]
    assert_type(indices[0](TALLY), Result)


def surveys() -> None:
    """A survey is a sample; its design is parsed once."""
    replicates = ReplicateWeights([1, 2], [[1, 2], [2, 1]], "brr")
    assert_type(SurveyTally.of([5, 4], replicates, SCALE, by=["a", "b"]), SurveyTally)
    assert_type(SURVEY.sel(wave="after"), SurveyTally)
    assert_type(stack(SURVEY, SURVEY, wave=("before", "after")), SurveyTally)
    assert_type(SurveyDesign([1, 2], clusters=["a", "b"], degrees_of_freedom=7), SurveyDesign)
    cells = {"cell": {"sex": ["f", "m"], "age": [30, 40]}}
    Calibration(cells, {"cell": {("f", 30): 0.5, ("m", 40): 0.5}})
    totals: dict[str, dict[str, int] | float] = {"sex": {"f": 5, "m": 5}, "income": 300.5}
    calibration = Calibration(
        {"sex": ["f", "m"]},
        totals,
        covariates={"income": [30, 40]},
        method="logit",
        bounds=(0.3, 3),
    )
    assert_type(SurveyDesign([1, 2], calibration=calibration), SurveyDesign)
    ReplicateWeights([1, 2], [[1, 2], [2, 1]], "brr", calibration=calibration)


def comparing() -> None:
    """Verbs take the estimate."""
    pairs = PairTally.of([5, 4], [4, None], SCALE)
    assert_type(compare(WAVES, wave=("after", "before")), Comparison)
    assert_type(compare(WAVES, {"first wave": ("after", "before")}), Comparison)
    assert_type(compare(WAVES[0], WAVES[1], correction=False), Comparison)
    assert_type(compare_pairs(pairs, TOP), Comparison)
    assert_type(compare_pairs(pairs, partial(csat, boxes=1)), Comparison)
    assert_type(compare_pairs(pairs, TOP, population={"after": 90}), Comparison)
    assert_type(pairs.complete().a, Tally)
    assert_type(pairwise(WAVES, adjustment="bonferroni"), Comparison)
    assert_type(with_rest(WAVES, across="wave"), Comparison)
    assert_type(with_reference(WAVES, wave="before", adjustment="none"), Comparison)
    assert_type(compare(WAVES, wave=("after", "before")).is_equivalent(5), NDArray[np.bool_])
    assert_type(rank(WAVES, across="wave"), Ranks)
    assert_type(funnel(WAVES, confidence_level=0.95), Funnel)
    assert_type(homogeneity(WAVES), Homogeneity)
    assert_type(suppress(WAVES, minimum=10), Suppressed)
    assert_type(
        suppress(WAVES, minimum=10, previous=(WAVES, suppress(WAVES, minimum=10))), Suppressed
    )
    assert_type(detectable_change(WAVES, direction="fall"), DetectableChange)
    assert_type(answers_needed(WAVES, margin=3, response_rate=0.4), AnswersNeeded)
    assert_type(verdict(WAVES, Target.at_least(80), looks="any"), Verdict)


def frames() -> None:
    """A frame is of any library; what comes of it is a sample, or a frame again."""
    assert_type(tally({}, ["q1", "q2"], scale=SCALE, by="shop", counts="n"), Tally)
    assert_type(tally({}, "q1", scale=SCALE, weights="w"), Tally | SurveyTally)
    assert_type(tally_long({}, item="question", answer="answer", scale=SCALE), Tally | SurveyTally)
    assert_type(score({}, "q1", partial(csat, boxes=1), scale=SCALE), Any)
    assert_type(score({}, ["q1"], TOP, by=["shop", "wave"]), Any)
    assert_type(cf.frames.scorecard(FOCUS, {}, by="wave"), Scorecard)
    assert_type(load("tally.parquet"), Tally | SurveyTally)
    save(SURVEY, "tally.parquet")


def arrays() -> None:
    """The functions of arrays, without names."""
    assert_type(score_interval([1, 2, 3], [-1, 0, 1]), ConfidenceInterval)
    assert_type(score_interval([[1, 2], [3, 4]], (0, 1), population=100), ConfidenceInterval)
    assert_type(proportion_interval(4, 5, method="wilson"), ConfidenceInterval)
    assert_type(proportion_interval(4, 5).low, NDArray[np.float64])
    assert_type(difference_interval(1, 2, 3, 4, method="mee"), ConfidenceInterval)
    assert_type(score_interval_difference([1, 2], [3, 4], [0, 1]), ConfidenceInterval)
    assert_type(
        melded_interval_difference([1, 2], [3, 4], [0, 1], method="exact"), ConfidenceInterval
    )
    assert_type(melded_p_value([1, 2], [3, 4], [0, 1]), NDArray[np.float64])
    assert_type(adjusted_p_values([0.01, 0.2], adjustment="holm"), NDArray[np.float64])
    assert_type(sample_size([0.5, 0.5], [0, 1], margin=0.05), Plan)


def larger(answers: Mapping[str, Any], /, **_: Any) -> Estimate:
    """An index of two items."""
    return max(csat(answers["q1"]), csat(answers["q2"]), key=float)


def vocabulary() -> None:
    """Texts are checked; what refers to another object takes it or its id, and keeps the id."""
    assert_type(PATIENTS.relation, Relation)
    assert_type(PATIENTS.form, Form)
    assert_type(COUNCIL.interests, tuple[Interest, ...])
    assert_type(QUICK.kind, Literal["want", "key driver", "expectation"])
    assert_type(SEEN.aspect, Aspect)
    assert_type(CARE.customer, str)
    assert_type(Need("care", "patients", "care", spoken=False), Need)
    assert_type(CARE.spoken, bool | None)
    assert_type(Channel("line", "Line", last="2026-05-01").last, date | None)
    assert_type(
        Statement("slow", "c", "Slow.", channel="line", on=date(2026, 5, 1)).on, date | None
    )
    assert_type(Improvement("tickets", "Tickets", serves=[QUICK]).serves, tuple[str, ...])
    assert_type(QUICK.need, str)
    assert_type(SLOW.supports, tuple[str, ...])
    assert_type(OFFICE.customers, tuple[str, ...])
    assert_type(OFFICE.stakeholders, tuple[str, ...])
    assert_type(OFFICE.activities, tuple[Activity, ...])
    assert_type(SEEN.about, str)
    assert_type(PerformanceMeasure("wait", "quick", "Wait", unit="days"), PerformanceMeasure)
    for about in (QUICK, OFFICE, OFFICE.activities[0], PATIENTS):
        PerformanceMeasure(
            "wait", about, "Wait", bounds=(0, None), direction="lower", breaks={2026: "moved"}
        )
    PerformanceMeasure("gap", QUICK, "Gap", items=["q1", "q2"], index=larger)
    assert_type(SEEN.items, tuple[str, ...])
    assert_type(SEEN.unit, Unit | str)
    assert_type(SEEN.direction, Literal["higher", "lower", "within"] | None)
    assert_type(SEEN.metric, Metric)


def targets() -> None:
    """A date may be given as text, and comes out as a date."""
    assert_type(Target.at_least(80), Target)
    assert_type(Target.at_most(20.5, due="2027-12-31"), Target)
    assert_type(Target.between(1, 2, baseline=0.5, due=date(2027, 12, 31)), Target)
    assert_type(Target(low=80, due="2027-12-31").due, date | None)
    assert_type(Target.at_least(80).low, float | None)
    assert_type(Target.at_least(80).bounds, tuple[float, float])


def focus() -> None:
    """Queries take an object or its id."""
    assert_type(FOCUS.customers, tuple[Customer, ...])
    assert_type(FOCUS.needs_of(PATIENTS), tuple[Need, ...])
    assert_type(FOCUS.needs_of("patients"), tuple[Need, ...])
    assert_type(FOCUS.requirements_of(CARE), tuple[Requirement, ...])
    assert_type(FOCUS.measures_of("quick"), tuple[PerformanceMeasure, ...])
    assert_type(FOCUS.stakeholders_of(OFFICE), tuple[Stakeholder, ...])
    assert_type(FOCUS.voice(PATIENTS), Voice)
    assert_type(FOCUS.gaps(), Gaps)
    assert_type(FOCUS.gaps().sel(gap="never heard"), Gaps)
    assert_type(FOCUS.gaps(on="2026-05-01"), Gaps)
    assert_type(FOCUS.practices(on=date(2026, 5, 1)), Practices)
    assert_type(FOCUS.spoken(CARE), bool | None)
    assert_type(FOCUS.last_used("line"), date | None)


def scorecards() -> None:
    """Answers by item become a scorecard."""
    card = scorecard(FOCUS, {"q1": [5, 4]})
    assert_type(card, Scorecard)
    assert_type(scorecard(FOCUS, {"q1": TALLY, "q2": ["a"]}), Scorecard)
    assert_type(scorecard(FOCUS, {"q1": [5, 4]}, by={"wave": [1, 2]}), Scorecard)
    assert_type(card["m"], Result)
    assert_type(scorecard(FOCUS, TALLY), Scorecard)
    assert_type(card.to_dicts(), list[dict[str, Any]])


def wrong_names() -> None:
    """A name that is not there is an error, though rooms come on first use."""
    _ = cf.Verdict  # type: ignore[attr-defined]
    _ = cf.rank(WAVES)  # type: ignore[attr-defined]
    _ = cf.comparisons.suppress  # type: ignore[attr-defined]
    _ = WAVES.limits  # type: ignore[attr-defined]


def wrong_answers() -> None:
    """Samples, scales and options of the indices."""
    estimate(TALLY, TOP, method="wilsn")  # type: ignore[arg-type]
    csat([5, 4], method="wilsn")  # type: ignore[arg-type]
    ces([1, 7], wording="ease-2014")  # type: ignore[arg-type]
    ces([1, 7])  # type: ignore[call-arg]
    csat(SCALE)  # type: ignore[arg-type]
    csat([5, 4], scale=5)  # type: ignore[arg-type]
    csat([5, 4], scales=SCALE)  # type: ignore[call-arg]
    csat([5, 4], SCALE)  # type: ignore[call-arg]
    csat([5, 4], design=[1, 2])  # type: ignore[arg-type]
    nps([9, 10], promotors=2)  # type: ignore[call-arg]
    estimate(SCALE, TOP)  # type: ignore[arg-type]
    estimate(TALLY, SCALE)  # type: ignore[arg-type]
    Tally.of(SCALE, SCALE)  # type: ignore[arg-type]
    SurveyTally.of([5], [1.0], SCALE)  # type: ignore[arg-type]
    SurveyDesign([1, 2], lonely_psu="centre")  # type: ignore[arg-type]
    ReplicateWeights([1], [[1]], "jackknife")  # type: ignore[arg-type]
    Calibration({"sex": ["f"]}, {"sex": {"f": 1}}, method="rake")  # type: ignore[arg-type]
    Calibration({"sex": ["f"]}, {"sex": "f"})  # type: ignore[dict-item]
    SurveyDesign([1, 2], calibration={"sex": {"f": 1}})  # type: ignore[arg-type]
    _ = TALLY + 1  # type: ignore[operator]


def wrong_verbs() -> None:
    """Verbs of estimates."""
    compare(TALLY, TALLY)  # type: ignore[arg-type]
    compare(WAVES, adjustment="holm")  # type: ignore[arg-type]
    compare(WAVES, wave="after")  # type: ignore[arg-type]
    compare(WAVES, WAVES, method="wald")  # type: ignore[arg-type]
    compare_pairs(TALLY, TOP)  # type: ignore[arg-type]
    pairwise(WAVES, adjustment="bonferoni")  # type: ignore[arg-type]
    rank(TALLY)  # type: ignore[arg-type]
    rank(WAVES, "wave")  # type: ignore[call-arg]
    funnel(TALLY)  # type: ignore[arg-type]
    homogeneity(WAVES, by="wave")  # type: ignore[call-arg]
    suppress(WAVES)  # type: ignore[call-overload]
    suppress(TALLY, minimum=10)  # type: ignore[call-overload]
    detectable_change(WAVES, direction="down")  # type: ignore[arg-type]
    answers_needed(WAVES)  # type: ignore[call-arg]
    verdict(TALLY, Target.at_least(80))  # type: ignore[arg-type]
    verdict(WAVES, Target.at_least(80), looks="ever")  # type: ignore[arg-type]
    proportion_interval(4, 5, method="wilsn")  # type: ignore[arg-type]
    difference_interval(1, 2, 3, 4, method="newcomb")  # type: ignore[arg-type]
    tally({}, "q1")  # type: ignore[call-overload]
    tally({}, "q1", scale=SCALE, weight="w")  # type: ignore[call-overload]
    score({}, "q1", SCALE)  # type: ignore[arg-type]
    save(WAVES, "tally.parquet")  # type: ignore[arg-type]


def wrong_words() -> None:
    """The vocabulary, its references, targets and queries."""
    Need("care", OFFICE, "care")  # type: ignore[arg-type]
    Requirement("quick", PATIENTS, "a visit")  # type: ignore[arg-type]
    Service("desk", "Desk", customers=[OFFICE])  # type: ignore[list-item]
    Service("desk", "Desk", customers=PATIENTS)  # type: ignore[arg-type]
    Service("desk", "Desk", stakeholders=[PATIENTS])  # type: ignore[list-item]
    Service("desk", "Desk", activities=["greet"])  # type: ignore[list-item]
    Statement("slow", PATIENTS, "Slow.", channel=PATIENTS)  # type: ignore[arg-type]
    Statement("slow", PATIENTS, "Slow.", source="survey", on=2026)  # type: ignore[arg-type]
    Channel("line", "Line", kind="complaints")  # type: ignore[arg-type]
    Channel("line", "Line", customers=[OFFICE])  # type: ignore[list-item]
    Improvement("tickets", "Tickets", stage="finished")  # type: ignore[arg-type]
    Improvement("tickets", "Tickets", learned_from=[CARE])  # type: ignore[list-item]
    Improvement("tickets", "Tickets", serves=[CARE])  # type: ignore[list-item]
    Service("desk", "Desk", kind="programme")  # type: ignore[arg-type]
    Statement("slow", PATIENTS, "Slow.", source="survey", supports=[PATIENTS])  # type: ignore[list-item]
    PerformanceMeasure("seen", CARE, "Seen")  # type: ignore[arg-type]
    PerformanceMeasure("seen", QUICK, "Seen", target=80)  # type: ignore[arg-type]
    PerformanceMeasure("seen", QUICK, "Seen", direction="up")  # type: ignore[arg-type]
    PerformanceMeasure("seen", QUICK, "Seen", source=3)  # type: ignore[arg-type]
    PerformanceMeasure("seen", QUICK, "Seen", index=80)  # type: ignore[arg-type]
    Customer(1, "A")  # type: ignore[arg-type]
    Customer("a", "A", relation=True)  # type: ignore[arg-type]
    Customer("a", "A", relation="intern")  # type: ignore[arg-type]
    Stakeholder("a", "A", interests=["influence"])  # type: ignore[list-item]
    Requirement("a", "n", "A", kind="wants")  # type: ignore[arg-type]
    Customer("a", "A", kind="internal")  # type: ignore[call-arg]
    Customer("a", "A", "internal")  # type: ignore[call-arg]
    Stakeholder("a", "A", interests=[1])  # type: ignore[list-item]
    Target(80)  # type: ignore[call-arg]
    Target.at_least("80")  # type: ignore[arg-type]
    Target.at_least(80, due=2027)  # type: ignore[arg-type]
    Target.between(80)  # type: ignore[call-arg]
    FOCUS.needs_of(OFFICE)  # type: ignore[arg-type]
    FOCUS.voice(CARE)  # type: ignore[arg-type]
    FOCUS.spoken(PATIENTS)  # type: ignore[arg-type]
    FOCUS.gaps(on=2026)  # type: ignore[arg-type]
    FOCUS.customers_of("office")  # type: ignore[attr-defined]
    CustomerFocus("Clinic", customers=[OFFICE])  # type: ignore[list-item]
    CustomerFocus("Clinic", customers=["patients"])  # type: ignore[list-item]
    PATIENTS.name = "Other"  # type: ignore[misc]
    scorecard(FOCUS, [5, 4])  # type: ignore[arg-type]
    scorecard(FOCUS, {"q1": 5})  # type: ignore[dict-item]
