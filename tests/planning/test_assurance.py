"""Plans that meet their margin with a given chance, against all samples there can be."""

from math import comb

import numpy as np
import pytest
from enumeration import probabilities, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus import Scale, Tally, nps, top_box
from custfocus.errors import OptionError, TallyError
from custfocus.intervals import exact_interval, score_interval
from custfocus.planning import answers_needed, margin_assurance, margin_of_error, sample_size
from patterns import begins, whole

SHARE = (0, 1)
law = settings(derandomize=True, deadline=None, max_examples=40, database=None)


def chances(n, share, population=None):
    """The probability of each number of successes, by counting."""
    k = range(n + 1)
    if population is None:
        return np.array([comb(n, j) * share**j * (1 - share) ** (n - j) for j in k])
    successes = round(share * population)
    ways = [comb(successes, j) * comb(population - successes, n - j) for j in k]
    return np.array(ways, float) / comb(population, n)


def met(n, share, margin, level=0.95, population=None, *, interval=score_interval):
    """How often the half width is within the margin, by the interval of each sample."""
    k = np.arange(n + 1)
    low, high = interval(
        np.stack([n - k, k], axis=-1), SHARE, confidence_level=level, population=population
    )
    within = (high - low) / 2 <= margin * (1 + 1e-12)
    return chances(n, share, population)[within].sum()


class TestShares:
    @law
    @given(
        n=st.integers(1, 60),
        share=st.integers(0, 20).map(lambda i: i / 20),
        margin=st.floats(0.01, 0.49),
        level=st.sampled_from([0.5, 0.8, 0.95, 0.99]),
        more=st.one_of(st.none(), st.integers(0, 60)),
    )
    def test_the_chance_is_that_of_all_samples(self, n, share, margin, level, more):
        population = None if more is None else n + more
        found = margin_assurance(
            [1 - share, share], SHARE, n,
            margin=margin, confidence_level=level, population=population,
        )  # fmt: skip
        assert found == pytest.approx(met(n, share, margin, level, population), abs=1e-9)

    @pytest.mark.parametrize("method", ["exact", "mid-p"])
    @pytest.mark.parametrize(
        ("n", "share", "margin"), [(25, 0.2, 0.17), (40, 0.9, 0.1), (8, 0.5, 0.3)]
    )
    def test_so_it_is_of_exact_limits(self, method, n, share, margin):
        def interval(counts, scores, population, confidence_level):
            assert population is None
            return exact_interval(counts, scores, method=method, confidence_level=confidence_level)

        found = margin_assurance([1 - share, share], SHARE, n, margin=margin, method=method)
        expected = met(n, share, margin, interval=interval)
        assert 0.02 < found == pytest.approx(expected, abs=1e-9)

    @pytest.mark.parametrize(
        ("share", "margin", "assurance", "population"),
        [(0.1, 0.05, 0.9, None), (0.1, 0.05, 0.5, None), (0.3, 0.1, 0.99, None),
         (0.02, 0.04, 0.8, None), (0.1, 0.05, 0.9, 300), (0.5, 0.08, 0.9, 150),
         (0.95, 0.06, 0.7, 120)],
    )  # fmt: skip
    def test_a_plan_is_the_fewest_from_which_on_the_chance_is_there(
        self, share, margin, assurance, population
    ):
        plan = sample_size(
            [1 - share, share], SHARE,
            margin=margin, assurance=assurance, population=population,
        )  # fmt: skip
        n = int(plan.answers)
        assert met(n - 1, share, margin, population=population) < assurance
        for more in range(0, 120, 1):
            if population is None or n + more <= population:
                assert met(n + more, share, margin, population=population) >= assurance - 1e-12

    def test_half_of_the_time_a_plan_without_one_falls_short(self):
        plain = int(sample_size([0.1, 0.9], SHARE, margin=0.05).answers)
        assert 0.4 < met(plain, 0.9, 0.05) < 0.6
        sure = int(sample_size([0.1, 0.9], SHARE, margin=0.05, assurance=0.9).answers)
        assert sure == 176 > plain == 141

    def test_a_share_of_one_half_is_never_wider(self):
        plain = sample_size([0.5, 0.5], SHARE, margin=0.05)
        for assurance in (0.9, 0.999):
            assert sample_size([0.5, 0.5], SHARE, margin=0.05, assurance=assurance) == plain
        n = int(plain.answers)
        assert margin_assurance([0.5, 0.5], SHARE, n, margin=0.05) == 1

    def test_a_net_score_without_neutral_answers_is_a_share(self):
        share = margin_assurance([0.3, 0.7], SHARE, [50, 90], margin=0.1)
        net = margin_assurance([0.3, 0, 0.7], (-1, 0, 1), [50, 90], margin=0.2)
        np.testing.assert_array_equal(net, share)
        one = sample_size([0.3, 0.7], SHARE, margin=0.1, assurance=0.9)
        assert sample_size([0.3, 0, 0.7], (-1, 0, 1), margin=0.2, assurance=0.9) == one

    def test_large_populations_are_counted_and_larger_ones_are_infinite(self):
        options = {"margin": 0.01, "assurance": 0.9}
        infinite = sample_size([0.1, 0.9], SHARE, **options).answers
        assert sample_size([0.1, 0.9], SHARE, population=10**17, **options).answers == infinite
        large = sample_size([0.1, 0.9], SHARE, population=10**7, **options).answers
        assert 0 < infinite - large < 10

    def test_all_answers_alike_are_certain(self):
        assert margin_assurance([0, 1], SHARE, 100, margin=0.02) == 1
        assert margin_assurance([1, 0], SHARE, 100, margin=0.018) == 0
        plan = sample_size([0, 1], SHARE, margin=0.02, assurance=0.9)
        assert plan == sample_size([0, 1], SHARE, margin=0.02)

    def test_a_census_meets_every_margin(self):
        assert margin_assurance([0.1, 0.9], SHARE, 40, margin=1e-9, population=40) == 1
        plan = sample_size([0.1, 0.9], SHARE, margin=1e-9, assurance=0.99, population=40)
        assert plan.answers == 40
        of_three = {"margin": 1e-9, "population": 40}
        assert margin_assurance([0.1, 0.4, 0.5], (1, 2, 3), 40, **of_three) == 1

    def test_the_half_width_of_the_expected_counts_is_within_itself(self):
        for k in (90, 60, 99):
            half = margin_of_error([1 - k / 100, k / 100], SHARE, 100)
            found = margin_assurance([1 - k / 100, k / 100], SHARE, 100, margin=half)
            assert found == pytest.approx(met(100, k / 100, float(half)), abs=1e-9)


