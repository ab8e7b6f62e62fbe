"""Surveys that come with replicate weights: their variance, their sizes, and impossible ones."""

import copy
import re
from typing import get_args

import attrs
import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from custfocus.errors import AnswerError, OptionError, TallyError
from custfocus.indices.estimate import estimate
from custfocus.intervals import replication
from custfocus.intervals.replication import ranks
from custfocus.responses import Scale, Scoring
from custfocus.surveys import SurveyDesign
from custfocus.surveys.replicate_weights import KINDS, ReplicateKind, ReplicateWeights

FIVE = Scale.likert(5, missing=[9])
TOP = Scoring.top_box(FIVE)
MEAN = Scoring.mean(FIVE, 1, 5)
ANSWERS = [5, 4, 2, 5, 9, 1, 4, 3]
WEIGHTS = np.array([1, 2, 1, 1, 3, 1, 2, 1])
CLUSTERS = np.array([0, 0, 1, 1, 2, 2, 3, 3])
BY = list("aaabbbab")
DOUBLED = [[0, 2], [2, 0]]  # two replicates of two respondents
NEEDS = {"jkn": "rscales", "fay": "rho", "other": "scale"}


def left_out(weights, clusters):
    """A column for each cluster, the others weighing more in its place."""
    number = clusters.max() + 1
    others = clusters[:, None] != np.arange(number)
    return weights[:, None] * others * number / (number - 1)


JACKKNIFE = ReplicateWeights(WEIGHTS, left_out(WEIGHTS, CLUSTERS), "jk1")


def design_of(factors, kind="brr", **options):
    return ReplicateWeights(np.ones(len(factors)), factors, kind, **options)


def scored(answers, scoring, design, **options):
    return estimate(answers, scoring, design=design, **options)


def message(text):
    return "^" + re.escape(text)


def refused(error, text, *arguments, **options):
    with pytest.raises(error, match=message(text)):
        ReplicateWeights(*arguments, **options)


