"""The main job: how much of which instruments offsets a position, exactly.

It sees exposures only. What a pool is, it does not know; that is the point of the project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedgecore.hedging.held import HeldContracts, contracts_held
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares, solution
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market


def hedge(
    target: Priced,
    *,
    with_: Sequence[Instrument],
    market: Market,
    held: Mapping[str, HeldContracts | float] | None = None,
    request: HedgeRequest | None = None,
    solver: AbstractHedgeSolver | None = None,
) -> Hedge:
    """Hedge of the target: the trade in each instrument that makes it neutral, and its effect.

    Rows are the assets that the instruments are there to hedge (or ``request.assets``), in cash;
    the numeraire never is one. Delta is met first and exactly where the instruments allow it;
    gamma, where asked for, takes the freedom that is left. An imperfect hedge is a result, with
    its residual and the reason, never an exception.

    Args:
        target: what to offset: a pool, a portfolio, anything priced.
        with_: the instruments that may be traded.
        market: the prices; arrays of them give arrays of quantities.
        held: instrument name → what is held of it already: `HeldContracts`, as entered, or a number
            of contracts as the instrument stands. The answer is the trade from there.
        request: what to make neutral; by default delta.
        solver: by default `LeastSquares`.

    Raises:
        HedgeError: no instruments, two of one name, an asset that nothing depends on, or something
            held that is no instrument.
        AssetError: the market has no price for an asset that something depends on.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> answer = hc.hedge(pool, with_=[spot], market=market)
        >>> round(answer.quantities["ETH-SPOT"], 9)
        -10.0

    """
    instruments = tuple(with_)
    holdings = contracts_held(held or {}, instruments)
    problem = HedgeProblem(target, instruments, market, request or HedgeRequest(), holdings)
    return solution(solver or LeastSquares(), problem)
