"""Atoms: a ladder that has both, limit orders beside a range, whose delta jumps and bends."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from attrs import frozen

from curves import V2, V3, Weighted, solidly
from hedgecore import fields
from hedgecore.testing import checks_of, pool_checks, verdicts
from hedgecore.testing.atoms import delta_jumps_by_atoms
from hedgecore.testing.law import LawBroken
from mutants import broken_by, made, mutant_into

LAW = "delta_jumps_by_atoms"
MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


@frozen(kw_only=True)
class Ladder(V3):
    """A range, and orders that sell some of the base where the price reaches theirs."""

    kind = "mutant-ladder"
    example = {**V3.example, "orders": [[2, 2700.0], ["1", 3000.0], [0.5, 3500.0], [4, 4000.0]]}

    orders: tuple[tuple[float, float], ...] = fields.rows(
        "what is offered",
        fields.column("amount", "base", exact=True),
        fields.column("price", "quote per base"),
    )

    @cached_property
    def offered(self):
        return np.array(self.orders, dtype=float).T

    def _holdings(self, price):
        base, quote = super()._holdings(price)
        amount, at = self.offered
        sold = price[:, None] >= at
        return base + ~sold @ amount, quote + sold @ (amount * at)

    def _breakpoints(self):
        return {*super()._breakpoints(), *self.offered[1].tolist()}

    def _atoms(self):
        return [(price, -amount) for amount, price in self.orders]


@mutant(LAW)
class AtomForgotten(Ladder):
    def _atoms(self):
        return super()._atoms()[1:]


@mutant(LAW)
class MassOffByAThousandth(Ladder):
    def _atoms(self):
        return [(price, mass * 1.001) for price, mass in super()._atoms()]


@mutant(LAW)
class MassInCash(Ladder):
    def _atoms(self):
        return [(price, mass * price) for price, mass in super()._atoms()]


@mutant(LAW)
class MassOfTheWrongSign(Ladder):
    def _atoms(self):
        return [(price, -mass) for price, mass in super()._atoms()]


@mutant(LAW)
class AtomWhereNothingJumps(Ladder):
    def _atoms(self):
        return [*super()._atoms(), (self.lower, -1.0)]


@mutant(LAW)
class AtomAtNoBreak(Ladder):
    def _atoms(self):
        return [*super()._atoms(), (3200.0, -1e-300)]


@mutant(LAW)
class AtomOneDoubleOff(Ladder):
    def _breakpoints(self):
        return {*super()._breakpoints(), *(price for price, _ in self._atoms())}

    def _atoms(self):
        return [(np.nextafter(price, np.inf), mass) for price, mass in super()._atoms()]


@mutant(LAW)
class NoAtoms(Ladder):
    def _atoms(self):
        return ()


@mutant(LAW)
class AllThatIsSoldThroughARangeAsAnAtom(V3):
    def _atoms(self):
        return [(self.upper, -float(self.delta(self.lower)))]


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    broken = broken_by(made(cls))
    assert law in broken
    assert broken[law].law == law


def test_the_ladder_breaks_no_law():
    assert [str(each) for each in verdicts(made(Ladder)).values() if each] == []


@pytest.mark.parametrize("model", [made(V2), made(V3), made(Weighted), solidly(6e5, 4e5)], ids=repr)
def test_what_has_no_atoms_says_so_and_keeps_the_law(model):
    assert model.atoms() == ()
    delta_jumps_by_atoms(model)
    assert delta_jumps_by_atoms in checks_of(model)


def test_atoms_and_density_together_are_the_change_of_delta_over_the_whole_ladder():
    ladder = made(Ladder)
    ends = [
        (2000.0, 5000.0),
        (2600.0, 2700.0),
        (2700.0, 2800.0),
        (2999.0, 3499.0),
        (2500.0, 3500.0),
    ]
    for low, high in ends:
        jumps = sum(mass for price, mass in ladder.atoms() if low < price <= high)
        density = integral(ladder, low, high)
        change = ladder.delta(high) - ladder.delta(low)
        assert change == pytest.approx(jumps + density, rel=1e-12)
        assert density != 0
    assert ladder.delta(np.nextafter(2700.0, 0)) - ladder.delta(2700.0) == pytest.approx(2, 1e-12)


def integral(model, low, high):
    """Return ∫ gamma by Gauss's rule, piece by piece between breaks."""
    within = [at for at in model.breakpoints() if low < at < high]
    pieces = pairwise([low, *within, high])
    return sum(
        (end - start) / 2 * WEIGHTS @ model.gamma(start + (end - start) * (NODES + 1) / 2)
        for start, end in pieces
    )


def test_atoms_come_in_order_as_floats():
    ladder = made(Ladder)
    assert ladder.atoms() == ((2700.0, -2.0), (3000.0, -1.0), (3500.0, -0.5), (4000.0, -4.0))
    assert {type(each) for atom in ladder.atoms() for each in atom} == {float}


def test_a_broken_law_says_where_and_how_much_jumps():
    with pytest.raises(LawBroken) as caught:
        delta_jumps_by_atoms(made(AtomForgotten))
    assert caught.value.price == 2700.0
    assert caught.value.got == pytest.approx(-2.0, rel=1e-2)
    assert caught.value.expected == pytest.approx(0.0, abs=1e-2)


def test_the_law_is_one_of_all_pools():
    assert delta_jumps_by_atoms in pool_checks()
