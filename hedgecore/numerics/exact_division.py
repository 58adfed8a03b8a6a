"""Quotients of doubles carried as unevaluated sums of two doubles, without a fused multiply-add.

The price of one asset in another is a quotient. Rounded, it is off by up to half an ulp, which a
steep peg turns into a holdings error of A ulps, and the edge of a range into any relative error at
all. The tools are those of T. J. Dekker, "A floating-point technique for extending the available
precision", Numer. Math. 18 (1971), and of G. W. Veltkamp, whose splitting they rest on.
"""

from typing import TypeVar

from hedgecore.numerics.arrays import Array

Real = TypeVar("Real", float, Array)

SPLITTER = 2.0**27 + 1.0
"""Veltkamp's constant for 53 bits: the halves have 26 each, so that their products are exact."""


def split(number: Real) -> tuple[Real, Real]:
    """Halve the significand: number = high + low exactly (magnitudes below 1e300)."""
    shifted = SPLITTER * number
    high = shifted - (shifted - number)
    return high, number - high


def product_error(left: Real, right: Real, product: Real) -> Real:
    """Return left * right - product, exactly, where product is their rounded product."""
    left_high, left_low = split(left)
    right_high, right_low = split(right)
    error = left_high * right_high - product
    return ((error + left_high * right_low) + left_low * right_high) + left_low * right_low


def divide_exact(numerator: Real, denominator: Real) -> tuple[Real, Real]:
    """Divide to about 106 bits: numerator / denominator = high + low; shapes broadcast.

    The remainder of a rounded quotient is itself a double (Dekker, section 5), so that
    low = (numerator - high * denominator) / denominator is good to an ulp of its own.
    """
    high = numerator / denominator
    product = high * denominator
    remainder = (numerator - product) - product_error(high, denominator, product)
    return high, remainder / denominator
