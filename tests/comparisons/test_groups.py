"""Comparisons of groups: in pairs, with the rest, with a reference; what they hold and refuse."""

import numpy as np
import pandas as pd
import pytest

from custfocus.comparisons import (
    adjusted_p_values,
    compare,
    funnel,
    homogeneity,
    pairwise,
    rank,
    with_reference,
    with_rest,
)
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.indices import mean_score
from custfocus.responses import Scale, Tally
from custfocus.surveys import SurveyDesign
from patterns import begins

FIVE = Scale.likert(5)
COUNTS = [[1, 2, 3, 4, 5], [9, 0, 1, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 9, 30], [2, 2, 2, 2, 2]]
SHOPS = list("abcde")
ONE = mean_score(Tally(COUNTS, FIVE, by={"shop": SHOPS}))
NUMBERED = mean_score(Tally(COUNTS, FIVE))
TABLE = mean_score(
    Tally(
        [*COUNTS, *COUNTS[:3][::-1]],
        FIVE,
        by={"shop": [*SHOPS, "a", "b", "c"], "wave": [1] * 5 + [2] * 3},
    )
)
ITEMS = mean_score({"q1": [1, 2], "q2": [3, 3]}, scale=FIVE)

every_comparison = pytest.mark.parametrize(
    "verb", [pairwise, with_rest, lambda e, **options: with_reference(e, shop="a", **options)]
)
every_verb = pytest.mark.parametrize(
    ("verb", "done"),
    [
        (pairwise, "compared"),
        (with_rest, "compared"),
        (homogeneity, "compared"),
        (rank, "ranked"),
        (funnel, "held against funnel limits"),
    ],
)


def labels(found):
    keys = found.keys
    return list(zip(keys.labels("label_a"), keys.labels("label_b"), strict=True))


def drawn_survey(items=1):
    generator = np.random.default_rng(7)
    respondents = 240
    design = SurveyDesign(
        generator.lognormal(0, 0.5, respondents), clusters=np.arange(respondents) // 8
    )
    answers = {f"q{item}": generator.integers(1, 6, respondents) for item in range(items)}
    by = {"shop": generator.choice(list("abc"), respondents), "wave": np.arange(respondents) % 2}
    return mean_score(answers if items > 1 else answers["q0"], scale=FIVE, by=by, design=design)


class TestPairwise:
    def test_every_pair_comes_once_in_order(self):
        expected = [(a, b) for place, a in enumerate(SHOPS) for b in SHOPS[place + 1 :]]
        assert labels(pairwise(ONE)) == expected
        assert labels(pairwise(NUMBERED))[:2] == [(0, 1), (0, 2)]
        assert pairwise(NUMBERED).value[0] == pairwise(ONE).value[0]

    def test_pairs_are_within_each_label_of_the_other_names(self):
        found = pairwise(TABLE, across="shop")
        assert found.keys.names == ("wave", "label_a", "label_b")
        assert len(found.sel(wave=1)) == 10
        assert labels(found.sel(wave=2)) == [("a", "b"), ("a", "c"), ("b", "c")]
        second = found.sel(wave=2, label_a="b", label_b="c")
        assert second.value == compare(TABLE.sel(wave=2), shop=("b", "c")).value

    def test_one_group_has_no_pairs(self):
        found = pairwise(ONE[:1])
        assert (len(found), len(found.adjusted_p_value), found.to_dicts()) == (0, 0, [])

    def test_more_pairs_than_can_be_compared_are_an_error_that_says_what_else(self):
        e = mean_score(Tally(np.ones((2001, 5)), FIVE))
        message = "pairs are compared up to 2,000,000, got 2,001,000 by group; compare each"
        with pytest.raises(TallyError, match=begins(message)):
            pairwise(e)

    def test_a_declared_order_of_labels_is_kept(self):
        level = pd.Categorical(["low", "high"] * 4, categories=["low", "high"])
        by = pd.Series(level, name="level")
        found = pairwise(mean_score([1, 2, 3, 4, 5, 4, 3, 2], scale=FIVE, by=by))
        assert labels(found) == [("low", "high")]
        assert found.keys.declared == {"label_a", "label_b"}

    def test_rows_of_a_design_have_their_covariance(self):
        found = pairwise(drawn_survey().sel(wave=1))
        assert (found.correlation != 0).any()
        assert "95 % score intervals of the design" in found.caption()

    def test_groups_are_titled_by_their_name(self):
        title = str(pairwise(TABLE, across="shop")).split("\n", maxsplit=1)[0]
        assert title.split("  ")[:4] == ["wave", "shop (a)", "shop (b)", "n (a)"]
        rest = str(with_rest(ONE).sel(label_b="the rest")).split("\n", maxsplit=1)[0]
        assert rest.split()[:7] == ["shop", "(a)", "n", "(a)", "n", "(the", "rest)"]


