"""Numbers and bytes, as nodes write them: 0x and hexadecimal digits."""

from __future__ import annotations

import re
from typing import Any

from hedgecore import ReaderError

QUANTITY = re.compile("0x(0|[1-9a-f][0-9a-f]{0,63})")
DIGITS = re.compile("0x[0-9a-fA-F]*$")
SHOWN = 40
CHECK = "is the RPC's URL that of an Ethereum node?"


def quantity(given: Any, what: str) -> int:
    """Number in an answer, without leading zeros.

    Raises:
        ReaderError: it is none.

    """
    if not isinstance(given, str) or not QUANTITY.fullmatch(given.lower()):
        raise ReaderError(
            f"{what}: the node answers {description(given)}, which is no number: {CHECK}"
        )
    return int(given, 16)


def bytes_of(given: Any, what: str) -> bytes:
    """Bytes in an answer, two digits each.

    Raises:
        ReaderError: they are none.

    """
    digits = given[2:] if isinstance(given, str) and given[:2].lower() == "0x" else " "
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        found = b""
    if len(digits) != 2 * len(found):  # `fromhex` takes spaces
        raise ReaderError(
            f"{what}: the node answers {description(given)}, which are no bytes: {CHECK}"
        )
    return found


def description(given: Any) -> str:
    """Words for a node's answer that hold no key, as a text of its own might."""
    if isinstance(given, str):
        return f"{given[:SHOWN]!r}" if DIGITS.match(given) else "a text"
    plain = given is None or isinstance(given, int | float)
    return str(given)[:SHOWN] if plain else f"a {type(given).__name__}"
