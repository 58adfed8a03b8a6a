"""Settings of a live hedge: the table ``[live]`` of a book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

import hedgecore.fields as fields
from hedgecore.books.book import Book
from hedgecore.books.checks import dependences
from hedgecore.books.kinds import costs_of, list_of, policy_of
from hedgecore.books.live_sections import CAPS, LIVE, check_caps
from hedgecore.books.positions import number, only
from hedgecore.books.sources import chain_source
from hedgecore.decisions.costs.fee import Fee
from hedgecore.decisions.policies.whalley_wilmott import WhalleyWilmott
from hedgecore.decisions.rules import Rules
from hedgecore.errors import SpecError, at_place
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.units import HOURS_PER_YEAR

TABLE = "live"


@frozen(kw_only=True)
class Caps:
    """Limits of what a loop may order, whatever it decides; cash is in the numeraire.

    Attributes:
        max_position: instrument → most contracts held, long or short.

    """

    kind = "caps"

    max_order_notional: float = fields.number("of one order", "numeraire")
    max_hourly_turnover: float = fields.number("of the orders of an hour", "numeraire")
    max_daily_turnover: float = fields.number("of the orders of a day", "numeraire")
    max_slippage: float = fields.number(
        "of a price from the mark, at worst", "fraction", fields.FRACTION, default=0.003
    )
    min_margin_ratio: float = fields.number(
        "margin over maintenance, after the order", "ratio", default=2.0
    )
    reduce_below: float = fields.number(
        "margin over maintenance, below which positions are reduced", "ratio", default=1.5
    )
    max_excess: float | None = fields.number(
        "of open delta between two orders of a decision, over that before it; the most of one order"
        " unless given",
        "numeraire", fields.NONNEGATIVE, optional=True,
    )  # fmt: skip
    max_position: Mapping[str, float] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if self.reduce_below > self.min_margin_ratio:
            reason = f"must be at most min_margin_ratio, {self.min_margin_ratio:g}"
            raise fields.wrong(self, "reduce_below", f"{reason}, not {self.reduce_below:g}")

    @property
    def excess(self) -> float:
        """Open delta that may be added between two orders of a decision, cash."""
        return self.max_order_notional if self.max_excess is None else self.max_excess


@frozen(kw_only=True)
class LiveSettings:
    """Settings of a live hedge: when to look, what to believe, and what to order.

    Attributes:
        policy: when to trade, and how far.
        costs: what trading costs: the policy weighs it, and paper charges it.
        pegs: settlement coin → its price, in the numeraire, as long as it holds its peg.
        ignored_assets: assets of accounts that are counted nowhere.
        caps: limits of orders.

    """

    kind = TABLE

    policy: AbstractPolicy = field(factory=WhalleyWilmott)
    costs: tuple[AbstractCost, ...] = field(factory=lambda: (Fee(),), converter=tuple)
    caps: Caps
    every_seconds: float = fields.number("between two cycles", "seconds", default=12.0)
    every_block: bool = fields.flag("a cycle begins with each new block, not by a clock")
    confirmations: int = fields.integer("of a block that is read", "blocks", 0, 1000, default=0)
    max_age: float = fields.number("of each reading", "seconds", default=36.0)
    max_deviation: float = fields.number(
        "between two prices of one asset", "fraction", fields.FRACTION, default=0.005
    )
    max_peg_deviation: float = fields.number(
        "of a settlement coin from its peg", "fraction", fields.FRACTION, default=0.01
    )
    max_funding: float = fields.number(
        "of an interval, either way; above it there is an alert", "fraction", default=0.001
    )
    order_seconds: float | None = fields.number(
        "life of an order; the venue's unless given", "seconds", optional=True
    )
    cooldown: float = fields.number(
        "after a trade, without another", "hours", fields.NONNEGATIVE, default=0.0
    )
    min_notional: float = fields.number("of an order", "numeraire", fields.NONNEGATIVE, default=0.0)
    clean_snapshots: int = fields.integer(
        "in a row, before a decision after a wait", "snapshots", 1, 1000, default=2
    )
    differences: int = fields.integer(
        "readings in a row with one unexplained difference, before the loop halts", "readings",
        1, 100, default=3,
    )  # fmt: skip
    pegs: Mapping[str, float] = field(factory=dict)
    ignored_assets: tuple[str, ...] = field(default=(), converter=tuple)

    @property
    def seconds(self) -> float | None:
        """Seconds between two cycles; None where blocks say when."""
        return None if self.every_block else self.every_seconds

    @property
    def rules(self) -> Rules:
        """Rules that every policy obeys."""
        return Rules(cooldown=self.cooldown / HOURS_PER_YEAR, min_order_value=self.min_notional)

    @classmethod
    def from_book(cls, book: Book) -> LiveSettings:
        """Settings that a book's ``[live]`` describes; policy and costs else ``[simulation]``'s.

        Raises:
            SpecError: a setting is unknown, missing or wrong; it is named.

        """
        shared = {name: book.simulation[name] for name in SHARED if name in book.simulation}
        given = {**shared, **book.live}
        _refuse_dependences(book)
        with at_place(TABLE):
            only(given, LIVE)
            _check_pace(given, book)
            made = {name: READ[name](given[name], book) for name in READ if name in given}
            if "caps" not in made:
                raise SpecError("is needed: write [live.caps], what may be ordered", field="caps")
            return cls(**made, **{name: given[name] for name in PLAIN if name in given})


SHARED = ("policy", "costs", "cooldown", "min_notional")
"""Settings that a simulation has too: a live hedge takes them from there where it says nothing."""
ALERTS = "alerts"
"""Table within ``[live]`` that alerts are sent by; whoever sends them reads it."""
BLOCK = "every_block"
PLAIN = (
    "every_seconds", BLOCK, "confirmations", "max_age", "max_deviation",
    "max_peg_deviation", "max_funding", "order_seconds", "cooldown", "min_notional",
    "clean_snapshots", "differences",
)  # fmt: skip


def _refuse_dependences(book: Book) -> None:
    """Refuse a position that each new price makes another: none of them would be hedged."""
    why = next(dependences(book.positions), None)
    if why is not None:
        raise SpecError(why, field="position")


def _check_pace(given: Mapping[str, Any], book: Book) -> None:
    """Refuse a cycle for each block where nothing has blocks, or beside one by the clock."""
    its = given.get(BLOCK) is True
    if its and "every_seconds" in given:
        raise SpecError("stands beside every_seconds: choose one of them", field=BLOCK)
    if its and not chain_source(book.source):
        reason = "needs a book that was read from a chain, and this one has no [source]"
        raise SpecError(f"{reason}: write every_seconds = 12.0", field=BLOCK)


def _caps(given: Any, book: Book) -> Caps:
    names = tuple(each.name for each in book.instruments)
    with at_place("caps"):
        check_caps(given, names)
        most = _numbers(given.get("max_position", {}), "max_position")
        missing = [name for name in CAPS[:3] if name not in given]
        if missing:
            raise SpecError(f"needs {', '.join(missing)}")
        return Caps(**{**given, "max_position": most})


def _numbers(given: Any, name: str) -> dict[str, float]:
    if not isinstance(given, Mapping):
        raise SpecError(f"must be a table: name = number, not {given!r:.80}", field=name)
    return {str(key): number(each, f"{name}.{key}") for key, each in given.items()}


READ: Mapping[str, Callable[[Any, Book], Any]] = {
    "policy": lambda given, book: policy_of(given),  # noqa: ARG005 - as all readers
    "costs": costs_of,
    "caps": _caps,
    "pegs": lambda given, book: _numbers(given, "pegs"),  # noqa: ARG005
    "ignored_assets": lambda given, book: list_of(given, "ignored_assets"),  # noqa: ARG005
}
"""Setting → what reads it."""
