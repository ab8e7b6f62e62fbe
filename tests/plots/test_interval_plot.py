"""Values with their intervals: what is drawn of each kind of result."""

import attrs
import numpy as np
import pytest

from custfocus import (
    Scale,
    Scoring,
    Tally,
    Target,
    compare,
    csat,
    estimate,
    plots,
    top_box,
    verdict,
)
from custfocus.comparisons import pairwise, shrink
from custfocus.disclosure import suppress
from custfocus.errors import OptionError
from custfocus.plots.colours import MARKS, OWN
from custfocus.progress import rolling
from custfocus.quantities import Rate
from every_result import EXAMPLES, labelled
from reading_axes import caption, column, intervals, points, remarks, row_labels, texts

SHOPS = csat(Tally([[5, 5, 10, 60, 20], [10, 20, 30, 30, 10], [9, 40, 30, 1, 0]], Scale.likert(5),
    by={"shop": ["north", "south", "west"]}))  # fmt: skip


def bands(axes):
    """From where to where the axis is shaded."""
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]


def upright(axes):
    """Where lines go from the bottom to the top."""
    return [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1
            and len(line.get_xdata()) == 2]  # fmt: skip


def test_each_row_has_its_point_its_interval_and_its_numbers():
    e = csat(labelled())
    axes = plots.intervals(e)
    known = e.n > 0
    lines = np.flatnonzero(known).astype(float)
    assert row_labels(axes) == ["east", "empty", "north", "south"]
    assert np.array(points(axes)) == pytest.approx(np.column_stack([lines, e.value[known]]))
    assert np.array(intervals(axes)) == pytest.approx(
        np.column_stack([lines, e.low[known], e.high[known]])
    )
    assert column(axes, "n") == ["25", "0", "57", "7"]
    assert column(axes, "value [low, high]")[1] == "87.7 [76.8, 93.9]"
    assert len(column(axes, "value [low, high]")) == 3
    assert remarks(axes) == {1.0: "no answers"}
    assert axes.get_title(loc="left") == "CSAT, percent"


def test_the_axis_holds_all_numbers_and_hardly_leaves_the_scale():
    left, right = plots.intervals(csat(labelled())).get_xlim()
    assert left < 23.4  # the lower limit of east
    assert 100 < right < 105
    assert plots.intervals(csat(labelled())[1:2]).get_xlim() == (0, 100)


@pytest.mark.parametrize(
    ("target", "band", "edges", "side"),
    [
        (Target.at_least(60), (60, None), [60], "right"),
        (Target.at_most(30), (None, 30), [30], "left"),
        (Target.between(35, 60), (35, 60), [35, 60], "center"),
    ],
)
def test_a_target_is_shaded_between_lines_and_named(target, band, edges, side):
    axes = plots.intervals(SHOPS, target=target)
    ends = axes.get_xlim()
    low, high = (end if given is None else given for given, end in zip(band, ends, strict=True))
    assert bands(axes) == [pytest.approx((low, high))]
    assert upright(axes) == edges
    [name] = [text for text in axes.texts if text.get_text() == f"target {target.range_text}"]
    assert name.get_horizontalalignment() == side


def test_the_axis_reaches_a_target_far_from_the_values():
    left, right = plots.intervals(SHOPS, target=Target.at_least(97)).get_xlim()
    assert left < 0.2
    assert right > 97


def test_a_verdict_has_a_shape_and_a_word_and_how_many_answers_it_lacks():
    v = verdict(SHOPS, Target.at_least(45))
    assert v.verdict.tolist() == ["met", "inconclusive", "not met"]
    axes = plots.intervals(v)
    assert {mark.shape for mark in MARKS.values()} == {"o", "X", "D"}
    for line, word in enumerate(v.verdict.tolist()):
        assert points(axes, MARKS[word].shape) == [(line, SHOPS.value[line])]
    assert column(axes, "verdict") == ["met", "inconclusive (about 290 more)", "not met"]
    assert bands(axes)[0][0] == 45
    assert "97.5 % one-sided confidence" in caption(axes)
    edge = verdict(csat(Tally([3, 0, 0, 0, 3], Scale.likert(5))), Target.at_least(50))
    assert column(plots.intervals(edge), "verdict") == ["inconclusive (too close to call)"]


