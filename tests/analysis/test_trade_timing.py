"""When a band trades: a pool x·y = L² has the delta L/√P, so that all prices are closed forms."""

import json

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from books import written
from hedgecore.analysis.trade_timing import trade_timing
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.tables.render import amount

pytest.importorskip("hedgecore_uniswap_v2", reason="the book is of its pool")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

PRICE, ETH = 2000.0, 100.0
ROOT = ETH * np.sqrt(PRICE)
HELD = -98.0
TEXT = f"""
numeraire = "USD"
[prices]
WETH = {PRICE}
USDC = 1.0
[[position]]
name = "pool"
kind = "uniswap-v2"
assets = ["WETH", "USDC"]
reserves = [{ETH}, {ETH * PRICE}]
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
fee = 0.0005
held = {HELD}
"""


def book(tmp_path, extra=""):
    return hc.Book.load(written(tmp_path, TEXT + extra))


def edges(width):
    """Prices at which L/√P + held is ± the width."""
    return tuple((ROOT / (-HELD + side * width)) ** 2 for side in (1, -1))


def test_prices_of_a_trade_are_those_of_the_closed_form(tmp_path):
    when = trade_timing(book(tmp_path), hc.build({"kind": "band", "half_width": 5.0}))
    assert not when.now
    assert when.band["WETH"] == pytest.approx(2.0 / 5.0, rel=1e-12)
    assert when.prices["WETH"] == pytest.approx(edges(5.0), rel=1e-9)
    assert when.orders == {"ETH-PERP": 0.0}


def test_at_the_price_found_there_is_a_trade_and_just_before_none(tmp_path):
    policy = hc.build({"kind": "band", "half_width": 5.0})
    for at, back in zip(trade_timing(book(tmp_path), policy).prices["WETH"], (1, -1), strict=True):
        for price, now in ((at, True), (at * (1 + back * 1e-9), False)):
            moved = TEXT.replace(f"WETH = {PRICE}", f"WETH = {price!r}").replace(
                f"reserves = [{ETH}, {ETH * PRICE}]",
                f"reserves = [{ROOT / np.sqrt(price)}, {ROOT * np.sqrt(price)}]",
            )
            there = hc.Book.load(written(tmp_path, moved, "there.toml"))
            assert trade_timing(there, policy).now is now


def test_outside_the_band_the_trade_is_now_and_to_the_edge(tmp_path):
    when = trade_timing(book(tmp_path), hc.build({"kind": "band", "half_width": 0.5}))
    assert when.now
    assert when.orders["ETH-PERP"] == pytest.approx(-1.5, rel=1e-12)
    assert when.prices == {"WETH": (None, None)}


def test_a_band_that_no_price_leaves_has_no_prices(tmp_path):
    when = trade_timing(book(tmp_path), hc.build({"kind": "band", "half_width": 1e6}))
    assert when.prices == {"WETH": (None, None)}
    assert not when.now


def test_lots_delay_the_trade_to_where_one_can_be_ordered(tmp_path):
    """With lots of 4 contracts and orders to the nearest, 2 have to be due."""
    when = trade_timing(
        book(tmp_path, "lot = 4.0\n"), hc.build({"kind": "band", "half_width": 5.0})
    )
    assert when.prices["WETH"] == pytest.approx(edges(7.0), rel=1e-9)


@frozen
class Unknown(AbstractBand):
    """A band whose width depends on a number that nobody gave."""

    kind = "unknown"
    to: str = "edge"

    def width(self, now):
        return np.full(now.price.shape, np.nan)


def test_a_band_of_no_known_width_is_refused_and_names_the_asset(tmp_path):
    with pytest.raises(hc.SpecError, match="unknown: the band of 'WETH' has no known width"):
        trade_timing(book(tmp_path), Unknown())


def test_an_unknown_fee_is_refused_by_the_band_that_depends_on_one_and_by_no_other(tmp_path):
    band = hc.build({"kind": "band", "half_width": 5.0})
    priced = trade_timing(book(tmp_path), band)
    unknown = hc.Book.load(written(tmp_path, TEXT.replace("fee = 0.0005\n", "")))
    assert trade_timing(unknown, band).prices == priced.prices
    with pytest.raises(hc.SpecError, match=r"no known width: a fee is unknown.*--fee"):
        trade_timing(unknown, hc.build({"kind": "whalley-wilmott", "aversion": 0.1}))


def test_the_command_says_when_and_its_exit_code_too(tmp_path, call):
    path = written(tmp_path, TEXT)
    done = call("hedge", path, "--policy", "band,half_width=5")
    assert done.exit_code == 0, done.output
    assert "not yet" in done.stdout
    below, above = edges(5.0)
    said = " ".join(done.stdout.split())
    assert "• WETH: delta 0.4 × the band's half-width" in said
    assert f"; trades at {amount(below)} or {amount(above)}" in said
    done = call("hedge", path, "--policy", "band,half_width=5", "--json")
    assert json.loads(done.stdout)["policy"]["prices"]["WETH"] == {
        "below": pytest.approx(below), "above": pytest.approx(above),
    }  # fmt: skip
    done = call("hedge", path, "--policy", "band,half_width=0.5")
    assert done.exit_code == 10
    assert "now: sell 1.5 ETH-PERP" in done.stdout


def test_a_policy_that_depends_on_the_last_trade_is_refused(tmp_path, call):
    done = call("hedge", written(tmp_path, TEXT), "--policy", "clock,hours=8")
    assert done.exit_code == 2
    assert "last trade" in done.output
