"""Scenarios: full revaluation is the book rebuilt there; Taylor is the Greeks; time accrues."""

import numpy as np
import pytest

pytest.importorskip("hedgecore_derivatives")
pytest.importorskip("hedgecore_uniswap_v3")

from attrs import evolve

import hedgecore as hc

TABLES = {
    "numeraire": "USD",
    "time": 2.0,
    "prices": {"WETH": 2000.0, "WBTC": 60000.0, "STETH": 1990.0, "USDC": 1.0},
    "vols": {"WETH": 0.7},
    "rates": {"USD": 0.04},
    "position": [
        {
            "name": "range",
            "kind": "uniswap-v3",
            "assets": ["WETH", "USDC"],
            "liquidity": 5000.0,
            "lower": 1500.0,
            "upper": 2500.0,
        },
        {
            "name": "crossed",
            "kind": "uniswap-v3",
            "assets": ["WBTC", "WETH"],
            "liquidity": 20.0,
            "lower": 25.0,
            "upper": 35.0,
        },
        {
            "name": "call",
            "kind": "option",
            "underlying": "WETH",
            "strike": 2100.0,
            "expiry": 2.25,
            "entry_price": 60.0,
            "amount": 4.0,
        },
        {"name": "debt", "kind": "loan", "asset": "WETH", "borrow_rate": 0.05, "amount": 3.0},
    ],
    "holding": [{"asset": "STETH", "amount": 2.0}, {"asset": "USDC", "amount": 500.0}],
    "instrument": [
        {"name": "ETH-PERP", "kind": "perp", "underlying": "WETH", "funding_rate": 0.0002},
        {"name": "BTC-PERP", "kind": "perp", "underlying": "WBTC", "funding_rate": 0.0},
    ],
}
"""No pool in it knows its own price, so that a book rebuilt elsewhere is at that market."""


@pytest.fixture(scope="module")
def book():
    return hc.Book.from_tables(TABLES)


def rebuilt(prices=None, vols=None, time=2.0):
    """Return what the same book is worth, built where it has moved to."""
    tables = {**TABLES, "prices": {**TABLES["prices"], **(prices or {})}, "time": time}
    tables["vols"] = {**TABLES["vols"], **(vols or {})}
    there = hc.Book.from_tables(tables)
    return float(there.portfolio.worth(there.market))


def test_full_revaluation_is_the_book_rebuilt_there(book):
    down, across = np.array([1300.0, 1990.0, 2700.0]), np.array([41000.0, 60000.0])
    there = book.market.shifted(prices={"WETH": down[:, None], "WBTC": across})
    found = hc.scenario(book, there).before.full
    assert found.shape == (3, 2)
    for i, weth in enumerate(down):
        for j, wbtc in enumerate(across):
            due = rebuilt({"WETH": weth, "WBTC": wbtc}) - rebuilt()
            assert found[i, j] == pytest.approx(due, rel=1e-12, abs=1e-8)


def test_a_volatility_and_time_are_revalued_too(book):
    there = book.market.shifted(prices={"WETH": 1800.0}, vols={"WETH": [0.4, 0.9]}, days=36.5)
    found = hc.scenario(book, there)
    assert found.days == pytest.approx(36.5)
    interest = -36.5 * 3.0 * 0.05 / 365 * 2000.0
    assert found.before.accrued == pytest.approx(interest, rel=1e-12)
    for i, vol in enumerate((0.4, 0.9)):
        due = rebuilt({"WETH": 1800.0}, {"WETH": vol}, 2.1) - rebuilt() + interest
        assert found.before.full[i] == pytest.approx(due, rel=1e-10)


def test_an_option_that_expires_on_the_way_is_worth_its_payoff(book):
    alone = evolve(book, positions=tuple(p for p in book.positions if p.name == "call"))
    there = alone.market.shifted(prices={"WETH": [1900.0, 2400.0]}, days=200.0)
    worth = 4.0 * (np.array([0.0, 300.0]) - 60.0)
    here = float(alone.portfolio.worth(alone.market))
    np.testing.assert_allclose(hc.scenario(alone, there).before.full, worth - here, rtol=1e-12)


