"""`hedgecore hedge`: the orders, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import evolve

from hedgecore.analysis.hedge_report import HedgeReport
from hedgecore.books.book import Book
from hedgecore.cli.options.books import book_of
from hedgecore.cli.options.common import (
    Accept,
    AsJson,
    BookFile,
    Plot,
    policy_names,
    solver_names,
)
from hedgecore.cli.options.held import holdings
from hedgecore.cli.options.rates import Fees, Fundings, with_rates
from hedgecore.cli.terminal.output import draw_into, print_json, say_written
from hedgecore.cli.terminal.screen import TITLE, notes, say, show, warn
from hedgecore.errors import SpecError
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import build
from hedgecore.report import frozen, loss_rates
from hedgecore.tables.files import read_tables

if TYPE_CHECKING:
    from hedgecore.analysis.trade_timing import TradeTiming

NAMES = (2, 1, 1)
"""Number of columns of names in the tables of orders, delta and gamma."""

DUE = 10
"""Exit code where the policy trades now."""

Explain = Annotated[bool, typer.Option("--explain", help="Say why, in plain sentences.")]
Solver = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help="By this solver, instead of the book's.",
        autocompletion=solver_names,
    ),
]
Neutral = Annotated[
    str | None,
    typer.Option(metavar="GREEKS", help="As delta,gamma: to be met, instead of the book's."),
]
Policy = Annotated[
    str | None,
    typer.Option(
        metavar="KIND[,FIELD=VALUE]",
        help="Say whether this band trades now (exit code 10) or at which prices (0).",
        autocompletion=policy_names,
    ),
]
Held = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=CONTRACTS[@ENTRY]",
        help="Held already of an instrument, as ETH-PERP=-53.8 or BTC-PERP=-40@30000; repeatable.",
    ),
]
OrdersFile = Annotated[
    Path | None,
    typer.Option(
        "--orders", metavar="FILE",
        help="Write the orders as a venue takes them: a .json or .csv file.",
    ),
]  # fmt: skip
Slippage = Annotated[
    float | None,
    typer.Option(
        metavar="FRACTION",
        help="With --orders: of the limit price from the book's; [live.caps]'s, else 0.003.",
    ),
]
Assets = Annotated[
    list[str] | None, typer.Option("--asset", help="What to plot; each asset that is hedged.")
]


def hedge(
    book: BookFile,
    *,
    explained: Explain = False,
    solver: Solver = None,
    neutral: Neutral = None,
    policy: Policy = None,
    held: Held = None,
    fee: Fees = None,
    funding: Fundings = None,
    plot: Plot = None,
    asset: Assets = None,
    orders: OrdersFile = None,
    slippage: Slippage = None,
    accept: Accept = False,
    as_json: AsJson = False,
) -> None:
    """Hedge a book: orders, exposure before and after, cost, and what stays unhedged and why."""
    tables = with_rates(read_tables(book), fee=fee, funding=funding)
    given = book_of(tables, accept=accept)
    loaded = _with_options(given, solver, neutral).with_held(holdings(held or ()))
    found = HedgeReport(loaded, loaded.hedge())
    when = None if policy is None else _timing(loaded, policy)
    if plot is not None:
        from hedgecore.analysis.sweep import sweeps  # noqa: PLC0415 - brings the scenarios

        draw_into(plot, _chart, sweeps(loaded, found.hedge, asset))
    elif asset:
        raise typer.BadParameter("--asset says what to plot: give --plot too")
    trade = found.hedge.quantities if when is None else when.orders
    _write_orders(loaded, trade, orders, slippage)
    if as_json:
        from hedgecore.report import hedge as report  # noqa: PLC0415 - of JSON alone

        asked = {} if when is None else {"policy": _timing_report().document(when)}
        print_json({**report.document(found, explained=explained), **asked})
    else:
        _print(found, explained=explained)
        _print_timing(when)
    if when is not None and when.now:
        raise typer.Exit(DUE)


def _write_orders(
    book: Book, trade: Mapping[str, Any], path: Path | None, slippage: float | None
) -> None:
    """Write the orders into a file where one is named, and say so on stderr."""
    if path is None:
        if slippage is not None:
            raise typer.BadParameter("--slippage is of the orders in a file: give --orders too")
        return
    from hedgecore.live.tickets import order_tickets  # noqa: PLC0415 - brings the loop
    from hedgecore.report import tickets  # noqa: PLC0415

    tickets.check_suffix(path)
    tickets.save(order_tickets(book, trade, slippage), book, path, slippage)
    say_written(path)


def _print(found: HedgeReport, *, explained: bool) -> None:
    warn(found.hedge.warnings)
    for table, names in zip(found.hedge.tables(), NAMES, strict=False):
        show(table, names)
        say()
    if explained:
        _explain(found)
    else:
        notes(_remarks(found))


def _remarks(found: HedgeReport) -> list[str]:
    """Sentences on the answer, and on what it takes as it stands or gamma does not tell."""
    own = loss_rates.net_remarks(found.net_losses, found.hedge.before.numeraire)
    return [*found.hedge.remarks(), *own, *frozen.remarks(found.frozen)]


def _print_timing(when: TradeTiming | None) -> None:
    if when is not None:
        say()
        say(f"When, by the policy {when.kind}", TITLE)
        notes(_timing_report().sentences(when))


def _explain(found: HedgeReport) -> None:
    from hedgecore.report import explain, losses  # noqa: PLC0415 - bring the scenarios

    for head, lines in explain.sections(found).items():
        if lines:
            say(head, TITLE)
            notes(lines)
            say()
    say("At which price it loses what", TITLE)
    notes(losses.remarks(found.losses))
    for table in losses.tables(found.losses):
        say()
        show(table)
    if found.hedge.notes:
        say()
        say("Notes", TITLE)
        notes(found.hedge.notes)


def _with_options(book: Book, solver: str | None, neutral: str | None) -> Book:
    """Book with what the command line asks instead."""
    if solver is not None and solver != book.solver.kind:
        book = evolve(book, solver=_solver(solver))
    if neutral is not None:
        greeks = [greek.strip() for greek in neutral.split(",")]
        book = evolve(book, request=evolve(book.request, neutral=greeks))
    return book


def _solver(kind: str) -> AbstractHedgeSolver:
    if kind == LeastSquares.kind:
        return LeastSquares()
    if not issubclass(default_registry()[kind], AbstractHedgeSolver):
        raise typer.BadParameter(f"{kind} is no solver: `hedgecore kinds` lists them")
    try:
        built: AbstractHedgeSolver = build({"kind": kind})
    except SpecError as error:
        reason = f"--solver takes {kind} with its defaults, and it has not all ({error})"
        raise typer.BadParameter(f"{reason}: say more under [hedge] in the book") from error
    return built


def _timing(book: Book, policy: str) -> TradeTiming:
    from hedgecore.cli.options.when import timing_of  # noqa: PLC0415 - brings the simulation

    return timing_of(book, policy)


def _timing_report() -> ModuleType:
    from hedgecore.report import timing  # noqa: PLC0415 - brings the decisions

    return timing


def _chart() -> Callable[..., Any]:
    from hedgecore.report.charts.hedge import save  # noqa: PLC0415 - an extra

    return save
