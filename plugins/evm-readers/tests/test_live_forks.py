"""Forks of Uniswap v3 on a live chain, by their own bytecode: what is read is what they pay."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import tokens
from chain.aerodrome import Slipstream
from chain.algebra import Algebra, Integral, Integral1
from chain.contracts import OWNER
from chain.farm import Farm
from chain.infinity_live import CurrentWords
from chain.pancake import PancakeV3
from chain.scenes import assert_scenes
from chain.ticks import root_at
from hedgecore_evm_readers import AlgebraIntegral, AlgebraV1, Evm, UniswapV3
from hedgecore_evm_readers import Slipstream as SlipstreamReader

from hedgecore import SearchRequest, Secret

FORKS = {
    "pancakeswap-v3": (PancakeV3, UniswapV3),
    "algebra-v1": (Algebra, AlgebraV1),
    "algebra-integral": (Integral, AlgebraIntegral),
    "algebra-integral-1.0": (Integral1, AlgebraIntegral),
}


@pytest.mark.parametrize("quote", [0, 1])
@pytest.mark.parametrize("name", FORKS)
@pytest.mark.sample(2)
def test_what_is_read_of_a_range_is_what_it_is_paid(deployed, forks, name, quote):
    assert_scenes(deployed, forks.of(FORKS[name][0]), FORKS[name][1], quote)


@pytest.mark.campaign  # its sources are compiled
@pytest.mark.parametrize("quote", [0, 1])
def test_what_is_read_of_a_range_of_slipstream_is_what_it_is_paid(deployed, sources, quote):
    assert_scenes(deployed, sources.of(Slipstream), SlipstreamReader, quote)


@pytest.mark.parametrize("quote", [0, 1])
@pytest.mark.sample(2)
def test_what_is_read_of_a_range_of_infinity_is_what_v4_pays_for_it(deployed, quote):
    """The curve is v4's, and so are the states and what is paid; the words are Infinity's."""
    words = CurrentWords(deployed.uniswap_v4)
    assert_scenes(deployed, deployed.uniswap_v4, words.reader, quote)


def test_a_position_in_pancakes_farm_is_the_owners_and_it_pays_what_is_read(deployed, forks):
    """Found by its owner; swap fees are its own, and so is what the farm owes, to the raw unit."""
    exchange = forks.of(PancakeV3)
    with deployed.rpc.undone():
        pool = exchange.pool(tokens.deploy(deployed.rpc, ["T0", "T1"], [18, 6]), 3000, root_at(0))
        pool.mint(-60_000, 60_000, 10**12)
        mine = pool.mint(-1200, 1200, 10**15)
        farm = Farm.over(pool, exchange, deployed.weth)
        farm.counts(mine, 10**30)
        farm.deposit(mine)
        farm.counts(mine, 10**30 + 7 * 2**130)
        for tick in (-600, 1800, 300):
            pool.move(root_at(tick))
        places = {
            "uniswap-v3": exchange.positions.address,
            "masterchef-v3": farm.contract.address,
        }
        with Evm.open(Secret(deployed.node.url), contracts=places) as chain:
            sought = UniswapV3.find(chain, SearchRequest(owner=OWNER))
            [found] = chain.converse([("sought", sought)])
            (reading,) = chain.read([each for each in found if each.token_id == mine])
        due = farm.contract.call("harvest", mine, OWNER)
        paid = zip((farm.cake, *pool.tokens), (due, *pool.uncollected(mine)), strict=True)
        for token, raw in paid:
            whole = float(Fraction(raw, 10 ** token.call("decimals")))
            assert (reading.holdings[token.address], raw > 0) == (whole, True)
        assert any("last swap" in note for note in reading.notes)
