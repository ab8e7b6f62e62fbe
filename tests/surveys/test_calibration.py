"""Margins and totals: the weights they lead to, what keeps them, and impossible ones."""

import copy
import pickle
import re

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pytest

from custfocus import Scale, Scoring, SurveyDesign, compare, csat, estimate
from custfocus.comparisons import homogeneity, pairwise, with_rest
from custfocus.errors import AnswerError, LabelError, OptionError, TallyError
from custfocus.frames import save
from custfocus.surveys import Calibration, ReplicateWeights, SurveyTally, stack

FIVE = Scale.likert(5, missing=[9])
MEAN = Scoring.mean(FIVE, 1, 5)
ROW = np.arange(60)
ANSWERS = (1 + (ROW * ROW + 2 * ROW) % 5).tolist()
AGE = np.array(["young", "mid", "old"])[(ROW * 7 % 11) % 3]
HOME = np.array(["city", "county"])[(ROW * ROW % 7) % 2]
INCOME = 20.0 + ROW * 13 % 17
WEIGHTS = 1.0 + ROW % 3
CLUSTERS, STRATA = ROW // 3, ROW // 15
BY = {"g": np.array(["x", "y", "z"])[(ROW * 5 % 13) % 3]}
AGES, HOMES = {"young": 30, "mid": 40, "old": 30}, {"city": 45, "county": 55}
TWO = Calibration({"age": AGE, "home": HOME}, {"age": AGES, "home": HOMES})


def by_age(**more):
    return Calibration({"age": AGE}, {"age": AGES}, **more)


def design_of(calibration=TWO, **fields):
    drawn = {"weights": WEIGHTS, "strata": STRATA, "clusters": CLUSTERS}
    return SurveyDesign(**drawn | fields, calibration=calibration)


def tally_of(calibration=TWO, answers=ANSWERS, by=BY, **fields):
    return SurveyTally.of(answers, design_of(calibration, **fields), FIVE, by=by)


def weight_of(design, labels):
    return {str(label): design.row_weights[labels == label].sum() for label in np.unique(labels)}


def message(text):
    return "^" + re.escape(text)


class TestWeights:
    @pytest.mark.parametrize(
        "options", [{}, {"method": "linear"}, {"method": "logit", "bounds": (0.2, 4)}]
    )
    def test_they_have_the_totals(self, options):
        design = design_of(attrs.evolve(TWO, **options))
        assert weight_of(design, AGE) == pytest.approx(AGES, rel=1e-12)
        assert weight_of(design, HOME) == pytest.approx(HOMES, rel=1e-12)

    @pytest.mark.parametrize("method", ["raking", "linear"])
    def test_covariates_have_theirs(self, method):
        totals = {"age": AGES, "income": 2700}
        calibration = Calibration(
            {"age": AGE}, totals, covariates={"income": INCOME}, method=method
        )
        design = design_of(calibration)
        assert weight_of(design, AGE) == pytest.approx(AGES, rel=1e-12)
        assert design.row_weights @ INCOME == pytest.approx(2700, rel=1e-12)

    def test_the_unit_of_base_weights_and_of_totals_makes_no_difference_to_results(self):
        shares = {name: n / 100 for name, n in AGES.items()}, {k: n / 100 for k, n in HOMES.items()}
        smaller = Calibration(
            {"age": AGE, "home": HOME}, dict(zip(["age", "home"], shares, strict=True)),
            method="logit", bounds=(0.2, 4),
        )  # fmt: skip
        larger = attrs.evolve(TWO, method="logit", bounds=(0.2, 4))
        one, other = csat(tally_of(smaller, weights=WEIGHTS * 1e6)), csat(tally_of(larger))
        assert one.value == pytest.approx(other.value, rel=1e-12)
        assert one.low == pytest.approx(other.low, rel=1e-10)

    def test_post_stratification_is_the_weight_of_each_label_times_a_factor(self):
        design = design_of(by_age())
        sums = {label: WEIGHTS[label == AGE].sum() for label in AGES}
        expected = [w * AGES[a] / sums[a] for w, a in zip(WEIGHTS, AGE, strict=True)]
        assert design.row_weights == pytest.approx(expected, rel=1e-13)

    def test_a_table_of_cells_is_a_margin_of_several_columns(self):
        cells = {("young", "city"): 10, ("young", "county"): 20, ("mid", "city"): 20,
                 ("mid", "county"): 20, ("old", "city"): 15, ("old", "county"): 15}  # fmt: skip
        both = {"age": AGE, "home": HOME}
        design = design_of(Calibration({"both": both}, {"both": cells}))
        for (age, home), number in cells.items():
            here = (age == AGE) & (home == HOME)
            assert design.row_weights[here].sum() == pytest.approx(number, rel=1e-12)

    def test_logit_keeps_its_bounds_where_raking_does_not(self):
        bounded = attrs.evolve(TWO, method="logit", bounds=(0.3, 2.2))
        assert design_of(TWO).g_weights.max() > 2.5
        g = design_of(bounded).g_weights
        assert 0.3 < g.min() < g.max() < 2.2

    def test_base_weights_follow_from_the_shares_drawn(self):
        population = np.where(STRATA < 2, 20, 10)
        design = SurveyDesign(
            strata=STRATA, clusters=CLUSTERS, population=population, calibration=by_age()
        )
        given = design_of(by_age(), weights=population / 5, population=population)
        assert design.row_weights == pytest.approx(given.row_weights, rel=1e-13)

    def test_g_weights_are_1_on_average_and_nan_for_who_does_not_count(self):
        weights = np.where(ROW == 7, 0, WEIGHTS)
        design = design_of(weights=weights)
        assert np.flatnonzero(np.isnan(design.g_weights)).tolist() == [7]
        assert design.row_weights[7] == 0
        assert np.nansum(design.g_weights * weights) == pytest.approx(weights.sum(), rel=1e-12)
        assert (SurveyDesign(WEIGHTS).g_weights == 1).all()

    def test_a_calibration_alone_is_a_design_of_equal_base_weights(self):
        design = SurveyDesign(calibration=TWO)
        equal = SurveyDesign(np.ones(60), calibration=TWO)
        assert design.row_weights.tolist() == equal.row_weights.tolist()
        assert len(design) == 60


