"""The message for answers that are not on their scale: what they look like, and what to do."""

from typing import TYPE_CHECKING

from custfocus.messages import near_miss, quoted
from custfocus.results.distinct import is_null, plain

if TYPE_CHECKING:
    from custfocus.responses.scale import Scale

_SHOWN = 5  # answers in the message
_EXAMINED = 10  # answers whose remedies are given
_SEARCHED_ONCE = 2_000  # labels from which on a search is so slow that one answer has to do
_LOOK_ALIKE = 0.92  # "Satisfed" and "Satisfied" are this much alike, "unsatisfied" is not

_OTHER_SCALE = 'pass the scale= that was asked, or list codes for "no answer" in its missing='
_NO_LABELS = (
    "they are texts: name the points in labels=, worst first, and codes for no answer in missing="
)
_HEADER_ROWS = (
    "header rows seem to be left in among the answers: skip them when reading the file, "
    "as pandas does by skiprows=[1, 2]"
)


def off_scale(scale: "Scale", off: list[object]) -> str:
    """The message for the distinct answers that are neither points, labels nor missing codes."""
    shown = ", ".join(map(quoted, off[:_SHOWN])) + (", ..." if len(off) > _SHOWN else "")
    listed = "; ".join(_remedies(scale, off))
    return f"answers not on the scale: [{shown}]; its points are {scale} ({listed})"


def _remedies(scale: "Scale", off: list[object]) -> dict[str, None]:
    """What to do about each kind of answer, each once."""
    if any(map(_is_header, off)):
        return {_HEADER_ROWS: None}
    numbers: set[object] = {*scale.points, *scale.missing}
    texts = [text for text in (*(scale.labels or ()), *scale.missing) if isinstance(text, str)]
    otherwise = _OTHER_SCALE if scale.labels else _NO_LABELS
    return dict.fromkeys(
        _remedy_of_text(answer, texts, numbers, otherwise)
        if isinstance(answer, str)
        else _remedy(answer)
        for answer in off[: _EXAMINED if len(texts) < _SEARCHED_ONCE else 1]
    )


def _is_header(answer: object) -> bool:
    """Whether it is a question's text, or the id that survey platforms export below the names."""
    return isinstance(answer, str) and ("ImportId" in answer or answer.rstrip().endswith("?"))


def _remedy(answer: object) -> str:
    if is_null(answer):
        return 'list None in the missing= of the scale if empty means "no answer"'
    if isinstance(plain(answer), bool):
        return "convert True and False to points of the scale"
    return _OTHER_SCALE


def _remedy_of_text(answer: str, texts: list[str], numbers: set[object], otherwise: str) -> str:
    if answer.strip() in texts:
        return "strip the spaces around texts"
    number = _number(answer)
    if number is not None:
        return "they are texts: convert them to numbers" if number in numbers else _OTHER_SCALE
    meant = near_miss(answer, texts, cutoff=_LOOK_ALIKE)
    return f"{quoted(answer)}: {meant}" if meant else otherwise


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
