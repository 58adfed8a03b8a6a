"""First guesses of tau and v: a few prices from the peg, many from a table of the curve.

How uneven the holdings of a constant product would be at the prices, S at tau = infinity, says
nearly all of the state: of two coins, all. A table of states along one line of prices, by ln S,
starts Newton's method within some per cent of the root.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore_curve_cryptoswap.invariant import PAIR, Curve, starting_v, terms
from hedgecore_curve_cryptoswap.newton import Rises, exp, log, refine, s_of

MANY = 2048
"""From so many prices on a table pays."""
NODES = 1024
LOWEST, HIGHEST = math.log(1e-34), math.log(1e58)
"""Of S at infinite tau: from a last digit of the price to the widest prices that are solved."""
PARTS, FIRST, REACH = 32, -70, 1e6
"""Of an octave of S, the first octave, and the widest rise, of the table of compiled loops."""


class Table(NamedTuple):
    """ln tau and ln v at even steps of ln S, and what they grow by to the next."""

    tau: NDArray[np.float64]
    v: NDArray[np.float64]
    tau_step: NDArray[np.float64]
    v_step: NDArray[np.float64]


def start(curve: Curve, given: Rises) -> tuple[Any, Any]:
    """Guess of tau and v at these rises."""
    one = given.rises[0]
    if isinstance(one, float) or len(one) < MANY:
        return from_the_peg(curve, given)
    return _from_table(table(curve, len(given.rises)), given)


def from_the_peg(curve: Curve, given: Rises) -> tuple[Any, Any]:
    """Guess tau and v: exact at the peg, where t = n / Ann for all coins."""
    n = len(given.rises)
    tau = n / curve.ann + 0.0 * given.rises[0]
    t = given.t(tau)
    u = [1.0 / each for each in t]
    uneven, _ = s_of(given.squares, t, u, tau)
    v = starting_v(curve, uneven, n)
    h, a, _ = terms(curve, v)
    return tau * (sum(u) * a / (1.0 + h)), v


def _from_table(its: Table, given: Rises) -> tuple[Any, Any]:
    place = (log(_limit(given)) - LOWEST) * ((NODES - 1) / (HIGHEST - LOWEST))
    node = place.clip(0, NODES - 2).astype(np.intp)
    part = place - node
    tau = its.tau.take(node) + part * its.tau_step.take(node)
    return exp(tau), exp(its.v.take(node) + part * its.v_step.take(node))


def _limit(given: Rises) -> Any:
    """S at infinite tau, where u is proportional to 1 / (1 + r)."""
    return s_of(given.squares, given.grown, [1.0 / each for each in given.grown], 0.0)[0]


@lru_cache(maxsize=64)
def table(curve: Curve, n: int) -> Table:
    """Table of a curve, along prices of which one falls below all others."""
    given = _line_to(np.linspace(LOWEST, HIGHEST, NODES), n)
    tau, v, _ = refine(curve, given, *from_the_peg(curve, given))
    logs = np.log(tau), np.log(v)
    return Table(*logs, *(np.append(np.diff(each), 0.0) for each in logs))


@lru_cache(maxsize=16)
def cubics(curve: Curve, n: int) -> NDArray[np.float64]:
    """Coefficients (parts, 8) of tau and of v / S, cubics in S less where its part begins.

    Along the prices of `table`; of two coins, where those are all, right to 1e-8.
    """
    highest = _limit(_line(np.array([REACH]), n)).item()
    octaves = 2.0 ** np.arange(FIRST, math.ceil(math.log2(highest)))[:, None, None]
    places = (np.arange(PARTS)[:, None] + np.array([0.04, 0.31, 0.69, 0.96])) / PARTS
    given = _line_to(np.log(octaves * (1.0 + places)).ravel(), n)
    tau, v, _ = refine(curve, given, *from_the_peg(curve, given))
    limit = _limit(given).reshape(-1, PARTS, places.shape[1])
    past = limit / octaves - (1.0 + np.arange(PARTS)[:, None] / PARTS)
    values = np.stack([tau.reshape(limit.shape), v.reshape(limit.shape) / limit], axis=-1)
    found = np.linalg.solve(past[..., None] ** np.arange(4), values)
    return np.ascontiguousarray(np.swapaxes(found, -1, -2).reshape(-1, 8))


def _line_to(levels: NDArray[np.float64], n: int) -> Rises:
    """Rises along a line at which ln S at infinite tau is about so much."""
    wide = np.geomspace(1e-18, 1e31, 4 * NODES)
    limits = np.log(_limit(_line(wide, n)))
    return _line(np.exp(np.interp(levels, limits, np.log(wide))), n)


def _line(rise: NDArray[np.float64], n: int) -> Rises:
    """Rises where all coins but one have risen by so much."""
    none = np.zeros_like(rise)
    if n == PAIR:
        return Rises([none, rise], [none + 1.0, 1.0 + rise], [rise * rise])
    square = rise * rise
    return Rises([none, rise, rise], [none + 1.0, 1.0 + rise, 1.0 + rise], [none, square, square])
