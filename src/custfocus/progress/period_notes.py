"""What may have been meant as periods on a scorecard, and is not."""

from collections.abc import Iterator, Mapping

from custfocus.messages import list_names
from custfocus.progress.series_table import PERIOD
from custfocus.progress.unmeasured import Unmeasured
from custfocus.results.days import days_of
from custfocus.results.result import Result
from custfocus.results.text import label_text, printable

_MOST_NAMES = 5  # in a note
_SERIES = 3  # labels; two are as often waves to be compared


def period_notes(parts: Mapping[str, Result], names: Mapping[str, str]) -> Iterator[str]:
    """
    Notes on groups that are called like periods, and on data of all periods beside series.

    Args:
        parts: The results by measure.
        names: The names of the measures.
    """
    known = {key: part for key, part in parts.items() if not isinstance(part, Unmeasured)}
    levels = {
        name: level
        for part in known.values()
        for name, level in zip(part.keys.names, part.keys.levels, strict=True)
    }
    series = [key for key, part in known.items() if PERIOD in part.keys.names]
    pooled = [names[key] for key in known if key not in series]
    for name, level in levels.items():
        texts = all(isinstance(one, str) for one in level)
        if name != PERIOD and len(level) >= _SERIES and texts and all(map(days_of, level)):
            yield printable(
                f"the labels of {label_text(name)!r} are periods: call it 'period' to see them "
                "over time"
            )
    if series and pooled:
        yield printable(
            f"without periods, beside series: {list_names(pooled, _MOST_NAMES)}; give period= where "
            "they have some"
        )
