"""The bootstrap: seeds, progress, what is drawn, and what impossible input gets."""

import numpy as np
import pytest

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import bootstrap_draws
from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.replicates import METHODS
from custfocus.intervals.resampling import bootstrap_interval, bootstrap_respondents
from patterns import begins

SCORES = (1, 2, 3)
FEW = {"rng": 1, "resamples": 199}
ANSWERS = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])


def mean(values, weights):
    return weights @ values / weights.sum(axis=1)


def ratio_of_ends(counts):
    """An index of counts that is no mean: the top point's answers to those of the lowest."""
    return (counts[:, -1] + 1) / (counts[:, 0] + 1)


def same(first, second) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


def counted(counts=(3, 9, 14), scores=SCORES, **options):
    return bootstrap_interval(counts, scores, **FEW | options)


def asked(values=ANSWERS, statistic=mean, **options):
    return bootstrap_respondents(values, statistic, **FEW | options)


def weights_drawn(values, **options) -> list[np.ndarray]:
    """What a statistic of respondents gets, call by call: the sample itself is the first."""
    calls = []

    def watched(values, weights):
        np.testing.assert_array_equal(values, given)
        calls.append(weights.copy())
        return mean(values, weights)

    given = np.array(values)
    asked(values, watched, **options)
    return calls


class TestSamples:
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

    def test_the_scores_are_left_as_they_were(self):
        scores = np.array([3.0, 1, 2])
        counted([[3.0, 0, 1], [0, 0, 2]], scores)
        np.testing.assert_array_equal(scores, [3, 1, 2])

    @pytest.mark.parametrize("method", METHODS)
    def test_where_all_answers_are_the_same_the_limits_meet_in_the_index(self, method):
        for n in (1, 2, 8, 10**6):
            assert counted([0, 0, n], (0.1, 0.2, 0.7), method=method) == (0.7, 0.7)
        assert counted([0, 0, 4], ratio_of_ends, method=method) == (5, 5)
        assert asked([5, 5, 5], method=method) == (5, 5)
        assert asked(statistic=lambda _, weights: np.full(len(weights), 3.5)) == (3.5, 3.5)


class TestRandomNumbers:
    UNEVEN = ([1, 0, 4, 30, 40, 31, 80], (0, 0.3, 1, 2.1, 3.7, 5.5, 6))

    @pytest.mark.parametrize("interval", [counted, asked])
    def test_the_same_seed_gives_the_same_limits_and_so_does_its_generator(self, interval):
        for seed in (1, 0, 2**70, np.random.SeedSequence(5)):
            first = interval(rng=seed)
            assert same(first, interval(rng=seed))
        assert same(interval(rng=42), interval(rng=np.random.default_rng(42)))

    @pytest.mark.parametrize("seeds", [range(5), [np.random.default_rng(1)] * 5])
    def test_another_seed_or_a_generator_that_has_moved_on_gives_other_limits(self, seeds):
        assert len({float(counted(*self.UNEVEN, rng=seed).low) for seed in seeds}) > 1

    @pytest.mark.parametrize("rng", [None, "one", 1.5, -1, [0.5], object()])
    def test_what_is_no_seed_is_an_error_that_shows_it(self, rng):
        expected = begins(f"rng must be a seed or a NumPy generator, got {rng!r}; a seed, such")
        for interval in (counted, asked):
            with pytest.raises(OptionError, match=expected):
                interval(rng=rng)

    def test_a_seed_must_be_given(self):
        for function, of in ((bootstrap_interval, SCORES), (bootstrap_respondents, mean)):
            with pytest.raises(TypeError, match="rng"):
                function([1, 2, 3], of)

    @pytest.mark.parametrize("name", ["_BLOCK", "_CACHED"])
    @pytest.mark.parametrize("block", [1, 7, 64, 10**6])
    def test_how_many_are_drawn_at_a_time_does_not_matter(self, monkeypatch, name, block):
        strata = np.arange(8) % 2
        from_counts, from_answers = counted(), asked(strata=strata)
        monkeypatch.setattr(bootstrap_draws, name, block)
        assert same(from_counts, counted())
        # sums in another order
        np.testing.assert_allclose(asked(strata=strata), from_answers, rtol=1e-12, atol=0)


class TestProgress:
    def test_it_is_given_every_resample_once_in_blocks(self, monkeypatch):
        monkeypatch.setattr(bootstrap_draws, "_BLOCK", 100)
        done: list[int] = []
        asked(progress=done.append)
        assert done == [12] * 16 + [7]  # 100 // 8 rows of 8 respondents at a time
        done.clear()
        counted([3, 0, 14], progress=done.append)
        assert done == [33] * 6 + [1]
        assert {type(number) for number in done} == {int}

    def test_it_counts_those_of_all_groups_but_the_empty_and_changes_nothing(self):
        done: list[int] = []
        counts = [[1, 2, 3], [0, 0, 0], [4, 5, 6]]
        loud = counted(counts, progress=done.append)
        assert sum(done) == 2 * 199
        np.testing.assert_array_equal(loud, counted(counts))


