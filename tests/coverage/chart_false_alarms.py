"""
How often rules and rule sets find special causes: in stable series, and after a shift.

Simulated with fixed seeds, 40,000 series a cell: the Monte Carlo standard error is .05 percentage
points at 1 %, .11 at 5 %, .20 at 20 % and .25 at 50 %. Run as a script it prints

- ``table``: the numbers of custfocus/charts/false_alarm_table.py;
- ``stable``: per cent of stable series with a signal, by rule and by set, at 12, 24 and 48 points;
- ``doubtful``: the same for correlated and skewed series of 24 points;
- ``shift``: per cent with a signal within 6 and 12 points after a shift, the limits frozen on 12, 24
  and 48 stable points before, moving ranges screened or not;
- ``anew``: per cent with a point beyond the limits among the last 12 of 24, after a shift of two
  standard deviations, with limits from the first 12 points and with limits from all.

Values are independent: normal, counts with mean 20 or 4, shares of 100 with p = .1.
"""

import sys
from collections.abc import Callable

import attrs
import numpy as np

from custfocus.charts import (
    RULE_SETS,
    ChartLimits,
    Rule,
    RuleSet,
    c_limits,
    p_limits,
    p_prime_limits,
    points_of,
    run_limits,
    special_causes,
    u_prime_limits,
    xmr_limits,
)

SERIES, SEED = 40_000, 20261128
POINTS = (12, 15, 18, 24, 30, 36, 48, 60, 84, 120)
SHIFTS = (0, 0.5, 1, 2, 3)
_HUNDRED = 100
Drawn = tuple[np.ndarray, ChartLimits]


def known(values, centre, sigma):
    """Limits whose centre and sigma are known, not estimated."""
    full = [
        np.full(values.shape, x) for x in (centre, sigma, centre - 3 * sigma, centre + 3 * sigma)
    ]
    blank = np.full(values.shape, np.nan)
    phases, missing = np.zeros(values.shape[-1], int), np.isnan(values)
    return ChartLimits("xmr", *full, np.full(values.shape, np.inf), blank, phases, None, missing)


def _normal(generator, series, n):
    return generator.normal(size=(series, n))


def _shares(generator, series, n):
    return generator.binomial(_HUNDRED, 0.1, (series, n))


def _counts(mean):
    return lambda generator, series, n: generator.poisson(mean, (series, n)).astype(float)


def _share_chart(limits):
    def chart(drawn, *, screened):
        options = {"screened": screened} if limits is p_prime_limits else {}
        return points_of(drawn, _HUNDRED), limits(drawn, _HUNDRED, **options)

    return chart


CHARTS: dict[str, tuple[Callable, Callable[..., Drawn]]] = {
    "xmr": (_normal, lambda y, *, screened: (y, xmr_limits(y, screened=screened))),
    "p": (_shares, _share_chart(p_limits)),
    "p-prime": (_shares, _share_chart(p_prime_limits)),
    "c": (_counts(20), lambda y, *, screened: (y, c_limits(y))),  # noqa: ARG005
    "u-prime": (
        _counts(20),
        lambda y, *, screened: (y, u_prime_limits(y, np.ones_like(y), screened=screened)),
    ),
    "run": (_normal, lambda y, *, screened: (y, run_limits(y))),  # noqa: ARG005
}
"""How each chart's stable series are drawn, and its points and limits."""

COLUMNS: dict[str, tuple[Callable, Callable[..., Drawn]]] = {
    "normal, known": (_normal, lambda y: (y, known(y, 0, 1))),
    "normal, XmR": (_normal, lambda y: (y, xmr_limits(y))),
    "normal, XmR screened": (_normal, lambda y: (y, xmr_limits(y, screened=True))),
    "mean 4, c": (_counts(4), lambda y: (y, c_limits(y))),
    "mean 20, c": (_counts(20), lambda y: (y, c_limits(y))),
    "100 at .1, p": (_shares, lambda y: (points_of(y, _HUNDRED), p_limits(y, _HUNDRED))),
}


def only(name, function, **options):
    """A set of one rule."""
    return RuleSet(
        id=name, version="", source="", rules=(Rule(function, options),), fewest_points=2
    )


RULES = [
    only("beyond the limits", "beyond_limits"),
    only("two of three, third anywhere", "two_of_three", version="third-anywhere", mark="last"),
    only("two of three, same side", "two_of_three", version="same-side", mark="last"),
    only("... and within the limits", "two_of_three", version="same-side-between", mark="last"),
    only("four of five", "four_of_five", mark="last"),
    *(
        only(f"run of {n}", "run_on_one_side", length=n, on_centre="break", mark="last")
        for n in (6, 7, 8, 9)
    ),
    only("trend of 5, ties skipped", "trend", length=5, ties="skip", mark="last"),
    *(
        only(f"trend of {n}, ties break", "trend", length=n, ties="break", mark="last")
        for n in (6, 7)
    ),
    only("14 alternating", "alternating", length=14, mark="last"),
    only("15 within 1 sigma", "within_one_sigma", length=15, mark="last"),
    only("8 beyond 1 sigma", "beyond_one_sigma", length=8, mark="last"),
    only("Anhøj, long run", "long_run", centre="median"),
    only("Anhøj, few crossings", "few_crossings", centre="median"),
]


def signals(sets, values, limits, *, since=0):
    """Per cent of series with a mark from a period on, by each set: any of its rules has one."""
    by_rule = {}
    for rule in {rule for rules in sets for rule in rules.rules}:
        alone = RuleSet(id="", version="", source="", rules=[rule], fewest_points=2)
        codes = special_causes(values, limits, alone).codes
        by_rule[rule] = (codes[:, since:] >= 0).any(axis=-1)
    return {
        rules.id: 100 * np.logical_or.reduce([by_rule[rule] for rule in rules.rules]).mean()
        for rules in sets
    }


