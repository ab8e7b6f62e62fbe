"""
What all functions from counts to limits keep, method by method: shapes, groups, levels, errors.

Each gets a table with a row for each group: how many gave each of some kinds of answers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.difference import (
    _CORRECTED,
    _DIFFERENCES,
    DifferenceMethod,
    RatioMethod,
    difference_interval,
    ratio_interval,
)
from custfocus.intervals.dirichlet_limits import ExactMethod
from custfocus.intervals.exact_interval import _OF_SHARES, exact_interval
from custfocus.intervals.multinomial import _METHODS as MULTINOMIAL
from custfocus.intervals.multinomial import MultinomialMethod, multinomial_intervals
from custfocus.intervals.net import _METHODS as NET
from custfocus.intervals.net import NetMethod, net_interval
from custfocus.intervals.proportion import _METHODS as PROPORTION
from custfocus.intervals.proportion import ProportionMethod, proportion_interval
from custfocus.intervals.replicates import METHODS, BootstrapMethod
from custfocus.intervals.resampling import bootstrap_interval
from custfocus.intervals.score import mean_score, score_interval
from patterns import begins, whole

law = settings(derandomize=True, deadline=None, max_examples=20, database=None)
BLOCK = 8192  # groups that the library computes at a time
LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1 - 1e-9, 1 - 1e-12]
SHAPES = [(), (3,), (2, 3), (1,), (0,), (2, 0)]


@dataclass(frozen=True)
class Kernel:
    """A function, one of its methods, and how it takes a table of counts."""

    function: Callable[..., ConfidenceInterval]
    points: int  # kinds of answers
    names: tuple[str, ...]  # of the counts that it takes
    taken: Callable[[np.ndarray], tuple[np.ndarray, ...]]
    index: Callable[..., Any]  # of the counts taken: what the limits are for
    bounds: tuple[float, float]
    methods: Any = ()
    literal: Any = None
    method: str | None = None
    scores: tuple[Any, ...] = ()  # given after the counts
    options: dict[str, Any] = field(default_factory=dict)
    samples: int = 1  # that the kinds of answers are of
    finite: tuple[str | None, ...] = ()  # methods for a finite population
    flat: tuple[str, ...] = ()  # methods without width where each sample is of one kind
    around: Callable[[str | None, float], bool] = lambda _method, _level: True
    most: int = 10**9
    lowest: float = 0  # level
    highest: float = 1

    def __call__(self, table: Any, **options: Any) -> ConfidenceInterval:
        return self.of(*self.taken(np.asarray(table)), **options)

    def of(self, *counts: Any, **options: Any) -> ConfidenceInterval:
        named = {} if self.method is None else {"method": self.method}
        return self.function(*counts, *self.scores, **self.options, **named | options)

    def among_twice_as_many(self, table: np.ndarray) -> ConfidenceInterval:
        """In a finite population where the method has one."""
        finite = self.method in self.finite
        return self(table, **{"population": 2 * table.sum(axis=-1)} if finite else {})

    def estimate(self, table: Any) -> Any:
        return self.index(*self.taken(np.asarray(table)), *self.scores)

    def sizes(self, table: Any) -> np.ndarray:
        table = np.asarray(table)
        return table.reshape(*table.shape[:-1], self.samples, -1).sum(axis=-1)

    def example(self) -> np.ndarray:
        return np.array([3, 1, 4, 2, 5][: self.points])

    def tables(self, least: int = 1, most: int = 8) -> st.SearchStrategy[np.ndarray]:
        count = st.one_of(
            st.sampled_from([0, self.most]), st.integers(0, 9), st.integers(0, 400),
            st.integers(0, self.most),
        )  # fmt: skip
        row = st.lists(count, min_size=self.points, max_size=self.points)
        return st.lists(row, min_size=least, max_size=most).map(np.array)

    def samples_of(self) -> st.SearchStrategy[np.ndarray]:
        """One group, none of its samples empty."""
        return self.tables(1, 1).map(lambda table: table[0]).filter(lambda t: self.sizes(t).all())

    def levels(self) -> st.SearchStrategy[float]:
        return st.sampled_from(self.usual_levels())

    def usual_levels(self) -> list[float]:
        return [level for level in LEVELS if self.lowest <= level <= self.highest]


def quotient(x, n):
    return x / n


def of_scores(*scores: float, **more: Any) -> Kernel:
    return Kernel(
        score_interval, len(scores), ("counts",), lambda t: (t,), mean_score,
        (min(scores), max(scores)), scores=(scores,), finite=(None,), **more,
    )  # fmt: skip


def exactly(*scores: float, **more: Any) -> Kernel:
    return Kernel(
        exact_interval, len(scores), ("counts",), lambda t: (t,), mean_score,
        (min(scores), max(scores)), _OF_SHARES, ExactMethod, scores=(scores,), **more,
    )  # fmt: skip


def of_pairs(function, literal, methods, index, bounds, **more: Any) -> Kernel:
    return Kernel(
        function, 4, ("successes_a", "n_a", "successes_b", "n_b"),
        lambda t: (t[..., 0], t[..., :2].sum(-1), t[..., 2], t[..., 2:].sum(-1)),
        index, bounds, methods, literal, samples=2, **more,
    )  # fmt: skip


def ratio_of_ends(counts):
    """An index of counts that is no mean: the top point's answers to those of the lowest."""
    return (counts[:, -1] + 1) / (counts[:, 0] + 1)