def test_a_target_must_be_one_and_none_stands_beside_a_verdict():
    with pytest.raises(OptionError, match=r"^target must be a Target, got 65; write target="):
        plots.intervals(SHOPS, target=65)
    v = verdict(SHOPS, Target.at_least(45))
    with pytest.raises(OptionError, match=r"left out for a verdict, .* got at least 60; draw"):
        plots.intervals(v, target=Target.at_least(60))


def test_differences_stand_around_zero_with_who_is_better_on_either_side():
    c = compare(csat(EXAMPLES["tally, compound"]()), wave=(2, 1))
    axes = plots.intervals(c)
    assert upright(axes) == [0]
    assert texts(axes).count("← 1 is better") == texts(axes).count("2 is better →") == 1
    assert column(axes, "n | n") == ["7 | 57", "25 | 0"]
    assert column(axes, "p")[1] == "-"
    assert remarks(axes) == {1.0: "no answers"}
    left, right = axes.get_xlim()
    assert left < 0 < right


def test_where_less_is_better_the_sides_change():
    scoring = Scoring(Scale.likert(2), [0, 1], lower_is_better=True)
    e = estimate(Tally([[14, 56], [32, 48]], Scale.likert(2), by={"shop": ["N", "S"]}), scoring)
    axes = plots.intervals(compare(e, shop=("N", "S")))
    assert {"← N is better", "S is better →"} <= {*texts(axes)}
    assert row_labels(axes) == ["N minus S"]


def test_a_target_for_differences_takes_the_place_of_the_sides():
    axes = plots.intervals(compare(SHOPS, shop=("north", "south")), target=Target.at_least(5))
    assert bands(axes)[0][0] == 5
    assert not any("is better" in text for text in texts(axes))


def test_pairs_are_called_by_both_labels_and_have_adjusted_p_values():
    c = pairwise(SHOPS)
    axes = plots.intervals(c)
    assert row_labels(axes) == ["north minus south", "north minus west", "south minus west"]
    assert {"first minus second", "the first is better →", "← the second is better"} <= {
        *texts(axes)
    }
    assert len(column(axes, "adjusted p")) == 3
    within = plots.intervals(EXAMPLES["comparison, within"]())
    assert row_labels(within) == ["1 minus 2", "1 minus 2"]
    assert {"shop a", "shop b"} <= {*texts(within)}


def test_hidden_groups_show_nothing_but_that_they_are_hidden():
    s = EXAMPLES["suppressed"]()
    axes = plots.intervals(s)
    assert list(remarks(axes).values()) == [
        "hidden" if out else "no answers"
        for out, value in zip(s.hidden, s.value, strict=True)
        if np.isnan(value)
    ]
    assert column(axes, "n").count("*") == s.hidden.sum()
    assert len(points(axes)) == np.isfinite(s.value).sum()


def test_totals_of_hidden_groups_read_all_under_the_names_of_the_others():
    by = {"shop": [*"nnss", None, None], "way": ["web", "mail"] * 3}
    tally = Tally([[20, 4], [30, 9], [25, 8], [50, 7], [30, 3], [3, 2]], Scale.likert(2), by=by)
    axes = plots.intervals(suppress(top_box(tally, boxes=1), minimum=10))
    assert row_labels(axes) == ["mail", "web"] * 3 + ["all"] * 3 + ["mail", "web", "all"]
    heads = [text for text in texts(axes) if text.startswith("shop ")]
    assert heads == [*["shop n", "shop s", "shop (none)"] * 2, "shop all"]


def test_infinite_limits_go_to_the_end_of_the_axis_and_unknown_ones_are_not_drawn():
    odd = attrs.evolve(SHOPS, low=[-np.inf, 20, 10], high=[80, np.inf, np.nan])
    axes = plots.intervals(odd)
    left, right = axes.get_xlim()
    assert intervals(axes) == [(0, left, 80), (1, 20, right)]
    assert len(points(axes)) == 3


