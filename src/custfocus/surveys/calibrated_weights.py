"""Weights calibrated to the totals of a population, and what their variances take."""

from collections.abc import Mapping
from typing import NamedTuple

import attrs
import numpy as np

from custfocus.errors import AnswerError, TallyError
from custfocus.intervals.calibration_factors import (
    Calibrated,
    Directions,
    calibrated_weights,
    distance_of,
)
from custfocus.intervals.design import Stage, numbered, sums
from custfocus.intervals.residuals import Auxiliaries
from custfocus.messages import quoted
from custfocus.results.arrays import Floats, Places, floats
from custfocus.surveys.calibration import Calibration
from custfocus.surveys.population_totals import levels_of


class _Variables(NamedTuple):
    """
    The auxiliary variables of a calibration, an indicator for each label of a margin.

    Respondents of the same labels, who have the same factor, are one row.
    """

    values: Floats  # (rows, variables)
    row: Places  # of each respondent
    names: list[tuple[str, object]]  # of the field, and the label; of a covariate None

    def added_up(self, weights: Floats) -> Floats:
        """The weight of each row."""
        return sums(self.row, weights, len(self.values))

    def columns(self, weights: Floats, columns: Floats) -> Floats:
        """Orthonormal columns of the respondents, from those of the rows."""
        total = np.sqrt(self.added_up(weights))
        by_root = columns / np.where(total > 0, total, 1)[:, None]
        return by_root[self.row] * np.sqrt(weights)[:, None]


@attrs.frozen(eq=False)
class CalibratedWeights:
    """
    The weights of a design that were calibrated.

    Attributes:
        weights: Shape (respondents,).
        base: The weights from before, in the same unit.
        columns: The auxiliary variables times the roots of these, as orthonormal columns; shape
            (respondents, rank).
    """

    weights: Floats = attrs.field(converter=floats)
    base: Floats = attrs.field(converter=floats)
    columns: Floats = attrs.field(converter=floats)

    @classmethod
    def of(cls, calibration: Calibration, weights: Floats) -> "CalibratedWeights":
        """
        The weights of a design, which are base weights or, without totals, calibrated.

        Raises:
            AnswerError: Another number of respondents.
            TallyError: Labels of respondents of weight 0 alone, totals that no weights meet, and
                weights that would be negative.
        """
        if len(calibration) != len(weights):
            raise AnswerError(
                "a design must have one entry for each respondent in every field, got "
                f"{len(weights)} and a calibration of {len(calibration)}"
            )
        variables = _variables(calibration)
        if calibration.totals is None:
            base = weights if calibration.base_weights is None else calibration.base_weights
            _check_base(weights, base)
            directions = Directions.of(variables.added_up(base), variables.values)
            return cls(weights, base, variables.columns(base, directions.columns))
        _check_counted(calibration, weights)
        base = weights * scale_of(calibration, weights)
        calibrated, columns = _solved(calibration, variables, base)
        _check_positive(calibration, calibrated, base)
        return cls(calibrated, base, variables.columns(base, columns))

    @property
    def factors(self) -> Floats:
        """What each weight was multiplied by, 1 on average; NaN for a weight of 0."""
        some = self.base > 0
        ratio = self.weights / np.where(some, self.base, np.nan)
        return np.asarray(ratio * (self.base.sum() / self.weights.sum()))

    def auxiliaries(self, stages: tuple[Stage, ...] = ()) -> Auxiliaries:
        """
        What variances take, for weights divided by the largest.

        Args:
            stages: With the unit of each respondent; none for replicate weights.
        """
        most = self.weights.max()
        weights, base = self.weights / most, self.base / most
        counted, root = weights > 0, np.sqrt(base)
        divisor = np.where(counted, weights, 1)
        coefficients = self.columns * np.where(counted, root / divisor, 0)[:, None]
        spread = np.where(counted, base / divisor**2, 0)
        leverage = np.minimum((self.columns**2).sum(axis=1), 1)
        totals = self.columns * np.where(counted, weights / np.where(root > 0, root, 1), 0)[:, None]
        units = tuple(_added_up(totals, stage) for stage in stages)
        every = np.arange(len(weights))
        return Auxiliaries(coefficients, spread, spread * (1 - leverage), units, every)


def scale_of(calibration: Calibration, weights: Floats) -> float:
    """What brings base weights to the population, which margins tell."""
    totals = (calibration.totals or {}).values()
    sizes = [sum(counts.values()) for counts in totals if isinstance(counts, Mapping)]
    return float(sizes[0] / weights.sum()) if sizes else 1.0


