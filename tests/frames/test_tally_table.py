"""Tally tables by themselves: what they hold, how they add up, how they look."""

import copy
import pickle
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import frames
from custfocus.errors import OptionError, TallyError
from custfocus.responses import Scale, Tally, TallyTable
from strategies import answers_on, group_labels, scales

THREE = Scale.likert(3)
NAN = float("nan")


def exactly(text: str) -> str:
    return f"^{re.escape(text)}$"


def table(*keys, by=("shop",), items=("q1",), first=0) -> TallyTable:
    """Groups counted on from a number, so that no two cells are alike."""
    shape = (len(keys), len(items), 3)
    counts = first + np.arange(len(keys) * len(items) * 3).reshape(shape)
    return TallyTable(by, keys, items, Tally(counts, THREE, counts[..., 0] + 100))


@st.composite
def answered_rows(draw, samples: int = 1):
    """Samples of answers to two questions of one scale, in groups by one or two labels."""
    scale = draw(scales())
    by = draw(st.sampled_from([(), ("shop",), ("shop", "wave")]))
    parts = []
    for _ in range(samples):
        size = draw(st.integers(0, 8))
        answers = answers_on(scale, min_size=size, max_size=size)
        labels = st.lists(group_labels, min_size=size, max_size=size)
        columns = dict.fromkeys(("q1", "q2"), answers) | dict.fromkeys(by, labels)
        parts.append({name: draw(column) for name, column in columns.items()})
    return scale, by, parts


def tallied(rows, by, scale) -> TallyTable:
    return frames.tally(rows, ["q1", "q2"], scale=scale, by=by)


def kinds(found: TallyTable) -> list[list[bool]]:
    """Where labels are flags, which are equal to 1 and 0 and yet other labels."""
    return [[isinstance(label, bool) for label in key] for key in found.keys]


class TestAdding:
    @given(answered_rows(samples=2))
    def test_the_tally_of_the_whole_is_the_sum_of_the_tallies_of_its_parts(self, drawn):
        scale, by, (a, b) = drawn
        whole = tallied({name: a[name] + b[name] for name in a}, by, scale)
        total = tallied(a, by, scale) + tallied(b, by, scale)
        assert total == whole
        assert kinds(total) == kinds(whole)

    @given(answered_rows(), st.randoms())
    def test_rows_split_in_any_way_add_up_to_the_whole(self, drawn, random):
        scale, by, (rows,) = drawn
        part = [random.randrange(3) for _ in rows["q1"]]
        split = [
            {
                name: [value for value, other in zip(values, part, strict=True) if other == number]
                for name, values in rows.items()
            }
            for number in range(3)
        ]
        assert sum(tallied(one, by, scale) for one in split) == tallied(rows, by, scale)

    @given(answered_rows(samples=3))
    def test_neither_the_order_nor_the_brackets_matter(self, drawn):
        scale, by, parts = drawn
        a, b, c = (tallied(part, by, scale) for part in parts)
        assert a + b == b + a
        assert (a + b) + c == a + (b + c) == sum([a, b, c])

    def test_groups_that_one_of_them_has_not_are_kept(self):
        total = table(("a",), ("c",)) + table(("b",), ("c",), first=50)
        assert total.keys == (("a",), ("b",), ("c",))
        assert total["q1"] == Tally([[0, 1, 2], [50, 51, 52], [56, 58, 60]], THREE, [100, 150, 256])

    def test_the_groups_of_a_sum_come_in_order_with_empty_ones_last(self):
        total = table(("b",), (None,)) + table((2,), ("a",)) + table((10,), (NAN,))
        assert total.keys == ((2,), (10,), ("a",), ("b",), (None,))

    def test_neither_of_them_is_changed(self):
        a, b = table(("a",)), table(("a",), first=9)
        total = a + b
        assert (a, b) == (table(("a",)), table(("a",), first=9))
        assert total != a

    @pytest.mark.parametrize(
        "other",
        [
            table(("a",), by=["store"]),
            table(("a",), items=["q2"]),
            table(("a", 1), by=["shop", "wave"]),
            table((), by=[]),
            TallyTable(["shop"], [("a",)], ["q1"], Tally([[[0, 1, 2]]], THREE.reverse_coded())),
        ],
    )
    def test_tables_of_other_questions_groups_or_scales_do_not_add_up(self, other):
        with pytest.raises(
            TallyError, match=r"^tables add up when they have the same by, items and"
        ):
            table(("a",)) + other

    @pytest.mark.parametrize("other", [1, "a", None, [1], Tally([1, 2, 3], THREE)])
    def test_nothing_else_adds_to_a_table(self, other):
        with pytest.raises(TypeError, match="unsupported operand"):
            table(("a",)) + other
        with pytest.raises(TypeError, match=r"unsupported operand|can only concatenate"):
            other + table(("a",))