class TestFields:
    @pytest.mark.parametrize("made", [pd.DataFrame, pl.DataFrame, dict])
    def test_margins_are_mappings_or_dataframes(self, made):
        there = Calibration(made({"age": AGE, "home": HOME}), {"age": AGES, "home": HOMES})
        assert there == TWO

    def test_totals_are_mappings_or_series_in_any_order(self):
        counts = pd.Series({"old": 30, "young": 30, "mid": 40})
        there = Calibration({"age": AGE, "home": HOME}, {"home": HOMES, "age": counts})
        assert there == TWO
        assert list(there.totals) == ["age", "home"]

    def test_labels_are_told_apart_by_type(self):
        flags = [True, True, False]
        found = Calibration({"member": flags}, {"member": {True: 1, False: 2}})
        assert SurveyDesign(calibration=found).row_weights.tolist() == [0.5, 0.5, 2]
        with pytest.raises(LabelError, match="got none for"):
            Calibration({"member": flags}, {"member": {1: 1, 0: 2}})

    def test_margins_may_be_called_like_columns_of_results(self):
        assert Calibration({"n": AGE}, {"n": AGES}).names == ("n",)

    def test_it_reads_well(self):
        assert repr(TWO) == "Calibration('age', 'home', respondents=60, method='raking')"
        assert repr(Calibration({"age": AGE})) == (
            "Calibration('age', respondents=60, method=given)"
        )
        assert repr(design_of()) == (
            "SurveyDesign(respondents=60, strata=4, clusters=20, degrees_of_freedom=16, calibrated)"
        )
        assert repr(jackknife(TWO)).endswith("degrees_of_freedom=19, calibrated)")

    @pytest.mark.parametrize(
        "changed",
        [
            {"margins": {"age": AGE, "home": HOME[::-1]}},
            {"totals": {"age": AGES, "home": {"city": 40, "county": 60}}},
            {"method": "linear"},
            {"method": "logit", "bounds": (0.2, 4)},
        ],
    )
    def test_it_differs_with_any_field(self, changed):
        assert attrs.evolve(TWO, **changed) != TWO
        assert design_of(attrs.evolve(TWO, **changed)) != design_of()

    def test_covariates_and_base_weights_are_compared_by_value(self):
        one, other = (
            Calibration(covariates={"x": x}, totals={"x": 2}) for x in ([1, 2, 3], [1, 2, 4])
        )
        assert one != other
        assert Calibration(covariates={"x": [1, 2, 3]}, totals={"x": 2}) == one
        assert Calibration(covariates={"y": [1, 2, 3]}, totals={"y": 2}) != one
        assert Calibration({"age": AGE}) != Calibration({"age": AGE}, base_weights=WEIGHTS)
        assert Calibration({"age": AGE}) != 5

    @pytest.mark.parametrize(
        "copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
    )
    @pytest.mark.parametrize(
        "calibration",
        [TWO, Calibration({"age": AGE}, base_weights=WEIGHTS),
         Calibration(covariates={"x": INCOME}, totals={"x": 2700})],
    )  # fmt: skip
    def test_copies_are_equal_and_read_only(self, copied, calibration):
        there = copied(calibration)
        assert there == calibration
        design = copied(design_of(calibration))
        assert design == design_of(calibration)
        assert design.row_weights.tolist() == design_of(calibration).row_weights.tolist()
        assert not design.row_weights.flags.writeable
        assert all(not each.flags.writeable for each in there.covariates.values())
        with pytest.raises(TypeError):
            there.margins["more"] = 5

    def test_the_index_of_pandas_is_known_and_must_be_that_of_the_answers(self):
        index = pd.Index(ROW + 100)
        age = pd.Series(AGE, index=index)
        calibration = Calibration({"age": age}, {"age": AGES})
        design = SurveyDesign(calibration=calibration)
        assert design.index.equals(index)
        assert pickle.loads(pickle.dumps(calibration)).index.equals(index)
        answers = pd.Series(ANSWERS, index=index)
        assert SurveyTally.of(answers, design, FIVE).n == 60
        with pytest.raises(AnswerError, match="must have the same index"):
            SurveyTally.of(answers.sort_index(ascending=False), design, FIVE)
        with pytest.raises(AnswerError, match="must have the same index"):
            SurveyDesign(pd.Series(WEIGHTS), calibration=calibration)


