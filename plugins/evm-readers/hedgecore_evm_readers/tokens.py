"""Tokens: symbol and decimals, by their own contracts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hedgecore import ReaderError, Token
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, label
from hedgecore_evm_readers.evm import Evm

ETHER = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE"
"""Address by which some pools of Curve name the chain's own currency."""
MOST_DECIMALS = 77
"""10⁷⁷ is the largest power of ten in 256 bits."""
CALLS = {
    "symbol()": "the tokens' names: a string, or bytes32; shortened addresses where there is none",
    "decimals()(uint256)": "the tokens' decimals, 0 to 77",
}
QUOTES = ("USDC", "USDT", "DAI", "USDS", "USDC.e", "USDbC", "FRAX", "crvUSD", "EURC")
NATIVES = ("WETH", "ETH")
"""Symbols in which people read prices, the best first: an order of words, and no claim of worth."""


def tokens(venue: Evm, *ids: str) -> Conversation[list[Token]]:
    """Tokens at some addresses; the native currency is at address zero."""
    wrapped = venue.contracts.get("wrapped") if NATIVE in ids else None
    asked = [each for each in dict.fromkeys([*ids, wrapped]) if each not in (NATIVE, None)]
    symbols = [Call(str(each), "symbol()", optional=True) for each in asked]
    decimals = [Call(str(each), "decimals()(uint256)") for each in asked]
    answers = yield [*symbols, *decimals]
    rows = zip(asked, answers, answers[len(asked) :], strict=False)
    found = {str(its): _token(str(its), said, digits, venue) for its, said, digits in rows}
    found[NATIVE] = Token(NATIVE, venue.profile.native, 18, found.get(wrapped or ""))
    return [found[each] for each in ids]


def coin_tokens(venue: Evm, coins: Sequence[str]) -> Conversation[list[Token]]:
    """Tokens of a Curve pool's coins, among which the chain's own currency has an address."""
    return (yield from tokens(venue, *(NATIVE if each == ETHER else each for each in coins)))


def _token(its: str, symbol: bytes | None, decimals: int, venue: Evm) -> Token:
    if decimals > MOST_DECIMALS:
        raise ReaderError(
            f"the token {its} has {decimals} decimals at {venue.block}, more than 256 bits hold:"
            " it is no ERC-20 that can be counted; leave out what holds it, by --skip READER:ID"
        )
    return Token(its, label(symbol or b"") or f"{its[:6]}…{its[-4:]}", decimals)


def quote_of(pair: Iterable[Token]) -> str:
    """Return the id of the token in which the pair's price is read: the second, unless known."""
    return min(reversed(list(pair)), key=_rank).id


def by_id(found: Iterable[Token]) -> dict[str, Token]:
    """Return id → token."""
    return {each.id: each for each in found}


def _rank(token: Token) -> int:
    order = (*QUOTES, *NATIVES)
    return order.index(token.symbol) if token.symbol in order else len(order)
