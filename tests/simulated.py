"""What the tests of the simulation share: a market, positions, instruments, paths, and a judge."""

import numpy as np

import hedgecore as hc
from hedgecore.simulation import COLUMNS, simulate

MARKET = hc.Market(
    prices={"WETH": 2000.0, "WBTC": 30_000.0, "USDC": 1.0}, numeraire="USD",
    vols={"WETH": 0.8, "WBTC": 0.6}, time=3.0,
)  # fmt: skip


def build(kind, **table):
    return hc.build({"kind": kind, **table})


def lp(lower=1700.0, upper=2400.0, liquidity=3000.0):
    return build(
        "uniswap-v3", assets=["WETH", "USDC"], liquidity=liquidity, lower=lower, upper=upper
    )


FREE = {"fee": 0.0, "funding_rate": 0.0}
"""A fee and a funding rate of nothing, which is known; what is not given is unknown."""


def perp(name="P", underlying="WETH", **more):
    return build("perp", **{"name": name, "underlying": underlying, **FREE, **more})


INSTRUMENTS = {
    "perp": perp(funding_rate=1e-4),
    "in-coins": perp(settlement="USDC", funding_rate=-2e-4),
    "inverse": build("inverse-perp", name="P", underlying="WETH", contract_size=100.0, **FREE),
    "spot": build("spot", name="P", asset="WETH", fee=0.0),
    "loan": build("loan", name="P", asset="WETH", borrow_rate=0.03, fee=0.0),
    "future": build("future", name="P", underlying="WETH", expiry_years=0.02, basis=0.08, fee=0.0),
}


def random_walks(seed, steps, vol=0.02, assets=("WETH",), usdc=0.0):
    rng = np.random.default_rng(seed)
    prices = {
        a: float(MARKET.price(a)) * np.exp(np.r_[0.0, np.cumsum(vol * rng.standard_normal(steps))])
        for a in assets
    }
    if usdc:
        prices["USDC"] = np.exp(usdc * rng.standard_normal(steps + 1))
    return prices


def agree(slow, run, columns=COLUMNS):
    """Equity, contracts and every column are the same at every step, to rounding."""
    equity, held = slow.run()
    scale = np.abs(equity).max() + run.outcome.tallies["turnover"].max()
    np.testing.assert_allclose(run.series.equity, equity, rtol=0, atol=1e-9 * scale)
    size = np.abs(held).max(initial=1e-9)
    np.testing.assert_allclose(run.series.held, held, rtol=0, atol=1e-9 * size)
    for name in columns:
        mine, theirs = run.series.columns[name], slow.columns[name]
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-9 * scale, err_msg=name)
    assert run.closure < 1e-12


def policy(kind, **table):
    return build(kind, **table)


def every(n):
    return lambda run, t: t % n == 0  # noqa: ARG005


STEPS = 200


def simulate_lp(paths=1, **settings):
    given = {"seed": 4, "days": 12.5, "steps": STEPS, "market": MARKET, **settings}
    given.setdefault("with_", [perp(funding_rate=1e-4, fee=5e-4)])
    held = given.pop("book", hc.Portfolio([("lp", lp(), 1.0)]))
    path = given.pop("price_model", build("gbm", asset="WETH"))
    return simulate(held, path, paths=paths, **given)
