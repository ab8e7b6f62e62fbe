"""What is published: which rows, how they read, what is made of them, and what is refused."""

import pickle

import numpy as np
import pytest

from custfocus import Scale, SurveyDesign, Tally, compare, csat, mean_score, nps, top_box
from custfocus.comparisons import funnel, pairwise, rank
from custfocus.disclosure import Suppressed, audit, suppress
from custfocus.disclosure.rows import table_of
from custfocus.disclosure.sensitive import rule_of, sensitive_numbers
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.results import Keys
from patterns import begins, whole
from tables import TWO, answers, share

FIVE = Scale.likert(5)
SHOPS = csat(
    Tally([[1, 2, 30, 20, 9], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9], [0] * 5], FIVE,
          by={"shop": list("nswx")}),
)  # fmt: skip
METHODS = {"shop": ["n", "n", "s", "s", "w", "w"], "method": ["web", "phone"] * 3}
COUNTS = [[4, 5], [10, 20], [15, 25], [20, 20], [25, 25], [30, 30]]
TWO_WAY = share(COUNTS, by=METHODS)


def marked(n, minimum):
    """The groups and their total as text, hidden numbers in brackets."""
    found = suppress(answers(n), minimum=minimum)
    rows = zip([*n, sum(n)] if n else [], found.hidden.tolist(), strict=True)
    return " ".join(f"[{one}]" if out else f"{one}" for one, out in rows)


