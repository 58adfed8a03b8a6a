#!/usr/bin/env bash
# The drawdown of a stablecoin that lost 12 % is 0: prices below 1 are taken for returns.
#
# Package   quantstats 0.0.86, pandas 2.3.3, numpy 2.3.5 (PyPI), offline.
# Expected  max_drawdown(prices) takes a "price series", and does not depend on the unit: in cents or
#           in dollars the same prices have the same drawdown.
# Seen      What stays below 1 throughout is taken for returns: prices of 0.9998 and 0.88 are days that
#           earned 99.98 % and 88 %. The drawdown is 0, and the volatility is that of the prices, not
#           of their changes. In cents it is -12 %, and so it is with one price of 1.0001. Ether in
#           bitcoin, from 0.060 to 0.045, has no drawdown either.
# A hedger  A peg's, a pool share's or a pair's worst loss is reported as none, by the sort of prices
#           that pools are about; which one of two pairs is inverted decides whether there is a loss.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet --no-compile \
  quantstats==0.0.86 pandas==2.3.3 numpy==2.3.5 || exit 2
cd "$home"
"$home/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import pandas as pd
from quantstats import stats

DAYS = pd.date_range("2023-03-09", periods=5, freq="D")
PEG = pd.Series([0.9998, 0.9990, 0.8800, 0.9600, 0.9990], DAYS)
ETHER_IN_BITCOIN = pd.Series([0.060, 0.055, 0.050, 0.045, 0.048], DAYS)


def exact(prices):
    return (prices / prices.cummax() - 1).min()


def shown(name, prices):
    told = stats.max_drawdown(prices)
    print(f"{name:28} quantstats {told:8.2%}, exact {exact(prices):8.2%}")
    return told


print("quantstats", version("quantstats"))
for name, prices in {"a stablecoin": PEG, "ether in bitcoin": ETHER_IN_BITCOIN}.items():
    assert shown(name, prices) == 0
    assert abs(shown(f"{name}, times 100", 100 * prices) - exact(prices)) < 1e-12
above = PEG.copy()
above.iloc[0] = 1.0001
assert abs(shown("a stablecoin from 1.0001", above) - exact(above)) < 1e-12

first, second = (stats.volatility(unit * PEG, periods=365) for unit in (1, 100))
print(f"volatility of the stablecoin {first:.2f}, in cents {second:.2f}")
assert abs(first - PEG.std() * 365**0.5) < 1e-9
assert abs(second - PEG.pct_change().std() * 365**0.5) < 1e-9
PY
