"""
The laws that differences between domains of a design keep; covariances against plain loops.

No random seed: the same examples at each run.
"""

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri, stdtr

from custfocus.intervals import (
    difference_p_value,
    score_interval_difference,
)
from custfocus.intervals import shared_units as blocks
from custfocus.intervals.covariance import design_domains, design_pairs
from custfocus.intervals.design_difference import correlations, design_p_values
from custfocus.intervals.design_homogeneity import design_homogeneity
from custfocus.intervals.design_limits import t_quantile
from custfocus.intervals.k_sample import common_mean, k_sample_test
from custfocus.intervals.linearisation import design_totals
from survey_rows import Drawn, numbered_within

law = settings(derandomize=True, deadline=None, max_examples=40, database=None)

SCALES = ([0, 1], [1, 2, 3, 4, 5], [-1, 0, 1], list(range(11)))


@st.composite
def surveys(draw, *, lonely_psu=("certainty", "adjust", "average"), finite=True) -> Drawn:
    """Two to four domains in up to nine units of up to three strata, of one stage or two."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    scores = draw(st.sampled_from(SCALES))
    rows, number = draw(st.integers(4, 40)), draw(st.integers(2, 4))
    alike = rng.dirichlet(np.full(len(scores), 0.6))
    strata = rng.integers(0, draw(st.integers(1, 3)), rows)
    units = rng.integers(0, draw(st.integers(2, 9)), rows) if draw(st.booleans()) else range(rows)
    survey = Drawn.of(
        rng.choice(scores, rows, p=alike),
        np.exp(draw(st.sampled_from([0, 0.7, 1.5])) * rng.normal(size=rows)),
        rng.integers(0, number, rows),
        scores,
        units=units,
        strata=strata,
        lonely_psu=draw(st.sampled_from(lonely_psu)),
    )
    assume(survey.number > 1)
    if finite and draw(st.booleans()):
        sizes = survey.stages[0].sizes
        survey = survey._replace(population=sizes + rng.integers(1, 9, len(sizes)))
        if draw(st.booleans()):
            subunits = rng.integers(0, 3, rows)
            number = int(survey.stages[0].strata.size)
            survey = survey._replace(subunits=subunits, subpopulation=np.full(number, 4.0))
    return survey


def looped_covariance(survey: Drawn, a: int, b: int) -> float:
    """By loops over stages, strata and units."""
    z = [linearised(survey, one) for one in (a, b)]
    first = numbered_within(survey.strata, survey.units)
    total = _between(z, survey.strata, first, survey.population, 1.0)
    if survey.subunits is None:
        return total
    stage = survey.stages[0]
    shares = (1 - stage.open)[stage.strata]
    within = numbered_within(first, survey.subunits)
    for unit in np.unique(first):
        rows = first == unit
        part = [each[rows] for each in z]
        sizes = {0: survey.subpopulation[unit]}
        total += shares[unit] * _between(part, np.zeros(rows.sum(), int), within[rows], sizes, 1.0)
    return total


def linearised(survey: Drawn, domain: int) -> np.ndarray:
    w = np.where(survey.domains == domain, survey.w, 0)
    mean = math.fsum(w * survey.y) / math.fsum(w)
    return w * (survey.y - mean) / math.fsum(w)


def _between(z, strata, units, sizes, total):
    total = 0.0
    for stratum in np.unique(strata):
        inside = [np.unique(units[strata == stratum])][0]
        n = len(inside)
        left = 1 if sizes is None else 1 - n / sizes[stratum]
        x, y = (np.array([math.fsum(each[units == one]) for one in inside]) for each in z)
        if n > 1:
            products = (x - x.mean()) * (y - y.mean())
            total += left * n / (n - 1) * math.fsum(products)
    return total


def every_pair(survey: Drawn):
    return np.triu_indices(survey.number, 1)


class TestCovariance:
    @law
    @given(surveys(lonely_psu=["certainty"]))
    def test_it_is_that_of_loops_over_strata_and_units(self, survey):
        a, b = every_pair(survey)
        found = survey.pairs(a, b)
        length = np.ptp(survey.scores)
        for place, (one, other) in enumerate(zip(a, b, strict=True)):
            expected = looped_covariance(survey, one, other)
            assert found.covariance[place] == pytest.approx(expected, rel=1e-9, abs=1e-15 * length)

    @law
    @given(surveys())
    def test_with_the_variances_it_is_positive_semidefinite(self, survey):
        found = design_domains(survey.totals())
        least = np.linalg.eigvalsh(found.covariance)[0]
        assert least >= -1e-12 * np.trace(found.covariance)
        np.testing.assert_array_equal(found.covariance, found.covariance.T)
        np.testing.assert_array_equal(np.diag(found.covariance), found.means.variance)

    @law
    @given(surveys())
    def test_a_domain_alone_has_the_bits_that_it_has_among_others(self, survey):
        found = survey.totals().means
        rows, scores = survey.rows, survey.scores
        for domain in range(survey.number):
            chosen = survey.domains == domain
            some = type(rows)(*(each[chosen] for each in rows))._replace(
                domains=np.zeros(chosen.sum(), dtype=int)
            )
            stages = tuple(s._replace(units=s.units[chosen]) for s in survey.stages)
            alone = design_totals(
                survey.counts[[domain]], scores, some, stages, survey.lonely_psu
            ).means
            for ours, theirs in zip(alone, found, strict=True):
                np.testing.assert_array_equal(ours[0], theirs[domain])

    @law
    @given(surveys())
    def test_a_pair_alone_has_the_bits_that_it_has_among_others(self, survey):
        a, b = every_pair(survey)
        together = survey.pairs(a, b)
        for place in range(len(a)):
            alone = survey.pairs(a[[place]], b[[place]])
            for name in ("covariance", "degrees_of_freedom", "units"):
                assert getattr(alone, name)[0] == getattr(together, name)[place]

    @law
    @given(surveys())
    def test_blocks_of_pairs_change_no_bit(self, survey):
        a, b = every_pair(survey)
        whole = survey.pairs(a, b)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blocks, "_BLOCK", 3)
            parts = survey.pairs(a, b)
        np.testing.assert_array_equal(whole.covariance, parts.covariance)
        np.testing.assert_array_equal(whole.degrees_of_freedom, parts.degrees_of_freedom)

    @law
    @given(surveys(finite=False))
    def test_respondents_of_like_answers_may_come_as_one_row(self, survey):
        each = survey._replace(units=np.arange(len(survey.y)), subunits=None)
        rows, scores = each.rows, each.scores
        stage = each.stages[0]
        cells = numbered_within(numbered_within(each.strata, rows.domains), rows.places)
        first = np.unique(cells, return_index=True)[1]
        weights, squares = (np.bincount(cells, w) for w in (rows.weights, rows.squares))
        alike = np.bincount(cells).astype(float)
        merged = type(rows)(rows.places[first], weights, rows.domains[first], alike, squares)
        one = stage._replace(
            units=np.arange(len(first)),
            strata=each.strata[first],
            alike=alike,
            unevenness=np.maximum(squares / weights**2 - 1 / alike, 0),
        )
        a, b = every_pair(each)
        totals = design_totals(each.counts, scores, merged, (one,), each.lonely_psu)
        ours, theirs = design_pairs(totals, a, b), each.pairs(a, b)
        close = {"rtol": 1e-9, "atol": 1e-14}
        np.testing.assert_allclose(ours.covariance, theirs.covariance, **close)
        np.testing.assert_allclose(ours.degrees_of_freedom, theirs.degrees_of_freedom, **close)
        domains = [design_domains(each) for each in (totals, each.totals())]
        assert domains[0].shared == pytest.approx(domains[1].shared, rel=1e-9)
        assert domains[0].units == pytest.approx(domains[1].units, rel=1e-9)


def shown(survey: Drawn, domain: int) -> bool:
    return not survey.totals().means.no_variance[domain]


class TestDegreesOfFreedom:
    @law
    @given(surveys())
    def test_they_are_the_fewer_of_kishs_and_welchs(self, survey):
        found = survey.pairs()
        parts = [each for each in (0, 1) if shown(survey, each)]
        if not parts:
            assert np.isinf(found.degrees_of_freedom[0])
            return
        q, own = defaultdict(float), []
        for domain in parts:
            means = survey.totals().means
            shares = self.shares(survey, domain)
            for unit, share in shares.items():
                q[unit] += means.spread[domain] * share**2
            star = max(means.variance[domain], means.spread[domain] / means.ceiling[domain])
            own.append((star, self.kish({unit: share**2 for unit, share in shares.items()})))
        welch = sum(v for v, _ in own) ** 2 / sum(v**2 / df for v, df in own)
        expected = max(1, min(self.kish(q), welch))
        assert found.degrees_of_freedom[0] == pytest.approx(expected, rel=1e-9)

    @staticmethod
    def shares(survey, domain):
        shares = defaultdict(float)
        rows = zip(survey.strata, survey.units, survey.domains, survey.w, strict=True)
        for stratum, unit, label, w in rows:
            if label == domain:
                shares[stratum, unit] += w
        total = sum(shares.values())
        return {unit: w / total for unit, w in shares.items()}

    @staticmethod
    def kish(q):
        number, strata = len(q), len({stratum for stratum, _ in q})
        root = sum(value**0.5 for value in q.values())
        return max(1, (number - strata) / number * root**2 / sum(q.values()))


class TestDifferences:
    @law
    @given(surveys(), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
    def test_the_p_value_at_a_limit_is_what_the_level_leaves(self, survey, level):
        found, counts = survey.differences(level=level), survey.counts
        length = np.ptp(survey.scores)
        assert -length <= found.low[0] <= found.value[0] <= found.high[0] <= length
        assert found.low[0] < found.high[0]
        for limit in (found.low, found.high):
            if abs(limit[0]) < 0.999999 * length:
                parts = (survey.pairs(), counts[[0]], counts[[1]], survey.scores)
                p = design_p_values(*parts, limit)
                assert p[0] == pytest.approx(1 - level, abs=1e-6)

    @law
    @given(surveys(), st.sampled_from([-0.4, 0, 0.1]))
    def test_the_p_value_is_small_exactly_outside_the_interval(self, survey, share):
        null = share * np.ptp(survey.scores)
        found = survey.differences(null=null)
        outside = null < found.low[0] or null > found.high[0]
        assert outside == (found.p_value[0] < 0.05)

    @law
    @given(surveys(), st.sampled_from([2.0**-40, 8, 2.0**300]))
    def test_a_common_factor_of_the_weights_changes_nothing(self, survey, factor):
        scaled = survey._replace(w=factor * survey.w)
        for ours, theirs in zip(survey.differences(), scaled.differences(), strict=True):
            np.testing.assert_array_equal(ours, theirs)

    @law
    @given(surveys(), st.sampled_from([(2, 3), (0.25, -10)]))
    def test_limits_go_with_the_scores(self, survey, line):
        slope, shift = line
        moved = survey._replace(y=slope * survey.y + shift, scores=slope * survey.scores + shift)
        ours, theirs = survey.differences(), moved.differences()
        assume((survey.totals().means.no_variance == moved.totals().means.no_variance).all())
        close = {"rtol": 1e-8, "atol": 1e-9 * np.ptp(moved.scores)}
        for name in ("value", "low", "high", "standard_error"):
            expected = slope * getattr(ours, name)
            np.testing.assert_allclose(getattr(theirs, name), expected, **close)
        np.testing.assert_allclose(theirs.p_value, ours.p_value, rtol=1e-7)

    @law
    @given(st.integers(0, 10**6), st.sampled_from(SCALES))
    def test_a_simple_sample_has_the_interval_of_miettinen_and_nurminen_with_t(self, seed, scores):
        rng = np.random.default_rng(seed)
        rows = int(rng.integers(5, 60))
        y = rng.choice(scores, rows, p=rng.dirichlet(np.ones(len(scores))))
        survey = Drawn.of(y, np.ones(rows), rng.integers(0, 2, rows), scores)
        assume(survey.number == 2 and shown(survey, 0) and shown(survey, 1))
        found, counts = survey.differences(), survey.counts
        assert found.design_factor[0] == pytest.approx(rows / (rows - 1), rel=1e-12)
        t = t_quantile(found.degrees_of_freedom, 0.95)[0]
        assume(t < 6)
        level = 1 - 2 * ndtr(-t)
        expected = score_interval_difference(*counts, scores, confidence_level=level)
        ours = float(found.low[0]), float(found.high[0])
        assert ours == pytest.approx(tuple(map(float, expected)), abs=1e-7)
        root = -ndtri(float(difference_p_value(*counts, scores)) / 2)
        p_value = float(2 * stdtr(found.degrees_of_freedom[0], -root))  # older inverses are coarse
        assert float(found.p_value[0]) == pytest.approx(p_value, abs=1e-9)

    @law
    @given(surveys())
    def test_correlations_lie_between_minus_1_and_1(self, survey):
        found = correlations(survey.pairs(*every_pair(survey)))
        assert (np.abs(found) <= 1).all()


class TestHomogeneity:
    @law
    @given(surveys())
    def test_for_two_domains_it_is_the_p_value_of_their_difference(self, survey):
        two = survey._replace(domains=np.minimum(survey.domains, 1))
        found = design_homogeneity(design_domains(two.totals()), two.counts, two.scores)
        assert float(found.p_value) == pytest.approx(two.differences().p_value[0], abs=1e-9)

    @law
    @given(surveys())
    def test_it_is_a_probability_whatever_the_order_of_the_domains(self, survey):
        last = survey.number - 1
        turned = survey._replace(domains=last - survey.domains)
        ours, theirs = (
            design_homogeneity(design_domains(each.totals()), each.counts, each.scores)
            for each in (survey, turned)
        )
        assert 0 <= ours.p_value <= 1
        assert ours.statistic >= 0
        assert float(ours.p_value) == pytest.approx(float(theirs.p_value), abs=1e-6)


@st.composite
def samples(draw):
    """Counts of up to six samples in up to three batches, and scores."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    batches, number = draw(st.integers(1, 3)), draw(st.integers(2, 6))
    points = draw(st.integers(2, 6))
    scores = np.sort(rng.choice(100, points, replace=False)) / 7.0
    sizes = rng.choice([0, 1, 5, 40, 400], (batches, number), p=[0.05, 0.15, 0.3, 0.3, 0.2])
    counts = rng.multinomial(sizes, rng.dirichlet(np.full(points, 0.4), (batches, number)))
    return counts.astype(float), scores


