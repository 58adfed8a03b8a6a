"""Layouts: what the contracts of each family of ranges answer, word by word, as rows of data.

Families keep other things in the same places, and one read by another's layout gives wrong numbers
without an error. A row writes each function as Solidity does, with names for the words that are
read; a word that two directions share, a fee say, stands twice, and the dearer counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from attrs import evolve, frozen

from hedgecore_evm_readers.abi import Call, exact_call
from hedgecore_evm_readers.base import BYTECODE, ENCODING
from hedgecore_evm_readers.pool_key import KEY, pool_id

FUNCTION = re.compile(r"(\w+)\((.*?)\)\((.*)\)")
WORD = re.compile(r"(?:\([^()]*\)|[^,()])+")
"""A type and a name; the type may be a tuple."""


class Function(NamedTuple):
    """A function: its signature, the names of what it takes, and those of its answer's words."""

    signature: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]


@lru_cache(maxsize=256)
def function(text: str) -> Function:
    """Parts of ``name(type name, …)(type name, …)``; a word without a name is not read."""
    head, *groups = FUNCTION.split(text)[1:4]
    pairs = [[each.split() for each in WORD.findall(group)] for group in groups]
    types, names = (
        [",".join(pair[0] for pair in group) for group in pairs],
        [tuple((pair[1:] or [""])[0] for pair in group) for group in pairs],
    )
    return Function(f"{head}({types[0]})({types[1]})", names[0], names[1])


def call(to: str, text: str, **given: Any) -> Call:
    """Call of a row's function, its arguments by their names, whose answer has its very words."""
    its = function(text)
    return exact_call(to, its.signature, *(given[name] for name in its.takes))


def words(text: str, answer: Any) -> dict[str, Any]:
    """Name → word of an answer; of two words of one name the greater."""
    names = function(text).gives
    found = dict[str, Any]()
    rows = zip(names, answer if len(names) > 1 else (answer,), strict=True)
    for name, word in ((name, word) for name, word in rows if name):
        found[name] = max(found[name], word) if name in found else word
    return found


FACTORY = "factory()(address factory)"
PAIR = ("token0()(address token0)", "token1()(address token1)")
ACTIVE = "liquidity()(uint128 active)"


@frozen(kw_only=True)
class Layout:
    """A family's functions, of the manager, the factory and the pools.

    Attributes:
        name: the family and its version.
        family: the name that its managers have for ``--contract``.
        title: what people call it.
        proof: how the row is proven: by the answers of its own "bytecode", to the raw unit; by an
            independent "encoding" of them; or "unproven".
        position: of the manager: a position, by its NFT.
        factory: of the manager: what knows its pools, or has them all in itself.
        pool: of the factory: the pool of two tokens and a key; None where it has them all in
            itself, each under the hash of its key, which the position states.
        keyless_pool: the same where the key is address zero; as `pool` if None.
        key: of a pool: what tells it from others of its tokens, as its positions state it.
        named: of a pool: all that says which it is; factory, tokens and key if None.
        state: of a pool: √price and tick.
        active: of a pool: liquidity in range.
        fee: of a pool: the swap fee, millionths; a word of the state if None.
        growth: of a pool: fee growth of each token, everywhere.
        ticks: of a pool: liquidity at a tick, and fee growth outside.
        reserves: of a pool: the amounts that it counts; the next touch pays what it holds beyond
            them to the liquidity in range.
        gauge: of a pool: where its positions are staked, which then are paid no swap fees.
        gauge_part: of a pool: the part of other positions' fees that the gauge is paid, millionths.

    """

    name: str
    family: str
    title: str
    proof: str
    position: str
    factory: str = FACTORY
    pool: str | None
    keyless_pool: str | None = None
    key: str | None = None
    named: str | None = None
    state: str
    active: str = ACTIVE
    fee: str | None = None
    growth: tuple[str, ...]
    ticks: str
    reserves: str | None = None
    gauge: str | None = None
    gauge_part: str | None = None

    @property
    def has_contracts(self) -> bool:
        """True if each pool is a contract of its own."""
        return self.pool is not None

    def pool_of(self, factory: str, position: Mapping[str, Any]) -> Sequence[Call]:
        """Question to the factory for the pool of a position; none where it is the factory."""
        plain = int(str(position.get("key", 0)), 0) == 0 and self.keyless_pool is not None
        text = self.keyless_pool if plain else self.pool
        return [] if text is None else [call(factory, text, **position)]

    def within(self, position: Mapping[str, Any]) -> Mapping[str, Any]:
        """Arguments that tell the pool of a position from others in its contract."""
        return {} if self.has_contracts else {"id": pool_id(position)}

    def identity(self) -> Sequence[str]:
        """Functions by which a pool says which it is: factory, tokens, key."""
        if self.named is not None:
            return (self.named,)
        return (FACTORY, *PAIR, *(each for each in [self.key] if each))

    def pool_state(self) -> Sequence[str]:
        """Functions by which a pool states its price, its liquidity and what it charges."""
        more = (self.fee, self.reserves, self.gauge, self.gauge_part)
        return (self.state, self.active, *(each for each in more if each))


