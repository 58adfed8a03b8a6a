#!/usr/bin/env bash
# ccxt with a Hyperliquid key signs two agreements while it loads the markets, and rounds orders up.
#
# Package   ccxt 4.5.90 (PyPI); the venue is answered for here, the key is made up, no network.
# Expected  load_markets() reads; an order sells what was asked or less, as amount_to_precision()
#           cuts at other venues (binance below), and carries only what its caller gave it.
# Seen      load_markets() sends two signed actions to /exchange: `approveBuilderFee` (of up to 0.01
#           %) and `setReferrer`. Each order names that builder with f = 10, which is 1 bp of the
#           notional. 0.99996 ETH in steps of 0.0001 is sent as 1, and 0.00005 as 0.0001: rounded to
#           the nearest.
# A hedger  Pays 1 bp more than the cost model says, has signed what was never shown, and may sell
#           more than is held. (With the options approvedBuilderFee and
#           refSet set to True it signs nothing while it loads.)
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

ETH = "ETH/USDC:USDC"
META = {"universe": [{"name": "ETH", "szDecimals": 4, "maxLeverage": 50}], "marginTables": []}
PRICES = {
    "markPx": "2000.0", "midPx": "2000.0", "oraclePx": "2000.0", "prevDayPx": "2000.0",
    "funding": "0.0000125", "openInterest": "1.0", "dayNtlVlm": "1.0", "premium": "0.0",
    "impactPxs": ["1999.9", "2000.1"],
}
ANSWERS = {
    "metaAndAssetCtxs": [{**META, "collateralToken": 0}, [PRICES]],
    "spotMetaAndAssetCtxs": [{"tokens": [], "universe": []}, []],
    "spotMeta": {"tokens": [], "universe": []},
    "perpDexs": [None],
    "order": {"status": "ok", "response": {"data": {"statuses": [{"resting": {"oid": 1}}]}}},
}
actions = []


def venue(url, method="GET", headers=None, body=None):
    """Answers in the form of Hyperliquid's endpoints; keeps what was signed."""
    asked = json.loads(body)
    if url.endswith("/exchange"):
        assert asked["signature"]["r"]
        actions.append(asked["action"])
    kind = asked.get("type") or asked["action"]["type"]
    return ANSWERS.get(kind, {"status": "ok", "response": {"type": "default"}})


def loaded(**options):
    keys = {"walletAddress": "0x" + "11" * 20, "privateKey": "0x" + "22" * 32}
    client = ccxt.hyperliquid(keys | {"options": options})
    client.fetch = venue
    client.load_markets()
    return client


loaded(approvedBuilderFee=True, refSet=True)
assert not actions
client = loaded()
print("ccxt", ccxt.__version__)
print("signed by load_markets():", [(each["type"], each.get("maxFeeRate")) for each in actions])
assert [each["type"] for each in actions] == ["approveBuilderFee", "setReferrer"]
assert actions[0]["maxFeeRate"] == "0.01%"
client.create_order(ETH, "limit", "sell", 0.99996, 2000.0)
order, builder = actions[-1]["orders"][0], actions[-1]["builder"]
print("0.99996 asked, sent", order["s"], "- builder's fee, in tenths of a bp:", builder["f"])
assert order["s"] == "1"
assert builder["f"] == 10
assert client.amount_to_precision(ETH, 0.00005) == "0.0001"
binance = ccxt.binance()
binance.set_markets([{**client.markets[ETH], "id": "ETHUSDC"}])
print("the same market's amount by ccxt's binance:", binance.amount_to_precision(ETH, 0.99996))
assert binance.amount_to_precision(ETH, 0.99996) == "0.9999"
PY
