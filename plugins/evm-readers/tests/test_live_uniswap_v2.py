"""Uniswap v2 on a live chain, and forks of it with another fee, or with none."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import NamedTuple

import pytest
from chain import tokens
from chain.contracts import DEAD, OWNER, ZERO, RevertedError
from chain.judge import ULP, assert_paid, drawn, held_now, moved
from chain.uniswap_v2 import UniswapV2 as Exchange
from hedgecore_evm_readers import UniswapV2, read
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

ANOTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
PERMILLES = (0, 2, 3, 10)


class Scene(NamedTuple):
    """A pair: its tokens' decimals, its first reserves, what else is done with it, and swaps."""

    decimals: tuple[int, int]
    reserves: tuple[int, int]
    joined: float
    given: int
    swaps: list[tuple[int, float]]


permilles = st.sampled_from(PERMILLES)
reserves = st.integers(20, 90).map(lambda power: 2**power + 4321)
scenes = st.builds(
    Scene,
    st.sampled_from([(18, 6), (6, 18), (8, 18), (18, 18), (0, 18)]),
    st.tuples(reserves, reserves),
    st.floats(0.001, 0.9),
    st.sampled_from([0, 0, 777]),
    st.lists(st.tuples(st.integers(0, 1), st.floats(0.001, 3.0)), min_size=1, max_size=4),
)


def opened(exchange, scene):
    """Return the pair of a scene, another's share in it, and what somebody left there."""
    pair = tokens.deploy(exchange.rpc, ["T0", "T1"], list(scene.decimals))
    tokens.endow(pair)
    tokens.endow(pair, owner=ANOTHER)
    made = exchange.pair(pair, scene.reserves)
    made.add(tuple(int(scene.joined * each) + 2 for each in scene.reserves), owner=ANOTHER)
    return made


def swapped(pair, swaps):
    """Carry swaps out, as fractions of the reserves; yield after each one that paid something."""
    for sold, part in swaps:
        amount = int(part * pair.reserves[sold])
        if pair.received(sold, amount):
            pair.swap(sold, amount)
            yield


def reading_of(exchange, pair, owner=OWNER, **terms):
    reader = UniswapV2(pool=pair.contract.address, owner=owner, fee=pair.permille / 1000, **terms)
    return read(exchange.rpc.url, reader)[0]


def price_of(pair, decimals):
    """Return token1 per token0 in whole units, as the contract has it: exactly."""
    return Fraction(*reversed(pair.reserves)) * Fraction(10) ** (decimals[0] - decimals[1])


def check(reading, pair, decimals, owner=OWNER):
    """Compare what is read with what the pair pays when the owner's share is burnt."""
    names = tuple(token.address for token in pair.tokens)
    model = hc.build({**reading.position, "assets": tuple(reading.position["assets"])})
    assert model.assets == names
    exact = price_of(pair, decimals)
    assert abs(Fraction(model.spot()) / exact - 1) <= 2 * ULP
    extra = [reading.holdings.get(name, 0.0) for name in names]
    held = [sum(both) for both in zip(held_now(model, names), extra, strict=True)]
    assert_paid(held, pair.payout(owner), decimals)


@pytest.mark.parametrize("collector", [ZERO, DEAD], ids=["free", "taxed"])
@pytest.mark.sample(1)
def test_what_is_read_of_a_pair_is_what_burning_pays(deployed, collector):
    @drawn(3)
    @given(permilles, scenes)
    def played(permille, scene):
        with deployed.rpc.undone():
            exchange = Exchange.deploy(deployed.rpc, permille)
            exchange.collect_fees(collector)
            pair = opened(exchange, scene)
            for _ in swapped(pair, scene.swaps):
                pair.tokens[0].send("transfer", pair.contract.address, scene.given)
                check(reading_of(exchange, pair), pair, scene.decimals)
                check(reading_of(exchange, pair, ANOTHER), pair, scene.decimals, ANOTHER)

    played()


@drawn(3)
@given(scenes)
def test_without_a_fee_one_model_pays_at_every_price(deployed, scene):
    """Reserves are whole raw units, so k drifts by about as much as one of the smaller reserve."""
    with deployed.rpc.undone():
        pair = opened(deployed.free_v2, scene)
        model = hc.build(reading_of(deployed.free_v2, pair).position)
        before, paid = model.spot(), pair.payout()
        drift = 4 * ULP
        for _ in swapped(pair, scene.swaps):
            drift += sum(Fraction(2, amount) for amount in (*pair.reserves, *pair.payout()))
            price, now = float(price_of(pair, scene.decimals)), pair.payout()
            held = model.greeks(price).holdings
            for mine, theirs, digits in zip(held, now, scene.decimals, strict=True):
                assert abs(Fraction(float(mine)) * 10**digits - theirs) <= 1 + drift * theirs
            due, off = moved(model, before, price)
            room = 2 + drift * max(now[0], paid[0]) + Fraction(off) * 10 ** scene.decimals[0]
            assert abs(Fraction(due) * 10 ** scene.decimals[0] - (now[0] - paid[0])) <= room
            before, paid = price, now


@drawn(3)
@given(permilles, scenes)
def test_a_swap_grows_all_holdings_alike_by_its_fee(deployed, permille, scene):
    """After a swap the model holds as much at the new price, times √(k′/k): the fees."""
    with deployed.rpc.undone():
        pair = opened(Exchange.deploy(deployed.rpc, permille), scene)
        model = hc.build(reading_of(deployed.free_v2, pair).position | {"share": 1.0})
        first = pair.reserves
        for _ in swapped(pair, scene.swaps):
            now = pair.reserves
            grown = Fraction(isqrt(now[0] * now[1] * 10**60), isqrt(first[0] * first[1] * 10**60))
            held = model.greeks(float(price_of(pair, scene.decimals))).holdings
            for mine, theirs, digits in zip(held, now, scene.decimals, strict=True):
                off = abs(Fraction(float(mine)) * grown * 10**digits - theirs)
                assert off <= 8 * ULP * theirs


@pytest.mark.parametrize("permille", PERMILLES)
def test_the_fee_that_is_read_is_the_one_that_the_pair_takes(chain, permille):
    """By x·y = k on the reserves that were read; one raw unit more is refused."""
    exchange = Exchange.deploy(chain.rpc, permille)
    pair = opened(exchange, Scene((18, 6), (10**21, 3 * 10**12), 0.5, 0, []))
    table = reading_of(exchange, pair).position
    amount, (base, quote) = 12345678901234567890, table["reserves"]
    paid = Fraction(amount, 10**18) * (1 - Fraction(round(table["fee"] * 1000), 1000))
    due = Fraction(quote) * paid / (Fraction(base) + paid)
    assert pair.received(0, amount) == int(due * 10**6)
    with pytest.raises(RevertedError, match="UniswapV2: K"):
        pair.swap(0, amount, more=1)
    assert pair.swap(0, amount) == int(due * 10**6)


def test_the_fee_of_an_unknown_fork_is_unknown_and_said_to_be(chain):
    pair = opened(chain.free_v2, Scene((18, 6), (10**21, 3 * 10**12), 0.5, 0, []))
    (reading,) = read(chain.node.url, UniswapV2(pool=pair.contract.address, owner=OWNER))
    assert reading.position["fee"] is None
    assert any("fee" in note for note in reading.notes)
