"""What needs no node: fee growth, shares that are owed, D, and other people's text."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import pytest
from eth_abi.abi import encode
from hedgecore_evm_readers.abi import abi_of, label
from hedgecore_evm_readers.fee_growth import MOD, Outside, fees_earned, growth_inside
from hedgecore_evm_readers.stableswap_invariant import invariant
from hedgecore_evm_readers.uniswap_v2 import protocol_mint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.integers(0, MOD - 1)
SIXTH = Fraction(1, 6)
DRAWN = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@DRAWN
@given(WORDS, WORDS, WORDS, st.integers(-10, 10))
def test_growth_on_both_sides_and_inside_is_all_of_it(everywhere, lower, upper, tick):
    """Below, inside and above add up modulo 2²⁵⁶, wherever the pool is."""
    below = lower if tick >= -5 else (everywhere - lower) % MOD
    above = upper if tick < 5 else (everywhere - upper) % MOD
    within = growth_inside(tick, -5, 5, everywhere, Outside(lower, upper))
    assert (below + within + above) % MOD == everywhere


@DRAWN
@given(WORDS, st.integers(0, 2**128 - 1), st.integers(0, 2**120))
def test_fees_are_earned_across_the_wrap_of_growth(last, grown, liquidity):
    assert fees_earned((last + grown) % MOD, last, liquidity) == grown * liquidity // 2**128


@DRAWN
@given(*(st.integers(1, 2**112 - 1) for _ in range(4)), st.integers(1, 2**112))
def test_the_protocols_sixth_is_what_the_pair_mints(zero, one, before0, before1, supply):
    """As UniswapV2Pair._mintFee has it, and near a sixth of the growth of √k."""
    now, last = isqrt(zero * one), isqrt(before0 * before1)
    minted = protocol_mint(supply, zero * one, before0 * before1, SIXTH)
    assert minted == (supply * (now - last) // (5 * now + last) if now > last else 0)


def test_nothing_is_owed_where_the_fee_is_off():
    assert protocol_mint(10**18, 10**30, 0, SIXTH) == 0


@DRAWN
@given(st.lists(st.integers(10**15, 10**27), min_size=2, max_size=8), st.integers(1, 10**6))
def test_d_solves_stableswaps_equation(scaled, amp):
    """To the contract's own rounding: two units of D, and n divisions that round D_P down."""
    n, d = len(scaled), invariant(scaled, amp)
    product, rounding = Fraction(d), Fraction(n)
    for each in scaled:
        product = product * d / (each * n)
        rounding *= max(Fraction(1), Fraction(d, each * n))
    ann = amp * n
    left, right = ann * sum(scaled) + d, Fraction(ann * d) + product
    slope = ann + 1 + (n + 1) * product / d
    assert abs(left - right) <= 2 * slope + n * rounding


def test_d_of_equal_balances_is_their_sum():
    assert invariant([10**24] * 3, 2000) == 3 * 10**24
    assert invariant([0, 0], 100) == 0


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (encode(["string"], ["WETH"]), "WETH"),
        (b"MKR".ljust(32, b"\0"), "MKR"),
        (encode(["string"], ["A" * 1000]), "A" * 24),
        (encode(["string"], ["US\x1b[31mDC\u202e\n\tx"]), "US[31mDC x"),
        (encode(["string"], [""]), None),
        (b"", None),
        (b"\xff" * 32, None),
        (b"\0" * 31 + b"\x20" + b"\xff" * 32, None),
    ],
)
def test_a_symbol_is_harmless_text_or_nothing(raw, said):
    assert label(raw) == said


@DRAWN
@given(st.binary(max_size=200))
def test_no_symbol_does_harm(raw):
    found = label(raw)
    assert found is None or (0 < len(found) <= 24 and found.isprintable())


def test_signatures_are_what_solidity_hashes():
    assert abi_of("balanceOf(address)(uint256)").selector.hex() == "70a08231"
    aggregate = abi_of("aggregate3((address,bool,bytes)[])((bool,bytes)[])")
    assert aggregate.selector.hex() == "82ad56cb"
    assert (aggregate.takes, aggregate.gives) == (("(address,bool,bytes)[]",), ("(bool,bytes)[]",))
    assert abi_of("symbol()").gives == ()
