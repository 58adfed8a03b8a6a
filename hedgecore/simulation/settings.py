"""`Simulation`: the settings of a run, which a file can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import Factory, field, frozen

from hedgecore.books.book import Book
from hedgecore.decisions.costs.fee import Fee
from hedgecore.decisions.policies.whalley_wilmott import WhalleyWilmott
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.simulation import checks
from hedgecore.simulation.blocks import Block, blocks
from hedgecore.simulation.checks import wrong
from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.margin import Margin
from hedgecore.simulation.table import PATHS, fields_of, with_settings


def _tuple(given: Any) -> tuple[Any, ...]:
    one = isinstance(given, str) or not isinstance(given, Iterable)
    return (given,) if one else tuple(given)


def _times(given: Any) -> tuple[float, ...] | None:
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


def _default_paths(its: Simulation) -> int:
    model = its.price_model
    return 1 if isinstance(model, AbstractPriceModel) and model.times() is not None else PATHS


@frozen(kw_only=True, eq=False)
class Simulation:
    """Settings of a run, with the book that it is of; `simulate` does it.

    Attributes:
        book: what is held and hedged: a book, a portfolio, anything priced.
        market: where it starts; prices are scalars.
        instruments: what may be traded.
        held: instrument name → contracts that are held as it starts: `HeldContracts`, as they were
            entered, or a number of them, as entered at the start; none where not named.
        price_model: what prices do.
        policy: when to trade, and how far.
        request: what to make neutral.
        solver: how.
        days: how long.
        steps: in how many steps of one length.
        times: instead of days and steps: (T + 1,), years since the start, from 0.
        paths: how many; 512 unless given, as in a table, and the one of a model that replays.
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
    price_model: AbstractPriceModel
    held: Mapping[str, HeldContracts | float] = field(factory=dict)
    policy: AbstractPolicy = field(factory=WhalleyWilmott)
    request: HedgeRequest = field(factory=HedgeRequest)
    solver: AbstractHedgeSolver = field(factory=LeastSquares)
    days: float = 30.0
    steps: int = 720
    times: tuple[float, ...] | None = field(default=None, converter=_times)
    paths: int = field(default=Factory(_default_paths, takes_self=True))
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
        blocks(self.paths)
        Block(0, 0, 1).generator(self.seed)
        for name in checks.CLASSES:
            checks.check_class(name, getattr(self, name))
        for cost in self.costs:
            checks.check_class("costs", cost)
        for income in self.income.values():
            checks.check_class("income", income)
        if self.margin is not None:
            checks.check_class("margin", self.margin)
        checks.check_held(self.held, self.instruments)
        checks.check_length(self.days, self.steps, self.times)
        checks.check_positive("cooldown", self.cooldown)
        checks.check_positive("min_notional", self.min_notional)
        checks.check_words(self.roll, ledger=self.ledger)
        if self.market.shape:
            raise wrong("market", "must have one price of each asset: a run starts there")

    @classmethod
    def from_book(cls, book: Book, given: Mapping[str, Any] | None = None) -> Simulation:
        """Run that a book's table ``[simulation]`` describes.

        Where there is no price model, what is hedged moves by geometric Brownian motion, at the
        volatilities in the book's ``[vols]``.

        Args:
            book: the book.
            given: other settings, in plain tables too; they take the place of the book's own.

        Raises:
            SpecError: a setting is unknown, missing or wrong; it is named.

        """
        own = fields_of(with_settings(book.simulation, given or {}), book)
        return cls(
            book=book, market=book.market, instruments=book.instruments, held=book.held,
            request=book.request, solver=book.solver, **own,
        )  # fmt: skip
