"""Funnels: groups held against all of them together, by exact tails and with overdispersion."""

import numpy as np
import pytest
from scipy.stats import binom, poisson  # noqa: TID251 - another implementation

from custfocus.comparisons import funnel
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.indices import estimate, mean_score, top_box
from custfocus.intervals.funnel_limits import rate_count_limits, share_count_limits
from custfocus.quantities import Rate, proportion
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign, SurveyTally
from patterns import begins

TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE = Scoring.top_box(TWO, 1)
COUNTS = np.array(
    [[1, 2, 3, 4, 5], [9, 0, 1, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 9, 30], [2, 2, 2, 2, 2]]
)
FIVES = mean_score(Tally(COUNTS, FIVE, [0, 7, 5, 1, 0]))
Z = 1.959963984540054
PUBLISHED = top_box(  # ten units by FunnelPlotR
    proportion([12, 30, 22, 60, 41, 15, 55, 80, 19, 33],
               [100, 150, 180, 300, 220, 90, 310, 350, 160, 140], by={"ward": list("abcdefghij")}),
    boxes=1,
)  # fmt: skip
RATIOS = Rate([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220], by={"ward": range(6)})


def of(counts, scoring=SHARE, **options):
    return estimate(Tally(counts, scoring.scale), scoring, **options)


