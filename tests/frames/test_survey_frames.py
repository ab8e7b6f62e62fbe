"""Surveys with a design: what engines add up gives what the respondents themselves would."""

import re
from functools import partial

import numpy as np
import polars as pl
import pytest

from custfocus import SurveyDesign, Target, compare, csat, estimate, frames, scorecard
from custfocus.errors import AnswerError, OptionError, TallyError
from custfocus.responses import Scale, Scoring
from custfocus.surveys import SurveyTally
from custfocus.vocabulary import Customer, CustomerFocus, Need, PerformanceMeasure, Requirement

SCALE = Scale.likert(5, missing=[9, None])
TOP = Scoring.top_box(SCALE)
RESPONDENTS = 400
ROUNDING = 1e-9  # of 100: sums of 400 weights in any order, and a few operations on them
ITEMS = ["q1", "q2"]


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
FRAME = pl.DataFrame(ROWS)
DISTRICT = {"district": ROWS["district"]}
ANSWERS = {item: ROWS[item] for item in ITEMS}
DESIGNS = {
    "weights": {"weights": "weight"},
    "weights in strata": {"weights": "weight", "strata": "area"},
    "weighted clusters in strata": {"weights": "weight", "strata": "area", "clusters": "house"},
    "clusters": {"clusters": "house"},
    "clusters of two columns": {"clusters": ("area", "house")},
}
EVERY_DESIGN = pytest.mark.parametrize("columns", DESIGNS.values(), ids=DESIGNS)


def design_of(columns, **options):
    """The design of the respondents themselves."""
    fields = {
        field: ROWS[names] if isinstance(names, str) else {name: ROWS[name] for name in names}
        for field, names in columns.items()
    }
    return SurveyDesign(fields.pop("weights", None), **fields, **options)


def check_same(ours, theirs):
    """The same rows in the same order, numbers up to rounding."""
    assert type(ours) is type(theirs)
    assert [*ours.keys] == [*theirs.keys]
    assert ours.keys.fixed == theirs.keys.fixed
    for name, column in theirs.columns().items():
        found = ours.columns()[name].values
        if column.values.dtype.kind == "f":
            np.testing.assert_allclose(found, column.values, rtol=1e-9, atol=ROUNDING)
        else:
            assert found.tolist() == column.values.tolist(), name


@EVERY_DESIGN
def test_every_design_gives_what_the_respondents_would(columns):
    ours = frames.tally(FRAME, ITEMS, scale=SCALE, by="district", **columns)
    theirs = SurveyTally.of(ANSWERS, design_of(columns), SCALE, by=DISTRICT)
    check_same(ours, theirs)
    assert ours.missing_by_reason.tolist() == theirs.missing_by_reason.tolist()
    check_same(csat(ours), csat(theirs))
    check_same(*(compare(csat(each), district=("north", "south")) for each in (ours, theirs)))


def test_every_engine_gives_what_the_respondents_would(engine):
    columns = DESIGNS["weighted clusters in strata"]
    ours = frames.tally(engine.build(ROWS), ITEMS, scale=SCALE, by="district", **columns)
    check_same(csat(ours), csat(ANSWERS, scale=SCALE, by=DISTRICT, design=design_of(columns)))


@pytest.mark.parametrize("method", ["t", "logit", "beta"])
def test_one_question_of_all_respondents_is_a_single_estimate_by_any_method(method):
    columns, options = {"weights": "weight", "clusters": "house"}, {"method": method}
    ours = frames.tally(FRAME, "q1", scale=SCALE, **columns)
    theirs = estimate(ROWS["q1"], TOP, design=design_of(columns), **options)
    assert (ours.shape, ours.keys.fixed) == ((), (("item", "q1"),))
    for name in ("value", "low", "high", "standard_error"):
        found = getattr(estimate(ours, TOP, **options), name)
        assert float(found) == pytest.approx(float(getattr(theirs, name)), abs=ROUNDING)


@EVERY_DESIGN
def test_rows_that_stand_for_several_respondents_count_as_these(columns):
    counted = FRAME.with_columns(count=pl.int_range(RESPONDENTS) % 3)
    rows = counted.select(pl.all().repeat_by("count").explode())
    options = {"scale": SCALE, "by": "district", **columns}
    ours = frames.tally(counted, ITEMS, counts="count", **options)
    check_same(csat(ours), csat(frames.tally(rows, ITEMS, **options)))


@EVERY_DESIGN
def test_long_rows_give_the_survey_of_the_wide(columns):
    rest = [name for name in FRAME.columns if name not in ITEMS]
    rows = FRAME.unpivot(ITEMS, index=rest, variable_name="asked", value_name="reply")
    options = {"scale": SCALE, "by": "district", **columns}
    for items in (None, ["q2", "q1"]):
        ours = frames.tally_long(rows, item="asked", answer="reply", items=items, **options)
        check_same(csat(ours), csat(frames.tally(FRAME, items or ITEMS, **options)))


@EVERY_DESIGN
def test_parts_of_a_survey_add_up_to_the_whole(columns):
    options = {"scale": SCALE, "by": "district", **columns}
    parts = [frames.tally(part, ITEMS, **options) for part in (FRAME[:150], FRAME[150:])]
    check_same(csat(sum(parts)), csat(frames.tally(FRAME, ITEMS, **options)))


def test_respondents_of_positive_weight_are_counted():
    ours = frames.tally(FRAME, ITEMS, scale=SCALE, by="district", weights="weight")
    counting = frames.tally(FRAME.filter(pl.col("weight") > 0), ITEMS, scale=SCALE, by="district")
    assert ours.counts.tolist() == counting.counts.tolist()
    assert ours.missing_by_reason.tolist() == counting.missing_by_reason.tolist()


