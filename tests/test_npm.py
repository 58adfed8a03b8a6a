"""Judges from npm are what their locks pin, or not there at all, and then it is said why."""

import json
from pathlib import Path

import pytest

import npm

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("plugins/*/tests/judges*", "tests/pools/judges")
LOCKS = sorted(lock for place in PLACES for lock in ROOT.glob(f"{place}/package-lock.json"))


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """Return a folder of pins, where nothing is installed and nothing can be."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "")
    for name in npm.PINS:
        (tmp_path / name).write_text("{}", "utf-8")
    return tmp_path


def test_without_npm_a_test_is_skipped_with_the_reason(nowhere, monkeypatch):
    monkeypatch.setattr(npm, "REQUIRED", False)
    with pytest.raises(pytest.skip.Exception, match="npm is not installed"):
        npm.ask(nowhere, "any.mjs", [])
    assert not list(npm._cache().iterdir())


def test_where_npm_must_be_a_test_fails(nowhere, monkeypatch):
    monkeypatch.setattr(npm, "REQUIRED", True)
    with pytest.raises(pytest.fail.Exception, match="HEDGECORE_REQUIRE names npm"):
        npm.ask(nowhere, "any.mjs", [])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.parent.relative_to(ROOT)))
def test_every_package_is_pinned_by_a_hash_and_by_no_host(lock):
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    wanted = packages.pop("")["dependencies"]
    assert wanted == json.loads((lock.parent / "package.json").read_text("utf-8"))["dependencies"]
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not any("resolved" in each for each in packages.values())


def test_there_are_judges():
    assert LOCKS
