"""Trees as text and as HTML."""

from xml.etree import ElementTree as ET

import pytest

from custfocus.vocabulary.tree import Branch

CITY = Branch(
    "city",
    (
        Branch("clinic", (Branch("doctor"), Branch("nurse", (Branch("pen"),)))),
        Branch("library", (Branch("shelf"),)),
        Branch("park"),
    ),
)

TEXT = """\
city
+- clinic
|  +- doctor
|  +- nurse
|     +- pen
+- library
|  +- shelf
+- park"""


def parsed(html):
    return ET.fromstring(html)  # noqa: S314


def texts(element):
    """The tree of texts that a list item shows."""
    return element.text, [texts(child) for child in element.findall("ul/li")]


def test_a_single_branch_is_its_text():
    assert str(Branch("city")) == "city"


def test_guides_run_on_beside_what_has_siblings_below_and_stop_at_the_last():
    assert str(CITY) == TEXT


def test_lines_are_all_but_the_first():
    assert ["city", *CITY.lines()] == TEXT.split("\n")


def test_a_leaf_is_a_list_item_without_a_list():
    assert Branch("park").to_html() == "<li>park</li>"


def test_branches_are_nested_lists():
    tree = Branch("a", (Branch("b", (Branch("c"),)), Branch("d")))
    assert tree.to_html() == "<li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li>"


def test_html_holds_the_same_tree():
    assert texts(parsed(CITY.to_html())) == (
        "city",
        [
            ("clinic", [("doctor", []), ("nurse", [("pen", [])])]),
            ("library", [("shelf", [])]),
            ("park", []),
        ],
    )


@pytest.mark.parametrize("text", ["a < b", "R&D", "<b>bold</b>", "&lt;", "\"quoted\" and 'so'"])
def test_signs_of_html_are_shown_not_obeyed_at_every_depth(text):
    html = Branch(text, (Branch(text),)).to_html()
    assert texts(parsed(html)) == (text, [(text, [])])
    assert '"' not in html
    assert "'" not in html


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\n\n", "\t", "   ", " \n ", "\x0b", "\u2028"])
def test_a_text_of_several_lines_becomes_one(gap):
    tree = Branch(f"the{gap}city{gap}", (Branch(f"{gap}slow{gap}and rude"), Branch("park")))
    assert str(tree) == "the city\n+- slow and rude\n+- park"
    assert tree.to_html() == "<li>the city<ul><li>slow and rude</li><li>park</li></ul></li>"


def test_text_is_not_escaped_for_the_terminal():
    assert str(Branch("R&D", (Branch("a < b"),))) == "R&D\n+- a < b"


def test_guides_are_ascii_so_that_any_stream_can_print_them():
    assert str(CITY).isascii()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\x07b", "a\\x07b"),
        ("\u202edlrow", "\\u202edlrow"),
        ("東京", "東京"),
    ],
)
def test_control_characters_are_shown_not_obeyed(name, shown):
    tree = Branch("city", (Branch(name),))
    assert str(tree) == f"city\n+- {shown}"
    assert texts(parsed(tree.to_html())) == ("city", [(shown, [])])
