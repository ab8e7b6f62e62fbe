"""Laws of comparisons by label: what is chosen, moved or left out changes nothing else."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from custfocus import Scale, Scoring, SurveyDesign, Tally, compare, estimate
from custfocus.comparisons import pairwise
from custfocus.errors import CustfocusError, LabelError
from custfocus.surveys import SurveyTally
from strategies import labels_by_name

SCALE = Scale.likert(4, missing=[9])
SCORINGS = [Scoring.top_box(SCALE), Scoring.mean(SCALE), Scoring.net(SCALE)]
NAMES = ("district", "wave")


class People(NamedTuple):
    """Respondents with two labels each, drawn one by one or in clusters, and what is computed."""

    answers: list[int]
    by: dict[str, list[object]]
    weights: list[float] | None
    clusters: list[int]
    scoring: Scoring

    def sample(self, rows=slice(None)):
        rows = np.arange(len(self.answers))[rows]
        answers, clusters = (np.array(one)[rows] for one in (self.answers, self.clusters))
        by = {name: [labels[row] for row in rows] for name, labels in self.by.items()}
        if self.weights is None:
            return Tally.of(answers, SCALE, by=by)
        design = SurveyDesign(np.array(self.weights)[rows], clusters=clusters)
        return SurveyTally.of(answers, design, SCALE, by=by)

    def estimate(self):
        return estimate(self.sample(), self.scoring)


@st.composite
def people(draw, *, survey=None):
    number = draw(st.integers(4, 24))
    weighted = draw(st.booleans()) if survey is None else survey
    size = {"min_size": number, "max_size": number}
    return People(
        draw(st.lists(st.sampled_from([1, 2, 3, 4, 9]), **size)),
        draw(labels_by_name(number, NAMES)),
        draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), **size)) if weighted else None,
        draw(st.permutations([place % 5 for place in range(number)])),
        draw(st.sampled_from(SCORINGS)),
    )


def compared(*args, **pair):
    """The comparison, where the two sides have a label in common."""
    try:
        return compare(*args, **pair)
    except LabelError:
        return reject()


def keys_of(result):
    """The key of each row, its names in one order."""
    return list(zip(*(result.keys.labels(name) for name in NAMES), strict=True))


def labels_of(e, name):
    return list(dict.fromkeys(e.keys.labels(name)))


@given(people(), st.data())
def test_choosing_first_or_afterwards_is_the_same(drawn, data):
    e = drawn.estimate()
    waves = labels_of(e, "wave")
    assume(len(waves) > 1)
    pair = tuple(data.draw(st.permutations(waves))[:2])
    found = compared(e, wave=pair)
    for district in labels_of(found, "district"):
        one = found.sel(district=district)
        try:
            assert compare(e.sel(district=district), wave=pair) == one
        except CustfocusError:  # a single comparison without answers
            assert np.isnan(one.value)
    some = labels_of(found, "district")[:2]
    assert compared(e.sel(district=some), wave=pair) == found.sel(district=some)


@given(people(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing_else(drawn, random):
    e = drawn.estimate()
    waves = labels_of(e, "wave")
    assume(len(waves) > 1)
    order = random.sample(range(len(e)), len(e))
    found = compared(e, wave=tuple(waves[:2]))
    assert compare(e[order], wave=tuple(waves[:2])) == found


@given(people(survey=False), people(survey=False), st.randoms(use_true_random=False))
def test_two_samples_meet_by_label_in_whatever_order_they_come(one, other, random):
    a, b = (estimate(each.sample(), SCORINGS[0]) for each in (one, other))
    found = compared(a, b)
    order = random.sample(range(len(b)), len(b))
    assert compare(a, b[order]) == found
    assert compare(a[::-1], b) == found
    ours, theirs = ({*keys_of(side)} for side in (a, b))
    assert {*keys_of(found)} == ours | theirs
    columns = found.columns()
    for row, key in enumerate(keys_of(found)):
        assert key in ours or columns["n_a"].values[row] == 0
        assert key in theirs or columns["n_b"].values[row] == 0
        assert key in ours & theirs or np.isnan(found.value[row])


@given(people())
def test_a_pair_among_many_gets_the_bits_that_it_gets_alone(drawn):
    e = estimate(drawn.sample().collapsed("wave"), drawn.scoring)
    assume(len(e) > 1)
    found = pairwise(e, adjustment="none")
    labels = zip(found.keys.labels("label_a"), found.keys.labels("label_b"), strict=True)
    for row, pair in enumerate(labels):
        try:
            alone = compare(e, district=pair)
        except CustfocusError:  # one of the two has no answers
            assert np.isnan(found.value[row])
            continue
        for name in ("value", "low", "high", "p_value", "standard_error", "design_effect"):
            assert getattr(found, name)[row] == getattr(alone, name), name


@pytest.mark.parametrize("name", NAMES)
@given(drawn=people(survey=True), times=st.sampled_from([0.25, 4.0, 1024.0]))
def test_weights_in_another_unit_compare_alike(name, drawn, times):
    e = drawn.estimate()
    labels = labels_of(e, name)
    assume(len(labels) > 1)
    scaled = drawn._replace(weights=[weight * times for weight in drawn.weights]).estimate()
    pair = {name: tuple(labels[:2])}
    found = compared(e, pair).to_dicts()
    assert compare(scaled, pair).to_dicts() == found


@given(people(survey=True))
def test_equal_weights_compare_as_plain_answers_do(drawn):
    equal = drawn._replace(weights=[2.0] * len(drawn.answers)).estimate()
    plain = drawn._replace(weights=None).estimate()
    waves = labels_of(plain, "wave")
    assume(len(waves) > 1)
    pair = tuple(waves[:2])
    ours, theirs = (compared(e, wave=pair) for e in (equal, plain))
    assert list(ours.keys) == list(theirs.keys)
    np.testing.assert_allclose(ours.value, theirs.value, rtol=0, atol=1e-12 * 200)
