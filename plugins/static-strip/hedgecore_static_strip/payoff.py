"""Worth of a book at expiry, as a function of one price: a sum of concave functions.

A pool is worth ``V(p) = min { p·x : φ(x) ≥ k }``, a least of linear functions of the price, so V is
concave, and what it holds is a slope of it. A position held short is minus one. Nothing else is
assumed here of what is replicated, and all bounds follow from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike, NDArray

from hedgecore import HedgeError, PoolModel

Array: TypeAlias = NDArray[np.float64]
Concave: TypeAlias = Callable[[Array], tuple[Array, Array]]
"""Prices (N,) → value and slope of a concave function; at a kink, any slope between its sides."""

PAIR = 2


def _tuple(given: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(given)


@frozen(eq=False)
class Payoff:
    """Σ amount · concave function of one price; ``+`` and scalar ``*`` do what they say.

    Attributes:
        terms: (amount, function) each; an amount below 0 is held short.
        breaks: prices at which a function bends sharply, where it is worth looking first.

    """

    terms: tuple[tuple[float, Concave], ...] = field(converter=_tuple)
    breaks: tuple[float, ...] = field(default=(), converter=_tuple)

    @classmethod
    def of(cls, pool: PoolModel | Payoff) -> Payoff:
        """Worth of one pool of two assets, in its quote asset; a payoff as it is.

        Raises:
            HedgeError: a pool of more assets, whose worth has more than one price: use a book.

        """
        if isinstance(pool, Payoff):
            return pool
        if len(pool.assets) != PAIR:
            reason = f"{pool.kind} of {pool.assets} has more than one price: hedge it in a book"
            raise HedgeError(reason)
        return cls(
            [(1.0, lambda price: (pool.value(price), pool.delta(price)))], pool.breakpoints()
        )

    def __add__(self, their: Payoff) -> Payoff:
        return Payoff((*self.terms, *their.terms), (*self.breaks, *their.breaks))

    def __mul__(self, amount: float) -> Payoff:
        return evolve(self, terms=[(amount * each, function) for each, function in self.terms])

    __rmul__ = __mul__

    def value(self, price: ArrayLike) -> Any:
        """Worth of all, of the shape of `price`."""
        return self._sum(price, 0)

    def slope(self, price: ArrayLike) -> Any:
        """Slope of that: the delta, of the shape of `price`."""
        return self._sum(price, 1)

    def halves(self, price: Array) -> tuple[Array, Array]:
        """Long and short halves, each a concave function: (value, slope), (2, N).

        The payoff is the first less the second.
        """
        found = np.zeros((2, 2, len(price)))
        for amount, function in self.terms:
            found[int(amount < 0)] += abs(amount) * np.stack(function(price))
        return found[0], found[1]

    def _sum(self, price: ArrayLike, part: int) -> Any:
        given = np.asarray(price, dtype=np.float64)
        long, short = self.halves(given.reshape(-1))
        return (long[part] - short[part]).reshape(given.shape)[()]
