"""Waves or surveys as one sample with a key more, to be compared with their covariance."""

from collections.abc import Hashable, Sequence

import attrs
import numpy as np

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import check_flag
from custfocus.intervals.design import Stage
from custfocus.intervals.residuals import Auxiliaries
from custfocus.responses.sample import check_not_items
from custfocus.results.arrays import Floats
from custfocus.results.distinct import identity, is_ordered
from custfocus.results.keys import Keys
from custfocus.surveys.contents import Content, concatenated
from custfocus.surveys.counted_cells import CountedCells, check_same, check_same_options
from custfocus.surveys.sampled_rows import SampledRows
from custfocus.surveys.survey_tally import SurveyTally, added_up, beside


def stack(
    *tallies: SurveyTally, shared_clusters: bool = False, **labels: tuple[object, ...]
) -> SurveyTally:
    """
    Several surveys as one, with a key more that tells them apart.

    Rows of the result are compared with the covariance of its design, `compare(csat(stacked),
    wave=("after", "before"))`, and are ranked and tested together.

    Args:
        *tallies: Two or more, on the same scale and by the same names; a row that one of them
            lacks has n = 0.
        shared_clusters: Whether strata and clusters of the same labels are the same ones: a
            panel, whose clusters are the respondents, or districts visited again. If not, each
            survey is a stratum of its own, and their rows are independent.
        **labels: The new key and the label of each tally, such as ``wave=("before", "after")``;
            by default ``survey`` with 1, 2 and so on.

    Returns:
        A tally of all respondents. Weights need no common unit, since every domain is divided
        by its own sum.

    Raises:
        TallyError: Fewer than two tallies, rows of one and the same survey, tallies of other
            scales or options of the design; replicate weights; shared clusters without
            clusters or with finite populations.
        LabelError: Tallies by other names, or names that are reserved.
        OptionError: Not one key with a label for each tally.

    References:
        Lumley (2010), Complex Surveys, chapter 2. Example: three of five members of a panel
        were asked twice; their clusters are themselves.

    >>> from custfocus import Scale
    >>> from custfocus.surveys import SurveyDesign
    >>> first = SurveyTally.of([5, 3, 4, 2], SurveyDesign(clusters=[1, 2, 3, 4]), Scale.likert(5))
    >>> second = SurveyTally.of([5, 4, 4, 1], SurveyDesign(clusters=[1, 2, 3, 5]), Scale.likert(5))
    >>> stack(first, second, wave=("before", "after"), shared_clusters=True).n
    array([4, 4])
    """
    _check_tallies(tallies)
    check_flag(shared_clusters, "shared_clusters")
    name, level = _key(labels, len(tallies))
    keys = tallies[0].keys
    for each in tallies[1:]:
        keys, _, _ = keys.united(each.keys)
        check_not_items(_other_items(keys, each.keys), "stacked")
    return beside(tallies, keys, name, level, _shared if shared_clusters else _side_by_side)


def _check_tallies(tallies: tuple[object, ...]) -> None:
    for each in tallies:
        if not isinstance(each, SurveyTally):
            raise TallyError(
                f"stack takes tallies of surveys, got a {type(each).__name__}; give its answers a "
                "SurveyDesign"
            )
    surveys = [each for each in tallies if isinstance(each, SurveyTally)]
    if len(surveys) < 2:
        raise TallyError(f"stack takes two tallies or more, got {len(surveys)}")
    if len({each.identity for each in surveys}) < len(surveys):
        raise TallyError(
            "stack takes tallies of different surveys, got rows of the same one twice; compare "
            "these as they are"
        )
    for each in surveys[1:]:
        check_same("scale", surveys[0].scale, each.scale)


def _key(labels: dict[str, tuple[object, ...]], number: int) -> tuple[str, tuple[object, ...]]:
    """The new name and its labels."""
    if not labels:
        return "survey", tuple(range(1, number + 1))
    [(name, level), *more] = labels.items()
    given = tuple(level) if is_ordered(level) else ()
    if more or len(given) != number or _different(given) != number:
        raise OptionError(
            f"stack takes one key with a label for each of the {number} tallies, got {labels!r}; "
            "write wave=('before', 'after')"
        )
    return name, given


def _different(labels: tuple[object, ...]) -> int:
    """How many labels differ; none may be a collection."""
    hashable = all(isinstance(label, Hashable) for label in labels)
    return len({*map(identity, labels)}) if hashable else 0


def _other_items(united: Keys, keys: Keys) -> tuple[str, ...]:
    """The name of the item where it is fixed and another one than before."""
    return ("item",) if "item" in dict(keys.fixed) and "item" not in dict(united.fixed) else ()


