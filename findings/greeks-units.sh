#!/usr/bin/env bash
# One option, four packages: two vegas a factor of 100 apart, and three thetas.
#
# Package   QuantLib 1.44, vollib 1.0.11, blackscholes 0.2.2, nautilus_trader 1.221.0 (PyPI),
#           offline.
# Expected  The same call has the same vega and theta in each, or their names say what they are per.
# Seen      `vega` is per 1.00 of volatility in QuantLib and blackscholes, per 0.01 in vollib and
#           nautilus_trader. `theta` is per year in the first two, per 1/365 of one in vollib, per
#           1/365.25 in nautilus_trader. Delta agrees in all to nine digits, so that a test of it
#           shows nothing.
# A hedger  A hedge of vega from two of them is 100 times too large or too small; carry from two
#           thetas that both look "per day" does not reconcile, by 0.07 %.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet \
  QuantLib==1.44 vollib==1.0.11 blackscholes==0.2.2 nautilus_trader==1.221.0 || exit 2
"$home/venv/bin/python" - <<'PY'
import math

import QuantLib as ql
from blackscholes import BlackScholesCall
from nautilus_trader.core.nautilus_pyo3 import black_scholes_greeks
from vollib.black_scholes.greeks import analytical

SPOT = STRIKE = 2000.0
DAYS, VOL = 30, 0.7
YEARS = DAYS / 365


def quantlib():
    today, clock = ql.Date(1, 1, 2025), ql.Actual365Fixed()
    ql.Settings.instance().evaluationDate = today
    process = ql.BlackScholesProcess(
        ql.QuoteHandle(ql.SimpleQuote(SPOT)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, 0.0, clock)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), VOL, clock)),
    )
    exercise = ql.EuropeanExercise(today + DAYS)
    call = ql.VanillaOption(ql.PlainVanillaPayoff(ql.Option.Call, STRIKE), exercise)
    call.setPricingEngine(ql.AnalyticEuropeanEngine(process))
    return call.delta(), call.vega(), call.theta()


def vollib():
    terms = ("c", SPOT, STRIKE, YEARS, 0.0, VOL)
    return tuple(getattr(analytical, name)(*terms) for name in ("delta", "vega", "theta"))


def blackscholes():
    call = BlackScholesCall(S=SPOT, K=STRIKE, T=YEARS, r=0.0, sigma=VOL, q=0.0)
    return call.delta(), call.vega(), call.theta()


def nautilus():
    greeks = black_scholes_greeks(SPOT, 0.0, 0.0, VOL, True, STRIKE, YEARS, 1.0)
    return greeks.delta, greeks.vega, greeks.theta


root = math.sqrt(YEARS)
density = math.exp(-((VOL * root / 2) ** 2) / 2) / math.sqrt(2 * math.pi)
per_one, per_year = SPOT * density * root, -SPOT * density * VOL / (2 * root)
SEEN = {quantlib: (1, 1), vollib: (100, 365), blackscholes: (1, 1), nautilus: (100, 365.25)}
for package, (points, parts) in SEEN.items():
    delta, vega, theta = package()
    print(f"{package.__name__:12} delta {delta:.6f}, vega {vega:10.4f}, theta {theta:10.4f}")
    assert math.isclose(delta, 0.539963545623, rel_tol=1e-9)
    assert math.isclose(vega * points, per_one, rel_tol=1e-9)
    assert math.isclose(theta * parts, per_year, rel_tol=1e-9)
PY