class TestWhatKeepsIt:
    def test_tallies_are_equal_to_copies_and_to_none_of_other_totals(self):
        tally = tally_of()
        assert pickle.loads(pickle.dumps(tally)) == tally
        assert tally_of(by_age()) != tally

    def test_what_the_margins_fix_is_known_as_by_a_census(self):
        city = np.where(HOME == "city", 5, 1).tolist()
        found = csat(tally_of(answers=city, by=None))
        assert float(found) == pytest.approx(45, rel=1e-12)
        assert (float(found.low), float(found.high)) == (float(found), float(found))
        assert float(found.standard_error) == 0
        part = csat(tally_of(answers=city))  # of which a domain knows nothing
        assert (part.low < part.value - 1).all()

    def test_answers_all_alike_are_not_taken_for_fixed(self):
        found = csat(tally_of(answers=[5] * 60, by=None))
        assert float(found.high) == 100
        assert float(found.low) < 90

    def test_two_tallies_of_one_design_are_no_independent_samples(self):
        with pytest.raises(TallyError, match="two samples of one design"):
            compare(csat(tally_of()), csat(tally_of(answers=ANSWERS[::-1])))

    def test_a_design_of_the_same_weights_that_knows_no_margins_is_another_one(self):
        known = tally_of(population=np.full(60, 50))
        fixed = tally_of(None, weights=design_of().row_weights, population=np.full(60, 50))
        assert not known.contents[0].has_design_of(fixed.contents[0])

    def test_they_do_not_add_up_and_are_not_saved(self, tmp_path):
        for done in (
            lambda: tally_of() + tally_of(),
            lambda: save(tally_of(), tmp_path / "tally.json"),
        ):
            with pytest.raises(TallyError, match="without replicate weights or calibration"):
                done()

    @pytest.mark.parametrize("calibrated", [(True, True), (True, False), (False, True)])
    def test_stacked_surveys_keep_their_own(self, calibrated):
        finite = {"population": np.full(60, 40), "subpopulation": np.full(60, 9)}
        one, other = (
            tally_of(calibration if on else None, answers=answers, **fields)
            for calibration, on, answers, fields in zip(
                (TWO, by_age()), calibrated, (ANSWERS, ANSWERS[::-1]), (finite, {}), strict=True
            )
        )
        both = estimate(stack(one, other, wave=(1, 2)), MEAN)
        for wave, alone in ((1, one), (2, other)):
            found, expected = both.sel(wave=wave), estimate(alone, MEAN)
            assert found.value == pytest.approx(expected.value, rel=1e-12)
            assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-12)
            assert found.low == pytest.approx(expected.low, rel=1e-9)
            g = compare(found, g=("x", "y")).standard_error
            assert float(g) == pytest.approx(
                float(compare(expected, g=("x", "y")).standard_error), rel=1e-12
            )
        across = compare(both, wave=(2, 1)).standard_error ** 2
        apart = estimate(one, MEAN).standard_error ** 2 + estimate(other, MEAN).standard_error ** 2
        assert across == pytest.approx(apart, rel=1e-12)

    @pytest.mark.parametrize("weights", [WEIGHTS, np.ones(60)])
    def test_a_survey_of_respondents_who_were_counted_together_may_be_stacked_with_one(
        self, weights
    ):
        counted = tally_of(None, weights=weights, clusters=None)
        assert len(counted.contents[0].rows.places) < 60
        both = estimate(stack(tally_of(), counted, wave=(1, 2)), MEAN)
        for wave, alone in ((1, tally_of()), (2, counted)):
            expected, found = estimate(alone, MEAN), both.sel(wave=wave)
            for name in ("standard_error", "low", "degrees_of_freedom"):
                assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-9)

    @pytest.mark.parametrize("lonely_psu", ["certainty", "adjust", "average"])
    def test_the_strata_of_one_survey_are_no_strata_of_the_other(self, lonely_psu):
        strata = np.where(CLUSTERS == 19, 9, STRATA)
        one = tally_of(TWO, strata=strata, lonely_psu=lonely_psu)
        other = tally_of(by_age(), answers=ANSWERS[::-1], lonely_psu=lonely_psu)
        both = estimate(stack(one, other, wave=(1, 2)), MEAN)
        for wave, alone in ((1, one), (2, other)):
            expected = estimate(alone, MEAN).standard_error
            assert both.sel(wave=wave).standard_error == pytest.approx(expected, rel=1e-12)

    def test_a_panel_is_one_design_whose_margins_are_by_wave(self):
        first, second = np.arange(40), np.arange(20, 60)  # of whom 20 were asked twice
        person, wave = np.append(first, second), np.repeat([1, 2], 40)
        totals = {(label, one): n for label, n in AGES.items() for one in (1, 2)}
        calibration = Calibration(
            {"age and wave": {"age": AGE[person], "wave": wave}}, {"age and wave": totals}
        )
        design = SurveyDesign(WEIGHTS[person], clusters=person, calibration=calibration)
        answers = np.array(ANSWERS)[(person + 7 * (wave == 2)) % 60]
        both = estimate(SurveyTally.of(answers, design, FIVE, by={"wave": wave}), MEAN)
        for one, asked in ((1, first), (2, second)):
            age = Calibration({"age": AGE[asked]}, {"age": AGES})
            alone = SurveyDesign(WEIGHTS[asked], clusters=asked, calibration=age)
            expected = estimate(answers[wave == one], MEAN, design=alone)
            found = both.sel(wave=one)
            assert float(found) == pytest.approx(float(expected), rel=1e-12)
            units = np.sqrt((60 / 59) / (40 / 39))  # those of the other wave were drawn too
            assert float(found.standard_error) == pytest.approx(
                units * float(expected.standard_error), rel=0.01
            )
        assert compare(both, wave=(2, 1)).correlation != 0

    def test_items_of_the_same_respondents_are_calibrated_alike(self):
        items = {"q1": ANSWERS, "q2": ANSWERS[::-1]}
        found = estimate(SurveyTally.of(items, design_of(), FIVE, by=BY), MEAN)
        one = SurveyTally.of_items({name: tally_of(answers=a) for name, a in items.items()})
        for name, answers in items.items():
            expected = estimate(tally_of(answers=answers), MEAN)
            for each in (found, estimate(one, MEAN)):
                got = each.sel(item=name)
                assert got.standard_error.tolist() == expected.standard_error.tolist()

    def test_shared_clusters_want_one_design(self):
        with pytest.raises(TallyError, match="whose margins are by wave"):
            stack(tally_of(), tally_of(), shared_clusters=True)

    def test_the_rest_has_the_variance_that_it_has_as_a_domain(self):
        found = with_rest(estimate(tally_of(), MEAN))
        for place, label in enumerate("xyz"):
            own = {"g": np.where(BY["g"] == label, "it", "the rest")}
            expected = compare(estimate(tally_of(by=own), MEAN), g=("it", "the rest"))
            assert found.value[place] == pytest.approx(float(expected), rel=1e-12)
            assert found.standard_error[place] == pytest.approx(
                float(expected.standard_error), rel=1e-12
            )
            assert found.low[place] == pytest.approx(float(expected.low), rel=1e-9)

    def test_the_rest_of_replicates_is_a_domain_too(self):
        found = with_rest(estimate(SurveyTally.of(ANSWERS, jackknife(TWO), FIVE, by=BY), MEAN))
        own = {"g": np.where(BY["g"] == "x", "it", "the rest")}
        alone = estimate(SurveyTally.of(ANSWERS, jackknife(TWO), FIVE, by=own), MEAN)
        expected = compare(alone, g=("it", "the rest"))
        for name in ("value", "standard_error", "low"):
            ours, theirs = getattr(found, name)[0], float(getattr(expected, name))
            assert ours == pytest.approx(theirs, rel=1e-9), name
        with pytest.raises(TallyError, match="two samples of one design"):
            compare(alone, estimate(SurveyTally.of(ANSWERS, jackknife(TWO), FIVE, by=own), MEAN))

    def test_homogeneity_of_two_domains_is_the_test_of_their_difference(self):
        two = estimate(tally_of(by={"g": HOME}), MEAN)
        p = float(compare(two, g=("city", "county")).p_value)
        assert float(homogeneity(two).p_value) == pytest.approx(p, rel=1e-10)

    def test_the_differences_of_three_domains_add_up(self):
        # Var(a - c) from the three variances and covariances is that of (a - b) + (b - c)
        found = pairwise(estimate(tally_of(), MEAN))
        assert found.standard_error.shape == (3,)
        assert found.value[0] + found.value[2] == pytest.approx(found.value[1], rel=1e-12)

    def test_large_factors_are_noted(self):
        totals = {"age": {"young": 90, "mid": 5, "old": 5}}
        tally = tally_of(Calibration({"age": AGE}, totals))
        assert any("calibration multiplies weights by 0.1" in note for note in tally.notes)
        assert not any("calibration" in note for note in tally_of().notes)
        assert not any("calibration" in note for note in tally_of()[:0].notes)


