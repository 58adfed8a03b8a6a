"""Standing of an account: positions, margin and balances, that add up, or are an error."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

from hedgecore import AccountMargin, ContractPosition, VenueError
from hedgecore_hyperliquid.answers import USDC, amount, is_near, rows, seconds, text, total


@frozen
class Perps:
    """Positions and margin.

    Attributes:
        time: seconds since 1970, of the venue's clock.
        raw: USDC without what positions are worth; no price moves it.
        cash: USDC without unrealised profit.

    """

    time: float
    raw: Decimal
    cash: Decimal
    positions: Mapping[str, ContractPosition]
    margin: AccountMargin

    @property
    def sizes(self) -> dict[str, Decimal]:
        """Contracts by symbol."""
        return {name: each.contracts for name, each in self.positions.items()}


def perps(said: Any) -> Perps:
    """Positions and margin of a `clearinghouseState`.

    A position that is left out would be taken for flat. So the values of those listed must add up
    to the account's own notional, and with its cash to its own value.

    Raises:
        VenueError: they do not, or a position is on isolated margin.

    """
    margin, held = said["marginSummary"], [_position(each) for each in rows(said["assetPositions"])]
    value, raw = amount(margin["accountValue"]), amount(margin["totalRawUsd"])
    notional, count = amount(margin["totalNtlPos"]), len(held)
    worth = [each["value"].copy_sign(each["size"]) for each in held]
    if not is_near(notional, total(map(abs, worth)), count):
        raise VenueError(f"hyperliquid: positions do not add up to their notional, {notional}")
    if not is_near(value, raw + total(worth), count):
        raise VenueError(f"hyperliquid: positions and cash do not add up to {value}")
    return Perps(
        time=seconds(said["time"]),
        raw=raw,
        cash=value - total(each["profit"] for each in held),
        positions={
            each["coin"]: ContractPosition(
                contracts=each["size"], entry_price=each["entry"], notional=each["value"]
            )
            for each in held
            if each["size"]
        },
        margin=AccountMargin(
            asset=USDC,
            equity=value,
            maintenance=amount(said["crossMaintenanceMarginUsed"]),
            initial=amount(margin["totalMarginUsed"]),
        ),
    )


def _position(said: Any) -> dict[str, Any]:
    its = said["position"]
    if said["type"] != "oneWay":
        raise ValueError(said["type"])
    if its["leverage"]["type"] == "isolated":
        coin = text(its["coin"])
        raise VenueError(f"hyperliquid: {coin} is on isolated margin, not read here: choose cross")
    if its["leverage"]["type"] != "cross":
        raise ValueError(its["leverage"])
    return {
        "coin": text(its["coin"]),
        "size": amount(its["szi"]),
        "entry": amount(its["entryPx"]),
        "value": amount(its["positionValue"]),
        "profit": amount(its["unrealizedPnl"]),
    }


def coins(said: Any) -> dict[str, Decimal]:
    """Spot balances of a `spotClearinghouseState`, what is on hold included."""
    return {text(each["coin"]): amount(each["total"]) for each in rows(said["balances"])}


def open_orders(said: Any) -> tuple[str, ...]:
    """Client ids of the orders that rest; of one without, the venue's own number."""
    return tuple(each.get("cloid") or f"oid {each['oid']}" for each in rows(said))
