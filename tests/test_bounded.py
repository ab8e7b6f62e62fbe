"""The mean of single bounded values: known limits, laws, and what impossible input gets."""

import re
from itertools import pairwise
from typing import NamedTuple, get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import ConfidenceInterval, score_interval
from custfocus.intervals.bounded import _METHODS, MeanMethod, mean_interval

FEW = [1, 2, 2, 4, 5]
CUSTOMER_SAT = [99, 115, 111, 127, 328, 174, 222, 327, 118, 190]  # bayesm, q1, answers 1 to 10
METHODS = ["score", "t"]
every_method = pytest.mark.parametrize("method", METHODS)

law = settings(derandomize=True, deadline=None, max_examples=80, database=None)
EPSILON = float(np.finfo(np.float64).eps)
LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]

hundredths = st.integers(-400, 400).map(lambda i: i / 100)
quarters = st.integers(-40, 40).map(lambda i: i / 4)  # so that sums and products are exact
a_level = st.sampled_from(LEVELS)
a_method = st.sampled_from(METHODS)


class Sample(NamedTuple):
    """Values of one sample within their bounds."""

    values: np.ndarray
    bounds: tuple[float, float]


@st.composite
def samples(draw, number=hundredths, least=1) -> Sample:
    """Samples of 1 to 12 values, bounds and few distinct ones among them."""
    bounds = draw(st.lists(number, min_size=2, max_size=2, unique=True).map(sorted))
    within = st.one_of(st.sampled_from(bounds), number.map(lambda x: np.clip(x, *bounds)))
    few = draw(st.lists(within, min_size=1, max_size=4))
    value = st.one_of(st.sampled_from(few), within)
    return Sample(np.array(draw(st.lists(value, min_size=least, max_size=12))), tuple(bounds))


def scale_of(*numbers):
    return max(float(np.abs(number).max()) for number in numbers)


def limits_of(sample, **options):
    """The limits as numbers, or as arrays where there are groups."""
    low, high = mean_interval(sample.values, bounds=sample.bounds, **options)
    return (low[()], high[()])


def bits(interval):
    """The limits as plain numbers."""
    return [limit.tolist() for limit in interval]


class TestKnownLimits:
    @pytest.mark.parametrize(
        ("values", "options", "known", "granted"),
        [
            # eight respondents who all give the best rating; answers of docs/score-interval.md
            ([5] * 8, {"bounds": (1, 5)}, (3.70236974, 5), 5e-9),
            (np.repeat([1, 2, 3, 4, 5], [1, 0, 2, 4, 8]), {"bounds": (1, 5)},
             (3.388653355, 4.596085715), 5e-10),
            # Newcombe (1998a), table I: Wilson's limits
            (np.repeat([0, 1], [182, 81]), {"bounds": (0, 1)}, (0.2553, 0.3662), 5e-5),
            # R's t.test
            ((np.repeat(np.arange(1, 11), CUSTOMER_SAT) - 1) / 9 * 100,
             {"bounds": (0, 100), "method": "t"}, (54.985745, 57.597849), 5e-7),
        ],
    )  # fmt: skip
    def test_limits_are_the_known_ones(self, values, options, known, granted):
        assert mean_interval(values, **options) == pytest.approx(known, abs=granted)

    @pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
    def test_students_limits_of_two_values_follow_from_the_cauchy_distribution(self, level):
        arm = np.tan(np.pi * level / 2) / 2  # one degree of freedom; standard error 1/2
        limits = mean_interval([49, 50], bounds=(-1000, 1000), method="t", confidence_level=level)
        assert limits == pytest.approx((49.5 - arm, 49.5 + arm), rel=1e-11)

    def test_a_million_values_get_the_limits_of_their_counts(self):
        generator = np.random.default_rng(1927)
        values = generator.integers(0, 11, 10**6)
        limits = mean_interval(values, bounds=(0, 10))
        # A sum of 10^6 terms one after the other is off by some 10^6 / 2 roundings at worst
        expected = bits(score_interval(np.bincount(values, minlength=11), range(11)))
        assert limits == pytest.approx(expected, rel=1e-10)

    def test_a_million_different_values_lie_close_around_their_mean(self):
        values = np.random.default_rng(1998).beta(5, 1, 10**6)
        low, high = mean_interval(values, bounds=(0, 1))
        arm = 1.959964 * values.std() / 1000
        assert (low, high) == pytest.approx((values.mean() - arm, values.mean() + arm), abs=1e-5)


