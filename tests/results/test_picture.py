"""The picture of an interval: bars stand where the numbers are, seen or read out."""

import sys
from math import inf, isfinite, nan
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from custfocus.results.html import Html
from custfocus.results.picture import axis_bounds, axis_picture, interval_picture

ROUNDED = 0.11  # two numbers of one decimal each
THINNEST = 1.5  # pixels, that a bar can be seen

finite = st.floats(allow_nan=False, allow_infinity=False)
ends = st.floats(allow_nan=False)


class Bar(NamedTuple):
    """A rectangle by its edges, and how strong it is in the page's text colour."""

    left: float
    right: float
    top: float
    bottom: float
    opacity: float
    stroke: float


def bars_of(element, opacity=1.0):
    """All rectangles in the order in which they are painted."""
    opacity *= float(element.get("opacity", "1"))
    if element.tag == "rect":
        x, y, width, height = (float(element.get(k)) for k in ("x", "y", "width", "height"))
        fill = opacity * float(element.get("fill-opacity", "1"))
        stroke = opacity * float(element.get("stroke-opacity", "0"))
        return [Bar(x, x + width, y, y + height, fill, stroke)]
    return [bar for child in element for bar in bars_of(child, opacity)]


class Picture:
    """The parts of the picture: the target's range, the scale, zero, the interval, the mark."""

    def __init__(self, value, low, high, bounds, target=None, **options):
        text = interval_picture(value, low, high, bounds, target, **{"name": "CSAT", **options})
        assert isinstance(text, Html)
        self.svg = ET.fromstring(text)  # noqa: S314 - our own SVG
        self.width, self.height = float(self.svg.get("width")), float(self.svg.get("height"))
        self.bars = bars_of(self.svg)
        *first, self.mark = self.bars
        self.target = first.pop(0) if target else None
        self.scale, *rest = first
        self.zero = next((bar for bar in rest if bar.bottom - bar.top == self.height), None)
        self.interval = next((bar for bar in rest if bar is not self.zero), None)
        self.words = self.svg.get("aria-label")

    def place(self, share):
        return self.scale.left + share * (self.scale.right - self.scale.left)


class TestPlaces:
    @pytest.mark.parametrize(
        ("numbers", "bounds", "shares"),
        [
            ((30, 20, 60), (0, 100), (0.3, 0.2, 0.6)), ((2, 1, 5), (1, 5), (0.25, 0, 1)),
            ((0, -50, 50), (-100, 100), (0.5, 0.25, 0.75)),
        ],
    )  # fmt: skip
    def test_the_interval_and_its_mark_stand_where_their_numbers_are(self, numbers, bounds, shares):
        picture = Picture(*numbers, bounds)
        mark, *limits = map(picture.place, shares)
        assert picture.interval[:2] == pytest.approx(limits, abs=ROUNDED)
        assert sum(picture.mark[:2]) / 2 == pytest.approx(mark, abs=ROUNDED)

    def test_the_scale_takes_the_same_room_whatever_the_numbers_are(self):
        assert Picture(30, 20, 60, (0, 100)).scale == Picture(-1, -1, -1, (-1, 1), (0, inf)).scale

    def test_zero_has_a_line_only_within_the_scale(self):
        picture = Picture(30, 20, 60, (-50, 150))
        assert sum(picture.zero[:2]) / 2 == pytest.approx(picture.place(0.25), abs=0.3)
        assert Picture(30, 20, 60, (0, 100)).zero is None
        assert Picture(-30, -60, -20, (-100, 0)).zero is None

    @pytest.mark.parametrize(
        ("target", "start", "stop"),
        [
            ((40, inf), 0.4, 1), ((-inf, 40), 0, 0.4), ((40, 60), 0.4, 0.6), ((-20, 300), 0, 1),
            ((-inf, 0), 0, 0), ((100, inf), 1, 1), ((50, 50), 0.5, 0.5),
        ],
    )  # fmt: skip
    def test_the_targets_range_is_outlined_as_far_as_the_scale_goes(self, target, start, stop):
        picture = Picture(30, 20, 60, (0, 100), target)
        left, right = picture.place(start), picture.place(stop)
        assert picture.target.left == pytest.approx(left, abs=ROUNDED)
        assert picture.target.right == pytest.approx(max(right, left + THINNEST), abs=ROUNDED)

    @pytest.mark.parametrize("value", [0, 30, 100])
    def test_an_interval_of_a_single_point_can_be_seen(self, value):
        picture = Picture(value, value, value, (0, 100))
        assert picture.interval.right - picture.interval.left == pytest.approx(THINNEST)

    def test_the_bars_differ_by_their_heights(self):
        picture = Picture(30, 20, 60, (-100, 100), (40, inf))
        parts = (picture.scale, picture.interval, picture.mark, picture.zero)
        heights = [bar.bottom - bar.top for bar in parts]
        assert heights == sorted(set(heights))
        assert {bar.top + bar.bottom for bar in picture.bars} == {picture.height}

    def test_without_answers_there_is_no_picture(self):
        assert interval_picture(nan, nan, nan, (0, 100), (40, inf), name="CSAT") == ""

    @pytest.mark.parametrize("limits", [(nan, nan), (20, nan), (nan, 60)])
    def test_without_an_interval_the_mark_is_left(self, limits):
        picture = Picture(30, *limits, (0, 100))
        assert picture.interval is None
        assert sum(picture.mark[:2]) / 2 == pytest.approx(picture.place(0.3), abs=ROUNDED)

    def test_a_limit_without_an_end_goes_to_the_end_of_the_scale(self):
        picture = Picture(30, 20, inf, (0, inf))
        assert picture.interval.right == picture.scale.right
        assert picture.interval.left < picture.mark.left

    @given(finite, ends, ends, st.tuples(ends, ends), st.none() | st.tuples(ends, ends))
    def test_everything_lies_within_the_picture_whatever_the_numbers(
        self, value, one, other, bounds, target
    ):
        picture = Picture(value, min(one, other), max(one, other), bounds, target)
        assert picture.interval is not None
        for bar in picture.bars:
            assert 0 <= bar.left <= bar.right <= picture.width
            assert 0 <= bar.top < bar.bottom <= picture.height


