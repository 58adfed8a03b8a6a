"""`simulate`: a book, a path, a policy; and the settings of a run, which a file can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from attrs import field, frozen

from hedgecore.books.book import Book
from hedgecore.decisions.costs.fee import Fee
from hedgecore.decisions.policies.policy_fields import YEAR_HOURS
from hedgecore.decisions.policies.whalley_wilmott import WhalleyWilmott
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.numerics.arrays import Array
from hedgecore.parallel import map_blocks
from hedgecore.simulation.band_engine import eligibility
from hedgecore.simulation.blocks import Block, blocks
from hedgecore.simulation.checks import check, wrong
from hedgecore.simulation.engine import engine
from hedgecore.simulation.engine.holdings import Rules
from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.legs.setup import Stock, known, stock
from hedgecore.simulation.margin import Margin
from hedgecore.simulation.plan import Plan
from hedgecore.simulation.results.outcome import Outcome, merged
from hedgecore.simulation.results.result import SimulationResult

DAYS = 365.0
TOGETHER = 4
"""Blocks that a task of a cluster does together, by the fast engine."""


def _tuple(given: Any) -> tuple[Any, ...]:
    one = isinstance(given, str) or not isinstance(given, Iterable)
    return (given,) if one else tuple(given)


def _moments(given: Any) -> tuple[float, ...] | None:
    if given is None:
        return None
    try:
        times = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        times = np.zeros(())
    if times.ndim != 1:
        raise wrong("times", f"must be numbers in a row, not {given!r:.80}")
    return tuple(times.tolist())


def _incomes(given: Any) -> dict[str, AbstractIncome]:
    if not isinstance(given, Mapping):
        raise wrong("income", f"must be position → what it earns, not {given!r:.80}")
    return dict(given)


@frozen(kw_only=True, eq=False)
class Simulation:
    """The settings of a run, with the book that it is of; `run` does it.

    Attributes:
        book: what is held and hedged: a book, a portfolio, anything priced.
        market: where it starts; prices are scalars.
        instruments: what may be traded.
        path: what prices do.
        policy: when to trade, and how far.
        request: what to make neutral.
        solver: how.
        days: how long.
        steps: in how many steps of one length.
        times: instead of days and steps: (T + 1,), years since the start, from 0.
        paths: how many.
        seed: of the random numbers.
        costs: what trading costs.
        income: position → what it earns.
        arbitraged: positions whose pool moves only once the market leaves its fee band.
        funding: what the venue makes of a premium.
        margin: the account of the hedge; None where it never runs out.
        roll: "strike" or "moneyness", what the next contract keeps once an instrument expires;
            "never", there is no next; None where none expires.
        cooldown: hours after a trade in which there is no other.
        min_notional: of an order, in the numeraire.
        ledger: whether to keep the ledger; without it, runs that the fast engine is for are many
            times as fast, and tell profits, costs and orders alone.

    Raises:
        SpecError: a setting is wrong; it is named.

    """

    book: Book | Portfolio | Priced
    market: Market
    instruments: tuple[Instrument, ...] = field(converter=_tuple)
    path: AbstractPriceModel
    policy: AbstractPolicy = field(factory=WhalleyWilmott)
    request: HedgeRequest = field(factory=HedgeRequest)
    solver: AbstractHedgeSolver = field(factory=LeastSquares)
    days: float = 30.0
    steps: int = 720
    times: tuple[float, ...] | None = field(default=None, converter=_moments)
    paths: int = 1
    seed: int = 0
    costs: tuple[AbstractCost, ...] = field(factory=lambda: (Fee(),), converter=_tuple)
    income: Mapping[str, AbstractIncome] = field(factory=dict, converter=_incomes)
    arbitraged: tuple[str, ...] = field(default=(), converter=_tuple)
    funding: FundingRule = field(factory=FundingRule)
    margin: Margin | None = None
    roll: str | None = None
    cooldown: float = 0.0
    min_notional: float = 0.0
    ledger: bool = True

    def __attrs_post_init__(self) -> None:
        """Check what no field checks itself."""
        check(self)

    @property
    def collateral(self) -> float:
        """What is in the margin account at the start; 0 where there is none."""
        return 0.0 if self.margin is None else self.margin.collateral

    @property
    def rules(self) -> Rules:
        """What every policy obeys."""
        return Rules(cooldown=self.cooldown / YEAR_HOURS, least=self.min_notional)

    def begins(self) -> Market:
        """Return the market that the paths start from."""
        return self.path.start(self.market)

    def moments(self) -> Array:
        """Return the moments of a run, (T + 1,) years from its start: the path's own if any."""
        own = self.path.times()
        if own is not None:
            return own
        if self.times is None:
            return np.linspace(0.0, self.days / DAYS, self.steps + 1)
        return np.array(self.times)

    def plan(self, market: Market, moving: frozenset[str] | None = None) -> Plan:
        """Return the legs of a run that starts at `market`, and what of them is hedged.

        Args:
            market: where it starts.
            moving: the assets whose price moves on the way; None is all.

        """
        legs = stock(
            self.book,
            self.instruments,
            market,
            arbitraged=self.arbitraged,
            roll=self.roll,
            moving=moving,
        )
        self._check_expiries(legs, market)
        names = [leg.name for leg in legs.positions]
        for name in self.income:
            known(name, names, "income")
        held = Portfolio(
            (leg.name, leg.priced, amount)
            for leg, amount in zip(legs.positions, legs.amounts, strict=True)
        )
        rows: tuple[str, ...] = ()
        if self.instruments:
            rows = HedgeProblem(held, self.instruments, market, self.request).hedged_assets
        return Plan(settings=self, stock=legs, rows=tuple(legs.assets.index(row) for row in rows))

    def _check_expiries(self, legs: Stock, market: Market) -> None:
        """Refuse an instrument that would be gone before the end, unless that is meant."""
        end = float(market.time or 0.0) + float(self.moments()[-1])
        for leg in legs.instruments:
            if self.roll is None and leg.ends < end:
                reason = f"must be said: {leg.name!r:.80} expires within the run. Say strike,"
                raise wrong("roll", f"{reason} moneyness (what the next keeps), or never")

    def blocks(self) -> list[Block]:
        """Return the blocks of paths that a run is made of; each may be done anywhere."""
        return blocks(self.paths)

    def block(self, block: Block) -> Outcome:
        """Return what comes of one block: the same wherever, and whenever, it is done."""
        return engine.run(self, block)

    def run(
        self, *, workers: int = 1, cluster: Any = None, progress: Any = None
    ) -> SimulationResult:
        """Return what comes of all paths.

        Args:
            workers: processes of this machine.
            cluster: the address of a Dask cluster, or its client; instead of `workers`.
            progress: called with how many blocks are done, and of how many.

        """
        means = {"workers": workers, "cluster": cluster, "progress": progress}
        if self.ledger or not eligibility.applies(self):
            return SimulationResult(
                settings=self, outcome=merged(map_blocks(self.block, self.blocks(), **means))
            )
        share = workers if cluster is None else max(1, len(self.blocks()) // TOGETHER)
        groups = map_blocks(
            partial(eligibility.run, self), eligibility.groups(self.blocks(), share), **means
        )
        return SimulationResult(
            settings=self, outcome=merged([each for group in groups for each in group])
        )


def simulate(
    book: Book | Portfolio | Priced,
    path: AbstractPriceModel,
    *,
    with_: Sequence[Instrument] | None = None,
    market: Market | None = None,
    workers: int = 1,
    cluster: Any = None,
    progress: Any = None,
    **settings: Any,
) -> SimulationResult:
    """Return what a policy does to a book along paths: costs, ledger, attribution and metrics.

    ``simulate(book, GBM(asset="WETH"), policy=Band(half_width=0.5), days=30, paths=10_000)``

    Args:
        book: a book; or a portfolio or anything priced, with `with_` and `market`.
        path: what prices do.
        with_: what may be traded; the book's instruments unless given.
        market: where it starts; the book's unless given.
        workers: processes of this machine.
        cluster: the address of a Dask cluster, or its client.
        progress: called with how many blocks are done, and of how many.
        settings: all other fields of `Simulation`.

    Raises:
        SpecError: a setting is wrong, or what is needed is unknown; it is named.

    """
    made = simulation(book, path, with_=with_, market=market, **settings)
    return made.run(workers=workers, cluster=cluster, progress=progress)


def simulation(
    book: Book | Portfolio | Priced,
    path: AbstractPriceModel,
    *,
    with_: Sequence[Instrument] | None = None,
    market: Market | None = None,
    **settings: Any,
) -> Simulation:
    """Return the settings of a run; see `simulate`."""
    own: dict[str, Any] = {}
    if isinstance(book, Book):
        own = {"market": book.market, "instruments": book.instruments}
        own |= {"request": book.request, "solver": book.solver}
    if with_ is not None:
        own["instruments"] = with_
    if market is not None:
        own["market"] = market
    if "market" not in own:
        raise wrong("market", "is needed, where what is held is no book")
    own.setdefault("instruments", ())
    unknown = settings.keys() - {each.name for each in Simulation.__attrs_attrs__}
    if unknown:
        raise _unknown(min(unknown))
    return Simulation(book=book, path=path, **{**own, **settings})


def _unknown(name: str) -> SpecError:
    names = [each.name for each in Simulation.__attrs_attrs__]
    return wrong(name, f"is no setting{did_you_mean(name, names)} (there are {', '.join(names)})")
