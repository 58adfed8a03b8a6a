"""Forks of Uniswap v3 whose contracts answer in other words: known by name, and not read as v3.

A layout taken for another gives wrong numbers without an error: Slipstream's manager keeps the tick
spacing where v3's keeps the fee, and its ticks keep fee growth a word further on. So a position and
its pool are read only where every answer has exactly v3's words and the pool says of itself what
the manager says of it. All else is refused, by the name of the fork if it has one.
"""

from __future__ import annotations

from typing import NamedTuple

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import NATIVE, WORD, Call, Conversation, exact_call, guess_call

ALGEBRA_STATE = "globalState()"
BY_PAIR = "poolByPair(address,address)(address)"
BY_DEPLOYER = "customPoolByPair(address,address,address)(address)"
BY_SPACING = "getPool(address,address,int24)(address)"
BY_FEE = "getPool(address,address,uint24)(address)"
POOL_CALLS = {ALGEBRA_STATE: "only of what is not v3's: whether it is Algebra's, by its words"}
MANAGER_CALLS = {
    BY_PAIR: "only of what is not v3's: the pool, by Algebra's factories",
    BY_DEPLOYER: "the same, by those of Algebra Integral",
    BY_SPACING: "the same, by Slipstream's",
    **POOL_CALLS,
}
TOKENS, KEY = slice(2, 4), 4
"""Words of `positions()` in every family: the two tokens, and what tells their pools apart."""


class Fork(NamedTuple):
    """A family: the function of its pools that states the price, and the words of the answer."""

    name: str
    state: str
    words: frozenset[int]
    difference: str


FORKS = (
    Fork(
        "Slipstream (Aerodrome, Velodrome)",
        "slot0()",
        frozenset({6}),
        "its positions state the tick spacing where v3's state the fee, its ticks keep fee growth"
        " elsewhere, and a position staked in a gauge is paid no swap fees",
    ),
    Fork(
        "Algebra v1 (QuickSwap, Camelot)",
        ALGEBRA_STATE,
        frozenset({7, 8}),
        "its positions state no fee, and its pools' fee moves",
    ),
    Fork(
        "Algebra Integral",
        ALGEBRA_STATE,
        frozenset({6}),
        "its positions state the deployer where v3's state the fee, its ticks keep fee growth"
        " elsewhere, and its pools' fee moves",
    ),
)


class UnlikeError(Exception):
    """Says which answer is not that of a contract of Uniswap v3."""


def pool_fork(pool: str) -> Conversation[Fork | None]:
    """Return the fork whose pools state their price as this one does."""
    functions = [*dict.fromkeys(each.state for each in FORKS)]
    answers = yield [Call(pool, each, optional=True) for each in functions]
    words = {name: len(each or b"") / WORD for name, each in zip(functions, answers, strict=True)}
    return next((each for each in FORKS if words[each.state] in each.words), None)


def manager_fork(manager: str, token_id: int) -> Conversation[Fork | None]:
    """Return the fork of a position manager, by the pool of one of its positions."""
    said, factory = yield [
        Call(manager, "positions(uint256)", (token_id,), optional=True),
        exact_call(manager, "factory()(address)"),
    ]
    words = [said[at : at + WORD] for at in range(0, len(said or b""), WORD)]
    if factory is None or len(words) <= KEY:
        return None
    found = yield _pools(factory, words)
    pool = next((each for each in found if each not in (None, NATIVE)), None)
    return None if pool is None else (yield from pool_fork(pool))


def refusal(what: str, fork: Fork | None, odd: str, leave: str) -> ReaderError:
    """Return the error that names the fork, or the answer that is none of v3's."""
    if fork is None:
        return ReaderError(
            f"{what} is not read, since it is not as Uniswap v3's are: {odd}; check the address and"
            f" the chain, or {leave}"
        )
    return ReaderError(
        f"{what} is not read: it looks like {fork.name}, not like Uniswap v3 ({odd};"
        f" {fork.difference}). Use a plugin that reads {fork.name.partition(' (')[0]}, or {leave}"
    )


def _pools(factory: str, words: list[bytes]) -> list[Call]:
    """Return the questions by which the families' factories name the pool of a position."""
    pair = [f"0x{each[-20:].hex()}" for each in words[TOKENS]]
    key = int.from_bytes(words[KEY], "big")
    asked = [guess_call(factory, BY_PAIR, *pair)]
    if key < 2**23:
        asked += [guess_call(factory, each, *pair, key) for each in (BY_SPACING, BY_FEE)]
    if key < 2**160:
        asked.append(guess_call(factory, BY_DEPLOYER, f"0x{key:040x}", *pair))
    return asked
