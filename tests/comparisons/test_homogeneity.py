"""Tests of homogeneity: the statistic of plain groups and of domains of a design."""

import numpy as np
import pytest

from custfocus.comparisons import compare, homogeneity
from custfocus.errors import TallyError
from custfocus.indices import estimate, mean_score
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign

TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE, MEAN = Scoring.top_box(TWO, 1), Scoring.mean(FIVE)
COUNTS = np.array(
    [[1, 2, 3, 4, 5], [9, 0, 1, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 9, 30], [2, 2, 2, 2, 2]]
)


def differ(counts, scoring=MEAN):
    return homogeneity(estimate(Tally(counts, scoring.scale), scoring))


class TestPlainGroups:
    def test_equal_means_of_unlike_spread_are_no_evidence(self):
        # R: the K-sample score test by nested uniroot on its definition
        found = differ([[0, 0, 400, 0, 0], [7, 0, 0, 0, 13]])
        assert float(found.p_value) == pytest.approx(0.180231481575, abs=1e-12)

    @pytest.mark.parametrize(
        "counts", [COUNTS[:2], COUNTS[[0, 3]], [[0, 0, 400, 0, 0], [7, 0, 0, 0, 13]]]
    )
    def test_of_two_groups_it_is_their_comparison(self, counts):
        found = differ(counts)
        alone = compare(mean_score(Tally(counts, FIVE)), group=(0, 1))
        assert float(found.p_value) == pytest.approx(float(alone.p_value), rel=1e-10)
        assert (found.degrees_of_freedom, found.groups) == (1, 2)

    @pytest.mark.parametrize("alike", [10**9, 10**15])
    def test_many_answers_at_the_end_of_the_scale_do_not_differ_from_one_there(self, alike):
        for point in (0, 4):
            counts = np.zeros((2, 5), np.int64)
            counts[:, point] = alike, 1
            with np.errstate(all="raise"):
                found = differ(counts)
            assert (float(found.statistic), float(found.p_value)) == (0, 1)

    def test_groups_without_answers_are_left_out(self):
        found, without = differ(COUNTS), differ(np.delete(COUNTS, 2, axis=0))
        assert found.statistic == pytest.approx(float(without.statistic), rel=1e-12)
        assert (found.degrees_of_freedom, found.groups, found.n) == (3, 4, 77)
        assert np.isinf(found.denominator_degrees_of_freedom)

    def test_equal_answers_give_no_sign_of_a_difference(self):
        scoring = Scoring(Scale.likert(3), [0.1, 0.1, 1])
        found = differ([[3, 0, 0], [1, 6, 0]], scoring)
        assert (found.statistic, found.p_value) == (0, 1)

    def test_each_block_is_tested_alone_however_many_groups_it_has(self):
        by = {"shop": [*"abcdabca"], "wave": [1] * 4 + [2] * 3 + [3]}
        e = mean_score(Tally([*COUNTS[[0, 1, 3, 4]], *COUNTS[:3], COUNTS[0]], FIVE, by=by))
        found = homogeneity(e, across="shop")
        assert found.keys.columns() == {"wave": [1, 2, 3]}
        assert (found.groups.tolist(), found.n.tolist()) == ([4, 2, 1], [77, 27, 15])
        for wave in (1, 2):
            alone = homogeneity(e.sel(wave=wave))
            assert found.sel(wave=wave).statistic == alone.statistic
            assert found.sel(wave=wave).degrees_of_freedom == alone.degrees_of_freedom
        assert np.isnan([found.statistic[2], found.p_value[2]]).all()

    @pytest.mark.parametrize(("counts", "groups"), [([[3, 4], [0, 0]], 1), ([[0, 0]], 0)])
    def test_fewer_than_two_groups_with_answers_are_an_error(self, counts, groups):
        message = f"at least two groups need answers to be compared, got {groups}"
        with pytest.raises(TallyError, match=f"^{message}$"):
            differ(counts, SHARE)


class TestDomains:
    def test_of_two_domains_it_is_their_comparison(self):
        generator = np.random.default_rng(4)
        design = SurveyDesign(generator.lognormal(0, 0.5, 160), clusters=np.arange(160) // 8)
        e = mean_score(
            generator.integers(1, 6, 160), scale=FIVE, by=np.arange(160) % 2, design=design
        )
        found = homogeneity(e)
        alone = compare(e, group=(0, 1))
        assert float(found.p_value) == pytest.approx(float(alone.p_value), rel=1e-9)
        assert np.isfinite(found.denominator_degrees_of_freedom)
        assert ": F " in str(found)
        assert " on 1 and 1" in str(found)


class TestReading:
    def test_one_test_is_a_sentence(self):
        assert str(differ([[14, 56], [32, 48]], SHARE)) == (
            "whether top box differs by group, score test: chi-square 6.98 on 1 df, p = 0.008, "
            "2 groups, n=150"
        )

    def test_several_are_a_table(self):
        by = {"shop": [*"abab"], "wave": [1, 1, 2, 2]}
        e = estimate(Tally([[14, 56], [32, 48], [100, 900], [900, 100]], TWO, by=by), SHARE)
        assert str(homogeneity(e, across="shop")).splitlines() == [
            "wave  groups     n  chi-square  df        p",
            "1          2   150        6.98   1    0.008",
            "2          2  2000     1279.36   1  < 0.001",
            "whether top box differs by shop, score test",
        ]
        assert " p < 0.001, " in str(homogeneity(e, across="shop").sel(wave=2))
        assert homogeneity(e, across="shop").to_dicts()[0]["denominator_degrees_of_freedom"] is None
