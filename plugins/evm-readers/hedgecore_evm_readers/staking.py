"""Staked is held: shares in a gauge, a farm or a booster, as rows of data.

A row says what such a contract is asked: what is staked in it, and what it owes. A gauge is found
from its pool, or named in the pool's place; whatever is staked in it is the owner's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from attrs import field, frozen

from hedgecore import ReaderError, Token
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call, together
from hedgecore_evm_readers.base import whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.tokens import tokens

BALANCE = "balanceOf(address)(uint256)"
POOL_INFO = "poolInfo(uint256)(address)"
FACTORY, VOTER, GAUGES = "factory()(address)", "voter()(address)", "gauges(address)(address)"
GET_GAUGE = "get_gauge(address)(address)"
OWED, LISTED, LISTED_OWED = (
    "claimable_tokens(address)(uint256)",
    "reward_tokens(uint256)(address)",
    "claimable_reward(address,address)(uint256)",
)
LISTED_NOW = "claimable_reward_write(address,address)(uint256)"
EXTRA = "extraRewardsLength()(uint256)"
MOST_REWARDS = 8
"""Rewards of a gauge of Curve's kind: none has more."""


class Staking(NamedTuple):
    """A kind of contract that holds shares for their owners, who are by `balanceOf`.

    Attributes:
        title: what people call it.
        staked: asked of it: the token that is staked.
        number: asked of it: the number under which the booster, `staked`, knows the token.

    """

    title: str
    staked: str
    number: str | None = None


STAKINGS = (
    Staking("a booster's reward pool (Convex, Aura)", "operator()(address)", "pid()(uint256)"),
    Staking("a gauge (Curve, Balancer)", "lp_token()(address)"),
    Staking("a gauge (Aerodrome, Velodrome)", "stakingToken()(address)"),
)
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
    FACTORY: "of a pool: the factory, which may know its gauge",
    VOTER: "of the factory: who knows the gauges",
    GAUGES: "of the voter: the pool's gauge",
    GET_GAUGE: "of the factory, or of Curve's registry: the pool's gauge",
    **{
        each.staked: f"of {each.title}: what is staked, or who knows" for each in reversed(STAKINGS)
    },
    "pid()(uint256)": "of a booster's reward pool: the number under which the booster knows it",
    POOL_INFO: "of the booster: the LP token",
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


@frozen
class Rewards:
    """Rewards that staking owes: token id → amount in whole units, those tokens, and notes."""

    amounts: Mapping[str, float] = field(factory=dict)
    tokens: tuple[Token, ...] = ()
    notes: tuple[str, ...] = ()

    def beside(self, holdings: Mapping[str, float], name: str) -> dict[str, Any]:
        """Fields of a reading for its holdings, which are called so, and the rewards."""
        both = dict(self.amounts)
        for its, amount in holdings.items():
            both[its] = both.get(its, 0.0) + amount
        parts = [*([name] if holdings else []), *(["rewards"] if self.amounts else [])]
        return {"holdings": both, "holdings_name": " and ".join(parts) or name}


@frozen(kw_only=True)
class HeldShares:
    """Shares that an owner has in hand and staked, and what the staking owes.

    Attributes:
        free: in hand.
        staked: in gauges and the like.
        rewards: what those owe.
        receipts: ids of tokens whose balance they are.
        notes: sentences on what is not counted.

    """

    free: int = 0
    staked: int = 0
    rewards: Rewards = Rewards()
    receipts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def all(self) -> int:
        """Shares in hand and staked."""
        return self.free + self.staked

    def fraction_of(self, supply: int) -> Fraction:
        """Fraction of all shares.

        Raises:
            ReaderError: they are more than there are.

        """
        if self.all > supply:
            raise ReaderError(
                f"the owner has {self.free} shares and {self.staked} staked in"
                f" {', '.join(self.receipts[1:])}, more than all {supply} of {self.receipts[0]}:"
                " some of these contracts is not what it was taken for; leave it out"
            )
        return Fraction(self.all, supply) if self.all else Fraction(0)

    def part_of(self, supply: int) -> float:
        """Fraction of all shares, rounded once; the whole where none are held, for a price."""
        return float(self.fraction_of(supply) or 1)


def staked_token(address: str) -> Conversation[str | None]:
    """Token that is staked in a contract; None where it is no such contract."""
    said = yield [
        guess_call(address, each)
        for row in STAKINGS
        for each in (row.staked, row.number or row.staked)
    ]
    for row, staked, number in zip(STAKINGS, said[::2], said[1::2], strict=True):
        if staked in (None, NATIVE) or number is None:
            continue
        if row.number is None:
            return str(staked)
        [token] = yield [guess_call(staked, POOL_INFO, number)]
        if token not in (None, NATIVE):
            return str(token)
    return None


