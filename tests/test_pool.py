"""The seam that every pool shares: prices in, checked; numbers out, shaped; the state."""

import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

NAMES = ("A", "B", "C", "D")
SHAPES = [(), (3,), (2, 3), (0,), (1,), (2, 0)]
METHODS = ("value", "delta", "gamma", "greeks", "spot", "breaks", "at_state", "worth", "exposure")


@pytest.fixture(scope="module")
def pools(product, weighted):
    """m → a pool of m + 1 assets; the first is a pair, the last two are baskets."""
    return {
        1: product(assets=NAMES[:2], depth=10.0),
        2: weighted(assets=NAMES[:3], weights=(0.5, 0.2, 0.3), depth=4.0),
        3: weighted(assets=NAMES, weights=(0.4, 0.3, 0.2, 0.1), depth=4.0),
    }


def prices_of(shape, m):
    rng = np.random.default_rng(7)
    return rng.uniform(0.5, 2.0, shape if m == 1 else (*shape, m))


@pytest.mark.parametrize("m", [1, 2, 3])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_results_have_the_shape_of_the_price(pools, m, shape):
    pool, price = pools[m], prices_of(shape, m)
    vector, matrix = ((), ()) if m == 1 else ((m,), (m, m))
    greeks = pool.greeks(price)
    assert np.shape(pool.value(price)) == np.shape(greeks.value) == shape
    assert np.shape(pool.delta(price)) == np.shape(greeks.delta) == shape + vector
    assert np.shape(pool.gamma(price)) == np.shape(greeks.gamma) == shape + matrix
    assert np.shape(greeks.holdings) == (*shape, m + 1)


@pytest.mark.parametrize("m", [1, 2, 3])
@pytest.mark.parametrize("shape", [(3,), (2, 3)], ids=str)
def test_a_batch_equals_its_points(pools, m, shape):
    pool, price = pools[m], prices_of(shape, m)
    batch = pool.greeks(price)
    for index in np.ndindex(shape):
        one = pool.greeks(price[index])
        for whole, point in zip(batch, one, strict=True):
            assert np.allclose(whole[index], point, rtol=1e-15, atol=0)


@pytest.mark.parametrize("m", [1, 2, 3])
def test_greeks_are_the_same_as_value_delta_and_gamma(pools, m):
    pool, price = pools[m], prices_of((5,), m)
    greeks = pool.greeks(price)
    assert np.array_equal(greeks.value, pool.value(price))
    assert np.array_equal(greeks.delta, pool.delta(price))
    assert np.array_equal(greeks.gamma, pool.gamma(price))
    assert np.array_equal(greeks.holdings[..., :-1].reshape(greeks.delta.shape), greeks.delta)


def test_a_scalar_gives_a_numpy_float(pools):
    pool = pools[1]
    for price in (2, 2.0, np.float64(2.0), np.float32(2.0), np.array(2.0), np.int64(2)):
        for number in (pool.value(price), pool.delta(price), pool.gamma(price)):
            assert type(number) is np.float64
    assert type(pools[2].value([1.0, 2.0])) is np.float64


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.uint8, np.float16, np.float32])
def test_results_are_float64_whatever_the_prices_type(pools, kind):
    price = np.array([1, 2, 3], dtype=kind)
    assert pools[1].delta(price).dtype == np.float64
    assert np.array_equal(pools[1].delta(price), pools[1].delta(price.astype(float)))


def test_lists_are_arrays(pools):
    assert np.array_equal(pools[1].value([1, 2]), pools[1].value(np.array([1.0, 2.0])))
    assert np.array_equal(pools[2].delta([[1, 2]]), pools[2].delta(np.array([[1.0, 2.0]])))


def test_strided_and_fortran_ordered_prices_are_read_in_their_order(pools):
    price = prices_of((4, 6), 1)
    assert np.array_equal(pools[1].value(price[::2, ::3]), pools[1].value(price)[::2, ::3])
    assert np.array_equal(pools[1].value(np.asfortranarray(price)), pools[1].value(price))
    vectors = prices_of((4, 3), 2)
    assert np.array_equal(pools[2].delta(np.asfortranarray(vectors)), pools[2].delta(vectors))


