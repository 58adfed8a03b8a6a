"""State of a vault of ranges: its positions in a pool, idle tokens, fees that are not collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any, NamedTuple

from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, answers, guess_call, together
from hedgecore_evm_readers.fee_growth import Outside
from hedgecore_evm_readers.layout_proof import (
    ProvenPosition,
    pool_by_layout,
    words_by_name,
)
from hedgecore_evm_readers.layouts import Layout, function, words
from hedgecore_evm_readers.pool_invariants import (
    UnlikeError,
    check_active,
    check_price,
    check_range,
)
from hedgecore_evm_readers.pool_positions import POOL_POSITIONS, position_key
from hedgecore_evm_readers.range_position import pool_fee_growth, uncollected_fees
from hedgecore_evm_readers.vault_layouts import (
    VAULTS,
    VaultLayout,
)

BALANCE = "balanceOf(address)(uint256)"
MOST_RANGES = 100
EXACT = Context(prec=60)
ALIKE = 10**9
"""Of so many parts of what a vault says it holds one may differ: another vault is far off."""


class Vault(NamedTuple):
    """A vault whose every answer is as its row has it.

    Attributes:
        row: of what kind it is.
        said: function → answer, of its probes.
        pool: the pool that its ranges are in.
        layout: of the pool.
        state: words of the pool.

    """

    row: VaultLayout
    said: Mapping[str, Any]
    pool: str
    layout: Layout
    state: Mapping[str, Any]

    @property
    def pair(self) -> tuple[str, str]:
        """Tokens of the pool."""
        return self.state["token0"], self.state["token1"]

    @property
    def ticks(self) -> list[tuple[int, int]]:
        """Ends of its ranges, each once."""
        if self.row.listed is None:
            ends = [(self.said[one], self.said[other]) for one, other in self.row.ends]
        else:
            ends = [(lower, upper) for lower, upper, _ in self.said[self.row.listed]]
        return list(dict.fromkeys(each for each in ends if each[0] < each[1]))

    @property
    def has_one_key(self) -> bool:
        """True if no range that is listed is of another pool."""
        listed = self.said[self.row.listed] if self.row.listed else ()
        return all(key == self.state.get("key") for _, _, key in listed)

    def net_of_cut(self, fees: int) -> int:
        """Fees that are left to the owners, raw."""
        cut = sum(int(self.said[text]) for text in self.row.cut)
        if self.row.cut_of is None:
            return fees - (fees // cut if cut else 0)
        return fees - fees * min(cut, self.row.cut_of) // self.row.cut_of


class VaultState(NamedTuple):
    """State of a vault, raw: its positions, and of each token what is beside them.

    Attributes:
        vault: the vault.
        positions: its ranges that have liquidity.
        idle: of each token, without what is the managers'.
        fees: of each token, not collected yet and without the managers' part.

    """

    vault: Vault
    positions: Sequence[ProvenPosition]
    idle: Sequence[int]
    fees: Sequence[int]


def vault_at(address: str) -> Conversation[Vault | None]:
    """Vault that stands at an address; None where it is of no known kind.

    Raises:
        UnlikeError: it is one, and its pool is of no known family, or there are several.

    """
    texts = list(dict.fromkeys(text for row in VAULTS for text in row.probes))
    given = yield [guess_call(address, function(text).signature) for text in texts]
    said = dict(zip(texts, given, strict=True))
    row = next((r for r in VAULTS if all(said[each] is not None for each in r.probes)), None)
    if row is None:
        return None
    named = said[row.pool]
    pools = [named] if isinstance(named, str) else list(named)
    if len(pools) != 1:
        raise UnlikeError(f"it has ranges in {len(pools)} pools, and one is read at a time")
    found = None if pools[0] == NATIVE else (yield from pool_by_layout(pools[0]))
    if found is None or found[0].name not in POOL_POSITIONS:
        raise UnlikeError(f"its pool {pools[0]} answers in the words of no known family")
    check_price(found[1])
    return Vault(row, said, pools[0], *found)


def vault_state(address: str, its: Vault) -> Conversation[VaultState]:
    """State of a vault.

    Raises:
        UnlikeError: an answer is not the layout's, or it says that it holds something else.

    """
    idle_calls = (Call(token, BALANCE, (address,)) for token in its.pair)
    talks: list[Conversation[Any]] = [_positions(address, its), answers(*idle_calls)]
    positions, held = yield from together(talks)
    withheld = [sum(its.said[text] for text in side) for side in its.row.withheld]
    if any(has < kept for has, kept in zip(held, withheld, strict=True)):
        raise UnlikeError(f"it holds {held} beside its ranges, of which {withheld} are managers'")
    idle = [has - kept for has, kept in zip(held, withheld, strict=True)]
    growth = (yield from pool_fee_growth(positions[0])) if positions else []
    earned = [uncollected_fees(each, growth) for each in positions]
    fees = [sum(its.net_of_cut(each[i]) for each in earned) for i in (0, 1)]
    found = VaultState(its, positions, idle, fees)
    _check_total(found)
    return found


def _positions(address: str, its: Vault) -> Conversation[list[ProvenPosition]]:
    """Positions of a vault that have liquidity, or that something is owed to."""
    ticks, how = its.ticks, POOL_POSITIONS[its.layout.name]
    if len(ticks) > MOST_RANGES or not its.has_one_key:
        raise UnlikeError(f"it says that it has {len(ticks)} ranges, or has them in other pools")
    keys = [position_key(address, *each, is_hashed=how.is_hashed) for each in ticks]
    given = yield from words_by_name(
        [
            *((its.pool, how.text, {"key": each}) for each in keys),
            *((its.pool, its.layout.ticks, {"tick": end}) for pair in ticks for end in pair),
            *((its.pool, text, {}) for text in its.layout.growth),
        ]
    )
    count = len(ticks)
    growth = {name: word for each in given[3 * count :] for name, word in each.items()}
    both = [growth["growth0"], growth["growth1"]]
    found = list[ProvenPosition]()
    for i, (lower, upper) in enumerate(ticks):
        low, high = given[count + 2 * i : count + 2 * i + 2]
        own = {**given[i], **its.state, "lower": lower, "upper": upper}
        if min(low["gross"], high["gross"]) < own["liquidity"]:
            raise UnlikeError(f"its pool has less liquidity at {lower} or {upper} than it")
        check_range(lower, upper)
        check_active(its.state, (lower, upper), own["liquidity"])
        edges = [Outside(low[each], high[each]) for each in ("outside0", "outside1")]
        if own["liquidity"] or own["owed0"] or own["owed1"]:
            proven = (its.layout, its.pool, own, its.state, both, edges)
            found.append(ProvenPosition(*proven, holder=None))
    return found


def _check_total(found: VaultState) -> None:
    """Refuse a vault that says to hold something else than what was read of it."""
    its = found.vault
    if its.row.total is None:
        return
    said = words(its.row.total, its.said[its.row.total])
    inside = [_amounts(each, its.state["root"]) for each in found.positions]
    for i in (0, 1):
        owed = sum(each.position[f"owed{i}"] for each in found.positions)
        more = found.fees[i] if its.row.total_has_fees else owed
        total = sum(each[i] for each in inside) + found.idle[i] + more
        if abs(total - said[f"total{i}"]) > said[f"total{i}"] // ALIKE + len(inside) + 2:
            raise UnlikeError(
                f"it says that it holds {said[f'total{i}']} of {its.pair[i]}, and its ranges, idle"
                f" tokens and fees are {int(total)}"
            )


def _amounts(its: ProvenPosition, root: int) -> tuple[Fraction, Fraction]:
    """Amounts of both tokens in a range, raw."""
    with localcontext(EXACT):
        ends = [Fraction((Decimal("1.0001") ** tick).sqrt() * 2**96) for tick in its.ticks]
    low, high = ends
    now, size = min(max(Fraction(root), low), high), its.position["liquidity"]
    return size * 2**96 * (high - now) / (now * high), size * (now - low) / 2**96