def test_bounds_are_a_thick_line_on_that_of_their_limits():
    found = EXAMPLES["bounds, rows"]()
    axes = plots.draw(found)
    limits, bounds = axes.collections
    assert bounds.get_linewidth()[0] > 2 * limits.get_linewidth()[0]
    some = np.flatnonzero(found.estimate.n > 0)
    for lines, low, high in (
        (limits, found.low, found.high),
        (bounds, found.bound_low, found.bound_high),
    ):
        ends = [(y, start, end) for (start, y), (end, _) in lines.get_segments()]
        assert np.array(ends) == pytest.approx(np.column_stack([some, low[some], high[some]]))
    assert column(axes, "unanswered") == ["0", "2", "3", "0"]
    assert column(axes, "at least, at most")[2] == "83.3 to 88.3"
    assert remarks(axes) == {1.0: "no answers"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rate, periods", {2.0: "no data"}),
        ("observed", {2.0: "no data"}),
        ("verdict, recorded", {2.0: "no data"}),
        ("verdict, labelled", {1.0: "no answers"}),
        ("suppressed comparison", {1.0: "hidden", 3.0: "hidden"}),
    ],
)
def test_a_line_says_what_there_is_none_of(name, said):
    assert remarks(plots.draw(EXAMPLES[name]())) == said


def test_a_group_that_lacks_a_window_has_no_data():
    series = Rate([4, 6, 5, 9, 7], 100, by={"shop": [*"aaabb"]}, period=[1, 2, 3, 1, 2])
    change = rolling(series, 2).change(period=(3, 2))
    assert remarks(plots.draw(change)) == {1.0: "no data"}


def test_changes_of_windows_stand_around_0_with_what_they_share():
    found = EXAMPLES["change of windows"]()
    axes = plots.draw(found)
    assert 0 in upright(axes)
    assert np.array(points(axes)) == pytest.approx(np.column_stack([[0, 1], found.value]))
    assert column(axes, "% shared") == ["50", "50"]
    assert not {"n | n", "p", "adjusted p"} & {*texts(axes)}
    assert {"← 4 is better", "3 is better →"} <= {*texts(axes)}  # fewer of what is counted
    assert row_labels(plots.draw(EXAMPLES["change of windows, one"]())) == ["4 minus 3"]


def test_a_suppressed_comparison_shows_what_is_not_hidden_alone():
    counts = [[1, 1, 2, 3, 4], [2, 1, 2, 3, 4], [9, 8, 7, 90, 80], [40, 8, 7, 60, 80]]
    tally = Tally(counts, Scale.likert(5), by={"shop": [*"abcd"]})
    found = suppress(pairwise(csat(tally)), minimum=13)
    axes = plots.draw(found)
    [line] = np.flatnonzero(~found.hidden)
    assert points(axes) == [pytest.approx((line, found.value[line]))]
    assert intervals(axes) == [pytest.approx((line, found.low[line], found.high[line]))]
    assert column(axes, "n | n") == [*["* | *"] * 5, "194 | 195"]
    assert column(axes, "p")[:5] == ["*"] * 5
    assert 0 in upright(axes)


def test_a_shrunken_value_stands_beside_the_groups_own():
    counts = [[4, 1], [20, 60], [0, 0], *[[20, 60]] * 9]
    tally = Tally(counts, Scale.likert(2), by=[*"abcdefghijkl"])
    found = shrink(estimate(tally, Scoring.top_box(tally.scale, 1)))
    axes = plots.intervals(found)
    there = found.n > 0
    lines = np.flatnonzero(there).astype(float)
    assert np.array(points(axes, "o")) == pytest.approx(
        np.column_stack([lines, found.value[there]])
    )
    assert np.array(points(axes, OWN.shape)) == pytest.approx(
        np.column_stack([lines, found.direct[there]])
    )
    assert np.array(intervals(axes)) == pytest.approx(
        np.column_stack([lines, found.low[there], found.high[there]])
    )
    assert column(axes, "direct \N{WHITE DIAMOND}") == ["20.0", "75.0", "-", *["75.0"] * 9]
    assert len(column(axes, "weight")) == 12
    assert remarks(axes) == {2.0: "no answers"}
    assert axes.get_xlim()[0] < found.direct[0] < found.low[0]
