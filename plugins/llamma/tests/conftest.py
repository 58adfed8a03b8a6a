"""The judge: recorded truth, and an AMM of its own that trades step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded
from hedgecore.testing.recorded import ABSENT, folder_above

MP = MPContext()
MP.dps = 60
CONTRACT = recorded("curves/llamma_contract")
RECORDED = {"curve_case": recorded("curves/llamma"), "grid_case": CONTRACT}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


@pytest.fixture(scope="session")
def contract_cases() -> list[Any]:
    """Return all recorded states of the contract."""
    folder = folder_above(__file__)
    if folder is None:
        pytest.skip(ABSENT)
    return list(CONTRACT.cases(folder))


class Amm:
    """Many LLAMMAs on the contract's invariant: (f + x)(g + y) = p A² y₀², one row a path.

    Attributes:
        upper: pu of each band, (K,).
        x: borrowed asset in each band, (N, K).
        y: collateral, (N, K).

    """

    def __init__(self, paths: int, amplification: float, upper: Any, y: Any) -> None:
        self.a, self.upper = amplification, np.asarray(upper)
        self.y = np.broadcast_to(np.asarray(y, dtype=np.float64), (paths, len(upper))).copy()
        self.x = np.zeros_like(self.y)

    def step(self, price: Any) -> None:
        """Move the oracle to `price` (N,), and trade each band until its own price is that."""
        p, a = np.asarray(price)[:, None], self.a
        middle = self.upper / p * (a - 1) * self.x + p**2 / self.upper * a * self.y
        y0 = (middle + np.sqrt(middle**2 + 4 * p * a * self.x * self.y)) / (2 * p * a)
        f, g = a * y0 * p**2 / self.upper, (a - 1) * y0 * self.upper / p
        product = p * a**2 * y0**2
        self.x = np.clip(np.sqrt(product * p) - f, 0.0, product / g - f)
        self.y = np.clip(np.sqrt(product / p) - g, 0.0, product / f - g)


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(MP.mpf)
    mp = MP
    amm = Amm

    @classmethod
    def at(cls, model: Any, price: Any) -> tuple[Any, Any, Any]:
        """Return collateral, borrowed asset and gamma at a price, all inputs exact."""
        held = [cls._band(model, row, MP.mpf(price)) for row in model.bands]
        return tuple(MP.fsum(part) for part in zip(*held, strict=True))

    @staticmethod
    def _band(model: Any, row: Any, price: Any) -> tuple[Any, Any, Any]:
        """Return the same of one band, as the record's conventions have it."""
        n, x, y = row[0], MP.mpf(row[1]), MP.mpf(row[2])
        a, p = MP.mpf(model.amplification), MP.mpf(model.oracle_price)
        up = MP.mpf(model.base_price) * ((a - 1) / a) ** n
        down = up * (a - 1) / a
        middle = up / p * (a - 1) * x + p**2 / up * a * y
        y0 = (middle + MP.sqrt(middle**2 + 4 * p * a * x * y)) / (2 * p * a)
        if model.oracle == "frozen":
            depth, low, high = a * y0 * MP.sqrt(p), p**3 / up**2, p**3 / down**2
            root = MP.sqrt(min(max(price, low), high))
            inside = low <= price < high
            gamma = -depth / (2 * price * MP.sqrt(price)) if inside else MP.mpf(0)
            return depth * (1 / root - 1 / MP.sqrt(high)), depth * (root - MP.sqrt(low)), gamma

        def whole(at: Any) -> Any:
            return up**2 - a * (up - at) ** 2

        half = MP.mpf(3) / 2
        if p >= up:
            above = y0 * up / p
        elif p <= down:
            above = y0 * p**2 / (down * MP.sqrt(up * down))
        else:
            above = y0 * whole(p) ** half / (up**2 * p)
        if price >= up:
            return above, MP.mpf(0), MP.mpf(0)
        if price < down:
            return MP.mpf(0), above * MP.sqrt(up * down), MP.mpf(0)
        w, rise, fall = whole(price), price - down, up - price
        gamma = above * up**2 * a * (w - 3 * a * rise * fall) / w ** (half + 1)
        scale = above * a / w**half
        return scale * up**2 * rise, scale * up * price**2 * fall, gamma

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
