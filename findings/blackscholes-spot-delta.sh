#!/usr/bin/env bash
# blackscholes names the wrong one of its two deltas for spot, and negates a slope of calls.
#
# Package   blackscholes 0.2.2 (PyPI), offline; each slope against its own price(), by differences.
# Expected  delta(): "the forward delta. For the spot delta, use `spot_delta`", so spot_delta() is the
#           slope in S. dual_delta(): "1st derivative in option price with respect to strike price",
#           which is negative of a call.
# Seen      delta() is the slope in S. spot_delta() is that times e^(rT), whatever q: at 8 % and a year
#           it is 8.3 % too large, and 1.08 of a call that is deep in the money, above 1. dual_delta()
#           is right for puts; for calls it has the other sign, and so have the spreads made of calls:
#           +0.09 for a bull spread whose slopes add up to -0.09.
# A hedger  Who follows the documentation sells 8 % more coins than the option moves with, and deep in
#           the money more than it delivers. A strip of digitals by dual_delta() is of one side for puts
#           and of the other for calls.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet blackscholes==0.2.2 || exit 2
"$home/venv/bin/python" - <<'PY'
import math
from importlib.metadata import version

from blackscholes import BlackScholesBullSpread, BlackScholesCall, BlackScholesPut

TERMS = {"S": 2000.0, "K": 2200.0, "T": 1.0, "r": 0.08, "sigma": 0.7}
STEP = 0.01


def slope(kind, name, **terms):
    """Change of the package's own price with one of its terms."""
    up, down = (kind(**terms | {name: terms[name] + move}).price() for move in (STEP, -STEP))
    return (up - down) / (2 * STEP)


def same(a, b):
    return math.isclose(a, b, rel_tol=1e-6)


print("blackscholes", version("blackscholes"))
for kind in (BlackScholesCall, BlackScholesPut):
    for q in (0.0, 0.04):
        option, in_spot = kind(**TERMS, q=q), slope(kind, "S", **TERMS, q=q)
        print(f"{kind.__name__}, q {q}: slope in S {in_spot:.6f},", end=" ")
        print(f"delta {option.delta():.6f}, spot_delta {option.spot_delta():.6f}")
        assert same(option.delta(), in_spot)
        assert same(option.spot_delta(), in_spot * math.exp(TERMS["r"] * TERMS["T"]))

deep = BlackScholesCall(**TERMS | {"K": 200.0})
print(f"a call struck at 200: spot_delta {deep.spot_delta():.4f}")
assert deep.spot_delta() > 1.08

SIGN = {BlackScholesCall: -1, BlackScholesPut: 1}
for kind, sign in SIGN.items():
    in_strike, told = slope(kind, "K", **TERMS), kind(**TERMS).dual_delta()
    print(f"{kind.__name__}: slope in K {in_strike:.6f}, dual_delta {told:.6f}")
    assert same(told, sign * in_strike)

market = {name: value for name, value in TERMS.items() if name != "K"}
spread = BlackScholesBullSpread(K1=2000.0, K2=2400.0, **market).dual_delta()
long, short = (slope(BlackScholesCall, "K", **market, K=strike) for strike in (2000.0, 2400.0))
print(f"a bull spread: dual_delta {spread:+.4f}, its slopes in K {long - short:+.4f}")
assert same(spread, short - long) and spread > 0
PY
