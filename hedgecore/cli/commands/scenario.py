"""`hedgecore scenario`: profit and loss where prices, volatilities and time have moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import numpy as np
import typer

from hedgecore.analysis.stress import Stress, stress
from hedgecore.cli.options.books import load
from hedgecore.cli.options.common import Accept, AsCsv, AsJson, BookFile, Hedging, Plot, one_format
from hedgecore.cli.options.moves import MoveSpec, axis_of, move_of, vol_of
from hedgecore.cli.terminal.failures import usage_errors
from hedgecore.cli.terminal.output import draw_into, print_json
from hedgecore.cli.terminal.screen import columns, notes, say, show, verbatim, warn
from hedgecore.report import scenario as report

ONE, TWO = (13,), (7, 5)
"""Points of the ranges in a table: of the only one; of the first, and of each other."""
LINE, FIELD = (241,), (81, 81)
"""The same in a plot."""

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
    accept: Accept = False,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Show profit and loss where prices, volatilities and time have moved, by full revaluation."""
    one_format(as_csv, as_json)
    loaded = load(book, accept=accept)
    prices = [move_of(each, loaded.market) for each in move or ()]
    specs = [*prices, *(vol_of(each, loaded.market) for each in vol or ())]
    if not specs and not days:
        raise typer.BadParameter("nothing moves: give --move, --vol or --days")
    answer = loaded.hedge() if hedging and loaded.instruments else None

    def over(one: Sequence[int], two: Sequence[int]) -> Stress:
        counts = _points(specs, steps, one, two)
        pairs = zip(specs, counts, strict=True)
        axes = [axis_of(each, loaded.market, many) for each, many in pairs]
        with usage_errors():
            return stress(loaded, axes, days=days, hedge=answer)

    if plot is not None:
        draw_into(plot, _chart, over(LINE, FIELD))
    if as_csv or as_json or plot is None:
        _write(over(ONE, TWO), as_csv=as_csv, as_json=as_json)
    else:
        warn(loaded.warnings, aside=True)


def _write(found: Stress, *, as_csv: bool, as_json: bool) -> None:
    if as_json:
        print_json(report.document(found))
    elif as_csv:
        warn(found.warnings, aside=True)
        verbatim(report.csv(found), nl=False)
    else:
        with usage_errors():
            tables = report.tables(found, columns())
        warn(found.warnings)
        for table in tables:
            show(table)
            say()
        notes([*report.remarks(found), *([report.HINT] if found.fixed_assets else [])])


def _chart() -> Callable[..., Any]:
    from hedgecore.report.charts.scenario import save  # noqa: PLC0415 - an extra

    return save


def _points(
    specs: Sequence[MoveSpec], steps: int | None, one: Sequence[int], two: Sequence[int]
) -> list[int]:
    """Number of points of each option's axis: `steps`, or a default by how many are ranges."""
    if steps is not None:
        return [steps] * len(specs)
    many = sum(each.ranged or len(each.numbers) > 1 for each in specs)
    first, *rest = one if many < 2 else two  # noqa: PLR2004 - of two directions
    place = np.cumsum([each.ranged for each in specs])
    return [first if at <= 1 else rest[0] for at in place]