class TestWhichAreHidden:
    @pytest.mark.parametrize(
        ("n", "expected"),
        [
            ([62, 4, 30, 25], "62 [4] 30 [25] 121"),  # and the next smallest
            ([62, 4, 7, 30], "62 [4] [7] 30 103"),  # one may have ten and the other one
            ([62, 4, 5, 30], "62 [4] [5] [30] 101"),  # together too few
            ([62, 10, 30], "62 10 30 102"),  # the minimum itself is not small
            ([200, 5], "[200] [5] 205"),
            ([0, 4, 0, 30, 40], "0 [4] 0 [30] 40 74"),  # no answers protect none
            ([0, 4, 0], "0 [4] 0 [4]"),  # its total is the group itself
            ([4], "[4] [4]"),
            ([3, 0, 4], "[3] 0 [4] [7]"),
            ([3, 4, 5], "[3] [4] [5] 12"),
            ([40, 4], "[40] [4] 44"),
            ([1, 1, 1, 40], "[1] [1] [1] [40] 43"),  # each may have ten
            ([1] * 8 + [30, 60], "[1] [1] [1] [1] [1] [1] [1] [1] [30] 60 98"),
            ([], ""),
            ([0, 0], "0 0 0"),
        ],
    )
    def test_small_groups_and_what_protects_them(self, n, expected):
        assert marked(n, 10) == expected

    def test_two_is_the_least_minimum(self):
        assert marked([40, 2, 30], 2) == "40 2 30 72"
        assert marked([40, 1, 30], 2) == "40 [1] [30] 71"

    def test_many_groups(self):
        rng = np.random.default_rng(1)
        counts = rng.poisson(20 * rng.lognormal(0, 1, (3000, 2)))
        found = suppress(share(counts), minimum=10, numerator=3, unanimous=True)
        n, small = found.n[~found.hidden], found.counts[~found.hidden]
        assert not ((n > 0) & (n < 10)).any()
        assert not ((small > 0) & (small < 3)).any()
        assert 0 < found.hidden.sum() < 1500

    def test_groups_by_one_name_need_no_program(self, monkeypatch):
        """SciPy's solver sometimes prints, and takes its time."""
        monkeypatch.setattr("custfocus.disclosure.engine.cheapest_moves", None)
        rng = np.random.default_rng(2)
        for mean in (3, 8, 20):
            counts = rng.poisson(mean * rng.lognormal(0, 0.6, (12, 2)))
            for rule in ({"minimum": 10}, {"minimum": 5, "numerator": 3, "unanimous": True}):
                assert suppress(share(counts), **rule).minimum == rule["minimum"]

    def test_a_net_share_has_answers_for_and_against(self):
        scale = Scale.range(0, 10)
        row = [0, 0, 0, 0, 0, 0, 20, 20, 20, 20, 20]
        few = [*row[:6], 2, *row[7:]]  # detractors
        found = suppress(nps(Tally([few, row, row], scale)), minimum=10, numerator=3)
        assert found.hidden.tolist() == [True, True, False, False]
        alike = [*row[:6], 0, 0, 0, 20, 20]
        found = suppress(nps(Tally([alike, row, row], scale)), minimum=10, unanimous=True)
        assert found.hidden.tolist() == [True, True, False, False]

    def test_items_are_protected_each_on_its_own(self):
        """Two questions of the same people, whom one of them tells how many they are."""
        counts = [[2, 2], [20, 20], [30, 30], [2, 1], [20, 20], [30, 30]]
        by = {"shop": list("abcabc"), "item": ["q1"] * 3 + ["q2"] * 3}
        tally = Tally(counts, TWO, [0, 0, 0, 1, 0, 0], by=by)
        found = suppress(top_box(tally, boxes=1), minimum=10)
        assert found.sel(level="shop", item="q1").hidden.tolist() == [True, True, False]
        assert found.sel(level="shop", item="q2").hidden.tolist() == [True, True, False]
        assert found.keys.names == ("level", "shop", "item")
        assert not found.sel(level="total").hidden.any()
        other = Tally(counts, TWO, [0, 0, 0, 1, 5, 0], by=by)  # not asked of the same people
        hidden = suppress(top_box(other, boxes=1), minimum=10).hidden
        assert hidden.tolist() == found.hidden.tolist()

    def test_items_of_the_same_people_hide_the_same_respondents(self):
        """One that showed how many were asked where the other does not would give a group away."""
        names = {"district": [0, 0, 0, 1, 1, 1], "method": [0, 1, 2] * 2}
        one = [[2, 2], [20, 0], [15, 15], [0, 20], [20, 20], [30, 30]]
        other = [[2, 2], [10, 10], [15, 15], [10, 10], [20, 20], [30, 30]]
        apart = [
            suppress(share(counts, by=names), minimum=10).hidden[:6] for counts in (one, other)
        ]
        assert np.count_nonzero(apart[0] & apart[1]) < 4
        by = {name: labels * 2 for name, labels in names.items()}
        both = Tally([*one, *other], TWO, by={**by, "item": ["q1"] * 6 + ["q2"] * 6})
        found = suppress(top_box(both, boxes=1), minimum=10).sel(level="district, method")
        hidden = [found.sel(item=item).hidden for item in ("q1", "q2")]
        assert np.count_nonzero(hidden[0] & hidden[1]) >= 4

    def test_answers_all_alike_need_as_many_of_others_as_the_numerator(self):
        counts = np.array([[0, 30], [20, 60]])
        table = table_of(np.array([[0, 1]]), counts, 2, [(0,), ()])
        scoring = share(counts).scoring
        found = sensitive_numbers(table, rule_of(10, 4, scoring, unanimous=True))
        assert found.needs.tolist() == [4]
        found = sensitive_numbers(table, rule_of(10, 0, scoring, unanimous=True))
        assert found.needs.tolist() == [1]


