"""One cycle after another in a world in which all goes well, or one thing does not."""

from decimal import Decimal

import numpy as np
import pytest

from hedgecore.interfaces.account import EventKind
from hedgecore.live.cycle import Status, status
from live_world import World, open_delta, tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


def test_the_hedge_is_opened_kept_within_its_band_and_left_alone_where_nothing_moves():
    world = World()
    world.cycle()
    assert len(world.placed) == 1
    assert abs(open_delta(world)) <= 0.005 + 1e-9
    world.look_again(5)
    assert len(world.placed) == 1
    for price in np.linspace(3000.0, 2700.0, 20):
        world.passing(12.0, float(price))
        world.cycle()
        assert status(world.state) is Status.WATCHING
        assert abs(open_delta(world)) <= 0.3 + 0.005
    assert len(world.placed) > 3


def test_a_restart_knows_what_was_known_and_trades_nothing_twice():
    world = World()
    world.cycle()
    before = world.state
    world.restart()
    assert world.state.memory.last_time == before.memory.last_time
    assert world.state.accounts == before.accounts
    assert world.state.turnover == before.turnover
    world.cycle()
    assert len(world.placed) == 1


def test_events_of_the_venue_are_explained_and_those_of_others_halt():
    world = World()
    world.cycle()
    world.venue.happen(EventKind.FUNDING, paid=Decimal("-1.5"))
    world.venue.happen(EventKind.TRANSFER, paid=Decimal(1000))
    world.venue.happen(EventKind.LIQUIDATION, contracts=Decimal(1), paid=Decimal(-3))
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.WATCHING
    assert len(world.placed) == 2
    world.venue.happen(EventKind.FILL, contracts=Decimal(1), client_id="web-1")
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.HALTED
    assert "web-1" in world.disk.halt or "e" in world.disk.halt


def test_a_decision_that_a_cap_cuts_is_gone_on_with_and_remembered_once_it_is_whole():
    policy = {"kind": "interval", "hours": 8.0}
    world = World(book=tables(policy=policy, caps={"max_order_notional": 15_000.0}))
    for _ in range(6):
        world.cycle()
        world.passing(12.0)
    assert [each.contracts for each in world.placed] == [Decimal(-5), Decimal(-5), Decimal("-2.23")]
    assert world.state.memory.last_time * 365.0 * 86_400.0 == pytest.approx(24.0, abs=1e-3)
    world.passing(12.0, 2900.0)
    world.cycle()
    assert len(world.placed) == 3