@pytest.mark.parametrize("bad", [0, 0.0, -0.0, -1.0, np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize("method", ["value", "delta", "gamma", "greeks"])
def test_prices_are_positive_and_finite(pools, method, bad):
    for price in (bad, [1.0, bad], [[bad]]):
        with pytest.raises(hc.PriceError, match=r"product: price .* must be positive and finite"):
            getattr(pools[1], method)(price)
    with pytest.raises(hc.PriceError, match="positive and finite"):
        getattr(pools[2], method)([1.0, bad])


NO_NUMBERS = ["3", b"3", 1j, None, object(), True, [True], [1, "a"], [[1], [1, 2]], {}, 10**400]


@pytest.mark.parametrize("bad", NO_NUMBERS, ids=lambda bad: f"{bad!r:.20}")
def test_what_is_no_real_number_is_no_price(pools, bad):
    with pytest.raises(hc.PriceError):
        pools[1].value(bad)
    with pytest.raises(hc.PriceError):
        pools[3].greeks(bad)


@pytest.mark.parametrize(("m", "shape"), [(2, ()), (2, (3,)), (2, (2, 1)), (3, (2,)), (3, (3, 4))])
def test_a_last_axis_that_does_not_fit_is_refused_with_the_assets(pools, m, shape):
    with pytest.raises(hc.PriceError, match=r"'A', 'B'.*in [CD]"):
        pools[m].value(np.ones(shape))


def test_prices_that_may_not_be_written_are_read(pools):
    price = np.array([1.0, 2.0])
    price.flags.writeable = False
    assert pools[1].value(price).shape == (2,)


def test_the_callers_prices_stay_as_they_were_and_writeable(pools):
    for m in (1, 2):
        price = prices_of((4,), m)
        before = price.copy()
        pools[m].greeks(price)
        assert np.array_equal(price, before)
        assert price.flags.writeable


def test_results_are_fresh_and_may_be_written(pools):
    first = pools[1].greeks([1.0, 2.0])
    for part in first:
        part[...] = 0.0
    assert pools[1].value([1.0, 2.0]).min() > 0


@frozen(kw_only=True)
class Odd(hc.PairPool):
    """A plugin that gets its formula wrong, as `says` has it."""

    kind = "odd"
    assets: tuple[str, str] = ("A", "B")
    says: str = "fine"

    def _holdings(self, price):
        if self.says == "written":
            price *= 2
        return {
            "nan": (np.where(price > 2, np.nan, 1.0), price),
            "three": (price, price, price),
            "one": price,
            "none": None,
            "number": 3.0,
            "wide": (np.ones((2, 3)), price),
            "long": (np.ones(len(price) + 1), price),
            "complex": (price * 1j, price),
            "text": (np.array(["1"] * len(price)), price),
            "object": (np.array([None] * len(price)), price),
            "itself": (price, price),
        }.get(self.says, (1 / price, price))

    def _gamma(self, price, holdings):  # noqa: ARG002
        return np.ones(len(price) + 1) if self.says == "bend" else -price


WRONG = ["nan", "three", "one", "none", "number", "wide", "long", "complex", "written"]


@pytest.mark.parametrize("says", WRONG)
@pytest.mark.parametrize("method", ["value", "delta", "gamma", "greeks"])
def test_a_formula_that_returns_nonsense_is_refused_by_kind(method, says):
    with pytest.raises(hc.PluginError, match="odd: "):
        getattr(Odd(says=says), method)([1.0, 2.0, 3.0])


@pytest.mark.parametrize("says", ["text", "object"])
def test_a_formula_that_returns_no_numbers_never_gives_a_number(says):
    with pytest.raises((hc.PluginError, TypeError)):
        Odd(says=says).greeks([1.0, 2.0, 3.0])


def test_nan_from_a_formula_names_the_price():
    with pytest.raises(hc.PluginError, match=r"NaN at price \[3\.0\]"):
        Odd(says="nan").value([1.0, 3.0])
    assert Odd(says="nan").value([1.0, 2.0]).shape == (2,)


def test_a_gamma_of_the_wrong_shape_is_refused():
    with pytest.raises(hc.PluginError, match="odd"):
        Odd(says="bend").gamma([1.0, 2.0])
    assert Odd(says="bend").delta([1.0, 2.0]).shape == (2,)


def test_what_a_formula_returns_is_never_the_callers_own_array():
    price = np.array([1.0, 2.0])
    held = Odd(says="itself").delta(price)
    held[0] = 9.0
    assert price[0] == 1.0


@frozen(kw_only=True)
class Vertical(hc.PairPool):
    """Gamma −∞ at 1, as a Solidly pool's is."""

    kind = "vertical"
    assets: tuple[str, str] = ("A", "B")

    def _holdings(self, price):
        return 2.0 - price, price + 1.0

    def _gamma(self, price, holdings):  # noqa: ARG002
        return np.where(price == 1.0, -np.inf, -1.0)

    def _breaks(self):
        return np.array([3.0, 1.0])


def test_an_infinite_gamma_is_legal_and_spares_value_and_delta():
    pool = Vertical()
    assert pool.gamma(1.0) == -np.inf
    assert pool.gamma([1.0, 2.0]).tolist() == [-np.inf, -1.0]
    assert pool.delta(1.0) == 1.0
    exposure = pool.exposure(hc.Market(prices={"A": 5.0, "B": 5.0}))
    assert exposure.delta.tolist() == [1.0, 2.0]
    assert exposure.gamma[0, 0] == -np.inf


def test_breaks_ascend_and_there_are_none_by_default(pools):
    assert Vertical().breaks() == (1.0, 3.0)
    assert pools[1].breaks() == ()


@pytest.mark.parametrize("assets", [("A",), (), ("A", ""), ("A", 1), ("A", None)])
def test_assets_are_names(assets):
    with pytest.raises(hc.SpecError, match=r"odd\.assets"):
        Odd(assets=assets)


def test_an_asset_named_twice_is_refused_by_name(product):
    with pytest.raises(hc.SpecError, match="names 'A' twice"):
        product(assets=("A", "A"), depth=1.0)


def test_the_spot_is_the_models_own_or_a_spec_error(product, pools):
    assert product(assets=("A", "B"), depth=1.0, price=3.5).spot() == 3.5
    with pytest.raises(hc.SpecError, match="product: does not know the pool's own price"):
        pools[1].spot()
    with pytest.raises(hc.SpecError, match="own price"):
        pools[1].at_state()


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
class Reserves(Odd):
    """What it holds is known better than by its curve at its spot."""

    kind = "reserves"

    def _spot(self):
        return 1.0

    def _held(self):
        return 123.0, 456.0


def test_a_state_that_knows_its_amounts_holds_those():
    state = Reserves().at_state()
    assert state.exposure(hc.Market(prices={"A": 1.0, "B": 1.0})).delta.tolist() == [123.0, 456.0]
    assert state.worth(hc.Market(prices={"A": 2.0, "B": 1.0})) == 702.0


def test_the_public_methods_are_final():
    for name in METHODS:
        assert getattr(vars(hc.PoolModel)[name], "__final__", False), name
