#!/usr/bin/env bash
# ccxt has no way to send OKX the end of an order, and tells nobody.
#
# Package   ccxt 4.5.90 (PyPI); the venue is answered for here, no network.
# Expected  `expTime` in params reaches OKX as the header `expTime`, the one place where its
#           documents have the deadline of an order's request; or it is refused.
# Seen      It goes into the body, by create_order and by the plain request alike; no header is
#           sent. Beside it, create_order sends a broker's id and `tag`, unless a client id is given.
# A hedger  Believes that an order which hangs on the way dies at its end. It is executed whenever it
#           arrives, after the hedge has been made again.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet ccxt==4.5.90 || exit 2
"$home/venv/bin/python" - <<'PY'
import json

import ccxt

SWAP = {
    "instId": "BTC-USDT-SWAP", "instType": "SWAP", "ctVal": "0.01", "ctMult": "1", "lotSz": "0.01",
    "ctValCcy": "BTC", "minSz": "0.01", "tickSz": "0.1", "settleCcy": "USDT", "ctType": "linear",
    "uly": "BTC-USDT", "instFamily": "BTC-USDT", "state": "live", "baseCcy": "", "quoteCcy": "",
}
sent = []


def venue(url, method="GET", headers=None, body=None):
    """Answers in the form of OKX's API."""
    if "instruments" in url:
        return {"code": "0", "data": [SWAP] if "instType=SWAP" in url else []}
    if "/trade/" not in url:
        return {"code": "0", "data": []}
    told = json.loads(body)
    sent.append(({name.lower() for name in headers}, told[0] if isinstance(told, list) else told))
    return {"code": "0", "data": [{"ordId": "1", "clOrdId": "", "sCode": "0", "sMsg": ""}]}


client = ccxt.okx({"apiKey": "key", "secret": "secret", "password": "pass"})
client.options["fetchMarkets"] = {"types": ["swap"]}
client.fetch = venue
limit = ("BTC/USDT:USDT", "limit", "sell", 1, 60000)
end = {"expTime": "1700000000000"}
client.create_order(*limit, {"clientOrderId": "hedge1", **end})
client.private_post_trade_order({"clOrdId": "hedge2", **end})
client.create_order(*limit)
print("ccxt", ccxt.__version__)
for headers, body in sent[:2]:
    print("headers:", *sorted(headers), "- body:", body)
    assert "exptime" not in headers
    assert body["expTime"] == end["expTime"]
_, bare = sent[2]
print("without a client id:", bare)
assert bare["tag"] and bare["clOrdId"].startswith(bare["tag"])
PY
