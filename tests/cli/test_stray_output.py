"""With `--json` standard output is one JSON document, whatever formulas of plugins print."""

import json
import sys

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")

import runs
from books import written

v3 = pytest.importorskip("hedgecore_uniswap_v3.price_range")
STRAY = "half of a formula"
COMMANDS = {
    "hedge": ("--explain",),
    "greeks": (),
    "curve": ("--asset", "WETH", "--steps", "3"),
    "scenario": ("--move", "WETH=-10%..+10%", "--steps", "3"),
    "simulate": ("--paths", "2", "--steps", "2", "--days", "1", "--model", "gbm,vol=0.5"),
    "compare": ("--paths", "2", "--steps", "2", "--days", "1", "--model", "gbm,vol=0.5"),
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of a range whose formulas print, in each way that Python has."""
    quiet = v3.UniswapV3._spot

    def chatty(self):
        print(STRAY)  # noqa: T201 - as an author does who looks for a mistake
        sys.stdout.write(f"{STRAY}\n")
        sys.stdout.flush()
        return quiet(self)

    monkeypatch.setattr(v3.UniswapV3, "_spot", chatty)
    return written(tmp_path, runs.BOOK)


@pytest.mark.parametrize("command", COMMANDS)
def test_json_is_one_document_though_a_formula_prints(call, book, command):
    done = call(command, book, *COMMANDS[command], "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)
    assert STRAY in done.stderr


@pytest.mark.parametrize("words", [("curve", "--asset", "WETH", "--csv"), ("greeks",)])
def test_what_a_person_or_a_table_reads_is_the_commands_own_too(call, book, words):
    done = call(words[0], book, *words[1:])
    assert done.exit_code == 0
    assert STRAY not in done.stdout
    assert STRAY in done.stderr


def test_standard_output_is_as_it_was_when_a_command_has_ended(call, book):
    before = sys.stdout
    call("greeks", book, "--json")
    assert sys.stdout is before