def resampled(scores, bounds) -> Kernel:
    return Kernel(
        bootstrap_interval, 4, ("counts",), lambda t: (t,), mean_score, bounds, METHODS,
        BootstrapMethod, scores=(scores,), options={"rng": 1, "resamples": 199},
        around=lambda _method, _level: False, highest=0.99,
    )  # fmt: skip


FUNCTIONS = {
    "score": of_scores(1, 2, 3, 4, 5),
    "score, uneven": of_scores(-1.3, 0.1, -2.4, 0.1),
    "score, two points": of_scores(0, 1),
    "score, two others": of_scores(-4, 4),
    "exact": exactly(1, 2, 3, 4, 5, lowest=0.8, highest=0.999),
    "exact, uneven": exactly(-1.3, 0.1, -2.4, 0.1, lowest=0.8, highest=0.999),
    "exact, two points": exactly(-4, 4, finite=("exact", "mid-p")),
    "proportion": Kernel(
        proportion_interval, 2, ("successes", "n"), lambda t: (t[..., 0], t.sum(-1)),
        quotient, (0, 1), PROPORTION, ProportionMethod, flat=("wald",),
        most=10**12,
        finite=tuple(one for one in PROPORTION if one not in ("blaker", "jeffreys")),
    ),
    "net": Kernel(
        net_interval, 3, ("positive", "negative", "n"),
        lambda t: (t[..., 0], t[..., 1], t.sum(-1)), lambda up, down, n: (up - down) / n, (-1, 1),
        NET, NetMethod, finite=tuple(NET), flat=("wald", "goodman"),
        around=lambda method, _level: method in ("score", "goodman", "wald"),
    ),
    "multinomial": Kernel(
        multinomial_intervals, 5, ("counts",), lambda t: (t,),
        lambda counts: counts / counts.sum(), (0, 1), MULTINOMIAL,
        MultinomialMethod, flat=("sison-glaz",), most=500,
        highest=0.999,
    ),
    "difference": of_pairs(
        difference_interval, DifferenceMethod, _DIFFERENCES,
        lambda x_a, n_a, x_b, n_b: x_a / n_a - x_b / n_b, (-1, 1), flat=("wald",),
        around=lambda method, level: method != "agresti-caffo" or level >= 0.917,
    ),
    "ratio": of_pairs(
        ratio_interval, RatioMethod, _CORRECTED,
        lambda x_a, n_a, x_b, n_b: (x_a / n_a) / (x_b / n_b) if x_b else np.inf, (0, np.inf),
    ),
    "bootstrap": resampled((1, 2, 4, 9), (1, 9)),
    "bootstrap of an index": resampled(ratio_of_ends, (0, np.inf)),
}  # fmt: skip
KERNELS = {
    f"{name}, {method}": replace(kernel, method=method)
    for name, kernel in FUNCTIONS.items()
    for method in kernel.methods or [None]
}


def every(choose: Callable[[Kernel], bool] = lambda _: True, **kernels: Kernel):
    chosen = {name: one for name, one in (kernels or KERNELS).items() if choose(one)}
    return pytest.mark.parametrize("kernel", chosen.values(), ids=chosen)


every_method = every()
every_finite_method = every(lambda kernel: kernel.method in kernel.finite)
every_function = every(**FUNCTIONS)
every_choice = every(lambda kernel: bool(kernel.methods), **FUNCTIONS)


