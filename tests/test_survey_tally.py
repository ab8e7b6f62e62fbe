"""A survey as cells: what they hold, how they add up, and what impossible ones get."""

import re

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.errors import AnswerError, OptionError, ScaleError, TallyError
from custfocus.indices.survey import survey_estimate, survey_estimate_of
from custfocus.responses import Groups, Scale, Scoring
from custfocus.responses.design import LONELY, SurveyDesign
from custfocus.responses.survey_cells import Cells
from custfocus.responses.survey_tally import SurveyTally

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
ONE = Cells([0], [0], [0], [4], [2], [0], [3.0], [5.0])
TWO = Cells(*(array * 2 for array in ONE))._replace(places=[-1, 4])


def message(text):
    return "^" + re.escape(text)


def refused(error, text, function, *arguments, **options):
    with pytest.raises(error, match=message(text)):
        function(*arguments, **options)


def columns_of(cells):
    return {name: array.tolist() for name, array in zip(Cells._fields, cells, strict=True)}


class TestOfRespondents:
    def test_there_is_a_cell_for_each_group_stratum_cluster_and_answer_that_occurs(self):
        assert TALLY.names == ("group",)
        assert TALLY.keys == (("x",), ("y",))
        assert TALLY.strata == (("a",), ("b",))
        assert TALLY.clusters == ((1,), (2,))
        assert columns_of(TALLY.cells) == {
            "groups": [0, 0, 0, 1, 1],
            "strata": [0, 1, 1, 0, 1],
            "clusters": [0, 0, 0, 1, 1],
            "places": [4, 3, 4, -1, 0],
            "respondents": [2, 1, 1, 1, 0],
            "weightless": [0, 0, 0, 0, 1],
            "weights": [3, 1, 0.5, 4, 0],
            "squares": [5, 1, 0.25, 16, 0],
        }

    def test_it_knows_how_many_answered_in_each_group(self):
        assert TALLY.shape == (2,)
        assert TALLY.n.tolist() == [4, 0]
        assert TALLY.missing.tolist() == [0, 1]

    def test_of_all_it_has_no_groups(self):
        tally = SurveyTally.of(ANSWERS, SurveyDesign(WEIGHTS), FIVE)
        assert (tally.names, tally.keys, tally.strata, tally.clusters) == ((), ((),), None, None)
        assert tally.groups is None
        assert tally.shape == tally.n.shape == tally.missing.shape == ()
        assert (int(tally.n), int(tally.missing)) == (4, 1)

    def test_the_groups_have_a_row_each(self):
        groups = TALLY.groups
        assert (groups.names, groups.keys, groups.codes.tolist()) == (
            ("group",),
            (("x",), ("y",)),
            [0, 1],
        )

    def test_groups_come_as_groups_and_strata_by_several_names(self):
        strata = {"region": STRATA, "wave": [1, 1, 1, 1, 1, 2]}
        design = SurveyDesign(strata=strata, lonely="adjust")
        tally = SurveyTally.of(ANSWERS, design, FIVE, by=Groups.of(pd.Series(BY, name="place")))
        assert tally.names == ("place",)
        assert tally.strata == (("a", 1), ("b", 1), ("b", 2))

    def test_without_weights_everybody_weighs_1(self):
        tally = SurveyTally.of(ANSWERS, SurveyDesign(strata=STRATA), FIVE)
        assert tally.cells.weights.tolist() == tally.cells.respondents.tolist()

    def test_arrays_cannot_be_changed(self):
        for array in TALLY.cells:
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            TALLY.names = ("y",)

    def test_it_reads_well(self):
        assert repr(TALLY) == (
            "SurveyTally(n=4, missing=1, groups=2, strata=2, clusters=4, cells=5, "
            "scale=1, 2, 3, 4, 5)"
        )
        plain = SurveyTally.of(ANSWERS, SurveyDesign(WEIGHTS), FIVE)
        assert repr(plain) == "SurveyTally(n=4, missing=1, cells=4, scale=1, 2, 3, 4, 5)"

    def test_what_does_not_fit_is_an_error(self):
        refused(AnswerError, "expected a SurveyDesign, got list", SurveyTally.of, [5], [1], FIVE)
        text = "answers must be one for each respondent of the design, got 2 for 6"
        refused(AnswerError, text, SurveyTally.of, [5, 4], DESIGN, FIVE)
        text = "by must give one label for each respondent, got 1 for 6"
        refused(AnswerError, text, SurveyTally.of, ANSWERS, DESIGN, FIVE, by=["x"])
        refused(ScaleError, "expected a Scale", SurveyTally.of, ANSWERS, DESIGN, 5)
        refused(AnswerError, "answers not on the scale: [7]", SurveyTally.of, [7] * 6, DESIGN, FIVE)

    def test_a_finite_population_is_an_error(self):
        design = SurveyDesign(population=[9, 9])
        text = "a tally must be of a survey from a large population, got a design with population="
        refused(TallyError, text, SurveyTally.of, [5, 4], design, FIVE)


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
        scale = Scale([0, 1], labels=["no", "yes"], missing=[9, None])
        tally = SurveyTally.of_cells(
            ["yes", 1, None, 9, 0],
            scale,
            respondents=[1, 2, 3, 4, 0],
            weights=[2, 2, 3, 4, 0],
            squares=[4, 2, 3, 4, 0],
            weightless=[1, 0, 0, 2, 3],
        )
        assert columns_of(tally.cells) == {
            "groups": [0, 0, 0],
            "strata": [0, 0, 0],
            "clusters": [0, 0, 0],
            "places": [-1, 0, 1],
            "respondents": [7, 0, 3],
            "weightless": [2, 3, 1],
            "weights": [7, 0, 4],
            "squares": [7, 0, 6],
        }

    def test_nobody_is_weightless_unless_told(self):
        assert of_cells().cells.weightless.tolist() == [0, 0]

    def test_no_cells_are_a_tally_of_nobody(self):
        nobody = of_cells([], respondents=[], weights=[], squares=[])
        assert (int(nobody.n), nobody.shape) == (0, ())
        by = of_cells([], respondents=[], weights=[], squares=[], by=[], strata=[], clusters=[])
        assert by.shape == (0,)
        assert survey_estimate_of(by, TOP).shape == (0,)

    def test_groups_come_as_groups(self):
        assert of_cells(by=Groups.of(["n", "s"])) == of_cells(by={"group": ["n", "s"]})

    @pytest.mark.parametrize(
        ("column", "values"),
        [("by", ["n"]), ("strata", ["n"]), ("clusters", [1] * 3), ("weights", [1.0])],
    )
    def test_columns_of_different_lengths_are_an_error(self, column, values):
        text = "cells must have one entry each in every array, got shapes {'groups': ("
        refused(TallyError, text, of_cells, **{column: values})

    def test_labels_that_are_empty_are_an_error(self):
        text = "strata must be known of every respondent"
        refused(AnswerError, text, of_cells, strata=["a", None])
        text = "clusters must be known of every respondent"
        refused(AnswerError, text, of_cells, clusters=[1.0, np.nan])
        assert of_cells(by=["a", None]).keys == (("a",), (None,))

    def test_answers_off_the_scale_are_an_error(self):
        refused(AnswerError, "answers not on the scale: [7]", of_cells, [7, 1])
        refused(ScaleError, "expected a Scale", of_cells, scale=5)

    @pytest.mark.parametrize("wrong", [[2, -1], [2, 0.5], ["2", "1"]])
    def test_counts_that_are_not_whole_are_an_error(self, wrong):
        refused(TallyError, "respondents must be whole numbers", of_cells, respondents=wrong)
        refused(TallyError, "weightless must be whole numbers", of_cells, weightless=wrong)

    @pytest.mark.parametrize(("wrong", "got"), [(-1, "-1"), (np.nan, "nan"), (np.inf, "inf")])
    def test_sums_that_are_not_finite_or_negative_are_an_error(self, wrong, got):
        text = f"weights must be finite and not negative, got {got}; divide large weights by"
        refused(TallyError, text, of_cells, weights=[3, wrong])
        text = f"squares must be finite and not negative, got {got}"
        refused(TallyError, text, of_cells, squares=[5, wrong])

    @pytest.mark.parametrize(("respondents", "weight", "got"), [(0, 1, "1 for 0"), (1, 0, "0 for")])
    def test_weights_without_respondents_or_the_reverse_are_an_error(
        self, respondents, weight, got
    ):
        text = (
            f"weights must be positive where respondents are, and 0 where there are none, got {got}"
        )
        columns = {"respondents": [2, respondents], "weights": [3, weight]}
        refused(TallyError, text, of_cells, **columns)

    @pytest.mark.parametrize("square", [4.4, 9.1, 3])
    def test_squares_that_no_weights_have_are_an_error(self, square):
        text = (
            "squares must be the sum of the squared weights, between weights² / respondents and "
            f"weights², got {square:g} for 2 respondents who weigh 3"
        )
        refused(TallyError, text, of_cells, squares=[square, 1])

    @pytest.mark.parametrize("square", [4.5, 4.5 * (1 - 1e-7), 9, 9 * (1 + 1e-7)])
    def test_squares_at_the_edge_pass_with_what_adding_up_leaves(self, square):
        assert of_cells(squares=[square, 1]).cells.squares[1] == square


