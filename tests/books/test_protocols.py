"""examples/protocols.toml: one position of each family of curves, hedged in one call."""

import tomllib
from itertools import cycle
from pathlib import Path

import pytest
from attrs import evolve

import hedgecore as hc
from exact_curves import MP, worth

BOOK = Path(__file__).resolve().parents[2] / "examples" / "protocols.toml"


@pytest.fixture(scope="module")
def book():
    try:
        return hc.Book.load(BOOK)
    except hc.UnknownKindError as missing:
        pytest.skip(str(missing))


MOVED = {"ETH-PERP": "WETH", "BTC-PERP": "WBTC", "wstETH": "wstETH"}
HEDGES = {**MOVED, "PT-wstETH": "PT-wstETH", "YES": "YES", "HOME": "HOME"}


def by_asset(exposure):
    return dict(zip(exposure.assets, exposure.delta, strict=True))


def test_all_that_can_be_hedged_is_hedged_in_one_call(book):
    answer = book.hedge()
    before, after = by_asset(answer.before), by_asset(answer.after)
    assert answer.quantities.keys() == HEDGES.keys()
    assert all(before[asset] for asset in HEDGES.values())
    assert [after[asset] for asset in HEDGES.values()] == pytest.approx([0.0] * 6, abs=1e-11)


@pytest.mark.parametrize("move", [-0.1, 0.1])
def test_what_is_held_and_its_hedge_are_worth_the_same_after_a_move(book, move):
    """WETH, WBTC and wstETH together; the pools as they stand, before anyone trades with them."""
    book = evolve(book, positions=tuple(each for each in book.positions if each.at == "state"))
    prices = dict(book.market.prices)
    moved = dict.fromkeys(HEDGES.values(), 0.0) | {a: move * prices[a] for a in MOVED.values()}
    there = hc.Market(
        prices={a: p + moved.get(a, 0.0) for a, p in prices.items()},
        numeraire=book.market.numeraire,
    )
    held = book.portfolio.worth(there) - book.portfolio.worth(book.market)
    traded = [amount * moved[HEDGES[name]] for name, amount in book.hedge().quantities.items()]
    assert abs(held) > 20_000
    assert sum(traded) == pytest.approx(-held, rel=1e-12)


MOVES = {"up": [0.1], "down": [-0.1], "apart": [0.1, -0.1]}
"""What the prices of all assets but USDC do, one after the other."""


@pytest.mark.parametrize("way", MOVES)
@pytest.mark.sample(2)
def test_the_hedged_book_is_worth_after_a_move_what_each_curve_is_in_60_digits(book, way):
    """Every position on its curve, and the hedge held: to 1e-13 of the gross worth."""
    here = {asset: float(price) for asset, price in book.market.prices.items()}
    pairs = zip((asset for asset in here if asset != "USDC"), cycle(MOVES[way]))
    moved = {asset: here[asset] * (1 + move) for asset, move in pairs}
    hedge = book.hedge()
    profit = hc.scenario(book, book.market.shifted(prices=moved), hedge=hedge).after.full
    there = here | moved
    tables = tomllib.loads(BOOK.read_text("utf-8"))["position"]
    before, after = ([worth(table, prices) for table in tables] for prices in (here, there))
    changes = [MP.mpf(there[HEDGES[n]]) - MP.mpf(here[HEDGES[n]]) for n in HEDGES]
    traded = [
        MP.mpf(hedge.quantities[n]) * change for n, change in zip(HEDGES, changes, strict=True)
    ]
    due = sum(after) - sum(before) + sum(traded)
    assert len(before) == len(book.positions)
    assert abs(MP.mpf(float(profit)) - due) <= 1e-13 * float(sum(map(abs, before)))
    assert abs(due) > 100  # what gamma does, which no first order would tell
