"""Comparisons are hidden with either of their sides."""

import pickle

import numpy as np
import pytest

from custfocus import Scale, SurveyDesign, Tally, compare, csat, top_box
from custfocus.comparisons import compare_order, compare_pairs, pairwise, with_reference, with_rest
from custfocus.disclosure import SuppressedComparison, suppress
from custfocus.errors import OptionError, TallyError
from custfocus.responses import PairTally
from patterns import begins
from tables import TWO, answers, share

WAVES = {"shop": [*"nnsswwee"], "wave": ["old", "new"] * 4}
E = share([[2, 3], [10, 20], [15, 25], [20, 20], [25, 25], [30, 30], [41, 42], [43, 44]], by=WAVES)


def test_the_rows_of_one_estimate():
    c = pairwise(E, across="shop")
    found = suppress(c, minimum=10)
    hidden = suppress(E, minimum=10).sel(level="shop, wave").hidden
    assert type(found) is SuppressedComparison
    assert (found.hidden == (hidden[c.rows_a] | hidden[c.rows_b])).all()
    assert 0 < found.hidden.sum() < len(found)
    for name in ("value", "low", "high", "p_value"):
        expected = np.where(found.hidden, np.nan, getattr(c, name))
        np.testing.assert_array_equal(getattr(found, name), expected)
    assert (found.n_a[~found.hidden] == c.columns()["n_a"].values[~found.hidden]).all()
    assert "adjusted p" not in str(found)
    assert str(found).splitlines()[0].split()[:5] == ["wave", "shop", "(a)", "shop", "(b)"]
    assert found.caption().endswith("for another rule or by complementary suppression")
    assert found._repr_html_().count("<svg") == 1 + np.count_nonzero(~found.hidden)


def test_two_labels_of_a_name():
    c = compare(E, wave=("new", "old"))
    found = suppress(c, minimum=10)
    assert found.hidden[found.keys.labels("shop").index("n")]
    assert found.keys.fixed == (("label_a", "new"), ("label_b", "old"))
    assert suppress(c, minimum=2).caption() == c.caption()


def test_two_estimates_that_lack_rows_of_each_other():
    one = share([[20, 20], [3, 3], [30, 30], [25, 25]], by={"shop": [*"nswx"]})
    other = share([[30, 40], [20, 20], [30, 30]], by={"shop": [*"wen"]})
    found = suppress(compare(one, other), minimum=10)
    hidden = dict(zip(found.keys.labels("shop"), found.hidden.tolist(), strict=True))
    assert hidden["s"]
    assert not hidden["e"]
    assert sum(hidden.values()) == 2  # and one that s may trade with
    single = suppress(compare(answers([40])[0], answers([5])[0]), minimum=10)
    assert single.shape == ()
    assert bool(single.hidden)
    assert np.isnan(float(single.value))


def test_answers_of_a_design():
    answered, weights = [1, 2, 2, 1, 2] * 12, [1.0, 2.0, 1.5] * 20
    by = {"shop": [*"nnsswwwwww"] * 6}
    e = top_box(answered, scale=TWO, boxes=1, by=by, design=SurveyDesign(weights))
    c = with_reference(e, shop="w")
    found = suppress(c, minimum=13)
    assert found.hidden.all()
    found = suppress(c, minimum=10)
    assert not found.hidden.any()
    np.testing.assert_array_equal(found.value, c.value)


def test_what_is_published_besides_hides_its_sides_too():
    e = share(
        [[2, 4], [9, 31], [12, 70], [5, 28], [3, 37], [21, 80], [24, 88], [30, 95], [40, 160]],
        by={"shop": [*"nnnssswww"], "method": ["letter", "web", "phone"] * 3},
    )
    out = suppress(e, minimum=10)
    for c in (compare(e, {"method": ("phone", "web")}), pairwise(e, across="method")):
        alone, found = suppress(c, minimum=10), suppress(c, minimum=10, linked=[out])
        assert (alone.hidden <= found.hidden).all()
        shown = {
            (shop, method)
            for shop, method, gone in zip(
                out.keys.labels("shop"), out.keys.labels("method"), out.hidden, strict=True
            )
            if not gone and shop and method
        }
        columns = found.keys.columns()
        sides = [
            [(shop, label) for shop, label in zip(columns["shop"], columns[side], strict=True)]
            for side in ("label_a", "label_b")
        ]
        expected = [a not in shown or b not in shown for a, b in zip(*sides, strict=True)]
        assert found.hidden.tolist() == expected
        assert any(expected)


