"""What the weights of a survey are calibrated on: margins, covariates and their totals."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import (
    GREATEST_SIZE,
    AnswerError,
    OptionError,
    TallyError,
    naming,
    unknown_option,
)
from custfocus.intervals.arguments import is_finite_number, plain_numbers
from custfocus.messages import quoted
from custfocus.results.arrays import Floats, floats, same
from custfocus.results.distinct import is_ordered
from custfocus.results.labels import frame_columns
from custfocus.results.text import kind_text
from custfocus.surveys.population_totals import Totals, as_totals
from custfocus.surveys.row_fields import (
    Labels,
    RowLabels,
    as_weights,
    common_index,
    init_state,
    rebuilt,
)

CalibrationMethod = Literal["raking", "linear", "logit"]

METHODS: tuple[CalibrationMethod, ...] = ("raking", "linear", "logit")


def _check_method(_calibration: object, _field: object, value: object) -> None:
    if value is not None and not (isinstance(value, str) and value in METHODS):
        raise unknown_option("method of calibration", value, METHODS)


@attrs.frozen(eq=False, repr=False, init=False)
class Calibration:
    """
    What the weights of a survey are calibrated on, and what is known of the population.

    A design that has one (`SurveyDesign`, `ReplicateWeights`) takes its weights for base weights
    and multiplies them so that the sample has the totals of the population; the variances of all
    its indices then allow for it: what the margins explain is no error. One margin is
    post-stratification, whatever the method; several are raked.

    Weights that were calibrated elsewhere come with their margins and without totals. Their
    variances allow for it as well.

    Attributes:
        margins: Labels of the respondents by the name of the variable. The cells of a table of
            several variables are one margin with several columns by name, whose labels are
            tuples: ``{"sex and age": {"sex": sex, "age": age}}``.
        totals: By the same names how many members of the population have each label, as
            numbers or shares; and the totals of the covariates, in the same unit (the mean
            times the population). None where the weights are calibrated already.
        covariates: Numbers of the respondents by name, shape (respondents,) each.
        method: How weights depart from the base weights: ``"raking"`` (they stay positive;
            None for it), ``"linear"``, the generalised regression estimator (GREG), or
            ``"logit"``, within *bounds*.
        bounds: For ``"logit"`` the least and the greatest number that a base weight may be
            multiplied by, where 1 is what it takes on average.
        base_weights: Beside weights calibrated already, those from before, which the regression
            on the margins is weighted by; None takes the calibrated ones, which is as good
            where they differ little.
        index: The index of the fields that came from pandas, None for none.

    Raises:
        LabelError: Totals by other names or labels than those of the respondents.
        TallyError: Totals that are no numbers or negative, margins of different populations, and
            labels that no respondent has.
        AnswerError: Fields of different lengths or with different pandas indexes, or labels that
            are empty.
        OptionError: An unknown *method*, or options that do not go together.

    References:
        Deville and Särndal (1992), JASA 87, 376-382. Lumley (2010), Complex Surveys, chapter 7;
        `postStratify`, `rake` and `calibrate` of the R package survey.

    >>> from custfocus import SurveyDesign
    >>> age = ["young", "young", "old", "old", "old"]
    >>> known = {"age": {"young": 50, "old": 50}}
    >>> SurveyDesign(calibration=Calibration({"age": age}, known)).row_weights
    array([25.        , 25.        , 16.66666667, 16.66666667, 16.66666667])
    """

    margins: Mapping[str, RowLabels]
    totals: Mapping[str, Totals | float] | None
    covariates: Mapping[str, Floats]
    method: CalibrationMethod | None = attrs.field(validator=_check_method)
    bounds: tuple[float, float] | None
    base_weights: Floats | None
    index: Any

    def __init__(
        self,
        margins: "Mapping[str, Labels | RowLabels] | None" = None,
        totals: Mapping[str, Totals | float] | None = None,
        *,
        covariates: Mapping[str, ArrayLike] | None = None,
        method: CalibrationMethod | None = None,
        bounds: tuple[float, float] | None = None,
        base_weights: ArrayLike | None = None,
        index: Any = None,  # noqa: ANN401 - pandas is an extra
    ) -> None:
        """Check the fields; see the class."""
        labels = _by_name(margins, "margins", "labels")
        numbers = _by_name(covariates, "covariates", "numbers")
        fields = {f"margin {name}": each for name, each in labels.items()}
        found = common_index({**fields, **numbers, "base_weights": base_weights})
        cast("Any", self).__attrs_init__(
            margins=MappingProxyType(
                {name: _as_labels(each, name) for name, each in labels.items()}
            ),
            totals=totals,
            covariates=MappingProxyType(
                {name: _as_numbers(each, name) for name, each in numbers.items()}
            ),
            method=method,
            bounds=_as_bounds(bounds),
            base_weights=None if base_weights is None else _as_base_weights(base_weights),
            index=index if found is None else found,
        )

    def __attrs_post_init__(self) -> None:
        _check_options(self)
        _check_lengths(self)
        if self.totals is not None:
            found = as_totals(self.margins, tuple(self.covariates), self.totals)
            object.__setattr__(self, "totals", found)

    def __len__(self) -> int:
        return _lengths(self)[0][1]

    @property
    def names(self) -> tuple[str, ...]:
        """What the margins and covariates are called."""
        return (*self.margins, *self.covariates)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Calibration):
            return NotImplemented
        return all(map(same, _stated(self), _stated(other))) and all(
            same(ours, other.covariates[name]) for name, ours in self.covariates.items()
        )

    def __reduce__(self) -> tuple[Any, ...]:
        state = init_state(self)
        for name in ("margins", "totals", "covariates"):
            state[name] = _changeable(state[name])
        return rebuilt, (type(self), state)

    def __repr__(self) -> str:
        how = "given" if self.totals is None else repr(self.method or METHODS[0])
        names = ", ".join(map(repr, self.names))
        return f"Calibration({names}, respondents={len(self)}, method={how})"


def _changeable(mapping: object) -> object:
    """A mapping as it came in, which can be pickled; anything else as it is."""
    if not isinstance(mapping, Mapping):
        return mapping
    fields = cast("Mapping[object, object]", mapping)
    return {name: _changeable(field) for name, field in fields.items()}


def _stated(calibration: Calibration) -> tuple[object, ...]:
    return (
        dict(calibration.margins),
        calibration.totals,
        set(calibration.covariates),
        calibration.method,
        calibration.bounds,
        calibration.base_weights,
    )


def _by_name(given: object, field: str, what: str) -> dict[str, Any]:
    """Columns by name: a mapping or a dataframe."""
    if given is None:
        return {}
    columns = given
    if not isinstance(given, Mapping):
        listed = frame_columns(given)
        if listed is None:
            name = getattr(given, "name", None)
            shown = name if isinstance(name, str) else "region"
            raise AnswerError(
                f"{field} must be {what} by the name of the variable, got {kind_text(given)}; "
                f"write {{{shown!r}: {what}}}"
            )
        columns = {name: cast("Any", given)[name] for name in listed}
    found = cast("Mapping[object, Any]", columns)
    odd = [name for name in found if not isinstance(name, str)]
    if odd:
        raise AnswerError(f"{field} must be called by a text, got {quoted(odd[0])}")
    return {str(name): column for name, column in found.items()}


def _as_labels(labels: "Labels | RowLabels", name: str) -> RowLabels:
    return RowLabels.of(labels, f"margin {name!r}")


def _as_numbers(values: ArrayLike, name: str) -> Floats:
    array = plain_numbers(values, f"covariate {name!r}")
    if array.ndim != 1 or not np.isfinite(array).all():
        got = f"shape {array.shape}" if array.ndim != 1 else f"{array[~np.isfinite(array)][0]:g}"
        raise TallyError(
            f"covariate {name!r} must be one finite number for each respondent, got {got}; "
            "fill in what is not known, or leave these respondents out"
        )
    if np.abs(array).max(initial=0) > GREATEST_SIZE:
        raise TallyError(
            f"covariate {name!r} must be at most {GREATEST_SIZE:g} in size, got "
            f"{np.abs(array).max():g}; divide it, and its total, by a common factor"
        )
    return floats(array)


def _as_base_weights(weights: ArrayLike) -> Floats:
    with naming("base_weights"):
        return as_weights(weights)


def _as_bounds(bounds: object) -> tuple[float, float] | None:
    if bounds is None:
        return None
    pair = list(cast("Iterable[Any]", bounds)) if is_ordered(bounds) else []
    if len(pair) == 2 and all(map(is_finite_number, pair)) and 0 < pair[0] < 1 < pair[1]:
        return float(pair[0]), float(pair[1])
    raise OptionError(
        "bounds must be two numbers with 1 between them, the lower one above 0, such as "
        f"(0.3, 3), got {quoted(bounds)}"
    )


def _check_options(calibration: Calibration) -> None:
    method, bounds, totals = calibration.method, calibration.bounds, calibration.totals
    if totals is None and (method is not None or bounds is not None):
        name = "method" if method is not None else "bounds"
        raise OptionError(
            f"{name} is how weights are calibrated to totals, got it without totals; pass "
            "totals=, or leave it out for weights that are calibrated already"
        )
    if totals is not None and calibration.base_weights is not None:
        raise OptionError(
            "base_weights go with weights that are calibrated already, got them beside totals; "
            "pass them as weights of the design, SurveyDesign(base_weights, calibration=...)"
        )
    if (method == "logit") != (bounds is not None):
        raise OptionError(
            "the method 'logit' needs bounds=, such as (0.3, 3), got none"
            if bounds is None
            else f"only the method 'logit' keeps bounds=, got {bounds} with "
            f"{method or METHODS[0]!r}; choose method='logit'"
        )


def _lengths(calibration: Calibration) -> list[tuple[str, int]]:
    fields: dict[str, Any] = {**calibration.margins, **calibration.covariates}
    if calibration.base_weights is not None:
        fields["base_weights"] = calibration.base_weights
    return [(name, len(field)) for name, field in fields.items()]


def _check_lengths(calibration: Calibration) -> None:
    twice = set(calibration.margins) & set(calibration.covariates)
    if twice:
        raise AnswerError(
            f"a variable must be a margin or a covariate, got {min(twice)!r} as both; take it out "
            "of one"
        )
    if not calibration.names:
        raise AnswerError("a calibration must have margins or covariates, got none of either")
    lengths = _lengths(calibration)
    if len({length for _, length in lengths}) > 1 or not lengths[0][1]:
        raise AnswerError(
            "a calibration must have one entry for each respondent in every field, got "
            f"{dict(lengths)}"
        )
