"""Commands are imported when they are called: help and a hedge bring nothing else along."""

import json
import subprocess
import sys
from importlib import import_module

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from hedgecore.cli.app import COMMANDS


def imported(code):
    """Return the modules that are there after some code, run in a process of its own."""
    show = "import json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


HELP = """
from hedgecore.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
"""


def test_help_imports_no_command_and_no_numbers():
    modules = imported(HELP)
    assert "numpy" not in modules
    rooms = {name.split(".")[1] for name in modules if name.startswith("hedgecore.")}
    assert rooms <= {"cli", "errors", "renamed", "tables"}
    assert not [name for name in modules if name.startswith("hedgecore.cli.commands.")]


def test_the_command_that_hedges_imports_no_simulation_and_no_reader_of_chains():
    modules = imported("import hedgecore.cli.commands.hedge")
    rooms = {name.split(".")[1] for name in modules if name.startswith("hedgecore.")}
    assert not rooms & {"simulation", "decisions", "readers", "testing"}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_the_command_says_of_itself(name):
    module = import_module(f"hedgecore.cli.commands.{name}")
    command = vars(module)[name]
    assert (command.__doc__ or "").partition("\n")[0] == COMMANDS[name]
