"""What Aerodrome's stable pools pay and quote, to their own rounding."""

from fractions import Fraction

import numpy as np
import pytest
from hedgecore_solidly import SolidlyStable

from hedgecore import Market

ULP = Fraction(1, 2**52)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)


@pytest.fixture(autouse=True)
def _of_this_kind(chain_case):
    if not chain_case["pool"]["stable"]:
        pytest.skip("a volatile pool is of the kind uniswap-v2")


def states(case):
    """Yield the raw reserves and payouts of the recorded state and its neighbours."""
    for each in [{**case["state"], "withdrawable": case["withdrawable"]}, *case["bumps"]]:
        yield tuple([int(x) for x in each[name]] for name in ("reserves", "withdrawable"))


def units(case):
    return [10 ** token["decimals"] for token in case["tokens"]]


def share(case):
    return Fraction(int(case["position"]["lp_tokens"]), int(case["state"]["total_supply"]))


def model_of(case, raw):
    whole = [float(Fraction(x) / unit) for x, unit in zip(raw, units(case), strict=True)]
    names = [token["symbol"] for token in case["tokens"]]
    return SolidlyStable(assets=names, reserves=whole, share=float(share(case)))


def test_at_state_is_the_payout_to_the_raw_unit(chain_case):
    for raw, paid in states(chain_case):
        model = model_of(chain_case, raw)
        market = Market(prices=dict.fromkeys(model.assets, 1.0), numeraire="USD")
        held = model.at_state().exposure(market).over(model.assets).delta
        for mine, unit, reserve, out in zip(held, units(chain_case), raw, paid, strict=True):
            assert out == share(chain_case) * reserve // 1
            short = Fraction(float(mine)) * unit - out
            assert -2 * ULP * out <= short <= 1 + 2 * ULP * out


def test_spot_brackets_the_quotes(chain_case):
    """A convex curve: what is paid per unit lies between the spots before and after the swap.

    The contract rounds k, the reserves and what is paid to 18 decimals and then to raw units.
    """
    (raw, _), *_ = states(chain_case)
    fee = int(chain_case["pool"]["fee_e4"])
    for probe in chain_case["spot"]["probes"]:
        i, j = probe["token_in"], probe["token_out"]
        given, got = int(probe["amount_in"]), int(probe["amount_out"])
        given -= given * fee // 10**4
        after = list(raw)
        after[i] += given
        after[j] -= got
        high, low = (price(chain_case, at, (i, j)) for at in (raw, after))
        room = coarseness(chain_case, raw, j) / given
        assert low * (1 - 4e-15) - room <= got / given <= high * (1 + 4e-15) + room


def coarseness(case, raw, out):
    """Return the raw units that a quote is off: k = ⌊ab⌋, a = ⌊xy⌋, b = ⌊x²⌋ + ⌊y²⌋ to 1e-18."""
    x, y = (float(Fraction(one, unit)) for one, unit in zip(raw, units(case), strict=True))
    rounded = 1 / (x * y) + 2 / (x * x + y * y) + 1 / (x * y * (x * x + y * y))
    return 1 + 4 * units(case)[out] / 1e18 + raw[out] * 2e-18 * rounded


def price(case, raw, way):
    """Return the price of raw coin way[0] in raw coins way[1] at the model's own spot."""
    spot = [model_of(case, raw).spot(), 1.0]
    return float(spot[way[0]] / spot[way[1]]) * units(case)[way[1]] / units(case)[way[0]]


def grows(model, other):
    """Return the growth of √√k by the fee of a swap."""
    return other.depth / model.depth


def test_one_model_pays_at_every_neighbour(chain_case):
    """What it holds at the neighbour's spot, grown with its invariant, is what that one pays."""
    (raw, _), *others = states(chain_case)
    model = model_of(chain_case, raw)
    for moved, paid in others:
        other = model_of(chain_case, moved)
        greeks = model.greeks(other.spot())
        shaken = abs(greeks.gamma) * other.spot()
        for mine, unit, out in zip(greeks.holdings, units(chain_case), paid, strict=True):
            room = 1 + float(8 * ULP) * (min(shaken, 1e12) * unit + out)
            assert abs(mine * grows(model, other) * unit - out) <= room


def test_gamma_is_how_the_payouts_move(chain_case):
    """∫ Γ dp between the spots is the move of the base held, in the variable ∛(P − 1)."""
    (raw, paid), *others = states(chain_case)
    model, unit = model_of(chain_case, raw), units(chain_case)[0]
    if abs(model.spot() - 1) < 1e-6:
        pytest.skip("most of the move lies nearer to 1 than doubles do")
    for moved, out in others:
        other = model_of(chain_case, moved)
        start, end = np.cbrt(model.spot() - 1), np.cbrt(other.spot() - 1)
        root = start + (end - start) * (NODES + 1) / 2
        change = (end - start) / 2 * (WEIGHTS * model.gamma(1 + root**3) * 3 * root**2).sum()
        due = out[0] / grows(model, other) - paid[0]
        assert abs(change * unit - due) <= 2 + 1e-9 * abs(due) + 4e-12 * paid[0]
