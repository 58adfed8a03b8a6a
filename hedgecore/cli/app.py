"""All commands, together."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer.main import get_command

from hedgecore.cli.commands.backtest import backtest
from hedgecore.cli.commands.check import check
from hedgecore.cli.commands.compare import compare
from hedgecore.cli.commands.curve import curve
from hedgecore.cli.commands.describe import describe
from hedgecore.cli.commands.greeks import greeks
from hedgecore.cli.commands.hedge import hedge
from hedgecore.cli.commands.kinds import kinds
from hedgecore.cli.commands.new import new
from hedgecore.cli.commands.plugins import group
from hedgecore.cli.commands.read import read
from hedgecore.cli.commands.refresh import refresh
from hedgecore.cli.commands.scenario import scenario
from hedgecore.cli.commands.simulate import simulate
from hedgecore.cli.terminal import stdout
from hedgecore.cli.terminal.failures import DEBUG, Sentences

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
