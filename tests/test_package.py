"""What `import custfocus` gives, and what it costs."""

import ast
import importlib
import importlib.metadata
import os
import pkgutil
import runpy
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import custfocus
from custfocus.comparisons.compare import METHODS as COMPARISON_METHODS
from custfocus.comparisons.comparison import ComparisonMethod
from custfocus.indices.single_item import _EFFORT, EffortWording
from custfocus.intervals.methods import METHODS, Method

ROOT = Path(__file__).parents[1]
SOURCE = Path(custfocus.__file__).parent

AT_THE_TOP = {
    "Comparison", "CustfocusError", "Customer", "CustomerFocus", "Estimate", "Need",
    "PerformanceMeasure", "Requirement", "Scale", "Scorecard", "Scoring", "Service",
    "Stakeholder", "Statement", "SurveyDesign", "Tally", "Target", "__version__", "bottom_box",
    "ces", "compare", "csat", "estimate", "mean_score", "net_score", "nps", "scorecard",
    "top_box", "verdict",
}  # fmt: skip
ROOMS = [
    "charts", "comparisons", "disclosure", "errors", "frames", "indices", "intervals", "planning",
    "plots", "progress", "quantities", "responses", "results", "surveys", "vocabulary",
]  # fmt: skip
EXTRA_OF = {"frames": "narwhals", "plots": "matplotlib"}
WITH_NAMES = [room for room in ROOMS if room not in {"disclosure", "errors"}]  # those are modules
EXTRAS = {"cattrs", "matplotlib", "narwhals", "pandas", "polars", "pyarrow", "statsmodels"}


def in_a_new_interpreter(script, *, without=()):
    """The lines that a script prints, where some packages can't be imported."""
    barred = f"import sys\nsys.modules.update(dict.fromkeys({[*without]!r}))\n"
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-W", "error", "-c", barred + script],
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


# -- names ---------------------------------------------------------------------------------------


def test_the_names_at_the_top_are_these_and_there_before_they_are_asked_for():
    assert custfocus.__all__ == sorted(AT_THE_TOP)
    assert set(vars(custfocus)) >= AT_THE_TOP
    assert not any(isinstance(vars(custfocus)[name], ModuleType) for name in AT_THE_TOP)


def test_every_folder_and_module_of_the_house_is_a_room():
    there = {module.name for module in pkgutil.iter_modules([str(SOURCE)])}
    assert there - {"messages"} == set(ROOMS)  # those of errors, which are all that users see


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_needs_no_import_of_its_own(room):
    script = f"import custfocus\nprint(custfocus.{room}.__name__)"
    assert in_a_new_interpreter(script) == [f"custfocus.{room}"]


def test_a_room_is_loaded_when_it_is_asked_for_and_listed_before():
    assert custfocus.__getattr__("planning") is custfocus.planning
    assert {"planning", "csat", "frames"} <= {*dir(custfocus)}
    [listed] = in_a_new_interpreter("import custfocus\nprint(*dir(custfocus))")
    assert listed.split() == sorted([*AT_THE_TOP, *ROOMS])


def test_type_checkers_know_the_same_rooms():
    tree = ast.parse((SOURCE / "__init__.py").read_text())
    [block] = [one for one in tree.body if isinstance(one, ast.If)]
    known = [(alias.name, alias.asname) for statement in block.body for alias in statement.names]
    assert known == [(room, room) for room in ROOMS]


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(
        AttributeError, match=r"^module 'custfocus' has no attribute 'promoters'$"
    ) as caught:
        custfocus.promoters  # noqa: B018 - it is the question
    assert caught.value.name == "promoters"
    with pytest.raises(ImportError, match="cannot import name 'rank'"):
        from custfocus import rank  # noqa: F401, PLC0415


@pytest.mark.parametrize("room", WITH_NAMES)
def test_the_names_of_a_room_are_sorted_and_there(room):
    module = importlib.import_module(f"custfocus.{room}")
    assert module.__all__ == sorted(set(module.__all__))
    public = {
        name
        for name, thing in vars(module).items()
        if not name.startswith("_") and not isinstance(thing, ModuleType)
    }
    machinery = (
        {f"{room.upper()}_EXTRA", "find_spec", "missing_extra"} if room in EXTRA_OF else set()
    )
    assert public - machinery == set(module.__all__)


