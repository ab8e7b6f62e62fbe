"""Charts over time: lines, limits by phase, marks with their words, breaks, targets, panels."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from custfocus import Target, plots
from custfocus.errors import OptionError
from custfocus.plots.colours import BLUE, INK, MUTED, ORANGE
from custfocus.plots.series_panel import _spread
from custfocus.plots.series_plot import MOST_SERIES
from custfocus.progress import chart
from custfocus.quantities import Observed, Rate
from every_result import charted
from reading_axes import caption, texts

STEADY = [20, 18, 22, 19, 21, 20] * 4


def observed(values, **options):
    return Observed(values, period=range(1, len(values) + 1), name="wait", **options)


def groups(number, values=STEADY):
    by = {
        "shop": np.repeat([f"s{place:02}" for place in range(number)], len(values)),
        "period": np.tile(range(1, len(values) + 1), number),
    }
    return Observed(values * number, by=by, name="wait")


def markers(axes, shape):
    """Places, values and colours of the markers of a shape."""
    return [
        (float(x), float(y), to_hex(line.get_markeredgecolor()), to_hex(line.get_markerfacecolor()))
        for line in axes.lines
        if line.get_marker() == shape
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def lines(axes, colour, style):
    """The lines of a colour and style, without markers and edges across all."""
    return [
        line
        for line in axes.lines
        if line.get_color() == colour
        and line.get_linestyle() == style
        and line.get_marker() in {"None", None}
        and len(line.get_xdata()) > 2
    ]


def upright(axes):
    """Where lines stand upright."""
    return [
        line.get_xdata()[0]
        for line in axes.lines
        if len(line.get_xdata()) == 2 and line.get_xdata()[0] == line.get_xdata()[1]
    ]


def level(axes):
    """Where lines go all across."""
    return [
        line.get_ydata()[0]
        for line in axes.lines
        if len(line.get_xdata()) == 2 and line.get_ydata()[0] == line.get_ydata()[1]
    ]


class TestOneSeries:
    def test_values_centre_and_limits_stand_at_their_periods(self):
        found = chart(observed(STEADY))
        axes = plots.draw(found)
        [values] = lines(axes, MUTED, "-")
        assert values.get_xdata().tolist() == [*range(24)]
        assert values.get_ydata().tolist() == STEADY
        [centre] = lines(axes, INK, "-")
        assert centre.get_xdata()[[0, 1, -2]].tolist() == [-0.5, 0.5, 23.5]
        assert set(centre.get_ydata()) == {found.center[0]}
        limits = lines(axes, MUTED, "--")
        assert {float(line.get_ydata()[0]) for line in limits} == {
            found.limit_low[0], found.limit_high[0],
        }  # fmt: skip
        upper, lower = (found.metric.text(end[0]) for end in (found.limit_high, found.limit_low))
        named = {"center 20.0", f"upper limit {upper}", f"lower limit {lower}"}
        assert named <= {*texts(axes)}
        assert axes.get_title(loc="left") == "wait"
        assert len(markers(axes, "o")) == 24

    def test_the_caption_states_the_rules_their_false_alarms_and_n(self):
        rate = Rate([12, 9, 11, 10, 13, 12] * 4, [1] * 24, period=range(24), name="complaints")
        found = chart(rate)
        below = caption(plots.series(found))
        assert "% show a mark" in found.caption()
        assert below.startswith(found.caption())
        assert "24 points, n 9 to 13" in below
        assert "24 points, n" not in caption(plots.series(chart(observed(STEADY))))

    def test_equal_sizes_are_stated_once(self):
        axes = plots.series(chart(observed(STEADY, n=[40] * 24)))
        assert "24 points, n 40" in caption(axes)

    def test_marks_have_a_shape_a_colour_and_words(self):
        values = [*STEADY, 40, 20, 19, 1]
        axes = plots.series(chart(observed(values), target=Target.at_most(30)))
        assert markers(axes, "^") == [(24, 40, "#ffffff", ORANGE)]
        assert markers(axes, "v") == [(27, 1, "#ffffff", BLUE)]
        assert {"beyond limits: concern", "beyond limits: improvement"} <= {*texts(axes)}
        assert len(markers(axes, "o")) == 26
        assert "marked: 2 beyond limits; triangles: high or low" in caption(axes)

    def test_neighbours_with_one_mark_have_its_words_once(self):
        values = [*STEADY, 40, 41, 20, 19, 45]
        axes = plots.series(chart(observed(values, n=[9] * 29), baseline=24))
        words = [text for text in axes.texts if text.get_text() == "beyond limits: improvement"]
        assert sorted(text.xy for text in words) == [(25, 41), (28, 45)]
        assert len(markers(axes, "^")) == 3

    def test_a_mark_without_a_reading_is_black_and_names_the_rule_alone(self):
        found = chart(observed([*STEADY, 40]), target=Target.between(10, 60))
        axes = plots.series(found)
        assert markers(axes, "^") == [(24, 40, "#ffffff", INK)]
        assert "beyond limits" in texts(axes)

    def test_a_mark_that_points_nowhere_is_a_diamond(self):
        found = chart(observed([20, 24, 16, 24, 16] * 2 + [20] * 15), rule_set="nelson")
        assert "within_one_sigma" in found.mark
        where = [row for row, mark in enumerate(found.mark) if mark and not found.signal[row]]
        assert where
        assert [x for x, *_ in markers(plots.series(found), "D")] == where

    def test_a_rule_about_a_phase_has_squares_and_its_words_once(self):
        values = [*[20, 21, 19] * 5, *[23, 24, 22] * 5]
        found = chart(observed(values))
        axes = plots.series(found)
        whole = [row for row, mark in enumerate(found.mark) if mark == "long_run"]
        assert [int(x) for x, *_ in markers(axes, "s")] == whole
        assert {(edge, face) for *_, edge, face in markers(axes, "s")} == {(INK, "#ffffff")}
        assert texts(axes).count("long run: improvement") == 1
        assert "squares: marked with the whole phase" in caption(axes)

    def test_words_without_room_are_left_out_and_counted_below(self):
        values = [20, 40, 0, 40, 0, 20] * 6
        found = chart(observed(values), baseline=12, rule_set="western-electric")
        _, ax = plt.subplots(figsize=(1.6, 1.2))
        axes = plots.series(chart(observed([*STEADY, 40])), ax=ax)
        assert "beyond limits: improvement" not in texts(axes)
        assert "1 beyond limits" in caption(axes)
        assert plots.series(found)

    def test_gaps_interrupt_the_line(self):
        values = [*STEADY[:10], np.nan, *STEADY[11:]]
        axes = plots.series(chart(observed(values)))
        [line] = lines(axes, MUTED, "-")
        assert np.isnan(line.get_ydata()).nonzero()[0].tolist() == [10]
        assert len(markers(axes, "o")) == 23

    def test_a_run_chart_has_no_limits(self):
        axes = plots.series(chart(observed(STEADY), kind="run"))
        assert not lines(axes, MUTED, "--")
        assert not any("limit" in text for text in texts(axes) if text != axes.texts[0].get_text())

    def test_as_many_periods_are_named_as_there_is_room_for(self):
        months = [f"{2000 + at // 12}-{at % 12 + 1:02}" for at in range(120)]
        axes = plots.series(chart(Observed(STEADY * 5, period=months)))
        axes.figure.draw_without_rendering()
        boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
        assert 5 < len(boxes) < 20
        assert all(one.x1 < other.x0 for one, other in pairwise(boxes))

    def test_chosen_rows_are_drawn_at_their_periods_in_any_order(self):
        found = chart(observed(STEADY))[[5, 4, 8]]
        axes = plots.series(found)
        [line] = lines(axes, MUTED, "-")
        assert line.get_ydata()[[0, 1, 4]].tolist() == [21, 20, 22]
        assert np.isnan(line.get_ydata()[2:4]).all()
        assert [label.get_text() for label in axes.get_xticklabels()] == ["5", "6", "7", "8", "9"]

    def test_series_without_values_have_axes_all_the_same(self):
        axes = plots.series(chart(observed([np.nan, np.nan])))
        axes.figure.draw_without_rendering()
        assert not markers(axes, "o")
        assert "0 points" in caption(axes)


class TestPhases:
    def test_lines_are_apart_at_breaks_which_say_why(self):
        values = [*STEADY, *(one + 10 for one in STEADY)]
        found = chart(observed(values), breaks={25: "another hotline"})
        axes = plots.series(found)
        assert upright(axes) == [23.5]
        assert "another hotline" in texts(axes)
        [centre] = lines(axes, INK, "-")
        y = centre.get_ydata()
        assert set(y[~np.isnan(y)]) == {20, 30}
        assert np.isnan(y[23 * 3 + 2])
        assert [len(line.get_ydata()) for line in lines(axes, MUTED, "-")] == [48, 48]
        first, second = (line.get_ydata() for line in lines(axes, MUTED, "-"))
        assert np.isnan(first[24:]).all()
        assert np.isnan(second[:24]).all()
        assert "center 30.0" in texts(axes)

    def test_reasons_of_near_breaks_stand_on_lines_of_their_own(self):
        breaks = {25: "another hotline in the north", 26: "a new form", 48: "all of it moved away"}
        values = [*STEADY, *STEADY]
        axes = plots.series(chart(observed(values), breaks=breaks))
        axes.figure.draw_without_rendering()
        boxes = [t.get_window_extent() for t in axes.texts if t.get_text() in breaks.values()]
        assert len(boxes) == 3
        assert not any(one.overlaps(two) for at, one in enumerate(boxes) for two in boxes[:at])
        assert all(box.x1 < axes.figure.bbox.width for box in boxes)

    def test_lines_of_the_last_phase_are_named(self):
        found = chart(observed([*STEADY, 50, 51]), breaks={25: "moved"})
        named = [one for one in texts(plots.series(found)) if one.startswith(("center", "upper"))]
        assert named == ["center 50.5"]


class TestTargets:
    def test_the_range_is_shaded_and_named(self):
        axes = plots.series(chart(observed(STEADY)), target=Target.between(15, 25))
        [band] = axes.patches
        assert (band.get_y(), band.get_height()) == (15, 10)
        assert level(axes) == [15, 25]
        assert "target 15 to 25" in texts(axes)

    def test_a_target_of_one_side_is_shaded_to_the_end_of_the_axis(self):
        axes = plots.series(chart(observed(STEADY), target=Target.at_most(60)))
        [band] = axes.patches
        assert band.get_y() == axes.get_ylim()[0]
        assert band.get_y() + band.get_height() == 60
        assert axes.get_ylim()[1] > 60
        assert level(axes) == [60]

    def test_a_target_beside_that_of_the_chart_is_an_error(self):
        found = chart(observed(STEADY), target=Target.at_most(60))
        with pytest.raises(OptionError, match="must be left out for a chart that has its own, got"):
            plots.series(found, target=Target.at_most(50))
        with pytest.raises(OptionError, match="target must be a Target, got 60"):
            plots.series(chart(observed(STEADY)), target=60)

    def test_names_of_lines_are_kept_apart(self):
        axes = plots.series(chart(observed(STEADY)), target=Target.at_most(20.1))
        axes.figure.draw_without_rendering()
        boxes = sorted(
            (t.get_window_extent() for t in axes.texts if t.get_text().startswith(("cen", "tar"))),
            key=lambda box: box.y0,
        )
        assert boxes[0].y1 < boxes[1].y1 - 8


def test_heights_that_are_close_are_moved_apart_and_others_stay():
    assert _spread([10, 50]) == [10, 50]
    moved = _spread([20, 20, 21, 90])
    assert np.diff(moved).min() > 10.9
    assert moved[3] == 90


class TestSeveralSeries:
    def test_each_group_has_axes_with_its_name_and_n(self):
        axes = plots.draw(charted())
        inner = axes.child_axes
        assert [one.get_title(loc="left") for one in inner] == ["north, n 60", "south, n 60"]
        for one, shop in zip(inner, ("north", "south"), strict=True):
            rows = charted().sel(shop=shop)
            drawn = np.concatenate([[y for _, y, *_ in markers(one, shape)] for shape in "o^vDs"])
            assert sorted(drawn) == sorted(rows.value[~np.isnan(rows.value)])
            assert "another form" in texts(one)
        assert axes.get_title(loc="left") == "share yes, percent"
        assert "new phase from 2027-01: another form" in caption(axes)

    @pytest.mark.parametrize("number", [2, 5, 12])
    def test_axes_do_not_overlap_and_lie_within_the_figure(self, number):
        axes = plots.series(chart(groups(number)))
        axes.figure.draw_without_rendering()
        boxes = [one.get_tightbbox() for one in axes.child_axes]
        assert len(boxes) == number
        assert not any(one.overlaps(two) for at, one in enumerate(boxes) for two in boxes[:at])
        assert all(box.x0 > -2 and box.x1 < axes.figure.bbox.width + 2 for box in boxes)

    def test_more_than_twelve_are_an_error_with_the_remedy(self):
        assert MOST_SERIES == 12
        with pytest.raises(OptionError, match=r"12 series at the most, got 13; choose some of them"
                           r" by sel\(shop=\[...\]\)$"):  # fmt: skip
            plots.series(chart(groups(13)))

    def test_they_are_drawn_on_given_axes(self):
        _, ax = plt.subplots(figsize=(4, 3))
        axes = plots.series(chart(groups(3)), ax=ax)
        assert axes is ax
        assert len(ax.child_axes) == 3

    def test_a_group_of_one_chosen_is_drawn_by_its_name(self):
        found = chart(groups(3))
        assert plots.series(found.sel(shop="s01")).get_title(loc="left") == "shop s01: wait"
        assert plots.series(found.sel(shop=["s01"])).get_title(loc="left") == "s01: wait"


def test_a_single_period_and_none_are_errors():
    found = chart(observed(STEADY))
    with pytest.raises(OptionError, match=r"got a single one; leave out sel\(period=...\)$"):
        plots.series(found[3])
    with pytest.raises(OptionError, match="got none; choose some rows"):
        plots.series(found[:0])


@pytest.mark.parametrize("values", [[0.0] * 3, [1e16] * 3, [100, 100 - 1e-13, 100]])
def test_values_that_are_alike_have_an_axis(values):
    low, high = plots.series(chart(observed(values))).get_ylim()
    assert low < min(values)
    assert high > max(values)
