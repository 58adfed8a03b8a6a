#!/usr/bin/env bash
# demeter weights the deltas of an account of options by their price, not by how many there are.
#
# Package   zelos-demeter 1.3.0 (PyPI), offline; two rows of data in the form that it loads.
# Expected  `OptionMarketBalance.delta` ("delta of current exposure") of 10 calls of delta 0.60 is
#           6, and beside 10 of delta 0.05 it is 6.5.
# Seen      Each delta is multiplied by amount x mark price, not by the amount: 0.36 for the first,
#           at a mark of 0.06; the other ten, at 0.0005, add 0.00025. gamma likewise.
# A hedger  A strategy that sells `balance.delta` of the coin hedges 5.5 % of a portfolio that is
#           6.5 long, and less the further out of the money it is; the backtest's P&L is that of
#           naked options.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet zelos-demeter==1.3.0 || exit 2
cd "$home"
"$home/venv/bin/python" -W ignore - <<'PY'
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version

import pandas as pd
from demeter import Broker, MarketInfo, MarketTypeEnum
from demeter.deribit import DeribitMarketStatus, DeribitOptionMarket

NEAR, FAR = "ETH-28FEB25-2000-C", "ETH-28FEB25-4000-C"


def row(strike, mark, delta, gamma):
    return {
        "state": "open", "type": "CALL", "strike_price": strike, "mark_price": mark,
        "expiry_time": datetime(2025, 2, 28, 8), "t": 28.0, "underlying_price": 2000.0,
        "delta": delta, "gamma": gamma, "bids": [], "asks": [[mark, 1000.0]],
    }


eth = DeribitOptionMarket.ETH
market = DeribitOptionMarket(MarketInfo("options", MarketTypeEnum.deribit_option), eth)
broker = Broker()
broker.add_market(market)
broker.set_balance(eth, 100)
now = datetime(2025, 2, 1)
book = pd.DataFrame({NEAR: row(2000, 0.06, 0.60, 0.0008), FAR: row(4000, 0.0005, 0.05, 0.0001)}).T
market.data = pd.DataFrame(index=[pd.Timestamp(now)])
market.set_market_status(DeribitMarketStatus(pd.Timestamp(now), book), pd.Series({"ETH": 2000}))
market.deposit(50)
market.buy(NEAR, 10)
one = market.get_market_balance()
market.buy(FAR, 10)
two = market.get_market_balance()
print("zelos-demeter", version("zelos-demeter"))
print("10 calls of delta 0.60: demeter says", one.delta, "- the sum is", 10 * Decimal("0.60"))
print("and 10 of delta 0.05:   demeter says", two.delta, "- the sum is 6.50")
print("gamma:                  demeter says", two.gamma, "- the sum is 0.009")
assert one.delta == Decimal("0.36")
assert two.delta == Decimal("0.36025")
assert two.gamma == Decimal("0.0004805")
PY
