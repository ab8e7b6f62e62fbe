"""What every result keeps: one table, written once, read in many ways."""

import copy
import json
import pickle
import subprocess
import sys
from html.parser import HTMLParser

import attrs
import numpy as np
import pyarrow as pa
import pytest

from custfocus import Scale, Scoring, Tally, Target, compare, estimate, verdict
from custfocus.comparisons import homogeneity, pairwise, rank
from custfocus.disclosure import suppress
from custfocus.errors import LabelError, OptionError
from custfocus.results import Keys, Result
from custfocus.results.keys import RESERVED
from every_result import EXAMPLES

WRITTEN_ONCE = {
    "__eq__", "__ne__", "__hash__", "__iter__", "__getitem__", "__len__", "__bool__", "__str__",
    "__repr__", "__float__", "__format__", "__reduce__", "__array__", "__arrow_c_stream__",
    "_repr_html_", "sel", "to_dicts", "to_frame", "frame_columns",
}  # fmt: skip


@pytest.fixture(params=list(EXAMPLES))
def result(request) -> Result:
    return EXAMPLES[request.param]()


def every_kind(kind: type[Result] = Result) -> set[type[Result]]:
    below = {one for child in kind.__subclasses__() for one in every_kind(child)}
    own = kind.__module__.startswith("custfocus.") and not kind.__abstractmethods__
    return below | ({kind} if own else set())


def arrays_in(value: object) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, tuple | list):
        return [array for one in value for array in arrays_in(one)]
    if attrs.has(type(value)):
        return [
            array
            for field in attrs.fields(type(value))
            for array in arrays_in(getattr(value, field.name))
        ]
    return []


def test_there_is_an_example_of_every_kind():
    assert every_kind() == {type(make()) for make in EXAMPLES.values()}


def test_a_kind_writes_nothing_that_all_results_have():
    for kind in every_kind():
        for parent in kind.__mro__[: kind.__mro__.index(Result)]:
            assert not WRITTEN_ONCE & set(vars(parent)), parent


def test_arrays_are_read_only(result):
    assert arrays_in(result)
    assert not any(array.flags.writeable for array in arrays_in(result))


def test_results_do_not_change(result):
    for name in (*(field.name for field in attrs.fields(type(result))), "keys", "shape"):
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            setattr(result, name, None)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_copies_are_equal_and_read_only(result, copied):
    there = copied(result)
    assert there == result
    assert type(there) is type(result)
    assert str(there) == str(result)
    assert not any(array.flags.writeable for array in arrays_in(there))


def test_a_new_process_reads_what_this_one_pickled(tmp_path):
    file = tmp_path / "results"
    file.write_bytes(pickle.dumps([make() for make in EXAMPLES.values()]))
    code = (
        "import pickle, sys; found = pickle.load(open(sys.argv[1], 'rb'));"
        "sys.stdout.buffer.write(pickle.dumps(found))"
    )
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(file)], capture_output=True, check=True
    )
    assert pickle.loads(run.stdout) == [make() for make in EXAMPLES.values()]


def test_results_are_unhashable(result):
    with pytest.raises(TypeError):
        hash(result)


def test_columns_have_the_rows_of_the_keys_and_reserved_names(result):
    columns = result.columns()
    for name, column in columns.items():
        assert column.values.shape in {(), result.shape}, name
        assert name in RESERVED or name.startswith(("count_", "missing_")), name
    assert not set(columns) & set(result.keys.columns()) - {"label_a", "label_b"}


def test_dictionaries_and_frames_hold_the_same_rows(result):
    rows = result.to_dicts()
    assert len(rows) == result.keys.rows
    frame = result.to_frame("polars")
    assert frame.rows(named=True) == rows
    assert result.to_frame({}) == {name: frame[name].to_list() for name in frame.columns}
    assert result.to_frame("pyarrow").to_pylist() == rows
    assert list(result.to_frame("pandas").columns) == frame.columns


def test_dictionaries_are_plain_and_go_into_json(result):
    text = json.dumps(result.to_dicts(), allow_nan=False)
    assert json.loads(text) == result.to_dicts()


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_types_do_not_depend_on_the_rows(result, library):
    if not result.shape or len(result) < 2:
        return
    whole, few = result.to_frame(library), result[:1].to_frame(library)
    types = [
        [str(one) for one in (frame.schema.types if library == "pyarrow" else frame.dtypes)]
        for frame in (whole, few)
    ]
    assert types[0] == types[1]


def test_arrow_reads_the_table(result):
    assert pa.table(result).to_pylist() == result.to_dicts()


