"""What `import custfocus` gives, and what it costs."""

import ast
import inspect
import os
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import custfocus
from custfocus.indices.methods import LIMITS, EstimateMethod
from custfocus.indices.single_item import _EFFORT, EffortWording
from custfocus.intervals.proportion import _METHODS, ProportionMethod

PACKAGES = ["indices", "intervals", "progress", "responses", "scorecards", "vocabulary"]
FOR_ANNOTATIONS = {"Answer", "Boxes"}  # unions that a caller need not name

ROOMS_OF_THEIR_OWN = {  # opened on first use
    "custfocus.indices.comparison", "custfocus.indices.survey", "custfocus.intervals.sample_sizes",
    "custfocus.intervals.resampling", "custfocus.intervals.sums", "custfocus.responses.design",
    "custfocus.scorecards", "custfocus.vocabulary",
}  # fmt: skip

DESIGNED = {  # design, section 4
    "Activity", "Customer", "CustomerFocus", "Estimate", "Need", "PerformanceMeasure",
    "Requirement", "Scale", "Scorecard", "Scoring", "Service", "Stakeholder", "Statement",
    "Tally", "Target", "bottom_box", "ces", "compare", "csat", "difference_interval", "estimate",
    "mean_score", "multinomial_intervals", "net_interval", "net_score", "nps",
    "proportion_interval", "score_interval", "score_interval_difference", "scorecard", "top_box",
    "verdict",
}  # fmt: skip


def test_public_names_are_sorted_and_named_once():
    assert custfocus.__all__ == sorted(set(custfocus.__all__))


@pytest.mark.parametrize("name", custfocus.__all__)
def test_every_public_name_is_there_and_no_module(name):
    assert not isinstance(getattr(custfocus, name), ModuleType)


def test_every_name_that_can_be_imported_is_public():
    machinery = {"TYPE_CHECKING", "on_first_use"}
    there = {
        name
        for name in dir(custfocus)
        if not name.startswith("_") and not isinstance(getattr(custfocus, name), ModuleType)
    }
    assert there - machinery == set(custfocus.__all__)


@pytest.mark.parametrize("package", ["", *(f".{package}" for package in PACKAGES)])
def test_what_loads_on_first_use_is_what_type_checkers_are_told(package):
    module = import_module(f"custfocus{package}")
    tree = ast.parse(inspect.getsource(module))
    told = {
        (alias.name, statement.module)
        for block in tree.body
        if isinstance(block, ast.If)
        for statement in block.body
        for alias in statement.names
    }
    for name, origin in told:
        assert getattr(module, name) is getattr(import_module(origin), name)
    eager = {
        alias.name
        for statement in tree.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert {name for name, _ in told} == set(module.__all__) - eager


@pytest.mark.parametrize("package", ["custfocus", "custfocus.intervals"])
def test_a_name_that_no_module_has_is_an_attribute_error(package):
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'promoters'"):
        getattr(import_module(package), "promoters")  # noqa: B009


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_makes_public_the_library_does_too(package):
    names = set(getattr(sys.modules[f"custfocus.{package}"], "__all__"))  # noqa: B009
    assert names - FOR_ANNOTATIONS <= set(custfocus.__all__)


def test_the_names_of_the_design_are_public():
    assert set(custfocus.__all__) >= DESIGNED


def test_every_error_is_public_and_of_one_kind():
    errors = {name for name, thing in vars(custfocus.errors).items() if isinstance(thing, type)} & {
        name for name in vars(custfocus.errors) if name.endswith("Error")
    }
    assert errors <= set(custfocus.__all__)
    assert len(errors) > 3
    assert all(
        issubclass(getattr(custfocus, name), custfocus.CustfocusError)
        for name in errors - {"MissingExtraError"}
    )
    assert issubclass(custfocus.MissingExtraError, ImportError)
    assert issubclass(custfocus.CustfocusError, ValueError)


def test_importing_it_loads_no_extra_and_no_slow_module():
    unwanted = {
        "scipy.stats", "pandas", "polars", "narwhals", "matplotlib", "cattrs", "pyarrow",
        "statsmodels",
    }  # fmt: skip
    source = str(Path(custfocus.__file__).parents[1])
    script = "import custfocus, sys; print(custfocus.__file__, *sys.modules, sep='\\n')"
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    place, *loaded = done.stdout.splitlines()
    assert place == custfocus.__file__
    assert "custfocus.indices.estimate" in loaded
    assert unwanted & set(loaded) == set()
    assert ROOMS_OF_THEIR_OWN & set(loaded) == set()
    assert done.stderr == ""


def test_it_ships_the_marker_of_typed_packages():
    assert files("custfocus").joinpath("py.typed").is_file()


@pytest.mark.parametrize(
    ("literal", "registry"),
    [(EstimateMethod, LIMITS), (EffortWording, _EFFORT), (ProportionMethod, _METHODS)],
)
def test_the_options_of_a_type_are_those_that_exist(literal, registry):
    assert get_args(literal) == tuple(registry)
    assert len(registry) >= 1
