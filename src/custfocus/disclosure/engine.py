"""What to hide of a table so that no sensitive number can be known to be small, with the proof."""

import numpy as np

from custfocus.disclosure.boxes import Search
from custfocus.disclosure.moves import cheapest_moves, neighbourhood
from custfocus.disclosure.one_way import one_way_hiding
from custfocus.disclosure.rows import GroupTable
from custfocus.disclosure.sensitive import HidingRule, Numbers, sensitive_numbers
from custfocus.disclosure.witnesses import (
    Hiding,
    Priced,
    Witness,
    check_hiding,
    moved_classes,
    reached,
    used_witnesses,
)
from custfocus.errors import CustfocusError
from custfocus.results.arrays import Flags, Floats

_VALUES = (5, 15, 45)  # labels of each name in a neighbourhood
_SMALL = 100  # counts in a table
_WIDEST = 200  # counts in a neighbourhood that is searched for less than a box costs


class UnprotectableError(CustfocusError):
    """A class that can't be hidden, or protected, while others stay shown."""

    def __init__(self, row: int) -> None:
        """Of a class by its number."""
        super().__init__(row)
        self.row = row


def hiding_of(
    table: GroupTable, rule: HidingRule, cost: Floats, *, kept: Flags, out: Flags, free: Flags
) -> Hiding:
    """
    What to hide.

    Args:
        table: The true counts.
        rule: Which numbers are sensitive.
        cost: What hiding each class costs.
        kept: The classes that must stay shown.
        out: The classes that are hidden already.
        free: The classes whose number of respondents is not known.

    Returns:
        What is hidden, with a witness for each sensitive number, all of them checked.

    Raises:
        UnprotectableError: Where that can't be done without hiding a class that is kept.
    """
    numbers = sensitive_numbers(table, rule)
    primary = out.copy()
    primary[numbers.rows] = True
    clash = np.flatnonzero(primary & kept)
    if len(clash):
        raise UnprotectableError(int(clash[0]))
    price = np.where(kept, np.inf, cost)
    found = one_way_hiding(table, numbers, primary, free, price)
    if found is None:
        engine = Engine(table, numbers, primary, free, price)
        engine.protect()
        engine.improve(primary)
        witnesses, proofs = used_witnesses(engine.witnesses, engine.proofs)
        found = Hiding(engine.hidden, numbers, proofs, witnesses)
    check_hiding(table, found, free)
    return found


class Engine:
    """A search: what is hidden so far, and what is proven."""

    def __init__(
        self, table: GroupTable, numbers: Numbers, hidden: Flags, free: Flags, cost: Floats
    ) -> None:
        """Start where the rows that are too small are hidden, and no other."""
        self.table: GroupTable = table
        self.numbers: Numbers = numbers
        self.free: Flags = free
        self.cost: Floats = cost
        self.hidden: Flags = hidden.copy()
        self.search: Search = Search(table, np.where(hidden, 0.0, cost), free)
        self.witnesses: list[Witness] = []
        self.uses: list[set[int]] = []  # the classes that each witness changes
        self.proofs: list[list[int]] = [[] for _ in range(len(numbers))]

    def protect(self) -> None:
        """Find a witness for every number, those that lack most first."""
        for number in np.argsort(-self.numbers.needs, kind="stable").tolist():
            if not self.proofs[number]:
                self._keep(self._within(number) or self._bought(number))

    def improve(self, primary: Flags) -> None:
        """Show again, the dearest first, what can be done without or at less cost."""
        secondary = np.flatnonzero(self.hidden & ~primary)
        for row in secondary[np.argsort(-self.cost[secondary], kind="stable")].tolist():
            self._try_without(row)

    def _try_without(self, row: int) -> None:
        """Show a row if all numbers have or find witnesses that leave it alone and cost less."""
        before = self.hidden.copy(), self.proofs, len(self.witnesses)
        self.proofs = [[one for one in each if row not in self.uses[one]] for each in self.proofs]
        self.hidden[row] = False
        self.search.show(row, np.inf)
        left = float(self.cost[row])
        for number in [at for at, each in enumerate(self.proofs) if not each]:
            if self.proofs[number]:
                continue
            found = self._cheapest(number, again=True)
            left -= np.inf if found is None else found.price
            if found is None or left <= 0:
                self._back_to(*before)
                return
            self._keep(found.witness)
        self.search.show(row, float(self.cost[row]))

    def _back_to(self, hidden: Flags, proofs: list[list[int]], witnesses: int) -> None:
        """What was hidden and proven before."""
        self.hidden, self.proofs = hidden, proofs
        del self.witnesses[witnesses:], self.uses[witnesses:]
        self.search.reset(np.where(hidden, 0.0, self.cost))

    def _within(self, number: int) -> Witness | None:
        """A witness within what is hidden already."""
        row, columns, need = self.numbers.one(number)
        found = self.search.within(row, columns, need)
        return None if found.lacking else found.witness

    def _bought(self, number: int) -> Witness:
        """A witness that takes more rows to hide."""
        found = self._cheapest(number)
        if found is None:
            raise UnprotectableError(int(self.numbers.rows[number]))
        return found.witness

    def _cheapest(self, number: int, *, again: bool = False) -> Priced | None:
        """
        The cheapest witness that can be found.

        Programs are for where no box does, where one would hide a total, and for small tables,
        in which they hide a tenth less.
        """
        box = self.search.cheapest(*self.numbers.one(number))
        if box is not None:
            small = self.table.counts.size <= _SMALL
            if box.price == 0 or not (small or (not again and self._hides_totals(box.witness))):
                return box
        moves = self._program(number, known=box is not None)
        if moves is not None and (box is None or moves.price < box.price):
            return moves
        return box

    def _hides_totals(self, witness: Witness) -> bool:
        """Whether a witness hides more than finest groups."""
        classes, sums = moved_classes(self.table, witness)
        fresh = classes[sums.any(axis=1) & ~self.hidden[classes]]
        return not np.isin(fresh, self.table.own[0]).all()

    def _program(self, number: int, *, known: bool) -> Priced | None:
        """The cheapest moves in ever wider neighbourhoods; in a small one if a box is known."""
        row = int(self.numbers.rows[number])
        members = self.search.members[row]
        weights = self.search.priced(())
        found, near = None, members[:0]
        for values in (*_VALUES, self.table.groups):
            if found is not None or len(near) == self.table.groups:
                break
            near = neighbourhood(self.table, weights, members, values)
            if known and near.size * self.table.counts.shape[1] > _WIDEST:
                break
            price, one = self.search.price, self.numbers.one(number)
            found = cheapest_moves(self.table, price, self.free, near, one, known=known)
        return found

    def _keep(self, witness: Witness) -> None:
        """Hide what a witness changes, and note which numbers it proves."""
        classes, sums = moved_classes(self.table, witness)
        changed = classes[sums.any(axis=1)]
        self.hidden[changed] = True
        self.search.hide(changed)
        for number in np.flatnonzero(reached(self.numbers, classes, sums)).tolist():
            self.proofs[number].append(len(self.witnesses))
        self.witnesses.append(witness)
        self.uses.append({*changed.tolist()})