class TestTheVariance:
    def test_it_is_that_of_the_means_by_each_column(self):
        found = scored(ANSWERS, MEAN, JACKKNIFE)
        answered = np.array(ANSWERS) != 9
        x, columns = np.array(ANSWERS)[answered], JACKKNIFE.replicates[answered]
        means = [np.average(x, weights=column) for column in columns.T]
        expected = 3 / 4 * np.square(np.array(means) - np.mean(means)).sum()
        assert float(found) == pytest.approx(np.average(x, weights=WEIGHTS[answered]), rel=1e-15)
        assert float(found.standard_error) ** 2 == pytest.approx(expected, rel=1e-13)
        about = scored(ANSWERS, MEAN, attrs.evolve(JACKKNIFE, mse=True))
        expected = 3 / 4 * np.square(np.array(means) - float(found)).sum()
        assert float(about.standard_error) ** 2 == pytest.approx(expected, rel=1e-13)

    def test_the_jackknife_of_equal_clusters_is_that_of_linearisation(self):
        # The mean of equal clusters is no ratio, so that nothing is lost to first order
        answers, clusters = [5, 4, 2, 5, 3, 1, 4, 3], CLUSTERS
        design = ReplicateWeights(np.ones(8), left_out(np.ones(8), clusters), "jk1")
        for scoring, methods in ((MEAN, ["score", "t"]), (TOP, ["score", "t", "logit", "beta"])):
            for method in methods:
                ours, theirs = (
                    scored(answers, scoring, each, method=method)
                    for each in (design, SurveyDesign(clusters=clusters))
                )
                for name in theirs.to_dicts()[0].keys() - {"metric", "unit"}:
                    np.testing.assert_allclose(
                        getattr(ours, name), getattr(theirs, name), rtol=1e-12
                    )

    @pytest.mark.parametrize(
        ("kind", "options", "factor"),
        [
            ("jk1", {}, 3 / 4),
            ("jk1", {"scale": 0.5}, 0.5),
            ("jk1", {"rscales": [1, 1, 1, 1]}, 3 / 4),
            ("jk2", {}, 1),
            ("jkn", {"rscales": [0.5] * 4}, 0.5),
            ("jkn", {"rscales": [0.5] * 4, "scale": 3}, 1.5),
            ("brr", {}, 1 / 4),
            ("fay", {"rho": 0.5}, 1),
            ("fay", {"rho": 0}, 1 / 4),
            ("bootstrap", {}, 1 / 3),
            ("bootstrap", {"scale": 2}, 2),
            ("sdr", {}, 1),
            ("other", {"scale": 0.7}, 0.7),
            ("other", {"scale": 0.7, "rscales": [2, 2, 2, 2]}, 1.4),
        ],
    )
    def test_each_kind_has_its_factor(self, kind, options, factor):
        design = attrs.evolve(JACKKNIFE, kind=kind, **options)
        np.testing.assert_allclose(design.factors, [factor] * 4, rtol=1e-15)
        ratio = scored(ANSWERS, MEAN, design).standard_error / (
            scored(ANSWERS, MEAN, JACKKNIFE).standard_error
        )
        assert float(ratio) ** 2 == pytest.approx(factor / (3 / 4), rel=1e-13)

    def test_replicates_of_factor_0_are_not_in_their_mean_either(self):
        columns = JACKKNIFE.replicates
        three = ReplicateWeights(WEIGHTS, columns[:, :3], "other", scale=0.5)
        four = ReplicateWeights(WEIGHTS, columns, "other", scale=0.5, rscales=[1, 1, 1, 0])
        ours, theirs = (scored(ANSWERS, MEAN, each) for each in (four, three))
        assert float(ours.standard_error) == pytest.approx(float(theirs.standard_error), rel=1e-14)

    def test_a_replicate_by_which_a_domain_weighs_nothing_is_left_out(self):
        # Domain a: without its one respondent in the first cluster, no respondent is left
        design = design_of([[0, 3, 3], [3, 0, 3], [3, 3, 0]], "jk1")
        found = scored([5, 1, 4], MEAN, design, by=["a", "b", "b"])
        assert float(found.standard_error[0]) == 0
        assert np.isinf(found.degrees_of_freedom).tolist() == [True, False]
        b = [1, 4, 2.5]  # without the second, the third and neither
        expected = 2 / 3 * np.square(np.array(b) - np.mean(b)).sum()
        assert float(found.standard_error[1]) ** 2 == pytest.approx(expected, rel=1e-13)
        two = design_of([[0, 2, 2], [2, 0, 2], [4, 4, 2]], "jk1")
        found = scored([5, 1, 4], MEAN, two, by=["a", "a", "b"])
        assert float(found.standard_error[0]) ** 2 == pytest.approx(2 / 3 * 8, rel=1e-13)
        gone = design_of([[0, 2, 2], [0, 1, 3], [6, 3, 1]], "jk1")
        found = scored([5, 1, 4], MEAN, gone, by=["a", "a", "b"])
        a = [5 * 2 / 3 + 1 / 3, 5 * 2 / 5 + 3 / 5]
        expected = 2 / 3 * np.square(np.array(a) - np.mean(a)).sum()
        assert float(found.standard_error[0]) ** 2 == pytest.approx(expected, rel=1e-13)

    def test_replicate_weights_may_be_negative(self):
        design = design_of([[3, 1], [-1, 1]], "other", scale=1, mse=True)
        found = scored([5, 1], MEAN, design)
        assert float(found.standard_error) == 4  # means 7 and 3 about 3


class TestSizes:
    def test_degrees_of_freedom_are_the_rank_less_1(self):
        assert JACKKNIFE.nominal_degrees_of_freedom == 3
        found = scored(ANSWERS, MEAN, JACKKNIFE, by=BY)
        assert found.degrees_of_freedom.tolist() == [2, 2]
        assert int(scored(ANSWERS, MEAN, JACKKNIFE).degrees_of_freedom) == 3
        t = stdtrit(2, 0.975)
        high = found.value + t * found.standard_error
        found = scored(ANSWERS, MEAN, JACKKNIFE, by=BY, method="t")
        np.testing.assert_allclose(found.high, high, rtol=1e-14)

    def test_clusters_that_do_not_count_give_none(self):
        weights = np.where(CLUSTERS == 3, 0, WEIGHTS)
        assert attrs.evolve(JACKKNIFE, weights=weights).nominal_degrees_of_freedom == 2

    def test_equal_answers_have_kishs_size_but_no_more_than_the_replicates_tell_apart(self):
        alone = ReplicateWeights(WEIGHTS, left_out(WEIGHTS, np.arange(8)), "jk1")
        for design, size in ((JACKKNIFE, 4), (alone, 12**2 / 22)):
            found = scored([5] * 8, TOP, design)
            assert np.isinf(found.degrees_of_freedom)
            assert float(found.effective_n) == pytest.approx(size, rel=1e-12)
            assert 0 < found.low < found.high == 100

    def test_the_score_interval_takes_no_more_answers_than_there_are(self):
        still = design_of(np.ones((8, 2)) + 1e-3 * np.array([[1, -1]] * 4 + [[-1, 1]] * 4))
        found = scored([5, 1, 5, 1, 5, 1, 1, 1], TOP, still)
        assert found.effective_n > 1000
        low, high = float(found.low), float(found.high)
        more = scored([5, 1, 5, 1, 5, 1, 1, 1], TOP, attrs.evolve(still, kind="sdr"))
        assert (float(more.low), float(more.high)) == (low, high)

    def test_respondents_of_weight_0_count_in_no_replicate(self):
        weights = np.where(np.arange(8) == 2, 0, WEIGHTS)
        found = scored(ANSWERS, MEAN, attrs.evolve(JACKKNIFE, weights=weights))
        without = [9 if row == 2 else answer for row, answer in enumerate(ANSWERS)]
        expected = scored(without, MEAN, JACKKNIFE)
        assert float(found.standard_error) == float(expected.standard_error)
        assert (int(found.missing), int(expected.missing)) == (1, 2)


