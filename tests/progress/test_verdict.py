"""A verdict: where an estimate stands against its target, and what would settle it."""

import math
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import VocabularyError
from custfocus.indices import csat, estimate, mean_score, net_score, nps
from custfocus.progress import verdict
from custfocus.progress.verdict import Standing, more_text
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign
from custfocus.vocabulary import Target

FIVE = Scale.likert(5)
NEWCOMBE = [60, 60, 62, 41, 40]  # 81 of 263: 30.8 [25.5, 36.6]
EMPTY = [0, 0, 0, 0, 0]
Z2 = 1.959963984540054**2
CHANCE = "for a 50 % chance of a definite verdict"


def satisfied(yes, n, **options):
    return csat(Tally([n - yes, 0, 0, 0, yes], FIVE), **options)


def settled_at(scored, target, n):
    low, high = scored.limits_at(n)
    least, most = target.bounds
    return bool((least <= low and high <= most) or high < least or low > most)


class TestStanding:
    @pytest.mark.parametrize(
        ("target", "standing", "point_met"),
        [
            (Target.at_least(25), "met", True), (Target.at_least(26), "inconclusive", True),
            (Target.at_least(30.7), "inconclusive", True),
            (Target.at_least(30.9), "inconclusive", False),
            (Target.at_least(36), "inconclusive", False), (Target.at_least(37), "not met", False),
            (Target.at_most(37), "met", True), (Target.at_most(36), "inconclusive", True),
            (Target.at_most(30.9), "inconclusive", True),
            (Target.at_most(30.7), "inconclusive", False),
            (Target.at_most(26), "inconclusive", False), (Target.at_most(25), "not met", False),
            (Target.between(25, 37), "met", True), (Target.between(26, 37), "inconclusive", True),
            (Target.between(25, 36), "inconclusive", True),
            (Target.between(30, 31), "inconclusive", True),
            (Target.between(31, 40), "inconclusive", False),
            (Target.between(20, 30), "inconclusive", False),
            (Target.between(37, 80), "not met", False), (Target.between(10, 25), "not met", False),
        ],
        ids=str,
    )  # fmt: skip
    def test_the_interval_decides_and_the_point_rule_stands_beside_it(
        self, target, standing, point_met
    ):
        judged = verdict(csat(Tally(NEWCOMBE, FIVE)), target)
        assert judged.verdict == standing
        assert judged.point_met == point_met
        assert judged.target is target

    def test_a_limit_on_the_bound_itself_is_in_the_range(self):
        scored = csat(Tally(NEWCOMBE, FIVE))
        low, high = float(scored.low), float(scored.high)
        assert verdict(scored, Target.between(low, high)).verdict == "met"
        assert verdict(scored, Target.at_least(high)).verdict == "inconclusive"
        assert verdict(scored, Target.at_most(low)).verdict == "inconclusive"

    @pytest.mark.parametrize(
        "target", [Target.at_least(0), Target.at_most(100), Target.between(0, 100)]
    )
    def test_without_answers_there_is_no_verdict_whatever_the_target(self, target):
        judged = verdict(csat(Tally([EMPTY], FIVE)), target)
        assert judged.verdict.tolist() == ["no answers"]
        assert judged.point_met.tolist() == [False]
        assert judged.more_answers.tolist() == [0]

    def test_other_indices_are_held_against_targets_in_their_own_unit(self):
        recommend = nps(Tally([10, 0, 0, 0, 0, 0, 0, 0, 20, 0, 70], Scale.range(0, 10)))
        assert verdict(recommend, Target.at_least(45)).verdict == "met"
        assert verdict(recommend, Target.at_least(46)).verdict == "inconclusive"
        plain = mean_score([5, 5, 5, 4] * 50, low=1, high=5)
        assert verdict(plain, Target.at_least(4.5)).verdict == "met"

    def test_a_census_leaves_nothing_open(self):
        everyone = satisfied(8, 10, population=10)
        assert verdict(everyone, Target.at_least(79)).verdict == "met"
        assert verdict(everyone, Target.at_least(81)).verdict == "not met"
        assert verdict(everyone, Target.at_least(80)).verdict == "met"

    def test_its_texts_are_those_of_the_type(self):
        judged = verdict(csat(Tally(TestGroups.COUNTS, FIVE)), TestGroups.TARGET)
        assert set(judged.verdict.tolist()) == set(get_args(Standing))

    @pytest.mark.parametrize(
        ("counts", "high", "target"),
        [
            ([0, 1, 1, 0], 100, 50),
            ([1, 2, 0, 0, 1, 0, 0], 100, 25),
            ([3, 1, 0, 0, 2, 0, 0], 10, 2.5),
        ],
    )
    def test_a_mean_of_exactly_the_target_meets_it(self, counts, high, target):
        scored = mean_score(Tally(counts, Scale.likert(len(counts))), high=high)
        assert float(scored) == pytest.approx(target, rel=1e-14)
        assert verdict(scored, Target.at_least(target)).point_met

    @pytest.mark.parametrize(
        ("scores", "below", "far"),
        [
            ([1000, 1001], 1e-13, 1e-10),
            ([-1001, -1000], 1e-13, 1e-10),
            ([-1, 1], 1e-12, 1e-11),
            ([0, 1], 1e-13, 1e-11),
            ([0, 1e9], 1e-4, 1e-2),
        ],
    )
    def test_rounding_is_allowed_for_by_the_length_of_the_scale_wherever_it_lies(
        self, scores, below, far
    ):
        scored = estimate(Tally([5, 5], Scale.likert(2)), Scoring(Scale.likert(2), scores))
        middle = sum(scores) / 2
        assert verdict(scored, Target.at_least(middle + below)).point_met
        assert verdict(scored, Target.at_most(middle - below)).point_met
        assert not verdict(scored, Target.at_least(middle + far)).point_met
        assert not verdict(scored, Target.at_most(middle - far)).point_met

    @pytest.mark.parametrize("n", [50, 100])
    def test_every_percentage_of_a_census_meets_itself_from_either_side(self, n):
        for yes in range(n + 1):
            percent = 100 // n * yes
            scored = satisfied(yes, n, population=n)
            for target in (Target.at_least(percent), Target.at_most(percent)):
                judged = verdict(scored, target)
                assert (judged.point_met, judged.verdict) == (True, "met")


