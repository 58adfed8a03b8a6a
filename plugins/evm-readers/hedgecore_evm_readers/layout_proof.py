"""Proof of a layout: a position is read by one only where every contract answers as the row says.

The manager's factory is the one that the table of deployments has, every answer has the row's very
words, the factory finds a pool of the position's tokens and key,
that pool says of itself what the manager says of it, and the ends of the range hold the position's
liquidity. No word contradicts another. Whatever fails is refused, by the family that it looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, answers, guess_call, together
from hedgecore_evm_readers.deployments import deployment_at, deployment_of
from hedgecore_evm_readers.fee_growth import Outside
from hedgecore_evm_readers.layouts import (
    LAYOUTS,
    Layout,
    call,
    function,
    words,
)
from hedgecore_evm_readers.pool_invariants import (
    UnlikeError,
    check_active,
    check_price,
    check_range,
)
from hedgecore_evm_readers.pool_positions import POOL_POSITIONS, position_key

OWNER_OF, BALANCE = "ownerOf(uint256)(address)", "balanceOf(address)(uint256)"


class ProvenPosition(NamedTuple):
    """A position and its pool by one layout, all words by name.

    Attributes:
        layout: the row.
        pool: the pool's address.
        position: words of the manager's ``positions``.
        state: words of the pool's state, its fee and liquidity too.
        growth: fee growth of each token, everywhere.
        edges: fee growth outside of both ends of the range, of each token.
        holder: account that has the NFT in hand; None where the manager does not say.
        held: of each token what the pool holds, raw; None where that is not known, or where others'
            is with it.

    """

    layout: Layout
    pool: str
    position: Mapping[str, Any]
    state: Mapping[str, Any]
    growth: Sequence[int]
    edges: Sequence[Outside]
    holder: str | None
    held: Sequence[int | None] = (None, None)

    @property
    def gauge(self) -> str | None:
        """Address of the pool's gauge; None where it has none."""
        gauge = self.state.get("gauge")
        return None if gauge == NATIVE else gauge

    @property
    def staked(self) -> bool:
        """True if the NFT is in the pool's gauge."""
        return self.gauge is not None and self.holder == self.gauge

    @property
    def ticks(self) -> tuple[int, int]:
        """Ends of the range."""
        return self.position["lower"], self.position["upper"]


def prove(
    layout: Layout, manager: str, token_id: int, chain: int | None = None
) -> Conversation[ProvenPosition]:
    """Position by a layout.

    Args:
        layout: the row.
        manager: the contract that knows the position.
        token_id: the position's NFT.
        chain: whose deployments the manager's factory is compared with; with none, if None.

    Raises:
        UnlikeError: an answer is not the layout's, or the factory is another deployment's.

    """
    position, identity = yield from words_by_name(
        [(manager, layout.position, {"token_id": token_id}), (manager, layout.factory, {})]
    )
    check_range(position["lower"], position["upper"])
    factory = identity["factory"]
    if chain is not None:
        check_factory(layout.family, chain, manager, factory)
    *found, holder = yield [
        *layout.pool_of(factory, position),
        guess_call(manager, OWNER_OF, token_id),
    ]
    pool = _pool_at(factory, position, found)
    own = _own_call(layout, manager, pool, position)
    talks: list[Conversation[Any]] = [_pool_words(layout, pool, position), answers(*own)]
    (state, edges, held), counted = yield from together(talks)
    _check_identity(layout, pool, {**position, "factory": factory}, state)
    growth = [state["growth0"], state["growth1"]]
    its = ProvenPosition(layout, pool, position, state, growth, edges, holder, held)
    check_price(state)
    check_active(state, its.ticks, position["liquidity"])
    if holder is None and its.gauge is not None:
        raise UnlikeError(
            f"the manager does not say who has {token_id}, which may be in the gauge {its.gauge}"
        )
    if not its.staked:
        _check_own(manager, position["liquidity"], counted)
    return its


def _pool_words(
    layout: Layout, pool: str, position: Mapping[str, Any]
) -> Conversation[tuple[dict[str, Any], list[Outside], Sequence[int | None]]]:
    """Words of a pool, fee growth outside of a range's ends, and what the pool holds.

    Raises:
        UnlikeError: an answer is not the layout's, or an end has less liquidity than the position.

    """
    within = layout.within(position)
    texts = [*layout.identity(), *layout.pool_state(), *layout.growth]
    asked: list[Asked] = [(pool, text, within) for text in texts]
    asked += [(pool, layout.ticks, {**within, "tick": position[e]}) for e in ("lower", "upper")]
    pair = ("token0", "token1") if layout.has_contracts else ()
    balances = answers(*(guess_call(position[each], BALANCE, pool) for each in pair))
    talks: list[Conversation[Any]] = [words_by_name(asked), balances]
    (*said, lower, upper), held = yield from together(talks)
    if min(lower["gross"], upper["gross"]) < position["liquidity"]:
        raise UnlikeError(
            f"at an end of the range the pool {pool} has less liquidity than the position"
        )
    state = {name: word for each in said for name, word in each.items()}
    edges = [Outside(lower[each], upper[each]) for each in ("outside0", "outside1")]
    return state, edges, held or (None, None)


