"""Loans of Curve's LLAMMA, crvUSD's and LlamaLend's: what is in the bands, less the debt."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from hedgecore import PriceQuote, ReaderError, Reading, SearchRequest
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call, together
from hedgecore_evm_readers.base import ENCODING, EvmReader, address_field, whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens

AMM, ADMIN, DEBT = "amm()(address)", "admin()(address)", "debt(address)(uint256)"
A, BASE, ORACLE = "A()(uint256)", "get_base_price()(uint256)", "price_oracle()(uint256)"
TICKS = "read_user_tick_numbers(address)(int256[2])"
HELD, SUM = "get_xy(address)(uint256[][2])", "get_sum_xy(address)(uint256[2])"
COINS = "coins(uint256)(address)"
DIGITS = 18
"""Digits of prices."""


@frozen(kw_only=True)
class Llamma(EvmReader):
    """An owner's loan of Curve's LLAMMA: collateral and what was sold of it, less the debt."""

    kind = "evm-llamma"
    title = "Loans of LLAMMA (crvUSD, LlamaLend)"
    proof = ENCODING
    example = {
        "controller": "0xA920De414eA4Ab66b97dA1bFE9e6EcA7d4219635",
        "owner": "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
    }
    calls = {
        AMM: "of the controller: the AMM",
        ADMIN: "of an AMM that is given for its controller: the controller",
        DEBT: "of the controller: what is owed, interest included",
        COINS: "of the AMM: what is borrowed, and what is pledged",
        A: "of the AMM: a band is 1/A of its price wide",
        BASE: "the upper price of band 0 at this block, interest included",
        ORACLE: "the oracle's price of the collateral",
        TICKS: "the first and the last band of the owner's",
        HELD: "what they hold of both",
        SUM: "the same, together, which must agree",
        **CALLS,
    }

    controller: str = address_field("the controller of the market")
    owner: str = address_field("whose loan")

    @classmethod
    def recognise(cls, venue: Evm, address: str) -> Conversation[bool]:  # noqa: ARG003
        """True if the contract is a controller, or an AMM with bands."""
        return (yield from _controller(address)) is not None

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[Llamma]]:  # noqa: ARG003
        """Owner's loan of each market that is named."""
        named = yield from together(_controller(each) for each in wanted.pools)
        mine = [its or each for its, each in zip(named, wanted.pools, strict=True)]
        owner = wanted.owner
        return [] if owner is None else [cls(controller=each, owner=owner) for each in mine]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Bands and debt; nothing is held where there is no loan."""
        [amm, debt] = yield [Call(self.controller, AMM), Call(self.controller, DEBT, (self.owner,))]
        amp, base, oracle, ticks, held, total, *coins = yield [
            *(Call(amm, each) for each in (A, BASE, ORACLE)),
            *(Call(amm, each, (self.owner,)) for each in (TICKS, HELD, SUM)),
            *(Call(amm, COINS, (i,)) for i in (0, 1)),
        ]
        borrowed, collateral = yield from tokens(venue, *coins)
        bands = self._bands(ticks, held, total, venue) if any(total) else []
        price = whole_units(oracle, DIGITS)
        rows = [
            [n, whole_units(x, borrowed.decimals), whole_units(y, collateral.decimals)]
            for n, x, y in bands
        ]
        return Reading(
            name=f"{collateral.symbol}/{borrowed.symbol} loan",
            held=bool(rows),
            position=self._position(collateral.id, borrowed.id, rows, amp, (base, oracle))
            | {"debt": whole_units(debt, borrowed.decimals)}
            if rows
            else None,
            tokens=by_id([borrowed, collateral]),
            depth={collateral.id: 0.0, borrowed.id: 0.0} if rows else {},
            quotations=(PriceQuote(collateral.id, price, borrowed.id),),
        )

    def _bands(self, ticks: Any, held: Any, total: Any, venue: Evm) -> list[tuple[int, int, int]]:
        """Number and contents of each band, raw; their sums are the contract's to a unit each."""
        first, last = ticks
        count = last - first + 1
        rows = list(zip(held, total, strict=True))
        if any(len(each) != count or abs(sum(each) - whole) > count for each, whole in rows):
            raise ReaderError(
                f"the AMM of {self.controller} says at {venue.block} that the bands {first} to"
                f" {last} of {self.owner} hold {list(total)}, and lists other amounts: it is no"
                " LLAMMA; leave it out"
            )
        return list(zip(range(first, last + 1), *held, strict=True))

    @staticmethod
    def _position(
        collateral: str, borrowed: str, bands: Any, amp: int, prices: tuple[int, int]
    ) -> dict[str, Any]:
        base, oracle = (whole_units(each, DIGITS) for each in prices)
        return {
            "kind": "llamma",
            "collateral": collateral,
            "borrowed": borrowed,
            "bands": bands,
            "amplification": amp,
            "base_price": base,
            "oracle_price": oracle,
            "oracle": "tracking",
        }


def _controller(address: str) -> Conversation[str | None]:
    """Controller that an address is, or whose AMM it is; None where it is neither."""
    [admin, *_] = yield [guess_call(address, ADMIN), guess_call(address, AMM)]
    for its in (address, admin):
        if its in (None, NATIVE):
            continue
        amm, _ = yield [guess_call(its, AMM), guess_call(its, ADMIN)]
        base = None if amm in (None, NATIVE) else (yield [guess_call(amm, BASE)])[0]
        if base is not None:
            return str(its)
    return None
