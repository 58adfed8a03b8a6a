"""The solver `strip` in a book: what it guarantees holds for the instruments themselves."""

import json

import numpy as np
import pytest
from attrs import evolve
from hedgecore_static_strip import StaticStrip

import hedgecore as hc


def at_expiry(book, answer, prices):
    """Revalue the book and the orders at expiry by the core alone: pools along their curves."""
    now = evolve(book.market, time=book.market.time or 0.0)
    then = evolve(now, prices={**now.prices, "WETH": prices}, time=(now.time or 0.0) + 0.1)
    total = np.zeros_like(prices)
    for each in book.positions:
        total = total + each.amount * hc.enter(each.model, now).worth(then)
    for each in book.instruments:
        total = total + answer.quantities[each.name] * hc.enter(each, now).worth(then)
    return total


def promised(book, adversarial, **more):
    """Assert the guarantee on 1e4 prices and at the worst, and return the answer."""
    answer = book.hedge()
    assert answer.certificate.status != "no trade", answer.notes
    low, high = book.solver.low, book.solver.high
    strikes = [each.strike for each in book.instruments if "strike" in hc.schema(type(each))]
    worth = at_expiry(book, answer, adversarial(low, high, [1900.0, 2350.0, *strikes], **more))
    error = answer.certificate.breakdown["guaranteed error"]
    assert np.ptp(worth) <= 2 * error * (1 + 1e-12)
    return answer


@pytest.mark.parametrize("method", ["minimax", "interpolate", "carr-madan"])
@pytest.mark.parametrize("lots", [True, False])
def test_the_guarantee_holds_for_the_instruments_themselves(tables, adversarial, method, lots):
    book = hc.Book.from_tables(tables(method=method, lots=lots))
    answer = promised(book, adversarial)
    if lots:
        for each in book.instruments:
            steps = answer.quantities[each.name] / each.lot
            assert steps == pytest.approx(round(steps), abs=1e-9)


def test_minimax_halves_interpolation_and_says_so_in_the_certificate(tables):
    answers = {
        method: hc.Book.from_tables(tables(method=method, lots=False)).hedge()
        for method in ("minimax", "interpolate")
    }
    errors = {
        name: each.certificate.breakdown["guaranteed error"] for name, each in answers.items()
    }
    assert errors["minimax"] <= errors["interpolate"] / 2 * (1 + 1e-5)
    assert answers["minimax"].certificate.status == "exact"


def test_the_cost_is_the_premium_at_the_market_and_the_fees(tables):
    book = hc.Book.from_tables(tables())
    answer = book.hedge()
    options = [each for each in book.instruments if each.name != "PERP"]
    premium = sum(
        answer.quantities[each.name] * float(each.mark(book.market).value) for each in options
    )
    assert answer.certificate.breakdown["premium"] == pytest.approx(premium, rel=1e-9)
    assert premium > 0
    assert any(f"{premium:,.2f} and {answer.cost:,.2f} USD" in note for note in answer.notes)


def test_a_short_position_sells_the_strip(tables, adversarial):
    book = tables(lots=False)
    book["position"][0]["amount"] = -1.0
    answer = promised(hc.Book.from_tables(book), adversarial)
    assert sum(n for name, n in answer.quantities.items() if name != "PERP") < 0
    assert answer.certificate.breakdown["premium"] < 0


@pytest.mark.campaign
def test_several_positions_balances_perps_and_options_held(tables, adversarial):
    book = tables(error=400.0)
    held = [
        {**book["position"][0], "name": "wide", "lower": 1500.0, "upper": 3000.0, "amount": 0.5},
        {**book["position"][0], "name": "lent", "lower": 2000.0, "upper": 2200.0, "amount": -0.3},
        {"name": "hedged", "kind": "perp", "underlying": "WETH", "entry_price": 2000.0,
         "amount": -20.0},
        {"name": "owned", "kind": "option", "underlying": "WETH", "strike": 2040.0, "vol": 0.6,
         "option_type": "put", "expiry_years": 0.1, "entry_price": 0.0, "amount": 3.0},
    ]  # fmt: skip
    book["position"] += held
    book["holding"] = [{"asset": "WETH", "amount": 4.0}, {"asset": "USDC", "amount": 1000.0}]
    loaded = hc.Book.from_tables(book)
    answer = promised(loaded, adversarial)
    assert answer.certificate.breakdown["guaranteed error"] <= 400.0


@pytest.mark.campaign
def test_a_pool_that_knows_its_price_is_taken_along_its_curve(tables, adversarial):
    book = tables()
    book["position"][0] |= {"price": 2086.0}
    loaded = hc.Book.from_tables(book)
    assert loaded.positions[0].at == "state"
    answer = promised(loaded, adversarial)
    assert answer.quantities == hc.Book.from_tables(tables()).hedge().quantities


@pytest.mark.parametrize("base", ["WETH", "WBTC"])
def test_a_pool_without_a_coin_in_it(tables, adversarial, base):
    """WBTC/WETH: worth in dollars is concave in the price of WETH, be it base or quote."""
    book = tables(lots=False)
    book["prices"]["WBTC"] = 60_000.0
    other = "WBTC" if base == "WETH" else "WETH"
    price = 60_000.0 / 2086.0 if base == "WBTC" else 2086.0 / 60_000.0
    book["position"] = [
        {"name": "cross", "kind": "uniswap-v3", "assets": [base, other], "liquidity": 300.0,
         "lower": 0.9 * price, "upper": 1.1 * price}
    ]  # fmt: skip
    answer = promised(hc.Book.from_tables(book), adversarial)
    assert any("WBTC 60000 USD" in note for note in answer.notes)


