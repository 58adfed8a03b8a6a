#!/usr/bin/env bash
# uniswappy's impermanent loss of a range is a gain of 78 %, where the range lost 0.014 %.
#
# Package   UniswapPy 1.7.9 (PyPI), offline.
# Expected  A range [1600, 2400], entered at 2000 and moved to 2021, is worth L (2 sqrt P - sqrt a -
#           P / sqrt b) against what was put in: a loss of 0.014 %. Before any trade: 0.
# Seen      UniswapImpLoss.apply(lower, upper) is +77.5 %, and +4243 % before any trade. It takes
#           the ratio of the two amounts for the price of entry, and scales the loss of x y = k by
#           the mean r of lower/P and upper/P, as sqrt r / (sqrt r - 1): of +-20 % that is about 1,
#           so that the factor has no bound, and either sign. Of [1600, 2500] the loss is 36 times
#           too large.
# A hedger  Sizes the hedge of a loss by it: hedges nothing, the wrong way round, or 36 times.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet UniswapPy==1.7.9 || exit 2
cd "$home"
"$home/venv/bin/python" -W ignore - <<'PY'
import math
from importlib.metadata import version

from uniswappy import ERC20, Join, Swap, UniswapExchangeData, UniswapFactory, UniswapImpLoss


def tick(price):
    return 60 * round(math.log(price, 1.0001) / 60)


def losses(lower, upper):
    """Loss before any trade, after a swap of 100 000 USD, and the exact one then."""
    eth, usd = ERC20("ETH", "0x09"), ERC20("USD", "0x11")
    terms = {"version": "V3", "tick_spacing": 60, "fee": 3000, "symbol": "LP", "address": "0x01"}
    pool = UniswapFactory("factory", "0x02").deploy(
        UniswapExchangeData(tkn0=eth, tkn1=usd, **terms)
    )
    ticks = (tick(lower), tick(upper))
    Join().apply(pool, "owner", 1000, 2_000_000, *ticks)
    liquidity, entry = pool.get_liquidity(), float(pool.get_price(eth))
    measure = UniswapImpLoss(pool, liquidity, *ticks)
    before = measure.apply(*ticks)
    Swap().apply(pool, usd, "trader", 100_000)
    price = float(pool.get_price(eth))
    low, high = (math.sqrt(1.0001**each) for each in ticks)

    def worth(root):
        return liquidity * ((1 / root - 1 / high) * price + root - low)

    exact = worth(math.sqrt(price)) / worth(math.sqrt(entry)) - 1
    told = measure.apply(*ticks)
    print(f"[{lower}, {upper}]: {before:+.2%} at first, {told:+.3%} then, exact {exact:+.3%}")
    return before, told, exact


print("UniswapPy", version("UniswapPy"))
before, told, exact = losses(1600, 2400)
assert 0.77 < told < 0.78
assert -1.5e-4 < exact < -1.3e-4
assert abs(before) > 0.01
_, told, exact = losses(1600, 2500)
assert 35 < told / exact < 37
PY
