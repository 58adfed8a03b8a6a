"""A break that a pool does not name is found, and where it is; what is named is not."""

from __future__ import annotations

import numpy as np
import pytest

from curves import V2, V3, Weighted, solidly
from hedgecore.testing.jumps import breaks_named
from hedgecore.testing.law import LawBroken
from mutants import made, mutant_into

MUTANTS: list[object] = []
mutant = mutant_into(MUTANTS)


@mutant(2500.0)
class LowerBreakNotNamed(V3):
    def _breakpoints(self):
        return (self.upper,)


@mutant(3500.0)
class UpperBreakNotNamed(V3):
    def _breakpoints(self):
        return (self.lower,)


@mutant(2500.0)
class NoBreakNamed(V3):
    def _breakpoints(self):
        return ()


@mutant(3000.0)
class LimitOrderNotNamed(V2):
    """Sells ten of the base for the quote at 3000, all at once."""

    def _holdings(self, price):
        base, quote = super()._holdings(price)
        sold = price >= 3000.0
        return base + np.where(sold, 0.0, 10.0), quote + np.where(sold, 30_000.0, 0.0)


@pytest.mark.parametrize(("cls", "price"), MUTANTS)
def test_a_break_that_is_not_named_is_found_to_the_last_digit(cls, price):
    with pytest.raises(LawBroken, match="breaks\\(\\) does not name it") as caught:
        breaks_named(made(cls))
    assert caught.value.price == price
    assert caught.value.got != caught.value.expected


@pytest.mark.parametrize("model", [made(V2), made(V3), made(Weighted)], ids=repr)
def test_no_break_is_found_where_all_are_named(model):
    breaks_named(model)


@pytest.mark.campaign
def test_a_singular_price_that_is_not_named_is_found_too():
    with pytest.raises(LawBroken) as caught:
        breaks_named(solidly(6e5, 4e5))
    assert caught.value.price == pytest.approx(1.0, abs=1e-12)