class TestLinked:
    """What is out stays as it is."""

    def test_a_total_that_was_published_stays_shown_and_one_that_was_hidden_stays_hidden(self):
        few = share([[1, 2], [10, 20], [15, 15], [20, 20], [15, 15], [10, 9]], by=METHODS)
        by_shop = top_box(few.sample.collapsed("method"), boxes=1)
        out = suppress(by_shop, minimum=10, keep=[()])
        alone = suppress(few, minimum=10)
        found = suppress(few, minimum=10, linked=[out])
        for name in "nsw":
            now = found.sel(level="shop", shop=name).hidden
            assert bool(now[0]) == bool(out.sel(level="shop", shop=name).hidden)
        assert not found.sel(level="total").hidden.any()
        strict = suppress(by_shop, minimum=34)
        assert strict.hidden.any()
        found = suppress(few, minimum=10, linked=[strict])
        hidden = dict(zip(strict.keys.labels("shop"), strict.hidden.tolist(), strict=True))
        now = found.sel(level=["shop", "total"])
        labels = now.keys.labels("shop")
        assert dict(zip(labels, now.hidden.tolist(), strict=True)) == hidden
        assert found.hidden.sum() > alone.hidden.sum()
        assert audit(few, found).protected.all()

    def test_names_may_come_in_another_order(self):
        turned = share(COUNTS, by={name: METHODS[name] for name in ("method", "shop")})
        out = suppress(turned, minimum=10)
        found = suppress(TWO_WAY, minimum=10, linked=(out,))
        assert found.hidden.sum() == out.hidden.sum()

    def test_what_one_result_shows_and_another_hides_is_an_error(self):
        by_shop = top_box(TWO_WAY.sample.collapsed("method"), boxes=1)
        both = [suppress(by_shop, minimum=least) for least in (10, 50)]
        assert both[0].hidden.sum() < both[1].hidden.sum()
        for linked in (both, both[::-1]):
            with pytest.raises(
                OptionError, match=r"^can't hide .* while the totals in keep= or what"
            ):
                suppress(TWO_WAY, minimum=10, linked=linked)

    def test_rows_of_the_same_groups_are_shown_and_hidden_together(self):
        by = {"region": [*"NNSS"], "district": ["n1", "n2", "s1", "s2"]}
        e = share([[10, 20], [30, 30], [40, 30], [50, 60]], by=by)
        out = suppress(e, minimum=40, totals=False)
        assert out.hidden.tolist() == [True, False, False, False]
        found = suppress(e, minimum=10, linked=[out])
        assert found.sel(district="n1", level=["region, district", "district"]).hidden.all()
        assert not suppress(e, minimum=10).hidden.any()

    def test_missing_answers_that_were_left_out_may_be_any(self):
        e = share([[10, 20], [15, 15], [20, 20]], missing=[1, 20, 30], by={"shop": [*"nsw"]})
        out = suppress(e, minimum=10, respondents="unknown")
        for respondents in ("known", "unknown"):
            found = suppress(e, minimum=10, respondents=respondents, linked=[out])
            assert not found.hidden.any()
        other = share([[10, 20], [15, 15], [20, 20]], missing=[2, 20, 30], by={"shop": [*"nsw"]})
        with pytest.raises(TallyError, match=r"^linked results must be of the same answers"):
            suppress(other, minimum=10, linked=[suppress(e, minimum=10)])

    def test_small_groups_that_were_shown_can_not_be_hidden(self):
        with pytest.raises(OptionError, match=begins("can't hide n, web while the totals in keep")):
            suppress(TWO_WAY, minimum=10, linked=[suppress(TWO_WAY, minimum=2)])

    @pytest.mark.parametrize(
        ("linked", "kind", "message"),
        [
            (5, OptionError, "linked must be a list of results of suppress, got an int"),
            ("out", OptionError, "linked must be a list of results of suppress, got 'out'"),
            ([TWO_WAY], OptionError, "linked must be a list of results of suppress, got an Est"),
            (
                [suppress(answers([[40, 50], [60, 70]]), minimum=10)],
                OptionError,
                "linked rows must be among those that are published, got district, method, 0, 0; a",
            ),
            (
                [suppress(top_box(TWO_WAY.sample + TWO_WAY.sample, boxes=1), minimum=30)],
                TallyError,
                "linked results must be of the same answers, got others for shop, method, w, phone",
            ),
        ],
    )
    def test_what_is_of_others_is_refused(self, linked, kind, message):
        with pytest.raises(kind, match=begins(message)):
            suppress(TWO_WAY, minimum=10, linked=linked)