def _own_call(
    layout: Layout, manager: str, pool: str, position: Mapping[str, Any]
) -> Sequence[Call]:
    """Question to a pool for what it counts of a manager in a range; none where there is none."""
    how = POOL_POSITIONS.get(layout.name)
    ticks = position["lower"], position["upper"]
    if how is None:
        return ()
    return (call(pool, how.text, key=position_key(manager, *ticks, is_hashed=how.is_hashed)),)


def _check_own(manager: str, liquidity: int, counted: Sequence[Sequence[int] | None]) -> None:
    """Refuse a position of more liquidity than its pool counts of all of the manager's there."""
    for words_ in counted:
        if words_ is not None and words_[0] < liquidity:
            raise UnlikeError(
                f"its liquidity would be {liquidity}, and in its range the pool counts {words_[0]}"
                f" of all that {manager} has"
            )


Asked = tuple[str, str, Mapping[str, Any]]
"""A contract, a row's function, and its arguments by name."""


def words_by_name(asked: Sequence[Asked]) -> Conversation[list[dict[str, Any]]]:
    """Words by name of each answer.

    Raises:
        UnlikeError: there is no such function, or it answers with other words.

    """
    calls = [call(to, text, **given) for to, text, given in asked]
    said = yield calls
    found = list[dict[str, Any]]()
    for each, answer, (_, text, _) in zip(calls, said, asked, strict=True):
        if answer is None:
            count = len(function(text).gives)
            raise UnlikeError(f"{each} does not answer with the words of this layout, {count}")
        found.append(words(text, answer))
    return found


def _pool_at(factory: str, position: Mapping[str, Any], found: Sequence[str | None]) -> str:
    """Pool of a position: as the factory says, or the factory itself, where the position is."""
    pool = found[0] if found else position["pool"]
    if not found and pool != factory:
        raise UnlikeError(f"its pools are in {factory}, and the position's in {pool}")
    if pool in (None, NATIVE):
        raise UnlikeError(f"the factory {factory} knows no pool of {_key(position)}")
    return str(pool)


def resembling_layout(manager: str, token_id: int) -> Conversation[Layout | None]:
    """Layout of which a position is, whatever it was taken for; None where it is of none."""
    for layout in LAYOUTS:
        try:
            yield from prove(layout, manager, token_id)
        except UnlikeError:
            continue
        return layout
    return None


def pool_words(pool: str) -> Conversation[dict[str, Any] | None]:
    """Words by name of a pool's identity and state, by the layout that has them all."""
    found = yield from pool_by_layout(pool)
    return None if found is None else found[1]


def pool_by_layout(pool: str) -> Conversation[tuple[Layout, dict[str, Any]] | None]:
    """Layout that has all words of a pool's identity and state, and those by name."""
    known = [each for each in LAYOUTS if each.has_contracts]
    listed = {layout: [*layout.identity(), *layout.pool_state()] for layout in known}
    texts = list(dict.fromkeys(text for each in listed.values() for text in each))
    said = dict(zip(texts, (yield [call(pool, text) for text in texts]), strict=True))
    for layout, own in listed.items():
        if all(said[text] is not None for text in own):
            return layout, {k: w for text in own for k, w in words(text, said[text]).items()}
    return None


def refusal(what: str, layouts: Sequence[Layout], found: Layout | None, odd: str) -> ReaderError:
    """Error that names the family that something looks like, or the answer that is of none."""
    wanted = layouts[0].title
    if found is None or found in layouts:
        return ReaderError(
            f"{what} is not read, since it is not as those of {wanted} are: {odd}; check the"
            " address and the chain"
        )
    return ReaderError(
        f"{what} is not read: it looks like {found.title}, not like {wanted} ({odd}). Name its"
        f" manager by --contract {found.family}=0x…, or the position by --position"
        f" evm-{found.family}:NUMBER,contract=0x…"
    )


def check_factory(family: str, chain: int, manager: str, factory: str) -> None:
    """Compare the factory that a manager names with the table's, and with what is another's.

    Raises:
        UnlikeError: the table has another, or has it for another family.

    """
    mine, other = deployment_at(chain, manager), deployment_of(chain, factory)
    of = "" if other is None else f", which is that of {other.name} ({other.family})"
    if mine is not None and mine.factory not in (None, factory):
        raise UnlikeError(
            f"the manager says that its factory is {factory}{of}; that of {mine.name} is"
            f" {mine.factory} by {mine.source}"
        )
    if other is not None and other.family != family:
        raise UnlikeError(f"the manager says that its factory is {factory}{of}")


def _check_identity(
    layout: Layout, pool: str, wanted: Mapping[str, Any], said: Mapping[str, Any]
) -> None:
    """Compare what a pool says of itself with what the manager says of it."""
    names = (name for text in layout.identity() for name in function(text).gives if name)
    for name in names:
        if said[name] != wanted[name]:
            raise UnlikeError(
                f"the pool {pool} says that its {name} is {said[name]}, and the manager"
                f" {wanted[name]}"
            )


def _key(position: Mapping[str, Any]) -> str:
    pair = f"{position['token0']} and {position['token1']}"
    return f"{pair} by the key {position['key']}" if "key" in position else pair
