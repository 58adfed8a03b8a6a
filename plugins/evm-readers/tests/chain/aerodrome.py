"""Aerodrome: Slipstream's ranges and Solidly's pools, with their gauges, compiled from sources.

The voter and what it leads to are answers that are set, as in the project's own tests: a gauge asks
them whether it is alive, and nothing else here.
"""

from __future__ import annotations

from typing import NamedTuple

from chain import solidity, stubs, tokens, uniswap_v3
from chain.contracts import OWNER, ZERO, Artifact, Contract
from chain.recorded import said
from chain.rpc import Rpc
from chain.stubs import call_data
from chain.tokens import endow

VOTER, REGISTRY, MINTER, ESCROW, VOTES, LEGACY = (f"0x{n:040x}" for n in range(0xAE00, 0xAE06))
SPACING = {0: 1, 100: 1, 500: 50, 3000: 200, 10000: 2000}
"""Ticks between usable ticks, by fee in millionths; none is without a fee."""
RANGES, POOLS = "aerodrome-slipstream/contracts", "aerodrome/contracts"
RANGE_FILES = {
    "CLPool": f"{RANGES}/core/CLPool.sol",
    "CLFactory": f"{RANGES}/core/CLFactory.sol",
    "NonfungiblePositionManager": f"{RANGES}/periphery/NonfungiblePositionManager.sol",
    "SwapRouter": f"{RANGES}/periphery/SwapRouter.sol",
    "CLGauge": f"{RANGES}/gauge/CLGauge.sol",
    "CLGaugeFactory": f"{RANGES}/gauge/CLGaugeFactory.sol",
}
POOL_FILES = {
    "Pool": f"{POOLS}/Pool.sol",
    "PoolFactory": f"{POOLS}/factories/PoolFactory.sol",
    "Gauge": f"{POOLS}/gauges/Gauge.sol",
}


def ranges() -> dict[str, Artifact]:
    """Return Slipstream's contracts by name."""
    return solidity.compiled(solidity.SOLC_7, RANGE_FILES, solidity.sphere)


def pools() -> dict[str, Artifact]:
    """Return the contracts of Aerodrome's v1 pools by name."""
    return solidity.compiled(solidity.SOLC_8, POOL_FILES, solidity.sphere)


def govern(rpc: Rpc, reward: Contract, gauges: dict[str, str], **registry: bytes) -> None:
    """Have the voter know some gauges by their pools, all alive, or that a pool has none."""
    voter = {
        call_data("factoryRegistry()"): said("address", REGISTRY),
        call_data("minter()"): said("address", MINTER),
        call_data("ve()"): said("address", ESCROW),
    }
    for pool, gauge in gauges.items():
        voter |= {
            call_data("gauges(address)", pool): said("address", gauge),
            call_data("isAlive(address)", gauge): said("bool", gauge != ZERO),
        }
    stubs.install(rpc, VOTER, voter)
    stubs.install(rpc, MINTER, {call_data("aero()"): said("address", reward.address)})
    stubs.install(rpc, ESCROW, {call_data("team()"): said("address", OWNER)})
    stubs.install(rpc, REGISTRY, registry.get("registry", {}))


class Slipstream(NamedTuple):
    """A factory, what its periphery does with it, and the gauges' factory."""

    rpc: Rpc
    factory: Contract
    positions: Contract
    router: Contract
    gauges: Contract
    reward: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> Slipstream:
        made = ranges()
        (reward,) = tokens.deploy(rpc, ["AERO"], [18])
        govern(rpc, reward, {})
        stubs.install(rpc, LEGACY, {})
        pool = made["CLPool"].deploy(rpc)
        factory = made["CLFactory"].deploy(rpc, VOTER, LEGACY, pool.address)
        given = factory.address, weth.address
        positions = made["NonfungiblePositionManager"].deploy(rpc, *given, ZERO, "CL", "CL")
        gauge = made["CLGauge"].deploy(rpc)
        gauges = made["CLGaugeFactory"].deploy(rpc, VOTER, gauge.address, OWNER, 100, LEGACY)
        gauges.send("setNonfungiblePositionManager", positions.address)
        router = made["SwapRouter"].deploy(rpc, *given)
        return cls(rpc, factory, positions, router, gauges, reward)

    def pool(self, tokens: list[Contract], fee: int, root: int, owner: str = OWNER) -> Pool:
        """Create a pool at a √price, and give its owner plenty of both tokens."""
        endow(tokens, self.positions.address, self.router.address, owner=owner)
        key = [token.address for token in tokens]
        empty = {call_data("getPool(address,address,int24)", *key, SPACING[fee]): bytes(32)}
        stubs.install(self.rpc, LEGACY, empty)
        self.factory.send("createPool", *key, SPACING[fee], root)
        address = self.factory.call("getPool", *key, SPACING[fee])
        govern(self.rpc, self.reward, {address: ZERO})
        return Pool(self, ranges()["CLPool"].at(self.rpc, address), tuple(tokens), fee)


