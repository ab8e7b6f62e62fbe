"""The methods for one proportion at the ends of the scale, and their machinery."""

import math
import re

import numpy as np
import pytest
from mpmath import mp
from scipy.special import expit, log_ndtr

from custfocus.errors import OptionError
from custfocus.intervals.binomial_tails import log_density, log_tail, rough_log_odds
from custfocus.intervals.hypergeometric import _log_probability
from custfocus.intervals.proportion import _METHODS, proportion_interval, wilson
from custfocus.intervals.roots import increasing_roots, largest_accepted

every_method = pytest.mark.parametrize("method", _METHODS)
ALL_BUT_WALD = [name for name in _METHODS if name != "wald"]
FINITE = [name for name in _METHODS if name not in ("jeffreys", "blaker")]


def test_a_census_without_successes_among_samples_is_certain():
    low, high = proportion_interval([0, 5], [10, 10], method="wilson", population=[10, 100])
    assert (low[0], high[0]) == (0, 0)
    assert low[1] < 0.5 < high[1]


class TestOptions:
    @pytest.mark.parametrize("method", ["jeffreys", "blaker"])
    def test_a_method_without_a_finite_population_names_those_that_have_one(self, method):
        expected = (
            f"method '{method}' has no version for a finite population; leave population out or "
            "choose from: wilson, wilson-cc, clopper-pearson, mid-p, agresti-coull, logit, wald"
        )
        with pytest.raises(OptionError, match="^" + re.escape(expected) + "$"):
            proportion_interval(1, 3, method=method, population=10)

    @every_method
    @pytest.mark.parametrize("level", [1e-9, 0.05, 1 - 2.0**-53])
    def test_any_level_gives_limits_on_the_scale(self, method, level):
        low, high = proportion_interval([0, 1, 7, 9], 9, method=method, confidence_level=level)
        assert ((low >= 0) & (low <= high) & (high <= 1)).all()


class TestEnds:
    @pytest.mark.parametrize("method", ALL_BUT_WALD)
    @pytest.mark.parametrize("n", [1, 20, 10**6, 10**12])
    def test_no_successes_have_the_lower_limit_0_and_nothing_else_the_upper_limit_1(
        self, method, n
    ):
        low, high = proportion_interval([0, n], n, method=method)
        assert low[0] == 0
        assert high[1] == 1
        assert high[0] > 0
        assert low[1] < 1

    def test_wald_has_no_width_at_the_ends(self):
        np.testing.assert_array_equal(proportion_interval([0, 9], 9, method="wald"), [[0, 1]] * 2)

    @pytest.mark.parametrize("method", ["wald", "agresti-coull"])
    def test_limits_that_would_leave_the_scale_are_put_on_its_ends(self, method):
        low, high = proportion_interval([1, 28], 29, method=method)
        assert low[0] == 0
        assert high[1] == 1

    @pytest.mark.parametrize("level", [0.5, 0.95, 1 - 1e-12])
    @pytest.mark.parametrize("n", [1, 7, 10**6])
    @pytest.mark.parametrize(("method", "sides"), [("clopper-pearson", 2), ("mid-p", 1)])
    def test_the_exact_limit_for_no_successes_has_a_closed_form(self, method, sides, n, level):
        _, high = proportion_interval(0, n, method=method, confidence_level=level)
        assert high == pytest.approx(-np.expm1(np.log((1 - level) / sides) / n), rel=1e-11)

    @pytest.mark.parametrize("population", [None, 9, 30, 10**6])
    def test_logit_takes_clopper_pearsons_limits_where_it_is_not_defined(self, population):
        logit, exact = (
            proportion_interval([0, 4, 9], 9, method=method, population=population)
            for method in ("logit", "clopper-pearson")
        )
        for limit, expected in zip(logit, exact, strict=True):
            assert (limit == expected).tolist() == [True, population == 9, True]


class TestContinuityCorrection:
    def test_it_is_half_an_answer_also_where_exactly_half_are_successes(self):
        # There R's prop.test takes the smaller of 1/2 and |k - n / 2|, which is 0.
        low, high = proportion_interval(5, 10, method="wilson-cc")
        z2 = np.array(1.959963984540054**2)
        shifted = wilson(np.array([4.5, 5.5]), np.array([10.0, 10]), z2)
        assert (low, high) == pytest.approx((shifted.low[0], shifted.high[1]), rel=1e-15)

    def test_it_is_newcombes_formula(self):
        k, n, z = 81, 263, 1.959963984540054  # Newcombe (1998), method 4
        p, q = k / n, 1 - k / n
        roots = [z * np.sqrt(z**2 - 2 * side - 1 / n + 4 * p * (n * q + side)) for side in (1, -1)]
        low = (2 * n * p + z**2 - 1 - roots[0]) / (2 * (n + z**2))
        high = (2 * n * p + z**2 + 1 + roots[1]) / (2 * (n + z**2))
        ours = proportion_interval(k, n, method="wilson-cc")
        np.testing.assert_allclose(ours, (low, high), rtol=1e-13)


