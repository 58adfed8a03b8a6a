"""The judge: recorded truth, and 80-digit arithmetic on the textbook's formulas.

Those cancel, which 80 digits can afford: x = L (1/√P − 1/√β) of the 2-CLP; of the E-CLP the value
r [P N'(β) + N(α) − αN'(α) − N(P)] and its derivatives, with r of the contract's own quadratic.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 80
RECORDED = {
    "range_case": recorded("curves/gyro_2clp"),
    "ellipse_case": recorded("curves/gyro_eclp"),
    "chain_case": recorded("chain/gyro_eclp"),
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
    def range(model: Any, price: Any) -> Truth:
        """Return the truth of a 2-CLP at a price of whole coins, inputs exact."""
        low, high = exact(model.sqrt_alpha), exact(model.sqrt_beta)
        one, two = map(exact, model.rates)
        x, y = (exact(b) * exact(r) for b, r in zip(model.balances, model.rates, strict=True))
        a, b = 1 - low / high, y / high + x * low
        size = exact(model.share) * (b + MP.sqrt(b**2 + 4 * a * x * y)) / (2 * a)
        scaled = exact(price) * two / one
        root = min(max(MP.sqrt(scaled), low), high)
        inside = low**2 <= scaled < high**2
        gamma = -size / (2 * scaled * MP.sqrt(scaled)) * two / one**2 if inside else MP.mpf(0)
        base, quote = size * (1 / root - 1 / high) / one, size * (root - low) / two
        return truth(exact(price), base, quote, gamma)

    @classmethod
    def ellipse(cls, model: Any, price: Any) -> Truth:
        """Return the truth of an E-CLP at a price of whole coins, inputs exact."""
        one, two = map(exact, model.rates)
        size, ends = cls.size(model), cls.ends(model)
        scaled = exact(price) * two / one
        alpha, beta = exact(model.alpha), exact(model.beta)
        inside = alpha <= scaled < beta
        length, slope, bend = cls.length(model, min(max(scaled, alpha), beta))
        held = min(max(scaled, alpha), beta)
        base = size * (ends[0] - slope) / one
        quote = size * (ends[1] - (length - held * slope)) / two
        gamma = -size * bend * two / one**2 if inside else MP.mpf(0)
        part = exact(model.share)
        return truth(exact(price), part * base, part * quote, part * gamma)

    @staticmethod
    def turn(model: Any) -> tuple[Any, Any, Any]:
        """Return c, s, normalised, and λ."""
        c, s = exact(model.c), exact(model.s)
        norm = MP.sqrt(c**2 + s**2)
        return c / norm, s / norm, exact(model.stretch)

    @classmethod
    def length(cls, model: Any, price: Any) -> tuple[Any, Any, Any]:
        """Return N, N' and N'' at a scaled price."""
        c, s, stretch = cls.turn(model)
        across, along = stretch * (c * price - s), s * price + c
        n = MP.sqrt(across**2 + along**2)
        return n, (stretch * c * across + s * along) / n, stretch**2 / n**3

    @classmethod
    def ends(cls, model: Any) -> tuple[Any, Any]:
        """Return χ = (N'(β), N(α) − αN'(α))."""
        alpha = exact(model.alpha)
        n, slope, _ = cls.length(model, alpha)
        return cls.length(model, exact(model.beta))[1], n - alpha * slope

    @classmethod
    def size(cls, model: Any) -> Any:
        """Return the larger r with |A(t − rχ)| = r at the scaled balances."""
        c, s, stretch = cls.turn(model)
        t = [exact(b) * exact(r) for b, r in zip(model.balances, model.rates, strict=True)]

        def turned(v: Any) -> tuple[Any, Any]:
            return (c * v[0] - s * v[1]) / stretch, s * v[0] + c * v[1]

        one, other = turned(t), turned(cls.ends(model))
        square = other[0] ** 2 + other[1] ** 2 - 1
        middle = one[0] * other[0] + one[1] * other[1]
        root = MP.sqrt(middle**2 - square * (one[0] ** 2 + one[1] ** 2))
        return (middle + root) / square

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
