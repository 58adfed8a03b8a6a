"""Premiums, marks and indices that contracts state: in another unit they are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc

pytestmark = pytest.mark.skipif("perp" not in hc.default_registry(), reason="no contracts")

CALL = {"kind": "option", "underlying": "WETH", "strike": 3000.0, "expiry_years": 0.25, "vol": 0.6}
PUT = {**CALL, "option_type": "put", "strike": 1500.0}
COIN = {**CALL, "kind": "inverse-option"}
ENDLESS = {"kind": "everlasting-option", "underlying": "WETH", "strike": 3000.0, "vol": 0.8}
SQUEETH = {"kind": "power-perp", "underlying": "WETH", "scale": 1e4, "funding": "norm", "vol": 0.8}
LOAN = {"kind": "loan", "asset": "WETH"}


def book(row, *, accept=False, **more):
    """A book with one contract, in a market where the call is worth 358 USD."""
    prices = {"WETH": 3000.0, "WBTC": 60_000.0}
    tables = {"prices": prices, "position": [{"name": "it", "amount": 2.0, **row}], **more}
    return hc.Book.from_tables(tables, accept=accept)


def said(taken):
    return [each for each in taken.warnings if each.startswith("it:")]


MISTAKEN = {
    "a premium in the coin": ({**CALL, "entry_price": 0.12}, "in WETH, and 360 is meant"),
    "of a whole contract": (
        {**CALL, "entry_price": 36_000.0, "contract_size": 100.0},
        "for a contract of 100, and 360 is meant",
    ),
    "smallest units": ({**CALL, "entry_price": 3.6e8}, "6 decimals more.*360 is meant"),
    "cash for coins": ({**COIN, "entry_price": 360.0}, "in USD, and 0.12 is meant"),
    "a put in the coin": ({**PUT, "entry_price": 0.001}, "in WETH, and 3 is meant"),
    "some days ago": ({**CALL, "entry_price": 0.05}, "in WETH, and 150 is meant"),
    "an everlasting one in the coin": ({**ENDLESS, "entry_price": 0.01}, "in WETH, and 30 is"),
    "beyond whatever was paid": ({**CALL, "entry_price": 3e13}, "no price is ever so far"),
    "an index for a mark": ({**SQUEETH, "entry_price": 9e6}, "by the scale, 10000, and 900 is"),
    "a mark in the coin": ({**SQUEETH, "entry_price": 0.3}, "in WETH, and 900 is meant"),
    "a mark for an index": (
        {**SQUEETH, "scale": 1.0, "entry_price": 900.0},
        r"Squeeth's index is, which needs scale = 10000, and 9e\+06",
    ),
    "a norm as it is stored": ({**SQUEETH, "norm": 4.5e17}, "18 decimals more.*0.45 is meant"),
    "an index in ray": ({**LOAN, "index": 1.07e27}, "in ray, and 1.07 is meant"),
    "an index in wad": ({**LOAN, "index": 1.2e18}, "18 decimals more.*1.2 is meant"),
}


@pytest.mark.parametrize("row", MISTAKEN)
def test_a_number_in_another_unit_is_refused_with_what_is_meant(row):
    table, words = MISTAKEN[row]
    with pytest.raises(hc.SpecError, match=f"position 'it': its .*{words}.*--accept"):
        book(table)
    assert words.split(",")[0].split(".*")[0][:12] in said(book(table, accept=True))[0]


UNLIKELY = {
    "of a small contract": (
        {**CALL, "entry_price": 3.6, "contract_size": 0.01},
        "usual: it is probably for a contract of 0.01, and 360 is meant.",
    ),
    "above the underlying": ({**CALL, "entry_price": 5000.0}, "is usual."),
    "the underlying's price": ({**CALL, "entry_price": 2960.0}, "near the price of WETH, 3000."),
    "above the strike of a put": ({**PUT, "entry_price": 2000.0}, "is usual."),
    "grown more than a hundredfold": ({**CALL, "entry_price": 2.0}, "is usual."),
    "an index below 1": ({**LOAN, "index": 0.5}, "is usual."),
    "an index of 30": ({**LOAN, "index": 30.0}, "is usual."),
}


@pytest.mark.parametrize("row", UNLIKELY)
def test_what_is_merely_unlikely_is_a_warning(row):
    table, words = UNLIKELY[row]
    (line,) = said(book(table))
    assert line.endswith(words)


@given(
    paid=st.floats(np.log(8.0), np.log(2600.0)),
    kind=st.sampled_from(["option", "inverse-option"]),
    spot=st.floats(np.log(1e-6), np.log(1e6)),
)
def test_sound_premiums_are_never_refused_nor_warned_of(paid, kind, spot):
    """Paid for an option that is worth a twelfth of what it is on, at any price of that."""
    price = float(np.exp(spot))
    premium = float(np.exp(paid)) / 3000.0 * (price if kind == "option" else 1.0)
    row = {**CALL, "kind": kind, "strike": price, "entry_price": premium}
    taken = hc.Book.from_tables({
        "prices": {"WETH": price}, "position": [{"name": "it", **row}],
    })  # fmt: skip
    assert not said(taken)


@pytest.mark.parametrize("seed", range(3))
def test_options_bought_elsewhere_are_never_refused(seed):
    """Black's price at a spot of half to twice that of today, up to ten months ago, any strike."""
    rng = np.random.default_rng(seed)
    for _ in range(60):
        spot, moved = np.exp(rng.normal([5.0, 0.0], [3.0, 0.5]))
        years = rng.uniform(0.01, 1.5)
        table = {
            "kind": str(rng.choice(["option", "inverse-option"])), "name": "it",
            "underlying": "WETH", "strike": float(spot * np.exp(rng.normal(0.0, 0.5))),
            "option_type": str(rng.choice(["call", "put"])), "vol": rng.uniform(0.3, 1.5),
            "expiry_years": years, "contract_size": float(rng.choice([1.0, 10.0, 0.1, 0.01])),
        }  # fmt: skip
        older = hc.build({**table, "expiry_years": years + rng.uniform(0.0, 0.8)})
        paid = float(older.price(hc.Market(prices={"WETH": spot * moved}, numeraire="USD")))
        if paid > 1e-4 * (spot if table["kind"] == "option" else 1.0):  # the least that is traded
            row = {**table, "entry_price": paid}
            assert hc.Book.from_tables({"prices": {"WETH": float(spot)}, "position": [row]})


