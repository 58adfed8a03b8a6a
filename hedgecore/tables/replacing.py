"""Files that are written whole or not at all, whatever writes them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import typer


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a file beside `path`, of its suffix, which takes its place at the end.

    Where what is written breaks off, the old file stays as it was.

    Raises:
        BadParameter: it cannot be written.

    """
    path = path.resolve()  # a link stays a link
    beside = path.with_name(f".{path.stem}.{token_hex(4)}{path.suffix}")
    try:
        yield beside
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink()
