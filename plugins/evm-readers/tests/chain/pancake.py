"""PancakeSwap v3: its own pools and factory, under Uniswap's periphery, by whose names they call.

The registries have neither the manager nor the deployer of pools. Pancake's manager is Uniswap's
but for how it is called back, and where it looks for a pool; the deployer's part, to tell a pool
what it is, is played by answers that are set for each.
"""

from __future__ import annotations

from typing import NamedTuple

from eth_utils import keccak
from eth_utils.abi import function_signature_to_4byte_selector

from chain import fork_packages, packages, stubs, uniswap_v3
from chain.contracts import OWNER, ZERO, Artifact, Contract, message, transact
from chain.recorded import said
from chain.rpc import Rpc
from chain.stubs import call_data
from chain.tokens import endow
from chain.uniswap_v3 import SPACING

DEPLOYER = "0x00000000000000000000000000000000DE910E12"
CALLBACKS = ("V3MintCallback(uint256,uint256,bytes)", "V3SwapCallback(int256,int256,bytes)")
PARTS = 10_000
POOL_CODE = bytes.fromhex("e34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54")
"""By which Uniswap's periphery finds pools: the hash of its pool's creation code."""


class PancakeV3(NamedTuple):
    """A factory, and what the periphery does with it."""

    rpc: Rpc
    factory: Contract
    positions: Contract
    router: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> PancakeV3:
        factory = Artifact.of(fork_packages.PANCAKE_CORE, "PancakeV3Factory.json")
        its = factory.deploy(rpc, DEPLOYER)
        for fee in (0, 3000):
            its.send("enableFeeAmount", fee, SPACING[fee])
        manager = Artifact.of(packages.V3_PERIPHERY, "NonfungiblePositionManager.json")
        router = Artifact.of(packages.V3_PERIPHERY, "SwapRouter.json")
        given = its.address, weth.address
        return cls(rpc, its, manager.deploy(rpc, *given, ZERO), router.deploy(rpc, *given))

    def pool(self, tokens: list[Contract], fee: int, root: int, owner: str = OWNER) -> Pool:
        """Create a pool at a √price, and give its owner plenty of both tokens."""
        endow(tokens, self.positions.address, self.router.address, owner=owner)
        key = [token.address for token in tokens]
        artifact = calling_back(Artifact.of(fork_packages.PANCAKE_CORE, "PancakeV3Pool.json"))
        made = Pool(self, artifact.at(self.rpc, self.place(artifact, key, fee)), tokens, fee)
        self.factory.send("createPool", *key, fee)
        assert self.factory.call("getPool", *key, fee) == made.contract.address.lower()
        made.contract.send("initialize", root)
        return made

    def place(self, artifact: Artifact, key: list[str], fee: int) -> str:
        """Put a pool, which knows its own address, where the periphery looks for it."""
        where = address_of(self.factory.address, key, fee)
        kinds = "address", "address", "address", "uint24", "int24"
        terms = self.factory.address, *key, fee, SPACING[fee]
        deploy = call_data(f"deploy({','.join(kinds)})", *terms)
        answers = {
            call_data("parameters()"): said(",".join(kinds), *terms),
            deploy: said("address", where),
        }
        stubs.install(self.rpc, DEPLOYER, answers)
        created = transact(self.rpc, message(DEPLOYER, bytes.fromhex(artifact.bytecode[2:])))
        made = created["contractAddress"]
        code = self.rpc.ask("eth_getCode", made, "latest")
        self.rpc.ask("anvil_setCode", where, code.replace(made[2:].lower(), where[2:]))
        return where


class Pool(uniswap_v3.Pool):
    """A pool of PancakeSwap, which gives its protocol a part of the fees from the beginning."""

    def share_fees(self, with_protocol: int) -> None:
        """Give the protocol one part in so many of the fees."""
        self.set_part(PARTS // with_protocol)

    def set_part(self, part: int) -> None:
        self.exchange.factory.send("setFeeProtocol", self.contract.address, part, part)

    def deposit(self, given: tuple, by: str) -> int:
        """Open a position while the protocol has no part: Uniswap's manager takes it for 8 bits."""
        part = self.contract.named("slot0")["feeProtocol"] & 0xFFFF
        self.set_part(0)
        token_id = super().deposit(given, by)
        self.set_part(part)
        return token_id


def calling_back(artifact: Artifact) -> Artifact:
    """Return Pancake's pool, calling back by Uniswap's names."""
    code = artifact.bytecode
    for name in CALLBACKS:
        its, theirs = (
            function_signature_to_4byte_selector(f"{whose}{name}").hex()
            for whose in ("pancake", "uniswap")
        )
        code = code.replace(its, theirs)
    return artifact._replace(bytecode=code)


def address_of(factory: str, key: list[str], fee: int) -> str:
    """Return where Uniswap's periphery looks for a pool, by EIP-1014."""
    salt = keccak(said("address,address,uint24", *key, fee))
    return "0x" + keccak(b"\xff" + bytes.fromhex(factory[2:]) + salt + POOL_CODE)[12:].hex()