COLUMNS = {"method": ["web", "phone"] * 30, "shop": [*"nnsswwwwww"] * 6}
ANSWERS = [1, 2, 2, 1, 2] * 12
DESIGN = SurveyDesign([1.0, 2.0, 1.5, 1.0] * 15, clusters=[*range(20)] * 3)


class TestDesigns:
    """Respondents are counted, and the numbers are those of the design."""

    @pytest.mark.parametrize("items", [ANSWERS, {"q1": ANSWERS, "q2": ANSWERS[::-1]}])
    def test_numbers_are_those_of_the_design_and_its_totals(self, items):
        e = top_box(items, scale=TWO, boxes=1, by=COLUMNS, design=DESIGN)
        found = suppress(e, minimum=10)
        assert found.hidden.any()
        assert found.caption().startswith("top box, 95 % score interval of the design; * hidden")
        assert audit(e, found).protected.all()
        tally = Tally.of(items, TWO, by=COLUMNS)
        plain = suppress(top_box(tally, boxes=1), minimum=10)
        assert found.hidden.tolist() == plain.hidden.tolist()
        np.testing.assert_array_equal(found.n, plain.n)
        by_shop = top_box(e.sample.collapsed("method"), boxes=1)
        total = top_box(e.sample.collapsed("method", "shop"), boxes=1)
        for level, whole_ in (("method, shop", e), ("shop", by_shop), ("total", total)):
            rows = np.array([one == level for one in found.keys.labels("level")])
            for name in ("value", "low", "high"):
                expected = np.where(found.hidden[rows], np.nan, np.ravel(getattr(whole_, name)))
                np.testing.assert_array_equal(getattr(found, name)[rows], expected)

    def test_there_is_no_sample_of_it(self):
        e = top_box(ANSWERS, scale=TWO, boxes=1, by=COLUMNS, design=DESIGN)
        found = suppress(e, minimum=10)
        with pytest.raises(TallyError, match=begins("what is shown of a design is numbers only")):
            _ = found.shown
        with pytest.raises(TallyError, match=begins("round_to= is for plain samples, got one of")):
            suppress(e, minimum=10, round_to=6)


class TestRounding:
    """Counts at midpoints, and all numbers made of them."""

    E = share([[1, 6], [0, 40], [7, 12], [13, 30]], missing=[1, 0, 0, 12])

    def test_every_number_is_made_of_rounded_counts(self):
        found = suppress(self.E, minimum=10, round_to=6)
        assert found.counts.tolist() == [[0, 0], [0, 39], [9, 9], [15, 27], [21, 87]]
        assert found.hidden.tolist() == [True, False, False, False, False]
        assert found.missing[1:].tolist() == [0, 0, 9, 15]
        rounded = top_box(Tally([[0, 39], [9, 9], [15, 27]], TWO), boxes=1)
        for name in ("value", "low", "high"):
            np.testing.assert_array_equal(getattr(found, name)[1:4], getattr(rounded, name))
        assert found.shown.counts.tolist() == [[0, 39], [9, 9], [15, 27]]
        assert found.caption() == (
            "top box, 95 % score interval of counts rounded to midpoints of 6; * hidden: fewer than "
            "10 answers"
        )
        assert suppress(self.E, minimum=2, round_to=10).caption().endswith("midpoints of 10")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"round_to": 5}, "round_to must be a whole number of 6 or more, got 5"),
            ({"round_to": 7}, "round_to must be an even number up to 1,000,000, so that counts h"),
            ({"round_to": 10**6 + 2}, "round_to must be an even number up to 1,000,000, so that"),
            ({"round_to": "6"}, "round_to must be a whole number of 6 or more, got '6'"),
            (
                {"round_to": 6, "numerator": 3},
                "round_to= takes the place of hiding, got numerator=",
            ),
            ({"round_to": 6, "unanimous": True}, "round_to= takes the place of hiding, got unanim"),
            ({"round_to": 6, "keep": [()]}, "round_to= takes the place of hiding, got keep= besid"),
        ],
    )
    def test_what_it_does_not_go_with(self, options, message):
        with pytest.raises(OptionError, match=begins(message)):
            suppress(self.E, minimum=10, **options)

    def test_whether_answers_are_too_few_is_said_by_what_is_published(self):
        """7 and 1 answers are 9 and 3, as 12 and 6 are; missing ones do not count."""
        e = share([[1, 7], [6, 12], [30, 30]], missing=[50, 0, 0])
        for minimum, hidden in ((12, [False, False, False]), (13, [True, True, False])):
            found = suppress(e, minimum=minimum, round_to=6)
            assert found.sel(level="district").hidden.tolist() == hidden

    def test_an_audit_is_of_hidden_rows(self):
        with pytest.raises(TallyError, match=begins("audit attacks hidden rows, got counts that")):
            audit(self.E, suppress(self.E, minimum=10, round_to=6))