def within_reach_of(kernel: Kernel, table: np.ndarray, population: int) -> list[float]:
    """The least and the most that the mean of a population can be of which a sample was seen."""
    n = int(table.sum())
    seen = Fraction(float(kernel.estimate(table))).limit_denominator(10**18) * n
    return [float((seen + (population - n) * Fraction(end)) / population) for end in kernel.bounds]


def width(interval: ConfidenceInterval) -> np.ndarray:
    return interval.high - interval.low


class TestShapes:
    @every_method
    @pytest.mark.parametrize("shape", SHAPES)
    def test_limits_are_arrays_of_the_groups_shape(self, kernel, shape):
        interval = kernel(np.broadcast_to(kernel.example(), (*shape, kernel.points)))
        assert type(interval) is ConfidenceInterval
        for limit, alone in zip(interval, kernel(kernel.example()), strict=True):
            assert type(limit) is np.ndarray
            assert limit.dtype == np.float64
            assert limit.shape == shape + alone.shape
            assert (limit == alone).all()

    @every_method
    def test_groups_in_two_axes_and_any_memory_order_keep_their_places(self, kernel):
        table = np.asfortranarray(1 + np.arange(6 * kernel.points).reshape(2, 3, -1))
        together = kernel(table)
        for place in np.ndindex(2, 3):
            alone = kernel(table[place])
            np.testing.assert_array_equal([limit[place] for limit in together], alone)

    @every_method
    def test_the_arguments_are_left_as_they_were(self, kernel):
        table = np.array([kernel.example(), kernel.example()[::-1], 0 * kernel.example()], float)
        counts = [part.copy() for part in kernel.taken(table)]
        options = {}
        if kernel.method in kernel.finite:
            options["population"] = np.full(3, 999.0)
        kernel.of(*counts, **options)
        for part, original in zip(counts, kernel.taken(table), strict=True):
            np.testing.assert_array_equal(part, original)
        assert all((sizes == 999).all() for sizes in options.values())

    @every(lambda kernel: len(kernel.names) > 1)
    def test_counts_broadcast(self, kernel):
        first, *others = kernel.taken(kernel.example())
        limits = kernel.of(np.array([[first], [0]]), *(np.full((1, 3), one) for one in others))
        assert [limit.shape for limit in limits] == [(2, 3)] * 2
        alone = kernel.of(first, *others)
        assert (limits.low[0, 2], limits.high[0, 2]) == alone


class TestGroups:
    @every_method
    @law
    @given(data=st.data())
    def test_a_group_gets_the_bits_that_it_gets_alone_and_nan_where_a_sample_is_empty(
        self, kernel, data
    ):
        table = data.draw(kernel.tables())
        where = data.draw(st.integers(0, len(table)))
        table = np.insert(table, where, 0, axis=0)
        options = {"confidence_level": data.draw(kernel.levels())}
        alone = [options] * len(table)
        if kernel.method in kernel.finite and data.draw(st.booleans()):
            more = st.lists(st.integers(0, 500), min_size=len(table), max_size=len(table))
            sizes = table.sum(axis=-1) + np.array(data.draw(more))
            alone = [options | {"population": size} for size in sizes]
            options = options | {"population": sizes}
        together = kernel(table, **options)
        for group, row in enumerate(table):
            ours = [limit[group] for limit in together]
            if kernel.sizes(row).all():
                np.testing.assert_array_equal(ours, kernel(row, **alone[group]))
            else:
                assert np.isnan(ours).all()

    @every(lambda kernel: kernel.function is not bootstrap_interval)
    def test_many_groups_get_the_bits_of_smaller_batches(self, kernel):
        generator = np.random.default_rng(BLOCK)
        points = kernel.points // kernel.samples
        n = np.round(10 ** generator.uniform(0, 2.5, (kernel.samples, 2 * BLOCK + 3))).astype(int)
        shares = generator.dirichlet(np.full(points, 0.5), size=n.shape)
        table = np.concatenate(generator.multinomial(n, shares), axis=1)
        table[BLOCK] = 0
        whole = kernel.among_twice_as_many(table)
        ends = [0, BLOCK - 1, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 2]
        for part in (*np.array_split(np.arange(len(table)), 7), *ends):
            ours = [limit[part] for limit in whole]
            np.testing.assert_array_equal(kernel.among_twice_as_many(table[part]), ours)


