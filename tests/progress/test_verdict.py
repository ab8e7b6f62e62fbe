"""A verdict: where an estimate stands against its target, and what would settle it."""

import math
import re
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import VocabularyError
from custfocus.indices import csat, estimate, mean_score, net_score, nps
from custfocus.progress import Verdict, verdict
from custfocus.progress.verdict import Standing, more_text
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign
from custfocus.vocabulary import Target

FIVE = Scale.likert(5)
NEWCOMBE = [60, 60, 62, 41, 40]  # 81 of 263: 30.8 [25.5, 36.6]
SHARE = csat(Tally(NEWCOMBE, FIVE))
COUNTS = np.array([NEWCOMBE, [0] * 5, [1, 0, 0, 0, 99], [99, 0, 0, 0, 1], [1, 0, 0, 0, 1]])
HALF = Target.at_least(50)
Z2 = 1.959963984540054**2
CHANCE = "for a 50 % chance of a definite verdict"
OPEN, MET, NOT_MET = "inconclusive", "met", "not met"


def satisfied(yes, n, **options):
    return csat(Tally([n - yes, 0, 0, 0, yes], FIVE), **options)


def standing(scored, target):
    return str(verdict(scored, target).verdict)


def more(scored, target):
    return float(verdict(scored, target).more_answers)


def settled_at(scored, target, n):
    low, high = scored.limits_at(n)
    least, most = target.bounds
    return bool((least <= low and high <= most) or high < least or low > most)


