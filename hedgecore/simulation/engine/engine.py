"""The engine: one block of paths from the start to the end, frame by frame.

A frame is decided, liquidated where its margin is used up, accounted for, and recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hedgecore.decisions.decide import decide
from hedgecore.errors import SpecError, blame
from hedgecore.interfaces.price_model import PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import HUGE, is_within
from hedgecore.numerics.heap import keep_memory
from hedgecore.simulation.blocks import Block, rows
from hedgecore.simulation.engine import accounting
from hedgecore.simulation.engine.accounting import SimulationFrame
from hedgecore.simulation.engine.banded import decide_banded, frame_band
from hedgecore.simulation.engine.books import NEVER, Books, start_books
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings
from hedgecore.simulation.engine.inputs import FrameInputs
from hedgecore.simulation.engine.ledger import LedgerEntry
from hedgecore.simulation.engine.prepare import prepare_frame, prepare_opening
from hedgecore.simulation.engine.recording import PathRecord, Tally
from hedgecore.simulation.engine.stepwise import decide_stepwise
from hedgecore.simulation.engine.trade_to_trade import decide_trade_to_trade
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.setup import KIND
from hedgecore.simulation.legs.valuation import last_moment
from hedgecore.simulation.plan import Plan, plan, rules_of, start_market, times
from hedgecore.simulation.price_models.diffusion import accumulate
from hedgecore.simulation.results.outcome import Outcome, lines
from hedgecore.simulation.settings import Simulation

PAID = ("costs", "gas")

Decide: TypeAlias = Callable[[FrameInputs, Holdings, NDArray[np.intp]], FrameDecision]
"""From inputs, what is held and where paths stop, to what is traded over a frame."""


class HedgeFrame(NamedTuple):
    """Results of the hedge over a frame: entries, the margin account, (K, N), and the stops."""

    frame: SimulationFrame
    entries: list[LedgerEntry]
    account: Array
    stop: NDArray[np.intp]


class Recording(NamedTuple):
    """Record of the frames so far: sums of all paths, and of a single path every step."""

    tally: Tally
    record: PathRecord | None


def _chunks(settings: Simulation, block: Block) -> Iterator[PathChunk]:
    """Frames of a block's paths, as the price model draws them."""
    start, generator = start_market(settings), block.generator(settings.seed)
    model, many = settings.price_model, rows(block.count)
    with blame(model.kind):
        yield from model.sample(start, times(settings), block.count, generator, many)


@np.errstate(all="ignore")
def simulate_block(settings: Simulation, block: Block) -> Outcome:
    """Outcome of a block of paths: the same wherever, and whenever, the block is done."""
    keep_memory()
    run_plan, start, chunks = _begin(settings, block)
    kept = _open_recording(run_plan, start, single=settings.paths == 1)
    books = _book(prepare_opening(run_plan, start), start, _open, kept)
    for chunk in chunks:
        view = books.view.next_grid(chunk)
        books = _book(prepare_frame(run_plan, view, books), books, _decide, kept)
    tallies = kept.tally.totals(
        books.equity - start.equity, books.unhedged - start.unhedged, len(times(settings)) - 1,
        books.stop, margin=settings.margin is not None,
    )  # fmt: skip
    return Outcome(
        tallies=tallies,
        lines=lines(kept.tally.sums),
        worth=float(run_plan.worth),
        held_worth=float(start.equity[0] - start.unhedged[0]),
        scale=run_plan.scale,
        series=kept.record.series() if kept.record else None,
    )


def _begin(settings: Simulation, block: Block) -> tuple[Plan, Books, Iterator[PathChunk]]:
    """Plan of a run, books at its start, and the chunks of a block's paths."""
    market, source = start_market(settings), _chunks(settings, block)
    first = next(source)
    moving = frozenset(asset for asset, price in first.market.prices.items() if price.ndim)
    run_plan, start = start_books(plan(settings, market, moving), market, block.count, first)
    return run_plan, start, chain(iter([first]), source)


def _open_recording(run_plan: Plan, start: Books, *, single: bool) -> Recording:
    assets = tuple(run_plan.legs.assets[row] for row in run_plan.rows)
    names = tuple(each.name for each in run_plan.legs.traded)
    record = PathRecord(assets, names, []) if single else None
    return Recording(Tally.of(start.equity), record)


def _open(inputs: FrameInputs, before: Holdings, stop: NDArray[np.intp]) -> FrameDecision:
    """Open the hedge: what one path does at the start, every path does.

    A hedge that the margin does not bear is not taken up: what is held of it is closed.
    """
    settings, at, one = inputs.plan.settings, (0, slice(0, 1)), slice(0, 1)
    problem = inputs.problem(at, before.held[one], before.coins[one])
    seen = inputs.observation(at, problem, before.memory)
    made = decide(problem, settings.policy, rules_of(settings), seen, before.memory)
    orders = np.where((stop == 0)[:, None], 0.0 - before.held, made.trade)[None]
    held, paths = before.held + orders, len(before.held)
    coins = before.coins + orders * inputs.settle
    memory = made.memory.of(np.zeros(paths, dtype=np.intp))
    return FrameDecision(
        orders=orders, begun=before.held[None], held=held, coins=coins,
        outside=np.zeros((1, paths), dtype=bool),
        after=Holdings(held=held[0], coins=coins[0], memory=memory),
    )  # fmt: skip


