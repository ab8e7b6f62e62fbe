"""Tables whose best suppression is known, by its cost in answers."""

import numpy as np
import pandas as pd
import pytest

from custfocus import estimate, frames
from custfocus.disclosure import suppress
from custfocus.disclosure.boxes import Search
from custfocus.disclosure.rows import table_of
from custfocus.errors import OptionError
from patterns import begins
from tables import answers, attacked, cost, share


def hidden_labels(found):
    """The labels of hidden rows."""
    columns = [found.keys.labels(name) for name in found.keys.names[1:]]
    rows = zip(*columns, strict=True)
    return [row for row, out in zip(rows, found.hidden.tolist(), strict=True) if out]


def check(e, found, expected):
    attack, secrets = attacked(e, found)
    for secret in secrets:
        assert found.hidden[secret.row]
        assert attack.bound(secret)[0] >= secret.threshold
    assert cost(e, found) == expected


@pytest.mark.parametrize(
    ("n", "minimum", "expected", "hidden"),
    [
        ([3, 40, 50], 10, 43, [(0,), (1,)]),
        ([1, 1, 30], 2, 32, [(0,), (1,), (2,)]),
        ([1] * 10, 10, 20, [*((at,) for at in range(10)), (None,)]),
        ([12, 40, 50], 10, 0, []),
        ([9, 9], 10, 18, [(0,), (1,)]),
        ([62, 4, 30, 25, 0], 10, 29, [(1,), (3,)]),
        ([4, 1, 1, 1, 1, 1, 1, 6], 5, 16, [(at,) for at in range(8)]),
        ([[4, 12, 20], [15, 11, 30], [25, 40, 60]], 5, 42, [(0, 0), (0, 1), (1, 0), (1, 1)]),
        ([[1, 10, 60], [10, 10, 70], [60, 70, 90]], 10, 31, [(0, 0), (0, 1), (1, 0), (1, 1)]),
        (
            [[3, 0], [0, 40], [50, 60]],
            5,
            153,
            [(0, 0), (1, 1), (2, 0), (2, 1), (0, None), (1, None)],
        ),
    ],
)  # fmt: skip
def test_few_answers(n, minimum, expected, hidden):
    e = answers(n)
    found = suppress(e, minimum=minimum)
    assert hidden_labels(found) == hidden
    check(e, found, expected)


def test_twelve_groups_and_no_total():
    e = answers([[3, 2, 3, 3, 5], [1, 1, 4, 2, 2], [0, 5, 3, 3, 3], [5, 1, 4, 1, 1]])
    found = suppress(e, minimum=3)
    check(e, found, 27)
    assert found.hidden.sum() == 12
    assert not found.sel(level="total").hidden


def test_a_box_that_is_too_small_is_not_taken():
    e = answers([[1, 12, 60], [11, 13, 70], [60, 70, 90]])
    found = suppress(e, minimum=12)
    assert (1, 1) in hidden_labels(found)
    check(e, found, 1 + 11 + 60 + 12 + 13 + 70 + 0)


def test_few_for_or_against():
    e = share([[90, 1], [80, 10], [50, 20]])
    found = suppress(e, minimum=10, numerator=5)
    assert hidden_labels(found) == [(0,), (2,)]
    check(e, found, 161)


def test_a_total_with_few_against_is_protected_by_the_group_that_they_are_of():
    e = share([[0, 5], [1, 4]])
    found = suppress(e, minimum=5, numerator=3)
    assert hidden_labels(found) == [(1,), (None,)]
    check(e, found, 15)


def test_a_total_of_many_groups_is_reached_by_a_few_of_them():
    codes = np.indices((4, 3)).reshape(2, -1)
    table = table_of(codes, np.full((12, 1), 2), 1, [(0, 1), (0,), (1,), ()])
    search = Search(table, np.zeros(table.classes), np.ones(table.classes, bool))
    total = int(table.rows[-1])
    found = search.within(total, np.array([True]), 5)
    assert found.lacking == 0
    assert found.witness.moves.sum() == 5


def test_no_program_finds_what_there_is_not():
    with pytest.raises(OptionError, match=begins("can't hide 0 while the totals in keep= or")):
        suppress(answers([1] * 60), minimum=50, keep=[()])


