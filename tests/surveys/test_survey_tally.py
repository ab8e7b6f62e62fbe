"""A survey's tally: its rows and cells, how it adds up, what is chosen, impossible ones."""

import copy
import pickle
import re

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.errors import AnswerError, LabelError, OptionError, ScaleError, TallyError
from custfocus.indices.estimate import estimate
from custfocus.responses import Scale, Scoring
from custfocus.surveys import Calibration, ReplicateWeights, SurveyDesign, SurveyTally

FIVE = Scale.likert(5, missing=[9])
TOP = Scoring.top_box(FIVE)
MEAN = Scoring.mean(FIVE, 1, 5)
ANSWERS = [5, 5, 9, 1, 4, 5]
WEIGHTS = [1, 2, 4, 0, 1, 0.5]
STRATA = ["a", "a", "a", "b", "b", "b"]
CLUSTERS = [1, 1, 2, 2, 1, 1]
BY = ["x", "x", "y", "y", "x", "x"]
DESIGN = SurveyDesign(WEIGHTS, strata=STRATA, clusters=CLUSTERS)
TALLY = SurveyTally.of(ANSWERS, DESIGN, FIVE, by=BY)
FINITE = SurveyDesign(WEIGHTS, strata=STRATA, population=[9] * 6)
FACTORS = np.array([[2, 0, 1], [0, 2, 1], [1, 1, 1], [1, 1, 1], [2, 1, 0], [1, 2, 0.5]])
REPLICATED = ReplicateWeights(WEIGHTS, np.array(WEIGHTS)[:, None] * FACTORS, "brr")
every_content = pytest.mark.parametrize("design", [DESIGN, FINITE, REPLICATED], ids=type)


def message(text):
    return "^" + re.escape(text)


def refused(error, text, function, *arguments, **options):
    with pytest.raises(error, match=message(text)):
        function(*arguments, **options)


def cells_of(tally):
    """The one item's cells, as lists by name."""
    [content] = tally.contents
    labels = {"strata": content.strata.codes, "clusters": content.clusters.codes}
    columns = {**content.rows._asdict(), **labels, "weightless": content.weightless}
    return {name: array.tolist() for name, array in columns.items()}


