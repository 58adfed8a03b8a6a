"""OKX's contracts and prices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hedgecore import ContractTerms
from hedgecore_ccxt_venues.answers import AnswerError, amount, rows, seconds, text

SWAP, FUTURES, OPTION = "SWAP", "FUTURES", "OPTION"
INVERSE = {"inverse": True, "linear": False}
TYPES = {"C": "call", "P": "put"}
OK = "0"
HOURS, HOUR = 8, 3600
DOLLAR_FEES, COIN_FEE = {"USDT": "takerU", "USDC": "takerUSDC"}, "taker"
PARTS = {3: FUTURES, 5: OPTION}
"""Parts of a name → type, where it does not end in SWAP."""


def data(said: Any) -> list[Any]:
    """Rows of an answer.

    Raises:
        AnswerError: it says no.

    """
    if text(said["code"]) != OK:
        raise AnswerError(f"{said['code']}, {said['msg']}")
    return rows(said["data"])


def one(said: Any) -> Any:
    """Row of an answer that has one."""
    [found] = data(said)
    return found


def type_of(symbol: str) -> str:
    """Type of a contract, by its name."""
    return SWAP if symbol.endswith(SWAP) else PARTS[len(symbol.split("-"))]


def index_of(symbol: str) -> str:
    """Index of a contract, by its name: BTC-USD of BTC-USD-SWAP, and of BTC-USD_UM-SWAP."""
    return "-".join(symbol.split("-")[:2]).removesuffix("_UM")


def listed(said: Any) -> dict[str, ContractTerms]:
    """Terms of the contracts that are traded, of an `instruments`."""
    return {each["instId"]: terms(each) for each in data(said) if text(each["state"]) == "live"}


def terms(said: Any) -> ContractTerms:
    """Terms of one contract."""
    kind, symbol = text(said["instType"]), text(said["instId"])
    option = kind == OPTION
    size = amount(said["ctVal"]) * amount(said["ctMult"])
    return ContractTerms(
        symbol=symbol,
        contract_size=size,
        lot=amount(said["lotSz"]),
        tick=amount(said["tickSz"]),
        min_order=amount(said["minSz"]),
        fee=None,
        settlement=text(said["settleCcy"]),
        inverse=not option and INVERSE[said["ctType"]],
        expiry=None if kind == SWAP else seconds(said["expTime"]),
        underlying=index_of(symbol).split("-")[0],
        quote=index_of(symbol).split("-")[1],
        strike=amount(said["stk"]) if option else None,
        option_type=TYPES[said["optType"]] if option else None,
    )


def coarsest(said: Any) -> Decimal:
    """Step of prices that is right at each price of a family's options, of its tick bands."""
    return max(amount(each["tickSz"]) for each in rows(one(said)["tickBand"]))


def fees(said: Any) -> Mapping[str, Decimal]:
    """Fee of a taker, of a `trade-fee`, by the field that has it; one that is empty is unknown."""
    its = one(said)
    return {name: -amount(its[name]) for name in (COIN_FEE, *DOLLAR_FEES.values()) if its[name]}


def fee_field(coin: str) -> str:
    """Field of a `trade-fee` that is for contracts settled in a coin."""
    return DOLLAR_FEES.get(coin, COIN_FEE)


def best(said: Any, symbol: str) -> dict[str, Any]:
    """Best prices of a `ticker`, and their time."""
    its = one(said)
    bid, ask = amount(its["bidPx"]), amount(its["askPx"])
    if its["instId"] != symbol or not 0 < bid <= ask:
        raise ValueError(bid)
    return {"bid": bid, "ask": ask, "time": seconds(its["ts"])}


def funding(said: Any) -> dict[str, Any]:
    """Rate of eight hours of a `funding-rate`, whatever its interval, and when it is paid."""
    its = one(said)
    paid, following = seconds(its["fundingTime"]), seconds(its["nextFundingTime"])
    hours = Decimal(round(following - paid)) / HOUR
    if hours <= 0:
        raise ValueError(hours)
    return {"funding_rate": amount(its["fundingRate"]) * HOURS / hours, "next_funding": paid}
