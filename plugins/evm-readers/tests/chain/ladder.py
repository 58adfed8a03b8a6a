"""A pool of bins and who has shares of them: deposits and exits by the shares, swaps by a judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from attrs import Factory, define

from chain.contracts import OWNER
from chain.infinity import Pool, bin_answers, bin_pool
from chain.recorded import Answers

ANOTHER = "0x" + "b0b0" * 10


@define
class Ladder:
    """Bins by id, each with both reserves, and the shares of each owner in each."""

    pool: Pool
    tokens: dict[str, Answers]
    active: int
    bins: dict[int, list[int]]
    shares: dict[str, dict[int, int]] = Factory(dict)
    protocol: tuple[int, int] = (0, 0)

    @classmethod
    def open(cls, decimals, fee: int, active: int, bins: dict[int, list[int]], **terms) -> Ladder:
        """Open a pool whose first deposits are another's, a share a unit of the greater reserve."""
        pool, tokens = bin_pool(decimals, fee)
        first = {index: 10**6 * max(its) + index for index, its in bins.items()}
        return cls(pool, tokens, active, bins, {ANOTHER: first, OWNER: {}}, **terms)

    def supply(self, index: int) -> int:
        return sum(held.get(index, 0) for held in self.shares.values())

    def deposit(self, index: int, part: int) -> None:
        """Have the owner put a part of a bin's reserves in, rounded up, for as many shares."""
        minted = self.supply(index) // part
        self.bins[index] = [
            each - -each * minted // self.supply(index) for each in self.bins[index]
        ]
        mine = self.shares[OWNER]
        mine[index] = mine.get(index, 0) + minted

    def parts(self, part: int) -> dict[int, list[int]]:
        """Return what a part of all that the owner has of each bin is worth, rounded down."""
        return {
            index: [each * (held // part) // self.supply(index) for each in self.bins[index]]
            for index, held in sorted(self.shares[OWNER].items())
        }

    def leave(self, part: int) -> dict[int, list[int]]:
        """Burn a part of all that the owner has, and return what each bin paid."""
        before, mine = {index: [*each] for index, each in self.bins.items()}, self.shares[OWNER]
        for index, paid in self.parts(part).items():
            self.bins[index] = [a - b for a, b in zip(self.bins[index], paid, strict=True)]
            mine[index] -= mine[index] // part
        return {
            index: [a - b for a, b in zip(before[index], self.bins[index], strict=True)]
            for index in sorted(mine)
        }

    def swaps(self, judge: Callable[[Any], Any], swaps: list[tuple[bool, int]]) -> Iterator[dict]:
        """Have the package carry out swaps, for Y or for X; yield what it says after each."""
        listed = [(index, *map(str, its)) for index, its in sorted(self.bins.items())]
        terms = {"active": self.active, "step": self.pool.spacing, "fee": self.pool.fee}
        terms |= {"swaps": [(for_y, str(raw)) for for_y, raw in swaps], "bins": listed}
        for said in judge({**terms, "protocol": self.protocol}):
            self.active = said["active"]
            self.bins = {index: [int(x), int(y)] for index, x, y in said["bins"]}
            yield said

    def contracts(self) -> dict[str, Answers]:
        """Return Infinity's contracts, as they would say it."""
        mine = self.shares[OWNER]
        rows = [(i, *its, self.supply(i), mine.get(i, 0)) for i, its in self.bins.items()]
        packed = self.protocol[1] << 12 | self.protocol[0]
        return self.tokens | bin_answers(self.pool, self.active, rows, packed)
