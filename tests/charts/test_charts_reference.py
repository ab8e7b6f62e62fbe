"""Lines, marks and run analyses that other software or printed tables give, and hand computation."""

import itertools

import numpy as np
import pytest

from custfocus.charts import (
    assurance,
    beyond_limits,
    c_limits,
    i_prime_limits,
    long_run,
    p_limits,
    p_prime_limits,
    points_of,
    run_limits,
    run_on_one_side,
    runs_analysis,
    special_causes,
    trend,
    u_limits,
    u_prime_limits,
    xmr_limits,
)
from custfocus.charts.anhoej import count_runs

# fmt: off
# R package NHSRplotthedots 0.2.2 (commit 050b07d), vignette; its Excel limits are -3.06 and 6.95
VIGNETTE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
# Made-up series; marks by the rules of NHSRplotthedots as written in its R code
JUMP = [20, 22, 19, 21, 20, 23, 20, 21, 45, 20, 22, 21, 19, 20, 21, 22, 20, 19, 21, 20]
A = [49, 51, 44, 48, 56, 51, 52, 51, 52, 48, 54, 52, 49, 60, 56, 52, 51, 49, 49, 49, 49, 50, 50,
     47]
B = [50, 49, 50, 51, 46, 53, 40, 44, 48, 52, 51, 52, 52, 51, 51, 56, 48, 44, 51, 49, 51, 49, 51,
     50]
C = [50, 52, 49, 51, 53, 50, 47, 48, 49, 50, 51, 52, 53, 50, 49, 51, 50, 52, 48, 50, 51, 49, 50,
     51]
D = [4, 6, 4, 6, 4, 6, 4, 6, 4, 6, 6, 6, 6, 5, 6, 6, 6, 4, 4, 4, 4, 6, 4, 4, 4, 5]
WAITS = [62, 60, 63, 61, 59, 62, 60, 61, 58, 57, 56, 55, 54, 53, 52, 55, 54, 53, 55, 54, 56, 53,
         54, 55]
# R package qicharts2 0.8.1 (commit 1b9487e), data sets nhs_accidents and complaints
ACCIDENTS = [266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320, 267923,
             271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989]
ATTENDED = [280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529, 279618,
            283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772]
COMPLAINTS = [426, 543, 428, 67, 303, 481, 304, 718, 681, 1030, 704, 1062, 1085, 1311, 1309, 1342,
              1740, 1468, 1364, 1824]
SALES = np.array([90, 110, 90, 40, 60, 70, 90, 120, 150, 210, 190, 250, 220, 210, 230, 220, 310,
                  330, 320, 330]) * 1000
# Montgomery, Introduction to Statistical Quality Control: cans of orange juice, 50 a sample;
# typed from memory, its published mean .2313 and limits .0524 and .4102 hold
JUICE = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9,
         12, 7, 13, 9, 6]
# fmt: on


def lines(limits, period=1):
    """Lower limit, centre and upper limit at a period counted from 1."""
    return [line[period - 1] for line in (limits.low, limits.centre, limits.high)]


def numbers(marks):
    """The marked periods, counted from 1."""
    return (np.flatnonzero(marks) + 1).tolist()


def by_rule(causes):
    """The marked periods of each rule, low ones negative."""
    found = {}
    for period in np.flatnonzero(causes.codes >= 0):
        found.setdefault(str(causes.rules[period]), []).append(
            (int(period) + 1) * int(causes.direction[period])
        )
    return found


