"""A survey design: what it keeps, what it makes of its fields, and what impossible ones get."""

import copy
import math
import pickle
import re
from typing import get_args

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.errors import AnswerError, OptionError, TallyError
from custfocus.surveys.survey_design import LONELY_PSU, LonelyPsu, SurveyDesign

STRATA = ["a", "a", "a", "b", "b", "b"]
CLUSTERS = [1, 1, 2, 1, 2, 2]
WEIGHTS = pd.Series([1, 2, 3], name="w")
STRATIFIED = SurveyDesign([1, 2, 3, 1, 1, 1], strata=STRATA)
CLUSTERED = SurveyDesign(strata=STRATA, clusters=CLUSTERS)


EVERY_FIELD = {
    "weights": [1, 2, 3, 1, 1, 1],
    "strata": STRATA,
    "clusters": CLUSTERS,
    "population": [9, 9, 9, 8, 8, 8],
    "subclusters": [1, 2, 1, 1, 1, 2],
    "subpopulation": [4, 4, 1, 1, 5, 5],
    "lonely_psu": "adjust",
    "degrees_of_freedom": 3,
}
OTHERS = {
    "weights": [1, 2, 3, 1, 1, 2],
    "strata": ["a", "a", "a", "c", "c", "c"],
    "clusters": [1, 1, 2, 1, 1, 2],
    "population": [9, 9, 9, 7, 7, 7],
    "subclusters": [1, 2, 1, 1, 2, 2],
    "subpopulation": [4, 4, 1, 1, 6, 6],
    "lonely_psu": "certainty",
    "degrees_of_freedom": 4,
}


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))


class TestFields:
    def test_weights_are_kept_as_numbers_that_cannot_be_changed(self):
        weights = np.array([1, 2, 0])
        design = SurveyDesign(weights)
        weights[0] = 9
        assert design.weights.tolist() == design.row_weights.tolist() == [1, 2, 0]
        with pytest.raises(ValueError, match="read-only"):
            design.weights[0] = 9

    def test_a_design_cannot_be_changed(self):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            STRATIFIED.lonely_psu = "adjust"

    @pytest.mark.parametrize("labels", [STRATA, np.array(STRATA), pd.Series(STRATA, name="region")])
    def test_labels_come_as_lists_arrays_or_series(self, labels):
        design = SurveyDesign(strata=labels)
        assert design.strata.keys.labels("strata") == ["a", "b"]
        assert design.strata.codes.tolist() == [0, 0, 0, 1, 1, 1]

    def test_an_order_of_display_and_labels_without_respondents_are_no_strata(self):
        declared = pd.Series(pd.Categorical(STRATA, categories=["z", "b", "a"]))
        assert SurveyDesign(strata=declared) == SurveyDesign(strata=STRATA)

    def test_strata_can_cross_several_labels_called_like_columns_of_results(self):
        design = SurveyDesign(strata=pd.Series(STRATA, name="value"))
        assert design == SurveyDesign(strata=STRATA)
        crossed = {"n": STRATA, "value": CLUSTERS}
        assert len(SurveyDesign(strata=crossed, lonely_psu="adjust").stages[0].sizes) == 4

    def test_labels_of_other_types_are_other_strata(self):
        strata = [1, 1, True, True, "1", "1"]
        assert len(SurveyDesign(strata=strata).stages[0].sizes) == 3
        assert SurveyDesign(strata=[1, 1, True, True]) != SurveyDesign(strata=[1, 1, 2, 2])

    def test_any_field_makes_a_design(self):
        for name, field in {"strata": STRATA, "clusters": CLUSTERS, "population": [9] * 6}.items():
            assert len(SurveyDesign(**{name: field})) == 6

    def test_it_reads_well(self):
        assert repr(STRATIFIED) == "SurveyDesign(respondents=6, strata=2, degrees_of_freedom=4)"
        finite = attrs.evolve(CLUSTERED, population=[5] * 6)
        assert str(finite) == (
            "SurveyDesign(respondents=6, strata=2, clusters=4, degrees_of_freedom=2, "
            "finite population)"
        )

    def test_the_options_of_lonely_psu_are_those_that_exist(self):
        assert get_args(LonelyPsu) == LONELY_PSU