def gauges_of(venue: Evm, pool: str) -> Conversation[list[str]]:
    """Gauges of a pool, by its factory, by that one's voter, by the registry."""
    [factory] = yield [guess_call(pool, FACTORY)]
    registry = venue.contracts.get("curve-registry")
    known = [each for each in (registry, factory) if each not in (None, NATIVE)]
    voter, *found = yield [
        guess_call(factory or NATIVE, VOTER),
        *(guess_call(each, GET_GAUGE, pool) for each in known),
    ]
    if voter not in (None, NATIVE):
        found += yield [guess_call(voter, GAUGES, pool)]
    return list(dict.fromkeys(each for each in found if each not in (None, NATIVE)))


def held_shares(
    venue: Evm,
    token: str,
    owner: str | None,
    places: Sequence[str],
    *,
    free: Call | None = None,
    emits: str | None = None,
) -> Conversation[HeldShares]:
    """Shares of an owner, in hand and in some places, and what those owe.

    Args:
        venue: the chain.
        token: the shares' own.
        owner: whose; nobody's, if None.
        places: gauges and the like.
        free: what tells the shares in hand; the token's `balanceOf`, if None.
        emits: name of the protocol's own token, in which a gauge owes that does not say in which.

    """
    if owner is None:
        return HeldShares(receipts=(token,))
    in_hand, *staked = yield [
        free or Call(token, BALANCE, (owner,)),
        *(Call(each, BALANCE, (owner,)) for each in places),
    ]
    emitted = venue.contracts.get(emits) if emits else None
    rows = zip(places, staked, strict=True)
    debts = yield from together(_debt(e, owner, emitted, used=has > 0) for e, has in rows)
    owed = dict[str, int]()
    for its, raw in (pair for each in debts for pair in each.owed):
        owed[its] = owed.get(its, 0) + raw
    return HeldShares(
        free=in_hand,
        staked=sum(staked),
        rewards=(yield from rewards_of(venue, owed)),
        receipts=(token, *places),
        notes=tuple(note for each in debts for note in each.notes),
    )


def rewards_of(venue: Evm, owed: Mapping[str, int]) -> Conversation[Rewards]:
    """Rewards of what is owed, raw by token."""
    some = {its: raw for its, raw in owed.items() if raw and its != NATIVE}
    found = yield from tokens(venue, *some)
    return Rewards({t.id: whole_units(some[t.id], t.decimals) for t in found}, tuple(found))


class _Debt(NamedTuple):
    """Debt of a place to an owner: tokens with raw amounts, and notes on what is not counted."""

    owed: list[tuple[str, int]]
    notes: list[str]


def _debt(place: str, owner: str, emitted: str | None, *, used: bool) -> Conversation[_Debt]:
    """Debt of one place; its protocol's own token is `emitted`, where it does not say."""
    token, amount, more, extra, *listed = yield [
        guess_call(place, REWARD[0]),
        guess_call(place, REWARD[1], owner),
        guess_call(place, OWED, owner),
        guess_call(place, EXTRA),
        *(guess_call(place, LISTED, i) for i in range(MOST_REWARDS)),
    ]
    others = [each for each in listed if each not in (None, NATIVE)]
    amounts = (yield from _listed_amounts(place, owner, others)) if others else ()
    rows = [*zip(others, amounts, strict=True), (token, amount)]
    own = ((yield from _own_token(place)) or emitted) if more else None
    rows.append((own, more))
    owed = [(its, raw) for its, raw in rows if its not in (None, NATIVE) and raw]
    return _Debt(owed, _uncounted(place, more if own is None else None, extra if used else None))


def _own_token(place: str) -> Conversation[str | None]:
    """Protocol's own token, in which a gauge owes; None where it leads to none."""
    firsts = yield [guess_call(place, way[0]) for way in OWN_TOKENS]
    found = dict(zip(OWN_TOKENS, firsts, strict=True))
    longer = [way for way, its in found.items() if len(way) > 1 and its not in (None, NATIVE)]
    seconds = yield [guess_call(found[way], way[1]) for way in longer]
    found |= {way: None for way in OWN_TOKENS if len(way) > 1}
    found |= zip(longer, seconds, strict=True)
    return next((its for its in found.values() if its not in (None, NATIVE)), None)


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
