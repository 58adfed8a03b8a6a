"""Books of any mixture of curves: what they hold, are worth and hedge, in 60-digit arithmetic."""

import numpy as np
import pytest

import hedgecore as hc
from exact_curves import MP, assets_of, worth

WETH, WBTC, STAKED = 2_081.5, 68_920.0, 2_551.6
STEP = MP.mpf(10) ** -20
GOAL = 1e-13


def cryptoswap(u):
    sizes = [4e6 * u(0.7, 1.4) / price for price in (1.0, WBTC, WETH)]
    scale = [WBTC * u(0.97, 1.03), WETH * u(0.97, 1.03)]
    curve = {"amplification": 1_707_629, "gamma": 10 ** u(-3, -2)}
    return {"coins": ["USDC", "WBTC", "WETH"], "balances": sizes, "price_scale": scale, **curve}


def ranges(u):
    lower = [WETH * u(0.7, 1.2) for _ in range(9)]
    rows = [[u(1, 3_000), low, low * (1 + 10 ** u(-4, 0))] for low in lower]
    return {"assets": ["WETH", "USDC"], "ranges": rows}


def bins(u):
    rows = [[3060 + j, u(0, 2) * (j > 0), u(0, 4_000) * (j < 0)] for j in range(-9, 10)]
    return {"assets": ["WETH", "USDC"], "bin_step": 25, "zero_id": 0, "bins": rows}


def pmm(u):
    sides = {"k": [u(0.01, 1), u(0.01, 1)], "targets": [u(10, 99), u(1e4, 2e5)]}
    return {"assets": ["WETH", "USDC"], "oracle_price": WETH * u(0.95, 1.05), **sides}


def pendle(u):
    state = {"total_pt": u(1e3, 9e3), "total_asset": u(1e3, 9e3), "scalar_root": u(20, 150)}
    rate = {"years_to_expiry": u(0.1, 1), "last_ln_implied_rate": u(0.02, 0.06)}
    return {"assets": ["PT", "wstETH"], **state, **rate}


def llamma(u):
    base = STAKED * u(1.0, 1.2)
    first = int(-100 * np.log(STAKED * u(0.97, 1.06) / base))
    bands = [[first + j, 0.0, u(0, 2)] for j in range(6)]
    prices = {"base_price": base, "oracle_price": base * 0.99**first * 1.001}
    pair = {"collateral": "wstETH", "borrowed": "crvUSD", "amplification": 100}
    return {**pair, "bands": bands, **prices, "debt": u(0, 9_000)}


DRAWN = {
    "curve-cryptoswap": cryptoswap,
    "solidly-stable": lambda u: {"assets": ["DAI", "USDC"], "reserves": [u(1e5, 1e6), 4e5]},
    "concentrated-ranges": ranges,
    "liquidity-bins": bins,
    "pmm": pmm,
    "pendle-v2": pendle,
    "lmsr-binary": lambda u: {"assets": ["YES", "USDC"], "b": u(1e2, 1e4)},
    "lmsr": lambda u: {"assets": ["HOME", "DRAW", "AWAY"], "b": u(1e2, 1e4)},
    "llamma": llamma,
}


def drawn(seed):
    """Prices in a market where no stablecoin is worth 1, and four positions."""
    rng = np.random.default_rng(seed)
    near = {"WETH": WETH, "WBTC": WBTC, "wstETH": STAKED, "PT": 2_507.3}
    near |= {"USDC": 1.0003, "DAI": 0.9991, "crvUSD": 0.9994}
    near |= {"YES": 0.62, "HOME": 0.5, "DRAW": 0.3, "AWAY": 0.2}
    prices = {asset: price * rng.uniform(0.999, 1.001) for asset, price in near.items()}
    kinds = rng.choice(list(DRAWN), 4)
    return prices, [{"kind": str(kind), **DRAWN[kind](rng.uniform)} for kind in kinds]


def book_of(prices, tables):
    at = [{} if table["kind"] == "llamma" else {"at": "market"} for table in tables]
    rows = [
        {"name": f"{number}", **table, **where}
        for number, (table, where) in enumerate(zip(tables, at, strict=True))
    ]
    used = sorted({asset for table in tables for asset in assets_of(table)})
    spots = [{"kind": "spot", "name": f"spot {asset}", "asset": asset} for asset in used]
    tables = {"numeraire": "USD", "prices": prices, "position": rows, "instrument": spots}
    return hc.Book.from_tables({**tables, "hedge": {"neutral": ["delta"]}})


def held(table, prices, asset):
    """Amount of an asset in a position, the derivative of its worth."""
    ends = [worth(table, {**prices, asset: prices[asset] * (1 + way * STEP)}) for way in (1, -1)]
    return (ends[0] - ends[1]) / (2 * STEP * prices[asset])


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.sample(1)
def test_any_mixture_is_hedged_and_revalued_as_each_curve_is(seed):
    """Quantities to 1e-13 of the gross amount, worths at ± 10 % of the gross worth."""
    prices, tables = drawn(seed)
    book = book_of(prices, tables)
    quantities = book.hedge().quantities
    for name, quantity in quantities.items():
        asset = name.removeprefix("spot ")
        rows = [table for table in tables if asset in assets_of(table)]
        amounts = [held(table, {a: MP.mpf(p) for a, p in prices.items()}, asset) for table in rows]
        assert abs(MP.mpf(float(quantity)) + sum(amounts)) <= GOAL * sum(map(abs, amounts))
    assert set(quantities) == {f"spot {asset}" for table in tables for asset in assets_of(table)}
    for move in (-0.1, 0.1):
        moved = {asset: prices[asset] * (1 + move) for asset in ("WETH", "WBTC", "wstETH", "PT")}
        there = {**prices, **moved}
        got = book.portfolio.worth(hc.Market(prices=there, numeraire="USD"))
        due = [worth(table, there) for table in tables]
        assert abs(MP.mpf(float(got)) - sum(due)) <= GOAL * sum(map(abs, due))