class TestTheClass:
    def test_labels_that_stand_alone_are_put_into_tuples(self):
        cells = TALLY.cells
        tally = SurveyTally(
            cells, FIVE, names=["group"], keys=["x", "y"], strata=["a", "b"], clusters=[1, 2]
        )
        assert tally == TALLY

    @pytest.mark.parametrize("name", ["groups", "strata", "clusters"])
    @pytest.mark.parametrize("code", [1, -1])
    def test_numbers_of_what_is_not_there_are_an_error(self, name, code):
        text = f"the {name} of cells must be numbers from 0 to 0, got {code}"
        refused(TallyError, text, SurveyTally, ONE._replace(**{name: [code]}), FIVE)

    @pytest.mark.parametrize("place", [5, -2])
    def test_places_that_are_not_on_the_scale_are_an_error(self, place):
        text = f"the places of cells must be numbers from -1 to 4, got {place}"
        refused(TallyError, text, SurveyTally, ONE._replace(places=[place]), FIVE)

    def test_numbers_that_are_not_integers_are_an_error(self):
        text = "the places of cells must be integers, got float64"
        refused(TallyError, text, SurveyTally, ONE._replace(places=[4.0]), FIVE)

    def test_arrays_of_two_dimensions_are_an_error(self):
        cells = Cells(*([array] for array in ONE))
        refused(TallyError, "cells must have one entry each", SurveyTally, cells, FIVE)

    @pytest.mark.parametrize("places", [[4, -1], [4, 4]])
    def test_cells_out_of_order_or_doubled_are_an_error(self, places):
        assert SurveyTally(TWO, FIVE).cells.places.tolist() == [-1, 4]
        text = "cells must differ and stand in order of group, stratum, cluster and answer"
        refused(TallyError, text, SurveyTally, TWO._replace(places=places), FIVE)

    @pytest.mark.parametrize("name", ["groups", "strata", "clusters"])
    def test_the_order_is_by_all_labels(self, name):
        fields = {"names": ["g"], "keys": [1, 2], "strata": [1, 2], "clusters": [1, 2]}
        fitting = {name: [0, 1], "places": [4, -1]}
        assert len(SurveyTally(TWO._replace(**fitting), FIVE, **fields).cells.places) == 2
        text = "cells must differ and stand in order"
        wrong = TWO._replace(**{name: [1, 0], "places": [-1, 4]})
        refused(TallyError, text, SurveyTally, wrong, FIVE, **fields)

    @pytest.mark.parametrize("labels", [["b", "a"], ["a", "a"]])
    def test_labels_out_of_order_or_doubled_are_an_error(self, labels):
        for name in ("strata", "clusters"):
            text = f"{name} must differ and stand in the order of Groups.keys, got"
            refused(TallyError, text, SurveyTally, ONE, FIVE, **{name: labels})
        text = "keys must differ and stand in the order of Groups.keys, got"
        refused(TallyError, text, SurveyTally, ONE, FIVE, names=["g"], keys=labels)

    def test_keys_of_another_number_than_names_are_an_error(self):
        text = "keys must be tuples of 1, a value for each name, got ('a', 'b')"
        refused(TallyError, text, SurveyTally, ONE, FIVE, names=["g"], keys=[("a", "b")])
        text = "keys must be tuples of 0, a value for each name, got ('a',)"
        refused(TallyError, text, SurveyTally, ONE, FIVE, keys=["a"])
        text = "strata must be tuples of 1, a value for each name, got ('a',), ('a', 'b')"
        refused(TallyError, text, SurveyTally, ONE, FIVE, strata=["a", ("a", "b")])
        text = "keys must be ((),) where the groups have no names, got none"
        refused(TallyError, text, SurveyTally, ONE, FIVE, keys=[])
        text = "keys must differ and stand in the order of Groups.keys, got (), ()"
        refused(TallyError, text, SurveyTally, ONE, FIVE, keys=[(), ()])

    def test_a_scale_that_is_none_is_an_error(self):
        refused(ScaleError, "expected a Scale, got 5", SurveyTally, ONE, 5)

    def test_tallies_that_differ_in_anything_differ(self):
        fields = {"names": ["g"], "keys": [1, 2], "strata": [1, 2], "clusters": [1, 2]}
        tally = SurveyTally(ONE, FIVE, **fields)
        assert tally == SurveyTally(ONE, FIVE, **fields)
        for name, other in {
            "names": ["h"], "keys": [1, 3], "strata": [1, 3], "clusters": [1, 3],
        }.items():  # fmt: skip
            assert SurveyTally(ONE, FIVE, **{**fields, name: other}) != tally, name
        assert SurveyTally(ONE, Scale.likert(5), **fields) != tally
        for name, array in {
            "groups": [1], "strata": [1], "clusters": [1], "places": [3], "respondents": [3],
            "weightless": [1], "weights": [3.1], "squares": [5.1],
        }.items():  # fmt: skip
            cells = ONE._replace(**{name: array})
            assert SurveyTally(cells, FIVE, **fields) != tally, name
        assert tally != "tally"

    def test_it_has_no_hash(self):
        with pytest.raises(TypeError, match="unhashable"):
            hash(TALLY)


