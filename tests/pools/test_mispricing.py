"""Standing: where a pool stands against the market, and whether within its fee."""

import numpy as np
import pytest

import hedgecore as hc


def at(product, price, fee=None, spot=3000.0):
    pool = product(assets=("WETH", "USDC"), depth=10.0, price=spot, fee=fee)
    return hc.mispricing(pool, hc.Market(prices={"WETH": 2.0 * price, "USDC": 2.0}))


def test_a_pool_without_its_own_price_stands_nowhere(product, market):
    assert hc.mispricing(product(assets=("WETH", "USDC"), depth=10.0), market) is None


@pytest.mark.parametrize("ratio", [1.0, 1.002, 0.998, 1.5, 0.5])
def test_the_distance_is_the_greatest_relative_price_less_one(product, ratio):
    stands = at(product, 3000.0 * ratio)
    assert np.isclose(stands.distance, max(ratio, 1 / ratio) - 1, rtol=1e-12, atol=1e-15)
    assert stands.spot.tolist() == [3000.0, 1.0]
    assert np.allclose(stands.market, [3000.0 * ratio, 1.0])
    assert stands.far == ("WETH", "USDC")  # in the pool's order, whichever is the dearer


@pytest.mark.parametrize(
    ("ratio", "inside"),
    [(1.0, True), (1.0029, True), (0.9971, True), (1.00302, False), (0.9969, False), (2.0, False)],
)
def test_inside_is_within_the_fee_either_way(product, ratio, inside):
    assert at(product, 3000.0 * ratio, fee=0.003).inside is inside


def test_without_a_fee_only_the_spot_itself_is_inside_and_an_unknown_fee_says_nothing(product):
    assert at(product, 3000.0, fee=0.0).inside is True
    assert at(product, 3001.0, fee=0.0).inside is False
    assert at(product, 3001.0, fee=None).inside is None


def test_it_says_both_prices_the_distance_and_the_fee(product):
    said = str(at(product, 3030.0, fee=0.003))
    for part in ("WETH in USDC", "3030", "3000", "100 bp", "30 bp"):
        assert part in said
    assert "unknown" in str(at(product, 3030.0))


def test_a_basket_is_as_far_as_its_farthest_pair(weighted):
    pool = weighted(assets=("A", "B", "C"), weights=(0.5, 0.2, 0.3), depth=1.0, own=(2.0, 4.0))
    stands = hc.mispricing(pool, hc.Market(prices={"A": 2.2, "B": 3.6, "C": 1.0}))
    assert stands.far == ("A", "B")
    assert np.isclose(stands.distance, 1.1 / 0.9 - 1, rtol=1e-14)
