"""The judge: recorded truth, and 60-digit arithmetic that shares no code with the plugin."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 60
RECORDED = {
    "dodo_case": recorded("curves/dodo_pmm"),
    "euler_case": recorded("curves/pmm_eulerswap"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """What a pool is worth and holds at a price, and its gamma."""

    value: Any
    base: Any
    quote: Any
    gamma: Any


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(MP.mpf)
    mp = MP

    @classmethod
    def at(cls, oracle: Any, k: Any, targets: Any, price: Any, minimum: Any = (0, 0)) -> Truth:
        """Return the truth at a price, all inputs taken as exact, K > 0 on its side.

        Above, the curve is y = y0 + i (x0 − x)(1 − K + K x0/x): its slope is −P where x0/x is
        √((P/i − 1 + K)/K). Below it is the same curve with the assets and 1/i swapped.
        """
        i, p = MP.mpf(oracle), MP.mpf(price)
        (below, above), (x0, y0), (x_min, y_min) = (
            map(MP.mpf, row) for row in (k, targets, minimum)
        )
        if p < i:
            value, quote, base, gamma = cls.at(
                1 / i, (above, below), (y0, x0), 1 / p, (y_min, x_min)
            )
            return Truth(value * p, base, quote, gamma / p**3)
        free = x0 / MP.sqrt((p / i - 1 + above) / above)
        x = max(free, x_min)
        y = y0 + i * (x0 - x) * (1 - above + above * x0 / x)
        gamma = -(x**3) / (2 * i * above * x0**2) if free > x_min else MP.mpf(0)
        return Truth(p * x + y, x, y, gamma)

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = MP.mpf(float(got)), MP.mpf(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")

    @classmethod
    def worst(cls, greeks: Any, truth: Truth) -> float:
        """Return the worst relative error of value, holdings and gamma."""
        got = Truth(greeks.value, *greeks.holdings, greeks.gamma)
        return max(map(cls.error, got, truth))


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
