"""Aave's aToken by its own bytecode; the pool, which only says what a unit has earned, is set."""

from __future__ import annotations

from typing import NamedTuple

from chain import stubs
from chain.contracts import DEAD, OWNER, ZERO, Artifact, Contract
from chain.packages import Package
from chain.recorded import said
from chain.stubs import call_data

PACKAGE = Package(
    "@aave/core-v3",
    "1.19.3",
    "sha512-Xr7+VcoU5b4mPwM4IUCnskw3lciwrnL4Xloyad8GOddYeixnri2lZYobNmErm1LwE50vqjI0O+9QGNKY2TDkeQ==",
    ("artifacts/contracts/protocol/tokenization/AToken.sol/AToken.json",),
)
POOL = "0x" + "aa7e" * 10
RAY = 10**27


class AToken(NamedTuple):
    """A claim on a token that lies in it, and grows."""

    contract: Contract
    asset: Contract

    @classmethod
    def over(cls, asset: Contract, symbol: str) -> AToken:
        """Open a market of a token, in which nothing has been earned."""
        earn(asset, RAY)
        its = Artifact.of(PACKAGE, "/AToken.json").deploy(asset.rpc, POOL)
        digits = asset.call("decimals")
        its.send("initialize", POOL, DEAD, asset.address, ZERO, digits, symbol, symbol, b"")
        return cls(its, asset)

    def deposit(self, amount: int, index: int) -> None:
        """Deposit for the first account, when a unit has earned so much."""
        self.asset.send("mint", self.contract.address, amount)
        self.contract.send("mint", OWNER, OWNER, amount, index, sender=POOL)

    def withdraw(self, amount: int, index: int) -> int:
        """Take so much out, and return what it paid."""
        before = self.asset.call("balanceOf", OWNER)
        self.contract.send("burn", OWNER, OWNER, amount, index, sender=POOL)
        return self.asset.call("balanceOf", OWNER) - before


def earn(asset: Contract, index: int) -> None:
    """Have a unit of a token have grown to so many, times 10²⁷."""
    answers = {
        call_data("ADDRESSES_PROVIDER()"): said("address", DEAD),
        call_data("getReserveNormalizedIncome(address)", asset.address): said("uint256", index),
    }
    stubs.install(asset.rpc, POOL, answers)
