"""The points and missing codes in the value labels of a variable, as SPSS, Stata and SAS keep them."""

import itertools
import numbers
import re
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

from custfocus.errors import ScaleError
from custfocus.messages import quoted
from custfocus.results.distinct import is_null, is_ordered, plain

_NO_ANSWER = """
    can't choose | can't say | cannot choose | cannot say | declined | dk | do not know | don't know
    | dont know | missing | n/a | na | no answer | no opinion | no response | not answered
    | not applicable | not asked | not reported | not stated | not sure | prefer not to answer
    | prefer not to say | refused | refused to answer | skipped | system missing | unknown | unsure
"""

_KNOWN_ORDERS = """
    no < yes;
    false < true;
    very low < low < medium | moderate | average < high < very high;
    never < rarely | seldom | almost never < sometimes | occasionally
        < often | usually | frequently < almost always < always;
    very poor < poor < fair | average | acceptable < good < very good < excellent;
    terrible < very bad < bad < so-so | ok | okay | neutral | average
        < good < very good < excellent;
    completely dissatisfied | extremely dissatisfied | very dissatisfied < dissatisfied
        < somewhat dissatisfied | slightly dissatisfied | rather dissatisfied
        < neutral | neither | neither satisfied nor dissatisfied
        < somewhat satisfied | slightly satisfied | rather satisfied
        < satisfied < very satisfied | extremely satisfied | completely satisfied;
    completely disagree | strongly disagree | totally disagree < disagree
        < somewhat disagree | slightly disagree | rather disagree
        < neutral | neither | undecided | neither agree nor disagree
        < somewhat agree | slightly agree | rather agree
        < agree < strongly agree | totally agree | completely agree;
    extremely unlikely | very unlikely < unlikely < somewhat unlikely
        < neutral | neither likely nor unlikely
        < somewhat likely < likely < very likely | extremely likely;
    very difficult | extremely difficult < difficult < neutral | neither easy nor difficult
        < easy < very easy | extremely easy;
    much worse < worse < same | the same | about the same < better < much better;
    not at all < slightly | a little < moderately | somewhat < very | quite < extremely
"""


def _words(text: str) -> list[str]:
    return [" ".join(word.split()) for word in text.split("|")]


NO_ANSWER = frozenset(_words(_NO_ANSWER))
"""Labels that name a reason for no answer, in English."""

KNOWN_ORDERS = tuple(
    {word: rank for rank, words in enumerate(order.split("<")) for word in _words(words)}
    for order in _KNOWN_ORDERS.split(";")
)
"""The ranks of words whose order is known, the worst first, in English."""


class PointsAndCodes(NamedTuple):
    """What a scale is made of: points, their labels, and the codes for no answer."""

    points: list[Any]
    labels: list[str]
    missing: list[Any]


def points_and_codes(
    value_labels: object, order: Iterable[object] | None, missing: Iterable[object]
) -> PointsAndCodes:
    """
    The points with their labels, worst first, and all codes for no answer.

    Args:
        value_labels: The label of each code.
        order: The points by code or by label, worst first; None where the codes say it.
        missing: Codes for no answer, by code or by label.

    Raises:
        ScaleError: Where the order is not given and the codes and labels leave it open; an order
            that does not name each point once, or along which the codes go up and down.
    """
    labels = _checked(value_labels)
    silent = set(missing)
    codes = [code for code in labels if code not in silent and labels[code] not in silent]
    points = _open_points(codes, labels) if order is None else _named_points(codes, labels, order)
    gone = [code for code in labels if code not in codes]
    return PointsAndCodes(
        points if _all_numbers(points) else list(range(1, len(points) + 1)),
        [labels[code] for code in points],
        [*missing, *gone, *(labels[code] for code in gone)],
    )


def _checked(value_labels: object) -> dict[Any, str]:
    if not isinstance(value_labels, Mapping):
        raise ScaleError(
            "value_labels must be a dict with a label for each code, such as "
            f"{{1: 'no', 2: 'yes'}}, got {reprlib.repr(value_labels)}"
        )
    labels = cast("Mapping[object, object]", value_labels)
    checked: dict[Any, str] = {}
    for code, label in labels.items():
        if not isinstance(label, str):
            raise ScaleError(f"labels must be texts, got {reprlib.repr(label)} for {quoted(code)}")
        if is_null(code) or isinstance(code, bool):
            raise ScaleError(f"codes must be numbers or texts, got {code!r} for {quoted(label)}")
        checked[_whole(plain(code))] = label
    return checked