@pytest.mark.parametrize("kind", ["option", "inverse-option", "everlasting-option"])
def test_an_option_that_has_become_worthless_is_quiet_whatever_it_cost(kind):
    price = 0.05 if kind == "inverse-option" else 150.0
    dead = {**(ENDLESS if kind == "everlasting-option" else CALL), "kind": kind, "strike": 9000.0}
    assert not said(book({**dead, "entry_price": price, "vol": 0.1}))
    assert not said(book({**dead, "entry_price": 0.0}))


def test_contracts_held_are_looked_at_wherever_they_are_stated():
    """In the book, and by `with_held`, as `--held` does."""
    offered = {**CALL, "name": "C"}
    with pytest.raises(hc.SpecError, match=r"instrument 'C': its entry_price is 0.12 USD"):
        book(LOAN, instrument=[{**offered, "held": 1.0, "entry_price": 0.12}])
    taken = book(LOAN, instrument=[offered])
    assert taken.with_held({"C": (1.0, 150.0)}).held["C"].contracts == 1.0
    with pytest.raises(hc.SpecError, match=r"instrument 'C': its entry_price is 0.12 USD"):
        taken.with_held({"C": (1.0, 0.12)})


def test_an_author_may_state_a_price_as_a_plain_tuple():
    class Plain:
        name, hedges, contract_size, lot, min_size, fee = "P", ("WETH",), 1.0, 0.0, 0.0, None

        def worth(self, market):
            return market.price("WETH")

        def exposure(self, market):
            return hc.Exposure.of(market, market.price("WETH"), {"WETH": 1.0})

        def stated_prices(self, _market):
            return {"entry": (1 / 3120.0, "WETH", "USD")}

    market = hc.Market(prices={"WETH": 3000.0}, numeraire="USD")
    from hedgecore.books.confusions import confusions  # noqa: PLC0415

    assert "near 1/3000" in confusions([], [Plain()], market)["P"]
