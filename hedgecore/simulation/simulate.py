"""`simulate`: the one door to a run, of a book along a price model or of settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Any, TypeVar

import numpy as np

from hedgecore.books.book import Book
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.fast import MANY, fast_from
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.parallel import visit_blocks
from hedgecore.renamed import renamed_field
from hedgecore.simulation.band_engine import eligibility
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.checks import wrong
from hedgecore.simulation.endless import blame_paths, refuse_endless
from hedgecore.simulation.engine import engine
from hedgecore.simulation.legs.setup import KIND
from hedgecore.simulation.plan import times
from hedgecore.simulation.results.outcome import Outcome, OutcomeMerger
from hedgecore.simulation.results.result import SimulationResult
from hedgecore.simulation.settings import Simulation
from hedgecore.simulation.start_price import check_start

Run = TypeVar("Run")
Some = TypeVar("Some")
Done = TypeVar("Done")

TOGETHER = 4
"""Blocks that a task of a cluster does together, by the fast engine."""
LONG = 30_000_000
"""Steps of all paths together, for each instrument, from which compiled loops pay for their start:
each saves some 17 ns, and the start takes half a second."""


@np.errstate(all="ignore")
def simulate(
    book: Simulation | Book | Portfolio | Priced,
    price_model: AbstractPriceModel | None = None,
    *,
    with_: Sequence[Instrument] | None = None,
    market: Market | None = None,
    workers: int = 1,
    cluster: Any = None,
    progress: Any = None,
    **settings: Any,
) -> SimulationResult:
    """Result of a policy for a book along paths: costs, ledger, attribution and metrics.

    ``simulate(book, GBM(asset="WETH"), policy=Band(half_width=0.5), days=30, paths=10_000)``, or
    ``simulate(Simulation.from_book(book))``.

    Args:
        book: a book; or a portfolio or anything priced, with `with_` and `market`; or all settings.
        price_model: what prices do.
        with_: what may be traded; the book's instruments unless given.
        market: where it starts; the book's unless given.
        workers: processes of this machine.
        cluster: the address of a Dask cluster, or its client.
        progress: called with how many blocks are done, and of how many.
        settings: all other fields of `Simulation`.

    Raises:
        SpecError: a setting is wrong, or what is needed is unknown; it is named.

    """
    given = {"price_model": price_model, "with_": with_, "market": market, **settings}
    given = {name: each for name, each in given.items() if each is not None or name in settings}
    if not isinstance(book, Simulation):
        book = _settings(book, **given)
    elif given:
        raise wrong(min(given), "stands beside settings, which have their own")
    with blame_paths(book):
        outcome = _outcome(book, workers=workers, cluster=cluster, progress=progress)
    refuse_endless(outcome, book)
    return SimulationResult(settings=book, outcome=outcome)


def _outcome(book: Simulation, **means: Any) -> Outcome:
    """Outcome of a run, by the engine that is for it."""
    every, merged = blocks(book.paths), OutcomeMerger(book.paths)
    steps = book.paths * (len(times(book)) - 1)
    fast = MANY if steps * max(1, len(book.instruments)) >= LONG else inf
    with fast_from(fast):
        problem = None if book.ledger else eligibility.band_problem(book)
    if problem is None:
        run = partial(_run, engine.simulate_block, book, fast)
        visit_blocks(run, every, lambda i, found: merged.add(every[i], found), **means)
        return merged.whole()
    share = means["workers"] if means["cluster"] is None else max(1, len(every) // TOGETHER)
    groups = eligibility.group_blocks(every, share)
    together = partial(_run, eligibility.simulate_blocks, book, fast)
    if share == 1 and means["cluster"] is None:  # others make tables of their own
        together = partial(_run, eligibility.solve_blocks, problem, fast)
    visit_blocks(together, groups, lambda i, found: merged.add_all(groups[i], found), **means)
    return merged.whole()


def _run(task: Callable[[Run, Some], Done], run: Run, fast: float, some: Some) -> Done:
    """Outcomes of some blocks, here or in a worker, compiled from so many numbers on."""
    with fast_from(fast):
        return task(run, some)


def _settings(
    book: Book | Portfolio | Priced, *, with_: Sequence[Instrument] | None = None, **given: Any
) -> Simulation:
    own: dict[str, Any] = {"instruments": ()}
    if isinstance(book, Book):
        own = {"market": book.market, "instruments": book.instruments}
        own |= {"held": book.held, "request": book.request, "solver": book.solver}
    if with_ is not None:
        own["instruments"] = with_
    own |= given
    names = [each.name for each in Simulation.__attrs_attrs__]
    unknown = given.keys() - {*names}
    if unknown:
        raise _unknown(min(unknown), names)
    if "market" not in own:
        raise wrong("market", "is needed, where what is held is no book")
    if "price_model" not in own:
        raise wrong("price_model", "is needed: what prices do, like GBM")
    settings = Simulation(book=book, **own)
    if isinstance(book, Book):
        check_start(settings.price_model, settings.market, book)
    return settings


def _unknown(name: str, names: Sequence[str]) -> SpecError:
    near = renamed_field(KIND, name) or did_you_mean(name, names)
    return wrong(name, f"is no setting{near} (there are {', '.join(names)})")