def _decide(inputs: FrameInputs, before: Holdings, stop: NDArray[np.intp]) -> FrameDecision:
    """Decide over a frame: by a band, or else from trade to trade, of many paths step by step."""
    settings = inputs.plan.settings
    policy, rules = settings.policy, rules_of(settings)
    band = frame_band(inputs, policy, rules, before)
    if band is not None:
        return decide_banded(inputs, band, before, stop)
    decide_frame = decide_stepwise if len(before.held) > 1 else decide_trade_to_trade
    return decide_frame(inputs, policy, rules, before, stop)


def _hedge(inputs: FrameInputs, books: Books, decide_frame: Decide) -> HedgeFrame:
    """Decide a frame: once more, where a path turns out to be liquidated."""
    margin, stop, view = inputs.plan.settings.margin, books.stop, inputs.view
    while True:
        steps = stop - view.first
        decision = decide_frame(inputs, books.holdings, steps)
        frame = SimulationFrame(inputs=inputs, decision=decision, holdings=books.holdings)
        entries = [*accounting.hedge_entries(frame), *accounting.cost_entries(frame)]
        if margin is None:
            return HedgeFrame(frame, entries, books.account[None], stop)
        entries += accounting.penalties(frame, steps, margin.penalty)
        account = accumulate(_sum(entries, view), books.account.copy())
        broken = margin.distance(account, accounting.notional(frame)) < 0
        new = broken.any(axis=0) & (stop == NEVER)
        if not new.any():
            return HedgeFrame(frame, entries, account, stop)
        stop = np.where(new, view.first + np.argmax(broken, axis=0), stop)


def _book(inputs: FrameInputs, books: Books, decide_frame: Decide, kept: Recording) -> Books:
    """Books after a frame: decided, liquidated, accounted for, and recorded."""
    hedge, view = _hedge(inputs, books, decide_frame), inputs.view
    own = list(accounting.position_entries(hedge.frame))
    entries = [*own, *hedge.entries]
    paid = accounting.flows(hedge.frame)
    for entry in entries:
        if entry.column in PAID:
            entry.add_to(paid)
    growth = np.expm1(cash_rate(view.market) * view.dt)
    cash, interest = accounting.cash(hedge.frame, books.cash, paid, growth)
    if interest.any():
        entries.append(LedgerEntry.of("cash", "carry", interest))
    equity = accounting.worth(hedge.frame)
    equity += cash
    if not is_within(equity, HUGE) and not np.isfinite(equity).all():
        raise _endless(entries, equity, view)
    _record(kept, hedge, entries, equity)
    if kept.record is not None:
        unhedged = accumulate(_sum(own, view), books.unhedged.copy())
        kept.record.add(inputs, hedge.frame.decision, entries, equity, unhedged)
    return Books(
        view=view.last(), leg_states=inputs.states,
        there=tuple(last_moment(each) for each in inputs.there),
        growth=inputs.growth, holdings=hedge.frame.decision.after, cash=cash[-1].copy(),
        account=hedge.account[-1].copy(),
        unhedged=sum((each.total for each in own), books.unhedged), equity=equity[-1].copy(),
        stop=hedge.stop,
    )  # fmt: skip


def _record(
    kept: Recording, hedge: HedgeFrame, entries: Sequence[LedgerEntry], equity: Array
) -> None:
    frame, margin = hedge.frame, hedge.frame.inputs.plan.settings.margin
    kept.tally.add(entries)
    kept.tally.count(frame)
    kept.tally.follow(equity)
    if margin is not None:
        kept.tally.keep_nearest(margin.distance(hedge.account, accounting.notional(frame)))


def cash_rate(market: Market) -> Array:
    """Interest rate on cash, of the market's shape or less, per year; 0 where none is named."""
    return np.asarray(market.rates.get(market.numeraire, 0.0), dtype=np.float64)


def _endless(entries: Sequence[LedgerEntry], equity: Array, view: MarketGrid) -> SpecError:
    """Error that equity is no number, with the entry that made it so."""
    step = view.first + int(np.argmin(np.isfinite(equity).all(axis=1)))
    bad = (each for each in entries if not np.isfinite(each.cash).all())
    what = next((f"{each.column} of {each.leg!r:.80}" for each in bad), "what is held")
    return SpecError(f"at step {step} the equity is no finite number: {what} is none", kind=KIND)


def _sum(entries: Sequence[LedgerEntry], view: MarketGrid) -> Array:
    return sum((entry.cash for entry in entries), np.zeros(view.shape))
