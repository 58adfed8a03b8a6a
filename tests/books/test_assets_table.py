"""The table [assets] of a book: said once, and true in hedges, scenarios, sweeps and runs."""

import numpy as np
import pytest

from hedgecore.analysis.scenario import scenario
from hedgecore.analysis.sweep import sweep
from hedgecore.books.book import Book
from hedgecore.errors import SpecError
from hedgecore.readers.pricing import claim_links, claims_of, derive_prices
from hedgecore.simulation.settings import Simulation
from hedgecore.simulation.simulate import simulate

RATE = 1.2264
TABLES = {
    "numeraire": "USD",
    "prices": {"WETH": 3134.0, "USDC": 1.0},
    "assets": {
        "ETH": {"same_as": "WETH"},
        "wstETH": {"of": "ETH", "rate": RATE},
    },
    "position": [
        {"name": "wst", "kind": "uniswap-v3", "assets": ["wstETH", "USDC"], "liquidity": 1000.0,
         "lower": 3000.0, "upper": 4900.0, "price": 3134.0 * RATE},
        {"name": "lp", "kind": "uniswap-v2", "assets": ["WETH", "USDC"],
         "reserves": [10.0, 31340.0]},
    ],
    "holding": [{"asset": "ETH", "amount": 2.0}],
    "instrument": [
        {"name": "ETH-PERP", "kind": "perp", "underlying": "ETH", "fee": 0.0005, "funding_rate": 0}
    ],
    "vols": {"ETH": 0.7},
    "simulation": {"days": 2, "steps": 8, "paths": 16},
}  # fmt: skip


def book(**changed):
    return Book.from_tables({**TABLES, **changed})


def in_one_name():
    """Return the same book without a table of assets: ETH and wstETH written in WETH by hand."""
    low, high = 3000.0 / RATE, 4900.0 / RATE
    by_hand = {
        "name": "wst", "kind": "uniswap-v3", "assets": ["WETH", "USDC"],
        "liquidity": 1000.0 * np.sqrt(RATE), "lower": low, "upper": high, "price": 3134.0,
    }  # fmt: skip
    return book(
        assets={},
        position=[by_hand, TABLES["position"][1]],
        holding=[{"asset": "WETH", "amount": 2.0}],
        instrument=[
            {
                "name": "ETH-PERP",
                "kind": "perp",
                "underlying": "WETH",
                "fee": 0.0005,
                "funding_rate": 0,
            }
        ],
        vols={"WETH": 0.7},
    )


def test_a_wrapped_and_staked_book_is_hedged_as_one_asset():
    answer, plain = book().hedge(), in_one_name().hedge()
    assert answer.problem.hedged_assets == ("WETH",)
    assert answer.quantities["ETH-PERP"] == pytest.approx(plain.quantities["ETH-PERP"], rel=1e-13)
    assert answer.hedge_ratios["ETH-PERP"] == pytest.approx(1.0, rel=1e-15)
    assert float(answer.after.over(answer.problem.assets).delta_cash[0]) == pytest.approx(
        0, abs=1e-9
    )
    assert "WETH" not in answer.unhedged


@pytest.mark.parametrize("name", ["WETH", "ETH", "wstETH"])
def test_a_move_of_one_name_moves_all(name):
    its, plain = book(), in_one_name()
    there = its.market.shifted(prices={name: 0.7 * its.market.price(name)})
    other = plain.market.shifted(prices={"WETH": 0.7 * 3134.0})
    found = scenario(its, there, hedge=its.hedge())
    known = scenario(plain, other, hedge=plain.hedge())
    for side in ("before", "after"):
        gain, same = (float(getattr(each, side).full) for each in (found, known))
        assert gain == pytest.approx(same, rel=1e-12)
        assert gain < -100.0


def test_a_sweep_has_the_range_where_its_staked_asset_leaves_it():
    swept = sweep(book(), "ETH", np.array([2000.0, 3134.0, 4500.0]))
    plain = sweep(in_one_name(), "WETH", np.array([2000.0, 3134.0, 4500.0]))
    np.testing.assert_allclose(swept.breaks, [3000.0 / RATE, 4900.0 / RATE], rtol=1e-14)
    for name in ("worth", "delta", "gamma_cash"):
        found, known = (getattr(each.after, name) for each in (swept, plain))
        np.testing.assert_allclose(found, known, rtol=1e-11, atol=1e-9)
    staked = sweep(book(), "wstETH", RATE * swept.prices)
    np.testing.assert_allclose(staked.before.delta * RATE, swept.before.delta, rtol=1e-13)


def test_a_run_moves_the_underlying_and_all_follow():
    runs = [simulate(Simulation.from_book(each)) for each in (book(), in_one_name())]
    one, two = (run.pnl for run in runs)
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-8)
    assert np.ptp(one) > 1.0


def test_a_peg_that_the_table_says_already_changes_nothing():
    tables = {**TABLES["simulation"], "pegs": {"wstETH": "WETH"}}
    one, two = (
        simulate(Simulation.from_book(each)).pnl for each in (book(), book(simulation=tables))
    )
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-8)
    wrong = book(simulation={**tables, "pegs": {"wstETH": "USDC"}})
    with pytest.raises(SpecError, match=r"wstETH follows WETH by \[assets\]"):
        simulate(Simulation.from_book(wrong))


