"""Proportions of records, as tallies of yes and no."""

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError
from custfocus.intervals.arguments import whole_numbers
from custfocus.quantities.quantity import equal_shapes, keys_of, sums
from custfocus.responses.scale import Scale
from custfocus.responses.tally import Tally

YES_NO = Scale((0, 1), labels=("no", "yes"))


def proportion(
    successes: ArrayLike, n: ArrayLike, *, by: object = None, period: object = None
) -> Tally:
    """
    A proportion of records (calls answered in time) as a tally of no and yes.

    It is a sample like the answers to a question: indices, comparisons, ranks and verdicts take it.

    Args:
        successes: Records that count, whole numbers in [0, n]; shape (rows,), or one.
        n: All records, likewise.
        by: The label of each row, or several by name; see `Keys.of`.
        period: The period of each row.

    Raises:
        TallyError: Numbers that can't be; labels of another number.
        LabelError: Names that are reserved for columns of results.

    >>> from custfocus.indices import top_box
    >>> top_box(proportion(8412, 10_233), boxes=1)
    top box 82.2 % [81.5, 82.9] n=10233, 95 % score interval
    """
    counted, size = equal_shapes(
        {"successes": whole_numbers(successes, "successes"), "n": whole_numbers(n, "n")}
    )
    more = counted > size
    if more.any():
        raise TallyError(
            f"successes must not exceed n, got {counted[more][0]:g} of {size[more][0]:g}"
        )
    keys, rows = keys_of(by, period, counted.shape)
    if rows is not None:
        counted, size = sums(counted, keys, rows), sums(size, keys, rows)
    return Tally(np.stack([size - counted, counted], axis=-1), YES_NO, by=keys)
