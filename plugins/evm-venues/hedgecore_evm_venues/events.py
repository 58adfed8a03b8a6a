"""Events of an account of Perpetual Protocol v2, from the logs of its contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from attrs import frozen
from hedgecore_evm_readers.block import Block
from hedgecore_evm_readers.hexadecimal import bytes_of, quantity

from hedgecore import AccountEvent, EventKind, VenueError
from hedgecore_evm_venues.amounts import units
from hedgecore_evm_venues.contracts import Contracts
from hedgecore_evm_venues.node import Chain

CHANGED = "PositionChanged(address,address,int256,int256,uint256,int256,int256,uint256)"
FUNDED = "FundingPaymentSettled(address,address,int256)"
LIQUIDATED = "PositionLiquidated(address,address,uint256,uint256,uint256,address)"
CLOSED = "PositionClosed(address,address,int256,int256,int256,int256,uint256)"
REFERRED = "ReferredPositionChanged(bytes32)"
DEPOSITED, WITHDRAWN = "Deposited(address,address,uint256)", "Withdrawn(address,address,uint256)"
FORGIVEN = "BadDebtSettled(address,uint256)"
OURS_FIRST = (CHANGED, FUNDED, LIQUIDATED, CLOSED, FORGIVEN)
"""Events whose first topic is the account."""
WORD = 32


class Log(NamedTuple):
    """One log, decoded: its event, its indexed values, the others as integers, and its place."""

    event: str
    topics: tuple[bytes, ...]
    values: tuple[int, ...]
    transaction: str
    block: int
    place: int


@frozen
class EventReader:
    """Reads the events of an account."""

    contracts: Contracts
    trader: str

    def since(self, chain: Chain, cursor: str, block: Block) -> tuple[AccountEvent, ...]:
        """Events after a cursor up to a block, oldest first.

        Raises:
            VenueError: the block of the cursor is not in the chain, so they do not reach back.

        """
        number, hashed = cursor.split(":")
        last = chain.head_at(int(number))
        if last.hash != hashed:
            raise VenueError(f"block {number}, up to which was read, is no longer in the chain")
        if last.number >= block.number:
            return ()
        logs = self._logs(chain, last.number + 1, block.number)
        names = self._symbols(chain, block, logs)
        times = {n: chain.head_at(n).time for n in {each.block for each in logs}}
        referrals = {each.transaction: each.topics[0] for each in logs if each.event == REFERRED}
        seized = {each.transaction for each in logs if each.event == LIQUIDATED}
        return tuple(
            self._event(each, times[each.block], names, referrals, seized)
            for each in sorted(logs, key=lambda its: (its.block, its.place))
            if each.event != REFERRED
        )

    def fills(self, receipt: Mapping[str, Any]) -> list[Log]:
        """Changes of position of the account within one transaction."""
        house = self.contracts.house.lower()
        found = [decode_log(e) for e in receipt["logs"] if e["address"].lower() == house]
        return [
            each
            for each in found
            if each is not None and each.event == CHANGED and self._is_ours(each.topics[0])
        ]

    def _is_ours(self, topic: bytes) -> bool:
        return topic[-20:] == bytes.fromhex(self.trader[2:])

    def _logs(self, chain: Chain, first: int, last: int) -> list[Log]:
        """Logs of the account in a span of blocks, and all client ids there."""
        span = {"fromBlock": hex(first), "toBlock": hex(last)}
        mine = "0x" + self.trader[2:].lower().rjust(2 * WORD, "0")
        house, vault = self.contracts.house, self.contracts.vault
        wanted = [
            {**span, "address": [house, vault], "topics": [_topics(OURS_FIRST), mine]},
            {**span, "address": vault, "topics": [_topics((DEPOSITED, WITHDRAWN)), None, mine]},
            {**span, "address": house, "topics": [_topics((REFERRED,))]},
        ]
        said = chain.all_of([("eth_getLogs", [each]) for each in wanted])
        return [
            log for part in said for each in part for log in [decode_log(each)] if log is not None
        ]

    def _symbols(self, chain: Chain, block: Block, logs: Sequence[Log]) -> dict[bytes, str]:
        """Base token, as a topic → symbol, of the markets in some logs."""
        tokens = {each.topics[1] for each in logs if each.event in (CHANGED, CLOSED)}
        return chain.symbols(block, sorted(tokens))

    def _event(
        self,
        log: Log,
        time: int,
        names: Mapping[bytes, str],
        referrals: Mapping[str, bytes],
        seized: set[str],
    ) -> AccountEvent:
        kind, contracts, price, paid = MEANING[log.event](log, self.contracts.decimals)
        if log.event == CHANGED and log.transaction in seized:
            kind = EventKind.LIQUIDATION
        coin = self.contracts.settlement
        return AccountEvent(
            id=f"{log.transaction}:{log.place}",
            kind=kind,
            time=float(time),
            symbol=names[log.topics[1]] if log.event in (CHANGED, CLOSED) else None,
            contracts=contracts,
            price=price,
            changes={coin: paid} if paid else {},
            client_id=client_id_of(referrals.get(log.transaction)) if contracts else None,
        )


Meaning = tuple[EventKind, Decimal, Decimal | None, Decimal]
"""Kind, contracts, price, and what is added to the balance."""
NOTHING = Decimal(0)


def _position_change(log: Log, _: int) -> Meaning:
    size, notional, _, _, profit, _ = log.values
    price = abs(units(notional) / units(size)) if size else None
    return EventKind.FILL, units(size), price, units(profit)


def _position_close(log: Log, _: int) -> Meaning:
    size, _, _, profit, price = log.values
    return EventKind.EXPIRY, units(-size), units(price), units(profit)


MEANING: Mapping[str, Callable[[Log, int], Meaning]] = {
    CHANGED: _position_change,
    CLOSED: _position_close,
    FUNDED: lambda log, _: (EventKind.FUNDING, NOTHING, None, -units(log.values[0])),
    LIQUIDATED: lambda log, _: (EventKind.FEE, NOTHING, None, -units(log.values[2])),
    DEPOSITED: lambda log, n: (EventKind.TRANSFER, NOTHING, None, units(log.values[0], n)),
    WITHDRAWN: lambda log, n: (EventKind.TRANSFER, NOTHING, None, -units(log.values[0], n)),
    FORGIVEN: lambda log, n: (EventKind.TRANSFER, NOTHING, None, units(log.values[0], n)),
}
"""Event → what it means to an account. Opening costs no cash: the fee is in the entry price."""
INDEXED = {REFERRED: 1, FORGIVEN: 1}
"""Indexed values of an event; 2 unless named."""


def decode_log(given: Mapping[str, Any]) -> Log | None:
    """Log of one of our events; None of any other."""
    if given.get("removed"):
        raise VenueError("the node tells of a log that a reorganisation has removed")
    first, *topics = [bytes_of(each, "a topic") for each in given["topics"]]
    event = _events().get(first)
    if event is None or len(topics) != INDEXED.get(event, 2):
        return None
    data = bytes_of(given["data"], "the data of a log")
    words = [data[at : at + WORD] for at in range(0, len(data), WORD)]
    return Log(
        event,
        tuple(topics),
        tuple(int.from_bytes(each, "big", signed=True) for each in words),
        str(given["transactionHash"]).lower(),
        quantity(given["blockNumber"], "the block of a log"),
        quantity(given["logIndex"], "the index of a log"),
    )


@lru_cache(maxsize=1)
def _events() -> Mapping[bytes, str]:
    """First topic of a log → the event."""
    from eth_utils.crypto import keccak  # noqa: PLC0415 - slow, and only here

    return {keccak(text=each): each for each in (*MEANING, REFERRED)}


def _topics(events: Sequence[str]) -> list[str]:
    known = {event: topic for topic, event in _events().items()}
    return ["0x" + known[each].hex() for each in events]


def client_id_of(referral: bytes | None) -> str | None:
    """Client id in a referral code; None where there is none, its digits where it is no text."""
    text = (referral or b"").rstrip(b"\0")
    return None if not text else text.decode("ascii") if text.isascii() else text.hex()
