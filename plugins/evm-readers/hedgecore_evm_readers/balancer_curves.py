"""Curves of Balancer v3's pools that are neither weighted nor stable: a kind and its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import Call, guess_call
from hedgecore_evm_readers.balancer_pool import ONE

ECLP = "getECLPParams()(int256,int256,int256,int256,int256)"
"""First five words of an E-CLP: both edges, cosine and sine of the turn, and its stretch."""
VIRTUAL = "computeCurrentVirtualBalances()(uint256,uint256,bool)"
"""Virtual balances of a reCLAMM at the block's own time, and whether they differ from the last."""
WITHIN = "isPoolWithinTargetRangeUsingCurrentVirtualBalances()(bool,bool)"
DIGITS = 256
"""Binary digits of a square root that are kept, of which a double has 53."""
CALLS = {
    ECLP: "edges, turn and stretch, of an E-CLP of Gyroscope's",
    VIRTUAL: "of a reCLAMM: its virtual balances at this block's time",
    WITHIN: "of a reCLAMM: whether its price is within its margin, where its range stands still",
}


def curve_questions(pool: str) -> list[Call]:
    """Calls that tell such a curve, of which a pool answers those of its own."""
    return [guess_call(pool, each) for each in CALLS]


def curve_of(
    pool: str, live: Sequence[int], answers: Sequence[Any]
) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    """Kind and fields of a curve by the answers to its questions, and notes; None of any other.

    Args:
        pool: its address.
        live: balances in 18 digits and times their rates.
        answers: in the order of `curve_questions`.

    Raises:
        ReaderError: a reCLAMM has no range.

    """
    ellipse, virtual, within = answers
    if ellipse is not None:
        names = ("alpha", "beta", "c", "s", "stretch")
        words = {n: float(Fraction(word, ONE)) for n, word in zip(names, ellipse, strict=True)}
        return {"kind": "gyro-eclp", **words}, ()
    if virtual is None:
        return None, ()
    *amounts, changed = virtual
    if len(live) != len(amounts) or not all(amounts):
        raise ReaderError(
            f"the reCLAMM {pool} has {len(live)} tokens and virtual balances of {amounts}: it has"
            " no range; leave it out"
        )
    moves = changed or (within is not None and not within[0])
    return range_on(live, amounts), (_range_note(pool, moves=moves),)


def range_on(live: Sequence[int], virtual: Sequence[int]) -> dict[str, Any]:
    """Range of a constant product on real and virtual balances, as a 2-CLP: √α = V₁/L, √β = L/V₀.

    (R₀ + V₀)(R₁ + V₁) = L². Source: Balancer, `ReClammMath.computePriceRange`.
    """
    zero, one = (real + more for real, more in zip(live, virtual, strict=True))
    size = Fraction(isqrt(zero * one << 2 * DIGITS), 1 << DIGITS)
    return {
        "kind": "gyro-2clp",
        "sqrt_alpha": float(virtual[1] / size),
        "sqrt_beta": float(size / virtual[0]),
    }


def _range_note(pool: str, *, moves: bool) -> str:
    """Sentence on what of a reCLAMM's range stands still here, and does not there."""
    when = "now" if moves else "once its price is beyond its margin, or its width is being changed"
    return (
        f"the reCLAMM {pool} moves its range by time alone {when}: sqrt_alpha and sqrt_beta are"
        " those of this block, and are held still; read it again"
    )
