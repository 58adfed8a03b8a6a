"""What is held counts: a hedge is the trade from there, of the whole book as it stands."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.lots import OrderSizes, lot_multiple

INVERSE = pytest.mark.skipif("inverse-perp" not in hc.default_registry(), reason="no derivatives")


def book(**instrument):
    return hc.Book.from_tables(
        {
            "numeraire": "USD",
            "prices": {"WBTC": 60_000.0},
            "holding": [{"asset": "WBTC", "amount": 1.0}],
            "instrument": [
                {"name": "BTC-PERP", "kind": "inverse-perp", "underlying": "WBTC", **instrument}
            ],
        }
    )


def test_what_is_held_is_traded_to_the_target_and_not_anew(stake, tool, market):
    pool, perp = stake(delta={"WETH": 100.0}), tool("P", WETH=1.0)
    answer = hc.hedge(pool, with_=[perp], market=market, held={"P": -53.8})
    assert answer.trade == answer.quantities == {"P": pytest.approx(-46.2, rel=1e-15)}
    assert answer.held == {"P": -53.8}
    assert answer.target == {"P": pytest.approx(-100.0, rel=1e-15)}
    assert answer.hedge_ratios["P"] == pytest.approx(1.0, rel=1e-15)
    assert answer.before.delta_cash[0] == pytest.approx(46.2 * float(market.price("WETH")))


def test_a_book_that_is_hedged_orders_nothing_more(stake, tool, market):
    pool, perp = stake(delta={"WETH": 1 / 3}), tool("P", WETH=0.1)
    first = hc.hedge(pool, with_=[perp], market=market)
    again = hc.hedge(pool, with_=[perp], market=market, held=first.target)
    assert again.quantities == {"P": 0.0}
    assert again.cost == 0


@INVERSE
def test_contracts_entered_at_half_the_price_have_twice_the_delta():
    half = book(held=-15_000.0, entry_price=30_000.0).hedge()  # 15 000 / 30 000 = half a coin short
    assert half.trade["BTC-PERP"] == pytest.approx(-30_000.0, rel=1e-14)  # the rest, entered now
    net = half.after.delta[list(half.after.assets).index("WBTC")]
    assert abs(net) <= 1e-15


@INVERSE
def test_an_entry_price_that_matters_must_be_said():
    with pytest.raises(hc.SpecError, match=r"entry_price.*is needed"):
        book(held=-15_000.0)
    assert book(held=0.0).hedge().held == {"BTC-PERP": 0.0}


def test_arrays_of_what_is_held_give_arrays_of_trades(stake, tool, market):
    pool, perp = stake(delta={"WETH": 10.0}), tool("P", WETH=1.0)
    answer = hc.hedge(pool, with_=[perp], market=market, held={"P": np.array([0.0, -4.0, -12.0])})
    assert answer.trade["P"].tolist() == [-10.0, -6.0, 2.0]


def test_bad_holdings_are_refused_by_name(stake, tool, market):
    pool, perp = stake(delta={"WETH": 10.0}), tool("ETH-PERP", WETH=1.0)
    with pytest.raises(hc.HedgeError, match=r"'ETH-PREP' is held.*did you mean 'ETH-PERP'"):
        hc.hedge(pool, with_=[perp], market=market, held={"ETH-PREP": -1.0})
    with pytest.raises(hc.HedgeError, match="finite numbers"):
        HeldContracts(np.nan, perp)


@INVERSE
def test_a_name_that_is_a_position_and_held_counts_twice_and_is_refused():
    table = {"name": "BTC-PERP", "kind": "inverse-perp", "underlying": "WBTC"}
    with pytest.raises(hc.SpecError, match="stands as a position too"):
        hc.Book.from_tables(
            {
                "prices": {"WBTC": 60_000.0},
                "position": [{**table, "amount": -5.0, "entry_price": 50_000.0}],
                "instrument": [{**table, "held": -5.0, "entry_price": 50_000.0}],
            }
        )


@INVERSE
def test_target_held_and_trade_stand_side_by_side(call, tmp_path):
    tables = {
        "prices": {"WBTC": 60_000.0},
        "holding": [{"asset": "WBTC", "amount": 1.0}],
        "instrument": [{"name": "BTC-PERP", "kind": "inverse-perp", "underlying": "WBTC"}],
    }
    path = tmp_path / "book.json"
    path.write_text(json.dumps(tables))
    words = ("hedge", path, "--held", "BTC-PERP=-15000@30000")
    found = json.loads(call(*words, "--json").stdout)
    assert found["held"] == {"BTC-PERP": -15_000.0}
    assert found["trade"] == found["quantities"]
    assert found["target"]["BTC-PERP"] == pytest.approx(-45_000.0)
    text = call(*words).stdout
    assert all(head in text for head in ("trade", "held", "target"))
    for wrong in ("BTC-PERP", "BTC-PERP=x", "BTC-PREP=1"):
        assert call("hedge", path, "--held", wrong).exit_code == 2


@given(count=st.integers(-(10**7), 10**7), exponent=st.integers(-9, 3), digit=st.integers(1, 99))
def test_every_multiple_of_a_lot_is_the_double_nearest_its_decimal(count, exponent, digit):
    lot = float(f"{digit}e{exponent}")
    assert float(lot_multiple(np.float64(count), lot)) == float(f"{count * digit}e{exponent}")


@given(count=st.integers(1, 10**6), exponent=st.integers(-8, 2))
def test_whole_lots_are_their_own_neighbours_and_least_orders_do_not_grow(count, exponent):
    lot = float(f"1e{exponent}")
    amount = np.float64(f"{count}e{exponent}")
    low, high = OrderSizes(lot, amount).around(amount)
    assert low == high == amount


@pytest.mark.parametrize(
    ("held", "due"), [(0.07, -0.07), (0.034, 0.0), (0.035, 0.0), (0.036, -0.07)]
)
def test_the_least_order_is_given_only_where_it_leaves_less_than_none(stake, held, due):
    market = hc.Market(prices={"WETH": 1000.0})
    perp = stake(name="P", delta={"WETH": 1.0}, hedges=("WETH",), lot=0.01, min_size=0.07)
    answer = hc.hedge(stake(delta={"WETH": 0.0}), with_=[perp], market=market, held={"P": held})
    assert answer.trade == {"P": due}


@INVERSE
def test_a_scenario_of_a_hedged_book_counts_the_hedge_that_is_held():
    alone, hedged = book(), book(held=-60_000.0, entry_price=60_000.0)  # one coin short
    there = hedged.market.shifted(prices={"WBTC": 30_000.0})
    assert float(hc.scenario(alone, there).before.full) == pytest.approx(-30_000.0)
    assert float(hc.scenario(hedged, there).before.full) == pytest.approx(0.0, abs=1e-9)
    assert hedged.hedge().trade == {"BTC-PERP": 0.0}
