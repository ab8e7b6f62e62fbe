"""P-values adjusted for their number: a published example, other software, wrong input."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.multiplicity import ADJUSTMENTS, Adjustment, adjusted_p_values

law = settings(derandomize=True, deadline=None, max_examples=100, database=None)

# Benjamini and Hochberg (1995), section 3.2: patients of a trial, in order
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip
STATSMODELS = {"holm": "holm", "bonferroni": "bonferroni", "benjamini-hochberg": "fdr_bh"}

a_p_value = st.one_of(st.sampled_from([0.0, 0.001, 0.01, 0.05, 0.5, 1.0]), st.floats(0, 1))
p_values = st.lists(a_p_value, min_size=1, max_size=12)
an_adjustment = st.sampled_from(sorted(STATSMODELS))


class TestKnownValues:
    def test_the_published_example_leads_to_as_many_rejections(self):
        holm = adjusted_p_values(PUBLISHED)
        rate = adjusted_p_values(PUBLISHED, adjustment="benjamini-hochberg")
        assert np.flatnonzero(holm <= 0.05).tolist() == [0, 1, 2]
        assert np.flatnonzero(rate <= 0.05).tolist() == [0, 1, 2, 3]

    def test_the_published_example_follows_by_hand(self):
        holm = adjusted_p_values(PUBLISHED)
        # 15, 14, 13, 12, 11 and 10 times; then .2780 stays the largest until 7 x .3240
        assert holm[:9] == pytest.approx(
            [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213], rel=1e-13
        )
        assert holm[9:].tolist() == [1] * 6
        rate = adjusted_p_values(PUBLISHED, adjustment="benjamini-hochberg")
        # 15 / 6 times .0278 is .0695, but 15 / 7 times .0298 less
        expected = [15 / 5 * 0.0201, 15 / 7 * 0.0298, 15 / 7 * 0.0298, 15 / 8 * 0.0344]
        assert rate[4:8] == pytest.approx(expected, rel=1e-13)
        assert rate[-1] == 1

    def test_no_adjustment_leaves_them_as_they_are(self):
        assert adjusted_p_values(PUBLISHED, adjustment="none").tolist() == PUBLISHED

    @pytest.mark.parametrize("adjustment", ADJUSTMENTS)
    def test_a_single_test_needs_none_and_no_test_that_could_be_made_gives_none(self, adjustment):
        mine = np.array([np.nan, 0.03, np.nan])
        adjusted = adjusted_p_values(mine, adjustment=adjustment)
        np.testing.assert_array_equal(adjusted, mine)
        adjusted[:] = 0  # a copy
        np.testing.assert_array_equal(mine, [np.nan, 0.03, np.nan])
        assert np.isnan(adjusted_p_values([np.nan, np.nan], adjustment=adjustment)).all()
        none = adjusted_p_values([], adjustment=adjustment)
        assert (none.shape, none.dtype) == ((0,), np.float64)

    @law
    @given(p_values, an_adjustment)
    def test_they_are_those_of_statsmodels_ties_among_them(self, given_p, adjustment):
        adjusted = adjusted_p_values(given_p, adjustment=adjustment)
        expected = multipletests(given_p, method=STATSMODELS[adjustment])[1]
        np.testing.assert_allclose(adjusted, expected, rtol=1e-15, atol=0)
        assert (adjusted >= given_p).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(given_p, kind="stable")]) >= 0).all()


class TestLaws:
    @law
    @given(p_values, an_adjustment, st.data())
    def test_they_stay_with_their_tests_in_any_order(self, given_p, adjustment, data):
        order = data.draw(st.permutations(range(len(given_p))))
        adjusted = adjusted_p_values(given_p, adjustment=adjustment)
        shuffled = adjusted_p_values(np.array(given_p)[order], adjustment=adjustment)
        assert shuffled.tolist() == adjusted[order].tolist()

    @law
    @given(p_values)
    def test_holms_are_at_least_those_of_the_false_discovery_rate(self, given_p):
        rate = adjusted_p_values(given_p, adjustment="benjamini-hochberg")
        # p (m + 1 - i) against p m / i, each rounded
        assert (adjusted_p_values(given_p) >= rate * (1 - 1e-15)).all()

    @law
    @given(p_values, an_adjustment, st.data())
    def test_a_test_that_could_not_be_made_belongs_to_no_family(self, given_p, adjustment, data):
        where = data.draw(st.lists(st.integers(0, len(given_p)), min_size=1, max_size=3))
        with_gaps = np.insert(given_p, where, np.nan)
        adjusted = adjusted_p_values(with_gaps, adjustment=adjustment)
        assert np.isnan(adjusted).tolist() == np.isnan(with_gaps).tolist()
        alone = adjusted_p_values(given_p, adjustment=adjustment)
        assert adjusted[~np.isnan(adjusted)].tolist() == alone.tolist()


class TestWrongInput:
    @pytest.mark.parametrize(
        ("p", "rule"),
        [
            ([0.1, 1.5], "a sequence of numbers from 0 to 1, got [0.1, 1.5]"),
            ([-1e-9], "a sequence of numbers from 0 to 1, got [-1e-09]"),
            ([np.inf], "a sequence of numbers from 0 to 1, got [inf]"),
            (0.05, "a sequence of numbers from 0 to 1, got 0.05"),
            ([[0.1], [0.2]], "a sequence of numbers from 0 to 1, got [[0.1], [0.2]]"),
            ([5] * 100, "a sequence of numbers from 0 to 1, got [5, 5, 5, 5, 5, 5, ...]"),
            (["0.1"], "numbers, got ['0.1']"), ("0.05", "numbers, got '0.05'"),
            ([1j], "numbers, got [1j]"),
        ],
    )  # fmt: skip
    def test_anything_but_a_sequence_of_shares_is_an_error_that_shows_it(self, p, rule):
        with pytest.raises(TallyError, match=f"^{re.escape(f'p_values must be {rule}')}$"):
            adjusted_p_values(p)

    def test_an_unknown_adjustment_is_named_with_the_near_miss(self):
        with pytest.raises(
            OptionError, match=r"^unknown adjustment 'holms'; did you mean 'holm'\?"
        ):
            adjusted_p_values([0.1], adjustment="holms")

    def test_the_type_of_the_adjustments_names_every_one(self):
        assert set(Adjustment.__args__) == set(ADJUSTMENTS)
