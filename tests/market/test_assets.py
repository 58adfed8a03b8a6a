"""One table of assets, one linear map: what is worth what, priced and exposed by the chain rule."""

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest

import hedgecore as hc
from hedgecore.errors import AssetError, SpecError
from hedgecore.market.claims import Multiple, PoolShare
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market

CASES = json.loads((Path(__file__).parents[1] / "cases/curves/assets_map.json").read_text())[
    "cases"
]
PRICES = {"WETH": 3000.0, "USDC": 1.0}
CLAIMS = {"ETH": Multiple("WETH"), "wstETH": Multiple("ETH", 1.2264)}
MARKET = Market(prices=PRICES, assets=CLAIMS)
RANGE = {"kind": "uniswap-v3", "liquidity": 1000.0, "lower": 3000.0, "upper": 4500.0}


def numbers(given):
    return [float(each) for each in given]


def pool(its):
    """Build the pool of a case."""
    balances = {"balances": numbers(its.get("balances", ()))}
    fields = {
        "uniswap_v3_range": lambda: {
            "kind": "uniswap-v3", **{n: float(its[n]) for n in ("liquidity", "lower", "upper")}
        },
        "balancer_weighted": lambda: {
            "kind": "balancer-weighted", "weights": numbers(its["weights"]),
            "share": float(its["share"]), **balances,
        },
        "curve_stableswap": lambda: {
            "kind": "curve-stableswap", "amplification": float(its["A"]), **balances
        },
    }  # fmt: skip
    return hc.build({**fields[its["curve"]](), "assets": its["assets"]})