def jackknife(calibration, weights=WEIGHTS, **options):
    columns = np.column_stack([np.where(c == CLUSTERS, 0, weights * 20 / 19) for c in range(20)])
    return ReplicateWeights(weights, columns, "jk1", calibration=calibration, **options)


class TestReplicates:
    def test_each_of_them_has_the_totals(self):
        design = jackknife(TWO)
        for column in (design.row_weights, *design.applied.replicates.T):
            for labels, totals in ((AGE, AGES), (HOME, HOMES)):
                found = {label: column[labels == label].sum() for label in totals}
                assert found == pytest.approx(totals, rel=1e-12)

    def test_without_calibration_they_are_what_was_given(self):
        design = jackknife(None)
        assert design.applied is design
        assert design.row_weights is design.weights

    def test_what_the_margins_fix_is_known_as_by_a_census(self):
        city = np.where(HOME == "city", 5, 1).tolist()
        found = csat(SurveyTally.of(city, jackknife(TWO), FIVE))
        assert float(found.low) == float(found.high) == float(found)
        assert float(found.standard_error) == 0

    def test_copies_are_equal_and_others_are_not(self):
        design = jackknife(TWO)
        assert pickle.loads(pickle.dumps(design)) == design
        assert jackknife(by_age()) != design
        assert jackknife(None) != design

    def test_kishs_number_is_that_of_linearisation(self):
        ours = SurveyTally.of(ANSWERS, jackknife(TWO), FIVE, by=BY).means(MEAN).means
        theirs = tally_of().means(MEAN).means
        fixed = tally_of(None, weights=design_of().row_weights).means(MEAN).means
        assert ours.ceiling == pytest.approx(theirs.ceiling, rel=1e-12)
        assert (ours.ceiling >= fixed.ceiling * (1 - 1e-12)).all()
        assert (ours.ceiling > fixed.ceiling).any()

    def test_differences_rest_on_kishs_number_whatever_the_margins_tell(self):
        rows, generator = np.arange(16), np.random.default_rng(3)
        kind = np.where(rows % 2 == 0, "good", "bad")
        columns = generator.uniform(0.5, 1.5, (16, 40))
        totals = {"kind": {"good": 6, "bad": 10}}
        calibration = Calibration({"kind": kind}, totals)
        design = ReplicateWeights(np.ones(16), columns, "bootstrap", calibration=calibration)
        answers = np.where(kind == "good", 5 - (rows == 6), 1 + (rows % 5 == 1))
        tally = SurveyTally.of(answers, design, FIVE, by={"g": list("xy") * 4 + list("yx") * 4})
        found = compare(estimate(tally, MEAN), g=("x", "y"))
        kish = [float(each) for each in tally.means(MEAN).means.ceiling]
        assert sum(kish) > 20
        weights = np.where(kind == "good", 6 / 8, 10 / 8)
        own = (weights.sum() / 2) ** 2 / ((weights**2).sum() / 2)
        assert float(found.degrees_of_freedom) == pytest.approx(2 * own - 2, rel=1e-12)

    def test_the_unit_of_base_weights_makes_no_difference_within_bounds(self):
        bounded = attrs.evolve(TWO, method="logit", bounds=(0.3, 2.4))
        one, other = (
            jackknife(bounded, weights=WEIGHTS * unit).applied.replicates for unit in (1, 1000)
        )
        assert one == pytest.approx(other, rel=1e-9)

    @pytest.mark.parametrize(
        ("error", "text", "calibration", "weights"),
        [
            (OptionError, "a calibration of replicate weights needs totals=, got none",
             Calibration({"age": AGE}), WEIGHTS),
            (AnswerError, "a design must have one entry for each respondent in every field, got 60",
             Calibration({"age": AGE[:9]}, {"age": AGES}), WEIGHTS),
        ],
    )  # fmt: skip
    def test_impossible_ones_are_an_error(self, error, text, calibration, weights):
        with pytest.raises(error, match=message(text)):
            jackknife(calibration, weights)

    def test_a_replicate_that_lacks_a_label_is_named(self):
        alone = np.where(CLUSTERS == 4, "rare", "usual")
        calibration = Calibration({"kind": alone}, {"kind": {"rare": 5, "usual": 95}})
        with pytest.raises(TallyError, match="got 0 in place of 5 for 'rare' of the margin 'kind'"
                           " in replicate 5, as near as"):  # fmt: skip
            jackknife(calibration)

    def test_negative_ones_are_refused(self):
        columns = np.column_stack([WEIGHTS, WEIGHTS])
        columns[3, 1] = -1
        with pytest.raises(TallyError, match="must not be negative, got -1"):
            ReplicateWeights(WEIGHTS, columns, "bootstrap", calibration=TWO)


