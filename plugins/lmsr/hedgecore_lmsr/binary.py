"""`lmsr-binary`: a market maker of one outcome against cash.

YES pays 1 in cash if it happens, and NO if not, so that a NO is a unit of cash less a YES. A market
maker that holds y YES and z NO holds y − z YES and z in cash: at the price P of YES

    V = b H(P),    x = V′ = b ln((1−P)/P),    z = V − P x = −b ln(1−P),    Γ = −b / (P (1−P)),

with H(P) = −P ln P − (1−P) ln(1−P). YES is held short where it is likelier than not. The worth is
written, and not the holdings, since P x + z loses it where P is near 1. Near a half, w = 1 − 2P has
no rounding, and in H = ln 2 − (ln(1−w²) + w (ln(1+w) − ln(1−w)))/2 no two terms of the slope nearly
cancel, as those of ln P and ln(1−P) do.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import PayoffPool, PriceError, fields

NEAR = 1 / 8
"""Up to which |w| a price is near a half."""


@frozen(kw_only=True)
class LmsrBinary(PayoffPool):
    """A share of a scoring rule's inventory: YES, or short of it, and cash."""

    kind = "lmsr-binary"
    may_be_short = True
    example = {"assets": ["YES", "USDC"], "b": 10_000.0, "share": 0.1}

    assets: tuple[str, str] = fields.names("YES, and the cash that it pays", most=2)
    b: float = fields.number("liquidity: the most it can lose is b ln 2", "units of cash")
    share: float = fields.share()
    fee: float | None = fields.fee()

    def _value(self, price: Any) -> Any:
        if np.any(price >= 1.0):
            token, cash = self.assets
            reason = f"the price of {token} must be less than 1 {cash}, the most that it pays"
            raise PriceError(f"{self.kind}: {reason}")
        apart = 1.0 - 2.0 * price
        near = (apart < NEAR) & (apart > -NEAR)
        return self.share * self.b * np.where(near, _close(apart), _far(price))

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        return -self.share * self.b / price / (1.0 - price)

    def _breakpoints(self) -> tuple[float]:
        """Price at which gamma is infinite, and which YES never has."""
        return (1.0,)


def _close(apart: Any) -> Any:
    """Entropy H, from w."""
    odds = np.log1p(apart) - np.log1p(-apart)
    return math.log(2.0) - 0.5 * (np.log1p(-apart * apart) + apart * odds)


def _far(price: Any) -> Any:
    """Entropy H, from P."""
    rest = 1.0 - price
    return -(price * np.log(price) + rest * np.log1p(-price))
