"""`lmsr-binary`: a market maker of one outcome against cash.

YES pays 1 in cash if it happens, and NO if not, so that a NO is a unit of cash less a YES. A market
maker that holds y YES and z NO holds y − z YES and z in cash: at the price P of YES

    V = b H(P),    x = V′ = b ln((1−P)/P),    z = V − P x = −b ln(1−P),    Γ = −b / (P (1−P)),

with H(P) = −P ln P − (1−P) ln(1−P). YES is held short where it is likelier than not. With m the
smaller of P and 1 − P, and X = ln((1−m)/m) = ln(1 + (1−2m)/m) its logit,

    H = m X − ln(1−m),    |x| = b X:

no two terms cancel, near 0, 1 or a half. The worth is written, and not the holdings, since P x + z
loses it where P is near 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import PayoffPool, PriceError, fields


@frozen(kw_only=True)
class LmsrBinary(PayoffPool):
    """A share of a scoring rule's inventory: YES, or short of it, and cash."""

    kind = "lmsr-binary"
    may_be_short = True
    accepts_floats = True
    example = {"assets": ["YES", "USDC"], "b": 10_000.0, "share": 0.1}

    assets: tuple[str, str] = fields.names("YES, and the cash that it pays", most=2)
    b: float = fields.number("liquidity: the most it can lose is b ln 2", "units of cash")
    share: float = fields.share()
    fee: float | None = fields.fee()

    def _value(self, price: Any) -> Any:
        self._refuse_certainty(price)
        less = _least(price, 1.0 - price)
        return self.share * self.b * (less * _logit(less) - _log1p(-less))

    def _delta(self, price: Any) -> Any:
        rest = 1.0 - price
        odds = _logit(_least(price, rest))
        return self.share * self.b * _signed(odds, rest - price)

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        return -self.share * self.b / price / (1.0 - price)

    def _refuse_certainty(self, price: Any) -> None:
        dearest = price if isinstance(price, float) else price.max(initial=0.0)
        if dearest >= 1.0:
            token, cash = self.assets
            reason = f"the price of {token} must be less than 1 {cash}, the most that it pays"
            raise PriceError(f"{self.kind}: {reason}")

    def _breakpoints(self) -> tuple[float]:
        """Price at which gamma is infinite, and which YES never has."""
        return (1.0,)


def _logit(less: Any) -> Any:
    """X of m."""
    return _log1p((1.0 - 2.0 * less) / less)


# What floats and arrays do by other names.


def _least(one: Any, other: Any) -> Any:
    return min(one, other) if isinstance(one, float) else np.minimum(one, other)


def _signed(size: Any, sign: Any) -> Any:
    return math.copysign(size, sign) if isinstance(size, float) else np.copysign(size, sign)


def _log1p(number: Any) -> Any:
    return math.log1p(number) if isinstance(number, float) else np.log1p(number)
