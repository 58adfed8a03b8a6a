"""What ccxt does by itself, at the version that is pinned; docs/reference/clients.md has the rows.

A test that fails here says that ccxt has changed, and that its row wants another look.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from urllib.parse import parse_qsl, urlsplit

import ccxt
import pytest
from exchanges.okx_options import CALL

from hedgecore.testing import Loopback

KEYS = {"apiKey": "key", "secret": "secret", "password": "pass"}
BROKER = "6b9ad766b55dBCDE"


def catching(name, answer="{}"):
    """Return a client of ccxt's, and the requests that it makes, none of which is sent."""
    client, told = getattr(ccxt, name)({**KEYS, "enableRateLimit": False}), []

    def fetch(*asked):
        told.append(asked)
        return json.loads(answer)

    client.fetch = fetch
    return client, told


def market(client, **more):
    """Give a client one market, so that it asks for none."""
    made = client.safe_market_structure(
        {"id": "BTC-X", "symbol": "BTC/USDT:USDT", "base": "BTC", "quote": "USDT",
         "settle": "USDT", "type": "swap", "swap": True, "contract": True, "linear": True,
         "inverse": False, "option": False, "spot": False, "contractSize": 1.0,
         "precision": {"amount": 0.01, "price": 0.1}, "limits": {"amount": {"min": 0.01}}, **more}
    )  # fmt: skip
    client.markets = {made["symbol"]: made}
    client.markets_by_id = {made["id"]: [made]}
    client.load_markets = lambda *_, **__: client.markets
    return made["symbol"]


def test_okx_sends_a_broker_s_id_and_tag_unless_a_client_id_is_given():
    """By `create_order`; by a plain request it means to, and leaves both out."""
    client, told = catching("okx", '{"code": "0", "data": [{"ordId": "1", "sCode": "0"}]}')
    symbol = market(client)
    client.create_order(symbol, "limit", "buy", 1, 100)
    client.create_order(symbol, "limit", "buy", 1, 100, {"clientOrderId": "mine"})
    client.private_post_trade_order({"instId": "BTC-X"})
    made, named, bare = (order_of(asked[3]) for asked in told)
    assert (made["clOrdId"][:16], made["tag"]) == (BROKER, BROKER)
    assert (named["clOrdId"], named.get("tag")) == ("mine", None)
    assert bare == {"instId": "BTC-X"}


def order_of(body):
    """Return the one order of a body."""
    found = json.loads(body)
    return found[0] if isinstance(found, list) else found


@pytest.mark.parametrize(
    ("api", "prefix"), [("fapiprivate", "x-cvBPrNm9"), ("dapiprivate", "x-xcKtGhcu")]
)
def test_binance_makes_a_client_id_with_a_broker_s_prefix_unless_one_is_given(api, prefix):
    client, told = catching("binance")
    send = getattr(client, f"{api}_post_order")
    send({"symbol": "X"})
    send({"symbol": "X", "newClientOrderId": "mine"})
    made, given = (dict(parse_qsl(asked[3]))["newClientOrderId"] for asked in told)
    assert (made.startswith(prefix), given) == (True, "mine")


def test_binance_s_window_is_ten_seconds_from_the_local_clock():
    client, told = catching("binance")
    client.fapiprivate_post_order({"symbol": "X", "newClientOrderId": "mine"})
    sent = dict(parse_qsl(told[0][3]))
    assert sent["recvWindow"] == "10000"
    assert abs(int(sent["timestamp"]) - time.time_ns() // 10**6) < 60_000


def test_deribit_sends_no_label_for_a_client_id():
    client, told = catching("deribit", '{"result": {"order": {}, "trades": []}}')
    symbol = market(client)
    client.create_order(symbol, "limit", "buy", 1, 100, {"clientOrderId": "mine"})
    sent = dict(parse_qsl(urlsplit(told[0][0]).query))
    assert "label" not in sent
    assert sent["clientOrderId"] == "mine"


@pytest.mark.parametrize("name", ["deribit", "okx", "binance"])
def test_amounts_are_cut_to_the_lot_in_silence(name):
    client, _ = catching(name)
    symbol = market(client)
    assert client.amount_to_precision(symbol, 0.0199) == "0.01"
    assert client.amount_to_precision(symbol, 123456789.019) == "123456789.01"


def test_okx_has_no_way_to_send_an_order_s_end():
    """`expTime` goes into the body, where the exchange does not look: there it is a header."""
    client, told = catching("okx", '{"code": "0", "data": [{"ordId": "1", "sCode": "0"}]}')
    client.private_post_trade_order({"clOrdId": "mine", "expTime": "1"})
    assert "expTime" not in told[0][2]
    assert json.loads(told[0][3])["expTime"] == "1"


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("deribit", "public_get_get_time"),
        ("okx", "public_get_public_time"),
        ("binance", "fapipublic_get_time"),
    ],
)
def test_no_request_is_made_again_by_itself(name, method):
    client, told = catching(name)

    def fails(*asked):
        told.append(asked)
        raise ccxt.RequestTimeout(name)

    client.fetch = fails
    with pytest.raises(ccxt.RequestTimeout):
        getattr(client, method)()
    assert len(told) == 1


def test_okx_s_options_have_the_size_of_a_coin_since_their_multiplier_is_left_out():
    """A hundred times too much: one contract is a hundredth of a coin."""
    market = ccxt.okx().parse_market(CALL)
    assert market["contractSize"] == float(CALL["ctVal"]) == 1.0
    assert float(CALL["ctVal"]) * float(CALL["ctMult"]) == 0.01


def test_okx_s_option_is_listed_at_the_finest_of_its_ticks():
    assert ccxt.okx().parse_market(CALL)["precision"]["price"] == 0.0001


def test_binance_s_demo_network_has_no_address_for_the_rights_of_a_key():
    client, told = catching("binance")
    client.enable_demo_trading(True)  # noqa: FBT003
    with pytest.raises(ccxt.NotSupported):
        client.sapi_get_account_apirestrictions()
    assert told == []


def test_a_page_of_html_is_none():
    assert ccxt.okx().parse_json("<html></html>") is None


def test_numbers_are_floats_unless_told_otherwise():
    assert ccxt.deribit().parse_json('{"a": 0.1}') == {"a": 0.1}
    assert isinstance(ccxt.deribit().parse_json('{"a": 0.1}')["a"], float)


def test_ccxt_s_own_logger_writes_the_passphrase(caplog):
    client = ccxt.okx({"apiKey": "key", "secret": "secret", "password": "canary-phrase"})
    server = Loopback(lambda _: (500, "no"), lambda _: False)
    with server.serving() as url, caplog.at_level("DEBUG"):
        client.urls["api"]["rest"] = url
        with pytest.raises(ccxt.BaseError):
            client.private_get_account_config()
    assert "canary-phrase" in caplog.text


def test_ccxt_is_imported_where_it_talks_and_nowhere_else():
    """Three seconds of a processor: not for help, a list of plugins, a hedge, nor a table."""
    code = (
        "import sys, hedgecore as hc, hedgecore_ccxt_venues as v\n"
        "from typer.testing import CliRunner\n"
        "from hedgecore.cli.app import program\n"
        "hc.build({'kind': 'deribit', 'account': '1'})\n"
        "for words in (['--help'], ['plugins'], ['live', '--help']):\n"
        "    CliRunner().invoke(program(), words)\n"
        "print(*sorted(n for n in ('ccxt', 'requests', 'aiohttp') if n in sys.modules))\n"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == ""
