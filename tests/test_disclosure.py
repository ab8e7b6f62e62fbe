"""Hiding small groups: which are hidden with them, what is shown, and that totals give none away."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.disclosure import Suppressed, suppress
from custfocus.errors import LabelError, OptionError, TallyError
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
            ([200, 5], "[200] [5] 205"),
            ([0, 4, 0, 30, 40], "0 [4] 0 [30] 40 74"),  # no answers protect none
            ([0, 4, 0], "0 [4] 0 [4]"),  # its total would give it away
            ([4], "[4] [4]"),
            ([3, 0, 4], "[3] 0 [4] [7]"),
            ([3, 4, 5], "[3] [4] [5] 12"),
            ([40, 4], "[40] [4] 44"),
            ([], "0"),
            ([0, 0], "0 0 0"),
        ],
    )
    def test_small_groups_and_what_protects_them(self, n, expected):
        assert marked(n, 10) == expected

    def test_two_is_the_least_minimum(self):
        assert marked([40, 2, 30], 2) == "40 2 30 72"
        assert marked([40, 1, 30], 2) == "40 [1] [30] 71"


class TestPromises:
    @law
    @given(tables, a_minimum)
    def test_few_answers_are_neither_shown_nor_a_difference_of_shown_numbers(self, n, minimum):
        found = suppress(estimate_of(n), minimum=minimum)
        for one, out in zip([*n, sum(n)], [*found.hidden, found.total_hidden], strict=True):
            assert out or one == 0 or one >= minimum
        hidden = int(found.hidden.sum())
        assert hidden + found.total_hidden != 1
        if hidden and not found.total_hidden:
            assert sum(np.array(n)[found.hidden]) >= minimum
        assert not found.hidden[np.array(n, int) == 0].any()

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

    def test_hidden_rows_have_stars_and_no_pictures(self):
        found = suppress(self.SHOPS, minimum=10)
        assert found._repr_html_().count("<svg") == 2  # one of them the scale
        assert str(found.sel(shop="s")).splitlines()[1].split() == ["*"] * 5


class TestWrongInput:
    @pytest.mark.parametrize("minimum", [1, -5, 2.0, True, "10", None, float("nan")])
    def test_a_minimum_that_is_no_whole_number_of_2_or_more_is_an_error(self, minimum):
        message = f"minimum must be a whole number of 2 or more, got {minimum!r}"
        with pytest.raises(OptionError, match=whole(message)):
            suppress(estimate_of([40, 5]), minimum=minimum)

    @pytest.mark.parametrize(
        "wrong", [5, "csat", None, Tally([1, 2], TWO), suppress(estimate_of([40, 5]), minimum=10)]
    )
    def test_what_is_no_estimate_is_answered_with_the_right_call(self, wrong):
        with pytest.raises(TallyError, match=begins("suppress takes an estimate, got ")):
            suppress(wrong, minimum=10)

    @pytest.mark.parametrize(
        ("e", "kind", "message"),
        [
            (estimate_of(5), LabelError, "suppress needs an estimate by group, got a single row"),
            (
                mean_score(Tally([[1] * 5] * 2, FIVE, by={"shop": ["a"] * 2, "wave": [1, 2]})),
                LabelError,
                "suppress protects the total of groups by one name, got shop, wave; tables",
            ),
            (
                mean_score({"q1": [1, 2], "q2": [3, 3]}, scale=FIVE),
                TallyError,
                "items are answers of the same people and can't be hidden as independent",
            ),
            (
                mean_score([1, 2, 3], scale=FIVE, by=[1, 1, 2], design=SurveyDesign([1, 2, 1])),
                TallyError,
                "suppress takes estimates of plain samples, got one of a design",
            ),
        ],
    )
    def test_what_it_does_not_protect_is_refused(self, e, kind, message):
        with pytest.raises(kind, match=begins(message)):
            suppress(e, minimum=2)
