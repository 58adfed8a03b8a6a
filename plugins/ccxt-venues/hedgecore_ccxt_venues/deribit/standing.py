"""Deribit's account in one currency: cash and positions that add up, or an error.

Cash is paid at the daily settlement; until then the session's result stands beside it. So the
entry of a future is the price at which it would have that result: cash and contracts entered there
are worth what the venue says, at each price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hedgecore import AccountMargin, ContractPosition, VenueError
from hedgecore_ccxt_venues.answers import NONE, amount, is_near, rows, text, total
from hedgecore_ccxt_venues.deribit.market import FUTURE, KINDS, OPTION
from hedgecore_ccxt_venues.session import Standing

UNIT, ROUND = Decimal("1e-8"), Decimal("1e-5")
"""To which coins, and deltas, are rounded."""
STEP = Decimal("1e-4")
"""To which the mark of an option is rounded."""
MOVE = Decimal("0.005")
"""Part of a price that it may move between the two answers that are compared."""
SIDES = {"buy": 1, "sell": -1, "zero": 0}
LINEAR = "USDC", "USDT"
SEGREGATED = "segregated_sm", "segregated_pm"


def summary(said: Any) -> Mapping[str, Any]:
    """Summary of a currency, whose parts add up."""
    its: Mapping[str, Any] = said["result"]
    parts = ("balance", "futures_session_rpl", "futures_session_upl")
    margin, equity = amount(its["margin_balance"]), amount(its["equity"])
    if not is_near(margin, total(amount(its[each]) for each in parts), len(parts), UNIT):
        raise VenueError(f"deribit: cash and the session's result do not add up to {margin}")
    if not is_near(equity, margin + amount(its["options_value"]), 2, UNIT):
        raise VenueError(f"deribit: margin and options do not add up to {equity}")
    return its


def standing(its: Mapping[str, Any], said: Any, currency: str) -> Standing:
    """Standing of a summary and a `get_positions`.

    Raises:
        VenueError: they have not the delta, the result or the value of the summary: some are
            missing; or one is of a kind without a table.

    """
    held = [each for each in rows(said["result"]) if _size(each)]
    futures = [each for each in held if each["kind"] == FUTURE]
    options = [each for each in held if each["kind"] == OPTION]
    others = [text(each["instrument_name"]) for each in held if each["kind"] not in KINDS]
    if others:
        raise VenueError(
            f"deribit: {', '.join(others)} are of no kind that has a table: close them"
        )
    _check_sum("delta", _column(held, "delta"), amount(its["delta_total"]), _room(held) + ROUND)
    room = _room(futures, linear=currency in LINEAR) + UNIT * (1 + len(futures))
    profits = _column(futures, "floating_profit_loss")
    _check_sum("result", profits, amount(its["futures_session_upl"]), room)
    room = _room(options, linear=currency in LINEAR) + UNIT
    room += STEP * total(abs(_size(each)) for each in options)
    worth = [_size(each) * amount(each["mark_price"]) for each in options]
    _check_sum("value of options", worth, amount(its["options_value"]), room)
    found = [(text(each["instrument_name"]), _future(each, currency)) for each in futures]
    found += [(text(each["instrument_name"]), _option(each)) for each in options]
    return Standing(
        balances={currency: amount(its["balance"])},
        positions=dict(found),
        margin=AccountMargin(
            asset=currency,
            equity=amount(its["margin_balance"]),
            maintenance=amount(its["maintenance_margin"]),
            initial=amount(its["initial_margin"]),
        ),
    )


def _column(held: Sequence[Any], name: str) -> list[Decimal]:
    return [amount(each[name]) for each in held]


def _room(held: Sequence[Any], *, linear: bool = False) -> Decimal:
    """Coins, or dollars, by which sums are apart where prices move from answer to answer."""
    worth = _column(held, "index_price") if linear else [Decimal(1)] * len(held)
    moved = zip(_column(held, "delta"), worth, strict=True)
    return MOVE * total(abs(delta) * price for delta, price in moved) + ROUND * len(held)


def _check_sum(name: str, parts: Sequence[Decimal], said: Decimal, room: Decimal) -> None:
    """Refuse positions that do not add up: one is missing, or in another unit."""
    if abs(total(parts) - said) > room:
        found = f"deribit: positions add up to a {name} of {total(parts)}"
        raise VenueError(f"{found}, the account has {said}")


def _size(said: Any) -> Decimal:
    """Contracts, of the sign of the side."""
    size = amount(said["size"])
    if size and (size > 0) != (SIDES[said["direction"]] > 0):
        raise ValueError(size)
    return size


def _future(said: Any, currency: str) -> ContractPosition:
    size, mark = _size(said), amount(said["mark_price"])
    coins = amount(said["size_currency"])
    result = amount(said["floating_profit_loss"]) + amount(said["realized_profit_loss"])
    linear = currency in LINEAR
    entry = mark - result / size if linear else 1 / (1 / mark + result / size)
    return ContractPosition(contracts=size, entry_price=entry, notional=abs(coins) * mark)


def _option(said: Any) -> ContractPosition:
    """Option, whose premium has been paid in cash: entered at nothing."""
    return ContractPosition(contracts=_size(said), entry_price=NONE)


def open_orders(said: Any) -> tuple[str, ...]:
    """Labels of the orders that rest; of one without, the venue's own number."""
    return tuple(text(each["label"]) or text(each["order_id"]) for each in rows(said["result"]))
