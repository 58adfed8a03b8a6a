"""Market: prices of named assets in one named numeraire."""

import pickle

import numpy as np
import pytest

import hedgecore as hc


def test_a_price_is_what_was_given_as_float64():
    market = hc.Market(prices={"WETH": 3000, "USDC": np.float32(1.0)})
    assert market.price("WETH") == 3000.0
    assert market.price("WETH").dtype == np.float64
    assert market.price("USDC").dtype == np.float64


def test_the_numeraire_has_price_one_without_being_given():
    market = hc.Market(prices={"WETH": 3000.0}, numeraire="USD")
    assert market.price("USD") == 1.0
    assert hc.Market(prices={"USD": 1.0}).price("USD") == 1.0


def test_the_numeraire_is_a_name_and_not_whoever_costs_one():
    market = hc.Market(prices={"USDC": 1.0, "DAI": 1.0})
    assert market.numeraire == "USD"


@pytest.mark.parametrize("own", [1.0001, [1.0, 2.0]])
def test_a_numeraire_at_another_price_is_refused_by_name(own):
    with pytest.raises(hc.SpecError, match=r"market\.prices\.USDC: USDC is the numeraire"):
        hc.Market(prices={"USDC": own}, numeraire="USDC")


@pytest.mark.parametrize("bad", [0, -1.0, np.nan, np.inf, -np.inf, [1.0, 0.0], [[np.nan]]])
def test_prices_are_positive_and_finite(bad):
    with pytest.raises(hc.PriceError, match=r"price of 'WETH' is .*must be positive and finite"):
        hc.Market(prices={"WETH": bad})


@pytest.mark.parametrize(
    "bad",
    ["3000", "x", None, object(), 1j, np.array([1 + 2j]), True, [1, "2"], {}, [[1], [1, 2]]],
    ids=lambda bad: f"{bad!r:.9}",
)
def test_what_is_no_number_is_no_price(bad):
    with pytest.raises(hc.PriceError, match="WETH"):
        hc.Market(prices={"WETH": bad})


def test_an_integer_beyond_all_floats_is_no_price():
    with pytest.raises(hc.PriceError, match="WETH"):
        hc.Market(prices={"WETH": 10**400})


def test_shapes_broadcast_to_one():
    market = hc.Market(prices={"A": np.ones((2, 1)), "B": np.ones(3), "C": 2.0})
    assert market.shape == (2, 3)
    assert market.vector(["C", "A"]).shape == (2, 3, 2)
    assert market.price("C").shape == ()
    assert hc.Market(prices={}).shape == ()


def test_shapes_that_do_not_broadcast_are_refused_with_the_shapes():
    with pytest.raises(hc.PriceError, match=r"'A': \(2,\), 'B': \(3,\)"):
        hc.Market(prices={"A": [1.0, 2.0], "B": [1.0, 2.0, 3.0]})


def test_a_vector_is_in_the_order_asked_for(market):
    assert market.vector(["USDC", "WBTC"]).tolist() == [0.999, 60000.0]
    assert market.vector([]).shape == (0,)
    assert hc.Market(prices={"A": np.ones(4)}).vector([]).shape == (4, 0)


def test_an_asset_without_a_price_is_named_with_the_nearest(market):
    with pytest.raises(hc.AssetError, match=r"no price for 'WETHH'.*did you mean 'WETH'"):
        market.price("WETHH")
    with pytest.raises(hc.AssetError, match="it has none"):
        hc.Market(prices={}).price("WETH")


def test_a_market_does_not_change_with_what_it_was_made_of():
    given, prices = np.array([1.0, 2.0]), {}
    prices["A"] = given
    market = hc.Market(prices=prices)
    given[0] = 7.0
    prices["B"] = 1.0
    assert market.price("A").tolist() == [1.0, 2.0]
    assert "B" not in market.prices


def test_a_market_cannot_be_changed(market):
    with pytest.raises(TypeError):
        market.prices["WETH"] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        market.price("WETH")[...] = 1.0
    with pytest.raises(AttributeError):
        market.numeraire = "EUR"


def test_a_callers_array_stays_writeable():
    given = np.array([1.0, 2.0])
    hc.Market(prices={"A": given})
    given[0] = 3.0


def test_equal_markets_are_equal_and_others_are_not():
    def make(**more):
        return hc.Market(**{"prices": {"A": [1.0, 2.0], "B": 3.0}, "time": 0.5, **more})

    assert make() == make()
    assert make() != make(time=0.25)
    assert make() != make(prices={"A": [1.0, 2.0], "B": 4.0})
    assert make() != make(prices={"A": [1.0, 2.0]})
    assert make() != make(vols={"A": 0.5})


def test_markets_pickle():
    market = hc.Market(
        prices={"A": [1.0, 2.0]}, numeraire="EUR", time=1.0, vols={"A": 0.5}, rates={"EUR": 0.02}
    )
    assert pickle.loads(pickle.dumps(market)) == market  # noqa: S301


def test_a_market_of_a_thousand_names_does_not_recite_them():
    market = hc.Market(prices={f"ASSET{i}" + "X" * 1000: 1.0 for i in range(1000)})
    with pytest.raises(hc.AssetError) as caught:
        market.price("Y" * 10**6)
    assert len(str(caught.value)) < 500


def test_parts_of_a_market_are_a_market_of_another_shape():
    """And a field that a market has not is refused."""
    whole = hc.Market(prices={"A": [1.0, 2.0, 3.0], "B": 2.0}, vols={"A": 0.5}, time=1.0)
    assert whole.shape == (3,)
    prices = {asset: price[1:] if price.ndim else price for asset, price in whole.prices.items()}
    part = whole.replace_unchecked(prices=prices)
    assert part == hc.Market(prices={"A": [2.0, 3.0], "B": 2.0}, vols={"A": 0.5}, time=1.0)
    assert (part.shape, whole.shape) == ((2,), (3,))
    with pytest.raises(AttributeError, match="price"):
        whole.replace_unchecked(price=prices)