def test_three_assets(tables, adversarial):
    book = tables(lots=False)
    book["prices"]["WBTC"] = 60_000.0
    book["position"] = [
        {"name": "basket", "kind": "balancer-weighted", "assets": ["WETH", "WBTC", "USDC"],
         "weights": [0.5, 0.3, 0.2], "balances": [50.0, 1.0, 40_000.0]}
    ]  # fmt: skip
    promised(hc.Book.from_tables(book), adversarial)


def test_a_quote_coin_off_its_peg_moves_the_kinks(tables, adversarial):
    book = tables(lots=False)
    book["prices"]["USDC"] = 0.98
    for each in book["instrument"][1:]:
        each["quote"] = "USDC"
    answer = promised(hc.Book.from_tables(book), adversarial)
    assert any("USDC 0.98 USD" in note for note in answer.notes)


def test_options_paid_in_coins(tables, adversarial):
    book = tables(lots=False)
    for each in book["instrument"][1:]:
        each["kind"] = "inverse-option"
    answer = promised(hc.Book.from_tables(book), adversarial)
    assert answer.certificate.status == "exact"


def test_a_market_with_a_time_and_a_future(tables, adversarial):
    book = tables(lots=False)
    book["time"] = 3.0
    book["instrument"][0] = {
        "name": "FUT", "kind": "future", "underlying": "WETH", "expiry_years": 0.1, "basis": 0.05,
        "fee": 0.0005,
    }  # fmt: skip
    loaded = hc.Book.from_tables(book)
    promised(loaded, adversarial)
    assert loaded.hedge().quantities["FUT"] == pytest.approx(
        hc.Book.from_tables(tables(lots=False)).hedge().quantities["PERP"], rel=1e-6
    )


@pytest.mark.campaign
def test_the_cheapest_strip_within_an_error(tables):
    least = hc.Book.from_tables(tables()).hedge()
    free = least.certificate.breakdown["guaranteed error"]
    wide = hc.Book.from_tables(tables(error=3 * free)).hedge()
    assert wide.certificate.breakdown["guaranteed error"] <= 3 * free
    assert wide.cost < least.cost
    assert wide.certificate.objective == pytest.approx(wide.cost, rel=1e-9)
    none = hc.Book.from_tables(tables(error=0.5 * free)).hedge()
    assert none.certificate.status == "no trade"
    assert not any(none.quantities.values())
    assert "the least error that these options allow" in none.notes[0]


@pytest.mark.campaign
def test_no_more_options_and_no_more_money_than_asked(tables):
    few = hc.Book.from_tables(tables(options=3, lots=False)).hedge()
    traded = [name for name, n in few.quantities.items() if n and name != "PERP"]
    assert len(traded) <= 3
    whole = hc.Book.from_tables(tables(lots=False)).hedge()
    spent = whole.certificate.breakdown["premium"] + whole.cost
    poor = hc.Book.from_tables(tables(lots=False, budget=0.5 * spent)).hedge()
    assert poor.certificate.breakdown["premium"] + poor.cost <= 0.5 * spent * (1 + 1e-9)
    assert (
        poor.certificate.breakdown["guaranteed error"]
        > whole.certificate.breakdown["guaranteed error"]
    )


@pytest.mark.campaign
def test_a_smallest_order_is_kept(tables):
    book = tables(method="minimax")
    for each in book["instrument"][1:]:
        each["min_size"] = 20.0
    answer = hc.Book.from_tables(book).hedge()
    sizes = [abs(n) for name, n in answer.quantities.items() if n and name != "PERP"]
    assert min(sizes) >= 20.0


def unknown_fees(book, *names):
    """Return the hedge of a book, the fees of some instruments unknown; of all by default."""
    found = [
        evolve(each, fee=None) if each.name in names or not names else each
        for each in book.instruments
    ]
    return hc.hedge(book.portfolio, with_=found, market=book.market, solver=book.solver)


@pytest.mark.parametrize("method", ["interpolate", "carr-madan"])
def test_a_strip_by_weights_needs_no_fee_and_its_cost_is_unknown(tables, method):
    book = hc.Book.from_tables(tables(method=method))
    answer = unknown_fees(book)
    assert any("a fee is unknown" in note for note in answer.notes)
    assert answer.cost is None
    assert answer.quantities == book.hedge().quantities


@pytest.mark.parametrize("more", [{}, {"error": 1e5}, {"budget": 1e6}])
def test_a_strip_that_is_the_cheapest_is_refused_where_a_fee_is_unknown(tables, more):
    book = hc.Book.from_tables(tables(**more))
    with pytest.raises(
        hc.HedgeError, match=r"fee of '1900-P' is unknown.*`fee` in the book, or --fee"
    ):
        unknown_fees(book, "1900-P")


def test_what_is_not_used_is_named(tables):
    book = tables()
    book["hedge"] |= {"low": 1850.0, "high": 2450.0}
    book["instrument"].append({**book["instrument"][0], "name": "DEAR", "fee": 0.002})
    notes = hc.Book.from_tables(book).hedge().notes
    assert "Not used, its strike is outside the range: 1800-P, 2500-C." in notes
    assert "Not used, PERP is the underlying: DEAR." in notes


def test_an_expiry_is_chosen_among_several(tables, adversarial):
    book = tables(expiry_years=0.1)
    book["instrument"].append({**book["instrument"][4], "name": "LATE", "expiry_years": 0.2})
    answer = promised(hc.Book.from_tables(book), adversarial)
    assert answer.quantities["LATE"] == 0
    assert "Not used, expires at another time: LATE." in answer.notes


def test_it_is_registered_and_its_table_comes_back():
    assert hc.default_registry().plugin("strip").distribution == "hedgecore-static-strip"
    model = hc.build({"kind": "strip", **StaticStrip.example})
    assert hc.build(json.loads(json.dumps(hc.spec_of(model)))) == model
