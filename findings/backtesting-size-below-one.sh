#!/usr/bin/env bash
# In backtesting.py a short of 0.99 coins is 495 coins, of 1 coin is 1, and of 1.5 coins is refused.
#
# Package   backtesting 0.6.6 (PyPI), offline; a flat price of 2000, an account of 1 000 000.
# Expected  `sell(size=delta)` sells that many units, or a size that is no whole number is refused.
# Seen      Below 1 `size` is a part of the equity: 0.99 sells for 990 000, 495 units. From 1 on it
#           is units, which must be whole: 1 sells 1, and 1.5 raises AssertionError.
# A hedger  A delta that drifts from 1.0 to 0.99 sells 494 coins more. A book of less than one coin
#           (any of BTC, mostly) runs through without an error, hedged 100 times over.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet backtesting==0.6.6 numpy==2.4.6 pandas==3.1.1 || exit 2
cd "$home"
"$home/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import pandas as pd
from backtesting import Backtest, Strategy

HOURS = pd.date_range("2025-01-01", periods=20, freq="h")
BARS = pd.DataFrame(
    {name: 2000.0 for name in ("Open", "High", "Low", "Close")}, index=HOURS
).assign(Volume=1.0)


def held(delta):
    """Units held after one order to sell `delta`."""
    seen = []

    class Hedge(Strategy):
        def init(self):
            pass

        def next(self):
            if not seen:
                self.sell(size=delta)
            seen.append(self.position.size)

    Backtest(BARS, Hedge, cash=1_000_000, finalize_trades=True).run()
    return seen[-1]


print("backtesting", version("backtesting"))
SEEN = {0.01: -5, 0.5: -250, 0.99: -495, 1: -1, 2: -2}
for delta, units in SEEN.items():
    told = held(delta)
    print(f"sell(size={delta}) holds {told}")
    assert told == units
try:
    held(1.5)
except AssertionError as error:
    print("sell(size=1.5):", error)
else:
    raise SystemExit(1)
PY
