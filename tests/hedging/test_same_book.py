"""A hedge is of the book, not of how the book is written: of units, of order, of halves."""

import numpy as np
import pytest

import hedgecore as hc

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_balancer_weighted", reason="one pool has three assets")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")

PRICES = {"WETH": 2000.0, "WBTC": 30_000.0, "USDC": 1.0}
FEE = {"fee": 5e-4}
WAYS = {
    "as it is": {},
    "assets in another order": {"reverse": True},
    "positions in halves": {"halves": True},
    **{f"{unit} × {by:g}": {unit: by} for unit in ("WETH", "WBTC", "cash") for by in (1e6, 1e-6)},
}


def written(*, reverse=False, halves=False, cash=1.0, **units):
    """Return a book, what may be traded, the market, and the unit of each contract.

    What was one of an asset is so many as `units` say, and what was one of the numeraire is `cash`.
    """
    unit, turn = {**dict.fromkeys(PRICES, 1.0), **units}, -1 if reverse else 1

    def build(kind, **table):
        return hc.build({"kind": kind, **table})

    def price(asset, number):
        return number * cash / unit[asset]

    ratio = unit["USDC"] / unit["WETH"]
    root = np.sqrt(unit["WETH"] * unit["USDC"])
    parts = [
        ("range", build("uniswap-v3", assets=["WETH", "USDC"], liquidity=3000.0 * root,
                        lower=1700.0 * ratio, upper=2400.0 * ratio), 1.0),
        ("three", build("balancer-weighted", assets=["WBTC", "WETH", "USDC"],
                        weights=[0.3, 0.5, 0.2],
                        balances=[1.0 * unit["WBTC"], 20.0 * unit["WETH"], 2e4]), -0.5),
        ("put", build("option", name="put", underlying="WETH", option_type="put", vol=0.7,
                      strike=price("WETH", 1900.0), expiry_years=0.4), 3.0 * unit["WETH"]),
    ]  # fmt: skip
    if halves:
        parts = [(f"{name}{half}", each, k / 2) for name, each, k in parts for half in "ab"]
    tools = [
        build("perp", name="E", underlying="WETH", lot=0.01 * unit["WETH"], **FEE),
        build("spot", name="B", asset="WBTC", **FEE),
        build("option", name="C", underlying="WETH", strike=price("WETH", 2100.0),
              expiry_years=0.3, vol=0.7, **FEE),
    ]  # fmt: skip
    market = hc.Market(
        prices={asset: price(asset, PRICES[asset]) for asset in [*PRICES][::turn]},
        vols={"WETH": 0.8, "WBTC": 0.6}, time=0.0,
    )  # fmt: skip
    return hc.Portfolio(parts[::turn]), tools[::turn], market, {
        each.name: unit[each.hedges[0]] for each in tools
    }  # fmt: skip


def hedge(neutral, **way):
    book, tools, market, unit = written(**way)
    found = hc.hedge(book, with_=tools, market=market, request=hc.HedgeRequest(neutral=neutral))
    return {name: float(amount) / unit[name] for name, amount in found.quantities.items()}


@pytest.mark.parametrize("neutral", [("delta",), ("delta", "gamma")], ids=["delta", "gamma"])
@pytest.mark.parametrize("way", WAYS)
def test_a_hedge_is_the_same_however_the_book_is_written(way, neutral):
    assert hedge(neutral, **WAYS[way]) == pytest.approx(hedge(neutral), rel=1e-9)
