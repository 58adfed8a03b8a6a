"""Uniswap v2, and forks of it that charge another fee."""

from __future__ import annotations

from typing import NamedTuple

from chain import packages
from chain.contracts import OWNER, ZERO, Artifact, Contract
from chain.rpc import Rpc

CHARGED = "84600363ffffffff6121e816"
"""In the pair's code: the amount that came in, times 3 (PUSH1 03), by SafeMath's ``mul``."""


class UniswapV2(NamedTuple):
    """A factory of pairs that charge so many thousandths."""

    rpc: Rpc
    factory: Contract
    permille: int

    @classmethod
    def deploy(cls, rpc: Rpc, permille: int = 3) -> UniswapV2:
        """Deploy the factory; a fork differs from it in the two bytes that hold the fee."""
        artifact = Artifact.of(packages.V2_CORE, "UniswapV2Factory.json")
        assert artifact.bytecode.count(CHARGED) == 2
        charged = CHARGED.replace("8460036", f"8460{permille:02x}6")
        code = artifact.bytecode.replace(CHARGED, charged)
        return cls(rpc, artifact._replace(bytecode=code).deploy(rpc, OWNER), permille)

    def collect_fees(self, to: str = ZERO) -> None:
        """Turn the protocol's sixth of the fees on, or off."""
        self.factory.send("setFeeTo", to)

    def pair(self, tokens: list[Contract], amounts: tuple[int, int], owner: str = OWNER) -> Pair:
        """Create the pair of two tokens, in the order of their addresses, and fund it."""
        self.factory.send("createPair", *(token.address for token in tokens))
        address = self.factory.call("getPair", *(token.address for token in tokens))
        contract = Artifact.of(packages.V2_CORE, "UniswapV2Pair.json").at(self.rpc, address)
        made = Pair(contract, tuple(tokens), self.permille)
        made.add(amounts, owner)
        return made


class Pair(NamedTuple):
    """A pair, and what is done with it without a router."""

    contract: Contract
    tokens: tuple[Contract, Contract]
    permille: int

    @property
    def reserves(self) -> tuple[int, int]:
        return self.contract.call("getReserves")[:2]

    def add(self, amounts: tuple[int, int], owner: str = OWNER) -> None:
        for token, amount in zip(self.tokens, amounts, strict=True):
            token.send("transfer", self.contract.address, amount, sender=owner)
        self.contract.send("mint", owner, sender=owner)

    def received(self, sold: int, amount: int) -> int:
        """Return what comes out, as the periphery's library has it."""
        reserves = self.reserves
        paid = amount * (1000 - self.permille)
        return paid * reserves[1 - sold] // (reserves[sold] * 1000 + paid)

    def swap(self, sold: int, amount: int, more: int = 0) -> int:
        """Sell an amount of token 0 or 1; ``more`` asks for that much beyond what is due."""
        out = self.received(sold, amount) + more
        self.tokens[sold].send("transfer", self.contract.address, amount)
        bought = (0, out) if sold == 0 else (out, 0)
        self.contract.send("swap", *bought, OWNER, b"")
        return out

    def payout(self, owner: str = OWNER) -> tuple[int, int]:
        """Return what an owner's whole share is paid when it is burnt now."""
        with self.contract.rpc.undone():
            mine = self.contract.call("balanceOf", owner)
            self.contract.send("transfer", self.contract.address, mine, sender=owner)
            return self.contract.call("burn", owner)
