"""What every method of an index keeps in a finite population, by its name and by what it scores."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus import Scale, Scoring, Tally, estimate
from custfocus.intervals.methods import LIMITS
from custfocus.intervals.net import _METHODS as NET
from custfocus.intervals.proportion import _INFINITE_ONLY
from custfocus.intervals.proportion import _METHODS as PROPORTION

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)
FLAT = {"wald", "t", "goodman"}  # have no width where all answers are alike
SCORINGS = {
    "share": (Scoring.top_box(Scale.likert(2), 1), {"score", "t", *PROPORTION}),
    "net score": (Scoring.net(Scale.likert(3), positive=1, negative=1), {"score", "t", *NET}),
    "mean": (Scoring.mean(Scale.likert(5)), {"score", "t"}),
}
CASES = [
    (kind, method)
    for kind, (_, methods) in SCORINGS.items()
    for method in sorted(methods & LIMITS.keys() - set(_INFINITE_ONLY))
]


@pytest.mark.parametrize(("kind", "method"), CASES)
@law
@given(data=st.data(), level=st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_limits_are_what_those_not_asked_can_bring_about(kind, method, data, level):
    scoring, _ = SCORINGS[kind]
    scores = scoring.quoted_scores
    counts = np.array([data.draw(st.integers(0, 30)) for _ in scores])
    assume(counts.any())
    n, more = int(counts.sum()), data.draw(st.integers(1, 60))
    e = estimate(
        Tally(counts, scoring.scale), scoring,
        method=method, confidence_level=level, population=n + more,
    )  # fmt: skip
    least, most = (
        (counts @ scores + more * end) / (n + more) for end in (scores.min(), scores.max())
    )
    assert least - 1e-10 <= e.low <= e.high <= most + 1e-10
    flat = method in FLAT and np.count_nonzero(counts) == 1
    assert (e.high > e.low) == (not flat or (method == "t" and n == 1))


@pytest.mark.parametrize(("kind", "method"), CASES)
def test_a_census_leaves_nothing_open(kind, method):
    scoring, _ = SCORINGS[kind]
    for counts in ([0, 7, 0, 3, 1], [5, 0, 0, 0, 0], [1, 2, 3, 4, 5]):
        tally = Tally(counts[: len(scoring.scale)], scoring.scale)
        e = estimate(tally, scoring, method=method, population=int(tally.n))
        assert e.low == pytest.approx(float(e.value), abs=1e-12)
        assert e.high == pytest.approx(float(e.value), abs=1e-12)


def test_one_of_ninety_nine_of_a_hundred_leaves_one_or_two():
    scoring, methods = SCORINGS["share"]
    for method in methods - set(_INFINITE_ONLY):
        e = estimate(Tally([98, 1], scoring.scale), scoring, method=method, population=100)
        assert 1 - 1e-12 <= e.low < e.high <= 2 + 1e-12
