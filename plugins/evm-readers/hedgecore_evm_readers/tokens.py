"""Tokens: symbol and decimals, by their own contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from hedgecore import ReaderError, Token
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, exact_call, label
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.token_kinds import MOST_DECIMALS, QUESTIONS, Claim, kinds, probes

ETHER = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE"
"""Address by which some pools of Curve name the chain's own currency."""
DECIMALS = "decimals()(uint256)"
CALLS = {
    "symbol()": "the tokens' names: a string, or bytes32; shortened addresses where there is none",
    DECIMALS: "the tokens' decimals, 0 to 77",
    **QUESTIONS,
}
QUOTES = ("USDC", "USDT", "DAI", "USDS", "USDC.e", "USDbC", "FRAX", "crvUSD", "EURC")
NATIVES = ("WETH", "ETH")
"""Symbols in which people read prices, the best first: an order of words, and no claim of worth."""


def tokens(venue: Evm, *ids: str) -> Conversation[list[Token]]:
    """Tokens at some addresses, as `try_tokens`.

    Raises:
        ReaderError: one does not say how it is counted.

    """
    found = list[Token]()
    for each in (yield from try_tokens(venue, *ids)):
        if isinstance(each, ReaderError):
            raise each
        found.append(each)
    return found


def try_tokens(venue: Evm, *ids: str) -> Conversation[list[Token | ReaderError]]:
    """Tokens at some addresses; the native currency is at address zero.

    What one is exchanged for by contract is its claim, at the block's rate. A ReaderError stands
    for one that does not say how it is counted.
    """
    wrapped = venue.contracts.get("wrapped") if NATIVE in ids else None
    asked = [str(e) for e in dict.fromkeys([*ids, wrapped]) if e not in (NATIVE, None)]
    calls = [*_plain_calls(asked), *(one for each in asked for one in probes(each))]
    answers = (yield calls) if calls else ()
    every = _tokens_of(asked, answers, venue)
    found = {its: each for its, each in every.items() if isinstance(each, Token)}
    more = answers[2 * len(asked) :]
    size = len(more) // max(len(asked), 1)
    said = {its: kinds(more[i * size : (i + 1) * size]) for i, its in enumerate(asked)}
    claims = {i: claim for i, (claim, _) in said.items() if claim is not None and i in found}
    if claims:
        found |= yield from _with_claims(venue, {its: found[its] for its in claims}, claims)
    found = {its: evolve(each, notes=said[its][1]) for its, each in found.items()}
    found[NATIVE] = Token(NATIVE, venue.profile.native, 18, found.get(wrapped or ""))
    return [found.get(each) or every[each] for each in ids]


def _plain_calls(ids: Sequence[str]) -> list[Call]:
    """Questions for symbol and decimals of tokens."""
    symbols = [Call(each, "symbol()", optional=True) for each in ids]
    return [*symbols, *(exact_call(each, DECIMALS) for each in ids)]


def _tokens_of(
    ids: Sequence[str], answers: Sequence[Any], venue: Evm
) -> dict[str, Token | ReaderError]:
    """Tokens by their symbol and decimals alone."""
    rows = zip(ids, answers, answers[len(ids) :], strict=False)
    return {its: _token(its, symbol, digits, venue) for its, symbol, digits in rows}


def _with_claims(
    venue: Evm, mine: Mapping[str, Token], claims: Mapping[str, tuple[Claim, str]]
) -> Conversation[dict[str, Token]]:
    """Tokens with what they are exchanged for; without, where that cannot be told."""
    others = list(dict.fromkeys(of for _, of in claims.values()))
    asked = {its: claim.rate_call(its, mine[its].decimals) for its, (claim, _) in claims.items()}
    said = yield [
        *(Call(of, "symbol()", optional=True) for of in others),
        *(exact_call(of, DECIMALS) for of in others),
        *(one for each in asked.values() for one in each),
    ]
    digits = dict(zip(others, said[len(others) :], strict=False))
    symbols = dict(zip(others, said, strict=False))
    rates = iter(said[2 * len(others) :])
    found = dict[str, Token]()
    for its, (claim, of) in claims.items():
        raw, count = next(rates) if asked[its] else None, digits[of]
        rate = None if count is None or of == its else claim.rate_of(raw, count)
        token = _token(of, symbols[of], count, venue)
        if rate is not None and isinstance(token, Token):
            found[its] = evolve(mine[its], claim=token, rate=rate)
    return found


def coin_tokens(venue: Evm, coins: Sequence[str]) -> Conversation[list[Token]]:
    """Tokens of a Curve pool's coins, among which the chain's own currency has an address."""
    return (yield from tokens(venue, *(NATIVE if each == ETHER else each for each in coins)))


def _token(its: str, symbol: bytes | None, decimals: int | None, venue: Evm) -> Token | ReaderError:
    if decimals is None or decimals > MOST_DECIMALS:
        count = "does not say its decimals()" if decimals is None else f"has {decimals} decimals"
        more = "" if decimals is None else ", more than 256 bits hold"
        return ReaderError(
            f"the token {its} {count} at {venue.block}{more}: it is no ERC-20 that can be counted;"
            " check the address and the chain, or leave out what holds it, by --skip READER:ID"
        )
    return Token(its, label(symbol or b"") or f"{its[:6]}…{its[-4:]}", decimals)


def quote_of(pair: Iterable[Token]) -> str:
    """Id of the token in which the pair's price is read: the second, unless known."""
    return min(reversed(list(pair)), key=_rank).id


def by_id(found: Iterable[Token]) -> dict[str, Token]:
    """Tokens by their ids."""
    return {each.id: each for each in found}


def _rank(token: Token) -> int:
    order = (*QUOTES, *NATIVES)
    return order.index(token.symbol) if token.symbol in order else len(order)
