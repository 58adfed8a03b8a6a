"""A book's file with some values replaced, and every other byte of it as it was.

TOML is taken apart into its tables, each the text from its head to the next, and each table into
its statements. Only statements whose value changed are written anew, so comments, order and layout
stay. What comes out is parsed and compared with what was meant; a file that is written in a way
that cannot be edited so is written anew as a whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hedgecore.tables.atomic_write import rendered
from hedgecore.tables.toml import assigned, document

LISTS = ("position", "holding")


def edited(path: Path, after: Mapping[str, Any]) -> tuple[str, Sequence[str]]:
    """Return the text of a book's file with its tables `after`, and notes on what was lost."""
    if path.suffix.lower() != ".toml":
        return rendered(after, path), ()
    text = path.read_text(encoding="utf-8-sig")
    made = toml_edited(text, after)
    if made is not None and _parses(made) and plain(tomllib.loads(made)) == plain(after):
        return made, ()
    lost = "the file was written in a way that could not be edited: it is written anew, and without"
    return rendered(after, path), (f"{lost} its comments",)


def plain(tables: Any) -> Any:
    """Return tables as TOML gives them back: lists for tuples, nothing for None or no rows."""
    if isinstance(tables, Mapping):
        return {k: plain(each) for k, each in tables.items() if each is not None and each != []}
    return [plain(each) for each in tables] if isinstance(tables, list | tuple) else tables


def toml_edited(text: str, after: Mapping[str, Any]) -> str | None:
    """Return the text with the tables `after` in place of its own; None if it cannot be."""
    parts = segments(text)
    if parts is None:
        return None
    out, left, heads = list[str](), _rows(after), [_head(part) for part in parts]
    for part, path in zip(parts, heads, strict=True):
        table = tomllib.loads(part)
        key = next((name for name in LISTS if name in table), None)
        if key is not None:
            if not isinstance(table[key], list):  # a table within a position
                return None
            its = _same(table[key][0], left[key])
            if its is not None:
                left[key].remove(its)
                out.append(changed(part, table[key][0], its))
        elif set(table) == {"prices"}:
            out.append(changed(part, table["prices"], after["prices"]))
        elif "source" not in table:
            out.append(part)
        elif path:
            out.append(_source(part, path, table, after))
        else:  # among the first lines
            return None
    rest = {key: rows for key, rows in left.items() if rows} | _new(after, "".join(out))
    return "".join([*out, *([_gap(out), document(rest)] if rest else [])])


def segments(text: str) -> list[str] | None:
    """Return the text cut before each head of a table; None if it cannot be cut so."""
    parts, part = list[str](), ""
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith("[") and _parses(part):
            parts.append(part)
            part = ""
        part += line
    return [*parts, part] if _parses(part) else None


def changed(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return the text of one table with the values `after`; a comment behind a value stays."""
    lines, out, seen = part.splitlines(keepends=True), list[str](), set[str]()
    for statement in statements(lines):
        found = {} if statement.lstrip().startswith("[") else tomllib.loads(statement)
        key = next(iter(found), None)
        seen |= {*found}
        if key is None or (key in after and _alike(before.get(key), after[key])):
            out.append(statement)
        elif key in after:
            out.append(assigned(key, after[key]) + _comment(statement) + "\n")
    new = [assigned(k, v) + "\n" for k, v in after.items() if k not in seen and v is not None]
    body = "".join(out)
    blank = body[len(body.rstrip()) :]
    return body.rstrip() + "\n" + "".join(new) + blank[1:] if new else body


def statements(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of one table, those of one value together."""
    held = ""
    for line in lines:
        held += line
        if _parses(held):
            yield held
            held = ""
    if held:
        yield held


def _head(part: str) -> tuple[str, ...]:
    """Return the keys in the head of a table; none where there is no head, or of a list."""
    head = next((line for line in part.splitlines() if line.lstrip().startswith("[")), "")
    path, inside = list[str](), tomllib.loads(head) if _parses(head) else {}
    while isinstance(inside, Mapping) and inside:
        path.append(next(iter(inside)))
        inside = inside[path[-1]]
    return tuple(path) if isinstance(inside, Mapping) else ()


def _source(part: str, path: Sequence[str], table: Any, after: Any) -> str:
    """Return the text of a table of the source with its values now; those within are elsewhere."""
    for key in path:
        table, after = table[key], after.get(key, {})
    own = {k: v for k, v in after.items() if k in table or not isinstance(v, Mapping)}
    return changed(part, table, own)


def _new(after: Mapping[str, Any], made: str) -> dict[str, Any]:
    """Return the tables of the source that a text has not got."""
    there = tomllib.loads(made).get("source", {}) if _parses(made) else {}
    new = _without(after.get("source", {}), there)
    return {"source": new} if new else {}


def _without(tables: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of some tables is not there."""
    new = {k: v for k, v in tables.items() if k not in there}
    both = {k: v for k, v in tables.items() if k in there and isinstance(v, Mapping)}
    inner = {k: _without(v, there[k]) for k, v in both.items()}
    return new | {k: v for k, v in inner.items() if v}


def _parses(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _comment(statement: str) -> str:
    """Return the comment behind a value on one line, with the space before it."""
    line = statement.rstrip("\n")
    if "\n" in line:
        return ""
    whole = tomllib.loads(line)
    for at, sign in enumerate(line):
        if sign == "#" and _parses(line[:at]) and tomllib.loads(line[:at]) == whole:
            return line[len(line[:at].rstrip()) :]
    return ""


def _alike(one: Any, other: Any) -> bool:
    return plain(one) == plain(other) and type(one) is type(other)


def _rows(tables: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {key: list(tables.get(key, [])) for key in LISTS}


def _same(row: Mapping[str, Any], among: Sequence[Mapping[str, Any]]) -> Any:
    """Return the row that this one has become: of its name, or its asset and source."""
    keys = ("name",) if "name" in row else ("asset", "source")
    return next((each for each in among if all(each.get(k) == row.get(k) for k in keys)), None)


def _gap(out: Sequence[str]) -> str:
    return "" if not out or out[-1].endswith("\n\n") else "\n"
