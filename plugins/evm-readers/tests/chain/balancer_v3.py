"""Balancer v3: the vault with its routers, pools and buffers, compiled from npm's sources.

Whose fees and how much of them the protocol takes is the authorizer's and the controller's; the
authorizer allows everything here. A curve that no package has the source of is a pool whose answers
are set, so that the vault, which keeps the balances and pays what leaves, is the protocol's own.
"""

from __future__ import annotations

from typing import NamedTuple

from eth_utils.abi import function_signature_to_4byte_selector as selector

from chain import packages, solidity, tokens
from chain.contracts import OWNER, ZERO, Artifact, Contract, create_address, function
from chain.packages import Package
from chain.rpc import Rpc
from chain.tokens import PLENTY, endow
from chain.uniswap_v4 import PERMIT2

CONTRACTS = "contracts/"
SOURCES = {
    name: Package(f"@balancer-labs/v3-{name}", "1.0.0", f"sha512-{integrity}", (CONTRACTS,))
    for name, integrity in {
        "vault": "1ITonp/z4wRCoU1WiHAO4Ep0kYC3Sxcmoj1R/+XvqQWOFFKnmdeN47YblokEMTmJmt5ZZ4QiTZV9vtm87Vo9Sw==",  # noqa: E501
        "interfaces": "HWsARIm+5+UPeQ/vch4BCwLn0dDUD+OjbVUBxAaSj8GbRdmAPoZadtk4B1EZQqHwTn2FmSrGvqR7LzFk4GVcxQ==",  # noqa: E501
        "solidity-utils": "d0F2KV4pJcUVsaGH5IBSDo7yrnWFbARjTltPNoX7JGRPGjv6QkRpxP6hsl3/4v7vahNzhMN+0ougidPNwpDdzQ==",  # noqa: E501
        "pool-utils": "LUdnyZEq/y9w7Mx12K7i126Ga4Zo80sDVW9s3+Mbp5wKsg9LjqfqJXc3KEkUt/fLsjN2g0u4DPjws9wivhv1kg==",  # noqa: E501
        "pool-stable": "B7nLP3YqiX9PE7UxvH0p5QYT2gaIXaaeA4Gy/1eed9fO4gX/i9M68+KNXH5BPuUlziMD/mHLGXvG1jqB2u6FWw==",  # noqa: E501
        "pool-weighted": "YIeqcFfBGAdmXifoqlsLwtSdyWFzwYASMpu5WekQmw87biyc4j4MmaZe8E06MqpFYUh/Yn2OrasMWJMw8pMrAw==",  # noqa: E501
    }.items()
}
PERMIT = packages.V4_PERIPHERY._replace(kept=("lib/permit2/src/",))
PINNED = (*SOURCES.values(), PERMIT)
SCOPE = "@balancer-labs/v3-"
FILES = {
    **{
        name: f"{SCOPE}vault/contracts/{name}.sol"
        for name in (
            *("Vault", "VaultExtension", "VaultAdmin", "ProtocolFeeController"),
            *("Router", "BatchRouter", "BufferRouter"),
        )
    },
    "WeightedPool": f"{SCOPE}pool-weighted/contracts/WeightedPool.sol",
    "StablePool": f"{SCOPE}pool-stable/contracts/StablePool.sol",
    "IVault": f"{SCOPE}interfaces/contracts/vault/IVault.sol",
    "GivenPool": "GivenPool.sol",
    "Wrapped": "Wrapped.sol",
}
OURS = {
    "GivenPool.sol": """\
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;
import {BalancerPoolToken, IVault} from "@balancer-labs/v3-vault/contracts/BalancerPoolToken.sol";
contract GivenPool is BalancerPoolToken {
    mapping(bytes4 => bytes) private answers;
    constructor(IVault vault) BalancerPoolToken(vault, "Given", "GVN") {}
    function give(bytes4 asked, bytes calldata answer) external { answers[asked] = answer; }
    fallback(bytes calldata) external returns (bytes memory answer) {
        answer = answers[msg.sig];
        require(answer.length > 0);
    }
}
""",
    "Wrapped.sol": """\
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC4626, ERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
contract Wrapped is ERC4626 {
    constructor(IERC20 asset) ERC4626(asset) ERC20("Wrapped", "W") {}
}
""",
}
ONE, FOREVER, DAY = 10**18, 2**48 - 1, 86_400
ALLOWED = "0x60015f5260205ff3"
"""Code that answers 1 to everything."""
AUTHORIZER = "0x" + "a1" * 20
PLAINLY = (False, b"")
"""Last words of what a router is told: no ether, and nothing for a hook."""
LEAST_SWAP, LEAST_WRAP = 10**6, 10**4
BOUNDS = {
    "getMinimumSwapFeePercentage()": 0,
    "getMaximumSwapFeePercentage()": ONE,
    "getMinimumInvariantRatio()": 0,
    "getMaximumInvariantRatio()": 2**255,
}


def compiled() -> dict[str, Artifact]:
    """Contracts by name, the protocol's and ours."""
    return solidity.compiled(solidity.SOLC_8, FILES, _source)


def _source(name: str) -> str:
    if name in OURS:
        return OURS[name]
    if name.startswith(SCOPE):
        package, _, file = name.removeprefix(SCOPE).partition("/")
        return (SOURCES[package].folder / file).read_text("utf-8")
    if name.startswith("permit2/"):
        return (PERMIT.folder / "lib" / name).read_text("utf-8")
    return solidity.sphere(name)


