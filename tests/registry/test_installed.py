"""What is installed is kept between starts, and looked for again once that may have changed."""

import json
import os
import subprocess
import sys
from textwrap import dedent

import pytest

from hedgecore.registry import installed as its
from hostile import GOOD

DAY = 86_400 * 10**9
SHOW = """
import json, sys
import hedgecore as hc
from hedgecore.registry import registry as registry_module
registry = hc.default_registry()
there = {name: name in registry for name in json.loads(sys.argv[1])}
metadata = "importlib_metadata" in sys.modules
assert registry_module.kind_names() == list(registry)
print(json.dumps({"kinds": there, "metadata": metadata}))
"""


@pytest.fixture
def start(tmp_path):
    """A start where distributions stand in one more folder, which does not change by it."""
    site = tmp_path / "site"
    site.mkdir()
    own = {**os.environ, "PYTHONPATH": str(site), "HEDGECORE_CACHE": str(tmp_path / "kept"),
           "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip

    def started(*kinds, before=""):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", before + SHOW, json.dumps(kinds)],
            env=own, capture_output=True, text=True, check=True,
        )  # fmt: skip
        said = json.loads(done.stdout)
        return said["kinds"], said["metadata"]

    started.site, started.kept = site, tmp_path / "kept"
    return started


def age(site):
    """Set back by a day when a folder changed: what is kept now is surely younger."""
    changed = site.stat().st_mtime_ns
    os.utime(site, ns=(changed, changed - DAY))


def install(site, name, kind, version="0.1"):
    """Put a distribution of one module into a folder."""
    (site / f"{name}.py").write_text(dedent(GOOD.replace("KIND", kind)))
    info = site / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[hedgecore]\n{name} = {name}\n")
    age(site)


def test_a_second_start_reads_no_metadata_and_finds_the_same(start):
    install(start.site, "planted_one", "planted-one")
    assert start("planted-one", "uniswap-v2") == ({"planted-one": True, "uniswap-v2": True}, True)
    assert start("planted-one", "uniswap-v2") == ({"planted-one": True, "uniswap-v2": True}, False)


@pytest.mark.campaign
def test_what_is_installed_or_removed_since_is_seen_at_once(start):
    install(start.site, "planted_one", "planted-one")
    start()
    install(start.site, "planted_two", "planted-two")
    assert start("planted-one", "planted-two")[0] == {"planted-one": True, "planted-two": True}
    for part in (start.site / "planted_one-0.1.dist-info").iterdir():
        part.unlink()
    (start.site / "planted_one-0.1.dist-info").rmdir()
    age(start.site)
    assert start("planted-one", "planted-two")[0] == {"planted-one": False, "planted-two": True}


@pytest.mark.parametrize("damage", [lambda text: text[:0], lambda text: text[:-3], str.upper])
@pytest.mark.campaign
def test_a_record_that_is_damaged_is_as_none(start, damage):
    install(start.site, "planted_one", "planted-one")
    start()
    (record,) = start.kept.glob("installed-*.json")
    record.write_text(damage(record.read_text()))
    assert start("planted-one") == ({"planted-one": True}, True)
    assert start("planted-one") == ({"planted-one": True}, False)


def test_a_record_of_another_registry_is_as_none(tmp_path, monkeypatch):
    code, file = tmp_path / "registry", tmp_path / "record.json"
    code.mkdir()
    (code / "markers.py").write_text("INTERFACE = 1")
    monkeypatch.setattr(its, "REGISTRY", str(code))
    monkeypatch.setattr(sys, "path", [])
    its._keep(file, {"tried": [], "vouched": [], "version": "1", "holders": {}})
    assert its._read(file) == its.Plugins([], [], "1")
    changed = (code / "markers.py").stat().st_mtime_ns
    os.utime(code / "markers.py", ns=(changed, changed + 1))
    assert its._read(file) is None


@pytest.mark.campaign
def test_a_working_directory_that_is_gone_holds_nothing(start, tmp_path):
    install(start.site, "planted_one", "planted-one")
    gone = str(tmp_path / "gone")
    ask = f"import os; os.mkdir({gone!r}); os.chdir({gone!r}); os.rmdir({gone!r})\n"
    assert start("planted-one", before=ask) == ({"planted-one": True}, True)
    assert start("planted-one", before=ask) == ({"planted-one": True}, False)


def test_a_record_as_young_as_the_last_change_is_not_trusted(tmp_path, monkeypatch):
    site, file = tmp_path / "site", tmp_path / "record.json"
    (site / "x-1.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(site)])
    its._keep(file, {"tried": [], "vouched": [], "version": "1", "holders": its._holders()})
    changed = site.stat().st_mtime_ns
    os.utime(file, ns=(changed, changed + its.TICK))
    assert its._read(file) is None
    os.utime(file, ns=(changed, changed + its.TICK + 1))
    assert its._read(file) == its.Plugins([], [], "1")
