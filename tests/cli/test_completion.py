"""A shell's completion: it offers what the commands take, and imports none of them."""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.main import get_command

import hedgecore as hc
from hedgecore.cli import outline
from hedgecore.cli.app import COMMANDS, command, program
from hedgecore.cli.options import common
from hedgecore.registry import registry
from outlined import text

SHOW = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from hedgecore.cli import main
main([])
"""


def asked(words, shell="bash"):
    """Return what a shell is told that asks to complete the last of some words, and the modules."""
    line = ["hedgecore", *words]
    variables = {
        "_HEDGECORE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": " ".join(line),
        "COMP_CWORD": str(len(words)),
        "_TYPER_COMPLETE_ARGS": " ".join(line),
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SHOW], capture_output=True, text=True, check=True,
        env={**os.environ, **variables},
    )  # fmt: skip
    return done.stdout, set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture(scope="module", autouse=True)
def kept(tmp_path_factory):
    """Keep what is installed in a folder of this module, as an earlier start does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEDGECORE_CACHE", str(tmp_path_factory.mktemp("kept")))
        asked(["describe", "unis"])
        yield


def test_the_outline_is_that_of_the_commands():
    assert outline.FILE.read_text(encoding="utf-8") == text(), "run python tests/outlined.py"


def offered(found, word):
    """Return what a command offers for a word."""
    context = get_command(program()).make_context("hedgecore", [], resilient_parsing=True)
    items = found.shell_complete(context, word)
    return [(item.value, item.help) for item in items]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_outline_offers_what_the_command_offers(name):
    group = get_command(program())
    context = group.make_context("hedgecore", [], resilient_parsing=True)
    _, outlined, _ = group.resolve_command(context, [name])
    for word in ("-", "--", "--j", "--no", "in"):
        assert offered(outlined, word) == offered(command(name), word)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["he"], ["hedge"]),
        (["hedge", "--s"], ["--solver", "--slippage"]),
        (["hedge", "--solver", "convex", "--sl"], ["--slippage"]),
        (["new", "mine", "--form", "in"], ["invariant"]),
        (["plugins", "un"], ["uninstall"]),
        (["kinds", "--sort", "po"], ["pool", "policy"]),
        (["journal", "book.toml", "--kind", "h"], ["halted", "heartbeat"]),
        (["backtest", "book.toml", "--bad-rows", "l"], ["leave-out"]),
        (["plugins", "install", "--u"], ["--upgrade"]),
    ],
)
def test_what_is_offered_takes_no_command_and_no_numbers(words, due):
    told, modules = asked(words)
    assert told.split() == due
    assert not modules & {"numpy", "attr", "rich.console", "hedgecore.books"}
    assert not [name for name in modules if name.startswith("hedgecore.cli.commands.")]


def test_kinds_are_offered_by_what_is_kept_and_no_plugin_is_imported():
    told, modules = asked(["describe", "uniswap"])
    assert told.split() == sorted(k for k in hc.default_registry() if k.startswith("uniswap"))
    assert not modules & {"numpy", "attr", "importlib_metadata", "hedgecore.pools"}
    assert not [name for name in modules if name.startswith("hedgecore_")]


@pytest.mark.parametrize(
    ("options", "hook"),
    [
        (["hedge", "book.toml", "--solver"], "hedgecore_solvers"),
        (["hedge", "book.toml", "--policy"], "hedgecore_policies"),
        (["simulate", "book.toml", "--policy"], "hedgecore_policies"),
        (["simulate", "book.toml", "--model"], "hedgecore_price_models"),
        (["compare", "book.toml", "--policy", "never", "--policy"], "hedgecore_policies"),
        (["read", "--skip"], "hedgecore_readers"),
    ],
)
def test_values_that_are_kinds_of_one_hook_are_offered_and_no_plugin_is_imported(options, hook):
    told, modules = asked([*options, ""])
    assert told.split() == list(hc.default_registry().kinds(hook))
    assert not modules & {"numpy", "attr", "importlib_metadata", "hedgecore.pools"}
    assert not [name for name in modules if name.startswith("hedgecore_")]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_shell_that_shows_help_gets_the_help_whole(shell):
    told, modules = asked(["hedge", "--sl"], shell)
    assert "[live.caps]" in told
    assert "rich.console" not in modules


def test_a_plugin_that_prints_as_it_is_imported_says_no_word_to_the_shell(monkeypatch, capsys):
    def chatty():
        print("imported")  # noqa: T201 - as some libraries do
        return dict.fromkeys(["uniswap-v3", "lmsr"])

    monkeypatch.setattr(common, "kinds_by_trial", lambda hook: None)  # noqa: ARG005 - none tried yet
    monkeypatch.setattr(registry, "default_registry", chatty)
    assert common.kind_names("uni") == ["uniswap-v3"]
    assert capsys.readouterr() == ("", "imported\n")
