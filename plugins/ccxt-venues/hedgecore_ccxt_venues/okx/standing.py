"""OKX's account: balances, and positions that two answers agree on, or an error."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hedgecore import AccountMargin, ContractPosition, VenueError
from hedgecore_ccxt_venues.answers import NONE, amount, rows, text
from hedgecore_ccxt_venues.okx.market import OPTION, data, one

FUTURES_MODE, UNIFIED = "2", ("3", "4")
LEVELS, NET_MODE = {"1": "spot mode"}, "net_mode"
MODES = {"long_short_mode": "long/short mode (hedge mode)"}
NET, CROSS, DOLLARS = "net", "cross", "USD"
MARGIN = {"equity": "adjEq", "maintenance": "mmr", "initial": "imr"}
DOLLAR_VALUE = "notionalUsd"


def check_mode(level: str, mode: str) -> None:
    """Refuse an account whose positions are not nets on shared margin, by the name of its mode.

    Raises:
        VenueError: the mode has no table.

    """
    if level not in (FUTURES_MODE, *UNIFIED):
        name = LEVELS.get(level, f"account mode {level:.40}")
        raise VenueError(f"okx: the account is in {name}, not read here: choose futures mode")
    if mode != NET_MODE:
        name = MODES.get(mode, f"position mode {mode:.40}")
        raise VenueError(f"okx: the account is in {name}, not read here: choose net mode")


def balance(
    said: Any, level: str, currency: str, *, is_flat: bool
) -> tuple[Mapping[str, Decimal], AccountMargin]:
    """Balances by coin, and the margin, of a `balance` that owes nothing."""
    its, details = one(said), rows(one(said)["details"])
    for each in details:
        if each["liab"] and amount(each["liab"]):
            raise VenueError(f"okx: debts are not read: {text(each['ccy'])} {each['liab']}")
    found = {text(each["ccy"]): amount(each["cashBal"]) for each in details}
    if level in UNIFIED:
        return found, _margin(its, MARGIN, DOLLARS, is_flat=is_flat)
    mine = {text(each["ccy"]): each for each in details}.get(currency)
    return found, _margin(mine, {**MARGIN, "equity": "eq"}, currency, is_flat=is_flat)


def _margin(
    its: Mapping[str, Any] | None, named: Mapping[str, str], asset: str, *, is_flat: bool
) -> AccountMargin:
    """Margin of a coin, or of all in dollars.

    Raises:
        VenueError: something is held, and a part is left empty: only where nothing is, it is 0.

    """
    given = {name: "" if its is None else its[key] for name, key in named.items()}
    if not is_flat and "" in given.values():
        raise VenueError(f"okx: positions are held, and their margin in {asset} is not told")
    return AccountMargin(asset=asset, **{name: amount(each or "0") for name, each in given.items()})


def positions(said: Any, level: str, currency: str) -> dict[str, ContractPosition]:
    """Positions of a `positions`, by symbol.

    Raises:
        VenueError: one is of a side, on isolated margin, or margined by a coin that is not read.

    """
    held = [each for each in data(said) if amount(each["pos"])]
    for each in held:
        if level == FUTURES_MODE and text(each["ccy"]) != currency:
            raise VenueError(
                f"okx: {each['instId']} is margined in {each['ccy']}, and the table says currency"
                f" {currency}: take a venue for each coin, or close it"
            )
    return {text(each["instId"]): _position(each) for each in held}


def check_risk(said: Any, held: Mapping[str, ContractPosition]) -> None:
    """Refuse positions that are not those of an `account-position-risk`: some are missing.

    Raises:
        VenueError: they are not.

    """
    listed = {text(each["instId"]): amount(each["pos"]) for each in rows(one(said)["posData"])}
    if {n: x for n, x in listed.items() if x} != {n: x.contracts for n, x in held.items()}:
        raise VenueError("okx: positions are not those by which its risk is reckoned")


def _position(said: Any) -> ContractPosition:
    name = text(said["instId"])
    if (said["posSide"], said["mgnMode"]) != (NET, CROSS):
        raise VenueError(
            f"okx: {name} is {said['posSide']}, {said['mgnMode']}: not read here; close it, or move"
            " it to net mode and cross margin"
        )
    held = amount(said["pos"])
    if text(said["instType"]) == OPTION:  # its premium has been paid
        value, mark = abs(amount(said["optVal"])), amount(said["markPx"])
        return ContractPosition(contracts=held, entry_price=NONE, notional=value, mark=mark)
    return ContractPosition(
        contracts=held,
        entry_price=amount(said["avgPx"]),
        notional=abs(amount(said[DOLLAR_VALUE])),
    )


def open_orders(said: Any) -> tuple[str, ...]:
    """Client ids of the orders that rest; of one without, the venue's own number."""
    return tuple(text(each["clOrdId"]) or text(each["ordId"]) for each in data(said))
