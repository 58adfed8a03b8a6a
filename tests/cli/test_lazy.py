"""Commands are imported when they are called: help and a hedge bring nothing else along."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

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


RUN = """
from hedgecore.cli import main
try:
    main({!r})
except SystemExit as end:
    assert not end.code, end.code
"""
BOOK = str(Path(__file__).parents[2] / "examples" / "book.toml")
CORE = {"attr", "attrs", "numpy", "pluggy", "rich", "typer"}
HELPERS = {"annotated_doc", "shellingham"}
"""What typer brings along."""
BOOK_PLUGINS = {
    "hedgecore_balancer_weighted",
    "hedgecore_curve_stableswap",
    "hedgecore_derivatives",
    "hedgecore_uniswap_v2",
    "hedgecore_uniswap_v3",
}
"""What provides the kinds of the example's book."""
ROOMS = {"analysis", "books", "cli", "errors", "extras", "fields", "hedging"}
ROOMS |= {"market", "numerics", "pools", "registry", "renamed", "report", "tables", "units"}
ROOMS |= {"fast", "views"}
SLOW = {"email", "hashlib", "html", "importlib_metadata", "random", "rich.console"}
SLOW |= {
    "hedgecore.registry.trial",
    "hedgecore.registry.validation",
    "socket",
    "tempfile",
    "zipfile",
}
"""Modules that a start does without once an earlier one has kept what is installed."""
NEVER = {"pydantic", "scipy", "web3", "urllib3", "matplotlib", "pyarrow", "clarabel", "pandas"}
NEVER |= {"numba", "llvmlite"}


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """Folder in which a first start has kept what its trial of the plugins said."""
    folder = str(tmp_path_factory.mktemp("kept"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEDGECORE_CACHE", folder)
        imported("import hedgecore as hc; len(hc.default_registry())")
    return folder


@pytest.mark.parametrize(
    "words", [["hedge", BOOK], ["greeks", BOOK], ["curve", BOOK, "--asset", "WETH"]]
)
@pytest.mark.sample(1)
def test_a_command_on_a_book_imports_the_plugins_of_its_kinds_and_no_simulation(
    words, tried, monkeypatch
):
    monkeypatch.setenv("HEDGECORE_CACHE", tried)
    modules = imported(RUN.format(words))
    tops = {name.partition(".")[0] for name in modules}
    assert {top for top in tops if top.startswith("hedgecore_")} == BOOK_PLUGINS
    assert not tops & NEVER
    foreign = (
        tops - set(sys.stdlib_module_names) - {name.partition(".")[0] for name in imported("")}
    )
    assert foreign == CORE | HELPERS | BOOK_PLUGINS | {"hedgecore"}
    rooms = {name.split(".")[1] for name in modules if name.startswith("hedgecore.")}
    assert rooms <= ROOMS
    assert not modules & SLOW


def test_a_book_of_one_perpetual_imports_no_other_contract(tried, monkeypatch):
    monkeypatch.setenv("HEDGECORE_CACHE", tried)
    modules = imported(RUN.format(["hedge", BOOK]))
    assert "hedgecore_derivatives.perp" in modules
    assert not {f"hedgecore_derivatives.{each}" for each in ("future", "loan", "vanilla")} & modules
    assert not {"hedgecore_uniswap_v3.concentrated_positions", "numpy.ma"} & modules


LIVE = """
[live.caps]
max_order_notional = 1e4
max_hourly_turnover = 1e5
max_daily_turnover = 1e5
[venues.desk]
kind = "paper"
maintenance = 0.01
"""


def test_a_book_that_is_hedged_live_too_imports_no_loop(tried, monkeypatch, tmp_path):
    monkeypatch.setenv("HEDGECORE_CACHE", tried)
    book = tmp_path / "book.toml"
    book.write_text(Path(BOOK).read_text(encoding="utf-8") + LIVE, encoding="utf-8")
    modules = imported(RUN.format(["hedge", str(book)]))
    assert "hedgecore.books.live_sections" in modules
    assert not [name for name in modules if name.startswith("hedgecore.live")]


def test_a_command_ends_without_a_last_look_for_cycles():
    last = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count()))\n"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", last + HELP], capture_output=True, text=True, check=True
    )
    assert int(done.stdout.splitlines()[-1]) > 1000


def test_help_imports_nothing_that_draws():
    tops = {name.partition(".")[0] for name in imported(HELP)}
    assert not tops & (NEVER | {"markdown_it", "pygments", "pluggy", "importlib_metadata"})


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_the_command_says_of_itself(name):
    module = import_module(f"hedgecore.cli.commands.{name}")
    command = vars(module)[name]
    assert (command.__doc__ or "").partition("\n")[0] == COMMANDS[name]
