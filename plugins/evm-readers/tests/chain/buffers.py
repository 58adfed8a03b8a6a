"""Buffers of Balancer v3's vault: a token beside what it is wrapped in, for swaps to wrap by."""

from __future__ import annotations

from typing import NamedTuple

from chain.balancer_v3 import FOREVER, PLAINLY, BalancerV3, compiled
from chain.contracts import OWNER, Contract
from chain.tokens import PLENTY, endow

RICH = 10**6
"""Whole tokens that somebody has in the vault that wraps them."""


class Buffer(NamedTuple):
    """A buffer of an ERC-4626 token, and what is done with it."""

    exchange: BalancerV3
    asset: Contract
    wrapped: Contract

    @classmethod
    def open(cls, exchange: BalancerV3, asset: Contract, *amounts: int) -> Buffer:
        """Wrap a token in a vault of its own, and put first amounts of both in a buffer."""
        wrapped = compiled()["Wrapped"].deploy(exchange.rpc, asset.address)
        endow([asset], wrapped.address)
        wrapped.send("deposit", RICH * 10 ** asset.call("decimals"), OWNER)
        its = cls(exchange, asset, wrapped)
        exchange.permit([asset], "BufferRouter", "BatchRouter")
        exchange.allow(wrapped, "BufferRouter", "BatchRouter")
        exchange.routers["BufferRouter"].send("initializeBuffer", wrapped.address, *amounts, 0)
        return its

    def shares(self, owner: str) -> int:
        return self.exchange.vault.call("getBufferOwnerShares", self.wrapped.address, owner)

    def join(self, shares: int, owner: str) -> None:
        """Have an owner put in of both as much as so many shares cost."""
        self.exchange.permit([self.asset], "BufferRouter", owner=owner)
        held = self.wrapped.call("balanceOf", OWNER) // 3
        self.wrapped.send("transfer", owner, held)
        self.exchange.allow(self.wrapped, "BufferRouter", owner=owner)
        given = self.wrapped.address, PLENTY, PLENTY, shares
        self.exchange.routers["BufferRouter"].send("addLiquidityToBuffer", *given, sender=owner)

    def swap(self, sold: Contract, bought: Contract, amount: int) -> None:
        """Wrap or unwrap so much by the buffer."""
        steps = [(self.wrapped.address, bought.address, True)]
        paths = [(sold.address, steps, amount, 0)]
        self.exchange.routers["BatchRouter"].send("swapExactIn", paths, FOREVER, *PLAINLY)

    def leave(self, shares: int, owner: str) -> list[int]:
        """Redeem so many shares, and return what they paid of both tokens."""
        both = self.asset, self.wrapped
        before = [each.call("balanceOf", owner) for each in both]
        given = self.wrapped.address, shares, 0, 0
        self.exchange.vault.send("removeLiquidityFromBuffer", *given, sender=owner)
        rows = zip(both, before, strict=True)
        return [each.call("balanceOf", owner) - had for each, had in rows]
