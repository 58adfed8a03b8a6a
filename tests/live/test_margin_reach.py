"""How far prices may go before an account is liquidated, beside closed forms."""

from decimal import Decimal

import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.interfaces.account import Account, AccountMargin, ContractPosition, Identity
from hedgecore.live.margin_reach import margin_reach, reach_warnings
from hedgecore.live.snapshot import BookReading, Snapshot, VenueReading

PRICE, MAINTENANCE = 3000.0, 0.02


def book(kind="perp", **fields):
    return hc.Book.from_tables({
        "numeraire": "USD", "prices": {"ETH": PRICE, "USDC": 1.0},
        "venues": {"desk": {"kind": "paper"}},
        "instrument": [
            {"name": "P", "kind": kind, "underlying": "ETH", "venue": "desk", **fields},
        ],
    })  # fmt: skip


def reading(contracts, equity, balances, maintenance, asset="USDC"):
    held = {"P": ContractPosition(contracts=Decimal(contracts))} if contracts else {}
    margin = AccountMargin(asset=asset, equity=Decimal(equity), maintenance=Decimal(maintenance))
    account = Account(time=0.0, balances=balances, positions=held, margin=margin, cursor="")
    who = Identity(account="me", network="paper")
    return VenueReading(identity=who, terms={}, account=account, tops={})


def reach(own, venue, least=2.0):
    return margin_reach(venue, {"P": own.instruments[0]}, own, least)


def test_a_short_perp_is_liquidated_at_a_rise_that_has_a_closed_form():
    """Equity E − n·P·x = m·n·P·(1 + x) at x = (E/(n·P) − m)/(1 + m)."""
    equity = 6000.0
    found = reach(book(), reading(-10, equity, {"USDC": Decimal(6000)}, 10 * PRICE * MAINTENANCE))
    rise = (equity / (10 * PRICE) - MAINTENANCE) / (1 + MAINTENANCE)
    assert found.up == pytest.approx(rise, rel=1e-9)
    assert found.down is None
    assert found.ratio == pytest.approx(10.0)


def test_what_a_move_needs_keeps_so_many_times_the_maintenance_after_it():
    found = reach(book(), reading(-10, 6000, {"USDC": Decimal(6000)}, 10 * PRICE * MAINTENANCE))
    needed = 2 * MAINTENANCE * 10 * PRICE * 1.2 - (6000 - 10 * PRICE * 0.2)
    assert found.needed == {-0.2: 0.0, 0.2: pytest.approx(needed)}


def test_a_coin_that_is_the_collateral_of_its_own_short_is_never_liquidated_by_a_rise():
    """Long 2 coins and short 2 of an inverse perp, 6000 USD: worth 6000 USD at every price."""
    own = book("inverse-perp", contract_size=1.0)
    balances = {"ETH": Decimal(2)}
    found = reach(own, reading(-6000, 2, balances, Decimal("0.04"), asset="ETH"))
    assert found.up is None


def test_a_long_that_its_coin_backs_is_liquidated_sooner_than_one_that_cash_backs():
    cash = reach(book(), reading(10, 6000, {"USDC": Decimal(6000)}, 10 * PRICE * MAINTENANCE))
    coin = reach(
        book(), reading(10, 2, {"ETH": Decimal(2)}, 10 * PRICE * MAINTENANCE / PRICE, asset="ETH")
    )
    fall = (6000 / (10 * PRICE) - MAINTENANCE) / (1 - MAINTENANCE)
    assert cash.down == pytest.approx(-fall, rel=1e-9)
    assert -fall < coin.down < 0


def test_nothing_held_is_never_liquidated_and_no_margin_has_no_reach():
    found = reach(book(), reading(0, 6000, {"USDC": Decimal(6000)}, 0))
    assert (found.up, found.down, found.needed) == (None, None, {-0.2: 0.0, 0.2: 0.0})
    bare = Account(time=0.0, balances={}, positions={}, cursor="")
    assert reach(book(), evolve(reading(0, 0, {}, 0), account=bare)) is None


def test_a_margin_that_a_fifth_would_end_is_told():
    venue = reading(-10, 6000, {"USDC": Decimal(6000)}, 10 * PRICE * MAINTENANCE)
    snapshot = Snapshot(began=0.0, time=0.0, book=BookReading(tables={}), venues={"desk": venue})
    said = list(reach_warnings(snapshot, book(), 2.0))
    assert said == [
        "desk is liquidated at a move of +17.6%",
        "desk needs 1,440.00 USD more to bear a move of +20%",
    ]