class TestRanks:
    GENERATOR = np.random.default_rng(5)

    @pytest.mark.parametrize("block", [1, 50, 2**20])
    def test_they_are_those_of_each_domain_on_its_own(self, monkeypatch, block):
        monkeypatch.setattr(replication, "_BLOCK", block)
        domains = self.GENERATOR.choice([0, 1, 1, 1, 3, 3, 4], 120)
        basis = self.GENERATOR.normal(size=(4, 9))
        weights = self.GENERATOR.normal(size=(120, 4)) @ basis
        weights[domains == 3] = self.GENERATOR.normal(size=((domains == 3).sum(), 9))
        weights[domains == 4] = basis[0]
        expected = [
            np.linalg.matrix_rank(weights[domains == one]) if (domains == one).any() else 0
            for one in range(6)
        ]
        assert expected == [4, 4, 0, 9, 1, 0]
        assert ranks(weights, domains, 6).tolist() == expected

    @pytest.mark.parametrize("block", [1, 2**20])
    def test_the_first_row_and_the_last_count(self, monkeypatch, block):
        monkeypatch.setattr(replication, "_BLOCK", block)
        middle = [[1.0, 1, 1]] * 5
        weights = np.array([[1.0, 0, 0], *middle, [0, 0, 1.0]])
        assert ranks(weights, np.zeros(7, dtype=int), 1).tolist() == [3]

    def test_small_weights_count_as_much_as_large_ones(self):
        weights = np.array([[1, 2, 3], [1e-8, 2e-8, 4e-8], [1e8, 0, 0]])
        assert ranks(weights, np.zeros(3, dtype=int), 1).tolist() == [3]

    def test_rounding_is_no_direction(self):
        weights = np.ones((5, 3)) + 1e-9 * np.eye(5)[:, :3]
        assert ranks(weights, np.zeros(5, dtype=int), 1).tolist() == [1]
        assert ranks(weights[:2], np.zeros(2, dtype=int), 1).tolist() == [1]
        weights = np.ones((5, 3)) + 1e-3 * np.eye(5)[:, :3]
        assert ranks(weights, np.zeros(5, dtype=int), 1).tolist() == [3]

    def test_rows_of_0_have_none(self):
        assert ranks(np.zeros((3, 2)), np.array([0, 0, 1]), 2).tolist() == [0, 0]
        assert ranks(np.zeros((1, 2)), np.array([0]), 1).tolist() == [0]


class TestTheClass:
    def test_arrays_are_kept_and_cannot_be_changed(self):
        weights, columns = np.ones(2), np.array([[0.0, 2], [2, 0]])
        design = ReplicateWeights(weights, columns, "jkn", rscales=[1, 2])
        weights[0] = columns[0, 0] = 9
        assert design.weights.tolist() == [1, 1]
        assert design.replicates.tolist() == [[0, 2], [2, 0]]
        assert len(design) == 2
        for array in (design.weights, design.replicates, design.rscales):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 5
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            design.kind = "brr"

    def test_columns_come_as_a_frame(self):
        frame = pd.DataFrame(DOUBLED, columns=["w1", "w2"])
        assert ReplicateWeights(pd.Series([1, 1]), frame, "brr") == design_of(DOUBLED)
        assert len(ReplicateWeights([1, 3], DOUBLED, "brr")) == 2

    def test_it_reads_well(self):
        assert repr(JACKKNIFE) == (
            "ReplicateWeights(respondents=8, replicates=4, kind='jk1', degrees_of_freedom=3)"
        )
        fixed = attrs.evolve(JACKKNIFE, degrees_of_freedom=2.5)
        assert repr(fixed).endswith("degrees_of_freedom=2.5)")
        assert fixed != JACKKNIFE

    def test_rows_of_pandas_are_never_paired_by_place(self):
        weights = pd.Series([1, 1], index=["x", "y"], name="w")
        frame = pd.DataFrame(DOUBLED, index=["y", "x"])
        text = "answers and what belongs to them must have the same index, got different ones for"
        refused(AnswerError, text, weights, frame, "brr")
        design = ReplicateWeights(weights, frame[::-1], "brr")
        assert design.index.equals(weights.index)
        assert copy.deepcopy(design) == design
        assert not copy.deepcopy(design).replicates.flags.writeable

    def test_those_that_differ_in_anything_differ(self):
        design = ReplicateWeights([1, 1], DOUBLED, "fay", rho=0.5)
        assert design == ReplicateWeights([1, 1], DOUBLED, "fay", rho=0.5)
        for other in (
            attrs.evolve(design, weights=[1, 2]),
            attrs.evolve(design, replicates=[[0, 2], [2, 1]]),
            attrs.evolve(design, kind="brr", rho=None),
            attrs.evolve(design, rho=0.4),
            attrs.evolve(design, mse=True),
            SurveyDesign([1, 1]),
        ):
            assert other != design
        other = {"kind": "other", "rho": None}
        assert attrs.evolve(design, **other, scale=1) != attrs.evolve(design, **other, scale=2)

    def test_it_has_no_hash_and_the_kinds_of_its_type(self):
        assert get_args(ReplicateKind) == KINDS
        with pytest.raises(TypeError, match="unhashable"):
            hash(JACKKNIFE)


