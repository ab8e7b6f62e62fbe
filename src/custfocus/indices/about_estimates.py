"""What results have in common that say more of each row of an estimate: ranks, limits, plans."""

import attrs

from custfocus.indices.estimate import Estimate
from custfocus.results.arrays import Counts, Floats
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result


@attrs.frozen(eq=False, repr=False)
class AboutEstimate(Result):
    """
    More of each row of an estimate.

    Attributes:
        estimate: The estimate.
    """

    estimate: Estimate

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self.estimate.keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.estimate.metric

    @property
    def n(self) -> Counts:
        """Answers in each row."""
        return self.estimate.n

    @property
    def value(self) -> Floats:
        """The index as quoted."""
        return self.estimate.value

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the estimate."""
        return self.estimate.notes

    def estimate_columns(self) -> dict[str, Column]:
        """The columns of the estimate, its limits in data only: others are printed beside."""
        columns = self.estimate.columns()
        return columns | {name: columns[name]._replace(text=None) for name in ("low", "high")}
