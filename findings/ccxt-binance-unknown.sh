#!/usr/bin/env bash
# ccxt raises Binance's "execution status unknown" as a refusal, a timeout or neither.
#
# Package   ccxt 4.5.90 (PyPI); the venue is answered for here, no network.
# Expected  Binance's errors -1006 and -1007 say that the order may have been executed: the family
#           of NetworkError (ask what became of it), and never that of ExchangeError (refused).
# Seen      Of five markets x two codes, three are a NetworkError (-1007 of spot, linear, inverse),
#           two an ExchangeError (both of options), five neither (OperationFailed, above
#           NetworkError, or BadResponse, beside it).
# A hedger  `except ExchangeError: order refused` books an option that was bought as not bought, and
#           `except (NetworkError, ExchangeError)` lets five of ten through to the caller.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet ccxt==4.5.90 || exit 2
"$home/venv/bin/python" - <<'PY'
from types import SimpleNamespace

import ccxt

MESSAGES = {
    -1006: "An unexpected response was received from the message bus. Execution status unknown.",
    -1007: "Timeout waiting for response from backend server. Send status unknown; execution "
    "status unknown.",
}
PLACE = {
    "spot": "privatePostOrder",
    "linear": "fapiPrivatePostOrder",
    "inverse": "dapiPrivatePostOrder",
    "option": "eapiPrivatePostOrder",
    "portfolio": "papiPostUmOrder",
}
SEEN = {
    ("spot", -1006): "neither", ("spot", -1007): "NetworkError",
    ("linear", -1006): "neither", ("linear", -1007): "NetworkError",
    ("inverse", -1006): "neither", ("inverse", -1007): "NetworkError",
    ("option", -1006): "ExchangeError", ("option", -1007): "ExchangeError",
    ("portfolio", -1006): "neither", ("portfolio", -1007): "neither",
}


def answer(code):
    text = '{"code":%d,"msg":"%s"}' % (code, MESSAGES[code])
    return SimpleNamespace(
        text=text, content=text.encode(), headers={}, status_code=400, reason="Bad Request",
        encoding="utf-8", raise_for_status=lambda: None,
    )


def family(market, code):
    client = ccxt.binance({"apiKey": "key", "secret": "secret"})
    client.session.request = lambda *args, **kwargs: answer(code)
    try:
        getattr(client, PLACE[market])({"symbol": "BTCUSDT", "side": "SELL", "quantity": "1"})
    except ccxt.BaseError as error:
        families = (ccxt.NetworkError, ccxt.ExchangeError)
        known = [each for each in families if isinstance(error, each)]
        told = known[0].__name__ if known else "neither"
        print(f"{market:10} {code}: {type(error).__name__:16} {told}")
        return told
    return None


print("ccxt", ccxt.__version__)
assert {(market, code): family(market, code) for market in PLACE for code in MESSAGES} == SEEN
PY
