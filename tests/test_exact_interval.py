"""Exact and mid-p limits of any bounded score, against oracles, published values and their laws."""

from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.errors import OptionError
from custfocus.intervals import dirichlet_limits as kernel
from custfocus.intervals.columns import distinct_columns
from custfocus.intervals.dirichlet import DirichletMean, integrals, saddlepoint
from custfocus.intervals.dirichlet_limits import dirichlet_limits
from custfocus.intervals.exact_interval import exact_interval
from custfocus.intervals.proportion import proportion_interval
from custfocus.intervals.score import mean_score, score_limits
from dirichlet_oracle import (
    errors,
    few_on_three_scores,
    three_score_errors,
    three_scores,
    three_scores_slowly,
)
from patterns import begins

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)
EXACT = 1e-10  # of the scale's length
METHODS = ["exact", "mid-p"]
NAMES = {"exact": "clopper-pearson", "mid-p": "mid-p"}
LEVELS = [0.8, 0.9, 0.95, 0.99, 0.9999, 1 - 1e-6]
SCALES = [
    [0, 1], [-1, 0, 1], [0, 0.02, 1], [0, 0.5, 0.500000001, 1], [1, 2, 3, 4, 5],
    [0, 1, 4, 9, 16], [0, 0.3, 0.9, 0.99], list(range(11)), [3, -2, 7, 0, 1.5, 1, 3.25],
]  # fmt: skip

every_method = pytest.mark.parametrize("method", METHODS)
every_level = pytest.mark.parametrize("level", LEVELS)

# Quantiles found in mpmath 1.3, in at least 16 digits, from residues of the transform (whole
# counts) and from its inversion along a contour (others): method, counts, scores, level, limits
VECTORS = [
    ("exact", [3, 20, 9], [-1, 0, 1], 0.95, "-0.05533680705352103", "0.4104994371258741"),
    ("mid-p", [3, 20, 9], [-1, 0, 1], 0.95, "-0.03138344474038146", "0.3905283436727433"),
    ("exact", [1, 0, 2, 4, 8], [1, 2, 3, 4, 5], 0.95, "3.282005130110567", "4.673314363999665"),
    ("mid-p", [1, 0, 2, 4, 8], [1, 2, 3, 4, 5], 0.95, "3.394096425711535", "4.633063404309668"),
    ("mid-p", [0, 0, 1, 0, 2], [0, 1, 2, 3, 4], 0.95, "1.169607095285146", "3.966384965361549"),
    ("exact", [0, 0, 1, 0, 2], [0, 1, 2, 3, 4], 0.95, "0.9283177667225558", "3.983192482680775"),
    ("mid-p", [1, 1, 0], [0, 0.02, 1], 0.9, "0.001025779476597933", "0.6869504831500294"),
    ("mid-p", [0, 1, 0, 0, 0, 0, 0, 3, 10, 40, 146], list(range(11)), 0.95,
     "9.412040086442588", "9.706351029821175"),
    ("mid-p", [10, 11, 12, 13, 14, 15, 16, 17, 30, 32, 30], list(range(11)), 0.95,
     "5.795560004297033", "6.656487580814123"),
    ("exact", [0, 984, 0, 16, 0], [1, 2, 3, 4, 5], 0.95,
     "2.017161353645867", "2.053390428518391"),
    ("mid-p", [0, 9983, 0, 17, 0], [0, 0.25, 0.5, 0.75, 1], 0.95,
     "0.2504962505274387", "0.2513515414767875"),
    ("mid-p", [100000, 0, 3], [0, 0.5, 1], 0.95, "7.630788984363976e-6", "8.164002502654646e-5"),
    ("exact", [1000000, 2, 1], [0, 0.5, 1], 0.99, "2.137502223566283e-7", "8.72975532772504e-6"),
    ("mid-p", [12, 5, 7, 30], [0, 0.4999999, 0.5, 1], 0.95,
     "0.5502132852526518", "0.7675126124065974"),
    ("exact", [2, 9, 9, 2], [0, 0.5, 0.500000001, 1], 0.95,
     "0.3813147818274475", "0.6186852188494937"),
    ("exact", [1] * 11, list(range(11)), 0.999, "1.77638904471712", "8.22361095528288"),
    ("mid-p", [7, 3], [0, 1], 0.95, "0.08260021697850289", "0.6199185659263893"),
    ("mid-p", [0.4, 2.3, 0, 5.1, 1.7], [0, 1, 2, 3, 4], 0.95,
     "1.625838306646049", "3.235882778180864"),
    ("exact", [1.2, 0.03, 0.4], [0, 0.3, 1], 0.95, "6.754421492642787e-5", "0.9636709041963023"),
]  # fmt: skip


