"""Plain balances: tokens, and the chain's own currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from hedgecore import ReaderError, Reading, SearchRequest, Token
from hedgecore_evm_readers.abi import NATIVE, Conversation, Ether, guess_call
from hedgecore_evm_readers.base import EvmReader, address_field, addresses_field, whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.tokens import CALLS, by_id, try_tokens

BALANCE = "balanceOf(address)(uint256)"
MODULES = "getModulesPaginated(address,uint256)(address[],address)"
FIRST, MOST = "0x0000000000000000000000000000000000000001", 20
"""Beginning of a Safe's list of modules, and how many are asked for."""


@frozen(kw_only=True)
class Wallet(EvmReader):
    """Balances of an account: some tokens, and the chain's own currency (address zero)."""

    kind = "evm-wallet"
    last = True
    example = {
        "owner": "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
        "tokens": ["0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"],
    }
    calls = {
        BALANCE: "of each token: the account's",
        "eth_getBalance": "ETH, or its like",
        MODULES: "of a Safe: the modules that may move what it has",
        **CALLS,
    }

    owner: str = address_field("the account")
    tokens: tuple[str, ...] = addresses_field(
        "the tokens to count; address zero is the native currency"
    )

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[Wallet]]:
        """Wallet of the owner, with the tokens that the other positions hold."""
        yield []
        if wanted.owner is None:
            return []
        wrapped = [each for each in [venue.contracts.get("wrapped")] if each]
        every = dict.fromkeys([NATIVE, *wrapped, *wanted.tokens])
        return [cls(owner=wanted.owner, tokens=_counted(venue, every))]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Balances of the account, without those that are 0; a token that tells none is unknown."""
        mine = _counted(venue, self.tokens)
        found = yield from try_tokens(venue, *mine)
        raw = yield [
            Ether(self.owner) if each == NATIVE else guess_call(each, BALANCE, self.owner)
            for each in mine
        ]
        [safe] = yield [guess_call(self.owner, MODULES, FIRST, MOST)]
        uncounted = {
            its: str(each)
            for its, each, amount in zip(mine, found, raw, strict=True)
            if isinstance(each, ReaderError) and amount != 0
        }
        said = [(t, amount) for t, amount in zip(found, raw, strict=True) if isinstance(t, Token)]
        rows = [(token, amount) for token, amount in said if amount]
        return Reading(
            name="wallet",
            holdings={token.id: whole_units(amount, token.decimals) for token, amount in rows},
            holdings_name="wallet",
            tokens=by_id(token for token, _ in rows),
            notes=self._notes(*(safe or ((), NATIVE))),
            unknown=uncounted
            | {
                token.id: f"{token.symbol}, {token.id}, does not say what {self.owner} has of it at"
                f" {venue.block}"
                for token, amount in said
                if amount is None
            },
        )

    def _notes(self, modules: Sequence[str], following: str) -> tuple[str, ...]:
        """Sentence on the modules of a Safe; what they hold may be others' too."""
        if not modules:
            return ()
        more = "" if following in (FIRST, NATIVE) else " and more"
        said = (
            f"{self.owner} is a Safe whose modules {', '.join(modules)}{more} may move what it has;"
            " what they hold themselves is not counted: name one that is the owner's own, by"
            " --owner"
        )
        return (said,)


def _counted(venue: Evm, ids: Iterable[str]) -> tuple[str, ...]:
    """Tokens without the native currency, where that has no balance, or its twin's."""
    every, its = tuple(ids), venue.profile
    counts = its.native_balance and its.twin not in every
    return tuple(each for each in every if counts or each != NATIVE)