class TestWords:
    def test_the_interval_is_said_in_words(self):
        words = "CSAT 30.0, interval 20.3 to 60.0, scale 0.0 to 100.0, target at least 40.0"
        picture = Picture(30, 20.25, 60, (0, 100), (40, inf))
        assert picture.words == words
        assert picture.svg.findtext("title") == words
        assert picture.svg.get("role") == "img"

    @pytest.mark.parametrize(
        ("target", "words"),
        [((40, inf), "at least 40.0"), ((-inf, 40), "at most 40.0"), ((40, 60), "40.0 to 60.0")],
    )
    def test_a_range_is_said_by_the_ends_that_it_has(self, target, words):
        picture = Picture(30, 20, 60, (0, 100), target, target_name="better")
        assert picture.words.endswith(f"scale 0.0 to 100.0, better {words}")

    @pytest.mark.parametrize("bounds", [(0, inf), (-inf, 100), (-inf, inf)])
    def test_a_scale_without_ends_is_not_said(self, bounds):
        assert Picture(30, 20, 60, bounds).words == "CSAT 30.0, interval 20.0 to 60.0"

    def test_an_interval_that_is_not_known_is_said_to_be_so(self):
        assert Picture(3, nan, nan, (1, 5)).words == "CSAT 3.00, no interval, scale 1.00 to 5.00"

    def test_no_name_adds_a_tag(self):
        picture = Picture(30, 20, 60, (0, 100), name='"><b>R&D</b>\n', target_name="<i>")
        assert picture.words.startswith('"><b>R&D</b>\\n 30.0')
        assert {part.tag for part in picture.svg.iter()} == {"svg", "title", "g", "rect"}


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2.2, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def painted(ground, text, opacity):
    return tuple(g * (1 - opacity) + t * opacity for g, t in zip(ground, text, strict=True))


WHITE, BLACK, DARK = (1, 1, 1), (0, 0, 0), (17 / 255,) * 3
PAGES = {
    "light": (WHITE, BLACK),
    "light notebook": (WHITE, painted(WHITE, BLACK, 0.87)),
    "striped notebook": ((245 / 255,) * 3, painted((245 / 255,) * 3, BLACK, 0.87)),
    "dark": (DARK, WHITE),
    "dark notebook": (DARK, painted(DARK, WHITE, 0.87)),
}


@pytest.mark.parametrize("page", PAGES)
def test_all_parts_have_the_contrast_of_wcag_on_the_page_and_on_the_targets_shade(page):
    """At least 3:1, WCAG 2.2 criterion 1.4.11."""
    picture = Picture(30, 20, 60, (-100, 100), (40, inf))
    ground, text = PAGES[page]
    shade = painted(ground, text, picture.target.opacity)
    line = painted(ground, text, picture.target.stroke)
    for under in (ground, shade):
        assert contrast(line, under) >= 3
        for bar in (picture.scale, picture.zero, picture.interval, picture.mark):
            assert contrast(painted(under, text, bar.opacity), under) >= 3
        bar = painted(under, text, picture.interval.opacity)
        assert contrast(painted(bar, text, picture.mark.opacity), bar) >= 3


