"""Two sources of one number: a distance is said, a confusion refused, a sound book taken."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.books.plausibility import price_confusion, range_confusion

pytestmark = pytest.mark.skipif("uniswap-v3" not in hc.default_registry(), reason="no pools")

PRICES = {"WETH": 3000.0, "WBTC": 60_000.0, "USDC": 1.0}
RANGE = {
    "name": "lp",
    "kind": "uniswap-v3",
    "assets": ["WETH", "USDC"],
    "liquidity": 5000.0,
    "lower": 2500.0,
    "upper": 3500.0,
}


def book(*rows, accept=False, **more):
    tables = {"prices": PRICES, "position": [{**RANGE, **row} for row in rows], **more}
    return hc.Book.from_tables(tables, accept=accept)


CONFUSED = {
    "the assets turned round": ({"assets": ["USDC", "WETH"]}, "other way round"),
    "the price turned round": (
        {"lower": 1 / 3500, "upper": 1 / 2500, "price": 1 / 3010},
        "near 1/3000.*other way round",
    ),
    "decimals of 6 and 18": ({"price": 3e15, "lower": 1e15, "upper": 4e15}, "10.12 times"),
    "cents": ({"price": 300_000.0, "lower": 2e5, "upper": 4e5}, "10.2 times"),
    "the price of another": ({"price": 60_100.0, "lower": 5e4, "upper": 7e4}, "price of WBTC"),
    "the root": ({"price": 54.7, "lower": 50.0, "upper": 60.0}, "near √3000, the root"),
    "ticks": ({"lower": 79_000.0, "upper": 82_000.0}, "80067.7, the tick of today"),
    "ticks of raw units": ({"lower": 195_000.0, "upper": 198_000.0}, "196256, the tick of today"),
    "a range nowhere near": ({"lower": 2.5e6 * 3, "upper": 2.5e6 * 4}, "factor of"),
}


@pytest.mark.parametrize("row", CONFUSED)
def test_a_confusion_is_refused_and_says_what_is_probably_meant(row):
    changed, words = CONFUSED[row]
    with pytest.raises(hc.SpecError, match=f"position 'lp': .*{words}.*--accept"):
        book(changed)


def test_what_is_accepted_is_a_warning():
    taken = book({"assets": ["USDC", "WETH"]}, accept=True)
    assert any("other way round" in warning for warning in taken.warnings)
    assert taken.warnings[0].startswith("lp: ")


def test_an_unknown_fee_never_switches_the_check_off():
    apart = book({"price": 2000.0, "lower": 1500.0})
    assert any("unknown" in each and "2000" in each for each in apart.warnings)
    near = book({"price": 2990.0})
    assert near.warnings == ("prices.WBTC is used by nothing in the book.",)


@pytest.mark.skipif("curve-stableswap" not in hc.default_registry(), reason="no metapool")
def test_a_metapool_outside_its_fee_band_is_warned_of_in_the_coins_of_its_base():
    pool = {"kind": "curve-stableswap", "amplification": 200.0, "fee": 0.0004}
    base = {"name": "base", "assets": ["DAI", "USDC"], "balances": [1e6, 1.1e6], **pool}
    meta = {"name": "meta", "assets": ["USDT", "LP"], "balances": [1e6, 9e5], **pool}
    taken = hc.Book.from_tables({
        "prices": {"DAI": 1.0, "USDC": 1.0, "USDT": 1.0},
        "assets": {"LP": {"of_position": "base", "supply": 2.0e6}},
        "position": [{**base, "share": 1e-9}, {**meta, "share": 0.5}],
    })  # fmt: skip
    (said,) = (each for each in taken.warnings if each.startswith("meta"))
    (held,) = (each for each in taken.lines if each.name == "meta")
    units = held.priced.exposure(taken.market)
    assert set(units.assets) == {"USDT", "DAI", "USDC"}
    assert all(f"{asset} " in said for asset in units.assets)
    assert "USDT 500,000 or " in said


def test_dust_in_a_dead_pool_is_quiet():
    dust = {"name": "dust", "liquidity": 1e-9, "price": 3e15, "lower": 1e15, "upper": 4e15}
    assert book({}, dust).positions[1].name == "dust"
    assert not any(each.startswith("dust") for each in book({}, dust).warnings)


def test_ranges_far_above_the_market_are_quiet():
    for lower, upper in [(40_000.0, 50_000.0), (100_000.0, 500_000.0)]:
        assert not any("edges" in each for each in book({"lower": lower, "upper": upper}).warnings)


def test_a_full_range_is_quiet():
    assert book({"lower": 1e-12, "upper": 1e20}).warnings


@pytest.mark.parametrize(
    ("stated", "market", "pair", "quiet"),
    [
        (1.0, 0.999, ("USDC", "USDT"), True),
        (0.9, 1.1, ("stETH", "WETH"), True),
        (200.0, 3000.0, ("WETH", "USDC"), True),  # a market of 2017
        (0.7, 1.9, ("ARB", "USDC"), True),
        (1 / 3000.0, 3000.0, ("WETH", "USDC"), False),
        (3e-9, 3000.0, ("WETH", "USDC"), False),
    ],
)
def test_ordinary_distances_are_no_confusion(stated, market, pair, quiet):
    assert (price_confusion(stated, market, pair) is None) is quiet


def test_a_price_in_another_coin_is_refused():
    """31.41 WETH of a bitcoin, beside 98 000 USDC: the pair is named with another quote."""
    others = {"WETH": 3120.0, "USDC": 1.0}
    said = price_confusion(31.41, 98_000.0, ("WBTC", "USDC"), others)
    assert said == "it is near the price of WBTC in WETH, 31.4103"
    assert price_confusion(44.0, 98_000.0, ("WBTC", "USDC"), others) is None


@given(price=st.floats(1e-6, 1e6), move=st.floats(-0.6, 0.6), width=st.floats(0.01, 3.0))
def test_sound_positions_are_never_refused(price, move, width):
    """A thousand of any price, moved by up to 45 % or 82 %, in ranges of any width."""
    stated = price * np.exp(move)
    assert price_confusion(stated, price, ("A", "B"), {"C": 3.14159 * price}) is None
    edges = (stated * np.exp(-width), stated * np.exp(width))
    assert range_confusion(edges, price, ("A", "B")) is None


def test_a_pool_that_is_offered_is_checked_as_one_that_is_held():
    offered = {**RANGE, "name": "pool", "fee": 0.003, "assets": ["USDC", "WETH"]}
    with pytest.raises(hc.SpecError, match=r"instrument 'pool': .*other way round.*--accept"):
        book({}, instrument=[offered])


UNLIKELY = {
    "a fee in per cent": ({"fee": 0.3}, {}, "fee is 0.3"),
    "a vol in per cent": ({}, {"vols": {"WETH": 60.0}}, "vols.WETH is 60"),
    "a rate in per cent": ({}, {"rates": {"USD": 5.0}}, "rates.USD is 5"),
    "a name that nothing uses": ({}, {"vols": {"WTEH": 0.6}}, "vols.WTEH.*did you mean 'WETH'"),
}


@pytest.mark.parametrize("row", UNLIKELY)
def test_what_is_unlikely_is_warned_of(row):
    changed, more, words = UNLIKELY[row]
    assert re.search(words, " ".join(book(changed, **more).warnings))


@pytest.mark.skipif("uniswap-v2" not in hc.default_registry(), reason="no pools")
@pytest.mark.parametrize("share", [5.0, 1.0000001, 0.0, -0.1])
def test_a_share_is_a_part_of_the_whole(share):
    table = {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [1.0, 3000.0]}
    with pytest.raises(hc.SpecError, match=r"share: must be a part of the whole.*5 % is 0.05"):
        hc.build({**table, "share": share})