def test_taylor_is_the_exposure_of_the_book(book):
    new = {"WETH": 2030.0, "WBTC": 58000.0}
    there = book.market.shifted(prices=new, vols={"WETH": 0.75}, days=3.0)
    seen = book.portfolio.exposure(book.market)
    step = np.array([new.get(a, TABLES["prices"].get(a)) for a in seen.assets]) - seen.prices
    due = seen.delta @ step + 0.5 * step @ seen.gamma @ step
    due += 0.05 * seen.other["vega:WETH"] + 3.0 / 365 * seen.other["theta"]
    found = hc.scenario(book, there).before
    assert found.taylor == pytest.approx(due + found.accrued, rel=1e-12)
    np.testing.assert_array_equal(found.difference, found.full - found.taylor)


def test_what_taylor_misses_is_of_third_order(book):
    def missed(move):
        prices = {"WETH": 2000.0 * (1 + move), "WBTC": 60000.0 * (1 - 0.5 * move)}
        return abs(float(hc.scenario(book, book.market.shifted(prices=prices)).before.difference))

    for move in (0.02, 0.01, 0.005):
        assert missed(move) / missed(move / 2) == pytest.approx(8.0, rel=0.15)


def test_after_the_hedge_is_before_and_the_profit_of_its_contracts(book):
    answer = book.hedge()
    prices = np.linspace(1400.0, 2600.0, 7)
    found = hc.scenario(book, book.market.shifted(prices={"WETH": prices}, days=2), hedge=answer)
    sold = answer.quantities["ETH-PERP"]
    funding = -2.0 * 3 * 0.0002 * 2000.0 * sold
    due = found.before.full + sold * (prices - 2000.0) + funding
    np.testing.assert_allclose(found.after.full, due, rtol=1e-12)
    assert found.after.accrued - found.before.accrued == pytest.approx(funding)
    np.testing.assert_allclose(
        found.after.taylor, found.before.taylor + sold * (prices - 2000.0) + funding, rtol=1e-10
    )


def test_nothing_moves_nothing(book):
    found = hc.scenario(book, book.market.shifted(), hedge=book.hedge())
    for side in (found.before, found.after):
        assert (side.full, side.taylor, side.accrued) == (0.0, 0.0, 0.0)
    assert found.days == 0.0


def test_days_may_be_an_array_and_what_has_no_time_starts_at_0(book):
    untimed = evolve(
        book,
        market=evolve(book.market, time=None),
        positions=tuple(p for p in book.positions if p.name == "debt"),
    )
    found = hc.scenario(untimed, untimed.market.shifted(days=[0.0, 1.0, 7.0]))
    due = np.array([0.0, 1.0, 7.0]) * -3.0 * 0.05 / 365 * 2000.0
    np.testing.assert_allclose(found.before.full, due, rtol=1e-12)
    np.testing.assert_allclose(found.before.taylor, due, rtol=1e-12)


def test_a_pool_at_its_state_follows_its_curve_where_its_price_moves():
    pool = {
        "name": "pool",
        "kind": "uniswap-v2",
        "assets": ["WETH", "USDC"],
        "reserves": [10.0, 20000.0],
        "fee": 0.003,
    }
    book = hc.Book.from_tables(
        {"prices": {"WETH": 2001.0, "USDC": 1.0, "WBTC": 6e4}, "position": [pool]}
    )
    assert book.positions[0].at == "state"
    there = book.market.shifted(prices={"WETH": [1000.0, 4000.0]})
    depth = 2.0 * np.sqrt(10.0 * 20000.0)
    due = depth * (np.sqrt([1000.0, 4000.0]) - np.sqrt(2001.0))
    np.testing.assert_allclose(hc.scenario(book, there).before.full, due, rtol=1e-12)
    idle = hc.scenario(book, book.market.shifted(prices={"WBTC": 7e4})).before
    assert (idle.full, idle.taylor) == (0.0, 0.0)


