"""The chain's bytecode is what was pinned, and its cache is whole or not there."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile

import pytest
from chain import packages


def archive_of(folder, **files):
    """Write what npm would pack; return its path, and a pin of it."""
    path = folder / "it.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    return path, packages.Package("@some/where", "1.0", f"sha512-{digest}", ("kept",))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    packages.cache_folder().mkdir(parents=True)
    return packages.cache_folder()


def test_only_what_is_named_is_kept_and_only_once(cache, tmp_path):
    path, package = archive_of(tmp_path, kept=b"bytecode", other=b"not wanted")
    for attempt in range(2):  # a second process, which was slower
        packages._keep(package, path, tmp_path / f"unpacked-{attempt}")
    assert [each.name for each in package.folder.iterdir()] == ["kept"]
    assert packages.text(package, "kept") == "bytecode"
    assert list(cache.iterdir()) == [package.folder]


def test_what_is_not_what_was_pinned_is_refused_and_not_kept(cache, tmp_path):
    _, package = archive_of(tmp_path, kept=b"bytecode")
    forged, _ = archive_of(tmp_path, kept=b"bytec0de")
    with pytest.raises(AssertionError, match="not what was pinned"):
        packages._keep(package, forged, tmp_path / "unpacked")
    assert not list(cache.iterdir())


def test_without_npm_the_reason_is_said(cache, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(packages.UnavailableError, match=r"npm|Linux"):
        packages.fetch()
    assert not list(cache.iterdir())


def test_every_pin_is_a_hash_of_512_bits():
    for package in packages.PINNED:
        algorithm, digest = package.integrity.split("-", 1)
        assert algorithm == "sha512"
        assert len(base64.b64decode(digest, validate=True)) == 64
