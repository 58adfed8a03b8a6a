#!/usr/bin/env bash
# A limit between two ticks is signed at the next one, above what a buyer would pay at most.
#
# Package   py-clob-client 0.34.6 (PyPI); the venue is answered for here, the key is made up, no network.
# Expected  A limit is the most that a buyer pays and the least that a seller gets. A price that is not
#           on the tick is refused, as one outside of [tick, 1 - tick] is; so has it the guide to errors
#           of the venue's own client in JavaScript, of 0.523 at a tick of 0.01.
# Seen      It is rounded to the nearest tick, and signed: buy at 0.555 is 0.56, sell at 0.553 is 0.55,
#           0.5 % to 0.9 % past what was allowed. Sizes are floats, cut to hundredths: 0.29 is sent as
#           0.28, and of the first 10 000 hundredths 573 lose one, in silence.
# A hedger  A hedge that is worth doing at 0.555 and not above is done at 0.56; and of what should be
#           closed, one hundredth stays open.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet py-clob-client==0.34.6 || exit 2
"$home/venv/bin/python" - <<'PY'
from importlib.metadata import version

from py_clob_client.client import ClobClient
from py_clob_client.clob_types import OrderArgs
from py_clob_client.order_builder.builder import ROUNDING_CONFIG

MILLION = 1_000_000
SIZES = range(1, 10_001)
client = ClobClient("http://127.0.0.1", chain_id=137, key="0x" + "22" * 32)
client.get_tick_size = lambda token: "0.01"
client.get_neg_risk = lambda token: False
client.get_fee_rate_bps = lambda token: 0


def signed(side, size, price):
    """Shares and price of the order that is signed."""
    order = client.create_order(OrderArgs("1", price, size, side)).order.values
    maker, taker = order["makerAmount"], order["takerAmount"]
    shares, dollars = (taker, maker) if side == "BUY" else (maker, taker)
    return shares / MILLION, dollars / shares


print("py-clob-client", version("py-clob-client"))
LIMITS = (("BUY", 0.555, 0.56), ("BUY", 0.557, 0.56), ("SELL", 0.553, 0.55), ("BUY", 0.55, 0.55))
for side, limit, sent in LIMITS:
    shares, price = signed(side, 100, limit)
    print(f"{side} 100 at {limit}: signed for {shares:.0f} at {price}")
    assert (shares, price) == (100, sent)

try:
    signed("SELL", 100, 0.996)
except Exception as refusal:
    print("SELL 100 at 0.996 is refused:", refusal)
else:
    raise AssertionError("0.996 is outside of [0.01, 0.99]")

shares, _ = signed("SELL", 0.29, 0.5)
print(f"SELL 0.29: signed for {shares}")
assert shares == 0.28
rounding = ROUNDING_CONFIG["0.01"]
amounts = client.builder.get_order_amounts
told = [amounts("SELL", n / 100, 0.5, rounding)[1] for n in SIZES]
lost = [n for n, amount in zip(SIZES, told) if amount != n * MILLION // 100]
print(f"of the first {len(SIZES)} hundredths {len(lost)} lose one: {lost[:5]} ...")
assert len(lost) == 573
assert {n * MILLION // 100 - told[n - 1] for n in lost} == {MILLION // 100}
PY
