"""Surveys with a design: what engines add up gives what the respondents themselves would."""

import re

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl
import pytest

from custfocus import (
    Customer,
    CustomerFocus,
    Groups,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    SurveyDesign,
    SurveyTally,
    TallyTable,
    Target,
    csat,
    frames,
    scorecard,
    survey_estimate,
)
from custfocus.errors import AnswerError, OptionError, TallyError

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
DESIGNS = {
    "weights": {"weight": "weight"},
    "weights in strata": {"weight": "weight", "strata": "area"},
    "weighted clusters in strata": {"weight": "weight", "strata": "area", "clusters": "house"},
    "clusters": {"clusters": "house"},
    "clusters of two columns": {"clusters": ("area", "house")},
}


def design_of(columns):
    """The design of the respondents themselves."""
    clusters = columns.get("clusters")
    if isinstance(clusters, tuple):
        clusters = Groups.of({name: ROWS[name] for name in clusters})
    elif clusters is not None:
        clusters = ROWS[clusters]
    return SurveyDesign(
        ROWS[columns["weight"]] if "weight" in columns else None,
        strata=ROWS[columns["strata"]] if "strata" in columns else None,
        clusters=clusters,
    )


def collected(frame):
    opened = nw.from_native(frame)
    opened = opened.collect() if isinstance(opened, nw.LazyFrame) else opened
    return {name: opened[name].to_list() for name in opened.columns}


def polars(**changed):
    return pl.DataFrame(ROWS | changed)


@pytest.mark.parametrize("columns", DESIGNS.values(), ids=DESIGNS)
def test_every_design_gives_what_the_respondents_would(columns):
    check_scores(polars(), columns)


def test_every_engine_gives_what_the_respondents_would(engine):
    frame = engine.build(ROWS)
    if not isinstance(frame, dict):  # plain arrays are not added up
        check_scores(frame, DESIGNS["weighted clusters in strata"])


