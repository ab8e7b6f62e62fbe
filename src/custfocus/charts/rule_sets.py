"""
Rule sets as data, each with its version and source.

References:
    Western Electric (1956), Statistical Quality Control Handbook. Nelson (1984), Journal of
    Quality Technology 16, 237-239. NHS England, Making Data Count, and the R package
    NHSRplotthedots. Anhøj and Olesen (2014), PLoS ONE 9, e113825.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from custfocus.charts.patterns import RULES, check_options
from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import check_flag, checked_whole
from custfocus.messages import quoted

Option = int | str
FEWEST_POINTS = 12
"""Points that a verdict rests on at least."""


def _pairs(options: Mapping[str, Option]) -> tuple[tuple[str, Option], ...]:
    """Options by name, or the pairs of a rule that is made anew."""
    try:
        pairs = dict(options)
    except (TypeError, ValueError):
        pairs = None
    if pairs is None or not all(isinstance(name, str) for name in pairs):
        raise OptionError(
            f"options of a rule must be values by name, got {quoted(options)}; "
            "write {'length': 7} with those of the rule"
        )
    return tuple(sorted(pairs.items()))


def _in_order(rules: Iterable["Rule"]) -> tuple["Rule", ...]:
    if isinstance(rules, list | tuple) and rules and all(isinstance(one, Rule) for one in rules):
        return tuple(rules)
    raise OptionError(
        f"rules must be a list of at least one Rule, got {quoted(rules)}; "
        "write [Rule('beyond_limits')]"
    )


@attrs.frozen
class Rule:
    """
    One rule of a set: a function of `custfocus.charts` by its name, with its options.

    Attributes:
        function: Its name: ``"beyond_limits"``, ``"two_of_three"``, ``"trend"`` ...
        options: All of its options, as pairs of name and value; given as a mapping.
    """

    function: str
    options: tuple[tuple[str, Option], ...] = attrs.field(default=(), converter=_pairs)

    def __attrs_post_init__(self) -> None:
        """Only rules that exist, with all of their options."""
        choose("rule", self.function, RULES)
        check_options(self.function, dict(self.options))


@attrs.frozen(kw_only=True)
class RuleSet:
    """
    The rules that a school of control charts uses, and how it reads their marks.

    Attributes:
        id: Its name, with the version where several are in use.
        version: Which edition of the source it follows.
        source: Where the rules are written down.
        rules: In order of precedence: a point carries the name of the first that marks it.
        screened: Whether the source screens moving ranges (`xmr_limits`); the limits are computed
            by the caller.
        fewest_points: Points of a phase below which it marks none.
        trend_direction: A trend points to the ``"move"`` of its points, or to the ``"side"`` of
            the centre that they lie on.
        conflict: Where rules that mark a point disagree on its direction, that of the first rule
            holds (``"precedence"``), or an ``"improvement"`` does.
    """

    id: str
    version: str
    source: str
    rules: tuple[Rule, ...] = attrs.field(converter=_in_order)
    screened: bool = False
    fewest_points: int = FEWEST_POINTS
    trend_direction: Literal["move", "side"] = "move"
    conflict: Literal["precedence", "improvement"] = "precedence"

    def __attrs_post_init__(self) -> None:
        """Only texts, options and numbers that a rule set can have."""
        for name in ("id", "version", "source"):
            if not isinstance(getattr(self, name), str):
                raise OptionError(
                    f"{name} of a rule set must be a text, got {quoted(getattr(self, name))}; "
                    f"write {name}='...'"
                )
        check_flag(self.screened, "screened")
        checked_whole(self.fewest_points, "fewest_points", 1)
        choose("trend_direction", self.trend_direction, dict.fromkeys(("move", "side")))
        choose("conflict", self.conflict, dict.fromkeys(("precedence", "improvement")))


_PTD = "R package NHSRplotthedots"
_MDC = "NHS England, Making Data Count, single chart tool (Excel)"
_BEYOND = Rule("beyond_limits")
_ANHOEJ = (Rule("long_run", {"centre": "median"}), Rule("few_crossings", {"centre": "median"}))


def _mdc(version: str) -> tuple[Rule, ...]:
    """The four rules of Making Data Count in their order, with a wording of two-of-three."""
    return (
        _BEYOND,
        Rule("trend", {"length": 7, "ties": "break", "mark": "all"}),
        Rule("two_of_three", {"version": version, "mark": "all"}),
        Rule("run_on_one_side", {"length": 7, "on_centre": "break", "mark": "all"}),
    )


def _classical(run: int) -> tuple[Rule, ...]:
    """Western Electric's four rules, which Nelson's begin with."""
    return (
        _BEYOND,
        Rule("two_of_three", {"version": "third-anywhere", "mark": "last"}),
        Rule("four_of_five", {"mark": "last"}),
        Rule("run_on_one_side", {"length": run, "on_centre": "break", "mark": "last"}),
    )


RULE_SETS: dict[str, RuleSet] = {
    one.id: one
    for one in (
        RuleSet(
            id="anhoej-3sigma",
            version="2014",
            source="Anhøj and Olesen (2014), PLoS ONE 9, e113825, with Shewhart's limits",
            rules=(_BEYOND, *_ANHOEJ),
        ),
        RuleSet(
            id="anhoej",
            version="2014",
            source="Anhøj and Olesen (2014), PLoS ONE 9, e113825",
            rules=_ANHOEJ,
        ),
        RuleSet(
            id="ptd-0.1.0",
            version="0.1.0 (2021)",
            source=_PTD,
            rules=_mdc("any-side-between"),
            screened=True,
            fewest_points=2,
            trend_direction="side",
        ),
        RuleSet(
            id="ptd-0.2.2",
            version="0.2.2 (2025-09)",
            source=_PTD,
            rules=_mdc("same-side-between"),
            screened=True,
            fewest_points=2,
        ),
        RuleSet(
            id="mdc-excel",
            version="before 2023-11",
            source=_MDC,
            rules=_mdc("same-side-between"),
        ),
        RuleSet(
            id="nhs-mdc-2024",
            version="announced 2023-11-06",
            source=_MDC,
            rules=_mdc("same-side"),
            fewest_points=13,
            conflict="improvement",
        ),
        RuleSet(
            id="western-electric",
            version="1956",
            source="Western Electric (1956), Statistical Quality Control Handbook",
            rules=_classical(8),
        ),
        RuleSet(
            id="nelson",
            version="1984",
            source="Nelson (1984), Journal of Quality Technology 16, 237-239",
            rules=(
                *_classical(9),
                Rule("trend", {"length": 6, "ties": "break", "mark": "last"}),
                Rule("alternating", {"length": 14, "mark": "last"}),
                Rule("within_one_sigma", {"length": 15, "mark": "last"}),
                Rule("beyond_one_sigma", {"length": 8, "mark": "last"}),
            ),
        ),
    )
}
"""The shipped rule sets by id."""
