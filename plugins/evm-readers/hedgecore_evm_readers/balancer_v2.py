"""Balancer v2: weighted pools, stable pools of all generations, from the vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, Token
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call
from hedgecore_evm_readers.balancer_pool import CURVE, ONE, Pool, curve_calls
from hedgecore_evm_readers.base import BYTECODE
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.pool_share import PoolShare
from hedgecore_evm_readers.staking import CALLS as STAKING
from hedgecore_evm_readers.tokens import CALLS, tokens

POOL_ID, VAULT = "getPoolId()(bytes32)", "getVault()(address)"
HELD = "getPoolTokens(bytes32)(address[],uint256[],uint256)"
FEE, BALANCE = "getSwapFeePercentage()(uint256)", "balanceOf(address)(uint256)"
SUPPLIES = (
    "getActualSupply()(uint256)",
    "getVirtualSupply()(uint256)",
    "totalSupply()(uint256)",
)
FACTORS, PROVIDERS = "getScalingFactors()(uint256[])", "getRateProviders()(address[])"
PAUSED, RECOVERY = "getPausedState()(bool,uint256,uint256)", "inRecoveryMode()(bool)"
COLLECTOR = "getProtocolFeesCollector()(address)"
QUERY = "queryExit(bytes32,address,address,uint256[],uint256,uint256,bytes)(uint256,uint256[])"
LOCKED = 10**6
"""Shares that every pool has minted to nobody."""
IN_PROPORTION = 1
"""The kind of exit that pays all tokens for a number of shares, in pools of the first age."""


@frozen(kw_only=True)
class BalancerV2(PoolShare):
    """An owner's share of a weighted or stable pool of Balancer v2, as an exit pays it."""

    kind = "evm-balancer-v2"
    title = "Balancer v2, weighted and stable"
    proof = BYTECODE
    emits = "bal"
    example = {"pool": "0x5c6Ee304399DBdB9C8Ef030aB642B10820DB8F56"}
    calls = {
        VAULT: "the vault",
        POOL_ID: "the pool's id there",
        HELD: "of the vault: tokens and balances; the pool's own share is left out",
        **CURVE,
        FACTORS: "decimals and rates of a stable pool's tokens",
        PROVIDERS: "whether there are rates, of a pool that has no scaling factors",
        FEE: "the fee, times 10^18",
        SUPPLIES[0]: "all shares, with those owed to the protocol and not yet minted",
        SUPPLIES[1]: "all shares, of the first composable pools",
        SUPPLIES[2]: "all shares, of pools that have neither",
        BALANCE: "the owner's shares",
        PAUSED: "of the pool and of the vault: a paused pool pays nothing, and is refused",
        RECOVERY: "whether a paused pool pays all the same",
        COLLECTOR: "the protocol's part of the fees, which the first pools owe in tokens",
        QUERY: "of the first pools: what all shares would be paid, after those fees",
        **STAKING,
        **CALLS,
    }

    @classmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:  # noqa: ARG003
        """The pool, if the contract has an id in a vault."""
        said = yield [guess_call(address, each) for each in (POOL_ID, VAULT)]
        return None if None in said else {"pool": address}

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Reading of the pool's curve and balances, and of the owner's share of actual supply."""
        asked = (*SUPPLIES, FACTORS, PROVIDERS, PAUSED, RECOVERY)
        vault, its, fee, *said = yield [
            *(Call(self.pool, each) for each in (VAULT, POOL_ID, FEE)),
            *curve_calls(self.pool),
            *(Call(self.pool, each, optional=True) for each in asked),
        ]
        weights, amp, actual, virtual, total, factors, providers, paused, recovery = said
        (listed, raw, last), stopped, collector = yield [
            Call(vault, HELD, (its,)),
            Call(vault, PAUSED),
            Call(vault, COLLECTOR),
        ]
        self._check_open(bool(paused and paused[0]) or stopped[0], bool(recovery), venue)
        keep = [i for i, each in enumerate(listed) if each != self.pool]
        found = yield from tokens(venue, *(listed[i] for i in keep))
        owed, notes = [0] * len(listed), tuple[str, ...]()
        if actual is None:
            arguments = (its, NATIVE, NATIVE, raw, last)
            owed, notes = yield from self._protocol_fees(collector, arguments, total or 0)
        rows = list(zip(found, keep, strict=True))
        return Pool(
            address=self.pool,
            tokens=found,
            balances=[Fraction(raw[i], 10**token.decimals) for token, i in rows],
            rates=self._rates(found, keep, len(listed), factors, providers),
            weights=weights,
            amp=amp,
            fee=fee,
            mine=(yield from self.shares(venue, self.pool)),
            supply=next(each for each in (actual, virtual, total, 0) if each is not None),
            notes=notes,
            owed=[Fraction(owed[i], 10**token.decimals) for token, i in rows],
        ).reading("v2")

    def _check_open(self, paused: bool, recovering: bool, venue: Evm) -> None:  # noqa: FBT001 - as asked
        if paused and not recovering:
            raise ReaderError(
                f"the pool {self.pool} is paused at {venue.block}: it pays nothing out, so nothing"
                " is said of what it holds. Leave it out, or read an earlier block"
            )

    def _rates(
        self,
        found: Sequence[Token],
        keep: Sequence[int],
        listed: int,
        factors: Sequence[int] | None,
        providers: Sequence[str] | None,
    ) -> list[Fraction]:
        """Rate of each token, whole units: its scaling factor without its decimals."""
        if factors is None:
            if any(each != NATIVE for each in providers or ()):
                raise ReaderError(
                    f"the pool {self.pool} has rates, and does not say them: leave it out"
                )
            return [Fraction(1)] * len(found)
        mine = [factors[i] for i in keep] if len(factors) == listed else list(factors)
        digits = (10 ** (18 - each.decimals) for each in found)
        return [Fraction(f, ONE * scale) for f, scale in zip(mine, digits, strict=True)]

    def _protocol_fees(
        self, collector: str, arguments: tuple[Any, ...], supply: int
    ) -> Conversation[tuple[list[int], tuple[str, ...]]]:
        """Protocol's fees that an exit would take, raw units of each token, and notes.

        That is what it holds less what it would pay for all its shares, but for those that nobody
        can redeem. Where it does not say, a note does.
        """
        from eth_abi.abi import encode  # noqa: PLC0415 - slow, and only here

        raw = arguments[3]
        [fee] = yield [Call(collector, FEE)]
        if not fee:
            return [0] * len(raw), ()
        all_of_it = max(supply - LOCKED, 0)
        data = encode(["uint256", "uint256"], [IN_PROPORTION, all_of_it])
        [paid] = yield [Call(self.pool, QUERY, (*arguments, fee, data), optional=True)]
        if not all_of_it or paid is None or paid[0] != all_of_it or len(paid[1]) != len(raw):
            owed = "the protocol's fees since the last join or exit are not taken off"
            return [0] * len(raw), (f"{self.pool}: {owed}",)
        rows = zip(raw, paid[1], strict=True)
        return [_unpaid(held, each * supply // all_of_it) for held, each in rows], ()


def _unpaid(held: int, left: int) -> int:
    """Amount held and not left, raw; none where a ratio of 18 digits, rounded down, explains it."""
    return held - left if held - left > 2 + held // ONE else 0
