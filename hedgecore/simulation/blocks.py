"""Paths in blocks of a fixed size, each with a stream of random numbers of its own.

What comes of a block depends on the seed, on the block's place and on how many paths are in it:
not on the number of workers, on their order, or on how many steps are computed at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap

import numpy as np
from attrs import frozen

from hedgecore.errors import SpecError

BLOCK = 4096
"""Paths in a block: what random streams are numbered by, so that it never changes."""
MOST = 100_000_000
"""Paths of a run, and steps: more would fit in no memory."""
ELEMENTS = 86_016
"""Numbers in an array of a frame: 672 KiB, so that some stay in a processor's cache, and what a
frame costs beside its numbers is little."""


@frozen
class Block:
    """Some consecutive paths: the `index`-th block, of `count` paths from `first` on."""

    index: int
    first: int
    count: int

    def generator(self, seed: int) -> np.random.Generator:
        """Block's own random numbers, PCG64 from ``SeedSequence(seed, (index,))``.

        Raises:
            SpecError: the seed is no whole number, 0 or more.

        """
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise SpecError(f"must be a whole number, 0 or more, not {seed!r:.80}", field="seed")
        return np.random.default_rng(np.random.SeedSequence(int(seed), spawn_key=(self.index,)))


def blocks(paths: int) -> list[Block]:
    """Blocks that `paths` paths are in; the last may be smaller.

    Raises:
        SpecError: `paths` is no whole number, 1 or more, or more than `MOST`.

    """
    if isinstance(paths, bool) or not isinstance(paths, int | np.integer) or paths < 1:
        raise SpecError(f"must be a whole number, 1 or more, not {paths!r:.80}", field="paths")
    if paths > MOST:
        raise SpecError(f"must be {MOST:,} at most, not {paths!r:.80}", field="paths")
    starts = range(0, int(paths), BLOCK)
    return list(
        starmap(Block, ((i, first, min(BLOCK, paths - first)) for i, first in enumerate(starts)))
    )


def rows(count: int) -> int:
    """Steps of a frame of `count` paths, K."""
    return max(1, ELEMENTS // count)


def frames(steps: int, most: int) -> Iterator[tuple[int, int]]:
    """Frames over `steps` steps, at most `most` a frame: (first, count) of each."""
    for done in range(0, steps, most):
        yield done + 1, min(most, steps - done)
