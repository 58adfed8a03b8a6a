"""Timing of a band's trade: now, or the nearest prices of each hedged asset at which it trades."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import evolve, frozen

from hedgecore.analysis.scenario import moving_portfolio
from hedgecore.books.book import Book
from hedgecore.decisions.costs.fee import Fee
from hedgecore.decisions.decide import Decision, Reason, decide
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.observe import observe
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.decisions.problem import DecisionProblem
from hedgecore.decisions.rules import Rules
from hedgecore.errors import SpecError
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.interfaces.cost import Trades
from hedgecore.interfaces.policy import Observation
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.bisection import bisect

STEP, REACH = 1.01, 5.0
"""Ratio of the prices that are tried in turn, and that of the last to the book's own."""
HALVINGS = 48
"""Of a bracket; 1 % over 2^48 is less than the rounding of a price."""


@frozen(eq=False, kw_only=True)
class TradeTiming:
    """Answer of a band to a book as it stands, with what it holds.

    Attributes:
        kind: of the policy.
        fraction: hedged asset → part of the way to the target that is asked for now.
        band: hedged asset → |delta| over the half-width of its band; infinite where that is 0.
        prices: hedged asset → nearest prices, below and above, at which there is a trade, all
            others as they are; None where none is found, and where there is a trade now.
        orders: instrument → contracts to trade now.
        reason: why there is a trade, or none.

    """

    kind: str
    fraction: Mapping[str, float]
    band: Mapping[str, float]
    prices: Mapping[str, tuple[float | None, float | None]]
    orders: Mapping[str, float]
    reason: Reason

    @property
    def now(self) -> bool:
        """True if the band trades at today's prices."""
        return self.reason is Reason.TRADE


def trade_timing(book: Book, policy: AbstractBand) -> TradeTiming:
    """Timing of a band's trade in a book: now, or the nearest prices of each asset for it.

    Pools that hold an asset whose price is tried follow their own curve, as in `sweep`. Nothing
    depends on when the last trade was.

    Raises:
        SpecError: the half-width of a band is not known: a fee, say, that it depends on.

    Examples:
        >>> from hedgecore.decisions.policies.band import Band
        >>> book = Book.load("examples/book.toml")
        >>> trade_timing(book, Band(half_width=0.01, of="worth")).now
        True

    """
    state = _State(book, policy, book.portfolio.worth(book.market))
    problem, seen = state.problem(book.portfolio, book.market)
    assets = problem.hedged_assets
    part = _part(policy, seen, assets)
    made = state.decision(problem, seen)
    reason = Reason(int(made.reason))
    names = [each.name for each in book.instruments]
    prices = {a: (None, None) if reason is Reason.TRADE else _nearest(state, a) for a in assets}
    return TradeTiming(
        kind=policy.kind,
        fraction=dict(zip(assets, made.fraction.tolist(), strict=True)),
        band=dict(zip(assets, part.tolist(), strict=True)),
        prices=prices,
        orders=dict(zip(names, (made.trade + 0.0).tolist(), strict=True)),
        reason=reason,
    )


@frozen(kw_only=True)
class _KnownFee(Fee):
    """Fees as far as they are known, nan else: most bands depend on none."""

    def _charge(self, trades: Trades) -> Array:
        return trades.charge


@frozen(eq=False)
class _State:
    """Constants while a price moves: the book, the policy, the worth that a band may refer to."""

    book: Book
    policy: AbstractBand
    worth: Array

    def problem(self, target: Priced, market: Market) -> tuple[HedgeProblem, Observation]:
        """Hedge problem in a market, and what the policy sees of it."""
        book = self.book
        problem = HedgeProblem(
            target, book.instruments, self.policy.pricing_market(market), book.request, book.held
        )
        return problem, observe(
            problem, [_KnownFee()], self._memory(problem), step=1, time=0.0, dt=0.0
        )

    def decision(self, problem: HedgeProblem, seen: Observation) -> Decision:
        """Decision on a problem."""
        asked = DecisionProblem.of(problem, self.book.solver)
        return decide(asked, self.policy, Rules(), seen, self._memory(problem))

    def trades(self, target: Priced, market: Market) -> bool:
        """True if the band trades any contract in a market."""
        return bool(self.decision(*self.problem(target, market)).trade.any())

    def _memory(self, problem: HedgeProblem) -> Memory:
        """Memory of a hedge that stands already: a band asks for nothing else of the past."""
        price = problem.market.vector(problem.hedged_assets)
        return Memory(origin=0.0, worth=self.worth, last_time=np.zeros(()), last_price=price)


def _part(policy: AbstractBand, seen: Observation, assets: tuple[str, ...]) -> Array:
    """Delta over the half-width of the band, (m,); 0 where both are 0."""
    width, away = np.broadcast_to(policy.width(seen), seen.delta.shape), np.abs(seen.delta)
    for asset, each, cost in zip(assets, width, seen.cost, strict=True):
        if np.isnan(each):
            why = ": a fee is unknown, give it in the book, or by --fee" if np.isnan(cost) else ""
            raise SpecError(f"the band of {asset!r:.80} has no known width{why}", kind=policy.kind)
    wide = width > 0
    narrow = np.where(away > 0, np.inf, 0.0)
    return np.where(wide, away / np.where(wide, width, 1.0), narrow)


def _nearest(state: _State, asset: str) -> tuple[float | None, float | None]:
    """Nearest prices of an asset, below and above the book's, at which there is a trade."""
    market = state.book.market
    target = moving_portfolio(state.book.positions, [asset], market)
    price = float(market.price(asset))

    def trades(at: float) -> bool:
        return state.trades(target, evolve(market, prices={**market.prices, asset: at}))

    return _edge(trades, price, 1.0 / STEP), _edge(trades, price, STEP)


def _edge(trades: Callable[[float], bool], price: float, step: float) -> float | None:
    """Price next to the first of a row, each `step` times the last, at which `trades` is true."""
    before = price
    for n in range(1, 1 + round(np.log(REACH) / np.log(STEP))):
        at = price * step**n
        if trades(at):
            return bisect(trades, before, at, HALVINGS)
        before = at
    return None