class TestConfidence:
    @pytest.mark.parametrize(("level", "confidence"), [(0.95, 0.975), (0.9, 0.95), (0.5, 0.75)])
    def test_met_and_not_met_have_half_the_error_of_the_interval(self, level, confidence):
        judged = verdict(satisfied(6, 10, confidence_level=level), Target.at_least(60))
        assert judged.confidence == confidence

        assert verdict(csat(Tally(NEWCOMBE, FIVE)), Target.at_least(27)).verdict == "inconclusive"
        sooner = csat(Tally(NEWCOMBE, FIVE), confidence_level=0.8)
        assert verdict(sooner, Target.at_least(27)).verdict == "met"


SOME = csat(Tally(NEWCOMBE, FIVE))
MEAN = [1, 2, 2, 5, 4, 4, 3]
OPEN = {
    "just short of met": (SOME, Target.at_least(25.6)),
    "far from met": (SOME, Target.at_least(30.7)),
    "to be missed": (SOME, Target.at_least(31)),
    "at most, to be met": (SOME, Target.at_most(32)),
    "at most, to be missed": (SOME, Target.at_most(30)),
    "between, to be met": (SOME, Target.between(29, 34)),
    "between, to be missed from above": (SOME, Target.between(20, 30)),
    "between, to be missed from below": (SOME, Target.between(32, 50)),
    "a single answer": (satisfied(1, 1), Target.at_least(50)),
    "a net share": (net_score(Tally([3, 0, 20, 0, 9], FIVE)), Target.at_least(20)),
    "a mean": (mean_score(MEAN), Target.at_least(60)),
    "a large sample": (satisfied(50_100_000, 10**8), Target.at_least(50.0999)),
    "very close to the edge": (satisfied(501, 1000), Target.at_least(50.0999)),
    "in a finite population": (satisfied(6, 10, population=1000), Target.at_least(50)),
    "close, in a finite population": (satisfied(6, 10, population=1000), Target.at_least(59)),
    "a mean in a finite population": (mean_score(MEAN, population=64), Target.between(40, 70)),
    "all but one asked": (satisfied(2, 7, population=8), Target.at_most(28.5)),
}


