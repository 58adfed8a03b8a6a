"""JSON from outside, whose nesting is bounded before it is parsed.

The parser's own bound is the interpreter's recursion limit, which is the process's: py_ecc, which
every signer of Ethereum's imports, raises it to 100 000, and then the parser overflows the stack.
"""

from __future__ import annotations

import json
import re
from typing import Any

MOST_LEVELS = 500
"""Deeper than any table, any answer of a node or a venue."""
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def parse_json(text: str | bytes, **options: Any) -> Any:
    """Value of a JSON text.

    Args:
        text: in UTF-8, where it is bytes.
        options: of `json.loads`.

    Raises:
        ValueError: it is no JSON, or nested deeper than 500 levels.

    Example:
        >>> from hedgecore.tables.json_text import parse_json
        >>> parse_json('{"lot": [1, "["]}')
        {'lot': [1, '[']}

    """
    check_depth(text)
    return json.loads(text, **options)


def check_depth(text: str | bytes) -> None:
    """Refuse a text that is nested too deeply, JSON or not.

    Raises:
        ValueError: deeper than 500 levels.

    """
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if plain.count("[") + plain.count("{") > MOST_LEVELS and _is_deep(plain):
        raise ValueError(f"nested deeper than {MOST_LEVELS} levels")


def _is_deep(text: str) -> bool:
    """True if brackets outside of strings stand deeper than allowed."""
    level = 0
    for token in TOKENS.finditer(text):
        level += STEPS.get(token.group(), 0)
        if level > MOST_LEVELS:
            return True
    return False
