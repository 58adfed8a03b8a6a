"""Order tickets of a hedge: what a venue is told, for those who trade by other means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs
from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.errors import SpecError
from hedgecore.live.book_terms import book_terms
from hedgecore.live.client_ids import client_id, run_tag
from hedgecore.live.legs import Leg, leg_of, price_bound, sorted_orders
from hedgecore.live.paper_market import PaperMarket
from hedgecore.live.settings import Caps, LiveSettings


@frozen(kw_only=True)
class OrderTicket:
    """One order, as a venue is told of it.

    Attributes:
        instrument: its name in the book.
        venue: where the book trades it.
        symbol: what the venue calls the contract.
        side: "buy" or "sell".
        size: contracts, a whole number of lots.
        limit_price: worst price that is taken, per unit of the underlying in the contract's quote,
            a whole number of ticks.
        reduce_only: whether it only brings what is held nearer to nothing.
        client_id: 32 hexadecimal digits; the same book and the same orders have the same ones.
        notional: at the book's prices, in the numeraire.

    """

    instrument: str
    venue: str
    symbol: str
    side: str
    size: Decimal
    limit_price: Decimal
    reduce_only: bool
    client_id: str
    notional: float


def order_tickets(
    book: Book, trade: Mapping[str, Any] | None = None, max_slippage: float | None = None
) -> tuple[OrderTicket, ...]:
    """Tickets of the orders in a book's instruments: those that reduce first, then the largest.

    Args:
        book: whose instruments, prices and venues.
        trade: instrument → contracts to buy, negative to sell; the book's own hedge unless given.
        max_slippage: of the limit price from the book's price, a fraction; that of ``[live.caps]``
            unless given, which is 0.003 where the book does not say.

    Raises:
        SpecError: the slippage is no fraction, or ``[live]`` is wrong.

    Example:
        >>> from hedgecore.live.tickets import order_tickets
        >>> book = hc.Book.from_tables({"prices": {"ETH": 2000.0, "USD": 1.0}, "numeraire": "USD",
        ...     "holding": [{"asset": "ETH", "amount": 3.004}],
        ...     "instrument": [{"name": "P", "kind": "perp", "underlying": "ETH", "lot": 0.01}]})
        >>> ticket, = order_tickets(book)
        >>> ticket.side, str(ticket.size), str(ticket.limit_price)
        ('sell', '3.00', '1994.0000')

    """
    trade = book.hedge().quantities if trade is None else trade
    slippage = slippage_of(book, max_slippage)
    legs = sorted_orders(_legs(book, trade))
    bounds = [price_bound(each.contracts, each.top, each.terms.tick, slippage) for each in legs]
    tag = run_tag(_identity(book, legs, bounds))
    rows = enumerate(zip(legs, bounds, strict=True))
    return tuple(_ticket(leg, bound, client_id(tag, 0, place)) for place, (leg, bound) in rows)


def slippage_of(book: Book, given: float | None = None) -> float:
    """Slippage that is allowed: the one given, else the book's, else that of `Caps`."""
    if given is not None:
        if not 0 <= given < 1:
            reason = f"must be a fraction, as 0.003 for 0.3 %, not {given:g}"
            raise SpecError(reason, field="max_slippage")
        return given
    if book.live:
        return LiveSettings.from_book(book).caps.max_slippage
    return float(attrs.fields_dict(Caps)["max_slippage"].default or 0.0)


def _legs(book: Book, trade: Mapping[str, Any]) -> Iterator[Leg]:
    """Orders in the instruments that are traded, at the book's own prices and terms."""
    for place, instrument in enumerate(book.instruments):
        route = book.routes[instrument.name]
        held = book.held.get(instrument.name)
        yield leg_of(
            instrument.name, place, route.venue,
            terms=book_terms(instrument, route.symbol, book.market),
            top=PaperMarket(book, route.venue, 0.0).top(route.symbol, ()),
            contracts=float(trade.get(instrument.name, 0.0)),
            held=Decimal(repr(float(held.contracts))) if held is not None else Decimal(0),
            market=book.market,
        )  # fmt: skip


def _identity(book: Book, legs: list[Leg], bounds: list[Decimal]) -> str:
    """Text that two runs share exactly where they mean the same orders."""
    rows = [
        (leg.venue, leg.terms.symbol, str(leg.contracts), str(leg.held), str(bound))
        for leg, bound in zip(legs, bounds, strict=True)
    ]
    return json.dumps([str(book.as_of), rows])


def _ticket(leg: Leg, bound: Decimal, name: str) -> OrderTicket:
    return OrderTicket(
        instrument=leg.instrument, venue=leg.venue, symbol=leg.terms.symbol,
        side="buy" if leg.contracts > 0 else "sell", size=abs(leg.contracts), limit_price=bound,
        reduce_only=leg.reduces, client_id=name, notional=leg.notional,
    )  # fmt: skip
