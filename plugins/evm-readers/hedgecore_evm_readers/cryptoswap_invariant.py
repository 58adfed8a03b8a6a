"""D of a CryptoSwap pool to forty digits: the proof that a pool was understood.

With n coins, K₀ = nⁿ Πx/Dⁿ and K = A K₀ γ²/(γ + 1 − K₀)²,

    F(D) = K Dⁿ⁻¹ Σx + Πx − K Dⁿ − (D/n)ⁿ

is not negative at n times the geometric mean of the balances, and not positive at their sum. D is
between them, where F is 0.

Source: Egorov, *Automatic market-making with dynamic peg*, 2021; A nⁿ is A() over 10000.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from math import prod

A_MULTIPLIER = 10_000
DIGITS, HALVINGS = 40, 140


def invariant(scaled: Sequence[int], amplification: int, gamma: int) -> Decimal:
    """D of balances in 18 digits of coin 0; A as ``A()`` gives it, gamma times 10¹⁸."""
    with localcontext(Context(prec=DIGITS)):
        x = [Decimal(each) for each in scaled]
        n, total, product = len(x), sum(x), prod(x)
        a, g = Decimal(amplification) / A_MULTIPLIER / n**n, Decimal(gamma).scaleb(-18)

        def above(d: Decimal) -> bool:
            k0 = product * (n / d) ** n
            k = a * k0 * (g / (g + 1 - k0)) ** 2
            return bool(k * d ** (n - 1) * (total - d) + product - (d / n) ** n > 0)

        low, high = product ** (Decimal(1) / n) * n, Decimal(total)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if above(middle) else (low, middle)
        return high
