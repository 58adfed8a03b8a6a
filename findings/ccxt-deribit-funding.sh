#!/usr/bin/env bash
# ccxt's funding history of Deribit is hourly rows, each with the rate of eight hours.
#
# Package   ccxt 4.5.90 (PyPI); the venue is answered for here, no network.
# Expected  A history of rates adds up: the sum of a day's rows is what a day's holder paid.
# Seen      Deribit answers a row an hour, with `interest_1h` (of that hour) and `interest_8h` (of
#           the eight hours that end there). ccxt's `fundingRate` is `interest_8h` in each of the 24
#           rows of a day, marked interval "8h", so that the sum of a day is eight times what was
#           paid.
# A hedger  A backtest credits a short eight times its funding: 0.24 % a day where 0.03 % was paid,
#           and a hedge that loses money looks like a carry trade.
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
MIDNIGHT, HOUR = 1_704_067_200_000, 3_600_000
DAY = [
    {
        "timestamp": MIDNIGHT + (i + 1) * HOUR, "index_price": 50000, "prev_index_price": 50000,
        "interest_1h": 0.0000125, "interest_8h": 0.0001,
    }
    for i in range(24)
]


def venue(url, method="GET", headers=None, body=None):
    """Answers in the form of Deribit's API: a steady rate, 0.01 % in eight hours."""
    if "get_currencies" in url:
        return {"result": [{"currency": "BTC", "currency_long": "Bitcoin", "fee_precision": 4}]}
    return {"result": [PERPETUAL] if "get_instruments" in url else DAY}


client = ccxt.deribit()
client.fetch = venue
rows = client.fetch_funding_rate_history("BTC/USD:BTC", since=MIDNIGHT)
steps = {later["timestamp"] - row["timestamp"] for row, later in zip(rows, rows[1:])}
paid, told = sum(row["interest_1h"] for row in DAY), sum(row["fundingRate"] for row in rows)
print("ccxt", ccxt.__version__)
print(f"{len(rows)} rows, {steps.pop() // HOUR} h apart, marked {rows[0]['interval']}")
print(f"a day by interest_1h {paid:.4%}, by ccxt's fundingRate {told:.4%}")
assert len(rows) == 24 and not steps
assert {row["fundingRate"] for row in rows} == {0.0001}
assert {row["interval"] for row in rows} == {"8h"}
assert abs(told / paid - 8) < 1e-9
assert sum(row["info"]["interest_1h"] for row in rows) == paid
PY
