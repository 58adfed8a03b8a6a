"""One account on Perpetual Protocol v2: an order is a transaction, and its proof its hash."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from hedgecore_evm_readers.abi import Call
from hedgecore_evm_readers.block import Block

from hedgecore import (
    Absent,
    AbstractSession,
    Account,
    ContractTerms,
    Filled,
    Identity,
    Intent,
    Receipt,
    RejectedError,
    TopOfBook,
    Unknown,
    VenueError,
)
from hedgecore_evm_venues.account import AccountReader
from hedgecore_evm_venues.amounts import is_whole, units
from hedgecore_evm_venues.contracts import LEAST_ORDER, Contracts
from hedgecore_evm_venues.events import EventReader
from hedgecore_evm_venues.node import Chain, Node
from hedgecore_evm_venues.signer import Signer

Outcome = Filled | Absent | Unknown
REVERTED, DONE = "0x0", "0x1"
WHOLE, SQUARED = 10**18, 192
"""A price is the square of a root that is a multiple of 2⁻⁹⁶."""


class PerpTable(Protocol):
    """Fields that a session takes from the table of its venue; see `PerpV2`."""

    @property
    def account(self) -> str:
        """Address of the account that has the positions and the margin."""

    @property
    def markets(self) -> tuple[str, ...]:
        """Base tokens of the markets."""

    @property
    def confirmations(self) -> int:
        """Blocks, the one of the transaction counted, until it stands."""

    @property
    def gas(self) -> int:
        """Limit of a transaction, gas."""


class PerpSession(AbstractSession):
    """One account, open; its key signs for the account, or for a delegate of it."""

    def __init__(
        self, venue: PerpTable, node: Node, signer: Signer | None, contracts: Contracts
    ) -> None:
        self._venue, self._node, self._key, self._its = venue, node, signer, contracts
        self._accounts = AccountReader(contracts, venue.account)
        self._events = EventReader(contracts, venue.account)

    def identity(self) -> Identity:
        """Account and chain; a delegate's key may trade, the account's own withdraw too."""
        if self._key is None:
            account, network = self._venue.account, str(self._its.chain_id)
            return Identity(account=account, network=network, permissions=())
        with self._node.chain() as chain:
            own = self._signer.address == self._venue.account
            if not own:
                self._check_delegate(chain)
            return Identity(
                account=self._venue.account,
                network=str(self._its.chain_id),
                permissions=("trade", "withdraw") if own else ("trade",),
            )

    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of the markets that the table names and that are open."""
        with self._node.chain() as chain:
            return self._its.terms(chain, self._venue.markets)

    def account(self, cursor: str | None = None) -> Account:
        """Account at the last block that is confirmed."""
        with self._node.chain() as chain:
            block = chain.head(self._venue.confirmations)
            events = () if cursor is None else self._events.since(chain, cursor, block)
            found = self._accounts.read(chain, block, events, f"{block.number}:{block.hash}")
            chain.confirm(block)
            return found

    def book(self, symbol: str) -> TopOfBook:
        """Price of the pool, on both sides: the fee comes on top. Funding is that of a day."""
        with self._node.chain() as chain:
            block = chain.head()
            market = self._market(chain, block, symbol)
            root, mark, index, twap, past, most = chain.ask(block, self._its.prices(market))
            price = units(root * root * WHOLE >> SQUARED)
            return TopOfBook(
                bid=price,
                ask=price,
                mark=units(mark),
                index=units(index),
                funding_rate=funding(units(twap * twap * WHOLE >> SQUARED), units(past), most),
                time=float(block.time),
            )

    def time(self) -> float:
        """Time of the latest block."""
        with self._node.chain() as chain:
            return float(chain.head().time)

    def prepare(self, intent: Intent) -> Receipt:
        """Sign an order, with the next nonce and a deadline."""
        with self._node.chain() as chain:
            block = chain.head()
            market = self._market(chain, block, intent.symbol)
            self._check(chain, block, market, intent)
            order = self._its.order(chain, block, market, intent)
            nonce = chain.used(self._signer.address, block)
            signed = self._signer.sign(self._transaction(chain, order, nonce))
            proof = {"raw": signed.raw, "hash": signed.hash, "nonce": str(nonce)}
            return Receipt(intent=intent, proof={**proof, "block": str(block.number)})

    def place(self, receipt: Receipt) -> None:
        """Send the bytes that were signed: whatever the node says of them proves nothing."""
        with self._node.chain() as chain:
            refusal = chain.send(receipt.proof["raw"])
            if refusal is not None and not chain.knows(receipt.proof["hash"]):
                raise VenueError(f"the node answers {refusal.message!r} to the order")

    def resolve(self, receipt: Receipt) -> Outcome:
        """Outcome of an order, as of the last block that is confirmed."""
        with self._node.chain() as chain:
            block = chain.head(self._venue.confirmations)
            outcome = self._outcome(chain, block, receipt)
            chain.confirm(block)
            return outcome

    def cancel(self, receipt: Receipt) -> None:
        """Nothing: the deadline of an order ends it."""

    def close(self) -> None:
        """Close the connection."""
        self._node.close()

    @property
    def _signer(self) -> Signer:
        if self._key is None:
            raise VenueError("perp-v2: no key is given, so nothing can be traded")
        return self._key

    def _outcome(self, chain: Chain, block: Block, receipt: Receipt) -> Outcome:
        """Outcome of an order, up to a block; each way to `Absent` is a proof."""
        proof = receipt.proof
        hashed, nonce = proof["hash"], int(proof["nonce"])
        if chain.used(self._signer.address, block) <= nonce:
            return unused_outcome(receipt, block)
        mined = chain.receipt(hashed)
        if mined is not None and int(mined["blockNumber"], 16) <= block.number:
            return self._outcome_of_receipt(mined, receipt)
        other, number = chain.consumer(self._signer.address, nonce, int(proof["block"]), block)
        if other != hashed:
            return Absent(f"nonce {nonce} was used by {other} in block {number}")
        return Unknown(f"block {number} holds it, and the node has no receipt of it yet")

    def _market(self, chain: Chain, block: Block, symbol: str) -> str:
        markets = self._venue.markets
        names = chain.ask(block, [Call(each, "symbol()(string)") for each in markets])
        if symbol not in names:
            there = ", ".join(names)
            raise VenueError(f"no market is called {symbol!r:.40} (there are {there})")
        return markets[names.index(symbol)]

    def _check(self, chain: Chain, block: Block, market: str, intent: Intent) -> None:
        """Refuse what cannot be sent as it is asked for."""
        if not is_whole(intent.contracts):
            raise RejectedError(f"{intent.contracts} contracts are no whole number of wei")
        if abs(intent.contracts) < LEAST_ORDER:
            raise RejectedError(f"{intent.contracts} contracts are fewer than {LEAST_ORDER}")
        if not intent.limit_price > 0:
            raise RejectedError(f"a limit must be positive, not {intent.limit_price}")
        call = "getTakerPositionSize(address,address)(int256)"
        [held] = chain.ask(block, [Call(self._its.balances, call, (self._venue.account, market))])
        left = units(held) + intent.contracts
        if intent.reduce_only and (left * units(held) < 0 or abs(left) >= abs(units(held))):
            raise RejectedError(f"{intent.contracts} contracts do not reduce {units(held)}")

    def _check_delegate(self, chain: Chain) -> None:
        call, account = "canOpenPositionFor(address,address)(bool)", self._venue.account
        given = (account, self._signer.address)
        [may] = chain.ask(chain.head(), [Call(self._its.delegates, call, given)])
        if not may:
            raise VenueError(f"{account} has not approved {self._signer.address} to trade for it")

    def _transaction(
        self, chain: Chain, order: tuple[object, ...], nonce: int
    ) -> Mapping[str, Any]:
        tip, newest = chain.all_of(
            [("eth_maxPriorityFeePerGas", []), ("eth_getBlockByNumber", ["latest", False])]
        )
        return {
            "type": 2,
            "chainId": self._its.chain_id,
            "nonce": nonce,
            "maxPriorityFeePerGas": int(tip, 16),
            "maxFeePerGas": 2 * int(newest["baseFeePerGas"], 16) + int(tip, 16),
            "gas": self._venue.gas,
            "to": self._its.house,
            "value": 0,
            "data": self._its.call_data(order, self._signer.address, self._venue.account),
        }

    def _outcome_of_receipt(self, mined: Mapping[str, Any], receipt: Receipt) -> Outcome:
        """Outcome of a transaction that is mined."""
        where = f"transaction {receipt.proof['hash']} in block {int(mined['blockNumber'], 16)}"
        if mined["status"] == REVERTED:
            return Absent(f"{where} reverted")
        fills = self._events.fills(mined)
        if mined["status"] != DONE or len(fills) != 1:
            raise VenueError(f"{where}: its receipt has no status, or not one trade")
        size, notional, fee, *_ = (units(each) for each in fills[0].values)
        return Filled(
            contracts=size,
            price=abs(notional / size),
            fee=fee,
            fee_asset=self._its.settlement,
            venue_id=receipt.proof["hash"],
        )


def unused_outcome(receipt: Receipt, block: Block) -> Outcome:
    """Outcome of an order whose nonce is unused, as of a block."""
    nonce, deadline = receipt.proof["nonce"], int(receipt.intent.expires)
    if block.time > deadline:
        return Absent(
            f"{block} is of {block.time}, past its deadline {deadline}, and nonce {nonce} is unused"
        )
    return Unknown(f"nonce {nonce} is unused as of {block}, of {block.time}")


def funding(market: Decimal, index: Decimal, most: int) -> Decimal:
    """Rate by which the longer side pays in a day: market over index, within a limit."""
    limit = units(most, 6)
    return max(-limit, min(limit, (market - index) / index))