class BalancerV3(NamedTuple):
    """The vault, by all that it does, and its routers."""

    rpc: Rpc
    vault: Contract
    controller: Contract
    routers: dict[str, Contract]

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> BalancerV3:
        """Deploy the vault where its parts, which are first, expect it."""
        made = compiled()
        rpc.ask("anvil_setCode", AUTHORIZER, ALLOWED)
        sender = tokens.fresh_sender()
        vault = create_address(sender)
        admin = made["VaultAdmin"].deploy(rpc, vault, 90 * DAY, 30 * DAY, LEAST_SWAP, LEAST_WRAP)
        more = made["VaultExtension"].deploy(rpc, vault, admin.address)
        controller = made["ProtocolFeeController"].deploy(rpc, vault, 0, 0)
        given = more.address, AUTHORIZER, controller.address
        at = made["Vault"].deploy(rpc, *given, sender=sender)
        given = vault, weth.address, PERMIT2, ""
        routers = {
            name: made[name].deploy(rpc, *given)
            for name in ("Router", "BatchRouter", "BufferRouter")
        }
        return cls(rpc, made["IVault"].at(rpc, at.address), controller, routers)

    def charge(self, swap_fee: int, yield_fee: int) -> None:
        """Give the protocol parts of fees and yields, in 1e-18, of pools from now on."""
        self.controller.send("setGlobalProtocolSwapFeePercentage", swap_fee)
        self.controller.send("setGlobalProtocolYieldFeePercentage", yield_fee)

    def weighted(self, its: list[Contract], weights: list[int], **terms) -> Pool:
        """Create a weighted pool; weights are in 1e-18."""
        given = "Weighted", "W", len(its), weights, "", [LEAST_SWAP] * len(its)
        return self.register("WeightedPool", its, (given,), **terms)

    def stable(self, its: list[Contract], amp: int, **terms) -> Pool:
        return self.register("StablePool", its, (("Stable", "S", amp, ""),), **terms)

    def given(self, its: list[Contract], answers: dict[str, bytes], **terms) -> Pool:
        """Create a pool that answers what it is told to, by signature."""
        contract = compiled()["GivenPool"].deploy(self.rpc, self.vault.address)
        for signature, answer in answers.items():
            contract.send("give", selector(signature), answer)
        return self._registered(contract, its, **terms)

    def register(self, name: str, its: list[Contract], given: tuple, **terms) -> Pool:
        """Deploy a pool of a kind, and have the vault know it."""
        contract = compiled()[name].deploy(self.rpc, *given, self.vault.address)
        return self._registered(contract, its, **terms)

    def _registered(
        self, contract: Contract, its: list[Contract], fee: int = 10**15, rates: tuple = ()
    ) -> Pool:
        """Register a pool; tokens with a rate provider pay the protocol of what they earn."""
        asked = rates or [ZERO] * len(its)
        rows = zip(its, asked, strict=True)
        listed = [(t.address, int(each != ZERO), each, each != ZERO) for t, each in rows]
        no_roles, plain = (ZERO,) * 3, (False, False, False, True)
        given = contract.address, listed, fee, 0, False, no_roles, ZERO, plain
        self.vault.send("registerPool", *given)
        return Pool(self, contract, tuple(its))

    def permit(self, its, *routers: str, owner: str = OWNER) -> None:
        """Give an owner plenty of tokens, for some routers to take."""
        endow(list(its), owner=owner)
        for token in its:
            self.allow(token, *routers, owner=owner)

    def allow(self, token: Contract, *routers: str, owner: str = OWNER) -> None:
        """Have some routers take what an owner has of a token, through Permit2."""
        permit2 = Contract(self.rpc, PERMIT2, [function("approve(address,address,uint160,uint48)")])
        token.send("approve", PERMIT2, 2**256 - 1, sender=owner)
        for name in routers:
            given = token.address, self.routers[name].address, 2**160 - 1, FOREVER
            permit2.send("approve", *given, sender=owner)


class Pool(NamedTuple):
    """A pool of the vault, and what is done with it."""

    exchange: BalancerV3
    contract: Contract
    tokens: tuple[Contract, ...]

    @property
    def router(self) -> Contract:
        return self.exchange.routers["Router"]

    @property
    def balances(self) -> list[int]:
        return list(self.exchange.vault.call("getPoolTokenInfo", self.contract.address)[2])

    def start(self, amounts: list[int]) -> None:
        """Put the first amounts in."""
        self.exchange.permit(self.tokens, "Router")
        listed = [token.address for token in self.tokens]
        self.router.send("initialize", self.contract.address, listed, amounts, 0, *PLAINLY)

    def join(self, shares: int, owner: str) -> None:
        """Have an owner put so much of each in as so many shares cost."""
        self.exchange.permit(self.tokens, "Router", owner=owner)
        given = self.contract.address, [PLENTY] * len(self.tokens), shares, *PLAINLY
        self.router.send("addLiquidityProportional", *given, sender=owner)

    def swap(self, sold: int, bought: int, amount: int) -> int:
        """Sell so much, and return what it paid."""
        ways = self.tokens[sold].address, self.tokens[bought].address
        given = self.contract.address, *ways, amount, 0, FOREVER, *PLAINLY
        before = self.tokens[bought].call("balanceOf", OWNER)
        self.router.send("swapSingleTokenExactIn", *given)
        return self.tokens[bought].call("balanceOf", OWNER) - before

    def leave(self, shares: int, owner: str) -> list[int]:
        """Redeem so many shares in proportion, and return what they paid."""
        self.contract.send("approve", self.router.address, 2**256 - 1, sender=owner)
        before = [token.call("balanceOf", owner) for token in self.tokens]
        given = self.contract.address, shares, [0] * len(self.tokens), *PLAINLY
        self.router.send("removeLiquidityProportional", *given, sender=owner)
        rows = zip(self.tokens, before, strict=True)
        return [token.call("balanceOf", owner) - had for token, had in rows]
