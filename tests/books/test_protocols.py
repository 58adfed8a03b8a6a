"""examples/protocols.toml: one position of each family of curves, hedged in one call."""

from pathlib import Path

import pytest
from attrs import evolve

import hedgecore as hc

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
