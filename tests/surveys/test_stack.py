"""Waves and surveys stacked: their keys, what they share, and what cannot be stacked."""

import re

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


def tallied(answers, by=PLACES, **fields):
    design = SurveyDesign(**{"weights": W, "clusters": AREAS} | fields)
    return SurveyTally.of(answers, design, FIVE, by=None if by is None else {"place": by})


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


CELLS = {"respondents": [2], "weights": [2], "squares": [2]}
REPLICATED = SurveyTally.of(
    AFTER, ReplicateWeights(W, np.outer(W, [2, 0.5]), "brr"), FIVE, by={"place": PLACES}
)
OTHER_SCALE = SurveyTally.of(BEFORE, SurveyDesign(W), Scale.likert(7), by=PLACES)
SAME, SHARED = "surveys are put together when they have the same ", {"shared_clusters": True}
# fmt: off
IMPOSSIBLE = [
    (TallyError, "stack takes two tallies or more, got 1", [tallied(BEFORE)], {}),
    (TallyError, "stack takes tallies of surveys, got a Tally; give its answers a SurveyDesign",
     [tallied(AFTER), Tally.of(BEFORE, FIVE)], {}),
    (TallyError, "stack takes tallies of different surveys, got rows of the same one twice",
     [*tallied(BEFORE)], {}),
    (TallyError, SAME + "scale", [tallied(AFTER), OTHER_SCALE], {}),
    (LabelError, "rows meet by the same names", [tallied(AFTER), tallied(AFTER, by=None)], {}),
    (TallyError, "items are answers of the same people and can't be stacked",
     [SurveyTally.of_cells([5], FIVE, **CELLS, item=item) for item in "qr"], {}),
    *((OptionError, (f"stack takes one key with a label for each of the 2 tallies, got {labels!r}; "
       "write"), [tallied(BEFORE), tallied(AFTER)], labels)
      for labels in ({"wave": ("before",)}, {"wave": ("before", "before")}, {"wave": "ab"},
                     {"wave": (1, 2), "year": (1, 2)})),
    *((TallyError, f"{SAME}{name}, got", [tallied(BEFORE), tallied(AFTER, **{name: value})], shared)
      for name, value in (("lonely_psu", "adjust"), ("degrees_of_freedom", 9))
      for shared in ({}, SHARED)),
    *((TallyError, "shared_clusters=True takes surveys of large populations with clusters=, got one",
       [tallied(BEFORE), other], SHARED)
      for other in (tallied(AFTER, clusters=None), tallied(AFTER, population=[9] * 8), REPLICATED)),
    (TallyError, "surveys with replicate weights can't be stacked, since the replicates of one say",
     [tallied(BEFORE), REPLICATED], {}),
]
# fmt: on


@pytest.mark.parametrize(("error", "text", "tallies", "options"), IMPOSSIBLE)
def test_what_cannot_be_stacked_is_an_error(error, text, tallies, options):
    with pytest.raises(error, match="^" + re.escape(text)):
        stack(*tallies, **options)
