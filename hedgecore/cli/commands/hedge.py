"""`hedgecore hedge`: the orders, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from attrs import evolve

from hedgecore.analysis import losses
from hedgecore.analysis.sweep import portrait
from hedgecore.books.book import Book
from hedgecore.cli.options.common import AsJson, BookFile, Plot
from hedgecore.cli.terminal.screen import TITLE, notes, say, show
from hedgecore.errors import SpecError
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import build
from hedgecore.report import costs, documents, explain
from hedgecore.report.charts.output import drawn_into
from hedgecore.tables.render import hedge_tables, remarks

NAMES = (2, 1, 1)
"""How many columns of the tables of orders, delta and gamma are names."""

Explain = Annotated[bool, typer.Option("--explain", help="Say why, in plain sentences.")]
Solver = Annotated[
    str | None, typer.Option(metavar="KIND", help="By this solver, instead of the book's.")
]
Neutral = Annotated[
    str | None,
    typer.Option(metavar="GREEKS", help="As delta,gamma: to be met, instead of the book's."),
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
    plot: Plot = None,
    asset: Assets = None,
    as_json: AsJson = False,
) -> None:
    """Hedge a book: orders, exposure before and after, cost, and what stays unhedged and why."""
    loaded = _amended(Book.load(book), solver, neutral)
    answer = loaded.hedge()
    if plot is not None:
        drawn_into(plot, _picture, portrait(loaded, answer, asset))
    elif asset:
        raise typer.BadParameter("--asset says what to plot: give --plot too")
    if as_json:
        documents.dump(_document(loaded, answer, explained=explained))
    else:
        _print(loaded, answer, explained=explained)


def _document(book: Book, answer: Hedge, *, explained: bool) -> dict[str, Any]:
    found = {
        **documents.hedge(answer),
        "solver": book.solver.kind,
        "carry": costs.carries(book, answer),
        "margins": costs.margins(answer),
    }
    if not explained:
        return found
    lost, failed = losses.losses(book, answer)
    more = losses.document(lost, answer.problem.hedged_assets, float(answer.before.value))
    told = explain.sections(book, answer)
    return {**found, "explanation": told, "losses": {**more, "failed": failed}}


def _print(book: Book, answer: Hedge, *, explained: bool) -> None:
    for table, names in zip(hedge_tables(answer), NAMES, strict=False):
        show(table, names)
        say()
    if explained:
        _explain(book, answer)
    else:
        notes(remarks(answer))


def _explain(book: Book, answer: Hedge) -> None:
    for head, lines in explain.sections(book, answer).items():
        say(head, TITLE)
        notes(lines)
        say()
    worth, unit = float(answer.before.value), answer.before.numeraire
    (found, failed), rows = losses.losses(book, answer), answer.problem.hedged_assets
    say("At which price it loses what", TITLE)
    notes(losses.words(found, rows, worth, unit))
    notes(f"{asset} cannot be moved so far: {why}." for asset, why in failed.items())
    for table in losses.tables(found, rows, worth, unit):
        say()
        show(table)
    if answer.notes:
        say()
        say("Notes", TITLE)
        notes(answer.notes)


def _amended(book: Book, solver: str | None, neutral: str | None) -> Book:
    """Return the book with what the command line asks instead."""
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


def _picture() -> Callable[..., Any]:
    from hedgecore.report.charts.hedge import save  # noqa: PLC0415 - an extra

    return save