class TestOtherScores:
    @pytest.mark.parametrize(
        "shares",
        [(0.1, 0.2, 0.7), (0.2, 0.5, 0.3), (1 / 3, 1 / 3, 1 / 3), (0.02, 0.08, 0.9),
         (0.3, 0.1, 0.6)],
    )  # fmt: skip
    @pytest.mark.parametrize("n", [50, 100])
    def test_the_chance_is_nearly_that_of_all_samples(self, shares, n):
        counts, scores = tables(n, 3), (-1, 0, 1)
        low, high = score_interval(counts, scores)
        half, chance = (high - low) / 2, probabilities(counts, np.array([shares]))[0]
        order = np.argsort(half)
        for wanted in (0.8, 0.9, 0.95):
            at = np.searchsorted(np.cumsum(chance[order]), wanted)
            margin = half[order][at] * (1 + 1e-9)
            real = chance[half <= margin].sum()
            found = margin_assurance(shares, scores, n, margin=margin)
            assert found == pytest.approx(real, abs=0.03)

    def test_a_plan_is_the_first_with_the_chance(self):
        shares, scores = [0.1, 0.2, 0.3, 0.2, 0.2], np.arange(5)
        options = {"margin": 0.1, "design_effect": 1.5}
        n = int(sample_size(shares, scores, assurance=0.9, **options).answers)
        before, here = margin_assurance(shares, scores, [n - 1, n], **options)
        assert before < 0.9 <= here
        assert n > sample_size(shares, scores, **options).answers
        assert n - 1 > sample_size(shares, scores, assurance=0.8, **options).answers

    def test_a_design_effect_is_worth_as_many_fewer_answers(self):
        for shares, scores in (((0.1, 0.9), SHARE), ((0.1, 0.2, 0.7), (0, 1, 2))):
            many = margin_assurance(shares, scores, 600, margin=0.05, design_effect=3)
            few = margin_assurance(shares, scores, 600 / 3 * 1.0000001 // 1, margin=0.05)
            assert many == pytest.approx(few, abs=0.03)

    def test_it_rises_with_the_margin_and_the_answers(self):
        shares, scores = (0.1, 0.2, 0.7), (0, 1, 2)
        found = margin_assurance(
            shares, scores, [[100], [120], [140]], margin=[0.11, 0.12, 0.13, 0.14]
        )
        assert found.shape == (3, 4)
        assert (np.diff(found, axis=0) > 0).all()
        assert (np.diff(found, axis=1) > 0).all()


class TestGroups:
    def test_each_gets_what_it_gets_alone(self):
        shares = np.array([[0.1, 0.9], [0.5, 0.5], [0.02, 0.98]])
        options = {"margin": [0.05, 0.06, 0.03], "assurance": [0.9, 0.8, 0.95]}
        together = sample_size(shares, SHARE, population=[900, 500, 800], **options).answers
        for g, size in enumerate((900, 500, 800)):
            alone = sample_size(
                shares[g], SHARE, population=size, **{k: v[g] for k, v in options.items()}
            )
            assert together[g] == alone.answers
        found = margin_assurance(shares, SHARE, [100, 0, 200], margin=0.05)
        assert np.isnan(found).tolist() == [False, True, False]

    def test_estimates_are_planned_row_by_row(self):
        tally = Tally([[10, 90], [40, 60]], Scale.likert(2), by={"shop": ["a", "b"]})
        e = top_box(tally, boxes=1)
        found = answers_needed(e, margin=5, assurance=0.9)
        expected = sample_size([[0.1, 0.9], [0.4, 0.6]], SHARE, margin=0.05, assurance=0.9)
        np.testing.assert_array_equal(found.answers, expected.answers)
        assert "at 95 %, met with 90 % assurance, 100 % of those invited" in found.caption()
        plain = answers_needed(e, margin=5)
        assert plain.assurance is None
        assert "assurance" not in plain.caption()
        net = nps(Tally([0, 1, 0, 0, 0, 2, 3, 8, 9, 20, 7], Scale.range(0, 10)))
        more = answers_needed(net, margin=8, assurance=0.95).answers
        assert more > answers_needed(net, margin=8).answers


class TestWrongInput:
    @pytest.mark.parametrize(
        ("assurance", "message"),
        [(0, "assurance must be more than 0 and at most 1, got 0"),
         (1, "assurance must be less than 1, which no number of answers reaches, got 1"),
         (90, "assurance must be more than 0 and at most 1, got 90")],
    )  # fmt: skip
    def test_an_assurance_is_a_chance(self, assurance, message):
        with pytest.raises(OptionError, match=whole(message)):
            sample_size([0.1, 0.9], SHARE, margin=0.05, assurance=assurance)
        e = top_box(Tally([10, 90], Scale.likert(2)), boxes=1)
        with pytest.raises(OptionError, match=whole(message)):
            answers_needed(e, margin=5, assurance=assurance)
        with pytest.raises(OptionError, match=begins("assurance must be one number for all rows")):
            answers_needed(e, margin=5, assurance=[0.9])

    def test_answers_and_margins_are_checked(self):
        with pytest.raises(OptionError, match=begins("margin must be more than 0, got 0")):
            margin_assurance([0.1, 0.9], SHARE, 10, margin=0)
        with pytest.raises(TallyError, match=begins("no answers: an index needs at least one")):
            margin_assurance([0.1, 0.9], SHARE, 0, margin=0.1)
        with pytest.raises(TallyError, match=begins("population must be at least as large")):
            margin_assurance([0.1, 0.9], SHARE, 10, margin=0.1, population=9)