def test_an_infinite_gamma_has_no_taylor_estimate_and_a_profit_all_the_same(stake):
    kink = stake(delta={"A": 2.0, "B": 1.0}, gamma={("A", "A"): -np.inf}, value=0.0)
    position = hc.Position(name="kink", model=kink)
    market = hc.Market(prices={"A": 1.0, "B": 1.0})
    book = hc.Book(market=market, positions=(position,), instruments=(), request=hc.HedgeRequest())
    found = hc.scenario(book, market.shifted(prices={"A": [0.9, 1.1]})).before
    assert found.taylor is None
    assert found.difference is None
    assert np.isfinite(found.full).all()
    beside = hc.scenario(book, market.shifted(prices={"B": [0.9, 1.1]})).before
    np.testing.assert_allclose(beside.taylor, [-0.1, 0.1])


def test_what_has_a_volatility_of_its_own_is_named_and_kept_out_of_the_estimate(stake):
    deaf = stake(delta={"A": 0.0}, value=5.0, other={"vega:A": 100.0})
    position = hc.Position(name="deaf", model=deaf)
    market = hc.Market(prices={"A": 1.0}, vols={"A": 0.5})
    book = hc.Book(market=market, positions=(position,), instruments=(), request=hc.HedgeRequest())
    found = hc.scenario(book, market.shifted(vols={"A": [0.5, 0.6]}))
    assert found.deaf == ("deaf",)
    np.testing.assert_array_equal(found.before.taylor, [0.0, 0.0])


WRONG = {
    "an unknown asset": ({"prices": {"WTH": 1.0}}, hc.AssetError, "did you mean 'WETH'"),
    "no volatility": ({"vols": {"WBTC": 1.0}}, hc.AssetError, "no volatility of 'WBTC'"),
    "the numeraire": ({"prices": {"USD": 1.0}}, hc.SpecError, "numeraire"),
    "no price": ({"prices": {"WETH": 0.0}}, hc.PriceError, "positive"),
    "a negative volatility": ({"vols": {"WETH": -0.1}}, hc.SpecError, "0 or more"),
    "a volatility of nan": ({"vols": {"WETH": np.nan}}, hc.SpecError, "finite"),
    "negative days": ({"days": -1.0}, hc.SpecError, "0 or more"),
    "days of nan": ({"days": np.nan}, hc.SpecError, "0 or more"),
    "shapes": ({"prices": {"WETH": [1.0, 2.0], "WBTC": [1.0] * 3}}, hc.PriceError, "broadcast"),
}


@pytest.mark.parametrize(("moves", "error", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_move_is_refused_by_name(book, moves, error, said):
    with pytest.raises(error, match=said):
        book.market.shifted(**moves)


def test_a_scenario_starts_at_one_market_and_ends_in_the_same_unit(book):
    with pytest.raises(hc.SpecError, match="before the book's"):
        hc.scenario(book, evolve(book.market, time=1.0))
    with pytest.raises(hc.SpecError, match="numeraire"):
        hc.scenario(book, evolve(book.market, numeraire="EUR"))
    wide = evolve(book, market=book.market.shifted(prices={"WETH": [1.0, 2.0]}))
    with pytest.raises(hc.PriceError, match="one price"):
        hc.scenario(wide, book.market)


def test_an_unknown_funding_is_in_no_profit_and_is_named(book):
    bare = [evolve(each, funding_rate=None) for each in book.instruments]
    unknown, known = evolve(book, instruments=tuple(bare)), book.hedge()
    there = book.market.shifted(prices={"WETH": 1800.0}, days=2)
    found = hc.scenario(unknown, there, hedge=unknown.hedge())
    due = hc.scenario(book, there, hedge=known).after
    assert (found.unfunded, found.after.accrued) == (("ETH-PERP", "BTC-PERP"), None)
    assert found.before.accrued is not None
    paid = due.accrued - found.before.accrued
    np.testing.assert_allclose(found.after.full, due.full - paid, rtol=1e-12)
    still = hc.scenario(unknown, book.market.shifted(prices={"WETH": 1800.0}), hedge=known)
    assert (still.unfunded, still.after.accrued) == ((), 0.0), "no time passes"
