"""A plugin that never ends, or ends the process, is found elsewhere and once, and left out."""

import json
import os
import subprocess
import sys
from importlib import metadata
from textwrap import dedent

import pytest

import hedgecore as hc
from hedgecore.registry import quarantine as its
from hedgecore.registry import trial
from hedgecore.registry.trial import Ending, endings
from hostile import GOOD

PATIENCE = 900.0
"""Seconds for a load that ends, however busy the machine is."""
SHORT = 0.2
ENDLESS = "import threading\nthreading.Event().wait()"
BUSY = "while True:\n    pass"
ENDLESS_HOOK = GOOD.replace("KIND", "slow-hook").replace(
    "return [Model]", "return iter(endless, None)"
)
LEAVES = "import os\nos._exit(3)"
MARKED = "open({!r}, 'a').write('x')\n"


@pytest.fixture
def plant(tmp_path, monkeypatch):
    """Install a distribution of one module; return its entry point."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("HEDGECORE_CACHE", str(tmp_path / "kept"))

    def planted(name, code, version="0.1", direct=None):
        module = f"quarantined_{name}_{tmp_path.name.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(dedent(code))
        info = tmp_path / f"dist_{name}.dist-info"
        info.mkdir(exist_ok=True)
        lines = f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: {version}\n"
        (info / "METADATA").write_text(lines)
        (info / "entry_points.txt").write_text(f"[hedgecore]\n{name} = {module}\n")
        if direct is not None:
            (info / "direct_url.json").write_text(json.dumps(direct))
        (entry,) = metadata.Distribution.at(info).entry_points
        return entry

    return planted


@pytest.fixture
def trials(monkeypatch):
    """The plugins of each trial that is made; all of them end well."""
    made = []

    def ending(plugins, _settings, _seconds):
        made.append(list(plugins))
        return dict.fromkeys(plugins, Ending())

    monkeypatch.setattr(trial, "endings", ending)
    return made


def kept(tmp_path):
    return tmp_path / "kept" / "trials.json"


@pytest.mark.parametrize(
    ("code", "file"), [(ENDLESS, "threading.py"), (BUSY, "endless")], ids=["waits", "works"]
)
def test_an_import_that_never_ends_is_left_out_and_named_with_its_place(plant, code, file):
    endless = plant("endless", code)
    registry = hc.load_plugins(its.quarantine([endless], SHORT))
    said = str(registry.failures["endless"])
    assert "plugin 'endless' (dist-endless 0.1) could not be loaded" in said
    assert f"its import does not end: it was stopped after {SHORT:g} s, at line " in said
    assert file in said.partition(" of ")[2]
    assert "hedgecore plugins doctor" in said


def test_an_import_that_ends_the_process_takes_no_other_with_it(plant):
    entries = [plant("aaa", LEAVES), plant("bbb", GOOD.replace("KIND", "half-moon"))]
    registry = hc.load_plugins(its.quarantine(entries, PATIENCE))
    assert list(registry) == ["half-moon"]
    assert "ends the whole process, with exit code 3" in str(registry.failures["aaa"])


def test_a_plugin_that_fails_by_itself_keeps_its_own_cause(plant):
    broken = plant("broken", "1 / 0")
    registry = hc.load_plugins(its.quarantine([broken], PATIENCE))
    assert isinstance(registry.failures["broken"].__cause__, ZeroDivisionError)


def test_no_other_command_tries_again_what_was_tried(plant, tmp_path):
    trace = tmp_path / "trace"
    entry = plant("endless", MARKED.format(str(trace)) + ENDLESS)
    its.quarantine([entry], SHORT)
    script = "import json, hedgecore as hc; r = hc.default_registry(); print(json.dumps([list(r), "
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"{script}list(r.failures)]))"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "HEDGECORE_PLUGINS": "endless"},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    kinds, failures = json.loads(done.stdout)
    assert ("gbm" in kinds, failures) == (True, ["endless"])
    assert trace.read_text() == "x"


def test_what_is_new_is_tried_in_one_process_and_once(plant, trials):
    one, two = plant("one", ""), plant("two", "")
    its.quarantine([one])
    its.quarantine([one, two])
    its.quarantine([one, two])
    assert trials == [[one.value], [two.value]]
    its.forget()
    its.quarantine([one, two])
    assert trials[2:] == [[one.value, two.value]]


def test_another_version_is_tried_again(plant, trials):
    its.quarantine([plant("one", "", version="0.1")])
    its.quarantine([plant("one", "", version="0.2")])
    assert len(trials) == 2


@pytest.mark.parametrize("is_editable", [True, False])
def test_an_editable_plugin_is_tried_again_when_its_files_change(
    plant, trials, tmp_path, is_editable
):
    entry = plant("one", "", direct={"url": "file:///", "dir_info": {"editable": is_editable}})
    its.quarantine([entry])
    its.quarantine([entry])
    assert len(trials) == 1
    os.utime(tmp_path / f"{entry.value}.py", (1, 1))
    its.quarantine([entry])
    assert len(trials) == 1 + is_editable


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}', "[" * 10**5, '{"x": ["a", 2]}'])
def test_a_corrupted_file_is_as_none(plant, trials, tmp_path, text):
    kept(tmp_path).parent.mkdir()
    kept(tmp_path).write_text(text)
    entry = plant("one", "")
    assert its.quarantine([entry]) == [its.Tried(entry, {})]
    its.quarantine([entry])
    assert len(trials) == 1


def test_nothing_is_tried_where_nothing_can_be_kept(plant, trials, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    entry = plant("one", "")
    for where in (its.OFF, str(tmp_path / "file" / "below")):
        monkeypatch.setenv("HEDGECORE_CACHE", where)
        assert its.quarantine([entry]) == [its.Tried(entry, None)]
    assert not trials


def test_nothing_is_known_where_no_process_can_be_started(monkeypatch):
    for program in ("/nowhere/python", ""):
        monkeypatch.setattr(sys, "executable", program)
        assert endings(["a_module"], {}, PATIENCE) == {}


def test_a_plugin_whose_hook_never_ends_is_left_out(plant):
    entry = plant("slow", f"def endless():\n    while True:\n        pass\n{dedent(ENDLESS_HOOK)}")
    registry = hc.load_plugins(its.quarantine([entry], SHORT))
    assert "does not end" in str(registry.failures["slow"])