def test_a_gauge_token_is_hedged_in_what_it_claims():
    three = {
        "name": "3pool", "kind": "curve-stableswap", "assets": ["DAI", "USDC", "USDT"],
        "amplification": 2000, "balances": [3e7, 3e7, 3e7], "amount": 0.0, "share": 0.001,
    }  # fmt: skip
    its = book(
        prices={**TABLES["prices"], "DAI": 1.0, "USDT": 1.0},
        assets={"3CRV": {"of_position": "3pool", "supply": 9e7}},
        position=[three],
        holding=[{"asset": "3CRV", "amount": 900.0}],
        instrument=[
            {"name": "DAI-PERP", "kind": "perp", "underlying": "DAI", "fee": 0, "funding_rate": 0}
        ],
        vols={},
    )
    answer = its.hedge()
    assert answer.quantities["DAI-PERP"] == pytest.approx(-300.0, rel=1e-12)
    assert float(its.portfolio.worth(its.market)) == pytest.approx(900.0, rel=1e-12)


def test_a_token_is_a_part_of_the_whole_pool_however_the_position_is_sized():
    pair = {"name": "pair", "kind": "uniswap-v2", "assets": ["WETH", "USDC"]}
    whole = {**pair, "reserves": [1000.0, 3_134_000.0]}

    def priced_with(position):
        its = {"LP": {"of_position": "pair", "supply": 100.0}}
        made = book(assets=its, position=[position], holding=[], instrument=[], vols={})
        return float(made.market.price("LP"))

    prices = [priced_with({**whole, **size}) for size in ({"share": 0.02}, {"worth": 60_000.0})]
    np.testing.assert_allclose(prices, 2 * 3_134_000.0 / 100.0, rtol=1e-12)
    with pytest.raises(SpecError, match=r"assets.LP: position 'pair': .*reserves"):
        priced_with({**pair, "worth": 60_000.0})


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"ETH": {"same_as": "WEHT"}}, r"assets.ETH: 'WEHT' has no price.*WETH"),
        ({"ETH": {"same_as": "WETH", "of": "WETH"}}, r"assets.ETH: is said by same_as and of"),
        ({"ETH": {"rate": 1.0}}, r"assets.ETH: says nothing"),
        ({"ETH": "WETH"}, r"assets.ETH: must be \{ same_as"),
        ({"ETH": {"of": "WETH"}}, r"assets.ETH: rate: is needed beside of"),
        ({"ETH": {"of": "WETH", "rate": 0.0}}, r"assets.ETH: rate: must be positive"),
        ({"ETH": {"of": "WETH", "rat": 2.0}}, r"assets.ETH: rat: no such field.*rate"),
        ({"ETH": {"of": 1, "rate": 2.0}}, r"assets.ETH: of: must be a name"),
        ({"A": {"same_as": "B"}, "B": {"same_as": "WETH"}}, r"assets.A: B is the same as WETH"),
        ({"A": {"of": "B", "rate": 2.0}, "B": {"of": "A", "rate": 0.5}}, r"circle: A → B → A"),
        (
            {"LP": {"of_position": "lq", "supply": 1.0}},
            r"assets.LP: no position is called 'lq'.*lp",
        ),
        ({"LP": {"of_position": "lp", "supply": -1.0}}, r"assets.LP: supply: must be positive"),
        ({"USD": {"same_as": "USDC"}}, r"prices.USD: its price follows"),
        ([], r"assets: must be a table"),
    ],
)
def test_a_wrong_row_is_named(table, why):
    with pytest.raises(SpecError, match=why):
        book(assets=table, position=TABLES["position"][1:], holding=[], instrument=[], vols={})


def test_a_stated_price_beside_a_rate_is_compared():
    def stated(price, **more):
        return book(prices={**TABLES["prices"], "wstETH": price}, **more)

    follows = 3134.0 * RATE
    assert not [each for each in stated(follows * 1.004).warnings if "wstETH" in each]
    apart = stated(follows * 1.02).warnings
    assert "prices.wstETH is 3920.408, and 3843.538 follows from [assets], +2.00% apart" in apart[0]
    assert stated(follows * 1.02).hedge().quantities == book().hedge().quantities
    with pytest.raises(SpecError, match=r"prices.wstETH: .*the other way round.*--accept"):
        stated(1.0 / follows)


def test_a_currency_beside_its_wrapper_is_named_with_the_line_to_add():
    prices = {**TABLES["prices"], "ETH": 3134.0}
    apart = book(prices=prices, assets={}, position=TABLES["position"][1:])
    line = 'ETH = { same_as = "WETH" }'
    assert [each for each in apart.warnings if line in each]
    assert not [each for each in book().warnings if line in each]
    far = book(prices={**prices, "ETH": 3.0}, assets={}, position=TABLES["position"][1:])
    assert not [each for each in far.warnings if line in each]


def test_a_volatility_said_twice_is_refused_and_an_unused_row_is_named():
    with pytest.raises(SpecError, match="both are given and differ"):
        book(vols={"ETH": 0.7, "WETH": 0.8})
    unused = book(assets={**TABLES["assets"], "stETH": {"same_as": "WETH"}})
    assert [each for each in unused.warnings if each.startswith("assets.stETH is used by nothing")]
    assert not [each for each in book().warnings if "used by nothing" in each]


def test_readers_price_by_the_table():
    prices, taken = derive_prices(
        {"USD": 1.0, "WETH": 3134.0}, [*claim_links(claims_of(TABLES["assets"]))]
    )
    assert prices["ETH"] == 3134.0
    assert prices["wstETH"] == pytest.approx(3134.0 * RATE, rel=1e-15)
    assert {each.read for each in taken} == {"[assets]"}
