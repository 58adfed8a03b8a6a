"""The terms of an instrument: what a contract is on, and costs to trade, to hold and to carry.

An instrument says each of these itself where it has the method; where it has not, what follows from
its exposure is taken. So an option's fee is on its underlying and not on its delta, and a thing
with Greeks and a fee, and nothing more, will do too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.stated import StatedPrice
from hedgecore.numerics.arrays import Array


@runtime_checkable
class SupportsNotional(Protocol):
    """Contract with a notional of its own: the cash that fees and margins are fractions of.

    Example:
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> isinstance(spot, hc.SupportsNotional), float(spot.notional(market))
        (True, 3000.0)

    """

    def notional(self, market: Market, /) -> Array:
        """Notional of one contract, S, in the numeraire."""
        ...


@runtime_checkable
class SupportsFee(Protocol):
    """Contract with a fee of its own: one with a cap, say, as venues charge for options.

    Example:
        >>> issubclass(hc.default_registry()["option"], hc.SupportsFee)
        True

    """

    def charge(self, market: Market, /) -> Array | None:
        """Fee of trading one contract, S, in the numeraire; None where unknown."""
        ...


@runtime_checkable
class SupportsCarry(Protocol):
    """Contract that earns or costs by being held: funding, borrow, theta.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> perp = hc.build(
        ...     {"kind": "perp", "name": "ETH-PERP", "underlying": "WETH", "funding_rate": 0.0001}
        ... )
        >>> isinstance(perp, hc.SupportsCarry), round(float(perp.carry(market)), 9)
        (True, -0.9)

    """

    def carry(self, market: Market, /) -> Array | None:
        """Cash that one contract held long receives, S, in the numeraire per day; None: unknown."""
        ...


@runtime_checkable
class SupportsNetLoss(Protocol):
    """Priced thing whose loss under a delta hedge is not that of its gamma alone.

    Without one of its own, that loss is the loss versus rebalancing, ``Exposure.lvr_rate``.

    Example:
        >>> issubclass(hc.default_registry()["llamma"], hc.SupportsNetLoss)
        True

    """

    def net_loss(self, market: Market, /) -> Array:
        """Cash that one held long loses while its delta is hedged, S, in the numeraire per day."""
        ...


@runtime_checkable
class SupportsMargin(Protocol):
    """Contract that is held on margin.

    Example:
        >>> issubclass(hc.default_registry()["option"], hc.SupportsMargin)
        True

    """

    def margin(self, market: Market, contracts: ArrayLike, /) -> Array:
        """Initial margin of so many contracts, negative where sold, in the numeraire."""
        ...


@runtime_checkable
class SupportsMinOrder(Protocol):
    """Contract whose smallest order depends on the market: on a least notional, say.

    Example:
        >>> spot = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
        >>> isinstance(spot, hc.SupportsMinOrder)
        False

    """

    def min_order(self, market: Market, /) -> Array:
        """Fewest contracts of one order, S."""
        ...


@runtime_checkable
class SupportsStatedPrices(Protocol):
    """Contract or pool that states prices in fields: an entry, a strike, a premium, an oracle's.

    A book refuses those that are recognisably mistaken: turned round, in other decimals, of
    another asset, or in a unit that is not the field's.

    Example:
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> table = {"kind": "perp", "name": "ETH-PERP", "underlying": "WETH"}
        >>> stated = hc.build({**table, "entry_price": 2950.0}).stated_prices(market)
        >>> stated["entry_price"][:3]
        (2950.0, 'WETH', 'USD')

    """

    def stated_prices(self, market: Market, /) -> Mapping[str, StatedPrice]:
        """Field → the price there, with the base and the quote it is of; only what is known."""
        ...


def notional(instrument: Instrument, contract: Exposure, market: Market) -> Array:
    """Notional of one contract, S: its own, or the cash delta that it is there for.

    Args:
        instrument: whose.
        contract: the exposure of one contract.
        market: where.

    """
    own = _its_own(instrument, SupportsNotional)
    if own is not None:
        return np.asarray(own.notional(market))
    hedged = market.assets.underlying(instrument.hedges)
    index = [contract.assets.index(each) for each in hedged if each in contract.assets]
    known = contract.prices if contract.prices is not None else market.vector(contract.assets)
    cash = (np.abs(known[..., i] * contract.delta[..., i]) for i in index)
    return np.asarray(sum(cash, np.zeros(())))


def charge(instrument: Instrument, notional: Array, market: Market) -> Array | None:
    """Fee of trading one contract, S: its own, or `fee` of the notional."""
    own = _its_own(instrument, SupportsFee)
    fee = instrument.fee if own is None else own.charge(market)
    if fee is None:
        return None
    return np.asarray(fee * notional if own is None else fee)


def carry(instrument: Instrument, market: Market) -> Array | None:
    """Cash that one contract bought receives per day, S: its own; None where that is unknown.

    Nothing where it has no carry of its own: it is no thing that pays for being held.
    """
    own = _its_own(instrument, SupportsCarry)
    found = np.zeros(market.shape) if own is None else own.carry(market)
    return None if found is None else np.asarray(found)


def margin(instrument: Instrument, notional: Array, market: Market, contracts: ArrayLike) -> Array:
    """Margin of so many contracts, S: its own, or all of their notional."""
    own = _its_own(instrument, SupportsMargin)
    needs = np.abs(contracts) * notional if own is None else own.margin(market, contracts)
    return np.asarray(needs)


def min_order(instrument: Instrument, market: Market) -> Array:
    """Fewest contracts of one order, S: its own, or `min_size`."""
    own = _its_own(instrument, SupportsMinOrder)
    least = instrument.min_size if own is None else own.min_order(market)
    return np.asarray(least, dtype=np.float64)


def _its_own(instrument: Instrument, word: Any) -> Any:
    """Instrument where it has what the protocol `word` asks; None where it has not."""
    return instrument if supports(instrument, word) else None


def supports(thing: object, word: Any) -> bool:
    """True if a thing has what the protocol `word` asks."""
    cls: Any = type(thing)
    return _is(cls, word)


@lru_cache(maxsize=1024)
def _is(cls: type, word: Any) -> bool:
    """True if a class has what a protocol asks; remembered, since asking is slow."""
    return issubclass(cls, word)
