"""`hedgecore scenario`: profit and loss where prices, volatilities and time have moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import numpy as np
import typer

from hedgecore.analysis.scenario import scenario as revalued
from hedgecore.books.book import Book
from hedgecore.cli.options.common import AsCsv, AsJson, BookFile, Hedging, Plot, one_format
from hedgecore.cli.options.moves import Asked, Axis, axis, move_of, vol_of
from hedgecore.cli.terminal.screen import notes, say, show
from hedgecore.errors import SpecError
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.report import documents
from hedgecore.report import scenario as scenario_report
from hedgecore.report.charts.output import drawn_into
from hedgecore.report.scenario import Stress

ONE, TWO = (13,), (7, 5)
"""Points of the ranges in a table: of the only one; of the first, and of each other."""
LINE, FIELD = (241,), (81, 81)
"""The same in a plot."""
MOST = 1_000_000
"""Scenarios at once, at most."""

Move = Annotated[
    list[str] | None,
    typer.Option(metavar="ASSETS=RANGE", help="As WETH=-30%..+30%, or WETH=1500..4000."),
]
Vol = Annotated[
    list[str] | None,
    typer.Option(metavar="ASSETS=RANGE", help="As WETH=+20%, WETH=-5pt..+5pt, or WETH=0.8."),
]
Days = Annotated[float, typer.Option(help="How many days pass.")]
Steps = Annotated[int | None, typer.Option(min=2, max=10_000, help="Points of each range.")]


def scenario(
    book: BookFile,
    *,
    move: Move = None,
    vol: Vol = None,
    days: Days = 0.0,
    steps: Steps = None,
    hedging: Hedging = True,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Show profit and loss where prices, volatilities and time have moved, by full revaluation."""
    one_format(as_csv, as_json)
    loaded = Book.load(book)
    prices = [move_of(each, loaded.market) for each in move or ()]
    asked = [*prices, *(vol_of(each, loaded.market) for each in vol or ())]
    if not asked and not days:
        raise typer.BadParameter("nothing moves: give --move, --vol or --days")
    answer = loaded.hedge() if hedging and loaded.instruments else None

    def over(one: Sequence[int], two: Sequence[int]) -> Stress:
        axes = _axes(asked, loaded.market, _points(asked, steps, one, two))
        there = _grid(loaded.market, axes, days)
        return Stress(loaded, axes, revalued(loaded, there, hedge=answer))

    if plot is not None:
        drawn_into(plot, _heat, over(LINE, FIELD))
    if as_csv or as_json or plot is None:
        _write(over(ONE, TWO), as_csv=as_csv, as_json=as_json)


def _write(stress: Stress, *, as_csv: bool, as_json: bool) -> None:
    if as_json:
        documents.dump(scenario_report.document(stress))
    elif as_csv:
        typer.echo(scenario_report.csv(stress), nl=False)
    else:
        for table in scenario_report.tables(stress):
            show(table)
            say()
        notes(
            [
                *scenario_report.remarks(stress),
                *([scenario_report.HINT] if scenario_report.stays(stress) else []),
            ]
        )


def _heat() -> Callable[..., Any]:
    from hedgecore.report.charts.scenario import save  # noqa: PLC0415 - an extra

    return save


def _points(
    asked: Sequence[Asked], steps: int | None, one: Sequence[int], two: Sequence[int]
) -> list[int]:
    """Return how many points each option takes, if it is a range."""
    if steps is not None:
        return [steps] * len(asked)
    many = sum(each.ranged or len(each.numbers) > 1 for each in asked)
    first, *rest = one if many < 2 else two  # noqa: PLR2004 - of two directions
    place = np.cumsum([each.ranged for each in asked])
    return [first if at <= 1 else rest[0] for at in place]


def _axes(asked: Sequence[Asked], market: Market, points: Sequence[int]) -> tuple[Axis, ...]:
    axes = tuple(axis(each, market, many) for each, many in zip(asked, points, strict=True))
    for what in ("price", "volatility"):
        names = [name for each in axes if each.what == what for name in each.names]
        for name in names:
            if names.count(name) > 1:
                raise typer.BadParameter(f"the {what} of {name} is moved twice")
    count = float(np.prod([float(len(each)) for each in axes]))
    if count > MOST:
        raise typer.BadParameter(f"{count:.0f} scenarios are too many: {MOST} at most")
    return axes


def _grid(market: Market, axes: Sequence[Axis], days: float) -> Market:
    """Return the market of all combinations, its shape the lengths of the axes."""
    levels: dict[str, dict[str, Array]] = {"price": {}, "volatility": {}}
    for k, each in enumerate(axes):
        shape = [-1 if i == k else 1 for i in range(len(axes))]
        for name, points in each.levels.items():
            levels[each.what][name] = points.reshape(shape)
    try:
        return market.shifted(prices=levels["price"], vols=levels["volatility"], days=days)
    except SpecError as error:
        raise typer.BadParameter(
            str(error).removeprefix("scenario.").removeprefix("scenario: ")
        ) from error