def limits(counts, scores, level=0.95, method="exact"):
    """The limits of counts that need not be whole, also where there are two scores."""
    counts, scores = np.asarray(counts, dtype=float), np.asarray(scores, dtype=float)
    return dirichlet_limits(counts, scores, counts.sum(axis=-1), level, method=method)


def all_tables(n, points):
    chosen = combinations_with_replacement(range(points), n)
    return np.array([np.bincount(one, minlength=points) for one in chosen])


def worst_error(counts, scores, level, method):
    """Limits at an end of the scale are not asked for: there the probability is no quantile."""
    found = limits(counts, scores, level, method)
    inner = np.array([found.low > min(scores), found.high < max(scores)])
    assert (inner[0] == (counts[:, np.argmin(scores)] < counts.sum(axis=1))).all()
    assert (inner[1] == (counts[:, np.argmax(scores)] < counts.sum(axis=1))).all()
    return errors(counts, scores, found, level, method)[inner].max()


@st.composite
def tables(draw, most=400, least=2, scales=SCALES):
    """Counts of one sample, not empty, and the scores of its points."""
    scores = draw(st.sampled_from([scale for scale in scales if len(scale) >= least]))
    count = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, most), st.just(most))
    row = st.lists(count, min_size=len(scores), max_size=len(scores)).filter(any)
    return np.array(draw(row)), np.array(scores, dtype=float)


a_method, a_level = st.sampled_from(METHODS), st.sampled_from(LEVELS)


