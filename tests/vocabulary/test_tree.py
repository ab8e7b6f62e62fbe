"""Trees as text and as HTML."""

from xml.etree import ElementTree as ET

import pytest

from custfocus.vocabulary.tree import Branch

CITY = Branch(
    "R&D city",
    (
        Branch("clinic", (Branch("doctor"), Branch("nurse", (Branch("pen"),)))),
        Branch("library", (Branch("shelf"),)),
        Branch("park"),
    ),
)
TEXT = """\
R&D city
+- clinic
|  +- doctor
|  +- nurse
|     +- pen
+- library
|  +- shelf
+- park"""


def texts(element):
    """The tree of texts that a list item shows."""
    return element.text, [texts(child) for child in element.findall("ul/li")]


def parsed(tree):
    return texts(ET.fromstring(tree.to_html()))  # noqa: S314


def test_guides_run_on_beside_what_has_siblings_below_and_stop_at_the_last():
    assert str(CITY) == TEXT
    assert ["R&D city", *CITY.lines()] == TEXT.split("\n")


def test_branches_are_nested_lists():
    tree = Branch("a", (Branch("b", (Branch("c"),)), Branch("d")))
    assert tree.to_html() == "<li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li>"


@pytest.mark.parametrize("text", ["a < b", "<b>bold</b>", "&lt;", "\"quoted\" and 'so'"])
def test_signs_of_html_are_shown_not_obeyed_at_every_depth(text):
    tree = Branch(text, (Branch(text),))
    assert parsed(tree) == (text, [(text, [])])
    assert not {'"', "'"} & set(tree.to_html())


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\n\n", "\t", "   ", " \n ", "\x0b", "\u2028"])
def test_a_text_of_several_lines_becomes_one(gap):
    tree = Branch(f"the{gap}city{gap}", (Branch(f"{gap}slow{gap}and rude"), Branch("park")))
    assert str(tree) == "the city\n+- slow and rude\n+- park"
    assert parsed(tree) == ("the city", [("slow and rude", []), ("park", [])])


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\x1b[2Jb", r"a\x1b[2Jb"), ("a\x07b", r"a\x07b"), ("\u202edlrow", r"\u202edlrow"),
     ("東京", "東京")],
)  # fmt: skip
def test_control_characters_are_shown_not_obeyed(name, shown):
    tree = Branch("city", (Branch(name),))
    assert str(tree) == f"city\n+- {shown}"
    assert parsed(tree) == ("city", [(shown, [])])
