"""The judge: recorded truth, and 60-digit arithmetic that shares no code with the plugin."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 60
RECORDED = {
    "curve_case": recorded("curves/uniswap_v2"),
    "greeks_case": recorded(
        "curves/greeks_quote", wanted=lambda case: case["regime"] == "uniswap_v2"
    ),
    "chain_case": recorded("chain/uniswap_v2"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """What a share is worth and holds at a price, and its gamma."""

    value: Any
    base: Any
    quote: Any
    gamma: Any


def exact(number: Any) -> Any:
    """Return a float, an int, a Fraction or a decimal text in 60 digits."""
    if isinstance(number, Fraction):
        return MP.mpf(number.numerator) / number.denominator
    return MP.mpf(number)


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(exact)

    @staticmethod
    def at(reserves: Any, share: Any, price: Any) -> Truth:
        """Return the truth at a price, all inputs taken as exact: V = 2s √(r₀ r₁ P)."""
        base, quote = map(exact, reserves)
        price = exact(price)
        value = 2 * exact(share) * MP.sqrt(base * quote * price)
        return Truth(value, value / (2 * price), value / 2, -value / (4 * price**2))

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = exact(float(got)), exact(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")

    @classmethod
    def errors(cls, model: Any, price: float) -> float:
        """Return the worst error of value, delta, gamma and the quote held."""
        greeks = model.greeks(price)
        got = Truth(greeks.value, *greeks.holdings, greeks.gamma)
        return max(map(cls.error, got, cls.at(model.reserves, model.share, float(price))))


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