class TestXmr:
    @pytest.mark.parametrize(
        ("values", "screened", "expected"),
        [
            (VIGNETTE, False, (-3.062614, 1.944444, 6.951503)),
            (VIGNETTE, True, (-0.715556, 1.944444, 4.604444)),
            (JUMP, False, (10.88, 21.8, 32.72)),
            (JUMP, True, (17.262353, 21.8, 26.337647)),
            (A, True, (43.658030, 50.791667, 57.925303)),
            (A, False, (42.696014, 50.791667, 58.887319)),
            (B, True, (41.924394, 49.541667, 57.158939)),
            (C, True, (45.508261, 50.25, 54.991739)),
            (WAITS, True, (52.239565, 56.75, 61.260435)),
        ],
    )
    def test_limits_of_single_values(self, values, screened, expected):
        limits = xmr_limits(values, screened=screened)
        assert lines(limits) == pytest.approx(expected, abs=5e-7)

    def test_limits_frozen_on_the_first_twelve(self):
        limits = xmr_limits(WAITS, baseline=12, screened=True)
        assert lines(limits, 24) == pytest.approx((54.421818, 59.5, 64.578182), abs=5e-7)

    @pytest.mark.parametrize(
        ("values", "screened", "near"),
        [
            (A, True, (46.035909, 55.547424)),
            (A, False, (None, 56.188768)),
            (B, True, (44.463485, 54.619848)),
        ],
    )
    def test_lines_at_two_standard_deviations(self, values, screened, near):
        limits = xmr_limits(values, screened=screened)
        found = limits.centre[0] - 2 * limits.sigma[0], limits.centre[0] + 2 * limits.sigma[0]
        for line, expected in zip(found, near, strict=True):
            assert expected is None or line == pytest.approx(expected, abs=5e-7)

    @pytest.mark.parametrize("screened", [False, True])
    def test_the_jump_is_outside_either_way(self, screened):
        assert numbers(beyond_limits(JUMP, xmr_limits(JUMP, screened=screened))) == [9]

    def test_the_constant_of_another_package_differs_in_the_fifth_digit(self):
        limits = xmr_limits(VIGNETTE, multiple=3 / 1.128)
        assert lines(limits) == pytest.approx(lines(xmr_limits(VIGNETTE)), rel=3e-4)
        assert limits.sigma[0] == pytest.approx(32 / 17 / 1.128, rel=1e-12)


OUTSIDE, TREND, TWO, RUN = "beyond_limits", "trend", "two_of_three", "run_on_one_side"


class TestMakingDataCount:
    @pytest.mark.parametrize(
        ("values", "rule_set", "screened", "expected"),
        [
            (A, "ptd-0.1.0", True, {TWO: [-3, 5], OUTSIDE: [14], RUN: [*range(-18, -25, -1)]}),
            (A, "ptd-0.2.2", True, {OUTSIDE: [14], RUN: [*range(-18, -25, -1)]}),
            (A, "nhs-mdc-2024", True, {OUTSIDE: [14], TWO: [15], RUN: [*range(-18, -25, -1)]}),
            (A, "nhs-mdc-2024", False, {OUTSIDE: [14], RUN: [*range(-18, -25, -1)]}),
            (B, "ptd-0.1.0", True, {OUTSIDE: [-7], RUN: [*range(10, 16)], TWO: [16, -18]}),
            (B, "ptd-0.2.2", True, {OUTSIDE: [-7], RUN: [*range(10, 17)]}),
            (B, "nhs-mdc-2024", True, {OUTSIDE: [-7], TWO: [-8], RUN: [*range(10, 17)]}),
            (B, "nhs-mdc-2024", False, {OUTSIDE: [-7], RUN: [*range(10, 17)]}),
            (C, "ptd-0.2.2", True, {TREND: [*range(7, 14)]}),
            (C, "ptd-0.1.0", True, {TREND: [-7, -8, -9, -10, 11, 12, 13]}),
            ([*C[:10], 50, *C[10:23]], "ptd-0.2.2", True, {}),
        ],
    )
    def test_marks_of_each_version(self, values, rule_set, screened, expected):
        causes = special_causes(values, xmr_limits(values, screened=screened), rule_set)
        assert by_rule(causes) == expected

    @pytest.mark.parametrize("rule_set", ["ptd-0.2.2", "nhs-mdc-2024"])
    def test_a_series_of_all_rules(self, rule_set):
        causes = special_causes(WAITS, xmr_limits(WAITS, screened=True), rule_set)
        assert by_rule(causes) == {
            OUTSIDE: [1, 3, 6, -15],
            TWO: [2, 4, 7],
            RUN: [5, *range(-16, -25, -1)],
            TREND: [*range(-8, -15, -1)],
        }

    def test_the_same_with_a_frozen_baseline(self):
        limits = xmr_limits(WAITS, screened=True, baseline=12)
        assert by_rule(special_causes(WAITS, limits, "nhs-mdc-2024")) == {
            TREND: [*range(-8, -13, -1)],
            OUTSIDE: [-13, -14, -15, -17, -18, -20, -22, -23],
            TWO: [-16, -19, -21, -24],
        }

    def test_a_point_on_the_mean_breaks_a_run_or_is_skipped(self):
        limits = xmr_limits(D)
        assert limits.centre[0] == 5
        assert numbers(run_on_one_side(D, limits, length=7)) == []
        skipped = run_on_one_side(D, limits, length=7, on_centre="skip")
        assert numbers(skipped) == [10, 11, 12, 13, 15, 16, 17]

    def test_a_tie_breaks_a_trend(self):
        values = [1, 2, 3, 3, 4, 5, 6]
        assert numbers(trend(values, run_limits(values), length=7)) == []
        assert numbers(trend(values, run_limits(values), length=6, ties="skip")) == [*range(1, 8)]

    @pytest.mark.parametrize(
        ("target", "said"),
        [(62, "consistently meets"), (61.26, "hit and miss"), (52, "consistently misses")],
    )
    def test_assurance(self, target, said):
        limits = xmr_limits(WAITS, screened=True)
        assert assurance(limits, "lower", target_high=target).item() == said


