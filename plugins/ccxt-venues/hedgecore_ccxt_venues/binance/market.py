"""Binance's contracts and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hedgecore import ContractTerms
from hedgecore_ccxt_venues.answers import amount, rows, seconds, text, whole

TRADING, PERPETUAL = "TRADING", "PERPETUAL"
HOURS = 8
"""Of the rate that is told; also the interval of a contract of which no other is listed."""


def listed(said: Any) -> dict[str, ContractTerms]:
    """Terms of the contracts that are traded, of an `exchangeInfo`."""
    traded = [each for each in rows(said["symbols"]) if text(each["status"]) == TRADING]
    return {each["symbol"]: terms(each) for each in traded}


def terms(said: Any) -> ContractTerms:
    """Terms of one contract; its fee is told by symbol, elsewhere."""
    rules = {text(each["filterType"]): each for each in rows(said["filters"])}
    size, perpetual = rules["LOT_SIZE"], text(said["contractType"]) == PERPETUAL
    return ContractTerms(
        symbol=text(said["symbol"]),
        lot=amount(size["stepSize"]),
        tick=amount(rules["PRICE_FILTER"]["tickSize"]),
        min_order=amount(size["minQty"]),
        min_notional=amount(rules["MIN_NOTIONAL"]["notional"]),
        fee=None,
        settlement=text(said["marginAsset"]),
        expiry=None if perpetual else seconds(said["deliveryDate"]),
        underlying=text(said["baseAsset"]),
        quote=text(said["quoteAsset"]),
    )


def best(said: Any, symbol: str) -> dict[str, Any]:
    """Best prices of a `bookTicker`, and their time."""
    bid, ask = amount(said["bidPrice"]), amount(said["askPrice"])
    if said["symbol"] != symbol or not 0 < bid <= ask:
        raise ValueError(bid)
    return {"bid": bid, "ask": ask, "time": seconds(said["time"])}


def marked(said: Any, hours: Decimal) -> dict[str, Any]:
    """Mark, index and funding of a `premiumIndex`; the rate is that of eight hours."""
    found: dict[str, Any] = {
        "mark": amount(said["markPrice"]),
        "index": amount(said["indexPrice"]),
    }
    paid = whole(said["nextFundingTime"])
    if paid:  # none of a future
        rate = amount(said["lastFundingRate"]) * HOURS / hours
        found |= {"funding_rate": rate, "next_funding": seconds(paid)}
    return found


def interval(said: Any, symbol: str) -> Decimal:
    """Hours of a contract's funding, of a `fundingInfo`: eight, unless they are listed."""
    listed_hours = {text(each["symbol"]): each["fundingIntervalHours"] for each in rows(said)}
    hours = amount(listed_hours.get(symbol, HOURS))
    if hours <= 0:
        raise ValueError(hours)
    return hours