class TestResult:
    def test_it_reads_as_the_estimate_with_stars_and_totals(self):
        found = suppress(SHOPS, minimum=10)
        assert type(found) is Suppressed
        assert str(found).splitlines() == [
            "level  shop   n  missing  CSAT   low  high",
            "shop   n     62        0  46.8  34.9  59.0",
            "shop   s      *        *     *     *     *",
            "shop   w      *        *     *     *     *",
            "shop   x      0        0     -     -     -",
            "total  all   96        0  52.1  42.2  61.8",
            "CSAT, 95 % score interval; * hidden: fewer than 10 answers, or complementary suppression",
        ]

    def test_totals_of_two_names(self):
        found = suppress(TWO_WAY, minimum=10)
        assert found.keys.labels("level") == (
            ["shop, method"] * 6 + ["shop"] * 3 + ["method"] * 2 + ["total"]
        )
        assert found.keys.labels("shop") == [*"nnssww", *"nsw", None, None, None]
        few = suppress(TWO_WAY, minimum=10, totals=[("method",)])
        assert few.keys.labels("level") == ["shop, method"] * 6 + ["method"] * 2
        assert set(suppress(TWO_WAY, minimum=10, totals=False).keys.labels("level")) == {
            "shop, method"
        }

    def test_totals_are_those_of_the_collapsed_sample(self):
        found = suppress(TWO_WAY, minimum=2)
        by_shop = top_box(TWO_WAY.sample.collapsed("method"), boxes=1)
        chosen = found.sel(level="shop", method=None)
        assert chosen.keys.labels("shop") == by_shop.keys.labels("shop")
        for name in ("n", "missing", "value", "low", "high"):
            np.testing.assert_array_equal(getattr(chosen, name), getattr(by_shop, name))

    def test_a_population_is_added_up(self):
        e = csat(SHOPS.sample, population={"shop": {"n": 100, "s": 50, "w": 60, "x": 5}}["shop"])
        whole_ = csat(SHOPS.sample.collapsed("shop"), population=215)
        found = suppress(e, minimum=10)
        assert float(found.low[-1]) == float(whole_.low)

    def test_groups_without_a_label_are_not_their_total(self):
        tally = Tally([[9, 9], [20, 20]], TWO, by={"shop": ["n", None]})
        found = suppress(top_box(tally, boxes=1), minimum=10)
        assert [row.split()[1] for row in str(found).splitlines()[1:4]] == ["n", "(none)", "all"]

    def test_what_all_rows_share_stays_said(self):
        chosen = TWO_WAY.sel(method="web")
        found = suppress(chosen, minimum=10)
        assert found.caption() in str(found)
        assert "method web: top box" in str(found)

    def test_the_caption_names_the_rules(self):
        found = suppress(TWO_WAY, minimum=10, numerator=5, unanimous=True)
        assert found.caption().endswith(
            "; * hidden: fewer than 10 answers, fewer than 5 for or against, answers all alike, "
            "or complementary suppression"
        )

    def test_where_none_is_hidden_its_caption_is_that_of_the_estimate(self):
        assert suppress(SHOPS, minimum=2).caption() == SHOPS.caption()

    def test_hidden_rows_have_stars_and_no_pictures(self):
        found = suppress(SHOPS, minimum=10)
        assert found._repr_html_().count("<svg") == 3  # one of them the scale
        assert str(found.sel(shop="s")).splitlines()[1].split() == ["shop", *["*"] * 5]

    def test_missing_answers_are_left_out_where_they_are_not_published(self):
        tally = Tally([[9, 9], [20, 20]], TWO, [5, 5], by={"shop": ["n", "s"]})
        found = suppress(top_box(tally, boxes=1), minimum=10, respondents="unknown")
        assert "missing" not in found.columns()
        assert np.isnan(found.missing).all()
        assert not found.shown.missing.any()


