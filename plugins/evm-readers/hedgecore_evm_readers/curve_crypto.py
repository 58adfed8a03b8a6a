"""Curve's CryptoSwap pools: two and three coins, the old and the new ones, and FXSwap.

FXSwap is twocrypto-ng with another contract of mathematics, whose invariant is StableSwap's on
balances times the price scale. Which of both a pool has is asked of that contract, far off balance,
where they differ; D, which the pool states, then proves all that was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, Token
from hedgecore_evm_readers import cryptoswap_invariant, stableswap_invariant
from hedgecore_evm_readers.abi import Call, Conversation, guess_call
from hedgecore_evm_readers.base import ENCODING, whole_units
from hedgecore_evm_readers.cryptoswap_invariant import A_MULTIPLIER
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.pool_share import PoolShare
from hedgecore_evm_readers.staking import CALLS as STAKING
from hedgecore_evm_readers.tokens import CALLS, by_id, coin_tokens

COINS, BALANCES = "coins(uint256)(address)", "balances(uint256)(uint256)"
SCALE, SCALES = "price_scale()(uint256)", "price_scale(uint256)(uint256)"
AMP, GAMMA, D, FEE = "A()(uint256)", "gamma()(uint256)", "D()(uint256)", "fee()(uint256)"
MATH, TOKEN, MINTER = "MATH()(address)", "token()(address)", "minter()(address)"
RAMP = "future_A_gamma_time()(uint256)"
NEWTON = "newton_D(uint256,uint256,uint256[2],uint256)(uint256)"
SUPPLY, BALANCE = "totalSupply()(uint256)", "balanceOf(address)(uint256)"
MOST_COINS = 3
FEES, ONE = 10**10, 10**18
ALIKE = 10**9
"""Of so many parts of D one may differ: a pool that is not understood is far off."""
FAR = (3 * 10**24, 10**24)
"""Balances at which both invariants are asked which is the pool's."""


@frozen(kw_only=True)
class CurveCryptoswap(PoolShare):
    """An owner's share of a Curve CryptoSwap or FXSwap pool, as `remove_liquidity` pays it."""

    kind = "evm-curve-cryptoswap"
    title = "Curve CryptoSwap (2021, twocrypto-ng, tricrypto-ng), FXSwap"
    proof = f"{ENCODING} of `curvesim` 0.5.0"
    emits = "crv"
    example = {"pool": "0x7F86Bf177Dd4F3494b841a37e810A34dD56c829B"}
    calls = {
        COINS: "the coins",
        BALANCES: "what the pool holds",
        SCALE: "the price scale, of two coins",
        SCALES: "the price scale, of three",
        AMP: "A at this block, in the middle of a ramp too",
        GAMMA: "gamma, likewise",
        RAMP: "until when they ramp: until then D is of others",
        D: "the invariant, which proves the rest",
        FEE: "the fee now, times 10^10",
        MATH: "the contract of its mathematics",
        NEWTON: "of that: the invariant of other balances, by which FXSwap is told apart",
        TOKEN: "the LP token, of pools that are none themselves",
        SUPPLY: "of the LP token: all shares",
        BALANCE: "of the LP token: the owner's",
        MINTER: "of an LP token that is given for its pool: the pool",
        **STAKING,
        **CALLS,
    }

    @classmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:  # noqa: ARG003
        """The pool, if the contract or its minter has A, gamma, D, and a price scale."""
        for its in (address, (yield [guess_call(address, MINTER)])[0]):
            if its is None:
                continue
            amp, gamma, d, one, more = yield [
                *(guess_call(its, each) for each in (AMP, GAMMA, D, SCALE)),
                guess_call(its, SCALES, 0),
            ]
            if None not in (amp, gamma, d) and (one is not None or more is not None):
                return {"pool": its}
        return None

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Balances and curve, if their D is the pool's."""
        its = yield from _state(self.pool)
        coins = yield from coin_tokens(venue, its.coins)
        scaled = its.scaled(coins)
        told = yield from _is_stable(its)
        stable = bool(told)
        self._check(its, scaled, venue, stable=stable)
        [supply] = yield [Call(its.lp_token, SUPPLY)]
        mine = yield from self.shares(venue, its.lp_token)
        rows = zip(coins, its.balances, strict=True)
        held = {coin.id: whole_units(raw, coin.decimals) for coin, raw in rows}
        curve = its.stable_table(coins) if stable else its.crypto_table(coins)
        return Reading(
            name=f"{'/'.join(each.symbol for each in coins)} Curve",
            held=mine.all > 0,
            size=mine.all,
            position={
                **curve,
                "balances": [*held.values()],
                "share": mine.part_of(supply),
                "fee": its.fee / FEES,
            },
            **mine.rewards.beside({}, "rewards"),
            tokens=by_id([*coins, *mine.rewards.tokens]),
            depth=held,
            receipts=mine.receipts,
            notes=(*self._notes(its, venue, scaled, told=told), *mine.notes),
        )

    def _check(self, its: State, scaled: Sequence[int], venue: Evm, *, stable: bool) -> None:
        """Refuse a pool whose D does not follow from what was read of it; in a ramp it is old."""
        if not all((*scaled, its.d)):
            raise ReaderError(f"the pool {self.pool} is empty at {venue.block}: leave it out")
        if not all((its.amp, its.gamma)):
            raise ReaderError(f"the pool {self.pool} says that A or gamma is 0: leave it out")
        found = (
            Decimal(stableswap_invariant.invariant(scaled, its.amp, A_MULTIPLIER))
            if stable
            else cryptoswap_invariant.invariant(scaled, its.amp, its.gamma)
        )
        if abs(found - its.d) > its.d // ALIKE + 2 and its.ramp <= venue.block.time:
            raise ReaderError(
                f"the pool {self.pool} says that its D is {its.d} at {venue.block}, and its"
                f" balances, price scale, A and gamma give {found:.0f}: it is another kind of pool,"
                " which this reader cannot read. Leave it out"
            )

    def _notes(
        self, its: State, venue: Evm, scaled: Sequence[int], *, told: bool | None
    ) -> tuple[str, ...]:
        notes = list[str]()
        if its.ramp > venue.block.time:
            notes.append(
                f"{self.pool}: A and gamma are on the way to others, so D proves nothing now"
            )
        if its.claims_first(self.pool):
            notes.append(
                f"{self.pool}: an exit pays the protocol what it is owed first, in new shares,"
                " unless `claim_admin_fees` is false: the others then pay a little less"
            )
        if told is None and _is_alike(its.d, scaled, its.amp):
            notes.append(
                f"{self.pool}: the contract of its mathematics does not answer, and its D is as"
                " StableSwap's would be: taken for CryptoSwap, it may be an FXSwap pool"
            )
        return tuple(notes)