class TestCalibratedElsewhere:
    def test_they_keep_their_weights(self):
        raked = design_of().row_weights
        design = design_of(Calibration({"age": AGE, "home": HOME}), weights=raked)
        assert design.row_weights is design.base_weights
        same = Calibration({"age": AGE, "home": HOME}, base_weights=raked)
        for calibration in (design.calibration, same):
            given = estimate(tally_of(calibration, weights=raked), MEAN)
            known = estimate(tally_of(), MEAN)
            assert given.value == pytest.approx(known.value, rel=1e-12)
            assert given.standard_error == pytest.approx(known.standard_error, rel=0.1)
            assert (given.standard_error != known.standard_error).all()

    def test_who_does_not_count_any_more_may_have_a_base_weight(self):
        weights = np.where(ROW == 7, 0, WEIGHTS)
        base = np.where(ROW < 20, WEIGHTS, WEIGHTS * 2)
        design = design_of(Calibration({"age": AGE}, base_weights=base), weights=weights)
        assert np.isfinite(csat(SurveyTally.of(ANSWERS, design, FIVE)).low)

    def test_base_weights_of_0_are_for_who_does_not_count(self):
        base = np.where(ROW == 7, 0, WEIGHTS)
        text = "base_weights must be positive where weights are, got 0 beside 2"
        with pytest.raises(TallyError, match=message(text)):
            design_of(Calibration({"age": AGE}, base_weights=base))


