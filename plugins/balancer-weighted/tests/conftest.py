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
    "curve_case": recorded("curves/balancer_weighted"),
    "chain_case": recorded("chain/balancer_weighted"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """What a share is worth and holds at some prices, and its gamma."""

    value: Any
    held: list[Any]
    gamma: list[list[Any]]


def exact(number: Any) -> Any:
    """Return a float, an int, a Fraction or a decimal text in 60 digits."""
    if isinstance(number, Fraction):
        return MP.mpf(number.numerator) / number.denominator
    return MP.mpf(number)


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(exact)
    mp = MP

    @staticmethod
    def at(weights: Any, balances: Any, share: Any, prices: Any) -> Truth:
        """Return the truth at prices in one unit, inputs exact, weights over their sum.

        V = Π (p_i B_i / w_i)^w_i, by powers; x_i = w_i V / p_i; Γ_ij = x_i (w_j − δ_ij) / p_j.
        """
        w, b, p = ([exact(x) for x in row] for row in (weights, balances, prices))
        w = [each / sum(w) for each in w]
        whole = [q * x / u for q, x, u in zip(p, b, w, strict=True)]
        value = exact(share) * MP.fprod(s**u for s, u in zip(whole, w, strict=True))
        held = [u * value / q for u, q in zip(w, p, strict=True)]
        n = range(len(w))
        gamma = [[held[i] * (w[j] - (i == j)) / p[j] for j in n] for i in n]
        return Truth(value, held, gamma)

    @staticmethod
    def invariant(weights: Any, balances: Any) -> Any:
        """Return Π B_i^w_i."""
        pairs = zip(map(exact, weights), map(exact, balances), strict=True)
        return MP.fprod(b**w for w, b in pairs)

    @staticmethod
    def paid(weights: Any, balances: Any, way: tuple[int, int], given: Any) -> Any:
        """Return what the curve pays out of asset `way[1]` for `given` of `way[0]`, no fee."""
        (w_in, w_out), (b_in, b_out) = ([exact(row[i]) for i in way] for row in (weights, balances))
        return b_out * -MP.expm1(-MP.log1p(exact(given) / b_in) * w_in / w_out)

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = exact(float(got)), exact(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")

    @classmethod
    def worst(cls, truth: Truth, value: Any, held: Any, gamma: Any) -> float:
        """Return the worst relative error: of the value, each holding, and each entry of gamma."""
        pairs = [(value, truth.value), *zip(held, truth.held, strict=True)]
        for mine, theirs in zip(gamma, truth.gamma, strict=True):
            pairs += zip(mine, theirs, strict=True)
        return max(cls.error(mine, theirs) for mine, theirs in pairs)


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle
