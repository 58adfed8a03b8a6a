"""Memory that work in blocks is done in, again and again."""

from __future__ import annotations

import numpy as np

KEPT = 2**20
"""Numbers that are kept, 8 MiB: more than what the blocks of a loop make and drop."""


def keep_memory() -> None:
    """Keep the memory that blocks give back, for the next.

    The GNU C library returns an array's pages to the system when they are freed, and asks for them
    anew, as long as no larger piece was ever freed: so one is. Elsewhere this does nothing.
    """
    np.empty(KEPT)
