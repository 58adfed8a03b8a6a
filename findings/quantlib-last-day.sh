#!/usr/bin/env bash
# QuantLib's option has no value and no delta on the day that it expires, in the money too.
#
# Package   QuantLib 1.44, vollib 1.0.11 (PyPI), offline.
# Expected  At 04:00 an option of Deribit that expires at 08:00 has four hours to run: with ETH at
#           2000 and 70 % a call struck at 1980 is worth 24.46, and its delta is 0.75.
# Seen      QuantLib's dates are whole days (its wheel has no time of day: Date with hours is
#           refused). An expiry of today is expired from midnight: value 0, delta 0, nothing raised.
#           With includeReferenceDateEvents it is at its expiry all day: 20 and delta 1, and at the
#           money delta 0.5, with gamma 0.
# A hedger  For eight hours each Friday the hedge of whatever expires is taken off, or is that of a
#           payoff: the short gamma of the last hours, the largest there is, is not in the book.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet QuantLib==1.44 vollib==1.0.11 || exit 2
"$home/venv/bin/python" - <<'PY'
import QuantLib as ql
from vollib.black_scholes import black_scholes
from vollib.black_scholes.greeks import analytical

SPOT, VOL, HOURS = 2000.0, 0.7, 4 / (24 * 365)
TODAY, CLOCK = ql.Date(27, 6, 2025), ql.Actual365Fixed()
SETTINGS = ql.Settings.instance()
SETTINGS.evaluationDate = TODAY
PROCESS = ql.BlackScholesProcess(
    ql.QuoteHandle(ql.SimpleQuote(SPOT)),
    ql.YieldTermStructureHandle(ql.FlatForward(TODAY, 0.0, CLOCK)),
    ql.BlackVolTermStructureHandle(ql.BlackConstantVol(TODAY, ql.NullCalendar(), VOL, CLOCK)),
)


def expiring_today(strike):
    """Value, delta and gamma of a call."""
    payoff = ql.PlainVanillaPayoff(ql.Option.Call, strike)
    call = ql.VanillaOption(payoff, ql.EuropeanExercise(TODAY))
    call.setPricingEngine(ql.AnalyticEuropeanEngine(PROCESS))
    return call.NPV(), call.delta(), call.gamma()


def four_hours(strike):
    terms = ("c", SPOT, strike, HOURS, 0.0, VOL)
    greeks = (getattr(analytical, name)(*terms) for name in ("delta", "gamma"))
    return tuple(float(each) for each in (black_scholes(*terms), *greeks))


for strike, now in ((1980.0, [24.46, 0.75]), (2000.0, [11.93, 0.5])):
    SETTINGS.includeReferenceDateEvents = False
    gone = expiring_today(strike)
    SETTINGS.includeReferenceDateEvents = True
    kept, real = expiring_today(strike), four_hours(strike)
    print(f"strike {strike:.0f}: QuantLib {gone}, including the day {kept};")
    print("             four hours to run", tuple(round(each, 6) for each in real))
    assert gone == (0.0, 0.0, 0.0)
    assert kept == ((20.0, 1.0, 0.0) if strike < SPOT else (0.0, 0.5, 0.0))
    assert [round(each, 2) for each in real[:2]] == now
    assert real[2] > 0.01
try:
    ql.Date(27, 6, 2025, 8, 0, 0)
except RuntimeError as error:
    print("a date with hours:", error)
else:
    raise SystemExit(1)
PY
