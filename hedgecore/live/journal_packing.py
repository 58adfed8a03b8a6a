"""Bodies in a file of a journal: the first of each kind as it is, later ones by what differs.

Events of one kind are much alike, so that zlib, given the first one as its dictionary, leaves a
tenth of a later one. The hashes of the chain are of the text, whatever is stored.
"""

from __future__ import annotations

import sqlite3
import zlib

LONGEST = 2**26
"""Bytes of a body that are read; a longer one is none."""
WINDOW = 2**15
"""Bytes of a dictionary that zlib looks back upon."""
SPOILT = ""
"""Body that cannot be read: no JSON, and its hash is another."""
FIRST = "(SELECT body FROM event AS first WHERE first.kind = {} ORDER BY seq LIMIT 1)"
UNPACK = f"unpack(body, {FIRST.format('event.kind')}) AS body"
"""Column that is the text of a body, for a connection that was prepared."""
PACK = f"pack(?7, {FIRST.format('?6')})"
"""Value that is stored for a text, of a statement whose sixth and seventh are kind and body."""


def pack(text: str, first: str | bytes | None) -> str | bytes:
    """Body as it is stored: the text, or what differs from the first of its kind, the shorter."""
    if not isinstance(first, str):
        return text
    packer = zlib.compressobj(zdict=first.encode()[:WINDOW])
    packed = packer.compress(text.encode()) + packer.flush()
    return packed if len(packed) < len(text) else text


def unpack(body: str | bytes, first: str | bytes | None) -> str:
    """Text of a body; `SPOILT` where it was changed, or the first of its kind was."""
    if isinstance(body, str):
        return body
    if not isinstance(first, str):
        return SPOILT
    unpacker = zlib.decompressobj(zdict=first.encode()[:WINDOW])
    try:
        text = unpacker.decompress(body, LONGEST).decode()
    except (zlib.error, UnicodeDecodeError):
        return SPOILT
    return text if unpacker.eof else SPOILT


def prepare(connection: sqlite3.Connection) -> None:
    """Let a connection pack and unpack."""
    connection.create_function("pack", 2, pack, deterministic=True)
    connection.create_function("unpack", 2, unpack, deterministic=True)
