"""Colours stay apart in grey and for colour-blind readers."""

from itertools import pairwise

import numpy as np
import pytest

from custfocus.plots.colours import (
    BAND,
    BLUE,
    INK,
    MARKS,
    MUTED,
    ORANGE,
    OUTSIDE,
    PAPER,
    PLAIN,
    contrast,
    ink_on,
    luminance,
    ramp,
)

# Machado, Oliveira and Fernandes (2009), IEEE TVCG 15, 1291-1298, severity 1, for linear RGB
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(colour):
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def test_the_contrast_of_the_guidelines():
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WCAG's known edge
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
    assert luminance("#ff0000") == pytest.approx(0.2126)


@pytest.mark.parametrize("ground", [PAPER, BAND])
def test_texts_and_marks_are_seen_on_paper_and_on_a_target(ground):
    assert min(contrast(text, ground) for text in (INK, MUTED)) >= 4.5
    assert min(contrast(m.colour, ground) for m in (PLAIN, OUTSIDE, *MARKS.values())) >= 3


@pytest.mark.parametrize("points", [2, 3, 4, 5, 7, 10, 11, 21])
def test_each_point_is_darker_than_the_one_before_and_its_number_is_read(points):
    colours = ramp(points)
    assert len(colours) == points
    assert all(luminance(one) > luminance(next_) for one, next_ in pairwise(colours))
    assert min(contrast(ink_on(colour), colour) for colour in colours) >= 4.5
    assert min(contrast(one, next_) for one, next_ in pairwise(colours)) >= 1 + 0.9 / points


@pytest.mark.parametrize("kind", BLINDNESS)
def test_blue_orange_and_grey_differ_for_every_kind_of_colour_blindness(kind):
    seen = [np.array(BLINDNESS[kind]) @ linear(colour) for colour in (BLUE, ORANGE, MUTED)]
    apart = [np.abs(one - other).max() for at, one in enumerate(seen) for other in seen[:at]]
    assert min(apart) > 0.08


def test_verdicts_differ_in_shape_as_well():
    assert len({mark.shape for mark in MARKS.values()}) == len(MARKS)
    assert PLAIN.shape != OUTSIDE.shape
