"""Scenes of a pool of ranges: positions in it, where its price goes, and what is then read."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from hedgecore_evm_readers import read
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from chain import tokens
from chain.judge import assert_paid, drawn, held_now, moved, slip, whole
from chain.ticks import Q96, root_at

DECIMALS = st.sampled_from([(18, 6), (6, 18), (8, 18), (18, 18), (6, 6), (0, 18), (18, 2)])
WIDEST = 60_000
EVERYWHERE = 700_000
"""The range, in ticks either way, of what lets every swap find its price."""


class Range(NamedTuple):
    """A position to open: where, how wide in usable ticks, and how much."""

    offset: float
    width: int
    liquidity: int


class Move(NamedTuple):
    """A swap: to a place in somebody's range, 0 and 1 being its edges; v3 first takes some out."""

    index: int
    where: float
    taken: float


class Scene(NamedTuple):
    """A pool, positions in it, and where its price goes: to a tick, or to the edge of a range."""

    decimals: tuple[int, int]
    fee: int
    tick: int
    protocol: int
    ranges: list[Range]
    moves: list[Move]


ranges = st.builds(
    Range,
    st.floats(-1.2, 0.4),
    st.sampled_from([1, 2, 10, 100, 1000]) | st.integers(1, 500),
    st.integers(40, 92).map(lambda power: 2**power + 12345),
)
moves = st.builds(
    Move,
    st.integers(0, 2),
    st.sampled_from([0.0, 1.0]) | st.floats(-0.6, 1.6),
    st.sampled_from([0.0, 0.0, 0.5, 1.0]),
)
scenes = st.builds(
    Scene,
    DECIMALS,
    st.sampled_from([0, 100, 500, 3000, 10000]),
    st.integers(-200_000, 200_000),
    st.sampled_from([0, 0, 4, 7]),
    st.lists(ranges, min_size=1, max_size=3),
    st.lists(moves, min_size=1, max_size=4),
)


def price_of(root, decimals):
    """Return token1 per token0, in whole units, as the contract has it: exactly."""
    return Fraction(root**2, Q96**2) * Fraction(10) ** (decimals[0] - decimals[1])


class Watched:
    """A position, and the model of it as it was opened."""

    def __init__(self, pool, decimals, token_id, quote):
        self.pool, self.decimals, self.token_id = pool, decimals, token_id
        self.names = tuple(token.address for token in pool.tokens)
        self.quote = self.names[quote]
        self.forget()

    def forget(self):
        """Take the position as it is now for a new one."""
        table = self.pool.state(self.token_id) | {"sqrt_price_x96": None}
        self.model, self.last = self.built({"kind": "uniswap-v3-position", **table}), None

    def built(self, table):
        return hc.build({**table, "tokens": self.names, "quote": self.quote})

    def check(self, reading):
        """Compare what the contract would pay now with what is read, and with the first model."""
        said = self.pool.state(self.token_id)
        assert {name: reading.position[name] for name in said} == said
        assert reading.position["fee"] == self.pool.charged
        fees = whole(self.pool.uncollected(self.token_id), self.decimals)
        assert [reading.holdings[name] for name in self.names] == [float(each) for each in fees]
        paid, exact = self.pool.payout(self.token_id), price_of(self.pool.root, self.decimals)
        now = self.built(reading.position)
        price = float(1 / exact if self.quote == self.names[0] else exact)
        assert now.spot() == price
        assert_paid(held_now(now, self.names), paid, self.decimals)
        held = dict(zip(self.model.assets, self.model.greeks(price).holdings, strict=True))
        room = self.room(price)
        assert_paid([held[name] for name in self.names], paid, self.decimals, room)
        self.check_gamma(price, paid)

    def room(self, price):
        """The price is a double, and the ticks are ideal: TickMath is that to 1e-18."""
        base, deep = slip(self.model, price), 3e-18 * self.model.whole_liquidity
        lower, upper = self.model.edges
        both = base + deep / lower.high**0.5, base * price + deep * upper.high**0.5
        rooms = dict(zip(self.model.assets, both, strict=True))
        rows = zip(self.names, self.decimals, strict=True)
        return [rooms[name] * 10**digits for name, digits in rows]

    def check_gamma(self, price, paid):
        """From one swap to the next, the base that is paid moves by the integral of gamma."""
        base = self.names.index(self.model.assets[0])
        now = float(Fraction(paid[base], 10 ** self.decimals[base]))
        if self.last is not None:
            before, held = self.last
            due, off = moved(self.model, before, price)
            error = 2 / 10 ** self.decimals[base] + off + 1e-15 * max(held, now)
            assert abs(due - (now - held)) <= error, (due, now - held, error)
        self.last = price, now


def opened(exchange, scene, quote):
    """Yield the positions of a scene, each opened in its pool."""
    pair = tokens.deploy(exchange.rpc, ["T0", "T1"], list(scene.decimals))
    pool = exchange.pool(pair, scene.fee, root_at(scene.tick))
    if scene.protocol:
        pool.share_fees(scene.protocol)
    far = EVERYWHERE // pool.spacing * pool.spacing
    pool.mint(-far, far, 2**60)
    for offset, width, liquidity in scene.ranges:
        span = min(width * pool.spacing, WIDEST // pool.spacing * pool.spacing)
        lower = (scene.tick + round(offset * span)) // pool.spacing * pool.spacing
        token_id = pool.mint(lower, lower + span, liquidity)
        yield Watched(pool, scene.decimals, token_id, quote)


def play(its, move):
    """Take a part of one position out, and swap to where the move leads."""
    state = its.pool.state(its.token_id)
    if move.taken and state["liquidity"] and its.pool.keeps_what_is_taken:
        its.pool.decrease(its.token_id, int(state["liquidity"] * Fraction(move.taken)))
        its.forget()
    lower, upper = state["tick_lower"], state["tick_upper"]
    tick = lower + round(move.where * (upper - lower))
    its.pool.move(root_at(tick) + (0 if tick in (lower, upper) else round(move.where * 1e6)))


def assert_scenes(deployed, exchange, kind, quote: int) -> None:
    """Assert in drawn scenes, before and after each move, that what is read is what is paid."""
    contract = exchange.positions.address

    def check(positions):
        readers = [kind(token_id=each.token_id, contract=contract) for each in positions]
        for its, reading in zip(positions, read(deployed.node.url, *readers), strict=True):
            its.check(reading)

    @drawn(2)
    @given(scenes)
    def played(scene):
        with deployed.rpc.undone():
            positions = list(opened(exchange, scene, quote))
            check(positions)
            for move in scene.moves:
                play(positions[move.index % len(positions)], move)
                check(positions)

    played()
