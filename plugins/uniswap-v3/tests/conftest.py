"""The judge: recorded truth, and 60-digit arithmetic that shares no code with the plugin."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 60
POSITIONS, GREEKS = "curves/uniswap_v3_position", "curves/greeks_quote"
RECORDED = {
    "position_case": recorded(POSITIONS),
    "jump_case": recorded(POSITIONS, wanted=lambda case: "gamma_left" in case["expected"]),
    "tick_case": recorded(POSITIONS, wanted=lambda case: "tick_lower" in case["params"]),
    "book_case": recorded("curves/uniswap_v3_book"),
    "ticks_case": recorded("curves/ranges_by_ticks"),
    "greeks_case": recorded(GREEKS, wanted=lambda case: case["regime"] == "uniswap_v3"),
    "chain_case": recorded("chain/uniswap_v3", "chain/uniswap_v4"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """What a position is worth and holds at a price, and its gamma to the right."""

    value: Any
    base: Any
    quote: Any
    gamma: Any


class Range(NamedTuple):
    """The textbook formulas, as they stand in the whitepaper."""

    liquidity: Any
    lower: Any
    upper: Any

    def at(self, price: Any) -> Truth:
        """Return the truth at a price, taken as exact."""
        price = exact(price)
        held = min(max(price, self.lower), self.upper)
        base = self.liquidity * (1 / MP.sqrt(held) - 1 / MP.sqrt(self.upper))
        quote = self.liquidity * (MP.sqrt(held) - MP.sqrt(self.lower))
        inside = self.lower <= price < self.upper
        gamma = -self.liquidity / (2 * price * MP.sqrt(price)) if inside else MP.zero
        return Truth(price * base + quote, base, quote, gamma)


def exact(number: Any) -> Any:
    """Return a float, an int, a Fraction or a decimal text in 60 digits."""
    if isinstance(number, Fraction):
        return MP.mpf(number.numerator) / number.denominator
    return MP.mpf(number)


def _edge(tick: int, exponent: int) -> Any:
    """Return 1.0001^tick · 10^exponent: only the first few powers can be doubles, so exactly."""
    if abs(tick) < 16:
        return exact(Fraction(10001, 10000) ** tick * Fraction(10) ** exponent)
    return MP.mpf("1.0001") ** tick * MP.mpf(10) ** exponent


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(exact)

    @staticmethod
    def between(liquidity: Any, lower: Any, upper: Any) -> Range:
        """Return the truth of a range between two prices."""
        return Range(exact(liquidity), exact(lower), exact(upper))

    @staticmethod
    def position(table: dict[str, Any]) -> Range:
        """Return the truth of a `uniswap-v3-position`, in the quote that it names."""
        zero, one = table.get("decimals", (0, 0))
        lower, upper = (_edge(table[side], zero - one) for side in ("tick_lower", "tick_upper"))
        whole = exact(table["liquidity"]) / MP.sqrt(MP.mpf(10) ** (zero + one))
        if table.get("quote") == table["tokens"][0]:
            return Range(whole, 1 / upper, 1 / lower)
        return Range(whole, lower, upper)

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = exact(float(got)), exact(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")

    @staticmethod
    def total(ranges: Iterable[Range], price: Any) -> Truth:
        """Return the truth of many ranges together at a price."""
        each = [one.at(price) for one in ranges]
        return Truth(*(MP.fsum(part) for part in zip(*each, strict=True)))

    @classmethod
    def errors(cls, model: Any, truth: Range, prices: Any) -> list[float]:
        """Return the worst errors of value, delta, gamma and the quote held, over `prices`."""
        greeks = model.greeks(prices)
        worst = [0.0] * 4
        rows = zip(greeks.value, greeks.delta, greeks.gamma, greeks.holdings[:, 1], strict=True)
        for price, (value, delta, gamma, quote) in zip(prices, rows, strict=True):
            at = truth.at(float(price))
            pairs = (value, at.value), (delta, at.base), (gamma, at.gamma), (quote, at.quote)
            worst = [max(w, cls.error(*pair)) for w, pair in zip(worst, pairs, strict=True)]
        return worst


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
