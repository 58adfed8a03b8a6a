"""Shares of vaults of ranges: Gamma's Hypervisors, Arrakis' vaults, as one position of a pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, Token
from hedgecore_evm_readers.abi import Call, Conversation, answers, together
from hedgecore_evm_readers.base import ENCODING, EXAMPLE
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.pool_invariants import UnlikeError
from hedgecore_evm_readers.pool_share import PoolShare
from hedgecore_evm_readers.staking import CALLS as STAKING
from hedgecore_evm_readers.staking import HeldShares
from hedgecore_evm_readers.tokens import CALLS, by_id, quote_of, tokens
from hedgecore_evm_readers.v3_pool import PPM, depth
from hedgecore_evm_readers.vault_layouts import CALLS as VAULT
from hedgecore_evm_readers.vault_layouts import VAULTS
from hedgecore_evm_readers.vault_state import Vault, VaultState, vault_at, vault_state

SUPPLY, BALANCE = "totalSupply()(uint256)", "balanceOf(address)(uint256)"


@frozen(kw_only=True)
class RangeVault(PoolShare):
    """An owner's share of a vault of ranges, with idle tokens and fees, as an exit pays it."""

    kind = "evm-range-vault"
    title = "Vaults of ranges: Gamma, Arrakis v1 and v2, G-UNI"
    proof = ENCODING
    example = {"pool": EXAMPLE}
    calls = {
        **VAULT,
        SUPPLY: "of the vault: all shares",
        BALANCE: "of the vault: the owner's; of both tokens: what the vault has idle",
        **STAKING,
        **CALLS,
    }

    @classmethod
    def pool_at(cls, venue: Evm, address: str) -> Conversation[Mapping[str, Any] | None]:  # noqa: ARG003
        """The vault, if the contract has the functions of one."""
        try:
            found = yield from vault_at(address)
        except UnlikeError:
            return {"pool": address}
        return None if found is None else {"pool": address}

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Ranges of the vault in the pool's state, the owner's share of all of it.

        Raises:
            ReaderError: it is of no known kind, or says that it holds something else.

        """
        try:
            its = yield from vault_at(self.pool)
            said = [] if its is None else (yield from together(self._talks(venue, its)))
        except UnlikeError as error:
            raise self._refusal(venue, str(error)) from None
        if not said:
            raise self._refusal(venue, "it has not all the functions of one")
        found, pair, mine, [supply] = said
        if not supply:
            raise self._refusal(venue, "it has no shares")
        return self._reading(found, pair, mine, supply)

    def _talks(self, venue: Evm, its: Vault) -> list[Conversation[Any]]:
        """Conversations on what it holds, the tokens, the owner's shares, and all shares."""
        return [
            vault_state(self.pool, its),
            tokens(venue, *its.pair),
            self.shares(venue, self.pool),
            answers(Call(self.pool, SUPPLY)),
        ]

    def _refusal(self, venue: Evm, why: str) -> ReaderError:
        known = ", ".join(row.title for row in VAULTS)
        return ReaderError(
            f"the vault {self.pool} at {venue.block} is not read as one of ranges ({known}): {why};"
            f" check the address and the chain, or leave it out by --skip {self.kind}:{self.pool}"
        )

    def _reading(
        self, found: VaultState, pair: Sequence[Token], mine: HeldShares, supply: int
    ) -> Reading:
        its, share = found.vault, mine.fraction_of(supply)
        held = mine.all > 0
        rows = zip(pair, found.idle, found.fees, strict=True)
        beside = {t.id: float(share * Fraction(a + b, 10**t.decimals)) for t, a, b in rows}
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} vault",
            held=held,
            size=mine.all,
            position=self._table(found, pair, mine.part_of(supply)) if found.positions else None,
            **mine.rewards.beside(beside if held else {}, "idle and fees"),
            tokens=by_id([*pair, *mine.rewards.tokens]),
            depth=depth(pair, its.state["active"], its.state["root"]),
            receipts=mine.receipts,
            notes=(*mine.notes, *((self._note(its),) if held else ())),
        )

    def _table(self, found: VaultState, pair: Sequence[Token], share: float) -> dict[str, Any]:
        state = found.vault.state
        return {
            "kind": "concentrated-positions",
            "tokens": [each.id for each in pair],
            "positions": [[e.position["liquidity"], *e.ticks] for e in found.positions],
            "decimals": [each.decimals for each in pair],
            "quote": quote_of(pair),
            "sqrt_price_x96": state["root"],
            "share": share,
            "fee": state["fee"] / PPM,
        }

    def _note(self, its: Vault) -> str:
        """Sentence on what stands still here, and is moved there."""
        return (
            f"{self.pool} is a vault ({its.row.title}): its managers move its ranges, which are"
            " held still as they are at this block; read it again"
        )
