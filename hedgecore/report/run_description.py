"""A run in words: its policy, what prices do, what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

import attrs
import numpy as np

from hedgecore.analysis.frozen import frozen_inputs
from hedgecore.books.book import Book
from hedgecore.books.confusions import off_market
from hedgecore.hedging.held import contracts_held
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import schema, spec_of
from hedgecore.report import frozen
from hedgecore.simulation import Simulation, SimulationResult
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.plan import plan, start_market
from hedgecore.simulation.plan import times as run_times
from hedgecore.simulation.price_models.correlated import Correlated
from hedgecore.tables.render import amount, cash
from hedgecore.units import HOURS_PER_YEAR


def label(model: Any) -> str:
    """Policy or a path in one word, as options take it: kind, and what is not usual."""
    spec, fields = spec_of(model), schema(type(model))
    own = [f"{n}={_short(v)}" for n, v in spec.items() if n in fields and v != _default(fields[n])]
    return ",".join([str(spec["kind"]), *own])


def _default(its: attrs.Attribute[Any]) -> Any:
    made: Any = its.default
    usual = made.factory() if isinstance(made, attrs.Factory) else made  # type: ignore[arg-type]
    return list(usual) if isinstance(usual, tuple) else usual


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("kind", dict(value)))
    return f"{value:g}" if isinstance(value, float) else str(value)


def run_lines(run: SimulationResult) -> list[str]:
    """Lines on a run: policy, how often it looked, what moves, and what stays."""
    return [f"Policy {label(run.settings.policy)}.", *setting_lines(run.settings)]


def setting_lines(its: Simulation) -> list[str]:
    """Lines on a run, the policy left out."""
    none = [] if its.instruments else ["The book has no instruments: nothing is hedged."]
    return [
        *none,
        *_opening_lines(its),
        f"The book is looked at every {_interval(its)}.",
        *_price_lines(its),
        *frozen.later_remarks(frozen_inputs(its.book) if isinstance(its.book, Book) else ()),
    ]


def _opening_lines(its: Simulation) -> Iterator[str]:
    """Sentence on what is held as the run starts; none where nothing is."""
    held = contracts_held(its.held, its.instruments)
    some = [f"{n} {amount(x.contracts)}" for n, x in held.items() if x.contracts.any()]
    if some:
        worth, unit = plan(its).opening.worth, its.market.numeraire
        yield (
            f"It opens with what is held, {', '.join(some)}, worth {cash(worth)} {unit} then: "
            "profit counts from there."
        )


def _interval(its: Simulation) -> str:
    hours = float(np.median(np.diff(run_times(its)))) * HOURS_PER_YEAR
    return f"{amount(round(hours, 4))} h" if hours >= 1 else f"{amount(round(60 * hours, 4))} min"


def _price_lines(its: Simulation) -> Iterator[str]:
    parts = its.price_model.parts if isinstance(its.price_model, Correlated) else (its.price_model,)
    yield f"Prices: {'; '.join(_model_label(part, its) for part in parts)}."
    stays = fixed_prices(its)
    if stays:
        yield f"These prices stay: {', '.join(stays)}.{PEGS if _has_volatile(its, stays) else ''}"


PEGS = (
    " What follows another, as a staking token does, is said in [simulation]: "
    'pegs = { wstETH = "WETH" }.'
)
AT_PAR = 0.02


def _has_volatile(its: Simulation, names: Iterable[str]) -> bool:
    """True if the price of any of these is not near 1 in the numeraire."""
    return any(abs(float(its.market.price(name)) - 1.0) > AT_PAR for name in names)


def _model_label(part: AbstractPriceModel, its: Simulation) -> str:
    spec = spec_of(part)
    if "files" in spec:
        return f"{spec['kind']} of {', '.join(PurePath(name).name for name in spec['files'])}"
    vol = its.market.vols.get(spec.get("asset", ""))
    if vol is None or "vol" in spec or "vol" not in schema(type(part)):
        return label(part)
    return f"{label(part)} at a volatility of {100 * float(vol):g} %"


def fixed_prices(its: Simulation) -> list[str]:
    """Assets of the book whose price no path moves."""
    own = its.price_model.times()
    times = run_times(its)[:2] if own is None else own
    frame = next(
        its.price_model.sample(start_market(its), times, 1, blocks(its.paths)[0].generator(0), 1)
    )
    held = plan(its).legs.assets
    return [name for name in held if not frame.market.prices[name].ndim]


def missing_income(its: Simulation) -> Iterator[str]:
    """Sentence on the pools whose fees are not stated, with the line that would state them."""
    earning = {*its.income, *its.arbitraged}
    legs = plan(its).legs.positions
    names = [
        leg.name for leg in legs if isinstance(leg.priced, PoolModel) and leg.name not in earning
    ]
    if names:
        line = f'"{names[0]}" = {{ kind = "fee-rate", per_year = 0.1 }}'
        yield (
            f"Fees that these pools earn are unknown, and left out: {', '.join(names)}. "
            f"Say under [simulation.income], {line}."
        )


def pools_off_market(book: Book) -> Iterator[str]:
    """Sentence on the pools outside their fee band, which a run takes to be at the market."""
    names = off_market(book.positions, book.market)
    if names:
        yield (
            f"A run takes pools where the market is, and the market is outside the fee band of "
            f"{', '.join(names)}: `hedgecore greeks` says by how much."
        )


def closure_line(run: SimulationResult) -> str:
    """Sentence on the closure of the ledger: its sum against the change of equity."""
    return (
        f"The ledger's columns add up to the change of equity on each path, to {run.closure:.0e} "
        "of the worth."
    )