class TestOfRespondents:
    def test_there_is_a_cell_for_each_domain_stratum_cluster_and_answer_that_occurs(self):
        [content] = TALLY.contents
        assert content.strata.keys.labels("strata") == ["a", "b"]
        assert content.clusters.keys.labels("clusters") == [1, 2]
        assert cells_of(TALLY) == {
            "domains": [0, 0, 0, 1, 1],
            "strata": [0, 1, 1, 0, 1],
            "clusters": [0, 0, 0, 1, 1],
            "places": [4, 3, 4, 5, 0],
            "respondents": [2, 1, 1, 1, 0],
            "weightless": [0, 0, 0, 0, 1],
            "weights": [3, 1, 0.5, 4, 0],
            "squares": [5, 1, 0.25, 16, 0],
        }

    @every_content
    def test_counts_are_of_respondents_with_a_positive_weight_and_shares_are_weighted(self, design):
        tally = SurveyTally.of(ANSWERS, design, FIVE, by=BY)
        assert tally.counts.tolist() == [[0, 0, 0, 1, 3], [0, 0, 0, 0, 0]]
        assert tally.n.tolist() == [4, 0]
        assert tally.missing.tolist() == [0, 1]
        np.testing.assert_allclose(tally.shares[0], [0, 0, 0, 1 / 4.5, 3.5 / 4.5], rtol=1e-15)
        assert np.isnan(tally.shares[1]).all()
        assert tally.keys.columns() == {"group": ["x", "y"]}
        whole = SurveyTally.of(ANSWERS, design, FIVE)
        assert whole.shape == whole.n.shape == whole.missing.shape == ()
        assert (int(whole.n), int(whole.missing), whole.shares.shape) == (4, 1, (5,))

    @every_content
    def test_missing_answers_are_counted_by_reason(self, design):
        scale = Scale.likert(5, missing=[9, None])
        tally = SurveyTally.of([5, None, 9, 9, 4, 5], design, scale, by=BY)
        assert tally.missing_by_reason.tolist() == [[0, 1, 0], [1, 0, 0]]
        assert tally.to_dicts()[0]["missing_blank"] == 1
        assert tally.notes[0] == "missing by code: 9: 1, blank: 1"

    def test_several_items_have_a_row_each(self):
        tally = SurveyTally.of({"r": ANSWERS, "q": ANSWERS[::-1]}, DESIGN, FIVE, by=BY)
        assert list(tally.keys) == [("x", "r"), ("x", "q"), ("y", "r"), ("y", "q")]
        assert tally.sel(item="r").n.tolist() == [4, 0]
        assert tally.sel(item="q").counts.tolist() == [[0, 0, 0, 1, 3], [1, 0, 0, 0, 0]]
        one = SurveyTally.of(pd.Series(ANSWERS, name="r"), DESIGN, FIVE, by=BY)
        assert tally.sel(item="r") != one  # which lacks the other item
        assert estimate(tally.sel(item="r", group="x"), TOP) == estimate(
            tally, TOP
        ).sel(item="r", group="x")  # fmt: skip
        assert one.keys.fixed == (("item", "r"),)
        assert tally == SurveyTally.of({"q": ANSWERS[::-1], "r": ANSWERS}, DESIGN, FIVE, by=BY)

    def test_a_declared_order_is_kept_and_makes_no_other_tally(self):
        declared = pd.Series(pd.Categorical(BY, categories=["y", "x"]), name="group")
        tally = SurveyTally.of(ANSWERS, DESIGN, FIVE, by=declared)
        assert tally.keys.labels("group") == ["y", "x"]
        assert tally == TALLY

    def test_what_does_not_fit_is_an_error(self):
        refused(AnswerError, "expected a SurveyDesign, got list", SurveyTally.of, [5], [1], FIVE)
        calibration = Calibration({"age": ["old"]}, {"age": {"old": 9}})
        text = "expected a SurveyDesign, got Calibration; write SurveyDesign(calibration=...)"
        refused(AnswerError, text, SurveyTally.of, [5], calibration, FIVE)
        text = "answers must be one for each respondent of the design, got 2 for 6"
        refused(AnswerError, text, SurveyTally.of, [5, 4], DESIGN, FIVE)
        text = "by must give one label for each row, got 1 for 6 rows"
        refused(AnswerError, text, SurveyTally.of, ANSWERS, DESIGN, FIVE, by=["x"])
        refused(ScaleError, "expected a Scale", SurveyTally.of, ANSWERS, DESIGN, 5)
        refused(AnswerError, "answers not on the scale: [7]", SurveyTally.of, [7] * 6, DESIGN, FIVE)

    def test_it_reads_as_a_table_of_respondents(self):
        assert str(TALLY).splitlines() == [
            "group  n  missing  1  2  3  4  5",
            "x      4        0  0  0  0  1  3",
            "y      0        1  0  0  0  0  0",
            "answers of a survey on 1, 2, 3, 4, 5",
            "note: fewer than 10 clusters in 1 of 2 rows: how they differ is hardly known",
        ]

    def test_rows_of_pandas_are_never_paired_by_place(self):
        answers = pd.Series(ANSWERS, name="q")
        design = SurveyDesign(pd.Series(WEIGHTS, name="w"), strata=STRATA, clusters=CLUSTERS)
        assert SurveyTally.of(answers, design, FIVE).n == 4
        text = (
            "answers and what belongs to them must have the same index, got different ones for "
            "'answers' and 'the design'"
        )
        refused(AnswerError, text, SurveyTally.of, answers[::-1], design, FIVE)
        text = text.replace("'answers' and 'the design'", "'the design' and 'by'")
        refused(AnswerError, text, SurveyTally.of, ANSWERS, design, FIVE, by=answers[::-1])


def of_cells(answers=(5, 1), scale=FIVE, **columns):
    fitting = {"respondents": [2, 1], "weights": [3, 1], "squares": [5, 1]}
    return SurveyTally.of_cells(answers, scale, **{**fitting, **columns})


