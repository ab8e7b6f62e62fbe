"""The audit of what is published agrees with the attacker of the tests, and sees what is bare."""

import attrs
import numpy as np
import pytest
from hypothesis import given, settings

from custfocus import Tally, csat, top_box
from custfocus.disclosure import Audit, audit, suppress
from custfocus.errors import TallyError
from patterns import begins
from tables import TWO, answers, attacked, estimates, rules, share

law = settings(derandomize=True, deadline=None, max_examples=25, database=None)


class TestBounds:
    @law
    @given(estimates(missing=True), rules)
    def test_they_are_those_that_an_attacker_finds(self, e, rule):
        found = suppress(e, **rule)
        attack, secrets = attacked(e, found)
        seen = audit(e, found)
        assert type(seen) is Audit
        expected = {}
        for one in secrets:
            key = one.row, tuple(one.points)
            bounds = attack.bound(one, lowest=True)[0], attack.bound(one)[0]
            least = max(one.threshold, expected.get(key, (0,))[0])
            expected[key] = least, *bounds
        assert sorted(expected.values()) == sorted(
            zip(seen.threshold.tolist(), seen.low.tolist(), seen.high.tolist(), strict=True)
        )
        assert seen.protected.all()
        assert (seen.value < seen.threshold).all()

    # Of both the solver once called 3 the greatest number there can be, presolved.
    @pytest.mark.parametrize(
        ("counts", "row", "most"),
        [
            (
                [[[1, 5], [0, 5], [0, 1]], [[1, 0], [1, 0], [0, 0]],
                 [[0, 1], [1, 6], [0, 1]], [[1, 0], [0, 1], [0, 0]]],
                4, 7,
            ),
            (
                [[[[1, 5], [0, 1]], [[5, 4], [1, 2]], [[1, 7], [1, 2]]],
                 [[[0, 2], [1, 0]], [[0, 3], [0, 2]], [[1, 1], [1, 0]]],
                 [[[2, 8], [0, 3]], [[4, 8], [0, 4]], [[1, 7], [1, 1]]]],
                3, 6,
            ),
        ],
    )  # fmt: skip
    def test_the_greatest_number_is_the_greatest(self, counts, row, most):
        e = share(counts)
        found = suppress(e, minimum=5)
        attack, secrets = attacked(e, found)
        assert attack.bound(next(one for one in secrets if one.row == row))[0] == most
        seen = audit(e, found)
        assert seen.protected.all()
        assert most in seen.high

    def test_what_was_hidden_too_little_is_seen(self):
        e = answers([[4, 12, 20], [15, 11, 30], [25, 40, 60]])
        found = suppress(e, minimum=5)
        shown = found.hidden.copy()
        shown[np.flatnonzero(shown)[-1]] = False
        less = attrs.evolve(
            found,
            hidden=shown,
            counts=np.where(shown[:, None], 0, suppress(e, minimum=2).counts),
        )
        seen = audit(e, less)
        assert not seen.protected.all()
        assert int(seen.high[0]) == int(seen.low[0]) == 4
        assert seen.caption().endswith("1 are known to be too small")

    def test_what_is_lost_is_said(self):
        e = share([[90, 1], [80, 10], [50, 20]])
        seen = audit(e, suppress(e, minimum=10, numerator=5))
        lines = str(seen).splitlines()
        assert lines[:2] == [
            "level     district  counted  count  threshold  low  high  protected",
            "district  0         2            1          5    0    21        yes",
        ]
        assert lines[2] == (
            "2 of 4 rows hidden, 1 of them too small; 161 of 251 answers in hidden groups "
            "(64.1 %); each may reach its threshold"
        )
        assert lines[3].startswith("note: more than a quarter of the answers is hidden: merge")
        none = audit(e, suppress(e, minimum=10))
        assert len(none) == 0
        assert none.notes == ()

    def test_totals_read_all_and_groups_without_a_label_none(self):
        by = {"shop": ["n", "n", None, None], "item": ["q1", "q2"] * 2}
        e = top_box(Tally([[2, 2], [20, 2], [3, 1], [2, 1]], TWO, by=by), boxes=1)
        seen = audit(e, suppress(e, minimum=10))
        assert seen.row_texts("shop") == ["n", "(none)", "all", "(none)"]
        assert seen.row_texts("level") == ["shop", "shop", "total", "shop"]
        assert seen.row_texts("item") == ["q1", "q1", "q1", "q2"]
        assert {*seen.row_texts("counted")} == {"all"}

    def test_a_name_within_another_name_is_not_that_name(self):
        by = {"shop": ["n", "s", "n"], "shop type": ["new", "new", "old"]}
        e = top_box(Tally([[2, 2], [1, 2], [2, 1]], TWO, by=by), boxes=1)
        seen = audit(e, suppress(e, minimum=9))
        texts = zip(seen.row_texts("level"), seen.row_texts("shop"), strict=True)
        assert {shop for level, shop in texts if level == "shop type"} == {"all"}

    def test_items_have_bounds_of_their_own(self):
        counts = [[2, 2], [20, 20], [30, 30], [2, 1], [20, 20], [30, 30]]
        by = {"shop": list("abcabc"), "item": ["q1"] * 3 + ["q2"] * 3}
        e = top_box(Tally(counts, TWO, [0, 0, 0, 1, 0, 0], by=by), boxes=1)
        seen = audit(e, suppress(e, minimum=10))
        assert seen.keys.labels("item") == ["q1", "q2"]
        assert seen.protected.all()


class TestWrongInput:
    E = answers([40, 5])
    FOUND = suppress(answers([40, 5]), minimum=10)

    @pytest.mark.parametrize(
        ("e", "found", "message"),
        [
            (E, E, "audit takes an estimate and what suppress made of it, got an Estimate and an"),
            (5, FOUND, "audit takes an estimate and what suppress made of it, got an int and a S"),
            (E, FOUND[:1], "audit takes an estimate and all that suppress made of it, got rows"),
            (answers([1, 2, 3]), FOUND, "audit takes an estimate and all that suppress made of"),
            (
                csat([5, 4, 1]),
                FOUND,
                "audit takes an estimate by groups, got a single row; pass audit(e, suppress(e",
            ),
        ],
    )
    def test_what_does_not_belong_together(self, e, found, message):
        with pytest.raises(TallyError, match=begins(message)):
            audit(e, found)


def test_totals_that_were_kept_are_among_what_is_known():
    e = share([[[0, 8], [1, 12]], [[20, 2], [0, 5]]])
    found = suppress(e, minimum=10, keep=[("district",), ()])
    seen = audit(e, found)
    assert seen.value.tolist() == [8, 5]
    assert (seen.low.tolist(), seen.high.tolist()) == ([1, 1], [20, 26])
    assert seen.protected.all()
