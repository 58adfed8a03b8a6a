"""Orders of a policy with a band where they are quotients: what `decide` says, by its formulas.

Engines ask here that know the band beforehand, and so need no policy at each step.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hedgecore.decisions.decide import part_of_way
from hedgecore.hedging.lots import DUST, without_dust
from hedgecore.interfaces.policy import ALWAYS
from hedgecore.numerics.arrays import Array


class BandPaths(NamedTuple):
    """Paths at a moment, and one asset with the instrument that offsets it; (n,) or (1,) each.

    Attributes:
        delta: of all, in units of the asset.
        base: of the positions alone.
        unit: of one contract.
        width: half-width of the band.
        held: contracts.

    """

    delta: Array
    base: Array
    unit: Array
    width: Array
    held: Array

    def at(self, which: Any) -> BandPaths:
        """Some of the paths, by an index."""
        return BandPaths(*(each if each.size == 1 else each[which] for each in self))


def outside_band(delta: Array, width: Array) -> Any:
    """Index of the paths that are outside: a slice, if all are."""
    if width.size == 1 and width[0] == ALWAYS:
        return slice(None)
    (which,) = (np.abs(delta) > width).nonzero()
    return which if which.size < delta.size else slice(None)


def orders_to_band(paths: BandPaths, to: str) -> tuple[Any, Array]:
    """Part of the way that is asked for, and the orders, (n,), of paths outside."""
    delta, base, unit, width, held = paths
    clean = without_dust(delta, np.abs(base))
    part: Any = 1.0 if to == "centre" else _part_to_edge(np.abs(clean), width)
    if clean is not delta:
        part = np.where(np.abs(clean) > width, part, 0.0)
    return part, part_of_way(held, -clean / unit, part)


def _part_to_edge(away: Array, width: Array) -> Array:
    """Part of the way to the edge from outside of it, (n,); 0 where it is but rounding."""
    part = np.subtract(1.0, width / away)
    part[part <= DUST] = 0.0
    return part
