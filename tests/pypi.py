"""Packages of PyPI as judges: pinned by hash in a folder's requirements, beside this environment.

A folder has a `requirements.txt`, with all that its scripts need and nothing that those bring, and
scripts, which answer what they are asked in JSON. Nothing of the packages is vendored or installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from npm import ANSWER, PATIENCE, UnavailableError, whole

REQUIRED = "pypi" in os.environ.get("HEDGECORE_REQUIRE", "").split(",")
PINS = "requirements.txt"
QUIET = ("--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:")


def ask(folder: Path, script: str, question: Any) -> Any:
    """Return what a script of `folder` answers; skip where there is no uv, or fail if told to."""
    try:
        home = _installed(folder)
    except UnavailableError as reason:
        if REQUIRED:
            pytest.fail(f"HEDGECORE_REQUIRE names pypi, and there is none: {reason}")
        pytest.skip(f"no judge: {reason}")
    done = subprocess.run(  # noqa: S603 - our own script, and this interpreter
        [sys.executable, folder / script],
        env={**os.environ, "PYTHONPATH": str(home)},
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=ANSWER,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def _installed(folder: Path) -> Path:
    """Return where the packages are for this interpreter: there already, or brought by uv."""
    pins = f"{sys.implementation.cache_tag} {(folder / PINS).read_text('utf-8')}"
    home = _cache() / f"pypi-{hashlib.sha256(pins.encode()).hexdigest()[:16]}"
    return whole(home, partial(_install, folder / PINS))


def _install(pins: Path, home: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        raise UnavailableError("uv is not installed")
    command = [uv, "pip", "install", *QUIET, "--target", home, "--python", sys.executable]
    try:
        subprocess.run(  # noqa: S603 - our own words, and uv as the user has it
            [*command, "--requirements", pins],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        raise UnavailableError(f"uv did not bring the packages: {' '.join(said)}") from error


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "hedgecore-judges"