class TestOfCells:
    def test_the_cells_of_an_engine_make_the_tally_of_the_respondents(self):
        frame = pd.DataFrame(
            {"answer": ANSWERS, "w": WEIGHTS, "s": STRATA, "c": CLUSTERS, "g": BY}
        ).assign(square=lambda rows: rows.w**2, counts=lambda rows: rows.w > 0)
        keys = ["g", "s", "c", "answer"]
        cells = frame.groupby(keys)[["w", "square", "counts"]].sum().reset_index()
        size = frame.groupby(keys).size().to_numpy()
        for order in (slice(None), slice(None, None, -1)):
            shuffled, total = cells[order], size[order]
            tally = SurveyTally.of_cells(
                shuffled.answer,
                FIVE,
                respondents=shuffled.counts,
                weightless=total - shuffled.counts,
                weights=shuffled.w,
                squares=shuffled.square,
                by={"group": shuffled.g},
                strata=shuffled.s,
                clusters=shuffled.c,
            )
            assert tally == TALLY

    def test_cells_that_come_more_than_once_are_added_up(self):
        scale = Scale([0, 1], labels=["no", "yes"], missing=[9])
        tally = SurveyTally.of_cells(
            ["yes", 1, 9, 9, 0],
            scale,
            respondents=[1, 2, 3, 4, 0],
            weights=[2, 2, 3, 4, 0],
            squares=[4, 2, 3, 4, 0],
            weightless=[1, 0, 0, 2, 3],
        )
        assert cells_of(of_cells(item="q1"))["weightless"] == [0, 0]
        assert of_cells(by=["a", None]).keys.labels("group") == ["a", None]
        assert cells_of(tally) == {
            "domains": [0, 0, 0],
            "strata": [0, 0, 0],
            "clusters": [0, 0, 0],
            "places": [0, 1, 2],
            "respondents": [0, 3, 7],
            "weightless": [3, 1, 2],
            "weights": [0, 4, 7],
            "squares": [0, 6, 7],
        }

    def test_no_cells_are_a_tally_of_no_respondents(self):
        none = of_cells([], respondents=[], weights=[], squares=[])
        assert (int(none.n), none.shape) == (0, ())
        by = of_cells([], respondents=[], weights=[], squares=[], by=[], strata=[], clusters=[])
        assert by.shape == (0,)
        assert estimate(by, TOP).shape == (0,)

    @pytest.mark.parametrize("square", [4.5, 4.5 * (1 - 1e-7), 9, 9 * (1 + 1e-7)])
    def test_squares_at_the_edge_pass_with_what_adding_up_leaves(self, square):
        assert cells_of(of_cells(squares=[square, 1]))["squares"][1] == square


# fmt: off
STATED = "surveys are put together when they have the same "
WRONG_CELLS = [
    *((TallyError, "cells must have one entry each in every array, got shapes {'respondents': (",
       {column: [1.0]}) for column in ("strata", "clusters", "weights")),
    (AnswerError, "by must give one label for each row, got 1 for 2 rows", {"by": ["n"]}),
    (AnswerError, "strata must be known of every respondent", {"strata": ["a", None]}),
    (AnswerError, "clusters must be known of every respondent", {"clusters": [1.0, np.nan]}),
    (AnswerError, "answers not on the scale: [7]", {"answers": [7, 1]}),
    (ScaleError, "expected a Scale", {"scale": 5}),
    (OptionError, "unknown lonely_psu 'fail'", {"lonely_psu": "fail"}),
    (OptionError, "degrees_of_freedom must be a number of 1 or more, got 0",
     {"degrees_of_freedom": 0}),
    *((TallyError, f"{name} must be whole numbers", {name: wrong})
      for name in ("respondents", "weightless") for wrong in ([2, -1], [2, 0.5], ["2", "1"])),
    *((TallyError, f"{name} must be finite and not negative, got {got}; divide large weights by",
       {name: [5, wrong]}) for name in ("weights", "squares")
      for wrong, got in ((-1, "-1"), (np.nan, "nan"), (np.inf, "inf"))),
    (TallyError, ("weights must be positive where respondents are, and 0 where there are none, got "
     "1 for 0; count"), {"respondents": [2, 0], "weights": [3, 1]}),
    (TallyError, ("weights must be positive where respondents are, and 0 where there are none, got "
     "0 for 1; count"), {"respondents": [2, 1], "weights": [3, 0]}),
    *((TallyError, ("squares must be the sum of the squared weights, between weights² / respondents "
       f"and weights², got {square:g} for 2 respondents who weigh 3"), {"squares": [square, 1]})
      for square in (4.4, 9.1, 3)),
]
NOT_ADDED_UP = [
    (TallyError, "items are answers of the same people and can't be added up", {"item": "q"},
     {"item": "r"}),
    (TallyError, STATED + "scale, got Scale(", {}, {"scale": Scale.likert(5)}),
    (TallyError, STATED + "lonely_psu, got", {}, {"lonely_psu": "adjust"}),
    (TallyError, STATED + "degrees_of_freedom, got", {}, {"degrees_of_freedom": 9}),
    (LabelError, "rows meet by the same names, got 'a' and 'b'", {"by": {"a": [1, 2]}},
     {"by": {"b": [1, 2]}}),
    (LabelError, "labels of 'clusters' must be of one type, got 1 (int) and '1' (str)",
     {"clusters": [1, 2]}, {"clusters": ["1", "2"]}),
]
# fmt: on


