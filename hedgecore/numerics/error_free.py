"""Error-free transformations: sums, products and quotients of doubles with what rounding drops.

The price of one asset in another is a quotient. Rounded, it is off by up to half an ulp, which a
steep peg turns into a holdings error of A ulps, and the edge of a range into any relative error at
all. So it is carried as an unevaluated sum of two doubles, without a fused multiply-add: T. J.
Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971);
the splitting is G. W. Veltkamp's.
"""

from typing import TypeVar

from hedgecore.numerics.arrays import Array

Real = TypeVar("Real", float, Array)

SPLITTER = 2.0**27 + 1.0
"""Veltkamp's constant for 53 bits: the halves have 26 each, so that their products are exact."""


def split(number: Real) -> tuple[Real, Real]:
    """Halves of a significand: number = high + low exactly (magnitudes below 1e300)."""
    shifted = SPLITTER * number
    high = shifted - (shifted - number)
    return high, number - high


def two_sum(one: Real, other: Real) -> tuple[Real, Real]:
    """Rounded sum and its error: one + other = sum + error exactly."""
    total = one + other
    part = total - one
    return total, (one - (total - part)) + (other - part)


def quick_two_sum(large: Real, small: Real) -> tuple[Real, Real]:
    """Rounded sum and its error, where |large| ≥ |small|."""
    total = large + small
    return total, small - (total - large)


def two_product(left: Real, right: Real) -> tuple[Real, Real]:
    """Rounded product and its error: left · right = product + error exactly."""
    product = left * right
    left_high, left_low = split(left)
    right_high, right_low = split(right)
    error = left_high * right_high - product
    return product, ((error + left_high * right_low) + left_low * right_high) + left_low * right_low


def divide_exact(numerator: Real, denominator: Real) -> tuple[Real, Real]:
    """Quotient to about 106 bits: numerator / denominator = high + low; shapes broadcast.

    The remainder of a rounded quotient is itself a double (Dekker, section 5), so that
    low = (numerator − high · denominator) / denominator is good to an ulp of its own.

    Example:
        >>> high, low = hc.divide_exact(1.0, 3.0)
        >>> high, f"{low:.6e}"
        (0.3333333333333333, '1.850372e-17')

    """
    high = numerator / denominator
    product, error = two_product(high, denominator)
    return high, ((numerator - product) - error) / denominator
