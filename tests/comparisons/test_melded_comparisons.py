"""Comparisons by exact and mid-p limits: what they give, for which samples, and how they read."""

from functools import partial
from math import inf

import numpy as np
import pytest

from custfocus.comparisons import compare, compare_pairs, pairwise, with_reference, with_rest
from custfocus.errors import OptionError, TallyError
from custfocus.indices import csat, mean_score, nps, top_box
from custfocus.intervals import melded_interval_difference, melded_p_value
from custfocus.responses import PairTally, Scale, Tally
from custfocus.surveys import SurveyDesign
from patterns import begins

FIVE = Scale.likert(5)
FEW = np.array([[0, 0, 1, 3, 8], [2, 1, 4, 3, 2], [0, 0, 0, 0, 6], [0, 0, 0, 0, 0]])
BY_SHOP = Tally(FEW, FIVE, by={"shop": ["n", "s", "w", "x"]})
methods = pytest.mark.parametrize("method", ["exact", "mid-p"])


@methods
@pytest.mark.parametrize("index", [csat, mean_score, partial(mean_score, confidence_level=0.8)])
def test_two_estimates_have_the_melded_limits_in_the_unit_of_the_index(method, index):
    a, b = (index(BY_SHOP[g]) for g in (0, 1))
    found = compare(a, b, method=method)
    given = (FEW[0], FEW[1], a.scoring.quoted_scores)
    limits = melded_interval_difference(*given, method=method, confidence_level=a.confidence_level)
    assert (found.low, found.high) == limits
    assert found.p_value == melded_p_value(*given, method=method)
    assert float(found) == float(a) - float(b)
    assert found.low < found.value < found.high
    assert (found.method, found.confidence_level) == (method, a.confidence_level)
    score = compare(a, b)
    assert found.standard_error == score.standard_error
    assert found.low < score.low
    assert (found.correlation, found.design_effect, found.degrees_of_freedom) == (0, 1, inf)


@methods
def test_every_verb_that_compares_takes_the_method(method):
    e = csat(BY_SHOP)
    every = pairwise(e, method=method)
    assert every.method == method
    n_against_s = compare(e, shop=("n", "s"), method=method)
    assert (every.low[0], every.p_value[0]) == (n_against_s.low, n_against_s.p_value)
    against = with_reference(e, shop="s", method=method)
    assert (against.low[0], against.high[0]) == (n_against_s.low, n_against_s.high)
    rest = with_rest(e, method=method)
    given = FEW[0], FEW[1:].sum(axis=0), e.scoring.quoted_scores
    assert (rest.low[0], rest.high[0]) == melded_interval_difference(*given, method=method)
    without_answers = np.isnan(every.value)
    assert without_answers.tolist() == [False, False, True, False, True, True]
    for values in (every.low, every.high, every.p_value, every.adjusted_p_value):
        assert np.isnan(values).tolist() == without_answers.tolist()


@methods
def test_the_interval_leaves_out_0_where_p_is_small_and_the_text_says_which_it_is(method):
    far = compare(csat(BY_SHOP), shop=("w", "s"), method=method)
    near = compare(csat(BY_SHOP), shop=("n", "w"), method=method)
    assert far.p_value < 0.05 < near.p_value
    assert far.low > 0 > near.low
    assert f"95 % {method} interval" in str(far)
    assert f"95 % {method} intervals" in str(pairwise(csat(BY_SHOP), method=method))


def test_exact_limits_of_a_net_score_are_wider_than_the_score_interval():
    found = compare(nps([10] * 8 + [7, 3]), nps([10, 9, 8, 7, 6, 5, 9, 3, 8, 2]), method="exact")
    score = compare(nps([10] * 8 + [7, 3]), nps([10, 9, 8, 7, 6, 5, 9, 3, 8, 2]))
    assert found.low < score.low < score.high < found.high
    assert found.metric.unit == score.metric.unit


@methods
def test_no_rows_are_compared_with_none(method):
    nothing = mean_score(Tally(np.zeros((0, 5)), FIVE))
    assert len(compare(nothing, nothing, method=method)) == 0


@methods
def test_answers_of_a_design_and_pairs_are_refused_in_a_sentence(method):
    design = SurveyDesign(weights=[1, 2, 1, 1, 2, 1])
    waves = csat([5, 4, 2, 1, 5, 4], design=design, by={"wave": ["a", "b"] * 3})
    message = f"the method {method!r} is for samples without a design, got answers of a design"
    with pytest.raises(TallyError, match=begins(message)):
        compare(waves, wave=("a", "b"), method=method)
    with pytest.raises(TallyError, match=begins("a plain sample can't be compared")):
        compare(csat([5, 4, 2]), waves.sel(wave="a"), method=method)
    pairs = PairTally.of([5, 4, 2, 1, 5, 4], [5, 5, 2, 2, 5, 4], FIVE)
    message = f"the method {method!r} is for two independent samples, got pairs of answers"
    with pytest.raises(OptionError, match=begins(message)):
        compare_pairs(pairs, csat, method=method)


@methods
def test_a_correction_that_is_left_out_of_limits_without_one_is_an_error(method):
    a, b = csat(BY_SHOP[0]), csat(BY_SHOP[1])
    with pytest.raises(OptionError, match=begins("correction=False is for the method 'score'")):
        compare(a, b, method=method, correction=False)
    with pytest.raises(TallyError, match="is for samples of large populations, got population="):
        compare(csat(BY_SHOP[0], population=50), b, method=method)


@methods
def test_many_answers_on_one_point_are_no_end_of_it(method):
    a, b = (top_box(Tally(counts, FIVE)) for counts in ([0, 0, 0, 0, 9], [9, 0, 0, 0, 0]))
    found = compare(a, b, method=method)
    assert found.high == 100
    assert 0 < found.low < 100
