"""
The public API as type checkers see it: right uses keep their types, wrong ones are refused.

Checked by mypy and pyright, both strict, not run. An ignore that nothing needs is an error in
both, so each of those in `wrong_uses` is a test that can fail.
"""

from datetime import date
from typing import Any, Literal, assert_type

from custfocus import (
    Activity,
    Aspect,
    Comparison,
    ConfidenceInterval,
    Customer,
    CustomerFocus,
    Estimate,
    Form,
    Gaps,
    Interest,
    Need,
    PairTally,
    PerformanceMeasure,
    Plan,
    RankIntervals,
    Relation,
    Requirement,
    RequirementKind,
    Scale,
    Scorecard,
    Scoring,
    Service,
    Stakeholder,
    Statement,
    SuppressedEstimate,
    SurveyDesign,
    SurveyEstimate,
    Tally,
    Target,
    Unit,
    Verdict,
    Voice,
    bottom_box,
    ces,
    compare,
    compare_pairs,
    csat,
    difference_interval,
    estimate,
    mean_score,
    net_score,
    nps,
    proportion_interval,
    rank_intervals,
    sample_size,
    score_interval,
    score_interval_difference,
    scorecard,
    suppress,
    survey_estimate,
    top_box,
    verdict,
)
from custfocus.results import Result

SCALE = Scale.likert(5, labels=["1", "2", "3", "4", "5"], missing=[9, None, "refused"])
TALLY = Tally.of([5, 4, 9], SCALE)
TOP = Scoring.top_box(SCALE)

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
    "seen", QUICK, "Seen", item="q1", scoring=TOP, target=Target.at_least(80), aspect="how much"
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


def responses() -> None:
    """Scales, scorings and tallies."""
    assert_type(Scale([1, 2, 3]), Scale)
    assert_type(SCALE, Scale)
    assert_type(Scale.range(0, 10), Scale)
    assert_type(SCALE.reverse_coded(), Scale)
    assert_type(TOP, Scoring)
    assert_type(Scoring.top_box(SCALE, boxes=[4, "5"]), Scoring)
    assert_type(Scoring.net(SCALE, positive=2, negative=[1]), Scoring)
    assert_type(Scoring.mean(SCALE, 0, 10), Scoring)
    assert_type(TOP.unit, Unit | str)
    assert_type(TOP.bounds, tuple[float, float])
    assert_type(TALLY, Tally)
    assert_type(Tally([1, 2, 3, 4, 5], SCALE), Tally)
    assert_type(Tally([[1, 2, 3, 4, 5]], SCALE, [2]), Tally)
    assert_type(TALLY + TALLY, Tally)
    assert_type(sum([TALLY, TALLY]), Tally | Literal[0])
    assert_type(sum([TALLY, TALLY], start=TALLY), Tally)
    assert_type(Tally.of([5], SCALE) == TALLY, bool)


def indices() -> None:
    """Every index takes answers or a tally."""
    assert_type(csat([5, 4]), Estimate)
    assert_type(csat(["good", "bad"], scale=SCALE, boxes=1), Estimate)
    assert_type(csat(TALLY), Estimate)
    assert_type(top_box((5, 4)), Estimate)
    assert_type(bottom_box(TALLY), Estimate)
    assert_type(net_score(TALLY, positive=1, negative=[1, 2]), Estimate)
    assert_type(nps(range(11)), Estimate)
    assert_type(nps(TALLY, promoters=1, detractors=3, confidence_level=0.9), Estimate)
    assert_type(ces([1, 7], wording="ease-2013"), Estimate)
    assert_type(mean_score(TALLY, low=1, high=5), Estimate)
    assert_type(estimate(TALLY, TOP), Estimate)
    assert_type(estimate(TALLY, TOP, method="score", population=[100]), Estimate)
    assert_type(float(csat(TALLY)), float)
    assert_type(csat(TALLY)[0], Estimate)
    assert_type(score_interval([1, 2, 3], [-1, 0, 1]), ConfidenceInterval)
    assert_type(score_interval([[1, 2], [3, 4]], (0, 1), population=100), ConfidenceInterval)
    assert_type(proportion_interval(4, 5, method="wilson"), ConfidenceInterval)


def parties() -> None:
    """Enumerations take their texts and come out as members."""
    assert_type(PATIENTS, Customer)
    assert_type(Customer("a", "A", relation="internal", form="entity"), Customer)
    assert_type(PATIENTS.relation, Relation)
    assert_type(PATIENTS.form, Form)
    assert_type(COUNCIL.interests, tuple[Interest, ...])
    assert_type(QUICK.kind, RequirementKind)
    assert_type(SEEN.aspect, Aspect)


def references() -> None:
    """A field that refers to another object takes it or its id, and keeps the id."""
    assert_type(CARE.customer, str)
    assert_type(Need("care", "patients", "care", spoken=False), Need)
    assert_type(QUICK.need, str)
    assert_type(Requirement("quick", "care", "a visit", kind="want"), Requirement)
    assert_type(SLOW.supports, tuple[str, ...])
    assert_type(OFFICE.customers, tuple[str, ...])
    assert_type(OFFICE.stakeholders, tuple[str, ...])
    assert_type(OFFICE.activities, tuple[Activity, ...])
    assert_type(SEEN.requirement, str)
    assert_type(PerformanceMeasure("wait", "quick", "Wait", unit="days"), PerformanceMeasure)


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