class TestOracles:
    @pytest.mark.parametrize("vector", VECTORS)
    def test_quantiles_in_high_precision(self, vector):
        method, counts, scores, level, low, high = vector
        found = limits(counts, scores, level, method)
        near = EXACT * (max(scores) - min(scores))
        assert float(found.low) == pytest.approx(float(low), abs=near, rel=0)
        assert float(found.high) == pytest.approx(float(high), abs=near, rel=0)

    @every_method
    @every_level
    @pytest.mark.parametrize("n", [1, 2, 3, 5])
    @pytest.mark.parametrize("scores", SCALES[:7])
    def test_every_table_of_few_answers_by_the_triangle(self, method, level, n, scores):
        assert worst_error(all_tables(n, len(scores)), scores, level, method) < EXACT

    @every_method
    @every_level
    @pytest.mark.parametrize("n", [2, 7, 12, 25, 40])
    def test_random_tables_by_the_triangle(self, method, level, n):
        generator = np.random.default_rng(n)
        for scores in SCALES:
            shares = generator.dirichlet(np.full(len(scores), 0.4), 40)
            counts = generator.multinomial(n, shares)
            assert worst_error(counts, scores, level, method) < EXACT

    @pytest.mark.parametrize(
        ("shapes", "middle", "x"),
        [((4, 20, 9), 0.5, 0.45), ((2, 994, 6), 0.5, 0.498), ((3, 5, 2), 0.9, 0.3)],
    )
    def test_the_oracle_of_three_scores_has_the_digits_it_claims(self, shapes, middle, x):
        slowly = float(three_scores_slowly(shapes, middle, x))
        assert three_scores(shapes, middle, x) == pytest.approx(slowly, rel=1e-11)

    @every_method
    @pytest.mark.parametrize("level", [0.8, 0.95, 1 - 1e-6])
    @pytest.mark.parametrize("middle", [0.02, 0.5, 0.97])
    @pytest.mark.parametrize(
        "counts",
        [[1, 994, 6], [2, 9990, 9], [1, 999982, 18], [6, 994, 1], [9, 9990, 2],
         [18, 999982, 1], [900, 40, 60], [1.5, 20.25, 2.75]],
    )  # fmt: skip
    def test_spikes_between_a_few(self, counts, middle, level, method):
        found = limits(counts, [0, middle, 1], level, method)
        assert max(three_score_errors(counts, middle, found, level, method=method)) < EXACT

    @every_method
    @pytest.mark.parametrize("level", [0.8, 0.95])
    @pytest.mark.parametrize("n", [0.3, 0.7, 1.5])
    @pytest.mark.parametrize(
        "shares", [[0.25, 0.5, 0.25], [0.2, 0.4, 0.4], [9 / 11, 1 / 11, 1 / 11]]
    )
    def test_effective_sizes_of_about_one(self, shares, n, level, method):
        counts = n * np.array(shares)
        found = limits(counts, [0, 0.5, 1], level, method)
        assert found.low < 0.5 < found.high
        off = three_score_errors(
            counts, 0.5, found, level, method=method, below=few_on_three_scores
        )
        assert max(off) < EXACT

    @every_method
    @every_level
    @pytest.mark.parametrize("n", [1e-12, 0.01, 0.09])
    def test_next_to_no_answers_leave_the_whole_scale(self, n, level, method):
        shares = np.random.default_rng(5).dirichlet([0.02, 0.3, 0.1, 0.4], 30)
        low, high = limits(n * shares, [0, 1, 2, 5], level, method)
        assert (low >= 0).all()
        assert (low < 1e-11).all()
        assert (high <= 5).all()
        assert (high > 5 - 1e-11).all()

    @every_method
    @every_level
    def test_two_scores_have_the_limits_of_a_proportion(self, method, level):
        generator = np.random.default_rng(7)
        n = np.round(10 ** generator.uniform(0, 9, 300))
        k = np.round(n * generator.choice([0, 1e-6, 0.01, 0.3, 0.5, 0.999, 1], 300))
        k[:100] = np.minimum(n[:100], generator.integers(0, 5, 100))
        found = limits(np.stack([n - k, k], axis=1), [0, 1], level, method)
        share = proportion_interval(k, n, method=NAMES[method], confidence_level=level)
        np.testing.assert_allclose(found, share, atol=EXACT, rtol=0)
        length = share.high - share.low
        np.testing.assert_array_less(np.abs(found.low - share.low) / length, 1e-6)
        np.testing.assert_array_less(np.abs(found.high - share.high) / length, 1e-6)

    @every_method
    @pytest.mark.parametrize("n", [1e9, 1e12, 1e15])
    def test_of_very_many_answers_the_limits_are_those_of_the_score_interval(self, method, n):
        counts = n * np.array([[0.1, 0.2, 0.3, 0.4], [0.001, 0, 0.009, 0.99]])
        scores = np.array([0, 1, 5, 7.0])
        found = limits(counts, scores, 0.99, method)
        score = score_limits(counts, scores, counts.sum(axis=1), 0.99, None)
        length = score.high - score.low
        assert (np.abs(np.subtract(found, score)) < 20 * n**-0.5 * length + 1e-15).all()


