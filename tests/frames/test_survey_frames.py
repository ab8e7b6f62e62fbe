"""Surveys with a design: what engines add up gives what the respondents themselves would."""

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl
import pytest

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    SurveyDesign,
    Target,
    compare,
    csat,
    frames,
    scorecard,
)
from custfocus.errors import AnswerError, OptionError, TallyError
from custfocus.surveys import SurveyTally

SCALE = Scale.likert(5, missing=[9, None])
TOP = Scoring.top_box(SCALE)
RESPONDENTS = 400
ROUNDING = 1e-11  # of 100: sums of 400 weights in any order, and a few operations on them


def survey():
    """Answers, districts, weights (some 0), strata and clusters that lie within them."""
    generator = np.random.default_rng(7)
    cluster = generator.integers(0, 24, RESPONDENTS)
    answers = generator.integers(1, 7, RESPONDENTS)
    weights = generator.lognormal(size=RESPONDENTS) * (generator.random(RESPONDENTS) > 0.05)
    return {
        "q1": [9 if answer == 6 else int(answer) for answer in answers],
        "q2": [int(answer) for answer in generator.integers(1, 6, RESPONDENTS)],
        "district": [["north", "south", None][place] for place in generator.integers(0, 3, 400)],
        "weight": weights.tolist(),
        "area": [["city", "county"][each % 2] for each in cluster.tolist()],
        "house": cluster.tolist(),
    }


ROWS = survey()
ITEMS = {name: ROWS[name] for name in ("q1", "q2")}
DISTRICT = {"district": ROWS["district"]}
DESIGNS = {
    "weights": {"weights": "weight"},
    "weights in strata": {"weights": "weight", "strata": "area"},
    "weighted clusters in strata": {"weights": "weight", "strata": "area", "clusters": "house"},
    "clusters": {"clusters": "house"},
    "clusters of two columns": {"clusters": ("area", "house")},
}
EVERY_DESIGN = pytest.mark.parametrize("columns", DESIGNS.values(), ids=DESIGNS)


def design_of(columns):
    """The design of the respondents themselves."""
    given = {}
    for role, names in columns.items():
        several = isinstance(names, tuple)
        given[role] = {name: ROWS[name] for name in names} if several else ROWS[names]
    return SurveyDesign(**given)


def polars(**changed):
    return pl.DataFrame(ROWS | changed)


def check_close(ours, theirs):
    """Equal numbers up to the order of adding up, of results with the same rows."""
    assert ours.keys.columns() == theirs.keys.columns()
    for name in ("n", "missing"):
        assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()
    for name in ("value", "low", "high", "degrees_of_freedom"):
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=1e-9, atol=ROUNDING
        )


@EVERY_DESIGN
def test_every_design_gives_the_tally_of_the_respondents(columns):
    check_tally(polars(), columns)


@pytest.mark.on_clusters
def test_every_engine_gives_the_tally_of_the_respondents(engine):
    check_tally(engine.build(ROWS), DESIGNS["weighted clusters in strata"])


def check_tally(frame, columns):
    ours = frames.tally(frame, ["q1", "q2"], scale=SCALE, by="district", **columns)
    theirs = SurveyTally.of(ITEMS, design_of(columns), SCALE, by=DISTRICT)
    assert ours.counts.tolist() == theirs.counts.tolist()
    assert ours.missing_by_reason.tolist() == theirs.missing_by_reason.tolist()
    check_close(csat(ours), csat(theirs))
    mine, other = (
        compare(csat(one).sel(item="q1"), district=("north", "south")) for one in (ours, theirs)
    )
    for name in ("value", "low", "high", "p_value"):
        np.testing.assert_allclose(getattr(mine, name), getattr(other, name), rtol=1e-8)


