"""The scorecard as a page: its lines, scales, targets and words."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    SurveyDesign,
    Tally,
    Target,
    plots,
    scorecard,
)
from custfocus.errors import OptionError
from custfocus.plots.colours import BAND, MARKS
from reading_axes import caption, column, intervals, points, texts

FIVE = Scale.likert(5, missing=[9])
TOP, NET = Scoring.top_box(FIVE, 2), Scoring.net(FIVE, positive=2, negative=2)


def measure(name, requirement="advice", items="q1", index=TOP, **options):
    return PerformanceMeasure(name, requirement, name, items=items, index=index, **options)


FOCUS = CustomerFocus(
    "Town library",
    customers=[Customer("readers", "Readers"), Customer("schools", "Schools")],
    needs=[Need("find", "readers", "something good"), Need("quiet", "readers", "quiet")],
    requirements=[
        Requirement("advice", "find", "helpful advice"),
        Requirement("open", "find", "open late"),
    ],
    measures=[
        measure("Satisfied", target=Target.at_least(60, due="2027-12-31")),
        measure("Net", index=NET, target=Target.at_most(90)),
        measure("Exact", target=Target.between(100, 100)),
        measure("No target"),
        measure("Unasked", items="q9", target=Target.at_least(60)),
        PerformanceMeasure("hours", "advice", "Hours open", unit="hours"),
    ],
)
ANSWERS = {"q1": [5] * 30 + [4] * 30 + [1] * 20, "q2": [1] * 80}
CARD = scorecard(FOCUS, ANSWERS)


def lines(axes):
    """The texts at the left from the top with how far they are indented."""
    return [
        (text.get_text(), text.xy[0])
        for text in axes.texts
        if text.get_horizontalalignment() == "left" and text.xy[0] in {0, 12, 24, 36, 48}
        and text.get_verticalalignment() == "center"
    ]  # fmt: skip


def tracks(axes):
    """Start and end of each scale."""
    return [one for one in intervals(axes) if one[2] - one[1] == pytest.approx(190)]


def test_every_customer_need_requirement_and_measure_has_a_line():
    assert lines(plots.scorecard(CARD)) == [
        ("Readers", 0),
        ("needs something good", 12),
        ("expectation: helpful advice", 24),
        ("Satisfied (top 2 boxes, percent)", 36),
        ("Net (net score, percentage points)", 36),
        ("Exact (top 2 boxes, percent)", 36),
        ("No target (top 2 boxes, percent)", 36),
        ("Unasked (top 2 boxes, percent)", 36),
        ("Hours open, hours", 36),
        ("expectation: open late", 24),
        ("no measure", 36),
        ("needs quiet", 12),
        ("no requirements recorded", 24),
        ("Schools", 0),
        ("no needs recorded", 12),
    ]


def test_numbers_target_and_verdict_stand_in_words():
    axes = plots.scorecard(CARD)
    assert column(axes, "n") == ["80"] * 4
    assert column(axes, "value [low, high]")[0] == "75.0 [64.5, 83.2]"
    assert column(axes, "target") == [
        "at least 60 by 2027-12-31", "at most 90", "100 to 100", "at least 60",
    ]  # fmt: skip
    assert column(axes, "verdict") == [
        "met", "met", "not met", "no target", "no answers came for 'q9'", "no data came for 'hours'",
    ]  # fmt: skip
    assert axes.get_title(loc="left") == "Town library"
    assert caption(axes).startswith("95 % intervals, each on the scale of its index; shaded: the")
    assert caption(axes).endswith("items that no measure asks about: q2")


def test_intervals_and_targets_are_on_the_scale_of_their_index():
    axes = plots.scorecard(CARD)
    starts = tracks(axes)
    assert [line for line, _, _ in starts] == [3, 4, 5, 6]
    left = starts[0][1]
    scale = {3: (0, 100), 4: (-100, 100), 5: (0, 100), 6: (0, 100)}
    parts = dict(zip(scale, CARD.values(), strict=False))
    drawn = [one for one in intervals(axes) if one not in starts]
    for (line, low, high), (_, value) in zip(drawn, points(axes), strict=True):
        ends, part = scale[line], getattr(parts[line], "estimate", parts[line])
        found = np.interp([low, value, high], [left, left + 190], ends)
        assert found == pytest.approx([float(part.low), float(part.value), float(part.high)])
    bars = [(bar.get_x() - left, bar.get_width()) for bar in axes.patches]
    assert bars == [
        pytest.approx((0.6 * 190, 0.4 * 190)), pytest.approx((0, 0.95 * 190)), pytest.approx((190, 1.5)),
    ]  # fmt: skip
    assert {to_hex(bar.get_facecolor()) for bar in axes.patches} == {BAND}
    assert texts(axes).count("0") == 3
    assert texts(axes).count("-100") == 1
    assert [line for line, _ in points(axes, MARKS["not met"].shape)] == [5]


def test_groups_have_lines_of_their_own_and_empty_ones_say_so():
    card = scorecard(
        FOCUS, {"q1": [5, 4, 9, 1]}, by={"shop": ["N", "N", "S", "W"], "wave": [1, 1, 1, 2]}
    )
    axes = plots.scorecard(card)
    groups = [text for text, indent in lines(axes) if indent == 48]
    assert groups[:3] == ["shop N, wave 1", "shop S, wave 1", "shop W, wave 2"]
    assert column(axes, "verdict")[:3] == [
        "inconclusive (4 more)", "no answers", "inconclusive (2 more)",
    ]  # fmt: skip
    assert column(axes, "verdict").count("no answers") == 4
    assert len(tracks(axes)) == 2 * 4


def test_labels_that_all_rows_share_stand_with_the_measure():
    waves = Tally([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]], FIVE, by={"wave": [1, 2]})
    card = scorecard(FOCUS, {"q1": waves.sel(wave=1)})
    assert ("Satisfied (top 2 boxes, percent), wave 1", 36) in lines(plots.scorecard(card))


def test_a_survey_is_named_as_one():
    card = scorecard(FOCUS, ANSWERS | {"q2": [1] * 80}, design=SurveyDesign(np.ones(80)))
    assert caption(plots.scorecard(card)).startswith("95 % intervals of the survey design, each")


def test_nothing_reaches_over_the_edge_of_the_page():
    axes = plots.scorecard(CARD)
    axes.figure.draw_without_rendering()
    box, page = axes.get_tightbbox(), axes.figure.bbox
    assert box.x0 > -2
    assert box.y0 > -2
    assert box.x1 < page.width + 2
    assert box.y1 < page.height + 2


def test_on_narrow_axes_the_texts_are_smaller_and_columns_stay_apart():
    figure, ax = plt.subplots(figsize=(9, 5))
    plots.scorecard(CARD, ax=ax)
    figure.draw_without_rendering()
    assert max(text.get_fontsize() for text in ax.texts) < 9
    [n] = [text for text in ax.texts if text.get_text() == "n"]
    [value] = [text for text in ax.texts if text.get_text() == "value [low, high]"]
    assert n.get_window_extent().x1 < value.get_window_extent().x0
    assert max(text.get_fontsize() for text in plots.scorecard(CARD).texts) == 9


def test_more_lines_than_a_page_has_are_an_error():
    with pytest.raises(OptionError, match=r"^a page has 1,000 lines at the most, got 2,01\d; make"):
        plots.scorecard(scorecard(FOCUS, {"q1": [5] * 500}, by={"who": range(500)}))


def test_a_focus_without_customers_is_an_empty_page():
    axes = plots.scorecard(scorecard(CustomerFocus("Empty"), {"q1": [5]}))
    assert lines(axes) == []
    assert not axes.lines
