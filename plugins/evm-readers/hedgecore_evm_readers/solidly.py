"""Pools of Solidly and its forks, Aerodrome and Velodrome: stable and volatile ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, Token
from hedgecore_evm_readers.abi import Call, Conversation, guess_call
from hedgecore_evm_readers.base import BYTECODE, whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.pool_share import PoolShare
from hedgecore_evm_readers.staking import CALLS as STAKING
from hedgecore_evm_readers.staking import HeldShares
from hedgecore_evm_readers.tokens import CALLS, by_id, quote_of, tokens

META = "metadata()(uint256,uint256,uint256,uint256,bool,address,address)"
FACTORY, STABLE, SUPPLY = "factory()(address)", "stable()(bool)", "totalSupply()(uint256)"
FEES_OF = ("getFee(address,bool)(uint256)", "getFee(bool)(uint256)")
OWED = ("claimable0(address)(uint256)", "claimable1(address)(uint256)")
INDEX = ("index0()(uint256)", "index1()(uint256)")
MADE = ("getPool(address,address,bool)(address)", "getPair(address,address,bool)(address)")
LAST = ("supplyIndex0(address)(uint256)", "supplyIndex1(address)(uint256)")
BALANCE = "balanceOf(address)(uint256)"
FEES, ONE = 10_000, 10**18


@frozen(kw_only=True)
class Solidly(PoolShare):
    """An owner's share of a pool of Solidly or a fork (Aerodrome, Velodrome), as `burn` pays it.

    Fees are apart from the reserves: claimed, and paid on shares that are not staked alone.
    """

    kind = "evm-solidly"
    title = "Solidly (Aerodrome, Velodrome), stable and volatile"
    proof = BYTECODE
    example = {"pool": "0xcDAC0d6c6C59727a65F871236188350531885C43"}
    calls = {
        META: "decimals, reserves, whether it is stable, and the tokens",
        STABLE: "whether it is stable, which must be the same",
        FACTORY: "the factory, which knows the fee",
        FEES_OF[0]: "of the factory: the fee, times 10^4",
        FEES_OF[1]: "of a factory of the first age: the same",
        **dict.fromkeys(MADE, "of the factory: its pool of the two tokens, which must be this one"),
        SUPPLY: "all shares",
        BALANCE: "of the pool: the owner's shares; of the tokens: what the pool really holds",
        **dict.fromkeys(OWED, "fees that the owner has not claimed, at his last change"),
        **dict.fromkeys(INDEX, "fees per share, ever"),
        **dict.fromkeys(LAST, "the same, at the owner's last change"),
        **STAKING,
        **CALLS,
    }

    @classmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:  # noqa: ARG003
        """The pool, if the contract states all of it at once, and keeps fees by an index."""
        said = yield [guess_call(address, each) for each in (META, STABLE, *INDEX)]
        return None if None in said or said[0][4] != said[1] else {"pool": address}

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Reserves and share; the fees that the owner may claim are holdings."""
        meta, factory, supply = yield [Call(self.pool, each) for each in (META, FACTORY, SUPPLY)]
        _, _, *reserves, stable, token0, token1 = meta
        if not all((*reserves, supply)):
            raise ReaderError(f"the pool {self.pool} is empty at {venue.block}: leave it out")
        pair = yield from tokens(venue, token0, token1)
        self._check_units(pair, meta[:2])
        *fees, made, older, held0, held1 = yield [
            guess_call(factory, FEES_OF[0], self.pool, stable),
            guess_call(factory, FEES_OF[1], stable),
            *(guess_call(factory, each, token0, token1, stable) for each in MADE),
            *(Call(each, BALANCE, (self.pool,)) for each in (token0, token1)),
        ]
        self._check_made(factory, made or older)
        mine = yield from self.shares(venue, self.pool)
        owed = yield from self._claimable(mine)
        part = mine.fraction_of(supply)
        more = [
            raw + int((has - counted) * part)
            for raw, has, counted in zip(owed, (held0, held1), reserves, strict=True)
        ]
        rows = list(zip(pair, more, strict=True))
        fee = next((each for each in fees if each is not None), None)
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} {'stable' if stable else 'volatile'}",
            held=mine.all > 0,
            size=mine.all,
            position=self._position(pair, reserves, float(part or 1), fee, stable=stable),
            **mine.rewards.beside(
                {t.id: whole_units(raw, t.decimals) for t, raw in rows if raw}, "fees"
            ),
            tokens=by_id([*pair, *mine.rewards.tokens]),
            depth={
                t.id: whole_units(raw, t.decimals) for t, raw in zip(pair, reserves, strict=True)
            },
            receipts=mine.receipts,
            notes=(*self._notes(fee, mine), *mine.notes),
        )

    def _check_units(self, pair: Sequence[Token], units: Sequence[int]) -> None:
        """Refuse a pool that counts its tokens in other units than they themselves do."""
        own = [10**token.decimals for token in pair]
        if own != list(units):
            raise ReaderError(
                f"the pool {self.pool} counts its tokens by {list(units)}, and they say {own}:"
                " it is no pool of Solidly's; leave it out"
            )

    def _check_made(self, factory: str, made: str | None) -> None:
        """Refuse a pool whose factory has another of its tokens."""
        if made not in (None, self.pool):
            raise ReaderError(
                f"the pool {self.pool} says that its factory is {factory}, whose pool of its tokens"
                f" is {made}: it is no pool of that one's; leave it out"
            )

    def _claimable(self, mine: HeldShares) -> Conversation[list[int]]:
        """Fees that the owner may claim, raw, as `claimFees` pays them."""
        if self.owner is None:
            return [0, 0]
        said = yield [
            *(Call(self.pool, each, (self.owner,)) for each in (*OWED, *LAST)),
            *(Call(self.pool, each) for each in INDEX),
        ]
        rows = zip(said[:2], said[2:4], said[4:], strict=True)
        return [owed + mine.free * (index - last) // ONE for owed, last, index in rows]

    def _position(
        self,
        pair: Sequence[Token],
        reserves: Sequence[int],
        share: float,
        fee: int | None,
        *,
        stable: bool,
    ) -> dict[str, Any]:
        quote = quote_of(pair)
        rows = sorted(zip(pair, reserves, strict=True), key=lambda row: row[0].id == quote)
        return {
            "kind": "solidly-stable" if stable else "uniswap-v2",
            "assets": [token.id for token, _ in rows],
            "reserves": [whole_units(raw, token.decimals) for token, raw in rows],
            "share": share,
            "fee": None if fee is None else float(Fraction(fee, FEES)),
        }

    def _notes(self, fee: int | None, mine: HeldShares) -> tuple[str, ...]:
        unknown = f"{self.pool}: its factory does not say the fee, so it is not known"
        staked = f"{self.pool}: what is staked is paid no swap fees"
        return (*((unknown,) if fee is None else ()), *((staked,) if mine.staked else ()))
