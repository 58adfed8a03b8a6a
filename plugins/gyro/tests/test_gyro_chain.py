"""What Gyroscope's E-CLP on Balancer's Vault pays and quotes, to its own rounding."""

from fractions import Fraction

import numpy as np
from hedgecore_gyro import GyroEClp

from hedgecore import Market

ULP = Fraction(1, 2**52)
WEI = Fraction(1, 10**18)


def states(case):
    """Yield the raw balances and payouts of the recorded state and its neighbours."""
    for each in [{**case["state"], "withdrawable": case["withdrawable"]}, *case["bumps"]]:
        yield tuple([int(x) for x in each[name]] for name in ("balances", "withdrawable"))


def units(case):
    return [10 ** token["decimals"] for token in case["tokens"]]


def share(case):
    return Fraction(int(case["position"]["lp_tokens"]), int(case["state"]["total_supply"]))


def model_of(case, raw):
    pool = case["pool"]
    given = {name: float(int(pool[f"{name}_e18"]) * WEI) for name in ("alpha", "beta", "c", "s")}
    whole = [float(Fraction(x) / unit) for x, unit in zip(raw, units(case), strict=True)]
    return GyroEClp(
        assets=[token["symbol"] for token in case["tokens"]],
        stretch=float(int(pool["lambda_e18"]) * WEI),
        balances=whole,
        share=float(share(case)),
        **given,
    )


def test_at_state_is_the_payout_to_one_raw_unit(chain_case):
    for raw, paid in states(chain_case):
        model = model_of(chain_case, raw)
        market = Market(prices=dict.fromkeys(model.assets, 1.0), numeraire="USD")
        held = model.at_state().exposure(market).over(model.assets).delta
        for mine, unit, balance, out in zip(held, units(chain_case), raw, paid, strict=True):
            assert 0 <= share(chain_case) * balance - out <= 1
            short = Fraction(float(mine)) * unit - out
            assert -2 * ULP * out <= short <= 1 + 2 * ULP * out


def test_the_invariant_is_the_contracts(chain_case, oracle):
    """Between its own two roundings, and what a double of c, s and the edges leaves of theirs."""
    model = model_of(chain_case, next(states(chain_case))[0])
    state = chain_case["state"]
    low, high = (int(state[name]) * float(WEI) for name in ("invariant_down", "invariant_up"))
    room = 2e-16 * model.stretch + 2e-15
    assert low * (1 - room) <= model.invariant <= high * (1 + room)
    assert oracle.error(model.invariant, oracle.size(model)) <= 1e-14


def test_spot_brackets_the_quotes(chain_case):
    """A convex curve: what is paid per unit lies between the spots before and after the swap."""
    raw, _ = next(states(chain_case))
    fee = Fraction(int(chain_case["pool"]["swap_fee_e18"])) * WEI
    for probe in chain_case["spot"]["probes"]:
        way = probe["token_in"], probe["token_out"]
        given, got = int(probe["amount_in"]) * (1 - fee), int(probe["amount_out"])
        after = list(raw)
        after[way[0]] += given
        after[way[1]] -= got
        high, low = (price(chain_case, at, way) for at in (raw, after))
        room = float(coarseness(chain_case, raw, way) / given)
        assert low * (1 - 1e-14) - room <= got / given <= high * (1 + 1e-14) + room


def coarseness(case, raw, way):
    """Return the raw units that a quote may be off: the contract's errors are of r, in wei."""
    size, unit = int(case["state"]["invariant_up"]), units(case)[way[1]]
    stretch = int(case["pool"]["lambda_e18"]) * WEI
    return 2 + (size * stretch * 10 + 1e18) * WEI * unit * WEI + raw[way[1]] * ULP


def price(case, raw, way):
    """Return the price of raw coin way[0] in raw coins way[1] at the model's own spot."""
    spot = [model_of(case, raw).spot(), 1.0]
    return float(spot[way[0]] / spot[way[1]]) * units(case)[way[1]] / units(case)[way[0]]


def test_one_model_pays_at_every_neighbour(chain_case):
    """What it holds at the neighbour's spot, grown with r, is what the neighbour pays."""
    (raw, _), *others = states(chain_case)
    model = model_of(chain_case, raw)
    for moved, paid in others:
        other = model_of(chain_case, moved)
        greeks = model.greeks(other.spot())
        shaken = abs(greeks.gamma) * other.spot() * np.array([1.0, other.spot()])
        grown = other.invariant / model.invariant
        columns = greeks.holdings * grown, shaken, units(chain_case), paid
        for mine, wobble, unit, out in zip(*columns, strict=True):
            assert abs(mine * unit - out) <= 1 + float(16 * ULP) * (wobble * unit + out)


def test_gamma_is_how_the_payouts_move(chain_case):
    """∫ Γ dp between the spots of two states is the move of the base, at one r."""
    (raw, paid), *others = states(chain_case)
    model, unit = model_of(chain_case, raw), units(chain_case)[0]
    nodes, weights = np.polynomial.legendre.leggauss(48)
    for moved, out in others:
        other = model_of(chain_case, moved)
        start, end = model.spot(), other.spot()
        gamma = model.gamma(start + (end - start) * (nodes + 1) / 2)
        change = (end - start) / 2 * (weights * gamma).sum()
        due = out[0] * model.invariant / other.invariant - paid[0]
        wobble = np.abs(gamma).max() * start * unit
        assert abs(change * unit - due) <= 2 + float(16 * ULP) * (wobble + paid[0])