class TestAddingUp:
    def test_groups_strata_and_clusters_unite_by_label(self):
        one = of_cells(by=["n", "s"], strata=["a", "b"], clusters=[1, 2])
        other = of_cells(by=["s", "e"], strata=["b", "c"], clusters=[2, 1], weightless=[1, 4])
        both = one + other
        assert both.keys == (("e",), ("n",), ("s",))
        assert both.strata == (("a",), ("b",), ("c",))
        assert both.clusters == ((1,), (2,))
        assert columns_of(both.cells) == {
            "groups": [0, 1, 2, 2],
            "strata": [2, 0, 1, 1],
            "clusters": [0, 0, 1, 1],
            "places": [0, 4, 0, 4],
            "respondents": [1, 2, 1, 2],
            "weightless": [4, 0, 0, 1],
            "weights": [1, 3, 1, 3],
            "squares": [1, 5, 1, 5],
        }

    def test_the_same_cluster_in_the_same_stratum_is_one_cluster(self):
        one, other = of_cells(clusters=[1, 2]), of_cells(clusters=[2, 3])
        assert len((one + other).stage.strata) == 3
        apart = (
            of_cells(strata=["a"] * 2, clusters=[1, 2]),
            of_cells(strata=["b"] * 2, clusters=[2, 3]),
        )
        assert len(sum(apart).stage.strata) == 4

    def test_tallies_without_labels_add_up(self):
        both = of_cells() + of_cells()
        assert (both.names, both.keys, both.strata, both.clusters) == ((), ((),), None, None)
        assert both.cells.respondents.tolist() == [2, 4]

    def test_sum_adds_them_up(self):
        assert sum([of_cells(), of_cells()]) == of_cells() + of_cells()
        with pytest.raises(TypeError):
            1 + of_cells()
        with pytest.raises(TypeError):
            of_cells() + 1

    def test_tallies_of_other_scales_or_names_do_not(self):
        text = "survey tallies add up when they have the same scale and names of groups, got Scale("
        other = of_cells(scale=Scale.likert(5))
        refused(TallyError, text, of_cells().__add__, other)
        refused(TallyError, text, of_cells(by={"a": [1, 2]}).__add__, of_cells(by={"b": [1, 2]}))

    @pytest.mark.parametrize("name", ["strata", "clusters"])
    def test_nor_do_tallies_only_one_of_which_is_told_of_strata_or_clusters(self, name):
        told = of_cells(**{name: ["a", "b"]})
        text = (
            f"survey tallies add up when both or neither have {name}, with as many labels each, "
            "got "
        )
        refused(TallyError, text + "('a',) and none", told.__add__, of_cells())
        refused(TallyError, text + "none and ('a',)", of_cells().__add__, told)
        wide = of_cells(**{name: {"x": ["a", "b"], "y": [1, 1]}})
        refused(TallyError, text + "('a',) and ('a', 1)", told.__add__, wide)
        nobody = of_cells([], respondents=[], weights=[], squares=[], **{name: []})
        assert nobody + wide == wide
        refused(TallyError, text + "no labels and none", nobody.__add__, of_cells())