def test_the_picture_keeps_its_width_in_a_notebook():
    for svg in (
        Picture(30, 20, 60, (0, 100)).svg,
        ET.fromstring(axis_picture((0, 100), ["0", "100"])),  # noqa: S314 - our own SVG
    ):
        style = dict(part.split(": ") for part in svg.get("style").split("; "))
        assert style["max-width"] == "none"
        assert style["min-width"] == style["width"] == f"{svg.get('width')}px"
        assert svg.get("fill") == "currentColor"


class Axis:
    """The parts of the scale in the title: ticks and what is written at them."""

    def __init__(self, bounds, texts):
        self.svg = ET.fromstring(axis_picture(bounds, texts))  # noqa: S314 - our own SVG
        self.line, *self.ticks = bars_of(self.svg)
        self.texts = {text.text: text for text in self.svg.iter("text")}


class TestAxis:
    def test_its_ends_are_those_of_the_pictures_below(self):
        axis, picture = Axis((0, 100), ["0", "100"]), Picture(30, 20, 60, (0, 100))
        assert axis.line[:2] == picture.scale[:2]
        assert axis.svg.get("width") == picture.svg.get("width")
        assert axis.ticks[0].left == axis.line.left
        assert axis.ticks[1].right == axis.line.right

    def test_the_ends_are_written_and_read_out(self):
        axis = Axis((1, 5), ["1.00", "5 & up"])
        assert [text.get("text-anchor") for text in axis.texts.values()] == ["start", "end"]
        assert list(axis.texts) == ["1.00", "5 & up"]
        assert axis.svg.get("aria-label") == "scale 1.00 to 5 & up"

    def test_zero_has_a_tick_within_the_scale_where_the_line_of_the_pictures_is(self):
        axis, picture = Axis((-100, 300), ["-100", "300"]), Picture(1, 0, 2, (-100, 300))
        assert axis.ticks[2].left == pytest.approx(picture.zero.left)
        assert float(axis.texts["0"].get("x")) == pytest.approx(axis.ticks[2].left + 0.5, abs=0.1)
        assert len(Axis((0, 100), ["0", "100"]).ticks) == 2

    @pytest.mark.parametrize("bounds", [(-1, 100), (-100, 1)])
    def test_zero_is_not_written_over_an_end(self, bounds):
        axis = Axis(bounds, [str(end) for end in bounds])
        assert len(axis.ticks) == 3
        assert "0" not in axis.texts

    def test_a_long_number_is_narrowed_to_half_the_picture(self):
        axis = Axis((0, 1e30), ["0", f"{1e30:.0f}"])
        short, long = axis.texts.values()
        assert short.get("textLength") is None
        assert float(long.get("textLength")) < (axis.line.right - axis.line.left) / 2

    def test_ends_that_are_not_finite_still_give_a_scale(self):
        assert Axis((0, inf), ["0", ""]).line == Axis((0, 1), ["0", "1"]).line


class TestAxisBounds:
    @pytest.mark.parametrize(
        ("bounds", "numbers", "expected"),
        [
            ((0, 100), [20, 500], (0, 100)), ((0, inf), [20, 50], (0, 55)),
            ((-inf, 0), [-50], (-55, 0)), ((-inf, inf), [20, 30, nan, inf], (19, 31)),
            ((-inf, inf), [], (-1, 1)), ((-inf, inf), [500], (450, 550)),
            ((0, inf), [0, 0], (0, 1)), ((0, inf), [-5], (0, 0.5)), ((3, 3), [], (2, 4)),
        ],
    )  # fmt: skip
    def test_an_infinite_end_is_set_a_tenth_beyond_the_numbers(self, bounds, numbers, expected):
        assert axis_bounds(bounds, numbers) == pytest.approx(expected)

    @example((sys.float_info.max,) * 2, [])  # halves, or it overflows
    @example((-sys.float_info.max,) * 2, [])
    @given(st.tuples(ends, ends), st.lists(st.floats()))
    def test_the_ends_are_finite_and_differ(self, bounds, numbers):
        low, high = axis_bounds(bounds, numbers)
        assert isfinite(low)
        assert isfinite(high)
        assert low < high

    @given(st.lists(finite, min_size=1))
    def test_all_numbers_are_within_where_the_metric_has_no_ends(self, numbers):
        low, high = axis_bounds((-inf, inf), numbers)
        assert low <= min(numbers)
        assert max(numbers) <= high
