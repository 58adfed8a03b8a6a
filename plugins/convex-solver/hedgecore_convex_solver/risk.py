"""The risk terms: variance under a covariance, and profit over scenarios by full revaluation."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from hedgecore import Exposure, HedgeError, HedgeProblem, Market, Portfolio, Priced, entered
from hedgecore_convex_solver.question import Array, Risk

if TYPE_CHECKING:
    from hedgecore_convex_solver.convex import Convex

MOST = 100_000
"""Scenarios of one question at most."""
SCENARIO_TERMS = ("squares", "minimax", "cvar")
NEGATIVE = 1e-12


def risk(options: Convex, problem: HedgeProblem) -> Risk:
    """Return the risk that the options weigh; empty parts where they weigh none."""
    weights, k = options.minimise, len(problem.instruments)
    factors = [(np.zeros((0, k)), np.zeros(0))]
    if weights.get("variance"):
        factors.append(_variance(options.covariance, problem, weights["variance"]))
    profit, own = np.zeros((0, k)), np.zeros(0)
    if any(weights.get(term) for term in SCENARIO_TERMS):
        profit, own = profits(problem, markets(options, problem.market))
    if weights.get("squares"):
        factors.append(_squares(profit, own, weights["squares"]))
    return Risk(
        factor=np.vstack([factor for factor, _ in factors]),
        offset=np.concatenate([offset for _, offset in factors]),
        profit=profit,
        own=own,
        worst=weights.get("minimax", 0.0),
        tails=weights.get("cvar", 0.0),
        level=options.tail,
    )


def _variance(
    given: Mapping[str, float], problem: HedgeProblem, weight: float
) -> tuple[Array, Array]:
    """Return F and f of ½‖F x + f‖² = (weight/2) dᵀΣd, d the cash delta of each asset."""
    kept = [asset for asset in problem.assets if asset != problem.market.numeraire]
    place = {asset: row for row, asset in enumerate(kept)}
    root = np.sqrt(weight) * _root(covariance(given, kept))
    deltas = [_cash(each, place) for each in (problem.before, *problem.contracts)]
    return root.T @ np.stack(deltas[1:], axis=-1), root.T @ deltas[0]


def _cash(exposure: Exposure, place: Mapping[str, int]) -> Array:
    """Return the cash delta of each asset in `place`, 0 where there is none."""
    cash, delta = np.zeros(len(place)), exposure.delta_cash
    for asset, number in zip(exposure.assets, delta, strict=True):
        if asset in place:
            cash[place[asset]] = number
    return cash


def covariance(given: Mapping[str, float], assets: list[str]) -> Array:
    """Return the covariance of `assets` from "A:B" → number, each pair once.

    Raises:
        HedgeError: a pair is missing (unknown is not zero), or it is no covariance.

    """
    pairs = {tuple(sorted(name.split(":"))): number for name, number in given.items()}
    matrix = np.zeros((len(assets), len(assets)))
    for (i, one), (j, two) in product(enumerate(assets), repeat=2):
        pair = tuple(sorted((one, two)))
        still = 0.0 in (pairs.get((one, one)), pairs.get((two, two)))
        if pair not in pairs and not still:
            raise HedgeError(f"`covariance` has no entry for {one}:{two}: give 0 if it is zero")
        matrix[i, j] = pairs.get(pair, 0.0)
    least = np.linalg.eigvalsh(matrix).min(initial=0.0)
    if least < -NEGATIVE * np.trace(matrix):
        raise HedgeError(f"`covariance` is none: its least eigenvalue is {least:.3g}")
    return matrix


def _root(matrix: Array) -> Array:
    """Return R with R Rᵀ the matrix, also where it is singular."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > NEGATIVE * max(values.max(initial=0.0), 0.0)
    return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))


def _squares(profit: Array, own: Array, weight: float) -> tuple[Array, Array]:
    """Return F and f of ½‖F x + f‖² = weight · mean square of the profit, in k + 1 rows at most."""
    whole = np.column_stack([profit, own])
    size = np.maximum(np.max(np.abs(whole), axis=0, initial=0.0), np.finfo(float).tiny)
    upper = np.linalg.qr(whole / size, mode="r") * size * np.sqrt(2 * weight / len(own))
    return upper[:, :-1], upper[:, -1]


def markets(options: Convex, market: Market) -> Market:
    """Return one market with all scenarios, its prices arrays (S,).

    Raises:
        HedgeError: there are no scenarios, too many, or of different lengths.

    """
    if bool(options.moves) == bool(options.scenarios):
        raise HedgeError("minimax, cvar and squares need `moves` or `scenarios`, one of them")
    moves = _grid(options.moves) if options.moves else _joint(options.scenarios)
    for asset in moves:
        market.price(asset)
        if asset == market.numeraire:
            raise HedgeError(f"{asset!r} is the numeraire: its price does not move")
    prices = {a: p * (1.0 + moves[a]) if a in moves else p for a, p in market.prices.items()}
    return Market(
        prices=prices, numeraire=market.numeraire, time=market.time, vols=market.vols,
        rates=market.rates,
    )  # fmt: skip


def _grid(moves: Mapping[str, tuple[float, ...]]) -> dict[str, Array]:
    _few(int(np.prod([float(len(each)) for each in moves.values()])))
    axes = np.meshgrid(*moves.values(), indexing="ij")
    return {asset: axis.ravel() for asset, axis in zip(moves, axes, strict=True)}


def _joint(moves: Mapping[str, tuple[float, ...]]) -> dict[str, Array]:
    if len({len(each) for each in moves.values()}) != 1:
        raise HedgeError("`scenarios` has lists of different lengths: the i-th of each is one")
    _few(max(len(each) for each in moves.values()))
    return {asset: np.array(each) for asset, each in moves.items()}


def _few(count: int) -> None:
    if count > MOST:
        raise HedgeError(f"{count} scenarios are too many: {MOST} at most")


def profits(problem: HedgeProblem, scenarios: Market) -> tuple[Array, Array]:
    """Return the profit in each scenario, of one contract of each (S, k) and of the target (S,)."""
    columns = [_profit(each, problem.market, scenarios) for each in problem.instruments]
    return np.stack(columns, axis=-1), _profit(problem.target, problem.market, scenarios)


def _profit(priced: Priced, here: Market, there: Market) -> Array:
    """Return what it gains from here to there, as traded here: no Taylor expansion."""
    held = _held(priced, here)
    gain = np.broadcast_to(held.worth(there) - held.worth(here), there.shape)
    if not np.isfinite(gain).all():
        raise HedgeError("a profit in the scenarios is not finite: narrow the moves")
    return np.asarray(gain, dtype=float)


def _held(priced: Priced, here: Market) -> Priced:
    """Return it with every entry price fixed, the parts of a portfolio too."""
    if isinstance(priced, Portfolio):
        return Portfolio((name, _held(part, here), amount) for name, part, amount in priced.parts)
    return entered(priced, here)
