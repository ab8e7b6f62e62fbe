"""The shipped and quoted figures of false alarms and detection are what a simulation gives."""

import importlib.util
import re
from pathlib import Path

import attrs
import numpy as np
import pytest

from custfocus.charts import RULE_SETS, false_alarms
from custfocus.charts.false_alarm_table import FALSE_ALARMS, POINTS
from custfocus.errors import OptionError, TallyError

HERE = Path(__file__)
PAGE = (HERE.parents[2] / "docs" / "charts.md").read_text(encoding="utf-8")
SERIES = 3000


@pytest.fixture(scope="module")
def simulation():
    specification = importlib.util.spec_from_file_location(
        "chart_false_alarms", HERE.with_name("chart_false_alarms.py")
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def close(found, quoted, rounding):
    """Within five standard errors of both simulations and the rounding, in per cent."""
    share = np.clip(np.asarray(quoted) / 100, 0.005, 0.995)
    error = 100 * np.sqrt(share * (1 - share) * (1 / SERIES + 1 / 40_000))
    return np.abs(np.subtract(found, quoted)) <= 5 * error + rounding


@pytest.mark.parametrize("chart", ["xmr", "p", "p-prime", "c", "u-prime", "run"])
@pytest.mark.parametrize("n", [12, 30])
def test_the_table_is_what_the_simulation_gives(simulation, chart, n):
    found = simulation.percent_of_stable(chart, n, series=SERIES)
    place = POINTS.index(n)
    for name, per_cent in found.items():
        assert close(per_cent, FALSE_ALARMS[name][chart][place], 0.05), name


def test_the_table_has_every_set_and_every_length_of_the_simulation(simulation):
    assert list(FALSE_ALARMS) == list(RULE_SETS)
    assert simulation.POINTS == POINTS
    for of_set in FALSE_ALARMS.values():
        assert list(of_set) == list(simulation.CHARTS)
        assert {len(figures) for figures in of_set.values()} == {len(POINTS)}


def test_the_page_quotes_the_false_alarms():
    columns = [("xmr", 12), ("xmr", 24), ("xmr", 48), ("xmr", 120), ("p", 24), ("c", 24)]
    for name, of_set in FALSE_ALARMS.items():
        cells = (f"{of_set[chart][POINTS.index(n)]:.1f}" for chart, n in columns)
        assert f"| `{name}` | {' | '.join(cells)} |" in PAGE


def test_the_page_quotes_how_shifts_are_detected(simulation):
    lines = re.findall(r"^\| `([^`]*)` \| (\d+ / .*) \|$", PAGE, re.MULTILINE)
    assert [name for name, _ in lines] == list(RULE_SETS)
    for column, shift in enumerate(simulation.SHIFTS):
        found = simulation.detected(24, shift, SERIES, screened=False)
        for name, cells in lines:
            quoted = [float(cell) for cell in cells.split("|")[column].split("/")]
            assert close(found[name], quoted, 0.5).all(), (name, shift)


def test_the_page_quotes_series_for_which_the_figures_do_not_hold(simulation):
    found = simulation.doubtful(SERIES)
    header = "| rule set | " + " | ".join(found) + " |"
    rows = dict(re.findall(r"^\| `([^`]*)` \| (.*) \|$", PAGE.split(header)[1], re.MULTILINE))
    for name in RULE_SETS:
        quoted = [float(cell) for cell in rows[name].split("|")]
        assert close([of_sets[name] for of_sets in found.values()], quoted, 0.5).all(), name


def test_figures_between_the_simulated_lengths_are_interpolated():
    at = FALSE_ALARMS["nelson"]["xmr"]
    first, second = POINTS[:2]
    middle = false_alarms([first, (first + second) / 2, second], "xmr", "nelson")
    assert middle.tolist() == pytest.approx([at[0], (at[0] + at[1]) / 2, at[1]])
    assert false_alarms(24, "u", "nelson") == false_alarms(24, "c", "nelson")
    assert false_alarms(24, "i-prime", "nelson") == false_alarms(24, "xmr", RULE_SETS["nelson"])


def test_no_figure_where_none_was_simulated():
    assert np.isnan(false_alarms([11, 121, np.nan])).all()
    ours = attrs.evolve(RULE_SETS["nelson"], fewest_points=20)
    assert np.isnan(false_alarms(24, "xmr", ours))


def test_a_set_that_marks_nothing_has_no_false_alarms():
    assert false_alarms([12, 13], "xmr", "nhs-mdc-2024")[0] == 0
    assert false_alarms(13, "xmr", "nhs-mdc-2024") > 4


def test_wrong_input_is_an_error():
    with pytest.raises(OptionError, match="unknown chart 'x-bar'"):
        false_alarms(24, "x-bar")
    with pytest.raises(OptionError, match="unknown rule set 'who'"):
        false_alarms(24, "xmr", "who")
    with pytest.raises(TallyError, match="points must be numbers"):
        false_alarms("many")