@pytest.mark.parametrize(
    ("error", "text", "fields"),
    [
        (AnswerError, "a calibration must have margins or covariates, got none of either", {}),
        (AnswerError, ("margins must be labels by the name of the variable, got a list; write "
         "{'region': labels}"), {"margins": ["a", "b"]}),
        (AnswerError, ("margins must be labels by the name of the variable, got a Series; write "
         "{'age': labels}"), {"margins": pd.Series(AGE, name="age")}),
        (AnswerError, "margins must be called by a text, got 1", {"margins": {1: AGE}}),
        (AnswerError, "margin 'age' must be known of every respondent, got some that are empty",
         {"margins": {"age": ["a", None]}}),
        (TallyError, "covariate 'x' must be one finite number for each respondent, got inf",
         {"covariates": {"x": [1, np.inf]}}),
        (TallyError, "covariate 'x' must be one finite number for each respondent, got shape",
         {"covariates": {"x": [[1, 2]]}}),
        (TallyError, "covariate 'x' must be at most 1e+50 in size, got 1e+60; divide it, and its",
         {"covariates": {"x": [1, -1e60]}}),
        (TallyError, "the total of the covariate 'x' must be a number, got 1e+60; it is the mean",
         {"covariates": {"x": [1, 2]}, "totals": {"x": 1e60}}),
        (TallyError, "the totals of the margin 'age' must be positive numbers, got 1e+60 for 'mid'",
         {"margins": {"age": AGE}, "totals": {"age": AGES | {"mid": 1e60}}}),
        (AnswerError, "a variable must be a margin or a covariate, got 'x' as both",
         {"margins": {"x": [1, 2]}, "covariates": {"x": [1, 2]}}),
        (AnswerError, ("a calibration must have one entry for each respondent in every field, got "
         "{'a': 2, 'b': 3}"), {"margins": {"a": [1, 2], "b": [1, 2, 3]}}),
        (AnswerError, ("a calibration must have one entry for each respondent in every field, got "
         "{'a': 0}"), {"margins": {"a": []}}),
        (AnswerError, ("a calibration must have one entry for each respondent in every field, got "
         "{'a': 2, 'base_weights': 1}"), {"margins": {"a": [1, 2]}, "base_weights": [1]}),
        (TallyError, "base_weights: weights must be finite and not negative, got -1",
         {"margins": {"a": [1, 2]}, "base_weights": [1, -1]}),
        (AnswerError, "totals must be by the names of the variables, got a list; write {'age': ",
         {"margins": {"age": AGE}, "totals": [1]}),
        (LabelError, ("totals must have one for each margin and covariate, got none for 'age'; did "
         "you mean 'Age', which differs by case?"),
         {"margins": {"age": AGE}, "totals": {"Age": AGES}}),
        (LabelError, "totals must have one for each margin and covariate, got none for 'x'; add it",
         {"covariates": {"x": INCOME}, "totals": {}}),
        (LabelError, ("totals must have one for each margin and covariate, got one for 'home' "
         "besides; leave it out"),
         {"margins": {"age": AGE}, "totals": {"age": AGES, "home": HOMES}}),
        (LabelError, ("totals must have one for each margin and covariate, got none for 'age'; add "
         "it, 'gender' is none of them"),
         {"margins": {"age": AGE}, "totals": {"gender": AGES}}),
        (TallyError, "the totals of the margin 'age' must be numbers by label, got an int; write",
         {"margins": {"age": AGE}, "totals": {"age": 5}}),
        (LabelError, ("the totals of the margin 'age' must have one for each label of the "
         "respondents, got none for 'mid'; add it"),
         {"margins": {"age": AGE}, "totals": {"age": {"young": 1, "old": 2}}}),
        (LabelError, ("the totals of the margin 'age' must have one for each label of the "
         "respondents, got one for 'unborn' besides; where nobody was found, put it together"),
         {"margins": {"age": AGE}, "totals": {"age": AGES | {"unborn": 1}}}),
        (TallyError, "the totals of the margin 'age' must be positive numbers, got 0 for 'mid'",
         {"margins": {"age": AGE}, "totals": {"age": AGES | {"mid": 0}}}),
        (TallyError, "the totals of the margin 'age' must be positive numbers, got '40' for 'mid'",
         {"margins": {"age": AGE}, "totals": {"age": AGES | {"mid": "40"}}}),
        (TallyError, ("margins must add up to the same population, got 100 for 'age' and 99 for "
         "'home'; divide the totals of each by their sum"),
         {"margins": {"age": AGE, "home": HOME},
          "totals": {"age": AGES, "home": {"city": 45, "county": 54}}}),
        (TallyError, "the total of the covariate 'x' must be a number, got {'a': 1}",
         {"covariates": {"x": INCOME}, "totals": {"x": {"a": 1}}}),
        (OptionError, "unknown method of calibration 'rake'; did you mean 'raking'?",
         {"margins": {"age": AGE}, "totals": {"age": AGES}, "method": "rake"}),
        (OptionError, "method is how weights are calibrated to totals, got it without totals",
         {"margins": {"age": AGE}, "method": "linear"}),
        (OptionError, "bounds is how weights are calibrated to totals, got it without totals",
         {"margins": {"age": AGE}, "bounds": (0.5, 2)}),
        (OptionError, "base_weights go with weights that are calibrated already, got them beside",
         {"margins": {"age": AGE}, "totals": {"age": AGES}, "base_weights": WEIGHTS}),
        (OptionError, "the method 'logit' needs bounds=, such as (0.3, 3), got none",
         {"margins": {"age": AGE}, "totals": {"age": AGES}, "method": "logit"}),
        (OptionError, "only the method 'logit' keeps bounds=, got (0.5, 2.0) with 'raking'",
         {"margins": {"age": AGE}, "totals": {"age": AGES}, "bounds": (0.5, 2)}),
        *((OptionError, "bounds must be two numbers with 1 between them, the lower one above 0",
           {"margins": {"age": AGE}, "totals": {"age": AGES}, "method": "logit", "bounds": bounds})
          for bounds in ((0, 2), (1, 2), (0.5, 1), (0.5,), (0.5, np.inf), "ab", 5)),
    ],
)  # fmt: skip
def test_impossible_fields_are_an_error(error, text, fields):
    with pytest.raises(error, match=message(text)):
        Calibration(**fields)


