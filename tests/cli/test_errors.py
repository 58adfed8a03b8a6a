"""Whatever goes wrong on the command line: one sentence, and an exit code."""

import builtins
import sys
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from books import BOOK, RANGE, written
from hedgecore import cli
from hedgecore.hedging.result import Hedge
from hedgecore.renamed import OPTIONS
from hedgecore.tables.printable import printable

BAD = {
    "no such file": ("hedge", "nowhere.toml"),
    "not a book": ("hedge", Path(__file__)),
    "no such command": ("hedg",),
    "no argument": ("hedge",),
    "too many arguments": ("hedge", BOOK, BOOK),
    "no such option": ("hedge", BOOK, "--jsno"),
    "no such kind": ("describe", "uniswap-v5"),
    "no asset": ("curve", BOOK),
    "unknown asset": ("curve", BOOK, "--asset", "WTEH"),
    "numeraire": ("curve", BOOK, "--asset", "USD"),
    "unknown position": ("curve", BOOK, "--asset", "WETH", "--position", "v5"),
    "no range": ("curve", BOOK, "--asset", "WETH", "--from", "9", "--to", "8"),
    "no number": ("curve", BOOK, "--asset", "WETH", "--from", "x"),
    "not finite": ("curve", BOOK, "--asset", "WETH", "--to", "nan"),
    "infinite": ("curve", BOOK, "--asset", "WETH", "--to", "1e999"),
    "too few steps": ("curve", BOOK, "--asset", "WETH", "--steps", "1"),
    "two formats": ("curve", BOOK, "--asset", "WETH", "--csv", "--json"),
    "no picture": ("curve", BOOK, "--asset", "WETH", "--plot", "curve.doc"),
    "no folder": ("curve", BOOK, "--asset", "WETH", "--plot", "/no/such/folder/curve.png"),
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(call, words):
    done = call(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert len(done.stderr) > 10
    assert "Traceback" not in done.stderr


BOOKS = {
    "a wrong kind": RANGE.replace("uniswap-v3", "uniswap-v9"),
    "a wrong field": RANGE.replace("lower", "lowest"),
    "a wrong value": RANGE.replace("1500.0", "-1"),
    "nan": RANGE.replace("1500.0", "nan"),
    "no price": RANGE,
    "no table": "numeraire = 3",
    "no toml": "a = [",
    "empty": "",
    "escapes": RANGE.replace('"range"', '"\\u001b[31m\\nred"').replace("1500.0", "-1"),
}


@pytest.mark.parametrize("text", BOOKS.values(), ids=BOOKS)
@pytest.mark.parametrize("command", ["hedge", "greeks", "curve"])
def test_a_bad_book_is_one_sentence_and_exit_code_2(call, command, text, tmp_path):
    done = call(command, written(tmp_path, text), *["--asset", "WETH"][: 2 * (command == "curve")])
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "\x1b" not in done.stderr


def test_debug_shows_the_traceback_wherever_it_stands(call):
    for words in (("--debug", "hedge", "nowhere.toml"), ("hedge", "nowhere.toml", "--debug")):
        done = call(*words)
        assert done.exit_code == 2
        assert "Traceback (most recent call last)" in done.stderr
        assert done.stderr.splitlines()[-1] == call("hedge", "nowhere.toml").stderr.strip()


def test_what_is_our_fault_is_one_sentence_and_exit_code_1(call, monkeypatch):
    monkeypatch.setattr(Hedge, "tables", lambda _: 1 / 0)
    done = call("hedge", BOOK)
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert "ZeroDivisionError" in done.stderr
    assert "--debug" in done.stderr


OLD = {
    "a model": ("simulate", BOOK, "--path", "gbm,vol=0.8"),
    "no ledger": ("simulate", BOOK, "--quick"),
    "results": ("backtest", BOOK, "--out=steps.parquet"),
    "policies": ("compare", BOOK, "--policies", "never", "clock,hours=8"),
    "prices": ("read", "--prices", "book.toml"),
    "tables": ("read", "--with", "more.toml"),
    "a reader": ("read", "--without", "evm-uniswap-v3"),
    "a state": ("read", "--at", "market"),
    "a book": ("read", "--out", "book.toml"),
    "a limit": ("plugins", "doctor", "--seconds", "3"),
}


@pytest.mark.parametrize("words", OLD.values(), ids=OLD)
def test_an_option_by_its_old_name_is_refused_by_the_new_one(call, words):
    command = next(word for word in words if word in OPTIONS)
    old = next(word for word in words if str(word).startswith("--")).partition("=")[0]
    done = call(*words)
    assert done.exit_code == 2
    assert done.stderr == f"{old} is now {OPTIONS[command][old]}\n"
    helped = call(*words[: words.index(command) + 1], "--help").stdout
    assert OPTIONS[command][old] in helped
    assert f"{old} " not in helped


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra_one_sentence_says_what_to_install(missing, monkeypatch, capsys):
    _forget(monkeypatch, "hedgecore.cli.", missing)
    with pytest.raises(SystemExit) as exit_:
        cli.main(["kinds"])
    assert exit_.value.code == 2
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "The command line needs typer and rich: pip install 'hedgecore[cli]'"
    ]


def test_without_matplotlib_one_sentence_says_what_to_install(call, monkeypatch):
    _forget(monkeypatch, "hedgecore.report.charts.sweep", "matplotlib")
    done = call("curve", BOOK, "--asset", "WETH", "--plot", "curve.png")
    assert done.exit_code == 2
    assert "pip install 'hedgecore[plot]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def _forget(monkeypatch, ours, missing):
    """Make the import of `missing` fail, in modules of ours that are imported anew."""
    real = builtins.__import__

    def refusing(name, *rest):
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, *rest)

    for module in [name for name in sys.modules if name.startswith(ours)]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", refusing)


def test_a_line_commands_no_terminal():
    assert printable("a\n b\x1b[31m\u202e名") == "a b\\x1b[31m\\u202e名"