class TestStanding:
    @pytest.mark.parametrize(
        ("make", "bounds", "expected", "point_met"),
        [
            (Target.at_least, (25,), MET, True), (Target.at_least, (26,), OPEN, True),
            (Target.at_least, (30.7,), OPEN, True), (Target.at_least, (30.9,), OPEN, False),
            (Target.at_least, (36,), OPEN, False), (Target.at_least, (37,), NOT_MET, False),
            (Target.at_most, (37,), MET, True), (Target.at_most, (36,), OPEN, True),
            (Target.at_most, (30.9,), OPEN, True), (Target.at_most, (30.7,), OPEN, False),
            (Target.at_most, (26,), OPEN, False), (Target.at_most, (25,), NOT_MET, False),
            (Target.between, (25, 37), MET, True), (Target.between, (26, 37), OPEN, True),
            (Target.between, (25, 36), OPEN, True), (Target.between, (30, 31), OPEN, True),
            (Target.between, (31, 40), OPEN, False), (Target.between, (20, 30), OPEN, False),
            (Target.between, (37, 80), NOT_MET, False), (Target.between, (10, 25), NOT_MET, False),
        ],
    )  # fmt: skip
    def test_the_interval_decides_and_the_point_rule_stands_beside_it(
        self, make, bounds, expected, point_met
    ):
        judged = verdict(SHARE, make(*bounds))
        assert (judged.verdict, judged.point_met) == (expected, point_met)
        assert judged.target == make(*bounds)

    def test_a_limit_on_the_bound_itself_is_in_the_range(self):
        low, high = float(SHARE.low), float(SHARE.high)
        assert standing(SHARE, Target.between(low, high)) == MET
        assert standing(SHARE, Target.at_least(high)) == OPEN
        assert standing(SHARE, Target.at_most(low)) == OPEN

    @pytest.mark.parametrize(
        "target", [Target.at_least(0), Target.at_most(100), Target.between(0, 100)]
    )
    def test_without_answers_there_is_no_verdict_whatever_the_target(self, target):
        judged = verdict(csat(Tally([[0] * 5], FIVE)), target)
        assert judged.verdict.tolist() == ["no answers"]
        assert judged.point_met.tolist() == [False]
        assert judged.more_answers.tolist() == [0]

    def test_other_indices_are_held_against_targets_in_their_own_unit(self):
        recommend = nps(Tally([10, 0, 0, 0, 0, 0, 0, 0, 20, 0, 70], Scale.range(0, 10)))
        assert standing(recommend, Target.at_least(45)) == MET
        assert standing(recommend, Target.at_least(46)) == OPEN
        assert standing(mean_score([5, 5, 5, 4] * 50, low=1, high=5), Target.at_least(4.5)) == MET

    def test_a_census_leaves_nothing_open(self):
        everyone = satisfied(8, 10, population=10)
        assert [standing(everyone, Target.at_least(low)) for low in (79, 80, 81)] == [
            MET, MET, NOT_MET,
        ]  # fmt: skip

    @pytest.mark.parametrize("n", [50, 100])
    def test_every_percentage_of_a_census_meets_itself_from_either_side(self, n):
        for yes in range(n + 1):
            scored, percent = satisfied(yes, n, population=n), 100 // n * yes
            for target in (Target.at_least(percent), Target.at_most(percent)):
                judged = verdict(scored, target)
                assert (judged.point_met, judged.verdict) == (True, MET)

    @pytest.mark.parametrize(
        ("counts", "high", "target"),
        [([0, 1, 1, 0], 100, 50), ([1, 2, 0, 0, 1, 0, 0], 100, 25), ([3, 1, 0, 0, 2, 0, 0], 10, 2.5)],
    )  # fmt: skip
    def test_a_mean_of_exactly_the_target_meets_it(self, counts, high, target):
        scored = mean_score(Tally(counts, Scale.likert(len(counts))), high=high)
        assert float(scored) == pytest.approx(target, rel=1e-14)
        assert verdict(scored, Target.at_least(target)).point_met

    @pytest.mark.parametrize(
        ("scores", "below", "far"),
        [([1000, 1001], 1e-13, 1e-10), ([-1001, -1000], 1e-13, 1e-10), ([-1, 1], 1e-12, 1e-11),
         ([0, 1], 1e-13, 1e-11), ([0, 1e9], 1e-4, 1e-2)],
    )  # fmt: skip
    def test_rounding_is_allowed_for_by_the_length_of_the_scale_wherever_it_lies(
        self, scores, below, far
    ):
        scored = estimate(Tally([5, 5], Scale.likert(2)), Scoring(Scale.likert(2), scores))
        middle = sum(scores) / 2
        for off, met in ((below, True), (far, False)):
            assert verdict(scored, Target.at_least(middle + off)).point_met == met
            assert verdict(scored, Target.at_most(middle - off)).point_met == met

    @pytest.mark.parametrize(("level", "confidence"), [(0.95, 0.975), (0.9, 0.95), (0.5, 0.75)])
    def test_met_and_not_met_have_half_the_error_of_the_interval(self, level, confidence):
        judged = verdict(satisfied(6, 10, confidence_level=level), Target.at_least(60))
        assert judged.confidence == confidence

    def test_a_lower_level_settles_sooner(self):
        sooner = csat(Tally(NEWCOMBE, FIVE), confidence_level=0.8)
        assert [standing(one, Target.at_least(27)) for one in (SHARE, sooner)] == [OPEN, MET]


MEAN = [1, 2, 2, 5, 4, 4, 3]
UNDECIDED = {
    "just short of met": (SHARE, Target.at_least(25.6)),
    "far from met": (SHARE, Target.at_least(30.7)),
    "to be missed": (SHARE, Target.at_least(31)),
    "at most, to be met": (SHARE, Target.at_most(32)),
    "at most, to be missed": (SHARE, Target.at_most(30)),
    "between, to be met": (SHARE, Target.between(29, 34)),
    "between, to be missed from above": (SHARE, Target.between(20, 30)),
    "between, to be missed from below": (SHARE, Target.between(32, 50)),
    "a single answer": (satisfied(1, 1), HALF),
    "a net share": (net_score(Tally([3, 0, 20, 0, 9], FIVE)), Target.at_least(20)),
    "a mean": (mean_score(MEAN), Target.at_least(60)),
    "a large sample": (satisfied(50_100_000, 10**8), Target.at_least(50.0999)),
    "very close to the edge": (satisfied(501, 1000), Target.at_least(50.0999)),
    "in a finite population": (satisfied(6, 10, population=1000), HALF),
    "close, in a finite population": (satisfied(6, 10, population=1000), Target.at_least(59)),
    "a mean in a finite population": (mean_score(MEAN, population=64), Target.between(40, 70)),
    "all but one asked": (satisfied(2, 7, population=8), Target.at_most(28.5)),
}


