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
        "name": "FUT", "kind": "future", "underlying": "WETH", "expiry_years": 0.1, "basis": 0.05
    }  # fmt: skip
    loaded = hc.Book.from_tables(book)
    promised(loaded, adversarial)
    assert loaded.hedge().quantities["FUT"] == pytest.approx(
        hc.Book.from_tables(tables(lots=False)).hedge().quantities["PERP"], rel=1e-6
    )


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


def test_a_smallest_order_is_kept(tables):
    book = tables(method="minimax")
    for each in book["instrument"][1:]:
        each["min_size"] = 20.0
    answer = hc.Book.from_tables(book).hedge()
    sizes = [abs(n) for name, n in answer.quantities.items() if n and name != "PERP"]
    assert min(sizes) >= 20.0


def test_an_unknown_fee_is_said(tables):
    book = hc.Book.from_tables(tables(lots=False))
    unknown = [evolve(each, fee=None) for each in book.instruments]
    answer = hc.hedge(book.portfolio, with_=unknown, market=book.market, solver=book.solver)
    assert any("a fee is unknown" in note for note in answer.notes)


def test_what_is_not_used_is_named(tables):
    book = tables()
    book["hedge"] |= {"low": 1850.0, "high": 2450.0}
    book["instrument"].append({**book["instrument"][0], "name": "DEAR", "fee": 0.002})
    notes = hc.Book.from_tables(book).hedge().notes
    assert "Not used, its strike is outside the range: 1800-P, 2500-C." in notes
    assert "Not used, PERP is the underlying: DEAR." in notes


def other_expiry(book):
    book["instrument"][1]["expiry_years"] = 0.2


def other_asset(book):
    book["prices"]["WBTC"] = 60_000.0
    book["instrument"][1]["underlying"] = "WBTC"


def only_other_asset(book):
    other_asset(book)
    book["hedge"]["assets"] = ["WBTC", "WETH"]


def power(book):
    book["position"].append({"name": "squeeth", "kind": "power-perp", "underlying": "WETH",
                             "power": 2, "vol": 0.6})  # fmt: skip


def later_option(book):
    book["position"].append({**book["instrument"][1], "expiry_years": 0.3, "name": "later"})


REFUSED = {
    "several expiries": (other_expiry, "expire in 0.1, 0.2 years: choose one with `expiry_years`"),
    "options of two assets": (other_asset, "there are options of WBTC, WETH: name one"),
    "two assets asked": (only_other_asset, "`assets` asks for WBTC, WETH"),
    "no underlying": (lambda b: b["instrument"].pop(0), "no underlying of the strip.*add a perp"),
    "no options": (lambda b: b.update(instrument=b["instrument"][:1]), "there are no options"),
    "price below": (lambda b: b["hedge"].update(low=2100.0), "2086, is outside the range"),
    "price above": (lambda b: b["hedge"].update(high=2000.0), "2086, is outside the range"),
    "no strikes": (lambda b: b["hedge"].update(low=2080.0, high=2090.0), "widen the range"),
    "no such expiry": (lambda b: b["hedge"].update(expiry_years=0.5), "expires in 0.5 years, but"),
    "greeks": (lambda b: b["hedge"].update(neutral=["gamma"]), "leave `neutral` and `cross` out"),
    "a payoff not known": (power, "'squeeth' is neither a pool, nor linear"),
    "an option of another date": (later_option, "'later' does not expire with the strip"),
    "nothing of the asset": (
        lambda b: b.update(position=[], holding=[{"asset": "USDC", "amount": 1.0}]),
        "nothing in the book depends on the price of WETH",
    ),
}


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_asked_is_said(tables, change, said):
    book = tables()
    change(book)
    with pytest.raises(hc.HedgeError, match=said):
        hc.Book.from_tables(book).hedge()


def test_an_expiry_is_chosen_among_several(tables, adversarial):
    book = tables(expiry_years=0.1)
    book["instrument"].append({**book["instrument"][4], "name": "LATE", "expiry_years": 0.2})
    answer = promised(hc.Book.from_tables(book), adversarial)
    assert answer.quantities["LATE"] == 0
    assert "Not used, expires at another time: LATE." in answer.notes


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"high": 1600.0}, "high.*must be above low"),
        ({"method": "minmax"}, "did you mean 'minimax'"),
        ({"method": "interpolate", "options": 3}, 'is for method = "minimax"'),
        ({"method": "carr-madan", "budget": 3.0}, 'is for method = "minimax"'),
        ({"options": 0}, "a whole number from 1"),
        ({"error": -1.0}, "positive"),
        ({"lots": 1}, "true or false"),
        ({"max_nodes": 0}, "max_nodes.*1"),
    ],
)
def test_fields_that_are_wrong(tables, fields, said):
    with pytest.raises(hc.SpecError, match=said):
        hc.Book.from_tables(tables(**fields))


