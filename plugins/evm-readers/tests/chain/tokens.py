"""ERC-20 tokens that anyone may mint, in the order of their addresses."""

from __future__ import annotations

from itertools import count

from chain import packages
from chain.contracts import OWNER, ZERO, Artifact, Contract, create_address
from chain.rpc import Rpc

PLENTY = 2**120
"""What an account is given of each token; eight such sums still fit a uint128."""
_SENDERS = count(0x1000)


class Ether:
    """The chain's own currency, with as much of a token's interface as pools of v4 need."""

    address = ZERO

    def __init__(self, rpc: Rpc) -> None:
        self.rpc = rpc

    def call(self, name: str, *args: str) -> int:
        """Answer ``decimals`` and ``balanceOf``."""
        if name == "decimals":
            return 18
        return int(self.rpc.ask("eth_getBalance", *args, "latest"), 16)

    def send(self, name: str, to: str, amount: int, **_: str) -> None:
        """Mint; it needs no approval."""
        if name == "mint":
            self.rpc.ask("anvil_setBalance", to, hex(amount))


def fresh_sender() -> str:
    """Return an account that has sent nothing: where its first contract comes to stand is known."""
    return f"0x{next(_SENDERS):040x}"


def deploy(rpc: Rpc, symbols: list[str], decimals: list[int]) -> list[Contract]:
    """Return tokens in the order given, which is that of their addresses, as pools want them.

    Each comes from a sender of its own, so that its address is known before it is deployed.
    """
    senders = [fresh_sender() for _ in symbols]
    senders.sort(key=lambda sender: int(create_address(sender), 16))
    artifact = Artifact.of(packages.V4_CORE, "MockERC20.json")
    rows = zip(senders, symbols, decimals, strict=True)
    return [
        artifact.deploy(rpc, f"Test {symbol}", symbol, digits, sender=sender)
        for sender, symbol, digits in rows
    ]


def endow(tokens: list[Contract], *spenders: str, owner: str = OWNER, amount: int = PLENTY) -> None:
    """Give an owner some of each token, and let contracts take it."""
    for token in tokens:
        token.send("mint", owner, amount)
        for spender in spenders:
            token.send("approve", spender, 2**256 - 1, sender=owner)
