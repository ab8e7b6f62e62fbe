"""Verdicts and scorecards for several looks: their limits, what they say, and what they refuse."""

import pickle

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus import frames, plots
from custfocus.errors import CustfocusError, OptionError
from custfocus.indices import bottom_box, csat, estimate, mean_score, net_score, nps, top_box
from custfocus.intervals import any_look_interval, planned_looks
from custfocus.progress import Verdict, rolling, scorecard, toward_target, verdict
from custfocus.progress.more_answers import more_answers
from custfocus.quantities import Amounts, Observed, Rate, proportion
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign
from custfocus.vocabulary import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Target,
)

FIVE = Scale.likert(5)
SHOPS = Tally(
    [[3, 4, 5, 38, 30], [0] * 5, [2, 2, 2, 4, 4], [1, 0, 0, 20, 70]], FIVE, by={"shop": [*"abcd"]}
)
SHARES = csat(SHOPS)
GOAL = Target.at_least(75)
RNG = np.random.default_rng(11)
ANSWERS = RNG.integers(1, 6, 300)
DESIGN = SurveyDesign(RNG.lognormal(sigma=0.5, size=300), clusters=np.arange(300) // 6)
LEVEL_OF_5 = float(planned_looks(5).confidence_levels[0])
FOCUS = CustomerFocus(
    "Desk",
    customers=[Customer("all", "All")],
    needs=[Need("help", "all", "help")],
    requirements=[Requirement("fast", "help", "fast"), Requirement("warm", "help", "kind")],
    measures=[
        PerformanceMeasure("kind", "warm", "Kind", items="q1", index=Scoring.top_box(FIVE),
                           target=GOAL),
        PerformanceMeasure("plain", "warm", "Plain", items="q1", index=Scoring.top_box(FIVE)),
        PerformanceMeasure("wait", "fast", "Wait", unit="minutes", target=Target.at_most(9)),
    ],
)  # fmt: skip


def limits(judged):
    return np.array([judged.low, judged.high])


class TestLimits:
    @pytest.mark.parametrize("looks", [5, "any"])
    def test_a_row_alone_has_those_of_the_batch_even_without_answers(self, looks):
        judged = verdict(SHARES, GOAL, looks=looks)
        for row, alone in enumerate(judged):
            np.testing.assert_array_equal(limits(alone), limits(judged)[:, row])
        assert str(judged[1]) == "shop b: CSAT - % [-, -] n=0, target at least 75: no answers"
        empty = mean_score([None] * 4, scale=Scale.likert(5, missing=[None]), by=[*"aabb"],
                           design=SurveyDesign([1, 2, 1, 2]))  # fmt: skip
        assert np.isnan(limits(verdict(empty[0], GOAL, looks=5))).all()

    def test_a_level_beyond_those_of_a_method_is_refused_at_once(self):
        scored = mean_score(SHOPS, method="exact", confidence_level=0.999999)
        with pytest.raises(
            OptionError, match=r"^looks=5: the method 'exact' takes a confidence_le"
        ):
            verdict(scored, GOAL, looks=5)

    def test_at_any_look_they_are_those_of_the_beta_mixture(self):
        n = np.array([80, 0, 14, 91])
        for level in (0.8, 0.95):
            own = any_look_interval([68, 0, 8, 90], n, confidence_level=level)
            judged = verdict(csat(SHOPS, confidence_level=level), GOAL, looks="any")
            np.testing.assert_allclose(limits(judged), 100 * np.array(own), rtol=1e-12)
            assert (judged.confidence, judged.looks) == ((1 + level) / 2, "any")

    def test_whichever_points_count_and_whatever_they_count(self):
        low, high = any_look_interval(7, 80)
        worst = verdict(bottom_box(SHOPS[0]), Target.at_most(20), looks="any")
        np.testing.assert_allclose(limits(worst), [100 * low, 100 * high], rtol=1e-12)
        odd = Scoring(FIVE, [0.3, 0.3, 0.1, 0.1, 0.1])
        scored = verdict(estimate(SHOPS[0], odd), Target.at_most(0.2), looks="any")
        np.testing.assert_allclose(limits(scored), [0.1 + 0.2 * low, 0.1 + 0.2 * high], rtol=1e-9)
        assert scored.verdict == "met"

    def test_they_lie_on_the_scale_to_the_last_digit(self):
        odd = Scoring(Scale.likert(2), [0.3, 0.9])  # 0.3 + (0.9 - 0.3) is more than 0.9
        for counts in ([5, 0], [0, 5]):
            scored = estimate(Tally(counts, Scale.likert(2)), odd)
            low, high = limits(verdict(scored, Target.at_least(0.4), looks="any"))
            assert 0.3 <= low <= scored.value <= high <= 0.9

    @pytest.mark.parametrize("looks", [2, 5, 24])
    @pytest.mark.parametrize(
        "make",
        [
            lambda **options: csat(SHOPS, **options),
            lambda **options: csat(SHOPS, method="mid-p", **options),
            lambda **options: csat(SHOPS, population=200, **options),
            lambda **options: mean_score(SHOPS, **options),
            lambda **options: net_score(SHOPS, method="t", **options),
            lambda **options: csat(ANSWERS, design=DESIGN, **options),
            lambda **options: csat(ANSWERS, design=DESIGN, method="beta", **options),
            lambda **options: Rate([12, 3], [400, 100], **options),
            lambda **options: Amounts.of([1, 4, 2, 9, 3, 3, 5, 1, 8, 2, 7], **options),
            lambda **options: Observed([5, 6], standard_error=0.5, **options),
        ],
    )
    def test_of_planned_looks_they_are_those_of_the_method_at_pococks_level(self, make, looks):
        level = float(planned_looks(looks, confidence_level=0.9).confidence_levels[0])
        wide, scored = make(confidence_level=level), make(confidence_level=0.9)
        judged = verdict(scored, Target.at_least(2), looks=looks)
        np.testing.assert_array_equal(limits(judged), [wide.low, wide.high])
        assert judged.confidence == 0.95
        assert judged.estimate is scored
        held = verdict(wide, Target.at_least(2))
        assert (judged.verdict == held.verdict).all()
        np.testing.assert_array_equal(judged.more_answers, held.more_answers)

    def test_once_they_are_those_of_the_estimate(self):
        np.testing.assert_array_equal(limits(verdict(SHARES, GOAL)), [SHARES.low, SHARES.high])
        assert "looks" not in verdict(SHARES, GOAL).to_dicts()[0]

    def test_a_verdict_that_one_look_gives_takes_more_answers_at_several(self):
        found = [verdict(SHARES[0], GOAL, looks=looks) for looks in (None, 5, "any")]
        assert [str(one.verdict) for one in found] == ["met", "inconclusive", "inconclusive"]
        assert [float(one.more_answers) for one in found] == [0, 30, 80]

    @settings(max_examples=25, deadline=None)
    @given(
        st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        st.integers(1, 15),
        st.sampled_from(["any", 2, 7]),
        st.sampled_from([Target.at_least, Target.at_most]),
    )
    def test_as_many_more_answers_as_it_says_settle_it_and_one_fewer_do_not(
        self, sample, place, looks, bound
    ):
        (k, n), level = sample, 0.95
        scored = csat(Tally([n - k, 0, 0, 0, k], FIVE))
        low, high = limits(verdict(scored, GOAL, looks=looks))
        edge = low if low < scored.value - 1e-9 else high
        target = bound(float(scored.value + (edge - scored.value) * place / 16))
        judged = verdict(scored, target, looks=looks)
        more = float(judged.more_answers)
        assert judged.verdict == "inconclusive"
        least, most = (one / 100 for one in target.bounds)
        for size, settled in ((n + more, True), (n + more - 1, False)):
            if looks == "any":
                low, high = (float(one) / 100 for one in _any(k / n * size, size, level))
            else:
                nominal = float(planned_looks(looks).confidence_levels[0])
                wide = attrs.evolve(scored, confidence_level=nominal)
                low, high = (float(one) / 100 for one in wide.limits_at(size))
            inside = least <= low and high <= most
            assert (inside or high < least or low > most) == settled

    def test_several_estimates_with_these_looks_are_gone_through_one_by_one(self):
        judged = [verdict(one, GOAL, looks="any") for one in (SHARES[0], SHARES[2])]
        asked = [(one.estimate, GOAL) for one in judged]
        flags = [one.open for one in judged]
        together = more_answers(asked, flags, "any")
        assert [float(one) for one in together] == [float(one.more_answers) for one in judged]


def _any(k, n, level):
    from custfocus.intervals.any_look import any_look_limits  # noqa: PLC0415 - of parts of answers

    low, high = any_look_limits(np.array(k), np.array(n), level)
    return 100 * low, 100 * high


class TestTexts:
    def test_a_sentence_says_for_which_looks(self):
        once, five, anyhow = (str(verdict(SHARES[0], GOAL, looks=one)) for one in (None, 5, "any"))
        assert once.endswith("met (97.5 % one-sided confidence)")
        assert five.startswith("shop a: CSAT 85.0 % [73.0, 92.2] n=80")
        assert five.endswith("(97.5 % one-sided confidence, valid at each of 5 looks)")
        assert "80 more answers for a 50 % chance" in anyhow
        assert anyhow.endswith("(97.5 % one-sided confidence, valid at any look)")

    def test_a_caption_says_how_the_limits_were_made(self):
        any_look, planned = (str(verdict(SHARES, GOAL, looks=one)) for one in ("any", 5))
        assert (
            "CSAT, 95 % beta-mixture interval, target at least 75; verdicts at 97.5 % one-sided "
            "confidence; limits and verdicts valid at any look; more answers" in any_look
        )
        assert (
            "CSAT, 95 % score interval, target at least 75; verdicts at 97.5 % one-sided "
            "confidence; limits and verdicts valid at each of 5 looks; more answers" in planned
        )

    def test_columns_picture_and_rows_are_those_of_the_wider_limits(self):
        judged = verdict(SHARES, GOAL, looks="any")
        row = judged.to_dicts()[0]
        assert (row["low"], row["high"]) == (judged.low[0], judged.high[0])
        assert (row["looks"], row["confidence"]) == ("any", 0.975)
        np.testing.assert_array_equal(judged.picture().low, judged.low)
        assert judged.sel(shop="c") == verdict(SHARES.sel(shop="c"), GOAL, looks="any")
        assert pickle.loads(pickle.dumps(judged)) == judged != verdict(SHARES, GOAL, looks=5)
        assert verdict(SHARES, GOAL, looks=5).to_dicts()[0]["looks"] == "5"

    def test_a_value_without_limits_is_judged_by_itself_at_any_number_of_looks(self):
        for looks in ("any", 4):
            judged = verdict(Observed(5), Target.at_most(6), looks=looks)
            assert str(judged).endswith("met (by the value alone, no limits are known)")
        several = str(verdict(Observed([5, 7]), Target.at_most(6), looks="any"))
        assert "value, no limits known, target at most 6" in several
        assert "verdicts without limits go by the value alone" in several


REFUSED = [
    (lambda: SHARES, "often", r"looks must be 'any' or a planned number such as looks=5, got 'oft"),
    (lambda: SHARES, 2.5, r"looks must be 'any' or a planned number such as looks=5, got 2.5"),
    (lambda: SHARES, 1, r"looks must be a whole number of 2 or more, got 1"),
    (lambda: SHARES, True, r"looks must be a whole number of 2 or more, got True"),
    (lambda: SHARES, 101, r"looks must be 100 or fewer, got 101"),
    (lambda: mean_score(SHOPS), "any", r"'any' is for shares, which have two scores, got mean sc"),
    (lambda: nps([9, 10, 2]), "any", r"'any' is for shares, which have two scores, got NPS; plan"),
    (lambda: csat(ANSWERS, design=DESIGN), "any", r"is for plain answers, got those of a design"),
    (lambda: csat(SHOPS, population=500), "any", r"is for infinite populations, got population=;"),
    (lambda: csat(SHOPS, method="wilson"), "any", r"has limits of its own, got method='wilson';"),
    (lambda: Rate(3, 40), "any", r"looks='any' is for shares of plain answers, got a Rate; plan"),
    (lambda: Observed(5, low=4, high=6), 4, r"looks=4 needs wider limits, got published ones;"),
    (lambda: Observed(5, low=4, high=6), "any", r"is for shares of plain answers, got an Observed"),
    (lambda: csat([5, 4, 1], by={"period": [1, 2, 2]}), "any", r"got a series, each period of w"),
    (lambda: Rate([3, 4], 40, period=[1, 2]), 5, r"choose one by sel\(period=\.\.\.\), or add the"),
]


class TestRefusals:
    @pytest.mark.parametrize(("make", "looks", "message"), REFUSED)
    def test_what_the_limits_would_not_hold_for_is_refused_with_the_reason(
        self, make, looks, message
    ):
        for judge in (lambda *x: verdict(*x, looks=looks), lambda *x: Verdict(*x, looks)):
            with pytest.raises(OptionError, match=message):
                judge(make(), Target.at_most(50))

    def test_one_period_as_its_answers_come_in_is_no_series(self):
        series = csat(ANSWERS, by={"period": np.repeat([1, 2, 3], 100)})
        judged = verdict(series.sel(period=2), GOAL, looks="any")
        alone = verdict(csat(ANSWERS[100:200]), GOAL, looks="any")
        np.testing.assert_array_equal(limits(judged), limits(alone))
        whole = verdict(csat(series.sample.collapsed("period")), GOAL, looks=3)
        np.testing.assert_array_equal(limits(whole), limits(verdict(csat(ANSWERS), GOAL, looks=3)))

    def test_rolling_windows_are_refused(self):
        share = top_box(proportion([8, 9, 7, 9], 10, period=[1, 2, 3, 4]), boxes=1)
        with pytest.raises(
            CustfocusError,
            match=r"got a Rolling; judge the last window by its latest\(\), at one look",
        ):
            verdict(rolling(share, 2), GOAL, looks="any")

    def test_progress_looks_once(self):
        share = top_box(proportion([8, 9], 10, period=["2025", "2026"]), boxes=1)
        assert toward_target(share, GOAL).judged.looks is None


class TestScorecards:
    DATA = {"q1": ANSWERS.tolist(), "wait": 7.5}  # noqa: RUF012 - not changed

    def test_every_measure_with_a_target_is_held_at_these_looks(self):
        card = scorecard(FOCUS, self.DATA, looks=5)
        assert card["kind"] == verdict(attrs.evolve(card["kind"].estimate), GOAL, looks=5)
        assert (card.looks, card["kind"].looks, card["wait"].looks) == (5, 5, 5)
        assert card["plain"] == scorecard(FOCUS, self.DATA)["plain"]
        [line] = [one for one in str(card).splitlines() if "looks" in one]
        assert line == "Verdicts, and the intervals beside a target, valid at each of 5 looks"
        assert line in card._repr_html_()
        assert "look" not in str(scorecard(FOCUS, self.DATA))
        low = {row["measure_id"]: row["low"] for row in card.to_dicts()}
        assert low["kind"] == card["kind"].low < low["plain"]

    def test_other_orders_keep_the_looks_and_the_page_says_them(self):
        card = scorecard(FOCUS, self.DATA, looks="any").by("need")
        assert card.looks == "any"
        assert "intervals beside a target, valid at any look" in str(card)
        axes = plots.draw(card)
        figure = np.ravel(axes)[0].figure
        texts = [one.get_text() for one in figure.findobj(lambda one: hasattr(one, "get_text"))]
        assert any("valid at any look" in text.replace("\n", " ") for text in texts)

    def test_frames_take_them(self):
        card = frames.scorecard(FOCUS, {"q1": ANSWERS.tolist()}, looks="any")
        assert card["kind"].looks == card.looks == "any"

    def test_a_measure_that_has_no_such_limits_is_named(self):
        with pytest.raises(OptionError, match=r"^measure 'wait': looks='any' is for shares of pl"):
            scorecard(FOCUS, self.DATA | {"wait": Amounts.of([1, 2, 5])}, looks="any")
        with pytest.raises(OptionError, match=r"^measure 'kind': looks are at one sample that gr"):
            scorecard(FOCUS, self.DATA, period=np.repeat([1, 2, 3], 100), looks=5)
        with pytest.raises(OptionError, match="looks must be 'any' or a planned number"):
            scorecard(FOCUS, self.DATA, looks="five")