class TestTheEstimate:
    def test_it_is_that_of_the_respondents(self):
        ours = survey_estimate_of(TALLY, MEAN, lonely="adjust")
        theirs = survey_estimate(ANSWERS, MEAN, attrs.evolve(DESIGN, lonely="adjust"), by=BY)
        for name in theirs.to_dicts()[0].keys() - {"group", "index", "unit"}:
            # Six numbers added up in another order
            np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-13)
        assert ours.groups.keys == theirs.groups.keys

    def test_of_all_it_has_no_groups(self):
        tally = SurveyTally.of(ANSWERS, SurveyDesign(WEIGHTS), FIVE)
        estimate = survey_estimate_of(tally, TOP, method="t", confidence_level=0.9)
        assert (estimate.shape, estimate.groups, estimate.method) == ((), None, "t")
        assert estimate.confidence_level == 0.9
        expected = survey_estimate(
            ANSWERS, TOP, SurveyDesign(WEIGHTS), method="t", confidence_level=0.9
        )
        assert float(estimate.low) == pytest.approx(float(expected.low), rel=1e-14)

    def test_respondents_of_weight_0_are_units_of_a_stratum_without_clusters(self):
        fields = {"respondents": [3, 2], "weights": [3, 2], "squares": [3, 2]}
        cells = {**fields, "answers": [5, 1]}
        plain, with_three = of_cells(**cells), of_cells(**cells, weightless=[0, 3])
        ratio = survey_estimate_of(with_three, TOP).standard_error / (
            survey_estimate_of(plain, TOP).standard_error
        )
        assert float(ratio) ** 2 == pytest.approx((8 / 7) / (5 / 4), rel=1e-14)

    def test_a_cluster_without_anybody_who_counts_was_drawn(self):
        fields = {"respondents": [3, 2, 0], "weights": [3, 2, 0], "squares": [3, 2, 0]}
        three = of_cells([5, 1, 1], **fields, clusters=[1, 2, 3])
        design = SurveyDesign([1, 1, 1, 1, 1, 0], clusters=[1, 1, 1, 2, 2, 3])
        expected = survey_estimate([5, 5, 5, 1, 1, 1], TOP, design)
        found = survey_estimate_of(three, TOP)
        assert float(found.standard_error) == pytest.approx(float(expected.standard_error))

    def test_equal_weights_that_are_no_binary_fractions_are_equal(self):
        weights = [0.1] * 70 + [0.7] * 50
        strata = ["a"] * 70 + ["b"] * 50
        answers = [5] * 70 + [1] * 50
        tally = SurveyTally.of(answers, SurveyDesign(weights, strata=strata), FIVE)
        estimate = survey_estimate_of(tally, TOP)
        assert tally.cells.weights[1] != 7  # what adding up has left over
        assert estimate.no_variance
        assert float(estimate.effective_n) == pytest.approx(42**2 / (0.7 + 24.5), rel=1e-12)

    def test_weights_that_differ_a_little_do_differ(self):
        weights = [1, 1 + 1e-6] * 5 + [1, 1 + 1e-6] * 5
        design = SurveyDesign(weights, strata=["a"] * 10 + ["b"] * 10)
        answers = [5] * 10 + [1] * 10
        ours, theirs = (
            survey_estimate_of(SurveyTally.of(answers, design, FIVE), MEAN),
            survey_estimate(answers, MEAN, design),
        )
        # The square of 1 + 1e-6 is known to 1e-16, and so (5e-7)² to a thousandth
        assert float(ours.standard_error) == pytest.approx(float(theirs.standard_error), rel=1e-3)

    def test_an_empty_group_is_nan_and_an_empty_tally_an_error(self):
        estimate = survey_estimate_of(TALLY, TOP, lonely="certainty")
        assert np.isnan(estimate.value).tolist() == [False, True]
        nobody = SurveyTally.of([9, 9], SurveyDesign([1, 1]), FIVE)
        refused(TallyError, "no answers: an index needs", survey_estimate_of, nobody, TOP)
        nobody = of_cells([], respondents=[], weights=[], squares=[])
        refused(TallyError, "no answers: an index needs", survey_estimate_of, nobody, TOP)

    def test_a_single_cluster_is_an_error_whatever_lonely_says(self):
        text = (
            "the design has one cluster, which cannot tell how clusters differ; leave out "
            "clusters= if respondents were drawn on their own"
        )
        for lonely in LONELY:
            with pytest.raises(TallyError, match=message(text) + "$"):
                survey_estimate_of(of_cells(clusters=["c", "c"]), TOP, lonely=lonely)

    def test_a_single_respondent_is_an_error(self):
        tally = SurveyTally.of_cells([5], FIVE, respondents=[1], weights=[1], squares=[1])
        refused(TallyError, "the design has one respondent", survey_estimate_of, tally, TOP)

    def test_a_lonely_stratum_is_an_error_unless_told(self):
        tally = of_cells([5, 1, 1], strata={"r": list("aab"), "k": [1, 1, 2]}, clusters=[1, 2, 1],
            respondents=[1] * 3, weights=[1] * 3, squares=[1] * 3)  # fmt: skip
        text = "stratum 'b', 2 has one cluster, which cannot tell how clusters differ; put it"
        refused(TallyError, text, survey_estimate_of, tally, TOP)
        for lonely in ("certainty", "adjust", "average"):
            design = SurveyDesign(strata=list("aab"), clusters=[1, 2, 1], lonely=lonely)
            expected = survey_estimate([5, 1, 1], TOP, design)
            found = survey_estimate_of(tally, TOP, lonely=lonely)
            assert float(found.standard_error) == pytest.approx(float(expected.standard_error))

    def test_an_average_over_lonely_strata_only_is_an_error(self):
        tally = of_cells(strata=["a", "b"], clusters=[1, 2])
        text = "stratum 'a' has one cluster, which cannot tell how clusters differ, nor has any"
        refused(TallyError, text, survey_estimate_of, tally, TOP, lonely="average")

    def test_options_that_do_not_exist_are_an_error(self):
        refused(OptionError, "unknown lonely 'fail'", survey_estimate_of, TALLY, TOP, lonely="fail")
        refused(OptionError, "unknown method 'scor'", survey_estimate_of, TALLY, TOP, method="scor")
        text = "the method 'beta' is for shares"
        refused(OptionError, text, survey_estimate_of, TALLY, MEAN, method="beta")

    def test_a_scoring_of_other_points_is_an_error(self):
        text = "the scoring must be of the tally's points, got top 2 boxes of 1, 2, 3 for answers"
        refused(ScaleError, text, survey_estimate_of, TALLY, Scoring.top_box(Scale.likert(3), 2))

    def test_what_is_no_tally_is_an_error(self):
        text = "expected a SurveyTally, got list; survey_estimate takes answers"
        refused(AnswerError, text, survey_estimate_of, ANSWERS, TOP)
