"""A survey that comes with replicate weights, in place of strata and clusters."""

from typing import Any, Literal, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, TallyError, unknown_option
from custfocus.intervals.arguments import check_flag, is_finite_number, plain_numbers
from custfocus.intervals.replication import Replicates, ranks
from custfocus.results.arrays import Flags, Floats, Places, floats, same
from custfocus.surveys.calibrated_weights import CalibratedWeights, recalibrated, scale_of
from custfocus.surveys.calibration import Calibration
from custfocus.surveys.row_fields import as_weights, common_index, init_state, rebuilt
from custfocus.surveys.survey_design import as_calibration, check_degrees_of_freedom

ReplicateKind = Literal["jk1", "jk2", "jkn", "brr", "fay", "bootstrap", "sdr", "other"]

KINDS: tuple[ReplicateKind, ...] = (
    "jk1",
    "jk2",
    "jkn",
    "brr",
    "fay",
    "bootstrap",
    "sdr",
    "other",
)
_NEEDS: dict[str, str] = {"jkn": "rscales", "fay": "rho", "other": "scale"}
_TAKES: dict[str, set[str]] = {
    "jk1": {"scale", "rscales"},
    "jkn": {"scale", "rscales"},
    "fay": {"rho"},
    "bootstrap": {"scale", "rscales"},
    "other": {"scale", "rscales"},
}
_UNLIKE = 5.0  # times as much on average: replicates that are no weights, but factors of them


def _as_replicates(replicates: ArrayLike) -> Floats:
    array = plain_numbers(replicates, "replicates")
    if array.ndim != 2 or array.shape[1] < 2:
        raise TallyError(
            "replicates must be two columns of weights or more, with a row for each respondent, "
            f"got shape {array.shape}"
        )
    if not np.isfinite(array).all():
        raise TallyError(
            f"replicates must be finite, got {array[~np.isfinite(array)][0]:g}; "
            "give 0 to respondents who are not in a replicate"
        )
    columns = np.array(array, order="F")  # which the sums go through one by one
    columns.setflags(write=False)
    return columns


def _as_rscales(rscales: ArrayLike | None) -> Floats | None:
    return None if rscales is None else floats(plain_numbers(rscales, "rscales"))


def _check_kind(_design: object, _field: "attrs.Attribute[ReplicateKind]", value: object) -> None:
    if not isinstance(value, str) or value not in KINDS:
        raise unknown_option("kind", value, KINDS)


def _check_scale(
    _design: object, _field: "attrs.Attribute[float | None]", value: float | None
) -> None:
    if value is not None and not (is_finite_number(value) and value > 0):
        raise OptionError(f"scale must be a positive number, got {value!r}")


def _check_rho(
    _design: object, _field: "attrs.Attribute[float | None]", value: float | None
) -> None:
    if value is not None and not (is_finite_number(value) and 0 <= value < 1):
        raise OptionError(f"rho must be from 0 to below 1, got {value!r}")


def _check_mse(_design: object, _field: "attrs.Attribute[bool]", value: object) -> None:
    check_flag(value, "mse")


def _check_rscales(
    design: "ReplicateWeights", _field: "attrs.Attribute[Floats | None]", value: Floats | None
) -> None:
    if value is None:
        return
    columns = design.replicates.shape[1]
    if value.shape != (columns,):
        raise OptionError(
            f"rscales must be one number for each of the {columns} replicates, "
            f"got shape {value.shape}"
        )
    if not (np.isfinite(value) & (value >= 0)).all() or not value.any():
        raise OptionError(f"rscales must be finite, not negative and not all 0, got {value}")


def _standard_scale(design: "ReplicateWeights") -> float:
    columns = design.replicates.shape[1]
    rho = 0.0 if design.rho is None else design.rho
    scales: dict[str, float] = {
        "jk1": (columns - 1) / columns,
        "brr": 1 / columns,
        "fay": 1 / (columns * (1 - rho) ** 2),
        "bootstrap": 1 / (columns - 1),
        "sdr": 4 / columns,
    }
    return scales.get(design.kind, 1.0)


