"""A position in Uniswap and Balancer, read and kept hedged on the perpetual, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest
from attrs import evolve
from chain import proxy
from chain.contracts import DEAD
from perp import hedge
from perp.bench import DELEGATE, OWNER, SEND, venue
from perp.hedge import HALF_WIDTH, LiveHedge, arm_book, write_book
from perp.market import HOLDER, Market

import hedgecore as hc
from hedgecore.live.arming import versions
from hedgecore.live.book_source import SEEK
from hedgecore.live.cycle import Status
from hedgecore.live.journal import Run
from hedgecore.live.replay import replay

typer = pytest.importorskip("typer.testing")
WEI = 10**18
BAND = Decimal(HALF_WIDTH) + Decimal("1e-5")
"""Balancer takes a millionth of a swap, at least, so its pool stands so near the market."""
PRICE = 2000


class Scene:
    """All of it on one node, and what must be so after each cycle."""

    def __init__(self, bench, chain, folder):
        self.bench, self.perp, self.file = bench, bench.perp, folder / "book.toml"
        self.market = Market.on(chain, bench.perp, PRICE)
        self.market.settle()
        with venue(self.perp).open() as session:
            self.start = session.account()

    def loop(self):
        """Open the loop in this process."""
        return LiveHedge.opened(self.file, self.bench.between.url, self.perp.node.url)

    def child(self):
        """Run the loop in a process of its own."""
        folders = [str(Path(__file__).parent), *(each for each in sys.path if "tests" in each)]
        words = [sys.executable, Path(hedge.__file__), self.file]
        words += [self.bench.between.url, self.perp.node.url]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
        return subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True)  # noqa: S603

    def read(self):
        """Read the holder's positions by the command line, and arm a loop for them."""
        from hedgecore.cli.app import program  # noqa: PLC0415 - it needs the extra

        market = self.market
        words = ["read", "--owner", HOLDER, "--numeraire", "USDC", "--book", str(self.file)]
        words += ["--pool", market.weighted.contract.address]
        words += ["--pool", f"evm-uniswap-v3-pool:{market.uniswap.contract.address}"]
        words += ["--contract", f"uniswap-v3={market.uniswap.exchange.positions.address}"]
        done = typer.CliRunner().invoke(program(), words)
        assert done.exit_code == 0, done.output
        write_book(self.file, hc.spec_of(venue(self.perp)))
        arm_book(self.file)

    @property
    def held(self):
        return Decimal(self.perp.position(OWNER)) / WEI

    @property
    def sent(self):
        """Transactions of the delegate that are in the chain."""
        return int(self.perp.rpc.ask("eth_getTransactionCount", DELEGATE, "latest"), 16)

    def settle(self, hedge, most=12):
        """Make cycles until nothing is left to do; then the net delta is within its band."""
        for _ in range(most):
            now = hedge.cycle()
            self.bench.advance(10)
            if now is Status.WATCHING and hedge.cycle() is Status.WATCHING:
                self.check(hedge)
                return
        raise AssertionError(f"{now}: {hedge.reasons}")

    def check(self, hedge):
        """The contracts' own numbers: what both pools would pay, and what is held against it."""
        net = self.market.delta() + self.held
        assert abs(net) <= BAND, net
        assert hedge.state.pending == ()
        with venue(self.perp).open() as session:
            account = session.account(self.start.cursor)
        paid = sum(each.changes.get("USDC", 0) for each in account.events)
        assert account.balances["USDC"] - self.start.balances["USDC"] == paid
        traded = sum(each.contracts for each in account.events)
        assert account.positions["vETH"].contracts == traded == self.held

    def waits(self, hedge, reason):
        """Make a cycle that sends nothing, and says why."""
        before = self.sent
        assert hedge.cycle() is Status.WAITING
        assert reason in hedge.reasons
        assert self.sent == before


@pytest.fixture
def scene(bench, chain, tmp_path):
    made = Scene(bench, chain, tmp_path)
    made.read()
    return made