class TestMoreAnswers:
    @pytest.mark.parametrize(("scored", "target"), OPEN.values(), ids=list(OPEN))
    def test_it_is_the_fewest_that_settle_the_verdict(self, scored, target):
        judged = verdict(scored, target)
        more, n = float(judged.more_answers), int(scored.n)
        assert judged.verdict == "inconclusive"
        assert more >= 1
        assert more == int(more)
        assert settled_at(scored, target, n + more)
        assert not settled_at(scored, target, n + more - 1)

    def test_it_is_what_wilson_gives_by_hand(self):
        # All n satisfied: the lower limit n / (n + 1.96²) reaches 80 % from n = 15.4 on
        assert verdict(satisfied(3, 3), Target.at_least(80)).more_answers == 16 - 3
        assert verdict(satisfied(0, 3), Target.at_most(20)).more_answers == 16 - 3
        assert verdict(satisfied(15, 15), Target.at_least(80)).more_answers == 1
        # Half satisfied: the half-width z / 2 / sqrt(n + z²) falls below 5 % from n = 380.3 on
        assert verdict(satisfied(30, 60), Target.between(45, 55)).more_answers == 381 - 60

    @pytest.mark.parametrize("percent", [26, 29, 30.5, 31, 33, 36])
    def test_it_follows_from_the_score_tests_equation(self, percent):
        # Settled once n (p - t)² exceeds z² t (1 - t)
        p, t = 81 / 263, percent / 100
        needed = math.ceil(Z2 * t * (1 - t) / (p - t) ** 2)
        judged = verdict(csat(Tally(NEWCOMBE, FIVE)), Target.at_least(percent))
        assert judged.more_answers == needed - 263

    def test_in_a_finite_population_it_is_what_wilson_gives_by_hand(self):
        # z² (N - n) / (N - 1) in place of z²: with N = 20 settled from n = 9, where without
        # the correction it takes 16
        limits = [n / (n + Z2 * (20 - n) / 19) for n in (8, 9)]
        assert limits[0] < 0.8 <= limits[1]
        judged = verdict(satisfied(3, 3, population=20), Target.at_least(80))
        assert judged.more_answers == 9 - 3

    @pytest.mark.parametrize(
        "target",
        [
            Target.at_least(50), Target.at_most(50), Target.between(50, 70), Target.between(20, 50),
            Target.between(50, 50),
        ],
        ids=str,
    )  # fmt: skip
    def test_on_an_edge_no_sample_would_settle_it(self, target):
        judged = verdict(satisfied(30, 60), target)
        assert (judged.verdict, judged.point_met) == ("inconclusive", True)
        assert judged.more_answers == np.inf

    @pytest.mark.parametrize("size", [11, 20, 30, 64, 1000])
    def test_in_a_finite_population_it_never_exceeds_those_not_asked(self, size):
        scored = satisfied(6, 10, population=size)
        for percent in (40, 50, 55, 59, 59.9, 60.1, 61, 70):
            judged = verdict(scored, Target.at_least(percent))
            assert judged.verdict == "inconclusive" or judged.more_answers == 0
            assert 0 <= judged.more_answers <= size - 10

    @pytest.mark.parametrize("size", [1000, 1005])
    def test_close_to_the_edge_of_a_finite_population_all_must_be_asked(self, size):
        judged = verdict(satisfied(6, 10, population=size), Target.at_least(59.999))
        assert judged.more_answers == size - 10

    @pytest.mark.parametrize(
        ("counts", "size", "percent"), [([10, 1, 6, 29, 19], 104, 67), ([1, 0, 0, 0, 6], 100, 80)]
    )
    def test_a_finite_population_can_always_be_asked_to_the_last(self, counts, size, percent):
        scored = mean_score(Tally(counts, FIVE), population=size)
        judged = verdict(scored, Target.at_least(percent))
        assert judged.verdict == "inconclusive"
        assert judged.more_answers <= size - sum(counts)

    @pytest.mark.parametrize("index", [csat, mean_score, net_score])
    def test_on_the_edge_of_a_finite_population_the_last_one_settles_it(self, index):
        scored = index(Tally([10, 1, 6, 29, 19], FIVE), population=104)
        for target in (Target.at_least(float(scored)), Target.at_most(float(scored))):
            judged = verdict(scored, target)
            assert judged.verdict == "inconclusive"
            assert judged.more_answers == 104 - 65

    def test_groups_without_answers_ask_for_none_in_a_finite_population(self):
        scored = csat(Tally([[4, 0, 0, 0, 6], EMPTY], FIVE), population=[1000, 30])
        judged = verdict(scored, Target.at_least(60))
        assert judged.verdict.tolist() == ["inconclusive", "no answers"]
        assert judged.more_answers.tolist() == [990, 0]