def test_scores_of_a_survey_come_as_the_kind_of_frame(engine):
    frame = engine.build(ROWS)
    scored = frames.score(frame, "q1", TOP, by="district", weights="weight", clusters="house")
    assert type(scored) is type(frame)


FOCUS = CustomerFocus(
    "City",
    customers=[Customer("c", "Residents")],
    needs=[Need("n", "c", "help")],
    requirements=[Requirement("r", "n", "advice")],
    measures=[
        PerformanceMeasure("top", "r", "Top", item="q1", scoring=TOP, target=Target.at_least(40)),
        PerformanceMeasure(
            "turned", "r", "Turned", item="q1", scoring=Scoring.top_box(SCALE.reverse_coded(), 1)
        ),
        PerformanceMeasure("second", "r", "Second", item="q2", scoring=TOP),
        PerformanceMeasure("not there", "r", "Not there", item="q3", scoring=TOP),
    ],
)


@pytest.mark.parametrize("by", [(), "district"])
@EVERY_DESIGN
def test_scorecards_are_those_of_the_respondents(columns, by):
    card = frames.scorecard(FOCUS, FRAME, by=by, **columns)
    labels = DISTRICT if by else None
    theirs = scorecard(FOCUS, ANSWERS, by=labels, design=design_of(columns))
    assert str(card) == str(theirs)
    for ours, other in zip(card.values(), theirs.values(), strict=True):
        assert [*ours.keys] == [*other.keys]
        for name in {"value", "low", "high"} & {*other.columns()}:
            np.testing.assert_allclose(
                ours.columns()[name].values, other.columns()[name].values, atol=ROUNDING
            )


def test_a_scorecard_passes_its_options_on():
    steps = []
    columns = {"weights": "weight", "strata": "house", "clusters": "area", "lonely_psu": "adjust"}
    options = {"method": "t", "confidence_level": 0.9}
    frame = FRAME.with_columns(house=pl.Series([0, *[1] * 399]))
    card = frames.scorecard(FOCUS, frame, progress=steps.append, **columns, **options)
    [scored] = frames.score(
        frame, "q1", partial(csat, **options), scale=SCALE, **columns
    ).to_dicts()
    assert card["top"].estimate.low == scored["low"]
    assert card.confidence_level == 0.9
    assert steps == [1, 1]  # q1 on both scales, and q2


@pytest.mark.parametrize("rows", [0, 400])
def test_a_question_without_answers_says_so_in_a_scorecard(rows):
    frame = FRAME.with_columns(q1=9).head(rows)
    row = frames.scorecard(FOCUS, frame, weights="weight").to_dicts()[0]
    assert (row["verdict"], row["value"]) == ("no answers", None)
    assert row["missing"] == sum(weight > 0 for weight in ROWS["weight"][:rows])


def test_degrees_of_freedom_of_the_guide_are_kept():
    ours = frames.tally(FRAME, "q1", scale=SCALE, clusters="house", degrees_of_freedom=7)
    assert csat(ours).degrees_of_freedom == 7


class TestErrors:
    def test_a_population_belongs_in_the_design(self):
        with pytest.raises(OptionError, match=r"population must be part of the design, got 100;"):
            frames.scorecard(FOCUS, FRAME, weights="weight", population=100)

    def test_weights_must_be_known_finite_and_not_negative(self, engine):
        wrong = [*ROWS["weight"][:-4], -1.0, float("nan"), float("inf"), None]
        text = "'weight' must be known, finite and not negative in every row, got 4 others; "
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}"):
            frames.tally(
                engine.build(ROWS | {"weight": wrong}), "q1", scale=SCALE, weights="weight"
            )

    @pytest.mark.parametrize("kind", ["strata", "clusters"])
    def test_strata_and_clusters_must_be_known(self, kind):
        with pytest.raises(AnswerError, match=f"{kind} must be known of every"):
            frames.tally(FRAME, "q1", scale=SCALE, **{kind: "district"})

    def test_a_stratum_with_one_cluster_is_an_error_until_it_is_said_what_it_adds(self):
        frame = FRAME.with_columns(house=pl.Series([0, *[1] * 399]))
        single = {"scale": SCALE, "weights": "weight", "strata": "house", "clusters": "area"}
        with pytest.raises(TallyError, match=r"lonely_psu='certainty', 'adjust' or 'average'"):
            frames.score(frame, "q1", csat, **single)
        columns = {"weights": "weight", "strata": "house", "clusters": "area"}
        rows = ROWS | {"house": [0, *[1] * 399]}
        design = SurveyDesign(
            **{field: rows[name] for field, name in columns.items()}, lonely_psu="average"
        )
        ours = frames.tally(frame, "q1", lonely_psu="average", **single)
        assert float(csat(ours).low) == pytest.approx(
            float(csat(ROWS["q1"], scale=SCALE, design=design).low), abs=ROUNDING
        )

    def test_answers_off_the_scale_name_the_question(self):
        with pytest.raises(AnswerError, match=r"^item 'q1': answers not on the scale: \[9\]"):
            frames.tally(FRAME, "q1", scale=Scale.likert(5), weights="weight")

    def test_too_many_clusters_are_named(self):
        frame = FRAME.with_columns(house=pl.int_range(RESPONDENTS))
        with pytest.raises(AnswerError, match="or more labels of 'house'"):
            frames.tally(frame, "q1", scale=SCALE, clusters="house", most_cells=100)