class TestStatisticOfRespondents:
    def test_it_gets_the_values_as_they_are_and_how_often_each_was_drawn(self):
        itself, *drawn = weights_drawn(list(ANSWERS), method="percentile")
        np.testing.assert_array_equal(itself, np.ones((1, 8)))
        weights = np.concatenate(drawn)
        assert weights.shape == (199, 8)  # percentiles need no jackknife
        assert weights.dtype == np.float64
        assert (weights == np.floor(weights)).all()
        assert (weights.sum(axis=1) == 8).all()

    def test_clusters_are_drawn_whole_and_strata_keep_their_numbers(self):
        clusters = np.array(["a", "b", "a", "c", "d", "e", "e", "b", "d"])
        strata = np.array([9, 9, 9, 5, 5, 9, 9, 9, 5])
        drawn = weights_drawn(np.arange(9), clusters=clusters, strata=strata, method="percentile")
        weights = np.concatenate(drawn[1:])
        times = {label: weights[:, clusters == label] for label in "abcde"}
        for inside in times.values():
            assert (inside == inside[:, :1]).all()
        times = {label: inside[:, 0] for label, inside in times.items()}
        assert (times["a"] + times["b"] + times["e"] == 3).all()
        assert (times["c"] + times["d"] == 2).all()
        assert {0, 1, 2, 3} == set(times["a"])
        assert {0, 1, 2} == set(times["c"])

    def test_the_jackknife_leaves_out_each_cluster_and_lets_its_stratum_stand_in(self):
        rows = weights_drawn(np.arange(6), clusters=[7, 7, 1, 2, 3, 4], strata=list("uuuvvv"))
        expected = [[2, 2, 0, 1, 1, 1], [0, 0, 2, 1, 1, 1], [1, 1, 1, 0, 1.5, 1.5],
                    [1, 1, 1, 1.5, 0, 1.5], [1, 1, 1, 1.5, 1.5, 0]]  # fmt: skip
        np.testing.assert_array_equal(np.concatenate(rows)[200:], expected)

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
        assert same(asked(), asked(strata=["all"] * 8))


class TestImpossibleCounts:
    def test_a_number_alone_has_no_points(self):
        expected = "counts must have one column for each point, got only 7"
        with pytest.raises(TallyError, match=begins(expected)):
            counted(7, ratio_of_ends)

    def test_more_answers_than_a_float_counts_one_by_one_are_an_error(self):
        expected = "n must be less than 2**53 to be resampled, got 9.0072e+15"
        with pytest.raises(TallyError, match=begins(expected)):
            counted([[2**53, 0, 0], [1, 2, 3]], SCORES)
        low, high = counted([2**52, 2**51, 0], SCORES)
        assert 1 < low < 4 / 3 < high < 2

    def test_a_point_that_no_one_chose_is_never_drawn_even_where_shares_do_not_quite_add_up(self):
        counts = np.array([1e14, 2e14, 7e14, 0])  # 1 - .1 - .2 is a little more than .7
        drawn = bootstrap_draws.Counts(counts, np.random.default_rng(1)).drawn(999)
        assert (drawn[:, 3] == 0).all()
        assert (drawn.sum(axis=1) == 1e15).all()


ONE = "for each of the 1 rows it gets, got shape "


class TestImpossibleIndices:
    @pytest.mark.parametrize(
        ("index", "kind", "expected"),
        [
            *[(lambda rows, bad=bad: np.where(rows[:, 0] > 1, bad, 1), TallyError,
               f"the index must be finite for every resample, got {bad}; leave out who")
              for bad in (np.nan, np.inf, -np.inf)],
            (lambda _: 1.0, OptionError, f"the index must give one result {ONE}(); compute it alo"),
            (lambda _: [1.0, 2.0], OptionError, f"the index must give one result {ONE}(2,); comp"),
            (lambda rows: ["many"] * len(rows), TallyError, "results of the index must be numbers"),
        ],
        ids=["nan", "inf", "-inf", "number", "two", "texts"],
    )  # fmt: skip
    def test_an_index_without_a_number_for_each_row_is_an_error(self, index, kind, expected):
        with pytest.raises(kind, match=begins(expected)):
            counted([1, 2, 3], index)
        with pytest.raises(kind, match=begins(expected)):
            asked(statistic=lambda _, weights: index(weights))

    def test_more_than_a_number_for_each_row_of_counts_is_an_error(self):
        with pytest.raises(
            OptionError, match=begins(f"the index must give one number {ONE}(1, 3)")
        ):
            counted([1, 2, 3], lambda counts: counts / 6)

    @pytest.mark.parametrize("sign", [-1, 1])
    def test_bca_refuses_an_index_with_all_resamples_on_one_side_of_the_estimate(self, sign):
        def distance(counts):  # from the sample's own counts: 0 for it alone
            return sign * ((np.abs(counts - [50, 61, 72]).sum(axis=1) > 0) + counts[:, 0] / 1000)

        expected = "method 'bca' puts both limits beyond the 199 resamples: nearly all of them"
        with pytest.raises(OptionError, match=begins(expected)):
            counted([50, 61, 72], distance)
        low, high = counted([50, 61, 72], distance, method="percentile")
        assert low < high


