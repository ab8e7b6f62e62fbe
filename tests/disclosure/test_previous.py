"""Running totals: what is new since the release before can't be found out by subtracting it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attacker import Attack, Row, Rules, secrets_of
from custfocus import Scale, SurveyDesign, Tally, bottom_box, compare, estimate, mean_score, top_box
from custfocus.disclosure import audit, suppress
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.responses import Scoring
from patterns import begins
from tables import TWO, answers, estimates, respondents_shown, rules, share

law = settings(derandomize=True, deadline=None, max_examples=40, database=None)
few = settings(derandomize=True, deadline=None, max_examples=20, database=None)
more = st.one_of(st.just(0), st.just(0), st.integers(0, 4), st.integers(0, 15), st.integers(8, 60))


def later(data, e, *, missing=False):
    """The same groups with some answers more."""
    counts, gone = e.sample.counts, e.sample.missing_by_reason
    width = counts.shape[-1] + gone.shape[-1]
    rows = st.lists(more, min_size=width, max_size=width)
    new = np.array(data.draw(st.lists(rows, min_size=len(counts), max_size=len(counts))))
    points = counts.shape[-1]
    if not missing:
        new[:, points:] = 0
    tally = Tally(counts + new[:, :points], e.sample.scale, gone + new[:, points:], by=e.keys)
    return estimate(tally, e.scoring)


def asked_of(e):
    """How many were asked, as if they were the answers."""
    counts = np.concatenate([e.sample.counts, e.sample.missing_by_reason], axis=-1)
    asked = Tally(counts, Scale.likert(counts.shape[-1]), by=e.keys)
    return estimate(asked, Scoring.mean(asked.scale))


def known_of(e, found, then, released, totals):
    """The rows of both releases in which it is known how many were asked."""
    if found.respondents == "unknown":
        return (np.zeros(one.keys.rows, bool) for one in (released, found))
    options: Any = {"minimum": found.minimum, "totals": totals, "respondents": "unknown"}
    first = suppress(asked_of(then), **options)
    assert (~first.hidden == respondents_shown(then, released, totals)).all()
    second = suppress(asked_of(e), previous=(asked_of(then), first), **options)
    return ~first.hidden, ~second.hidden


def labels_of(e):
    columns = e.keys.columns()
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def inside(found, at, atoms, days):
    """The atoms of a published row, of some days."""
    columns = found.keys.columns()
    level = columns["level"][at]
    names = [] if level == "total" else level.split(", ")
    return [
        place
        for place, (day, labels) in enumerate(atoms)
        if day in days and all(labels[name] == columns[name][at] for name in names)
    ]


def attacked(e, found, then, released, *, known=None, totals: Any = True):
    """What a reader of both releases knows, and what he must not find out."""
    points = len(e.sample.scale)
    width = None if found.respondents == "known" else points

    def table_of(one):
        counts = np.concatenate([one.sample.counts, one.sample.missing_by_reason], axis=-1)
        return {tuple(labels.items()): row for labels, row in zip(labels_of(one), counts[:, :width], strict=True)}  # fmt: skip

    before, now = table_of(then), table_of(e)
    atoms, counts = [], []
    for key, row in now.items():
        old = before.get(key, np.zeros_like(row))
        for day, part in (("old", old), ("new", row - old)):
            if part.sum():
                atoms.append((day, dict(key)))
                counts.append(part)
    table = np.array(counts).reshape(len(counts), len(now) and next(iter(now.values())).size)
    first, second = known or known_of(e, found, then, released, totals)
    rows = []
    for one, days, asked in ((released, {"old"}, first), (found, {"old", "new"}, second)):
        for at, (out, its) in enumerate(zip(one.hidden.tolist(), asked.tolist(), strict=True)):
            rows.append(Row(inside(one, at, atoms, days), out, its))
    rows += [
        Row(inside(found, at, atoms, {"new"}), hidden=True, known=False)
        for at in range(found.keys.rows)
    ]
    scores = np.asarray(e.scoring.scores)
    kinds = [np.flatnonzero(scores == one).tolist() for one in np.unique(scores)]
    ends = [kinds[0], kinds[-1]]
    others = [[at for at in range(points) if at not in end] for end in ends]
    sides = [*ends, *others] if found.numerator else []
    alike = kinds if found.unanimous else []
    rule = Rules(points, found.minimum, sides, found.numerator, alike)
    return rows, Attack(rows, table, points), secrets_of(rows, table, rule)


def every_secret_is_kept(e, found, then, released, **options: Any):
    rows, attack, secrets = attacked(e, found, then, released, **options)
    for secret in secrets:
        assert rows[secret.row].hidden
        assert attack.bound(secret)[0] >= secret.threshold
    return secrets


class TestVectors:
    THEN = answers([50, 40, 30])
    OUT = suppress(THEN, minimum=10)

    def test_one_new_answer_would_be_read_off(self):
        e = answers([51, 40, 44])
        found = suppress(e, minimum=10, previous=(self.THEN, self.OUT))
        assert found.hidden.tolist() == [True, False, True, False]
        assert found.n[-1] == 135
        assert found.follows
        every_secret_is_kept(e, found, self.THEN, self.OUT)
        alone = suppress(e, minimum=10)
        assert not alone.hidden.any()
        assert not alone.follows
        _, attack, secrets = attacked(e, alone, self.THEN, self.OUT)
        assert [attack.bound(one)[0] for one in secrets] == [1]

    def test_as_many_new_answers_as_the_minimum_are_no_secret(self):
        e = answers([62, 51, 44])
        found = suppress(e, minimum=10, previous=(self.THEN, self.OUT))
        assert not found.hidden.any()
        assert found.caption() == suppress(e, minimum=10).caption()

    def test_few_new_answers_in_all_hide_the_total_too(self):
        e = answers([53, 40, 32])
        found = suppress(e, minimum=10, previous=(self.THEN, self.OUT))
        assert found.hidden.tolist() == [True, False, True, True]
        every_secret_is_kept(e, found, self.THEN, self.OUT)

    def test_the_total_may_be_kept_where_enough_is_new(self):
        pair = self.THEN, self.OUT
        found = suppress(answers([51, 40, 44]), minimum=10, previous=pair, keep=[()])
        assert found.hidden.tolist() == [True, False, True, False]
        message = "can't hide the total while the totals in keep= or what is linked= stays shown"
        with pytest.raises(OptionError, match=begins(message)):
            suppress(answers([53, 40, 32]), minimum=10, previous=pair, keep=[()])

    def test_the_caption_says_that_new_answers_are_meant(self):
        found = suppress(answers([51, 40, 44]), minimum=10, previous=(self.THEN, self.OUT))
        assert found.caption() == (
            "top box, 95 % score interval; * hidden: fewer than 10 answers in all or since the "
            "last release, or complementary suppression"
        )

    def test_few_new_answers_for_or_against(self):
        then = share([[20, 30], [20, 30], [20, 30]])
        out = suppress(then, minimum=10, numerator=3)
        e = share([[21, 50], [30, 50], [35, 55]])
        found = suppress(e, minimum=10, numerator=3, previous=(then, out))
        assert found.hidden.tolist() == [True, True, False, False]
        every_secret_is_kept(e, found, then, out)
        assert not suppress(e, minimum=10, previous=(then, out)).hidden.any()

    def test_what_was_hidden_may_be_shown_once_it_is_enough(self):
        then = answers([5, 40, 30])
        out = suppress(then, minimum=10)
        assert out.hidden.tolist() == [True, False, True, False]
        e = answers([50, 60, 70])
        found = suppress(e, minimum=10, previous=(then, out))
        assert not found.hidden.any()
        every_secret_is_kept(e, found, then, out)

    def test_a_row_that_was_hidden_need_not_wait(self):
        then, e = answers([5, 40, 30]), answers([30, 52, 31])
        options = {"minimum": 10, "respondents": "unknown"}
        out = suppress(then, **options)
        assert out.hidden[2]
        assert not suppress(e, previous=(then, out), **options).hidden.any()

    def test_what_was_hidden_may_not_be_read_off_what_is_new(self):
        """All that is new came to the other groups, so that the total tells nothing more."""
        then = answers([5, 12, 60])
        out = suppress(then, minimum=10)
        e = answers([5, 24, 80])
        found = suppress(e, minimum=10, previous=(then, out))
        assert found.hidden[0]
        secrets = every_secret_is_kept(e, found, then, out)
        assert secrets


class TestAttacks:
    @law
    @given(st.data(), estimates(), rules)
    def test_nothing_is_known_to_be_small(self, data, then, rule):
        out = suppress(then, respondents="unknown", **rule)
        e = later(data, then)
        found = suppress(e, respondents="unknown", previous=(then, out), **rule)
        secrets = every_secret_is_kept(e, found, then, out)
        assert secrets or not found.hidden.any()

    @law
    @given(st.data(), estimates(missing=True), rules)
    def test_nor_where_readers_know_how_many_were_asked(self, data, then, rule):
        out = suppress(then, **rule)
        e = later(data, then, missing=True)
        found = suppress(e, previous=(then, out), **rule)
        every_secret_is_kept(e, found, then, out)

    @few
    @given(st.data(), estimates(points=3), rules)
    def test_nor_with_more_points(self, data, then, rule):
        out = suppress(then, **rule)
        e = later(data, then)
        every_secret_is_kept(e, suppress(e, previous=(then, out), **rule), then, out)

    @few
    @given(st.data(), estimates(), rules, st.sampled_from([False, [()], [("district",), ()]]))
    def test_nor_where_other_totals_were_published(self, data, then, rule, totals):
        options = {"respondents": "unknown", **rule}
        e = later(data, then)
        for first, second in ((totals, True), (True, totals)):
            out = suppress(then, totals=first, **options)
            found = suppress(e, totals=second, previous=(then, out), **options)
            every_secret_is_kept(e, found, then, out)

    @few
    @given(st.data(), estimates(), rules)
    def test_nor_on_the_third_day(self, data, first, rule):
        options = {"respondents": "unknown", **rule}
        out = suppress(first, **options)
        second, third = (e := later(data, first)), later(data, e)
        then = suppress(second, previous=(first, out), **options)
        found = suppress(third, previous=(second, then), **options)
        every_secret_is_kept(third, found, second, then)

    @few
    @given(st.data(), estimates(missing=True), rules)
    def test_nor_then_where_readers_know_how_many_were_asked(self, data, first, rule):
        out = suppress(first, **rule)
        second, third = (e := later(data, first, missing=True)), later(data, e, missing=True)
        then = suppress(second, previous=(first, out), **rule)
        found = suppress(third, previous=(second, then), **rule)
        assert audit(third, found, previous=(second, then)).protected.all()


class TestRows:
    @law
    @given(estimates(missing=True), rules)
    def test_the_same_answers_again_hide_nothing_more(self, e, rule):
        out = suppress(e, **rule)
        found = suppress(e, previous=(e, out), **rule)
        assert not (found.hidden & ~out.hidden).any()

    @few
    @given(st.data(), estimates(), rules)
    def test_rows_that_are_shown_are_those_of_all_answers(self, data, then, rule):
        e = later(data, then)
        found = suppress(e, previous=(then, suppress(then, **rule)), **rule)
        every = suppress(e, minimum=2)
        both = ~found.hidden & ~every.hidden
        assert (found.counts[both] == every.counts[both]).all()
        assert not found.counts[found.hidden].any()

    def test_how_many_were_asked_in_the_last_release_is_known_now(self):
        missing = [0, 0, 0, 12]
        then = share([[12, 15], [9, 12], [15, 30], [3, 6]], missing=missing)
        e = share([[15, 16], [18, 24], [15, 30], [23, 9]], missing=missing)
        out = suppress(then, minimum=10, totals=[()])
        found = suppress(e, minimum=10, previous=(then, out))
        assert found.hidden.tolist() == [True, True, False, True, False]
        every_secret_is_kept(e, found, then, out, totals=[()])

    def test_rows_of_new_answers_are_not_published_and_protect_each_other(self):
        options = {"minimum": 10, "respondents": "unknown"}
        days = [
            share(counts)
            for counts in (
                [[0, 15], [3, 12], [0, 40], [30, 1]],
                [[3, 15], [12, 13], [3, 41], [33, 4]],
                [[4, 15], [12, 22], [23, 53], [42, 4]],
            )
        ]
        out = suppress(days[0], totals=False, **options)
        then = suppress(days[1], previous=(days[0], out), **options)
        found = suppress(days[2], previous=(days[1], then), **options)
        assert then.hidden.tolist() == [True, False, True, True, False]
        assert found.hidden.tolist() == [True, True, False, False, False]

    def test_of_a_release_that_followed_another_all_that_it_showed_is_known(self):
        days = [
            share(counts, missing=missing)
            for counts, missing in (
                ([[[8, 6], [4, 30]], [[5, 0], [30, 4]], [[1, 30], [2, 8]]],
                 [[8, 0], [0, 0], [2, 2]]),
                ([[[11, 26], [7, 31]], [[5, 0], [33, 5]], [[1, 30], [14, 8]]],
                 [[19, 0], [0, 0], [2, 6]]),
                ([[[23, 27], [19, 31]], [[17, 20], [34, 8]], [[1, 39], [34, 8]]],
                 [[30, 11], [0, 1], [13, 6]]),
            )
        ]  # fmt: skip
        out = suppress(days[0], minimum=10, totals=[()])
        then = suppress(days[1], minimum=10, previous=(days[0], out))
        assert np.flatnonzero(then.hidden).tolist() == [0, 1, 2, 3, 5, 7, 8]
        found = suppress(days[2], minimum=10, previous=(days[1], then))
        assert np.flatnonzero(found.hidden).tolist() == [2, 3, 4, 5]

    def test_totals_that_are_published_today_alone(self):
        then, e = answers([50, 40, 30]), answers([62, 52, 44])
        out = suppress(then, minimum=10, totals=False)
        assert not suppress(e, minimum=10, previous=(then, out)).hidden.any()

    def test_groups_meet_by_label(self):
        by = {"shop": ["n", "n", "s", "s"], "method": ["web", "phone"] * 2}
        e = share([[30, 30], [31, 30], [40, 50], [60, 70]], by=by)
        then = share(
            [[20, 10], [30, 30], [40, 20]],
            by={"method": ["phone", "phone", "web"], "shop": ["n", "s", "s"]},
        )
        out = suppress(then, minimum=10)
        found = suppress(e, minimum=10, previous=(then, out))
        assert not found.hidden.any()
        e = share([[30, 30], [20, 11], [30, 30], [60, 70]], by=by)
        less = share(
            [[20, 10], [30, 30], [20, 20]],
            by={"method": ["phone", "web", "web"], "shop": ["n", "s", "n"]},
        )
        out = suppress(less, minimum=10)
        found = suppress(e, minimum=10, previous=(less, out))
        assert found.sel(level="shop, method", shop="n", method="phone").hidden
        assert not found.sel(level="shop, method", shop="s", method="web").hidden
        every_secret_is_kept(e, found, less, out)

    def test_a_group_in_which_nobody_was_may_be_gone(self):
        then, e = answers([40, 0, 30]), answers([60, 50])
        by = {"district": [0, 2]}
        e = share(e.sample.counts, by=by)
        found = suppress(e, minimum=10, previous=(then, suppress(then, minimum=10)))
        assert not found.hidden.any()

    def test_several_items_of_unknown_respondents(self):
        by = {"shop": list("abcabc"), "item": ["q1"] * 3 + ["q2"] * 3}
        then = share([[20, 20]] * 6, by=by)
        e = share([[21, 20], [20, 20], [30, 30], [30, 30], [30, 30], [30, 30]], by=by)
        options = {"minimum": 10, "respondents": "unknown"}
        out = suppress(then, **options)
        found = suppress(e, previous=(then, out), **options)
        assert found.sel(level="shop", item="q1").hidden.tolist() == [True, False, True]
        assert not found.sel(level="shop", item="q2").hidden.any()
        assert audit(e, found, previous=(then, out)).protected.all()
        message = "previous= takes several items with respondents='unknown' only, got 2 of known"
        with pytest.raises(OptionError, match=begins(message)):
            suppress(e, minimum=10, previous=(then, suppress(then, minimum=10)))
        one, was = e.sel(item=["q1"]), then.sel(item=["q1"])
        found = suppress(one, minimum=10, previous=(was, suppress(was, minimum=10)))
        assert found.hidden.tolist() == [True, False, True, False]

    def test_what_is_linked_stays_as_it_is(self):
        then, e = answers([50, 40, 30]), answers([51, 40, 44])
        out = suppress(then, minimum=10)
        equal = suppress(answers([62, 40, 44]), minimum=45, totals=False)  # to yesterday's 40
        with pytest.raises(OptionError, match=begins("can't hide 1, earlier answers while the")):
            suppress(answers([62, 40, 44]), minimum=10, previous=(then, out), linked=[equal])
        other = answers([62, 51, 44])
        hidden = suppress(other, minimum=45, totals=False)
        message = (
            "can't hide 0 while the totals in keep= or what is linked= stays shown "
            "beside the last release, which would give it away"
        )
        with pytest.raises(OptionError, match=begins(message)):
            suppress(e, minimum=10, previous=(then, out), linked=[suppress(e, minimum=2)])
        found = suppress(other, minimum=10, previous=(then, out), linked=[hidden])
        assert found.hidden.tolist() == [False, False, True, False]


class TestAudit:
    @few
    @given(st.data(), estimates(missing=True), rules)
    def test_bounds_are_those_that_an_attacker_finds(self, data, then, rule):
        out = suppress(then, **rule)
        e = later(data, then, missing=True)
        found = suppress(e, previous=(then, out), **rule)
        seen = audit(e, found, previous=(then, out))
        assert seen.protected.all()
        _, attack, secrets = attacked(e, found, then, out)
        expected = {}
        for one in secrets:
            key = one.row, tuple(one.points)
            bounds = attack.bound(one, lowest=True)[0], attack.bound(one)[0]
            expected[key] = max(one.threshold, expected.get(key, (0,))[0]), *bounds
        assert sorted(expected.values()) == sorted(
            zip(seen.threshold.tolist(), seen.low.tolist(), seen.high.tolist(), strict=True)
        )

    def test_numbers_of_new_answers_are_named(self):
        then, e = answers([50, 40, 30]), answers([51, 40, 44])
        out = suppress(then, minimum=10)
        found = suppress(e, minimum=10, previous=(then, out))
        lines = str(audit(e, found, previous=(then, out))).splitlines()
        assert lines[:2] == [
            "level              district  answers  counted  count  threshold  low  high  protected",
            "district, answers  0         new      all          1         10    1    14        yes",
        ]
        assert lines[2] == (
            "2 of 4 rows hidden, 0 of them too small; 95 of 135 answers in hidden groups (70.4 %); "
            "each may reach its threshold"
        )

    def test_a_release_that_took_no_notice_of_the_last_one_is_bare(self):
        then, e = answers([50, 40, 30]), answers([51, 40, 44])
        seen = audit(e, suppress(e, minimum=10, keep=[()]), previous=(then, suppress(then, minimum=10)))  # fmt: skip
        assert (seen.low.tolist(), seen.high.tolist()) == ([1], [1])
        assert not seen.protected.any()

    def test_earlier_releases_than_the_last_are_not_looked_at(self):
        """As the docs say; an audit beside them shows it."""
        first, second, third = answers([50, 40, 30]), answers([51, 40, 44]), answers([51, 40, 58])
        out = suppress(first, minimum=10)
        then = suppress(second, minimum=10, previous=(first, out))
        assert then.hidden[0]
        found = suppress(third, minimum=10, previous=(second, then))
        assert not found.hidden[0]
        assert audit(third, found, previous=(second, then)).protected.all()
        assert audit(third, found, previous=(first, out)).high.tolist() == [1]

    def test_it_needs_the_release_before(self):
        then, e = answers([50, 40, 30]), answers([51, 40, 44])
        found = suppress(e, minimum=10, previous=(then, suppress(then, minimum=10)))
        with pytest.raises(
            TallyError, match=begins("audit needs the release that the result foll")
        ):
            audit(e, found)


THEN, NOW = answers([50, 40, 30]), answers([62, 51, 44])
OUT = suppress(THEN, minimum=10)
DESIGN = top_box(
    [1, 2] * 60, scale=TWO, boxes=1, by={"district": [0, 1, 2] * 40}, design=SurveyDesign([1.0] * 120)
)  # fmt: skip


class TestWrongInput:
    @pytest.mark.parametrize(
        ("previous", "kind", "message"),
        [
            (5, OptionError, "previous must be a tuple of the estimate of the last release and wh"),
            (OUT, OptionError, "previous must be a tuple of the estimate of the last release and"),
            ((), OptionError, "previous must be a tuple of the estimate of the last release and"),
            ((OUT, THEN), OptionError, "previous must be a tuple of the estimate of the last rel"),
            ([THEN, OUT], OptionError, "previous must be a tuple of the estimate of the last rel"),
            ((THEN, OUT, 1), OptionError, "previous must be a tuple of the estimate of the last"),
            (
                (THEN, suppress(THEN, minimum=9)),
                OptionError,
                "previous must have been released by rules that hide as much, got minimum=9 with",
            ),
            (
                (THEN, suppress(THEN, minimum=10, respondents="unknown")),
                OptionError,
                "previous must have been released with the same respondents=, got 'unknown' with 'k",
            ),
            ((DESIGN, suppress(DESIGN, minimum=10)), TallyError, "previous= is for plain samples"),
            (
                (THEN, suppress(THEN, minimum=10, round_to=6)),
                TallyError,
                "previous must be a release of exact counts, got one that is rounded; go on with r",
            ),
            (
                (bottom_box(THEN.sample, boxes=1), OUT),
                TallyError,
                "previous must be of the same scale and scoring, got another scoring",
            ),
            (
                (mean_score(Tally([[9] * 3] * 3, Scale.likert(3))), OUT),
                TallyError,
                "previous must be of the same scale and scoring, got another scale",
            ),
            (
                (share([[20, 20]] * 3, by={"shop": [0, 1, 2]}), OUT),
                LabelError,
                "previous must be by the same names of groups, got shop with district now",
            ),
            ((THEN, suppress(NOW, minimum=10)), TallyError, "previous must be an estimate and all"),
            (
                (THEN, OUT[:2]),
                TallyError,
                "previous must be an estimate and all that suppress made",
            ),
            (
                (THEN, suppress(share([[9, 9]], by={"shop": [1]}), minimum=10)),
                TallyError,
                "previous must be an estimate and all that suppress made",
            ),
        ],
    )
    def test_what_it_can_not_be(self, previous, kind, message):
        now = NOW
        for call in (
            lambda: suppress(now, minimum=10, previous=previous),
            lambda: audit(now, suppress(now, minimum=10), previous=previous),
        ):
            with pytest.raises(kind, match=begins(message)):
                call()

    @pytest.mark.parametrize(
        ("rule", "message"),
        [
            ({"numerator": 3}, "numerator=0 with numerator=3 now"),
            ({"unanimous": True}, "unanimous=False with unanimous=True now"),
        ],
    )
    def test_every_rule_must_have_been_kept(self, rule, message):
        with pytest.raises(OptionError, match="previous must have been released by.*" + message):
            suppress(NOW, minimum=10, previous=(THEN, OUT), **rule)
        strict = suppress(THEN, minimum=12, **rule)
        assert suppress(NOW, minimum=10, previous=(THEN, strict), **rule).follows

    def test_answers_that_are_gone_are_named_by_their_groups(self):
        e = share([[24, 27], [20, 30], [15, 15]])  # one was recoded
        message = (
            "previous must have no answers that are gone today, got fewer on a point, or fewer "
            "missing for a reason, now than then in 0; answers that were withdrawn or recoded"
        )
        with pytest.raises(TallyError, match=begins(message)):
            suppress(e, minimum=10, previous=(THEN, OUT))
        many = answers([20] * 15)
        pair = many, suppress(many, minimum=10)
        with pytest.raises(TallyError, match=r"then in 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 5 more; "):
            suppress(answers([12] * 15), minimum=10, previous=pair)
        with pytest.raises(TallyError, match="then in 2; "):  # a group is gone
            suppress(answers([60, 60]), minimum=10, previous=(THEN, OUT))

    def test_missing_answers_may_be_gone_where_nobody_knows_of_them(self):
        then = share([[20, 20], [30, 30]], missing=[5, 5])
        e = share([[40, 40], [50, 50]], missing=[4, 5])
        with pytest.raises(TallyError, match="missing for a reason, now than then in 0; "):
            suppress(e, minimum=10, previous=(then, suppress(then, minimum=10)))
        options = {"minimum": 10, "respondents": "unknown"}
        found = suppress(e, previous=(then, suppress(then, **options)), **options)
        assert not found.hidden.any()

    def test_a_design_today_is_refused(self):
        with pytest.raises(
            TallyError, match=begins("previous= is for plain samples, got one of a")
        ):
            suppress(DESIGN, minimum=10, previous=(THEN, OUT))

    def test_it_goes_with_neither_rounding_nor_comparisons(self):
        with pytest.raises(
            OptionError, match=begins("round_to= takes the place of hiding, got prev")
        ):
            suppress(NOW, minimum=10, previous=(THEN, OUT), round_to=6)
        c: Any = compare(NOW, district=(0, 1))
        with pytest.raises(
            OptionError, match=begins("previous= is for estimates, got it with a c")
        ):
            suppress(c, minimum=10, previous=(THEN, OUT))


def test_totals_kept_without_a_release_before_are_seen_to_tell_what_is_new():
    then, now = (
        top_box(
            Tally([[n // 2, n - n // 2] for n in rows], Scale.likert(2), by={"g": [*"abc"]}),
            boxes=1,
        )
        for rows in ([50, 40, 30], [51, 42, 33])
    )
    shown = suppress(now, minimum=10, keep=[()])
    attacked = audit(now, shown, previous=(then, suppress(then, minimum=10)))
    rows = [
        (row["value"], row["low"], row["high"], row["protected"]) for row in attacked.to_dicts()
    ]
    assert rows == [(new, new, new, False) for new in (1, 2, 3, 6)]
