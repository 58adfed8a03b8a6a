"""The seam that every pool shares: prices in, checked; numbers out, shaped."""

import numpy as np
import pytest

import hedgecore as hc

NAMES = ("A", "B", "C", "D")


SHAPES = [(), (3,), (2, 3), (0,), (1,), (2, 0)]


METHODS = ("value", "delta", "gamma", "greeks", "spot", "breakpoints", "at_state", "worth", "exposure")


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


def test_the_public_methods_are_final():
    for name in METHODS:
        assert getattr(vars(hc.PoolModel)[name], "__final__", False), name
