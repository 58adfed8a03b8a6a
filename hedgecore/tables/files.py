"""Files and tables from outside, bounded: what is wrong is said with its place, at once.

`json` and `tomllib` accept NaN, inf and 1e999, integers of any length and any nesting, and JSON
takes a key twice. Here each of these is a SpecError, and a file is refused by its size unread.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hedgecore.errors import SpecError, at_place
from hedgecore.tables.json_text import parse_json

MAX_BYTES = 16 * 2**20
MAX_DEPTH = 32
MAX_INTEGER = 2**256
"""Chain integers have at most 256 bits."""
MAX_DIGITS = 400
DIGITS = re.compile(r"[0-9_]+")
PARTS = re.compile(r"[=,{}\[\]]")


def read_tables(path: str | Path) -> dict[str, Any]:
    """Tables of a TOML or JSON file, by its suffix; all numbers finite and bounded.

    Raises:
        SpecError: no such file, over 16 MiB, not UTF-8, ill-formed, or refused by `check_bounds`.

    """
    path = Path(path)
    parse = PARSERS.get(path.suffix.lower())
    if parse is None or "\0" in str(path):
        raise SpecError(f"{path.name!r}: a file of tables ends in .toml or .json")
    try:
        if path.exists() and not path.is_file():
            raise SpecError(f"{path.name} is no plain file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SpecError(f"{path.name} has {size} bytes; {MAX_BYTES} are allowed")
        return parse_tables(path.read_bytes(), parse, path.name)
    except OSError as error:
        raise SpecError(f"{path.name} cannot be read: {error.strerror}") from error


def parse_tables(content: bytes, parse: Callable[[str], Any], name: str) -> dict[str, Any]:
    """Tables in `content`, bounded; `name` is what messages call it."""
    with at_place(name):
        tables = _parse(content, parse)
        if not isinstance(tables, dict):
            raise SpecError(f"must hold tables at its top, not a {type(tables).__name__}")
        check_bounds(tables)
        return tables


def check_bounds(table: Mapping[str, Any], most: float = math.inf) -> None:
    """Refuse numbers that are not finite or too large, and deep nesting, naming the place.

    Args:
        table: plain.
        most: largest number to be computed with; the least but 0 is its inverse.

    Raises:
        SpecError: the first such place.

    """
    _check(table, (), most)


def _parse(content: bytes, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(content.decode("utf-8-sig"))
    except RecursionError:
        raise SpecError(f"nested deeper than {MAX_DEPTH} levels") from None
    except UnicodeDecodeError as error:
        raise SpecError(f"byte {error.start} is not UTF-8") from error
    except SpecError:
        raise
    except ValueError as error:
        raise SpecError(str(error)[:200]) from error


def _fault(part: Any, depth: int, most: float) -> str | None:
    if depth > MAX_DEPTH:
        return f"nested deeper than {MAX_DEPTH} levels"
    if isinstance(part, float) and not math.isfinite(part):
        return f"{part} is not a finite number"
    if isinstance(part, int) and abs(part) > MAX_INTEGER:
        return "an integer of more than 256 bits"
    if isinstance(part, float) and part and not 1.0 / most <= abs(part) <= most:
        return f"must be from {1.0 / most:g} to {most:g} in size, to be computed with, not {part!r}"
    return None


def _check(part: Any, place: tuple[str, ...], most: float) -> None:
    """Refuse the first fault in `part`, at most MAX_DEPTH deep; `place` is the way to it."""
    reason = _fault(part, len(place), most)
    if reason:
        raise SpecError(reason, field="".join(place).removeprefix("."))
    if isinstance(part, Mapping):
        for key, inner in part.items():
            _check(inner, (*place, f".{str(key)[:80]}"), most)
    elif isinstance(part, list | tuple):
        for index, inner in enumerate(part):
            _check(inner, (*place, _row(index, inner)), most)


def _row(index: int, inner: Any) -> str:
    """Entry of a list as a place has it: by its name, where it is a table that has one."""
    name = inner.get("name") if isinstance(inner, Mapping) else None
    return f" {name!r:.80}" if isinstance(name, str) else f"[{index}]"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise SpecError(f"the key {key!r:.80} stands twice")
        table[key] = value
    return table


def _json(text: str) -> Any:
    return parse_json(text, object_pairs_hook=_once, parse_constant=float, parse_int=_integer)


def _integer(digits: str) -> int:
    """Integer; for a long one another out of bounds, which `check_bounds` then names."""
    return int(digits) if len(digits) <= MAX_DIGITS else 2 * MAX_INTEGER


def _toml(text: str) -> Any:
    """Tables in TOML; dates at the top are text, as they are in JSON."""
    _scan(text)
    tables = tomllib.loads(text + "\n")  # so that a fault at the very end has a line, too
    return {
        key: each.isoformat() if isinstance(each, date) else each for key, each in tables.items()
    }


def _scan(text: str) -> None:
    """Refuse what would keep a parser busy for seconds, in time linear in the text.

    An integer costs the square of its digits, a dotted key the square of its dots.
    """
    for number, line in enumerate(text.split("\n"), 1):
        place = f"line {number}, {line[:40].partition('=')[0].strip()}"
        if len(line) > MAX_DIGITS and max(map(len, DIGITS.findall(line)), default=0) > MAX_DIGITS:
            raise SpecError(f"{place}: a number of more than {MAX_DIGITS} digits")
        if line.count(".") > MAX_DEPTH and any(p.count(".") > MAX_DEPTH for p in PARTS.split(line)):
            raise SpecError(f"{place}: nested deeper than {MAX_DEPTH} levels, by dots")


PARSERS: Mapping[str, Callable[[str], Any]] = {".toml": _toml, ".json": _json}
