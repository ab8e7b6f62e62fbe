"""A measure of a scorecard without numbers, and the reason."""

import attrs
import numpy as np

from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result, count_text, metric_columns
from custfocus.vocabulary.target import Target


@attrs.frozen(eq=False, repr=False)
class Unmeasured(Result):
    """
    A measure of a scorecard without numbers, and the reason.

    Attributes:
        metric: What would be measured.
        target: The target, or None.
        reason: Why there is no number.
    """

    metric: Metric
    target: Target | None
    reason: str
    _keys: Keys = attrs.field(factory=Keys)

    @property
    def keys(self) -> Keys:
        """The keys of a single row."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, target and, in place of a verdict, the reason."""
        target = {} if self.target is None else {"target": Column(np.array(str(self.target)))}
        return {
            **metric_columns(self.metric),
            "n": Column(np.array(0), count_text),
            "missing": Column(np.array(0), count_text),
            **target,
            "verdict": Column(np.array(self.reason), str, align="l"),
        }

    def caption(self) -> str:
        """What would be measured."""
        return self.metric.name

    def sentence(self) -> str:
        """What would be measured, and why it is not."""
        return f"{self.metric.name}: {self.reason}"
