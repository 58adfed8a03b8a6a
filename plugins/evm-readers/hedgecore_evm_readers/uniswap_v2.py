"""Pairs of Uniswap v2 and its forks: a share of what the pair holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, Token, fields
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call
from hedgecore_evm_readers.base import BYTECODE, whole_units
from hedgecore_evm_readers.deployments import UNISWAP_V2_PART, pair_factories
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.pool_share import PoolShare
from hedgecore_evm_readers.staking import CALLS as STAKING
from hedgecore_evm_readers.tokens import CALLS, by_id, quote_of, tokens

RESERVES, BALANCE = "getReserves()(uint112,uint112)", "balanceOf(address)(uint256)"
FACTORY, K_LAST = "factory()(address)", "kLast()(uint256)"
PAIR = ("token0()(address)", "token1()(address)", RESERVES, FACTORY, K_LAST)
SUPPLY, FEE_TO, STABLE = "totalSupply()(uint256)", "feeTo()(address)", "stable()(bool)"
GET_PAIR = "getPair(address,address)(address)"


@frozen(kw_only=True)
class UniswapV2(PoolShare):
    """An owner's share of a pair of Uniswap v2 or a fork, as `burn` would pay it."""

    kind = "evm-uniswap-v2"
    title = "Uniswap v2 and forks"
    proof = BYTECODE
    example = {"pool": "0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc"}
    calls = {
        PAIR[0]: "token0",
        PAIR[1]: "token1",
        RESERVES: "the reserves, which make the price",
        FACTORY: "the factory: whose fork it is",
        K_LAST: "k at the last mint or burn, from which the protocol's share is counted",
        SUPPLY: "all shares",
        BALANCE: "of the pair: the owner's shares; of the tokens: what the pair really holds",
        FEE_TO: "of the factory: whether the protocol takes its share",
        GET_PAIR: "of the factory: its pair of the two tokens, which must be this one",
        STABLE: "whether it is a pair of Solidly, which another reader reads",
        **STAKING,
        **CALLS,
    }

    fee: float | None = fields.fee("swap fee, of a fork that is not known")

    @classmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:  # noqa: ARG003
        """The pair, if the contract has reserves, kLast and a factory, and is no stable pair."""
        said = yield [guess_call(address, each) for each in (*PAIR, STABLE)]
        return {"pool": address} if None not in said[:-1] and not said[-1] else None

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Reserves and share; what the pair holds beyond its reserves are holdings."""
        token0, token1, reserves, factory, k_last, stable, supply = yield [
            *(Call(self.pool, each) for each in PAIR),
            Call(self.pool, STABLE, optional=True),
            Call(self.pool, SUPPLY),
        ]
        if stable or not all(reserves) or not supply:
            why = "is a stable pair of Solidly's: name it as evm-solidly" if stable else "is empty"
            raise ReaderError(f"the pair {self.pool} {why} at {venue.block}: leave it out")
        pair = yield from tokens(venue, token0, token1)
        fee_to, made, *held = yield [
            Call(factory, FEE_TO, optional=True),
            guess_call(factory, GET_PAIR, token0, token1),
            *(Call(each, BALANCE, (self.pool,)) for each in (token0, token1)),
        ]
        if made not in (None, self.pool):
            raise ReaderError(
                f"the pair {self.pool} at {venue.block} is not read: it says that its factory is"
                f" {factory}, whose pair of {token0} and {token1} is {made}; check the address"
            )
        mine = yield from self.shares(venue, self.pool)
        terms = pair_factories().get(factory)
        minted = 0
        if fee_to not in (None, NATIVE):
            fraction = UNISWAP_V2_PART if terms is None else terms.protocol
            minted = protocol_mint(supply, reserves[0] * reserves[1], k_last, fraction)
        share = mine.fraction_of(supply + minted)
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} v2",
            held=mine.all > 0,
            size=mine.all,
            position=self._position(pair, reserves, share or Fraction(1), terms),
            **mine.rewards.beside(
                _excess(pair, [h - r for h, r in zip(held, reserves, strict=True)], share),
                "beyond the reserves",
            ),
            tokens=by_id([*pair, *mine.rewards.tokens]),
            depth={
                t.id: whole_units(raw, t.decimals) for t, raw in zip(pair, reserves, strict=True)
            },
            receipts=mine.receipts,
            notes=(*self._notes(terms, minted), *mine.notes),
        )

    def _position(
        self, pair: Sequence[Token], reserves: Sequence[int], share: Fraction, terms: Any
    ) -> dict[str, Any]:
        quote = quote_of(pair)
        rows = sorted(zip(pair, reserves, strict=True), key=lambda row: row[0].id == quote)
        return {
            "kind": "uniswap-v2",
            "assets": [token.id for token, _ in rows],
            "reserves": [whole_units(raw, token.decimals) for token, raw in rows],
            "share": float(share),
            "fee": self.fee if terms is None or self.fee is not None else terms.fee,
        }

    def _notes(self, terms: Any, minted: int) -> tuple[str, ...]:
        unknown = terms is None and self.fee is None
        fee = f"{self.pool}: the factory of this pair is not known, so its fee is not"
        part_of = f"{self.pool}: the protocol's part of the growth is taken to be 1/6, as Uniswap's"
        return (*((fee,) if unknown else ()), *((part_of,) if minted and terms is None else ()))


def protocol_mint(supply: int, k: int, k_last: int, fraction: Fraction) -> int:
    """Shares that the pair mints to the protocol before it pays out.

    They are worth `fraction` of the growth of √k since k was `k_last`; none, where that is 0.
    Source: Adams, Zinsmeister, Robinson, *Uniswap v2 Core*, 2020, §2.4; `UniswapV2Pair._mintFee`.
    """
    now, last = isqrt(k), isqrt(k_last)
    if not k_last or now <= last:
        return 0
    rest = fraction.denominator - fraction.numerator
    return supply * (now - last) * fraction.numerator // (rest * now + fraction.numerator * last)


def _excess(pair: Sequence[Token], raw: Sequence[int], share: Fraction) -> dict[str, float]:
    """Share of what the pair holds beyond its reserves, which `burn` pays too."""
    rows = zip(pair, raw, strict=True)
    return {t.id: float(share * Fraction(more, 10**t.decimals)) for t, more in rows if more}