class TestLimits:
    @every_method
    @law
    @given(data=st.data())
    def test_they_contain_the_index_and_stay_on_the_scale(self, kernel, data):
        table, level = data.draw(kernel.samples_of()), data.draw(kernel.levels())
        low, high = kernel(table, confidence_level=level)
        assert (kernel.bounds[0] <= low).all()
        assert (low <= high).all()
        assert (high <= kernel.bounds[1]).all()
        if kernel.around(kernel.method, level):
            index = kernel.estimate(table)
            assert (low <= index).all()
            assert (index <= high).all()

    @every(lambda kernel: kernel.function is not bootstrap_interval)
    @law
    @given(data=st.data())
    def test_only_some_methods_have_no_width_and_only_where_all_answers_are_alike(
        self, kernel, data
    ):
        table, level = data.draw(kernel.samples_of()), data.draw(kernel.levels())
        kinds = np.count_nonzero(table.reshape(kernel.samples, -1), axis=-1)
        flat = kernel.method in kernel.flat and (kinds == 1).all()
        assert (width(kernel(table, confidence_level=level)) > 0).all() == (not flat)

    @every(lambda kernel: kernel.method != "sison-glaz")  # whose upper limits can fall
    @law
    @given(data=st.data())
    def test_they_widen_with_the_confidence_level(self, kernel, data):
        table = data.draw(kernel.samples_of())
        intervals = [kernel(table, confidence_level=level) for level in kernel.usual_levels()]
        lowest, highest = kernel.bounds
        for narrow, wide in pairwise(intervals):
            assert (wide.low <= narrow.low).all()
            assert (narrow.high <= wide.high).all()
            if kernel.function is not bootstrap_interval:
                stay = (width(narrow) == 0) | ((narrow.low == lowest) & (narrow.high == highest))
                assert (stay | (wide.low < narrow.low) | (narrow.high < wide.high)).all()


class TestFinitePopulation:
    @every_finite_method
    @law
    @given(data=st.data())
    def test_a_census_is_the_index_itself(self, kernel, data):
        table = data.draw(kernel.samples_of()) % 1000
        assume(table.any())
        low, high = kernel(table, population=table.sum())
        assert low == high == kernel.estimate(table)

    @every_finite_method
    @law
    @given(data=st.data())
    def test_they_contain_the_index_next_to_a_census(self, kernel, data):
        table = data.draw(kernel.samples_of())
        low, high = kernel(table, population=table.sum() + data.draw(st.sampled_from([1, 2, 1000])))
        index = kernel.estimate(table)
        assert low <= index <= high or not kernel.around(kernel.method, 0.95)

    @every_finite_method
    @law
    @given(data=st.data())
    def test_an_infinite_population_is_no_population(self, kernel, data):
        table, level = data.draw(kernel.samples_of()), data.draw(kernel.levels())
        infinite = kernel(table, confidence_level=level, population=1e30)
        assert infinite == kernel(table, confidence_level=level)

    @every(lambda kernel: kernel.function in (score_interval, net_interval))
    @law
    @given(data=st.data())
    def test_asking_just_over_half_of_it_is_worth_as_much_as_twice_the_answers(self, kernel, data):
        table, level = data.draw(kernel.samples_of()) % 401, data.draw(kernel.levels())
        n = table.sum()
        assume(n > 1)
        # N = 2 n - 1 makes the factor (N - n) / (N - 1) exactly one half.
        finite = kernel(table, confidence_level=level, population=2 * n - 1)
        twice = kernel(2 * table, confidence_level=level)
        for ours, free in zip(finite, twice, strict=True):
            held = np.clip(free, *within_reach_of(kernel, table, 2 * n - 1))
            assert ours == free or ours == pytest.approx(held, rel=1e-14, abs=1e-14)
            assert (ours == free) or held != free

    @every_finite_method
    @law
    @given(data=st.data())
    def test_limits_are_within_reach_of_those_who_were_not_asked(self, kernel, data):
        table, level = data.draw(kernel.samples_of()), data.draw(kernel.levels())
        population = table.sum() + data.draw(st.integers(1, 2 * int(table.sum())))
        low, high = kernel(table, confidence_level=level, population=population)
        least, most = within_reach_of(kernel, table, population)
        rounding = 1e-14 * max(map(abs, kernel.bounds))
        assert least - rounding <= low <= high <= most + rounding

    @every_finite_method
    @law
    @given(data=st.data())
    def test_only_a_census_leaves_no_width(self, kernel, data):
        table, level = data.draw(kernel.samples_of()) % 1000, data.draw(kernel.levels())
        assume(table.any())
        n = table.sum()
        limits = kernel(table, confidence_level=level, population=n + data.draw(st.integers(1, 9)))
        flat = kernel.method in kernel.flat and np.count_nonzero(table) == 1
        assert (width(limits) > 0) == (not flat)

    @every_finite_method
    @pytest.mark.parametrize("size", [0, 1, 7])
    def test_an_empty_group_is_nan(self, kernel, size):
        one = np.eye(kernel.points)[0]
        limits = kernel([0 * one, one], population=[size, 1])
        np.testing.assert_array_equal(limits, [[np.nan, kernel.estimate(one)]] * 2)

    @every_finite_method
    def test_one_smaller_than_the_sample_is_an_error(self, kernel):
        n = kernel.example().sum()
        expected = f"population must be at least as large as the sample, got 2 with n = {n}"
        with pytest.raises(TallyError, match=whole(expected)):
            kernel(kernel.example(), population=2)


