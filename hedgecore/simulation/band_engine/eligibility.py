"""Eligibility of runs for the fast engine, and their outcomes; see `march.py`.

It is for one asset that moves as a diffusion, a policy with a band, and one instrument whose delta
is the same at all prices, where nothing else is paid or earned as time passes. It knows nothing of
what happens between trades, and so gives the sums of a run and not its ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from attrs import evolve

from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.market import terms
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.market.terms import SupportsCarry
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.band_engine.delta_table import DeltaTable
from hedgecore.simulation.band_engine.march import TOGETHER, march, rows
from hedgecore.simulation.band_engine.no_trade_region import CELLS, NoTradeRegion
from hedgecore.simulation.band_engine.one_price import OnePrice
from hedgecore.simulation.band_engine.path_holdings import (
    COSTS,
    GAS,
    ORDERS,
    TURNOVER,
    PathHoldings,
)
from hedgecore.simulation.blocks import BLOCK, Block
from hedgecore.simulation.legs.leg import PlainLeg
from hedgecore.simulation.opening import Opening
from hedgecore.simulation.plan import Plan, plan, portfolio, rules_of, start_market, times
from hedgecore.simulation.price_models.diffusion import AbstractDiffusion
from hedgecore.simulation.results.outcome import Outcome
from hedgecore.simulation.settings import Simulation

MOVES = np.array([-0.5, -0.1, 0.0, 0.2, 0.7])
"""Log prices, in parts of the reach, at which a contract must say the same."""
SAME = 1e-12


class BandProblem(NamedTuple):
    """A run that the fast engine is for: its tables, its positions, and the hedge it opens with."""

    settings: Simulation
    path: AbstractDiffusion
    problem: OnePrice
    quiet: NoTradeRegion
    positions: Portfolio
    opening: Opening


def band_problem(settings: Simulation) -> BandProblem | None:
    """Tables of a run; None where the fast engine is not for it."""
    path, policy = settings.price_model, settings.policy
    if not isinstance(path, AbstractDiffusion) or not isinstance(policy, AbstractBand):
        return None
    market, moments = start_market(settings), times(settings)
    reach = path.reach(market, float(moments[-1]))
    if not reach or path.pegs or not _plain(settings, market):
        return None
    run_plan = plan(settings, market)
    if not _alone(run_plan, path.asset, market):
        return None
    positions = portfolio(run_plan.legs)
    curve = DeltaTable.over(positions, market, path.asset, reach)
    contract = _contract(settings.instruments[0], market, path.asset, reach * MOVES)
    if curve is None or contract is None:
        return None
    unit, notional, charge = contract
    problem = OnePrice(
        curve=curve, instrument=settings.instruments[0], unit=unit, notional=notional,
        charge=charge, width=None, rate=None, policy=policy, costs=settings.costs, times=moments,
        fewest=None, rules=rules_of(settings), worth=positions.worth(market),
        held=float(run_plan.opening.contracts[0]),
    )  # fmt: skip
    prices = problem.price(reach * MOVES)
    rates, fewest = problem.rates(prices), problem.min_order(prices)
    problem = evolve(problem, rate=_common(rates), fewest=_common(fewest))
    widths = problem.widths(np.linspace(-reach, reach, CELLS))
    problem = evolve(problem, width=_common(widths))
    quiet = NoTradeRegion.over(reach, problem.edges)
    if quiet is None:
        return None
    return BandProblem(settings, path, problem, quiet, positions, run_plan.opening)


def is_eligible(settings: Simulation) -> bool:
    """True if the fast engine can do a run."""
    return band_problem(settings) is not None


def group_blocks(blocks: Sequence[Block], workers: int = 1) -> list[list[Block]]:
    """Groups of blocks to do together: many, so that fewer looks are taken, and all at work."""
    size = min(TOGETHER, max(1, -(-len(blocks) // workers)))
    return [list(blocks[i : i + size]) for i in range(0, len(blocks), size)]


def simulate_blocks(settings: Simulation, blocks: Sequence[Block]) -> list[Outcome]:
    """Outcomes of some blocks of a run that `is_eligible`, as `solve_blocks` has them."""
    made = band_problem(settings)
    if made is None:
        raise AssertionError("ask `is_eligible` first")
    return solve_blocks(made, blocks)


@np.errstate(all="ignore")
def solve_blocks(made: BandProblem, blocks: Sequence[Block]) -> list[Outcome]:
    """Outcomes of some blocks: the same to the last bit, whichever are done together.

    Each has the tallies "pnl", "unhedged", "costs", "gas", "orders" and "turnover", as the general
    engine has them, and "contracts", what is held at the end; nothing else is known here.
    """
    settings = made.settings
    problem = made.problem
    trades = PathHoldings.open(problem, made.quiet, sum(block.count for block in blocks))
    most = max(block.count for block in blocks)
    count = rows(min(settings.paths, BLOCK))  # as sums are by frame, the same for all blocks
    room = np.empty(count * most)
    frames = [
        made.path.levels(
            problem.curve.start, problem.times, block.count, block.generator(settings.seed),
            room[: count * block.count].reshape(count, -1),
        )
        for block in blocks
    ]  # fmt: skip
    logs = march(frames, trades)
    ends = np.cumsum([block.count for block in blocks])
    parts = (slice(end - block.count, end) for end, block in zip(ends, blocks, strict=True))
    return [_outcome(made, trades.part(part), logs[part]) for part in parts]


def _outcome(made: BandProblem, trades: PathHoldings, logs: Array) -> Outcome:
    problem = made.problem
    start, asset, sums = problem.curve.start, problem.curve.asset, trades.sums
    market = evolve(start, prices={**start.prices, asset: problem.price(logs)})
    unhedged = made.positions.worth(market) - problem.worth
    tallies = {
        "pnl": unhedged + trades.profit(logs) + sums[COSTS] + sums[GAS],
        "unhedged": unhedged,
        "costs": sums[COSTS],
        "gas": sums[GAS],
        "orders": sums[ORDERS],
        "turnover": sums[TURNOVER],
        "contracts": trades.held,
    }
    worths = (float(p.amount * p.priced.worth(start)) for p in made.positions.parts)
    return Outcome(
        tallies=tallies, lines={}, worth=float(problem.worth),
        scale=sum(map(abs, worths)) + made.opening.scale, held_worth=made.opening.worth,
    )  # fmt: skip


def _plain(settings: Simulation, market: Market) -> bool:
    """True if only trades and prices move the equity."""
    return (
        len(settings.instruments) == 1
        and not settings.income
        and not settings.arbitraged
        and settings.margin is None
        and settings.request.neutral == ("delta",)
        and settings.solver.linear
        and type(settings.policy).pricing_market is AbstractPolicy.pricing_market
        and not np.any(market.rates.get(market.numeraire, 0.0))
    )


def _alone(plan: Plan, asset: str, market: Market) -> bool:
    """True if the one hedged asset is the one that moves, and no leg is paid for being held."""
    legs = plan.legs.every
    rows = [plan.legs.assets[row] for row in plan.rows]
    return (
        rows == [asset]
        and plan.legs.coins[0] not in plan.rows
        and all(isinstance(leg, PlainLeg) for leg in legs)
        and not any(
            _has_carry(e.priced.carry(market)) for e in legs if isinstance(e.priced, SupportsCarry)
        )
    )


def _has_carry(carry: Array | None) -> bool:
    """True if a carry is unknown, or anywhere not 0."""
    return carry is None or bool(np.any(carry))


def _contract(
    instrument: Instrument, start: Market, asset: str, logs: Array
) -> tuple[float, float, float] | None:
    """Delta of a contract, and its notional and fee per price; None where they vary."""
    price = start.price(asset) * np.exp(logs)
    market = evolve(start, prices={**start.prices, asset: price})
    bought = instrument.exposure(market)
    if asset not in bought.assets or np.any(bought.gamma):
        return None
    notional = terms.notional(instrument, bought, market)
    charge = terms.charge(instrument, notional, market)
    paid = np.full_like(price, np.nan) if charge is None else charge / price
    found = [bought.delta[..., bought.assets.index(asset)], notional / price, paid]
    if not all(_same(each + np.zeros_like(price)) for each in found) or not np.all(found[0]):
        return None
    unit, much, fee = (float(np.ravel(each)[0]) for each in found)
    return unit, much, fee


def _common(numbers: Array) -> float | None:
    """Number that all of some are; None where they differ."""
    return float(numbers[0]) if _same(numbers) else None


def _same(numbers: Array) -> bool:
    apart = np.abs(numbers - numbers[0])
    return bool(np.isnan(numbers).all() or np.all(apart <= SAME * abs(numbers[0])))
