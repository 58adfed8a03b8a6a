"""What a book states of its past: prices and amounts that are recognisably mistaken are refused."""

import pytest

import hedgecore as hc
from hedgecore.analysis.book_performance import performance

pytestmark = pytest.mark.skipif("perp" not in hc.default_registry(), reason="no contracts")

OPTION = {"underlying": "WETH", "strike": 2000.0, "expiry_years": 0.25, "vol": 0.6}
OFFERED = [
    {"name": "PERP", "kind": "perp", "underlying": "WETH"},
    {"name": "SPOT", "kind": "spot", "asset": "WETH"},
    {"name": "LOAN", "kind": "loan", "asset": "WETH"},
    {"name": "CALL", "kind": "option", **OPTION},
]


def book(*, accept=False, **rows):
    """Four WETH at 2000 USD and 4000 USDC, and a record of rows with fields of their own."""
    coins = {"kind": "spot", "amount": 4.0, "name": "coins", "asset": "WETH"}
    tables = {
        "numeraire": "USD", "prices": {"WETH": 2000.0, "USDC": 1.0, "WBTC": 60_000.0},
        "position": [coins, {**coins, "name": "cash", "asset": "USDC", "amount": 4000.0}],
        "instrument": OFFERED, "as_of": "2026-11-01", **rows,
    }  # fmt: skip
    return hc.Book.from_tables(tables, accept=accept)


def flow(**row):
    return {"date": "2026-01-01", "asset": "WETH", "amount": 4.0, **row}


def trade(name, price, contracts=-3.0):
    return {"date": "2026-02-01", "instrument": name, "contracts": contracts, "price": price}


TRADES = {
    "turned round": (("PERP", 1 / 2100), "near 1/2000"),
    "squared": (("PERP", 4e6), "the square"),
    "another's": (("SPOT", 61_000.0), "near the price of WBTC"),
    "of a loan, turned round": (("LOAN", 1 / 1900), "near 1/2000"),
    "a premium in the coin": (("CALL", 0.1), "in WETH, and 200 is meant"),
}
FLOWS = {
    "a price turned round": ({"price": 1 / 1600}, "near 1/2000"),
    "another's price": ({"price": 61_000.0}, "near the price of WBTC"),
    "in wei": ({"amount": 4e18}, "smallest units, of 18 decimals, and 4 is meant"),
    "in its worth": ({"amount": 6000.0}, "its worth in USD, and 3 is meant"),
    "cash in millionths": ({"asset": "USDC", "amount": 8e9}, "of 6 decimals, and 8000 is meant"),
    "fees in wei": ({"amount": 1e17, "type": "fees"}, "of 18 decimals, and 0.1 is meant"),
}


@pytest.mark.parametrize("row", TRADES)
def test_a_trade_at_a_mistaken_price_is_refused(row):
    given, words = TRADES[row]
    with pytest.raises(hc.SpecError, match=f"trade of 2026-02-01 in {given[0]}: .*{words}"):
        book(trade=[trade(*given)])
    (first,) = (each for each in book(trade=[trade(*given)], accept=True).warnings if "The" in each)
    assert first.startswith(f"The trade of 2026-02-01 in {given[0]}: its price is ")


@pytest.mark.parametrize("row", FLOWS)
def test_a_flow_that_is_mistaken_is_refused(row):
    given, words = FLOWS[row]
    with pytest.raises(hc.SpecError, match=f"flow of 2026-01-01 in .*{words}.*--accept"):
        book(flow=[flow(**given)])


@pytest.mark.parametrize(
    "rows",
    [
        [flow(price=80.0)],
        [flow(amount=90.0, price=1500.0), flow(amount=-86.0, date="2026-03-01")],
        [flow(), flow(type="fees", amount=3.0), flow(type="costs", asset="USD", amount=7e3)],
        [flow(asset="DOGE", amount=1e9)],
        [flow(amount=0.0001)],
    ],
)
def test_ordinary_flows_are_quiet(rows):
    """Old prices, what was withdrawn, fees of years, an asset that has no price today, a part."""
    trades = [trade("PERP", 150.0), trade("SPOT", 9000.0), trade("CALL", 20.0)]
    assert not any(each.startswith("The ") for each in book(flow=rows, trade=trades).warnings)


def test_an_amount_that_nothing_explains_is_a_warning():
    (said,) = (each for each in book(flow=[flow(amount=4e9)]).warnings if "flow" in each)
    assert "its amount is 4e+09 WETH, worth 6.67e+08 times the positions" in said


@pytest.mark.parametrize(("name", "profit"), [("LOAN", 300.0), ("SPOT", -300.0), ("PERP", -300.0)])
def test_a_trade_in_debt_gains_what_one_in_coins_loses(name, profit):
    """Three borrowed at 2100 and sold there are owed at 2000; three bought have lost as much."""
    past = book(flow=[flow()], trade=[trade(name, 2100.0, 3.0)])
    assert performance(past).total.hedge_profit == profit
