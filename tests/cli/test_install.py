"""`hedgecore plugins install` and `uninstall`: what is run, and what is said of it."""

import subprocess
import sys
from importlib.metadata import version

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner

from hedgecore.cli.app import program
from hedgecore.cli.plugin_tools import installer
from hedgecore.cli.plugin_tools.probe import ProbeResult

PROGRAM = program()


def call(*words):
    return CliRunner().invoke(PROGRAM, ["plugins", *words])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("solidly", ["hedgecore-solidly"]),
        ("solidly>=1,<2", ["hedgecore-solidly>=1,<2"]),
        ("hedgecore-solidly==1.0", ["hedgecore-solidly==1.0"]),
        ("./dist/a-1.0-py3-none-any.whl", ["./dist/a-1.0-py3-none-any.whl"]),
        ("git+https://example.org/a.git", ["git+https://example.org/a.git"]),
        (".", ["--editable", "."]),
    ],
)
def test_short_names_are_completed_and_folders_stay_editable(name, given):
    assert installer.requirement(name) == given


@pytest.fixture
def commands(monkeypatch):
    """The commands that would have been run."""
    ran = []

    def run(command, **_):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(installer.subprocess, "run", run)
    kinds = iter([ProbeResult(kinds={"a": "a"}), ProbeResult(kinds={"a": "a", "b": "c"})])
    monkeypatch.setattr(installer, "probe_all", lambda: next(kinds))
    return ran


def test_install_runs_what_it_prints_keeps_the_core_and_tells_what_appeared(commands):
    done = call("install", "b", "--upgrade")
    assert done.exit_code == 0, done.output
    [command] = commands
    core = f"hedgecore=={version('hedgecore')}"
    assert command[-3:] == ["--upgrade", "hedgecore-b", core]
    assert f"$ {' '.join(command)}" in done.stdout
    assert "b, from the plugin c" in done.stdout


def test_without_pip_uv_is_told_which_environment(monkeypatch, commands):
    monkeypatch.setattr(installer, "find_spec", lambda _: None)
    monkeypatch.setattr(installer, "which", lambda _: "/bin/uv")
    call("install", "b")
    assert commands[0][:5] == ["/bin/uv", "pip", "install", "--python", sys.executable]
    monkeypatch.setattr(installer, "which", lambda _: None)
    done = call("install", "b")
    assert (done.exit_code, "no pip" in done.stderr) == (2, True)


def test_pip_is_used_where_there_is_one(monkeypatch, commands):
    monkeypatch.setattr(installer, "find_spec", lambda _: object())
    call("uninstall", "uniswap-v3")
    wanted = [sys.executable, "-m", "pip", "uninstall", "--yes", "hedgecore-uniswap-v3"]
    assert commands == [wanted]


def test_an_install_that_fails_or_brings_a_broken_plugin_ends_with_1(monkeypatch):
    failed = subprocess.CompletedProcess([], 7)
    monkeypatch.setattr(installer.subprocess, "run", lambda *_, **__: failed)
    monkeypatch.setattr(installer, "probe_all", ProbeResult)
    done = call("install", "b")
    assert (done.exit_code, "exit code 7" in done.stderr) == (1, True)
    failed.returncode = 0
    after = iter([ProbeResult(), ProbeResult(failures={"b": "it is broken"})])
    monkeypatch.setattr(installer, "probe_all", lambda: next(after))
    done = call("install", "b")
    assert (done.exit_code, "it is broken" in done.stdout) == (1, True)


@pytest.mark.parametrize("words", [("uninstall", "numpy"), ("uninstall", "hedgecore")])
def test_only_plugins_are_uninstalled(words, commands):
    done = call(*words)
    assert (done.exit_code, commands) == (2, [])


@pytest.mark.parametrize("name", ["--index-url=x", " "])
def test_options_are_no_names(name, commands):
    done = call("install", "--", name)
    assert (done.exit_code, commands) == (2, [])
