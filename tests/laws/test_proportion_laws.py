"""The laws of intervals for one proportion, method by method: the same examples at each run."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from custfocus.intervals.proportion import _METHODS, proportion_interval

law = settings(derandomize=True, deadline=None, max_examples=15, database=None)
EPSILON = float(np.finfo(np.float64).eps)

ALL = sorted(_METHODS)
FINITE = [name for name in ALL if name not in ("blaker", "jeffreys")]
OF_VARIANCE = ["agresti-coull", "logit", "wald", "wilson", "wilson-cc"]
OF_WHOLE_COUNTS = ["clopper-pearson", "mid-p"]
LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1 - 1e-9, 1 - 1e-12]

a_count = st.one_of(
    st.just(0),
    st.integers(0, 9),
    st.integers(0, 400),
    st.integers(0, 10**5),
    st.sampled_from([999, 1000, 10**6, 10**7, 2 * 10**7]),
)
a_small_count = st.integers(0, 60)
a_level = st.sampled_from(LEVELS)
every_method = pytest.mark.parametrize("method", ALL)
every_finite_method = pytest.mark.parametrize("method", FINITE)


@st.composite
def samples(draw, counts=a_count) -> tuple[int, int]:
    """Successes and n, not empty."""
    successes, failures = draw(counts), draw(counts)
    assume(successes + failures > 0)
    return successes, successes + failures


class TestLimits:
    @every_method
    @law
    @given(sample=samples(), level=a_level)
    def test_counting_the_others_mirrors_the_limits(self, method, sample, level):
        successes, n = sample
        low, high = proportion_interval(successes, n, method=method, confidence_level=level)
        others = proportion_interval(n - successes, n, method=method, confidence_level=level)
        # To 1e-9 of the distance to the nearer end, or as near as a float64 comes to 1.
        for limit, mirrored in ((low, others.high), (high, others.low)):
            granted = 1e-9 * min(limit, 1 - limit) + 4 * EPSILON
            assert limit == pytest.approx(1 - mirrored, rel=0, abs=granted)

    # Those of Wald and logit do not: their intervals get narrow, or wide, towards the ends.
    @pytest.mark.parametrize("method", [name for name in ALL if name not in ("logit", "wald")])
    @pytest.mark.parametrize("n", [1, 2, 7, 40, 333])
    @pytest.mark.parametrize("level", [0.5, 0.95, 1 - 1e-9])
    def test_limits_rise_with_the_successes(self, method, n, level):
        low, high = proportion_interval(np.arange(n + 1), n, method=method, confidence_level=level)
        assert (np.diff(low) >= 0).all()
        assert (np.diff(high) >= 0).all()

    @every_method
    def test_the_width_falls_to_zero_as_n_grows(self, method):
        n = 10.0 ** np.arange(2, 13)
        low, high = proportion_interval(n / 4, n, method=method)
        np.testing.assert_allclose((high - low)[2:], (3.92 * 0.433 / np.sqrt(n))[2:], rtol=0.02)

    @law
    @given(sample=samples(), level=a_level)
    def test_clopper_pearsons_contains_mid_p_and_blakers(self, sample, level):
        inner = {
            method: proportion_interval(*sample, method=method, confidence_level=level)
            for method in ("mid-p", "blaker")
        }
        low, high = proportion_interval(*sample, method="clopper-pearson", confidence_level=level)
        for interval in inner.values():  # to 1e-9 of the distance to the nearer end
            assert low <= interval.low + 1e-9 * min(low, 1 - low) + EPSILON
            assert high >= interval.high - 1e-9 * min(high, 1 - high) - EPSILON
        assert inner["mid-p"].high - inner["mid-p"].low < high - low

    @law
    @given(sample=samples(), level=a_level)
    def test_the_continuity_correction_widens(self, sample, level):
        successes, n = sample
        plain = proportion_interval(successes, n, confidence_level=level)
        wide = proportion_interval(successes, n, method="wilson-cc", confidence_level=level)
        assert (wide.low < plain.low) == (successes > 0)
        assert (wide.high > plain.high) == (successes < n)


class TestGuarantee:
    @pytest.mark.parametrize("method", ["clopper-pearson", "blaker"])
    @pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
    @pytest.mark.parametrize("n", [1, 2, 3, 8, 25, 60])
    def test_exact_methods_cover_no_proportion_less_than_the_level(self, method, level, n):
        k = np.arange(n + 1)
        low, high = proportion_interval(k, n, method=method, confidence_level=level)
        p = np.linspace(0, 1, 2001)[1:-1]
        # Coverage falls just beside a limit: there too.
        sides = [limit * (1 + side) for limit in (low, high) for side in (-1e-9, 1e-9)]
        p = np.concatenate([p, *sides])
        p = p[(p > 0) & (p < 1)][:, None]
        pmf = np.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * np.log(p)) * (
            1 - p
        ) ** (n - k)
        slack = 1e-12  # a proportion at a limit is held, whatever the last digit
        covered = np.where((low <= p + slack) & (p <= high + slack), pmf, 0).sum(axis=1)
        assert covered.min() >= level - 1e-12

    @pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
    @pytest.mark.parametrize(("n", "population"), [(1, 9), (5, 6), (5, 40), (12, 30), (29, 30)])
    def test_clopper_pearsons_covers_every_finite_population(self, level, n, population):
        k = np.arange(n + 1)
        low, high = proportion_interval(
            k, n, method="clopper-pearson", confidence_level=level, population=population
        )
        total = np.arange(population + 1)[:, None]
        ways = _choose(total, k) * _choose(population - total, n - k)
        share = total / population
        covered = np.where((low <= share) & (share <= high), ways, 0).sum(axis=1)
        assert (covered / _choose(population, n) >= level - 1e-12).all()


class TestFinitePopulation:
    @every_finite_method
    @law
    @given(sample=samples(st.integers(0, 400)), level=st.sampled_from(LEVELS[:6]))
    def test_a_very_large_population_is_nearly_no_population(self, method, sample, level):
        plain = proportion_interval(*sample, method=method, confidence_level=level)
        large = proportion_interval(
            *sample, method=method, confidence_level=level, population=10**12
        )
        # It takes up to n / N = 8e-10 off the squared width, and moves a limit to a whole M.
        np.testing.assert_allclose(large, plain, rtol=0, atol=1e-9)

    @pytest.mark.parametrize("method", OF_VARIANCE)
    @law
    @given(
        sample=samples(st.integers(0, 400)),
        unasked=st.integers(0, 1000),
        more=st.integers(1, 10**6),
    )
    def test_limits_of_a_variance_widen_with_the_population(self, method, sample, unasked, more):
        successes, n = sample
        assume(method != "logit" or 0 < successes < n)  # there it has whole counts
        small, large = (
            proportion_interval(successes, n, method=method, population=size)
            for size in (n + unasked, n + unasked + more)
        )
        granted = 2 * EPSILON
        assert large.low <= small.low + granted
        assert small.high <= large.high + granted

    @pytest.mark.parametrize("method", OF_WHOLE_COUNTS)
    @law
    @given(
        sample=samples(a_small_count),
        unasked=st.one_of(st.integers(0, 9), st.integers(0, 10**6)),
        level=a_level,
    )
    def test_limits_of_whole_counts_are_ones_that_the_population_could_have(
        self, method, sample, unasked, level
    ):
        successes, n = sample
        limits = proportion_interval(
            successes, n, method=method, confidence_level=level, population=n + unasked
        )
        low, high = (round(float(limit) * (n + unasked)) for limit in limits)
        assert limits == (low / (n + unasked), high / (n + unasked))
        assert successes <= low <= high <= successes + unasked
        assert low / (n + unasked) <= successes / n <= high / (n + unasked)

    @pytest.mark.parametrize("method", OF_WHOLE_COUNTS)
    @law
    @given(sample=samples(a_small_count), unasked=st.integers(0, 3000), level=a_level)
    def test_limits_of_whole_counts_are_mirrored_by_counting_the_others(
        self, method, sample, unasked, level
    ):
        successes, n = sample
        options = {"method": method, "confidence_level": level, "population": n + unasked}
        low, high = proportion_interval(successes, n, **options)
        others = proportion_interval(n - successes, n, **options)
        np.testing.assert_allclose(others, (1 - high, 1 - low), rtol=0, atol=EPSILON)

    @law
    @given(sample=samples(a_small_count), unasked=st.integers(0, 3000), level=a_level)
    def test_clopper_pearsons_contains_mid_p(self, sample, unasked, level):
        options = {"confidence_level": level, "population": sample[1] + unasked}
        outer = proportion_interval(*sample, method="clopper-pearson", **options)
        inner = proportion_interval(*sample, method="mid-p", **options)
        assert outer.low <= inner.low <= inner.high <= outer.high


def _choose(n, k):
    """Binomial coefficients, 0 where k is off the range."""
    possible = (k >= 0) & (k <= n)
    logs = gammaln(np.where(possible, n, 0) + 1.0)
    logs = logs - gammaln(np.where(possible, k, 0) + 1.0)
    return np.where(possible, np.exp(logs - gammaln(np.where(possible, n - k, 0) + 1.0)), 0)
