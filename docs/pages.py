"""The pages of the documentation, as programs: their blocks taken out, run and compared.

What a fence means, by its language:

- ``python``: run, in one namespace per page, in order, in a folder of the page's own;
- ``text``, directly after ``python``: what that block prints, exactly;
- ``console``: lines ``$ hedgecore …``, with ``uv run`` before it or not, are run, and what
  follows, if anything does, is their output; ``$ pip``, ``$ uv``, ``$ git``, ``$ cd`` and
  ``$ export`` are for the reader;
- ``toml`` or ``json``: must be well formed;
- any of these after ``<!-- file: NAME -->``: written to that file instead, for the page to use;
- ``<!-- chain -->`` anywhere: the page runs beside a chain of its own (``docs/chain.py``), whose
  names, ``$OWNER`` say, are in its environment; ``<!-- chain: price -->`` before a block has the
  chain do that first, and may add to these names;
- no language: neither run nor read, for formulas and trees.

In expected output a line ``…`` stands for any lines. ``python docs/pages.py PAGE …`` runs pages by
the hedgecore that its interpreter has: nothing else of the tree is needed for that.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import traceback
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stdout
from io import StringIO
from itertools import takewhile, zip_longest
from os.path import expandvars
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w*)$")
FILE = re.compile(r"^<!-- file: (\S+) -->$")
SETTING = re.compile(r"[A-Z_]+=")
TIME_LEFT = re.compile(r"^.*: \d+ of \d+ done in \d+ s, about \d+ s left\.\n", re.MULTILINE)
CHAIN = re.compile(r"^<!-- chain(?:: (\w+))? -->$")
FOR_THE_READER = ("pip", "uv", "git", "cd", "export")
ANY = "…"


class Block(NamedTuple):
    """One fenced block: its code, and the line of the page on which the code begins."""

    language: str
    code: str
    line: int
    file: str | None
    follows: bool
    deed: str | None = None


class Said(NamedTuple):
    """What a page says is printed, from which line on, and what was printed."""

    line: int
    expected: str | None
    printed: str
    failed: str | None = None

    @property
    def right(self) -> bool:
        """Whether it ran, and printed what the page says."""
        return not self.failed and (self.expected is None or alike(self.expected, self.printed))


def pages() -> list[Path]:
    """Return the README and every page under docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    found: list[Block] = []
    opened: tuple[int, str] | None = None
    before: list[str] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            opened = number, fence[1]
        elif opened is not None and line == "```":
            start, language = opened
            comment = FILE.match(before[-1]) if before else None
            deed = CHAIN.match(before[-1]) if before else None
            code = "\n".join(lines[start : number - 1]) + "\n"
            place = (start + 1, comment and comment[1], not before and bool(found))
            found.append(Block(language, code, *place, deed and deed[1]))
            opened, before = None, []
        elif opened is None and line.strip():
            before.append(line)
    return found


def run(page: Path, folder: Path) -> list[Said]:
    """Run a page in `folder`, and return what it says beside what happens; stop at a failure."""
    (folder / "examples").symlink_to(ROOT / "examples")
    known, said = set(sys.modules), list[Said]()
    sys.path.insert(0, str(folder))
    try:
        with chdir(folder), _chain(page) as chain:
            for each in _run(page, folder, chain):
                said.append(each)
                if each.failed:
                    break
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - known:
            origin = str(getattr(sys.modules[name], "__file__", None))
            if origin.startswith(str(folder)) or name.startswith("page_"):
                del sys.modules[name]
    return said


class NoChainError(Exception):
    """Why a page that needs a chain cannot be run here."""


