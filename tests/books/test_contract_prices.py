"""Prices that contracts state, an entry or a strike: a confusion is refused, an old one taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

pytestmark = pytest.mark.skipif("perp" not in hc.default_registry(), reason="no contracts")

COINS = {"name": "coins", "kind": "spot", "asset": "WETH", "amount": 1.0}


def book(*rows, accept=False, **more):
    prices = {"WETH": 3000.0, "WBTC": 60_000.0, "USDC": 1.0}
    tables = {"prices": prices, "position": [COINS, *rows], **more}
    return hc.Book.from_tables(tables, accept=accept)


ENTERED = {
    "the price turned round": (1 / 3120, "near 1/3000.*other way round"),
    "a price of some days ago turned round": (1 / 2600, "near 1/3000.*other way round"),
    "raw": (3e15, r"10\^12 times"),
    "any decimals": (3.7e15, "no price is ever so far"),
    "the square": (9e6, "the square of the market's"),
    "the price of another": (61_000.0, "near the price of WBTC"),
    "the price in another": (0.05, "near the price of WETH in WBTC"),
}
CONTRACTS = {
    "perp": ("entry_price", {}),
    "inverse-perp": ("entry_price", {"contract_size": 100.0}),
    "quanto-perp": ("entry_price", {"settlement": "WBTC"}),
    "future": ("entry_price", {"expiry_years": 0.25}),
    "inverse-future": ("entry_price", {"expiry_years": 0.25, "contract_size": 100.0}),
    "option": ("strike", {"expiry_years": 0.25, "vol": 0.6, "entry_price": 0.0}),
    "inverse-option": ("strike", {"expiry_years": 0.25, "vol": 0.6, "entry_price": 0.0}),
    "everlasting-option": ("strike", {"vol": 0.6, "entry_price": 0.0}),
}


def contract(kind, price, **more):
    """A contract of a kind that states a price."""
    field, rest = CONTRACTS[kind]
    return {"name": "short", "kind": kind, "underlying": "WETH", field: price, **rest, **more}


@pytest.mark.parametrize("kind", CONTRACTS)
@pytest.mark.parametrize("row", ENTERED)
def test_a_contract_at_a_mistaken_price_is_refused_held_or_offered(kind, row):
    price, words = ENTERED[row]
    amount = 1e12 if kind.startswith("inverse") else -2.0
    with pytest.raises(hc.SpecError, match=f"position 'short': its .*{words}.*--accept"):
        book(contract(kind, price, amount=amount))
    with pytest.raises(hc.SpecError, match=f"instrument 'short': its .*{words}.*--accept"):
        book(instrument=[contract(kind, price)])


def test_a_mistaken_entry_of_what_is_held_is_refused_or_a_warning():
    held = contract("perp", 1 / 3120, held=-2.0)
    with pytest.raises(hc.SpecError, match=r"instrument 'short': its entry_price is 0.00032"):
        book(instrument=[held])
    taken = book(instrument=[held], accept=True)
    assert taken.warnings[0].startswith("short: its entry_price is 0.0003205128")


@given(move=st.floats(-2.3, 2.3), kind=st.sampled_from(sorted(CONTRACTS)))
def test_sound_contracts_are_never_refused_nor_warned_of(move, kind):
    """Entered, or with a strike, up to ten times away; near whatever price."""
    taken = book(contract(kind, 3000.0 * np.exp(move), amount=1.0))
    assert not any(each.startswith("short") for each in taken.warnings)


UNLIKELY = {
    "a yearly rate in percent": (
        {"kind": "loan", "asset": "WETH", "borrow_rate": 5},
        "borrow_rate",
    ),
    "a maker fee in percent": ({"kind": "perp", "maker_fee": -0.2}, "maker_fee"),
    "a margin for a leverage": ({"kind": "perp", "leverage": 0.1}, "leverage"),
    "an interval in seconds": ({"kind": "perp", "funding_hours": 28_800}, "funding_hours"),
}


@pytest.mark.parametrize("row", UNLIKELY)
def test_numbers_of_a_contract_in_another_unit_are_warned_of(row):
    table, field = UNLIKELY[row]
    named = {"name": "it", "underlying": "WETH", **table}
    rest = {key: each for key, each in named.items() if key != "underlying" or "asset" not in named}
    (said,) = (each for each in book(instrument=[rest]).warnings if each.startswith("it:"))
    assert said.startswith(f"it: {field} is {table[field]:g}, which is unlikely: most are ")


def test_a_price_further_off_than_prices_move_is_a_warning():
    taken = book(contract("perp", 1.3e6, amount=-2.0))
    assert taken.warnings[0] == (
        "short: its entry_price is 1300000, and WETH costs 3000 USD, 433 times off."
    )