def recalibrated(calibration: Calibration, replicates: Floats, scale: float) -> Floats:
    """
    Replicate weights, each calibrated as the weights were; shape (respondents, replicates).

    Args:
        calibration: With totals.
        replicates: Base weights of each replicate.
        scale: What the base weights themselves were multiplied by at first.

    Raises:
        TallyError: Totals that a replicate can't meet, and negative replicate weights.
    """
    if (replicates < 0).any():
        raise TallyError(
            f"replicates that are calibrated must not be negative, got {replicates.min():g}; "
            "those which were calibrated elsewhere are taken as they are, without calibration="
        )
    variables = _variables(calibration)
    found = np.empty(replicates.shape, order="F")
    for place, column in enumerate(replicates.T):
        where = f" in replicate {place + 1}"
        found[:, place] = _solved(calibration, variables, column * scale, where)[0]
    return found


def _variables(calibration: Calibration) -> _Variables:
    respondents = len(calibration)
    row = np.arange(respondents)
    if not calibration.covariates:
        row = np.zeros(respondents, np.intp)
        for labels in calibration.margins.values():
            row = numbered(row, labels.codes)[2]
    first = np.zeros(row.max() + 1, np.intp)
    first[row[::-1]] = np.arange(respondents)[::-1]
    columns: list[Floats] = []
    names: list[tuple[str, object]] = []
    for name, labels in calibration.margins.items():
        levels = levels_of(labels)
        indicators = labels.codes[first][:, None] == np.arange(len(levels))
        columns.append(indicators.astype(np.float64))
        names.extend((name, level) for level in levels)
    for name, values in calibration.covariates.items():
        columns.append(values[first][:, None])
        names.append((name, None))
    return _Variables(np.hstack(columns), row, names)


def _goal(calibration: Calibration) -> Floats:
    """The total of each variable, those of margins in proportion to the first of them."""
    parts: list[Floats] = []
    size = 0.0
    for total in (calibration.totals or {}).values():  # in the order of the fields
        if isinstance(total, Mapping):
            counts = np.array(list(total.values()))
            size = size or float(counts.sum())
            parts.append(counts * (size / counts.sum()))
        else:
            parts.append(np.array([total]))
    return np.concatenate(parts)


def _solved(
    calibration: Calibration, variables: _Variables, base: Floats, where: str = ""
) -> tuple[Floats, Floats]:
    """The weights that meet the totals, and the variables of the rows as orthonormal columns."""
    method, bounds = calibration.method or "raking", calibration.bounds or (0.0, np.inf)
    goal, rows = _goal(calibration), variables.added_up(base)
    found = calibrated_weights(rows, variables.values, goal, distance_of(method, bounds))
    vanished = (found.weights == 0) & (rows > 0)
    if not found.solved or vanished.any():
        raise TallyError(_unmet(variables, goal, found, where, method))
    factors = found.weights / np.where(rows > 0, rows, 1)
    return base * factors[variables.row], found.columns


def _unmet(variables: _Variables, goal: Floats, found: Calibrated, where: str, method: str) -> str:
    """Which total is farthest off, and what may be done."""
    worst = int(np.argmax(np.abs(found.off)))
    name, label = variables.names[worst]
    what = f"the covariate {name!r}" if label is None else f"{quoted(label)} of the margin {name!r}"
    reached = goal[worst] + found.off[worst] * max(abs(goal[worst]), 1e-300)
    remedy = "put labels together that few respondents have, or leave a margin out"
    if method == "logit":
        remedy = f"widen bounds=, or {remedy}"
    return (
        f"calibration must meet all totals, got {reached:.6g} in place of {goal[worst]:.6g} for "
        f"{what}{where}, as near as {method!r} comes; {remedy}"
    )


def _check_counted(calibration: Calibration, weights: Floats) -> None:
    """An error where nobody who counts has a label."""
    for name, labels in calibration.margins.items():
        levels = levels_of(labels)
        counted = sums(labels.codes, weights, len(levels))
        empty = np.flatnonzero(counted == 0)
        if empty.size:
            raise TallyError(
                f"every label of the margin {name!r} must have a respondent of positive weight, "
                f"got none for {quoted(levels[empty[0]])}; put it together with a label like it, "
                "in the margin and in the totals"
            )


def _check_base(weights: Floats, base: Floats) -> None:
    odd = np.flatnonzero((base == 0) & (weights > 0))
    if odd.size:
        raise TallyError(
            "base_weights must be positive where weights are, got 0 beside "
            f"{weights[odd[0]]:g}; give 0 in both to respondents who must not count"
        )


def _check_positive(calibration: Calibration, weights: Floats, base: Floats) -> None:
    odd = (weights <= 0) & (base > 0)
    if odd.any():
        raise TallyError(
            f"calibrated weights must be positive, got {weights.min():g} by the method "
            f"{calibration.method!r} ({odd.sum():,} of {len(weights):,} respondents are 0 or "
            "below); choose method='raking', or 'logit' with bounds="
        )


def _added_up(totals: Floats, stage: Stage) -> Floats:
    """The totals of the units of a stage, shape (units, rank)."""
    found = np.empty((len(stage.strata), totals.shape[1]))
    for target, column in zip(found.T, totals.T, strict=True):
        target[:] = sums(stage.units, column, len(found))
    return found
