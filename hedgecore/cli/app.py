"""All commands; the module of each is imported when it is called, and not before."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import rich  # noqa: F401 - each command needs it: without the extra, say so at once
import typer
from typer.main import get_command

from hedgecore.cli.options.record import spread
from hedgecore.cli.terminal import stdout
from hedgecore.cli.terminal.failures import DEBUG, VERBOSE, CommandGroup

COMMANDS = {
    "hedge": "Hedge a book: orders, exposure before and after, cost, and what stays unhedged and "
    "why.",
    "greeks": "Show worth, delta and gamma of each position and of all, and where each pool "
    "stands.",
    "curve": "Show worth, delta and gamma over the price of one asset, before and after the hedge.",
    "scenario": "Show profit and loss where prices, volatilities and time have moved, by full "
    "revaluation.",
    "simulate": "Simulate a book and its hedge: profit, risk, costs, and where they come from.",
    "backtest": "Replay a history: the hedge as it would have been traded, and where the profit "
    "came from.",
    "live": "Keep a book hedged: read, decide, trade, reconcile, again and again; on paper until "
    "armed.",
    "arm": "Let the loop of a book send orders: show accounts, caps and the first decision, and "
    "ask.",
    "status": "Say where the loop of a book stands: well, waiting, halted, ended or dead, and why.",
    "halt": "Halt the loop of a book: nothing is placed until `hedgecore resume`, a restart "
    "included.",
    "resume": "Let the halted loop of a book go on: it reconciles first, and then decides again.",
    "journal": "Show a book's journal, check that it is what was written, or make its decisions "
    "again.",
    "dashboard": "Show a book's live hedge in a browser, from its journal: nothing on it can "
    "trade.",
    "performance": "Say how it is going: worth, holding, impermanent loss, fees, hedge, costs and "
    "returns.",
    "compare": "Compare policies on the same paths: what each costs, and what risk it leaves.",
    "read": "Read positions, fees and balances of a chain, or of an account; write a book of them.",
    "refresh": "Read a book's tables again, all at one block, and replace them; the rest stays as "
    "it is.",
    "kinds": "List every installed kind of pool, instrument and the like, and the plugin it is "
    "from.",
    "describe": "Describe a kind: what it is, each field with its unit and default, and an example "
    "table.",
    "new": "Write a plugin package for a curve of your own, which installs and passes its tests.",
    "check": "Check the laws of a kind, or of a book: what holds, and what does not, where, by "
    "how much.",
    "plugins": "List the installed plugins; or tell of one, find what is broken, install and "
    "uninstall.",
}
"""Command → the first line of its docstring: help shows it, without the command's module."""
GROUP = "plugins"
COMPLETION = "_HEDGECORE_COMPLETE"
"""The variable by which a shell asks for completions."""
EPILOG = f"{DEBUG}, anywhere, shows the whole traceback of an error; {VERBOSE} logs with times."


class LazyCommands(CommandGroup):
    """The group of all commands, which help knows by their first lines alone."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Name of the command that `args` call, the command itself, and the arguments left.

        To complete a line, its outline has the place of the command.
        """
        name, _, rest = super().resolve_command(ctx, args)
        if name is None:
            return name, None, rest
        return name, (_outlined if ctx.resilient_parsing else command)(name), rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as click's
        """Write each command with the whole of its line, which click would cut."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


def _outlined(name: str) -> Any:
    """Command that completes as the one of that name does."""
    from hedgecore.cli import outline  # noqa: PLC0415 - of completion alone

    return get_command(outline.application(name))


@cache
def command(name: str) -> Any:
    """Command of a module of `hedgecore.cli.commands`, imported now."""
    module = import_module(f"hedgecore.cli.commands.{name}")
    if name == GROUP:
        group: Any = get_command(module.group(EPILOG))
        for each in (group, *group.commands.values()):
            _reserve_stdout(each)
        return group
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(epilog=EPILOG)(spread(vars(module)[name]))
    return _reserve_stdout(get_command(app))


def _reserve_stdout(found: Any) -> Any:
    """Command that has standard output for itself: what formulas of plugins print goes aside."""
    if found.callback is not None:
        found.callback = stdout.reserve()(found.callback)
    return found


def _stand_in() -> None:
    """Stand where a command stands, until it is called."""


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - 20 ms, and only here

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
    """Whole command line as one typer application."""
    app = typer.Typer(
        name="hedgecore",
        cls=LazyCommands,
        rich_markup_mode=None,  # panels would cost three times what help does without them
        epilog=EPILOG,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(hedgecore)
    for name, line in COMMANDS.items():
        app.command(name, help=line)(_stand_in)
    return app


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command that `arguments` name, the process's own by default, and exit.

    What NumPy warns of says no more than the refusal of a number that is not finite.
    """
    if COMPLETION in os.environ:
        sys.modules["rich"] = None  # type: ignore[assignment] # typer: markup out of each help
    stdout.keep()
    warnings.simplefilter("ignore", RuntimeWarning)
    get_command(program()).main(arguments)