class TestEquality:
    def test_designs_of_equal_fields_are_equal(self):
        assert SurveyDesign(**EVERY_FIELD) == SurveyDesign(**EVERY_FIELD)

    @pytest.mark.parametrize("name", OTHERS)
    def test_designs_that_differ_in_a_field_differ(self, name):
        lenient = {**EVERY_FIELD, "subpopulation": [9] * 6}
        fields = EVERY_FIELD if name == "subpopulation" else lenient
        assert SurveyDesign(**fields) != SurveyDesign(**{**fields, name: OTHERS[name]})

    @pytest.mark.parametrize("name", ["weights", "strata", "subclusters", "subpopulation"])
    def test_designs_one_of_which_lacks_a_field_differ(self, name):
        same = {"strata": ["a"] * 6, "population": [9] * 6, "subpopulation": [9] * 6}
        fields = EVERY_FIELD | same
        without = {**fields, name: None}
        with_it, lacking = SurveyDesign(**fields), SurveyDesign(**without)
        assert with_it != lacking
        assert lacking != with_it
        assert lacking == SurveyDesign(**without)

    def test_a_design_equals_nothing_else_and_has_no_hash(self):
        assert STRATIFIED != "design"
        assert STRATIFIED.strata != STRATA
        with pytest.raises(TypeError, match="unhashable"):
            hash(STRATIFIED)


class TestCopies:
    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled, attrs.evolve])
    def test_copies_are_equal_read_only_and_know_the_index(self, copied):
        index = pd.Index(range(6), name="person")
        design = SurveyDesign(pd.Series([1, 2, 3, 1, 1, 1], index=index), strata=STRATA)
        assert STRATIFIED.index is None
        again = copied(design)
        assert again == design
        assert again.index.equals(index)
        for array in (again.weights, again.strata.codes):
            assert not array.flags.writeable


class TestWhatItSays:
    def test_respondents_are_the_units_without_clusters(self):
        (stage,) = STRATIFIED.stages
        assert stage.sizes.tolist() == [3, 3]
        assert STRATIFIED.nominal_degrees_of_freedom == 4

    def test_the_same_label_in_two_strata_is_two_clusters(self):
        (stage,) = CLUSTERED.stages
        assert stage.units.tolist() == [0, 0, 1, 2, 3, 3]
        assert stage.strata.tolist() == [0, 0, 1, 1]
        assert CLUSTERED.nominal_degrees_of_freedom == 2

    def test_fixed_degrees_of_freedom_are_said(self):
        fixed = attrs.evolve(CLUSTERED, degrees_of_freedom=12.5)
        assert fixed.nominal_degrees_of_freedom == 12.5
        assert "degrees_of_freedom=12.5" in repr(fixed)

    def test_respondents_of_weight_0_do_not_count_in_the_degrees_of_freedom(self):
        weights = [1, 1, 0, 1, 1, 0]
        assert SurveyDesign(weights, strata=STRATA).nominal_degrees_of_freedom == 2
        assert attrs.evolve(CLUSTERED, weights=weights).nominal_degrees_of_freedom == 1
        assert SurveyDesign([1, 1, 1, 0, 0, 0], strata=STRATA).nominal_degrees_of_freedom == 2

    def test_without_weights_they_are_the_inverse_of_the_shares_drawn(self):
        design = SurveyDesign(strata=STRATA, population=[30, 30, 30, 6, 6, 6])
        assert design.row_weights.tolist() == [10, 10, 10, 2, 2, 2]
        two_stages = SurveyDesign(
            clusters=CLUSTERED.clusters.codes,
            population=[4] * 6,
            subclusters=[1, 2, 1, 1, 2, 3],
            subpopulation=[9, 9, 6, 9, 6, 6],
        )
        # Clusters 1 (rows 0, 1, 3) and 2: 2 of 4, then 2 of 9 and 3 of 6 subclusters
        assert two_stages.row_weights.tolist() == [9, 9, 4, 9, 4, 4]

    def test_given_weights_stand_beside_a_population(self):
        assert SurveyDesign([1, 2, 3], population=[9] * 3).row_weights.tolist() == [1, 2, 3]

    def test_subclusters_without_population_make_no_difference(self):
        design = SurveyDesign(clusters=CLUSTERS, subclusters=[1, 2, 3, 4, 5, 6])
        assert len(design.stages) == 1
        assert design.row_weights.tolist() == [1] * 6

    def test_a_census_of_a_stratum_is_no_single_cluster(self):
        design = SurveyDesign(strata=["a", "a", "b"], population=[5, 5, 1])
        assert design.stages[0].open.tolist() == [0.6, 0]

    def test_a_census_of_the_only_cluster_is_a_design_of_what_was_drawn_within(self):
        design = SurveyDesign(clusters=["only"] * 3, population=[1] * 3, subpopulation=[12] * 3)
        assert design.stages[0].open.tolist() == [0]
        assert design.stages[1].open.tolist() == [0.75]

    @pytest.mark.parametrize("lonely_psu", ["certainty", "adjust", "average"])
    def test_a_stratum_of_a_single_cluster_is_taken_where_it_is_said_what_it_gets(self, lonely_psu):
        design = SurveyDesign(strata=["a", "a", "b"], lonely_psu=lonely_psu)
        assert design.stages[0].single.tolist() == [False, True]
        assert design.nominal_degrees_of_freedom == 1


