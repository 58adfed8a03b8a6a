"""An account of an exchange is whole, or an error: never flat where something is held."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from exchanges.bench import changed
from exchanges.places import PLACES

import hedgecore as hc
from hedgecore.readers.venue_accounts import request_of
from hedgecore.readers.venue_tables import HOOK, venue_of
from hedgecore.registry.registry import default_registry
from hedgecore.tables import bounded_http

OTHERS = {"deribit": ("list_api_keys", "max_scope", "account:read trade:read wallet:read_write"),
          "okx": ("get_account_config", "perm", "read_only,withdraw"),
          "binance": ("sapi_get_account_apiRestrictions", "enableWithdrawals", True)}  # fmt: skip

UNTOLD = {
    "okx": ("get_account_balance",
            lambda said: [{**said[0], "details": [{**said[0]["details"][0], "mmr": ""}]}]),
    "binance": ("fapi_get_account",
                lambda said: {**said, "assets": [{**said["assets"][0], "asset": "BNB"}]}),
}  # fmt: skip


def test_what_the_key_may_do_is_what_the_exchange_says(place, desk, bench):
    assert desk.session.identity().permissions == ("trade",)
    method, name, value = OTHERS[place.name]
    changed(bench, method, lambda said: _with(said, name, value))
    assert "withdraw" in desk.session.identity().permissions


def _with(said, name, value):
    if isinstance(said, list):
        return [{**each, name: value} for each in said]
    return {**said, name: value}


def test_the_keys_of_another_account_are_refused(place, bench, server):
    with pytest.raises(hc.VenueError, match=r"the keys are those of account .*, not 999"):
        evolve(place.venue(url=server[1]), account="999").open()
    assert bench.orders_seen() == []


def test_wrong_keys_are_an_error_that_shows_what_the_exchange_said(
    place, bench, server, monkeypatch
):
    words = {"deribit": "unauthorized", "okx": "Invalid Sign", "binance": "not valid"}[place.name]
    monkeypatch.setenv([*place.keys][-1], "canary-wrong")
    with pytest.raises(hc.VenueError, match=words) as caught:
        place.venue(url=server[1]).open()
    assert "canary" not in str(caught.value)
    assert bench.orders_seen() == []


@pytest.mark.usefixtures("keys")
def test_a_key_is_missing_or_in_a_file_that_others_may_read(place, tmp_path, monkeypatch):
    name = [*place.keys][-1]
    file = tmp_path / "key"
    file.write_text(place.keys[name])
    monkeypatch.delenv(name)
    with pytest.raises(hc.VenueError, match=f"set {name}, or {name}_FILE"):
        place.venue().open()
    monkeypatch.setenv(f"{name}_FILE", str(file))
    file.chmod(0o644)
    with pytest.raises(hc.VenueError, match="chmod 600"):
        place.venue().open()


def test_a_key_of_a_file_of_its_owner_is_taken(place, bench, server, tmp_path, monkeypatch):
    name = [*place.keys][-1]
    file = tmp_path / "key"
    file.write_text(place.keys[name])
    file.chmod(0o600)
    monkeypatch.delenv(name)
    monkeypatch.setenv(f"{name}_FILE", str(file))
    with place.venue(url=server[1]).open() as session:
        assert session.account().balances
    assert bench.requests_seen


def test_a_position_that_one_answer_leaves_out_is_an_error(place, desk, bench):
    desk.fill(bench.size)
    method, why = {
        "deribit": ("get_positions", "positions add up to a delta of 0"),
        "okx": ("get_account_positions", "are not those by which its risk is reckoned"),
        "binance": ("fapi_get_positionRisk", "do not name the same positions"),
    }[place.name]
    changed(bench, method, lambda said: [])  # noqa: ARG005 - whatever was said
    with pytest.raises(hc.VenueError, match=why):
        desk.account()


@pytest.mark.parametrize("place", PLACES[1:], indirect=True, ids=["okx", "binance"])
def test_a_margin_that_is_not_told_is_no_margin_of_nothing(place, desk, bench):
    """An account whose maintenance is told as 0 could be filled up with orders."""
    method, change = UNTOLD[place.name]
    changed(bench, method, change)
    assert desk.account().margin.maintenance == 0
    desk.fill(bench.size)
    with pytest.raises(hc.VenueError, match="their margin in USDT is not told"):
        desk.account()


def test_an_event_that_is_left_out_is_an_error(place, desk, bench):
    """The history must reach what is held: by its balances, or by what each trade has paid."""
    since = desk.account().cursor
    desk.fill(bench.size)
    bench.accrue()
    desk.fill(-bench.size)
    method = {"deribit": "get_transaction_log", "okx": "get_account_bills",
              "binance": "fapi_get_income"}[place.name]  # fmt: skip
    changed(bench, method, _without_the_second)
    with pytest.raises(hc.VenueError, match=r"is missing before|do not match"):
        desk.account(since)


def _without_the_second(said):
    rows = said["logs"] if isinstance(said, dict) else said
    del rows[0 if len(rows) == 1 else 1 if isinstance(said, dict) else len(rows) - 2]
    return said


def test_an_account_that_changes_while_it_is_read_is_an_error(place, desk, bench):
    method = {"deribit": "get_open_orders_by_currency", "okx": "get_trade_orders_pending",
              "binance": "fapi_get_openOrders"}[place.name]  # fmt: skip
    changed(bench, method, lambda said: bench.trade(bench.size) or said)
    with pytest.raises(hc.VenueError, match="changed while it was read"):
        desk.account()


def test_all_pages_of_a_history_are_read(desk, bench):
    since, lot = desk.account().cursor, bench.ledger.lot
    for _ in range(1200):
        bench.trade(2 * lot)
        bench.ledger.rows[-1].order.client = "ff" * 16
    events = desk.account(since).events
    assert len({each.id for each in events}) == len(events) == 1200
    assert sum(each.contracts for each in events) == bench.ledger.held


def test_a_cursor_that_is_none_is_an_error(desk):
    with pytest.raises(hc.VenueError, match="is no cursor"):
        desk.account("soon")


@pytest.mark.parametrize("text", ["<html></html>", "[" * 2000 + "]" * 2000, "{}", '"', "[]"])
def test_an_answer_of_another_form_is_an_error(desk, server, text):
    server[0].answer = lambda _: (200, text)
    for ask in (desk.session.terms, desk.session.account, desk.session.identity, desk.session.time):
        with pytest.raises(hc.VenueError):
            ask()


def test_an_answer_without_an_end_is_an_error(desk, monkeypatch):
    monkeypatch.setattr(bounded_http, "MOST_BYTES", 10)
    with pytest.raises(hc.VenueError, match="no answer: TimeoutError"):
        desk.session.terms()


@pytest.mark.parametrize(
    ("field", "given", "why"),
    [
        ("url", "http://example.com", "must be https://"),
        ("network", "main", "must be one of mainnet"),
        ("key", 7, "must be"),
    ],
)
def test_a_table_that_is_wrong_is_named(place, field, given, why):
    table = {"kind": place.name, "account": "1", field: given}
    with pytest.raises(hc.SpecError, match=why):
        hc.build(json.loads(json.dumps(table)))


@pytest.mark.parametrize("name", ["bybit", "kraken", "hyper-ccxt"])
def test_an_exchange_without_a_table_is_refused_by_name(name):
    with pytest.raises(hc.SpecError, match=f"'{name}' is no venue .*binance, deribit.*okx"):
        venue_of("mine", {"kind": name, "account": "1"})
    with pytest.raises(hc.SpecError, match=f"'{name}' is no venue, nor .*binance, deribit.*okx"):
        request_of(f"{name}:1", {}, default_registry().kinds(HOOK))


@pytest.mark.usefixtures("keys")
def test_the_other_network_has_other_addresses(place, monkeypatch):
    """Where nothing says `url`, ccxt's own; a test network's is never the real one's."""
    network = "demo" if place.name == "binance" else "testnet"
    told = []
    for each in ("mainnet", network):
        venue = place.venue(network=each)
        monkeypatch.setattr(
            type(venue), "session", lambda _, client: told.append(client) or Refusing(client)
        )
        with pytest.raises(hc.VenueError):
            venue.open()
    one, other = (client._exchange for client in told)
    assert one.urls["api"] != other.urls["api"] or one.headers != other.headers


class Refusing:
    """A session that asks nothing."""

    def __init__(self, client):
        self.client = client

    def time(self):
        raise hc.VenueError("nothing is asked")

    def close(self):
        self.client.close()
