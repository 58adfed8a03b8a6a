"""`hedgecore backtest`: what a policy would have done to a book, along a history of prices."""

from __future__ import annotations

from pathlib import Path as File
from typing import Annotated, Any

import typer

from hedgecore.cli.options.common import Accept, AsJson, BookFile, Plot, words
from hedgecore.cli.options.rates import Fees, rate_of
from hedgecore.cli.options.simulation import (
    Policy,
    Results,
    RunFile,
    Save,
    check_files,
    settings_of,
)
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.runs import write_run_report
from hedgecore.simulation import simulate
from hedgecore.simulation.data.layouts import LAYOUTS

REPLAY = "replay"

Prices = Annotated[
    list[File] | None,
    typer.Option(metavar="FILE", help="A history: .csv or .parquet; several, in order of time."),
]
Funding = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE|[NAME=]RATE",
        help="Funding rates with times of their own, likewise; or a rate that stays.",
    ),
]
Asset = Annotated[str | None, typer.Option(help="Whose prices; what is hedged, if that is one.")]
Layout = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What columns are: named, binance-klines, uniswap-minutes.",
        autocompletion=words(LAYOUTS),
    ),
]
Column = Annotated[
    list[str] | None, typer.Option(metavar="ROLE=NAME", help="As price=close: which one is what.")
]
BadRows = Annotated[
    str | None,
    typer.Option(
        metavar="refuse|leave-out",
        help="What becomes of bad rows.",
        autocompletion=words(("refuse", "leave-out")),
    ),
]
More = Annotated[list[File] | None, typer.Argument(metavar="FILE", hidden=True)]


def backtest(
    book: BookFile,
    more: More = None,
    *,
    prices: Prices = None,
    funding: Funding = None,
    fee: Fees = None,
    policy: Policy = None,
    asset: Asset = None,
    layout: Layout = None,
    column: Column = None,
    bad_rows: BadRows = None,
    results: Results = None,
    save: Save = None,
    accept: Accept = False,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Replay a history: the hedge as it would have been traded, and where the profit came from."""
    rates = [text for text in funding or () if rate_of(text)]
    file = RunFile.load(book, fee=fee, funding=rates, accept=accept)
    given = [*(prices or ()), *(more or ()), *(funding or ())]
    check_files(results, save, plot, histories=[*map(str, given), *file.histories])
    own = file.own.get("price_model", {})
    if more and prices is None:
        raise typer.BadParameter(f"say --prices before {more[0]}")
    path: dict[str, Any] = {"kind": REPLAY}
    if isinstance(own, dict) and own.get("kind") == REPLAY:
        path = dict(own)
    path |= settings_of(asset=asset, layout=layout, bad_rows=bad_rows)
    path |= _files(prices, more, [each for each in funding or () if each not in rates])
    if column:
        path["columns"] = {**path.get("columns", {}), **dict(map(_role, column))}
    if "files" not in path:
        raise typer.BadParameter("there is no history: give --prices FILE")
    settings = file.settings({**settings_of(policy=policy), "price_model": path})
    with bar("Replaying") as progress:
        run = simulate(settings, progress=progress)
    write_run_report(run, file, results=results, save=save, plot=plot, as_json=as_json)


def _files(prices: Any, more: Any, funding: Any) -> dict[str, list[str]]:
    """Fields of the path that name files."""
    found = {"files": [*(prices or ()), *(more or ())], "funding": funding or []}
    return {name: list(map(str, each)) for name, each in found.items() if each}


def _role(text: str) -> tuple[str, str]:
    role, sign, name = text.partition("=")
    if not sign or not role or not name:
        raise typer.BadParameter(f"--column takes ROLE=NAME, like price=close, not {text!r:.80}")
    return role, name
