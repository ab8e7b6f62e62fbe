"""Hiding small groups: which are hidden with them, what is shown, and that totals give none away."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.disclosure import Suppressed, suppress
from custfocus.errors import CustfocusError, LabelError, OptionError, TallyError
from custfocus.indices import csat, mean_score, top_box
from custfocus.responses import Scale, Tally
from custfocus.surveys import SurveyDesign
from patterns import begins, whole

TWO, FIVE = Scale.likert(2), Scale.likert(5)
law = settings(derandomize=True, deadline=None, max_examples=100, database=None)
a_size = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 12), st.integers(8, 60))
tables = st.lists(a_size, max_size=9)
a_minimum = st.integers(2, 12)


def estimate_of(n, **options):
    """An estimate with so many answers in each group, every other one of them satisfied."""
    n = np.asarray(n, int)
    return top_box(Tally(np.stack([n - n // 2, n // 2], axis=-1), TWO), boxes=1, **options)


def marked(n, minimum):
    """The groups and their total as text, hidden numbers in brackets."""
    found = suppress(estimate_of(n), minimum=minimum)
    hidden = [*found.hidden.tolist(), found.total_hidden]
    return " ".join(
        f"[{one}]" if out else f"{one}" for one, out in zip([*n, sum(n)], hidden, strict=True)
    )


class TestWhichAreHidden:
    @pytest.mark.parametrize(
        ("n", "expected"),
        [
            ([62, 4, 30, 25], "62 [4] 30 [25] 121"),  # and the next smallest
            ([62, 4, 7, 30], "62 [4] [7] 30 103"),  # together they have enough
            ([62, 4, 5, 30], "62 [4] [5] [30] 101"),  # together too few
            ([62, 10, 30], "62 10 30 102"),  # the minimum itself is not small
            ([0, 4, 0, 30, 40], "0 [4] 0 [30] 40 74"),  # no answers protect none
            ([0, 4, 0], "0 [4] 0 [4]"),  # its total would give it away
            ([200, 5], "[200] [5] 205"), ([4], "[4] [4]"), ([3, 0, 4], "[3] 0 [4] [7]"),
            ([3, 4, 5], "[3] [4] [5] 12"), ([40, 4], "[40] [4] 44"),
        ],
    )  # fmt: skip
    def test_small_groups_and_what_protects_them(self, n, expected):
        assert marked(n, 10) == expected

    @pytest.mark.parametrize("n", [[], [0], [0, 0], [10], [50, 20]])
    def test_none_is_hidden_where_none_is_small(self, n):
        found = suppress(estimate_of(n), minimum=10)
        assert not found.hidden.any()
        assert not found.total_hidden

    def test_two_is_the_least_minimum(self):
        assert marked([40, 2, 30], 2) == "40 2 30 72"
        assert marked([40, 1, 30], 2) == "40 [1] [30] 71"


class TestPromises:
    @law
    @given(tables, a_minimum)
    def test_neither_a_group_nor_the_total_with_few_answers_is_shown_but_those_without_any(
        self, n, minimum
    ):
        found = suppress(estimate_of(n), minimum=minimum)
        for one, out in zip([*n, sum(n)], [*found.hidden, found.total_hidden], strict=True):
            assert out or one == 0 or one >= minimum
        assert not found.hidden[np.array(n, int) == 0].any()

    @law
    @given(tables, a_minimum)
    def test_no_hidden_number_is_a_difference_of_shown_ones(self, n, minimum):
        found = suppress(estimate_of(n), minimum=minimum)
        hidden = int(found.hidden.sum())
        assert hidden + found.total_hidden != 1
        if hidden and not found.total_hidden:
            assert sum(np.array(n)[found.hidden]) >= minimum

    @law
    @given(tables, a_minimum)
    def test_what_is_shown_is_the_estimate_and_what_is_hidden_is_nowhere(self, n, minimum):
        e = estimate_of(n)
        found = suppress(e, minimum=minimum)
        for name in ("n", "missing", "value", "low", "high"):
            expected = np.where(found.hidden, np.nan, getattr(e, name))
            np.testing.assert_array_equal(getattr(found, name), expected)
        for row in found.to_dicts():
            assert not row["hidden"] or {row["n"], row["value"], row["high"]} == {None}


class TestResult:
    SHOPS = mean_score(
        Tally([[1, 2, 30, 20, 9], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9], [0] * 5], FIVE,
              by={"shop": list("nswx")}),
    )  # fmt: skip

    def test_it_reads_as_the_estimate_with_stars(self):
        found = suppress(csat(self.SHOPS.sample), minimum=10)
        assert type(found) is Suppressed
        assert str(found).splitlines() == [
            "shop   n  missing  CSAT   low  high",
            "n     62        0  46.8  34.9  59.0",
            "s      *        *     *     *     *",
            "w      *        *     *     *     *",
            "x      0        0     -     -     -",
            "CSAT, 95 % score interval; * hidden: fewer than 10 answers, or complementary suppression",
        ]

    def test_where_none_is_hidden_its_caption_is_that_of_the_estimate(self):
        assert suppress(self.SHOPS, minimum=2).caption() == self.SHOPS.caption()

    def test_a_total_to_hide_is_said(self):
        text = suppress(estimate_of([3, 0, 4]), minimum=10).caption()
        assert text.endswith("complementary suppression; the total must be hidden as well")

    def test_no_counts_of_hidden_groups_are_in_it(self):
        """They are in no field, and so in no pickle either."""
        odd = Tally([[1001, 1003], [1, 4], [0, 9]], TWO, [0, 777, 0], by={"shop": list("nsw")})
        found = suppress(top_box(odd, boxes=1), minimum=10)
        assert found.hidden.tolist() == [False, True, True]
        assert not hasattr(found, "sample")
        state = pickle.loads(pickle.dumps(found))
        numbers = [getattr(state, name) for name in ("n", "missing", "value", "low", "high")]
        assert np.isnan(numbers)[:, 1:].all()

    def test_only_shown_rows_have_pictures(self):
        html = suppress(self.SHOPS, minimum=10)._repr_html_()
        assert html.count("<svg") == 2  # one of them the scale

    def test_choosing_a_hidden_row_shows_stars(self):
        found = suppress(self.SHOPS, minimum=10)
        assert str(found.sel(shop="s")).splitlines()[1].split() == ["*"] * 5
        assert np.isnan(float(found.sel(shop="s")))


class TestWrongInput:
    @pytest.mark.parametrize("minimum", [1, 0, -5, 2.0, 10.5, True, "10", None, float("nan")])
    def test_a_minimum_that_is_no_whole_number_of_2_or_more_is_an_error(self, minimum):
        message = f"minimum must be a whole number of 2 or more, got {minimum!r}"
        with pytest.raises(OptionError, match=whole(message)):
            suppress(estimate_of([40, 5]), minimum=minimum)

    @pytest.mark.parametrize(
        ("wrong", "kind", "message"),
        [
            *[(wrong, TallyError, f"suppress takes an estimate, got a{shown}") for wrong, shown in [
                (5, "n int"), ("csat", " str"), ([1, 2], " list"), (None, " NoneType"),
                (Tally([1, 2], TWO), " Tally"),
                (suppress(estimate_of([40, 5]), minimum=10), " Suppressed"),
            ]],
            (estimate_of(5), LabelError, "suppress needs an estimate by group, got a si"),
            (top_box(Tally(np.eye(2), TWO, by={"shop": [1, 1], "wave": [1, 2]}), boxes=1),
             LabelError, "suppress protects the total of groups by one"),
            (mean_score({"q1": [1, 2], "q2": [3, 3]}, scale=FIVE), TallyError,
             "items are answers of the same people and can't be hidden as independent"),
            (mean_score([1, 2, 3], scale=FIVE, by=[1, 1, 2], design=SurveyDesign([1, 2, 1])),
             CustfocusError, "suppress takes estimates of plain samples"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_protected_is_an_error(self, wrong, kind, message):
        with pytest.raises(kind, match=begins(message)):
            suppress(wrong, minimum=10)
