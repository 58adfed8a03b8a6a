"""Binance's account: balances, and positions that two answers agree on, or an error."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hedgecore import AccountMargin, ContractPosition, VenueError
from hedgecore_ccxt_venues.answers import NONE, amount, is_near, rows, text, total
from hedgecore_ccxt_venues.session import Standing

BOTH = "BOTH"
UNIT = Decimal("1e-8")


def account(said: Any) -> Mapping[str, Any]:
    """Account, the profit of whose positions is that of its assets."""
    found: Mapping[str, Any] = said
    profits = [amount(each["unrealizedProfit"]) for each in rows(said["positions"])]
    profit = total(amount(each["unrealizedProfit"]) for each in rows(said["assets"]))
    if not is_near(total(profits), profit, len(profits), UNIT):
        raise VenueError(f"binance: positions do not add up to the profit of the account, {profit}")
    return found


def standing(its: Mapping[str, Any], said: Any, currency: str) -> Standing:
    """Standing of an `account` and a `positionRisk`.

    Raises:
        VenueError: the two do not name the same positions, so some are missing.

    """
    held = {text(each["symbol"]): _position(each, currency) for each in rows(said)}
    held = {name: each for name, each in held.items() if each.contracts}
    sizes = {text(each["symbol"]): amount(each["positionAmt"]) for each in its["positions"]}
    if {n: x for n, x in sizes.items() if x} != {n: x.contracts for n, x in held.items()}:
        raise VenueError("binance: two answers do not name the same positions")
    assets = {text(each["asset"]): each for each in its["assets"]}
    return Standing(
        balances={name: amount(each["walletBalance"]) for name, each in assets.items()},
        positions=held,
        margin=_margin(assets.get(currency), currency, is_flat=not held),
    )


def _margin(its: Mapping[str, Any] | None, currency: str, *, is_flat: bool) -> AccountMargin:
    """Margin of an asset, which is 0 where there is none of it, and nothing is held."""
    if its is None and not is_flat:
        raise VenueError(f"binance: positions are held, and their margin in {currency} is not told")
    named = {"equity": "marginBalance", "maintenance": "maintMargin", "initial": "initialMargin"}
    found = {name: NONE if its is None else amount(its[key]) for name, key in named.items()}
    return AccountMargin(asset=currency, **found)


def _position(said: Any, currency: str) -> ContractPosition:
    name, coin = text(said["symbol"]), text(said["marginAsset"])
    if said["positionSide"] != BOTH or amount(said["isolatedMargin"]):
        raise VenueError(
            f"binance: {name} is of one side, or on isolated margin: not read here; close it, or"
            " move it to one-way mode and cross margin"
        )
    if amount(said["positionAmt"]) and coin != currency:
        raise VenueError(
            f"binance: {name} is margined in {coin}, and the table says currency {currency}: take"
            " a venue for each coin, or close it"
        )
    return ContractPosition(
        contracts=amount(said["positionAmt"]),
        entry_price=amount(said["entryPrice"]),
        notional=abs(amount(said["notional"])),
    )


def open_orders(said: Any) -> tuple[str, ...]:
    """Client ids of the orders that rest."""
    return tuple(text(each["clientOrderId"]) for each in rows(said))