# fmt: off
IMPOSSIBLE = {
    "negative weights": (
        TallyError, ("weights must be finite and not negative, got -2.5; give 0 to respondents who "
        "must not count"), {"weights": [1, -2.5]}),
    "weights of NaN": (TallyError, "weights must be finite and not negative, got nan",
        {"weights": [1, np.nan]}),
    "infinite weights": (TallyError, "weights must be finite and not negative, got inf",
        {"weights": [np.inf, 1]}),
    "weights that are all 0": (TallyError, "weights must not all be 0, got 3 of them; check",
        {"weights": [0, 0, 0]}),
    "weights that are texts": (TallyError, "weights must be numbers, got ['1', '2']",
        {"weights": ["1", "2"]}),
    "weights that are texts of a column": (TallyError, "column 'w': weights must be numbers, got",
        {"weights": pd.Series(["1", "2"], name="w")}),
    "weights of several columns": (
        TallyError, "weights must be one number for each respondent, got shape (2, 1)",
        {"weights": [[1], [2]]}),
    "one weight for all": (
        TallyError, "weights must be one number for each respondent, got shape ()", {"weights": 3}),
    "weights of which some would be lost": (
        TallyError, "weights must be comparable, got 1e-60 and 1e+60", {"weights": [1e60, 1e-60]}),
    "weights too large to be squared": (
        TallyError, ("weights must lie between 1e-150 and 1e+150, got 1e+150 to 1e+151; divide them "
        "by a common factor"), {"weights": [1e151, 1e150]}),
    "weights too small to be squared": (
        TallyError, "weights must lie between 1e-150 and 1e+150, got 1e-151 to 1e-150",
        {"weights": [1e-150, 1e-151]}),
    "no field at all": (
        AnswerError, "a design must have one entry for each respondent in every field, got {}", {}),
    "fields of different lengths": (
        AnswerError, ("a design must have one entry for each respondent in every field, got "
        "{'weights': 2, 'strata': 3}; a simple random sample has equal weights"),
        {"weights": [1, 2], "strata": ["a", "b", "c"]}),
    "fields without entries": (AnswerError, "a design must have one entry", {"strata": []}),
    "strata of which one of two names is empty": (
        AnswerError, "strata must be known of every respondent, got some that are empty; fill",
        {"strata": {"region": ["a", "a"], "kind": ["x", None]}, "lonely_psu": "adjust"}),
    "a population that is not whole": (
        TallyError, "population must be whole numbers, 0 or more, got 2.5",
        {"population": [2.5, 9]}),
    "an infinite subpopulation": (
        TallyError, ("subpopulation must be whole numbers, 0 or more, got inf; leave it out where "
        "it is large"), {"clusters": [1, 2], "population": [4, 4], "subpopulation": [np.inf, 9]}),
    "a population of several columns": (TallyError, "population must be one number for each",
        {"population": [[9], [9]]}),
    "populations that differ within a stratum": (
        TallyError, "population must be the same throughout a stratum, got 9 and 8 in stratum 'b'",
        {"strata": STRATA, "population": [7, 7, 7, 8, 9, 8]}),
    "subpopulations that differ within a cluster": (
        TallyError, "subpopulation must be the same throughout a cluster, got 4 and 5 in cluster 1",
        {"clusters": [1, 1, 2, 2], "population": [9] * 4, "subpopulation": [4, 5, 6, 6]}),
    "fewer people than were drawn": (
        TallyError, ("population must be at least as large as the sample, got 2 with 3 respondents "
        "drawn in stratum 'b'"), {"strata": STRATA, "population": [9, 9, 9, 2, 2, 2]}),
    "fewer clusters than were drawn": (
        TallyError, ("population must be at least as large as the sample, got 1 with 2 clusters "
        "drawn in the design"), {"clusters": CLUSTERS, "population": [1] * 6}),
    "fewer subclusters than were drawn": (
        TallyError, ("subpopulation must be at least as large as the sample, got 1 with 2 "
        "subclusters drawn in cluster 2"),
        {"clusters": [1, 1, 2, 2], "population": [9] * 4, "subclusters": [1, 2, 1, 2],
         "subpopulation": [2, 2, 1, 1]}),
    "subclusters without clusters": (
        AnswerError, "subclusters must be within clusters, got none", {"subclusters": [1, 2]}),
    "a subpopulation without clusters": (
        AnswerError, "subpopulation must be within clusters, got none; pass clusters=",
        {"population": [4, 4], "subpopulation": [9, 9]}),
    "a subpopulation without a population": (
        TallyError, "subpopulation must come with population, got it alone",
        {"clusters": [1, 2], "subpopulation": [9, 9]}),
    "a single respondent": (
        TallyError, "the design has one respondent, which cannot tell", {"weights": [1]}),
    "a stratum of a single cluster": (
        TallyError, ("stratum 'web', 2 has one cluster, which cannot tell how clusters differ; put "
        "it together with a stratum like it ... lonely_psu='certainty', 'adjust' or 'average'"),
        {"strata": {"channel": ["shop", "shop", "web", "web"], "wave": [1, 1, 2, 2]},
         "clusters": [1, 2, 3, 3]}),
    "a cluster of a single subcluster": (
        TallyError, ("cluster 2 has one respondent, which cannot tell how respondents differ; put "
        "it together with a cluster like it"),
        {"clusters": [1, 1, 2], "population": [9] * 3, "subpopulation": [4] * 3}),
    "an average over strata of single clusters only": (
        TallyError, ("stratum 'a' has one respondent, which cannot tell how respondents differ, nor "
        "has any stratum more to take the average of; choose lonely_psu='adjust'"),
        {"strata": ["a", "b"], "lonely_psu": "average"}),
    **{
        f"a single cluster with {lonely_psu}": (
            TallyError, ("the design has one cluster, which cannot tell how clusters differ; leave "
            "out clusters= if respondents were drawn on their own ... pass population= if there is "
            "no other cluster"), {"clusters": ["a", "a"], "lonely_psu": lonely_psu})
        for lonely_psu in LONELY_PSU
    },
    **{
        f"{name} of which some are {empty}": (
            AnswerError, f"{name} must be known of every respondent, got some that are empty",
            {"clusters": [1, 2, 3]} | {name: ["a", empty, "b"], "lonely_psu": "adjust"})
        for name in ("strata", "clusters", "subclusters") for empty in (None, math.nan)
    },
    **{
        f"lonely_psu {wrong}": (
            OptionError, f"unknown lonely_psu {wrong!r}", {"weights": [1, 2], "lonely_psu": wrong})
        for wrong in ("adjusted", None, ["adjust"])
    },
    **{
        f"degrees of freedom of {wrong!r}": (
            OptionError, f"degrees_of_freedom must be a number of 1 or more, got {wrong!r}",
            {"weights": [1, 2], "degrees_of_freedom": wrong})
        for wrong in (0.5, 0, np.nan, np.inf, "3", True)
    },
    **{
        f"indexes of pandas that differ, {kind}": (
            AnswerError, ("answers and what belongs to them must have the same index, got different "
            "ones for 'weights' and 'strata"), {"weights": WEIGHTS, "strata": strata})
        for kind, strata in {"one": WEIGHTS[::-1], "two": {"a": WEIGHTS, "b": WEIGHTS[::-1]}}.items()
    },
}
# fmt: on


@pytest.mark.parametrize(("error", "text", "fields"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_fields_are_an_error(error, text, fields):
    with pytest.raises(error, match="^" + re.escape(text).replace(r"\ \.\.\.\ ", ".*")):
        SurveyDesign(**fields)


@pytest.mark.parametrize("weights", [[1e-40, 1e40], [1e150, 1e149], [1e-150, 1e-149]])
def test_weights_at_the_edge_of_what_squares_hold_make_a_design(weights):
    assert len(SurveyDesign(weights)) == 2
