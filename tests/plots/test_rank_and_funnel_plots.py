"""Ranks from the best down, and groups within the limits of chance."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from custfocus import Scale, SurveyDesign, Tally, csat, plots, top_box
from custfocus.comparisons import funnel, rank
from custfocus.errors import OptionError
from custfocus.plots.colours import INK, OUTSIDE, PLAIN
from custfocus.quantities import Rate
from custfocus.surveys import SurveyTally
from every_result import EXAMPLES, labelled
from reading_axes import caption, column, intervals, points, remarks, row_labels, texts

TWO = Scale.likert(2)
SHARES = top_box(
    Tally([[14, 56], [32, 48], [3, 13], [0, 0]], TWO, by={"shop": ["N", "S", "W", "empty"]}),
    boxes=1,
)


def curves(axes):
    """The curves of lower and upper limits, set by set; the center is the one line without steps."""
    return [line for line in axes.lines if line.get_drawstyle() == "steps-mid"]


def at(curve, sizes):
    """The steps of a curve at some sizes."""
    return np.interp(sizes, curve.get_xdata(), curve.get_ydata())


class TestRanks:
    def test_the_best_stand_on_top_and_those_without_answers_last(self):
        r = rank(SHARES)
        axes = plots.ranks(r)
        assert row_labels(axes) == ["W", "N", "S", "empty"]
        assert points(axes) == [(0, 1), (1, 2), (2, 3)]
        assert intervals(axes) == [(0, 1, 3), (1, 1, 2), (2, 2, 3)]
        assert column(axes, "rank [from, to]") == ["1 [1, 3]", "2 [1, 2]", "3 [2, 3]"]
        assert column(axes, "n") == ["16", "70", "80", "0"]
        assert remarks(axes) == {3.0: "no answers"}
        assert axes.get_xlim() == (0.5, 3.5)
        assert all(tick == int(tick) for tick in axes.get_xticks())
        assert "at 95 %" in caption(axes)

    def test_within_other_names_each_has_a_block(self):
        tally = EXAMPLES["tally, compound"]()
        axes = plots.ranks(rank(csat(tally), across="shop"))
        assert {"wave 1", "wave 2", "shop"} <= {*texts(axes)}
        assert sorted(row_labels(axes)) == ["a", "a", "b", "b"]
        assert remarks(axes) == {2.0: "no answers"}

    def test_chosen_groups_are_drawn_as_they_are(self):
        one = rank(SHARES).sel(shop="N")
        axes = plots.ranks(one)
        assert points(axes) == [(0, 2)]
        assert axes.get_title(loc="left") == "shop N: rank by top box"


class TestFunnel:
    def test_the_curve_goes_through_the_limits_of_every_group(self):
        f = funnel(SHARES, confidence_level=0.95)
        axes = plots.funnel(f)
        lower, upper = curves(axes)
        for curve, limits in ((upper, f.limit_high), (lower, f.limit_low)):
            assert at(curve, f.n[:3]) == pytest.approx(limits[:3], abs=1e-9)
        [center] = [line for line in axes.lines if line.get_color() == INK]
        assert center.get_ydata() == pytest.approx([f.center[0]] * 2)
        assert {"center 70.5", "upper limit", "lower limit"} <= {*texts(axes)}
        assert "95 % exact funnel limits" in caption(axes)

    def test_those_outside_have_another_shape_and_their_names(self):
        axes = plots.funnel(funnel(SHARES, confidence_level=0.93))
        assert points(axes, OUTSIDE.shape) == [(60, 80)]
        assert points(axes, PLAIN.shape) == [(80, 70), (81.25, 16)]
        assert [text for text in texts(axes) if text.startswith("shop")] == ["shop S"]
        assert "no answers: shop empty" in caption(axes)
        assert axes.get_xlabel() == "number of answers (n)"

    def test_limits_are_held_to_the_scale(self):
        tally = Tally([[1, 8], [0, 6], [2, 38]], TWO, by={"shop": ["a", "b", "c"]})
        f = funnel(top_box(tally, boxes=1))
        assert f.limit_high.max() == 100
        lower, upper = curves(plots.funnel(f))
        assert upper.get_ydata().max() == 100
        assert at(lower, f.n) == pytest.approx(f.limit_low, abs=1e-9)

    def test_names_without_room_stand_below(self):
        counts = [[500, 500]] * 30 + [[100, 900]] * 9 + [[900, 100]] * 9
        tally = Tally(counts, TWO, by={"shop": [f"{place:02}" for place in range(48)]})
        axes = plots.funnel(funnel(top_box(tally, boxes=1)))
        named = [text for text in texts(axes) if text.startswith("shop")]
        assert 2 <= len(named) < 18
        below = caption(axes).partition("outside as well: ")[2]
        assert len(points(axes, OUTSIDE.shape)) == 18
        assert below.count("shop") == min(18 - len(named), 10)

    def test_names_do_not_cover_each_other(self):
        rng = np.random.default_rng(3)
        n = rng.integers(100, 3000, 40)
        good = rng.binomial(n, rng.uniform(0.4, 0.8, 40))
        tally = Tally(np.column_stack([n - good, good]), TWO, by={"shop": range(40)})
        axes = plots.funnel(funnel(top_box(tally, boxes=1)))
        axes.figure.draw_without_rendering()
        boxes = [t.get_window_extent() for t in axes.texts if t.get_text().startswith("shop")]
        assert len(boxes) > 10
        shrunk = [box.expanded(0.9, 0.7) for box in boxes]
        overlaps = [one.overlaps(other) for at, one in enumerate(shrunk) for other in shrunk[:at]]
        assert not any(overlaps)
        assert all(axes.bbox.expanded(1.02, 1.02).contains(*box.min) for box in boxes)

    def test_with_a_design_the_number_is_the_effective_one(self):
        rng = np.random.default_rng(1)
        answers, weights = rng.integers(1, 3, 90), rng.choice([1.0, 4.0], 90)
        survey = SurveyTally.of(answers, SurveyDesign(weights), TWO, by={"shop": list("abc") * 30})
        f = funnel(top_box(survey, boxes=1))
        axes = plots.funnel(f)
        assert sorted(x for _, x in points(axes)) == pytest.approx(sorted(f.estimate.effective_n))
        assert axes.get_xlabel() == "effective number of answers"

    def test_on_given_axes_names_are_placed_by_their_size(self):
        _, ax = plt.subplots(figsize=(3, 2))
        axes = plots.funnel(funnel(SHARES, confidence_level=0.93), ax=ax)
        assert points(axes, OUTSIDE.shape) == [(60, 80)]

    def test_groups_alike_have_limits_without_width(self):
        tally = Tally([[0, 3, 0], [0, 9, 0]], Scale.likert(3), by={"shop": ["a", "b"]})
        lower, upper = curves(plots.funnel(funnel(csat(tally, boxes=1))))
        assert set(upper.get_ydata()) == set(lower.get_ydata()) == {0}

    def test_two_sets_of_limits_are_told_apart_and_named(self):
        f = funnel(SHARES, confidence_level=(0.95, 0.998))
        axes = plots.funnel(f)
        outer, _, inner, _ = curves(axes)
        assert inner.get_linewidth() < outer.get_linewidth()
        assert at(inner, f.n[:3]) == pytest.approx(f.columns()["warning_low"].values[:3])
        assert {"lower 99.8 %", "upper 95 %"} <= {*texts(axes)}

    def test_rates_lie_by_their_exposure(self):
        events = Rate([7, 30, 9, 11, 0], [100, 110, 90, 250, 0], by={"ward": list("abcde")})
        f = funnel(events, confidence_level=0.95)
        axes = plots.funnel(f)
        assert axes.get_xlabel() == "exposure"
        assert sorted(x for _, x in points(axes, PLAIN.shape)) == [90, 100]
        assert sorted(x for _, x in points(axes, OUTSIDE.shape)) == [110, 250]
        _, upper = curves(axes)
        assert at(upper, [250]) == pytest.approx(f.limit_high[3], rel=0.02)
        assert "no exposure: ward e" in caption(axes)

    def test_nothing_is_drawn_of_groups_without_answers(self):
        f = funnel(csat(labelled()))[1:2]
        axes = plots.funnel(f)
        assert not axes.lines
        assert "no answers: shop empty" in caption(axes)

    def test_several_centers_and_single_groups_are_errors(self):
        f = funnel(csat(EXAMPLES["tally, compound"]()), across="shop")
        with pytest.raises(OptionError, match=r"one for each wave; choose one by sel\(wave=...\)$"):
            plots.funnel(f)
        plots.funnel(f.sel(wave=1))
        with pytest.raises(OptionError, match=r"got one; leave out sel\(shop=...\)$"):
            plots.funnel(f.sel(wave=1, shop="a"))
