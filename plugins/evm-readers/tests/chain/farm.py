"""PancakeSwap's farm of positions, by its own bytecode; what liquidity earns in it is set."""

from __future__ import annotations

from typing import NamedTuple

from chain import fork_packages, stubs, tokens
from chain.contracts import OWNER, Artifact, Contract
from chain.pancake import PancakeV3, Pool
from chain.recorded import NO, said
from chain.stubs import call_data
from chain.tokens import endow

MINING, DEPLOYER = "0x" + "1a" * 20, "0x" + "1b" * 20
"""Who counts what liquidity earns, and who deploys it: the registries have neither."""


class Farm(NamedTuple):
    """MasterChefV3 over one pool."""

    contract: Contract
    pool: Pool
    cake: Contract

    @classmethod
    def over(cls, pool: Pool, exchange: PancakeV3, weth: Contract) -> Farm:
        """Open a farm, and have it take positions of a pool."""
        rpc = exchange.rpc
        (cake,) = tokens.deploy(rpc, ["CAKE"], [18])
        given = cake.address, exchange.positions.address, weth.address
        farm = Artifact.of(fork_packages.PANCAKE_FARM, "MasterChefV3.json").deploy(rpc, *given)
        where = pool.contract.address
        stubs.install(rpc, DEPLOYER, {call_data("deploy(address)", where): said("address", MINING)})
        farm.send("setLMPoolDeployer", DEPLOYER)
        farm.send("add", 1, where, *NO)
        exchange.factory.send("setLmPool", where, MINING)
        endow([cake], owner=farm.address)
        return cls(farm, pool, cake)

    def counts(self, token_id: int, growth: int) -> None:
        """Have liquidity of a position's range have earned so much each, times 2¹²⁸, since ever."""
        its = self.pool.state(token_id)
        ticks = its["tick_lower"], its["tick_upper"]
        answers = {call_data("getRewardGrowthInside(int24,int24)", *ticks): said("uint256", growth)}
        now = int(self.pool.exchange.rpc.block()["timestamp"], 16)
        for later in range(600):
            answers[call_data("accumulateReward(uint32)", now + later)] = b""
        for crossed in [(tick, down) for tick in ticks for down in (True, False)]:
            answers[call_data("crossLmTick(int24,bool)", *crossed)] = b""
        for change in (its["liquidity"], -its["liquidity"]):
            answers[call_data("updatePosition(int24,int24,int128)", *ticks, change)] = b""
        stubs.install(self.pool.exchange.rpc, MINING, answers)

    def deposit(self, token_id: int) -> None:
        """Hand a position over to the farm, as its owner does."""
        manager = self.pool.exchange.positions
        manager.send(
            "safeTransferFrom(address,address,uint256)", OWNER, self.contract.address, token_id
        )