def _shared(parts: Sequence[Content]) -> Content:
    """Surveys of which strata and clusters of the same labels are the same."""
    for each in parts:
        if each.calibrated_on is not None:
            raise TallyError(
                "shared_clusters=True takes surveys without calibration, got one with; put the "
                "respondents of all waves in one SurveyDesign, whose margins are by wave: "
                "{'age and wave': {'age': age, 'wave': wave}}"
            )
        if not isinstance(each, CountedCells) or not each.clustered:
            raise TallyError(
                "shared_clusters=True takes surveys of large populations with clusters=, got one "
                "without; a panel has its respondents as clusters"
            )
    return added_up(parts)


def _side_by_side(parts: Sequence[Content]) -> Content:
    """Surveys as strata of their own."""
    sampled = [_sampled(part) for part in parts]
    first = sampled[0]
    for each in sampled[1:]:
        check_same_options(first, each)
    depth = max(len(each.stages) for each in sampled)
    stages = [[_stage(each, level) for each in sampled] for level in range(depth)]
    return attrs.evolve(
        first,
        rows=concatenated([each.rows for each in sampled]),
        domains=max(each.domains for each in sampled),
        stages=tuple(map(_stages_together, stages)),
        clustered=all(each.clustered for each in sampled),
        members_left=_members_left(sampled),
        auxiliaries=_auxiliaries(sampled, depth),
    )


def _members_left(sampled: Sequence[SampledRows]) -> Floats | None:
    """Those of all surveys, infinite where one does not know them; None if none does."""
    if all(each.members_left is None for each in sampled):
        return None
    unknown = (np.full(len(each.stages[0].sizes), np.inf) for each in sampled)
    return np.concatenate(
        [
            none if each.members_left is None else each.members_left
            for each, none in zip(sampled, unknown, strict=True)
        ]
    )


def _auxiliaries(sampled: Sequence[SampledRows], depth: int) -> Auxiliaries | None:
    """Those of all surveys, each with directions of its own; None if none is calibrated."""
    if all(each.auxiliaries is None for each in sampled):
        return None
    parts = [each.auxiliaries or _uncalibrated(each) for each in sampled]
    units = tuple(_diagonal([_units(part, level) for part in parts]) for level in range(depth))
    starts = np.cumsum([0, *(len(part.spread) for part in parts[:-1])])
    return Auxiliaries(
        _diagonal([part.coefficients for part in parts]),
        np.concatenate([part.spread for part in parts]),
        np.concatenate([part.left for part in parts]),
        units,
        np.concatenate([part.of_row + start for part, start in zip(parts, starts, strict=True)]),
    )


def _units(part: Auxiliaries, level: int) -> Floats:
    """The totals of units at a stage; where a survey has no more, of the one that adds nothing."""
    return part.units[level] if level < len(part.units) else np.zeros((1, _rank(part)))


def _diagonal(blocks: Sequence[Floats]) -> Floats:
    """Blocks one below the other, each with columns of its own; 0 elsewhere."""
    width = sum(block.shape[1] for block in blocks)
    found = np.zeros((sum(map(len, blocks)), width))
    row = column = 0
    for block in blocks:
        found[row : row + len(block), column : column + block.shape[1]] = block
        row, column = row + len(block), column + block.shape[1]
    return found


def _rank(part: Auxiliaries) -> int:
    return int(part.coefficients.shape[1])


def _uncalibrated(sampled: SampledRows) -> Auxiliaries:
    """No directions, which explain nothing."""
    weights = sampled.rows.weights
    spread = np.where(weights > 0, 1 / np.where(weights > 0, weights, 1), 0)
    units = tuple(np.zeros((len(stage.strata), 0)) for stage in sampled.stages)
    return Auxiliaries(np.zeros((len(weights), 0)), spread, spread, units, np.arange(len(weights)))


def _sampled(content: Content) -> SampledRows:
    if isinstance(content, CountedCells):
        return content.sampled()
    if isinstance(content, SampledRows):
        return content
    raise TallyError(
        "surveys with replicate weights can't be stacked, since the replicates of one say nothing "
        "of another; compare two estimates of theirs, which are then independent, or give both "
        "waves one ReplicateWeights"
    )


def _stage(sampled: SampledRows, level: int) -> Stage:
    """A stage of a survey; where it has no more, one that adds nothing."""
    if level < len(sampled.stages):
        return sampled.stages[level]
    units = np.zeros(len(sampled.rows.places), np.intp)
    return Stage.of_single(units, np.zeros(1, np.intp), np.ones(1), np.zeros(1))


def _stages_together(stages: Sequence[Stage]) -> Stage:
    units = np.cumsum([0, *(len(each.strata) for each in stages)])
    strata = np.cumsum([0, *(len(each.sizes) for each in stages)])
    return concatenated(
        [
            each._replace(units=each.units + units[place], strata=each.strata + strata[place])
            for place, each in enumerate(stages)
        ]
    )
