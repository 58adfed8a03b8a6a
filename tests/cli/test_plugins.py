"""`hedgecore plugins …`: one of each hostile plugin, really installed, found, named and mended."""

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from textwrap import dedent
from time import sleep

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner

from hedgecore.cli.app import program
from hedgecore.cli.commands import plugins
from hedgecore.cli.plugin_tools import versions
from hedgecore.cli.plugin_tools.doctor import findings, probe_each
from hedgecore.cli.plugin_tools.probe import ProbeResult
from hedgecore.cli.plugin_tools.remedies import remedy
from hedgecore.registry import markers

PROGRAM = program()
PATIENCE = 900
"""Seconds for an import or a check that ends, however busy the machine is."""
MODEL = """
    import numpy as np
    from attrs import frozen
    from hedgecore import PairPool, fields, hookimpl


    @frozen(kw_only=True)
    class Model(PairPool):
        '''x·y = 1.'''

        kind = "KIND"
        example = {"assets": ["A", "B"]}
        assets: tuple[str, str] = fields.names("base and quote", most=2)

        def _holdings(self, price):
            BODY


    @hookimpl
    def hedgecore_pools():
        RETURN
"""


def model(kind, body="return price**-0.5, price**0.5", returned="return [Model]"):
    return MODEL.replace("KIND", kind).replace("BODY", body).replace("RETURN", returned)


def interface(version):
    return f"\n    @hookimpl\n    def hedgecore_interface():\n        return {version}\n"


HOSTILE = {
    "raises": "1 / 0",
    "leaves": "import os\n    os._exit(3)",
    "segfault": "import os, signal\n    os.kill(os.getpid(), signal.SIGSEGV)",
    "quits": "raise SystemExit(0)",
    "in-hook": model("in-hook", returned="raise RuntimeError('no')"),
    "in-method": model("in-method", "raise RuntimeError('boom')"),
    "shapes": model("shapes", "return price[:1], price[:1]"),
    "nan": model("nan", "return np.nan * price, price"),
    "thief": model("uniswap-v2"),
    "old": model("old") + interface(0),
    "newer": model("newer") + interface(2),
    "lacking": "import a_module_that_is_nowhere",
    "bare": "kind = 3",
    "needy": model("needy"),
    "good": model("good") + interface(markers.INTERFACE),
}
ENDLESS = "import threading\n    threading.Event().wait()"
LONG = model("long", "import threading; threading.Event().wait()")
NEEDS = {
    "needy": (
        "hedgecore>=99",
        "a-distribution-that-is-nowhere>1",
        "numpy<0.1; extra == 'none'",
        "attrs>=20",
    )
}
FOUND = {
    "raises": ("ZeroDivisionError", "its own code"),
    "leaves": ("exit code 3", "HEDGECORE_BLOCK=leaves"),
    "segfault": ("by signal 11", "HEDGECORE_BLOCK=segfault"),
    "quits": ("SystemExit", "its own code"),
    "in-hook": ("RuntimeError: no", "its own code"),
    "in-method": ("breaks", "hedgecore check in-method"),
    "shapes": ("breaks", "hedgecore check shapes"),
    "nan": ("finite", "hedgecore check nan"),
    "thief": ("takes the kind 'uniswap-v2'", "uninstall one"),
    "old": ("interface 0", "hedgecore plugins install --upgrade old"),
    "newer": ("interface 2", "pip install --upgrade hedgecore"),
    "lacking": ("a_module_that_is_nowhere", "pip install a_module_that_is_nowhere"),
    "bare": ("implements no hook", "If it is yours"),
}


