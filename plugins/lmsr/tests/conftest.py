"""The judge: recorded truth, and 60-digit arithmetic that shares no code with the plugin."""

from __future__ import annotations

from typing import Any

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 400
"""Prices of 1e-300 beside others of 1 are summed to all of their digits."""
RECORDED = {
    "outcomes_case": recorded("curves/lmsr"),
    "binary_case": recorded("curves/lmsr_binary"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(MP.mpf)
    mp = MP

    @staticmethod
    def outcomes(depth: Any, prices: Any) -> tuple[Any, list[Any], list[list[Any]]]:
        """Return value, holdings and gamma at prices in one unit, all inputs exact.

        x is where Σ e^(−x/b) = 1 has its normal along p; Γ = ∂x/∂p by the quotient rule.
        """
        p = [MP.mpf(each) for each in prices]
        b, total = MP.mpf(depth), sum(p)
        held = [b * MP.log(total / each) for each in p]
        n = range(len(p))
        gamma = [[b * (1 / total - (i == j) / p[i]) for j in n] for i in n]
        return sum(q * x for q, x in zip(p, held, strict=True)), held, gamma

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