def test_rows_are_chosen_gone_through_and_counted(result):
    if not result.shape:
        for wrong in (len, iter):
            with pytest.raises(TypeError, match="single"):
                wrong(result)
        with pytest.raises(OptionError, match="no rows to choose from"):
            result[0]
        return
    assert len(result) == result.keys.rows == len(list(result))
    for row, one in enumerate(result):
        assert one.shape == ()
        assert one == result[row - len(result)]
    assert result[:] == result
    assert result[np.ones(len(result), bool)] == result
    assert len(result[[]]) == 0
    with pytest.raises(IndexError, match="rows"):
        result[len(result)]


def test_an_empty_result_is_not_false(result):
    assert result
    assert not result.shape or result[:0]


def test_rows_are_equal_by_label_in_any_order(result):
    if not result.shape or not result.keys.labelled:
        return
    places = np.arange(len(result))
    for order in (places[::-1], np.roll(places, 1)):  # the latter is not its own inverse
        turned = result[order]
        assert turned == result
        assert turned.to_dicts() == [result.to_dicts()[place] for place in order]


def test_fewer_or_other_rows_are_not_equal(result):
    if result.shape and len(result):
        assert result[1:] != result
        assert result[0] != result
    assert result != "a result"
    other = EXAMPLES["tally, items"]()
    assert (result == other) is (
        type(result) is type(other) and result.keys.names == other.keys.names
    )


def test_labels_choose_rows(result):
    names = result.keys.names
    if not names or not result.keys.labelled or not len(result):
        return
    key = dict(zip(names, next(iter(result.keys)), strict=True))
    assert result.sel(**key) == result[0]
    assert result.sel(key) == result[0]
    assert result.sel({names[0]: result.keys.labels(names[0])}) == result


def test_what_is_not_there_is_named(result):
    with pytest.raises(LabelError, match="unknown name of groups 'colour'"):
        result.sel(colour="red")
    with pytest.raises(OptionError, match="sel takes names and labels"):
        result.sel("north")
    with pytest.raises(OptionError, match=r"write \.|no rows|a place"):
        result["n"]
    with pytest.raises(TypeError, match="take one of its columns"):
        np.asarray(result)


def test_a_single_value_is_a_float_and_can_be_formatted(result):
    columns = result.columns()
    if result.shape or "value" not in columns:
        with pytest.raises(TypeError, match="float"):
            float(result)
    else:
        assert float(result) == float(columns["value"].values)
        assert f"{result:.1f}" == f"{result:.1f}".strip()
    assert f"{result}" == str(result) == repr(result)


def test_text_is_a_sentence_or_a_table_with_its_caption(result):
    text = str(result)
    assert text.isprintable() or all(line.isprintable() for line in text.split("\n"))
    assert result.caption() in text or not result.shape
    for name in result.keys.names:
        assert name in result.unspoken or name in text.split("\n", maxsplit=1)[0]


class Pages(HTMLParser):
    """Tags that are open, and what pictures and tables say of themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.captions = self.named = self.pictures = 0

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.captions += tag == "caption"
        if tag == "svg":
            self.pictures += 1
            self.named += bool(dict(attrs).get("aria-label"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_well_formed_with_a_caption_and_named_pictures(result):
    page = Pages()
    page.feed(result._repr_html_())
    assert not page.open
    assert page.captions == 1
    assert page.named == page.pictures


def test_keys_survive_pickling(result):
    keys = pickle.loads(pickle.dumps(result.keys))
    assert isinstance(keys, Keys)
    assert list(keys) == list(result.keys)
    assert keys.fixed == result.keys.fixed


def test_names_and_labels_forge_no_line():
    forged = "a\nb\x1b[31mc\u202e\u2028d"
    scale = Scale.likert(2, labels=[forged, "fine"], missing=[forged + "?", 9])
    scoring = Scoring(scale, [0, 1], name=forged, unit=forged)
    tally = Tally([[1, 2], [3, 4]], scale, [[1, 2, 0], [0, 1, 0]], by={forged: [forged, "x"]})
    found = estimate(tally, scoring)
    every = [
        tally,
        found,
        found[0],
        compare(found, {forged: (forged, "x")}),
        pairwise(found),
        rank(found),
        homogeneity(found),
        suppress(found, minimum=4),
        verdict(found, Target.at_least(0.1)),
    ]
    for result in every:
        assert all(map(str.isprintable, str(result).split("\n"))), result
        assert not any(line.startswith("b") for line in str(result).split("\n")), result
        assert not {"\x1b", "\u202e", "\u2028"} & set(result._repr_html_())
