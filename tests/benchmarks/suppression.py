"""
What suppression costs, in answers hidden and in seconds, and whether it can be undone.

Run it with ``python tests/benchmarks/suppression.py``, of tables drawn at random, and with
``python tests/benchmarks/suppression.py attack 900`` for the attack on so many tables alone:

- attack: both ends of every sensitive number, by the attacker of the tests. Asked: none that is
  known exactly, none that is known to lie below its threshold.
- optimum: the answers in hidden rows against the least there can be, by one program that holds all
  witnesses and is solved with proof. Asked: within 3 % by two
  names, and within 6 % by three.
- time of the processor. Asked: 0.2 s for 6x3, 6 s for 50x4x3, 20 s for 1,000x5, 1 s for 20,000
  groups of one name, by three rules.
- running totals: time of the processor with ``previous=``, a tenth of the answers being new.
- rounding: how many counts of tables by two and three names with all totals are found exactly from
  counts rounded to midpoints of 6, and to the nearest 5; and by how much rounding moves a share.
"""

import sys
import time
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("disclosure", ".")]

from custfocus.disclosure import suppress  # noqa: E402 - after the path is set
from custfocus.disclosure.rounding import rounded_counts  # noqa: E402 - likewise
from tables import attacked, share  # noqa: E402 - likewise

RULES = (
    {"minimum": 10},
    {"minimum": 10, "numerator": 3, "unanimous": True},
    {"minimum": 5},
    {"minimum": 3, "unanimous": True},
)
SMALL = ((3, 3), (4, 3), (6, 3), (2, 2, 2), (3, 2, 2), (3, 3, 2))
RUNNING = ((300,), (50, 4), (2_000,))
ATTACKED = ((8,), (20,), *SMALL)
PROVED = {"presolve": False}  # after it HiGHS has given too small a maximum
LARGE = (((6, 3), 30), ((50, 4, 3), 40), ((1000, 5), 40), ((20_000,), 40))


def drawn(rng, shape, mean):
    """Counts of two points, with margins that differ."""
    level = np.full(shape, float(mean))
    for axis, size in enumerate(shape):
        wide = [1] * len(shape)
        wide[axis] = size
        level = level * rng.lognormal(-0.18, 0.6, size).reshape(wide)
    n = rng.poisson(level)
    good = rng.binomial(n, rng.beta(4, 2, shape))
    return np.stack([n - good, good], axis=-1)


def classes_of(rows):
    """The distinct sets of groups that are published, with whether they are hidden."""
    return {tuple(row.groups): row.hidden for row in rows if row.groups}


def answers_in(classes, table, points):
    """Answers in hidden rows."""
    n = table[:, :points].sum(axis=1)
    return int(sum(n[list(groups)].sum() for groups, out in classes.items() if out))


def least_cost(attack, secrets, table, seconds=30):
    """The fewest answers that can be hidden; None where that took too long."""
    sets = [*classes_of(attack.rows)]
    place = {groups: at for at, groups in enumerate(sets)}
    size, own = table.size, len(sets)
    most = int(table.sum()) + max(secret.threshold for secret in secrets)
    lines, low, high = [], [], []

    def limit(entries, least, greatest):
        lines.append(entries)
        low.append(least)
        high.append(greatest)

    for at, secret in enumerate(secrets):
        start = own + at * size
        where = np.arange(size).reshape(table.shape) + start
        for groups, column, sign in product(sets, range(table.shape[1]), (1, -1)):
            limit(
                {**{int(where[one, column]): sign for one in groups}, place[groups]: -most},
                -np.inf, 0,
            )  # fmt: skip
        for group, counts in enumerate(table):
            limit(dict.fromkeys(where[group].tolist(), 1), 1 - counts.sum(), np.inf)
        inside = attack.rows[secret.row].groups
        number = {int(where[one, point]): 1 for one in inside for point in secret.points}
        lacking = secret.threshold - int(table[inside][:, secret.points].sum())
        limit(number, lacking, np.inf)
    matrix = lil_array((len(lines), own + len(secrets) * size))
    for row, entries in enumerate(lines):
        for column, value in entries.items():
            matrix[row, column] = value
    forced = {tuple(attack.rows[secret.row].groups) for secret in secrets}
    cost = [table[list(groups)].sum() for groups in sets]
    moves = len(secrets) * size
    solved = milp(
        np.concatenate([cost, np.zeros(moves)]),
        integrality=1,
        bounds=Bounds(
            np.concatenate(
                [
                    [float(groups in forced) for groups in sets],
                    np.tile(-table.ravel(), len(secrets)),
                ]
            ),
            np.concatenate([np.ones(own), np.full(moves, most)]),
        ),
        constraints=LinearConstraint(matrix.tocsr(), low, high),
        options={**PROVED, "time_limit": seconds},
    )
    return round(solved.fun) if solved.status == 0 else None


def attacks(rng, tables):
    """Numbers attacked, how many are known exactly, and how many to lie below their thresholds."""
    numbers = exact = below = shown = 0
    for _ in range(tables):
        shape = ATTACKED[rng.integers(len(ATTACKED))]
        e = share(drawn(rng, shape, rng.choice([3, 8, 20])))
        found = suppress(e, **RULES[rng.integers(len(RULES))])
        attack, secrets = attacked(e, found)
        for secret in secrets:
            low, high = (attack.bound(secret, lowest=one)[0] for one in (True, False))
            numbers += 1
            exact += low == high
            below += high < secret.threshold
            shown += not attack.rows[secret.row].hidden
    print(
        f"attack: {tables} tables, {numbers} numbers, {shown} shown, {exact} exact, {below} below"
    )


