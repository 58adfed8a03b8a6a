"""Pendle's own arithmetic: its trades, cut into ever smaller ones, go where the curve goes.

A trade is priced at its end, so that n equal steps are off by O(1/n): three numbers of steps and
Richardson's extrapolation leave O(1/n³). Its numbers have 18 decimals, rounded at each step.
"""

from fractions import Fraction

import numpy as np
from hedgecore_pendle import PendleV2

WAD = 10**18
YEAR = 365 * 86400
STEPS = (64, 128, 256)
MARKETS = 12


def drawn(rng):
    """Draw a market, and what part of its PT is bought (or sold) in all, as raw integers."""
    pt, asset = (int(10 ** rng.uniform(3, 7)) * WAD for _ in range(2))
    given = {
        "total_pt": pt,
        "total_asset": max(asset, pt // 8),  # the contract ends at 96 % of PT
        "scalar_root": int(rng.uniform(30, 150) * WAD),
        "seconds": int(rng.uniform(0.05, 1.0) * YEAR),
        "rate": int(rng.uniform(0.05, 0.3) * WAD),
    }
    traded = rng.uniform(0.002, 0.01) * rng.choice([-1, 1]) * min(pt, asset)
    return given, int(traded) // max(STEPS) * max(STEPS)


def model_of(given):
    wads = {name: float(Fraction(given[name], WAD)) for name in ("total_pt", "total_asset")}
    return PendleV2(
        assets=("PT", "SY"),
        scalar_root=float(Fraction(given["scalar_root"], WAD)),
        years_to_expiry=given["seconds"] / YEAR,
        last_ln_implied_rate=float(Fraction(given["rate"], WAD)),
        **wads,
    )


def orders(given, amount):
    raw = {name: str(given[name]) for name in given}
    return [{**raw, "pt_out": str(amount), "steps": steps} for steps in STEPS]


def extrapolated(coarse, middle, fine):
    """Return the limit of what is off by a/n + b/n² + O(1/n³) after n, 2n and 4n steps."""
    return Fraction(8 * fine - 6 * middle + coarse, 3)


def test_the_limit_of_its_trades_is_the_curve(pendle_trades):
    """What is left of the asset, where our curve has as much PT left as the contract has."""
    rng = np.random.default_rng(11)
    draws = [drawn(rng) for _ in range(MARKETS)]
    ended = pendle_trades([order for draw in draws for order in orders(*draw)])
    for at, (given, amount) in enumerate(draws):
        ends = ended[3 * at : 3 * at + 3]
        pts, assets, rates = zip(*ends, strict=True)
        assert set(pts) == {given["total_pt"] - amount}
        rate = float(extrapolated(*rates) / WAD)
        model = model_of(given)
        base, quote = model.greeks(np.exp(-rate * model.years_to_expiry)).holdings
        moved = abs(amount) / WAD
        assert abs(base - float(Fraction(pts[0], WAD))) <= 1e-8 * moved
        assert abs(quote - float(extrapolated(*assets) / WAD)) <= 1e-8 * moved


def test_one_trade_is_priced_where_it_ends(pendle_trades):
    """A tiny trade costs the price at the state, to its own size: what the model calls its spot."""
    rng = np.random.default_rng(12)
    draws = [(given, given["total_pt"] // 10**7) for given, _ in (drawn(rng) for _ in range(6))]
    ended = pendle_trades([orders(*draw)[0] | {"steps": 1} for draw in draws])
    for (given, amount), (_, asset, _) in zip(draws, ended, strict=True):
        model = model_of(given)
        paid = Fraction(asset - given["total_asset"], amount)
        moved = amount / WAD / abs(float(model.gamma(model.spot()))) / model.spot()
        assert abs(float(paid) / model.spot() - 1) <= 1e-12 + 1.1 * moved