@pytest.mark.parametrize(("error", "text", "columns"), WRONG_CELLS)
def test_cells_that_no_survey_has_are_an_error(error, text, columns):
    refused(error, text, of_cells, **columns)


@pytest.mark.parametrize(("error", "text", "one", "other"), NOT_ADDED_UP)
def test_tallies_that_differ_in_more_than_respondents_do_not_add_up(error, text, one, other):
    refused(error, text, of_cells(**one).__add__, of_cells(**other))


class TestCopies:
    @every_content
    @pytest.mark.parametrize(
        "copied",
        [copy.copy, copy.deepcopy, lambda tally: pickle.loads(pickle.dumps(tally))],
    )
    def test_they_are_equal_of_the_same_survey_and_read_only(self, design, copied):
        tally = SurveyTally.of(ANSWERS, design, FIVE, by=BY)
        again = copied(tally)
        assert again == tally
        assert again.identity == tally.identity
        for content in again.contents:
            assert not any(array.flags.writeable for array in content.rows)

    @every_content
    def test_the_survey_is_no_part_of_equality_but_its_answers_and_design_are(self, design):
        tally = SurveyTally.of(ANSWERS, design, FIVE, by=BY)
        again = SurveyTally.of(ANSWERS, design, FIVE, by=BY)
        assert again == tally
        assert again.identity != tally.identity
        changed = 2 * np.array(WEIGHTS)
        if design is REPLICATED:
            other = attrs.evolve(REPLICATED, weights=changed, replicates=2 * REPLICATED.replicates)
        else:
            other = attrs.evolve(design, weights=[9, *WEIGHTS[1:]])
        for unlike in (
            SurveyTally.of(ANSWERS, other, FIVE, by=BY),
            SurveyTally.of(ANSWERS[::-1], design, FIVE, by=BY),
            SurveyTally.of(ANSWERS, design, FIVE, by=["y", *BY[1:]]),
            SurveyTally.of(ANSWERS, attrs.evolve(design, degrees_of_freedom=3), FIVE, by=BY),
            SurveyTally.of(ANSWERS, design, Scale.likert(5, missing=[9, 8]), by=BY),
            SurveyTally.of(ANSWERS, SurveyDesign([1] * 6), FIVE, by=BY),
        ):
            assert unlike != tally
        assert tally.contents[0] != "content"