class TestStudent:
    @pytest.mark.parametrize("value", [0, 3, 7, 10])
    def test_a_single_value_says_nothing(self, value):
        assert mean_interval([value], bounds=(0, 10), method="t") == (0, 10)

    def test_equal_values_get_no_width(self):
        assert mean_interval([3, 3, 3, 3], bounds=(-1, 7), method="t") == (3, 3)

    def test_limits_beyond_the_bounds_are_held_to_them(self):
        arm = 4.302652729749462 / 3
        low, high = mean_interval([10, 10, 9], bounds=(0, 10), method="t")
        assert (low, high) == (pytest.approx(29 / 3 - arm, rel=1e-12), 10)
        low, high = mean_interval([0, 0, 1], bounds=(0, 10), method="t")
        assert (low, high) == (0, pytest.approx(1 / 3 + arm, rel=1e-12))


class TestArguments:
    @every_method
    def test_one_sample_gives_limits_without_axes(self, method):
        interval = mean_interval(FEW, bounds=(1, 5), method=method)
        assert type(interval) is ConfidenceInterval
        assert [(type(limit), limit.shape) for limit in interval] == [(np.ndarray, ())] * 2

    @every_method
    def test_they_are_left_as_they_were(self, method):
        values, groups = np.array([1.0, 5, 2]), np.array([1, 0, 1])
        mean_interval(values, bounds=(1, 5), groups=groups, method=method)
        assert values.tolist() == [1, 5, 2]
        assert groups.tolist() == [1, 0, 1]

    def test_the_default_is_the_score_interval_at_95_percent(self):
        spelled = mean_interval(FEW, bounds=(1, 5), method="score", confidence_level=0.95)
        assert mean_interval(FEW, bounds=(1, 5)) == spelled
        assert get_args(MeanMethod) == tuple(_METHODS) == tuple(METHODS)

    @pytest.mark.parametrize("bounds", [[0, 5], np.array([0, 5]), np.array([0.0, 5.0]), (0, 5.0)])
    def test_bounds_may_be_any_pair_of_numbers(self, bounds):
        assert mean_interval(FEW, bounds=bounds) == mean_interval(FEW, bounds=(0, 5))


class TestEnds:
    @pytest.mark.parametrize("bounds", [(0.1, 0.7), (-13.61, 19.66), (-14.59, -5.45), (0, 1e-300)])
    @every_method
    def test_a_limit_at_a_bound_is_the_bound_to_the_bit(self, bounds, method):
        lowest, highest = bounds
        assert mean_interval([highest] * 3, bounds=bounds, method=method).high == highest
        assert mean_interval([lowest] * 3, bounds=bounds, method=method).low == lowest

    @pytest.mark.parametrize(
        ("value", "level"), [(0.9, 1.4284410689418457e-08), (0.87, 1.0295031343735223e-08)]
    )
    def test_at_a_level_of_next_to_nought_the_mean_is_still_inside(self, value, level):
        low, high = mean_interval([value, value], bounds=(0, 1), confidence_level=level)
        assert low <= value <= high

    @pytest.mark.parametrize("tiny", [1e-17, 1e-100, 1e-160, 1e-300, 5e-324])
    def test_a_value_next_to_a_bound_counts_as_one_on_it(self, tiny):
        near = mean_interval([tiny, 0.5, 1], bounds=(0, 1))
        assert near == pytest.approx(bits(mean_interval([0, 0.5, 1], bounds=(0, 1))), rel=1e-14)


