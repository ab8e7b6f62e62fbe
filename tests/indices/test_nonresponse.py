"""The bounds of an index for all who were asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import (
    Scale,
    Scoring,
    SurveyDesign,
    Tally,
    bottom_box,
    csat,
    estimate,
    mean_score,
    top_box,
)
from custfocus.errors import OptionError, TallyError
from custfocus.indices import nonresponse_bounds

SCALE = Scale.likert(5, missing=["refused", "not used"])
MISSING = [5, 3, 1]  # not used, refused, not stated
COUNTS = [4, 2, 6, 20, 30]


def tally(counts=COUNTS, missing=MISSING, **options):
    return Tally(counts, SCALE, missing, **options)


def test_missing_answers_are_the_worst_and_the_best():
    found = nonresponse_bounds(csat(tally()))
    assert (float(found.bound_low), float(found.bound_high)) == (5000 / 71, 5900 / 71)
    assert found.low == csat(Tally([13, 2, 6, 20, 30], SCALE)).low
    assert found.high == csat(Tally([4, 2, 6, 20, 39], SCALE)).high
    assert found.unanswered == 9


def test_of_a_scoring_the_ends_are_those_of_its_scores():
    middle = Scoring(SCALE, [1, 0, 5, 0, -2], name="middle")
    found = nonresponse_bounds(estimate(tally(), middle))
    total = 4 + 30 - 2 * 30
    assert float(found.bound_low) == pytest.approx((total - 2 * 9) / 71)
    assert float(found.bound_high) == pytest.approx((total + 5 * 9) / 71)
    worst = nonresponse_bounds(bottom_box(tally(), boxes=1))
    assert (float(worst.bound_low), float(worst.bound_high)) == (400 / 71, 1300 / 71)


def test_reasons_choose_who_counts():
    scored = csat(tally())
    for reasons, number in ((["refused"], 3), (("refused", "not stated"), 4), ([], 0)):
        found = nonresponse_bounds(scored, reasons=reasons)
        assert found.unanswered == number
    none = nonresponse_bounds(scored, reasons=[])
    assert (none.bound_low, none.bound_high) == (scored.value, scored.value)
    assert (none.low, none.high) == (scored.low, scored.high)
    assert nonresponse_bounds(scored, reasons=["refused"] * 2).unanswered == 3


@given(
    st.lists(st.integers(0, 30), min_size=5, max_size=5).filter(any),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.integers(0, 4),
)
def test_the_bounds_hold_whatever_the_others_say(counts, missing, point):
    found = nonresponse_bounds(mean_score(tally(counts, missing)))
    filled = np.array(counts)
    filled[point] += sum(missing)
    everyone = mean_score(Tally(filled, SCALE))
    assert found.bound_low - 1e-9 <= everyone.value <= found.bound_high + 1e-9
    assert 0 <= found.low < found.bound_low + 1e-9
    assert found.bound_high - 1e-9 < found.high <= 100
    assert found.low < found.high


def test_groups_keep_their_names_and_one_without_answers_has_bounds():
    by = {"shop": ["north", "south"]}
    found = nonresponse_bounds(csat(tally([COUNTS, [0] * 5], [MISSING, [2, 0, 0]], by=by)))
    assert found.keys.labels("shop") == ["north", "south"]
    assert np.isnan(found.value[1])
    assert (found.bound_low[1], found.bound_high[1]) == (0, 100)
    assert str(found).splitlines()[1].split() == [
        "north", "62", "9", "80.6", "70.4", "83.1", "59.0", "90.1",
    ]  # fmt: skip


def test_options_of_the_estimate_are_obeyed():
    wide = nonresponse_bounds(csat(tally(), confidence_level=0.99, method="wilson"))
    assert wide.low < nonresponse_bounds(csat(tally())).low
    by = {"shop": ["north", "south"]}
    sizes = {"north": 200, "south": 71}
    two = tally([COUNTS, COUNTS], [MISSING, MISSING], by=by)
    finite = nonresponse_bounds(csat(two, population=sizes))
    alone = nonresponse_bounds(csat(tally(), population=200))
    assert (finite.low[0], finite.high[0]) == (alone.low, alone.high)
    assert finite.low[1] == finite.bound_low[1]  # all were asked
    with pytest.raises(TallyError, match="must hold all who were asked, got 70 for 71 of them"):
        nonresponse_bounds(csat(tally(), population=70))


def test_reasons_are_codes_as_well():
    scale = Scale.likert(2, missing=[9, 99, "1", None, 0])
    scored = top_box([1, 2, 9, 9, 99, "1", "1", "1", *[None] * 4], boxes=1, scale=scale)
    for reasons, number in (([9], 2), (["9"], 2), ([99.0], 1), (["1"], 3), ([None], 4)):
        assert nonresponse_bounds(scored, reasons=reasons).unanswered == number
    for strange in (False, True, 1, [9], np.array([9, 99])):
        with pytest.raises(OptionError, match=r"^unknown reason "):
            nonresponse_bounds(scored, reasons=[strange])


@pytest.mark.parametrize(
    ("reasons", "error", "said"),
    [
        ("refused", OptionError, "reasons must be names in a list, got a str; write reasons=['not"),
        (["refusd"], OptionError, "unknown reason 'refusd'; did you mean 'refused'?"),
        ([3], OptionError, "unknown reason 3"),
    ],
)
def test_wrong_reasons_are_named(reasons, error, said):
    with pytest.raises(error) as caught:
        nonresponse_bounds(csat(tally()), reasons=reasons)
    assert said in str(caught.value)


def test_only_an_estimate_of_a_plain_sample_has_bounds():
    with pytest.raises(TallyError, match="takes an estimate, got a Tally; compute the index first"):
        nonresponse_bounds(tally())
    drawn = csat(
        [5, 4, None], scale=Scale.likert(5, missing=[None]), design=SurveyDesign([1, 2, 1])
    )
    with pytest.raises(TallyError, match="got one of a design: what those without an answer weigh"):
        nonresponse_bounds(drawn)