class TestChoosing:
    @every_content
    def test_chosen_rows_keep_the_survey_and_all_of_its_design(self, design):
        tally = SurveyTally.of(ANSWERS, design, FIVE, by=["x", "x", "y", "y", "z", "x"])
        whole = estimate(tally, MEAN)
        for chosen in (tally.sel(group=["z", "x"]), tally[[0, 2]]):
            assert chosen.identity == tally.identity
            assert chosen.contents is tally.contents
        np.testing.assert_array_equal(
            estimate(tally[[2, 0]], MEAN).standard_error, whole.standard_error[[2, 0]]
        )

    @every_content
    def test_rows_that_are_not_there_have_no_answers(self, design):
        tally = SurveyTally.of(ANSWERS, design, FIVE, by=BY)
        wider = tally.reindexed(
            SurveyTally.of(ANSWERS, design, FIVE, by=["a", "b", "c", "a", "b", "c"]).keys,
            np.array([1, -1, 0]),
        )
        assert wider.n.tolist() == [0, 0, 4]
        assert wider.missing.tolist() == [1, 0, 0]
        found = estimate(wider, MEAN)
        assert found.value[2] == estimate(tally, MEAN).value[0]
        assert np.isnan(found.low[1])
        none = tally.reindexed(wider.keys, np.array([-1, -1, -1]))
        assert none.n.tolist() == [0, 0, 0]
        assert np.isnan(estimate(none, MEAN).value).all()

    @every_content
    def test_names_that_are_left_out_unite_the_domains(self, design):
        by = {"group": BY, "wave": [1, 2, 1, 2, 1, 2]}
        tally = SurveyTally.of(ANSWERS, design, FIVE, by=by)
        assert tally.collapsed("wave") == SurveyTally.of(ANSWERS, design, FIVE, by={"group": BY})
        assert tally.collapsed("wave").identity == tally.identity
        assert tally.collapsed("wave", "group") == SurveyTally.of(ANSWERS, design, FIVE)
        items = SurveyTally.of({"q": ANSWERS, "r": ANSWERS}, design, FIVE)
        refused(TallyError, "items are answers of the same people", items.collapsed, "item")

    @every_content
    def test_after_choosing_as_well_and_all_of_the_design_stays(self, design):
        by = {"group": BY, "wave": [1, 2, 1, 2, 1, 2]}
        tally = SurveyTally.of({"q": ANSWERS, "r": ANSWERS[::-1]}, design, FIVE, by=by)
        first = tally.sel(wave=[1]).collapsed("wave").sel(item="r")
        assert first.n.tolist() == tally.sel(wave=1, item="r").n.tolist()
        np.testing.assert_allclose(
            estimate(first, MEAN).standard_error,
            estimate(tally, MEAN).sel(wave=1, item="r").standard_error,
            rtol=1e-12,
        )
        assert first.collapsed("group").n == first.n.sum()

    def test_an_item_that_was_chosen_loses_its_other_names(self):
        by = {"group": BY, "wave": [1, 2, 1, 2, 1, 2]}
        for items in ({"q": ANSWERS, "r": ANSWERS[::-1]}, {"r": ANSWERS, "q": ANSWERS[::-1]}):
            tally = SurveyTally.of(items, DESIGN, FIVE, by=by)
            for item in "qr":
                alone = SurveyTally.of(items[item], DESIGN, FIVE, by={"group": BY})
                found = tally.sel(item=item).collapsed("wave")
                assert found.counts.tolist() == alone.counts.tolist()
                assert found.sel(group="x").n == alone.sel(group="x").n


class TestOfItems:
    def test_items_tallied_one_by_one_are_those_of_a_mapping(self):
        items = {"r": ANSWERS, "q": ANSWERS[::-1]}
        alone = {
            name: SurveyTally.of(pd.Series(answers, name=name), DESIGN, FIVE, by=BY)
            for name, answers in items.items()
        }
        joined = SurveyTally.of_items(alone)
        assert joined == SurveyTally.of(items, DESIGN, FIVE, by=BY)
        assert list(joined.keys) == [("x", "r"), ("x", "q"), ("y", "r"), ("y", "q")]

    def test_a_row_that_one_item_lacks_has_no_answers(self):
        some = of_cells(by=["n", "s"], item="q")
        other = of_cells(by={"group": ["s", "w"]}, item="r")
        joined = SurveyTally.of_items({"q": some, "r": other})
        assert joined.sel(item="q").n.tolist() == [2, 1, 0]
        assert joined.sel(item="r").n.tolist() == [0, 2, 1]

    def test_what_is_not_one_survey_of_several_items_is_an_error(self):
        refused(TallyError, "items must be tallies by name, got none", SurveyTally.of_items, {})
        two = SurveyTally.of({"q": ANSWERS, "r": ANSWERS}, DESIGN, FIVE)
        text = "items must be tallied one by one, got a tally of 2 items"
        refused(TallyError, text, SurveyTally.of_items, {"q": two})
        other = of_cells(scale=Scale.likert(5))
        text = "surveys are put together when they have the same scale, got"
        refused(TallyError, text, SurveyTally.of_items, {"q": of_cells(), "r": other})