def against_optimum(rng, names, tables):
    """Answers in hidden rows against the proved optimum, of tables with few sensitive numbers."""
    ours, best, done, equal, worst = 0, 0, 0, 0, 1.0
    while done < tables:
        shape = [one for one in SMALL if len(one) == names][rng.integers(3)]
        e = share(drawn(rng, shape, rng.choice([8, 20])))
        found = suppress(e, respondents="unknown", **RULES[rng.integers(len(RULES))])
        attack, secrets = attacked(e, found)
        table = e.sample.counts[e.n > 0]
        if not 0 < len(secrets) <= 8:
            continue
        least = least_cost(attack, secrets, table)
        if least is None:
            continue
        hidden = answers_in(classes_of(attack.rows), table, 2)
        ours, best, done, equal = ours + hidden, best + least, done + 1, equal + (hidden == least)
        worst = max(worst, hidden / least)
    print(
        f"optimum, {names} names: {done} tables, {best:,} answers, ours {ours:,} "
        f"(+{100 * (ours / best - 1):.1f} %), at the optimum {equal}, worst {worst:.2f}"
    )


def seconds():
    """Time of the processor for large tables."""
    for shape, mean in LARGE:
        e = share(drawn(np.random.default_rng(1), shape, mean))
        for rule in RULES[:2]:
            began = time.process_time()
            found = suppress(e, **rule)
            spent = time.process_time() - began
            finest = found.hidden[: e.keys.rows]
            print(
                f"{'x'.join(map(str, shape)):8} {len(rule)} rules: {spent:6.2f} s, "
                f"{found.hidden.sum():,} of {found.keys.rows:,} rows hidden, "
                f"{100 * e.n[finest].sum() / e.n.sum():.1f} % of answers"
            )


def running():
    """Time of the processor for releases after another one, of 20 answers a group and 2 new ones."""
    for shape in RUNNING:
        rng = np.random.default_rng(4)
        before, new = drawn(rng, shape, 20), drawn(rng, shape, 2)
        then, now = share(before), share(before + new)
        out = suppress(then, minimum=10)
        began = time.process_time()
        found = suppress(now, minimum=10, previous=(then, out))
        spent = time.process_time() - began
        print(
            f"running, {'x'.join(map(str, shape)):5}: {spent:6.2f} s, "
            f"{found.hidden.sum():,} of {found.keys.rows:,} rows hidden"
        )


def sums_of(shape):
    """For each cell and total of a table, which cells it is the sum of."""
    cells = np.arange(np.prod(shape)).reshape(shape)
    rows = []
    for kept in product((True, False), repeat=len(shape)):
        free = tuple(axis for axis, keep in enumerate(kept) if not keep)
        order = [*(axis for axis, keep in enumerate(kept) if keep), *free]
        rows += [*cells.transpose(order).reshape(-1, np.prod([shape[a] for a in free], dtype=int))]
    matrix = np.zeros((len(rows), cells.size))
    for at, row in enumerate(rows):
        matrix[at, row] = 1
    return matrix


def found_exactly(matrix, low, high, cells):
    """How many of the cells are the same in every table of whole numbers with sums between these."""
    limits, whole = LinearConstraint(matrix, low, high), np.ones(matrix.shape[1])
    ends = [
        [
            round(
                sign * milp(sign * one, integrality=whole, constraints=limits, options=PROVED).fun
            )
            for one in np.eye(matrix.shape[1])[cells]
        ]
        for sign in (1, -1)
    ]
    return int(np.sum(np.equal(*ends)))


def rounding(rng, tables):
    """Counts of 1 and more found exactly in spite of rounding, and how far shares move."""
    counts = by_midpoints = by_nearest = 0
    for _ in range(tables):
        shape = SMALL[rng.integers(len(SMALL))]
        matrix = sums_of(shape)
        table = drawn(rng, shape, rng.choice([3, 8, 20]))[..., 1].ravel()
        sums, cells = matrix @ table, table > 0
        middle = rounded_counts(sums, 6)
        counts += cells.sum()
        room = np.where(middle > 0, 1, 0)
        by_midpoints += found_exactly(matrix, middle - 2 * room, middle + 3 * room, cells)
        nearest = 5 * np.round(sums / 5)
        by_nearest += found_exactly(matrix, np.maximum(nearest - 2, 0), nearest + 2, cells)
    print(
        f"rounding: {tables} tables, {counts} counts, {by_midpoints} exact by midpoints of 6, "
        f"{by_nearest} by the nearest 5"
    )
    for n in (50, 100):
        answers = rng.multinomial(n, [0.05, 0.1, 0.15, 0.3, 0.4], 20_000)
        rounded = rounded_counts(answers, 6)
        moved = 100 * np.abs(
            rounded[:, 3:].sum(axis=1) / rounded.sum(axis=1) - answers[:, 3:].sum(axis=1) / n
        )
        print(
            f"a share of {n} answers on five points moves by {moved.mean():.1f} points on average, "
            f"by {np.quantile(moved, 0.95):.1f} or more one time in 20"
        )


def main():
    """Fixed seeds, so that runs can be compared."""
    alone, tables = "attack" in sys.argv, int((200, *sys.argv[1:])[-1])
    attacks(np.random.default_rng(1), tables)
    if alone:
        return
    against_optimum(np.random.default_rng(2), 2, tables // 4)
    against_optimum(np.random.default_rng(3), 3, tables // 8)
    seconds()
    running()
    rounding(np.random.default_rng(5), tables)


if __name__ == "__main__":
    main()
