"""
Quantiles against R: survey's designs, base R's ranks, and published ranks of medians.

quantile_r_values.R made quantile_r_values.json, R 4.2.2 and survey 4.1.1, of the schools of
California in that package. R takes the clusters less the strata for degrees of freedom, and
so do we here. The ranks with their levels are those of table A.7, Confidence Intervals for the Population
Median, of a textbook (coursehero.com/file/5646626), the first of each size that has 95 %; the
amounts are the example of ci.median in R's package statpsych, after Snedecor and Cochran (1989),
Statistical Methods, 8th edition.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom  # noqa: TID251 - another implementation

from custfocus import Scale, SurveyDesign, Tally
from custfocus.indices import median_score, quantile_score
from custfocus.intervals import quantile_ranks
from custfocus.quantities import Quantile
from custfocus.surveys import SurveyTally

HERE = Path(__file__).parent
R = json.loads(HERE.joinpath("quantile_r_values.json").read_text())
SHARES = (0.25, 0.5, 0.9)
RANKS = {
    6: (1, 6, 96.9), 7: (1, 7, 98.4), 8: (1, 8, 99.2), 9: (2, 8, 96.1), 10: (2, 9, 97.9),
    11: (2, 10, 98.8), 12: (3, 10, 96.1), 13: (3, 11, 97.8), 14: (3, 12, 98.7), 15: (4, 12, 96.5),
    16: (4, 13, 97.9), 17: (5, 13, 95.1), 18: (5, 14, 96.9), 19: (5, 15, 98.1), 20: (6, 15, 95.9),
}  # fmt: skip


@pytest.fixture(scope="module")
def schools():
    """Both samples, their scores as a scale of their distinct values."""
    made = {}
    for name in ("apistrat", "apiclus1"):
        frame = pd.read_csv(HERE / f"{name}.csv")
        drawn = {"strata": frame.stype} if name == "apistrat" else {"clusters": frame.dnum}
        design = SurveyDesign(
            frame.pw, **drawn, population=frame.fpc, degrees_of_freedom=R[f"{name} df"]
        )
        made[name] = SurveyTally.of(frame.api00, design, Scale(sorted({*frame.api00.tolist()})))
    return made


@pytest.mark.parametrize("name", ["apistrat", "apiclus1"])
@pytest.mark.parametrize("method", ["t", "logit", "beta"])
def test_limits_of_a_design_are_those_of_r(schools, name, method):
    found = [quantile_score(schools[name], q, method=method) for q in SHARES]
    assert [float(one) for one in found] == R[f"{name} value"]
    limits = [float(end) for one in found for end in one.limits]
    assert limits == R[f"{name} {method}"]


def test_svyquantile_finds_them_to_within_a_value_where_weights_are_equal(schools):
    places = schools["apiclus1"].scale.points
    ours = [
        end for q in SHARES for end in quantile_score(schools["apiclus1"], q, method="t").limits
    ]
    theirs = R["apiclus1 svyquantile score"]
    apart = [places.index(float(a)) - places.index(b) for a, b in zip(ours, theirs, strict=True)]
    assert max(map(abs, apart)) <= 1


def test_svyquantile_by_default_leaves_out_a_point_of_a_coarse_scale_that_has_49_5_per_cent():
    found = median_score(Tally([40, 59, 81, 10, 10], Scale.likert(5)))
    assert [float(one) for one in (found.low, found.value, found.high)] == [2, 3, 3]
    assert R["coarse svyquantile mean"] == [3, 4]


def test_ranks_are_those_of_a_printed_table_and_of_r():
    low, high = quantile_ranks([*RANKS])
    assert [*zip(low.tolist(), high.tolist(), strict=True)] == [one[:2] for one in RANKS.values()]
    chances = [
        binom.cdf(b - 1, n, 0.5) - binom.cdf(a - 1, n, 0.5) for n, (a, b, _) in RANKS.items()
    ]
    assert np.round(100 * np.array(chances), 1).tolist() == [one[2] for one in RANKS.values()]
    assert quantile_ranks(np.arange(6, 31)).low.tolist() == R["median ranks"]
    assert quantile_ranks(np.arange(36, 61), 0.9).high.tolist() == R["ranks of .9"]


def test_amounts_have_the_limits_of_statpsych():
    amounts = [30.2, 20.4, 15.1, 10.2, 10.5, 60.8, 20.8, 25.0, 20.7, 30.9, 10.8, 5.1, 50.9, 40.0,
               20.9, 10.8, 0, 20.5, 50.8]  # fmt: skip
    found = Quantile.of(amounts)
    assert (float(found), float(found.low), float(found.high)) == (20.7, 10.8, 30.9)
