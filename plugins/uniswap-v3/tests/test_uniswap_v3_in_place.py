"""Greeks that are written in place are those of the formulas, to the last bit, and as refused."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.errors import PluginError
from hedgecore.fast import fast_from
from hedgecore.pools import evaluation

POOLS = {
    "by prices": hc.build(
        {"kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5000.0, "lower": 2000.0,
         "upper": 4500.0}
    ),
    "by ticks": hc.build({
        "kind": "uniswap-v3-position", "tokens": ["WETH", "USDC"], "decimals": [18, 6],
        "liquidity": 5_000_000_000_000_000, "tick_lower": -200_310, "tick_upper": -193_380,
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", POOLS)
def test_all_at_once_are_what_each_is(name, monkeypatch):
    pool = POOLS[name]
    low, high = pool.breakpoints()
    around = [edge * (1 + step * 2.0**-52) for edge in (low, high) for step in (-2, -1, 0, 1, 2)]
    prices = np.r_[np.geomspace(low / 3, 3 * high, 9000), around]
    with fast_from(np.inf):
        written = pool.greeks(prices)
        monkeypatch.setattr(evaluation, "_fill_in_place", lambda *given: False)  # noqa: ARG005
        formulas = pool.greeks(prices)
    for mine, theirs in zip(written, formulas, strict=True):
        np.testing.assert_array_equal(mine, theirs)
        np.testing.assert_array_equal(np.signbit(mine), np.signbit(theirs))


def test_what_is_not_settled_in_place_is_said_by_the_formulas():
    prices = np.array([1e90, 2e90])
    huge = {"kind": "uniswap-v3", "assets": ["A", "B"], "lower": 1e89, "upper": 1e91}
    large = hc.build({**huge, "liquidity": 1e120}).greeks(prices)
    assert np.isfinite(large.value).all()
    assert (large.value > 1e154).all()
    with pytest.raises(PluginError, match="a formula gave inf at price"):
        hc.build({**huge, "liquidity": 1e300}).greeks(prices)