class TestChecks:
    @pytest.mark.parametrize(
        "keys", [[("b",), ("a",)], [("a",), ("a",)], [(None,), ("a",)], [("a",), (1,)]]
    )
    def test_keys_differ_and_stand_in_order(self, keys):
        shown = ", ".join(map(repr, keys))
        text = f"keys must differ and stand in the order of Groups.keys, got {shown}"
        with pytest.raises(TallyError, match=exactly(text)):
            table(*keys)

    @pytest.mark.parametrize("key", [(), ("a", 1)])
    def test_keys_have_a_value_for_each_name(self, key):
        with pytest.raises(
            TallyError, match=r"^keys must be tuples of 1, a value for each name, got"
        ):
            table(key)

    def test_a_label_that_stands_alone_is_a_key(self):
        assert table("a", None) == table(("a",), (None,))

    def test_items_differ(self):
        text = "items must differ from each other, got ('q1', 'q1')"
        with pytest.raises(TallyError, match=exactly(text)):
            table(("a",), items=["q1", "q1"])

    def test_there_is_a_question_at_least(self):
        with pytest.raises(TallyError, match=r"^items must be one question at least, got none$"):
            TallyTable(["shop"], [("a",)], [], Tally(np.zeros((1, 0, 3)), THREE))

    @pytest.mark.parametrize(
        "by", [["shop", "shop"], ["item", "shop"], ["n", "missing"], ["a", "2"]]
    )
    def test_groups_have_names_that_no_other_column_has(self, by):
        text = (
            "by must differ from each other and from the table's own columns "
            f"(item, n, missing, 1, 2, 3), got {tuple(by)}; rename"
        )
        with pytest.raises(TallyError, match=exactly(text)):
            table(("a", "b"), by=by)

    @pytest.mark.parametrize("names", ["shop", [1], ["a", None]])
    def test_names_are_lists_of_texts(self, names):
        with pytest.raises(TallyError, match=r"^by and items must be lists of texts, got "):
            table(("a",), by=names)
        with pytest.raises(TallyError, match=r"^by and items must be lists of texts, got "):
            table(("a",), items=names)

    @pytest.mark.parametrize("shape", [(), (1,), (2, 1), (1, 2), (1, 1, 1)])
    def test_the_tally_has_a_row_for_each_key_and_a_column_for_each_item(self, shape):
        text = (
            "the tally must have a row for each key and a column for each item, shape (1, 1), "
            f"got {shape}"
        )
        with pytest.raises(TallyError, match=exactly(text)):
            TallyTable(["shop"], [("a",)], ["q1"], Tally(np.zeros((*shape, 3)), THREE))

    def test_counts_are_a_tally(self):
        with pytest.raises(TallyError, match=r"^expected a Tally, got a list$"):
            TallyTable([], [()], ["q1"], [[[1, 2, 3]]])

    def test_labels_are_plain_and_every_kind_of_empty_is_none(self):
        made = table((np.int64(2),), (np.str_("b"),), (NAN,))
        assert made.keys == ((2,), ("b",), (None,))
        assert [type(label) for (label,) in made.keys] == [int, str, type(None)]
        assert made == table((2,), ("b",), (None,))