class TestErrors:
    @every_method
    def test_a_single_group_with_an_empty_sample_is_an_error(self, kernel):
        table = kernel.example().reshape(kernel.samples, -1)
        for empty in (*range(kernel.samples), slice(None)):
            part = table.copy()
            part[empty] = 0
            with pytest.raises(TallyError, match=r"^no answers: an index needs at least one; che"):
                kernel(part.ravel())
            assert np.isnan(kernel(part.reshape(1, -1))).all()

    @every_method
    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan"), "0.95", None])
    def test_a_confidence_level_outside_0_and_1_is_an_error(self, kernel, level):
        expected = begins(f"confidence_level must lie between 0 and 1, got {level!r} (95 % is wr")
        for table in (kernel.example(), [kernel.example(), 0 * kernel.example()]):
            with pytest.raises(OptionError, match=expected):
                kernel(table, confidence_level=level)

    @every_function
    @pytest.mark.parametrize(
        ("bad", "rule"),
        [(-1, ", 0 or more, got -1; pass how many"), (0.5, ", 0 or more, got 0.5; pass how many"),
         (np.nan, ", 0 or more, got nan; pass how many"), ("many", ", got ")],
    )  # fmt: skip
    def test_what_is_no_count_is_named_and_shown(self, kernel, bad, rule):
        for place, name in enumerate(kernel.names):
            counts: list[Any] = [part.tolist() for part in kernel.taken(kernel.example())]
            if isinstance(counts[place], list):
                counts[place][1] = bad
            else:
                counts[place] = bad
            with pytest.raises(TallyError, match=begins(f"{name} must be whole numbers{rule}")):
                kernel.of(*counts)

    @every(lambda kernel: len(kernel.names) > 1, **FUNCTIONS)
    def test_shapes_that_do_not_fit_are_an_error_that_shows_all(self, kernel):
        first, *others, last = kernel.taken(kernel.example())
        with pytest.raises(
            TallyError, match=r"must have shapes that broadcast, got \(2,\)(,| and) "
        ) as raised:
            kernel.of([first] * 2, *others, [last] * 3)
        assert str(raised.value).startswith(tuple(kernel.names))
        assert raised.value.__suppress_context__

    @every_choice
    def test_a_method_nearly_right_is_an_error_that_says_what_was_meant(self, kernel):
        for method in kernel.methods:
            expected = f"unknown method {method[:-1]!r}; did you mean '"
            with pytest.raises(OptionError, match=begins(expected)):
                kernel(kernel.example(), method=method[:-1])

    @every_choice
    def test_the_methods_that_types_allow_are_those_that_exist_the_first_by_default(self, kernel):
        assert get_args(kernel.literal) == tuple(kernel.methods)
        first = kernel(kernel.example(), method=next(iter(kernel.methods)))
        np.testing.assert_array_equal(kernel(kernel.example()), first)

    @every_choice
    def test_no_two_methods_are_the_same(self, kernel):
        limits = [kernel(7 * kernel.example(), method=one) for one in kernel.methods]
        for side in zip(*limits, strict=True):
            assert len({one.tobytes() for one in side}) == len(kernel.methods)

    @every_function
    def test_options_are_given_by_name(self, kernel):
        with pytest.raises(TypeError, match="positional"):
            kernel.function(*kernel.taken(kernel.example()), *kernel.scores, "wilson")