class TestLaws:
    @law
    @given(table=tables(most=10**6), level=a_level, method=a_method)
    def test_reversed_scores_have_mirrored_limits(self, table, level, method):
        counts, scores = table
        low, high = limits(counts, scores, level, method)
        mirrored = limits(counts, -scores, level, method)
        near = 1e-12 * np.ptp(scores)
        assert mirrored.low == pytest.approx(-float(high), abs=near)
        assert mirrored.high == pytest.approx(-float(low), abs=near)

    @law
    @given(table=tables(), level=a_level, method=a_method)
    def test_affine_scores_have_affine_limits(self, table, level, method):
        counts, scores = table
        once = limits(counts, scores, level, method)
        other = limits(counts, 37.5 * scores - 11, level, method)
        near = 1e-11 * 37.5 * np.ptp(scores)
        np.testing.assert_allclose(other, 37.5 * np.array(once) - 11, atol=near, rtol=0)

    @law
    @given(table=tables(), level=a_level, method=a_method, place=st.floats(0, 1))
    def test_an_inner_point_without_answers_changes_nothing(self, table, level, method, place):
        counts, scores = table
        inner = scores.min() + place * np.ptp(scores)
        more = limits(np.append(counts, 0), np.append(scores, inner), level, method)
        np.testing.assert_array_equal(more, limits(counts, scores, level, method))

    @law
    @given(table=tables(), level=a_level, method=a_method)
    def test_points_of_equal_scores_may_be_added_up(self, table, level, method):
        counts, scores = table
        half = counts // 2
        split = np.concatenate([half, counts - half]), np.concatenate([scores, scores])
        np.testing.assert_array_equal(
            limits(*split, level, method), limits(counts, scores, level, method)
        )

    @law
    @given(table=tables(most=10**5), level=a_level)
    def test_mid_p_lies_within_exact_and_holds_the_mean(self, table, level):
        outer, inner = (limits(*table, level, method) for method in METHODS)
        assert outer.low <= inner.low <= mean_score(*table) <= inner.high <= outer.high
        assert inner.high - inner.low < outer.high - outer.low

    @law
    @given(table=tables(most=10**5), method=a_method)
    def test_they_widen_with_the_level(self, table, method):
        found = [limits(*table, level, method) for level in LEVELS]
        for narrow, wide in pairwise(found):
            assert wide.low <= narrow.low
            assert narrow.high <= wide.high
            assert wide.high - wide.low > narrow.high - narrow.low

    @law
    @given(table=tables(most=10**4, least=3), level=a_level, method=a_method)
    def test_a_better_answer_raises_both_limits(self, table, level, method):
        counts, scores = table
        order = np.argsort(scores)
        worse = order[:-1][counts[order[:-1]] > 0]
        if worse.size:
            better = counts.copy()
            better[worse[0]] -= 1
            better[order[list(order).index(worse[0]) + 1]] += 1
            near = 1e-11 * np.ptp(scores)
            (low, high), (low_after, high_after) = (
                limits(one, scores, level, method) for one in (counts, better)
            )
            assert low_after >= low - near
            assert high_after >= high - near

    @every_method
    @every_level
    @pytest.mark.parametrize("n", [1, 2, 30, 10**6])
    def test_all_on_one_inner_score(self, method, level, n):
        alpha = 1 - level
        part = (alpha / 2 if method == "exact" else alpha) ** (1 / n)
        low, high = limits([0, n, 0], [0, 0.3, 1], level, method)
        assert float(low) == pytest.approx(0.3 * part, rel=1e-12)
        assert float(high) == pytest.approx(1 - 0.7 * part, rel=1e-12)

    @every_method
    def test_all_on_one_end(self, method):
        low, high = limits([[5, 0, 0], [0, 0, 5]], [2, 3, 6], 0.95, method)
        part = (0.025 if method == "exact" else 0.05) ** 0.2
        np.testing.assert_allclose(low, [2, 2 + 4 * part], rtol=1e-12)
        np.testing.assert_allclose(high, [6 - 4 * part, 6], rtol=1e-12)
        assert (low[0], high[1]) == (2, 6)

    @every_method
    def test_a_limit_on_a_score_is_found(self, method):
        """The quantile of 1 of 2 on the tenths, in steps of .01 of the level: some are scores."""
        counts = all_tables(2, 11)
        for level in np.arange(0.8, 1, 0.01).round(2):
            assert worst_error(counts, list(range(11)), level, method) < EXACT

    def test_a_limit_just_beside_a_score_is_not_found_across_it(self):
        counts, scores = [[0, 2, 1]], [0, 0.1 - 1e-5, 1]
        found = limits(counts, scores, 0.8, "exact")
        assert abs(found.low[0] - scores[1]) < 1e-4
        assert errors(counts, scores, found, 0.8, "exact").max() < 1e-11


