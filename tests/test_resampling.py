"""The bootstrap at its door: shapes, seeds, progress, and what impossible input gets."""

import re
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import OptionError, ScaleError, TallyError
from custfocus.intervals import bootstrap_draws
from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.replicates import METHODS, BootstrapMethod
from custfocus.intervals.resampling import bootstrap_interval, bootstrap_respondents

SCORES = (1, 2, 3)
FEW = {"rng": 1, "resamples": 199}
ANSWERS = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])


def message(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def mean(values, weights):
    return weights @ values / weights.sum(axis=1)


def ratio_of_ends(counts):
    """An index of counts that is no mean: the top point's answers to those of the lowest."""
    return (counts[:, -1] + 1) / (counts[:, 0] + 1)


def same(first, second) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


class TestShapes:
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    @pytest.mark.parametrize("scores", [SCORES, ratio_of_ends])
    @pytest.mark.parametrize("method", METHODS)
    def test_limits_are_arrays_of_the_groups_shape(self, shape, scores, method):
        counts = np.broadcast_to([1, 2, 4], (*shape, 3))
        interval = bootstrap_interval(counts, scores, method=method, **FEW)
        alone = bootstrap_interval([1, 2, 4], scores, method=method, **FEW)
        assert type(interval) is ConfidenceInterval
        for limit, expected in zip(interval, alone, strict=True):
            assert type(limit) is np.ndarray
            assert limit.dtype == np.float64
            assert limit.shape == shape
            assert (limit == expected).all()

    def test_groups_in_two_axes_keep_their_places(self):
        counts = np.arange(18).reshape(2, 3, 3)
        low, high = bootstrap_interval(counts, SCORES, **FEW)
        for place in np.ndindex(2, 3):
            assert (low[place], high[place]) == bootstrap_interval(counts[place], SCORES, **FEW)

    @pytest.mark.parametrize("shape", [(), (1,), (2,), (2, 3), (0,)])
    @pytest.mark.parametrize("method", METHODS)
    def test_a_statistic_of_any_shape_has_limits_of_that_shape(self, shape, method):
        values = np.random.default_rng(7).normal(size=(20, *shape))

        def means(values, weights):
            return np.tensordot(weights, values, axes=1) / 20

        interval = bootstrap_respondents(values, means, method=method, **FEW)
        assert type(interval) is ConfidenceInterval
        assert [type(limit) for limit in interval] == [np.ndarray] * 2
        assert [limit.shape for limit in interval] == [shape] * 2
        for place in np.ndindex(*shape):
            column = values[(slice(None), *place)]
            alone = bootstrap_respondents(column, means, method=method, **FEW)
            found = [limit[place] for limit in interval]
            np.testing.assert_allclose(found, alone, rtol=1e-12, atol=0)  # sums in another order

    def test_the_arguments_are_left_as_they_were(self):
        counts, scores = np.array([[3.0, 0, 1], [0, 0, 2]]), np.array([3.0, 1, 2])
        bootstrap_interval(counts, scores, **FEW)
        np.testing.assert_array_equal(counts, [[3, 0, 1], [0, 0, 2]])
        np.testing.assert_array_equal(scores, [3, 1, 2])


class TestEmptyGroups:
    @pytest.mark.parametrize("scores", [SCORES, ratio_of_ends])
    def test_an_empty_group_in_a_batch_is_nan_and_no_other(self, scores):
        limits = bootstrap_interval([[0, 0, 0], [1, 2, 3]], scores, **FEW)
        np.testing.assert_array_equal(np.isnan(limits), [[True, False]] * 2)

    @pytest.mark.parametrize("scores", [SCORES, ratio_of_ends])
    def test_a_single_empty_sample_is_an_error(self, scores):
        with pytest.raises(TallyError, match=message("no answers: an index needs at least one")):
            bootstrap_interval([0, 0, 0], scores, **FEW)


class TestAnswersAllTheSame:
    @pytest.mark.parametrize("n", [1, 2, 8, 10**6])
    @pytest.mark.parametrize("method", METHODS)
    def test_the_limits_meet_in_the_index_whatever_the_method(self, n, method):
        low, high = bootstrap_interval([0, 0, n], (0.1, 0.2, 0.7), method=method, **FEW)
        assert low == high == 0.7

    @pytest.mark.parametrize("method", METHODS)
    def test_also_for_an_index_that_is_no_mean(self, method):
        low, high = bootstrap_interval([0, 0, 4], ratio_of_ends, method=method, **FEW)
        assert low == high == 5

    @pytest.mark.parametrize("method", METHODS)
    def test_also_for_respondents(self, method):
        low, high = bootstrap_respondents([5, 5, 5], mean, method=method, **FEW)
        assert low == high == 5

    def test_a_statistic_that_never_changes_has_limits_that_meet(self):
        def always(values, weights):  # noqa: ARG001
            return np.full(len(weights), 3.5)

        low, high = bootstrap_respondents(ANSWERS, always, **FEW)
        assert low == high == 3.5


class TestRandomNumbers:
    def test_the_same_seed_gives_the_same_limits(self):
        for seed in (1, 0, 2**70, np.random.SeedSequence(5)):
            first = bootstrap_interval([3, 9, 14], SCORES, rng=seed, resamples=199)
            assert same(first, bootstrap_interval([3, 9, 14], SCORES, rng=seed, resamples=199))
            first = bootstrap_respondents(ANSWERS, mean, rng=seed, resamples=199)
            assert same(first, bootstrap_respondents(ANSWERS, mean, rng=seed, resamples=199))

    def test_a_seed_is_as_good_as_its_generator(self):
        generator = np.random.default_rng(42)
        seeded = bootstrap_interval([3, 9, 14], SCORES, rng=42, resamples=199)
        assert same(seeded, bootstrap_interval([3, 9, 14], SCORES, rng=generator, resamples=199))
        generator = np.random.default_rng(42)
        seeded = bootstrap_respondents(ANSWERS, mean, rng=42, resamples=199)
        assert same(seeded, bootstrap_respondents(ANSWERS, mean, rng=generator, resamples=199))

    def test_another_seed_gives_other_limits(self):
        counts, scores = [1, 0, 4, 30, 40, 31, 80], (0, 0.3, 1, 2.1, 3.7, 5.5, 6)
        limits = [
            bootstrap_interval(counts, scores, rng=seed, resamples=199).low for seed in range(5)
        ]
        assert len({float(limit) for limit in limits}) > 1

    def test_a_generator_moves_on_so_that_a_second_call_gives_other_limits(self):
        generator = np.random.default_rng(1)
        counts, scores = [1, 0, 4, 30, 40, 31, 80], (0, 0.3, 1, 2.1, 3.7, 5.5, 6)
        limits = [
            bootstrap_interval(counts, scores, rng=generator, resamples=199).low for _ in range(5)
        ]
        assert len({float(limit) for limit in limits}) > 1

    @pytest.mark.parametrize("rng", [None, "one", 1.5, -1, [0.5], object()])
    def test_what_is_no_seed_is_an_error_that_shows_it(self, rng):
        expected = message(f"rng must be a seed or a NumPy generator, got {rng!r}; a seed, such")
        with pytest.raises(OptionError, match=expected):
            bootstrap_interval([1, 2, 3], SCORES, rng=rng)
        with pytest.raises(OptionError, match=expected):
            bootstrap_respondents(ANSWERS, mean, rng=rng)

    def test_a_seed_must_be_given(self):
        with pytest.raises(TypeError, match="rng"):
            bootstrap_interval([1, 2, 3], SCORES)
        with pytest.raises(TypeError, match="rng"):
            bootstrap_respondents(ANSWERS, mean)

    @pytest.mark.parametrize("name", ["_BLOCK", "_CACHED"])
    @pytest.mark.parametrize("block", [1, 7, 64, 10**6])
    def test_how_many_are_drawn_at_a_time_does_not_matter(self, monkeypatch, name, block):
        strata = np.arange(8) % 2
        counted = bootstrap_interval([3, 9, 14], SCORES, **FEW)
        asked = bootstrap_respondents(ANSWERS, mean, strata=strata, **FEW)
        monkeypatch.setattr(bootstrap_draws, name, block)
        assert same(counted, bootstrap_interval([3, 9, 14], SCORES, **FEW))
        again = bootstrap_respondents(ANSWERS, mean, strata=strata, **FEW)
        np.testing.assert_allclose(again, asked, rtol=1e-12, atol=0)  # sums in another order


class TestProgress:
    def test_it_is_told_every_resample_once_in_blocks(self, monkeypatch):
        monkeypatch.setattr(bootstrap_draws, "_BLOCK", 100)
        done: list[int] = []
        bootstrap_respondents(ANSWERS, mean, progress=done.append, **FEW)
        assert done == [12] * 16 + [7]  # 100 // 8 rows of 8 respondents at a time
        done.clear()
        bootstrap_interval([3, 0, 14], SCORES, progress=done.append, **FEW)
        assert done == [33] * 6 + [1]
        assert {type(number) for number in done} == {int}

    def test_groups_tell_all_theirs_and_empty_ones_nothing(self):
        done: list[int] = []
        counts = [[1, 2, 3], [0, 0, 0], [4, 5, 6]]
        bootstrap_interval(counts, SCORES, progress=done.append, **FEW)
        assert sum(done) == 2 * 199

    def test_it_changes_nothing(self):
        quiet = bootstrap_interval([3, 9, 14], SCORES, **FEW)
        told = bootstrap_interval([3, 9, 14], SCORES, progress=lambda _: None, **FEW)
        assert same(quiet, told)


class TestStatisticOfRespondents:
    def test_it_gets_the_values_as_they_are_and_how_often_each_was_drawn(self):
        calls = []

        def watched(values, weights):
            calls.append((values, weights.copy()))
            return mean(values, weights)

        bootstrap_respondents(list(ANSWERS), watched, method="percentile", **FEW)
        for values, _ in calls:
            np.testing.assert_array_equal(values, ANSWERS)
        itself, *drawn = (weights for _, weights in calls)
        np.testing.assert_array_equal(itself, np.ones((1, 8)))
        weights = np.concatenate(drawn)
        assert weights.shape == (199, 8)
        assert weights.dtype == np.float64
        assert (weights == np.floor(weights)).all()
        assert (weights.sum(axis=1) == 8).all()

    def test_clusters_are_drawn_whole_and_strata_keep_their_numbers(self):
        clusters = np.array(["a", "b", "a", "c", "d", "e", "e", "b", "d"])
        strata = np.array([9, 9, 9, 5, 5, 9, 9, 9, 5])
        drawn = []

        def watched(values, weights):
            drawn.append(weights.copy())
            return mean(values, weights)

        bootstrap_respondents(
            np.arange(9), watched, clusters=clusters, strata=strata, method="percentile", **FEW
        )
        weights = np.concatenate(drawn[1:])
        firsts = {label: np.flatnonzero(clusters == label)[0] for label in "abcde"}
        for respondent, label in enumerate(clusters):
            np.testing.assert_array_equal(weights[:, respondent], weights[:, firsts[label]])
        times = {label: weights[:, first] for label, first in firsts.items()}
        assert (times["a"] + times["b"] + times["e"] == 3).all()
        assert (times["c"] + times["d"] == 2).all()
        assert {0, 1, 2, 3} == set(times["a"])
        assert {0, 1, 2} == set(times["c"])

    def test_the_jackknife_leaves_out_each_cluster_and_lets_its_stratum_stand_in(self):
        clusters, strata = [7, 7, 1, 2, 3, 4], list("uuuvvv")
        rows = []

        def watched(values, weights):
            rows.append(weights.copy())
            return mean(values, weights)

        bootstrap_respondents(np.arange(6), watched, clusters=clusters, strata=strata, **FEW)
        np.testing.assert_array_equal(
            np.concatenate(rows)[200:],
            [
                [2, 2, 0, 1, 1, 1],
                [0, 0, 2, 1, 1, 1],
                [1, 1, 1, 0, 1.5, 1.5],
                [1, 1, 1, 1.5, 0, 1.5],
                [1, 1, 1, 1.5, 1.5, 0],
            ],
        )

    def test_percentiles_need_no_jackknife(self):
        rows = []

        def watched(values, weights):
            rows.append(len(weights))
            return mean(values, weights)

        bootstrap_respondents(ANSWERS, watched, method="percentile", **FEW)
        assert sum(rows) == 200

    @pytest.mark.parametrize("labels", [[1, 2, 3, 4, 5, 6, 7, 8], list("hgfedcba")])
    def test_clusters_of_one_are_respondents(self, labels):
        plain = bootstrap_respondents(ANSWERS, mean, rng=3)
        one_each = bootstrap_respondents(ANSWERS, mean, clusters=labels, rng=3)
        spread = plain.high - plain.low
        np.testing.assert_allclose(one_each, plain, rtol=0, atol=0.1 * spread)  # Monte Carlo

    def test_acceleration_is_of_each_clusters_distance_from_its_own_stratums_mean(self):
        generator = np.random.default_rng(11)
        values, strata = generator.exponential(size=9) ** 2, np.array([0, 1, 1, 0, 1, 2, 2, 1, 1])

        def spread(weights):  # no mean: the strata's jackknife values have different means
            shares = weights / weights.sum(axis=1, keepdims=True)
            return shares @ values**2 - (shares @ values) ** 2

        deviations = []
        for h, n in enumerate((2, 5, 2)):
            inside = strata == h
            rows = np.where(inside, n / (n - 1), 1) * np.ones((9, 1))
            rows[np.arange(9), np.arange(9)] = 0
            left_out = spread(rows)[inside]
            deviations.extend((n - 1) / n * (left_out.mean() - left_out))
        known = np.sum(np.power(deviations, 3)) / 6 / np.sum(np.square(deviations)) ** 1.5
        sample = bootstrap_draws.clustered(9, None, strata, generator)
        assert sample.acceleration(spread) == pytest.approx(known, rel=1e-12)

    def test_one_stratum_is_none(self):
        plain = bootstrap_respondents(ANSWERS, mean, **FEW)
        stratum = bootstrap_respondents(ANSWERS, mean, strata=["all"] * 8, **FEW)
        assert same(plain, stratum)


class TestImpossibleCounts:
    @pytest.mark.parametrize("scores", [SCORES, ratio_of_ends])
    @pytest.mark.parametrize(("counts", "shown"), [([1, -2, 3], "-2"), ([1, 2.5, 3], "2.5")])
    def test_counts_that_are_no_counts_are_shown(self, scores, counts, shown):
        expected = f"counts must be whole numbers, 0 or more, got {shown}; pass how many"
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_interval(counts, scores, **FEW)

    def test_counts_that_do_not_match_the_scores_are_an_error(self):
        expected = "counts must have one column for each of the 3 scores, got shape (2,)"
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_interval([1, 2], SCORES, **FEW)

    def test_a_number_alone_has_no_points(self):
        expected = "counts must have one column for each point, got only 7"
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_interval(7, ratio_of_ends, **FEW)

    def test_scores_all_equal_are_an_error(self):
        with pytest.raises(ScaleError, match=message("scores must differ")):
            bootstrap_interval([1, 2, 3], (2, 2, 2), **FEW)

    def test_more_answers_than_a_float_counts_one_by_one_are_an_error(self):
        expected = "n must be less than 2**53 to be resampled, got 9.0072e+15"
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_interval([[2**53, 0, 0], [1, 2, 3]], SCORES, **FEW)
        low, high = bootstrap_interval([2**52, 2**51, 0], SCORES, **FEW)
        assert 1 < low < 4 / 3 < high < 2

    def test_a_point_that_nobody_chose_is_never_drawn_even_where_shares_do_not_quite_add_up(self):
        counts = np.array([1e14, 2e14, 7e14, 0])  # 1 - .1 - .2 is a little more than .7
        drawn = bootstrap_draws.Counts(counts, np.random.default_rng(1)).drawn(999)
        assert (drawn[:, 3] == 0).all()
        assert (drawn.sum(axis=1) == 1e15).all()


class TestImpossibleIndices:
    @pytest.mark.parametrize("result", [np.nan, np.inf, -np.inf])
    def test_an_index_that_is_not_finite_for_some_resample_is_an_error(self, result):
        def sometimes(counts):
            return np.where(counts[:, 0] > 1, result, 1)

        expected = f"the index must be finite for every resample, got {result}; leave out who"
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_interval([1, 2, 3], sometimes, **FEW)
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_respondents(ANSWERS, lambda _values, weights: sometimes(weights), **FEW)

    def test_an_answer_that_is_nan_is_an_error(self):
        with pytest.raises(TallyError, match=message("the index must be finite")):
            bootstrap_respondents([1.0, np.nan, 3], mean, **FEW)

    @pytest.mark.parametrize(("result", "shape"), [(1.0, "()"), ([1.0, 2.0], "(2,)")])
    def test_an_index_without_a_result_for_each_row_is_an_error(self, result, shape):
        expected = (
            "the index must give one result for each of the 1 rows it gets, got shape "
            f"{shape}; compute it along the last axis"
        )
        with pytest.raises(OptionError, match=message(expected)):
            bootstrap_interval([1, 2, 3], lambda _: result, **FEW)
        with pytest.raises(OptionError, match=message(expected)):
            bootstrap_respondents(ANSWERS, lambda _values, _weights: result, **FEW)

    def test_more_than_a_number_for_each_row_of_counts_is_an_error(self):
        expected = "the index must give one number for each of the 1 rows it gets, got shape (1, 3)"
        with pytest.raises(OptionError, match=message(expected)):
            bootstrap_interval([1, 2, 3], lambda counts: counts / 6, **FEW)

    def test_an_index_that_gives_texts_is_an_error(self):
        with pytest.raises(TallyError, match=message("results of the index must be numbers, got")):
            bootstrap_interval([1, 2, 3], lambda counts: ["many"] * len(counts), **FEW)

    @pytest.mark.parametrize("sign", [-1, 1])
    def test_bca_refuses_an_index_with_all_resamples_on_one_side_of_the_estimate(self, sign):
        def distance(counts):  # from the sample's own counts: 0 for it alone
            return sign * ((np.abs(counts - [50, 61, 72]).sum(axis=1) > 0) + counts[:, 0] / 1000)

        expected = "method 'bca' puts both limits beyond the 199 resamples: nearly all of them"
        with pytest.raises(OptionError, match=message(expected)):
            bootstrap_interval([50, 61, 72], distance, **FEW)
        low, high = bootstrap_interval([50, 61, 72], distance, method="percentile", **FEW)
        assert low < high


class TestImpossibleRespondents:
    @pytest.mark.parametrize("values", [[], np.empty((0, 3)), 5])
    def test_no_respondents_are_an_error(self, values):
        expected = "values must have a row for each respondent, at least two and none of them"
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_respondents(values, mean, **FEW)

    def test_masked_answers_are_an_error(self):
        values = np.ma.masked_array([1.0, 2, 3], mask=[False, True, False])
        with pytest.raises(TallyError, match=message("values must have a row")):
            bootstrap_respondents(values, mean, **FEW)

    @pytest.mark.parametrize(
        ("values", "clusters", "strata"),
        [
            ([5], None, None),
            ([1, 2, 3], ["x"] * 3, None),
            ([1, 2, 3], None, ["a", "a", "b"]),
            ([1, 2, 3, 4], [1, 1, 2, 3], ["a", "a", "b", "b"]),
        ],
    )
    def test_a_stratum_of_one_cluster_is_an_error_that_says_what_to_do(
        self, values, clusters, strata
    ):
        expected = (
            "every stratum must have two clusters or more to be resampled (respondents, where no "
            "clusters are given), got 1 with one; merge such a stratum with the most similar one"
        )
        with pytest.raises(TallyError, match=message(expected) + "$"):
            bootstrap_respondents(values, mean, clusters=clusters, strata=strata, **FEW)

    def test_a_cluster_in_two_strata_is_an_error(self):
        expected = "clusters must lie within one stratum each, and some lie in two; where their"
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_respondents(
                [1, 2, 3, 4], mean, clusters=[1, 2, 1, 2], strata=[1, 1, 2, 2], **FEW
            )

    @pytest.mark.parametrize("name", ["clusters", "strata"])
    @pytest.mark.parametrize(
        ("labels", "shape"), [([1, 2], "(2,)"), ("a", "()"), ([[1]] * 3, "(3, 1)")]
    )
    def test_labels_of_another_number_than_the_respondents_are_an_error(self, name, labels, shape):
        expected = f"{name} must have one label for each of the 3 respondents, got shape {shape}"
        with pytest.raises(TallyError, match=message(expected) + "$"):
            bootstrap_respondents([1, 2, 3], mean, **{name: labels}, **FEW)

    @pytest.mark.parametrize("name", ["clusters", "strata"])
    @pytest.mark.parametrize(
        "labels",
        [
            [1.0, np.nan, 1.0, 2.0],
            ["a", np.nan, "a", "b"],
            ["a", None, "a", "b"],
            np.array([1, np.nan, 1, 2], dtype=object),
            np.array(["2024-01-01", "NaT", "2024-01-01", "NaT"], dtype="datetime64[D]"),
            np.ma.masked_array([1, 1, 2, 2], mask=[True, False, False, False]),
            [1, "a", 1, "a"],
        ],
        ids=str,
    )
    def test_labels_that_are_missing_or_mixed_are_an_error(self, name, labels):
        expected = f"{name} must be labels of one kind, none missing, got "
        with pytest.raises(TallyError, match=message(expected)):
            bootstrap_respondents([1, 2, 3, 4], mean, **{name: labels}, **FEW)


class TestOptions:
    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan"), "0.95", None])
    def test_a_confidence_level_outside_0_and_1_is_an_error(self, level):
        expected = message(f"confidence_level must lie between 0 and 1, got {level!r}")
        with pytest.raises(OptionError, match=expected):
            bootstrap_interval([1, 2, 3], SCORES, confidence_level=level, **FEW)
        with pytest.raises(OptionError, match=expected):
            bootstrap_respondents(ANSWERS, mean, confidence_level=level, **FEW)

    @pytest.mark.parametrize(
        ("level", "least"), [(0.95, 39), (0.9, 19), (0.8, 9), (0.99, 199), (0.999, 1999), (0.1, 2)]
    )
    def test_too_few_resamples_for_the_level_are_an_error_that_says_how_many(self, level, least):
        expected = message(
            f"resamples must be a whole number, {least} or more for a confidence_level of "
            f"{level:g}, got {least - 1}; 9999 is usual"
        )
        with pytest.raises(OptionError, match=expected):
            bootstrap_interval(
                [1, 2, 3], SCORES, confidence_level=level, resamples=least - 1, rng=1
            )
        interval = bootstrap_interval(
            [10, 20, 30],
            SCORES,
            method="percentile",
            confidence_level=level,
            resamples=np.int64(least),
            rng=1,
        )
        assert np.isfinite(interval).all()

    @pytest.mark.parametrize("resamples", [0, -5, 9999.0, "9999", None, True])
    def test_resamples_that_are_no_number_of_them_are_an_error(self, resamples):
        with pytest.raises(OptionError, match=message("resamples must be a whole number, 39")):
            bootstrap_respondents(ANSWERS, mean, resamples=resamples, rng=1)

    def test_an_unknown_method_is_an_error_with_the_near_miss(self):
        expected = message(
            "unknown method 'bcA'; did you mean 'bca', which differs by case? (also: percentile)"
        )
        with pytest.raises(OptionError, match=expected):
            bootstrap_interval([1, 2, 3], SCORES, method="bcA", **FEW)
        with pytest.raises(OptionError, match=expected):
            bootstrap_respondents(ANSWERS, mean, method="bcA", **FEW)

    def test_the_methods_that_types_allow_are_those_that_exist(self):
        assert get_args(BootstrapMethod) == tuple(METHODS)

    def test_options_are_given_by_name(self):
        with pytest.raises(TypeError, match="positional"):
            bootstrap_interval([1, 2, 3], SCORES, "bca", rng=1)
        with pytest.raises(TypeError, match="positional"):
            bootstrap_respondents(ANSWERS, mean, [1] * 8, rng=1)
