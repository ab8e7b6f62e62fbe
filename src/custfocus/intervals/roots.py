"""Roots of increasing functions and ends of ranges, one for each group, all at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats

Places = NDArray[np.intp]
Truths = NDArray[np.bool_]
Evaluate = Callable[[Floats, Places], tuple[Floats, Floats]]
Accepts = Callable[[Floats, Places], Truths]


def increasing_roots(
    evaluate: Evaluate,
    start: Floats,
    close: Floats,
    left: Floats | float = -np.inf,
    right: Floats | float = np.inf,
) -> Floats:
    """
    Where each group's function passes 0, by the steps that the function itself proposes.

    A step that leaves the stretch known to hold the root, or is more than half as long as the one
    before, is replaced by half of that stretch. Each group goes its own way, so that it ends on
    the same bits alone and in a batch.

    Args:
        evaluate: Takes arguments and the places of their groups; gives the functions' values
            and the steps that should lead to the roots, such as Newton's.
        start: Where to begin, shape (G,).
        close: A group has arrived after a step no longer than this, shape (G,).
        left: Known to lie left of the root, or nothing known.
        right: Likewise right of it.
    """
    root = start.copy()
    below, above, length = (np.empty_like(root) for _ in range(3))
    below[:], above[:], length[:] = left, right, np.inf
    on_the_way = np.arange(root.size)
    while on_the_way.size:
        now = root[on_the_way]
        value, step = evaluate(now, on_the_way)
        low = np.where(value < 0, now, below[on_the_way])
        high = np.where(value > 0, now, above[on_the_way])
        following = now + step
        halves = ~((low <= following) & (following <= high))
        halves |= (np.abs(step) > length[on_the_way] / 2) & np.isfinite(high - low)
        following[halves] = (low[halves] + high[halves]) / 2
        root[on_the_way], below[on_the_way], above[on_the_way] = following, low, high
        length[on_the_way] = np.abs(following - now)
        on_the_way = on_the_way[length[on_the_way] > close[on_the_way]]
    return root


def largest_accepted(start: Floats, step: Floats, accepts: Accepts) -> Floats:
    """
    The largest number that is accepted, from a start that is seldom far.

    Args:
        start: Shape (G,); all numbers up to some one are accepted, all beyond it are not.
        step: What to count in, shape (G,).
        accepts: Takes numbers and the places of their groups.
    """
    largest = start.copy()
    rising = np.arange(start.size)
    while rising.size:
        rising = rising[accepts(largest[rising] + step[rising], rising)]
        largest[rising] += step[rising]
    falling = np.arange(start.size)
    while falling.size:
        falling = falling[~accepts(largest[falling], falling)]
        largest[falling] -= step[falling]
    return largest
