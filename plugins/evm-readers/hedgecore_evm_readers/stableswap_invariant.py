"""D of a StableSwap pool in the contract's own integers: the proof that a pool was understood.

A pool says what one share is worth, D per share. Where what was read, balances, rates and A, gives
another D, something in it was not what it seemed, and nothing is returned.

Source: Egorov, *StableSwap*, 2019; `get_D` of Curve's pools.
"""

from __future__ import annotations

from collections.abc import Sequence

MOST_STEPS = 255


def invariant(scaled: Sequence[int], amplification: int, precision: int = 1) -> int:
    """D of balances in 18 digits; A times n is what Curve calls Ann."""
    n, total, ann = len(scaled), sum(scaled), amplification * len(scaled)
    d = total
    for _ in range(MOST_STEPS if total else 0):
        product = d
        for each in scaled:
            product = product * d // (each * n)
        above = (ann * total // precision + product * n) * d
        last, d = d, above // ((ann - precision) * d // precision + (n + 1) * product)
        if abs(d - last) <= 1:
            break
    return d
