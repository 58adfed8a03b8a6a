"""The API reference of the site: a page for each part of the facade, from the docstrings."""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

PARTS = {
    "hedgecore.pools": "Pools",
    "hedgecore.market": "Markets, exposures, instruments",
    "hedgecore.hedging": "The hedge",
    "hedgecore.books": "Books",
    "hedgecore.analysis": "Scenarios",
    "hedgecore.registry": "Kinds and plugins",
    "hedgecore.interfaces": "Interfaces of plugins",
    "hedgecore.numerics": "Numbers",
    "hedgecore.fast": "Compiled loops",
    "hedgecore.tables": "Tables",
    "hedgecore.errors": "Errors",
}
"""Part of the core → its title; the facade's names stand under the part that they come from."""
MODULES = {
    "hedgecore.fields": "Fields",
    "hedgecore.simulation": "Simulation",
    "hedgecore.readers": "Readers",
    "hedgecore.testing": "The conformance kit",
}
"""Public modules beside the facade."""
STABILITY = Path(__file__).resolve().parent / "reference" / "stability.md"
MARK = re.compile(r"^\| `(hedgecore\.\w+)` \| (\w+) \|$", re.MULTILINE)
ELSEWHERE = {"hookimpl": "hedgecore.registry"}
"""Names that another package made, and the part of ours that they belong to."""


def write(folder: Path) -> None:
    """Write the pages and their list into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, title in PARTS.items():
        (folder / f"{part}.rst").write_text(_page(title, "hedgecore", part), "utf-8")
    for module, title in MODULES.items():
        (folder / f"{module}.rst").write_text(_page(title, module, module), "utf-8")
    marked = marks()
    rows = [
        f"- [{title}]({name}.rst): `{name}`, {marked[name]}"
        for name, title in (PARTS | MODULES).items()
    ]
    about = "Every public name, from its docstring; the examples are run by the tests."
    (folder / "README.md").write_text("\n".join(["# API", "", about, "", *rows, ""]), "utf-8")


def marks() -> dict[str, str]:
    """Part of the library → its mark, as the page of stability has it."""
    return dict(MARK.findall(STABILITY.read_text("utf-8")))


def names(part: str) -> list[str]:
    """Names of the facade that come from a part of the core."""
    return [name for name in _public("hedgecore") if _home("hedgecore", name) == part]


def _public(module: str) -> list[str]:
    listed: list[str] = import_module(module).__all__
    return [name for name in sorted(listed) if f"{module}.{name}" not in MODULES]


def _home(module: str, name: str) -> str:
    origin = ELSEWHERE.get(name) or getattr(import_module(module), name).__module__
    return ".".join(origin.split(".")[:2])


def _page(title: str, module: str, part: str) -> str:
    listed = names(part) if part in PARTS else _public(part)
    mark = f":doc:`Stability </docs/reference/stability>`: {marks()[part]}.\n"
    parts = [f"{title}\n{'=' * len(title)}\n", mark, f".. currentmodule:: {module}\n"]
    return "\n".join([*parts, *(_entry(module, name) for name in listed)])


def _entry(module: str, name: str) -> str:
    it = getattr(import_module(module), name)
    sort = "function"
    if inspect.isclass(it):
        sort = "exception" if issubclass(it, BaseException) else "class"
    elif not inspect.isroutine(it):
        sort = "data"
    return f".. auto{sort}:: {module}.{name}\n"