class TestMoreAnswers:
    @pytest.mark.parametrize(("scored", "target"), UNDECIDED.values(), ids=list(UNDECIDED))
    def test_they_are_the_fewest_that_settle_the_verdict(self, scored, target):
        needed, n = more(scored, target), int(scored.n)
        assert standing(scored, target) == OPEN
        assert needed >= 1
        assert needed == int(needed)
        assert settled_at(scored, target, n + needed)
        assert not settled_at(scored, target, n + needed - 1)

    def test_they_are_what_wilson_gives_by_hand(self):
        # All n satisfied: the lower limit n / (n + 1.96²) reaches 80 % from n = 15.4 on
        assert more(satisfied(3, 3), Target.at_least(80)) == 16 - 3
        assert more(satisfied(0, 3), Target.at_most(20)) == 16 - 3
        assert more(satisfied(15, 15), Target.at_least(80)) == 1
        # Half satisfied: the half-width z / 2 / sqrt(n + z²) falls below 5 % from n = 380.3 on
        assert more(satisfied(30, 60), Target.between(45, 55)) == 381 - 60
        # z² (N - n) / (N - 1) in place of z²: with N = 20 settled from n = 9 on
        limits = [n / (n + Z2 * (20 - n) / 19) for n in (8, 9)]
        assert limits[0] < 0.8 <= limits[1]
        assert more(satisfied(3, 3, population=20), Target.at_least(80)) == 9 - 3

    @pytest.mark.parametrize("percent", [26, 29, 30.5, 31, 33, 36])
    def test_they_follow_from_the_score_tests_equation(self, percent):
        # Settled once n (p - t)² exceeds z² t (1 - t)
        p, t = 81 / 263, percent / 100
        needed = math.ceil(Z2 * t * (1 - t) / (p - t) ** 2)
        assert more(SHARE, Target.at_least(percent)) == needed - 263

    @pytest.mark.parametrize(
        "target",
        [HALF, Target.at_most(50), Target.between(50, 70), Target.between(20, 50),
         Target.between(50, 50)],
    )  # fmt: skip
    def test_on_an_edge_no_sample_would_settle_it(self, target):
        judged = verdict(satisfied(30, 60), target)
        assert (judged.verdict, judged.point_met) == (OPEN, True)
        assert judged.more_answers == np.inf

    @pytest.mark.parametrize("size", [11, 20, 30, 64, 1000])
    def test_in_a_finite_population_they_never_exceed_those_not_asked(self, size):
        scored = satisfied(6, 10, population=size)
        for percent in (40, 50, 55, 59, 59.9, 60.1, 61, 70):
            needed = more(scored, Target.at_least(percent))
            assert standing(scored, Target.at_least(percent)) == OPEN or needed == 0
            assert 0 <= needed <= size - 10

    @pytest.mark.parametrize("index", [csat, mean_score, net_score])
    def test_near_the_edge_of_a_finite_population_the_last_one_settles_it(self, index):
        scored = index(Tally([10, 1, 6, 29, 19], FIVE), population=104)
        for target in (Target.at_least(float(scored)), Target.at_most(float(scored))):
            assert standing(scored, target) == OPEN
            assert more(scored, target) == 104 - 65
        for size in (1000, 1005):
            assert more(satisfied(6, 10, population=size), Target.at_least(59.999)) == size - 10

    @pytest.mark.parametrize(
        ("counts", "size", "percent"), [([10, 1, 6, 29, 19], 104, 67), ([1, 0, 0, 0, 6], 100, 80)]
    )
    def test_a_finite_population_can_always_be_asked_to_the_last(self, counts, size, percent):
        scored = mean_score(Tally(counts, FIVE), population=size)
        assert standing(scored, Target.at_least(percent)) == OPEN
        assert more(scored, Target.at_least(percent)) <= size - sum(counts)

    def test_groups_without_answers_need_none_in_a_finite_population(self):
        scored = csat(Tally([[4, 0, 0, 0, 6], [0] * 5], FIVE), population=[1000, 30])
        judged = verdict(scored, Target.at_least(60))
        assert judged.verdict.tolist() == [OPEN, "no answers"]
        assert judged.more_answers.tolist() == [990, 0]


