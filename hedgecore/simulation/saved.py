"""Runs in one file: a book, all settings, the versions and the histories that they ran with.

``load("book.toml")`` reads a book's own settings, and ``load("run.toml")`` those of a run that was
saved: with the same versions, the same numbers to the last bit.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs

from hedgecore.books.book import Book
from hedgecore.errors import SpecError
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import spec_of
from hedgecore.simulation.settings import Simulation
from hedgecore.simulation.table import PLAIN, TABLE, with_settings
from hedgecore.tables.files import read_tables

FILES = "files"


def load(path: str | Path, given: Mapping[str, Any] | None = None) -> Simulation:
    """Run that a book's file, or the file of a saved run, describes.

    Histories that the file names are looked for beside it.

    Args:
        path: a TOML or JSON file.
        given: other settings, which take the place of the file's.

    Raises:
        SpecError: what is wrong with the file or with a setting.

    """
    tables = read_tables(path)
    return Simulation.from_book(
        Book.from_tables(tables), with_settings(own(tables, path), given or {})
    )


def own(tables: Mapping[str, Any], path: str | Path) -> dict[str, Any]:
    """File's own settings, the histories that they name found beside it."""
    table = tables.get(TABLE, {})
    if not isinstance(table, Mapping):
        raise SpecError(f"must be a table: write [{TABLE}]", field=TABLE)
    return relocate(table, lambda name: str(Path(path).parent / name))


def table_of(settings: Simulation) -> dict[str, Any]:
    """Table ``[simulation]`` that makes the same run of the same book."""
    values = attrs.asdict(settings, recurse=False)
    table = {name: values[name] for name in PLAIN if values.get(name) is not None}
    table |= {name: list(values[name]) for name in ("arbitraged", "times") if values[name]}
    table |= {name: spec_of(values[name]) for name in ("policy", "price_model")}
    table["costs"] = [spec_of(each) for each in settings.costs]
    table["income"] = {name: spec_of(each) for name, each in settings.income.items()}
    table["funding"] = _without_kind(spec_of(settings.funding))
    if settings.margin is not None:
        table["margin"] = _without_kind(spec_of(settings.margin))
    return {name: each for name, each in table.items() if each != {}}


def _without_kind(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in table.items() if name != "kind"}


def tables_of_run(
    settings: Simulation, tables: Mapping[str, Any], path: str | Path
) -> dict[str, Any]:
    """Tables of a file that repeats a run, to be written to `path`.

    Args:
        settings: of the run.
        tables: of the book's file, plain.
        path: where they are to be written; histories are named relative to it.

    """
    table = table_of(settings)
    digests = {name: digest(name) for name in histories(table)}
    folder = Path(path).resolve().parent
    near = {
        name: Path(os.path.relpath(Path(name).resolve(), folder)).as_posix() for name in digests
    }
    run = relocate(table, near.__getitem__)
    run["versions"] = versions({**tables, TABLE: run})
    if digests:
        run[FILES] = {near[name]: digest for name, digest in digests.items()}
    return {**tables, TABLE: run}


def versions(tables: Mapping[str, Any]) -> dict[str, str]:
    """Versions of all that the numbers of a run depend on: Python, and distributions."""
    registry = default_registry()
    owners = [registry.plugin(kind) for kind in _kinds(tables) if kind in registry]
    plugins = {each.distribution for each in owners if each.version}
    found = {name: version(name) for name in sorted({"hedgecore", "numpy", *plugins})}
    return {"python": platform.python_version(), **found}


def _kinds(value: Any) -> Iterator[str]:
    """Kinds of all tables within tables, outer ones first."""
    if isinstance(value, Mapping):
        yield from (str(value[key]) for key in ("kind", "solver") if key in value)
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _kinds(each)


def differences(tables: Mapping[str, Any], path: str | Path) -> list[str]:
    """Sentence for each version or history that is not what a saved run had."""
    table = tables.get(TABLE, {})
    now = versions(tables)
    return [
        *_versions_apart(table.get("versions", {}), now),
        *_files_apart(table.get(FILES, {}), path),
    ]


def _versions_apart(had: Mapping[str, Any], here: Mapping[str, str]) -> Iterator[str]:
    for name, number in had.items():
        if here.get(name) != number:
            now = f"{here[name]} is installed" if name in here else "it is not installed"
            yield f"The run was saved with {name} {number}, and {now}: its numbers may differ."


def _files_apart(had: Mapping[str, Any], path: str | Path) -> Iterator[str]:
    for name, number in had.items():
        if digest(str(Path(path).parent / name)) != number:
            yield f"{name} is not the file that the run was saved with: its numbers will differ."


def histories(table: Mapping[str, Any]) -> list[str]:
    """Files that a run reads."""
    found: list[str] = []

    def note_name(name: str) -> str:
        found.append(name)
        return name

    relocate(table, note_name)
    return found


HISTORY = ("files", "funding")
"""The fields of a path that name files."""


def relocate(table: Mapping[str, Any], where: Callable[[str], str]) -> dict[str, Any]:
    """Settings with each history's name as `where` makes it."""
    return {
        name: _relocate(each, where) if name == "price_model" else each
        for name, each in table.items()
    }


def _relocate(value: Any, where: Callable[[str], str]) -> Any:
    """Path's table, or what is within it."""
    if isinstance(value, Mapping):
        return {
            key: [where(name) for name in _file_list(each)]
            if key in HISTORY
            else _relocate(each, where)
            for key, each in value.items()
        }
    return [_relocate(each, where) for each in value] if isinstance(value, list | tuple) else value


def _file_list(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else [str(each) for each in given]


def digest(path: str) -> str:
    """File's SHA-256; SpecError where it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SpecError(
            f"{Path(path).name} cannot be read: {error.strerror}", field=FILES
        ) from error