@frozen(kw_only=True)
class State:
    """A pool, raw: coins in order, A times 10000, gamma and the price scale times 10^18."""

    coins: Sequence[str]
    balances: Sequence[int]
    scale: Sequence[int]
    amp: int
    gamma: int
    d: int
    fee: int
    math: str | None
    lp_token: str
    ramp: int

    def scaled(self, coins: Sequence[Token]) -> list[int]:
        """Balances in 18 digits of coin 0."""
        rows = zip(self.balances, coins, (ONE, *self.scale), strict=True)
        return [raw * scale // 10**coin.decimals for raw, coin, scale in rows]

    def claims_first(self, pool: str) -> bool:
        """True for tricrypto-ng, which is its own LP token: its exit mints the admin's first."""
        return len(self.coins) == MOST_COINS and self.lp_token.lower() == pool.lower()

    def crypto_table(self, coins: Sequence[Token]) -> dict[str, Any]:
        """Fields of the curve of CryptoSwap."""
        return {
            "kind": "curve-cryptoswap",
            "coins": [each.id for each in coins],
            "amplification": self.amp,
            "gamma": float(Fraction(self.gamma, ONE)),
            "price_scale": [float(Fraction(each, ONE)) for each in self.scale],
        }

    def stable_table(self, coins: Sequence[Token]) -> dict[str, Any]:
        """Fields of the curve of StableSwap, on balances times the price scale."""
        return {
            "kind": "curve-stableswap",
            "assets": [each.id for each in coins],
            "amplification": float(Fraction(self.amp, A_MULTIPLIER)),
            "rates": [1.0, *(float(Fraction(each, ONE)) for each in self.scale)],
        }


def _state(pool: str) -> Conversation[State]:
    """State of a pool, in one round of calls."""
    single = (AMP, GAMMA, D, FEE)
    optional = (MATH, TOKEN, RAMP, SCALE)
    lists = (COINS, BALANCES, SCALES)
    said = yield [
        *(Call(pool, each) for each in single),
        *(guess_call(pool, each) for each in optional),
        *(guess_call(pool, each, i) for each in lists for i in range(MOST_COINS)),
    ]
    amp, gamma, d, fee, math, token, ramp, one = said[:8]
    coins, balances, more = ([e for e in said[i : i + 3] if e is not None] for i in (8, 11, 14))
    scale = more[: len(coins) - 1] or [each for each in [one] if each]
    if not len(coins) == len(balances) == len(scale) + 1 >= 2:  # noqa: PLR2004 - a pair at least
        raise ReaderError(
            f"{pool} is no CryptoSwap pool: it has {len(coins)} coins, {len(balances)} balances and"
            f" {len(scale)} prices; check the address"
        )
    return State(
        coins=coins,
        balances=balances,
        scale=scale,
        amp=amp,
        gamma=gamma,
        d=d,
        fee=fee,
        math=math,
        lp_token=token or pool,
        ramp=ramp or 0,
    )


def _is_stable(its: State) -> Conversation[bool | None]:
    """True if the pool's mathematics are StableSwap's: by its D of balances far apart.

    None where they do not answer.
    """
    if len(its.coins) > len(FAR) or its.amp < A_MULTIPLIER:
        return False
    if its.math is None:
        return None
    [far] = yield [guess_call(its.math, NEWTON, its.amp, its.gamma, FAR, 0)]
    return None if far is None else _is_alike(far, FAR, its.amp)


def _is_alike(d: int, scaled: Sequence[int], amp: int) -> bool:
    """True if D is StableSwap's of these balances."""
    its_own = stableswap_invariant.invariant(scaled, amp, A_MULTIPLIER)
    return bool(abs(its_own - d) <= its_own // ALIKE)