@pytest.mark.campaign
def test_a_position_is_kept_hedged_on_the_real_perpetual(scene):
    with scene.loop() as hedge:
        scene.settle(hedge)
        opened = scene.held
        assert opened < -10
        scene.market.move(1900)
        scene.settle(hedge)
        assert scene.held < opened
        scene.market.move(2060)
        scene.settle(hedge)
        assert scene.held > opened
        a_block_is_taken_back(scene, hedge)
        a_node_stops_answering(scene, hedge)
    a_loop_is_killed_in_the_middle_of_a_trade(scene)
    with scene.loop() as hedge:
        scene.settle(hedge)
        the_owner_gives_it_away_and_gets_it_back(scene, hedge)
        the_owner_withdraws(scene, hedge)
        the_owner_opens_another(scene, hedge)
        each_decision_is_made_again(hedge)


def a_block_is_taken_back(scene, hedge):
    """What was traded in it is not: nothing is sent until that is known, and then once."""
    scene.market.move(1980)
    held, sent = scene.held, scene.sent
    assert hedge.cycle() is Status.RESOLVING
    with scene.perp.rpc.undone():
        scene.perp.pass_time(2)
        assert scene.held < held
        assert hedge.cycle() is Status.RESOLVING
    scene.perp.pass_time(5)
    assert (scene.held, scene.sent) == (held, sent)
    assert hedge.cycle() is Status.RESOLVING
    assert "reorganised" in hedge.reasons
    scene.settle(hedge)
    assert scene.sent == sent + 1


def a_node_stops_answering(scene, hedge):
    """Nothing is sent while it is silent, nor on what is old once it speaks again."""
    scene.market.move(2040)
    scene.bench.between.spoil = proxy.silent
    scene.waits(hedge, "did not answer")
    scene.bench.between.spoil = None
    clock = hedge.run.world.clock
    hedge.run.world.clock = evolve(clock, ahead=100.0)
    scene.waits(hedge, "s old")
    hedge.run.world.clock = clock
    scene.settle(hedge)


def a_loop_is_killed_in_the_middle_of_a_trade(scene):
    """The node has the order, and its answer never comes: it is traded once."""
    scene.market.move(1960)
    sent, killed = scene.sent, Event()

    def kill(exchange):
        exchange.send(scene.bench.between.passed_on(exchange.asked))
        if SEND in exchange.asked:
            child.kill()
            killed.set()

    scene.bench.between.spoil = kill
    with scene.child() as child:
        assert killed.wait(60), child.stderr.read()
        child.wait()
    scene.bench.between.spoil = None
    assert child.returncode == -signal.SIGKILL
    scene.bench.advance(10)
    assert scene.sent == sent + 1
    with scene.loop() as hedge:
        scene.settle(hedge)
    assert scene.sent == sent + 1


def the_owner_gives_it_away_and_gets_it_back(scene, hedge):
    """A position that is another account's is hedged no more, and again once it is back."""
    held = scene.held
    scene.market.give(HOLDER, DEAD)
    scene.bench.advance(10)
    scene.settle(hedge)
    assert scene.held > held / 2
    (gone,) = hedge.journal.events(kinds=["position"])
    assert (gone.body["after"], gone.body["holder"]) == (0, DEAD)
    assert f"is {DEAD}'s now" in hedge.journal.last("alert").body["text"]
    scene.market.give(DEAD, HOLDER)
    scene.bench.advance(10)
    scene.settle(hedge)
    assert scene.held < held / 2


def the_owner_withdraws(scene, hedge):
    """A position that is gone is hedged no more."""
    held = scene.held
    scene.market.withdraw()
    scene.bench.advance(10)
    scene.settle(hedge)
    assert scene.held > held / 2
    gone = list(hedge.journal.events(kinds=["position"]))[-1]
    assert (gone.body["position"][:14], gone.body["after"]) == ("evm-uniswap-v3", 0)


def the_owner_opens_another(scene, hedge):
    """A position that the book does not have is told of, and hedged once the book is read anew."""
    number = scene.market.open()
    scene.bench.advance(SEEK)
    scene.market.settle()
    scene.settle(hedge)
    found = list(hedge.journal.events(kinds=["position"]))[-1]
    assert found.body["position"] == f"evm-uniswap-v3 {number}"
    assert found.body["after"] is None
    assert "the book does not have it" in hedge.journal.last("alert").body["text"]


def each_decision_is_made_again(hedge):
    here = Run(mode="armed", versions=versions())
    again = list(replay(hedge.journal, here))
    assert len(again) > 5
    assert all(each.exact and each.is_equal for each in again)