_V3_RANGE = (
    "int24 lower, int24 upper, uint128 liquidity, uint256 last0, uint256 last1,"
    " uint128 owed0, uint128 owed1"
)
_V3_GROWTH = (
    "feeGrowthGlobal0X128()(uint256 growth0)",
    "feeGrowthGlobal1X128()(uint256 growth1)",
)
_V3_TICKS = (
    "ticks(int24 tick)(uint128 gross, int128, uint256 outside0, uint256 outside1, int56, uint160,"
    " uint32, bool)"
)
_ALGEBRA_GROWTH = (
    "totalFeeGrowth0Token()(uint256 growth0)",
    "totalFeeGrowth1Token()(uint256 growth1)",
)

UNISWAP_V3 = Layout(
    name="uniswap-v3",
    family="uniswap-v3",
    title="Uniswap v3 (SushiSwap, PancakeSwap v3)",
    proof=BYTECODE,
    position="positions(uint256 token_id)(uint96, address, address token0, address token1,"
    f" uint24 key, {_V3_RANGE})",
    pool="getPool(address token0, address token1, uint24 key)(address pool)",
    key="fee()(uint24 key)",
    state="slot0()(uint160 root, int24 tick, uint16, uint16, uint16, uint32, bool)",
    fee="fee()(uint24 fee)",
    growth=_V3_GROWTH,
    ticks=_V3_TICKS,
)
SLIPSTREAM = Layout(
    name="slipstream",
    family="slipstream",
    title="Slipstream (Aerodrome, Velodrome)",
    proof=BYTECODE,
    position="positions(uint256 token_id)(uint96, address, address token0, address token1,"
    f" int24 key, {_V3_RANGE})",
    pool="getPool(address token0, address token1, int24 key)(address pool)",
    key="tickSpacing()(int24 key)",
    state="slot0()(uint160 root, int24 tick, uint16, uint16, uint16, bool)",
    fee="fee()(uint24 fee)",
    growth=_V3_GROWTH,
    ticks="ticks(int24 tick)(uint128 gross, int128, int128, uint256 outside0, uint256 outside1,"
    " uint256, int56, uint160, uint32, bool)",
    gauge="gauge()(address gauge)",
    gauge_part="unstakedFee()(uint24 part)",
)
ALGEBRA_V1 = Layout(
    name="algebra-v1",
    family="algebra-v1",
    title="Algebra v1 (QuickSwap, Camelot)",
    proof=BYTECODE,
    position="positions(uint256 token_id)(uint96, address, address token0, address token1,"
    f" {_V3_RANGE})",
    pool="poolByPair(address token0, address token1)(address pool)",
    state="globalState()(uint160 root, int24 tick, uint16 fee, uint16, uint8, uint8, bool)",
    growth=_ALGEBRA_GROWTH,
    ticks=_V3_TICKS,
)
ALGEBRA_V1_9 = evolve(
    ALGEBRA_V1,
    name="algebra-v1.9",
    title="Algebra v1.9, a fee for each direction (Camelot)",
    proof=ENCODING,
    state="globalState()(uint160 root, int24 tick, uint16 fee, uint16 fee, uint16, uint8, uint8,"
    " bool)",
)
ALGEBRA_INTEGRAL = Layout(
    name="algebra-integral",
    family="algebra-integral",
    title="Algebra Integral",
    proof=BYTECODE,
    position="positions(uint256 token_id)(uint88, address, address token0, address token1,"
    f" address key, {_V3_RANGE})",
    pool="customPoolByPair(address key, address token0, address token1)(address pool)",
    keyless_pool="poolByPair(address token0, address token1)(address pool)",
    state="globalState()(uint160 root, int24 tick, uint16 fee, uint8, uint16, bool)",
    growth=_ALGEBRA_GROWTH,
    ticks="ticks(int24 tick)(uint256 gross, int128, int24, int24, uint256 outside0,"
    " uint256 outside1)",
    reserves="getReserves()(uint128 reserve0, uint128 reserve1)",
)
ALGEBRA_INTEGRAL_1_0 = evolve(
    ALGEBRA_INTEGRAL,
    name="algebra-integral-1.0",
    title="Algebra Integral without deployers",
    proof=BYTECODE,
    position="positions(uint256 token_id)(uint88, address, address token0, address token1,"
    f" {_V3_RANGE})",
    pool="poolByPair(address token0, address token1)(address pool)",
    keyless_pool=None,
)
PANCAKE_INFINITY_CL = Layout(
    name="pancake-infinity-cl",
    family="pancake-infinity-cl",
    title="PancakeSwap Infinity, CL",
    proof=ENCODING,
    position=f"positions(uint256 token_id)({KEY}, int24 lower, int24 upper, uint128 liquidity,"
    " uint256 last0, uint256 last1, address)",
    factory="clPoolManager()(address factory)",
    pool=None,
    named=f"poolIdToPoolKey(bytes32 id)({KEY})",
    state="getSlot0(bytes32 id)(uint160 root, int24 tick, uint24 protocol_fee, uint24 fee)",
    active="getLiquidity(bytes32 id)(uint128 active)",
    growth=("getFeeGrowthGlobals(bytes32 id)(uint256 growth0, uint256 growth1)",),
    ticks="getPoolTickInfo(bytes32 id, int24 tick)(uint128 gross, int128, uint256 outside0,"
    " uint256 outside1)",
)

