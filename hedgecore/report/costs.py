"""What a hedge costs: fees now, carry per day, and margin; in sentences and in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from hedgecore.books.book import Book
from hedgecore.hedging.result import Hedge
from hedgecore.market.instrument import Instrument
from hedgecore.market.terms import SupportsCarry
from hedgecore.pools.model import PoolModel
from hedgecore.tables.render import cash

Lines = Iterator[str]


def costs(book: Book, hedge: Hedge) -> Lines:
    """Yield what is paid now, and what is received or paid per day."""
    yield _fees(hedge)
    unit = hedge.before.numeraire
    orders = _carries(hedge)
    if orders:
        yield f"Held, the orders {_earns(float(hedge.carry), unit)} a day: {_gains(orders)}."
    own = _carried(book)
    if own:
        yield f"Your own positions {_earns(sum(own.values()), unit)} a day: {_gains(own)}."
    if orders and own:
        yield f"Together they {_earns(float(hedge.carry) + sum(own.values()), unit)} a day."
    free = [i.name for i in hedge.problem.instruments if _free(hedge, i, orders)]
    if free:
        yield (
            f"By its fields, holding {', '.join(free)} costs and earns nothing: a funding or "
            "interest rate that the book does not give is taken as 0."
        )
    pools = [each.name for each in book.positions if isinstance(each.model, PoolModel)]
    if pools:
        yield "What your pools earn in fees is unknown, and in none of these numbers."


def _free(hedge: Hedge, instrument: Instrument, orders: Mapping[str, float]) -> bool:
    """Whether it is traded, could have a carry, and has none."""
    traded = np.any(hedge.quantities[instrument.name])
    return bool(traded and isinstance(instrument, SupportsCarry) and instrument.name not in orders)


def _fees(hedge: Hedge) -> str:
    unit, traded = hedge.before.numeraire, hedge.problem.instruments
    rows = zip(traded, hedge.problem.unit_fees, strict=True)
    amounts = {i.name: (abs(float(hedge.quantities[i.name])), each) for i, each in rows}
    paid = {name: n * float(each) for name, (n, each) in amounts.items() if n and each is not None}
    unknown = [name for name, (n, each) in amounts.items() if n and each is None]
    if not paid and not unknown:
        return "Nothing is traded, so nothing is paid now."
    total = f"{cash(sum(paid.values()))} {unit}"
    if unknown:
        rest = f"; the other fees are {total} ({_list(paid)})" if paid else ""
        return f"The fee of {', '.join(unknown)} is unknown, and so is what this costs now{rest}."
    return f"It costs {total} in fees now: {_list(paid)}."


def carries(book: Book, hedge: Hedge) -> dict[str, Mapping[str, float | None]]:
    """Return what each position and each order receives per day; None where that is unknown."""
    known = _carried(book)
    own = {
        each.name: None if isinstance(each.model, PoolModel) else known.get(each.name, 0.0)
        for each in book.lines
    }
    return {"positions": own, "orders": dict.fromkeys(hedge.quantities, 0.0) | _carries(hedge)}


def _carries(hedge: Hedge) -> dict[str, float]:
    """Return instrument → what its order receives per day, where that is not nothing."""
    rows = zip(hedge.problem.instruments, hedge.problem.unit_carry, strict=True)
    each = {i.name: float(hedge.quantities[i.name]) * float(one) for i, one in rows}
    return {name: number for name, number in each.items() if number}


def _carried(book: Book) -> dict[str, float]:
    """Return position → what it receives per day, where that is known and not nothing."""
    found = {
        each.name: each.amount * float(each.model.carry(book.market))
        for each in book.lines
        if isinstance(each.model, SupportsCarry)
    }
    return {name: number for name, number in found.items() if number}


def margins(hedge: Hedge) -> dict[str, float]:
    """Return instrument → the initial margin of its order, where it is traded."""
    numbers = [hedge.quantities[i.name] for i in hedge.problem.instruments]
    found = dict(zip(hedge.quantities, map(float, hedge.problem.margins(numbers)), strict=True))
    return {name: each for name, each in found.items() if hedge.quantities[name]}


def margin(book: Book, hedge: Hedge) -> Lines:  # noqa: ARG001 - as all sections
    """Yield what the orders take of margin."""
    unit, each = hedge.before.numeraire, margins(hedge)
    beyond = [name for name, needs in each.items() if not np.isfinite(needs)]
    if beyond:
        yield f"The order in {', '.join(beyond)} is larger than its brackets of margin allow."
    fine = {name: needs for name, needs in each.items() if name not in beyond}
    if fine:
        yield (
            f"The orders take {cash(sum(fine.values()))} {unit} of initial margin: "
            f"{_list(fine)}. Where the book gives neither leverage nor brackets, that is all "
            "of the notional."
        )
    its = hedge.certificate
    if its is not None and "margin" in its.breakdown:
        yield f"Counted as the solver's limit does, {cash(its.breakdown['margin'])} {unit}."
    if not each:
        yield "None: nothing is traded."


def _earns(number: float, unit: str) -> str:
    return f"{'receive' if number >= 0 else 'pay'} {cash(abs(number))} {unit}"


def _list(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {cash(number)}" for name, number in numbers.items())


def _gains(numbers: Mapping[str, float]) -> str:
    """Return what each receives, with its sign: what pays is negative."""
    said = (f"{name} {'+' if number > 0 else ''}{cash(number)}" for name, number in numbers.items())
    return ", ".join(said)