@pytest.mark.parametrize(
    ("error", "text", "calibration", "weights"),
    [
        (OptionError, "calibration must be a Calibration, got a dict; write Calibration({'region'",
         {"age": AGES}, WEIGHTS),
        (AnswerError, ("a design must have one entry for each respondent in every field, got 60 and "
         "a calibration of 9"), Calibration({"age": AGE[:9]}, {"age": AGES}), WEIGHTS),
        (TallyError, ("every label of the margin 'age' must have a respondent of positive weight, "
         "got none for 'old'; put it together with a label like it"), by_age(),
         np.where(AGE == "old", 0, WEIGHTS)),
        (TallyError, "calibrated weights must be positive, got -",
         Calibration({"age": AGE, "home": HOME}, {"age": {"young": 2, "mid": 90, "old": 8},
                     "home": {"city": 97, "county": 3}}, method="linear"), WEIGHTS),
        (TallyError, "calibration must meet all totals, got ",
         by_age(method="logit", bounds=(0.95, 1.05)), WEIGHTS),
        (TallyError, "calibration must meet all totals, got ",  # the same labels, other numbers
         Calibration({"a": AGE, "b": AGE}, {"a": AGES, "b": AGES | {"old": 20, "mid": 50}}),
         WEIGHTS),
        (TallyError, "calibration must meet all totals, got ",
         Calibration({"age": AGE}, {"age": AGES, "x": 100 * 37}, covariates={"x": INCOME}),
         WEIGHTS),
        (TallyError, "calibration must meet all totals, got ",
         Calibration(covariates={"x": INCOME}, totals={"x": -5}), WEIGHTS),
    ],
)  # fmt: skip
def test_totals_that_no_weights_meet_are_an_error(error, text, calibration, weights):
    with pytest.raises(error, match=message(text)):
        design_of(calibration, weights=weights)


