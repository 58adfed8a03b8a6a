#!/usr/bin/env bash
# dYdX's Python client makes an order of 0, of dust or of less than 0 the smallest order there is.
#
# Package   dydx-v4-client 1.1.5 (PyPI), offline; the market is BTC-USD's, of lots of 0.0001 BTC.
# Expected  0.0003 BTC, three lots, is sent as three lots; 0, a negative size and less than half a
#           lot are refused.
# Seen      Sizes are floats, cut down: 0.0003 is sent as 0.0002, and so do 5450 of the first 100
#           000 multiples of the lot lose one. What is cut to nothing is then raised to one lot: 0,
#           -1.0 and 0.00004 are each an order of 0.0001 BTC.
# A hedger  A residual of nothing trades a lot each cycle, always on the side that the caller gave:
#           a loop around a still market walks away from it, and a hedge is a lot short of its
#           target.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet dydx-v4-client==1.1.5 || exit 2
"$home/venv/bin/python" - <<'PY'
from importlib.metadata import version

from dydx_v4_client.node.market import Market

BTC_USD = Market({
    "atomicResolution": -10, "stepBaseQuantums": 1_000_000, "quantumConversionExponent": -9,
    "subticksPerTick": 100_000,
})
LOT = 1_000_000


def lots(size):
    return BTC_USD.calculate_quantums(size) / LOT


print("dydx-v4-client", version("dydx-v4-client"))
for size in (0.0001, 0.0002, 0.0003, 0.0012, 0.00004, 0.0, -1.0):
    print(f"{size:8} BTC is sent as {lots(size):g} lots of 0.0001")
short = [n for n in range(1, 100_001) if lots(float(f"{n}e-4")) == n - 1]
print(len(short), "of 100 000 multiples lose a lot, the first:", short[:5])
assert [lots(size) for size in (0.0001, 0.0002, 0.0003, 0.0012)] == [1, 2, 2, 11]
assert [lots(size) for size in (0.0, -1.0, 0.00004)] == [1, 1, 1]
assert len(short) == 5450
PY
