"""Pools of Balancer v2 and v3 alike: weights or an amplification, and an owner's share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, Token
from hedgecore_evm_readers.abi import Call
from hedgecore_evm_readers.staking import HeldShares
from hedgecore_evm_readers.tokens import by_id

ONE = 10**18
WEIGHTS = "getNormalizedWeights()(uint256[])"
AMP = "getAmplificationParameter()(uint256,bool,uint256)"
CURVE = {
    WEIGHTS: "weights, of a weighted pool",
    AMP: "amplification and its precision at this block, of a stable pool",
}


@frozen(kw_only=True)
class Pool:
    """A pool: its tokens, what it holds of each in whole units, and its curve.

    Attributes:
        address: of the pool, which is its own LP token.
        tokens: without the pool's own share.
        balances: exact, in whole units.
        rates: what each balance is multiplied by; 1 for plain tokens.
        weights: times 10¹⁸, of a weighted pool; None of a stable one.
        amp: (A times precision, whether it ramps, precision), of a stable pool.
        curve: kind and fields of one that is neither weighted nor stable; None of those.
        fee: times 10¹⁸.
        mine: the owner's shares, in hand and staked.
        supply: all shares, those that are owed and not yet minted among them.
        notes: what else there is to say.
        owed: of each token in whole units, what an exit gives to the protocol first; nothing of
            most pools. It is in the balances, which make the price.

    """

    address: str
    tokens: Sequence[Token]
    balances: Sequence[Fraction]
    rates: Sequence[Fraction]
    weights: Sequence[int] | None
    amp: tuple[int, bool, int] | None
    fee: int
    mine: HeldShares
    supply: int
    notes: tuple[str, ...] = ()
    owed: Sequence[Fraction] = ()
    curve: Mapping[str, Any] | None = None

    def reading(self, version: str) -> Reading:
        """Reading of the owner's share as a position.

        Raises:
            ReaderError: it is empty, or of a curve that is not known.

        """
        there = any if self.curve is not None else all
        if not self.supply or not there(self.balances):
            raise ReaderError(f"the pool {self.address} is empty: leave it out")
        share = self.mine.part_of(self.supply)
        name = "/".join(each.symbol for each in self.tokens)
        held = [float(each) for each in self.balances]
        return Reading(
            name=f"{name} Balancer {version}",
            held=self.mine.all > 0,
            size=self.mine.all,
            position={
                **self._curve(),
                "assets": [each.id for each in self.tokens],
                "balances": held,
                "share": share,
                "fee": float(Fraction(self.fee, ONE)),
            },
            **self.mine.rewards.beside(self._debts(), "protocol fees owed"),
            tokens=by_id([*self.tokens, *self.mine.rewards.tokens]),
            depth=dict(zip((each.id for each in self.tokens), held, strict=True)),
            receipts=self.mine.receipts,
            notes=(*self.notes, *self.mine.notes),
        )

    def _debts(self) -> dict[str, float]:
        share = self.mine.fraction_of(self.supply)
        rows = zip(self.tokens, self.owed, strict=False)
        return {token.id: -float(share * each) for token, each in rows if share * each}

    def _curve(self) -> dict[str, Any]:
        if self.weights is not None:
            weights = [float(Fraction(each, ONE)) for each in self.weights]
            return {"kind": "balancer-weighted", "weights": weights}
        if self.curve is not None:
            return {**self.curve, "rates": [float(each) for each in self.rates]}
        if self.amp is None:
            raise ReaderError(
                f"the pool {self.address} is neither weighted nor stable: leave it out"
            )
        value, _, precision = self.amp
        if not value or not precision:
            raise ReaderError(f"the pool {self.address} has no amplification: leave it out")
        return {
            "kind": "curve-stableswap",
            "amplification": float(Fraction(value, precision)),
            "rates": [float(each) for each in self.rates],
        }


def curve_calls(pool: str) -> list[Call]:
    """Calls for weights and amplification, of which a pool answers one."""
    return [Call(pool, each, optional=True) for each in CURVE]