def test_arrays_of_prices_are_for_other_solvers(tables):
    book = hc.Book.from_tables(tables())
    market = hc.Market(prices={"WETH": [2000.0, 2100.0], "USDC": 1.0})
    with pytest.raises(hc.HedgeError, match="one price of each asset"):
        hc.hedge(book.portfolio, with_=book.instruments, market=market, solver=book.solver)


class Barrier:
    """All that an option has, and a payoff that jumps."""

    def __init__(self, option):
        self.option = option
        self.name, self.hedges, self.underlying = option.name, option.hedges, option.underlying
        self.option_type, self.strike, self.quote = option.option_type, option.strike, option.quote
        self.contract_size, self.lot = option.contract_size, option.lot
        self.min_size, self.fee, self.expiry = option.min_size, option.fee, option.expiry

    def worth(self, market):
        return self.option.worth(market) + 50.0 * (market.price("WETH") > 2450)

    def exposure(self, market):
        return self.option.exposure(market)

    def enter(self, market):
        return Barrier(self.option.enter(market))


def test_an_option_that_pays_something_else_is_found_out(tables):
    """By its fields alone it is an option, and a wrong strip would follow."""
    book = hc.Book.from_tables(tables())
    with_ = [*book.instruments[:3], Barrier(book.instruments[3]), *book.instruments[4:]]
    with pytest.raises(hc.HedgeError, match="is not that of a European option"):
        hc.hedge(book.portfolio, with_=with_, market=book.market, solver=book.solver)


def test_it_is_registered_and_its_table_comes_back():
    assert hc.default_registry().plugin("strip").distribution == "hedgecore-static-strip"
    model = hc.build({"kind": "strip", **StaticStrip.example})
    assert hc.build(json.loads(json.dumps(hc.spec_of(model)))) == model


def listed(**hedge):
    """Puts and calls of thirteen strikes around a range, in lots of 0.1."""
    each = {"kind": "option", "underlying": "WETH", "expiry_years": 30 / 365, "lot": 0.1}
    options = [
        {**each, "name": f"{k}-{right}", "option_type": right, "strike": float(k), "fee": 0.0003}
        for k in range(1500, 2701, 100)
        for right in ("put", "call")
    ]
    perp = {"name": "PERP", "kind": "perp", "underlying": "WETH", "lot": 0.001, "fee": 0.0005}
    pool = {
        "name": "lp", "kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5000.0,
        "lower": 1800.0, "upper": 2400.0,
    }  # fmt: skip
    return hc.Book.from_tables(
        {
            "prices": {"WETH": 2086.0, "USDC": 1.0},
            "vols": {"WETH": 0.6},
            "position": [pool],
            "instrument": [*options, perp],
            "hedge": {"solver": "strip", "low": 1600.0, "high": 2600.0, **hedge},
        }
    )


@pytest.mark.campaign
def test_a_call_that_a_put_replaces_lot_by_lot_makes_the_error_no_less():
    """26 options in lots: proven the least, as with the one of each strike that is out of it."""
    book = listed(max_nodes=20_000)
    out = [
        each
        for each in book.instruments
        if each.name == "PERP" or (each.option_type == "put") == (each.strike < 2086)
    ]
    both, one = book.hedge().certificate, evolve(book, instruments=tuple(out)).hedge().certificate
    assert both.status == one.status == "exact"
    one_error = one.breakdown["guaranteed error"]
    assert both.breakdown["guaranteed error"] == pytest.approx(one_error, rel=1e-5)


def test_a_search_that_is_cut_short_says_how_good_it_is():
    few = listed(max_nodes=20).hedge()
    assert few.certificate.status in {"optimal within the gap", "best effort"}
    assert few.certificate.gap > 0


@pytest.mark.campaign
def test_counted_work_is_the_same_answer_and_a_search_that_ends_is_exact_and_no_worse():
    few, again, all_ = (listed(max_nodes=nodes).hedge() for nodes in (20, 20, 20_000))
    assert few.quantities == again.quantities
    assert all_.certificate.status == "exact"
    assert few.certificate.objective >= all_.certificate.objective * (1 - 1e-6)


@pytest.mark.campaign
def test_more_error_allowed_is_never_dearer_in_lots():
    answers = [listed(error=error).hedge() for error in (50.0, 200.0, 400.0)]
    for answer, error in zip(answers, (50.0, 200.0, 400.0), strict=True):
        its = answer.certificate
        assert its.status in {"exact", "optimal within the gap"}
        assert its.breakdown["guaranteed error"] <= error
        assert its.objective == pytest.approx(answer.cost, rel=1e-9)
    dear, mid, cheap = (answer.cost for answer in answers)
    assert cheap <= mid * 1.01
    assert mid <= dear * 1.01
    assert [n for n in answers[0].quantities.values() if n != round(n, 3)] == []


def test_what_delta_a_strip_leaves_is_left_on_purpose():
    answer = listed(lots=False).hedge()
    assert answer.unhedged["WETH"] == "a strip is for the worth at expiry, not for today's delta"
    assert "lots" not in answer.unhedged["WETH"]