class TestAddingUp:
    def test_groups_strata_and_clusters_unite_by_label(self):
        one = of_cells(by=["n", "s"], strata=["a", "b"], clusters=[1, 2])
        other = of_cells(by=["s", "e"], strata=["b", "c"], clusters=[2, 1], weightless=[1, 4])
        both = one + other
        assert both.keys.labels("group") == ["e", "n", "s"]
        [content] = both.contents
        assert content.strata.keys.labels("strata") == ["a", "b", "c"]
        assert content.clusters.keys.labels("clusters") == [1, 2]
        assert cells_of(both) == {
            "domains": [0, 1, 2, 2],
            "strata": [2, 0, 1, 1],
            "clusters": [0, 0, 1, 1],
            "places": [0, 4, 0, 4],
            "respondents": [1, 2, 1, 2],
            "weightless": [4, 0, 0, 1],
            "weights": [1, 3, 1, 3],
            "squares": [1, 5, 1, 5],
        }
        assert both == other + one
        assert both.identity not in {one.identity, other.identity}
        assert sum([of_cells(item="q"), of_cells(item="q")]).n == 6
        for added in (lambda: 1 + one, lambda: one + 1):
            with pytest.raises(TypeError):
                added()

    def test_the_same_cluster_in_the_same_stratum_is_one_cluster(self):
        one, other = of_cells(clusters=[1, 2]), of_cells(clusters=[2, 3])
        [content] = (one + other).contents
        assert len(content.stage.strata) == 3
        apart = (
            of_cells(strata=["a"] * 2, clusters=[1, 2]),
            of_cells(strata=["b"] * 2, clusters=[2, 3]),
        )
        [content] = sum(apart).contents
        assert len(content.stage.strata) == 4

    def test_items_are_added_up_each_on_its_own(self):
        days = [
            SurveyTally.of({"q": q, "r": r}, SurveyDesign([1, 2], clusters=[day, day + 1]), FIVE)
            for day, (q, r) in enumerate([([5, 4], [1, 9]), ([3, 9], [2, 2])])
        ]
        whole = sum(days)
        assert whole.sel(item="q").counts.tolist() == [0, 0, 1, 1, 1]
        assert whole.sel(item="r").counts.tolist() == [1, 2, 0, 0, 0]
        assert len(whole.contents) == 2

    def test_a_tally_of_other_items_adds_these(self):
        one = SurveyTally.of({"q": ANSWERS}, DESIGN, FIVE)
        other = SurveyTally.of({"r": ANSWERS}, DESIGN, FIVE)
        assert (one + other).sel(item="r").n == one.n.sum()

    @pytest.mark.parametrize("name", ["strata", "clusters"])
    def test_nor_do_tallies_only_one_of_which_has_strata_or_clusters(self, name):
        given = of_cells(**{name: ["a", "b"]})
        text = (
            f"surveys are put together when both or neither have {name}, with as many labels of "
            "the same names each, got "
        )
        refused(TallyError, f"{text}'{name}' and none", given.__add__, of_cells())
        refused(TallyError, f"{text}none and '{name}'", of_cells().__add__, given)
        wide = of_cells(**{name: {"x": ["a", "b"], "y": [1, 1]}})
        refused(TallyError, f"{text}'{name}' and '{name} x', '{name} y'", given.__add__, wide)
        none = of_cells([], respondents=[], weights=[], squares=[], **{name: []})
        assert none + given == given

    @pytest.mark.parametrize("design", [FINITE, REPLICATED])
    def test_respondents_do_not_add_up(self, design):
        tally = SurveyTally.of(ANSWERS, design, FIVE)
        text = "tallies of surveys add up if they are of large populations, without replicate"
        refused(TallyError, text, tally.__add__, tally)

    def test_what_was_chosen_does_not_add_up(self):
        text = "tallies of surveys add up with all of their rows, got one from which sel() or []"
        for some in (TALLY.sel(group="x"), TALLY[[0]], TALLY[[0]].collapsed("group")):
            refused(TallyError, text, some.__add__, some)
        again = TALLY.sel(group=["x", "y"])
        assert (again + again).n.tolist() == [8, 0]