class TestCounts:
    @law
    @given(samples(), a_level)
    @example(Sample(np.array([1e-17, 0.5, 1]), (0, 1)), 0.95)
    @example(Sample(np.array([0.3] * 7), (0.1, 0.7)), 0.95)
    def test_values_get_the_limits_of_their_counts(self, sample, level):
        scores, where = np.unique([*sample.bounds, *sample.values], return_inverse=True)
        counts = np.bincount(where[2:], minlength=len(scores))
        ours = limits_of(sample, confidence_level=level)
        # The two sum in another order and scale back in another way: some roundings apart
        assert ours == pytest.approx(
            [limit[()] for limit in score_interval(counts, scores, confidence_level=level)],
            abs=32 * EPSILON * scale_of(sample.bounds),
        )


class TestGroups:
    @law
    @given(samples(), st.data(), a_level, a_method)
    def test_a_group_gets_the_bits_that_it_gets_alone(self, sample, data, level, method):
        size = len(sample.values)
        groups = np.array(data.draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)))
        options = {"confidence_level": level, "method": method}
        low, high = limits_of(sample, groups=groups, **options)
        assert low.shape == high.shape == (groups.max() + 1,)
        for g in range(len(low)):
            if (groups == g).any():
                alone = limits_of(sample._replace(values=sample.values[groups == g]), **options)
                assert (low[g], high[g]) == alone
            else:
                assert np.isnan([low[g], high[g]]).all()

    @pytest.mark.parametrize("method", ["score", "t"])
    def test_groups_get_the_same_bits_whichever_others_there_are_and_in_any_order(self, method):
        generator = np.random.default_rng(8192)
        values, groups = generator.beta(2, 0.5, 20_000), generator.integers(0, 400, 20_000)
        low, high = mean_interval(values, bounds=(0, 1), groups=groups, method=method)
        order = np.argsort(groups, kind="stable")
        backwards = mean_interval(
            values[order], bounds=(0, 1), groups=399 - groups[order], method=method
        )
        np.testing.assert_array_equal(backwards, [low[::-1], high[::-1]])
        some = groups % 7 == 3
        fewer = mean_interval(values[some], bounds=(0, 1), groups=groups[some], method=method)
        np.testing.assert_array_equal(fewer.low[3::7], low[3::7])
        np.testing.assert_array_equal(fewer.high[3::7], high[3::7])


class TestScale:
    @law
    @given(samples(quarters), st.sampled_from([0.25, 0.5, 2, 8, 100]), quarters, a_method)
    def test_the_limits_follow_a_change_of_unit(self, sample, factor, shift, method):
        low, high = limits_of(sample, method=method)
        changed = Sample(
            factor * sample.values + shift, tuple(factor * np.array(sample.bounds) + shift)
        )
        assert limits_of(changed, method=method) == pytest.approx(
            (factor * low + shift, factor * high + shift),
            abs=8 * EPSILON * scale_of(factor * np.array(sample.bounds), changed.bounds),
        )

    @law
    @given(samples(quarters), a_method, a_level)
    def test_mirrored_values_get_mirrored_limits(self, sample, method, level):
        low, high = limits_of(sample, method=method, confidence_level=level)
        mirrored = Sample(-sample.values, tuple(-np.array(sample.bounds)[::-1]))
        assert limits_of(mirrored, method=method, confidence_level=level) == pytest.approx(
            (-high, -low), abs=32 * EPSILON * scale_of(sample.bounds)
        )

    @law
    @given(samples(), st.data(), a_method)
    def test_the_order_of_the_respondents_does_not_matter(self, sample, data, method):
        shuffled = np.array(data.draw(st.permutations(sample.values.tolist())))
        assert limits_of(sample._replace(values=shuffled), method=method) == pytest.approx(
            limits_of(sample, method=method), abs=32 * EPSILON * scale_of(sample.bounds)
        )