class Chain:
    """A chain in a process of its own, which ends with the pipe that leads to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def told(self, deed: str = "") -> dict[str, str]:
        """Have the chain do something, if anything, and return what it answers."""
        assert self._process.stdin is not None  # noqa: S101 - it was made with pipes
        assert self._process.stdout is not None  # noqa: S101
        if deed:
            self._process.stdin.write(f"{deed}\n")
            self._process.stdin.flush()
        answer: dict[str, str] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def _chain(page: Path) -> Iterator[Chain | None]:
    """Yield a chain if the page needs one, its names in the environment meanwhile."""
    if not any(map(CHAIN.match, page.read_text(encoding="utf-8").splitlines())):
        yield None
        return
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    before = dict(os.environ)
    with subprocess.Popen([sys.executable, ROOT / "docs" / "chain.py"], **pipes) as process:  # noqa: S603 - ours
        chain = Chain(process)
        names = chain.told()
        if "unavailable" in names:
            raise NoChainError(names["unavailable"])
        os.environ.update(names)
        try:
            yield chain
        finally:
            os.environ.clear()
            os.environ.update(before)


def _run(page: Path, folder: Path, chain: Chain | None) -> Iterator[Said]:
    module = ModuleType(f"page_{page.stem}")  # a real one, so that what it defines can be pickled
    sys.modules[module.__name__] = module
    namespace = vars(module)
    listed = blocks(page)
    for block, after in zip_longest(listed, listed[1:]):
        output = after if after and after.language == "text" and after.follows else None
        if block.deed and chain is not None:
            names = chain.told(block.deed)
            os.environ.update({name: each for name, each in names.items() if name.isupper()})
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.code, encoding="utf-8")
        elif block.language == "python":
            yield _python(page, block, output, namespace)
        elif block.language == "console":
            yield from _console(block, folder)
        else:
            yield _text(block, listed)


def _python(page: Path, block: Block, output: Block | None, namespace: dict[str, Any]) -> Said:
    printed = StringIO()
    try:
        code = compile("\n" * (block.line - 1) + block.code, str(page), "exec", dont_inherit=True)
        with redirect_stdout(printed):
            exec(code, namespace)  # noqa: S102 - running the page is the point
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the page's
        here = [
            f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(page)
        ]
        line = here[-1] if here else getattr(error, "lineno", None) or block.line
        return Said(line or block.line, None, "", f"{type(error).__name__}: {error}")
    if output is None:
        return Said(block.line, None, printed.getvalue())
    return Said(output.line, output.code, printed.getvalue())


def _console(block: Block, folder: Path) -> Iterator[Said]:
    commands: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(block.code.splitlines(), block.line):
        if line.startswith("$ "):
            commands.append((number, line[2:], []))
        elif commands:
            commands[-1][2].append(line)
    for number, command, lines in commands:
        words = shlex.split(command)
        settings = dict(word.split("=", 1) for word in takewhile(SETTING.match, words))
        words = [expandvars(word) for word in words[len(settings) :]]
        if words[:3] == ["uv", "run", "hedgecore"]:
            words = words[2:]
        if words[0] in FOR_THE_READER:
            continue
        if words[0] != "hedgecore":
            yield Said(number, None, "", f"`{words[0]}` is not run here, so it proves nothing")
            continue
        code, printed = hedgecore(words, folder, **settings)
        expected = "\n".join(lines).strip("\n") + "\n" if any(lines) else None
        failed = f"exit code {code}: {printed}" if code and expected is None else None
        yield Said(number + 1, expected, printed.strip("\n") + "\n", failed)


def hedgecore(words: list[str], folder: Path, **settings: str) -> tuple[int, str]:
    """Exit code and output of a command, run in a folder, 80 columns wide.

    Lines on the time that is left are left out: a page takes long where the machine is busy.
    """
    program = Path(sys.executable).with_name("hedgecore")
    done = subprocess.run(  # noqa: S603 - our own program
        [program, *words[1:]],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, TIME_LEFT.sub("", done.stdout)


def _text(block: Block, listed: list[Block]) -> Said:
    failed = None
    before = listed[listed.index(block) - 1]
    if block.language == "text" and not (block.follows and before.language == "python"):
        failed = "a text block that follows no python block is nobody's output"
    if block.language not in {"", "text", "toml", "json"}:
        failed = f"a block in {block.language!r} is not run"
    try:
        {"toml": tomllib.loads, "json": json.loads}.get(block.language, str)(block.code)
    except ValueError as error:
        failed = str(error)
    return Said(block.line, None, "", failed)


def alike(expected: str, printed: str) -> bool:
    """Return whether `printed` is what is expected, where a line ``…`` stands for any lines."""
    parts = ["(?:.*\n)*" if e.strip() == ANY else re.escape(e) + "\n" for e in _stripped(expected)]
    return re.fullmatch("".join(parts), "\n".join([*_stripped(printed), ""])) is not None


def elided(expected: str) -> bool:
    """Return whether expected output leaves lines out."""
    return any(line.strip() == ANY for line in expected.splitlines())


def _stripped(printed: str) -> list[str]:
    return [line.rstrip() for line in printed.rstrip("\n").split("\n")]


def main(arguments: list[str]) -> int:
    """Run pages by this interpreter's hedgecore, and print what they say that is not so."""
    wrong = 0
    for page in map(Path, arguments):
        with TemporaryDirectory() as folder:
            for each in run(page.resolve(), Path(folder).resolve()):
                if not each.right:
                    said = f"the page says\n{each.expected}\nbut it prints\n{each.printed}"
                    print(f"{page}:{each.line}: {each.failed or said}")  # noqa: T201 - a script
                    wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
