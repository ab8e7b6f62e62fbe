"""Results of different metrics read as one table."""

import copy
import pickle

import polars as pl
import pytest

from custfocus.errors import LabelError
from custfocus.indices import csat, mean_score
from custfocus.progress import verdict
from custfocus.responses import Scale, Tally
from custfocus.results.stack import Stack
from custfocus.vocabulary import Target

TALLY = Tally([[1, 0, 0, 0, 4], [0] * 5], Scale.likert(5), by={"shop": [7, None]})
CSAT, MEAN = csat(TALLY), mean_score(TALLY, population=50)
JUDGED = verdict(CSAT, Target.at_least(50))


def stack(**parts):
    return Stack("definition", parts or {"top": CSAT, "mean": MEAN, "judged": JUDGED})


def test_it_is_a_mapping_of_its_results_in_order():
    assert dict(stack()) == {"top": CSAT, "mean": MEAN, "judged": JUDGED}
    assert list(stack()) == ["top", "mean", "judged"]
    assert stack()["mean"] is MEAN


def test_rows_stand_under_one_another_null_where_a_result_lacks_the_column():
    rows = stack().to_dicts()
    assert [(row["definition"], row["shop"]) for row in rows] == [
        (name, shop) for name in ("top", "mean", "judged") for shop in (7, None)
    ]
    assert [row["population"] for row in rows] == [None, None, 50, 50, None, None]
    assert [row["verdict"] for row in rows] == [None] * 4 + ["inconclusive", "no answers"]
    assert [row["n"] for row in rows] == [5, 0] * 3


def test_frames_hold_the_rows_with_types_of_their_own():
    frame = stack().to_frame("polars")
    assert frame.rows(named=True) == stack().to_dicts()
    assert (frame["n"].dtype, frame["status"].dtype) == (pl.Int64, pl.String)
    assert stack().to_frame({}) == {name: frame[name].to_list() for name in frame.columns}
    like = pl.DataFrame({"shop": [7]}, schema={"shop": pl.Int16})
    assert stack().to_frame(like)["shop"].dtype == pl.Int16


def test_a_column_that_has_whole_numbers_in_one_and_none_in_another_stays_whole():
    frame = stack(top=CSAT, tally=TALLY).to_frame("pandas")
    assert str(frame["count_5"].dtype) == "Int64"


def test_labels_of_several_types_share_a_column():
    other = csat(Tally([[1, 0, 0, 0, 4]], Scale.likert(5), by={"shop": ["north"]}))
    assert [row["shop"] for row in stack(top=CSAT, other=other).to_dicts()] == [7, None, "north"]


def test_it_prints_its_results_by_name():
    text = str(stack(top=CSAT, mean=MEAN))
    assert text == repr(stack(top=CSAT, mean=MEAN))
    assert text == f"definition top\n{CSAT}\ndefinition mean\n{MEAN}"
    assert stack(top=CSAT, mean=MEAN)._repr_html_() == CSAT._repr_html_() + MEAN._repr_html_()


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_stacks_are_equal_by_name_and_results_also_copied(copied):
    assert copied(stack()) == stack()
    assert stack(top=CSAT) != stack(top=MEAN)
    assert Stack("index", {"top": CSAT}) != stack(top=CSAT)
    assert stack(top=CSAT) != {"top": CSAT}


def test_a_name_that_is_not_there_is_named_with_the_one_that_was_meant():
    stack = Stack("measure", {"ramp": csat([5, 4]), "sailings": csat([1])})
    for key, said in (
        ("rampp", "did you mean 'ramp'?"),
        (3, "choose from: ramp, sailings"),
        ([], ""),
    ):
        with pytest.raises(LabelError) as caught:
            stack[key]
        assert isinstance(caught.value, KeyError)
        assert str(caught.value).startswith(f"unknown measure {key!r}; {said}")
    assert stack.get("rampp") is None
    assert "rampp" not in stack
