"""The laws that verdicts keep: harder targets are no easier, and what they say of more answers."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.indices import estimate
from custfocus.progress import verdict
from custfocus.vocabulary import Target
from strategies import cases

law = settings(max_examples=40)
ORDER = ["not met", "inconclusive", "met"]
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


class TestVerdicts:
    @law
    @given(
        cases(),
        st.lists(st.integers(0, 64), min_size=4, max_size=4).map(sorted),
        st.sampled_from(["low", "high", "both"]),
        a_level,
    )
    def test_a_wider_range_is_no_harder(self, case, shares, bounds, level):
        low, high = case.scoring.bounds
        outer, inner, inner_end, outer_end = (low + (high - low) * share / 64 for share in shares)
        scored = estimate(case.first, case.scoring, confidence_level=level)
        narrow, wide = (
            verdict(scored, Target(**{one: at for one, at in ends if bounds in {one, "both"}}))
            for ends in (
                (("low", inner), ("high", inner_end)),
                (("low", outer), ("high", outer_end)),
            )
        )
        assert ORDER.index(str(narrow.verdict)) <= ORDER.index(str(wide.verdict))
        assert narrow.point_met <= wide.point_met

    @law
    @given(cases(), st.integers(1, 15), st.sampled_from([Target.at_least, Target.at_most]), a_level)
    def test_as_many_more_answers_as_it_says_settle_it_and_one_fewer_do_not(
        self, case, share, bound, level
    ):
        scored = estimate(case.first, case.scoring, confidence_level=level)
        rounding = (
            1e-12 * np.abs(case.scoring.bounds).max()
        )  # a mean at an end may be off by so much
        limit = scored.low if scored.low < scored.value - rounding else scored.high
        target = bound(float(scored.value + (limit - scored.value) * share / 16))
        judged = verdict(scored, target)
        more = float(judged.more_answers)
        assert judged.verdict == "inconclusive"
        assert 1 <= more < np.inf
        least, most = target.bounds
        for answers, settled in ((more, True), (more - 1, False)):
            low, high = scored.limits_at(scored.n + answers)
            assert bool((least <= low and high <= most) or high < least or low > most) == settled

    @law
    @given(cases(), st.integers(0, 64), st.integers(0, 200))
    def test_the_standing_and_the_point_rule_do_not_contradict_each_other(self, case, share, rest):
        low, high = case.scoring.bounds
        population = case.first.n + rest
        scored = estimate(case.first, case.scoring, population=population)
        least = low + (high - low) * share / 64
        met = scored.low >= least
        missed = scored.high < least
        assume(met or missed)
        judged = verdict(scored, Target.at_least(least))
        assert judged.verdict == ("met" if met else "not met")
        assert judged.point_met == met