class TestShown:
    def test_it_is_a_sample_for_every_verb(self):
        shown = suppress(TWO_WAY, minimum=10).shown
        assert type(shown) is Tally
        hidden = suppress(TWO_WAY, minimum=10).sel(level="shop, method").hidden
        assert shown == TWO_WAY.sample[np.flatnonzero(~hidden)]
        e = top_box(shown, boxes=1)
        assert rank(e, across="shop").keys.rows == shown.keys.rows
        assert pairwise(e, across="method").keys.rows == 1
        assert compare(e, {"method": ("web", "phone")}).value.shape == (1,)

    @pytest.mark.parametrize("verb", [compare, pairwise, rank, funnel])
    def test_verbs_say_where_the_sample_is(self, verb):
        found = suppress(TWO_WAY, minimum=10)
        message = f"{verb.__name__} takes estimates, got a Suppressed, which holds no sample of"
        with pytest.raises(TallyError, match=begins(message)) as error:
            verb(found)
        assert str(error.value).endswith(f"{verb.__name__}(csat(found.shown), ...)")

    def test_of_totals_once_they_are_chosen(self):
        found = suppress(TWO_WAY, minimum=10)
        assert found.sel(level="shop").shown == TWO_WAY.sample.collapsed("method")
        assert found.sel(level="total").shown == TWO_WAY.sample.collapsed("method", "shop")
        total = found.sel(level="total", shop=None, method=None)
        assert total.shape == ()
        assert total.shown == TWO_WAY.sample.collapsed("method", "shop")
        assert found.sel(level="shop", shop="n").shown.keys.names == ()

    def test_items_stay(self):
        tally = Tally.of({"q1": [1, 2] * 20, "q2": [2, 2] * 20}, TWO, by=["a", "b"] * 20)
        assert suppress(top_box(tally, boxes=1), minimum=10).shown == tally

    def test_no_row_is_no_sample(self):
        found = suppress(SHOPS, minimum=10)
        one = found.sel(level="shop", shop="s")
        with pytest.raises(TallyError, match=whole(
            "the row is hidden and gives no sample; choose others with sel()"
        )):  # fmt: skip
            _ = one.shown
        assert len(found[:0].shown) == 0

    def test_no_counts_of_hidden_groups_are_in_it(self):
        odd = Tally(
            [[10001, 10003], [1, 4], [7777, 5]], TWO, [0, 3, 4321], by={"shop": list("nsw")}
        )
        found = suppress(top_box(odd, boxes=1), minimum=10)
        assert found.hidden.tolist() == [False, True, True, False]
        for kept in (found, found.shown):
            again = pickle.loads(pickle.dumps(kept))
            arrays = [again.counts, again.missing_by_reason]
            assert not any(np.isin([7777, 4321], array).any() for array in arrays)


