"""Performance of a book: its positions by themselves and together, and the trades beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import copysign
from typing import Any

import attrs
from attrs import frozen

from hedgecore.analysis.performance import INCOMES, Performance, TradeProfit
from hedgecore.books.book import Book
from hedgecore.books.held import ENTRY, enter_at, refuse_unknown_entry
from hedgecore.books.positions import Position
from hedgecore.books.track_record import CAPITAL, Flow, PastTrade
from hedgecore.errors import SpecError, at_place
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Balance
from hedgecore.views import Drawable, NamedParts, Tabular

WHOLE = "all"
"""Name of all positions together."""
SAME = 1e-9
"""Part of contracts that two counts of them may be apart by rounding."""


@frozen(kw_only=True, eq=False)
class BookPerformance(Tabular, Drawable, NamedParts[Performance]):
    """Performance of a book, and of each position whose flows are stated.

    Attributes:
        total: of all positions and trades.
        positions: of each position alone, without the hedge, where its flows are told apart.
        warnings: sentences on what disagrees.
        notes: sentences on what is left out.

    """

    total: Performance
    positions: tuple[Performance, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    def _parts_by_name(self) -> dict[str, Performance]:
        return {each.name or WHOLE: each for each in (*self.positions, self.total)}


def performance(
    book: Book,
    *,
    flows: Sequence[Flow] | None = None,
    trades: Sequence[PastTrade] | None = None,
    now: datetime | None = None,
) -> BookPerformance:
    """Performance of a book's positions and trades until its prices, or until `now` without a date.

    Args:
        book: whose positions, prices, holdings of uncollected fees, and track record.
        flows: instead of its own: with prices, say.
        trades: instead of its own: a journal's, say.
        now: with a time zone; needed where the book has no `as_of`.

    Raises:
        SpecError: there is no deposit; a flow is later than the prices; a trade's price is none; a
            position's entry price is not stated.

    Examples:
        >>> book = Book.from_tables({
        ...     "prices": {"ETH": 2000.0}, "as_of": "2026-07-01", "position": [
        ...         {"name": "coins", "kind": "spot", "asset": "ETH", "amount": 2.0}],
        ...     "flow": [{"date": "2026-01-01", "asset": "ETH", "amount": 2.0, "price": 1600.0}]})
        >>> found = performance(book).total
        >>> found.net, found.not_stated, round(found.money_weighted, 3)
        (800.0, ('fees', 'rewards', 'costs', 'hedge', 'funding'), 0.568)

    """
    end = book.as_of or now
    if end is None:
        raise SpecError("is needed: performance is until the moment of the prices", field="as_of")
    rows = tuple(book.track_record.flows if flows is None else flows)
    past = tuple(book.track_record.trades if trades is None else trades)
    _check(rows, past, end)
    _refuse_unknown_entries(book.positions)
    done = tuple(trade_profit(each, book) for each in past)
    models = [each for each in book.positions if not isinstance(each.model, Balance)]
    named = {each.position for each in rows if each.position is not None}
    alone = [
        _performance(book, [each], [f for f in rows if f.position == each.name], None, end)
        for each in models
        if each.name in named
    ]
    total = _performance(book, models, rows, done, end)
    return BookPerformance(
        total=total,
        positions=tuple(alone) if len(models) > 1 else (),
        warnings=tuple(_warnings(book, past)),
        notes=tuple(_notes(book, models, rows)),
    )


def _performance(
    book: Book,
    positions: Sequence[Position],
    flows: Iterable[Flow],
    trades: tuple[TradeProfit, ...] | None,
    end: datetime,
) -> Performance:
    names = [each.name for each in positions]
    return Performance(
        name=names[0] if trades is None else "", numeraire=book.market.numeraire, end=end,
        market=book.market, value=sum(_worth(each, book.market) for each in positions),
        uncollected=_uncollected(book, names), flows=tuple(flows), trades=trades,
    )  # fmt: skip


def _worth(position: Position, market: Market) -> float:
    return position.amount * float(position.priced.worth(market))


def _uncollected(book: Book, names: Iterable[str]) -> dict[str, float]:
    """Type → worth of the holdings that are its: named as `read` names them."""
    found = dict[str, float]()
    for each in book.positions:
        for kind in INCOMES:
            if any(each.name.endswith(f" {kind}, {name}") for name in names):
                found[kind] = found.get(kind, 0.0) + _worth(each, book.market)
    return found


def trade_profit(trade: PastTrade, book: Book) -> TradeProfit:
    """Profit of a trade until now, of all its contracts.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.from_tables({
        ...     "prices": {"ETH": 2000.0},
        ...     "instrument": [{"name": "P", "kind": "perp", "underlying": "ETH"}],
        ...     "trade": [{"date": "2026-01-01", "instrument": "P", "contracts": -3.0,
        ...                "price": 2100.0, "fee": 3.15}]})
        >>> found = trade_profit(book.track_record.trades[0], book)
        >>> found.profit, found.fee
        (300.0, 3.15)

    """
    instrument = next(each for each in book.instruments if each.name == trade.instrument)
    with at_place(f"trade of {trade.date:%Y-%m-%d} in {trade.instrument}"):
        each = _each(instrument, trade.price, book.market)
    return TradeProfit(
        date=trade.date, instrument=trade.instrument, profit=trade.contracts * each, fee=trade.fee
    )


def _each(instrument: Any, price: float, market: Market) -> float:
    """Profit of one contract that was bought at a price: entered there, or owned and paid for.

    A debt, whose worth is negative, was paid out at that price.
    """
    if ENTRY in {each.name for each in attrs.fields(type(instrument))}:
        return float(enter_at(instrument, price).worth(market))
    worth = float(instrument.worth(market))
    return worth - copysign(instrument.contract_size * price, worth)


def _check(flows: Sequence[Flow], trades: Sequence[PastTrade], end: datetime) -> None:
    if not any(each.type == CAPITAL and each.amount > 0 for each in flows):
        reason = "no deposit is stated: write [[flow]] with date, asset, amount and price"
        raise SpecError(reason, field="flow")
    for what, rows in (("flow", flows), ("trade", trades)):
        late = next((each for each in rows if each.date > end), None)
        if late is not None:
            reason = f"is later than the book's prices, {end.isoformat()}: read or state new ones"
            raise SpecError(reason, kind=what, field=f"date {late.date.isoformat()}")


def _refuse_unknown_entries(positions: Iterable[Position]) -> None:
    for each in positions:
        with at_place(f"position {each.name!r}"):
            refuse_unknown_entry(each.model)


def _warnings(book: Book, trades: Sequence[PastTrade]) -> Iterator[str]:
    yield from book.warnings
    for name in dict.fromkeys(each.instrument for each in trades):
        traded = sum(each.contracts for each in trades if each.instrument == name)
        held = book.held.get(name)
        if held is not None and abs(float(held.contracts) - traded) > SAME * abs(traded):
            yield (
                f"{name}: its trades come to {traded:g} contracts, and the book says "
                f"{float(held.contracts):g} are held. The profit is that of the trades."
            )


def _notes(book: Book, models: Sequence[Position], flows: Sequence[Flow]) -> Iterator[str]:
    ends = tuple(f" {kind}, {each.name}" for kind in INCOMES for each in models)
    balances = [each.name for each in book.positions if each not in models]
    left = [name for name in balances if not name.endswith(ends)]
    if left:
        yield f"Left out, as no part of the positions: {', '.join(left)}."
    if len(models) > 1 and any(each.position is None for each in flows):
        yield "Flows that name no position are in the total alone."
