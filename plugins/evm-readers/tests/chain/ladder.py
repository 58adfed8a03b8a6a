"""A pool of bins and who has shares of them: deposits and exits by the shares, swaps by a judge."""

from __future__ import annotations

from collections.abc import Callable
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

    def leave(self, part: int) -> dict[int, list[int]]:
        """Burn a part of all that the owner has, and return what each bin pays, rounded down."""
        paid = {}
        for index, held in self.shares[OWNER].items():
            burnt, supply = held // part, self.supply(index)
            paid[index] = [each * burnt // supply for each in self.bins[index]]
            rows = zip(self.bins[index], paid[index], strict=True)
            self.bins[index] = [each - less for each, less in rows]
            self.shares[OWNER][index] = held - burnt
        return paid

    def swap(self, judge: Callable[[Any], Any], *swaps: tuple[bool, int]) -> list[dict]:
        """Have the package carry out swaps, for Y or for X, and return what it says of each."""
        listed = [(index, *map(str, its)) for index, its in sorted(self.bins.items())]
        terms = {"active": self.active, "step": self.pool.spacing, "fee": self.pool.fee}
        swaps_of = [(for_y, str(raw)) for for_y, raw in swaps]
        said = judge({**terms, "protocol": self.protocol, "bins": listed, "swaps": swaps_of})
        self.active = said[-1]["active"]
        self.bins = {index: [int(x), int(y)] for index, x, y in said[-1]["bins"]}
        return said

    def contracts(self) -> dict[str, Answers]:
        """Return Infinity's contracts, as they would say it."""
        mine = self.shares[OWNER]
        rows = [(i, *its, self.supply(i), mine.get(i, 0)) for i, its in self.bins.items()]
        packed = self.protocol[1] << 12 | self.protocol[0]
        return self.tokens | bin_answers(self.pool, self.active, rows, packed)
