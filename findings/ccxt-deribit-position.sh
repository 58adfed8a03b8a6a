#!/usr/bin/env bash
# ccxt shows a Deribit short as minus 1000 contracts of 10 USD, and a flat account as short.
#
# Package   ccxt 4.5.90 (PyPI); the venue is answered for here, no network.
# Expected  For a short of 1000 USD of BTC-PERPETUAL, whose contract is 10 USD: 100 contracts, side
#           "short", and a notional in USD; for a flat account no position, or a side that is none.
# Seen      contracts -1000 beside contractSize 10: the size in USD, with a sign, and the side
#           "short" besides; a notional of 0.02, which is BTC; flat is contracts 0 with the side
#           "short".
# A hedger  contracts x contractSize is ten times the position; the sign taken from both fields is a
#           long; from `side` alone, a flat account is taken for a hedge that is there.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet ccxt==4.5.90 || exit 2
"$home/venv/bin/python" - <<'PY'
import ccxt

PERPETUAL = {
    "instrument_name": "BTC-PERPETUAL", "kind": "future", "instrument_type": "reversed",
    "future_type": "reversed", "settlement_period": "perpetual", "is_active": True,
    "base_currency": "BTC", "counter_currency": "USD", "settlement_currency": "BTC",
    "contract_size": 10, "min_trade_amount": 10, "tick_size": 0.5,
    "maker_commission": 0, "taker_commission": 0.0005, "expiration_timestamp": 32503708800000,
}
held = {}


def venue(url, method="GET", headers=None, body=None):
    """Answers in the form of Deribit's API; `size` is in USD and signed, as Deribit has it."""
    if "get_currencies" in url:
        return {"result": [{"currency": "BTC", "currency_long": "Bitcoin", "fee_precision": 4}]}
    if "get_instruments" in url:
        return {"result": [PERPETUAL]}
    return {"result": {
        "instrument_name": "BTC-PERPETUAL", "kind": "future", "mark_price": 50000,
        "index_price": 50000, "average_price": 50000, "leverage": 50, "initial_margin": 0.0004,
        "maintenance_margin": 0.0002, "floating_profit_loss": 0, **held,
    }}


def position(size, direction):
    held.update(size=size, size_currency=size / 50000, direction=direction)
    read = client.fetch_position("BTC/USD:BTC")
    return {name: read[name] for name in ("contracts", "contractSize", "side", "notional")}


client = ccxt.deribit({"apiKey": "key", "secret": "secret"})
client.fetch = venue
short, flat = position(-1000.0, "sell"), position(0.0, "zero")
print("ccxt", ccxt.__version__)
print("short of 1000 USD:", short)
print("flat:             ", flat)
assert short == {"contracts": -1000.0, "contractSize": 10.0, "side": "short", "notional": 0.02}
assert flat == {"contracts": 0.0, "contractSize": 10.0, "side": "short", "notional": 0.0}
PY