class TestFinitePopulation:
    def test_half_of_the_population_asked_halves_the_variance(self):
        # N = 2 n - 1 makes the factor (N - n) / (N - 1) exactly one half.
        low, high = proportion_interval(81, 263, method="wald", population=525)
        half = 1.959963984540054 * np.sqrt(81 * 182 / 263**3 / 2)
        np.testing.assert_allclose((low, high), (81 / 263 - half, 81 / 263 + half), rtol=1e-14)

    def test_a_tie_of_a_test_with_half_of_alpha_rejects(self):
        # One of 40 was asked and is no success: with 39 successes that has probability 1/40.
        _, high = proportion_interval(0, 1, method="clopper-pearson", population=40)
        assert high == 38 / 40
        # .05 to the last digit in (1 - 0.9) / 2, 1/20 in the test
        _, high = proportion_interval(
            0, 1, method="clopper-pearson", population=20, confidence_level=0.9
        )
        assert high == 18 / 20

    @pytest.mark.parametrize("method", FINITE)
    def test_a_census_is_the_proportion_to_the_last_bit(self, method):
        every = [(k, n) for n in range(1, 60) for k in range(n + 1)]
        k, n = np.array([*every, (274, 376)]).T
        np.testing.assert_array_equal(
            proportion_interval(k, n, method=method, population=n), [k / n] * 2
        )

    @pytest.mark.parametrize("method", ["clopper-pearson", "mid-p"])
    def test_close_to_a_census_the_counts_next_to_the_proportion_are_left(self, method):
        # The tests alone would leave 0, 1, 999 and 1000.
        low, high = proportion_interval([0, 1, 998, 999], 999, method=method, population=1000)
        np.testing.assert_array_equal(low, [0, 0.001, 0.998, 0.999])
        np.testing.assert_array_equal(high, [0.001, 0.002, 0.999, 1])
        # Of two of four there is one: 2 are next to no other number, 1 and 3 are beside them.
        low, high = proportion_interval(1, 2, method=method, population=4, confidence_level=0.1)
        assert (low, high) == (0.25, 0.75)

    @pytest.mark.parametrize("method", ["clopper-pearson", "mid-p"])
    def test_a_population_too_large_to_count_is_infinite(self, method):
        infinite = proportion_interval(3, 10, method=method)
        batch = proportion_interval([3, 3], 10, method=method, population=[2.0**54, 20])
        assert (batch.low[0], batch.high[0]) == infinite
        assert batch.low[1] > infinite.low

    def test_a_tail_that_overflows_is_certain(self):
        # M far below its likely values: P(X = k) is next to nothing, and k or fewer is certain
        k, n, m, people = (np.array([float(x)]) for x in (9000, 10**4, 9000, 10**6))
        log_p, fall = _log_probability(k, n, m, people, 0)
        assert log_p == 0
        assert fall == 0 or np.isnan(fall)


class TestTails:
    def test_no_counts_on_a_side_make_a_tail_certain_or_impossible(self):
        a, b = np.array([0.0, 3, 0]), np.array([3.0, 0, 0])
        assert log_tail(a, b, np.zeros(3)).tolist() == [0, -np.inf, 0]

    def test_a_tail_is_the_same_from_either_side_of_the_middle(self):
        for log_odds in (-1e-9, 0.0, 1e-9):
            both = log_tail(np.full(2, 7.0), np.full(2, 5.0), np.array([log_odds, -log_odds]))
            mirrored = log_tail(np.full(2, 5.0), np.full(2, 7.0), np.array([-log_odds, log_odds]))
            np.testing.assert_allclose(np.exp(both) + np.exp(mirrored), 1, rtol=1e-14)

    def test_a_tail_too_small_for_a_number_is_impossible(self):
        assert log_tail(np.array([500.0]), np.array([9.0]), np.array([-9.0])) == -np.inf

    @pytest.mark.parametrize("z", [-3.3, -2, -0.7])
    @pytest.mark.parametrize(("a", "b"), [(9, 9), (500, 40), (9, 10**9), (10**9, 9)])
    def test_a_rough_quantile_is_right_to_a_fourteenth_of_a_deviation(self, a, b, z):
        a, b = np.array([float(a)]), np.array([float(b)])
        rough, granted = rough_log_odds(a, b, z), np.sqrt(1 / a + 1 / b)
        assert log_tail(a, b, rough - granted) < log_ndtr(z) < log_tail(a, b, rough + granted)

    @pytest.mark.parametrize("z", [-8, -7, -2])
    @pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (1, 30), (30, 1), (1, 10**12), (10**12, 1)])
    def test_a_rough_quantile_of_one_sided_counts_is_still_in_the_tail(self, a, b, z):
        rough = rough_log_odds(np.array([float(a)]), np.array([float(b)]), z)
        assert -60 < log_tail(np.array([float(a)]), np.array([float(b)]), rough) < -0.5