class TestPlainSamples:
    @law
    @given(samples())
    def test_two_have_the_p_value_of_their_difference(self, drawn):
        counts, scores = drawn
        two = counts[:, :2]
        found = k_sample_test(two, scores)
        expected = difference_p_value(two[:, 0], two[:, 1], scores)
        np.testing.assert_allclose(found.p_value, expected, atol=1e-12, rtol=1e-9)

    @law
    @given(samples())
    def test_a_batch_has_the_bits_that_it_has_alone(self, drawn):
        counts, scores = drawn
        together = k_sample_test(counts, scores)
        for place, one in enumerate(counts):
            for ours, theirs in zip(k_sample_test(one, scores), together, strict=True):
                np.testing.assert_array_equal(ours, theirs[place])

    @law
    @given(samples())
    def test_samples_without_answers_are_left_out(self, drawn):
        counts, scores = drawn
        more = np.concatenate([counts, np.zeros_like(counts[:, :1])], axis=1)
        ours, theirs = k_sample_test(counts, scores), k_sample_test(more, scores)
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9)
        freedom = np.count_nonzero(counts.sum(axis=-1), axis=-1) - 1
        np.testing.assert_array_equal(
            ours.degrees_of_freedom, np.where(freedom > 0, freedom, np.nan)
        )

    @law
    @given(samples())
    def test_the_common_mean_lies_among_the_means_and_balances_the_slopes(self, drawn):
        counts, scores = drawn
        found = common_mean(counts, scores)
        n = counts.sum(axis=-1)
        with np.errstate(invalid="ignore"):
            means = (counts @ scores) / n
        for place in range(len(counts)):
            some = n[place] > 0
            if some.any():
                assert means[place][some].min() - 1e-9 <= found.mean[place]
                assert found.mean[place] <= means[place][some].max() + 1e-9
        assert (found.statistic >= -1e-9).all()

    @law
    @given(samples())
    def test_scores_mirrored_have_the_same_test(self, drawn):
        counts, scores = drawn
        ours, theirs = k_sample_test(counts, scores), k_sample_test(counts, -3 * scores + 1)
        np.testing.assert_allclose(ours.statistic, theirs.statistic, rtol=1e-7, atol=1e-7)