class TestWithRest:
    def test_the_rest_is_all_others(self):
        found = with_rest(ONE)
        assert labels(found) == [(shop, "the rest") for shop in SHOPS]
        counts = np.array(COUNTS)
        for place, shop in enumerate(SHOPS):
            row = found.sel(label_a=shop, label_b="the rest")
            if shop == "c":
                assert np.isnan(row.value)
                continue
            rest = mean_score(Tally(counts.sum(axis=0) - counts[place], FIVE))
            alone = compare(ONE.sel(shop=shop), rest)
            assert (row.value, row.low, row.p_value) == (alone.value, alone.low, alone.p_value)
            assert row.to_dicts()[0]["n_b"] == rest.n

    def test_missing_answers_of_the_rest_are_added_up(self):
        e = mean_score(Tally([[1, 1, 1, 1, 1]] * 3, FIVE, [1, 2, 4]))
        assert with_rest(e).b.missing.tolist() == [1, 2, 4, 6, 5, 3]

    def test_the_rest_is_that_of_each_block(self):
        found = with_rest(TABLE, across="shop")
        alone = with_rest(TABLE.sel(wave=2))
        np.testing.assert_array_equal(found.sel(wave=2).value, alone.value)

    def test_of_two_domains_of_a_design_each_is_the_others_rest(self):
        e = drawn_survey().sel(shop="a")
        found, alone = with_rest(e), compare(e, wave=(0, 1))
        ours = [found.value[0], found.low[0], found.p_value[1]]
        theirs = [float(one) for one in (alone.value, alone.low, alone.p_value)]
        assert ours == pytest.approx(theirs, abs=1e-10)


class TestWithReference:
    @pytest.mark.parametrize("reference", ["a", "c", "e"])
    def test_every_other_group_is_compared_with_it(self, reference):
        found = with_reference(ONE, shop=reference)
        assert labels(found) == [(shop, reference) for shop in SHOPS if shop != reference]
        for row, (shop, _) in zip(found, labels(found), strict=True):
            if "c" in (shop, reference):
                assert np.isnan(row.value)
            else:
                assert row.value == compare(ONE, shop=(shop, reference)).value

    def test_a_mapping_or_a_keyword_names_it(self):
        assert with_reference(ONE, {"shop": "b"}) == with_reference(ONE, shop="b")
        assert len(with_reference(NUMBERED, {"group": 3})) == 4

    def test_a_block_without_the_reference_has_nothing_to_compare(self):
        found = with_reference(TABLE, shop="d")
        assert np.isnan(found.sel(wave=2).value).all()
        assert found.sel(wave=2).to_dicts()[0]["n_b"] == 0
        assert not np.isnan(found.sel(wave=1, label_a="a", label_b="d").value)

    @pytest.mark.parametrize("reference", [None, {}, {"shop": "a", "wave": 1}, "a", 3, ["shop"]])
    def test_anything_but_one_name_and_label_is_an_error(self, reference):
        message = begins("with_reference takes one name and the label")
        with pytest.raises(OptionError, match=message):
            with_reference(TABLE, reference)

    def test_a_keyword_beside_anything_but_a_mapping_is_an_error(self):
        message = "with_reference takes one name and the label to compare with, got 'a';"
        with pytest.raises(OptionError, match=begins(message)):
            with_reference(ONE, "a", shop="a")

    def test_what_is_not_there_no_estimate_and_items_are_errors(self):
        with pytest.raises(LabelError, match="unknown shop 'z'"):
            with_reference(ONE, shop="z")
        with pytest.raises(LabelError, match="unknown name of groups 'shpo'"):
            with_reference(ONE, shpo="a")
        with pytest.raises(TallyError, match=begins("with_reference takes estimates, got a Tally")):
            with_reference(ONE.sample, shop="a")
        with pytest.raises(TallyError, match=begins("items are answers of the same people")):
            with_reference(ITEMS, item="q1")