def check_scores(frame, columns):
    scored = collected(frames.score(frame, "q1", csat, scale=SCALE, by="district", **columns))
    theirs = survey_estimate(ROWS["q1"], TOP, design_of(columns), by={"district": ROWS["district"]})
    assert scored["n"] == theirs.n.tolist()
    assert scored["missing"] == theirs.missing.tolist()
    for name in ("value", "low", "high"):
        np.testing.assert_allclose(scored[name], getattr(theirs, name), rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("method", ["t", "logit", "beta"])
def test_every_method_of_a_survey_can_be_asked_for(method):
    scored = frames.score(
        polars(), ["q1", "q2"], csat, scale=SCALE, weight="weight", clusters="house",
        method=method, confidence_level=0.9,
    )  # fmt: skip
    for row, item in zip(scored.to_dicts(), ("q1", "q2"), strict=True):
        design = SurveyDesign(ROWS["weight"], clusters=ROWS["house"])
        theirs = survey_estimate(ROWS[item], TOP, design, method=method, confidence_level=0.9)
        assert row["item"] == item
        assert row["low"] == pytest.approx(float(theirs.low), abs=ROUNDING)
        assert row["high"] == pytest.approx(float(theirs.high), abs=ROUNDING)


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
@pytest.mark.parametrize("columns", DESIGNS.values(), ids=DESIGNS)
def test_scorecards_are_those_of_the_respondents(columns, by):
    check_scorecards(polars(), columns, by)


def test_every_engine_gives_the_scorecard_of_the_respondents(engine):
    frame = engine.build(ROWS)
    if not isinstance(frame, dict):
        check_scorecards(frame, DESIGNS["weights"], "district")


def check_scorecards(frame, columns, by):
    answers = {item: ROWS[item] for item in ("q1", "q2")}
    labels = {"district": ROWS["district"]} if by else None
    card = frames.scorecard(FOCUS, frame, by=by, **columns)
    theirs = scorecard(FOCUS, answers, by=labels, design=design_of(columns))
    assert [row.group for row in card.rows] == [row.group for row in theirs.rows]
    for ours, other in zip(card.rows, theirs.rows, strict=True):
        assert (ours.measure, ours.verdict_text) == (other.measure, other.verdict_text)
        if other.estimate is not None:
            assert ours.estimate.n == other.estimate.n
            assert float(ours.estimate.low) == pytest.approx(
                float(other.estimate.low), abs=ROUNDING
            )


def test_a_scorecard_passes_its_options_on():
    steps = []
    options = {"method": "t", "confidence_level": 0.9, "lonely": "adjust"}
    columns = {"weight": "weight", "strata": "house", "clusters": "area"}
    frame = polars(house=[0, *[1] * 399])
    card = frames.scorecard(FOCUS, frame, progress=steps.append, **columns, **options)
    table = frames.tally(frame, "q1", scale=SCALE, **columns)
    [scored] = frames.score_table(table, csat, like="polars", **options).to_dicts()
    assert card.rows[0].to_dict(())["low"] == scored["low"]
    assert card.confidence_level == 0.9
    assert len(steps) == 3  # q1 on both scales, and q2


@pytest.mark.parametrize("rows", [0, 400])
def test_a_question_that_nobody_answered_has_a_row_in_a_scorecard(rows):
    frame = polars(q1=[9] * RESPONDENTS).head(rows)
    top, *_ = frames.scorecard(FOCUS, frame, weight="weight").rows
    assert top.verdict_text == "no answers"
    assert top.estimate.missing == sum(weight > 0 for weight in ROWS["weight"][:rows])


def test_a_population_is_no_column_of_a_scorecard_with_a_design():
    with pytest.raises(OptionError, match=r"^population must be part of the design, got 100;"):
        frames.scorecard(FOCUS, polars(), weight="weight", population=100)


def test_the_table_counts_respondents_of_positive_weight():
    table = frames.tally(polars(), ["q1", "q2"], scale=SCALE, by="district", weight="weight")
    counting = pl.DataFrame(ROWS).filter(pl.col("weight") > 0)
    assert table.tally == frames.tally(counting, ["q1", "q2"], scale=SCALE, by="district").tally
    with pytest.raises(TallyError, match=r"^a Tally has no weights or clusters: use frames"):
        table["q1"]
    assert "respondents of a survey with a design" in str(table)
    assert "respondents of a survey with a design" in table._repr_html_()


@pytest.mark.parametrize("columns", DESIGNS.values(), ids=DESIGNS)
def test_parts_of_a_survey_add_up_to_the_whole(columns):
    options = {"scale": SCALE, "by": "district", **columns}
    every = polars()
    whole = frames.tally(every, ["q1", "q2"], **options)
    added = sum(frames.tally(part, ["q1", "q2"], **options) for part in (every[:150], every[150:]))
    assert added.tally == whole.tally
    for ours, theirs in zip(
        *(
            collected(frames.score_table(each, csat, like="polars"))["low"]
            for each in (added, whole)
        ),
        strict=True,
    ):
        assert ours == pytest.approx(theirs, abs=ROUNDING)


@pytest.mark.parametrize("ending", [".json", ".parquet"])
@pytest.mark.parametrize("by", [(), "district", ("district", "area")])
@pytest.mark.parametrize("columns", DESIGNS.values(), ids=DESIGNS)
def test_files_give_the_table_back(tmp_path, ending, by, columns):
    table = frames.tally(polars(), ["q1", "q2"], scale=SCALE, by=by, **columns)
    frames.save(table, tmp_path / f"table{ending}")
    assert frames.load(tmp_path / f"table{ending}") == table


@pytest.mark.parametrize("ending", [".json", ".parquet"])
def test_files_keep_a_survey_without_missing_codes_and_one_of_nobody(tmp_path, ending):
    for frame in (polars(), polars().head(0)):
        table = frames.tally(frame, "q2", scale=Scale.likert(5), by="area", weight="weight")
        frames.save(table, tmp_path / f"table{ending}")
        assert frames.load(tmp_path / f"table{ending}") == table


WRONG_WEIGHTS = re.escape(
    "'weight' must be known, finite and not negative in every row, got 4 others; "
    "give 0 to respondents who must not count"
)


def test_weights_must_be_known_finite_and_not_negative(engine):
    wrong = [-1.0, float("nan"), float("inf"), None]
    frame = engine.build(ROWS | {"weight": [*ROWS["weight"][:-4], *wrong]})
    if not isinstance(frame, dict):
        with pytest.raises(AnswerError, match=WRONG_WEIGHTS):
            frames.tally(frame, "q1", scale=SCALE, weight="weight")


def test_whole_weights_of_a_small_type_do_not_overflow():
    small = polars(weight=[100] * RESPONDENTS).with_columns(pl.col("weight").cast(pl.Int8))
    table = frames.tally(small, "q2", scale=SCALE, weight="weight")
    assert table.surveys[0].cells.squares.sum() == 100**2 * RESPONDENTS


@pytest.mark.parametrize("kind", ["strata", "clusters"])
def test_strata_and_clusters_must_be_known(kind):
    with pytest.raises(AnswerError, match=f"^item 'q1': {kind} must be known of every"):
        frames.tally(polars(), "q1", scale=SCALE, **{kind: "district"})


def test_a_stratum_with_one_cluster_needs_to_be_told_what_it_adds():
    lonely = {"scale": SCALE, "weight": "weight", "strata": "house", "clusters": "area"}
    with pytest.raises(
        TallyError, match=r"^item 'q1': .*lonely='certainty', 'adjust' or 'average'"
    ):
        frames.score(polars(house=[0, *[1] * 399]), "q1", csat, **lonely)
    scored = frames.score(polars(house=[0, *[1] * 399]), "q1", csat, lonely="adjust", **lonely)
    assert scored["n"].to_list() == [sum(
        answer != 9 and weight > 0
        for answer, weight in zip(ROWS["q1"], ROWS["weight"], strict=True)
    )]  # fmt: skip


def test_plain_arrays_are_not_added_up():
    with pytest.raises(AnswerError, match=r"need a dataframe, got a mapping of arrays$"):
        frames.tally({"q1": np.array([1, 2])}, "q1", scale=SCALE, clusters="q1")


def test_answers_off_the_scale_name_the_question():
    with pytest.raises(AnswerError, match=r"^item 'q1': answers not on the scale: \[9\]"):
        frames.tally(polars(), "q1", scale=Scale.likert(5), weight="weight")


def test_too_many_clusters_are_named():
    with pytest.raises(AnswerError, match="or more labels of 'house'"):
        frames.tally(polars(house=range(400)), "q1", scale=SCALE, clusters="house", most_cells=100)


class TestTable:
    SURVEY = SurveyTally.of([5, 4, 4], SurveyDesign([1, 2, 3]), SCALE)

    def test_a_table_of_surveys_needs_one(self):
        with pytest.raises(TallyError, match=r"^surveys must be one for each item, got none$"):
            TallyTable.of_surveys([], [])

    def test_surveys_of_other_respondents_are_an_error(self):
        table = TallyTable.of_surveys(["q"], [self.SURVEY])
        other = SurveyTally.of([5, 5, 4], SurveyDesign([1, 2, 3]), SCALE)
        with pytest.raises(TallyError, match=r"TallyTable.of_surveys makes the table from them$"):
            TallyTable(table.by, table.keys, table.items, table.tally, surveys=[other])

    def test_a_table_with_a_design_does_not_add_up_with_one_without(self):
        table = TallyTable.of_surveys(["q"], [self.SURVEY])
        plain = TallyTable((), [()], ["q"], table.tally)
        assert table != plain
        with pytest.raises(TallyError, match="both a design or neither"):
            table + plain
