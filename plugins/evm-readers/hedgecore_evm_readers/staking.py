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
from hedgecore_evm_readers.base import BYTECODE, ENCODING, whole_units
from hedgecore_evm_readers.debts import CALLS as DEBTS
from hedgecore_evm_readers.debts import debt_of
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.tokens import try_tokens

BALANCE = "balanceOf(address)(uint256)"
POOL_INFO = "poolInfo(uint256)(address)"
FACTORY, VOTER, GAUGES = "factory()(address)", "voter()(address)", "gauges(address)(address)"
GET_GAUGE = "get_gauge(address)(address)"


class Staking(NamedTuple):
    """A kind of contract that holds shares for their owners, who are by `balanceOf`.

    Attributes:
        title: what people call it.
        proof: how it is proven, as `EvmReader.proof`.
        staked: asked of it: the token that is staked.
        number: asked of it: the number under which the booster, `staked`, knows the token.

    """

    title: str
    proof: str
    staked: str
    number: str | None = None


STAKINGS = (
    Staking(
        "a booster's reward pool (Convex, Aura)",
        ENCODING,
        "operator()(address)",
        "pid()(uint256)",
    ),
    Staking("a gauge (Curve, Balancer)", BYTECODE, "lp_token()(address)"),
    Staking("a gauge (Aerodrome, Velodrome)", BYTECODE, "stakingToken()(address)"),
)
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
    **DEBTS,
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
    debts = yield from together(debt_of(e, owner, emitted, used=has > 0) for e, has in rows)
    owed = dict[str, int]()
    for its, raw in (pair for each in debts for pair in each.owed):
        owed[its] = owed.get(its, 0) + raw
    rewards = yield from rewards_of(venue, owed)
    return HeldShares(
        free=in_hand,
        staked=sum(staked),
        rewards=rewards,
        receipts=(token, *places),
        notes=(*(note for each in debts for note in each.notes), *rewards.notes),
    )


def rewards_of(venue: Evm, owed: Mapping[str, int]) -> Conversation[Rewards]:
    """Rewards of what is owed, raw by token; a note on what cannot be counted of it."""
    some = {its: raw for its, raw in owed.items() if raw and its != NATIVE}
    said = yield from try_tokens(venue, *some)
    found = tuple(each for each in said if isinstance(each, Token))
    notes = tuple(
        f"{some[its]} of {its} are owed as a reward, which is not counted: {each}"
        for its, each in zip(some, said, strict=True)
        if isinstance(each, ReaderError)
    )
    return Rewards({t.id: whole_units(some[t.id], t.decimals) for t in found}, found, notes)
