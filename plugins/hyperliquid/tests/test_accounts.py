"""An account of Hyperliquid is whole, or an error: never flat where something is held."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from attrs import evolve
from hyper.bench import venue
from hyper.exchange import AGENT, OWNER

import hedgecore as hc
from hedgecore.tables import bounded_http

SIZE = Decimal("1.5")


@pytest.mark.usefixtures("bench")
def test_an_agents_address_is_an_empty_account_and_refused(server):
    with pytest.raises(hc.VenueError, match=f"{AGENT} is an agent's: the account is {OWNER}"):
        evolve(venue(server[1]), account=AGENT).open()


@pytest.mark.parametrize("role", ["missing", "vault", "subAccount"])
def test_an_address_with_no_positions_of_its_own_is_refused(bench, server, role):
    bench.exchange.roles[OWNER] = {"role": role}
    with pytest.raises(hc.VenueError, match=f"is '{role}' there"):
        venue(server[1]).open()


@pytest.mark.parametrize("mode", ["unifiedAccount", "portfolioMargin", None, {}])
def test_a_mode_that_keeps_balances_elsewhere_is_refused(bench, server, mode):
    bench.exchange.mode = mode
    with pytest.raises(hc.VenueError, match=r"in the mode .*: choose separate balances"):
        venue(server[1]).open()


def test_positions_on_a_builders_exchange_are_refused_by_name(bench, server):
    bench.exchange.elsewhere["xyz"] = ["xyz:TSLA"]
    with pytest.raises(hc.VenueError, match=r"holds xyz:TSLA on .*, xyz, which has no table"):
        venue(server[1]).watch()


def test_a_key_that_is_no_agents_is_refused(bench, server):
    bench.exchange.roles[AGENT] = {"role": "agent", "data": {"user": "0x" + "1" * 40}}
    with pytest.raises(hc.VenueError, match=f"{AGENT} is no agent of {OWNER}"):
        venue(server[1]).open()


def spoiled(bench, kind, change):
    """Let the exchange's answers to one question be changed."""
    plain = bench.exchange.info

    def info(asked):
        said = plain(asked)
        return change(said) if asked["type"] == kind else said

    bench.exchange.info = info


def without_positions(said):
    return {**said, "assetPositions": []}


def isolated(said):
    said["assetPositions"][0]["position"]["leverage"] = {"type": "isolated", "value": 3}
    return said


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (without_positions, "do not add up to their notional"),
        (isolated, "ETH is on isolated margin"),
        (lambda said: said | {"assetPositions": None}, "incomplete"),
        (lambda said: said | {"time": "soon"}, "incomplete"),
    ],
)
def test_positions_that_are_not_whole_are_an_error(desk, bench, change, why):
    desk.fill(SIZE)
    spoiled(bench, "clearinghouseState", change)
    with pytest.raises(hc.VenueError, match=why):
        desk.account()


def test_a_fill_that_is_not_told_is_an_error(desk, bench):
    since = desk.account().cursor
    desk.fill(SIZE)
    desk.fill(SIZE)
    spoiled(bench, "userFillsByTime", lambda said: said[:1])
    with pytest.raises(hc.VenueError, match="fills of ETH do not reach the position"):
        desk.account(since)


def test_an_account_that_changes_while_it_is_read_is_an_error(desk, bench):
    spoiled(bench, "openOrders", lambda said: bench.trade(SIZE) or said)
    with pytest.raises(hc.VenueError, match="changed while it was read"):
        desk.account()


def test_all_pages_of_a_history_are_read(desk, bench):
    since = desk.account().cursor
    for _ in range(2500):
        bench.trade(Decimal("0.001"))
        bench.exchange.fills[-1]["cloid"] = "0x" + "ff" * 16  # else each order is asked for its own
    events = desk.account(since).events
    assert len({each.id for each in events}) == len(events) == 2500
    assert sum(each.contracts for each in events) == bench.exchange.held


def test_liquidations_and_deleveraging_are_told_as_such(desk, bench):
    since = desk.account().cursor
    kinds = {"liquidation": {"liquidatedUser": OWNER}}, {"dir": "Auto-Deleveraging"}
    for more in kinds:
        bench.trade(SIZE)
        bench.exchange.fills[-1] |= more
    told = [each.kind for each in desk.account(since).events]
    assert told == [hc.EventKind.LIQUIDATION, hc.EventKind.DELEVERAGING]


@pytest.mark.parametrize(
    ("delta", "changes"),
    [
        ({"type": "accountClassTransfer", "usdc": "9.0", "toPerp": True}, {}),
        (
            {"type": "internalTransfer", "usdc": "9.0", "user": OWNER, "destination": "0x1",
             "fee": "1"},
            {"USDC": -10},
        ),
        (
            {"type": "spotTransfer", "token": "HYPE", "amount": "2.5", "user": "0x1",
             "destination": OWNER, "fee": "0.0"},
            {"HYPE": Decimal("2.5")},
        ),
    ],
)  # fmt: skip
def test_transfers_change_what_they_moved(desk, bench, delta, changes):
    since = desk.account().cursor
    bench.exchange.write(delta)
    [event] = desk.account(since).events
    assert (event.kind, dict(event.changes)) == (hc.EventKind.TRANSFER, changes)


def test_a_movement_that_is_not_known_is_an_error(desk, bench):
    since = desk.account().cursor
    bench.exchange.write({"type": "vaultDeposit", "usdc": "100.0"})
    with pytest.raises(hc.VenueError, match="userNonFundingLedgerUpdates: the answer"):
        desk.account(since)


def test_spot_trades_change_both_coins(desk, bench):
    since = desk.account().cursor
    row = {"coin": "@107", "px": "30", "sz": "2", "side": "B", "fee": "0.001", "feeToken": "HYPE"}
    bench.exchange.trade(SIZE)
    bench.exchange.fills[-1] |= row
    [event] = desk.account(since).events
    assert dict(event.changes) == {"HYPE": Decimal("1.999"), "USDC": -60}
    assert event.symbol is None


@pytest.mark.parametrize("text", ["<html></html>", "[" * 2000 + "]" * 2000, "{}", '"'])
def test_an_answer_of_another_form_is_an_error(desk, server, text):
    loopback = server[0]
    loopback.answer = lambda _: (200, text)
    for ask in (desk.session.terms, desk.session.account, desk.session.identity):
        with pytest.raises(hc.VenueError):
            ask()


def test_an_answer_without_an_end_is_an_error(desk, monkeypatch):
    monkeypatch.setattr(bounded_http, "MOST_BYTES", 100)
    with pytest.raises(hc.VenueError, match="no answer: TimeoutError"):
        desk.session.terms()


@pytest.mark.parametrize(
    ("field", "given", "why"),
    [
        ("account", "0x12", "40 hexadecimal digits"),
        ("url", "http://example.com", "must be https://"),
        ("network", "main", "must be one of mainnet, testnet"),
    ],
)
def test_a_table_that_is_wrong_is_named(field, given, why):
    table = {"kind": "hyperliquid", "account": OWNER, field: given}
    with pytest.raises(hc.SpecError, match=why):
        hc.build(json.loads(json.dumps(table)))
