"""The price that a pool stands at, and what it holds there, whatever the market says."""

import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from curves import V2

NAMES = ("A", "B", "C", "D")


def test_the_spot_is_the_models_own_or_a_spec_error(product):
    assert product(assets=("A", "B"), depth=1.0, price=3.5).spot() == 3.5
    pool = product(assets=("A", "B"), depth=10.0)
    with pytest.raises(hc.SpecError, match="product: does not know the pool's own price"):
        pool.spot()
    with pytest.raises(hc.SpecError, match="own price"):
        pool.at_state()


def test_the_spot_of_a_basket_is_a_vector(weighted):
    pool = weighted(assets=NAMES[:3], weights=(0.5, 0.2, 0.3), depth=4.0, own=(2.0, 3.0))
    assert pool.spot().tolist() == [2.0, 3.0]
    pool.spot()[0] = 7.0
    assert pool.spot()[0] == 2.0


@pytest.mark.parametrize("own", [(2.0,), (2.0, np.nan), (2.0, -1.0), (1.0, 2.0, 3.0)])
def test_a_spot_that_is_no_price_is_refused(weighted, own):
    pool = weighted(assets=NAMES[:3], weights=(0.5, 0.2, 0.3), depth=4.0, own=own)
    with pytest.raises(hc.PriceError):
        pool.spot()


PRICES = st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3)


@given(prices=PRICES, spot=st.lists(st.floats(0.1, 10), min_size=2, max_size=2))
def test_at_state_keeps_euler_and_the_null_vector_in_any_market(weighted, product, prices, spot):
    market = hc.Market(prices=dict(zip(NAMES, prices, strict=False)))
    basket = weighted(assets=NAMES[:3], weights=(0.5, 0.2, 0.3), depth=4.0, own=tuple(spot))
    pair = product(assets=NAMES[:2], depth=4.0, price=spot[0])
    for pool in (basket, pair):
        held = pool.greeks(pool.spot()).holdings
        now = pool.at_state().exposure(market)
        p = market.vector(pool.assets)
        assert np.allclose(now.delta, held, rtol=1e-15)
        assert np.isclose(now.value, p @ now.delta, rtol=1e-14)
        assert np.isclose(pool.at_state().worth(market), now.value, rtol=1e-14)
        assert (np.abs(now.gamma @ p) <= 1e-13 * (np.abs(now.gamma) @ p)).all()
        assert np.allclose(now.gamma, now.gamma.T, rtol=1e-14)


def test_at_state_in_the_pools_own_market_is_the_pool(product):
    pool = product(assets=("A", "B"), depth=4.0, price=3.0)
    market = hc.Market(prices={"A": 6.0, "B": 2.0})
    here, state = pool.exposure(market), pool.at_state().exposure(market)
    assert np.allclose(here.delta, state.delta, rtol=1e-15)
    assert np.allclose(here.gamma, state.gamma, rtol=1e-14)


def test_at_state_holds_the_same_whatever_the_market_says(product):
    pool = product(assets=("A", "B"), depth=4.0, price=3.0)
    market = hc.Market(prices={"A": np.array([1.0, 6.0, 50.0]), "B": 2.0})
    now = pool.at_state().exposure(market)
    assert now.delta.shape == (3, 2)
    assert (now.delta == now.delta[0]).all()
    assert pool.at_state().worth(market).shape == (3,)


@frozen(kw_only=True)
class Reserves(V2):
    """What it holds is known better than by its curve at its spot."""

    kind = "reserves"

    def _current_holdings(self):
        return 123.0, 456.0


def test_a_state_that_knows_its_amounts_holds_those():
    state = Reserves(assets=("A", "B"), reserves=(5.0, 5.0)).at_state()
    assert state.exposure(hc.Market(prices={"A": 1.0, "B": 1.0})).delta.tolist() == [123.0, 456.0]
    assert state.worth(hc.Market(prices={"A": 2.0, "B": 1.0})) == 702.0
