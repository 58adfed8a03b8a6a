"""The fast engine: the general engine's numbers, path by path, and when it is not for a run."""

import numpy as np
import pytest
from attrs import evolve, frozen

import hedgecore as hc
from hedgecore.decisions.costs.fee import Fee
from hedgecore.decisions.costs.gas import Gas
from hedgecore.decisions.policies.band import Band
from hedgecore.decisions.policies.every import Every
from hedgecore.decisions.policies.whalley_wilmott import WhalleyWilmott
from hedgecore.simulation.band_engine import eligibility
from hedgecore.simulation.band_engine.delta_table import DeltaTable
from hedgecore.simulation.band_engine.no_trade_region import NoTradeRegion
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.engine import engine
from hedgecore.simulation.price_models.gbm import GBM
from hedgecore.simulation.price_models.heston import Heston
from hedgecore.simulation.price_models.log_ou import LogOU
from hedgecore.simulation.price_models.merton import Merton
from hedgecore.simulation.settings import Simulation

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")

MARKET = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, vols={"WETH": 0.8})


def build(kind, **table):
    return hc.build({"kind": kind, **table})


PAIR = {"assets": ["WETH", "USDC"]}
RANGE = build("uniswap-v3", **PAIR, liquidity=5000.0, lower=2500.0, upper=3500.0)
NARROW = build("uniswap-v3", **PAIR, liquidity=9000.0, lower=2990.0, upper=3005.0)
FULL = build("uniswap-v2", **PAIR, reserves=[10.0, 30_000.0])
TICK = build("uniswap-v3", **PAIR, liquidity=1.0, lower=2500.0, upper=2500.25)
LADDER = build(
    "concentrated-ranges",
    **PAIR,
    ranges=[[100.0 + 20 * i, 2000.0 + 25 * i, 2400.0 + 26 * i] for i in range(60)],
)
BOOKS = {
    "sixty ranges": LADDER,
    "a range": RANGE,
    "several": hc.Portfolio([("a", RANGE, 1.0), ("b", NARROW, 0.5), ("c", FULL, 2.0)]),
    "small beside a tick": hc.Portfolio([("a", RANGE, 1.0), ("far", TICK, 1e24)]),
    "short": hc.Portfolio([("a", RANGE, -1.0), ("c", FULL, 1.0)]),
}
POLICIES = {
    "edge": Band(half_width=2.0),
    "centre": Band(half_width=0.01, of="worth", to="centre"),
    "cash": Band(half_width=3000.0, of="cash"),
    "whalley-wilmott": WhalleyWilmott(),
}
PATHS = {
    "gbm": GBM(asset="WETH", drift=0.2),
    "merton": Merton(asset="WETH", jumps_per_year=30.0, jump_mean=-0.05, jump_std=0.08),
    "log-ou": LogOU(asset="WETH", reversion=5.0),
}
PERP = build("perp", name="P", underlying="WETH", fee=0.0005, funding_rate=0.0)
SPOT = build("spot", name="S", asset="WETH", fee=0.001, lot=0.01)
LIMITS = {
    "plain": {"instruments": [PERP]},
    "limits": {
        "instruments": [SPOT], "cooldown": 5.0, "min_notional": 2000.0,
        "costs": (Fee(), Gas(amount=2.0)),
    },
}  # fmt: skip


def asked(book="a range", path="gbm", policy="edge", limits="plain", paths=60, **more):
    settings = {"days": 30.0, "steps": 360, **LIMITS[limits], **more}
    return Simulation(
        book=BOOKS[book], price_model=PATHS[path], policy=POLICIES[policy], market=MARKET,
        paths=paths, seed=3, **settings,
    )  # fmt: skip


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("book", "path"),
    [("a range", "gbm"), ("several", "gbm"), ("a range", "merton"), ("short", "log-ou")],
)
@pytest.mark.sample(6)
def test_it_gives_the_general_engines_numbers_on_every_path(book, path, policy, limits):
    agree(asked(book, path, policy, limits))


@pytest.mark.parametrize("policy", ["edge", "centre"])
def test_a_book_of_many_ranges_is_hedged_as_the_general_engine_does(policy):
    agree(asked("sixty ranges", "gbm", policy))