def _whole(code: Any) -> Any:  # noqa: ANN401 - a number or a text
    return int(code) if isinstance(code, float) and code.is_integer() else code


def _all_numbers(codes: list[Any]) -> bool:
    return all(isinstance(code, numbers.Real) for code in codes)


def _open_points(codes: list[Any], labels: dict[Any, str]) -> list[Any]:
    """The codes in ascending order, where nothing speaks against it."""
    if not _all_numbers(codes):
        letters = ", ".join(quoted(code) for code in codes if isinstance(code, str))
        raise _unordered(f"the codes {letters} are texts", codes, labels)
    points = sorted(codes)
    silent = [point for point in points if _is_no_answer(labels[point])]
    if silent:
        raise _unordered(f"{_shown(silent, labels)} reads like no answer", points, labels)
    if points not in ([*range(len(points))], [*range(1, len(points) + 1)]):
        raise _unordered("the codes are not consecutive whole numbers from 0 or 1", points, labels)
    for worse, better in _contradictions([labels[point] for point in points]):
        raise _unordered(f"{quoted(worse)} comes before {quoted(better)}", points, labels)
    return points


def _is_no_answer(label: str) -> bool:
    folded = re.sub(r"[\u2018\u2019]", "'", " ".join(label.casefold().split())).strip(" .()[]<>-")
    return folded in NO_ANSWER or any(
        part.strip(" .()") in NO_ANSWER for part in re.split(r"[/,;]| or ", folded)
    )


def _contradictions(labels: list[str]) -> Iterable[tuple[str, str]]:
    """Neighbouring known words of one kind, the better one first, though the last is the best."""
    for ranks in KNOWN_ORDERS:
        known = [label for label in labels if _word(label) in ranks]
        for before, after in itertools.pairwise(known):
            if ranks[_word(before)] > ranks[_word(after)]:
                yield before, after


def _word(label: str) -> str:
    return " ".join(label.casefold().split()).strip(" .")


def _unordered(reason: str, codes: list[Any], labels: dict[Any, str]) -> ScaleError:
    return ScaleError(
        f"the order of the points is open, since {reason}: got {_shown(codes, labels)}; "
        "list the points in order=, worst first, and codes for no answer in missing="
    )


def _shown(codes: list[Any], labels: dict[Any, str]) -> str:
    shown = ", ".join(f"{quoted(code)} {quoted(labels[code])}" for code in codes[:10])
    return shown if len(codes) <= 10 else f"{shown}, ... and {len(codes) - 10} more"


def _named_points(codes: list[Any], labels: dict[Any, str], order: Iterable[object]) -> list[Any]:
    """The codes in the order that was given, by code or by label."""
    if not is_ordered(order):
        raise ScaleError(f"order must be a list of codes or labels, got {reprlib.repr(order)}")
    names = {labels[code]: code for code in codes} | {code: code for code in codes}
    listed = [plain(name) for name in order]
    unknown = [name for name in listed if not _known(name, names)]
    if unknown:
        raise ScaleError(
            f"order must list points of the scale, got {reprlib.repr(unknown)}; "
            f"they are {_shown(codes, labels)}"
        )
    points = [names[name] for name in listed]
    left = [code for code in codes if code not in points]
    if left or len(points) > len(codes):
        raise ScaleError(
            f"order must list each point once, got {reprlib.repr(listed)}; "
            + (
                f"put {_shown(left, labels)} into order= or missing="
                if left
                else "drop the doubles"
            )
        )
    _check_direction(points, labels)
    return points


def _known(name: object, names: dict[Any, Any]) -> bool:
    return isinstance(name, str | numbers.Real) and name in names


def _check_direction(points: list[Any], labels: dict[Any, str]) -> None:
    """An error for codes that answers would be misread by: points must ascend or descend."""
    texts = sum(isinstance(point, str) for point in points)
    if texts == len(points):
        return
    if not texts and points in (sorted(points), sorted(points, reverse=True)):
        return
    names = [labels[point] for point in points]
    raise ScaleError(
        f"the codes {reprlib.repr(points)} neither ascend nor descend in this order, as points "
        f"must; recode the answers to 1 to {len(points)}, or read them by label with "
        f"Scale.likert({len(points)}, labels={reprlib.repr(names)})"
    )