class TestParts:
    def test_a_question_is_the_tally_of_its_groups(self):
        made = table(("a",), ("b",), items=["q1", "q2"])
        assert made["q1"] == Tally([[0, 1, 2], [6, 7, 8]], THREE, [100, 106])
        assert made["q2"] == Tally([[3, 4, 5], [9, 10, 11]], THREE, [103, 109])

    def test_a_question_that_is_not_there_is_named_with_the_near_miss(self):
        text = "unknown item 'recomend'; did you mean 'recommend'? (also: q1)"
        with pytest.raises(OptionError, match=exactly(text)):
            table(("a",), items=["q1", "recommend"])["recomend"]
        with pytest.raises(OptionError, match=r"^unknown item 0; "):
            table(("a",))[0]

    def test_labels_are_listed_by_name(self):
        made = table(("a", 1), ("a", 2), ("b", None), by=["shop", "wave"])
        assert made.labels == {"shop": ["a", "a", "b"], "wave": [1, 2, None]}
        assert table((), by=[]).labels == {}

    def test_answers_missing_ones_and_the_scale_are_those_of_the_tally(self):
        made = table(("a",), ("b",), items=["q1", "q2"])
        assert made.n.tolist() == [[3, 12], [21, 30]]
        assert made.missing.tolist() == [[100, 103], [106, 109]]
        assert made.scale == THREE

    def test_columns_have_an_entry_for_each_group_and_question(self):
        made = table(("a",), ("b",), items=["q1", "q2"])
        assert made.columns() == {
            "shop": ["a", "a", "b", "b"],
            "item": ["q1", "q2", "q1", "q2"],
            "n": [3, 12, 21, 30],
            "missing": [100, 103, 106, 109],
            "1": [0, 3, 6, 9],
            "2": [1, 4, 7, 10],
            "3": [2, 5, 8, 11],
        }

    @pytest.mark.parametrize(
        ("scale", "names"),
        [
            (Scale([0.5, 2, 3.25]), ["0.5", "2", "3.25"]),
            (Scale.likert(3, labels=["bad", "so-so", "good"]), ["bad", "so-so", "good"]),
            # A label that another column is called by would hide that column
            (Scale.likert(3, labels=["missing", "so-so", "n"]), ["1", "2", "3"]),
        ],
    )
    def test_points_are_called_by_label_or_number(self, scale, names):
        made = TallyTable([], [()], ["q1"], Tally([[[4, 5, 6]]], scale, [[7]]))
        assert [*made.columns()] == ["item", "n", "missing", *names]
        assert [*made.columns().values()] == [["q1"], [15], [7], [4], [5], [6]]


class TestValue:
    def test_equal_by_names_keys_questions_and_counts(self):
        tally = table(("a",)).tally
        assert table(("a",)) == TallyTable(iter(["shop"]), iter([("a",)]), iter(["q1"]), tally)

    @pytest.mark.parametrize(
        "other",
        [
            table(("b",)),
            table(("a",), by=["store"]),
            table(("a",), items=["q2"]),
            table(("a",), first=1),
            Tally([[0, 1, 2]], THREE, [100]),
            None,
        ],
    )
    def test_unequal_by_any_of_them(self, other):
        assert table(("a",)) != other

    def test_it_has_no_hash(self):
        with pytest.raises(TypeError, match="unhashable type: 'TallyTable'"):
            hash(table(("a",)))

    @pytest.mark.parametrize(
        "duplicate",
        [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))],  # noqa: S301
    )
    def test_copies_are_equal(self, duplicate):
        made = table(("a",), (None,))
        assert duplicate(made) == made


class TestShown:
    def test_as_text(self):
        assert str(table(("north",), (None,), items=["q1", "q2"])).splitlines() == [
            "shop   item   n  missing  1   2   3",
            "north  q1     3      100  0   1   2",
            "north  q2    12      103  3   4   5",
            "None   q1    21      106  6   7   8",
            "None   q2    30      109  9  10  11",
        ]
        assert repr(table(("a",))) == str(table(("a",)))

    def test_without_groups_or_rows_there_is_still_a_heading(self):
        assert str(table((), by=[])).splitlines() == [
            "item  n  missing  1  2  3",
            "q1    3      100  0  1  2",
        ]
        assert str(table()).splitlines() == ["shop  item  n  missing  1  2  3"]

    @pytest.mark.parametrize(("rows", "more"), [(20, []), (21, ["... and 1 more"])])
    def test_the_first_twenty_rows_are_shown(self, rows, more):
        made = table(*((label,) for label in range(rows)))
        lines = str(made).splitlines()
        assert len(lines) == 1 + 20 + len(more)
        assert lines[21:] == more
        assert len(made.columns()["n"]) == rows
        parsed = ET.fromstring(f"<div>{made._repr_html_()}</div>")  # noqa: S314 - our own
        assert [note.text for note in parsed.iter("small")] == more
        assert len(list(parsed.iter("tr"))) == 1 + 20

    def test_as_html_with_labels_escaped(self):
        html = table(("<b>&",))._repr_html_()
        parsed = ET.fromstring(f"<div>{html}</div>")  # noqa: S314 - our own
        cells = [cell.text for cell in parsed.iter() if cell.tag in {"th", "td"}]
        assert cells == ["shop", "item", "n", "missing", "1", "2", "3",
                         "<b>&", "q1", "3", "100", "0", "1", "2"]  # fmt: skip
