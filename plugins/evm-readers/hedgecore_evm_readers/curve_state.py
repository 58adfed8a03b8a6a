"""State of a StableSwap pool, asked in the ways of all its generations."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import Call, Conversation
from hedgecore_evm_readers.stableswap_invariant import invariant

MOST_COINS = 8
A_PRECISION = 100
NG_HEAD = 32
LP_TOKEN = ("lp_token()(address)", "token()(address)")
STATE = {
    "coins(uint256)(address)": "the coins; of old pools by int128",
    "balances(uint256)(uint256)": "what the pool holds, without the fees of its admin",
    "A_precise()(uint256)": "A times 100 at this block, in the middle of a ramp too",
    "A()(uint256)": "A, of pools that know no other",
    "fee()(uint256)": "the fee, times 10^10; an NG pool may ask for more off its peg",
    "stored_rates()": "rates: of NG pools and those with oracles; else 10^(36 − decimals)",
    "base_pool()(address)": "of a metapool: the pool whose share its last coin is",
    "get_virtual_price()(uint256)": "what a share is worth: D per share, which proves the rest",
    LP_TOKEN[0]: "the LP token",
    LP_TOKEN[1]: "the LP token, of other pools",
}


@frozen(kw_only=True)
class State:
    """A pool, raw: coins in order, A times `precision`, the fee times 10^10."""

    coins: Sequence[str]
    balances: Sequence[int]
    amp: int
    precision: int
    fee: int
    virtual_price: int
    rates: Sequence[int] | None
    base_pool: str | None
    lp_token: str | None
    is_token: bool

    @property
    def scaled(self) -> list[int]:
        """Balances in 18 digits, once the rates are known."""
        rows = zip(self.balances, self.rates or (), strict=True)
        return [raw * rate // 10**18 for raw, rate in rows]

    @property
    def invariant(self) -> int:
        """D, once the rates are known."""
        return invariant(self.scaled, self.amp, self.precision)


def signatures(name: str, gives: str) -> list[str]:
    """Signatures of one entry of a pool's list: the newest way, and the oldest."""
    return [f"{name}({kind})({gives})" for kind in ("uint256", "int128")]


def state(pool: str) -> Conversation[State]:
    """State of a pool, in one round of calls."""
    single = ("A_precise()(uint256)", "A()(uint256)", "fee()(uint256)", "stored_rates()",
              "base_pool()(address)", *LP_TOKEN, "totalSupply()(uint256)")  # fmt: skip
    lists = [
        Call(pool, each, (index,), optional=True)
        for index in range(MOST_COINS)
        for name, gives in (("coins", "address"), ("balances", "uint256"))
        for each in signatures(name, gives)
    ]
    said = yield [
        Call(pool, "get_virtual_price()(uint256)"),
        *(Call(pool, each, optional=True) for each in single),
        *lists,
    ]
    price, precise, amp, fee, rates, base, lp_token, token, supply = said[:9]
    coins, balances = _rows(said[9:])
    if len(coins) < 2 or None in balances or fee is None or (precise or amp) is None:  # noqa: PLR2004
        raise ReaderError(
            f"{pool} is no StableSwap pool: it has no coins, balances, A or fee; check the address"
        )
    return State(
        coins=coins,
        balances=balances,
        amp=precise or amp,
        precision=A_PRECISION if precise else 1,
        fee=fee,
        virtual_price=price,
        rates=_stored_rates(rates, len(coins)),
        base_pool=base,
        lp_token=lp_token or token,
        is_token=supply is not None,
    )


def _rows(said: Sequence[str | int | None]) -> tuple[list[str], list[int]]:
    """Coins and balances from the four ways in which each was asked for."""
    groups = [said[i : i + 4] for i in range(0, len(said), 4)]
    rows = [(new or old, more if more is not None else less) for new, old, more, less in groups]
    there = [row for row in rows if row[0] is not None]
    return [str(coin) for coin, _ in there], [balance for _, balance in there]  # type: ignore[misc]


def _stored_rates(raw: bytes | None, count: int) -> list[int] | None:
    """Stored rates, from an array of fixed length or of any."""
    raw = raw or b""
    words = [int.from_bytes(raw[i : i + 32], "big") for i in range(0, len(raw), 32)]
    if len(words) >= count + 2 and words[0] == NG_HEAD and words[1] == count:
        words = words[2:]
    return words[:count] if len(words) >= count else None
