"""Every example does what it shows: in the docstrings of the installed package and in the docs."""

import doctest
import importlib
import pkgutil
import re
import runpy
from pathlib import Path

import pytest

import custfocus

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MODULES = sorted(
    {"custfocus"}
    | {found.name for found in pkgutil.walk_packages(custfocus.__path__, "custfocus.")}
)
NEEDED = {"clusters.md": ("distributed", "pyspark")}  # of the dependency group engines


def code_blocks(page):
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_give_what_they_show(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


def test_docstrings_have_examples():
    finder = doctest.DocTestFinder()
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name))]
    assert sum(len(test.examples) for test in found) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_in_a_page_give_what_they_show(page, monkeypatch):
    for package in NEEDED.get(page.name, ()):
        pytest.importorskip(package)
    monkeypatch.syspath_prepend(ROOT / "docs")  # the contact centre's example is a module there
    monkeypatch.chdir(ROOT)
    text = "\n".join(code_blocks(page))
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_block_of_a_page_is_an_example(page):
    assert all(block.startswith(">>> ") for block in code_blocks(page))


def test_the_pages_show_the_pictures_that_their_script_draws(monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.syspath_prepend(ROOT / "docs")
    importlib.import_module("pictures").main(tmp_path / "pictures")
    drawn = {file.name for file in (tmp_path / "pictures").iterdir()}
    shown = [
        re.findall(r"!\[[^]]+\]\(pictures/([^)]+)\)", page.read_text("utf-8")) for page in PAGES
    ]
    assert drawn == {name for names in shown for name in names}
    assert drawn == {file.name for file in (ROOT / "docs" / "pictures").iterdir()}


def test_the_readme_begins_with_part_of_what_its_first_command_prints(monkeypatch, capsys):
    excerpt = re.search(r"^```\n(.*?)^```$", PAGES[0].read_text("utf-8"), re.MULTILINE | re.DOTALL)
    monkeypatch.syspath_prepend(ROOT / "docs")
    runpy.run_module("contact_centre", run_name="__main__")
    assert excerpt[1] in capsys.readouterr().out
