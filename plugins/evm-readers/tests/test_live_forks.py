"""Forks of Uniswap v3 on a live chain, by their own bytecode: what is read is what they pay."""

from __future__ import annotations

import pytest
from chain.aerodrome import Slipstream
from chain.algebra import Algebra, Integral
from chain.pancake import PancakeV3
from chain.scenes import assert_scenes
from hedgecore_evm_readers import AlgebraIntegral, AlgebraV1, UniswapV3
from hedgecore_evm_readers import Slipstream as SlipstreamReader

FORKS = {
    "pancakeswap-v3": (PancakeV3, UniswapV3),
    "algebra-v1": (Algebra, AlgebraV1),
    "algebra-integral": (Integral, AlgebraIntegral),
}


@pytest.mark.parametrize("quote", [0, 1])
@pytest.mark.parametrize("name", FORKS)
@pytest.mark.sample(3)
def test_what_is_read_of_a_range_is_what_it_is_paid(deployed, forks, name, quote):
    assert_scenes(deployed, forks.of(FORKS[name][0]), FORKS[name][1], quote)


@pytest.mark.campaign  # its sources are compiled
@pytest.mark.parametrize("quote", [0, 1])
def test_what_is_read_of_a_range_of_slipstream_is_what_it_is_paid(deployed, sources, quote):
    assert_scenes(deployed, sources.of(Slipstream), SlipstreamReader, quote)
