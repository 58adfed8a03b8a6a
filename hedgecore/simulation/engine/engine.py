"""The engine: one block of paths from the start to the end, frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore.decisions.target import target
from hedgecore.errors import SpecError
from hedgecore.interfaces.price_model import PathChunk
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.blocks import Block, rows
from hedgecore.simulation.engine import accounting
from hedgecore.simulation.engine.accounting import Amounts, Frame
from hedgecore.simulation.engine.holdings import Decided, Hedges, nothing
from hedgecore.simulation.engine.inputs import Ground
from hedgecore.simulation.engine.ledger import Entry, moves, vols_of
from hedgecore.simulation.engine.recording import Record
from hedgecore.simulation.engine.scene import Grown, earned, grown, laid, walked
from hedgecore.simulation.engine.stepwise import Aim, stepwise, traded
from hedgecore.simulation.engine.tally import Tally
from hedgecore.simulation.engine.trade_to_trade import along
from hedgecore.simulation.engine.view import View
from hedgecore.simulation.legs.setup import KIND
from hedgecore.simulation.legs.valuation import Held, last
from hedgecore.simulation.plan import Plan, plan, rules_of, start_market, times
from hedgecore.simulation.results.outcome import Outcome, lines
from hedgecore.simulation.settings import Simulation

NEVER = int(np.iinfo(np.intp).max)
PAID = ("costs", "gas")


@frozen(eq=False, kw_only=True)
class State:
    """Where N paths stand between two frames.

    Attributes:
        view: the frame before, or the start.
        legs: the state of each leg.
        there: a unit of each leg, at the last moment.
        growth: of each position, (N,): what compounding has made of one unit.
        hedges: what is held.
        cash: (N,).
        account: (N,), on margin.
        unhedged: (N,), the worth of the positions and what they have paid.
        equity: (N,), of the book with its hedge.
        stop: (N,), the step of the path at which it was liquidated; `NEVER` if it was not.

    """

    view: View
    legs: tuple[Any, ...]
    there: tuple[Held, ...]
    growth: tuple[Array, ...]
    hedges: Hedges
    cash: Array
    account: Array
    unhedged: Array
    equity: Array
    stop: NDArray[np.intp]


@frozen(eq=False, kw_only=True)
class Scene:
    """A frame before anything is decided."""

    view: View
    there: tuple[Held, ...]
    states: tuple[Any, ...]
    units: Grown
    ground: Ground


@frozen(eq=False, kw_only=True)
class Passed:
    """A frame as it went: what was traded, what the hedge brought, the margin account, (K, N)."""

    frame: Frame
    hedging: list[Entry]
    account: Array
    stop: NDArray[np.intp]


class Books(NamedTuple):
    """What is kept of each frame: sums, and of a single path every step."""

    tally: Tally
    record: Record | None


Decide: TypeAlias = Callable[[Ground, Hedges, NDArray[np.intp]], Decided]
"""From the ground, what is held and where paths stop, to what is traded over a frame."""


def run(settings: Simulation, block: Block) -> Outcome:
    """Return what comes of a block of paths."""
    market, moments = start_market(settings), times(settings)
    source = settings.price_model.sample(
        market, moments, block.count, block.generator(settings.seed), rows(block.count)
    )
    first = next(source)
    moving = frozenset(asset for asset, price in first.market.prices.items() if price.ndim)
    its, begun = _begun(plan(settings, market, moving), market, block.count, first)
    tally = Tally.of(block.count, its.worth)
    record = Record(its.stock, its.rows, []) if settings.paths == 1 else None
    books = Books(tally, record)
    state = _opened(its, begun, books)
    for frame in chain([first], source):
        state = _booked(its, state, _scene(its, state, frame), _decider(its, state), books)
    tallies = tally.done(
        state.equity - its.worth, state.unhedged - its.worth, len(moments) - 1, state.stop,
        margin=settings.margin is not None,
    )  # fmt: skip
    return Outcome(
        tallies=tallies,
        lines=lines(tally.sums),
        worth=float(its.worth),
        scale=its.scale,
        series=record.series() if record else None,
    )


def _scene(plan: Plan, state: State, frame: PathChunk) -> Scene:
    view = state.view.following(frame)
    legs = walked(plan, view, state.legs)
    there = earned(plan, view, legs.there, state.there)
    units = grown(plan, view, there, state.growth)
    ground = laid(plan, view, there, state.legs, units)
    return Scene(view=view, there=there, states=legs.states, units=units, ground=ground)


def _begun(plan: Plan, market: Market, paths: int, first: PathChunk) -> tuple[Plan, State]:
    """Return the state at the start, nothing being traded yet, and the plan with its worth."""
    premiums = {n: np.asarray(r)[:1] for n, r in first.rows.items() if n.startswith("premium:")}
    view = View.start(market, plan.stock.assets, paths, premiums)
    legs = tuple(leg.begin(view, paths) for leg in plan.stock.legs)
    there, after = walked(plan, view, legs)
    worths = [
        amount * float(held.worth[0, 0])
        for amount, held in zip(plan.stock.amounts, there, strict=False)
    ]
    worth, margin = sum(worths), plan.settings.margin
    state = State(
        view=view, legs=after, there=tuple(evolve(held, flows={}) for held in there),
        growth=tuple(np.ones(paths) for _ in plan.stock.positions),
        hedges=nothing(len(plan.stock.traded), plan.rows, view), cash=np.zeros(paths),
        account=np.full(paths, 0.0 if margin is None else margin.collateral),
        stop=np.full(paths, NEVER),
        unhedged=np.full(paths, worth), equity=np.full(paths, worth),
    )  # fmt: skip
    return evolve(plan, worth=np.asarray(worth), scale=sum(map(abs, worths))), state


def _opened(plan: Plan, begun: State, books: Books) -> State:
    """Return the state once the hedge is opened, booked with what that cost."""
    view, there = begun.view, begun.there
    same = [amount * np.broadcast_to(1.0, view.shape) for amount in plan.stock.amounts]
    units = Grown(tuple(Amounts(before=each, after=each) for each in same), begun.growth)
    ground = laid(plan, view, there, begun.legs, units)
    scene = Scene(view=view, there=there, states=begun.legs, units=units, ground=ground)
    return _booked(plan, begun, scene, _opener(plan), books)


def _opener(plan: Plan) -> Decide:
    """Return what trades a part of the way at the start: the same on every path."""

    def opened(ground: Ground, before: Hedges, stop: NDArray[np.intp]) -> Decided:  # noqa: ARG001
        paths, part = (
            len(before.held),
            np.full((1, len(plan.rows)), plan.settings.policy.initial_fraction()),
        )
        orders = np.zeros((1, *before.held.shape))
        if part.any():
            aim = target(ground, plan.settings.request, plan.settings.solver)
            where, one = (0, np.zeros(1, dtype=np.intp)), slice(0, 1)
            held = before.held[one], before.coins[one]
            delta = ground.delta(where, *held)
            orders[:] = traded(Aim(ground, aim, rules_of(plan.settings)), where, part, delta, held)
        coins = orders * ground.settle
        after = evolve(before, held=orders[0], coins=coins[0])
        outside = np.zeros((1, paths), dtype=bool)
        return Decided(orders=orders, held=orders, coins=coins, outside=outside, after=after)

    return opened


def _decider(plan: Plan, state: State) -> Decide:
    """Return what decides: along time for one path, step by step for many."""
    settings = plan.settings
    decide = along if len(state.cash) == 1 else stepwise

    def decided(ground: Ground, before: Hedges, stop: NDArray[np.intp]) -> Decided:
        way_there = target(ground, settings.request, settings.solver)
        aim = Aim(ground, way_there, rules_of(settings))
        return decide(aim, settings.policy, before, stop)

    return decided


def _passed(plan: Plan, state: State, scene: Scene, decide: Decide) -> Passed:
    """Return the frame as it goes: once more, where a path turns out to be liquidated."""
    margin, stop = plan.settings.margin, state.stop
    market = moves(scene.view, state.view.prices[-1], vols_of(state.view)[-1])
    while True:
        steps = stop - scene.view.first
        frame = Frame(
            ground=scene.ground, moves=market, amounts=scene.units.amounts, there=scene.there,
            before=state.there, hedges=state.hedges, costs=plan.settings.costs,
            decided=decide(scene.ground, state.hedges, steps),
        )  # fmt: skip
        hedging = [*accounting.hedge_entries(frame), *accounting.cost_entries(frame)]
        if margin is None:
            return Passed(frame=frame, hedging=hedging, account=state.account[None], stop=stop)
        hedging += accounting.penalties(frame, steps, margin.penalty)
        account = state.account + np.cumsum(_sum(hedging, scene.view), axis=0)
        broken = margin.distance(account, accounting.notional(frame)) < 0
        new = broken.any(axis=0) & (stop == NEVER)
        if not new.any():
            return Passed(frame=frame, hedging=hedging, account=account, stop=stop)
        stop = np.where(new, scene.view.first + np.argmax(broken, axis=0), stop)


def _booked(plan: Plan, state: State, scene: Scene, decide: Decide, books: Books) -> State:
    """Return the state after a frame, its books being kept."""
    made = _passed(plan, state, scene, decide)
    frame, view = made.frame, scene.view
    own = list(accounting.position_entries(frame))
    costs = [entry for entry in made.hedging if entry.column in PAID]
    paid = accounting.flows(frame) + _sum(costs, view)
    grown = np.expm1(cash_rate(view.market) * view.dt)
    cash, interest = accounting.cash(state.cash, paid, accounting.settled(frame), grown)
    found = [*own, *made.hedging, Entry("cash", "", "carry", interest)]
    if not interest.any():
        found.pop()
    equity = accounting.worth(frame) + cash
    if not np.isfinite(equity).all():
        raise _endless(found, equity, view)
    unhedged = state.unhedged + np.cumsum(_sum(own, view), axis=0)
    tally, record = books
    tally.book(found)
    tally.count(frame)
    tally.follow(equity)
    if plan.settings.margin is not None:
        held = accounting.notional(frame)
        tally.nearest(plan.settings.margin.distance(made.account, held))
    if record is not None:
        record.add(frame, found, equity, unhedged)
    return State(
        view=view, legs=scene.states, there=tuple(last(each) for each in scene.there),
        growth=scene.units.growth, hedges=frame.decided.after, cash=cash[-1],
        account=made.account[-1], unhedged=unhedged[-1], equity=equity[-1], stop=made.stop,
    )  # fmt: skip


def cash_rate(market: Market) -> Array:
    """Interest rate on cash, of the market's shape or less, per year; 0 where none is named."""
    return np.asarray(market.rates.get(market.numeraire, 0.0), dtype=np.float64)


def _endless(found: Sequence[Entry], equity: Array, view: View) -> SpecError:
    """Return the error that equity is no number, with the entry that made it so."""
    step = view.first + int(np.argmin(np.isfinite(equity).all(axis=1)))
    bad = (each for each in found if not np.isfinite(each.cash).all())
    what = next((f"{each.column} of {each.leg!r:.80}" for each in bad), "what is held")
    return SpecError(f"at step {step} the equity is no finite number: {what} is none", kind=KIND)


def _sum(found: Sequence[Entry], view: View) -> Array:
    return sum((entry.cash for entry in found), np.zeros(view.shape))
