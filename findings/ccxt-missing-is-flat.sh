#!/usr/bin/env bash
# ccxt reads an account's answer without its positions as an account without positions.
#
# Package   ccxt 4.5.90 (PyPI); the venues are answered for here, no network.
# Expected  fetch_positions() of an answer that lacks the positions raises (ccxt has BadResponse for
#           that), so that [] always means that the venue said: none.
# Seen      Seven venues, each answering with success but without its list: [] from all, the same as
#           from an account that is flat. Deribit's raises, a TypeError about None.
# A hedger  A gateway that cuts an answer short shows a hedge of nothing; a loop that takes [] for
#           "not hedged" sells the whole hedge again, each cycle.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet ccxt==4.5.90 || exit 2
"$home/venv/bin/python" - <<'PY'
import ccxt

KEYS = {"apiKey": "key", "secret": "secret", "password": "pass", "walletAddress": "0x" + "11" * 20}
MISSING = {  # the form of each venue's success, less its list of positions
    "binance": {},
    "bingx": {"code": 0, "msg": ""},
    "bitget": {"code": "00000", "msg": "success", "requestTime": 1704067200000},
    "bybit": {"retCode": 0, "retMsg": "OK", "result": {}},
    "hyperliquid": {},
    "mexc": {"success": True, "code": 0},
    "okx": {"code": "0", "msg": ""},
}
FLAT = {
    "binance": [],
    "bingx": {"code": 0, "msg": "", "data": []},
    "bitget": {"code": "00000", "msg": "success", "data": {"list": []}},
    "bybit": {"retCode": 0, "retMsg": "OK", "result": {"list": []}},
    "hyperliquid": {"assetPositions": [], "marginSummary": {"accountValue": "0.0"}},
    "mexc": {"success": True, "code": 0, "data": []},
    "okx": {"code": "0", "msg": "", "data": []},
}


def client(name, answer):
    """A client that has its (empty) table of markets, and a venue that answers so."""
    made = getattr(ccxt, name)({**KEYS, "options": {"defaultType": "swap"}})
    made.markets = made.markets_by_id = made.currencies = {}
    made.load_markets = lambda *args, **kwargs: {}
    made.fetch = lambda *args, **kwargs: answer
    return made


print("ccxt", ccxt.__version__)
for name, answer in MISSING.items():
    told, flat = client(name, answer).fetch_positions(), client(name, FLAT[name]).fetch_positions()
    print(f"{name:12} without the list {told}, of a flat account {flat}")
    assert told == flat == []
try:
    print("deribit     ", client("deribit", {}).fetch_positions())
except TypeError as error:
    print("deribit      without the list", repr(error))
else:
    raise SystemExit(1)
PY
