"""`correlated`: several assets at once, each with a model of its own, by correlated shocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, Converter, field, frozen

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import AbstractPriceModel, PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.registry.specs import build
from hedgecore.simulation.blocks import frames
from hedgecore.simulation.price_models import model_fields
from hedgecore.simulation.price_models.correlation import factor, matrix
from hedgecore.simulation.price_models.diffusion import AbstractDiffusion, Moved, frame

MOST = 8


def _parts(given: Any, model: Any, its: Attribute[Any]) -> tuple[AbstractDiffusion, ...]:
    if not isinstance(given, list | tuple) or not 1 <= len(given) <= MOST:
        raise fields.wrong(model, its.name, f"must be a list of 1 to {MOST} models")
    parts = tuple(build(each) if isinstance(each, Mapping) else each for each in given)
    for part in parts:
        if not isinstance(part, AbstractDiffusion):
            reason = f"must be models of one asset, like gbm, not {part!r:.80}"
            raise fields.wrong(model, its.name, reason)
        if part.pegs:
            raise fields.wrong(model, its.name, f"give the pegs of {part.asset} beside the parts")
    assets = [part.asset for part in parts]
    if len(set(assets)) < len(assets):
        raise fields.wrong(model, its.name, f"an asset has one model, not two: {assets}")
    return parts


def _correlations(given: Any, model: Any, its: Attribute[Any]) -> dict[str, float]:
    if not isinstance(given, Mapping):
        raise fields.wrong(model, its.name, f"must be a table, not {given!r:.80}")
    try:
        matrix(given, [part.asset for part in model.parts])
    except SpecError as error:
        raise fields.wrong(model, its.name, str(error)) from error
    return {str(pair): float(number) for pair, number in given.items()}


def _field(convert: Any, about: str, unit: str, rule: str, **default: Any) -> Any:
    how: Any = Converter(convert, takes_self=True, takes_field=True)
    return field(converter=how, metadata={"about": about, "unit": unit, "rule": rule}, **default)


@frozen(kw_only=True, slots=False)
class Correlated(AbstractPriceModel):
    """Several prices that move together: one model of one asset for each, and how they correlate.

    The shocks, one normal number a step for each asset, have the given correlations; what else a
    model draws (its jumps, its variance) is its own. `log-ou` with `against` follows the price of
    another part. Results are those of the part itself where there is only one.
    """

    kind = "correlated"
    example = {
        "parts": [
            {"kind": "gbm", "asset": "WETH", "vol": 0.8},
            {"kind": "gbm", "asset": "WBTC", "vol": 0.6},
        ],
        "correlations": {"WETH:WBTC": 0.8},
        "pegs": {"WSTETH": "WETH"},
    }

    parts: tuple[AbstractDiffusion, ...] = _field(
        _parts,
        "a model of each asset: gbm, merton, heston, log-ou, or a plugin's",
        "tables",
        f"1 to {MOST} models of one asset each",
    )
    correlations: Mapping[str, float] = _field(
        _correlations,
        "of the shocks of each pair of assets, once",
        "none",
        '"A:B" = a number from −1 to 1; all pairs, and possible together',
        factory=dict,
    )
    pegs: Mapping[str, str] = model_fields.pegs()

    @cached_property
    def order(self) -> tuple[AbstractDiffusion, ...]:
        """The parts, each after the one that it follows; SpecError where they go round."""
        done: dict[str, AbstractDiffusion] = {}
        left = {part.asset: part for part in self.parts}
        while left:
            free = [p for p in left.values() if p.against is None or p.against not in left]
            if not free:
                reason = f"{', '.join(left)} follow one another in a circle"
                raise SpecError(reason, kind=self.kind, field="parts")
            done.update((part.asset, part) for part in free)
            left = {asset: part for asset, part in left.items() if part not in free}
        return tuple(done.values())

    def sample(
        self, start: Market, times: Array, paths: int, rng: np.random.Generator, rows: int
    ) -> Iterator[PathChunk]:
        """Chunks of the steps after the start, the shocks of the parts correlated."""
        lower = factor(matrix(self.correlations, [part.asset for part in self.parts]))
        common, *own = rng.spawn(1 + len(self.parts))
        steppers = [
            part.begin(start, times, paths, each)
            for part, each in zip(self.parts, own, strict=True)
        ]
        for first, count in frames(len(times) - 1, rows):
            drawn = common.standard_normal((count, len(lower), paths))
            moved = {
                part.asset: step(first, _mix(drawn, row))
                for part, step, row in zip(self.parts, steppers, lower, strict=True)
            }
            vols = {asset: each.vols for asset, each in moved.items() if each.vols is not None}
            prices = self._prices(start, moved)
            yield frame(start, times, first, prices, pegs=self.pegs, vols=vols)

    def _prices(self, start: Market, moved: Mapping[str, Moved]) -> dict[str, Array]:
        prices: dict[str, Array] = {}
        for part in self.order:
            price = start.price(part.asset) * np.exp(moved[part.asset].logs)
            if part.against in prices:
                price *= prices[part.against] / start.price(part.against)
            prices[part.asset] = price
        return prices


def _mix(drawn: Array, weights: Array) -> Array:
    """Sum ``Σ_j weights_j drawn_j``, (K, N), in the order of j; the sums of BLAS depend on K."""
    mixed: Array = weights[0] * drawn[:, 0]
    for j in np.flatnonzero(weights[1:]) + 1:
        mixed += weights[j] * drawn[:, j]
    return mixed