class TestGroups:
    def test_a_group_gets_the_bits_that_it_gets_alone(self):
        generator = np.random.default_rng(1934)
        n = np.round(10 ** generator.uniform(0, 4, 3000)).astype(int)
        counts = generator.multinomial(n, generator.dirichlet(np.full(7, 0.3), 3000))
        scores = [0, 1, 2, 3, 7, 9, 10]
        for method in METHODS:
            batch = exact_interval(counts, scores, method=method)
            for row in range(0, 3000, 61):
                alone = exact_interval(counts[row], scores, method=method)
                np.testing.assert_array_equal([limit[row] for limit in batch], alone)

    def test_equal_groups_are_computed_once(self, monkeypatch):
        seen = []
        monkeypatch.setattr(kernel, "lower_quantiles", lambda mean, _: seen.append(mean) or 0)
        exact_interval(np.tile([[3, 0, 4], [1, 5, 0]], (500, 1)), [0, 1, 2])
        assert [one.total.size for one in seen] == [2, 2]

    def test_zeros_of_either_sign_are_equal(self):
        first, which = distinct_columns(np.array([[0.0, -0.0, 1.0], [2.0, 2.0, 2.0]]))
        assert first.tolist() == [0, 2]
        assert which.tolist() == [0, 0, 1]

    def test_unlike_columns_of_one_hash_stay_apart(self):
        odd, half, one = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.array([1.0, 2.0])
        with np.errstate(over="ignore"):
            after = one.view(np.uint64) * odd
        after ^= after >> half
        other = np.array([after[0] ^ after[1], 0], dtype=np.uint64).view(np.float64)
        first, which = distinct_columns(np.array([one, other]))
        assert first.tolist() == which.tolist() == [0, 1]

    def test_groups_without_answers_are_nan_and_there_may_be_none(self):
        low, high = exact_interval([[0, 0, 0], [1, 2, 3]], [0, 1, 2])
        assert np.isnan([low[0], high[0]]).all()
        assert low[1] < high[1]
        assert exact_interval(np.zeros((0, 3)), [0, 1, 2]).low.shape == (0,)
        assert np.isnan(exact_interval(np.zeros((2, 3)), [0, 1, 2])).all()

    def test_sizes_may_differ_from_the_counts(self):
        counts, scores = np.array([[1.0, 2.0, 1.0]] * 3), np.array([0, 1.0, 5.0])
        found = dirichlet_limits(counts, scores, np.array([4, 40, np.inf]), 0.95, method="mid-p")
        np.testing.assert_array_equal(found.low[0], limits(counts[0], scores, 0.95, "mid-p").low)
        tenfold = limits(10 * counts[0], scores, 0.95, "mid-p")
        np.testing.assert_array_equal(found.low[1], tenfold.low)
        assert np.isnan(found.high[2])


