"""Values of one unit of a thing, and its Greeks, at each of some moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.market.exposure import Exposure
from hedgecore.numerics.arrays import Array, read_only
from hedgecore.numerics.columns import broadcast, compact

Greek: TypeAlias = tuple[str, tuple[int, ...]]
"""A sensitivity by its name and the places of its assets: ``("gamma", (0, 1))``, ``("theta", ())``.
"""

NUMBERS = ("worth", "daily", "notional", "charge")
"""Numbers of a unit that change once an expiry has been settled, beside its Greeks."""


NONE, ONE = read_only(np.zeros((1, 1))), read_only(np.ones((1, 1)))
"""A number that is 0 at all moments, and one that is 1."""
UNSAID = read_only(np.full((1, 1), np.nan))
"""A number that is not said at any moment."""


@frozen(eq=False, kw_only=True)
class LegValues:
    """One unit at the end of each step, S = (K, N); all but its worth S, or (1, 1) where constant.

    Attributes:
        end: S, its worth as the step ends.
        worth: S, its worth then, once it has been settled or rolled: the same, but at an expiry.
        greeks: those that are not 0, after: delta, gamma (where it is infinite it stands as such),
            theta per year, and vega to the volatility of each asset.
        daily: what its holder receives in cash per day from then on.
        notional: what it is on, after; NaN where it does not say.
        charge: the fee of trading it then; NaN where it has no rule of its own.
        flows: column of the ledger → S, what was paid to its holder over the step, in cash.
        basis: the part of `end` and `worth` that is its premium over the index.
        payment: (1, N) or (1, 1), the funding of one payment as the last step ends, at the rate
            then; at a rate of 1 where payments bring rates of their own.
        kept: (K, 1) or (1, 1), 0 where it is settled for good as the step ends, and is no more;
            else 1.

    """

    end: Array
    worth: Array
    greeks: Mapping[Greek, Array]
    daily: Array = NONE
    notional: Array = UNSAID
    charge: Array = UNSAID
    flows: Mapping[str, Array] = field(factory=dict)
    basis: Array = NONE
    payment: Array = NONE
    kept: Array = ONE

    def greek(self, name: str, *assets: int) -> Array:
        """One of the Greeks, S or (1, 1), by the places of its assets."""
        return self.greeks.get((name, assets), NONE)


def leg_values(exposure: Exposure, assets: Sequence[str], shape: tuple[int, int]) -> LegValues:
    """Numbers of an exposure, S or less, over `assets`, of shape S."""
    worth = broadcast(exposure.value, shape)
    greeks = without_zeros(_greeks(exposure, assets), shape)
    return LegValues(end=worth, worth=worth, greeks=greeks)


def without_zeros(greeks: Mapping[Greek, Array], shape: tuple[int, int]) -> dict[Greek, Array]:
    """Greeks that are not 0 all over S, each S, or (1, 1) where it is constant."""
    found = {greek: compact(number, shape) for greek, number in greeks.items()}
    return {greek: number for greek, number in found.items() if number.size > 1 or number.any()}


def _greeks(exposure: Exposure, assets: Sequence[str]) -> dict[Greek, Array]:
    place = {asset: i for i, asset in enumerate(assets)}
    known = [(place[asset], own) for own, asset in enumerate(exposure.assets) if asset in place]
    greeks: dict[Greek, Array] = {}
    for i, own in known:
        greeks["delta", (i,)] = exposure.delta[..., own]
        for j, other in known:
            greeks["gamma", (i, j)] = exposure.gamma[..., own, other]
    for name, number in exposure.other.items():
        what, _, asset = name.partition(":")
        if what == "theta":
            greeks["theta", ()] = number
        elif what == "vega" and asset in place:
            greeks["vega", (place[asset],)] = number
    return greeks


def empty_values(there: LegValues) -> LegValues:
    """Values of nothing at the same moments."""
    none = np.zeros_like(there.end)
    return LegValues(
        end=none, worth=none, greeks={}, notional=np.zeros((1, 1)), charge=np.zeros((1, 1))
    )


def with_settlement(part: LegValues, fresh: LegValues, *, kept: bool) -> LegValues:
    """Values up to an expiry, the last moment as `fresh` has it once the end is settled.

    Args:
        part: up to an expiry.
        fresh: the moment of the expiry, with what comes after it.
        kept: whether anything comes.

    """
    steps, paths = part.end.shape
    shapes = (steps, paths), (1, paths)

    def join_ends(numbers: Sequence[Array]) -> Array:
        before, after = map(np.broadcast_to, numbers, shapes)
        return np.concatenate([before[:-1], after])

    ends = np.ones((steps, 1))
    ends[-1] = float(kept)
    return evolve(part, kept=ends, **_join([part, fresh], NUMBERS, join_ends))


def concatenate(parts: Sequence[LegValues]) -> LegValues:
    """Values of consecutive parts as one."""
    if len(parts) == 1:
        return parts[0]
    shapes = [part.end.shape for part in parts]

    def join_ends(numbers: Sequence[Array]) -> Array:
        return np.concatenate(list(map(np.broadcast_to, numbers, shapes)))

    kept = np.concatenate([np.broadcast_to(part.kept, (len(part.end), 1)) for part in parts])
    return LegValues(kept=kept, **_join(parts, ("end", *NUMBERS), join_ends))


def _join(
    parts: Sequence[LegValues], names: Sequence[str], join_ends: Callable[[Sequence[Array]], Array]
) -> dict[str, Any]:
    """Fields of some parts, joined one by one; a Greek that a part lacks is 0 there."""
    greeks = dict.fromkeys(greek for part in parts for greek in part.greeks)
    return {
        **{name: join_ends([getattr(part, name) for part in parts]) for name in names},
        "greeks": {g: join_ends([p.greeks.get(g, NONE) for p in parts]) for g in greeks},
    }


def last_moment(there: LegValues) -> LegValues:
    """Values at the last of some moments, apart from those before it."""
    names = ("end", *NUMBERS, "basis", "payment")
    numbers: dict[str, Any] = {name: _last(getattr(there, name)) for name in names}
    greeks = {greek: _last(number) for greek, number in there.greeks.items()}
    return LegValues(greeks=greeks, **numbers)


def _last(number: Array) -> Array:
    return number if number.size == 1 else number[-1:].copy()
