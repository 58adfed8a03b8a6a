"""Running sums of doubles and whole numbers, each rounded once.

Doubles are cut into parts, each of so few digits that no sum of that part's rounds: q = (σ + p) − σ
with σ a power of two at least M times the largest p (S. M. Rump, T. Ogita and S. Oishi, "Accurate
floating-point summation part I", SIAM J. Sci. Comput. 31 (2008), algorithm 3.2). What two or three
such sums add up to is then rounded as Python's `math.fsum` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import frexp, ldexp
from operator import eq
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.error_free import two_sum

Array: TypeAlias = NDArray[np.float64]

MOST_PARTS = 6
"""Of terms that lie further apart, sums of whole numbers take no longer."""
BLOCK = 8192
"""Sums that are rounded at once, few enough to stay in a cache."""
LARGEST = 2.0**960
"""Magnitude below which σ is a double."""


def numbers(given: Sequence[float]) -> NDArray[Any]:
    """Doubles (M,), or where that would round one, Python's own numbers."""
    doubles = np.array(given, dtype=np.float64)
    is_same = isinstance(given, np.ndarray) or all(map(eq, doubles.tolist(), given))
    return doubles if is_same else np.array(given, dtype=object)


def exact_sums(terms: NDArray[Any]) -> Array:
    """Running sums of `numbers` (M,), each rounded once."""
    parts = None if terms.dtype == object else _sums_of_parts(terms)
    if parts is None:
        return _sums_of_wholes(terms.tolist())
    starts = range(0, len(terms), BLOCK)
    blocks = ([part[at : at + BLOCK] for part in parts] for at in starts)
    return np.concatenate([_round(block) for block in blocks])


def _sums_of_parts(terms: Array) -> list[Array] | None:
    """Running sums of each part of the terms, exact, the largest first; None of very many parts."""
    rest, sums = terms.copy(), [np.zeros(len(terms))]
    spare = (len(terms) + 2).bit_length()
    while largest := float(max(rest.max(), -rest.min())):
        if len(sums) > MOST_PARTS or not largest < LARGEST:
            return None
        shift = ldexp(1.0, frexp(largest)[1] + spare)
        part = rest + shift
        part -= shift
        rest -= part
        sums.append(np.cumsum(part, out=part))
    return sums[1:] or sums


def _round(parts: list[Array]) -> Array:
    """Sum of some arrays, rounded once."""
    carried = _carry(parts)
    while not all(map(np.array_equal, parts, carried)):
        parts, carried = carried, _carry(carried)
    if len(parts) < 3:  # noqa: PLR2004 - nothing beyond what a sum of two doubles rounds
        return parts[0]
    nearest, rest, beyond = parts[:3]
    step = 2.0 * rest
    other = nearest + step
    is_nearer = (other - nearest == step) & (np.sign(rest) * beyond > 0)  # else even, of a tie
    return np.where(is_nearer, other, nearest)


def _carry(parts: list[Array]) -> list[Array]:
    """Sum of some arrays, and what each addition from the smallest up rounded off."""
    total, errors = parts[-1], []
    for part in reversed(parts[:-1]):
        total, error = two_sum(part, total)
        errors.append(error)
    return [total, *reversed(errors)]


def _sums_of_wholes(terms: Iterable[float]) -> Array:
    """Running sums by whole numbers over a power of two, as which each double can be written."""
    ratios = [each.as_integer_ratio() for each in terms]
    unit = max(below for _, below in ratios)
    wholes = accumulate(above * (unit // below) for above, below in ratios)
    return np.array([whole / unit for whole in wholes])
