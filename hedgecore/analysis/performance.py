"""Performance of positions so far: what holding would have made, and what pools and hedge added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from attrs import frozen

from hedgecore.analysis.returns import money_weighted, time_weighted
from hedgecore.books.track_record import CAPITAL, COSTS, FEES, FUNDING, REWARDS, Flow
from hedgecore.market.market import Market
from hedgecore.units import SECONDS_PER_YEAR

INCOMES = (FEES, REWARDS)
"""Types of income of positions, beside their worth, collected or not."""
OUTWARD = (CAPITAL, COSTS)
"""Types whose amounts the owner pays, where they are positive."""
HEDGE = "hedge"


@frozen(kw_only=True)
class TradeProfit:
    """Trade of the past, its profit until now without the fee, and the fee; in the numeraire."""

    date: datetime
    instrument: str
    profit: float
    fee: float | None


@frozen(kw_only=True, eq=False, slots=False)
class Performance:
    """Performance of some positions and of the trades beside them; cash is in the numeraire.

    What is not stated is None, and so is what needs a price that is not known; `not_stated` and
    `missing` say which.

    Attributes:
        name: of the position; "" for all of the book.
        numeraire: the unit.
        end: moment at which all is valued.
        market: the prices then.
        value: worth of the positions now.
        uncollected: what they have earned and not paid out, by type; where a holding says so.
        flows: oldest first.
        trades: profit and fee of each trade of the hedge; None where trades are not part of it.

    """

    name: str
    numeraire: str
    end: datetime
    market: Market
    value: float
    uncollected: Mapping[str, float]
    flows: tuple[Flow, ...]
    trades: tuple[TradeProfit, ...] | None

    @cached_property
    def capital(self) -> tuple[Flow, ...]:
        """Deposits and withdrawals."""
        return self._of(CAPITAL)

    @property
    def start(self) -> datetime | None:
        """First deposit; None where none is stated."""
        return self.capital[0].date if self.capital else None

    @cached_property
    def deposited(self) -> float | None:
        """Deposits, at their prices then."""
        return _sum(self._cash(each) for each in self.capital if each.amount > 0)

    @cached_property
    def withdrawn(self) -> float | None:
        """Withdrawals, at their prices then."""
        return _minus(_sum(self._cash(each) for each in self.capital if each.amount < 0))

    @cached_property
    def hold_value(self) -> float | None:
        """Worth now of what was put in and not taken out, had it been held."""
        return _sum(each.amount * self.market.price(each.asset).item() for each in self.capital)

    @property
    def price_change(self) -> float | None:
        """Profit of holding: what prices did to what was put in."""
        return _sum([self.hold_value, _minus(self.deposited), self.withdrawn])

    @property
    def impermanent_loss(self) -> float | None:
        """Worth of the positions less that of holding: negative is a loss.

        Of a pool whose fees stay in it, these are in the worth, and so in this.
        """
        return _sum([self.value, _minus(self.hold_value)])

    @property
    def fees(self) -> float | None:
        """Fees collected, at their prices then, and uncollected, at those of now."""
        return self._income(FEES)

    @property
    def rewards(self) -> float | None:
        """Rewards, likewise."""
        return self._income(REWARDS)

    @property
    def funding(self) -> float | None:
        """Funding received, negative where paid."""
        return self._stated_sum(FUNDING)

    @property
    def costs(self) -> float | None:
        """Gas and the like, and the fees of trades; negative."""
        fees = [each.fee for each in self.trades or ()]
        own = self._stated_sum(COSTS)
        if own is None and not (fees and COSTS not in self._types):
            return None
        return _minus(_sum([own or 0.0, *fees]))

    @property
    def hedge_profit(self) -> float | None:
        """Profit of the trades, realised and not, without fees and funding."""
        return _sum(each.profit for each in self.trades) if self.trades else None

    @cached_property
    def parts(self) -> Mapping[str, float | None]:
        """Part of the profit → cash; their sum is the profit."""
        found = {
            "price change": self.price_change,
            "impermanent loss": self.impermanent_loss,
            "fees": self.fees,
            "rewards": self.rewards,
            "costs": self.costs,
        }
        if self.trades is None:
            return found
        return {**found, "hedge": self.hedge_profit, "funding": self.funding}

    @property
    def not_stated(self) -> tuple[str, ...]:
        """Parts that nothing is stated of: the sum leaves them out."""
        silent = {name for name in (FEES, REWARDS, FUNDING, COSTS) if not self._is_stated(name)}
        if not self.trades:
            silent.add(HEDGE)
        return tuple(name for name in self.parts if name in silent)

    @property
    def net(self) -> float | None:
        """Sum of all parts that are stated; None where one of these is not known."""
        silent = self.not_stated
        return _sum(each for name, each in self.parts.items() if name not in silent)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Sentences on what is needed for the rest, or why a return is none."""
        prices, fees, worths = self._without_price(), self._without_fee(), self._without_worth()
        named = (*prices, *fees, *worths)
        return named or tuple(self._without_rate())

    @cached_property
    def money_weighted(self) -> float | None:
        """Internal rate of return a year, of all that is stated; None where unknown or not one."""
        paid = [_minus(self._cash(f)) if f.type in OUTWARD else self._cash(f) for f in self.flows]
        fees = [_minus(each.fee) for each in self.trades or ()]
        ends = [self.value, *self.uncollected.values(), self.hedge_profit or 0.0]
        cash = _all_or_none([*paid, *fees, *ends])
        if cash is None or not self.capital:
            return None
        dates = [each.date for each in self.flows] + [each.date for each in self.trades or ()]
        years = [self._years(each) for each in (*dates, *[self.end] * len(ends))]
        return money_weighted(years, cash)

    @cached_property
    def time_weighted(self) -> float | None:
        """Growth of the positions with fees and rewards, without the hedge, over the whole time."""
        dates = sorted({each.date for each in self.capital})
        if not dates:
            return None
        ends = [self._worth_before(each) for each in dates[1:]]
        ends.append(self.value + sum(self.uncollected.values()))
        begins = [_sum([0.0, self._capital_added(dates[0])])]
        begins += [
            _sum([end, self._capital_added(date)])
            for end, date in zip(ends[:-1], dates[1:], strict=True)
        ]
        paid = [self._paid(*each) for each in zip(dates, [*dates[1:], self.end], strict=True)]
        ends = [_sum(each) for each in zip(ends, paid, strict=True)]
        known_ends, known_begins = _all_or_none(ends), _all_or_none(begins)
        if known_ends is None or known_begins is None:
            return None
        return time_weighted(known_ends, known_begins)

    def _of(self, kind: str) -> tuple[Flow, ...]:
        return tuple(each for each in self.flows if each.type == kind)

    @cached_property
    def _types(self) -> frozenset[str]:
        return frozenset(each.type for each in self.flows)

    def _is_stated(self, kind: str) -> bool:
        return (
            kind in self._types or kind in self.uncollected or (kind == COSTS and bool(self.trades))
        )

    def _stated_sum(self, kind: str) -> float | None:
        rows = self._of(kind)
        return _sum(map(self._cash, rows)) if rows else None

    def _income(self, kind: str) -> float | None:
        if not self._is_stated(kind):
            return None
        return _sum([*map(self._cash, self._of(kind)), self.uncollected.get(kind, 0.0)])

    def _cash(self, flow: Flow) -> float | None:
        """Worth of a flow at its own price; of none of an asset, none."""
        if not flow.amount or flow.asset == self.numeraire:
            return flow.amount
        return None if flow.price is None else flow.amount * flow.price

    def _years(self, date: datetime) -> float:
        return (date - self.end).total_seconds() / SECONDS_PER_YEAR

    def _capital_added(self, date: datetime) -> float | None:
        return _sum(self._cash(each) for each in self.capital if each.date == date)

    def _worth_before(self, date: datetime) -> float | None:
        rows = [each for each in self.capital if each.date == date]
        told = {each.worth_before for each in rows if each.worth_before is not None}
        return told.pop() if len(told) == 1 else None

    def _paid(self, after: datetime, until: datetime) -> float | None:
        rows = [each for each in self.flows if each.type in INCOMES]
        return _sum(self._cash(each) for each in rows if after <= each.date < until)

    def _without_price(self) -> Iterator[str]:
        for each in self.flows:
            if self._cash(each) is None:
                row = f"the {each.type} of {each.date:%Y-%m-%d}"
                yield f"The price of {each.asset} at {row} is unknown: give price there."

    def _without_fee(self) -> Iterator[str]:
        names = {each.instrument for each in self.trades or () if each.fee is None}
        for name in sorted(names):
            yield f"Fees of trades in {name} are unknown: give fee in each [[trade]]."

    def _without_worth(self) -> Iterator[str]:
        dates = sorted({each.date for each in self.capital})
        for date in dates[1:]:
            if self._worth_before(date) is None:
                when = f"{date:%Y-%m-%d}"
                yield (
                    f"The time-weighted return needs the worth just before the flow of {when}: "
                    "give worth_before there, the same in each row of that moment."
                )

    def _without_rate(self) -> Iterator[str]:
        if self.capital and self.money_weighted is None:
            yield (
                "No one rate is the money-weighted return: more was taken out than was there, or"
                " all flows are of one sign or one moment."
            )
        if self.capital and self.time_weighted is None:
            yield (
                "The time-weighted return is none: a period begins with nothing or less, by what"
                " was there (worth_before) and was put in or taken out."
            )


def _sum(rows: Iterable[float | None]) -> float | None:
    """Sum of what is known; None where something is not."""
    known = _all_or_none(rows)
    return None if known is None else sum(known)


def _all_or_none(rows: Iterable[float | None]) -> list[float] | None:
    found = list(rows)
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _minus(number: float | None) -> float | None:
    return None if number is None else -number + 0.0