class TestOptions:
    @every_comparison
    @pytest.mark.parametrize("adjustment", ["holm", "bonferroni", "benjamini-hochberg"])
    def test_p_values_are_adjusted_for_all_comparisons(self, verb, adjustment):
        found = verb(ONE, adjustment=adjustment)
        expected = adjusted_p_values(found.p_value, adjustment=adjustment)
        np.testing.assert_array_equal(found.adjusted_p_value, expected)
        assert f"each on its own; p adjusted by {adjustment} for every" in found.caption()

    @every_comparison
    def test_holms_is_the_default_and_none_has_no_such_column(self, verb):
        assert verb(ONE) == verb(ONE, adjustment="holm")
        plain = verb(ONE, adjustment="none")
        assert plain.adjusted_p_value is None
        assert "adjusted" not in str(plain)

    def test_the_family_is_the_block(self):
        found = pairwise(TABLE, across="shop")
        for wave in (1, 2):
            here = found.sel(wave=wave)
            np.testing.assert_array_equal(here.adjusted_p_value, adjusted_p_values(here.p_value))
        assert found.caption().endswith(
            "p adjusted by holm for every pair by shop within each wave"
        )
        items = with_rest(drawn_survey(2), across="shop")
        assert items.caption().endswith("every shop against the rest within each wave and item")

    @every_comparison
    def test_an_unknown_adjustment_or_method_is_an_error(self, verb):
        with pytest.raises(OptionError, match=begins("unknown adjustment 'holms'; did you mean")):
            verb(ONE, adjustment="holms")
        with pytest.raises(OptionError, match=begins("unknown method 'wald'")):
            verb(ONE, method="wald")

    @every_comparison
    def test_the_correction_can_be_left_out(self, verb):
        assert (verb(ONE, correction=False).p_value < verb(ONE).p_value)[0]


@every_verb
class TestWhatIsRefused:
    @pytest.mark.parametrize("wrong", [5, "csat", [1, 2], None, ONE.sample, pairwise(ONE)])
    def test_what_is_no_estimate_is_answered_with_the_right_call(self, verb, done, wrong):
        del done
        message = f"^{verb.__name__} takes estimates, got .*compute the index first"
        with pytest.raises(TallyError, match=message):
            verb(wrong)

    def test_items_are_the_same_people(self, verb, done):
        message = begins(f"items are answers of the same people and can't be {done} as indep")
        for options in ({}, {"across": "item"}):
            with pytest.raises(TallyError, match=message):
                verb(ITEMS, **options)

    def test_of_several_names_one_must_be_said(self, verb, done):
        message = f"across= must say which of shop, wave is {done} within the others"
        with pytest.raises(LabelError, match=begins(message)):
            verb(TABLE)

    def test_a_name_that_is_not_there_or_no_text(self, verb, done):
        del done
        with pytest.raises(LabelError, match="unknown name of groups 'shpo'; did you mean 'shop'"):
            verb(ONE, across="shpo")
        with pytest.raises(OptionError, match=begins("across must be the name of groups, a text")):
            verb(ONE, across=0)

    def test_a_single_row(self, verb, done):
        del done
        with pytest.raises(LabelError, match=f"^{verb.__name__} needs a result by group, got a s"):
            verb(ONE[0])