def test_nothing_of_hidden_rows_is_left():
    c = pairwise(E, across="shop")
    found = pickle.loads(pickle.dumps(suppress(c, minimum=10)))
    assert not hasattr(found, "a")
    rows = [row for row in found.to_dicts() if row["hidden"]]
    assert {row[name] for row in rows for name in ("n_a", "value_b", "low", "p_value")} == {None}


@pytest.mark.parametrize(
    ("c", "options", "kind", "message"),
    [
        (
            compare_pairs(PairTally.of([1, 2, 1], [2, 2, 1], TWO), lambda t: top_box(t, boxes=1)),
            {},
            TallyError,
            "suppress takes comparisons of different people, got one of pairs; hide",
        ),
        (with_rest(E, across="shop"), {}, TallyError, "suppress takes comparisons of groups, got"),
        (compare(E, E), {"round_to": 6}, OptionError, "round_to= is for estimates, got it with a"),
        (compare(E, E), {"linked": [5]}, OptionError, "linked must be a list of results of supp"),
        (
            compare(E, E),
            {"linked": [suppress(E, minimum=5)]},
            OptionError,
            "linked results must hide at least what is asked for, got a minimum of 5 or counts that",
        ),
        (
            compare(E, E),
            {"linked": [suppress(answers([40, 50]), minimum=10)]},
            TallyError,
            "linked results must have the rows that are compared, got none for ('shop', ",
        ),
    ],
)
def test_what_it_does_not_protect_is_refused(c, options, kind, message):
    with pytest.raises(kind, match=begins(message)):
        suppress(c, minimum=10, **options)


def test_a_group_that_is_called_the_rest_is_a_group():
    tally = Tally([[1] * 5] * 2, Scale.likert(5), by={"shop": ["n", "the rest"]})
    assert suppress(compare(csat(tally), shop=("n", "the rest")), minimum=10).hidden


def test_beside_linked_results_their_rules_hold_and_their_answers_are_checked():
    counts = [[0, 0, 0, 1, 30], [5, 5, 5, 5, 30], [9] * 5, [9] * 5]
    tally = Tally(counts, Scale.likert(5), by={"shop": [*"abcd"]})
    found = suppress(csat(tally), minimum=10)
    change = compare(csat(tally), shop=("a", "b"))
    assert not suppress(change, minimum=10, linked=[found]).hidden.any()
    for name, value in (
        ("numerator", 3), ("unanimous", True), ("totals", False), ("keep", [()]),
        ("respondents", "unknown"), ("respondents", "bogus"), ("numerator", False),
    ):  # fmt: skip
        with pytest.raises(OptionError, match=f"{name}= is the linked results' own where a compar"):
            suppress(change, minimum=10, linked=[found], **{name: value})
    others = Tally(np.array(counts) + 1, Scale.likert(5), by={"shop": [*"abcd"]})
    with pytest.raises(TallyError, match="must be of the same answers, got 31 of them for 36"):
        suppress(compare(csat(others), shop=("a", "b")), minimum=10, linked=[found])


def test_a_comparison_by_order_is_made_of_what_is_shown():
    tally = Tally([[9] * 5, [8] * 5], Scale.likert(5), by={"shop": [*"ab"]})
    with pytest.raises(TallyError, match=r"got one by order; compare the order of what is shown"):
        suppress(compare_order(tally, shop=("a", "b")), minimum=5)


def test_counts_of_a_finite_population_are_not_rounded():
    tally = Tally([[2, 1, 2, 1, 1], [9] * 5], Scale.likert(5), by={"shop": [*"ab"]})
    finite = csat(tally, population={"a": 12, "b": 60})
    with pytest.raises(OptionError, match="round_to= is for large populations"):
        suppress(finite, minimum=5, round_to=6)


def test_adjusted_p_values_are_said_to_be_left_out():
    adjusted, plain = (pairwise(E, across="shop", adjustment=how) for how in ("holm", "none"))
    found = suppress(adjusted, minimum=10)
    assert "; p-values of each alone" in found.caption()
    assert "p-values" not in suppress(plain, minimum=10).caption()
    np.testing.assert_array_equal(found.p_value, suppress(plain, minimum=10).p_value)