def test_boxes_alone_protect_at_a_higher_cost(monkeypatch):
    monkeypatch.setattr("custfocus.disclosure.engine._WIDEST", 0)
    e = answers([[3, 2, 3, 3, 5], [1, 1, 4, 2, 2], [0, 5, 3, 3, 3], [5, 1, 4, 1, 1]])
    found = suppress(e, minimum=3)
    check(e, found, cost(e, found))
    assert cost(e, found) > 27


@pytest.mark.parametrize(
    ("shape", "mean"), [((40, 3), 6), ((10, 4, 3), 5), ((60, 2), 3), ((12, 9), 5)]
)
def test_larger_tables(shape, mean):
    rng = np.random.default_rng(3)
    n = rng.poisson(mean * rng.lognormal(0, 1, shape))
    n[0] = np.minimum(n[0], 1)  # a total that is small
    good = rng.binomial(n, 0.8)
    e = share(np.stack([n - good, good], axis=-1))
    found = suppress(e, minimum=10, numerator=3, respondents="unknown")
    counts = found.counts[~found.hidden]
    assert not ((counts > 0) & (counts < 3)).any()
    attack, secrets = attacked(e, found)
    for secret in secrets[:: max(len(secrets) // 12, 1)]:
        assert attack.bound(secret)[0] >= secret.threshold


def test_answers_all_alike():
    e = share([[0, 3], [0, 2], [20, 20]])
    found = suppress(e, minimum=3, unanimous=True)
    assert hidden_labels(found) == [(0,), (1,), (2,)]
    check(e, found, 45)


def test_nested_groups():
    by = {"region": ["N", "N", "S", "S", "S"], "district": ["n1", "n2", "s1", "s2", "s3"]}
    n = np.array([4, 30, 12, 15, 40])
    e = share(np.stack([n - n // 2, n // 2], axis=-1), by=by)
    found = suppress(e, minimum=10)
    hidden = [("N", "n1"), ("N", "n2"), (None, "n1"), (None, "n2")]
    assert hidden_labels(found) == hidden
    check(e, found, 34)


def test_respondents_that_are_known_bound_the_answers():
    e = share([[[4, 5], [10, 10]], [[10, 10], [15, 15]]], missing=[[5, 0], [0, 0]])
    found = suppress(e, minimum=10)
    check(e, found, 108)
    unknown = suppress(e, minimum=10, respondents="unknown")
    check(e, unknown, 79)
    assert "missing" not in unknown.columns()


def test_totals_to_keep():
    with pytest.raises(OptionError, match=begins("can't hide 0 while the totals in keep= or")):
        suppress(answers([1] * 10), minimum=10, keep=[()])
    e = answers([[9, 20], [20, 30]])
    found = suppress(e, minimum=10, keep=[("district",), ("method",), ()])
    assert not found.sel(level=["district", "method", "total"]).hidden.any()
    check(e, found, 79)


SIX_BY_THREE = np.array(
    [[31, 4, 22], [18, 40, 9], [55, 27, 33], [12, 3, 61], [70, 16, 25], [29, 48, 2]]
)


def test_a_table_of_rows_hides_the_rows_of_its_grid():
    """A row for each answer, as engines count them, in any order: all totals are protected too."""
    e = answers(SIX_BY_THREE)
    found = suppress(e, minimum=10)
    cells = np.repeat(np.arange(len(e.sample.counts)), e.sample.n)
    points = np.concatenate([np.repeat([1, 2], row) for row in e.sample.counts])
    labels = {name: np.array(e.keys.labels(name))[cells] for name in e.keys.names}
    frame = pd.DataFrame({"q": points, **labels}).sample(frac=1, random_state=1)
    for names in (["district", "method"], ["method", "district"]):
        tally = frames.tally(frame, "q", scale=e.sample.scale, by=names)
        its = estimate(tally, e.scoring)
        flat = suppress(its, minimum=10)
        check(its, flat, 139)
        hidden = {
            tuple(row[name] for name in e.keys.names) for row in flat.to_dicts() if row["n"] is None
        }
        assert hidden == {(0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (3, 0), (3, 1), (5, 0), (5, 2)}
    assert {*hidden_labels(found)} == hidden
