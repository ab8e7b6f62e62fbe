"""Every kind of result is drawn by one function, or is an error that lists the functions."""

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from custfocus import Scale, Tally, csat, plots, scorecard
from custfocus.errors import OptionError
from custfocus.plots.colours import PAPER
from custfocus.plots.draw import _FUNCTIONS
from custfocus.plots.kinds import KINDS
from custfocus.plots.lettering import shortened, wrapped_labels
from every_result import EXAMPLES, FOCUS, labelled
from reading_axes import caption, numbers, remarks, row_labels, texts

KNOWN = tuple(kind for kinds in KINDS.values() for kind in kinds)
DRAWN = [name for name, made in EXAMPLES.items() if isinstance(made(), KNOWN)]
LONG = "How satisfied are you with the quality of {} services in your own neighbourhood overall?"


def test_the_functions_are_those_of_the_table():
    assert {name: function.__name__ for name, function in _FUNCTIONS.items()} == {
        name: name for name in KINDS
    }
    assert set(plots.__all__) == {"draw", *KINDS}


@pytest.mark.parametrize("name", DRAWN)
def test_every_example_is_drawn_on_axes_of_its_own_and_on_others(name):
    result = EXAMPLES[name]()
    axes = plots.draw(result)
    axes.figure.draw_without_rendering()
    drawn = numbers(axes)
    gaps = isinstance(result, KINDS["series"]) & np.isnan(drawn)
    assert (np.isfinite(drawn) | gaps).all()
    assert axes.get_title(loc="left")
    if not isinstance(result, KINDS["funnel"] + KINDS["series"]):
        rows = result.to_dicts()
        assert len(row_labels(axes)) == len(rows)
        assert {str(row["n"]) for row in rows if row.get("n") is not None} <= {*texts(axes)}
        tallied = isinstance(result, KINDS["distribution"])
        empty = [row["n"] == 0 if tallied else row["value"] is None for row in rows]
        assert len(remarks(axes)) == sum(empty)
    figure, given = plt.subplots()
    assert plots.draw(result, ax=given) is given
    assert given.figure is figure


def test_kinds_without_a_picture_are_those_without_one_value_a_row_or_not_for_readers():
    kinds = {type(EXAMPLES[name]()).__name__ for name in {*EXAMPLES} - {*DRAWN}}
    assert kinds == {
        *("PairTally", "Homogeneity", "Audit", "DetectableChange", "AnswersNeeded"),
        *("Progress", "Satisfaction", "Reading", "Readings", "ChangeSince"),
        *("Gaps", "Practices", "Voice", "Unmeasured"),
    }


@pytest.mark.parametrize("name", sorted({*EXAMPLES} - {*DRAWN}))
def test_a_result_without_a_picture_lists_the_functions_there_are(name):
    result = EXAMPLES[name]()
    with pytest.raises(OptionError) as error:
        plots.draw(result)
    assert type(result).__name__ in str(error.value)
    assert "distribution draws Tally and SurveyTally; funnel draws Funnel; " in str(error.value)
    assert not plt.get_fignums()


@pytest.mark.parametrize("function", KINDS)
@pytest.mark.parametrize("thing", [5, None, [5, 4], "shop", "other"])
def test_a_function_takes_its_own_kinds_alone(function, thing):
    other = labelled() if function != "distribution" else csat(labelled())
    with pytest.raises(OptionError, match=rf"^plots\.{function} can't draw an? "):
        getattr(plots, function)(other if thing == "other" else thing)


@pytest.mark.parametrize("ax", [5, "axes", [plt], plt])
def test_what_can_not_be_drawn_on_is_an_error(ax):
    for name in KINDS:
        result = {
            "scorecard": lambda: scorecard(FOCUS, {"q7": [5]}),
            "distribution": labelled,
            "intervals": lambda: csat(labelled()),
            "series": EXAMPLES["chart, groups"],
        }.get(name, EXAMPLES.get(name))()
        with pytest.raises(
            OptionError, match=r"^ax must be rectangular axes of Matplotlib, got an? "
        ):
            plots.draw(result, ax=ax)


def test_axes_that_are_not_rectangular_are_an_error():
    with pytest.raises(OptionError, match="got a PolarAxes; write"):
        plots.draw(labelled(), ax=plt.subplot(projection="polar"))


def test_axes_that_were_logarithmic_are_drawn_on():
    _, ax = plt.subplots()
    ax.set_xscale("log")
    assert plots.draw(csat(labelled()), ax=ax).get_xscale() == "linear"


def test_more_rows_make_a_higher_figure_and_many_are_an_error():
    drawn = [plots.draw(Tally([[1, 4]] * rows, Scale.likert(2))) for rows in (1, 5, 20, 60)]
    heights = [axes.figure.get_figheight() for axes in drawn]
    assert heights == sorted(heights)
    assert heights[-1] > 60 * 18 / 72
    with pytest.raises(OptionError, match=r"1,000 rows at the most, got 1,001; choose some"):
        plots.draw(Tally([[1, 4]] * 1001, Scale.likert(2)))