class TestAttributes:
    def test_accidents_and_emergency(self):
        shares = points_of(ACCIDENTS, ATTENDED)
        limits = p_limits(ACCIDENTS, ATTENDED)
        assert lines(limits) == pytest.approx((0.951699565, 0.952899711, 0.954099858), abs=5e-10)
        assert beyond_limits(shares, limits).sum() == 16
        prime = p_prime_limits(ACCIDENTS, ATTENDED)
        assert prime.sigma_z[0] == pytest.approx(10.640422, abs=5e-7)
        assert lines(prime)[::2] == pytest.approx((0.940129644, 0.965669779), abs=5e-10)
        assert not beyond_limits(shares, prime).any()

    def test_complaints(self):
        rates = points_of(COMPLAINTS, SALES)
        limits = u_limits(COMPLAINTS, SALES)
        assert lines(limits) == pytest.approx((0.004290340, 0.004997253, 0.005704165), abs=5e-10)
        assert beyond_limits(rates, limits).sum() == 13
        prime = u_prime_limits(COMPLAINTS, SALES)
        assert prime.sigma_z[0] == pytest.approx(5.317393, abs=5e-7)
        assert lines(prime)[::2] == pytest.approx((0.001238321, 0.008756184), abs=5e-10)
        assert not beyond_limits(rates, prime).any()

    def test_orange_juice(self):
        shares = points_of(JUICE, 50)
        limits = p_limits(JUICE, 50)
        assert lines(limits) == pytest.approx((0.0524275, 0.2313333, 0.4102391), abs=1e-7)
        assert numbers(beyond_limits(shares, limits)) == [15, 23]
        assert limits.sigma_z[0] == pytest.approx(1.660867, abs=5e-7)
        rest = np.array(JUICE, float)
        rest[[14, 22]] = np.nan
        assert lines(p_limits(rest, 50), 2) == pytest.approx(
            (0.0407028, 0.215, 0.3892972), abs=1e-7
        )

    def test_laneys_factor_of_six_points(self):
        limits = p_prime_limits([8, 12, 9, 15, 11, 7], [100, 140, 90, 150, 120, 80])
        assert limits.centre[0] == pytest.approx(0.091176471, abs=5e-10)
        assert limits.sigma_z[0] == pytest.approx(0.222219, abs=5e-7)

    def test_means_of_unequal_sizes(self):
        means = [78.2, 80.1, 76.9, 79.5, 81.2, 77.7, 80.8, 79.9, 75.1, 82.3, 80, 78.8]
        sizes = [120, 95, 60, 150, 80, 45, 200, 110, 40, 75, 130, 90]
        limits = i_prime_limits(means, sizes)
        assert lines(limits) == pytest.approx((73.530092, 79.617155, 85.704217), abs=5e-7)
        assert lines(limits, 9)[::2] == pytest.approx((69.074054, 90.160256), abs=5e-7)

    @pytest.mark.parametrize(
        ("mean", "expected"), [(18.708333, (5.732394, 31.684273)), (7.083333, (0, 15.067693))]
    )
    def test_counts_of_infections(self, mean, expected):
        # cdi of qicharts2: its printed mean and limits; the counts here have the same mean
        total = round(mean * 24)
        counts = np.full(24, total // 24)
        counts[: total % 24] += 1
        assert lines(c_limits(counts))[::2] == pytest.approx(expected, abs=5e-7)


# Anhøj: useful points, longest run allowed, fewest crossings; the exact probability of a signal in
# independent continuous data, about their own median (run, crossings, either) and a known one.
# fmt: off
ANHOEJ = [
    (10, 6, 2, 0, 0.00794, 0.00794, 0.04492),
    (12, 7, 3, 0, 0.01299, 0.01299, 0.04297),
    (16, 7, 4, 0.00124, 0.00886, 0.00886, 0.04672),
    (20, 7, 6, 0.00740, 0.01852, 0.02125, 0.07058),
    (24, 8, 8, 0.00420, 0.02963, 0.03061, 0.06624),
    (30, 8, 10, 0.01083, 0.01988, 0.02651, 0.06397),
    (48, 9, 18, 0.01468, 0.02857, 0.03880, 0.06834),
]
# fmt: on


class TestAnhoej:
    @pytest.mark.parametrize(("n", "longest", "fewest"), [row[:3] for row in ANHOEJ])
    def test_limits_of_runs_and_crossings(self, n, longest, fewest):
        values = np.resize([1, 2], n)
        runs = runs_analysis(values, run_limits(values))
        assert [number[0] for number in runs] == [n, 1, longest, n - 1, fewest]

    @pytest.mark.parametrize("row", [row for row in ANHOEJ if row[0] <= 20], ids=str)
    def test_exact_probability_of_a_signal_about_the_own_median(self, row):
        n, _, _, *expected, _ = row
        sides = np.full((sum(1 for _ in itertools.combinations(range(n), n // 2)), n), -1, np.int8)
        above = np.array([*itertools.combinations(range(n), n // 2)])
        np.put_along_axis(sides, above, 1, axis=1)
        assert signals(sides) == pytest.approx(expected, abs=5e-6)

    @pytest.mark.parametrize("row", [row for row in ANHOEJ if row[0] <= 20], ids=str)
    def test_exact_probability_of_a_signal_about_a_known_median(self, row):
        n = row[0]
        bits = np.arange(2**n, dtype=np.uint32)[:, None] >> np.arange(n, dtype=np.uint32)
        assert signals(np.where(bits & 1, 1, -1).astype(np.int8))[2] == pytest.approx(
            row[-1], abs=5e-6
        )

    def test_a_series_without_a_signal(self):
        values = [5, 6, 5, 7, 6, 6, 8, 5, 6, 7, 9, 6, 8, 7, 9, 8, 7, 6, 9, 8]
        limits = run_limits(values)
        assert limits.centre[0] == 7
        assert [number[0] for number in runs_analysis(values, limits)] == [16, 5, 7, 7, 4]
        assert not special_causes(values, limits, "anhoej").any
        assert not long_run(values, limits).any()


def signals(sides):
    """How often long runs, few crossings and either occur."""
    _, longest, most, crossings, fewest = (number[:, 0] for number in count_runs(sides))
    long, few = longest > most, crossings < fewest
    return [long.mean(), few.mean(), (long | few).mean()]