def test_score_gives_the_index_of_that_tally_in_a_frame_of_the_same_kind(engine):
    frame = engine.build(ROWS)
    columns = DESIGNS["weighted clusters in strata"] | {"degrees_of_freedom": 17}
    scored = frames.score(frame, "q1", csat, scale=SCALE, by="district", **columns)
    assert type(scored) is type(frame)
    if not isinstance(scored, dict):
        collected = nw.from_native(scored).lazy().collect()
        scored = {name: collected[name].to_list() for name in collected.columns}
    theirs = csat(frames.tally(ROWS, "q1", scale=SCALE, by="district", **columns)).to_dicts()
    assert sorted(scored["n"]) == sorted(row["n"] for row in theirs)
    assert {*scored["degrees_of_freedom"]} == {17}
    np.testing.assert_allclose(
        sorted(scored["low"]), sorted(row["low"] for row in theirs), rtol=0, atol=ROUNDING
    )


FOCUS = CustomerFocus(
    "City",
    customers=[Customer("c", "Residents")],
    needs=[Need("n", "c", "help")],
    requirements=[Requirement("r", "n", "advice")],
    measures=[
        PerformanceMeasure("top", "r", "Top", items="q1", index=TOP, target=Target.at_least(40)),
        PerformanceMeasure(
            "turned", "r", "Turned", items="q1", index=Scoring.top_box(SCALE.reverse_coded(), 1)
        ),
        PerformanceMeasure("second", "r", "Second", items="q2", index=TOP),
        PerformanceMeasure("not there", "r", "Not there", items="q3", index=TOP),
    ],
)


@pytest.mark.parametrize("by", [(), "district"])
@EVERY_DESIGN
def test_scorecards_are_those_of_the_respondents(columns, by):
    check_scorecards(polars(), columns, by)


def test_every_engine_gives_the_scorecard_of_the_respondents(engine):
    check_scorecards(engine.build(ROWS), DESIGNS["weights"], "district")


def check_scorecards(frame, columns, by):
    ours = frames.scorecard(FOCUS, frame, by=by, **columns).to_dicts()
    theirs = scorecard(FOCUS, ITEMS, by=DISTRICT if by else None, design=design_of(columns))
    for mine, other in zip(ours, theirs.to_dicts(), strict=True):
        numbers = {name: other[name] for name in other if isinstance(other[name], float)}
        assert {name: mine[name] for name in numbers} == pytest.approx(numbers, abs=ROUNDING)
        assert {name: mine[name] for name in mine if name not in numbers} == {
            name: other[name] for name in other if name not in numbers
        }


def test_a_population_is_no_column_of_a_scorecard_with_a_design():
    with pytest.raises(OptionError, match=r"population must be part of the design, got 100; see"):
        frames.scorecard(FOCUS, polars(), weights="weight", population=100)


class TestErrors:
    @pytest.mark.parametrize("kind", ["strata", "clusters"])
    def test_strata_and_clusters_must_be_known(self, kind):
        with pytest.raises(AnswerError, match=f"{kind} must be known of every"):
            frames.tally(polars(), "q1", scale=SCALE, **{kind: "district"})

    def test_a_stratum_with_one_cluster_needs_a_rule(self):
        frame = polars(house=[0, *[1] * 399])
        lone = {"scale": SCALE, "weights": "weight", "strata": "house", "clusters": "area"}
        with pytest.raises(TallyError, match=r"lonely_psu='certainty', 'adjust' or 'average'"):
            frames.score(frame, "q1", csat, **lone)
        scored = frames.score(frame, "q1", csat, lonely_psu="adjust", **lone)
        design = SurveyDesign(
            ROWS["weight"], strata=frame["house"], clusters=ROWS["area"], lonely_psu="adjust"
        )
        theirs = csat(ITEMS["q1"], scale=SCALE, design=design)
        assert scored["low"].to_list() == pytest.approx([float(theirs.low)], abs=ROUNDING)

    @pytest.mark.parametrize(
        ("option", "text"),
        [({"lonely_psu": "never"}, "unknown lonely_psu 'never'"),
         ({"degrees_of_freedom": -1}, "degrees_of_freedom must be .*, got -1")],
    )  # fmt: skip
    def test_options_of_a_design_are_checked_before_anything_is_counted(self, option, text):
        with pytest.raises(OptionError, match=f"^{text}"):
            frames.tally(None, "q1", scale=SCALE, **option)
