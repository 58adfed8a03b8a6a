"""The doctor names a plugin whose import is slow, by the processor time that it took."""

import json
from importlib import metadata

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from hedgecore.cli.plugin_tools import doctor, probe
from hedgecore.cli.plugin_tools.probe import ProbeResult


@pytest.fixture
def two(monkeypatch):
    """Two plugins, and what a process of each would say of its import."""

    def reported(*seconds):
        entries = [
            metadata.EntryPoint(name, f"{name}_module", "hedgecore") for name in ("quick", "heavy")
        ]
        results = [ProbeResult(seconds=each) for each in seconds]
        monkeypatch.setattr(doctor, "entry_points", lambda: entries)
        monkeypatch.setattr(doctor, "probe_each", lambda *_: results)
        monkeypatch.setattr(doctor, "probe_all", lambda *_: ProbeResult())

    return reported


def test_a_slow_import_is_named_with_its_time_and_the_way_out(call, two):
    two(0.11, 2.34)
    said = " ".join(call("plugins", "doctor").stdout.split())
    assert "heavy no distribution good, but slow to import: 2.3 s" in said
    assert "quick no distribution good heavy" in said
    assert "import what is large within the function that needs it" in said


def test_it_is_no_fault_and_json_has_the_times(call, two):
    two(0.11, 2.34)
    done = call("plugins", "doctor", "--json")
    assert done.exit_code == 0
    rows = json.loads(done.stdout)["plugins"]
    assert [(each["import_seconds"], each["slow"]) for each in rows] == [
        (0.11, False),
        (2.34, True),
    ]


def test_where_no_import_is_slow_or_known_nothing_is_said_of_it(call, two):
    two(0.11, None)
    assert "slow" not in call("plugins", "doctor").stdout


def test_the_time_is_that_of_the_import_alone(tmp_path, monkeypatch):
    """By a clock that goes on two and a half seconds each time that it is read."""
    pytest.importorskip("hedgecore_uniswap_v2")
    monkeypatch.setattr(probe, "broken_laws", lambda registry: {})  # noqa: ARG005 - checks are long
    now, answer = iter([10.0, 12.5, 99.0]), tmp_path / "answer.json"
    probe.main([str(answer), "uniswap-v2", "hedgecore-uniswap-v2"], clock=lambda: next(now))
    said = json.loads(answer.read_text(encoding="utf-8"))
    assert (said["seconds"], "uniswap-v2" in said["kinds"]) == (2.5, True)
