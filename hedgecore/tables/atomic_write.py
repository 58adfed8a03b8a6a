"""Files that are written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from hedgecore.errors import SpecError
from hedgecore.tables.toml import document

SUFFIXES = (".toml", ".json")


def save(tables: Mapping[str, Any], path: str | Path, comment: str = "") -> None:
    """Write a book's tables to a .toml or .json file, in one step; a comment at the top of TOML.

    Raises:
        SpecError: the name ends otherwise, or the file cannot be written; the old one is as it was.

    """
    write(rendered(tables, Path(path), comment), path)


def rendered(tables: Mapping[str, Any], path: Path, comment: str = "") -> str:
    """Return tables as the text of a file, by its suffix."""
    if path.suffix.lower() == ".json":
        return json.dumps(tables, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    if path.suffix.lower() == ".toml":
        return document(tables, comment)
    raise SpecError(f"{path.name!r}: a book's file ends in {' or '.join(SUFFIXES)}")


def write(text: str, path: str | Path) -> None:
    """Replace a file by `text`, through another beside it that is on the disk first."""
    path = Path(path).resolve()  # a link stays a link
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as beside:
            _moved(beside, text, path)
    except OSError as error:
        raise SpecError(f"{path.name} cannot be written: {error.strerror}") from error


def _moved(beside: Any, text: str, path: Path) -> None:
    try:
        beside.write(text)
        beside.flush()
        os.fsync(beside.fileno())
        if path.exists():
            Path(beside.name).chmod(path.stat().st_mode & 0o777)
        Path(beside.name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside.name).unlink()
        raise
