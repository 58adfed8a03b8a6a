"""Examples pass a type checker: what the pages, READMEs and notebooks show, an editor accepts."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from test_docs import WRITTEN, pages

pytest.importorskip("mypy")
pytest.importorskip("hedgecore_evm_readers", reason="examples are of all plugins")

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = sorted((ROOT / "plugins").glob("*/README.md"))
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
CONFIG = """\
[tool.mypy]
python_version = "3.11"
explicit_package_bases = true
allow_redefinition = true
check_untyped_defs = true
disable_error_code = ["misc", "union-attr"]
ignore_missing_imports = true
strict_optional = false
"""
"""What an editor checks while a page is written: a name may be used again, a stored None is not
asked for, a part of a book is a position or an instrument, and a module that the page itself writes
is unknown. `misc` is what a wrong plugin does on purpose."""
FOUND = re.compile(r"^(\w+)\.py:(\d+): error: (.*)$", re.MULTILINE)


def code(page):
    """Python of a page, each line where it stands in the page."""
    lines = [""] * len(page.read_text(encoding="utf-8").splitlines())
    for block in pages.blocks(page):
        if block.language == "python" and not block.file:
            at = block.line - 1
            lines[at : at + len(block.code.splitlines())] = block.code.splitlines()
    return "\n".join(lines) + "\n"


def modules():
    """Modules that pages write for themselves, by name; left out where two pages have one name."""
    written = [
        (block.file, block.code) for page in WRITTEN for block in pages.blocks(page)
        if block.file and block.language == "python" and "/" not in block.file
    ]  # fmt: skip
    names = Counter(name for name, _ in written)
    return {name: text for name, text in written if names[name] == 1}


def cells(notebook):
    """Code of a notebook's cells, in turn."""
    told = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in told if c["cell_type"] == "code") + "\n"


def sources():
    """Code by place; places without code are left out."""
    told = {page: code(page) for page in [*WRITTEN, *PLUGINS]} | {n: cells(n) for n in NOTEBOOKS}
    return {place.relative_to(ROOT): text for place, text in told.items() if text.strip()}


@pytest.mark.campaign
def test_a_checker_accepts_every_example(tmp_path):
    named = {re.sub(r"\W", "_", str(place)): (place, text) for place, text in sources().items()}
    for name, (_, text) in named.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    for name, text in modules().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    config = tmp_path / "mypy.toml"
    config.write_text(CONFIG, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - the checker of this environment
        [sys.executable, "-m", "mypy", "--config-file", config, "--cache-dir", ROOT / ".mypy_cache",
         "--hide-error-codes", "--no-error-summary", *(f"{name}.py" for name in named)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "MYPYPATH": ""},
    )  # fmt: skip
    assert not done.stderr
    assert [f"{named[n][0]}:{line}: {why}" for n, line, why in FOUND.findall(done.stdout)] == []
    assert done.returncode == 0, done.stdout
    assert len(named) > 100