class TestWrongInput:
    @pytest.mark.parametrize("minimum", [1, -5, 2.0, True, "10", None, float("nan")])
    def test_a_minimum_that_is_no_whole_number_of_2_or_more_is_an_error(self, minimum):
        message = f"minimum must be a whole number of 2 or more, got {minimum!r}"
        with pytest.raises(OptionError, match=whole(message)):
            suppress(answers([40, 5]), minimum=minimum)

    @pytest.mark.parametrize(
        "wrong", [5, "csat", None, Tally([1, 2], TWO), suppress(answers([40, 5]), minimum=10)]
    )
    def test_what_is_no_estimate_is_answered_with_the_right_call(self, wrong):
        with pytest.raises(TallyError, match=begins("suppress takes an estimate, got ")):
            suppress(wrong, minimum=10)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"numerator": 11}, "numerator must be at most the minimum, got 11 with 10"),
            ({"numerator": -1}, "numerator must be a whole number of 0 or more, got -1"),
            ({"unanimous": 1}, "unanimous must be True or False, got 1"),
            ({"respondents": "some"}, "unknown respondents 'some'"),
            ({"totals": "shop"}, "totals must be a list with a tuple of names for each total"),
            ({"totals": ["shop"]}, "totals must be a list with a tuple of names for each total"),
            ({"totals": [("shops",)]}, "unknown name in totals 'shops'; did you mean 'shop'?"),
            ({"keep": ("shop",)}, "keep must be a list with a tuple of names for each total"),
            ({"keep": 5}, "keep must be a list with a tuple of names for each total"),
            (
                {"totals": [()], "keep": [("shop",)]},
                "keep must be among the totals that are published, got ('shop',)",
            ),
            (
                {"keep": [("shop", "method")]},
                "can't hide n, web while the totals in keep= or what is linked= stays shown, which",
            ),
        ],
    )
    def test_options_that_can_not_be(self, options, message):
        with pytest.raises(OptionError, match=begins(message)):
            suppress(TWO_WAY, minimum=10, **options)

    def test_a_minimum_has_a_bound(self):
        with pytest.raises(OptionError, match=begins("minimum must be at most 1,000,000,000, got")):
            suppress(TWO_WAY, minimum=10**9 + 1)

    def test_a_mean_has_no_numerator(self):
        e = mean_score(SHOPS.sample)
        with pytest.raises(OptionError, match=begins("mean score (0 to 100) is a mean and has no")):
            suppress(e, minimum=10, numerator=3)
        assert suppress(e, minimum=10, unanimous=True).unanimous

    def test_five_names_have_too_many_totals(self):
        by = {name: [1, 2] for name in "abcde"}
        e = share([[20, 20], [30, 30]], by=by)
        with pytest.raises(OptionError, match=begins("groups by 5 names have 32 tables of totals")):
            suppress(e, minimum=10)
        assert suppress(e, minimum=10, totals=[("a",), ()]).keys.rows == 5

    def test_a_name_of_its_own_is_refused(self):
        e = share([[20, 20], [30, 30]], by={"level": [1, 2]})
        with pytest.raises(LabelError, match=begins("suppress calls a column of its own 'level'")):
            suppress(e, minimum=10)

    @pytest.mark.parametrize(
        ("e", "kind", "message"),
        [
            (
                top_box([1, 2], scale=TWO, boxes=1),
                LabelError,
                "suppress needs an estimate by group, got a single row; compute it with by=",
            ),
            (
                mean_score({"q1": [1, 2], "q2": [3, 3]}, scale=FIVE),
                LabelError,
                "suppress needs an estimate by group, got one by item alone; compute it with by=",
            ),
        ],
    )
    def test_what_it_does_not_protect_is_refused(self, e, kind, message):
        with pytest.raises(kind, match=begins(message)):
            suppress(e, minimum=2)

    def test_rows_that_are_numbered_stay_so(self):
        found = suppress(csat(Tally([[5] * 5] * 3, FIVE)), minimum=10)
        assert found.keys.labels("group") == [0, 1, 2, None]
        assert type(found.keys) is Keys