def scores() -> None:
    """Answers by item become a scorecard."""
    card = scorecard(FOCUS, {"q1": [5, 4]})
    assert_type(card, Scorecard)
    assert_type(scorecard(FOCUS, {"q1": TALLY, "q2": ["a"]}), Scorecard)
    assert_type(scorecard(FOCUS, {"q1": [5, 4]}, by={"wave": [1, 2]}), Scorecard)
    assert_type(card["m"], Result)
    assert_type(scorecard(FOCUS, TALLY), Scorecard)
    assert_type(card.to_dicts(), list[dict[str, Any]])
    assert_type(verdict(csat(TALLY), Target.at_least(80)), Verdict)


def inference() -> None:
    """Comparisons, groups, designs, plans."""
    pairs = PairTally.of([5, 4], [4, None], SCALE)
    design = SurveyDesign([1, 2], strata=["a", "a"])
    assert_type(estimate(TALLY, TOP, method="clopper-pearson"), Estimate)
    assert_type(compare(TALLY, [5, 4], TOP), Comparison)
    assert_type(compare_pairs(pairs, TOP), Comparison)
    assert_type(pairs.complete().a, Tally)
    assert_type(rank_intervals(TALLY, TOP), RankIntervals)
    assert_type(suppress(csat(TALLY), minimum=10), SuppressedEstimate)
    assert_type(survey_estimate([5, 4], TOP, design, method="beta"), SurveyEstimate)
    assert_type(difference_interval(1, 2, 3, 4, method="mee"), ConfidenceInterval)
    assert_type(score_interval_difference([1, 2], [3, 4], [0, 1]), ConfidenceInterval)
    assert_type(sample_size([0.5, 0.5], [0, 1], margin=0.05), Plan)


def wrong_uses() -> None:
    """Each line is an error to both checkers."""
    estimate(TALLY, TOP, method="wilsn")  # type: ignore[arg-type]
    proportion_interval(4, 5, method="wilsn")  # type: ignore[arg-type]
    difference_interval(1, 2, 3, 4, method="newcomb")  # type: ignore[arg-type]
    compare(TALLY, TALLY, SCALE)  # type: ignore[arg-type]
    compare_pairs(TALLY, TOP)  # type: ignore[arg-type]
    suppress(csat(TALLY))  # type: ignore[call-arg]
    survey_estimate([5], TOP, [1.0])  # type: ignore[arg-type]
    ces([1, 7], wording="ease-2014")  # type: ignore[arg-type]
    ces([1, 7])  # type: ignore[call-arg]
    csat(SCALE)  # type: ignore[arg-type]
    csat([5, 4], scale=5)  # type: ignore[arg-type]
    csat([5, 4], scales=SCALE)  # type: ignore[call-arg]
    csat([5, 4], SCALE)  # type: ignore[call-arg]
    nps([9, 10], promotors=2)  # type: ignore[call-arg]
    estimate(SCALE, TOP)  # type: ignore[arg-type]
    estimate(TALLY, SCALE)  # type: ignore[arg-type]
    estimate([5, 4], TOP)  # type: ignore[arg-type]
    Tally.of(SCALE, SCALE)  # type: ignore[arg-type]
    _ = TALLY + 1  # type: ignore[operator]
    Need("care", OFFICE, "care")  # type: ignore[arg-type]
    Requirement("quick", PATIENTS, "a visit")  # type: ignore[arg-type]
    Service("desk", "Desk", customers=[OFFICE])  # type: ignore[list-item]
    Service("desk", "Desk", customers=PATIENTS)  # type: ignore[arg-type]
    Service("desk", "Desk", stakeholders=[PATIENTS])  # type: ignore[list-item]
    Service("desk", "Desk", activities=["greet"])  # type: ignore[list-item]
    Statement("slow", PATIENTS, "Slow.", supports=[CARE])  # type: ignore[call-arg]
    Statement("slow", PATIENTS, "Slow.", source="survey", supports=[PATIENTS])  # type: ignore[list-item]
    PerformanceMeasure("seen", CARE, "Seen")  # type: ignore[arg-type]
    PerformanceMeasure("seen", QUICK, "Seen", target=80)  # type: ignore[arg-type]
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
    FOCUS.customers_of("office")  # type: ignore[attr-defined]
    CustomerFocus("Clinic", customers=[OFFICE])  # type: ignore[list-item]
    CustomerFocus("Clinic", customers=["patients"])  # type: ignore[list-item]
    PATIENTS.name = "Other"  # type: ignore[misc]
    scorecard(FOCUS, [5, 4])  # type: ignore[arg-type]
    scorecard(FOCUS, {"q1": 5})  # type: ignore[dict-item]