def plant(folder, name, code, requires=()):
    """Install a distribution of one module, by hand."""
    module = f"planted_{name.replace('-', '_')}"
    (folder / f"{module}.py").write_text(dedent(f"\n    {code.strip()}\n"), encoding="utf-8")
    info = folder / f"hedgecore_{name.replace('-', '_')}-0.3.dist-info"
    info.mkdir()
    heads = ["Metadata-Version: 2.1", f"Name: hedgecore-{name}", "Version: 0.3", f"Summary: {name}"]
    lines = [*heads, *(f"Requires-Dist: {each}" for each in requires)]
    (info / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[hedgecore]\n{name} = {module}\n", encoding="utf-8")


def hedgecore(folder, *words, **environment):
    """Run the program where what is planted in `folder` is installed."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "hedgecore.cli", *words],
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=1800,
    )


def call(*words):
    return CliRunner().invoke(PROGRAM, ["plugins", *words])


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zoo")
    for name, code in HOSTILE.items():
        plant(folder, name, code, NEEDS.get(name, ()))
    return folder


@pytest.fixture(scope="module")
def found(zoo):
    """What the doctor finds wrong with all of them at once, beside what is shipped."""
    planted = [e for its in metadata.distributions(path=[str(zoo)]) for e in its.entry_points]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(zoo))
        return list(findings(planted, probe_each(planted, PATIENCE), PATIENCE))


@pytest.mark.parametrize("name", FOUND)
def test_the_doctor_finds_each_and_says_how_to_mend_it(found, name):
    what, cure = FOUND[name]
    its = [each for each in found if each.plugin == name]
    assert any(what in each.what and cure in each.mend for each in its), its


def test_the_doctor_finds_nothing_wrong_with_the_good_ones(found):
    assert {each.plugin for each in found} == {*FOUND, "needy"}


def test_an_import_that_does_not_end_is_stopped(tmp_path):
    """The limit is so short that others are stopped too; the endless one is, however long it is."""
    plant(tmp_path, "endless", ENDLESS)
    done = hedgecore(tmp_path, "plugins", "doctor", "--timeout", "0.1", "--json")
    said = json.loads(done.stdout)
    stopped = [each for each in said["findings"] if each["plugin"] == "endless"]
    assert stopped[0]["what"] == "its import does not end: it was stopped after 0.1 s"
    assert "hedgecore plugins uninstall endless" in stopped[0]["mend"]
    assert {"endless", "uniswap-v2"} <= {each["name"] for each in said["plugins"]}
    assert done.returncode == 1


class OutOfTime(subprocess.Popen):
    """A process whose time is up as soon as it has said what it loaded."""

    def wait(self, timeout=None):
        while timeout and self.poll() is None:
            if whole(Path(self.args[4])):
                raise subprocess.TimeoutExpired(self.args, timeout)
            sleep(0.01)
        return super().wait()


def whole(answer):
    try:
        return bool(json.loads(answer.read_text("utf-8")))
    except (OSError, ValueError):
        return False


def test_checks_that_do_not_end_are_stopped(tmp_path, monkeypatch, entry):
    plant(tmp_path, "long", LONG)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("hedgecore.cli.plugin_tools.probe.subprocess.Popen", OutOfTime)
    long = [entry("long", None, "hedgecore-long")]
    [stuck] = [e for e in findings(long, probe_each(long, 6.0), 6.0) if e.plugin == "long"]
    assert stuck.what == "it loads, but checking its kinds does not end: it was stopped after 30 s"
    assert "hedgecore check long" in stuck.mend


def test_the_doctor_finds_requirements_that_are_not_met(found):
    assert {each.what: each.mend for each in found if each.plugin == "needy"} == {
        f"needs hedgecore>=99, and {versions.version('hedgecore')} is installed": (
            "Upgrade hedgecore: pip install 'hedgecore>=99'"
        ),
        "needs a-distribution-that-is-nowhere>1, which is not installed": (
            "Install it: pip install 'a-distribution-that-is-nowhere>1'"
        ),
    }


def test_a_plugin_for_an_older_core_is_the_one_to_upgrade():
    [conflict] = versions.conflicts("stale", ["hedgecore<0.0.1"])
    assert conflict.mend == "Upgrade the plugin: `hedgecore plugins install --upgrade stale`"
    assert not list(versions.conflicts("broken", ["not a requirement !!"]))


def test_the_doctor_works_without_packaging(monkeypatch):
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    monkeypatch.setattr("hedgecore.cli.plugin_tools.doctor.entry_points", list)
    monkeypatch.setattr("hedgecore.cli.plugin_tools.doctor.probe_all", lambda *_: ProbeResult())
    done = call("doctor")
    assert done.exit_code == 0
    assert "pip install packaging" in done.stdout


@pytest.mark.campaign
def test_all_is_well_here():
    done = hedgecore("", "plugins", "doctor", "--timeout", str(PATIENCE), "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["findings"] == []


def test_hostile_plugins_disturb_no_command(zoo, tmp_path):
    """Those that end the whole process among them; the second command knows of them."""
    others = {each.name for each in metadata.entry_points(group="hedgecore")} - {"uniswap-v2"}
    kept = {"HEDGECORE_CACHE": str(tmp_path), "HEDGECORE_BLOCK": ",".join(others)}
    done = hedgecore(zoo, "kinds", "--json", **kept)
    assert done.returncode == 0, done.stderr
    kinds = {each["kind"]: each for each in json.loads(done.stdout)["kinds"]}
    assert kinds["uniswap-v2"]["distribution"] == "hedgecore-uniswap-v2"
    assert {"good", "nan"} <= kinds.keys()
    assert "plugins doctor" in done.stderr
    listed = hedgecore(zoo, "plugins", **kept)
    text = " ".join(listed.stdout.split())
    assert (listed.returncode, "interface 2" in text) == (0, True)
    for ending in ("with exit code 3", "by signal 11"):
        assert f"its import ends the whole process, {ending}" in text


def test_info_tells_of_a_broken_plugin_what_is_wrong_and_how_to_mend_it(zoo):
    settings = {"HEDGECORE_PLUGINS": "newer,uniswap-v2"}
    told = json.loads(hedgecore(zoo, "plugins", "info", "newer", "--json", **settings).stdout)
    assert (told["distribution"], told["version"]) == ("hedgecore-newer", "0.3")
    assert (told["kinds"], told["summary"]) == ([], "newer")
    assert told["error"].endswith("upgrade hedgecore")
    assert told["mend"] == "Upgrade hedgecore: pip install --upgrade hedgecore"
    assert "Broken" in hedgecore(zoo, "plugins", "info", "newer", **settings).stdout


def test_a_misspelt_plugin_is_bad_input():
    done = call("info", "uniswap-v5")
    assert (done.exit_code, "did you mean 'uniswap-v" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["uniswap-v3", "hedgecore-uniswap-v3", "uniswap-v3-position"])
def test_info_takes_the_plugin_its_distribution_or_a_kind(name):
    told = json.loads(call("info", name, "--json").stdout)
    assert (told["name"], told["distribution"]) == ("uniswap-v3", "hedgecore-uniswap-v3")
    assert told["interface"] == markers.INTERFACE
    kinds = {each["kind"] for each in told["kinds"]}
    assert kinds == {
        "uniswap-v3",
        "uniswap-v3-position",
        "concentrated-ranges",
        "concentrated-positions",
    }
    assert all(each["about"] and each["sort"] == "pool" for each in told["kinds"])


def test_the_bare_group_lists_with_the_keys_that_it_always_had():
    bare, listed = (json.loads(call(*words, "--json").stdout) for words in ([], ["list"]))
    assert bare == listed
    assert bare.keys() == {"plugins", "failures"}
    assert bare["plugins"][0].keys() == {"name", "distribution", "version", "kinds"}
    assert call().stdout == call("list").stdout


def test_what_failed_for_another_reason_is_the_plugins_own():
    its_own = "It fails in its own code: upgrade it, or tell its author"
    assert remedy("x", "OSError: gone") == its_own


def test_the_group_is_documented():
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"
    text = page.read_text(encoding="utf-8")
    for each in (plugins.info, plugins.doctor, plugins.install, plugins.uninstall):
        assert f"`plugins {each.__name__}" in text
