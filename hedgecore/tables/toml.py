"""Plain tables as TOML, as a person would write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

WIDE = 80
"""A list that is longer stands on several lines."""


def toml(head: str, table: Mapping[str, Any]) -> str:
    """Table under a head, "[hedge]" say: the keys of a JSON-safe table, those of None left out."""
    lines = [_line(key_of(key), each) for key, each in table.items() if each is not None]
    return "\n".join([head, *lines])


def document(tables: Mapping[str, Any], comment: str = "") -> str:
    """Plain tables as a whole TOML document, `comment` at its top."""
    plain = {key: each for key, each in tables.items() if not _is_nested(each)}
    parts = [toml("", plain).strip()] if plain else []
    for key, each in tables.items():
        if _is_nested(each):
            parts += _tables((key,), each)
    return "\n\n".join([f"# {comment}"] * bool(comment) + parts) + "\n"


def assignment(key: str, value: Any) -> str:
    """Assignment ``key = value``, on several lines where it is long."""
    return _line(key_of(key), value)


def _is_nested(value: Any) -> bool:
    rows = value if isinstance(value, list | tuple) else [value]
    return bool(rows) and all(isinstance(each, Mapping) for each in rows)


def _tables(path: tuple[str, ...], value: Any) -> list[str]:
    """Table and those within it, or each of a list of tables, with their heads."""
    name = ".".join(map(key_of, path))
    if not isinstance(value, Mapping):
        return [part for each in value for part in _body(f"[[{name}]]", path, each)]
    return _body(f"[{name}]", path, value)


def _body(head: str, path: tuple[str, ...], table: Mapping[str, Any]) -> list[str]:
    deep = {key: each for key, each in table.items() if _is_nested(each) and not _small(each)}
    flat = {key: each for key, each in table.items() if key not in deep}
    own = [toml(head, flat)] if flat or not deep or head.startswith("[[") else []
    return own + [part for key, each in deep.items() for part in _tables((*path, key), each)]


def _small(value: Any) -> bool:
    """True if a table is written within a line: a few plain values."""
    return isinstance(value, Mapping) and len(_value(value)) <= WIDE // 2


def _line(key: str, value: Any) -> str:
    line = f"{key} = {_value(value)}"
    if len(line) <= WIDE or not isinstance(value, list | tuple):
        return line
    return "\n".join([f"{key} = [", *(f"    {_value(each)}," for each in value), "]"])


def key_of(name: str) -> str:
    """Key, in quotes where TOML wants them."""
    bare = name.isascii() and name.replace("-", "_").isidentifier()
    return name if bare else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key_of(key)} = {_value(each)}" for key, each in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value, allow_nan=False)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
