"""The protocols' own packages as judges, from npm: pinned by hash in a lock, kept in a cache.

A folder has a `package.json`, its `package-lock.json` (which pins each package by its hash) and
scripts, which answer what they are asked in JSON. Nothing of the packages is vendored.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 300.0
"""Seconds for npm, which on a slow line has some 30 MB to bring."""
ANSWER = 600.0
REQUIRED = "npm" in os.environ.get("HEDGECORE_REQUIRE", "").split(",")
PINS = ("package.json", "package-lock.json")
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev")


class UnavailableError(Exception):
    """Why there is no judge here."""


def ask(folder: Path, script: str, question: Any) -> Any:
    """Return what a script of `folder` answers; skip where there is no npm, or fail if told to."""
    try:
        home = _installed(folder)
    except UnavailableError as reason:
        if REQUIRED:
            pytest.fail(f"HEDGECORE_REQUIRE names npm, and there is none: {reason}")
        pytest.skip(f"no judge: {reason}")
    code = (folder / script).read_text("utf-8")
    command = [_found("node"), "--input-type=module", "--eval", code]
    done = subprocess.run(  # noqa: S603 - our own script, and node as the user has it
        command,
        cwd=home,
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=ANSWER,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def _installed(folder: Path) -> Path:
    """Return where the packages of a lock are: there already, or brought by npm, all or nothing."""
    pins = b"\0".join((folder / name).read_bytes() for name in PINS)
    home = _cache() / hashlib.sha256(pins).hexdigest()[:16]
    return whole(home, partial(_install, folder))


def whole(home: Path, install: Callable[[Path], None]) -> Path:
    """Return a folder of the cache: there already, or filled by `install`, all or nothing."""
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent, prefix=".install-") as made:
            install(Path(made) / "whole")
            try:
                (Path(made) / "whole").rename(home)
            except OSError:  # another process was first: a folder in the cache is always whole
                assert home.is_dir()
    return home


def _install(folder: Path, home: Path) -> None:
    home.mkdir()
    for name in PINS:
        shutil.copy(folder / name, home)
    command = [_found("npm"), "ci", *QUIET]
    try:
        subprocess.run(  # noqa: S603 - our own words, and npm as the user has it
            command, cwd=home, capture_output=True, encoding="utf-8", check=True, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        raise UnavailableError(f"npm did not bring the packages: {' '.join(said)}") from error


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise UnavailableError(f"{program} is not installed")
    return path


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "hedgecore-judges"