class TestGroups:
    def test_every_group_gets_its_own_verdict_and_null_where_no_number_would_do(self):
        judged = verdict(csat(Tally(COUNTS, FIVE, by={"shop": [*"abcde"]})), HALF)
        assert judged.verdict.tolist() == [NOT_MET, "no answers", MET, NOT_MET, OPEN]
        assert judged.point_met.tolist() == [False, False, True, False, True]
        assert judged.more_answers.tolist() == [0, 0, 0, 0, np.inf]
        assert {*judged.verdict.tolist(), "no data"} == {*get_args(Standing)}
        rows = judged.to_dicts()
        assert [row["verdict"] for row in rows] == judged.verdict.tolist()
        assert [row["more_answers"] for row in rows] == [0, 0, 0, 0, None]
        expected = {
            "shop": "a", "n": 263, "target": "at least 50", "status": NOT_MET, "confidence": 0.975,
        }  # fmt: skip
        assert rows[0].items() >= expected.items()

    @pytest.mark.parametrize("population", [None, 600, [300, 300, 400, 500, 600]])
    @pytest.mark.parametrize(
        "target", [Target.at_least(29), Target.at_most(33), Target.between(29, 98)]
    )
    def test_a_group_gets_in_a_batch_what_it_gets_alone(self, target, population):
        scored = csat(Tally(COUNTS, FIVE), population=population)
        batch = verdict(scored, target)
        assert OPEN in batch.verdict
        assert list(batch) == [verdict(one, target) for one in scored]


class TestText:
    @pytest.mark.parametrize(
        ("target", "text"),
        [
            (Target.at_least(25, due="2027-12-31", baseline=9), "at least 25: met"),
            (Target.at_most(25), "at most 25: not met"),
            (
                Target.at_least(25.6),
                f"at least 25.6: inconclusive, the value meets it, 8 more answers {CHANCE}",
            ),
            (
                Target.between(31, 40),
                f"31 to 40: inconclusive, the value misses it, about 210,000 more answers {CHANCE}",
            ),
            (
                Target.at_least(30.79848),
                "at least 30.79848: inconclusive, the value misses it, too close to call",
            ),
        ],
    )
    def test_one_verdict_reads_as_one_line(self, target, text):
        judged = verdict(SHARE, target)
        line = f"CSAT 30.8 % [25.5, 36.6] n=263, target {text} (97.5 % one-sided confidence)"
        assert str(judged) == repr(judged) == line

    def test_missing_answers_and_the_level_are_in_the_line(self):
        judged = verdict(csat(Tally(NEWCOMBE, FIVE, 9), confidence_level=0.9), Target.at_least(25))
        assert "n=263 (9 missing), target" in str(judged)
        assert str(judged).endswith("met (95 % one-sided confidence)")

    def test_groups_are_a_table_with_the_target_in_its_caption(self):
        names = {"shop": ["north", "empty", "east", "west", "south"]}
        judged = verdict(csat(Tally(COUNTS, FIVE, by=names)), HALF)
        caption = (
            "CSAT, 95 % score interval, target at least 50; verdicts at 97.5 % one-sided confidence"
        )
        assert str(judged).split("\n")[:7] == [
            "shop     n  missing  CSAT   low  high  verdict            more answers",
            "east   100        0  99.0  94.6  99.8  met",
            "empty    0        0     -     -     -  no answers",
            "north  263        0  30.8  25.5  36.6  not met",
            "south    2        0  50.0   9.5  90.5  inconclusive  too close to call",
            "west   100        0   1.0   0.2   5.4  not met",
            f"{caption}; more answers: {CHANCE}",
        ]
        assert judged.sel(shop=["east", "north"]).caption() == caption

    def test_notes_and_picture_are_those_of_the_estimate_with_the_range_of_the_target(self):
        scored = csat([5] * 9)
        judged = verdict(scored, Target.at_least(25))
        assert judged.notes == scored.notes != ()
        assert judged.picture().target == (25, math.inf)
        assert "target at least 25.0" in judged._repr_html_()

    @pytest.mark.parametrize(
        ("needed", "text"),
        [
            (0, ""), (1, "1"), (99, "99"), (100, "about 100"), (101, "about 110"),
            (990, "about 990"), (991, "about 1,000"), (1000, "about 1,000"), (1001, "about 1,100"),
            (360_929, "about 370,000"), (999_999_999, "about 1,000,000,000"),
            (10**15 - 1, "about 1,000,000,000,000,000"), (math.inf, "too close to call"),
        ],
    )  # fmt: skip
    def test_more_answers_are_rounded_up_to_two_digits(self, needed, text):
        assert more_text(float(needed)) == text

    def test_the_number_that_is_shown_is_enough_and_not_a_tenth_too_many(self):
        for needed in [*range(100, 2_000), *(10**power - 1 for power in range(3, 15))]:
            digits = more_text(float(needed)).removeprefix("about ").replace(",", "")
            assert needed <= int(digits) < needed * 1.1
            assert digits[2:].strip("0") == ""


