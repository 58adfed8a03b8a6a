"""Exposure: a vector space by asset name, with cash Greeks; `lift`; impermanent loss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

MARKET = hc.Market(prices={"A": 3.0, "B": 0.5, "C": 2e-6})
NUMBERS = st.floats(-1e6, 1e6)
NAMES = ("A", "B", "C")


@st.composite
def exposures(draw):
    assets = draw(st.permutations(NAMES))[: draw(st.integers(1, 3))]
    delta = {asset: draw(NUMBERS) for asset in assets}
    pairs = [(one, two) for i, one in enumerate(assets) for two in assets[i:]]
    gamma = {pair: draw(NUMBERS) for pair in pairs}
    return hc.Exposure.of(MARKET, draw(NUMBERS), delta, gamma, {"theta": draw(NUMBERS)})


def alike(one, two, rtol=1e-12):
    """Whether two exposures are equal by asset name, whatever their order."""
    other = two.over(one.assets)
    parts = [(getattr(one, n), getattr(other, n)) for n in ("value", "delta", "gamma")]
    parts += [(one.other[name], two.other[name]) for name in one.other]
    return one.other.keys() == two.other.keys() and all(
        np.allclose(a, b, rtol=rtol, atol=1e-9) for a, b in parts
    )


def test_of_puts_numbers_by_name_and_makes_gamma_symmetric():
    made = hc.Exposure.of(MARKET, 7.0, {"A": 1.0, "B": 2.0}, {("B", "A"): -5.0, ("A", "A"): -3.0})
    assert made.assets == ("A", "B")
    assert made.numeraire == "USD"
    assert made.delta.tolist() == [1.0, 2.0]
    assert made.gamma.tolist() == [[-3.0, -5.0], [-5.0, 0.0]]
    assert made.prices.tolist() == [3.0, 0.5]


def test_of_broadcasts_numbers_over_the_markets_shape():
    market = hc.Market(prices={"A": [1.0, 2.0, 3.0], "B": 1.0})
    made = hc.Exposure.of(market, 1.0, {"B": 2.0, "A": np.arange(3.0)}, {("A", "B"): 1.0})
    assert made.value.shape == (3,)
    assert made.delta.shape == (3, 2)
    assert made.gamma.shape == (3, 2, 2)
    assert made.prices.shape == (3, 2)


def test_of_takes_no_assets_at_all():
    made = hc.Exposure.of(MARKET, 5.0, {}, other={"theta": -1.0})
    assert made.assets == ()
    assert made.value == 5.0
    assert (made + hc.Exposure.of(MARKET, 1.0, {"A": 2.0})).value == 6.0


@pytest.mark.parametrize(("delta", "gamma"), [({"D": 1.0}, {}), ({"A": 1.0}, {("A", "B"): 1.0})])
def test_of_refuses_assets_that_it_cannot_place(delta, gamma):
    with pytest.raises(hc.AssetError, match=r"'[BD]'"):
        hc.Exposure.of(MARKET, 0.0, delta, gamma)


@pytest.mark.parametrize(
    ("assets", "delta", "gamma"),
    [
        (("A",), np.zeros(2), np.zeros((2, 2))),
        (("A", "B"), np.zeros(2), np.zeros((2, 1))),
        (("A", "B"), np.zeros(2), np.zeros(2)),
        (("A", "A"), np.zeros(2), np.zeros((2, 2))),
    ],
)
def test_numbers_that_do_not_fit_the_assets_are_refused(assets, delta, gamma):
    with pytest.raises(hc.SpecError, match="do not fit"):
        hc.Exposure(assets, "USD", 0.0, delta, gamma)


@given(exposures(), exposures())
def test_addition_commutes_and_subtraction_undoes_it(one, two):
    assert alike(one + two, two + one)
    there_and_back = one + two - two
    assert alike(one + 0.0 * two, there_and_back, rtol=1e-9)


@given(exposures(), exposures(), NUMBERS)
def test_scaling_distributes(one, two, amount):
    left, right = amount * (one + two), amount * one + two * amount
    assert np.allclose(left.delta, right.delta, rtol=1e-9, atol=1e-3)
    assert alike(amount * one, one * amount)
    assert alike(-one, -1.0 * one)


def test_addition_is_by_name_and_not_by_place():
    one = hc.Exposure.of(MARKET, 1.0, {"A": 1.0, "B": 2.0}, {("A", "B"): 4.0})
    two = hc.Exposure.of(MARKET, 2.0, {"B": 10.0, "C": 3.0}, {("C", "B"): 8.0})
    both = one + two
    assert both.assets == ("A", "B", "C")
    assert both.value == 3.0
    assert both.delta.tolist() == [1.0, 12.0, 3.0]
    assert both.gamma.tolist() == [[0, 4, 0], [4, 0, 8], [0, 8, 0]]


def test_sum_works_on_exposures():
    one = hc.Exposure.of(MARKET, 1.0, {"A": 1.0})
    assert sum([one, one, one]).delta.tolist() == [3.0]


def test_an_array_times_an_exposure_is_an_exposure_of_its_shape():
    one = hc.Exposure.of(MARKET, 1.0, {"A": 1.0, "B": 2.0}, {("A", "A"): -1.0})
    many = np.array([1.0, 2.0, 0.0]) * one
    assert isinstance(many, hc.Exposure)
    assert many.delta.tolist() == [[1, 2], [2, 4], [0, 0]]
    assert many.gamma.shape == (3, 2, 2)
    assert np.float64(2.0) * one is not None
    assert isinstance(np.float64(2.0) * one, hc.Exposure)


def test_none_of_something_singular_is_nothing():
    steep = hc.Exposure.of(MARKET, 1.0, {"A": 1.0}, {("A", "A"): -np.inf})
    assert (0.0 * steep).gamma.tolist() == [[0.0]]
    assert (2.0 * steep).gamma.tolist() == [[-np.inf]]


def test_exposures_in_two_numeraires_do_not_add():
    euro = hc.Market(prices={"A": 3.0}, numeraire="EUR")
    with pytest.raises(hc.SpecError, match=r"EUR.*USD"):
        _ = hc.Exposure.of(MARKET, 1.0, {"A": 1.0}) + hc.Exposure.of(euro, 1.0, {"A": 1.0})


def test_exposures_at_two_prices_do_not_add():
    later = hc.Market(prices={"A": 4.0})
    with pytest.raises(hc.SpecError, match="different prices"):
        _ = hc.Exposure.of(MARKET, 1.0, {"A": 1.0}) + hc.Exposure.of(later, 1.0, {"A": 1.0})


@given(data=st.data())
def test_scalars_are_summed_as_arrays_are(data):
    """All at once, and one by one over a market of one price each: the same to the last digit."""
    names = st.lists(st.sampled_from("ABCDE"), min_size=1, unique=True)
    amounts, held = [], []
    for _ in range(data.draw(st.integers(1, 6))):
        assets = data.draw(names)
        rng = np.random.default_rng(data.draw(st.integers(0, 99)))
        n, gamma = len(assets), rng.normal(size=(len(assets),) * 2)
        known = data.draw(st.sampled_from([None, "all", "some"]))
        prices = None if known is None else np.array([float(ord(a)) for a in assets])
        if known == "some":
            prices[0] = np.nan
        amounts.append(data.draw(st.sampled_from([0.0, 1.5, 2.0])))
        gamma[0, 0] = data.draw(st.sampled_from([-np.inf, -1.0]))
        held.append((assets, rng.normal(), rng.normal(size=n), gamma + gamma.T, prices))
    flat, wide = (
        hc.Exposure.sum(
            (k, hc.Exposure(a, "USD", v * one, d * one, g * one[..., None], {}, p))
            for k, (a, v, d, g, p) in zip(amounts, held, strict=True)
        )
        for one in (np.ones(()), np.ones((1, 1)))
    )
    assert flat.assets == wide.assets
    assert np.array_equal(flat.delta, wide.delta[0], equal_nan=True)
    assert np.array_equal(flat.gamma, wide.gamma[0], equal_nan=True)
    assert (flat.prices is None) == (wide.prices is None)
    assert flat.prices is None or np.array_equal(flat.prices, wide.prices)


def test_combine_needs_terms():
    with pytest.raises(hc.SpecError, match="none"):
        hc.Exposure.sum([])


def test_over_reorders_widens_and_never_drops():
    one = hc.Exposure.of(MARKET, 1.0, {"A": 1.0, "B": 2.0}, {("A", "B"): 4.0})
    wide = one.over(["B", "C", "A"])
    assert wide.delta.tolist() == [2.0, 0.0, 1.0]
    assert wide.gamma[0, 2] == 4.0
    with pytest.raises(hc.AssetError, match="'B'"):
        one.over(["A"])


def test_other_sensitivities_add_by_name():
    one = hc.Exposure.of(MARKET, 0.0, {"A": 0.0}, other={"theta": 1.0, "vega:A": 2.0})
    two = hc.Exposure.of(MARKET, 0.0, {"A": 0.0}, other={"theta": 10.0})
    both = {name: float(number) for name, number in (one + 3.0 * two).other.items()}
    assert both == {"theta": 31.0, "vega:A": 2.0}


def test_cash_greeks_are_in_the_numeraire():
    one = hc.Exposure.of(MARKET, 1.0, {"A": 2.0, "B": -4.0}, {("A", "A"): -5.0, ("A", "B"): 3.0})
    assert one.delta_cash.tolist() == [6.0, -2.0]
    assert np.allclose(one.gamma_cash, [[-0.45, 0.045], [0.045, 0.0]], rtol=1e-15)


def test_gamma_cash_is_the_change_of_cash_delta_per_percent(product):
    pool, step = product(assets=("A", "B"), depth=10.0), 1e-6
    here = pool.exposure(hc.Market(prices={"A": 3.0, "B": 1.0}))
    up = pool.exposure(hc.Market(prices={"A": 3.0 * (1 + step), "B": 1.0}))
    moved = 3.0 * (up.delta - here.delta)[0] / step / 100
    assert np.isclose(moved, here.gamma_cash[0, 0], rtol=1e-5)


def test_cash_greeks_are_refused_without_prices():
    bare = hc.Exposure(("A",), "USD", 1.0, [1.0], [[0.0]])
    with pytest.raises(hc.SpecError, match="no prices"):
        _ = bare.delta_cash
    with pytest.raises(hc.SpecError, match="no prices"):
        _ = bare.gamma_cash


def test_loss_versus_rebalancing_of_constant_product_is_sigma_squared_over_eight(product, market):
    exposure = product(assets=("WETH", "USDC"), depth=10.0).exposure(market)
    sigma = 0.8
    rate = exposure.lvr_rate([[sigma**2, 0.0], [0.0, 0.0]])
    assert np.isclose(rate, exposure.value * sigma**2 / 8, rtol=1e-14)
    by_name = {("WETH", "WETH"): sigma**2, ("USDC", "WETH"): 0.0, ("USDC", "USDC"): 0.0}
    assert exposure.lvr_rate(by_name) == rate


def test_a_covariance_needs_all_pairs_but_those_with_the_numeraire(product):
    pool = product(assets=("WETH", "USDC"), depth=10.0)
    market = hc.Market(prices={"WETH": 3000.0}, numeraire="USDC")
    assert pool.exposure(market).lvr_rate({("WETH", "WETH"): 0.5}) > 0
    in_dollars = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0})
    with pytest.raises(hc.AssetError, match="USDC"):
        pool.exposure(in_dollars).lvr_rate({("WETH", "WETH"): 0.5})
    with pytest.raises(hc.SpecError, match=r"\(3, 3\)"):
        pool.exposure(in_dollars).lvr_rate(np.eye(3))


POSITIVE = st.floats(1e-9, 1e9)


@given(st.lists(POSITIVE, min_size=3, max_size=3), st.lists(POSITIVE, min_size=3, max_size=3))
def test_lift_keeps_euler_and_the_null_vector_in_any_market(prices, holdings):
    market = hc.Market(prices=dict(zip(NAMES, prices, strict=True)))
    bend = -np.array([[2.0, -0.5], [-0.5, 3.0]])
    up = hc.in_numeraire(NAMES, np.array(holdings), bend, market)
    scale = np.abs(up.gamma) @ np.array(prices)
    assert np.isclose(up.value, np.dot(prices, holdings), rtol=1e-15)
    assert (np.abs(up.gamma @ np.array(prices)) <= 1e-14 * scale).all()
    assert np.allclose(up.gamma, up.gamma.T, rtol=1e-15)
    assert np.allclose(up.gamma[:2, :2], bend / prices[2], rtol=1e-15)


def test_lift_of_a_pair_is_the_closed_form():
    market = hc.Market(prices={"A": 6.0, "B": 2.0})
    up = hc.in_numeraire(("A", "B"), (10.0, 30.0), np.array([[-4.0]]), market)
    assert up.delta.tolist() == [10.0, 30.0]
    assert up.gamma.tolist() == [[-2.0, 6.0], [6.0, -18.0]]
    assert up.value == 120.0


def test_lift_broadcasts_over_the_markets_shape():
    market = hc.Market(prices={"A": [[6.0], [3.0]], "B": [2.0, 1.0, 4.0]})
    up = hc.in_numeraire(
        ("A", "B"), (np.ones((2, 3)), np.ones(3)), np.full((1, 1, 2, 3), -4.0), market
    )
    assert up.value.shape == (2, 3)
    assert up.gamma.shape == (2, 3, 2, 2)
    assert np.allclose(np.matvec(up.gamma, up.prices), 0.0)


@given(entry=st.floats(1e-3, 1e3), ratio=st.floats(1e-3, 1e3))
def test_impermanent_loss_of_constant_product_is_the_textbooks(product, entry, ratio):
    pool = product(assets=("A", "B"), depth=1.0)
    loss = hc.impermanent_loss(pool, entry, entry * ratio)
    assert abs(loss - (2 * np.sqrt(ratio) / (1 + ratio) - 1)) <= 1e-14
    assert loss <= 1e-15


def test_impermanent_loss_broadcasts_entry_against_price(product, weighted):
    pool = product(assets=("A", "B"), depth=2.0)
    assert hc.impermanent_loss(pool, [[1.0], [2.0]], [1.0, 2.0, 3.0]).shape == (2, 3)
    basket = weighted(assets=("A", "B", "C"), weights=(0.5, 0.25, 0.25), depth=1.0)
    losses = hc.impermanent_loss(basket, [2.0, 3.0], np.array([[2.0, 3.0], [4.0, 3.0]]))
    assert losses.shape == (2,)
    assert abs(losses[0]) <= 1e-15
    assert np.isclose(losses[1], 2**0.5 / 1.5 - 1, rtol=1e-13)
