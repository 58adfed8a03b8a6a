"""`Kernel`: a pool's formulas as one compiled loop over prices, where the extra `fast` is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from hedgecore.fast import Compiled
from hedgecore.numerics.arrays import Array

Loop: TypeAlias = Callable[[Array, Any, Array, Array, Array], int]
SCRATCH = 65_536
"""Numbers that a block makes, at most, of which some are not asked for: 512 KiB."""
LEAST_BLOCK = 256


class Kernel(NamedTuple):
    """A loop that fills arrays with what a pool is at each price, and the pool's own numbers.

    The loop is called as ``loop(prices, params, value, holdings, gamma)``: prices (m, N) of all but
    the quote, in the quote; value (N,), holdings (n, N) and gamma (m·m, N) to be filled. It answers
    with how many prices it could not settle: what is not finite there, or has no solution. Of any,
    all are done again by the formulas, which say what is wrong.

    Attributes:
        loop: a function that `compiled` decorates.
        params: tuple of numbers and arrays, of the same types for each pool of a kind.
        flat: a loop without gamma, ``flat(prices, params, value, holdings)``, where that is
            much of the work.

    Example:
        >>> @hc.compiled
        ... def constant_product(prices, params, value, holdings, gamma):
        ...     (depth,) = params
        ...     for i in range(prices.shape[1]):
        ...         root = prices[0, i] ** 0.5
        ...         value[i] = 2 * depth * root
        ...         holdings[0, i], holdings[1, i] = depth / root, depth * root
        ...         gamma[0, i] = -depth / (2 * prices[0, i] * root)
        ...     return 0
        >>> hc.Kernel(constant_product, (10.0,)).params
        (10.0,)

    """

    loop: Compiled[[Array, Any, Array, Array, Array], int] | Loop
    params: tuple[Any, ...]
    flat: Compiled[[Array, Any, Array, Array], int] | None = None

    def fill(
        self, prices: Array, value: Array | None, holdings: Array | None, gamma: Array | None
    ) -> bool:
        """Fill value (N,), holdings (n or m, N) and gamma (m·m, N), and tell whether that went."""
        if (
            value is not None
            and gamma is not None
            and holdings is not None
            and len(holdings) > len(prices)
            and _plain(prices)
            and _plain(value)
            and _plain(holdings)
            and _plain(gamma)
        ):
            return not self.loop(prices, self.params, value, holdings, gamma)
        return self._fill_blocks(prices, value, holdings, gamma)

    def _fill_blocks(
        self, prices: Array, value: Array | None, holdings: Array | None, gamma: Array | None
    ) -> bool:
        m, size = prices.shape
        bent = gamma is not None or self.flat is None
        counts = (m, 1, m + 1, m * m if bent else 0)
        most = max(SCRATCH // sum(counts), LEAST_BLOCK)
        rooms = [np.empty(count * min(most, size)) for count in counts]
        for start in range(0, size, most):
            here = slice(start, min(start + most, size))
            width = here.stop - start
            sizes = zip(rooms, counts, strict=True)
            at, worth, held, bend = (r[: c * width].reshape(c, width) for r, c in sizes)
            at[...] = prices[:, here]
            if self._run(at, worth[0], held, bend, bent=bent):
                return False
            for answer, found in ((value, worth[0]), (holdings, held), (gamma, bend)):
                if answer is not None:
                    answer[..., here] = found[: len(answer)] if answer.ndim > 1 else found
        return True

    def _run(
        self, prices: Array, value: Array, holdings: Array, gamma: Array, *, bent: bool
    ) -> int:
        """Run the loop, or that without gamma."""
        if bent or self.flat is None:
            return self.loop(prices, self.params, value, holdings, gamma)
        return self.flat(prices, self.params, value, holdings)


def _plain(array: Array) -> bool:
    """True of an array of the one type that loops are compiled for: in C order, to be written."""
    return array.flags.carray
