"""Uniswap v3 and v4 on a live chain: what is read is what the contracts pay, fees and gamma too."""

from __future__ import annotations

import pytest
from chain.scenes import assert_scenes
from hedgecore_evm_readers import UniswapV3, UniswapV4

PROTOCOLS = {"uniswap_v3": UniswapV3, "uniswap_v4": UniswapV4}


@pytest.mark.parametrize("quote", [0, 1])
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.sample(2)
def test_what_is_read_of_a_range_is_what_it_is_paid(deployed, protocol, quote):
    assert_scenes(deployed, getattr(deployed, protocol), PROTOCOLS[protocol], quote)