def test_what_is_not_met_is_named_with_what_may_be_done():
    totals = {"age": AGES, "income": 3700}
    calibration = Calibration({"age": AGE}, totals, covariates={"income": INCOME})
    with pytest.raises(TallyError) as error:
        design_of(calibration)
    assert re.search(
        r"got 34\.\d+ in place of 30 for 'young' of the margin 'age', as near as 'raking' "
        r"comes; put labels together that few respondents have, or leave a margin out$",
        str(error.value),
    )
    with pytest.raises(
        TallyError, match=r"of the margin 'age', as near as 'logit' comes; widen bounds="
    ):
        design_of(by_age(method="logit", bounds=(0.95, 1.05)))


@pytest.mark.parametrize("answer", [5, 2])
def test_answers_all_alike_have_a_width_whatever_rounding_leaves(answer):
    rng = np.random.default_rng(3)
    for _ in range(60):
        place = rng.integers(0, 3, 30)
        home = rng.integers(0, 2, 30)
        place[:3], home[:2] = [0, 1, 2], [0, 1]
        margins = Calibration(
            {"place": place, "home": home},
            {
                "place": dict(enumerate(np.bincount(place))),
                "home": dict(enumerate(np.bincount(home))),
            },
        )
        design = SurveyDesign(rng.uniform(0.5, 3, 30), calibration=margins)
        found = estimate([answer] * 30, MEAN, design=design, by={"home": home})
        assert (found.high - found.low > 0.1).all()
        assert (found.design_effect > 0.3).all()


def test_a_correction_is_for_plain_samples():
    e = estimate(ANSWERS, MEAN, design=SurveyDesign(WEIGHTS), by=BY)
    with pytest.raises(OptionError, match="correction=False is for plain samples, got answers of"):
        compare(e, g=("x", "y"), correction=False)
