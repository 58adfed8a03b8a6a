"""What Curve's twocrypto-ng, tricrypto-ng and the pool of 2021 pay, to their own rounding.

All of the chain's integers are taken exactly, in 80 digits. The model, whose fields are doubles, is
compared with the same exact state.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from hedgecore_curve_cryptoswap import CurveCryptoswap

from hedgecore import Market

ULP = Fraction(1, 2**52)
WEI = Fraction(1, 10**18)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)


class State(NamedTuple):
    """A recorded state: raw balances, the price scale, D, and what was paid out."""

    raw: list[int]
    scale: list[int]
    d: int
    paid: list[int]
    moved: bool


def states(case):
    first = {**case["state"], "withdrawable": case["withdrawable"]}
    for each in [first, *case["bumps"]]:
        names = ("balances", "price_scale", "withdrawable")
        raw, scale, paid = ([int(x) for x in each[name]] for name in names)
        yield State(raw, scale, int(each["D"]), paid, each.get("price_scale_moved", False))


def units(case):
    return [10 ** token["decimals"] for token in case["tokens"]]


def names(case):
    return tuple(token["symbol"] for token in case["tokens"])


def share(case):
    """Return what is paid for: one unit of the LP token less, `amount -= 1` in the contracts."""
    supply = int(case["state"]["total_supply"])
    return Fraction(int(case["position"]["lp_tokens"]) - 1, supply)


def model_of(case, state):
    whole = [raw / Fraction(unit) for raw, unit in zip(state.raw, units(case), strict=True)]
    return CurveCryptoswap(
        coins=names(case),
        amplification=int(case["pool"]["A"]),
        gamma=float(int(case["pool"]["gamma"]) * WEI),
        balances=[float(x) for x in whole],
        price_scale=[float(x * WEI) for x in state.scale],
        share=float(share(case)),
    )


def by_coin(by_asset):
    return [by_asset[-1], *by_asset[:-1]]


def test_at_state_is_the_payout_to_the_raw_unit(chain_case):
    market = Market(prices=dict.fromkeys(names(chain_case), 1.0), numeraire="USD")
    for state in states(chain_case):
        model = model_of(chain_case, state)
        held = model.at_state().exposure(market).over(names(chain_case)).delta
        columns = held, units(chain_case), state.raw, state.paid
        for mine, unit, raw, paid in zip(*columns, strict=True):
            assert paid == share(chain_case) * raw // 1
            short = Fraction(float(mine)) * unit - paid
            assert -2 * ULP * paid <= short <= 1 + 2 * ULP * paid


def test_the_invariant_is_the_contracts(chain_case, oracle):
    """The contract's Newton stops within D/1e16 or so; a swap leaves its last D standing."""
    for state in states(chain_case):
        model = model_of(chain_case, state)
        due = oracle.invariant(oracle.setup(model))
        assert oracle.error(model.invariant, due) <= 1e-15
        if not state.moved:
            assert abs(due * 10**18 / state.d - 1) <= 1e-13 + 10 / state.d


def test_spot_is_the_invariants_gradient(chain_case, oracle):
    for state in states(chain_case):
        model = model_of(chain_case, state)
        spot = oracle.spot(oracle.setup(model))
        assert max(map(oracle.error, np.atleast_1d(model.spot()), spot[:-1])) <= 4e-15


def test_last_prices_are_not_the_spot_after_a_repeg(chain_case):
    """`last_prices` is the last trade's: 2.3 % off in the pool that re-pegged."""
    (state, *_), told = list(states(chain_case)), chain_case["spot"]["last_prices"]
    spot = np.atleast_1d(model_of(chain_case, state).spot())
    off = max(abs(float(int(x) * WEI) / s - 1) for x, s in zip(told, spot, strict=True))
    assert (off > 0.02) == ("repegged" in chain_case["id"])


