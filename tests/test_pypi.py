"""Judges from PyPI are what their pins name, or not there at all, and then it is said why."""

import re
from pathlib import Path

import pytest

import pypi

ROOT = Path(__file__).resolve().parents[1]
PINS = sorted(ROOT.glob("plugins/*/tests/judges/*/requirements.txt"))


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """Return a folder of pins, where nothing is installed and nothing can be."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "")
    (tmp_path / pypi.PINS).write_text("", "utf-8")
    return tmp_path


def test_without_uv_a_test_is_skipped_with_the_reason(nowhere, monkeypatch):
    monkeypatch.setattr(pypi, "REQUIRED", False)
    with pytest.raises(pytest.skip.Exception, match="uv is not installed"):
        pypi.ask(nowhere, "any.py", [])
    assert not list(pypi._cache().iterdir())


def test_where_packages_must_be_a_test_fails(nowhere, monkeypatch):
    monkeypatch.setattr(pypi, "REQUIRED", True)
    with pytest.raises(pytest.fail.Exception, match="HEDGECORE_REQUIRE names pypi"):
        pypi.ask(nowhere, "any.py", [])


@pytest.mark.parametrize("pins", PINS, ids=lambda pins: pins.parent.name)
def test_every_package_is_pinned_by_hashes_and_by_no_host(pins):
    wanted = re.split(r"\n(?=\S)", pins.read_text("utf-8").strip())
    assert wanted
    assert all(re.match(r"\S+==\S+ \\\n +--hash=sha256:", each) for each in wanted)
    assert "://" not in pins.read_text("utf-8")


def test_there_are_judges():
    assert PINS