class TestGroups:
    COUNTS = np.array([NEWCOMBE, EMPTY, [1, 0, 0, 0, 99], [99, 0, 0, 0, 1], [1, 0, 0, 0, 1]])
    TARGET = Target.at_least(50)

    def test_every_group_gets_its_own_verdict(self):
        judged = verdict(csat(Tally(self.COUNTS, FIVE)), self.TARGET)
        assert judged.verdict.tolist() == [
            "not met", "no answers", "met", "not met", "inconclusive",
        ]  # fmt: skip
        assert judged.point_met.tolist() == [False, False, True, False, True]
        assert judged.more_answers.tolist() == [0, 0, 0, 0, np.inf]

    @pytest.mark.parametrize("population", [None, 600, [300, 300, 400, 500, 600]])
    @pytest.mark.parametrize(
        "target", [Target.at_least(29), Target.at_most(33), Target.between(29, 98)]
    )
    def test_a_group_gets_in_a_batch_what_it_gets_alone(self, target, population):
        scored = csat(Tally(self.COUNTS, FIVE), population=population)
        batch = verdict(scored, target)
        assert "inconclusive" in batch.verdict
        for place in (0, 2, 3, 4):
            alone = verdict(scored[place], target)
            assert batch.verdict[place] == alone.verdict
            assert batch.point_met[place] == alone.point_met
            assert batch.more_answers[place] == alone.more_answers

    @pytest.mark.parametrize("shape", [(), (1,), (0,)])
    def test_it_has_the_shape_of_the_estimate(self, shape):
        judged = verdict(csat(Tally(np.ones((*shape, 5), dtype=int), FIVE)), self.TARGET)
        for array in (judged.verdict, judged.point_met, judged.more_answers):
            assert isinstance(array, np.ndarray)
            assert array.shape == shape

    def test_rows_have_target_verdict_point_rule_and_answers_null_where_no_number_would_do(self):
        judged = verdict(csat(Tally(self.COUNTS, FIVE, by={"shop": [*"abcde"]})), self.TARGET)
        rows = judged.to_dicts()
        assert [row["verdict"] for row in rows] == judged.verdict.tolist()
        assert [row["more_answers"] for row in rows] == [0, 0, 0, 0, None]
        first = {name: rows[0][name] for name in ("shop", "n", "target", "point_met", "confidence")}
        assert first == {
            "shop": "a", "n": 263, "target": "at least 50", "point_met": False, "confidence": 0.975,
        }  # fmt: skip


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
        judged = verdict(csat(Tally(NEWCOMBE, FIVE)), target)
        line = f"CSAT 30.8 % [25.5, 36.6] n=263, target {text} (97.5 % one-sided confidence)"
        assert str(judged) == repr(judged) == line

    def test_missing_answers_and_the_level_are_in_the_line(self):
        judged = verdict(csat(Tally(NEWCOMBE, FIVE, 9), confidence_level=0.9), Target.at_least(25))
        assert "n=263 (9 missing), target" in str(judged)
        assert str(judged).endswith("met (95 % one-sided confidence)")

    def test_groups_are_a_table_with_the_target_in_its_caption(self):
        names = {"shop": ["north", "empty", "east", "west", "south"]}
        judged = verdict(csat(Tally(TestGroups.COUNTS, FIVE, by=names)), TestGroups.TARGET)
        assert str(judged).split("\n")[:7] == [
            "shop     n  missing  CSAT   low  high  verdict            more answers",
            "east   100        0  99.0  94.6  99.8  met",
            "empty    0        0     -     -     -  no answers",
            "north  263        0  30.8  25.5  36.6  not met",
            "south    2        0  50.0   9.5  90.5  inconclusive  too close to call",
            "west   100        0   1.0   0.2   5.4  not met",
            (
                "CSAT, 95 % score interval, target at least 50; verdicts at 97.5 % one-sided "
                "confidence; more answers: for a 50 % chance of a definite verdict"
            ),
        ]

    def test_the_caption_explains_more_answers_only_where_some_are_named(self):
        judged = verdict(csat(Tally(TestGroups.COUNTS, FIVE)), TestGroups.TARGET)
        assert "chance" in judged.caption()
        assert "chance" not in judged[:4].caption()

    def test_notes_on_the_answers_are_those_of_the_estimate(self):
        scored = csat([5] * 9)
        assert verdict(scored, Target.at_least(50)).notes == scored.notes != ()

    def test_the_picture_has_the_range_of_the_target(self):
        judged = verdict(csat(Tally(NEWCOMBE, FIVE)), Target.at_least(25))
        assert judged.picture().target == (25, math.inf)
        assert "target at least 25.0" in judged._repr_html_()

    @pytest.mark.parametrize(
        ("more", "text"),
        [
            (0, ""), (1, "1"), (99, "99"), (100, "about 100"), (101, "about 110"),
            (990, "about 990"), (991, "about 1,000"), (1000, "about 1,000"), (1001, "about 1,100"),
            (360_929, "about 370,000"), (999_999_999, "about 1,000,000,000"),
            (10**15 - 1, "about 1,000,000,000,000,000"), (math.inf, "too close to call"),
        ],
    )  # fmt: skip
    def test_more_answers_are_rounded_up_to_two_digits(self, more, text):
        assert more_text(float(more)) == text

    def test_the_number_that_is_shown_is_enough_and_not_a_tenth_too_many(self):
        for more in [*range(100, 2_000), *(10**power - 1 for power in range(3, 15))]:
            about, shown = more_text(float(more)).split()
            number = int(shown.replace(",", ""))
            assert about == "about"
            assert more <= number < more * 1.1
            assert shown.replace(",", "")[2:].strip("0") == ""