class TestTheEstimate:
    def test_respondents_of_weight_0_are_units_of_a_stratum_without_clusters(self):
        fields = {"respondents": [3, 2], "weights": [3, 2], "squares": [3, 2]}
        cells = {**fields, "answers": [5, 1]}
        plain, with_three = of_cells(**cells), of_cells(**cells, weightless=[0, 3])
        ratio = estimate(with_three, TOP).standard_error / estimate(plain, TOP).standard_error
        assert float(ratio) ** 2 == pytest.approx((8 / 7) / (5 / 4), rel=1e-14)

    def test_a_cluster_without_anybody_who_counts_was_drawn(self):
        fields = {"respondents": [3, 2, 0], "weights": [3, 2, 0], "squares": [3, 2, 0]}
        three = of_cells([5, 1, 1], **fields, clusters=[1, 2, 3])
        design = SurveyDesign([1, 1, 1, 1, 1, 0], clusters=[1, 1, 1, 2, 2, 3])
        expected, found = estimate([5, 5, 5, 1, 1, 1], TOP, design=design), estimate(three, TOP)
        assert (found.low, found.standard_error) == (expected.low, expected.standard_error)

    def test_equal_weights_that_are_no_binary_fractions_are_equal(self):
        weights = [0.1] * 70 + [0.7] * 50
        strata = ["a"] * 70 + ["b"] * 50
        answers = [5] * 70 + [1] * 50
        tally = SurveyTally.of(answers, SurveyDesign(weights, strata=strata), FIVE)
        found = estimate(tally, TOP)
        assert cells_of(tally)["weights"][1] != 7  # what adding up has left over
        assert np.isinf(found.degrees_of_freedom)
        assert float(found.effective_n) == pytest.approx(42**2 / (0.7 + 24.5), rel=1e-12)

    def test_weights_that_differ_a_little_do_differ(self):
        weights = [1, 1 + 1e-6] * 5 + [1, 1 + 1e-6] * 5
        design = SurveyDesign(weights, strata=["a"] * 10 + ["b"] * 10)
        answers = [5] * 10 + [1] * 10
        ours = estimate(answers, MEAN, design=design)
        one_by_one = attrs.evolve(design, population=[10**9] * 20)
        theirs = estimate(answers, MEAN, design=one_by_one)
        # The square of 1 + 1e-6 is known to 1e-16, and so (5e-7)² to a thousandth
        assert float(ours.standard_error) == pytest.approx(float(theirs.standard_error), rel=1e-3)

    def test_an_empty_tally_is_an_error(self):
        empty = SurveyTally.of([9, 9], SurveyDesign([1, 1]), FIVE)
        refused(TallyError, "no answers: an index needs", estimate, empty, TOP)
        empty = of_cells([], respondents=[], weights=[], squares=[])
        refused(TallyError, "no answers: an index needs", estimate, empty, TOP)

    def test_a_single_cluster_is_an_error_whatever_lonely_psu_says(self):
        text = (
            "the design has one cluster, which cannot tell how clusters differ; leave out "
            "clusters= if respondents were drawn on their own"
        )
        for lonely_psu in ("error", "certainty", "adjust", "average"):
            with pytest.raises(TallyError, match=message(text) + "$"):
                estimate(of_cells(clusters=["c", "c"], lonely_psu=lonely_psu), TOP)

    def test_a_single_cluster_of_a_stratum_is_an_error_by_default(self):
        fields = {
            "strata": {"r": list("aab"), "k": [1, 1, 2]},
            "clusters": [1, 2, 1],
            "respondents": [1] * 3,
            "weights": [1] * 3,
            "squares": [1] * 3,
        }
        text = "stratum 'b', 2 has one cluster, which cannot tell how clusters differ; put it"
        refused(TallyError, text, estimate, of_cells([5, 1, 1], **fields), TOP)
        for lonely_psu in ("certainty", "adjust", "average"):
            design = SurveyDesign(strata=list("aab"), clusters=[1, 2, 1], lonely_psu=lonely_psu)
            found = estimate(of_cells([5, 1, 1], **fields, lonely_psu=lonely_psu), TOP)
            assert found.value == estimate([5, 1, 1], TOP, design=design).value
            assert found.low == estimate([5, 1, 1], TOP, design=design).low

    def test_parts_of_a_survey_may_have_single_clusters(self):
        day = {"respondents": [1, 1], "weights": [1, 1], "squares": [1, 1], "clusters": [1, 1]}
        two = of_cells([5, 1], **day) + of_cells([5, 1], **{**day, "clusters": [2, 3]})
        assert estimate(two, TOP).n == 4

    def test_fixed_degrees_of_freedom_are_taken(self):
        design = SurveyDesign(clusters=[1, 1, 2, 3, 3, 4], degrees_of_freedom=40)
        found = estimate([5, 4, 1, 2, 5, 5], MEAN, design=design)
        assert found.degrees_of_freedom == 40
        wide = estimate([5, 4, 1, 2, 5, 5], MEAN, design=attrs.evolve(design, degrees_of_freedom=2))
        assert wide.low < found.low
        replicated = attrs.evolve(REPLICATED, degrees_of_freedom=17)
        assert estimate([5, 4, 1, 2, 5, 5], MEAN, design=replicated).degrees_of_freedom == 17


