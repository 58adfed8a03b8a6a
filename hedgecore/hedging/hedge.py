"""The main job: how much of which instruments offsets a position, exactly.

It sees exposures only. What a pool is, it does not know; that is the point of the project.
"""

from __future__ import annotations

from collections.abc import Sequence

from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market


def hedge(
    target: Priced,
    *,
    with_: Sequence[Instrument],
    market: Market,
    request: HedgeRequest | None = None,
    solver: AbstractHedgeSolver | None = None,
) -> Hedge:
    """Return how much of each instrument makes the target neutral, and what that does.

    Rows are the assets that the instruments are there to hedge (or ``request.assets``), in cash;
    the numeraire never is one. Delta is met first and exactly where the instruments allow it;
    gamma, where asked for, takes the freedom that is left. An imperfect hedge is a result, with
    its residual and the reason, never an exception.

    Args:
        target: what to offset: a pool, a portfolio, anything priced.
        with_: the instruments that may be traded.
        market: the prices; arrays of them give arrays of quantities.
        request: what to make neutral; by default delta.
        solver: by default `LeastSquares`.

    Raises:
        HedgeError: no instruments, two of one name, or an asset that nothing depends on.
        AssetError: the market has no price for an asset that something depends on.

    """
    problem = HedgeProblem(target, tuple(with_), market, request or HedgeRequest())
    return (solver or LeastSquares()).solve(problem)
