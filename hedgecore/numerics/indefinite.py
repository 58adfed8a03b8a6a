"""Symmetric matrices with a negative eigenvalue, and the entry that is to blame."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.ties import round_for_ties


def blamed_pair(matrix: Array, names: Sequence[str]) -> tuple[int, int]:
    """Row and column of the entry that makes most of the negative part, i < j.

    The negative part N = Σ min(λ, 0) v vᵀ is one, whichever eigenvectors of equal eigenvalues a
    library returns, and Σ Nᵢⱼ Mᵢⱼ = Σ min(λ, 0)² says what each entry adds. Of entries that add the
    same, the lowest (of three assets, one negative correlation is as much at fault as two positive
    ones, and rarer); of those, the first by the names of its row and column, in either order.
    """
    values, vectors = np.linalg.eigh(matrix)
    negative = (vectors * np.minimum(values, 0.0)) @ vectors.T
    added, entry = round_for_ties(matrix * negative), round_for_ties(matrix)
    return min(
        combinations(range(len(names)), 2),
        key=lambda pair: (-added[pair], entry[pair], sorted(names[k] for k in pair)),
    )