class TestSurveys:
    """Estimates of surveys with a design are judged alike."""

    RNG = np.random.default_rng(8)
    ANSWERS = RNG.integers(1, 6, 400)
    DESIGN = SurveyDesign(RNG.lognormal(size=400), clusters=np.arange(400) // 8)
    BY = np.where(np.arange(400) % 3, "most", "some")

    def survey(self, **options):
        return estimate(self.ANSWERS, Scoring.top_box(FIVE), design=self.DESIGN, **options)

    @pytest.mark.parametrize("method", ["score", "t", "logit", "beta"])
    def test_the_interval_of_the_design_decides(self, method):
        scored = self.survey(method=method)
        for edge, standing in [
            (scored.low - 0.1, "met"),
            (scored.low + 0.1, "inconclusive"),
            (scored.high - 0.1, "inconclusive"),
            (scored.high + 0.1, "not met"),
        ]:
            assert verdict(scored, Target.at_least(float(edge))).verdict == standing

    @pytest.mark.parametrize("method", ["score", "t", "logit", "beta"])
    def test_more_answers_are_the_fewest_that_settle_it(self, method):
        scored, target = self.survey(method=method), Target.at_least(38)
        more = float(verdict(scored, target).more_answers)
        assert 0 < more < math.inf
        assert settled_at(scored, target, scored.n + more)
        assert not settled_at(scored, target, scored.n + more - 1)

    def test_every_domain_gets_its_own_verdict(self):
        scored, target = self.survey(by=self.BY), Target.at_least(38)
        together = verdict(scored, target)
        for one, judged in zip(scored, together, strict=True):
            alone = verdict(one, target)
            assert (alone.verdict, alone.more_answers) == (judged.verdict, judged.more_answers)

    def test_a_census_leaves_nothing_open(self):
        census = SurveyDesign(population=[400] * 400)
        scored = estimate(self.ANSWERS, Scoring.top_box(FIVE), design=census)
        assert verdict(scored, Target.at_least(float(scored.value) + 0.01)).verdict == "not met"


@pytest.mark.parametrize(
    "pair",
    [
        (Target.at_least(1), csat([5, 4])),
        (csat([5, 4]), 60),
        ([5, 4, 4], Target.at_least(1)),
        (Tally([1] * 5, FIVE), Target.at_least(1)),
    ],
)
def test_anything_but_an_estimate_and_a_target_is_an_error_that_says_what_to_write(pair):
    with pytest.raises(
        VocabularyError, match="verdict takes an Estimate and a Target, got "
    ) as got:
        verdict(*pair)
    assert str(got.value).endswith("write verdict(csat(answers), Target.at_least(80))")
