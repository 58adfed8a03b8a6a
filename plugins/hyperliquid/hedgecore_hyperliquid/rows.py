"""Rows of the venue's history: fills, funding, and what else moves cash; each an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

from hedgecore import AccountEvent, EventKind
from hedgecore_hyperliquid.answers import USDC, amount, seconds, text, whole

LIQUIDATED, DELEVERAGED, SETTLED = "liquidation", "Auto-Deleveraging", "Settlement"
SPOT = "/", "@"
"""In the names of what is traded without a position."""


@frozen
class FillRow:
    """A fill: what of it an event is made of, and where it stood in the position."""

    time: float
    id: str
    oid: int
    coin: str
    contracts: Decimal
    price: Decimal
    profit: Decimal
    fee: Decimal
    fee_token: str
    before: Decimal
    kind: EventKind
    cloid: str | None

    @property
    def is_spot(self) -> bool:
        """True if coins changed hands, and no position."""
        return any(mark in self.coin for mark in SPOT)

    def event(self, cloid: str | None, pair: tuple[str, str] | None) -> AccountEvent:
        """Event of this fill.

        Args:
            cloid: of the order behind it.
            pair: coins that are traded, of spot.

        """
        changes: dict[str, Decimal] = {}
        if pair is None:
            add(changes, USDC, self.profit)
        else:
            add(changes, pair[0], self.contracts)
            add(changes, pair[1], -self.contracts * self.price)
        add(changes, self.fee_token, -self.fee)
        moved: dict[str, Any] = {"symbol": self.coin, "contracts": self.contracts}
        return AccountEvent(
            id=self.id,
            kind=self.kind,
            time=self.time,
            price=self.price,
            changes=changes,
            client_id=None if cloid is None else cloid.removeprefix("0x"),
            **({} if pair else moved),
        )


def add(changes: dict[str, Decimal], asset: str, much: Decimal) -> None:
    """Add an amount of an asset."""
    changes[asset] = changes.get(asset, Decimal(0)) + much


def fill_row(said: Any) -> FillRow:
    """Fill of a row of `userFillsByTime`."""
    side = {"B": 1, "A": -1}[said["side"]]
    named = said.get("cloid")
    return FillRow(
        time=seconds(said["time"]),
        id=f"fill {whole(said['tid'])}",
        oid=whole(said["oid"]),
        coin=text(said["coin"]),
        contracts=side * amount(said["sz"]),
        price=amount(said["px"]),
        profit=amount(said["closedPnl"]),
        fee=amount(said["fee"]),
        fee_token=text(said["feeToken"]),
        before=amount(said["startPosition"]),
        kind=_kind(said),
        cloid=None if named is None else text(named),
    )


def _kind(said: Any) -> EventKind:
    if LIQUIDATED in said:
        return EventKind.LIQUIDATION
    kinds = {DELEVERAGED: EventKind.DELEVERAGING, SETTLED: EventKind.EXPIRY}
    return kinds.get(text(said["dir"]), EventKind.FILL)


def funding_event(said: Any) -> AccountEvent:
    """Funding of a row of `userFunding`; one coin pays once at a time."""
    delta = said["delta"]
    return AccountEvent(
        id=f"funding {text(delta['coin'])} {whole(said['time'])}",
        kind=EventKind.FUNDING,
        time=seconds(said["time"]),
        changes={USDC: amount(delta["usdc"])},
    )


def ledger_event(said: Any, account: str) -> AccountEvent:
    """Transfer of a row of `userNonFundingLedgerUpdates`.

    Raises:
        ValueError: what it does to the account is not known here.

    """
    delta = said["delta"]
    changes = LEDGER[delta["type"]](delta, account)
    return AccountEvent(
        id=f"ledger {text(said['hash'])} {delta['type']}",
        kind=EventKind.TRANSFER,
        time=seconds(said["time"]),
        changes=changes,
    )


def _moved(asset: str, name: str) -> Callable[[Any, str], Mapping[str, Decimal]]:
    """Changes of a transfer between two accounts."""

    def changes(delta: Any, account: str) -> Mapping[str, Decimal]:
        found: dict[str, Decimal] = {}
        much = amount(delta[name])
        coin = delta["token"] if asset == "token" else asset
        if delta["user"].lower() == account:
            add(found, coin, -much)
            add(found, USDC, -amount(delta.get("fee", "0")))
        if delta["destination"].lower() == account:
            add(found, coin, much)
        return found

    return changes


LEDGER: Mapping[str, Callable[[Any, str], Mapping[str, Decimal]]] = {
    "deposit": lambda delta, account: {USDC: amount(delta["usdc"])},  # noqa: ARG005 - as all
    "withdraw": lambda delta, account: {USDC: -amount(delta["usdc"]) - amount(delta["fee"])},  # noqa: ARG005
    "accountClassTransfer": lambda delta, account: {},  # noqa: ARG005 - spot and perps are one
    "internalTransfer": _moved(USDC, "usdc"),
    "subAccountTransfer": _moved(USDC, "usdc"),
    "spotTransfer": _moved("token", "amount"),
}
"""Kind of transfer → what it changes; another kind is an error."""
