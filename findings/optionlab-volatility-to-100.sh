#!/usr/bin/env bash
# The implied volatility of any option above 100 % is 100 %; elsewhere the end is 500 %.
#
# Package   optionlab 1.9.1, mibian 0.1.3 (PyPI), offline; prices by optionlab itself.
# Expected  The volatility that is implied by a price gives that price back, or an error says that
#           there is none; options on coins are quoted above 100 %.
# Seen      optionlab's get_implied_vol() looks from 0.1 % to 100 % and takes the nearer end for what
#           is not between: 1.0 for its own prices at 120 % and at 250 %. mibian's looks up to 500 %
#           and says 500 for 600 %. Neither warns.
# A hedger  A surface of a volatile coin is flat at 1.0. At the volatility that is told a call at the
#           money of 250 % is worth two fifths of its price, and one a fifth above has less than a
#           fifteenth of its delta: what was sold there is hardly hedged.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
# By --no-deps, with what it imports: it depends on jupyter, too, a hundred packages more.
"$home/venv/bin/pip" install --quiet --no-compile --no-deps optionlab==1.9.1 mibian==0.1.3 \
  numpy==2.3.5 scipy==1.16.3 pandas==2.3.3 pytz==2026.6 tzdata==2026.6 python-dateutil==4.0.0 \
  six==1.17.0 holidays==0.44 pydantic==2.14.4 pydantic_core==2.50.5 annotated-types==0.8.0 \
  typing_extensions==4.16.0 typing-inspection==0.4.5 matplotlib==3.10.9 contourpy==1.3.3 \
  cycler==0.12.1 fonttools==4.68.0 kiwisolver==1.5.1 packaging==26.4 pillow==13.0.0 \
  pyparsing==3.3.3 || exit 2
cd "$home"
"$home/venv/bin/python" -W ignore - <<'PY'
import math
from importlib.metadata import version

import mibian
from optionlab.black_scholes import get_bs_info, get_implied_vol

SPOT, DAYS = 2000.0, 2
YEARS = DAYS / 365
SEEN = {  # a call at the money, at: optionlab says, mibian says
    0.7: (0.7, 0.7),
    1.2: (1.0, 1.2),
    2.5: (1.0, 2.5),
    6.0: (1.0, 5.0),
}


def call(sigma, strike=SPOT):
    return get_bs_info(SPOT, strike, 0.0, sigma, YEARS)


print(*(f"{name} {version(name)}" for name in ("optionlab", "mibian")), sep=", ")
for sigma, seen in SEEN.items():
    price = call(sigma).call_price
    told = (
        get_implied_vol("call", price, SPOT, SPOT, 0.0, YEARS),
        mibian.BS([SPOT, SPOT, 0, DAYS], callPrice=price).impliedVolatility / 100,
    )
    print(f"{sigma:.0%}: optionlab {told[0]:.1%}, mibian {told[1]:.1%}")
    assert all(math.isclose(a, b, rel_tol=1e-5) for a, b in zip(told, seen))

dear, cheap = (call(sigma).call_price for sigma in (2.5, 1.0))
print(f"at 250 % the call is worth {dear:.2f}, at the 100 % that is told {cheap:.2f}")
assert 0.39 < cheap / dear < 0.41
dear, cheap = (call(sigma, strike=2400.0).call_delta for sigma in (2.5, 1.0))
print(f"struck at 2400 its delta is {dear:.4f}, by what is told {cheap:.4f}")
assert dear > 15 * cheap
PY
