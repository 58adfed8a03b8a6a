"""The judge: recorded truth, and 60-digit arithmetic that shares no algebra with the plugin.

The price at x and y = qx is (q³ + 3q)/(1 + 3q²), a cubic in q that is solved by bisection;
x follows from x³y + y³x = k, gamma by the chain rule. The plugin has them in closed form.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 60
RECORDED = {
    "curve_case": recorded("curves/solidly_stable"),
    "chain_case": recorded("chain/solidly"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """What a position is worth and holds at a price, and its gamma."""

    value: Any
    base: Any
    quote: Any
    gamma: Any


def exact(number: Any) -> Any:
    """Return a float, an int, a Fraction or a decimal text in all digits."""
    if isinstance(number, Fraction):
        return MP.mpf(number.numerator) / number.denominator
    return MP.mpf(number)


def truth(price: Any, base: Any, quote: Any, gamma: Any) -> Truth:
    """Return the truth at a price, all exact."""
    return Truth(price * base + quote, base, quote, gamma)


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(exact)
    mp = MP

    @staticmethod
    def price(q: Any) -> Any:
        """Return the price where the quote held is q times the base."""
        return q * (q**2 + 3) / (1 + 3 * q**2)

    @classmethod
    def at(cls, reserves: Any, share: Any, price: Any) -> Truth:
        """Return the truth of a share at a price other than 1, inputs exact."""
        x, y = map(exact, reserves)
        price = exact(price)
        low, high = price / 4, 4 * price + 4
        for _ in range(330):
            q = (low + high) / 2
            low, high = (q, high) if cls.price(q) < price else (low, q)
        k = x * y * (x**2 + y**2)
        base = exact(share) * (k / (q + q**3)) ** (MP.mpf(1) / 4)
        fall = -base / 4 * (1 + 3 * q**2) / (q + q**3)
        slope = 3 * (q**2 - 1) ** 2 / (1 + 3 * q**2) ** 2
        return truth(price, base, q * base, fall / slope)

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = exact(float(got)), exact(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")

    @classmethod
    def worst(cls, due: Truth, model: Any, price: float) -> float:
        """Return the worst error of all that a model says: alone, in an array, in the market."""
        found = []
        for given in (price, [price]):
            value, _, gamma, held = (part.ravel() for part in map(np.asarray, model.greeks(given)))
            answers = (value[0], *held, gamma[0])
            found += [cls.error(*pair) for pair in zip(answers, due, strict=True)]
        return max(found)


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