def test_items_by_groups_of_a_declared_order_have_their_own_answers():
    stage = pd.Categorical(list("abcdabcd"), categories=["c", "a", "d", "b"])
    items = {"q1": [1, 2, 3, 4] * 2, "q2": [5, 5, 4, 4] * 2}
    tally = SurveyTally.of(items, SurveyDesign(clusters=np.arange(8)), FIVE, by={"stage": stage})
    for item, answers in items.items():
        for answer, label in zip(answers, "abcd", strict=False):
            counts = tally.sel(stage=label, item=item).counts
            assert counts.tolist() == [2 * (point == answer) for point in FIVE.points]


class TestNotes:
    def test_few_clusters_are_noted_where_rows_have_answers(self):
        assert TALLY.notes == (
            "fewer than 10 clusters in 1 of 2 rows: how they differ is hardly known",
        )
        one = SurveyTally.of(ANSWERS, DESIGN, FIVE)
        assert one.notes == ("fewer than 10 clusters: how they differ is hardly known",)
        silent = SurveyTally.of([5, 4] * 5 + [9, 9], SurveyDesign(clusters=np.arange(12)), FIVE)
        assert silent.notes == ()
        silent = SurveyTally.of([5] * 9 + [9] * 3, SurveyDesign(clusters=np.arange(12)), FIVE)
        assert silent.notes == one.notes

    def test_ten_clusters_are_not_nor_are_respondents_and_replicates(self):
        answers = [5, 4] * 10
        ten = SurveyTally.of(answers, SurveyDesign(clusters=np.arange(20) // 2), FIVE)
        assert ten.notes == ()
        assert SurveyTally.of(ANSWERS, SurveyDesign(WEIGHTS), FIVE).notes == ()
        assert SurveyTally.of(ANSWERS, REPLICATED, FIVE).notes == ()

    def test_weights_that_may_be_counts_of_respondents_are_noted(self):
        text = (
            "few respondents with large whole weights{}: numbers of respondents, as in a table of "
            "frequencies, are no weights; frames.tally takes them by counts="
        )
        counts = [120, 45, 0, 300, 17, 10]
        assert SurveyTally.of(ANSWERS, SurveyDesign(counts), FIVE).notes[-1] == text.format("")
        half = SurveyTally.of(ANSWERS, SurveyDesign(counts), FIVE, by={"k": [*"aaabbb"]})
        assert half.notes[-1] == text.format(" in 2 of 2 rows")
        assert half.sel(k=["a"]).notes[-1] == text.format(" in 1 of 1 rows")
        for design in (
            SurveyDesign([120.5, 45, 0, 300, 17, 10]),
            SurveyDesign([9, 9, 0, 9, 9, 9]),
            SurveyDesign(counts, clusters=range(6)),
            SurveyDesign(counts, population=[900] * 6),
        ):
            assert text.format("") not in SurveyTally.of(ANSWERS, design, FIVE).notes
        many = SurveyTally.of(ANSWERS * 20, SurveyDesign(counts * 20), FIVE)
        assert text.format("") not in many.notes

    def test_clusters_of_a_finite_population_are_counted_as_well(self):
        design = SurveyDesign(clusters=[1, 1, 2, 2, 3, 3], population=[50] * 6)
        assert len(SurveyTally.of(ANSWERS, design, FIVE).notes) == 1
        assert SurveyTally.of(ANSWERS, FINITE, FIVE).notes == ()
