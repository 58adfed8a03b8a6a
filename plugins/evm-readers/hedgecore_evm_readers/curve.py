"""Curve's StableSwap pools: 3pool and its age, base and metapools, factory pools, NG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from hedgecore import ReaderError, Reading
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call
from hedgecore_evm_readers.base import ENCODING, address_field, whole_units
from hedgecore_evm_readers.curve_state import STATE, State, signatures, state
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.pool_share import PoolShare
from hedgecore_evm_readers.staking import CALLS as STAKING
from hedgecore_evm_readers.tokens import CALLS, by_id, coin_tokens

BALANCE, SUPPLY = "balanceOf(address)(uint256)", "totalSupply()(uint256)"
MINTER, REGISTERED = "minter()(address)", "get_lp_token(address)(address)"
ITS_POOL, WORTH = "get_pool_from_lp_token(address)(address)", "get_virtual_price()(uint256)"
KEPT, KEPT_SINCE = "base_virtual_price()(uint256)", "base_cache_updated()(uint256)"
BANDS = "get_base_price()(uint256)"
"""Function of a LLAMMA, which is no StableSwap pool and has A and coins as one."""
FEES = 10**10
MOST_DIGITS = 36


@frozen(kw_only=True)
class CurveStableswap(PoolShare):
    """An owner's share of a Curve StableSwap pool, as `remove_liquidity` would pay it."""

    kind = "evm-curve-stableswap"
    title = "Curve StableSwap, from 3pool to NG, metapools"
    proof = f"{ENCODING} of `curvesim` 0.5.0"
    emits = "crv"
    example = {"pool": "0xbEbc44782C7dB0a1A60Cb6fe97d0b483032FF1C7"}
    calls = {
        **STATE,
        SUPPLY: "of the LP token: all shares",
        BALANCE: "of the LP token: the owner's",
        REGISTERED: "of Curve's registry: the LP token of a pool that does not name it",
        ITS_POOL: "of Curve's registry: the base pool of a metapool that does not name it",
        KEPT: "of the first metapools: what the last coin was worth, kept for ten minutes",
        KEPT_SINCE: "and since when",
        **STAKING,
        MINTER: "of an LP token, given or a metapool's last coin: its pool; of a gauge: who mints",
        **CALLS,
    }

    token: str | None = address_field("the LP token; asked of the pool if none", optional=True)

    @classmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:  # noqa: ARG003
        """The pool, if the contract is one of StableSwap, or the LP token of one."""
        token: str | None = None
        for _ in range(2):
            asked = ("A()(uint256)", "gamma()(uint256)", BANDS, MINTER)
            amp, gamma, bands, minter, *coin = yield [
                *(guess_call(address, each) for each in asked),
                *(guess_call(address, each, 0) for each in signatures("coins", "address")),
            ]
            if amp is not None:
                mine = gamma is None and bands is None and any(coin)
                return {"pool": address, "token": token} if mine else None
            if minter is None:
                return None
            address, token = minter, address
        return None

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Balances, rates and A, if they are what the pool says a share is worth."""
        its = yield from state(self.pool)
        coins = yield from coin_tokens(venue, its.coins)
        lp_token = yield from self._lp_token(venue, its)
        [supply] = yield [Call(lp_token, SUPPLY)]
        mine = yield from self.shares(venue, lp_token)
        digits = [each.decimals for each in coins]
        its = evolve(its, rates=its.rates or (yield from self._rates(its, digits, supply, venue)))
        self._check_worth(its, supply, venue)
        rows = list(zip(coins, its.balances, its.rates or (), strict=True))
        name = "/".join(each.symbol for each in coins)
        return Reading(
            name=f"{name} Curve",
            held=mine.all > 0,
            size=mine.all,
            position={
                "kind": "curve-stableswap",
                "assets": [token.id for token, _, _ in rows],
                "amplification": float(Fraction(its.amp, its.precision)),
                "balances": [whole_units(raw, token.decimals) for token, raw, _ in rows],
                "rates": [
                    float(Fraction(rate * 10**token.decimals, 10**MOST_DIGITS))
                    for token, _, rate in rows
                ],
                "share": mine.part_of(supply),
                "fee": its.fee / FEES,
            },
            **mine.rewards.beside({}, "rewards"),
            tokens=by_id([*coins, *mine.rewards.tokens]),
            depth={token.id: whole_units(raw, token.decimals) for token, raw, _ in rows},
            receipts=mine.receipts,
            notes=mine.notes,
        )

    def _lp_token(self, venue: Evm, its: State) -> Conversation[str]:
        """LP token: as given, as the pool says, the pool itself, or as registered."""
        said = [self.token, its.lp_token, *([self.pool] if its.is_token else [])]
        known = next((each for each in said if each not in (None, NATIVE)), None)
        if known is not None:
            return known
        if "curve-registry" in venue.contracts:
            call = Call(venue.contract("curve-registry"), REGISTERED, (self.pool,), optional=True)
            [found] = yield [call]
            if found not in (None, NATIVE):
                return str(found)
        raise ReaderError(
            f"the pool {self.pool} does not say which its LP token is: give it, as"
            f" {self.kind}:{self.pool},token=0x…"
        )

    def _rates(
        self, its: State, digits: Sequence[int], supply: int, venue: Evm
    ) -> Conversation[list[int]]:
        """10^(36 − decimals) each; for a metapool's last coin the worth of that share."""
        rates = [10 ** max(MOST_DIGITS - each, 0) for each in digits]
        if its.base_pool is None and _explains_worth(evolve(its, rates=rates), supply):
            return rates
        base = its.base_pool or (yield from _pool_of(its.coins[-1], venue))
        cached, when, now = yield [
            Call(self.pool, KEPT, optional=True),
            Call(self.pool, KEPT_SINCE, optional=True),
            guess_call(base, WORTH),
        ]
        fresh = None not in (cached, when) and venue.block.time <= when + CACHED
        worth = cached if fresh else now
        return [*rates[:-1], worth] if worth else rates

    def _check_worth(self, its: State, supply: int, venue: Evm) -> None:
        """Refuse a pool whose share is not worth what was read of it."""
        if not supply or not its.amp or not all(its.scaled):
            raise ReaderError(f"the pool {self.pool} is empty at {venue.block}: leave it out")
        if not _explains_worth(its, supply):
            worth = its.invariant * 10**18 // supply
            raise ReaderError(
                f"the pool {self.pool} says that a share is worth {its.virtual_price} at"
                f" {venue.block}, and its balances, rates and A give {worth}: it is another kind of"
                " pool (of lending tokens, say), which this reader cannot read. Leave it out"
            )


def _explains_worth(its: State, supply: int) -> bool:
    """True if balances, rates and A give what the pool says that a share is worth."""
    if not supply or not its.amp or not all(its.scaled):
        return False
    worth = its.invariant * 10**18 // supply
    return abs(worth - its.virtual_price) <= its.virtual_price // ALIKE + 2


def _pool_of(coin: str, venue: Evm) -> Conversation[str]:
    """The pool whose share a coin is, as it or Curve's registry says; else the coin itself."""
    registry = venue.contracts.get("curve-registry")
    asked = [] if registry is None else [Call(registry, ITS_POOL, (coin,), optional=True)]
    said = yield [guess_call(coin, MINTER), *asked]
    return next((each for each in said if each not in (None, NATIVE)), coin)


CACHED = 600
"""Seconds for which the first metapools keep the worth of their base pool's share."""
ALIKE = 10**9
"""Of so many parts of a share's worth one may differ: a pool that is not understood is far off."""
