"""A request that cannot be met is a result: no trade, and the parts that conflict."""

import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc


@pytest.fixture
def perps(fake):
    return [fake(name=n, delta={"WETH": 1.0}, fee=1e-4) for n in "PQ"] + [
        fake(name="B", delta={"WBTC": 1.0}, fee=1e-4)
    ]


@pytest.fixture
def held(fake):
    return fake(delta={"WETH": 10.0, "WBTC": 0.1})


@pytest.mark.parametrize(
    ("limits", "parts"),
    [
        (
            {"position_limits": {"P": 2.0, "Q": 3.0, "B": 1.0}},
            "delta of WETH, position of P, position of Q",
        ),
        ({"max_gross": 32000.0}, "delta of WETH, delta of WBTC, gross notional"),
        (
            {"margin_budget": 100.0, "max_gross": 1e9, "leverage": {"P": 10, "Q": 10}},
            "delta of WBTC, margin",
        ),
        (
            {"notional_limits": {"P": 9000.0, "Q": 9000.0}},
            "delta of WETH, notional of P, notional of Q",
        ),
        ({"max_orders": 1}, None),
        ({"bands": {"delta:WETH": 100.0}, "max_gross": 6000.0}, "delta of WETH, gross notional"),
    ],
)  # fmt: skip
def test_the_conflicting_parts_are_named_and_no_others(held, perps, market, limits, parts):
    solver = Convex(hard=["delta"], **limits)
    answer = hc.hedge(held, with_=perps, market=market, solver=solver)
    if parts is None:  # what one order leaves of the Greeks is priced, not forbidden
        assert answer.quantities["P"] + answer.quantities["Q"] == pytest.approx(-10)
        return
    assert answer.certificate.status == "no trade"
    assert not any(answer.quantities.values())
    assert answer.notes[0] == f"No trade: these cannot be met together: {parts}."
    assert parts in str(answer)


def test_a_greek_that_nothing_moves_is_named(perps, market, fake):
    bent = fake(delta={"WETH": 10.0}, gamma={"WETH": -1.0})
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    answer = hc.hedge(bent, with_=perps, market=market, request=request, solver=Convex())
    assert answer.notes[0] == "No trade: these cannot be met together: gamma of WETH."


def test_whole_lots_that_miss_a_band_are_named(market, fake):
    perp = fake(name="P", delta={"WETH": 1.0}, lot=4.0)
    solver = Convex(bands={"delta:WETH": 100.0})
    answer = hc.hedge(fake(delta={"WETH": 10.0}), with_=[perp], market=market, solver=solver)
    assert "delta of WETH, lots of P" in answer.notes[0]


def test_a_limit_already_broken_is_traded_back_within(fake, market):
    perps = [fake(name=n, delta={"WETH": 1.0}, fee=f) for n, f in (("P", 1e-4), ("Q", 2e-4))]
    solver = Convex(position_limits={"P": 5.0})
    held, target = {"P": -8.0}, fake(delta={"WETH": 8.0})
    answer = hc.hedge(target, with_=perps, market=market, held=held, solver=solver)
    assert answer.quantities == pytest.approx({"P": 3.0, "Q": -3.0}, rel=1e-9)