def claim(its):
    if "of" in its:
        return Multiple(its["of"], float(its["rate"]))
    return PoolShare(pool(its["of_position"]), float(its["supply"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_recorded_exposures_are_met(case):
    prices = np.array(numbers(case["prices"]))
    market = Market(
        prices=dict(zip(case["underlying"], prices, strict=True)),
        assets={name: claim(its) for name, its in case["params"]["assets"].items()},
    )
    found = pool(case["params"]["position"]).exposure(market).over(case["underlying"])
    value = float(case["expected"]["value"])
    assert float(found.value) == pytest.approx(value, rel=1e-15)
    delta = np.array(numbers(case["expected"]["delta"]))
    np.testing.assert_allclose(found.delta * prices, delta * prices, rtol=0, atol=1e-14 * value)
    gamma = np.array([numbers(row) for row in case["expected"]["gamma"]])
    cash = prices[:, None] * prices
    size = max(np.abs(cash * gamma).max(), value)
    np.testing.assert_allclose(cash * found.gamma, cash * gamma, rtol=0, atol=1e-13 * size)


def test_nested_pools_bend_as_their_worth_does_in_sixty_digits():
    weights, held, supply = (0.75, 0.25), (900.0, 40.0), 700.0
    inner = hc.build({"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [50.0, 1.6e5]})
    outer = hc.build(
        {"kind": "balancer-weighted", "assets": ["LP", "WBTC"], "weights": [*weights],
         "balances": [*held]}
    )  # fmt: skip
    names, at = ("WETH", "USDC", "WBTC"), (3100.0, 1.01, 61_000.0)
    prices = dict(zip(names, at, strict=True))
    found = outer.exposure(Market(prices=prices, assets={"LP": PoolShare(inner, supply)}))

    def worth(weth, usdc, wbtc):
        token = 2 * mpmath.sqrt(mpmath.mpf(50.0) * mpmath.mpf(1.6e5) * weth * usdc) / supply
        terms = zip(held, (token, wbtc), weights, strict=True)
        return mpmath.fprod((mpmath.mpf(b) * p / w) ** w for b, p, w in terms)

    with mpmath.workdps(60):
        point = [mpmath.mpf(each) for each in at]
        bends = [
            [
                mpmath.diff(worth, point, tuple((k == i) + (k == j) for k in range(3)))
                for j in range(3)
            ]
            for i in range(3)
        ]
        slopes = [mpmath.diff(worth, point, tuple(int(k == i) for k in range(3))) for i in range(3)]
    assert float(found.value) == pytest.approx(float(worth(*point)), rel=1e-14)
    whole = found.over(names)
    np.testing.assert_allclose(whole.delta, [float(each) for each in slopes], rtol=1e-14)
    np.testing.assert_allclose(whole.gamma, [[float(x) for x in row] for row in bends], rtol=1e-13)


def test_a_metapool_is_exposed_to_its_base_coins():
    base = hc.build(
        {"kind": "curve-stableswap", "assets": ["DAI", "USDC", "USDT"], "amplification": 2000,
         "balances": [3e7, 2.9e7, 4e7]}
    )  # fmt: skip
    meta = hc.build(
        {"kind": "curve-stableswap", "assets": ["crvUSD", "3CRV"], "amplification": 200,
         "balances": [5e6, 4.8e6], "rates": [1.0, 1.02]}
    )  # fmt: skip
    prices = {"DAI": 1.0002, "USDC": 1.0, "USDT": 0.9997, "crvUSD": 0.9991}
    market = Market(prices=prices, assets={"3CRV": PoolShare(base, 9.7e7)})
    found = meta.exposure(market)
    assert found.assets == ("crvUSD", "DAI", "USDC", "USDT")
    assert float(found.value) == float(meta.worth(market))
    step = 2e-7
    for i, asset in enumerate(found.assets):
        up, down = (market.shifted(prices={asset: prices[asset] * (1 + s)}) for s in (step, -step))
        slope = (meta.worth(up) - meta.worth(down)) / (2 * step * prices[asset])
        assert float(found.delta[i]) == pytest.approx(float(slope), rel=1e-7)
        bend = (meta.exposure(up).delta - meta.exposure(down).delta) / (2 * step * prices[asset])
        np.testing.assert_allclose(found.gamma[:, i], bend, rtol=1e-4, atol=1e-6 * abs(bend).max())


def test_a_price_follows_those_it_is_a_claim_on_over_arrays_of_them():
    moved = MARKET.shifted(prices={"WETH": [1500.0, 3000.0]})
    np.testing.assert_array_equal(moved.price("wstETH"), 1.2264 * np.array([1500.0, 3000.0]))
    assert moved.vector(["ETH", "wstETH"]).shape == (2, 2)


def test_an_alias_and_a_multiple_move_what_they_are_worth():
    assert MARKET.shifted(prices={"ETH": 1500.0}) == MARKET.shifted(prices={"WETH": 1500.0})
    there = MARKET.shifted(prices={"wstETH": 1.2264 * 1500.0})
    assert float(there.price("WETH")) == pytest.approx(1500.0, rel=1e-15)
    with pytest.raises(SpecError, match="both are given and differ"):
        MARKET.shifted(prices={"ETH": 1500.0, "WETH": 1600.0})


def test_what_has_no_price_of_its_own_cannot_be_moved():
    inner = hc.build({"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [1.0, 3000.0]})
    market = Market(prices=PRICES, assets={"LP": PoolShare(inner, 10.0)})
    assert float(market.price("LP")) == pytest.approx(600.0, rel=1e-15)
    with pytest.raises(SpecError, match="those of WETH, USDC: give those"):
        market.shifted(prices={"LP": 5.0})


def test_a_volatility_is_that_of_what_an_asset_is_a_number_of():
    market = Market(prices=PRICES, assets=CLAIMS, vols={"ETH": 0.7})
    assert {*market.vols} == {"WETH", "ETH", "wstETH"}
    bent = market.shifted(vols={"wstETH": 0.9})
    assert {float(vol) for vol in bent.vols.values()} == {0.9}
    with pytest.raises(SpecError, match="both are given and differ"):
        market.shifted(vols={"ETH": 0.5, "WETH": 0.6})


def test_vegas_are_to_the_underlying_and_add_up():
    found = Exposure.of(
        MARKET,
        1.0,
        {"ETH": 1.0, "WETH": 2.0},
        other={"vega:ETH": 3.0, "vega:WETH": 4.0, "theta": 5.0},
    )
    assert (found.assets, found.delta.tolist()) == (("WETH",), [3.0])
    assert {name: float(x) for name, x in found.other.items()} == {"vega:WETH": 7.0, "theta": 5.0}


def test_an_infinite_gamma_stays_where_something_bends_and_goes_where_nothing_does():
    steep = {"kind": "solidly-stable", "reserves": [1000.0, 1000.0]}
    pool_ = hc.build({**steep, "assets": ["USDT", "USDC"]})
    apart = pool_.exposure(
        Market(prices={"USDT": 1.0, "USD": 1.0}, assets={"USDC": Multiple("USD")})
    )
    assert np.isneginf(np.diagonal(apart.gamma)).all()
    same = pool_.exposure(Market(prices={"USDT": 1.0}, assets={"USDC": Multiple("USDT")}))
    assert same.gamma.tolist() == [[0.0]]
    assert float(same.delta[0]) == pytest.approx(2000.0)


def test_what_is_not_mapped_stays_the_very_same():
    exposed = hc.build({**RANGE, "assets": ["WETH", "USDC"]}).exposure(MARKET)
    assert exposed.in_underlying(MARKET) is exposed


@pytest.mark.parametrize(
    ("claims", "error", "why"),
    [
        ({"A": Multiple("B"), "B": Multiple("A")}, SpecError, "circle: A → B → A"),
        ({"A": Multiple("A")}, SpecError, "circle: A → A"),
        ({"WETH": Multiple("USDC")}, SpecError, "its price follows from USDC"),
        ({"USD": Multiple("USDC")}, SpecError, "its price follows from USDC"),
    ],
)
def test_claims_that_cannot_be_are_refused(claims, error, why):
    with pytest.raises(error, match=why):
        Market(prices=PRICES, assets=claims)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), float("nan"), "1", True])
def test_a_rate_is_a_positive_number(rate):
    with pytest.raises(SpecError, match="rate: must be positive and finite"):
        Multiple("WETH", rate)


def test_a_claim_on_nothing_priced_says_what_is_missing():
    market = Market(prices=PRICES, assets={"stETH": Multiple("WEHT")})
    with pytest.raises(AssetError, match=r"WEHT.*did you mean.*WETH"):
        market.price("stETH")