class TestRoots:
    def test_each_group_gets_its_own_root(self):
        targets = np.array([1.0, 8, 27])
        roots = increasing_roots(
            lambda x, where: (x**3 - targets[where], (targets[where] - x**3) / (3 * x**2)),
            np.full(3, 5.0),
            close=np.full(3, 1e-8),
        )
        np.testing.assert_allclose(roots, [1, 2, 3], rtol=1e-15)

    @pytest.mark.parametrize("bad_step", [100.0, -100.0, np.nan, np.inf])
    def test_a_step_that_leads_astray_halves_the_stretch(self, bad_step):
        roots = increasing_roots(
            lambda x, _: (x - 0.3, np.full_like(x, bad_step)),
            np.array([0.9]),
            close=np.array([1e-12]),
            left=0.0,
            right=1.0,
        )
        assert roots == pytest.approx(0.3, abs=1e-11)

    def test_steps_that_lead_to_and_fro_are_not_followed_for_long(self):
        tried = []

        def to_and_fro(x, _):
            tried.append(x[0])
            return x - 0.3, np.where(x < 0.3, 0.8, -0.8)

        roots = increasing_roots(
            to_and_fro, np.array([0.1]), close=np.array([1e-6]), left=0.0, right=1.0
        )
        assert roots == pytest.approx(0.3, abs=1e-6)
        assert len(tried) < 25  # halves of a millionth of the stretch take 20

    def test_a_group_that_starts_on_its_root_stays(self):
        roots = increasing_roots(
            lambda x, _: (x - 2, 2 - x), np.array([2.0]), close=np.array([0.0]), left=2.0
        )
        assert roots == 2

    @pytest.mark.parametrize("start", [-40.0, 12.0, 13.0, 90.0])
    def test_the_largest_number_accepted_is_found_from_either_side(self, start):
        limits = np.array([12.5, 40.0])
        found = largest_accepted(
            np.array([start, start]), np.ones(2), lambda x, where: x <= limits[where]
        )
        assert found.tolist() == [12, 40]

    def test_the_largest_number_accepted_is_found_in_larger_steps(self):
        found = largest_accepted(
            np.array([0.0]), np.array([8.0]), lambda x, _: np.asarray(expit(x - 50) < 0.5)
        )
        assert found == 48


@pytest.mark.parametrize("log_odds", [-36.0, -45.0, -599.0, -2000.0])
@pytest.mark.parametrize(("a", "b"), [(0.002, 5.0), (0.3, 0.4), (1.7, 400.0)])
def test_log_tails_keep_their_digits_where_the_proportion_itself_is_0(a, b, log_odds):
    tail = log_tail(np.array([a]), np.array([b]), np.array([log_odds]))
    p = mp.exp(log_odds) / (1 + mp.exp(log_odds))
    right = float(mp.log(mp.betainc(a, b, 0, p, regularized=True)))
    assert float(tail[0]) == pytest.approx(right, rel=1e-13)


@pytest.mark.parametrize("z", [-2, 0, 8])
@pytest.mark.parametrize(("a", "b"), [(2e7, 3e7), (100, 1e9), (1e12, 3e12), (3e15, 7e15)])
def test_log_densities_of_many_answers_keep_their_digits(a, b, z):
    odds = math.log(a / b) + z * math.sqrt(1 / a + 1 / b)
    with mp.workdps(40):
        p = 1 / (1 + mp.exp(-mp.mpf(odds)))
        right = float(a * mp.log(p) + b * mp.log(1 - p) - mp.log(mp.beta(a, b)))
    assert float(log_density(*map(np.array, (a, b, odds)))) == pytest.approx(right, rel=1e-8)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.9])
@pytest.mark.parametrize("method", ["clopper-pearson", "mid-p", "jeffreys", "blaker"])
def test_limits_of_as_many_answers_as_can_be_counted_are_those_of_score(share, method):
    n = 9e15
    with np.errstate(all="raise"):
        low, high = proportion_interval(round(share * n), n, method=method)
    right = proportion_interval(round(share * n), n, method="wilson")
    assert low == pytest.approx(right.low, abs=1e-12)
    assert high == pytest.approx(right.high, abs=1e-12)