class TestFunnel:
    @pytest.mark.parametrize("level", [0.5, 0.95, 0.998])
    def test_a_share_is_outside_by_the_exact_binomial_tails(self, level):
        n, share = np.array([1, 20, 50, 200, 1000, 1_000_000]), 0.3
        least, most = share_count_limits(n.astype(float), np.full(6, share), 1 - level)
        tail = (1 - level) / 2
        for low, high, size in zip(least, most, n, strict=True):
            law = binom(size, share)
            assert law.cdf(low) > tail
            assert low == 0 or law.cdf(low - 1) <= tail
            assert law.sf(high - 1) > tail
            assert high == size or law.sf(high) <= tail

    @pytest.mark.parametrize("level", [0.5, 0.95, 0.998])
    def test_a_rate_is_outside_by_the_exact_poisson_tails(self, level):
        expected = np.array([0.001, 0.5, 3, 15, 100, 1e6])
        least, most = rate_count_limits(expected, 1 - level)
        tail = (1 - level) / 2
        for low, high, mean in zip(least, most, expected, strict=True):
            law = poisson(mean)
            assert law.cdf(low) > tail
            assert low == 0 or law.cdf(low - 1) <= tail
            assert law.sf(high - 1) > tail >= law.sf(high)

    def test_of_15_expected_events_7_and_24_are_outside(self):
        assert [int(one[0]) for one in rate_count_limits(np.array([15.0]), 0.05)] == [8, 23]

    def test_shares_and_rates_have_the_limits_of_their_counts(self):
        found = funnel(of([[14, 56], [32, 48], [3, 13]]), confidence_level=0.95)
        assert found.center == pytest.approx([100 * 117 / 166] * 3, rel=1e-14)
        least, most = share_count_limits(np.array([70.0, 80, 16]), np.full(3, 117 / 166), 0.05)
        assert found.limit_low == pytest.approx(100 * least / [70, 80, 16])
        assert found.limit_high == pytest.approx(100 * most / [70, 80, 16])
        assert found.outside.tolist() == [False] * 3  # 48 of 80 has a tail of .0262
        assert found.caption().startswith("top box, 95 % exact funnel limits")
        events = Rate([7, 8, 23, 24, 88], [15, 15, 15, 15, 90], by={"ward": list("abcde")})
        assert float(np.ravel(funnel(events).center)[0]) == 1
        assert funnel(events, confidence_level=0.95).outside.tolist() == [
            True,
            False,
            False,
            True,
            False,
        ]
        assert funnel(events).outside.tolist() == [False] * 5

    def test_where_every_answer_is_alike_nobody_is_outside(self):
        for counts in ([[0, 4], [0, 9]], [[4, 0], [9, 0]]):
            found = funnel(of(counts))
            assert not found.outside.any()
            assert found.limit_low.tolist() == found.limit_high.tolist() == found.center.tolist()
        nothing = funnel(Rate([0, 0], [5, 6], by={"ward": [1, 2]}))
        assert (nothing.limit_high.tolist(), nothing.outside.any()) == ([0, 0], False)

    def test_overdispersion_of_shares_is_that_of_a_published_implementation(self):
        found = funnel(PUBLISHED, confidence_level=0.95, overdispersion="additive")
        assert float(found.phi[0]) == pytest.approx(1.955920, abs=5e-7)
        assert float(found.tau2[0]) == pytest.approx(0.00149784, abs=5e-9)
        rows = [5, 1, 7]  # n = 90, 150, 350
        assert found.limit_low[rows] == pytest.approx([9.5709, 10.6499, 11.7903], abs=5e-5)
        assert found.limit_high[rows] == pytest.approx([29.1971, 27.5828, 25.9824], abs=5e-5)
        assert not found.outside.any()
        assert found.caption().endswith(", additive overdispersion (phi 1.96)")

    def test_overdispersion_of_rates_is_that_of_a_published_implementation(self):
        observed, expected = RATIOS.events, RATIOS.exposure
        rates = Rate([*observed, 10_000_000], [*expected, 10_000_000], by={"ward": range(7)})
        pinned = funnel(rates, overdispersion="additive", winsorised=0)
        z = (np.sqrt(rates.events / rates.exposure) - 1) * 2 * np.sqrt(rates.exposure)
        assert float(pinned.center[0]) == pytest.approx(1, abs=1e-4)
        assert float(pinned.phi[0]) == pytest.approx((z**2).mean(), rel=1e-3)

    def test_multiplied_limits_are_wider_by_the_root_of_phi(self):
        found = funnel(PUBLISHED, confidence_level=0.95, overdispersion="multiplicative")
        angle, p = np.arcsin(np.sqrt(found.limit_high / 100)), 0.1835
        arm = Z * np.sqrt(found.phi) / (2 * np.sqrt(PUBLISHED.n))
        assert angle == pytest.approx(np.arcsin(np.sqrt(p)) + arm, rel=1e-9)
        mean = funnel(FIVES, confidence_level=0.95, overdispersion="multiplicative")
        plain = funnel(FIVES, confidence_level=0.95)
        wide = (mean.center - mean.limit_low)[[0, 3, 4]] / (plain.center - plain.limit_low)[
            [0, 3, 4]
        ]
        assert wide == pytest.approx(np.sqrt(mean.phi)[[0, 3, 4]])

    def test_without_overdispersion_limits_stay_and_that_is_said(self):
        alike = of([[50, 51], [48, 52], [51, 49], [10, 9]])
        for kind in ("additive", "multiplicative"):
            found = funnel(alike, overdispersion=kind)
            assert found.limit_low.tolist() == funnel(alike).limit_low.tolist()
            assert found.caption().endswith("; no overdispersion was found")
        one = funnel(of([[5, 5], [0, 0]]), overdispersion="additive")
        assert (one.phi.tolist(), one.tau2.tolist()) == ([1, 1], [0, 0])

    @pytest.mark.parametrize("kind", ["additive", "multiplicative"])
    def test_overdispersion_never_narrows_the_limits(self, kind):
        generator = np.random.default_rng(7)
        n = generator.integers(8, 60, 400)
        by = {"ward": np.tile(range(20), 20), "draw": np.repeat(range(20), 20)}
        shares = top_box(proportion(generator.binomial(n, 0.07), n, by=by), boxes=1)
        rates = Rate(generator.poisson(0.07 * n), n, by=by)
        for values in (shares, rates):
            plain = funnel(values, across="ward", confidence_level=0.95)
            found = funnel(values, across="ward", confidence_level=0.95, overdispersion=kind)
            assert found.adjusted.any()
            assert (found.limit_low <= plain.limit_low).all()
            assert (found.limit_high >= plain.limit_high).all()
            assert not (found.outside & ~plain.outside).any()

    def test_each_block_has_its_own_overdispersion(self):
        by = {"ward": list("abcabc"), "wave": [1, 1, 1, 2, 2, 2]}
        counts = [[50, 51], [48, 52], [51, 49], [10, 90], [50, 50], [90, 10]]
        found = funnel(top_box(Tally(counts, TWO, by=by), boxes=1), across="ward",
                       overdispersion="additive")  # fmt: skip
        assert found.limit_low[found.adjusted].size == 3
        assert found.sel(wave=2).adjusted.all()
        assert not found.sel(wave=1).adjusted.any()
        first = funnel(found.estimate.sel(wave=1))
        assert found.sel(wave=1).limit_low.tolist() == first.limit_low.tolist()
        assert found.caption().endswith(", additive overdispersion")

    def test_two_levels_give_two_sets_of_limits(self):
        found = funnel(PUBLISHED, confidence_level=(0.998, 0.95))
        outer, inner = (funnel(PUBLISHED, confidence_level=level) for level in (0.998, 0.95))
        assert found.limit_low.tolist() == outer.limit_low.tolist()
        columns = found.columns()
        assert columns["warning_high"].values.tolist() == inner.limit_high.tolist()
        assert columns["warning"].values.tolist() == inner.outside.tolist()
        assert inner.outside.sum() == 3
        assert not found.outside.any()
        assert "99.8 % and 95 % exact funnel limits" in found.caption()
        assert "warning" not in outer.columns()

    def test_wrong_options_are_named(self):
        for levels in [(0.95, 0.95), (0.9,), (0.9, 0.95, 0.99)]:
            with pytest.raises(OptionError, match="one level or two different ones, got"):
                funnel(PUBLISHED, confidence_level=levels)
        with pytest.raises(OptionError, match="unknown overdispersion 'add'"):
            funnel(PUBLISHED, overdispersion="add")
        for part in (-0.1, 0.5, None, "a"):
            with pytest.raises(OptionError, match=r"winsorised must be a part .* winsorised=0.1"):
                funnel(PUBLISHED, winsorised=part)
        with pytest.raises(LabelError, match="got a single row"):
            funnel(Rate(3, 10))
        with pytest.raises(TallyError, match="no exposure: a funnel needs"):
            funnel(Rate([0, 0], [0, 0], by={"ward": [1, 2]}))

    def test_answers_of_a_design_are_held_by_the_score_test(self):
        answers = SurveyTally.of(
            [1, 2] * 20, SurveyDesign([1, 2] * 20), TWO, by={"ward": [1] * 20 + [2] * 20}
        )
        assert (
            "95 % score funnel limits"
            in funnel(top_box(answers, boxes=1), confidence_level=0.95).caption()
        )

    def test_those_of_a_mean_take_the_variance_of_all_answers_and_stay_on_the_scale(self):
        found = funnel(FIVES, confidence_level=0.95)
        answers = np.repeat([0, 25, 50, 75, 100], COUNTS.sum(axis=0))
        arm = Z * answers.std() / np.sqrt([15, 12, 40, 10])
        low, high = np.clip([answers.mean() - arm, answers.mean() + arm], 0, 100)
        assert np.delete(found.limit_low, 2) == pytest.approx(low, rel=1e-12)
        assert np.delete(found.limit_high, 2) == pytest.approx(high, rel=1e-12)
        assert funnel(FIVES, confidence_level=0.9999).limit_high[0] == 100
        assert funnel(FIVES) == funnel(FIVES, confidence_level=0.998)

    @pytest.mark.parametrize(
        "counts", [[[0, 1, 0], [0, 3, 0]], [[0, 1, 0], [0, 2, 0]], [[0, 10, 0], [0, 6, 0]]]
    )
    def test_equal_answers_leave_no_group_outside(self, counts):
        tenths = Scoring(Scale.likert(3), [0, 0.1, 1])  # 3 x .1 / 3 is not .1 in binary
        found = funnel(of(counts, tenths))
        assert not found.outside.any()
        assert found.limit_low.tolist() == found.limit_high.tolist() == found.center.tolist()

    def test_each_block_has_its_own_center(self):
        by = {"shop": list("ababc"), "wave": [1, 1, 2, 2, 3]}
        e = mean_score(Tally([*COUNTS[:2], *COUNTS[3:], [0] * 5], FIVE, by=by))
        found, second = funnel(e, across="shop"), funnel(e.sel(wave=2))
        for name in ("center", "limit_low", "outside"):
            assert getattr(found.sel(wave=2), name).tolist() == getattr(second, name).tolist()
        assert np.isnan(found.sel(wave=3).center).all()

    def test_answers_of_a_design_count_by_their_weight_at_their_effective_number(self):
        rng = np.random.default_rng(5)
        answers, weights = rng.integers(1, 6, 200), rng.lognormal(size=200)
        survey = SurveyTally.of(
            answers, SurveyDesign(weights), FIVE, by={"ward": list("abcd") * 50}
        )
        e = mean_score(survey)
        found, scores = funnel(e, confidence_level=0.9), 25.0 * (answers - 1)
        center = np.average(scores, weights=weights)
        spread = np.sqrt(np.average((scores - center) ** 2, weights=weights))
        assert found.center == pytest.approx([center] * 4)
        arm = 1.6448536269514722 * spread / np.sqrt(e.effective_n)
        assert found.limit_high - center == pytest.approx(arm)

    def test_they_read_as_a_table(self):
        assert str(funnel(FIVES, confidence_level=0.95)).splitlines()[:7] == [
            "group   n  missing  mean score (0 to 100)  center  lower limit  upper limit  outside",
            "0      15        0                   66.7    71.1         52.4         89.8        -",
            "1      12        7                   20.8    71.1         50.2         92.0      yes",
            "2       0        5                      -    71.1            -            -        -",
            "3      40        1                   93.1    71.1         59.7         82.6      yes",
            "4      10        0                   50.0    71.1         48.2         94.0        -",
            "mean score (0 to 100), 95 % score funnel limits around the center, that of every group together",
        ]

    def test_the_picture_is_the_value_among_its_limits(self):
        found = funnel(FIVES)
        picture = found.picture()
        assert np.array_equal(picture.low, found.limit_low, equal_nan=True)
        assert np.array_equal(picture.high, found.limit_high, equal_nan=True)
        assert picture.value is FIVES.value
        assert picture.bounds == (0, 100)

    @pytest.mark.parametrize("level", [0, 1, 95, None])
    def test_a_confidence_level_outside_0_to_1_is_an_error(self, level):
        with pytest.raises(OptionError, match=begins("confidence_level must lie between 0 and 1")):
            funnel(FIVES, confidence_level=level)

    def test_no_answers_at_all_are_an_error(self):
        with pytest.raises(TallyError, match=begins("no answers: an index needs at least one")):
            funnel(of([[0, 0], [0, 0]]))