class TestLimits:
    @law
    @given(samples(), a_method, a_level)
    def test_they_lie_within_the_bounds_around_the_mean(self, sample, method, level):
        low, high = limits_of(sample, method=method, confidence_level=level)
        rounding = 8 * EPSILON * scale_of(sample.bounds)
        assert sample.bounds[0] <= low <= sample.values.mean() + rounding
        assert sample.values.mean() - rounding <= high <= sample.bounds[1]
        assert low <= high

    @law
    @given(samples(), a_level)
    def test_the_score_interval_always_has_a_width(self, sample, level):
        low, high = limits_of(sample, confidence_level=level)
        # Of equal values, the narrowest: z² / (n + z²) of the scale's length
        least = 0.4 / (12 + 0.4) * (sample.bounds[1] - sample.bounds[0])
        assert high - low > least

    @law
    @given(samples(), a_method)
    def test_they_widen_with_the_level(self, sample, method):
        steps = pairwise([limits_of(sample, method=method, confidence_level=one) for one in LEVELS])
        for (low, high), (lower, higher) in steps:
            assert lower <= low
            assert high <= higher
            if method == "score":
                assert (lower, higher) != (low, high)


BOUNDS = "bounds must be the smallest and the largest value there can be, got "
WITHIN = "values must lie within the bounds 1 to 5, got {}; leave out what is missing"
WHOLE = "groups must be whole numbers, 0 or more, got {}; number the groups from"
EACH = "groups must be one for each of the 3 values, got shape {}$"
SINGLE = "values must be one for each respondent, got shape {}$"
NO_LEVEL = "confidence_level must lie between 0 and 1"


@pytest.mark.parametrize(
    ("values", "options", "kind", "expected"),
    [
        *[
            (FEW, {"bounds": bounds}, OptionError, f"{BOUNDS}{bounds!r}$") for bounds in [
                (5, 1), (1, 1), (1, float("nan")), (float("-inf"), 1), (0, float("inf")), (1,),
                (1, 2, 3), 5, None, "15", ("1", 5), (1, "5"), (False, True), (1 + 0j, 5),
                (-1e308, 1e308), (np.float64(-1e308), np.float64(1e308)),
            ]
        ],
        *[
            (values, {}, TallyError, f"{WITHIN.format(shown)}$") for values, shown in [
                ([1, 6, 2], "[6.0]"), ([0, 3, 5.5], "[0.0, 5.5]"), ([1, float("nan")], "[nan]"),
                ([1, None], "[nan]"), ([1, float("inf")], "[inf]"),
                (list(range(6, 60)), "[6.0, 7.0, 8.0, 9.0, 10.0, 11.0, ...]"),
            ]
        ],
        *[(values, {}, TallyError, "values must be numbers, got ")
          for values in (["1", "2"], [1, "2"], "12", [1j])],
        (3, {}, TallyError, SINGLE.format("()")),
        ([[1, 2], [3, 4]], {}, TallyError, SINGLE.format("(2, 2)")),
        ([], {}, TallyError, "no answers: an index needs at least one"),
        ([], {"groups": []}, TallyError, "no answers: an index needs at least one"),
        *[([1, 2, 3], {"groups": [0, 1, bad]}, TallyError, WHOLE.format(bad))
          for bad in (-1, 0.5, float("nan"))],
        *[([1, 2, 3], {"groups": groups}, TallyError, EACH.format(np.shape(groups)))
          for groups in ([0, 1], 0, [[0]])],
        (FEW, {"method": "scor"}, OptionError, "unknown method 'scor'; did you mean 'score'"),
        *[(FEW, {"method": method, "confidence_level": level}, OptionError, NO_LEVEL)
          for method in METHODS for level in (0, 1, 95, float("nan"))],
    ],
)  # fmt: skip
def test_impossible_input_is_an_error_that_shows_it(values, options, kind, expected):
    pattern = "^" + re.escape(expected.removesuffix("$")) + "$" * expected.endswith("$")
    with pytest.raises(kind, match=pattern):
        mean_interval(values, **{"bounds": (1, 5)} | options)
