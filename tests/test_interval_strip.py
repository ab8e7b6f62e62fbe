"""The small picture of an interval: its bars stand where the numbers are."""

from math import inf, nan
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from custfocus.interval_strip import interval_strip


class Bar(NamedTuple):
    """A rectangle of the picture, by its edges."""

    left: float
    right: float
    top: float
    bottom: float


class Strip:
    """The picture's rectangles: the target's range (if any), the scale, the interval, the mark."""

    def __init__(self, *numbers):
        svg = ET.fromstring(interval_strip(*numbers))  # noqa: S314 - our own SVG
        self.width, self.height = float(svg.get("width")), float(svg.get("height"))
        *target, self.scale, self.interval, self.mark = map(self._bar, svg)
        self.target = target[0] if target else None
        self.bars = [*target, self.scale, self.interval, self.mark]

    @staticmethod
    def _bar(rectangle):
        assert rectangle.tag == "rect"
        x, y, width, height = (float(rectangle.get(k)) for k in ("x", "y", "width", "height"))
        return Bar(x, x + width, y, y + height)

    def place(self, share):
        return self.scale.left + share * (self.scale.right - self.scale.left)


ROUNDED = 0.11  # two numbers of one decimal each
THINNEST = 1.5  # pixels, that a bar can be seen


def test_the_interval_and_its_mark_stand_where_their_numbers_are_on_the_scale():
    strip = Strip(30, 20, 60, (0, 100))
    assert strip.interval[:2] == pytest.approx((strip.place(0.2), strip.place(0.6)), abs=ROUNDED)
    assert sum(strip.mark[:2]) / 2 == pytest.approx(strip.place(0.3), abs=ROUNDED)


def test_a_scale_need_not_begin_at_nought():
    strip = Strip(0, -50, 50, (-100, 100))
    assert strip.interval[:2] == pytest.approx((strip.place(0.25), strip.place(0.75)), abs=ROUNDED)
    assert sum(strip.mark[:2]) / 2 == pytest.approx(strip.place(0.5), abs=ROUNDED)
    likert = Strip(2, 1, 5, (1, 5))
    assert likert.interval[:2] == pytest.approx(likert.scale[:2], abs=ROUNDED)
    assert sum(likert.mark[:2]) / 2 == pytest.approx(likert.place(0.25), abs=ROUNDED)


def test_the_scale_takes_the_same_room_whatever_the_numbers_are():
    assert Strip(30, 20, 60, (0, 100)).scale == Strip(-1, -1, -1, (-1, 1), (0, inf)).scale


@pytest.mark.parametrize(
    ("target", "start", "stop"),
    [
        ((40, inf), 0.4, 1),
        ((-inf, 40), 0, 0.4),
        ((40, 60), 0.4, 0.6),
        ((-20, 300), 0, 1),
        ((-inf, 0), 0, 0),
        ((100, inf), 1, 1),
        ((50, 50), 0.5, 0.5),
    ],
)
def test_the_targets_range_is_shaded_as_far_as_the_scale_goes(target, start, stop):
    strip = Strip(30, 20, 60, (0, 100), target)
    left, right = strip.place(start), strip.place(stop)
    assert strip.target.left == pytest.approx(left, abs=ROUNDED)
    assert strip.target.right == pytest.approx(max(right, left + THINNEST), abs=ROUNDED)


@pytest.mark.parametrize("target", [(100, inf), (-inf, 0), (50, 50), (99.99, inf), (50, 50.01)])
def test_a_target_of_a_single_point_can_be_seen(target):
    strip = Strip(30, 20, 60, (0, 100), target)
    assert strip.target.right - strip.target.left == pytest.approx(THINNEST)
    assert 0 <= strip.target.left < strip.target.right <= strip.width


@pytest.mark.parametrize("value", [0, 30, 100])
def test_an_interval_of_a_single_point_can_be_seen(value):
    strip = Strip(value, value, value, (0, 100))
    assert strip.interval.right - strip.interval.left == pytest.approx(THINNEST)
    assert strip.mark.left <= strip.interval.left < strip.interval.right <= strip.width


def test_without_a_target_nothing_is_shaded():
    assert Strip(30, 20, 60, (0, 100)).target is None
    assert len(Strip(30, 20, 60, (0, 100), (40, inf)).bars) == 4


@pytest.mark.parametrize("numbers", [(0, 0, 10), (100, 90, 100), (100, 100, 100), (-5, -9, 120)])
def test_everything_lies_within_the_picture(numbers):
    strip = Strip(*numbers, (0, 100), (-inf, inf))
    for bar in strip.bars:
        assert 0 <= bar.left <= bar.right <= strip.width
        assert 0 <= bar.top < bar.bottom <= strip.height


def test_every_bar_is_centred_and_the_mark_stands_out_of_the_interval():
    strip = Strip(30, 20, 60, (0, 100), (40, inf))
    assert {bar.top + bar.bottom for bar in strip.bars} == {strip.height}
    heights = [bar.bottom - bar.top for bar in (strip.scale, strip.interval, strip.mark)]
    assert heights == sorted(set(heights))
    assert strip.target.bottom - strip.target.top == strip.height


def test_without_answers_there_is_no_picture():
    assert interval_strip(nan, nan, nan, (0, 100), (40, inf)) == ""
