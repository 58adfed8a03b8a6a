"""A run opens with what is held: it trades from there, and profits count from there."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.decisions.policies.band import Band
from hedgecore.hedging.held import HeldContracts
from hedgecore.simulation import Margin, Simulation, simulate
from hedgecore.simulation.band_engine import eligibility
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.engine import engine
from hedgecore.simulation.price_models.gbm import GBM
from hedgecore.simulation.price_models.premium import Premium
from runs import BOOK
from simulated import INSTRUMENTS, MARKET, agree, build, every, lp, perp, random_walks, simulate_lp
from slow_simulation import Given, Slow

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")

FEE = {"fee": 5e-4}
TRADED = {
    "linear": perp(**FEE),
    "in coins": perp(settlement="USDC", **FEE),
    "inverse": build(
        "inverse-perp", name="P", underlying="WETH", contract_size=100.0, funding_rate=0.0, **FEE
    ),
    "spot": build("spot", name="P", asset="WETH", **FEE),
}
WHOLE = hc.Portfolio([("lp", lp(), 1.0)])


def entered(instrument, price):
    """One contract as entered at a price; what is simply owned has none."""
    owned = not isinstance(instrument, hc.SupportsEntry)
    return instrument if owned else evolve(instrument.enter(MARKET), entry_price=price)


def hedged(instrument, price, part=1.0):
    """What is held of an instrument, entered at a price, that offsets a part of the position."""
    one = entered(instrument, price)
    delta = {
        name: dict(zip(each.assets, each.delta.tolist(), strict=True))["WETH"]
        for name, each in (("one", one.exposure(MARKET)), ("lp", lp().exposure(MARKET)))
    }
    return {"P": HeldContracts(-part * delta["lp"] / delta["one"], one)}


@given(
    seed=st.integers(0, 10**6),
    which=st.sampled_from(sorted(INSTRUMENTS)),
    contracts=st.floats(-20.0, 20.0),
    entry=st.floats(1500.0, 2500.0),
    rate=st.sampled_from([0.0, 0.05]),
)
@settings(max_examples=20)
def test_a_run_that_opens_with_contracts_is_worth_what_a_plain_loop_says(
    seed, which, contracts, entry, rate
):
    times, instrument = np.linspace(0.0, 0.06, 16), INSTRUMENTS[which]
    path, market = Given(random_walks(seed, 15), times=times), evolve(MARKET, rates={"USD": rate})
    one, expiring = entered(instrument, entry), which == "future"
    run = simulate(
        WHOLE, path, market=market, with_=[instrument], policy=build("every", steps=4),
        held={"P": HeldContracts(contracts, one)}, roll="never" if expiring else None,
    )  # fmt: skip
    slow = Slow(
        [("lp", lp(), 1.0)], [instrument], path, times, market, when=every(4),
        held=[[one, contracts]], in_cash=which not in {"in-coins", "inverse"},
    )  # fmt: skip
    agree(slow, run)


@pytest.mark.parametrize("paths", [1, 3])
@pytest.mark.parametrize("which", TRADED)
def test_a_book_that_holds_its_target_orders_nothing_at_the_start(which, paths):
    run = simulate_lp(
        with_=[TRADED[which]], held=hedged(TRADED[which], 1800.0), policy=build("never"),
        paths=paths, steps=20,
    )  # fmt: skip
    opened = simulate_lp(
        with_=[TRADED[which]], held=hedged(TRADED[which], 1800.0), paths=paths, steps=20,
        policy=build("never", at_start=True),
    )  # fmt: skip
    assert opened.outcome.tallies["orders"].tolist() == [0.0] * paths
    assert opened.ledger["costs"].value == 0.0
    np.testing.assert_array_equal(opened.pnl, run.pnl)


@pytest.mark.parametrize("part", [1.0, 0.4])
@pytest.mark.parametrize("which", TRADED)
def test_what_is_held_saves_its_part_of_the_opening_cost_and_nothing_else(which, part):
    bare = simulate_lp(with_=[TRADED[which]], paths=3, policy=Band(half_width=0.3))
    run = simulate_lp(
        with_=[TRADED[which]], held=hedged(TRADED[which], 1800.0, part), paths=3,
        policy=Band(half_width=0.3),
    )  # fmt: skip
    saved = part * float(lp().exposure(MARKET).delta[0]) * 2000.0 * FEE["fee"]
    np.testing.assert_allclose(run.pnl - bare.pnl, saved, rtol=1e-9)
    np.testing.assert_array_equal(run.unhedged, bare.unhedged)
    assert run.closure < 1e-12


@pytest.mark.parametrize("which", ["linear", "in coins", "spot"])
@pytest.mark.parametrize("part", [1.0, -0.5])
@pytest.mark.sample(3)
def test_the_fast_engine_opens_as_the_general_one_does(which, part):
    asked = Simulation(
        book=WHOLE, market=MARKET, instruments=[TRADED[which]], price_model=GBM(asset="WETH"),
        held=hedged(TRADED[which], 1800.0, part), policy=Band(half_width=0.5, to="centre"),
        paths=40, seed=5, steps=240,
    )  # fmt: skip
    [block] = blocks(asked.paths)
    assert eligibility.is_eligible(asked)
    [fast] = eligibility.simulate_blocks(asked, [block])
    slow = engine.simulate_block(asked, block)
    np.testing.assert_array_equal(fast.tallies["orders"], slow.tallies["orders"])
    for name in ("pnl", "costs", "turnover"):
        apart = np.abs(fast.tallies[name] - slow.tallies[name])
        assert np.all(apart <= 1e-9 * np.maximum(fast.scale, slow.tallies["turnover"])), name
    assert fast.held_worth == pytest.approx(slow.held_worth, rel=1e-14)
    never = evolve(asked, policy=build("never", at_start=True), steps=2, days=1e-6, paths=1)
    assert simulate(never).outcome.tallies["orders"] == [float(part != 1.0)]


def test_a_book_brings_what_it_holds_and_its_report_says_so(output, tmp_path):
    held = BOOK.replace('underlying = "WETH"', 'underlying = "WETH"\nheld = -9\nentry_price = 2100')
    path = tmp_path / "book.toml"
    path.write_text(held)
    run = simulate(Simulation.from_book(hc.Book.load(path), {"paths": 1}))
    assert run.series.held[0, 0] - run.series.orders[0, 0] == -9.0
    assert run.outcome.held_worth == pytest.approx(900.0)
    assert run.series.equity[0] == pytest.approx(
        run.outcome.worth + 900.0 + run.series.columns["costs"][0]
    )
    said = " ".join(output("simulate", path, "--paths", "4").split())
    assert "opens with what is held, ETH-PERP -9, worth 900.00 USD then" in said


def test_what_cannot_be_held_is_named():
    with pytest.raises(hc.SpecError, match=r"held: 'Q' is held, and is no instrument"):
        simulate_lp(held={"Q": -1.0})
    with pytest.raises(hc.SpecError, match="must be one number of 'P'"):
        simulate_lp(held={"P": [1.0, 2.0]})
    with pytest.raises(hc.SpecError, match="instrument → contracts"):
        simulate_lp(held=-1.0)


def test_the_margin_account_starts_with_the_profit_since_the_entry():
    """Short 5 from 2100 at 2000 is 500 up, from 1900 as much down."""
    near = {}
    for entry in (1900.0, 2000.0, 2100.0):
        run = simulate_lp(
            with_=[perp()], held={"P": HeldContracts(-5.0, perp(entry_price=entry))}, steps=1,
            days=1e-9, policy=build("never"), margin=Margin(collateral=2000.0), paths=2,
        )  # fmt: skip
        near[entry] = run.outcome.tallies["distance"]
    np.testing.assert_allclose(near[2100.0] - near[2000.0], 500.0 / 10_000.0, rtol=1e-4)
    np.testing.assert_allclose(near[1900.0] - near[2000.0], -500.0 / 10_000.0, rtol=1e-4)


@pytest.mark.parametrize("paths", [1, 3])
def test_a_hedge_that_the_margin_does_not_bear_is_closed_at_the_start(paths):
    poor = {"margin": Margin(collateral=1.0), "paths": paths, "steps": 20}
    bare = simulate_lp(**poor)
    assert bare.outcome.tallies["turnover"].tolist() == [0.0] * paths
    assert bare.outcome.tallies["liquidated"].tolist() == [1.0] * paths
    held = simulate_lp(held={"P": -5.0}, **poor)
    np.testing.assert_allclose(held.outcome.tallies["turnover"], 5.0 * 2000.0)
    np.testing.assert_allclose(held.pnl - held.unhedged, -5.0 * 2000.0 * (5e-4 + 5e-3))


def test_a_premium_that_differs_by_path_is_no_profit_at_the_start():
    """A perpetual is marked at its premium, which each path draws anew: held, or a position."""
    model = Premium(asset="WETH", half_life=12.0, std=0.01, path=GBM(asset="WETH"))
    ask = {"price_model": model, "paths": 5, "steps": 10, "policy": build("never")}
    held = simulate_lp(held={"P": HeldContracts(-5.0, perp(entry_price=1900.0))}, **ask)
    position = hc.Portfolio([("lp", lp(), 1.0), ("old", perp(entry_price=1900.0), -5.0)])
    owned = simulate_lp(book=position, with_=[], **{**ask, "policy": build("never")})
    assert max(held.closure, owned.closure) < 1e-12
    np.testing.assert_allclose(
        held.pnl - held.unhedged - held.outcome.tallies["funding"],
        owned.pnl - held.unhedged - owned.outcome.tallies["funding"], rtol=1e-9,
    )  # fmt: skip
