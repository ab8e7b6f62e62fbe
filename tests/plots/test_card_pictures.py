"""Pictures of a card over time: the page in its order, and charts with the days of improvements."""

import attrs
from matplotlib import pyplot as plt

from custfocus import plots, scorecard
from custfocus.quantities import Observed
from progress.agency import DESK, MEASURES, MONTHS, WAITS, data, focus
from reading_axes import texts

CARD = scorecard(focus(improvements=[DESK]), data())


def test_the_page_shows_what_the_text_shows():
    said = texts(plots.scorecard(CARD))
    for text in ("latest", "change", "chart", "2026-02", "+8.3 [-3.9, 20.8]", "improvement", "17.2",
                 "met (value alone)", "no measure", "no needs recorded", "service: Vaccination",
                 "Reached, percent", "no target"):  # fmt: skip
        assert text in said, text
    assert said.index("Parents") < said.index("service: Vaccination")
    plt.close("all")


def test_it_keeps_the_order_of_the_card():
    said = texts(plots.scorecard(CARD.by("service")))
    assert said.index("service: Vaccination") < said.index("process: Phone line")
    assert said.count("Answered, percent") == 2
    plt.close("all")


def test_without_periods_the_columns_of_time_are_left_out():
    said = texts(plots.scorecard(scorecard(focus(MEASURES[1]), {"wait": 5})))
    assert not {"latest", "change", "chart"} & {*said}
    nothing = texts(plots.scorecard(scorecard(focus(MEASURES[1]), {})))
    assert "no data came for 'wait'" in nothing
    plt.close("all")


def test_groups_over_time_have_a_line_each():
    series = Observed([5, 4, 9, 7], by={"office": ["N", "N", "S", "S"]}, period=[1, 2, 1, 2])
    said = texts(plots.scorecard(scorecard(focus(MEASURES[1]), {"wait": series})))
    assert {"office N", "office S", "-1.00", "-2.00"} <= {*said}
    plt.close("all")


def test_an_event_is_a_thin_line_on_its_period_with_its_words():
    broken = attrs.evolve(MEASURES[1], breaks={"2025-06": "counted anew"})
    card = scorecard(focus(broken, improvements=[DESK]), {"wait": Observed(WAITS, period=MONTHS)})
    axes = plots.series(card.chart("wait"))
    uprights = {line.get_xdata()[0]: line for line in axes.lines if len(line.get_xdata()) == 2
                and line.get_xdata()[0] == line.get_xdata()[1]}  # fmt: skip
    assert sorted(uprights) == [4.5, 7.0]  # between May and June; August
    assert uprights[4.5].get_linestyle() != uprights[7.0].get_linestyle() == "-"
    words = {text.get_text(): text.get_fontstyle() for text in axes.texts}
    assert (words["New desk"], words["counted anew"]) == ("italic", "normal")
    plt.close("all")
