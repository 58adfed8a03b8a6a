"""The judge: recorded truth, and 60-digit arithmetic that shares no code with the plugin."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 60
RECORDED = {"bins_case": recorded("curves/lb_bins", "curves/bins_decimals")}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """What a ladder is worth and holds at a price, to the right and to the left."""

    value: Any
    base: Any
    base_left: Any
    quote: Any


class Oracle:
    """What tests ask of the judge."""

    exact: Callable[[Any], Any] = MP.mpf
    mp = MP

    @staticmethod
    def price(step: int, index: int, exponent: int = 0) -> Any:
        """Return (1 + step/10⁴)^index · 10^exponent; small powers may be doubles, so exactly."""
        if abs(index) < 64:
            exact = Fraction(10**4 + step, 10**4) ** index * Fraction(10) ** exponent
            return MP.mpf(exact.numerator) / exact.denominator
        return (1 + MP.mpf(step) / 10**4) ** index * MP.mpf(10) ** exponent

    @classmethod
    def at(cls, table: dict[str, Any], price: Any) -> Truth:
        """Return the truth of a table of `liquidity-bins` at a price, by the sum of minima."""
        zero, (dx, dy) = table.get("zero_id", 8388608), table.get("decimals", (0, 0))
        worth = base = left = quote = MP.zero
        for index, x, y in table["bins"]:
            own = cls.price(table["bin_step"], index - zero, dx - dy)
            depth = MP.mpf(x) * own + MP.mpf(y)
            worth += depth * min(MP.one, MP.mpf(price) / own)
            base += depth / own if own > price else 0
            left += depth / own if own >= price else 0
            quote += depth if own <= price else 0
        share = MP.mpf(table.get("share", 1))
        return Truth(*(share * each for each in (worth, base, left, quote)))

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = MP.mpf(float(got)), MP.mpf(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