def look(axes):
    """Colours, sizes and places of all that is drawn."""
    axes.figure.draw_without_rendering()
    return (
        axes.figure.get_facecolor(),
        tuple(axes.figure.get_size_inches()),
        axes.get_facecolor(),
        [(t.get_text(), t.get_color(), t.get_fontsize(), t.get_usetex()) for t in axes.texts],
        [(t.get_color(), t.get_fontsize()) for t in axes.get_xticklabels()],
        [(x.get_color(), x.get_linewidth(), x.get_marker()) for x in axes.lines],
        axes.get_position().bounds,
    )


def test_pictures_look_alike_whatever_the_style():
    before = look(plots.draw(csat(labelled())))
    strange = {"font.size": 30, "text.usetex": True, "axes.grid": True, "figure.dpi": 30}
    with mpl.style.context(["dark_background", strange]):
        assert look(plots.draw(csat(labelled()))) == before
        assert mpl.rcParams["font.size"] == 30
    assert before[2] == mpl.colors.to_rgba(PAPER)


@pytest.mark.parametrize("name", ["tally, labelled", "estimate, labelled", "ranks", "funnel"])
def test_on_axes_of_a_dark_figure_texts_stand_on_white_too(name):
    with mpl.style.context("dark_background"):
        figure, ax = plt.subplots()
        plots.draw(EXAMPLES[name](), ax=ax)
    assert figure.get_facecolor() == ax.get_facecolor() == mpl.colors.to_rgba(PAPER)


def test_fonts_are_those_in_use():
    with mpl.rc_context({"font.family": "serif"}):
        axes = plots.draw(csat(labelled()))
    assert {text.get_fontfamily()[0] for text in axes.texts} == {"serif"}


def test_labels_are_texts_and_long_ones_are_broken_or_lose_their_middle():
    labels = ["$5 to $10 x^2", LONG.format("police"), LONG.format("fire"), "east\nend", "W" * 40]
    axes = plots.draw(csat(Tally([[1, 1, 2, 3, 9]] * 5, Scale.likert(5), by={"shop": labels})))
    shown = {label.replace("\n", " ") for label in row_labels(axes)}
    assert "$5 to $10 x^2" in shown
    assert r"east\nend" in shown
    assert len(shown) == 5
    assert all(len(line) <= 40 for label in row_labels(axes) for line in label.split("\n"))
    assert max(label.count("\n") for label in row_labels(axes)) == 1
    assert {"… police services in your own neighbourhood overall?"} < shown
    assert not any(text.get_parse_math() for text in axes.texts + axes.get_yticklabels())
    box = axes.get_tightbbox()
    assert box.x0 > -2
    assert box.x1 < axes.figure.bbox.width + 2


def test_wide_characters_count_double():
    assert len(shortened(["東京" * 30], 40)[0]) <= 21
    [label] = wrapped_labels(["東京" * 12])
    assert [len(line) for line in label.split("\n")] == [16, 8]


PARTS = st.sampled_from(["satisfied with", "the police", "the fire", "in your area", " ", "a"])
LABELS = st.lists(PARTS, max_size=7).map(" ".join)


@given(st.lists(LABELS, unique=True, max_size=8), st.integers(8, 40))
def test_shortened_texts_are_no_wider_and_as_different_as_before(labels, cells):
    short = shortened(labels, cells)
    assert len(set(short)) == len(labels)
    assert all(len(text) <= cells for text in short)


def test_the_same_words_once_twice_and_thrice_get_numbers():
    labels = [" ".join(["satisfied with"] * times) for times in (1, 2, 3)]
    short = shortened(labels, 8)
    assert len(set(short)) == 3
    assert max(map(len, short)) <= 8


def test_rows_of_several_names_stand_under_headings():
    axes = plots.draw(EXAMPLES["estimate, compound"]())
    assert row_labels(axes) == ["1", "2", "1", "2"]
    assert list(axes.get_yticks()) == [1, 2, 4, 5]
    heads = {t.xy[1]: t.get_text() for t in axes.texts if t.get_fontweight() == "bold"}
    assert {round(y): text for y, text in heads.items()} == {0: "shop a", 3: "shop b"}
    assert axes.get_ylim() == (5.5, -0.5)
    assert "wave" in texts(axes)


def test_what_is_fixed_stands_in_the_title_and_how_it_was_made_below():
    axes = plots.draw(EXAMPLES["estimate, chosen"]())
    assert axes.get_title(loc="left") == "shop south: CSAT, percent"
    assert caption(axes).startswith("CSAT, 95 % score interval")
    assert "all answers count alike" in caption(axes)  # the note
