"""Costs of a hedge, in sentences: fees now, carry per day, and margin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from hedgecore.analysis.hedge_report import HedgeReport
from hedgecore.hedging import summary
from hedgecore.market.terms import SupportsCarry
from hedgecore.pools.model import PoolModel
from hedgecore.report.loss_rates import rate_remarks
from hedgecore.tables.render import cash

Lines = Iterator[str]


def costs(report: HedgeReport) -> Lines:
    """Sentences on what is paid now, and on what is received or paid per day."""
    yield _fees(report)
    yield from _carry(report)
    free = _free(report)
    if free:
        yield (
            f"By its fields, holding {', '.join(free)} costs and earns nothing: an interest rate "
            "that the book does not give is taken as 0."
        )
    if any(isinstance(each.model, PoolModel) for each in report.book.positions):
        yield "What your pools earn in fees is unknown, and in none of these numbers."
    yield from rate_remarks(report.loss_rates, report.hedge.before.numeraire)


def margin(report: HedgeReport) -> Lines:
    """Sentences on what the orders take of margin."""
    unit, each = report.hedge.before.numeraire, report.margins
    what = "What is held and the orders take" if report.hedge.problem.held else "The orders take"
    beyond = [name for name, needs in each.items() if not np.isfinite(needs)]
    if beyond:
        yield f"The order in {', '.join(beyond)} is larger than its brackets of margin allow."
    fine = {name: needs for name, needs in each.items() if name not in beyond}
    if fine:
        yield (
            f"{what} {cash(sum(fine.values()))} {unit} of initial margin: "
            f"{_list(fine)}. Where the book gives neither leverage nor brackets, that is all "
            "of the notional."
        )
    proof = report.hedge.certificate
    if proof is not None and "margin" in proof.breakdown:
        yield f"Counted as the solver's limit does, {cash(proof.breakdown['margin'])} {unit}."
    if not each:
        yield "None: nothing is traded."


def _carry(report: HedgeReport) -> Lines:
    """Sentences on the carry of orders and positions, and on what of it is unknown."""
    unit = report.hedge.before.numeraire
    orders, own = _known_nonzero(report.order_carry), _known_nonzero(report.position_carry)
    traded, held = sum(orders.values()), sum(own.values())
    unknown = _unknown_funding(report)
    rest = " without what is unknown" if unknown else ""
    if orders:
        yield f"Held, the orders {_earns(traded, unit)} a day{rest}: {_gains(orders)}."
    if own:
        yield f"Your own positions {_earns(held, unit)} a day{rest}: {_gains(own)}."
    if orders and own:
        yield f"Together they {_earns(traded + held, unit)} a day{rest}."
    yield from summary.unknown("funding", unknown)


def _known_nonzero(numbers: Mapping[str, float | None]) -> dict[str, float]:
    """Numbers that are known and not zero, by name."""
    return {name: number for name, number in numbers.items() if number}


def _unknown_funding(report: HedgeReport) -> list[str]:
    """Names of what is traded or held at a funding rate that is unknown; pools are not."""
    pools = {each.name for each in report.book.positions if isinstance(each.model, PoolModel)}
    both = [*report.order_carry.items(), *report.position_carry.items()]
    return list(dict.fromkeys(name for name, x in both if x is None and name not in pools))


def _fees(report: HedgeReport) -> str:
    paid = {name: fee for name, fee in report.fees.items() if fee is not None}
    unknown = [name for name, fee in report.fees.items() if fee is None]
    if not report.fees:
        return "Nothing is traded, so nothing is paid now."
    total = f"{cash(sum(paid.values()))} {report.hedge.before.numeraire}"
    if unknown:
        rest = f"; the other fees are {total} ({_list(paid)})" if paid else ""
        said = f"The fee of {', '.join(unknown)} is unknown, and so is what this costs now{rest}"
        return f"{said}: give fee in the book, or --fee."
    return f"It costs {total} in fees now: {_list(paid)}."


def _free(report: HedgeReport) -> list[str]:
    """Names of what is traded, could have a carry, and has none."""
    return [
        each.name
        for each in report.hedge.problem.instruments
        if np.any(report.hedge.quantities[each.name])
        and isinstance(each, SupportsCarry)
        and each.name not in report.order_carry
    ]


def _earns(number: float, unit: str) -> str:
    return f"{'receive' if number >= 0 else 'pay'} {cash(abs(number))} {unit}"


def _list(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {cash(number)}" for name, number in numbers.items())


def _gains(numbers: Mapping[str, float]) -> str:
    """Cash by name, with its sign: what pays is negative."""
    terms = (f"{name} {'+' if x > 0 else ''}{cash(x)}" for name, x in numbers.items())
    return ", ".join(terms)
