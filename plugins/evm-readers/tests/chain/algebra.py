"""Algebra, v1 and Integral: one pool for two tokens, its fee its own, positions as NFTs."""

from __future__ import annotations

from typing import NamedTuple

from eth_utils import keccak

from chain import fork_packages, uniswap_v3
from chain.contracts import OWNER, ZERO, Artifact, Contract, create_address
from chain.packages import Package
from chain.rpc import Rpc
from chain.tokens import endow

DEPLOYER, FIRST_DEPLOYER = (f"0x{n:040x}" for n in (0xA16EB, 0xA16EB1))
"""Who sends Integral's deployers of pools, so that their addresses are known before."""
VAULT = "0x00000000000000000000000000000000000000AA"
POOL_CODE = "6ec6c9c8091d160c0aa74b2b14ba9c1717e95093bd3ac085cee99a49aab294a4"
"""The hash of v1's pool as it is deployed; the package's is of another build, without optimiser."""
PARTS = 1000
"""What the community is given is counted in thousandths of the fees."""


class Algebra(NamedTuple):
    """A factory, and what its periphery does with it."""

    rpc: Rpc
    core: Package
    factory: Contract
    positions: Contract
    router: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> Algebra:
        core = fork_packages.ALGEBRA_CORE
        deployer = Artifact.of(core, "AlgebraPoolDeployer.json").deploy(rpc)
        factory = rebuilt(Artifact.of(core, "AlgebraFactory.json"))
        its = factory.deploy(rpc, deployer.address, VAULT)
        deployer.send("setFactory", its.address)
        return cls(rpc, core, its, *periphery(its, weth, deployer.address))

    def pool(self, tokens: list[Contract], fee: int, root: int, owner: str = OWNER) -> Pool:
        """Create a pool at a √price, and give its owner plenty of both tokens."""
        endow(tokens, self.positions.address, self.router.address, owner=owner)
        key = [token.address for token in tokens]
        self.positions.send("createAndInitializePoolIfNecessary", *key, root)
        artifact = Artifact.of(self.core, "AlgebraPool.json")
        address = self.factory.call("poolByPair", *key)
        return Pool(self, artifact.at(self.rpc, address), tuple(tokens), fee)


class Pool(uniswap_v3.Pool):
    """A pool of v1; what fee it was to have is not heard."""

    words = ()

    @property
    def spacing(self) -> int:
        return self.contract.call("tickSpacing")

    @property
    def root(self) -> int:
        return self.contract.named("globalState")["price"]

    @property
    def charged(self) -> float:
        return self.contract.named("globalState")["fee"] / 1e6

    def share_fees(self, with_protocol: int) -> None:
        """Give the community one part in so many of the fees, a quarter at most."""
        self.contract.send("setCommunityFee", *2 * [PARTS // with_protocol])


class Integral(Algebra):
    """Integral, without a plugin: the fee stays what it is set to."""

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> Integral:
        factory, ahead = created(rpc, fork_packages.INTEGRAL_CORE, DEPLOYER)
        package = fork_packages.INTEGRAL_PERIPHERY
        made = periphery(factory, weth, ahead, package)
        return cls(rpc, fork_packages.INTEGRAL_CORE, factory, *made)

    def pool(self, tokens: list[Contract], fee: int, root: int, owner: str = OWNER) -> Pool:
        """Create a pool at a √price, and give its owner plenty of both tokens."""
        endow(tokens, self.positions.address, self.router.address, owner=owner)
        key = [token.address for token in tokens]
        self.positions.send("createAndInitializePoolIfNecessary", *key, ZERO, root, b"")
        return self.made(IntegralPool, tokens, fee)

    def made(self, kind: type[Pool], tokens: list[Contract], fee: int) -> Pool:
        """Return the pool of two tokens, with the fee that it is to have."""
        artifact = Artifact.of(self.core, "/AlgebraPool.json")
        address = self.factory.call("poolByPair", *(token.address for token in tokens))
        its = kind(self, artifact.at(self.rpc, address), tuple(tokens), fee)
        if fee != its.contract.call("fee"):
            its.contract.send("setFee", fee)
        return its


class IntegralPool(Pool):
    """A pool of Integral that nobody in particular deployed."""

    words = (ZERO,)

    @property
    def charged(self) -> float:
        return self.contract.named("globalState")["lastFee"] / 1e6

    def share_fees(self, with_protocol: int) -> None:
        """Give the community one part in so many of the fees."""
        self.contract.send("setCommunityVault", VAULT)
        self.contract.send("setCommunityFee", PARTS // with_protocol)


class Integral1(Integral):
    """Integral as it was first, without deployers of pools."""

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> Integral1:
        factory, ahead = created(rpc, fork_packages.INTEGRAL_1_CORE, FIRST_DEPLOYER)
        made = periphery(factory, weth, ahead, fork_packages.INTEGRAL_1_PERIPHERY)
        return cls(rpc, fork_packages.INTEGRAL_1_CORE, factory, *made)

    def pool(self, tokens: list[Contract], fee: int, root: int, owner: str = OWNER) -> Pool:
        """Create a pool at a √price, and give its owner plenty of both tokens."""
        endow(tokens, self.positions.address, self.router.address, owner=owner)
        key = [token.address for token in tokens]
        self.positions.send("createAndInitializePoolIfNecessary", *key, root)
        return self.made(Integral1Pool, tokens, fee)


class Integral1Pool(IntegralPool):
    """A pool of Integral as it was first."""

    words = ()


def created(rpc: Rpc, core: Package, sender: str) -> tuple[Contract, str]:
    """Return a factory, and where its deployer of pools is: each must know the other."""
    ahead = create_address(sender)
    factory = Artifact.of(core, "/AlgebraFactory.json").deploy(rpc, ahead)
    deployer = Artifact.of(core, "/AlgebraPoolDeployer.json")
    assert deployer.deploy(rpc, factory.address, sender=sender).address == ahead
    return factory, ahead


def periphery(
    factory: Contract,
    weth: Contract,
    deployer: str,
    package: Package = fork_packages.ALGEBRA_PERIPHERY,
) -> tuple[Contract, Contract]:
    """Return the manager of positions and the router."""
    manager = rebuilt(Artifact.of(package, "NonfungiblePositionManager.json"))
    router = rebuilt(Artifact.of(package, "SwapRouter.json"))
    given = factory.address, weth.address
    return (
        manager.deploy(factory.rpc, *given, ZERO, deployer),
        router.deploy(factory.rpc, *given, deployer),
    )


def rebuilt(artifact: Artifact) -> Artifact:
    """Return what looks for pools by their code's hash, made to look for the package's pool."""
    pool = Artifact.of(fork_packages.ALGEBRA_CORE, "AlgebraPool.json").bytecode
    its = keccak(bytes.fromhex(pool[2:])).hex()
    return artifact._replace(bytecode=artifact.bytecode.replace(POOL_CODE, its))