def percent_of_stable(chart, n, sets=None, series=SERIES):
    """Per cent of stable series of a chart in which each set marks anything."""
    draw, charted = CHARTS[chart]
    values = draw(np.random.default_rng([SEED, n]), series, n)
    found = {}
    for screened in (False, True):
        chosen = [one for one in sets or RULE_SETS.values() if one.screened == screened]
        found |= signals(chosen, *charted(values, screened=screened))
    return found


def table():
    """The lines of false_alarm_table.py: by set and chart, one number per entry of POINTS."""
    found = {chart: [percent_of_stable(chart, n) for n in POINTS] for chart in CHARTS}
    lines = [f"POINTS = {POINTS}", "", "FALSE_ALARMS: dict[str, dict[str, tuple[float, ...]]] = {"]
    for name in RULE_SETS:
        lines.append(f'    "{name}": {{')
        for chart, at_points in found.items():
            figures = ", ".join(f"{of_sets[name]:.1f}" for of_sets in at_points)
            lines.append(f'        "{chart}": ({figures}),')
        lines.append("    },")
    return [*lines, "}"]


def stable():
    """Per cent of stable series with a signal, 12/24/48 points."""
    sets = (*RULES, *RULE_SETS.values())
    rows = {one.id: [] for one in sets}
    for draw, charted in COLUMNS.values():
        drawn = [charted(draw(np.random.default_rng([SEED, n]), SERIES, n)) for n in (12, 24, 48)]
        found = [signals(sets, *both) for both in drawn]
        for name, cells in rows.items():
            cells.append("/".join(f"{of_sets[name]:.1f}" for of_sets in found))
    return [
        "| | " + " | ".join(COLUMNS) + " |",
        "|---" * (1 + len(COLUMNS)) + "|",
        *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()),
    ]


def _correlated(r):
    def draw(generator, series, n):
        values = generator.normal(size=(series, n))
        for period in range(1, n):
            values[:, period] = r * values[:, period - 1] + np.sqrt(1 - r * r) * values[:, period]
        return values

    return draw


DOUBTFUL = {
    "independent, normal": _normal,
    "correlation .3": _correlated(0.3),
    "correlation .5": _correlated(0.5),
    "exponential": lambda generator, series, n: generator.exponential(size=(series, n)),
}


def doubtful(series=SERIES):
    """By kind of series and set, per cent of stable series of 24 points with a signal on XmR."""
    found = {}
    for kind, draw in DOUBTFUL.items():
        values = draw(np.random.default_rng([SEED, 24]), series, 24)
        found[kind] = signals(RULE_SETS.values(), values, xmr_limits(values))
    return found


def doubtful_lines(series=SERIES):
    """The table of docs/charts.md."""
    found = doubtful(series)
    return [
        "| rule set | " + " | ".join(found) + " |",
        "|---" + "|---:" * len(found) + "|",
        *(
            f"| `{name}` | " + " | ".join(f"{of[name]:.0f}" for of in found.values()) + " |"
            for name in RULE_SETS
        ),
    ]


def completing(rules):
    """A set that marks the points with which a pattern is complete."""
    marked = [
        attrs.evolve(rule, options={**dict(rule.options), "mark": "last"})
        if "mark" in dict(rule.options)
        else attrs.evolve(rule, options=dict(rule.options))
        for rule in rules.rules
    ]
    return attrs.evolve(rules, rules=marked)


def detected(baseline, shift, series=SERIES, *, screened=True):
    """By set, per cent with a signal within 6 and 12 points after a shift; limits frozen before."""
    sets = [completing(one) for one in (*RULES, *RULE_SETS.values())]
    values = np.random.default_rng([SEED, baseline]).normal(size=(series, baseline + 12))
    values[:, baseline:] += shift
    within = []
    for after in (6, 12):
        y = values[:, : baseline + after]
        limits = xmr_limits(y, screened=screened, baseline=baseline)
        within.append(signals(sets, y, limits, since=baseline))
    return {name: (within[0][name], within[1][name]) for name in within[0]}


def shifts(baseline, *, screened):
    """Per cent of series with a signal within 6 / 12 points after a shift."""
    found = [detected(baseline, shift, screened=screened) for shift in SHIFTS]
    return [
        "| | " + " | ".join(f"{shift} sigma" for shift in SHIFTS) + " |",
        "|---" * (1 + len(SHIFTS)) + "|",
        *(
            f"| {name} | " + " | ".join("{:.0f} / {:.0f}".format(*of[name]) for of in found) + " |"
            for name in found[0]
        ),
    ]


def anew(series=SERIES):
    """Per cent of series with one of the last 12 of 24 points, which are shifted, beyond limits."""
    values = _normal(np.random.default_rng(SEED), series, 24)
    values[:, 12:] += 2
    drawn = {"from the first 12": xmr_limits(values, baseline=12), "from all": xmr_limits(values)}
    beyond = [only("beyond", "beyond_limits")]
    return {name: signals(beyond, values, one, since=12)["beyond"] for name, one in drawn.items()}


def main(what):
    """The lines of one of the tables."""
    if what == "table":
        lines = table()
    elif what == "stable":
        lines = stable()
    elif what == "doubtful":
        lines = doubtful_lines()
    elif what == "anew":
        lines = [f"limits {name}: {found:.1f}" for name, found in anew().items()]
    else:
        lines = []
        for n, screened in ((24, False), (24, True), (12, True), (48, True)):
            ranges = "screened" if screened else "not screened"
            lines += [
                f"after {n} points, moving ranges {ranges}",
                *shifts(n, screened=screened),
                "",
            ]
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main(sys.argv[1])
