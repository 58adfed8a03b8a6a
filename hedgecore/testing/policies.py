"""The laws of policies: a fraction of the way, one formula for paths and steps, no memory."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.interfaces.policy import Observation
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.testing.answers import UNIT
from hedgecore.testing.law import law, require
from hedgecore.units import HOURS_PER_YEAR

PATHS, ASSETS, SEED = 64, 2, 2
UNITS = (2.0**-40, 2.0**-20, 2.0**20, 2.0**40)
"""From 1e-12 to 1e12, in powers of two, which round nothing."""
SAME = 1e-12
HEDGED = 0.1
"""The part of the moments at which nothing is open."""
PER_ASSET = {"price": 1, "delta": 1, "gamma": 2, "vol": 1, "cost": 1, "last_price": 1}
"""Fields of an observation, and how many axes of assets each has."""


@law
def fraction_between_0_and_1(policy: Any, at: Any = None) -> None:
    """Of the way to the target a part is traded, 0 to 1, by asset: S+(m,) and finite.

    Source: `AbstractPolicy.fraction`, and `initial_fraction`.
    """
    for now in _observations(at):
        found = np.asarray(policy.fraction(now))
        require(found.shape == now.delta.shape, "its shape is not the delta's",
                got=found.shape, expected=now.delta.shape)  # fmt: skip
        inside = np.isfinite(found) & (found >= 0) & (found <= 1)
        require(np.all(inside), "a part is not between 0 and 1", got=found[~inside][:1])
    first = policy.initial_fraction()
    require(0 <= first <= 1, "the part at the start is not between 0 and 1", got=first)


@law
def one_formula(policy: Any, at: Any = None) -> None:
    """Many paths, many steps of one path, and each moment alone have the same answer.

    Source: `Observation`: all arrays broadcast.
    """
    for now in _observations(at):
        together = np.asarray(policy.fraction(now))
        for index in np.ndindex(now.delta.shape[:-1]):
            alone = np.asarray(policy.fraction(_moment(now, index)))
            require(np.array_equal(alone, together[index]), "alone a moment has another answer",
                    got=alone, expected=together[index])  # fmt: skip


@law
def no_memory(policy: Any, at: Any = None) -> None:
    """The answer depends on what the policy sees alone, not on what it saw before; nothing changes.

    Source: `AbstractPolicy`: what is remembered stands in the observation.
    """
    seen = list(_observations(at))
    kept = copy.deepcopy(seen)
    first = [np.array(policy.fraction(now)) for now in seen]
    again = [np.array(policy.fraction(now)) for now in reversed(seen)][::-1]
    for one, other in zip(first, again, strict=True):
        require(np.array_equal(one, other), "asked again it says something else",
                got=other, expected=one)  # fmt: skip
    for now, then in zip(seen, kept, strict=True):
        names = [each.name for each in attrs.fields(Observation)]
        same = all(np.array_equal(getattr(now, n), getattr(then, n)) for n in names)
        require(same, "it changes what it is given")


@law
def policy_knows_no_units(policy: Any, at: Any = None) -> None:
    """In other units of money, or of an asset, it trades alike, from 1e-12 to 1e12.

    A width that is given in one of the two is kept in that: then the other is changed. Source: a
    change of unit moves no price.
    """
    alike = {"money": True, "asset": True}
    for now in _observations(at):
        expected = np.asarray(policy.fraction(now))
        for unit in UNITS:
            for name, other in (("money", _money(now, unit)), ("asset", _asset(now, unit))):
                found = np.asarray(policy.fraction(other))
                alike[name] &= bool(np.all(np.abs(found - expected) <= SAME))
    require(any(alike.values()), "its answer depends on units of money and on those of assets")


@law
def prices_stay(policy: Any, at: Any = None) -> None:  # noqa: ARG001
    """The market at which the target is computed has the prices that there are.

    Source: `AbstractPolicy.pricing_market`, which moves volatilities at most.
    """
    market = Market(prices={"A": 2.0, "B": 3.0}, numeraire=UNIT, vols={"A": 0.8, "B": 0.5})
    found = policy.pricing_market(market)
    require(isinstance(found, Market), "it returns no market", got=found)
    require(dict(found.prices) == dict(market.prices), "it moves prices", got=dict(found.prices),
            expected=dict(market.prices))  # fmt: skip


@law
def band_is_the_fraction(policy: Any, at: Any = None) -> None:
    """A band that it offers trades what the fraction says, whatever was traded before.

    Source: `AbstractPolicy.no_trade_band`, of which an engine asks for many steps at once.
    """
    for now in _observations(at):
        band = policy.no_trade_band(_before_trades(now))
        if band is None:
            continue
        far = np.abs(now.delta)
        wide = np.broadcast_to(band.width, far.shape)
        with np.errstate(all="ignore"):
            whole = 1.0 if band.to == "centre" else 1.0 - wide / far
        found, expected = np.where(far > wide, whole, 0.0), np.asarray(policy.fraction(now))
        require(np.all(np.abs(found - expected) <= SAME), "its band is not where it trades",
                got=found, expected=expected)  # fmt: skip


@law
def width_knows_no_clock(policy: Any, at: Any = None) -> None:
    """The width of an `AbstractBand` is the same at all times.

    Source: `AbstractBand.width`, of which the band engine asks for all steps once.
    """
    if not isinstance(policy, AbstractBand):
        return
    for now in _observations(at):
        later = attrs.evolve(now, step=now.step + 7, time=now.time + 0.3, dt=3.0 * now.dt)
        found, expected = policy.width(later), policy.width(now)
        require(np.array_equal(found, expected), "its width changes with the clock",
                got=found, expected=expected)  # fmt: skip


def _before_trades(now: Observation) -> Observation:
    """Observation without what trades change: the delta and the last trade."""
    unknown = np.full_like(now.delta, np.nan)
    return attrs.evolve(now, delta=unknown, last_time=unknown[..., 0], last_price=unknown)


def _observations(at: Any) -> Iterator[Observation]:
    """Observations to try: many paths at one step, many steps of one path, one moment."""
    if at is not None:
        yield at
        return
    paths = _random()
    yield paths
    steps = np.arange(1.0, PATHS + 1)
    last = {"last_time": np.zeros(()), "last_price": paths.last_price[0]}
    dt = np.full(PATHS, 1.0 / HOURS_PER_YEAR)
    yield attrs.evolve(paths, step=steps, time=steps / HOURS_PER_YEAR, dt=dt, **last)
    yield _moment(paths, (0,))


def _random() -> Observation:
    """Many paths at one step, with deltas and moves from tiny to large."""
    random = np.random.default_rng(SEED)
    shape = (PATHS, ASSETS)
    price = np.array([2000.0, 0.5]) * np.exp(0.1 * random.standard_normal(shape))
    spread = 10.0 ** random.uniform(-6, 4, shape)
    return Observation(
        step=np.asarray(24),
        time=np.asarray(24 / HOURS_PER_YEAR),
        dt=np.asarray(1 / HOURS_PER_YEAR),
        price=price,
        delta=spread * random.choice([-1.0, 1.0], shape) * (random.random(shape) > HEDGED),
        gamma=_negative(10.0 ** random.uniform(-3, 0, shape)),
        vol=np.full(shape, 0.6),
        cost=10.0 ** random.uniform(-5, -2, shape),
        last_time=random.uniform(0, 20 / HOURS_PER_YEAR, PATHS),
        last_price=price * np.exp(0.05 * random.standard_normal(shape)),
        worth=np.asarray(1e5),
    )


def _negative(roots: Array) -> Array:
    """Gammas (n, m, m) of these roots, (n, m): minus squares, and minus half of the products."""
    m = roots.shape[-1]
    return -0.5 * (1.0 + np.eye(m)) * (roots[:, :, None] * roots[:, None, :])


def _moment(now: Observation, index: tuple[int, ...]) -> Observation:
    """One moment of an observation, alone."""
    shape = now.delta.shape[:-1]

    def part(name: str) -> Array:
        array = np.asarray(getattr(now, name))
        own = array.shape[array.ndim - PER_ASSET.get(name, 0) :]
        return np.asarray(np.broadcast_to(array, (*shape, *own))[index])

    names = [each.name for each in attrs.fields(Observation) if each.name != "worth"]
    return attrs.evolve(now, **{name: part(name) for name in names})


def _money(now: Observation, unit: float) -> Observation:
    """Observation where money is counted in another unit."""
    return attrs.evolve(
        now,
        price=now.price * unit,
        last_price=now.last_price * unit,
        gamma=now.gamma / unit,
        worth=now.worth * unit,
    )


def _asset(now: Observation, unit: float) -> Observation:
    """Observation where the first asset is counted in another unit, the others as they were."""
    units = np.append(unit, np.ones(now.delta.shape[-1] - 1))
    return attrs.evolve(
        now,
        price=now.price / units,
        last_price=now.last_price / units,
        delta=now.delta * units,
        gamma=now.gamma * units[:, None] * units,
    )
