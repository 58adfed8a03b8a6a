#!/usr/bin/env bash
# ccxt gives Deribit an order without the name that its owner gave it.
#
# Package   ccxt 4.5.90 (PyPI); the venue is answered for here, no network.
# Expected  The unified parameter `clientOrderId` reaches the venue as its `label`, the one field by
#           which Deribit lets an owner find an order again, and comes back on the order.
# Seen      It is sent as `clientOrderId`, which is no parameter of Deribit's private/sell; no
#           `label` is sent, and the order that comes back has clientOrderId None. (`label` in
#           params is sent, and stands in `info` alone.)
# A hedger  After a timeout, cannot ask what became of the order. Whoever sends it again holds the
#           hedge twice; whoever does not, may hold none.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet ccxt==4.5.90 || exit 2
"$home/venv/bin/python" - <<'PY'
from urllib.parse import parse_qs, urlparse

import ccxt

PERPETUAL = {
    "instrument_name": "BTC-PERPETUAL", "kind": "future", "instrument_type": "reversed",
    "future_type": "reversed", "settlement_period": "perpetual", "is_active": True,
    "base_currency": "BTC", "counter_currency": "USD", "settlement_currency": "BTC",
    "contract_size": 10, "min_trade_amount": 10, "tick_size": 0.5,
    "maker_commission": 0, "taker_commission": 0.0005, "expiration_timestamp": 32503708800000,
}
sent = {}


def venue(url, method="GET", headers=None, body=None):
    """Answers in the form of Deribit's API: an order has the label that it was sent with."""
    if "get_currencies" in url:
        return {"result": [{"currency": "BTC", "currency_long": "Bitcoin", "fee_precision": 4}]}
    if "get_instruments" in url:
        return {"result": [PERPETUAL]}
    sent.clear()
    sent.update({name: values[0] for name, values in parse_qs(urlparse(url).query).items()})
    order = {
        "order_id": "A-1", "order_state": "open", "instrument_name": "BTC-PERPETUAL",
        "direction": "sell", "order_type": "limit", "price": 60000, "amount": 1000,
        "filled_amount": 0, "average_price": 0, "label": sent.get("label", ""),
    }
    return {"result": {"order": order, "trades": []}}


client = ccxt.deribit({"apiKey": "key", "secret": "secret"})
client.fetch = venue
limit = ("BTC/USD:BTC", "limit", "sell", 1000, 60000)
order = client.create_order(*limit, {"clientOrderId": "hedge-1"})
print("ccxt", ccxt.__version__)
print("sent:", sent, "- answered:", order["clientOrderId"])
assert sent["clientOrderId"] == "hedge-1"
assert "label" not in sent
assert order["clientOrderId"] is None
order = client.create_order(*limit, {"label": "hedge-1"})
print("with `label` in params:", sent, "- answered:", order["clientOrderId"])
assert sent["label"] == order["info"]["label"] == "hedge-1"
assert order["clientOrderId"] is None
PY
