"""Stacked bars of answers: their widths, their numbers and their names."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from custfocus import Scale, SurveyDesign, Tally, plots
from custfocus.errors import OptionError
from custfocus.plots.colours import ink_on, ramp
from custfocus.surveys import SurveyTally
from every_result import FIVE, labelled
from reading_axes import caption, column, remarks, texts

WORDS = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]


def bars(axes):
    """Start and width of each bar, shape (rows, points, 2), from the top and the left."""
    found = [(bar.get_y(), bar.get_x(), bar.get_width()) for bar in axes.patches]
    points = len({to_hex(bar.get_facecolor()) for bar in axes.patches})
    table = np.array(found).reshape(points, -1, 3).swapaxes(0, 1)
    assert (np.ptp(table[..., 0], axis=1) == 0).all()
    return table[..., 1:]


def test_bars_are_the_shares_from_the_left():
    tally = Tally([[1, 2, 9, 20, 8], [5, 5, 5, 5, 0]], FIVE, [3, 0], by={"shop": ["N", "S"]})
    axes = plots.distribution(tally)
    widths = bars(axes)[..., 1]
    assert widths == pytest.approx(100 * tally.shares)
    assert bars(axes)[..., 0] == pytest.approx(np.cumsum(widths, axis=1) - widths)
    assert axes.get_xlim() == (0, 100)
    assert column(axes, "n") == ["40", "20"]
    assert column(axes, "missing") == ["3", "0"]
    assert [to_hex(bar.get_facecolor()) for bar in axes.patches[::2]] == ramp(5)
    assert axes.get_title(loc="left") == "answers, percent"


def test_numbers_stand_in_the_bars_that_have_room():
    axes = plots.distribution(Tally([1, 0, 9, 20, 170], FIVE))
    inside = [text for text in axes.texts if text.get_horizontalalignment() == "center"]
    assert [text.get_text() for text in inside] == ["5", "10", "85"]
    assert [text.xy[0] for text in inside] == pytest.approx([2.75, 10, 57.5])
    assert [text.get_color() for text in inside] == [ink_on(colour) for colour in ramp(5)[2:]]


def test_rows_without_answers_say_so_and_missing_has_no_column_where_none_are():
    axes = plots.distribution(labelled())
    assert remarks(axes) == {1.0: "no answers"}
    assert len(axes.patches) == 3 * 5
    assert "missing" in texts(axes)
    assert "missing" not in texts(plots.distribution(Tally([1, 2, 3], Scale.likert(3))))


@pytest.mark.parametrize(
    ("counts", "starts"),
    [([2, 3, 5], [-35, -15, 15]), ([1, 2, 3, 4], [-30, -20, 0, 30]), ([4, 6], [-40, 0])],
)
def test_diverging_bars_start_left_of_a_line_by_their_worse_half(counts, starts):
    axes = plots.distribution(Tally(counts, Scale.likert(len(counts))), diverging=True)
    assert bars(axes)[0, :, 0] == pytest.approx(starts)
    assert bars(axes)[0, :, 1] == pytest.approx(10 * np.array(counts))
    left, right = axes.get_xlim()
    assert left < starts[0]
    assert right > 100 + starts[0]
    assert [line.get_xdata()[0] for line in axes.lines] == [0]
    assert ("half on either side" in caption(axes)) == (len(counts) == 3)
    assert not any("-" in axes.xaxis.get_major_formatter()(tick) for tick in axes.get_xticks())


def test_the_worst_point_stands_left_on_a_reversed_scale_too():
    turned = Tally([5, 3, 2], Scale.likert(3).reverse_coded())
    assert bars(plots.distribution(turned))[0, :, 1] == pytest.approx([50, 30, 20])


def test_shares_of_a_survey_are_weighted_and_its_n_is_not():
    design = SurveyDesign([3, 1, 1, 1, 2, 2])
    survey = SurveyTally.of([1, 1, 3, 3, 3, 2], design, Scale.likert(3))
    axes = plots.distribution(survey)
    assert bars(axes)[0, :, 1] == pytest.approx([40, 20, 40])
    assert column(axes, "n") == ["6"]
    assert caption(axes).startswith("weighted shares of the answers; n: respondents")
    assert "not weighted" not in caption(plots.distribution(labelled()))


def test_points_are_named_in_their_colours_on_as_many_lines_as_they_need():
    tally = Tally([1, 2, 9, 20, 8], Scale.likert(5, labels=WORDS))
    chips = [text for text in plots.distribution(tally).texts if text.get_text() in WORDS]
    assert [chip.get_text() for chip in chips] == WORDS
    assert [to_hex(chip.get_bbox_patch().get_facecolor()) for chip in chips] == ramp(5)
    assert len({chip.xyann[1] for chip in chips}) == 1
    long = [f"{word} with all that was done" for word in WORDS]
    axes = plots.distribution(Tally([1, 2, 9, 20, 8], Scale.likert(5, labels=long)))
    heights = [chip.xyann[1] for chip in axes.texts if chip.get_bbox_patch()]
    assert len(heights) == 5
    assert len(set(heights)) == 2
    assert heights == sorted(heights, reverse=True)
    box = axes.get_tightbbox()
    assert box.x1 < axes.figure.bbox.width + 2
    assert box.y1 < axes.figure.bbox.height + 2


def test_too_many_points_and_what_is_neither_true_nor_false_are_errors():
    plots.distribution(Tally([1] * 21, Scale.range(0, 20)))
    with pytest.raises(OptionError, match=r"^scales are drawn with 21 points at the most, got 22"):
        plots.distribution(Tally([1] * 22, Scale.range(0, 21)))
    with pytest.raises(OptionError, match=r"^diverging must be True or False, got 'yes'$"):
        plots.distribution(labelled(), diverging="yes")