LAYOUTS = (
    UNISWAP_V3,
    SLIPSTREAM,
    ALGEBRA_V1,
    ALGEBRA_V1_9,
    ALGEBRA_INTEGRAL,
    ALGEBRA_INTEGRAL_1_0,
    PANCAKE_INFINITY_CL,
)


def layouts_of(family: str) -> tuple[Layout, ...]:
    """Layouts of all versions of a family."""
    return tuple(each for each in LAYOUTS if each.family == family)


def questions(layouts: Iterable[Layout]) -> dict[str, str]:
    """Signature → what it is asked for, of all functions of some layouts."""
    found = dict[str, str]()
    for its in layouts:
        uses: dict[str | None, str] = {
            its.position: "tokens, key, ticks, liquidity, fee growth at the last touch, fees owed",
            its.factory: "the factory, or what all pools are in",
            its.pool: "the pool, which must state the same tokens and key",
            its.keyless_pool: "the same, of a position without a key",
            **dict.fromkeys(its.growth, "fee growth, everywhere"),
            its.ticks: "liquidity, and fee growth outside, at both ends of the range",
        }
        found |= {function(text).signature: use for text, use in uses.items() if text}
    return found | pool_questions(layouts)


def pool_questions(layouts: Iterable[Layout]) -> dict[str, str]:
    """Signature → what it is asked for, of the functions that pools of some layouts have."""
    found = dict[str, str]()
    for its in layouts:
        uses: dict[str | None, str] = {
            **dict.fromkeys(its.identity(), "what tells the pool from others"),
            its.state: "√price, tick, and the fee where it is here",
            its.fee: "the swap fee, in millionths",
            its.active: "liquidity in range",
            its.reserves: "what the pool counts; the rest goes to liquidity in range",
            its.gauge: "where a position is staked, which then is paid no swap fees",
            its.gauge_part: "the part of the fees that the gauge is paid",
        }
        found |= {function(text).signature: use for text, use in uses.items() if text}
    return found