def test_what_is_offset_to_the_last_bit_as_a_run_opens_is_no_order():
    owed = float(RANGE.exposure(MARKET)["WETH"].delta)
    book = hc.Portfolio([("a", RANGE, 1.0), ("debt", hc.Balance("WETH"), -owed)])
    settings = evolve(asked(policy="edge"), book=book, days=1e-3, steps=1)
    [ours] = eligibility.simulate_blocks(settings, blocks(settings.paths))
    assert not ours.tallies["orders"].any()


def agree(settings):
    [block] = blocks(settings.paths)
    [ours] = eligibility.simulate_blocks(settings, [block])
    theirs = engine.simulate_block(settings, block)
    assert theirs.tallies["orders"].mean() > 3
    assert np.array_equal(ours.tallies["orders"], theirs.tallies["orders"])
    for name in ("pnl", "unhedged", "costs", "gas", "turnover"):
        scale = np.maximum(ours.scale, theirs.tallies["turnover"])
        apart = np.abs(ours.tallies[name] - theirs.tallies[name])
        assert np.all(apart <= 1e-9 * scale), name
    assert np.isclose(ours.worth, theirs.worth, rtol=1e-14)


@frozen
class HalfWay(Band):
    """A band whose trades go half of the way: by a fraction of its own."""

    kind = "half-way"

    def fraction(self, now):
        return 0.5 * (super().fraction(now) > 0)


@frozen
class Crossed(Band):
    """A band whose edges have changed places."""

    kind = "crossed"

    def width(self, now):
        return -super().width(now)


def test_a_band_with_a_fraction_of_its_own_is_asked_for_it():
    settings = evolve(asked(), policy=HalfWay(half_width=2.0))
    [block] = blocks(settings.paths)
    [ours] = eligibility.simulate_blocks(settings, [block])
    theirs = engine.simulate_block(settings, block)
    whole = eligibility.simulate_blocks(asked(), [block])[0]
    assert np.array_equal(ours.tallies["orders"], theirs.tallies["orders"])
    assert not np.array_equal(ours.tallies["orders"], whole.tallies["orders"])
    apart = np.abs(ours.tallies["pnl"] - theirs.tallies["pnl"])
    assert np.all(apart <= 1e-9 * theirs.tallies["turnover"])


def test_what_is_held_at_the_end_is_what_the_general_engine_holds():
    settings = asked(paths=1, limits="limits")
    [ours] = eligibility.simulate_blocks(settings, blocks(settings.paths))
    series = engine.simulate_block(settings, blocks(settings.paths)[0]).series
    assert np.isclose(ours.tallies["contracts"][0], series.held[-1, 0], rtol=1e-9)


def test_results_are_the_same_to_the_last_bit_whichever_blocks_are_done_together():
    settings = asked(policy="whalley-wilmott", paths=2 * 4096 + 30, steps=20)
    whole = eligibility.simulate_blocks(settings, blocks(settings.paths))
    assert [len(each.tallies["pnl"]) for each in whole] == [4096, 4096, 30]
    for block, together in zip(blocks(settings.paths), whole, strict=True):
        [alone] = eligibility.simulate_blocks(settings, [block])
        for name, numbers in alone.tallies.items():
            assert np.array_equal(numbers, together.tallies[name]), name


def test_groups_hold_all_blocks_in_order_and_keep_all_workers_at_work():
    every = blocks(40 * 4096)
    for workers in (1, 3, 100):
        groups = eligibility.group_blocks(every, workers)
        assert [block for group in groups for block in group] == every
        assert len(groups) >= min(workers, len(every)) - 1


