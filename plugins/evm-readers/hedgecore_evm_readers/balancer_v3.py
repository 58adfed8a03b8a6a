"""Balancer v3: weighted and stable pools, E-CLPs of Gyroscope's and reCLAMMs, from the vault."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading
from hedgecore_evm_readers.abi import Call, Conversation, guess_call
from hedgecore_evm_readers.balancer_curves import CALLS as CURVES
from hedgecore_evm_readers.balancer_curves import curve_of, curve_questions
from hedgecore_evm_readers.balancer_pool import CURVE, ONE, Pool, curve_calls
from hedgecore_evm_readers.base import BYTECODE, ENCODING
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.pool_share import PoolShare
from hedgecore_evm_readers.staking import CALLS as STAKING
from hedgecore_evm_readers.tokens import CALLS, tokens

VAULT, POOL_ID = "getVault()(address)", "getPoolId()(bytes32)"
REGISTERED = "isPoolRegistered(address)(bool)"
TOKENS = "getPoolTokens(address)(address[])"
LIVE = "getCurrentLiveBalances(address)(uint256[])"
RATES = "getPoolTokenRates(address)(uint256[],uint256[])"
FEE = "getStaticSwapFeePercentage(address)(uint256)"
SUPPLY, BALANCE = "totalSupply(address)(uint256)", "balanceOf(address,address)(uint256)"
PAUSED, RECOVERY = "isPoolPaused(address)(bool)", "isPoolInRecoveryMode(address)(bool)"


@frozen(kw_only=True)
class BalancerV3(PoolShare):
    """An owner's share of a pool of Balancer v3, as an exit pays it."""

    kind = "evm-balancer-v3"
    title = "Balancer v3, weighted, stable, E-CLP (Gyroscope) and reCLAMM"
    proof = f"{BYTECODE}; E-CLP, reCLAMM: {ENCODING} of `@balancer-labs/balancer-maths` 0.0.41"
    emits = "bal"
    example = {"pool": "0x85B2b559bC2D21104C4DEFdd6EFcA8A20343361D"}
    calls = {
        VAULT: "the vault",
        REGISTERED: "of the vault, as all that follow: whether it is a pool",
        TOKENS: "the tokens",
        LIVE: "balances in 18 digits and times their rates, without yield fees that are due",
        RATES: "the rates of the tokens",
        FEE: "the static fee, times 10^18; a hook may ask for another",
        SUPPLY: "all shares",
        BALANCE: "the owner's shares",
        PAUSED: "a paused pool pays nothing, and is refused",
        RECOVERY: "whether a paused pool pays all the same",
        **CURVE,
        **CURVES,
        **STAKING,
        **CALLS,
    }

    @classmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:  # noqa: ARG003
        """The pool, if a vault that the contract names has it as one."""
        vault, its = yield [guess_call(address, each) for each in (VAULT, POOL_ID)]
        if vault is None or its is not None:
            return None
        [registered] = yield [guess_call(vault, REGISTERED, address)]
        return {"pool": address} if registered else None

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Reading of the pool's curve and balances, and of the owner's share of the supply."""
        asked = (TOKENS, LIVE, RATES, FEE, SUPPLY, PAUSED, RECOVERY)
        vault, weights, amp, *others = yield [
            Call(self.pool, VAULT),
            *curve_calls(self.pool),
            *curve_questions(self.pool),
        ]
        listed, live, (_, rates), fee, supply, paused, recovery = yield [
            Call(vault, each, (self.pool,)) for each in asked
        ]
        if paused and not recovery:
            raise ReaderError(
                f"the pool {self.pool} is paused at {venue.block}: it pays nothing out, so nothing"
                " is said of what it holds. Leave it out, or read an earlier block"
            )
        if not all(rates):
            raise ReaderError(f"the pool {self.pool} has a token without a rate: leave it out")
        free = Call(vault, BALANCE, (self.pool, self.owner))
        found = yield from tokens(venue, *listed)
        rows = list(zip(live, rates, strict=True))
        curve, notes = curve_of(self.pool, live, others)
        return Pool(
            address=self.pool,
            tokens=found,
            balances=[Fraction(scaled, rate) for scaled, rate in rows],
            rates=[Fraction(rate, ONE) for _, rate in rows],
            weights=weights,
            amp=amp,
            fee=fee,
            mine=(yield from self.shares(venue, self.pool, free)),
            supply=supply,
            notes=notes,
            curve=curve,
        ).reading("v3")