def test_a_name_means_the_same_in_every_room():
    things = {}
    for room in WITH_NAMES:
        module = importlib.import_module(f"custfocus.{room}")
        for name in module.__all__:
            things.setdefault(name, {})[room] = getattr(module, name)
    ours = {name: rooms for name, rooms in things.items() if len({*map(id, rooms.values())}) > 1}
    # a direction is better values in one, a change in the other; frames score a frame's columns;
    # plots are called like what they draw
    assert {name: set(rooms) for name, rooms in ours.items()} == {
        "Direction": {"intervals", "planning", "results"},
        "funnel": {"comparisons", "plots"},
        "scorecard": {"frames", "plots", "progress"},
    }
    for name in AT_THE_TOP & set(things) - {"scorecard"}:
        assert getattr(custfocus, name) in things[name].values()
    assert custfocus.scorecard is things["scorecard"]["progress"]


def test_every_error_is_of_one_kind():
    errors = custfocus.errors
    kinds = {one for name, one in vars(errors).items() if name.endswith("Error")}
    assert len(kinds) == 9
    for kind in kinds - {errors.MissingExtraError}:
        assert issubclass(kind, custfocus.CustfocusError)
    assert issubclass(custfocus.CustfocusError, ValueError)
    assert issubclass(errors.MissingExtraError, ImportError)


# -- what is loaded ------------------------------------------------------------------------------


def test_importing_it_loads_no_extra_and_no_slow_module():
    script = "import custfocus\nprint(custfocus.__file__, *sys.modules, sep='\\n')"
    place, *loaded = in_a_new_interpreter(script)
    assert place == custfocus.__file__
    assert "custfocus.indices.estimate" in loaded
    assert {"scipy.stats", *EXTRAS} & set(loaded) == set()
    rooms = {f"custfocus.{room}" for room in ROOMS}
    assert rooms - set(loaded) == {
        "custfocus.disclosure",
        "custfocus.frames",
        "custfocus.planning",
        "custfocus.plots",
    }


def test_every_room_but_those_of_frames_and_plots_needs_no_extra():
    script = (
        "from custfocus import *\n"
        "import custfocus\n"
        f"for room in {[room for room in ROOMS if room not in EXTRA_OF]}:\n"
        "    getattr(custfocus, room)\n"
        "print(csat([5, 4, 4, 2, 5, 3, 5, 4, 5, 4]))\n"
    )
    [printed] = in_a_new_interpreter(script, without=EXTRAS)
    assert printed == "CSAT 80.0 % [49.0, 94.3] n=10, 95 % score interval"


@pytest.mark.parametrize("room", EXTRA_OF)
def test_a_room_without_its_extra_is_not_loaded(room, monkeypatch):
    file = getattr(custfocus, room).__file__
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(custfocus.errors.MissingExtraError):
        runpy.run_path(file)


@pytest.mark.parametrize(("room", "package"), EXTRA_OF.items())
def test_a_room_without_its_extra_says_how_to_get_it(room, package):
    script = (
        "import custfocus\n"
        "try:\n"
        f"    custfocus.{room}\n"
        "except custfocus.errors.MissingExtraError as error:\n"
        "    print(error)\n"
        "    print(error.name)\n"
    )
    bar = (
        "import importlib.util as machinery\n"
        "found = machinery.find_spec\n"
        f"machinery.find_spec = lambda name: None if name == {package!r} else found(name)\n"
    )
    message, name = in_a_new_interpreter(bar + script, without=[package])
    remedy = getattr(custfocus.errors, f"{room.upper()}_EXTRA")
    assert message == str(custfocus.errors.missing_extra(package, remedy))
    assert f"custfocus[{room}]" in message
    assert name == package


# -- what is shipped -----------------------------------------------------------------------------


def test_it_ships_the_marker_of_typed_packages():
    assert files("custfocus").joinpath("py.typed").is_file()


def test_the_version_is_that_of_the_installed_package():
    assert custfocus.__version__ == importlib.metadata.version("custfocus")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert custfocus.__version__ == project["version"]


@pytest.mark.parametrize(
    ("literal", "known"),
    [(Method, METHODS), (ComparisonMethod, COMPARISON_METHODS), (EffortWording, _EFFORT)],
)
def test_the_options_of_a_type_are_those_that_exist(literal, known):
    assert get_args(literal) == tuple(known)
    assert len(known) >= 1