class TestSurveys:
    """Estimates of surveys with a design are judged alike."""

    RNG = np.random.default_rng(8)
    ANSWERS = RNG.integers(1, 6, 400)
    DESIGN = SurveyDesign(RNG.lognormal(size=400), clusters=np.arange(400) // 8)
    BY = np.where(np.arange(400) % 3, "most", "some")

    def survey(self, **options):
        return estimate(self.ANSWERS, Scoring.top_box(FIVE), **{"design": self.DESIGN, **options})

    @pytest.mark.parametrize("method", ["score", "t", "logit", "beta"])
    def test_the_interval_of_the_design_decides_and_more_answers_settle_it(self, method):
        scored = self.survey(method=method)
        edges = (scored.low - 0.1, scored.low + 0.1, scored.high - 0.1, scored.high + 0.1)
        found = [standing(scored, Target.at_least(float(edge))) for edge in edges]
        assert found == [MET, OPEN, OPEN, NOT_MET]
        needed = more(scored, Target.at_least(38))
        assert 0 < needed < math.inf
        assert settled_at(scored, Target.at_least(38), scored.n + needed)
        assert not settled_at(scored, Target.at_least(38), scored.n + needed - 1)

    def test_every_domain_gets_its_own_verdict(self):
        scored, target = self.survey(by=self.BY), Target.at_least(38)
        for one, judged in zip(scored, verdict(scored, target), strict=True):
            alone = verdict(one, target)
            assert (alone.verdict, alone.more_answers) == (judged.verdict, judged.more_answers)

    def test_a_census_leaves_nothing_open(self):
        scored = self.survey(design=SurveyDesign(population=[400] * 400))
        assert standing(scored, Target.at_least(float(scored.value) + 0.01)) == NOT_MET


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ((HALF, SHARE), "an Estimate or a recorded quantity, got a Target"),
        ((SHARE, SHARE), "a Target, got an Estimate"),
        ((60, HALF), "an Estimate or a recorded quantity, got an int"),
        (([5, 4, 4], HALF), "an Estimate or a recorded quantity, got a list"),
        ((Tally([1] * 5, FIVE), HALF), "an Estimate or a recorded quantity, got a Tally"),
    ],
)
def test_anything_but_an_estimate_and_a_target_is_an_error_that_says_what_to_write(pair, said):
    said = f"a verdict takes {said}; write verdict(csat(answers), Target.at_least(80))"
    for make in (verdict, Verdict):
        with pytest.raises(VocabularyError) as caught:
            make(*pair)
        assert str(caught.value) == said


@pytest.mark.parametrize(("number", "kind"), [(60, "an int"), (62.5, "a float")])
def test_a_number_is_answered_with_the_target_that_it_may_mean(number, kind):
    said = f"got {kind}; write Target.at_least({number}), or at_most or between"
    with pytest.raises(VocabularyError, match=re.escape(said) + "$"):
        verdict(SHARE, number)
