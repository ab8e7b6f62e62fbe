"""The numbers that may be published, and nothing of those that may not."""

from typing import Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError
from custfocus.responses.scale import Scale
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Counts, Flags, Floats, flags, floats, frozen
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Picture, Result, metric_columns

Respondents = Literal["known", "unknown"]
ALL = "all"  # how a total is printed


def _whole(values: ArrayLike) -> Counts:
    return frozen(values, np.int64)


@attrs.frozen(eq=False, repr=False)
class Suppressed(Result):
    """
    The numbers of an estimate that may be published, totals included; hidden ones are not in it.

    The key ``level`` says what each row is a total over: it lists the names that the row has
    labels of, and is ``"total"`` for all groups together. Other names have no label there.

    Attributes:
        keys: What the rows are called, hidden ones included.
        metric: What is measured.
        scale: The scale of the answers.
        counts: Answers on each point, not weighted, shape (rows, K); 0 where the row is hidden.
        missing_by_reason: Missing answers by reason, shape (rows, reasons), likewise.
        value: The index as quoted; NaN where a row is hidden or has no answers.
        low: Lower limit, likewise.
        high: Upper limit, likewise.
        hidden: Which rows are hidden.
        levels: The names of each level, the finest first.
        minimum: The smallest number of answers that may be published.
        numerator: The smallest number of answers for or against, above 0.
        unanimous: Whether rows whose answers all count alike are hidden.
        respondents: Whether readers are taken to know how many were asked.
        made: How the index was computed.
        kept: Which rows had to stay shown.
        round_to: What all counts are rounded to; None where they are exact.
        plain: Whether answers count alike; of a design there is no sample of what is shown.
        follows: Whether it is protected together with the release before it.
    """

    _keys: Keys
    metric: Metric
    scale: Scale
    counts: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    missing_by_reason: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    hidden: Flags = attrs.field(converter=flags, metadata=BY_ROW)
    levels: tuple[tuple[str, ...], ...]
    minimum: int
    numerator: int
    unanimous: bool
    respondents: Respondents
    made: str
    kept: Flags = attrs.field(converter=flags, metadata=BY_ROW)
    round_to: int | None = None
    plain: bool = True
    follows: bool = False

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self._keys

    @property
    def n(self) -> Floats:
        """Answers in each row, shape (rows,); NaN where it is hidden."""
        return np.where(self.hidden, np.nan, self.counts.sum(axis=-1))

    @property
    def missing(self) -> Floats:
        """How many of each row gave no answer, likewise; NaN as well where that is not shown."""
        unknown = self.hidden | (self.respondents == "unknown")
        return np.where(unknown, np.nan, self.missing_by_reason.sum(axis=-1))

    @property
    def shown(self) -> Tally:
        """
        A sample of the rows that are shown, for any index and comparison.

        Of rows of several levels those of the finest: ``shown`` has groups, and
        ``sel(level="shop").shown`` the shops.

        Raises:
            TallyError: A single row that is hidden; answers of a design.
        """
        if not self.plain:
            raise TallyError(
                "what is shown of a design is numbers only, of which no index or comparison can be "
                "made; compare first, and hide comparisons with either of their sides"
            )
        named = {level_text(names): names for names in self.levels}
        level = [named[str(one)] for one in self.keys.labels("level")]
        finest = max(level, key=len, default=self.levels[0])
        chosen = ~np.ravel(self.hidden) & np.array([one == finest for one in level], np.bool_)
        open_names = [name for name in self.keys.names if name in {*finest, "item"}]
        fixed = tuple(one for one in self.keys.fixed if one[0] not in self._dropped(finest))
        if not open_names and not chosen.any():
            raise TallyError("the row is hidden and gives no sample; choose others with sel()")
        at = [self.keys.names.index(name) for name in open_names]
        rows = np.flatnonzero(chosen)
        keys = Keys(
            open_names,
            [self.keys.levels[one] for one in at],
            self.keys.codes[at][:, rows],
            self.keys.declared & {*open_names},
            fixed,
        )
        counts, missing = (
            part.reshape(-1, part.shape[-1])[rows].reshape(*keys.shape, part.shape[-1])
            for part in (self.counts, self.missing_by_reason)
        )
        return Tally(counts, self.scale, missing, by=keys)

    def _dropped(self, finest: tuple[str, ...]) -> set[str]:
        """The names that rows of a level have no labels of."""
        every = {name for names in self.levels for name in names}
        return {"level"} | (every - {*finest})

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, value, low, high and hidden."""
        text, title, hidden = self.metric.text, self.metric.name, self.hidden
        count = "{:.0f}".format
        found = {
            **metric_columns(self.metric),
            "n": Column(self.n, count, whole=True, hidden=hidden),
            "missing": Column(self.missing, count, whole=True, hidden=hidden),
            "value": Column(self.value, text, title, hidden=hidden),
            "low": Column(self.low, text, hidden=hidden),
            "high": Column(self.high, text, hidden=hidden),
            "hidden": Column(hidden),
        }
        if self.respondents == "unknown":
            del found["missing"]
        return found

    def caption(self) -> str:
        """How the index was made, and what is hidden."""
        if self.round_to is not None:
            few = f"; * hidden: fewer than {self.minimum} answers" if self.hidden.any() else ""
            return f"{self.made} of counts rounded to midpoints of {self.round_to}{few}"
        if not self.hidden.any():
            return self.made
        new = " in all or since the last release" if self.follows else ""
        reasons = [f"fewer than {self.minimum} answers{new}"]
        if self.numerator:
            reasons.append(f"fewer than {self.numerator} for or against")
        if self.unanimous:
            reasons.append("answers all alike")
        return f"{self.made}; * hidden: {', '.join(reasons)}, or complementary suppression"

    def picture(self) -> Picture:
        """The interval on the scale of rows that are shown."""
        metric = self.metric
        return Picture(
            self.value, self.low, self.high, metric.bounds, None, metric.text, metric.name
        )

    def row_texts(self, name: str) -> list[str]:
        """The label of each row by a name; a total is over all labels."""
        named = {level_text(names): {*names, "item", "level"} for names in self.levels}
        levels = map(str, self.keys.labels("level"))
        texts = zip(super().row_texts(name), levels, strict=True)
        return [text if name in named[level] else ALL for text, level in texts]


def level_text(names: tuple[str, ...]) -> str:
    """What the rows of a level are called."""
    return ", ".join(names) or "total"
