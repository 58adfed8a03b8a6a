"""Client ids: one for each intent, which says by itself what run, cycle and order it is of."""

from __future__ import annotations

import re
from hashlib import sha256

DIGITS = 32
"""Hexadecimal digits of an id: 128 bits, which every venue takes."""
RUN, CYCLE, LEG = 16, 12, 4
FORM = re.compile(f"[0-9a-f]{{{DIGITS}}}")


def run_tag(run: str) -> str:
    """Tag of a run, 16 digits, from what a journal calls it.

    >>> run_tag("01J")
    '58d77fecda0d887b'

    """
    return sha256(run.encode()).hexdigest()[:RUN]


def client_id(tag: str, cycle: int, leg: int) -> str:
    """Id of the order of that place in the decision of a cycle of a run.

    >>> client_id("00000000000000ff", 7, 1)
    '00000000000000ff0000000000070001'

    """
    return f"{tag}{cycle:0{CYCLE}x}{leg:0{LEG}x}"


def tag_of(given: str | None) -> str | None:
    """Tag of the run that an id is of; None where the id is none of a loop's.

    >>> tag_of("00000000000000ff0000000000070001"), tag_of("web-1234"), tag_of(None)
    ('00000000000000ff', None, None)

    """
    plain = (given or "").lower().removeprefix("0x")
    return plain[:RUN] if FORM.fullmatch(plain) else None
