"""
Calibrated weights, means, standard errors and covariances against R's survey package.

calibration_r_values.R made calibration_r_values.json, R 4.2.2 and survey 4.1.1, of surveys that
follow from rules of whole numbers, repeated here. Values agree to 1e-10 or better, what R's own
iterations leave; 1e-8 is what they are held to.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from custfocus import Scale, Scoring, compare
from custfocus.indices.estimate import estimate
from custfocus.surveys import Calibration, ReplicateWeights, SurveyDesign

R = json.loads(Path(__file__).with_name("calibration_r_values.json").read_text())
SCALE = Scale.likert(5)
MEAN, SHARE = Scoring(SCALE, [1, 2, 3, 4, 5]), Scoring(SCALE, [0, 0, 0, 1, 1])
TIGHT = 1e-8

ROW = np.arange(96)
AGE = np.array(["a", "b", "c"])[((ROW * 5 + ROW // 4) % 7) % 3]
HOME = np.array(["city", "county"])[((ROW * ROW) % 11) % 2]
INCOME = 10 + (ROW * 17) % 23
DOMAIN = np.array(["x", "y", "z"])[((ROW * 11 + ROW // 5) % 13) % 3]
CLUSTER, STRATUM = ROW // 4, ROW // 24
W = 1 + ((ROW * 7) % 5) / 2
ANSWERS = np.clip(
    1 + (ROW * ROW + 3 * ROW + ROW // 7) % 5 + (AGE == "a").astype(int) - (HOME == "city"), 1, 5
)

AGES, HOMES = {"a": 80, "b": 70, "c": 42}, {"city": 90, "county": 102}
CELLS = dict(zip([(a, h) for h in HOMES for a in AGES], [35, 30, 25, 45, 40, 17], strict=True))
TWO, TWO_TOTALS = {"age": AGE, "home": HOME}, {"age": AGES, "home": HOMES}
WITH_INCOME = {"totals": TWO_TOTALS | {"income": 192 * 21.5}, "covariates": {"income": INCOME}}
WAYS: dict[str, dict[str, Any]] = {
    "one_margin": {"margins": {"age": AGE}, "totals": {"age": AGES}},
    "cells": {"margins": {"both": {"age": AGE, "home": HOME}}, "totals": {"both": CELLS}},
    "raking": {"margins": TWO, "totals": TWO_TOTALS},
    "linear": {"margins": TWO, "totals": TWO_TOTALS, "method": "linear"},
    "greg": {"margins": TWO, **WITH_INCOME, "method": "linear"},
    "raking_income": {"margins": TWO, **WITH_INCOME, "method": "raking"},
    "ratio": {"covariates": {"income": INCOME}, "totals": {"income": 192 * 21.5},
              "method": "linear"},
    "logit": {"margins": TWO, "totals": TWO_TOTALS, "method": "logit", "bounds": (0.4, 2.2)},
}  # fmt: skip
DRAWN = {"clusters": CLUSTER, "strata": STRATUM}
DESIGNS: dict[str, dict[str, Any]] = {
    "plain": {"weights": W},
    "equal": {},
    "strata": {"weights": W, "strata": STRATUM},
    "clusters": {"weights": W, **DRAWN},
    "finite": {"weights": W, **DRAWN, "population": np.array([12, 20, 9, 40])[STRATUM]},
    "two_stages": {"weights": W, **DRAWN, "population": np.array([12, 20, 9, 40])[STRATUM],
                   "subclusters": ROW, "subpopulation": 5 + CLUSTER % 4},
    "zeros": {"weights": np.where(ROW % 19 == 3, 0, W), **DRAWN},
}  # fmt: skip
every_way = pytest.mark.parametrize("way", WAYS)


def close(value, tolerance=TIGHT):
    return pytest.approx(value, rel=tolerance, abs=tolerance * 1e-2)


def design_of(name, way):
    fields = dict(DESIGNS[name])
    if way == "ratio":  # which does not heed the scale of base weights in R either
        weights = np.broadcast_to(fields.get("weights", 1.0), len(ROW))
        fields["weights"] = weights * (192 / weights.sum())
    return SurveyDesign(**fields, calibration=Calibration(**WAYS[way]))


def check(design, expected, tolerance=TIGHT):
    """All figures of a design: one sample, domains, and the covariances of these."""
    mean = estimate(ANSWERS, MEAN, design=design)
    share = estimate(ANSWERS, SHARE, design=design)
    by = estimate(ANSWERS, MEAN, design=design, by={"g": DOMAIN})
    assert float(mean) == close(expected["mean"], tolerance)
    assert float(mean.standard_error) == close(expected["se"], tolerance)
    assert float(share) == close(expected["share"], tolerance)
    assert float(share.standard_error) == close(expected["share_se"], tolerance)
    assert by.value == close(expected["domains"], tolerance)
    assert by.standard_error == close(expected["domains_se"], tolerance)
    matrix = np.reshape(expected["covariances"], (3, 3))
    for a, b in [(0, 1), (0, 2), (1, 2)]:
        found = compare(by, g=("xyz"[a], "xyz"[b]))
        variance = matrix[a, a] + matrix[b, b] - 2 * matrix[a, b]
        assert float(found.standard_error) == close(np.sqrt(variance), tolerance)


@every_way
@pytest.mark.parametrize("name", DESIGNS)
def test_means_standard_errors_and_covariances_are_those_of_svymean_and_svyby(name, way):
    check(design_of(name, way), R["designs"][name][way])


@every_way
def test_weights_are_those_of_calibrate_and_post_stratify(way):
    assert design_of("clusters", way).row_weights == close(R["weights"][way], 1e-10)


def test_raked_weights_are_those_of_iterative_proportional_fitting():
    assert design_of("clusters", "raking").row_weights == close(R["rake"]["weights"], 1e-10)


def test_with_equal_base_weights_standard_errors_are_those_of_rake_as_far_as_its_ten_rounds_go():
    check(design_of("equal", "raking"), R["rake"]["equal"], 1e-6)


@pytest.mark.parametrize("lonely_psu", ["certainty", "adjust", "average"])
def test_a_stratum_with_one_cluster_adds_what_r_lets_it_add(lonely_psu):
    strata = np.where(CLUSTER == 23, 4, STRATUM)
    calibration = Calibration(**WAYS["raking"])
    design = SurveyDesign(
        W, clusters=CLUSTER, strata=strata, lonely_psu=lonely_psu, calibration=calibration
    )
    check(design, R["lonely"][lonely_psu])


def test_weights_calibrated_elsewhere_come_with_their_margins():
    raked = R["weights"]["raking"]
    design = SurveyDesign(raked, **DRAWN, calibration=Calibration(TWO))
    check(design, R["given"])


def test_with_their_base_weights_they_are_as_if_calibrated_here():
    raked = R["weights"]["raking"]
    calibration = Calibration(TWO, base_weights=W)
    check(SurveyDesign(raked, **DRAWN, calibration=calibration), R["designs"]["clusters"]["raking"])


@pytest.mark.parametrize("mse", [False, True])
@pytest.mark.parametrize("way", [way for way in WAYS if way != "cells"])
def test_each_replicate_of_a_jackknife_is_calibrated(way, mse):
    weights = W * (192 / W.sum())
    jackknife = np.column_stack(
        [np.where(c // 6 != STRATUM, 1, np.where(c == CLUSTER, 0, 6 / 5)) for c in range(24)]
    )
    design = ReplicateWeights(
        weights, weights[:, None] * jackknife, "jkn", rscales=np.full(24, 5 / 6), mse=mse,
        calibration=Calibration(**WAYS[way]),
    )  # fmt: skip
    check(design, R["jackknife"]["about_estimate" if mse else "about_mean"][way])
