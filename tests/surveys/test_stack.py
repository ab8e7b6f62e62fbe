"""Waves and surveys stacked: their keys, what they share, and what cannot be stacked."""

import re

import attrs
import numpy as np
import pytest

from custfocus.comparisons import compare
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.indices.estimate import estimate
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import ReplicateWeights, SurveyDesign, SurveyTally, stack

FIVE = Scale.likert(5)
MEAN = Scoring.mean(FIVE, 1, 5)
BEFORE, AFTER = [5, 3, 4, 2, 5, 1, 4, 4], [5, 4, 4, 2, 5, 3, 5, 4]
W = [1, 2, 1, 1, 3, 1, 2, 1]
AREAS = [1, 1, 2, 2, 3, 3, 4, 4]
PLACES = list("nsnsnsns")
WAVES = {"wave": ("before", "after")}


def message(text):
    return "^" + re.escape(text)


def tallied(answers, by=PLACES, **fields):
    design = SurveyDesign(**{"weights": W, "clusters": AREAS} | fields)
    return SurveyTally.of(answers, design, FIVE, by=None if by is None else {"place": by})


def refused(error, text, *tallies, **options):
    with pytest.raises(error, match=message(text)):
        stack(*tallies, **options)


class TestKeys:
    @pytest.mark.parametrize("shared_clusters", [False, True])
    def test_the_new_key_stands_last_in_the_order_given(self, shared_clusters):
        found = stack(tallied(BEFORE), tallied(AFTER), shared_clusters=shared_clusters, **WAVES)
        assert list(found.keys) == [
            ("n", "before"), ("n", "after"), ("s", "before"), ("s", "after"),
        ]  # fmt: skip
        assert found.sel(wave="after").counts.tolist() == tallied(AFTER).counts.tolist()
        assert found.sel(wave="before").counts.tolist() == tallied(BEFORE).counts.tolist()

    def test_by_default_surveys_are_numbered(self):
        one = tallied(BEFORE, by=None)
        found = stack(one, tallied(AFTER, by=None), tallied(AFTER, by=None))
        assert found.keys.columns() == {"survey": [1, 2, 3]}

    def test_a_row_that_one_survey_lacks_has_no_answers(self):
        found = stack(tallied(BEFORE), tallied(AFTER, by=list("nnnwnnnn")), **WAVES)
        assert found.sel(wave="after").n.tolist() == [7, 0, 1]
        assert found.sel(wave="before").n.tolist() == [4, 4, 0]

    def test_items_are_met_by_name(self):
        one, other = (
            SurveyTally.of(items, SurveyDesign(W, clusters=AREAS), FIVE)
            for items in ({"q": BEFORE, "r": AFTER}, {"r": BEFORE})
        )
        found = stack(one, other, **WAVES)
        assert (
            found.sel(item="r", wave="after").counts.tolist()
            == tallied(BEFORE, None).counts.tolist()
        )
        assert found.sel(item="q", wave="before").n == 8
        assert found.sel(item="q").keys.labels("wave") == ["before", "after"]
        assert found.sel(item="q", wave="after").n == 0

    def test_chosen_rows_are_stacked_with_all_of_their_design(self):
        whole = [tallied(BEFORE), tallied(AFTER)]
        some = [each.sel(place="n") for each in whole]
        for shared_clusters in (False, True):
            ours, theirs = (
                estimate(stack(*each, shared_clusters=shared_clusters, **WAVES), MEAN)
                for each in (some, whole)
            )
            np.testing.assert_allclose(
                ours.standard_error, theirs.sel(place="n").standard_error, rtol=1e-12
            )