ALONE = (
    "every stratum must have two clusters or more to be resampled (respondents, where no clusters "
    "are given), got 1 with one; merge such a stratum with the most similar one"
)
NONE = "values must have a row for each respondent, at least two and none of them"
COUNT = "{} must have one label for each of the 3 respondents, got shape {}"
TWO = "clusters must lie within one stratum each, and some lie in two; where their"


@pytest.mark.parametrize(
    ("values", "labels", "expected"),
    [
        ([], {}, NONE), (np.empty((0, 3)), {}, NONE), (5, {}, NONE),
        (np.ma.masked_array([1.0, 2, 3], mask=[False, True, False]), {}, NONE),
        ([1.0, np.nan, 3], {}, "the index must be finite"),
        ([5], {}, ALONE), ([1, 2, 3], {"clusters": ["x"] * 3}, ALONE),
        ([1, 2, 3], {"strata": ["a", "a", "b"]}, ALONE),
        ([1, 2, 3, 4], {"clusters": [1, 1, 2, 3], "strata": ["a", "a", "b", "b"]}, ALONE),
        ([1, 2, 3, 4], {"clusters": [1, 2, 1, 2], "strata": [1, 1, 2, 2]}, TWO),
        *[
            ([1, 2, 3], {name: labels}, COUNT.format(name, np.shape(labels)))
            for name in ("clusters", "strata") for labels in ([1, 2], "a", [[1]] * 3)
        ],
        *[
            ([1, 2, 3, 4], {name: labels}, f"{name} must be labels of one kind, none missing, got ")
            for name in ("clusters", "strata")
            for labels in (
                [1.0, np.nan, 1.0, 2.0], ["a", np.nan, "a", "b"], ["a", None, "a", "b"],
                np.array([1, np.nan, 1, 2], dtype=object), [1, "a", 1, "a"],
                np.array(["2024-01-01", "NaT", "2024-01-01", "NaT"], dtype="datetime64[D]"),
                np.ma.masked_array([1, 1, 2, 2], mask=[True, False, False, False]),
            )
        ],
    ],
)  # fmt: skip
def test_respondents_that_cannot_be_drawn_are_an_error(values, labels, expected):
    with pytest.raises(TallyError, match=begins(expected)):
        asked(values, **labels)


class TestOptions:
    @pytest.mark.parametrize(
        ("level", "least"), [(0.95, 39), (0.9, 19), (0.8, 9), (0.99, 199), (0.999, 1999), (0.1, 2)]
    )
    def test_too_few_resamples_for_the_level_are_an_error_that_says_how_many(self, level, least):
        expected = begins(
            f"resamples must be a whole number, {least} or more for a confidence_level of "
            f"{level:g}, got {least - 1}; 9999 is usual"
        )
        with pytest.raises(OptionError, match=expected):
            counted(confidence_level=level, resamples=least - 1)
        options = {"method": "percentile", "confidence_level": level}
        assert np.isfinite(counted([10, 20, 30], resamples=np.int64(least), **options)).all()

    @pytest.mark.parametrize("interval", [counted, asked])
    @pytest.mark.parametrize("resamples", [0, -5, 9999.0, "9999", None, True])
    def test_resamples_that_are_no_number_of_them_are_an_error(self, interval, resamples):
        with pytest.raises(OptionError, match=begins("resamples must be a whole number, 39")):
            interval(resamples=resamples)

    @pytest.mark.parametrize(
        ("options", "expected"),
        [({"method": "bcA"}, "unknown method 'bcA'; did you mean 'bca', which differs by case?"),
         ({"confidence_level": 95}, "confidence_level must lie between 0 and 1, got 95")],
    )  # fmt: skip
    def test_respondents_get_the_errors_that_counts_get(self, options, expected):
        with pytest.raises(OptionError, match=begins(expected)):
            asked(**options)
