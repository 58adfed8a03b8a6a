"""All commands, together."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer.main import get_command

from hedgecore.cli import stdout
from hedgecore.cli.backtest import backtest
from hedgecore.cli.check import check
from hedgecore.cli.compare import compare
from hedgecore.cli.curve import curve
from hedgecore.cli.describe import describe
from hedgecore.cli.greeks import greeks
from hedgecore.cli.hedging import hedge
from hedgecore.cli.kinds import kinds
from hedgecore.cli.new import new
from hedgecore.cli.plugins import group
from hedgecore.cli.read import read
from hedgecore.cli.refresh import refresh
from hedgecore.cli.scenarios import scenario
from hedgecore.cli.sentences import DEBUG, Sentences
from hedgecore.cli.simulate import simulate

COMMANDS = (
    hedge, greeks, curve, scenario, simulate, backtest, compare, read, refresh, kinds, describe,
    new, check,
)  # fmt: skip
EPILOG = f"{DEBUG}, anywhere, shows the whole traceback of an error."


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"hedgecore {version('hedgecore')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
]


def hedgecore(context: typer.Context, *, _: Version = False) -> None:
    """Value, delta and gamma of a book of pool positions, and the orders that hedge it."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def program() -> typer.Typer:
    """Return the whole command line as one typer application."""
    app = typer.Typer(
        name="hedgecore",
        cls=Sentences,
        epilog=EPILOG,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(hedgecore)
    for each in COMMANDS:
        app.command(epilog=EPILOG)(each)
    app.add_typer(group(EPILOG), name="plugins")
    return app


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command that `arguments` name, the process's own by default, and exit."""
    stdout.keep()
    get_command(program()).main(arguments)