# fmt: off
SHAPED = "replicates must be two columns of weights or more, with a row for each respondent, got shape "
IMPOSSIBLE = [  # the error, its text, the weights, the replicates, the kind and options
    (TallyError, "weights must be finite and not negative, got -1", [1, -1], DOUBLED, "brr", {}),
    (TallyError, "weights must not all be 0", [0, 0], DOUBLED, "brr", {}),
    *((TallyError, f"{SHAPED}{np.shape(columns)}", [1, 1], columns, "brr", {})
      for columns in ([1, 2], [[1], [2]], np.ones((2, 2, 2)), np.ones((2, 0)))),
    *((TallyError, f"replicates must be finite, got {wrong}; give 0 to respondents who are not in",
       [1, 1], [[1, 2], [wrong, 0]], "brr", {}) for wrong in (np.nan, -np.inf)),
    (TallyError, "replicates must be numbers", [1, 1], [["1", "2"]] * 2, "brr", {}),
    (TallyError, "replicates must have a row for each respondent, got 2 for 3 weights", [1, 1, 1],
     DOUBLED, "brr", {}),
    (TallyError, ("replicates must be weights like the others, got a mean of 1 where that of weights "
     "is 200; multiply factors by the weights"), [100, 300], DOUBLED, "brr", {}),
    (TallyError, "replicates must be weights like", [0.01, 0.03], DOUBLED, "brr", {}),
    *((OptionError, f"unknown kind {kind!r}", [1, 1], DOUBLED, kind, {})
      for kind in ("JK1", "jackknife", None, ["brr"])),
    *((OptionError, f"the kind {kind!r} needs {needs}=, got none; the survey's guide has it", [1, 1],
       DOUBLED, kind, {}) for kind, needs in NEEDS.items()),
    *((OptionError, f"the kind {kind!r} takes no {name}=, got", [1, 1], DOUBLED, kind,
       {name: value} | ({"rho": 0.5} if kind == "fay" else {}))
      for kind in ("jk2", "brr", "sdr", "fay")
      for name, value in (("scale", 2), ("rscales", [1, 1]))),
    *((OptionError, f"the kind {kind!r} takes no rho=, got 0.5", [1, 1], DOUBLED, kind,
       {"rho": 0.5} | {"jkn": {"rscales": [1, 1]}, "other": {"scale": 1}}.get(kind, {}))
      for kind in sorted({*KINDS} - {"fay"})),
    *((OptionError, f"scale must be a positive number, got {scale!r}", [1, 1], DOUBLED, "jk1",
       {"scale": scale}) for scale in (0, -1, np.inf, np.nan, "1", True)),
    *((OptionError, f"rho must be from 0 to below 1, got {rho!r}", [1, 1], DOUBLED, "fay",
       {"rho": rho}) for rho in (1, -0.1, np.nan, "0.3")),
    *((OptionError, ("rscales must be one number for each of the 2 replicates, got shape "
       f"{np.shape(rscales)}"), [1, 1], DOUBLED, "jkn", {"rscales": rscales})
      for rscales in ([1, 2, 3], 1, [[1, 1]])),
    *((OptionError, "rscales must be finite, not negative and not all 0, got [", [1, 1], DOUBLED,
       "jkn", {"rscales": rscales}) for rscales in ([1, -1], [0, 0], [np.nan, 1], [np.inf, 1])),
]
# fmt: on


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_impossible_fields_are_an_error(case):
    error, text, *arguments, options = case
    refused(error, text, *arguments, **options)
