"""Balancer's gauge of Curve's kind, and its controller, by their own bytecode."""

from __future__ import annotations

from typing import NamedTuple

from chain import packages, stubs
from chain.contracts import OWNER, Artifact, Contract
from chain.recorded import said
from chain.rpc import Rpc
from chain.stubs import call_data
from chain.tokens import endow

TASKS = packages.TASKS
CHILD = f"{TASKS}/20220413-child-chain-gauge-factory/artifact"
PACKAGE = packages.BALANCER._replace(
    kept=(
        f"{TASKS}/20220325-gauge-controller/artifact/GaugeController.json",
        f"{CHILD}/ChildChainLiquidityGaugeFactory.json",
        f"{CHILD}/ChildChainStreamer.json",
        f"{CHILD}/RewardsOnlyGauge.json",
        f"{TASKS}/20230109-gauge-adder-v3/artifact/LiquidityGaugeFactory.json",
        f"{TASKS}/20230109-gauge-adder-v3/artifact/LiquidityGaugeV5.json",
    )
)
MINTER, ADMIN, ESCROW, BOOST = (f"0x{n:040x}" for n in range(0xBA10, 0xBA14))
WEEK = 7 * 86_400
RATE, END = 10**17, 10**11
"""Tokens a second that all gauges are paid, raw, and when that changes next."""
WHOLE = 10**18


class Gauges(NamedTuple):
    """A factory of gauges, which are governed by the node's first account."""

    rpc: Rpc
    factory: Contract
    controller: Contract

    @classmethod
    def deploy(cls, rpc: Rpc) -> Gauges:
        """Deploy them beside a token, minted at a steady rate, that nobody has locked."""
        locked = {call_data("totalSupply()"): said("uint256", 0)}
        locked[call_data("adjusted_balance_of(address)", OWNER)] = said("uint256", 0)
        locked[call_data("token()")] = said("address", ADMIN)
        stubs.install(rpc, ESCROW, locked)
        stubs.install(rpc, BOOST, locked)
        controller = Artifact.of(PACKAGE, "GaugeController.json").deploy(rpc, ESCROW, OWNER)
        govern(rpc, controller)
        stubs.install(
            rpc,
            ADMIN,
            {
                call_data("future_epoch_time_write()"): said("uint256", END),
                call_data("getVault()"): said("address", ADMIN),
                call_data("rate()"): said("uint256", RATE),
            },
        )
        controller.send("add_type", "gauges", WHOLE)
        its = Artifact.of(PACKAGE, "LiquidityGaugeV5.json").deploy(rpc, MINTER, BOOST, OWNER)
        factory = Artifact.of(PACKAGE, "/LiquidityGaugeFactory.json").deploy(rpc, its.address)
        return cls(rpc, factory, controller)

    def gauge(self, lp: str) -> Contract:
        """Open a gauge for an LP token, to which all that is minted goes."""
        address = self.factory.call("create", lp, WHOLE)
        self.factory.send("create", lp, WHOLE)
        self.controller.send("add_gauge", address, 0, WHOLE)
        govern(self.rpc, self.controller, address)
        return Artifact.of(PACKAGE, "LiquidityGaugeV5.json").at(self.rpc, address)


def govern(rpc: Rpc, controller: Contract, *of: str) -> None:
    """Have the minter know the controller, and that nobody was minted for some gauges."""
    minted = {call_data("minted(address,address)", OWNER, its): said("uint256", 0) for its in of}
    known = {
        call_data("getBalancerTokenAdmin()"): said("address", ADMIN),
        call_data("getGaugeController()"): said("address", controller.address),
    }
    stubs.install(rpc, MINTER, known | minted)


def reward(gauge: Contract, token: Contract, amount: int) -> None:
    """Have a gauge pay so much of a token over a week."""
    gauge.send("add_reward", token.address, OWNER)
    endow([token], gauge.address, amount=amount)
    gauge.send("deposit_reward_token", token.address, amount)


class ChildGauges(NamedTuple):
    """A factory of gauges on other chains, whose rewards come through a streamer."""

    rpc: Rpc
    factory: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, pays: str) -> ChildGauges:
        """Deploy them; all pay in one token."""
        gauge = Artifact.of(PACKAGE, "RewardsOnlyGauge.json").deploy(rpc, pays, ESCROW, OWNER)
        streamer = Artifact.of(PACKAGE, "ChildChainStreamer.json").deploy(rpc, pays, OWNER)
        factory = Artifact.of(PACKAGE, "ChildChainLiquidityGaugeFactory.json")
        return cls(rpc, factory.deploy(rpc, gauge.address, streamer.address))

    def gauge(self, lp: str) -> tuple[Contract, Contract]:
        """Open a gauge for an LP token; return it and its streamer."""
        address = self.factory.call("create", lp)
        self.factory.send("create", lp)
        streamer = self.factory.call("getGaugeStreamer", address)
        return (
            Artifact.of(PACKAGE, "RewardsOnlyGauge.json").at(self.rpc, address),
            Artifact.of(PACKAGE, "ChildChainStreamer.json").at(self.rpc, streamer),
        )


def stream(streamer: Contract, token: Contract, amount: int) -> None:
    """Have a streamer pay so much of its token over a week."""
    streamer.send("set_reward_distributor", token.address, OWNER)
    token.send("mint", streamer.address, amount)
    streamer.send("notify_reward_amount", token.address)
