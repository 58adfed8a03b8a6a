"""Files that are written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hedgecore.errors import HedgecoreError, SpecError
from hedgecore.tables.toml import document

SUFFIXES = (".toml", ".json")
PERMISSIONS = 0o777
OWNERS_ALONE, BY_UMASK = 0o600, 0o666


def save(tables: Mapping[str, Any], path: str | Path, comment: str = "") -> None:
    """Write a book's tables to a .toml or .json file, in one step; a comment at the top of TOML.

    Raises:
        SpecError: the name ends otherwise, or the file cannot be written; the old one is as it was.

    """
    write(render_tables(tables, Path(path), comment), path)


def render_tables(tables: Mapping[str, Any], path: Path, comment: str = "") -> str:
    """Text of a file of tables, by its suffix."""
    if path.suffix.lower() == ".json":
        return json.dumps(tables, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    if path.suffix.lower() == ".toml":
        return document(tables, comment)
    raise SpecError(f"{path.name!r}: a book's file ends in {' or '.join(SUFFIXES)}")


def write(text: str, path: str | Path) -> None:
    """Replace a file by `text`, in UTF-8 and with line ends as they are, as `replacement` does.

    Raises:
        SpecError: the file cannot be written; the old one is as it was.

    """
    with replacement(path) as beside:
        beside.write_bytes(text.encode())


@contextmanager
def replacement(path: str | Path) -> Iterator[Path]:
    """Path of an empty file beside `path`, of its suffix, that takes its place at the end.

    The content is on the disk before that. Where what is written breaks off, the old file stays
    as it was, and nothing beside it. A link stays a link: its target is replaced. A file that is
    replaced keeps its mode; a new one has what the umask leaves.

    Raises:
        SpecError: it cannot be written.

    """
    with _of_file(path):
        target = _target(path)
        old = target.stat().st_mode & PERMISSIONS if target.exists() else None
        beside = target.with_name(f".{os.urandom(8).hex()}{target.suffix}")
        try:
            beside.touch(BY_UMASK if old is None else OWNERS_ALONE, exist_ok=False)
            yield beside
            _to_disk(beside)
            if old is not None:
                beside.chmod(old)
            beside.replace(target)
        finally:
            with suppress(OSError):
                beside.unlink()


def _target(path: str | Path) -> Path:
    """File that `path` leads to, over all links."""
    if "\0" in str(path):
        raise SpecError(f"{str(path)!r:.80}: no file has a NUL in its name")
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise SpecError(f"{path} cannot be written: its links lead in a circle")
    if target.exists() and not target.is_file():
        raise SpecError(f"{path} cannot be written: it is no plain file")
    return target


def _to_disk(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


@contextmanager
def _of_file(path: str | Path) -> Iterator[None]:
    """Say, of what the system refuses, of which file."""
    try:
        yield
    except HedgecoreError:
        raise
    except OSError as error:
        raise SpecError(f"{path} cannot be written: {error.strerror or error}") from error
