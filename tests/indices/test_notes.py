"""What a reader should know of the answers behind an index, beside its numbers."""

import numpy as np
import pytest

from custfocus.indices import csat, estimate, mean_score, nps
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign

ELEVEN, SEVEN, FIVE = Scale.range(0, 10), Scale.likert(7), Scale.likert(5, missing=[8, 9])
FIVES = "no answer leaves 1 to 5: was it asked on another scale?"
ENDS = "neither end of the scale was ever chosen: is the scale right?"
ALIKE = "all answers count alike: the interval rests on their number alone"
SAME = "no variance between the clusters drawn: the interval takes Kish's effective number of them as n"
HEAVY = "a design effect over 3: few answers carry most of the weight or the clusters differ much"


@pytest.mark.parametrize(
    ("answers", "notes"),
    [
        ([1, 2, 3, 4, 5], (FIVES, ALIKE)), ([1, 2, 3, 4], (ALIKE,)), ([1, 2, 3, 4, 5, 9], ()),
        ([0, 1, 2, 3, 4, 5, 9], ()), ([5] * 40 + [1], (FIVES, ALIKE)), ([2, 9] * 15, (ENDS,)),
        ([2, 9] * 14 + [2], ()), ([2, 9] * 15 + [10], ()), ([2, 9] * 15 + [0], ()),
        ([7, 8] * 3, (ALIKE,)), ([7], ()),
    ],
)  # fmt: skip
def test_recommendations_that_look_like_those_of_another_scale(answers, notes):
    assert nps(answers).notes == notes


def test_only_the_net_promoter_score_is_suspected_of_1_to_5():
    assert mean_score(Tally([0, 9, 9, 9, 9, 9, 0, 0, 0, 0, 0], ELEVEN)).notes == (ENDS,)
    assert csat([5, 4, 4, 1]).notes == ()
    assert csat(Tally([0, 20, 20, 20, 0], FIVE)).notes == ()
    assert mean_score(Tally([0, 20, 20, 20, 20, 20, 0], SEVEN)).notes == (ENDS,)
    assert nps([1, 2, 3, 4, 5] * 9, scale=FIVE, promoters=1, detractors=3).notes == ()


def test_answers_alike_are_those_that_count_the_same():
    scoring = Scoring(Scale.likert(3), [0, 0, 1])
    assert csat([5, 4, 5]).notes == (ALIKE,)
    assert csat([5]).notes == ()
    assert estimate([1, 2, 1], scoring).notes == (ALIKE,)
    assert estimate([1, 3, 1], scoring).notes == ()


def test_of_several_rows_it_is_said_how_many_they_concern():
    found = csat(Tally([[0, 0, 0, 0, 7], [1, 0, 0, 0, 7], [0, 0, 0, 0, 0]], FIVE))
    assert found.notes == (f"{ALIKE} (1 of 3 rows)",)
    assert found[0].notes == (ALIKE,)
    assert found[1].notes == ()
    assert found[:0].notes == ()


def test_missing_answers_are_noted_by_reason():
    assert csat([5, 1, 8, 8, 9], scale=FIVE).notes == ("missing by code: 8: 2, 9: 1",)
    assert csat([5, 1, 8, 8], scale=FIVE).notes == ()


def test_heavy_weights_and_few_clusters_are_noted():
    rng = np.random.default_rng(1)
    answers, weights = rng.integers(1, 6, 60), np.r_[np.full(3, 400.0), np.ones(57)]
    assert HEAVY in csat(answers, weights=weights).notes
    assert csat(answers, weights=np.ones(60)).notes == ()
    few = csat(answers, design=SurveyDesign(clusters=np.arange(60) % 5))
    assert any("fewer than 10 clusters" in note for note in few.notes)


def test_a_design_that_shows_no_variance_says_what_the_interval_rests_on():
    answers, clusters = [5, 1] * 12, np.repeat(np.arange(12), 2)
    found = csat(answers, design=SurveyDesign(clusters=clusters))
    assert (found.effective_n, found.standard_error, found.notes) == (12, 0, (SAME,))
    assert csat([5] * 24, design=SurveyDesign(clusters=clusters)).notes == (ALIKE,)
    assert csat(answers, design=SurveyDesign(clusters=clusters[::-1] % 7)).notes != (SAME,)
    census = SurveyDesign(np.ones(24), clusters=clusters, population=[12] * 24)
    assert csat(answers, design=census).notes == ()
    by = np.repeat(["a", "b"], 12)
    rows = csat([*answers[:12], *[5, 5, 1] * 4], design=SurveyDesign(clusters=clusters), by=by)
    assert f"{SAME} (1 of 2 rows)" in rows.notes
    assert csat(answers, population=24).notes == ()
    few = csat([5, 1, 5], design=SurveyDesign(clusters=[1, 2, 3]), by=["a", "b", "b"])
    assert not any(SAME in note for note in few.notes)  # of a single answer there is none
