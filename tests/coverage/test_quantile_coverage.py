"""The tables of quantiles in the docs are those that the script prints."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quantile_limits import (
    AROUND,
    DRAWINGS,
    MANY,
    SHARES,
    answers_coverage,
    answers_table,
    around_coverage,
    change_coverage,
    design_coverage,
    rank_coverage,
    ranks_table,
)
from scipy.stats import multinomial  # noqa: TID251 - another implementation

from custfocus import Scale, Tally
from custfocus.indices import quantile_score

PAGE = (Path(__file__).parents[2] / "docs" / "medians.md").read_text("utf-8").splitlines()


def row(start: str) -> list[float]:
    """The numbers of a row of the page's tables."""
    [line] = [line for line in PAGE if line.startswith(f"| {start} |")]
    return [float(cell) for cell in line.split("|")[2:-1]]


def test_the_page_quotes_the_enumerations():
    assert {*ranks_table(), *answers_table()} <= {*PAGE}


def test_exact_limits_never_cover_less_than_their_level():
    sizes = [*range(1, 300), 1000]
    assert min(rank_coverage(n, q, "exact") for n, q in product(sizes, (0.1, 0.5, 0.9))) >= 0.95
    shares = np.random.default_rng(5).dirichlet(np.ones(7), 2000)
    for n, q in product((1, 5, 23), (0.2, 0.5)):
        assert answers_coverage(shares, n, q, "exact").min() >= 0.95


@given(
    st.lists(st.integers(1, 9), min_size=3, max_size=3), st.sampled_from([0.25, 0.5, 0.8]),
    st.sampled_from(sorted(SHARES)),
)  # fmt: skip
def test_the_enumeration_is_that_of_all_samples(weights, q, method):
    shares, n = np.array(weights) / sum(weights), 6
    if np.isclose(np.cumsum(shares), q).any():
        return  # a tie, where any point between is a quantile
    samples = np.array([(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)])
    found = quantile_score(Tally(samples, Scale.likert(3)), q, method=method)
    truth = 1 + (np.cumsum(shares) < q).sum()
    held = (found.low <= truth) & (truth <= found.high)
    chance = multinomial.pmf(samples, n, shares)[held].sum()
    [listed] = answers_coverage(shares[None], n, q, method)
    assert chance == pytest.approx(listed, abs=1e-12)


def test_the_page_quotes_the_simulations():
    name = "medians of 3 and 2 whole days, nearly tied"
    for kind, squares in (("", False), (", by a root of squares", True)):
        quoted = row(f"{name}{kind}")[1]
        assert change_coverage(name, 50, squares=squares) == pytest.approx(quoted, abs=0.0015)
    held = [design_coverage(one, MANY, 0.5, place) for place, one in enumerate(DRAWINGS)]
    quoted = row("median on 101 points")
    for place, method in enumerate(SHARES):
        own = np.array([one[method] for one in held])
        assert [own.mean(), own.min()] == pytest.approx(
            quoted[2 * place : 2 * place + 2], abs=0.002
        )


def test_limits_around_the_median_of_a_sample_miss_on_a_coarse_scale():
    assert around_coverage(AROUND, 200) == pytest.approx(0.58, abs=0.005)
    [ours] = answers_coverage(AROUND[None], 200, 0.5, "exact")
    assert ours == pytest.approx(0.99, abs=0.005)
    said = "holds the true median in 58 % of samples (20,000 drawn), the one here in 99 %."
    assert any(said in line for line in PAGE)