class TestDesigns:
    def test_surveys_side_by_side_keep_their_estimates(self):
        tallies = [
            tallied(BEFORE, clusters=None, strata=AREAS, population=[20] * 8),
            tallied(AFTER),
            tallied(AFTER, population=[9] * 8, subpopulation=[7] * 8),
        ]
        found = estimate(stack(*tallies, wave=(1, 2, 3)), MEAN)
        for wave, tally in enumerate(tallies, start=1):
            alone = estimate(tally, MEAN)
            for name in ("value", "low", "high", "standard_error", "degrees_of_freedom"):
                np.testing.assert_allclose(
                    getattr(found.sel(wave=wave), name),
                    getattr(alone, name),
                    rtol=1e-12,
                    err_msg=name,
                )
        changed = compare(found, wave=(3, 1))
        assert changed.correlation.tolist() == [0, 0]

    def test_shared_clusters_are_one_design_of_all_respondents(self):
        found = stack(tallied(BEFORE), tallied(AFTER), shared_clusters=True, **WAVES)
        design = SurveyDesign(W * 2, clusters=AREAS * 2)
        by = {"place": PLACES * 2, "wave": ["before"] * 8 + ["after"] * 8}
        expected = compare(estimate(BEFORE + AFTER, MEAN, design=design, by=by), wave=WAVES["wave"])
        changed = compare(estimate(found, MEAN), wave=WAVES["wave"])
        np.testing.assert_array_equal(changed.low, expected.low)
        assert (changed.correlation != 0).all()

    def test_clusters_of_other_strata_are_others(self):
        one = tallied(BEFORE, strata=["x"] * 8)
        other = tallied(AFTER, strata=["y"] * 8)
        found = stack(one, other, shared_clusters=True, **WAVES)
        changed = compare(estimate(found, MEAN), wave=WAVES["wave"])
        assert changed.correlation.tolist() == [0, 0]


class TestWhatCannotBeStacked:
    def test_fewer_than_two_or_no_tallies_of_surveys(self):
        refused(TallyError, "stack takes two tallies or more, got 1", tallied(BEFORE))
        plain = Tally.of(BEFORE, FIVE)
        text = "stack takes tallies of surveys, got a Tally; give its answers a SurveyDesign"
        refused(TallyError, text, tallied(AFTER), plain)

    def test_rows_of_the_same_survey(self):
        tally = tallied(BEFORE)
        text = "stack takes tallies of different surveys, got rows of the same one twice"
        refused(TallyError, text, tally.sel(place="n"), tally.sel(place="s"))

    def test_other_scales_names_or_items(self):
        other = SurveyTally.of(BEFORE, SurveyDesign(W), Scale.likert(7), by=PLACES)
        refused(
            TallyError,
            "surveys are put together when they have the same scale",
            tallied(AFTER),
            other,
        )
        refused(LabelError, "rows meet by the same names", tallied(AFTER), tallied(AFTER, by=None))
        items = [
            SurveyTally.of_cells([5], FIVE, respondents=[2], weights=[2], squares=[2], item=q)
            for q in "qr"
        ]
        refused(TallyError, "items are answers of the same people and can't be stacked", *items)

    @pytest.mark.parametrize(
        "labels",
        [
            {"wave": ("before",)},
            {"wave": ("before", "before")},
            {"wave": "ab"},
            {"wave": (1, 2), "year": (1, 2)},
        ],
    )
    def test_a_key_without_a_label_for_each(self, labels):
        text = f"stack takes one key with a label for each of the 2 tallies, got {labels!r}; write"
        refused(OptionError, text, tallied(BEFORE), tallied(AFTER), **labels)

    @pytest.mark.parametrize("shared_clusters", [False, True])
    @pytest.mark.parametrize("option", [{"lonely_psu": "adjust"}, {"degrees_of_freedom": 9}])
    def test_other_options_of_the_design(self, option, shared_clusters):
        [name] = option
        text = f"surveys are put together when they have the same {name}, got"
        refused(
            TallyError,
            text,
            tallied(BEFORE),
            tallied(AFTER, **option),
            shared_clusters=shared_clusters,
        )

    def test_shared_clusters_without_clusters_or_with_finite_populations(self):
        text = "shared_clusters=True takes surveys of large populations with clusters=, got one"
        for fields in ({"clusters": None}, {"population": [9] * 8}):
            refused(
                TallyError, text, tallied(BEFORE), tallied(AFTER, **fields), shared_clusters=True
            )

    def test_replicate_weights(self):
        design = ReplicateWeights(W, np.outer(W, [2, 0.5]), "brr")
        tally = SurveyTally.of(AFTER, design, FIVE, by={"place": PLACES})
        text = "surveys with replicate weights can't be stacked, since the replicates of one say"
        refused(TallyError, text, tallied(BEFORE), tally)
        text = "shared_clusters=True takes surveys of large populations"
        refused(TallyError, text, attrs.evolve(tallied(BEFORE)), tally, shared_clusters=True)
