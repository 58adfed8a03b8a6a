"""What one unit of a thing is worth and does at each of some moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.market.exposure import Exposure
from hedgecore.numerics.arrays import Array

AFTER = ("worth", "delta", "gamma", "theta", "vega", "daily", "notional", "charge")
"""What is said of a unit once an expiry has been settled."""


@frozen(eq=False, kw_only=True)
class LegValues:
    """One unit at the end of each step, S = (K, N), over n assets.

    Attributes:
        end: S, its worth as the step ends.
        worth: S, its worth then, once it has been settled or rolled: the same, but at an expiry.
        delta: S+(n,).
        gamma: S+(n, n), likewise after; where it is infinite it stands as such.
        theta: S, per year.
        vega: S+(n,), to the volatility of each asset.
        daily: S, what its holder receives in cash per day from then on.
        notional: S, what it is on, after; NaN where it does not say.
        charge: S, the fee of trading it then; NaN where it has no rule of its own.
        flows: column of the ledger → S, what was paid to its holder over the step, in cash.
        basis: S or (1, 1), the part of `end` and `worth` that is its premium over the index.
        payment: S or (1, 1), the funding of one payment at that moment, at the rate then; at a rate
            of 1 where payments bring rates of their own.
        kept: (K, 1), 0 where it is settled for good as the step ends, and is no more; else 1.

    """

    end: Array
    worth: Array
    delta: Array
    gamma: Array
    theta: Array
    vega: Array
    daily: Array
    notional: Array
    charge: Array
    flows: Mapping[str, Array] = field(factory=dict)
    basis: Array = field(factory=lambda: np.zeros((1, 1)))
    payment: Array = field(factory=lambda: np.zeros((1, 1)))
    kept: Array = field(factory=lambda: np.ones((1, 1)))


def leg_values(exposure: Exposure, assets: Sequence[str], shape: tuple[int, ...]) -> LegValues:
    """Numbers of an exposure, S or less, over `assets`, of shape S."""
    n = len(assets)
    delta, gamma = np.zeros((*shape, n)), np.zeros((*shape, n, n))
    place = {asset: i for i, asset in enumerate(exposure.assets)}
    there = [(i, place[asset]) for i, asset in enumerate(assets) if asset in place]
    for i, own in there:
        delta[..., i] = exposure.delta[..., own]
        for j, other in there:
            gamma[..., i, j] = exposure.gamma[..., own, other]
    vega = np.zeros((*shape, n))
    for i, asset in enumerate(assets):
        vega[..., i] = exposure.other.get(f"vega:{asset}", 0.0)
    theta = np.broadcast_to(exposure.other.get("theta", np.zeros(())), shape)
    worth = np.broadcast_to(exposure.value, shape)
    none, silent = np.broadcast_to(0.0, shape), np.broadcast_to(np.nan, shape)
    return LegValues(
        end=worth, worth=worth, delta=delta, gamma=gamma, theta=theta, vega=vega, daily=none,
        notional=silent, charge=silent,
    )  # fmt: skip


def empty_values(there: LegValues) -> LegValues:
    """Values of nothing at the same moments."""
    parts = ("end", *AFTER)
    return evolve(there, **{name: np.zeros_like(getattr(there, name)) for name in parts})


def with_settlement(part: LegValues, fresh: LegValues, *, kept: bool) -> LegValues:
    """Values up to an expiry, the last moment as `fresh` has it once the end is settled.

    Args:
        part: up to an expiry.
        fresh: the moment of the expiry, with what comes after it.
        kept: whether anything comes.

    """
    pairs = {name: (getattr(part, name)[:-1], getattr(fresh, name)) for name in AFTER}
    later: dict[str, Any] = {name: np.concatenate(pair) for name, pair in pairs.items()}
    ends = np.ones((len(part.end), 1))
    ends[-1] = float(kept)
    return evolve(part, kept=ends, **later)


def concatenate(parts: Sequence[LegValues]) -> LegValues:
    """Values of consecutive parts as one."""
    if len(parts) == 1:
        return parts[0]
    names = ("end", *AFTER, "kept")
    whole: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts]) for n in names}
    return LegValues(**whole)


def last_moment(there: LegValues) -> LegValues:
    """Values at the last of some moments."""
    names = ("end", *AFTER, "basis", "payment")
    return LegValues(**{name: getattr(there, name)[-1:] for name in names})
