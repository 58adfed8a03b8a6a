"""Debts of gauges and the like to those who have staked: rewards, and the protocol's own token."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from hedgecore_evm_readers.abi import NATIVE, Conversation, guess_call

OWED, LISTED, LISTED_OWED = (
    "claimable_tokens(address)(uint256)",
    "reward_tokens(uint256)(address)",
    "claimable_reward(address,address)(uint256)",
)
LISTED_NOW = "claimable_reward_write(address,address)(uint256)"
EXTRA = "extraRewardsLength()(uint256)"
MOST_REWARDS = 8
"""Rewards of a gauge of Curve's kind: none has more."""
OWN_TOKENS = (
    ("crv_token()(address)",),
    ("bal_token()(address)",),
    ("minter()(address)", "token()(address)"),
    ("bal_pseudo_minter()(address)", "getBalancerToken()(address)"),
    ("factory()(address)", "crv()(address)"),
)
"""Ways from a gauge to the protocol's own token, in which it owes: functions, one after another."""
REWARD = ("rewardToken()(address)", "earned(address)(uint256)")
CALLS = {
    REWARD[0]: "of a gauge: in what it rewards",
    REWARD[1]: "of a gauge: what it owes to the owner",
    LISTED: "of a gauge of Curve's kind: its further rewards",
    LISTED_OWED: "of a gauge of Curve's kind: what it owes of them",
    LISTED_NOW: "of a gauge of an early version: the same, with what it has yet to fetch",
    OWED: "of a gauge of Curve's kind: what it owes of the protocol's own token",
    EXTRA: "of a booster's reward pool: whether it rewards in more than one token",
    **{way[-1]: "of the gauge, or of whom it names: which token that is" for way in OWN_TOKENS},
    **{way[0]: "of the gauge: who mints the protocol's own token" for way in OWN_TOKENS[2:4]},
}


class Debt(NamedTuple):
    """Debt of a place to an owner: tokens with raw amounts, and notes on what is not counted."""

    owed: list[tuple[str, int]]
    notes: list[str]


def debt_of(place: str, owner: str, emitted: str | None, *, used: bool) -> Conversation[Debt]:
    """Debt of one place; its protocol's own token is `emitted`, where it does not say."""
    token, amount, more, extra, *listed = yield [
        guess_call(place, REWARD[0]),
        guess_call(place, REWARD[1], owner),
        guess_call(place, OWED, owner),
        guess_call(place, EXTRA),
        *(guess_call(place, LISTED, i) for i in range(MOST_REWARDS)),
    ]
    others = list(takewhile(_is_token, listed))
    amounts = (yield from _listed_amounts(place, owner, others)) if others else []
    own = ((yield from _own_token(place)) or emitted) if more else None
    rows = [*zip(others, amounts, strict=True), (token, amount), (own, more)]
    owed = [(str(its), raw) for its, raw in rows if _is_token(its) and raw]
    uncounted = _uncounted(place, more if own is None else None, extra if used else None)
    if not used:
        return Debt(owed, uncounted)
    notes = list[str]()
    ended = [*listed, NATIVE][len(others)] is not None
    whole = (token is None) == (amount is None) and None not in amounts
    if not whole or not (ended if others or amount is None else True):
        notes.append(f"the gauge {place} does not say all that it owes: some is not counted")
    elif ended and more is None:
        notes.append(f"the gauge {place} does not say whether it owes its protocol's own token")
    return Debt(owed, [*notes, *uncounted])


def _own_token(place: str) -> Conversation[str | None]:
    """Protocol's own token, in which a gauge owes; None where it leads to none."""
    firsts = yield [guess_call(place, way[0]) for way in OWN_TOKENS]
    found = dict(zip(OWN_TOKENS, firsts, strict=True))
    longer = [way for way, its in found.items() if len(way) > 1 and _is_token(its)]
    seconds = yield [guess_call(found[way], way[1]) for way in longer]
    found |= {way: None for way in OWN_TOKENS if len(way) > 1}
    found |= zip(longer, seconds, strict=True)
    return next((its for its in found.values() if _is_token(its)), None)


def _is_token(its: str | None) -> bool:
    return its not in (None, NATIVE)


def _listed_amounts(place: str, owner: str, rewards: Sequence[str]) -> Conversation[list[Any]]:
    """Amounts of a gauge's further rewards: with what it would first fetch, where it can tell."""
    said = yield [
        guess_call(place, asked, owner, each)
        for asked in (LISTED_NOW, LISTED_OWED)
        for each in rewards
    ]
    rows = zip(said[: len(rewards)], said[len(rewards) :], strict=True)
    return [stored if now is None else now for now, stored in rows]


def _uncounted(place: str, more: int | None, extra: int | None) -> list[str]:
    """Sentences on what a place owes besides, which is not counted."""
    notes = list[str]()
    if more:
        notes.append(
            f"the gauge {place} owes {more / 10**18:g} of its protocol's own token besides, which"
            " is not counted: it does not say which token that is"
        )
    if extra is not None:
        notes.append(
            f"the reward pool {place} pays the booster's own token besides, and has {extra} extra"
            " rewards, which are not counted"
        )
    return notes
