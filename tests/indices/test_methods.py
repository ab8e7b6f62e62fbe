"""Intervals by name: an estimate gives the limits of the function that the name belongs to."""

import re
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import OptionError
from custfocus.indices.estimate import estimate
from custfocus.intervals.bounded import mean_interval
from custfocus.intervals.dirichlet_limits import ExactMethod
from custfocus.intervals.exact_interval import exact_interval
from custfocus.intervals.methods import LIMITS, EstimateMethod
from custfocus.intervals.net import NetMethod, net_interval
from custfocus.intervals.proportion import ProportionMethod, proportion_interval
from custfocus.progress.verdict import verdict
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.vocabulary.measure import Target

FIVE = Scale.likert(5)
TOP, NET, MEAN = (
    Scoring.top_box(FIVE),
    Scoring.net(FIVE, positive=2, negative=2),
    Scoring.mean(FIVE),
)
COUNTS = np.array([[3, 4, 10, 20, 15], [0, 0, 0, 1, 6], [9, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
TALLY = Tally(COUNTS, FIVE)
NAMES = {*get_args(ProportionMethod), *get_args(NetMethod)} - {"score"}
FINITE = {"population": 80}


def test_the_names_are_those_of_the_functions():
    assert tuple(LIMITS) == get_args(EstimateMethod)
    assert set(get_args(EstimateMethod)) == NAMES | {"score", "t", "exact"}


@pytest.mark.parametrize(
    ("method", "options"),
    [
        (method, options)
        for method in get_args(ProportionMethod)
        for options in ([{}] if method in {"jeffreys", "blaker"} else [{}, FINITE])
    ],
)
def test_a_share_has_the_limits_of_proportion_interval(method, options):
    scored = estimate(TALLY, TOP, method=method, **options)
    low, high = proportion_interval(
        COUNTS[:, 3:].sum(axis=1), COUNTS.sum(axis=1), method=method, **options
    )
    np.testing.assert_allclose([scored.low, scored.high], [100 * low, 100 * high], rtol=1e-13)
    assert scored.method == method


@pytest.mark.parametrize("method", sorted(set(get_args(NetMethod)) - {"score"}))
def test_a_net_share_has_the_limits_of_net_interval(method):
    scored = estimate(TALLY, NET, method=method, **FINITE)
    low, high = net_interval(
        COUNTS[:, 3:].sum(axis=1),
        COUNTS[:, :2].sum(axis=1),
        COUNTS.sum(axis=1),
        method=method,
        **FINITE,
    )
    np.testing.assert_allclose(
        [scored.low, scored.high], [100 * low, 100 * high], rtol=1e-12, atol=1e-11
    )


def test_a_mean_has_students_limits_by_name():
    scored = estimate(TALLY[:3], MEAN, method="t")
    values = np.repeat(np.tile(MEAN.quoted_scores, 3), COUNTS[:3].ravel())
    low, high = mean_interval(
        values, bounds=(0, 100), groups=np.repeat(np.arange(3), COUNTS[:3].sum(1)), method="t"
    )
    np.testing.assert_allclose([scored.low, scored.high], [low, high], rtol=1e-13, atol=1e-11)


def test_students_interval_of_bayesm():
    # bayesm customerSat (Rossi, Gilula and Allenby 2001), t interval of the mean on 0 to 100
    scale = Scale.likert(10)
    tally = Tally([99, 115, 111, 127, 328, 174, 222, 327, 118, 190], scale)
    scored = estimate(tally, Scoring.mean(scale), method="t")
    assert float(scored.low) == pytest.approx(54.985745, abs=5e-7)
    assert float(scored.high) == pytest.approx(57.597849, abs=5e-7)


def test_students_interval_of_a_single_answer_is_the_scale_and_of_a_census_the_mean():
    assert estimate(Tally([0, 0, 0, 1, 0], FIVE), MEAN, method="t").low == 0
    assert estimate(Tally([0, 0, 0, 1, 0], FIVE), MEAN, method="t").high == 100
    census = estimate(Tally([1, 0, 0, 1, 0], FIVE), MEAN, method="t", population=2)
    assert census.low == census.high == census.value
    half = estimate(Tally([10, 0, 0, 10, 0], FIVE), MEAN, method="t", population=39)
    all_ = estimate(Tally([10, 0, 0, 10, 0], FIVE), MEAN, method="t")
    ratio = (half.high - half.low) / (all_.high - all_.low)
    assert float(ratio) == pytest.approx(0.5**0.5)


@pytest.mark.parametrize("method", get_args(ExactMethod))
@pytest.mark.parametrize("scoring", [NET, MEAN, Scoring(FIVE, [0, 0.5, 3, 4, -2])])
def test_any_index_has_the_limits_of_exact_interval(method, scoring):
    scored = estimate(TALLY, scoring, method=method, confidence_level=0.9)
    limits = exact_interval(COUNTS, scoring.quoted_scores, method=method, confidence_level=0.9)
    np.testing.assert_array_equal([scored.low, scored.high], limits)
    assert f"90 % {method} interval" in scored.caption()


@pytest.mark.parametrize("options", [{}, FINITE, {"confidence_level": 0.5}])
def test_the_exact_limits_of_a_share_are_clopper_and_pearsons(options):
    one = estimate(TALLY, TOP, method="exact", **options)
    other = estimate(TALLY, TOP, method="clopper-pearson", **options)
    np.testing.assert_array_equal([one.low, one.high], [other.low, other.high])


@pytest.mark.parametrize("method", get_args(ExactMethod))
def test_a_population_is_for_shares_and_the_message_says_why(method):
    with pytest.raises(OptionError, match=r"a population with two scores only, .* got 3 scores"):
        estimate(TALLY, NET, method=method, population=80)


@pytest.mark.parametrize("method", get_args(ExactMethod))
@pytest.mark.parametrize("scoring", [TOP, NET, MEAN])
def test_verdicts_are_those_of_the_limits_and_count_the_answers_to_a_definite_one(method, scoring):
    scored = estimate(TALLY[0], scoring, method=method)
    low, value = float(scored.low), float(scored.value)
    assert verdict(scored, Target.at_least(low)).verdict == "met"
    assert verdict(scored, Target.at_least(low + 1e-6)).verdict == "inconclusive"
    more = float(verdict(scored, Target.at_least(value - 2)).more_answers)
    enough, fewer = (float(scored.limits_at(scored.n + size).low) for size in (more, more - 1))
    assert enough >= value - 2 > fewer
    assert np.isinf(verdict(scored, Target.at_least(value)).more_answers)


@pytest.mark.parametrize("method", sorted(NAMES))
def test_more_answers_make_every_named_interval_narrower(method):
    scoring = TOP if method in get_args(ProportionMethod) else NET
    scored = estimate(TALLY[0], scoring, method=method)
    low, high = scored.limits_at(4 * scored.n)
    assert high - low < 0.6 * (scored.high - scored.low)
    assert verdict(scored, Target.at_least(float(scored.value) - 1)).more_answers > 0


def test_exact_limits_in_a_finite_population_take_the_nearest_whole_answers_of_other_sizes():
    scored = estimate(TALLY[0], TOP, method="clopper-pearson", population=500)
    low, high = proportion_interval(67, 100, method="clopper-pearson", population=500)
    np.testing.assert_allclose(scored.limits_at(100), [100 * low, 100 * high], rtol=1e-12)


@pytest.mark.parametrize(
    ("method", "scoring", "kind"),
    [
        ("wilson", NET, "shares, which have two scores"),
        ("blaker", MEAN, "shares, which have two scores"),
        ("bonett-price", TOP, "net shares, which have three at equal distances"),
        ("wald", MEAN,
         "shares, which have two scores and net shares, which have three at equal distances"),
    ],
)  # fmt: skip
def test_a_method_for_other_scorings_is_an_error_that_says_for_which(method, scoring, kind):
    text = f"the method {method!r} is for {kind}, got the scores "
    with pytest.raises(OptionError, match=f"^{re.escape(text)}") as caught:
        estimate(TALLY, scoring, method=method)
    assert str(caught.value).endswith("; choose 'score', 'mid-p' or 'exact', which are for any")


def test_three_scores_at_unequal_distances_are_no_net_share():
    with pytest.raises(OptionError, match=r"got the scores 0, 1, 3;"):
        estimate(TALLY, Scoring(FIVE, [0, 0, 1, 3, 3]), method="goodman")


def test_many_scores_are_cut_short_in_the_message():
    scale = Scale.range(0, 10)
    tally = Tally(np.ones(11), scale)
    with pytest.raises(OptionError, match=r"got the scores 0, 10, 20, 30, 40 \.\.\.;"):
        estimate(tally, Scoring.mean(scale), method="wilson")
