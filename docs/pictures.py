"""The pictures of the site, drawn by the commands that they illustrate.

A command of a page that has ``--plot FILE`` is run where the page's files lie, and the picture that
it writes stands below its block. What else a page says is compared by ``tests/test_docs.py``.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import shlex
from os.path import relpath
from pathlib import Path
from tempfile import TemporaryDirectory

import pages  # beside this script


def illustrate(page: Path, folder: Path) -> None:
    """Draw the pictures of a page into a folder, and put each below its block."""
    blocks = pages.blocks(page)
    drawing = [(block, line) for block in blocks for line in _plots(block)]
    if not drawing:
        return
    lines = page.read_text("utf-8").splitlines()
    with TemporaryDirectory() as name:
        place = Path(name)
        (place / "examples").symlink_to(pages.ROOT / "examples")
        for block in blocks:
            if block.file:
                (place / block.file).write_text(block.code, encoding="utf-8")
        for block, command in reversed(drawing):
            picture = folder / f"{page.stem}-{_plotted(command)}"
            picture.write_bytes(_draw(command, place))
            end = block.line + block.code.count("\n")
            lines[end:end] = ["", f"![{command}]({relpath(picture, page.parent)})"]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _plots(block: pages.Block) -> list[str]:
    if block.language != "console":
        return []
    return [line[2:] for line in block.code.splitlines() if line[:2] == "$ " and "--plot" in line]


def _plotted(command: str) -> str:
    words = shlex.split(command)
    return words[words.index("--plot") + 1]


def _draw(command: str, place: Path) -> bytes:
    code, printed = pages.hedgecore(shlex.split(command), place)
    if code:
        raise SystemExit(f"{command}\n{printed}")
    return (place / _plotted(command)).read_bytes()
