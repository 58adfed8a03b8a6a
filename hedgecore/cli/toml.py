"""Plain tables as TOML, for a person to copy into a book."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

WIDE = 80
"""A list that is longer stands on several lines."""


def toml(head: str, table: Mapping[str, Any]) -> str:
    """Return `head`, "[hedge]" say, and the keys of a JSON-safe table, those of None left out."""
    lines = [_line(_key(key), each) for key, each in table.items() if each is not None]
    return "\n".join([head, *lines])


def _line(key: str, value: Any) -> str:
    line = f"{key} = {_value(value)}"
    if len(line) <= WIDE or not isinstance(value, list | tuple):
        return line
    return "\n".join([f"{key} = [", *(f"    {_value(each)}," for each in value), "]"])


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "_").isidentifier()
    return name if bare else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
