"""Satisfaction: the level to which needs and expectations were met, by what is said and shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    Service,
    Tally,
    Target,
    scorecard,
)
from custfocus.errors import LabelError, VocabularyError
from custfocus.quantities import Observed, proportion

FIVE = Scale.likert(5)


def asked(key: str, requirement: str, low: float) -> PerformanceMeasure:
    scoring, target = Scoring.top_box(FIVE), Target.at_least(low)
    return PerformanceMeasure(key, requirement, key, items=key, index=scoring, target=target)


def recorded(key: str, requirement: str, target: Target | None) -> PerformanceMeasure:
    return PerformanceMeasure(key, requirement, key, target=target)


def satisfied(k: int, n: int) -> Tally:
    return Tally([n - k, 0, 0, 0, k], FIVE)


IMPORTANCE = {"short": 5, "courteous": 3, "open": 4, "online": 2, "effects": 4, "calls": 3}
CLINIC = CustomerFocus(
    "Clinic",
    customers=[Customer("parents", "Parents")],
    services=[Service("clinic", "Vaccination")],
    needs=[
        Need("vaccinated", "parents", "vaccinated", services=["clinic"]),
        Need("after", "parents", "know after"),
    ],
    requirements=[
        Requirement(
            key, "after" if key in ("effects", "calls") else "vaccinated", key, importance=w
        )
        for key, w in IMPORTANCE.items()
    ],
    measures=[
        asked("q1", "short", 65),
        recorded("wait", "short", Target.at_most(20)),
        asked("q2", "courteous", 80),
        asked("q3", "open", 60),
        asked("q4", "effects", 60),
        recorded("told", "effects", Target.at_least(95)),
        recorded("answered", "calls", Target.at_least(80)),
        recorded("aside", "calls", None),
    ],
)
DATA = {
    "q1": satisfied(132, 175), "wait": Observed(24, low=22.6, high=25.4),
    "q2": satisfied(161, 175), "q3": satisfied(110, 174), "q4": satisfied(71, 174),
    "told": proportion(979, 1000), "answered": proportion(8412, 10_233), "aside": 5,
}  # fmt: skip


def rows(found, *names: str) -> dict[str, tuple[object, ...]]:
    return {row["id"]: tuple(row[name] for name in names) for row in found.to_dicts()}


class TestTheWorkedTable:
    FOUND = scorecard(CLINIC, DATA).satisfaction()

    def test_requirements_have_the_state_of_what_is_said_and_else_of_what_is_shown(self):
        found = rows(self.FOUND.sel(level="requirement"), "said", "shown", "state", "disagreement")
        assert found == {
            "short": ("met", "not met", "met", 100),
            "courteous": ("met", "not measured", "met", 0),
            "open": ("open", "not measured", "open", 0),
            "online": ("not measured", "not measured", "not measured", 0),
            "effects": ("not met", "met", "not met", 100),
            "calls": ("not measured", "met", "met", 0),
        }
        assert self.FOUND.disagree.sum() == 2
        assert self.FOUND.metric.unit == "percent"

    def test_they_are_rolled_up_by_weight_with_logical_bounds(self):
        numbers = rows(self.FOUND, "low", "high", "value", "settled", "disagreement")
        assert numbers["vaccinated"][:4] == pytest.approx((800 / 14, 100, 100, 800 / 14))
        assert numbers["after"][:2] == pytest.approx((300 / 7, 300 / 7))
        parents = (1100 / 21, 1700 / 21, 1100 / 15, 1500 / 21, 900 / 21)
        assert numbers["parents"] == pytest.approx(parents)
        assert numbers[""] == pytest.approx(parents)
        assert numbers["clinic"] == pytest.approx(numbers["vaccinated"])

    def test_unweighted_requirements_count_alike(self):
        found = scorecard(CLINIC, DATA).satisfaction(weights=False)
        parents = rows(found, "low", "high", "value", "settled")["parents"]
        assert parents == pytest.approx((50, 500 / 6, 75, 400 / 6))

    def test_it_says_how_many_verdicts_chance_may_have_made(self):
        assert self.FOUND.notes[0].startswith("of 4 settled verdicts up to 0.1 are expected")
        assert str(self.FOUND.sel(level="customer", id="parents")).splitlines()[0] == (
            "level customer, id parents: Parents: 52.4 to 81.0 % of requirements met, 71.4 % settled"
        )
        assert (
            str(self.FOUND.sel(level="requirement", id="open"))
            .splitlines()[0]
            .endswith("open: open, 0.0 to 100.0 % of requirements met, 0.0 % settled")
        )
        assert "<svg" in self.FOUND._repr_html_()


def small(*measures: PerformanceMeasure, **parts: object) -> CustomerFocus:
    given = {
        "customers": [Customer("a", "A"), Customer("b", "B")],
        "needs": [Need("n", "a", "n"), Need("m", "b", "m")],
        "requirements": [Requirement("r", "n", "r"), Requirement("s", "m", "s")],
    } | parts
    return CustomerFocus("Office", measures=measures, **given)


MET, MISSED, OPEN = Observed(9), Observed(1), Observed(5, low=4, high=6)


class TestSeveralMeasures:
    @pytest.mark.parametrize(
        ("data", "state"),
        [
            ([MET, MET], "met"),
            ([MET, OPEN], "open"),
            ([MISSED, OPEN], "not met"),
            ([MET, MISSED], "not met"),
            ([MET, None], "met"),
            ([None, None], "not measured"),
            ([Observed(np.nan), None], "not measured"),
        ],
    )  # fmt: skip
    def test_the_worst_of_a_side_counts_and_none_without_data(self, data, state):
        measures = [recorded(key, "r", Target.at_least(5)) for key in ("x", "y")]
        given = {key: one for key, one in zip(("x", "y"), data, strict=True) if one is not None}
        found = scorecard(small(*measures), given).satisfaction()
        assert rows(found, "state")["r"] == (state,)

    def test_a_measure_without_a_target_does_not_count(self):
        found = scorecard(small(recorded("x", "r", None)), {"x": MET}).satisfaction()
        assert rows(found, "state")["r"] == ("not measured",)


class TestWeights:
    def test_a_need_without_requirements_is_not_measured_at_the_mean_weight(self):
        focus = small(
            recorded("x", "r", Target.at_least(5)),
            needs=[Need("n", "a", "n"), Need("bare", "a", "bare")],
            requirements=[
                Requirement("r", "n", "r", importance=3), Requirement("t", "n", "t", importance=1),
            ],
        )  # fmt: skip
        found = rows(scorecard(focus, {"x": MET}).satisfaction(), "met", "not_measured")
        assert found["bare"] == (0, 2)
        assert found["a"] == (3, 3)
        assert found["b"] == (0, 0)

    def test_a_customer_without_needs_has_no_level(self):
        focus = small(needs=[Need("n", "a", "n")], requirements=[])
        row = rows(scorecard(focus, {}).satisfaction(), "low", "high", "value", "settled")["b"]
        assert row == (None,) * 4

    def test_importance_counts_where_every_requirement_of_the_customer_has_one(self):
        requirements = [
            Requirement("r", "n", "r", importance=9), Requirement("t", "n", "t"),
            Requirement("s", "m", "s", importance=9), Requirement("u", "m", "u", importance=1),
        ]  # fmt: skip
        measures = [recorded(f"m{key}", key, Target.at_least(5)) for key in "rs"]
        focus = small(*measures, requirements=requirements,
                      needs=[Need("n", "a", "n"), Need("m", "b", "m")])  # fmt: skip
        found = scorecard(focus, {"mr": MET, "ms": MET}).satisfaction()
        assert rows(found, "low")["a"] == (50,)
        assert rows(found, "low")["b"] == (90,)
        assert rows(found, "low")[""] == (pytest.approx((50 + 90) / 2),)
        assert "requirements count alike where one has no importance: A" in found.notes

    @pytest.mark.parametrize("importance", [0, -1, True, "high", np.inf, np.nan])
    def test_importance_is_a_number_above_0(self, importance):
        with pytest.raises(
            VocabularyError, match=r"Requirement\.importance must be a number above 0"
        ):
            Requirement("r", "n", "r", importance=importance)

    def test_a_need_names_services_that_there_are(self):
        with pytest.raises(VocabularyError, match="refers to 'nothing', which is no Service"):
            small(needs=[Need("n", "a", "n", services=["nothing"])], requirements=[])


class TestGroups:
    def test_each_group_has_its_level_and_measures_without_groups_are_named(self):
        measures = [recorded(key, key[0], Target.at_least(5)) for key in ("r1", "s1", "s2")]
        data = {
            "r1": Observed([9, 1], by={"shop": ["x", "y"]}),
            "s1": Observed([9, 9], by={"shop": ["y", "z"]}),
            "s2": MET,
        }
        found = scorecard(small(*measures), data).satisfaction()
        assert found.keys.names == ("level", "id", "shop")
        states = {
            (row["id"], row["shop"]): row["state"]
            for row in found.sel(level="requirement").to_dicts()
        }
        assert states == {
            ("r", "x"): "met", ("r", "y"): "not met", ("r", "z"): "not measured",
            ("s", "x"): "not measured", ("s", "y"): "met", ("s", "z"): "met",
        }  # fmt: skip
        assert "measures without groups are left out: s2" in found.notes

    def test_of_a_series_the_latest_period_counts(self):
        waits = Observed([9, 1], period=["2026-Q1", "2026-Q2"])
        found = scorecard(
            small(recorded("x", "r", Target.at_least(5))), {"x": waits}
        ).satisfaction()
        assert rows(found, "state")["r"] == ("not met",)
        assert found.keys.names == ("level", "id")

    def test_groups_of_other_names_are_an_error(self):
        measures = [recorded(key, "r", Target.at_least(5)) for key in ("x", "y")]
        data = {"x": Observed([9], by={"shop": ["x"]}), "y": Observed([9], by={"wave": ["x"]})}
        with pytest.raises(LabelError, match="rows meet by the same names"):
            scorecard(small(*measures), data).satisfaction()


@given(
    st.lists(
        st.tuples(st.sampled_from([MET, MISSED, OPEN, None]), st.floats(0.1, 9)),
        min_size=1,
        max_size=8,
    )
)
def test_bounds_hold_the_value_and_weights_add_up(data):
    keys = [f"r{place}" for place in range(len(data))]
    focus = small(
        *(recorded(f"m{key}", key, Target.at_least(5)) for key in keys),
        requirements=[
            Requirement(key, "n" if place % 2 else "m", key, importance=weight)
            for place, (key, (_, weight)) in enumerate(zip(keys, data, strict=True))
        ],
    )
    given_data = {f"m{key}": one for key, (one, _) in zip(keys, data, strict=True) if one}
    found = scorecard(focus, given_data).satisfaction()
    whole = found.sel(level="all", id="")
    assert whole.total == pytest.approx(len(focus.requirements) + sum(
        not focus.requirements_of(need) for need in focus.needs))  # fmt: skip
    some = ~np.isnan(found.value)
    assert (found.low[some] <= found.value[some] + 1e-9).all()
    assert (found.value[some] <= found.high[some] + 1e-9).all()
