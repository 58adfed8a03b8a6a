"""Paper: an account whose worth is that of its trades, at the costs that a simulation charges."""

from decimal import Decimal
from random import Random

import pytest

import hedgecore as hc
from hedgecore.errors import RejectedError, SpecError, VenueError
from hedgecore.interfaces.account import EventKind
from hedgecore.interfaces.orders import Absent, Filled, Intent
from hedgecore.live.paper import Paper
from hedgecore.units import HOURS_PER_DAY

pytest.importorskip("hedgecore_derivatives", reason="what is traded are its contracts")

KINDS = {
    "linear": {"kind": "perp", "settlement": "USDC", "contract_size": 0.1},
    "inverse": {"kind": "inverse-perp", "contract_size": 100.0},
    "spot": {"kind": "spot"},
}
FEE = {"fee": 0.001, "lot": 1.0}


def book(price, kind="linear", **more):
    row = {"name": "P", **KINDS[kind], **FEE, **more}
    row["asset" if kind == "spot" else "underlying"] = "WETH"
    prices = {"WETH": price, "USDC": 1.0}
    return hc.Book.from_tables({"numeraire": "USD", "prices": prices, "instrument": [row]})


def opened(price=3000.0, kind="linear", costs=("fee",), balances=None, **more):
    costs = [hc.build({"kind": each} if isinstance(each, str) else each) for each in costs]
    session = Paper(balances=balances or {}).account("paper", costs)
    session.see(book(price, kind, **more), 0.0)
    return session


def intent(contracts, name, limit=None, **more):
    worst = limit or ("1e9" if contracts > 0 else "1")
    return Intent(
        client_id=name, symbol="P", contracts=Decimal(contracts), limit_price=Decimal(worst),
        expires=more.pop("expires", 1e12), **more,
    )  # fmt: skip


def order(session, contracts, name, **more):
    receipt = session.prepare(intent(contracts, name, **more))
    session.place(receipt)
    return session.resolve(receipt)


@pytest.mark.parametrize("kind", KINDS)
def test_the_account_is_worth_what_its_trades_have_gained_less_their_fees(kind):
    rng, session, trades = Random(3), opened(kind=kind), []  # noqa: S311
    for n in range(60):
        price = 3000.0 * (1.0 + 0.2 * rng.uniform(-1.0, 1.0))
        session.see(book(price, kind), float(n))
        contracts = rng.choice([-7, -3, -1, 2, 3, 6])
        done = order(session, contracts, f"o{n}")
        assert done.contracts == contracts
        trades.append((contracts, float(done.price)))
    price = 2500.0
    session.see(book(price, kind), 60.0)
    size = {"linear": 0.1, "inverse": 100.0, "spot": 1.0}[kind]
    account = session.account("0")
    if kind == "inverse":  # in coins
        gained = sum(q * (1.0 / p - 1.0 / price) - 0.001 * abs(q) / p for q, p in trades)
    else:
        gained = sum(q * (price - p) - 0.001 * abs(q) * p for q, p in trades)
    gained *= size
    coin = {"linear": "USDC", "inverse": "WETH", "spot": "USD"}[kind]
    position = account.positions["P"]
    held, entry = float(position.contracts), float(position.entry_price)
    open_profit = {
        "linear": held * size * (price - entry),
        "inverse": held * size * (1.0 / entry - 1.0 / price),
        "spot": held * price,
    }[kind]
    assert held == sum(q for q, _ in trades)
    assert float(account.balances[coin]) + open_profit == pytest.approx(gained, rel=1e-9)
    assert sum(e.contracts for e in account.events) == position.contracts
    assert sum(e.changes.get(coin, Decimal(0)) for e in account.events) == account.balances[coin]


def test_what_crossing_the_spread_costs_is_in_the_price_and_the_fee_beside_it():
    session = opened(costs=("fee", {"kind": "half-spread", "fraction": 0.002}))
    top = session.book("P")
    assert (float(top.bid), float(top.ask)) == pytest.approx((2994.0, 3006.0))
    bought, sold = order(session, 10, "a"), order(session, -10, "b")
    assert (float(bought.price), float(sold.price)) == pytest.approx((3006.0, 2994.0))
    assert (float(bought.fee), bought.fee_asset) == (pytest.approx(3.0), "USDC")
    assert not session.account().positions


def test_a_limit_that_is_passed_fills_nothing_and_so_does_what_was_never_placed():
    session = opened(costs=({"kind": "half-spread", "fraction": 0.002}, "fee"))
    assert order(session, 1, "a", limit="3005") == Filled(contracts=Decimal(0))
    assert isinstance(session.resolve(session.prepare(intent(1, "b"))), Absent)
    assert session.account("0").events == ()


def test_sending_an_order_again_is_harmless():
    session = opened()
    receipt = session.prepare(intent(5, "a"))
    session.place(receipt)
    session.place(receipt)
    assert session.account().positions["P"].contracts == 5


@pytest.mark.parametrize(
    ("contracts", "more", "words"),
    [
        ("0.5", {}, "whole number of lots"),
        ("1", {"expires": -1.0}, "expired"),
        ("1", {"reduce_only": True}, "would not reduce"),
    ],
)
def test_what_a_venue_would_refuse_is_refused(contracts, more, words):
    with pytest.raises(RejectedError, match=words):
        order(opened(), Decimal(contracts), "a", **more)


def test_an_unknown_fee_is_an_error_and_not_nothing():
    session = opened(fee=None)
    with pytest.raises(SpecError, match="fee of 'P' is unknown"):
        order(session, 1, "a")


def test_what_is_held_earns_its_funding():
    session = opened(funding_rate=0.0001, funding_hours=8.0)
    order(session, -10, "a")
    paid = session.account().balances["USDC"]
    session.see(book(3000.0, funding_rate=0.0001, funding_hours=8.0), 3600.0 * HOURS_PER_DAY)
    account = session.account("1")
    assert [each.kind for each in account.events] == [EventKind.FUNDING]
    assert float(account.balances["USDC"] - paid) == pytest.approx(10 * 0.1 * 3000.0 * 3e-4)


def test_margin_is_worth_over_a_fraction_of_what_is_held():
    session = opened(balances={"USDC": 1000.0, "WETH": 1.0})
    assert session.account().margin.maintenance == 0
    order(session, -10, "a")
    session.see(book(3300.0), 1.0)
    margin = session.account().margin
    assert float(margin.equity) == pytest.approx(1000.0 + 3300.0 - 3.0 - 300.0)
    assert float(margin.maintenance) == pytest.approx(0.005 * 3300.0)
    assert opened().account().margin is None


def test_an_account_goes_on_where_it_stood_and_its_events_from_there():
    session = opened(balances={"USDC": 1000.0})
    order(session, -10, "a")
    then = opened(balances={"USDC": 1000.0})
    then.restore(session.account())
    order(then, 4, "b")
    account = then.account("1")
    assert account.positions["P"].contracts == -6
    assert [each.id for each in account.events] == ["paper-1"]
    with pytest.raises(VenueError, match="begins after 0"):
        then.account("0")


def test_before_a_market_is_seen_nothing_is_known():
    with pytest.raises(VenueError, match="nothing is known of the market"):
        Paper().open().book("P")


@pytest.mark.parametrize("balances", [7, {"USDC": "much"}])
def test_balances_that_are_none_are_refused(balances):
    with pytest.raises(SpecError, match="balances"):
        Paper(balances=balances)