FREE = {"fee": 0.0, "funding_rate": 0.0}
INVERSE = build("inverse-perp", name="I", underlying="WETH", contract_size=100.0, **FREE)
FUNDED = build("perp", name="F", underlying="WETH", fee=0.0, funding_rate=1e-4)
UNKNOWN = build("perp", name="U", underlying="WETH", fee=0.0)
HESTON = Heston(asset="WETH", long_vol=0.7, reversion=3.0, vol_of_vol=1.2)
NOT_FOR = {
    "a policy without a band": {"policy": Every(steps=3)},
    "edges that cross": {"policy": Crossed(half_width=2.0)},
    "funding": {"instruments": (FUNDED,)},
    "a funding that is unknown": {"instruments": (UNKNOWN,)},
    "a delta that moves": {"instruments": (INVERSE,)},
    "two instruments": {"instruments": (PERP, SPOT)},
    "nothing to hedge with": {"instruments": ()},
    "a variance that moves": {"price_model": HESTON},
    "a peg": {"price_model": GBM(asset="WETH", pegs={"USDC": "WETH"})},
    "another asset": {"price_model": GBM(asset="USDC", vol=0.01)},
}


def test_it_is_for_what_it_knows():
    assert eligibility.is_eligible(asked())


@pytest.mark.parametrize("why", NOT_FOR)
def test_it_is_not_for_what_it_does_not_know(why):
    assert not eligibility.is_eligible(evolve(asked(), **NOT_FOR[why]))


def test_interest_on_cash_is_not_for_it():
    rich = evolve(MARKET, rates={"USD": 0.05})
    assert not eligibility.is_eligible(evolve(asked(), market=rich))


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("reach", [2.0, 0.02])
def test_the_table_of_deltas_is_the_book_to_rounding(book, reach):
    curve = DeltaTable.over(BOOKS[book], MARKET, "WETH", reach)
    edges = np.log(np.array([2000.0, 2025.0, 2500.0, 2990.0, 3005.0, 3500.0]) / 3000.0)
    near = (edges[:, None] + np.array([-1e-5, -1e-9, 0.0, 1e-9, 1e-5])).ravel()
    drawn = np.random.default_rng(1).uniform(-1.25 * reach, 1.25 * reach, 5000)
    logs = np.concatenate([drawn, near])
    (delta, slope), (true, bend) = curve(logs), curve.exact(logs)
    assert np.all(np.abs(delta - true) <= 1e-12 * (np.abs(true) + np.abs(bend)))
    assert np.all(np.abs(slope - bend) <= 1e-9 * np.abs(bend))
    assert curve.cubics.smooth.mean() > 0.99


@frozen
class Edges:
    """Edges of a band that rise, turn, are flat, and jump; as `OnePrice.edges` gives them."""

    width: float

    def __call__(self, logs):
        middle = np.where(logs < -0.5, 1.0, np.where(logs < 0.6, np.sin(4 * logs), logs))
        return middle - self.width, middle + self.width


@pytest.mark.parametrize("width", [0.0, 0.01, 0.3, 2.0])
def test_what_is_called_quiet_is_quiet(width):
    edges, rng = Edges(width), np.random.default_rng(2)
    quiet = NoTradeRegion.over(1.5, edges)
    logs, held = rng.uniform(-1.7, 1.7, 3000), rng.uniform(-1.5, 1.5, 3000)
    held[:500] = 1.0  # the very value of the flat stretch
    low, high = quiet.bounds(logs, held)
    within = np.flatnonzero(low <= high)
    parts = rng.uniform(0, 1, (20, within.size))
    inside = low[within] + parts * (high - low)[within]
    lower, upper = edges(inside)
    slack = 1e-12
    assert np.all((lower - slack <= held[within]) & (held[within] <= upper + slack))
    if width >= 0.3:
        assert within.size > 1000
        at_lower, at_upper = edges(logs)
        sure = (at_lower + 0.01 < held) & (held < at_upper - 0.01) & (np.abs(logs) < 1.5)
        found = (low <= logs) & (logs <= high)
        assert found[sure].mean() > 0.98
    if width == 0.0:
        assert np.any((low <= high) & (high - low > 0.5) & (held == 1.0))


def test_edges_that_never_stop_turning_have_no_table():
    assert (
        NoTradeRegion.over(1.0, lambda logs: (np.sin(900 * logs), np.sin(900 * logs) + 1)) is None
    )
    assert NoTradeRegion.over(1.0, lambda logs: (logs * np.nan, logs)) is None