class Pool(uniswap_v3.Pool):
    """A pool of Slipstream."""

    @property
    def spacing(self) -> int:
        return SPACING[self.fee]

    @property
    def words(self) -> tuple:
        return (self.spacing,)

    @property
    def charged(self) -> float:
        return self.contract.call("fee") / 1e6

    def deposit(self, given: tuple, by: str) -> int:
        """Open a position in a pool that is there."""
        return super().deposit((*given, 0), by)

    def share_fees(self, with_protocol: int) -> None:
        """Have a gauge, to which a tenth of unstaked fees go, and stake as much as is odd."""
        far = 600_000 // self.spacing * self.spacing
        self.stake(self.gauge(), self.mint(-far, far, 2**60 // with_protocol))

    def gauge(self) -> Contract:
        """Open a gauge for the pool."""
        of = call_data("factoriesToPoolFactory(address)", self.exchange.factory.address)
        answer = said("address,address", ZERO, self.exchange.gauges.address)
        rpc, reward, where = self.exchange.rpc, self.exchange.reward, self.contract.address
        govern(rpc, reward, {}, registry={of: answer})
        given = ZERO, where, VOTES, reward.address, True
        made = self.exchange.gauges.call("createGauge", *given, sender=VOTER)
        self.exchange.gauges.send("createGauge", *given, sender=VOTER)
        govern(rpc, reward, {where: made}, registry={of: answer})
        return ranges()["CLGauge"].at(rpc, made)

    def stake(self, gauge: Contract, token_id: int, owner: str = OWNER) -> None:
        self.exchange.positions.send("approve", gauge.address, token_id, sender=owner)
        gauge.send("deposit", token_id, sender=owner)

    def reward(self, gauge: Contract, amount: int) -> None:
        """Have the gauge pay so much until the week ends."""
        endow([self.exchange.reward], gauge.address, amount=amount)
        gauge.send("notifyRewardWithoutClaim", amount)


class Aerodrome(NamedTuple):
    """A factory of Solidly's pools."""

    rpc: Rpc
    factory: Contract
    reward: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> Aerodrome:  # noqa: ARG003 - as the others do
        (reward,) = tokens.deploy(rpc, ["AERO"], [18])
        made = pools()
        factory = made["PoolFactory"].deploy(rpc, made["Pool"].deploy(rpc).address)
        factory.send("setVoter", VOTER)
        govern(rpc, reward, {})
        return cls(rpc, factory, reward)

    def pool(self, pair: list[Contract], amounts: tuple[int, int], *, stable: bool) -> SolidlyPool:
        """Create a pool that holds so much of both tokens."""
        endow(pair)
        key = [token.address for token in pair]
        name = "createPool(address,address,bool)"
        self.factory.send(name, *key, stable)
        address = self.factory.call("getPool(address,address,bool)", *key, stable)
        made = SolidlyPool(self, pools()["Pool"].at(self.rpc, address), tuple(pair))
        made.mint(amounts, OWNER)
        return made


class SolidlyPool(NamedTuple):
    """A pool, and what is done with it; its shares are it."""

    exchange: Aerodrome
    contract: Contract
    tokens: tuple[Contract, Contract]

    def mint(self, amounts: tuple[int, int], owner: str) -> None:
        """Deposit so much of both tokens for an owner."""
        for token, amount in zip(self.tokens, amounts, strict=True):
            token.send("transfer", self.contract.address, amount)
        self.contract.send("mint", owner)

    def swap(self, sold: int, amount: int) -> None:
        """Sell so much of token 0 or 1."""
        token = self.tokens[sold]
        bought = self.contract.call("getAmountOut", amount, token.address)
        token.send("transfer", self.contract.address, amount)
        outs = (0, bought) if sold == 0 else (bought, 0)
        self.contract.send("swap", *outs, OWNER, b"")

    def burn(self, shares: int, owner: str) -> tuple[int, int]:
        """Take shares out; return what they paid."""
        before = [token.call("balanceOf", owner) for token in self.tokens]
        self.contract.send("transfer", self.contract.address, shares, sender=owner)
        self.contract.send("burn", owner)
        after = [token.call("balanceOf", owner) for token in self.tokens]
        return after[0] - before[0], after[1] - before[1]

    def gauge(self) -> Contract:
        """Open a gauge for the pool."""
        rpc, reward, where = self.exchange.rpc, self.exchange.reward, self.contract.address
        given = ZERO, where, VOTES, reward.address, VOTER, True
        made = pools()["Gauge"].deploy(rpc, *given)
        govern(rpc, reward, {where: made.address})
        return made

    def reward(self, gauge: Contract, amount: int) -> None:
        """Have the gauge pay so much until the week ends."""
        endow([self.exchange.reward], gauge.address, amount=amount)
        gauge.send("notifyRewardWithoutClaim", amount)
