"""The distributions of this tree, built, for tests that install them where the tree is not."""

import os
import subprocess
import tomllib
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).resolve().parent.parent
OTHERS = {"VIRTUAL_ENV", "PYTHONPATH", "HEDGECORE_RPC"}
"""What another environment would be known by."""


def settings(name):
    """Table of the `pyproject.toml` of a plugin, or of the core, whose name is empty."""
    folder = ROOT / "plugins" / name if name else ROOT
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def pins(folder):
    """A file of the versions that this tree is known to pass with."""
    file = folder / "pins.txt"
    file.write_text("\n".join(settings("")["tool"]["uv"]["constraint-dependencies"]))
    return file


def good(*command, cwd=None, **variables):
    """Output of a command that must succeed, where no other environment is active."""
    kept = {key: each for key, each in os.environ.items() if key not in OTHERS}
    done = subprocess.run(  # noqa: S603
        [str(word) for word in command],
        env=kept | variables,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def build(folder):
    """The folder, with the wheel and the source distribution of each; skipped without an index."""
    try:
        good(which("uv"), "build", "--quiet", "--all-packages", "--out-dir", folder, cwd=ROOT)
    except (AssertionError, OSError) as reason:
        if "scaffold" in os.environ.get("HEDGECORE_REQUIRE", "").split(","):
            raise
        pytest.skip(f"the distributions cannot be built here: {reason}")
    return folder
