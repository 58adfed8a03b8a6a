"""What a plugin's formulas return: nonsense is refused by kind, and −∞ gammas are legal."""

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc


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

    def _breakpoints(self):
        return np.array([3.0, 1.0])


def test_an_infinite_gamma_is_legal_and_spares_value_and_delta():
    pool = Vertical()
    assert pool.gamma(1.0) == -np.inf
    assert pool.gamma([1.0, 2.0]).tolist() == [-np.inf, -1.0]
    assert pool.delta(1.0) == 1.0
    exposure = pool.exposure(hc.Market(prices={"A": 5.0, "B": 5.0}))
    assert exposure.delta.tolist() == [1.0, 2.0]
    assert exposure.gamma[0, 0] == -np.inf


def test_breaks_ascend_and_there_are_none_by_default(product):
    assert Vertical().breakpoints() == (1.0, 3.0)
    assert product(assets=("A", "B"), depth=10.0).breakpoints() == ()


@pytest.mark.parametrize("assets", [("A",), (), ("A", ""), ("A", 1), ("A", None)])
def test_assets_are_names(assets):
    with pytest.raises(hc.SpecError, match=r"odd\.assets"):
        Odd(assets=assets)


def test_an_asset_named_twice_is_refused_by_name(product):
    with pytest.raises(hc.SpecError, match="names 'A' twice"):
        product(assets=("A", "A"), depth=1.0)


def test_what_a_formula_raises_names_the_kind_that_it_is_of():
    @frozen(kw_only=True)
    class Raises(hc.PairPool):
        kind = "raises"
        assets: tuple[str, str] = ("A", "B")

        def _holdings(self, price):  # noqa: ARG002
            raise KeyError("state")

    with pytest.raises(KeyError) as caught:
        Raises().value(np.array([1.0, 2.0]))
    assert caught.value.__notes__ == ["in a formula of 'raises'"]