@attrs.frozen(eq=False, repr=False, init=False)
class ReplicateWeights:
    """
    The weights of a survey and its replicate weights, which stand for how it was drawn.

    Each column of replicate weights is what the weights would have been in a sample drawn a
    little differently; how much an estimate changes from one to the next tells its variance.
    They come with the data of a survey and are not made here. Everybody who was drawn belongs
    in it: parts are asked for as domains.

    Attributes:
        weights: How many members of the population each respondent stands for, up to a common
            factor, shape (respondents,); 0 for those who must not count, in no replicate
            either.
        replicates: The weight of each respondent in each of R replicates, shape (respondents,
            R); of any sign, as raking may leave them. (Where they come as factors of the
            weights, multiply them first.)
        kind: How they were made, which tells what the sum of squares is multiplied by:
            ``"jk1"`` (jackknife, one cluster left out), (R - 1) / R; ``"jkn"`` (one cluster of
            a stratum left out), *rscales*; ``"jk2"`` (of pairs), 1; ``"brr"`` (balanced half
            samples), 1 / R; ``"fay"`` (half samples of weights rho and 2 - rho), 1 / (R (1 -
            rho)²); ``"bootstrap"``, 1 / (R - 1); ``"sdr"`` (successive differences), 4 / R;
            ``"other"``, *scale*.
        scale: That factor, where the survey's guide has another one.
        rscales: A factor for each replicate besides, shape (R,); 1 by default.
        rho: Fay's, from 0 to below 1.
        mse: Whether squares are taken about the estimate by the weights themselves, as most
            guides have it, and not about the mean of the replicates, as R's survey has it
            by default.
        degrees_of_freedom: Those of every variance where the survey's guide fixes them; None
            for the rank of the replicate weights of a domain less 1.
        calibration: What the weights and those of each replicate are to be calibrated on; None
            where the survey's producer did so, or nobody.
        index: The index of the fields that came from pandas, None for none. Answers and groups
            must have the same.
        calibrated: The weights after calibration; None without one.
        recalibrated: The replicate weights after it, likewise.

    Raises:
        TallyError: Weights that are negative, not finite or all 0; replicates of another number
            of respondents or that are factors of the weights.
        AnswerError: Fields with different pandas indexes.
        OptionError: An unknown *kind*, without what it needs or with what it does not take;
            *degrees_of_freedom* below 1; a *calibration* without totals.

    References:
        Wolter (2007), Introduction to Variance Estimation, 2nd ed., chapters 3 and 4; names
        and factors are those of `svrepdesign` of the R package survey.

    >>> ReplicateWeights([1, 1, 2], [[0, 1.5, 1.5], [1.5, 0, 1.5], [3, 3, 0]], "jk1")
    ReplicateWeights(respondents=3, replicates=3, kind='jk1', degrees_of_freedom=2)
    """

    weights: Floats = attrs.field(converter=as_weights)
    replicates: Floats = attrs.field(converter=_as_replicates)
    kind: ReplicateKind = attrs.field(validator=_check_kind)
    scale: float | None = attrs.field(validator=_check_scale)
    rscales: Floats | None = attrs.field(converter=_as_rscales, validator=_check_rscales)
    rho: float | None = attrs.field(validator=_check_rho)
    mse: bool = attrs.field(validator=_check_mse)
    degrees_of_freedom: float | None = attrs.field(validator=check_degrees_of_freedom)
    calibration: Calibration | None = attrs.field(converter=as_calibration)
    index: Any = attrs.field()
    calibrated: CalibratedWeights | None = attrs.field(default=None, init=False)
    recalibrated: Floats | None = attrs.field(default=None, init=False)

    def __init__(
        self,
        weights: ArrayLike,
        replicates: ArrayLike,
        kind: ReplicateKind,
        *,
        scale: float | None = None,
        rscales: ArrayLike | None = None,
        rho: float | None = None,
        mse: bool = False,
        degrees_of_freedom: float | None = None,
        calibration: Calibration | None = None,
        index: Any = None,  # noqa: ANN401 - pandas is an extra
    ) -> None:
        """Check the fields; see the class."""
        found = common_index(
            {"weights": weights, "replicates": replicates, "calibration": calibration}
        )
        cast("Any", self).__attrs_init__(
            weights=weights,
            replicates=replicates,
            kind=kind,
            scale=scale,
            rscales=rscales,
            rho=rho,
            mse=mse,
            degrees_of_freedom=degrees_of_freedom,
            calibration=calibration,
            index=index if found is None else found,
        )

    def __attrs_post_init__(self) -> None:
        given = {name for name in ("scale", "rscales", "rho") if getattr(self, name) is not None}
        if self.kind in _NEEDS and _NEEDS[self.kind] not in given:
            raise OptionError(
                f"the kind {self.kind!r} needs {_NEEDS[self.kind]}=, got none; "
                "the survey's guide has it"
            )
        unused = given - _TAKES.get(self.kind, set())
        if unused:
            raise OptionError(
                f"the kind {self.kind!r} takes no {min(unused)}=, got {getattr(self, min(unused))}"
            )
        if len(self.replicates) != len(self.weights):
            raise TallyError(
                "replicates must have a row for each respondent, got "
                f"{len(self.replicates)} for {len(self.weights)} weights"
            )
        weight, replicate = float(self.weights.mean()), float(self.replicates.mean())
        if not weight / _UNLIKE < replicate < weight * _UNLIKE:
            raise TallyError(
                "replicates must be weights like the others, got a mean of "
                f"{replicate:g} where that of weights is {weight:g}; multiply factors by the "
                "weights"
            )
        if self.calibration is not None:
            _calibrate(self, self.calibration)

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def factors(self) -> Floats:
        """What the square of each replicate is multiplied by, shape (R,)."""
        scale = _standard_scale(self) if self.scale is None else self.scale
        return scale * (np.ones(self.replicates.shape[1]) if self.rscales is None else self.rscales)

    @property
    def nominal_degrees_of_freedom(self) -> float:
        """The fixed ones, else the rank of the replicate weights of those who count, less 1."""
        if self.degrees_of_freedom is not None:
            return self.degrees_of_freedom
        counted = self.replicates[self.weights > 0]
        everyone: Places = np.zeros(len(counted), dtype=np.intp)
        return float(ranks(counted, everyone, 1)[0]) - 1

    @property
    def row_weights(self) -> Floats:
        """The weight of each respondent that counts: calibrated, where that was asked for."""
        return self.weights if self.calibrated is None else self.calibrated.weights

    @property
    def applied(self) -> "ReplicateWeights":
        """The weights that count as a survey of their own, without calibration."""
        if self.recalibrated is None:
            return self
        return attrs.evolve(
            self, weights=self.row_weights, replicates=self.recalibrated, calibration=None
        )

    def rows(self, which: Flags) -> Replicates:
        """The replicate weights of some respondents, for `custfocus.intervals`."""
        chosen = np.asfortranarray(self.replicates[which])
        return Replicates(chosen, self.factors, self.mse)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ReplicateWeights):
            return NotImplemented
        return all(map(same, _stated(self), _stated(other)))

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, (type(self), init_state(self))

    def __repr__(self) -> str:
        return (
            f"ReplicateWeights(respondents={len(self)}, replicates={self.replicates.shape[1]}, "
            f"kind={self.kind!r}, degrees_of_freedom={self.nominal_degrees_of_freedom:g}"
            f"{'' if self.calibration is None else ', calibrated'})"
        )


def _calibrate(design: ReplicateWeights, calibration: Calibration) -> None:
    """Calibrate the weights and each replicate."""
    if calibration.totals is None:
        raise OptionError(
            "a calibration of replicate weights needs totals=, got none; replicates that were "
            "calibrated with the weights say all by themselves, so leave calibration= out"
        )
    weights = CalibratedWeights.of(calibration, design.weights)
    scale = scale_of(calibration, design.weights)
    replicates = recalibrated(calibration, design.replicates, scale)
    replicates.setflags(write=False)
    object.__setattr__(design, "calibrated", weights)
    object.__setattr__(design, "recalibrated", replicates)


def _stated(design: ReplicateWeights) -> tuple[object, ...]:
    options = (design.kind, design.rho, design.mse, design.degrees_of_freedom)
    return (*options, design.calibration, design.weights, design.replicates, design.factors)
