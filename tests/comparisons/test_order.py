"""Answers compared by their order alone: labels, groups, what is printed, what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus import Scale, SurveyDesign, Tally, csat, plots, top_box
from custfocus.comparisons import compare_order, pairwise, with_rest
from custfocus.errors import LabelError, OptionError, ScaleError, TallyError
from custfocus.intervals import ordinal_difference_interval, ordinal_difference_p_value
from custfocus.responses import PairTally
from custfocus.surveys import SurveyTally

law = settings(derandomize=True, deadline=None, max_examples=30, database=None)
FIVE = Scale.likert(5, missing=[9])
COUNTS = [[2, 1, 4, 20, 30], [1, 2, 8, 10, 6], [5, 5, 5, 5, 5]]
SHOPS = Tally(COUNTS, FIVE, by={"shop": ["north", "south", "east"]})
BOTH = Tally(
    [*COUNTS, [0, 0, 1, 2, 9]],
    FIVE,
    by={"shop": ["north", "north", "south", "south"], "wave": [1, 2, 1, 2]},
)
ONE, OTHER = Tally(COUNTS[0], FIVE), Tally(COUNTS[1], FIVE)


def test_it_is_the_kernels_in_percentage_points():
    found = compare_order(ONE, OTHER, confidence_level=0.9, correction=False)
    limits = ordinal_difference_interval(*COUNTS[:2], confidence_level=0.9, correction=False)
    assert (found.low, found.high) == pytest.approx([100 * limit for limit in limits])
    p = ordinal_difference_p_value(*COUNTS[:2], correction=False)
    assert found.p_value == pytest.approx(float(p))
    assert found.confidence_level == 0.9
    better, worse = (float(found.columns()[name].values) for name in ("better", "worse"))
    assert found.value == pytest.approx(better - worse)
    assert found.superiority == pytest.approx(0.5 + found.value / 200)


def test_a_sentence_says_what_was_compared():
    found = compare_order(SHOPS, shop=("north", "east"))
    assert str(found) == (
        "answers of north better than those of east in 66.3 %, alike in 20.0 %, worse in 13.7 % "
        "of pairs, net 52.6 [25.9, 71.5], p < 0.001, n=57 and 25, 95 % score interval"
    )


def test_labels_by_mapping_and_by_name_are_one():
    assert compare_order(SHOPS, {"shop": ("north", "east")}) == compare_order(
        SHOPS, shop=("north", "east")
    )


def test_two_samples_meet_by_label():
    after = BOTH.sel(wave=2)
    before = BOTH.sel(wave=1)
    found = compare_order(after, before)
    assert found == compare_order(BOTH, wave=(2, 1))
    assert found == compare_order(after[::-1], before)
    south = compare_order(after.sel(shop="south"), before.sel(shop="south"))
    assert float(found.sel(shop="south").value) == float(south.value)


def test_a_row_that_one_side_lacks_has_no_answers():
    found = compare_order(BOTH[:3], wave=(2, 1))
    assert found.columns()["n_a"].values.tolist() == [27, 0]  # noqa: PD011
    lacking = found.sel(shop="south")
    for name in ("value", "low", "high", "standard_error", "p_value"):
        assert np.isnan(getattr(lacking, name))
    assert np.isnan(lacking.columns()["better"].values)


@law
@given(
    st.lists(st.integers(0, 20), min_size=8, max_size=8).filter(lambda n: sum(n[:4]) and sum(n[4:]))
)
def test_sides_mirror(counts):
    scale = Scale.likert(4)
    one, other = Tally(counts[:4], scale), Tally(counts[4:], scale)
    found, mirrored = compare_order(one, other), compare_order(other, one)
    assert (found.value, found.low, found.high) == (-mirrored.value, -mirrored.high, -mirrored.low)
    assert found.p_value == mirrored.p_value
    assert (found.p_value < 0.05) == (found.low > 0 or found.high < 0)


def test_a_scale_written_the_other_way_round_turns_the_difference():
    turned = Scale([5, 4, 3, 2, 1])
    one, other = ([5, 5, 4, 1, 2, 5, 3], [1, 2, 3, 5, 3, 3])
    found = compare_order(*(Tally.of(each, Scale.likert(5)) for each in (one, other)))
    back = compare_order(*(Tally.of(each, turned) for each in (one, other)))
    assert float(back.value) == pytest.approx(-float(found.value))
    assert float(back.low) == pytest.approx(-float(found.high), abs=1e-6)


def test_on_two_points_it_is_the_difference_of_shares():
    tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    order, shares = compare_order(tally, against="each"), pairwise(top_box(tally, boxes=1))
    for name in ("value", "low", "high", "p_value", "adjusted_p_value", "standard_error"):
        np.testing.assert_allclose(getattr(order, name), getattr(shares, name), atol=1e-9)
    rest, shares = compare_order(tally, against="rest"), with_rest(top_box(tally, boxes=1))
    for name in ("value", "low", "high", "p_value", "adjusted_p_value", "standard_error"):
        np.testing.assert_allclose(getattr(rest, name), getattr(shares, name), atol=1e-9)
    assert rest.keys == shares.keys or list(rest.keys) == list(shares.keys)


def test_groups_are_compared_within_the_other_names():
    found = compare_order(BOTH, against="each", across="wave", adjustment="bonferroni")
    assert found.keys.names == ("shop", "label_a", "label_b")
    assert found.family == "every pair by wave within each shop"
    assert found.sel(shop="south").value[0] == -compare_order(BOTH, wave=(2, 1)).value[1]
    assert "p adjusted by bonferroni for every pair by wave within each shop" in found.caption()


def test_p_values_may_stay_as_they_are():
    found = compare_order(SHOPS, against="rest", adjustment="none")
    assert found.adjusted_p_value is None
    assert "adjusted" not in str(found)
    assert "every shop against the rest" in str(compare_order(SHOPS, against="rest"))


def test_margins_are_in_percentage_points():
    found = compare_order(SHOPS, shop=("north", "south"))
    assert found.is_not_inferior(10)
    assert not found.is_equivalent(10)
    assert found.is_equivalent(100 * (1 + 1e-9))


def test_it_is_drawn_with_its_intervals():
    axes = plots.draw(compare_order(SHOPS, against="each"))
    assert axes.get_title(loc="left") == "net share of better answers, percentage points"
    texts = [text.get_text() for text in axes.texts]
    assert "adjusted p" in texts
    assert any("is better" in text for text in texts)


# What is refused


def test_weighted_answers_are_refused():
    survey = SurveyTally.of([5, 4, 1, 2], SurveyDesign([1, 2, 1, 2]), FIVE)
    for sides in ((survey,), (ONE, survey)):
        with pytest.raises(TallyError, match="of a survey with weights or a design"):
            compare_order(*sides)


@pytest.mark.parametrize("wrong", [[5, 4], csat(SHOPS), None, 5, pd.DataFrame({"q": [1]})])
def test_anything_but_a_tally_is_answered_with_the_right_call(wrong):
    with pytest.raises(TallyError, match=r"compare_order takes tallies, got .*Tally\.of"):
        compare_order(wrong)
    if wrong is not None:
        with pytest.raises(TallyError, match=r"compare_order takes tallies, got .*Tally\.of"):
            compare_order(ONE, wrong)


def test_pairs_of_answers_are_refused():
    with pytest.raises(TallyError, match="takes tallies"):
        compare_order(PairTally([[1, 2], [3, 4]], Scale.likert(2)))


@pytest.mark.parametrize("scale", [Scale.range(0, 4), Scale([5, 4, 3, 2, 1]),
                                   Scale.likert(5, labels=[*"abcde"])])  # fmt: skip
def test_scales_must_be_one(scale):
    with pytest.raises(ScaleError, match="samples are compared on one scale"):
        compare_order(ONE, Tally([1, 1, 1, 1, 1], scale))


def test_codes_for_no_answer_may_differ():
    other = Tally(COUNTS[1], Scale.likert(5, missing=[99]))
    assert compare_order(ONE, other) == compare_order(ONE, OTHER)


def test_items_are_the_same_people():
    items = Tally.of({"q1": [5, 4, 1], "q2": [3, 2, 2]}, FIVE)
    with pytest.raises(TallyError, match="items are answers of the same people"):
        compare_order(items, item=("q1", "q2"))
    with pytest.raises(TallyError, match="items are answers of the same people"):
        compare_order(items.sel(item="q1"), items.sel(item="q2"))
    with pytest.raises(TallyError, match="items are answers of the same people"):
        compare_order(items, against="each")


def test_one_item_of_two_waves_is_compared():
    waves = [Tally.of({"q1": [5, 4, 1]}, FIVE).sel(item="q1") for _ in range(2)]
    assert float(compare_order(*waves).value) == 0


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((SHOPS,), {}, "takes two samples, or one and two labels of a name, got one sample"),
        ((ONE, OTHER), {"shop": ("north", "east")}, "two samples are compared as they are, got shop="),
        ((SHOPS,), {"shop": "north"}, "must be the two labels to compare"),
        ((SHOPS, SHOPS), {"against": "each"}, "against= compares the groups of one sample"),
        ((SHOPS,), {"against": "rest", "shop": ("north", "east")}, "against= compares the groups"),
        ((SHOPS,), {"against": "all"}, "unknown comparison 'all'"),
        ((SHOPS,), {"against": "each", "adjustment": "holms"}, "unknown adjustment 'holms'"),
        ((SHOPS,), {"across": "shop"}, "got them without against="),
        ((ONE, OTHER), {"adjustment": "holm"}, "got them without against="),
        ((ONE, OTHER), {"correction": 1}, "correction must be True or False, got 1"),
        ((ONE, OTHER), {"confidence_level": 95}, "confidence_level must lie between 0 and 1"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together(arguments, options, message):
    with pytest.raises(OptionError, match=message):
        compare_order(*arguments, **options)


def test_labels_that_are_not_there():
    with pytest.raises(LabelError, match="unknown"):
        compare_order(SHOPS, shop=("north", "west"))
    with pytest.raises(LabelError, match="across= must say"):
        compare_order(BOTH, against="each")
    with pytest.raises(LabelError, match="needs a result by group"):
        compare_order(ONE, against="each")
    with pytest.raises(LabelError, match="no shop in common"):
        compare_order(SHOPS[:1], SHOPS[1:])


def test_a_single_empty_sample_is_an_error():
    with pytest.raises(TallyError, match="no answers in one of the two samples"):
        compare_order(ONE, Tally([0] * 5, FIVE))
