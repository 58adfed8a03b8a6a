"""Deribit's contracts and prices; amounts are its own: dollars of inverse ones, else coins."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hedgecore import ContractTerms, TopOfBook
from hedgecore_ccxt_venues.answers import amount, flag, rows, seconds, text

FUTURE, OPTION, PERPETUAL = "future", "option", "perpetual"
KINDS = FUTURE, OPTION
INVERSE = {"reversed": True, "linear": False}
PERCENT = 100


def listed(said: Any) -> dict[str, ContractTerms]:
    """Terms of the contracts that are traded, of a `get_instruments`."""
    all_of_them = [each for each in rows(said["result"]) if text(each["kind"]) in KINDS]
    return {each["instrument_name"]: terms(each) for each in all_of_them if flag(each["is_active"])}


def terms(said: Any) -> ContractTerms:
    """Terms of one contract; a fee is of the underlying, of options too."""
    kind, perpetual = text(said["kind"]), text(said["settlement_period"]) == PERPETUAL
    option = kind == OPTION
    return ContractTerms(
        symbol=text(said["instrument_name"]),
        contract_size=Decimal(1),
        lot=amount(said["min_trade_amount"]),
        tick=_tick(said),
        min_order=amount(said["min_trade_amount"]),
        fee=amount(said["taker_commission"]),
        settlement=text(said["settlement_currency"]),
        inverse=INVERSE[said["instrument_type"]] and not option,
        expiry=None if perpetual else seconds(said["expiration_timestamp"]),
        underlying=text(said["base_currency"]),
        quote=text(said["counter_currency"]),
        strike=amount(said["strike"]) if option else None,
        option_type=text(said["option_type"]) if option else None,
    )


def _tick(said: Any) -> Decimal:
    """Step of prices that is right at each price: the coarsest."""
    steps = [amount(each["tick_size"]) for each in rows(said["tick_size_steps"])]
    return max([amount(said["tick_size"]), *steps])


def top(said: Any, symbol: str) -> TopOfBook:
    """Best prices of a `ticker`; the rate of a perpetual is that of eight hours."""
    its = said["result"]
    bid, ask = amount(its["best_bid_price"]), amount(its["best_ask_price"])
    if its["instrument_name"] != symbol or not 0 < bid <= ask:
        raise ValueError(bid)
    funded, implied = symbol.endswith("PERPETUAL"), symbol.endswith(("-C", "-P"))
    return TopOfBook(
        bid=bid,
        ask=ask,
        mark=amount(its["mark_price"]),
        index=amount(its["index_price"]),
        funding_rate=amount(its["funding_8h"]) if funded else None,
        volatility=amount(its["mark_iv"]) / PERCENT if implied else None,
        time=seconds(its["timestamp"]),
    )
