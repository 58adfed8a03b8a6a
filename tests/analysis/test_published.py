"""Published numbers of pools and their hedges, each with the convention under which it holds.

Those of one kind alone stand in its plugin's tests (Hull's and Deri's in `derivatives`, Curve's and
Balancer's in theirs, payoffs at an expiry in `static-strip`); these take several.
"""

import numpy as np
import pytest

import hedgecore as hc

GREEKS = hc.HedgeRequest(neutral=("delta", "gamma"))


def built(kind, **fields):
    return hc.build({"kind": kind, **fields})


def test_khakhar_chen_v2():
    """143.78 ETH + 232 015.77 USDT at 1613.68: L, Δ, Γ and V of the no-arbitrage position.

    L = √(x y), and Δ = L/√P, so that they are at the price and not as the reserves stand: these
    imply 1613.686, and 143.780 ETH there.
    """
    pool = built("uniswap-v2", assets=["ETH", "USDT"], reserves=[143.78, 232_015.77])
    assert np.sqrt(143.78 * 232_015.77) == pytest.approx(5775.744749, abs=5e-7)
    assert pool.delta(1613.68) == pytest.approx(143.780266, abs=5e-7)
    assert pool.gamma(1613.68) == pytest.approx(-0.0445504271, abs=5e-11)
    assert pool.value(1613.68) == pytest.approx(464_030.680, abs=5e-4)
    perp = built("perp", name="P", underlying="ETH")
    market = hc.Market(prices={"ETH": 1613.68}, numeraire="USDT")
    answer = hc.hedge(pool, with_=[perp], market=market)
    assert answer.quantities["P"] == pytest.approx(-143.780266, abs=5e-7)


LOWER, UPPER = 18_050.170384594916, 40_089.53096294865


def test_khakhar_chen_v3():
    """19.94 WBTC at 23 776, ticks 51960 and 59940, decimals 8 and 6; then at 20 000.

    The tick is of raw units: a price is 1.0001^tick · 10^(8 − 6). The liquidity is that of the base
    side, L = x / (1/√P − 1/√Pb), and is in whole units; on chain it is 10^((8 + 6)/2) times it.
    The ends as printed are powers of the double nearest to 1.0001, 7e-13 from those of 1.0001.
    """
    liquidity = 19.94 / (23_776**-0.5 - UPPER**-0.5)
    assert liquidity == pytest.approx(13_374.5231746, abs=5e-7)
    pool = built(
        "uniswap-v3", assets=["WBTC", "USDC"], liquidity=liquidity, lower=LOWER, upper=UPPER
    )
    assert pool.delta(23_776.0) == pytest.approx(19.94, rel=1e-12)
    assert pool.value(20_000.0) == pytest.approx(650_048.852821, abs=5e-6)
    assert pool.delta(20_000.0) == pytest.approx(27.7742586673, abs=5e-10)
    assert pool.gamma(20_000.0) == pytest.approx(-0.00236430400797, abs=5e-14)
    chain = built(
        "uniswap-v3-position",
        tokens=["WBTC", "USDC"],
        liquidity=round(liquidity * 1e7),
        tick_lower=51960,
        tick_upper=59940,
        decimals=[8, 6],
    )
    assert chain.breakpoints() == pytest.approx((LOWER, UPPER), rel=1e-12)
    assert chain.delta(20_000.0) == pytest.approx(27.7742586673, rel=1e-10)
    market = hc.Market(prices={"WBTC": 20_000.0, "USDC": 1.0}, numeraire="USDC")
    for model in (pool, chain):
        perp = built("perp", name="P", underlying="WBTC")
        answer = hc.hedge(model, with_=[perp], market=market)
        assert answer.quantities["P"] == pytest.approx(-27.7742586673, rel=1e-10)


AIGNER = [  # range, loss at −20 % and at +20 %, in per cent of what was put in
    (None, -0.557, -0.455),
    ((0.0, 2.0), -0.862, -0.705),
    ((0.25, 1.75), -1.498, -1.224),
    ((0.5, 1.5), -2.340, -1.912),
    ((0.75, 1.25), -4.653, -3.803),
]


@pytest.mark.parametrize(("bounds", "down", "up"), AIGNER, ids=str)
def test_aigner_dhaliwal_losses(bounds, down, up):
    """(V − hold)/V₀ at P₀ = 1: of the worth that was put in, not of what holding is worth now.

    `impermanent_loss` is against holding, V/hold − 1. The range [0, 2] has no lower end.
    """
    if bounds is None:
        pool = built("uniswap-v2", assets=["X", "Y"], reserves=[1.0, 1.0])
    else:
        lower = max(bounds[0], 1e-30)
        pool = built("uniswap-v3", assets=["X", "Y"], liquidity=1.0, lower=lower, upper=bounds[1])
    prices = np.array([0.8, 1.2])
    x, y = pool.greeks(1.0).holdings
    start, hold = x + y, x * prices + y
    lost = 100 * (pool.value(prices) - hold) / start
    assert lost == pytest.approx([down, up], abs=5e-4)
    against = hc.impermanent_loss(pool, 1.0, prices)
    assert against == pytest.approx((pool.value(prices) - hold) / hold, abs=1e-14)


def test_clarks_quadratic_fit_is_the_hedge_with_a_perp_and_a_squared_one():
    """V ≈ V₀ (3/8 + 0.75 s − 0.125 s²), s = S/S₀: the position itself; its hedge is the opposite.

    The squared perpetual is taken at its index, as without volatility, rate or funding.
    """
    pool = built("uniswap-v2", assets=["S", "USD"], reserves=[0.5, 0.5])  # V₀ = S₀ = 1
    perp = built("perp", name="1-perp", underlying="S", entry_price=1.0)
    square = built("power-perp", name="2-perp", underlying="S", vol=0.0, entry_price=0.0)
    market = hc.Market(prices={"S": 1.0})
    answer = hc.hedge(pool, with_=[perp, square], market=market, request=GREEKS)
    assert answer.quantities["1-perp"] == pytest.approx(-0.75, rel=1e-12)
    assert answer.quantities["2-perp"] == pytest.approx(0.125, rel=1e-12)
    first, second = 0.75, -0.125
    assert float(pool.worth(market)) - first - second == pytest.approx(3 / 8, rel=1e-12)
    near = hc.Market(prices={"S": np.array([0.99, 1.0, 1.01])})
    fit = 3 / 8 + 0.75 * near.price("S") - 0.125 * near.price("S") ** 2
    assert pool.worth(near) == pytest.approx(fit, abs=1e-7)  # the cubic term, s³/16


def test_an_inverse_account_is_worth_the_same_at_every_price():
    """N = −B·P₀/c contracts of c USD against B coins, mark = index: USD B·P₀ at every S."""
    coins, entry, size = 2.5, 60_000.0, 10.0
    perp = built("inverse-perp", name="P", underlying="BTC", contract_size=size, entry_price=entry)
    market = hc.Market(prices={"BTC": np.geomspace(60.0, 6e7, 25)})
    here = hc.Market(prices={"BTC": entry})
    held = hc.Portfolio([("coins", hc.Balance("BTC"), coins)])
    contracts = hc.hedge(held, with_=[perp], market=here).quantities["P"]
    assert contracts == pytest.approx(-coins * entry / size, rel=1e-15)
    account = hc.Portfolio([*held.parts, ("perp", perp, contracts)])
    assert account.worth(market) == pytest.approx(np.full(25, coins * entry), rel=1e-9)