class TestContours:
    """Where the first contour is poor the integrals are taken anew, and say so."""

    HARD = DirichletMean(
        np.array([[1.0, 4.0], [999_999.0, 20.0], [1.0, 9.0]]),
        np.array([[0.0, 0.0], [0.02, 0.5], [1.0, 1.0]]),
        np.array([1_000_001.0, 33.0]),
    )

    def test_a_poor_contour_is_replaced(self, monkeypatch):
        saddle = saddlepoint(self.HARD, np.array([0.021544, 0.5]))
        x, found = saddle.x, integrals(self.HARD, saddle)
        monkeypatch.setattr("custfocus.intervals.contour._FINER", ())
        first = integrals(self.HARD, saddle)
        assert first.change[0] > 10 * found.change[0]
        assert first.change[1] == found.change[1]
        shapes = self.HARD.shapes.T
        right = [three_scores(shapes[0], 0.02, x[0]), three_scores(shapes[1], 0.5, x[1])]
        np.testing.assert_allclose(found.values[0], right, rtol=1e-10)
        assert first.values[0, 0] != pytest.approx(right[0], rel=1e-8)

    @pytest.mark.parametrize(
        "counts", [(2.0, 994.0, 6.0), (3.0, 9990.0, 9.0), (2.0, 999982.0, 18.0)]
    )
    @pytest.mark.parametrize("middle", [0.02, 0.5, 0.97])
    def test_the_first_contour_of_a_spike_is_good(self, counts, middle, monkeypatch):
        """Without a look from above it bends the wrong way, and the product grows along it."""
        monkeypatch.setattr("custfocus.intervals.contour._FINER", ())
        points, total = np.array([[0], [middle], [1]]), np.array([sum(counts)])
        mean = DirichletMean(np.array(counts)[:, np.newaxis], points, total)
        for psi in middle * np.array([0.3, 1.0, 3.0]):
            saddle = saddlepoint(mean, np.array([psi]))
            found = integrals(mean, saddle)
            right = three_scores(counts, middle, saddle.x[0])
            assert found.values[0, 0] == pytest.approx(right, rel=1e-6, abs=1e-12)

    @every_method
    def test_each_group_takes_few_passes(self, method, monkeypatch):
        taken = []

        def counting(mean, saddle):
            taken.append(saddle.x.size)
            return integrals(mean, saddle)

        monkeypatch.setattr(kernel, "integrals", counting)
        generator = np.random.default_rng(3)
        for n in (1, 2, 5, 50, 1000, 10**6):
            shares = generator.dirichlet(np.full(5, 0.3), 200)
            limits(generator.multinomial(n, shares), [0, 1, 2, 3, 4], 0.95, method)
        assert len(taken) < 12 * 8
        taken.clear()
        limits(all_tables(2, 11), list(range(11)), 0.8, method)  # where some limits are scores
        assert len(taken) < 2 * 8


class TestErrors:
    @pytest.mark.parametrize("level", [0.5, 0.799, 1 - 1e-7])
    @every_method
    def test_an_unusual_level_is_for_two_scores_only(self, method, level):
        expected = begins(
            f"the method {method!r} takes a confidence_level from 0.8 to 0.999999 where there are "
            f"more than two scores, got {level}; choose"
        )
        with pytest.raises(OptionError, match=expected):
            exact_interval([1, 2, 3], [0, 1, 2], method=method, confidence_level=level)
        two = exact_interval([1, 2, 3], [0, 1, 1], method=method, confidence_level=level)
        share = proportion_interval(5, 6, method=NAMES[method], confidence_level=level)
        np.testing.assert_array_equal(two, share)

    @every_method
    def test_a_population_is_for_two_scores_only(self, method):
        with pytest.raises(OptionError, match=r"takes a population with two scores only.*got 3"):
            exact_interval([1, 2, 3], [0, 1, 2], method=method, population=50)
        two = exact_interval([1, 2, 3], [0, 1, 1], method=method, population=50)
        share = proportion_interval(5, 6, method=NAMES[method], population=50)
        np.testing.assert_array_equal(two, share)

    @every_method
    def test_nothing_depends_on_the_callers_floating_point_errors(self, method):
        counts = np.array([[1, 994, 6], [1, 1, 0], [10**9, 0, 1], [0, 1, 0]])
        with np.errstate(all="raise"):
            strictly = exact_interval(counts, [0, 1e-9, 1], method=method)
        np.testing.assert_array_equal(strictly, exact_interval(counts, [0, 1e-9, 1], method=method))