def test_spot_brackets_the_quotes(chain_case):
    """A convex curve: what is paid per unit lies between the model's spots before and after it.

    Less a fee of at most out_fee, and what the contract's rounding takes: the last few units.
    """
    state, *_ = states(chain_case)
    fee = Fraction(int(chain_case["pool"]["out_fee_e10"]), 10**10)
    least = Fraction(int(chain_case["pool"]["mid_fee_e10"]), 10**10)
    for probe in chain_case["spot"]["probes"]:
        way = probe["token_in"], probe["token_out"]
        given, got = int(probe["amount_in"]), int(probe["amount_out"])
        after = list(state.raw)
        after[way[0]] += given
        after[way[1]] -= got / (1 - fee)
        high, low = (price(chain_case, state._replace(raw=raw), way) for raw in (state.raw, after))
        room = coarseness(chain_case, way[1])
        assert (got - room) / given <= high * (1 - float(least)) * (1 + 2e-15)
        assert (got + room) / given >= low * (1 - float(fee)) * (1 - 2e-15)


def coarseness(case, out):
    """Return the raw units that a quote may be off: one, and what a wei of coin 0 is worth."""
    unit, one = units(case)[out], units(case)[0]
    return 2 + 10 * unit / 10**18 * max(1, 10**18 // (one * 10**12))


def price(case, state, way):
    """Return the price of raw coin way[0] in raw coins way[1] at the model's own spot."""
    spot = by_coin([*np.atleast_1d(model_of(case, state).spot()), 1.0])
    return float(spot[way[0]] / spot[way[1]]) * units(case)[way[1]] / units(case)[way[0]]


def neighbours(case, oracle):
    """Yield each neighbour on the same price scale, with how much the fee made D grow."""
    start, *others = states(case)
    before = oracle.invariant(oracle.setup(model_of(case, start)))
    for state in others:
        if state.scale == start.scale:
            after = oracle.invariant(oracle.setup(model_of(case, state)))
            yield state, float(after / before)


def test_one_model_pays_at_every_neighbour(chain_case, oracle):
    """What it holds at the neighbour's spot, grown with D, is what the neighbour pays."""
    start, *_ = states(chain_case)
    model = model_of(chain_case, start)
    for state, grown in neighbours(chain_case, oracle):
        there = np.atleast_1d(model_of(chain_case, state).spot())
        greeks = model.greeks(there if len(there) > 1 else there[0])
        wobble = np.abs(np.reshape(greeks.gamma, (len(there), -1))) @ there
        columns = greeks.holdings[:-1] * grown, wobble, units(chain_case)[1:], state.paid[1:]
        for mine, shaken, unit, paid in zip(*columns, strict=True):
            room = 1 + (8 * shaken * unit + 8 * paid) * float(ULP)
            assert abs(mine * unit - paid) <= room


def test_gamma_is_how_the_payouts_move(chain_case, oracle):
    """∫ Γ dp between the spots of two states = the move of what is held, at one invariant."""
    start, *_ = states(chain_case)
    model = model_of(chain_case, start)
    here = np.atleast_1d(model.spot())
    for state, grown in neighbours(chain_case, oracle):
        there = np.atleast_1d(model_of(chain_case, state).spot())
        change, wobble = integral(model, here, there)
        for i, unit in enumerate(units(chain_case)[1:]):
            due = state.paid[i + 1] / grown - start.paid[i + 1]
            room = 2 + (8 * wobble[i] * unit + 4 * start.paid[i + 1]) * float(ULP)
            assert abs(change[i] * unit - due) <= room


def integral(model, start, end):
    """Return ∫ Γ dp along a straight line of ln p, by Gauss and Legendre, and Σ |Γ_ij| p_j."""
    path, n = np.log1p((end - start) / start), len(start)
    along = start * np.exp(path * (NODES[:, None] + 1) / 2)
    gamma = np.reshape(model.gamma(along if n > 1 else along[:, 0]), (-1, n, n))
    wobble = np.einsum("kij,kj->ki", np.abs(gamma), along).max(axis=0)
    return np.einsum("k,kij,kj,j->i", WEIGHTS / 2, gamma, along, path), wobble
