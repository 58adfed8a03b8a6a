"""What is sent to an exchange is what was meant, and nothing besides."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from traceback import TracebackException
from urllib.parse import parse_qsl, urlsplit

import pytest
from attrs import evolve
from exchanges.places import PLACES
from hedgecore_ccxt_venues.client import Call

import hedgecore as hc

FIELDS = {
    "deribit": {"instrument_name", "amount", "type", "label", "price", "time_in_force",
                "reduce_only", "valid_until"},
    "okx": {"instId", "tdMode", "clOrdId", "side", "ordType", "px", "sz", "reduceOnly"},
    "binance": {"symbol", "side", "type", "timeInForce", "quantity", "price", "reduceOnly",
                "newClientOrderId", "timestamp", "recvWindow", "signature"},
}  # fmt: skip
NAMES = {"deribit": ("label", "amount"), "okx": ("clOrdId", "sz"),
         "binance": ("newClientOrderId", "quantity")}  # fmt: skip


def sent(bench):
    """Parameters of the last order that arrived."""
    asked = bench.orders_seen()[-1]
    if asked.body.startswith("{"):
        return json.loads(asked.body)
    return dict(parse_qsl(asked.body or urlsplit(asked.path).query))


def test_an_order_has_these_fields_and_our_client_id(place, desk, bench):
    receipt = desk.session.prepare(desk.intent(bench.size))
    desk.session.place(receipt)
    assert sent(bench).keys() == FIELDS[place.name]
    assert sent(bench)[NAMES[place.name][0]] == receipt.intent.client_id


def test_no_broker_and_no_referrer_is_ever_sent(desk, bench):
    """Of all that a session sends, to the last byte: neither ids of brokers nor tags."""
    desk.session.identity()
    desk.session.terms()
    desk.fill(bench.size)
    desk.account(desk.account().cursor)
    marks = ("6b9ad766b55dBCDE", "e847386590ce4dBC", "x-TKT5PX2F", "x-cvBPrNm9", "x-xcKtGhcu",
             "x-HNA2TXFJ", "broker", "Broker", "referr", '"tag"', "builder")  # fmt: skip
    for asked in bench.requests_seen:
        said = f"{asked.path} {dict(asked.headers)} {asked.body}"
        assert not [each for each in marks if each in said]


def test_a_request_that_is_not_what_was_meant_is_not_sent(desk, bench):
    """Whatever a client adds, changes or leaves out: the last look is at what it would send."""
    client = desk.session._client
    receipt = desk.session.prepare(desk.intent(bench.size))
    exchange, call = client._exchange, desk.session.order(receipt)
    plain = exchange.sign

    def tagged(path, api="public", method="GET", params=None, *more):
        return plain(path, api, method, {**params, "tag": "broker"}, *more)

    exchange.sign = tagged
    with pytest.raises(hc.RejectedError, match="would send tag otherwise"):
        client.ask("order", call, lambda said: said)
    assert bench.orders_seen() == []


def test_sizes_on_the_lot_reach_the_exchange_to_the_digit(place, desk, bench):
    """As decimals, up to sizes that a float does not hold."""
    session, chance = desk.session, Random(7)  # noqa: S311 - no secret
    lot, tick = bench.ledger.lot, bench.ledger.tick
    client, told = session._client, []
    client._exchange.fetch = client._guarded(lambda *asked: told.append(asked))
    for _ in range(200):
        size = lot * chance.randrange(1, 10**18)
        intent = evolve(desk_intent(bench), contracts=size, limit_price=tick * 123457)
        receipt = hc.Receipt(intent=intent, proof={"window": "1000"})
        client.ask("order", session.order(receipt), lambda said: said)
        url, _, _, body = told.pop()
        found = json.loads(body) if str(body).startswith("{") else dict(
            parse_qsl(body or urlsplit(url).query)
        )  # fmt: skip
        assert Decimal(found[NAMES[place.name][1]]) == size


def desk_intent(bench):
    """Return an order of a symbol, at any price."""
    return hc.Intent(client_id="ab" * 16, symbol=bench.symbol, contracts=bench.size,
                     limit_price=Decimal(1), expires=1_700_000_005.0)  # fmt: skip


@pytest.mark.parametrize(
    ("contracts", "limit", "why"),
    [
        ("0.0000001", None, "no whole number of lots"),
        ("0", None, "no whole number of lots"),
        ("NaN", None, "no whole number of lots"),
        ("1e400", None, "no whole number of lots"),
        (None, "1e400", "is no price there"),
        (None, "0.00000001", "the tick is"),
        (None, "-1", "is no price there"),
        (None, "NaN", "is no price there"),
    ],
)
def test_what_cannot_be_sent_as_it_is_meant_is_refused(desk, bench, contracts, limit, why):
    intent = desk.intent(bench.size)
    changed = {"contracts": contracts, "limit_price": limit}
    wrong = evolve(intent, **{n: Decimal(each) for n, each in changed.items() if each is not None})
    with pytest.raises(hc.RejectedError, match=why):
        desk.session.prepare(wrong)
    assert bench.orders_seen() == []


def test_a_symbol_that_is_not_listed_is_refused(desk, bench):
    names = {"BTC-PERPETUAL": "DOGE-PERPETUAL", "BTC-USDT-SWAP": "DOGE-USDT-SWAP"}
    wrong = evolve(desk.intent(bench.size), symbol=names.get(bench.symbol, "DOGEUSDT"))
    with pytest.raises(hc.RejectedError, match="no contract is called 'DOGE"):
        desk.session.prepare(wrong)


def test_an_order_carries_its_end(place, desk, bench):
    receipt = desk.session.prepare(desk.intent(bench.size))
    desk.session.place(receipt)
    end = int(receipt.intent.expires * 1000)
    headers = {name.lower(): each for name, each in bench.orders_seen()[-1].headers.items()}
    ends = {
        "deribit": lambda: int(sent(bench)["valid_until"]),
        "okx": lambda: int(headers["exptime"]),
        "binance": lambda: int(sent(bench)["timestamp"]) + int(sent(bench)["recvWindow"]),
    }
    assert ends[place.name]() == end


@pytest.mark.parametrize("place", PLACES[-1:], indirect=True, ids=["binance"])
def test_an_order_of_more_than_a_minute_is_refused_where_none_can_live_so_long(desk, bench):
    intent = desk.intent(bench.size)
    with pytest.raises(hc.RejectedError, match="60 are the most"):
        desk.session.prepare(evolve(intent, expires=intent.expires + 5))


def test_a_session_sends_an_order_once(desk, bench):
    """Exchanges take a second order under the same client id, once the first has been filled."""
    receipt = desk.session.prepare(desk.intent(bench.size))
    with bench.lose_answers(executed=False), pytest.raises(hc.VenueError):
        desk.session.place(receipt)
    with pytest.raises(hc.VenueError, match="was sent before, or elsewhere"):
        desk.session.place(receipt)
    assert bench.ledger.orders == []


def test_another_session_does_not_send_what_one_may_have_sent(place, desk, bench, server):
    receipt = desk.session.prepare(desk.intent(bench.size))
    with place.venue(url=server[1]).open() as other:
        with pytest.raises(hc.VenueError, match="was sent before, or elsewhere") as caught:
            other.place(receipt)
        assert not isinstance(caught.value, hc.RejectedError)


def test_what_the_exchange_says_of_the_order_itself_is_a_refusal(desk, bench):
    bench.ledger.cash = Decimal("0.0001")
    receipt = desk.session.prepare(desk.intent(bench.size))
    with pytest.raises(hc.RejectedError, match="funds"):
        desk.session.place(receipt)
    assert not bench.ledger.rows


def test_a_code_that_says_nothing_of_the_order_is_no_refusal(place, desk, bench):
    """Limits of requests, a wrong signature, "execution unknown": what became of it is open."""
    refused = {
        "deribit": (400, '{"error": {"code": 10028, "message": "too_many_requests"}}'),
        "okx": (200, '{"code": "1", "msg": "", "data": [{"sCode": "51016", "sMsg": "dup"}]}'),
        "binance": (400, '{"code": -1006, "msg": "execution status unknown"}'),
    }
    receipt = desk.session.prepare(desk.intent(bench.size))
    bench.server.answer = lambda _: refused[place.name]
    with pytest.raises(hc.VenueError) as caught:
        desk.session.place(receipt)
    assert not isinstance(caught.value, hc.RejectedError)


@pytest.mark.parametrize("before", [0, 190, 290])
def test_a_refusal_that_quotes_a_key_shows_no_part_of_it(place, desk, bench, before):
    """Wherever the words are cut, and in no local of the error either."""
    words = "x" * before + "".join(each.reveal() for each in bench.secrets)
    refused = {
        "deribit": (400, {"error": {"code": 10009, "message": words}}),
        "okx": (200, {"code": "1", "msg": "", "data": [{"sCode": "51008", "sMsg": words}]}),
        "binance": (400, {"code": -2019, "msg": words}),
    }
    receipt = desk.session.prepare(desk.intent(bench.size))
    status, said = refused[place.name]
    bench.server.answer = lambda _: (status, json.dumps(said))
    with pytest.raises(hc.RejectedError) as caught:
        desk.session.place(receipt)
    frames = TracebackException.from_exception(caught.value, capture_locals=True)
    for told in (str(caught.value), *(str(each.locals) for each in frames.stack[1:])):
        assert "canary" not in told


def test_absence_is_said_five_seconds_after_the_end_by_the_exchange_s_time(desk, bench):
    receipt = desk.session.prepare(desk.intent(bench.size))
    for seconds, known in ((bench.lifetime, False), (4.9, False), (0.3, True)):
        bench.advance(seconds)
        assert isinstance(desk.session.resolve(receipt), hc.Absent) == known


def test_a_call_hides_what_it_sends():
    shown = repr(Call("order", "private", {"label": "canary"}, headers={"expTime": "canary"}))
    assert "canary" not in shown


def test_headers_with_keys_are_not_logged(desk, bench, caplog):
    """Their own logger writes them, at DEBUG."""
    with caplog.at_level("DEBUG"):
        desk.session.identity()
        desk.fill(bench.size)
    for secret in bench.secrets:
        assert secret.reveal() not in caplog.text


def test_the_decimals_of_an_answer_are_kept(desk, bench):
    bench.ledger.cash = Decimal("10.00000001")
    assert Decimal("10.00000001") in desk.account().balances.values()
