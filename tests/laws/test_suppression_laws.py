"""What hiding small groups promises, audited by linear algebra on tables of one to three axes."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from custfocus.indices.estimate import estimate
from custfocus.indices.suppression import suppress
from custfocus.responses import Scale, Scoring, Tally

law = settings(derandomize=True, deadline=None, max_examples=100, database=None)
TWO = Scale.likert(2)
SHARE = Scoring.top_box(TWO, 1)

a_size = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 12), st.integers(8, 60))
a_minimum = st.integers(2, 12)
tables = st.integers(1, 3).flatmap(
    lambda axes: hnp.arrays(
        np.int64,
        hnp.array_shapes(min_dims=axes, max_dims=axes, max_side={1: 9, 2: 5, 3: 3}[axes]),
        elements=a_size,
        fill=a_size,
    )
)


def estimate_of(n):
    """An estimate with so many answers in each group, all of them satisfied."""
    return estimate(Tally(np.stack([0 * n, n], axis=-1), TWO), SHARE)


def hidden_of(n, minimum):
    return suppress(estimate_of(n), minimum=minimum).hidden_with_totals


def with_totals(n):
    """The table with a total for every choice of axes to add up, each straight from the groups."""
    table = np.zeros([size + 1 for size in n.shape], dtype=np.int64)
    for added in itertools.product([False, True], repeat=n.ndim):
        where = tuple(-1 if one else slice(-1) for one in added)
        table[where] = n.sum(axis=tuple(axis for axis, one in enumerate(added) if one))
    return table


def lines_of(table):
    """Every line of a table along every axis, the total last."""
    for axis in range(table.ndim):
        yield from np.moveaxis(table, axis, -1).reshape(-1, table.shape[axis])


def determined(hidden):
    """
    Which hidden numbers follow from those that are shown.

    Along each line the hidden groups less the hidden total are known. A number follows from
    these equations when its unit vector lies in the space of their rows.
    """
    numbers = np.where(hidden, np.cumsum(hidden.ravel()).reshape(hidden.shape), 0)
    equations = []
    for line in lines_of(numbers):
        equation = np.zeros(hidden.sum() + 1)  # place 0 is that of all that is shown
        equation[line[:-1]] = 1
        equation[line[-1]] = -1
        equations.append(equation[1:])
    matrix = np.array(equations)
    follows = np.zeros(hidden.shape, dtype=bool)
    # The diagonal of the projection on the rows is 1 where it follows, elsewhere less by a
    # fraction of small whole numbers, not by a rounding
    follows[hidden] = np.diag(np.linalg.pinv(matrix) @ matrix) > 1 - 1e-6
    return follows


class TestAudit:
    """The audit itself, where the answer is known."""

    def test_one_hidden_group_on_a_line_follows_from_the_total(self):
        assert determined(np.array([True, False, False])).tolist() == [True, False, False]
        assert not determined(np.array([True, True, False])).any()
        assert not determined(np.array([True, False, True])).any()

    def test_a_box_protects_its_corners_and_a_chain_does_not(self):
        hidden = np.zeros((4, 4), dtype=bool)
        hidden[:2, :2] = True
        assert not determined(hidden).any()
        hidden[2, 1] = True
        assert np.argwhere(determined(hidden)).tolist() == [[2, 1]]

    def test_a_bridge_between_two_boxes_follows_from_the_totals(self):
        hidden = np.zeros((5, 5), dtype=bool)
        hidden[:2, :2] = hidden[2:4, 2:4] = hidden[0, 2] = True
        assert np.argwhere(determined(hidden)).tolist() == [[0, 2]]


class TestPromises:
    @law
    @given(tables, a_minimum)
    def test_no_group_and_no_total_with_few_answers_is_shown(self, n, minimum):
        table, hidden = with_totals(n), hidden_of(n, minimum)
        assert not ((table > 0) & (table < minimum) & ~hidden).any()

    @law
    @given(tables, a_minimum)
    def test_nothing_hidden_follows_from_what_is_shown(self, n, minimum):
        assert not determined(hidden_of(n, minimum)).any()

    @law
    @given(tables, a_minimum)
    def test_no_total_that_is_shown_leaves_few_answers_to_its_hidden_groups(self, n, minimum):
        table, hidden = with_totals(n), hidden_of(n, minimum)
        for numbers, out in zip(lines_of(table), lines_of(hidden), strict=True):
            if out.any() and not out[-1]:
                assert numbers[out].sum() >= minimum

    @law
    @given(tables, a_minimum)
    def test_groups_without_answers_are_shown(self, n, minimum):
        assert not hidden_of(n, minimum)[with_totals(n) == 0].any()

    @law
    @given(tables, a_minimum)
    def test_nothing_is_hidden_where_no_group_is_small(self, n, minimum):
        assert not hidden_of(np.where(n < minimum, 0, n), minimum).any()

    @law
    @given(tables, a_minimum)
    def test_where_every_group_has_answers_and_totals_have_enough_all_totals_are_shown(
        self, n, minimum
    ):
        full = np.concatenate([n + 1] * 2)  # at least two places on every axis
        for axis in range(1, n.ndim):
            full = np.concatenate([full] * 2, axis=axis)
        totals = with_totals(full)
        totals[(slice(-1),) * n.ndim] = totals.max()
        hidden = hidden_of(full, min(minimum, totals.min())).copy()
        hidden[(slice(-1),) * n.ndim] = False
        assert not hidden.any()

    @law
    @given(tables, a_minimum)
    def test_what_is_shown_is_the_estimate_of_the_groups_that_are(self, n, minimum):
        scored = estimate_of(n)
        found = suppress(scored, minimum=minimum)
        assert found.shown == scored[~found.hidden]
        assert found.hidden.tolist() == hidden_of(n, minimum)[(slice(-1),) * n.ndim].tolist()
        assert found == suppress(scored, minimum=minimum)

    @law
    @given(tables, a_minimum)
    def test_dictionaries_tell_nothing_of_hidden_groups(self, n, minimum):
        found = suppress(estimate_of(n), minimum=minimum)
        for row in found.to_dicts():
            if found.hidden[row["group"]]:
                assert row == {"group": row["group"], "hidden": True}
            else:
                assert row["n"] == n[row["group"]]

    @pytest.mark.parametrize("shape", [(40,), (12, 12), (20, 5), (6, 5, 4), (4, 3, 3, 2)])
    @pytest.mark.parametrize("share_of_empty", [0, 0.5, 0.9])
    def test_larger_tables_keep_the_promises(self, shape, share_of_empty):
        generator = np.random.default_rng(11)
        n = generator.integers(1, 40, shape) * (generator.random(shape) >= share_of_empty)
        table, hidden = with_totals(n), hidden_of(n, 11)
        assert not determined(hidden).any()
        assert not ((table > 0) & (table < 11) & ~hidden).any()
        for numbers, out in zip(lines_of(table), lines_of(hidden), strict=True):
            assert out[-1] or not out.any() or numbers[out].sum() >= 11
