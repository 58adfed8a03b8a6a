"""What a strip can be made of: the options of one expiry and the underlying, as payoffs in cash.

What an instrument pays is what it says itself, `worth` at expiry as traded now. Of an option that
is held against the payoff of its fields, so that a strike in another unit, or a right that is no
European one, is an error and not a wrong strip.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from hedgecore import HedgeError, HedgeProblem, Instrument, entered
from hedgecore_static_strip.listed import HOUR, Dated, Listed, expiry, options_of
from hedgecore_static_strip.menu import Menu
from hedgecore_static_strip.payoff import Array
from hedgecore_static_strip.scene import LINEAR, Scene, straight

RIGHTS = {"call": 1.0, "put": -1.0}


@frozen(eq=False, kw_only=True)
class Shelf:
    """The instruments of one strip.

    Attributes:
        options: of one asset and one expiry, their strikes within the range.
        underlying: what moves with the price, one for one.
        menu: their payoffs in cash.
        unused: name → why an instrument of this asset is left out.

    """

    options: tuple[Instrument, ...]
    underlying: Instrument
    menu: Menu
    unused: dict[str, str]


def shelf(problem: HedgeProblem, scene: Scene) -> Shelf:
    """Return the options and the underlying of a strip, with their payoffs.

    Raises:
        HedgeError: nothing to make it of, or an option that pays something else than its fields
            say.

    """
    unused: dict[str, str] = {}
    options = [each for each in options_of(problem, scene.asset) if _used(each, scene, unused)]
    if not options:
        low, high = scene.ends
        reason = f"no option of {scene.asset} has a strike between {low:g} and {high:g}"
        raise HedgeError(f"{reason}: widen the range, or list more")
    strikes = np.array([_strike(each, scene) for each in options])
    knots = np.union1d(strikes, scene.ends)
    underlying = _underlying(problem, scene, knots, unused)
    signs = np.array([RIGHTS[each.option_type] for each in options])
    pays = [_pays(each, scene, knots) for each in options]
    chosen = [*options, underlying]
    payoffs = [np.asarray(entered(each, scene.now).worth(scene.at(knots))) for each in chosen]
    charged = zip(problem.instruments, problem.unit_fees, strict=True)
    charges = {each.name: 0.0 if fee is None else float(fee) for each, fee in charged}
    return Shelf(
        options=tuple(options),
        underlying=underlying,
        menu=Menu(
            names=tuple(each.name for each in chosen),
            knots=knots,
            payoffs=np.stack(payoffs, axis=-1),
            strikes=np.searchsorted(knots, strikes),
            puts=signs < 0,
            lots=np.array([each.lot for each in chosen], dtype=float),
            least=np.array([each.min_size for each in chosen], dtype=float),
            premiums=np.array([*_premiums(payoffs, pays, scene, knots, options), 0.0]),
            fees=np.array([charges[each.name] for each in chosen]),
        ),
        unused=unused,
    )


def _strike(option: Listed, scene: Scene) -> float:
    return float(option.strike * scene.coin(option.quote))


def _used(option: Listed, scene: Scene, unused: dict[str, str]) -> bool:
    low, high = scene.ends
    moment = expiry(option, scene.now)
    if not scene.first - HOUR <= moment <= scene.last + HOUR:
        unused[option.name] = "expires at another time"
    elif not low < _strike(option, scene) < high:
        unused[option.name] = "its strike is outside the range"
    return option.name not in unused


def _underlying(
    problem: HedgeProblem, scene: Scene, knots: Array, unused: dict[str, str]
) -> Instrument:
    """Return the cheapest to trade of what follows the price, one for one, until expiry."""
    there = [e for e in problem.instruments if e.hedges == (scene.asset,)]
    found = []
    for each in (e for e in there if not isinstance(e, Listed)):
        reason = _crooked(each, scene, knots)
        if reason:
            unused[each.name] = reason
        else:
            found.append(each)
    if not found:
        said = "; ".join(f"{name}: {why}" for name, why in unused.items())
        reason = f"no underlying of the strip among the instruments{f' ({said})' if said else ''}"
        raise HedgeError(f"there is {reason}: add a perp, spot or future of {scene.asset}")
    best = min(found, key=lambda each: np.inf if each.fee is None else each.fee)
    dearer = [each for each in found if each is not best]
    unused.update({each.name: f"{best.name} is the underlying" for each in dearer})
    return best


def _crooked(each: Instrument, scene: Scene, knots: Array) -> str:
    """Return why an instrument is no underlying; nothing where it is."""
    held = entered(each, scene.now)
    if isinstance(held, Dated) and held.expiry is not None and held.expiry < scene.first - HOUR:
        return "expires before the options"
    worth = np.asarray(held.worth(scene.at(knots)))
    if not straight(held, scene) or np.ptp(worth) <= LINEAR * np.max(np.abs(knots)):
        return "is not linear in the price"
    return ""


def _pays(option: Listed, scene: Scene, knots: Array) -> Array:
    """Return what the fields of one contract say that it pays at the knots, in cash."""
    if option.option_type not in RIGHTS:
        raise HedgeError(f"{option.name!r} is neither a call nor a put: {option.option_type!r:.80}")
    gain = RIGHTS[option.option_type] * (knots - _strike(option, scene))
    return np.asarray(option.contract_size * np.maximum(gain, 0.0))


def _premiums(
    payoffs: Sequence[Array],
    pays: Sequence[Array],
    scene: Scene,
    knots: Array,
    options: Sequence[Listed],
) -> list[float]:
    """Return what one contract of each costs now: what it is worth less than it pays.

    HedgeError where that is no sum of cash and of the asset: then it pays what its fields do not
    say.
    """
    found = []
    for worth, paid, option in zip(payoffs, pays, options, strict=False):
        owed = paid - worth
        line = np.interp(knots, knots[[0, -1]], owed[[0, -1]])
        if not np.max(np.abs(owed - line)) <= LINEAR * np.max(np.abs(paid) + np.abs(owed)):
            at = "at expiry is not that of a European option with its strike and its size"
            raise HedgeError(f"what {option.name!r} is worth {at}")
        found.append(float(np.interp(scene.price, knots[[0, -1]], owed[[0, -1]])))
    return found
