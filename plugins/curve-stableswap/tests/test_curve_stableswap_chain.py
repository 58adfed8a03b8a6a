"""What Curve's pools and Balancer's stable pools pay and quote, to their own rounding.

All of the chain's integers are taken exactly, in 70 digits, and each contract's roundings are
counted: StableSwap (3pool, base pools, NG) and StableMath of balancer-v2-monorepo. The model, whose
fields are doubles, is compared with the same exact state.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from hedgecore_curve_stableswap import CurveStableswap

from hedgecore import Market

ULP = Fraction(1, 2**52)
WEI = Fraction(1, 10**18)
TEN = 10**10
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)


class State(NamedTuple):
    """A recorded state: raw balances, what was paid out, and what the pool said, if anything."""

    raw: list[int]
    paid: list[int]
    probes: list[dict]
    prices: list[int] | None


def states(case):
    first = {**case["state"], **case["spot"], "withdrawable": case["withdrawable"]}
    for each in [first, *case["bumps"]]:
        raw, paid = ([int(x) for x in each[name]] for name in ("balances", "withdrawable"))
        prices = [int(x) for x in each["get_p_e18"]] if "get_p_e18" in each else None
        yield State(raw, paid, each.get("probes", []), prices)


def is_curve(case):
    return case["protocol"] == "curve_stableswap"


def amplification(case):
    """A() of Curve as it stands, of which A_precise is 100 times; Balancer's is amp / 1000."""
    pool = case["pool"]
    if not is_curve(case):
        return Fraction(int(pool["amp_times_precision"]), int(pool["amp_precision"]))
    assert int(case["state"].get("A_precise", 100 * int(pool["A"]))) == 100 * int(pool["A"])
    return Fraction(int(pool["A"]))


def scales(case):
    """Return what makes a raw balance 18 decimals: rates, or Balancer's scaling factors."""
    given = case["state"].get("rates") or case["state"].get("scaling_factors_e18")
    return [int(x) for x in given] if given else [10 ** (36 - d) for d in decimals(case)]


def decimals(case):
    return [token["decimals"] for token in case["tokens"]]


def rates(case):
    """Return the rates per whole coin: 10^(36 - decimals) is 1, and an oracle's 1.15 is 1.15."""
    pairs = zip(scales(case), decimals(case), strict=True)
    return [Fraction(scale, 10 ** (36 - d)) for scale, d in pairs]


def whole(case, raw):
    return [float(amount / 10**d) for amount, d in zip(raw, decimals(case), strict=True)]


def scaled(case, raw):
    """Return xp in wei: raw · rate / 1e18, not rounded."""
    return [amount * scale * WEI for amount, scale in zip(raw, scales(case), strict=True)]


def share(case):
    state = case["state"]
    supply = state.get("actual_supply", state["total_supply"])
    return Fraction(int(case["position"]["lp_tokens"]), int(supply))


def names(case):
    return tuple(token["symbol"] for token in case["tokens"])


def model_of(case, raw):
    return CurveStableswap(
        assets=names(case),
        amplification=float(amplification(case)),
        balances=whole(case, raw),
        rates=[float(x) for x in rates(case)],
        share=float(share(case)),
    )


def spot_of(case, raw):
    return np.atleast_1d(model_of(case, raw).spot())


def test_at_state_is_the_payout(chain_case):
    """Curve pays ⌊B lp/supply⌋; Balancer ⌊B ⌊lp/supply⌋₁₈⌋ in 18 decimals, then raw."""
    market = Market(prices=dict.fromkeys(names(chain_case), 1.0), numeraire="USD")
    for state in states(chain_case):
        model = model_of(chain_case, state.raw)
        held = model.at_state().exposure(market).over(names(chain_case)).delta
        for mine, d, raw, paid in zip(
            held, decimals(chain_case), state.raw, state.paid, strict=True
        ):
            short = Fraction(float(mine)) * 10**d - paid
            most = 1 if is_curve(chain_case) else 2 + raw * WEI
            assert -2 * ULP * paid <= short <= most + 2 * ULP * paid


def test_the_invariant_is_the_contracts(chain_case, oracle):
    """D = virtual_price · supply: Curve's stops within 2 wei, and the price is rounded down.

    Balancer's getRate() is as of the last exit, less the protocol's part: none here.
    """
    state = chain_case["state"]
    xp = scaled(chain_case, [int(x) for x in state["balances"]])
    d = oracle.invariant(amplification(chain_case), xp)
    model = model_of(chain_case, [int(x) for x in state["balances"]])
    assert oracle.error(model.invariant, d * oracle.exact(WEI)) <= 1e-15
    told = state.get("virtual_price", state.get("rate"))
    if told is not None:
        supply = oracle.exact(int(state.get("actual_supply", state["total_supply"])))
        assert -invariant_room(chain_case) <= d - int(told) * supply / 10**18
        assert d - int(told) * supply / 10**18 <= invariant_room(chain_case) + supply / 10**18


def invariant_room(case):
    """Return how many wei the contract's D may be off: its Newton stops at a step of 1."""
    return 2 if is_curve(case) else 2 * len(case["tokens"])


def test_spot_is_the_invariants_gradient(chain_case, oracle):
    for state in states(chain_case):
        slopes = oracle.slopes(amplification(chain_case), scaled(chain_case, state.raw))
        due = [s * oracle.exact(r) for s, r in zip(slopes, rates(chain_case), strict=True)]
        for mine, theirs in zip(spot_of(chain_case, state.raw), due[:-1], strict=True):
            assert oracle.error(mine, theirs / due[-1]) <= 3e-15


def test_spot_is_what_the_contract_says(chain_case, oracle):
    """NG's get_p: coin i + 1 in coin 0, between scaled coins, rounded down to 1e-18."""
    for state in states(chain_case):
        slopes = oracle.slopes(amplification(chain_case), scaled(chain_case, state.raw))
        spot = [*map(oracle.exact, map(float, spot_of(chain_case, state.raw))), oracle.exact(1)]
        flat = [p / oracle.exact(r) for p, r in zip(spot, rates(chain_case), strict=True)]
        for i, told in enumerate(state.prices or [], start=1):
            assert -2 <= slopes[i] / slopes[0] * 10**18 - told <= 2
            assert abs(flat[i] / flat[0] * 10**18 / told - 1) <= 3e-15 + 2 / told


class Quote(NamedTuple):
    """One probe, in raw units: what went in less a fee on it, and what came out before a fee on it.

    `due` is what the curve pays; it is at most `over` less than what was quoted, and at most
    `short` more. `left` is what of the coin the exact swap leaves.
    """

    way: tuple[int, int]
    given: int
    got: object
    due: object
    over: object
    short: object


def quotes(case, state, oracle):
    """Yield the probes of a state with the exact swap and the roundings of the contract.

    Both stop Newton's method within a wei, on y^2 + b y = c and on D, and pay y less a wei more.
    Curve rounds b and c by a wei; the raw amount and the fee on it down, so that 3pool may pay one
    unit more; NG's fee is a multiple of 1e-10. Balancer takes its fee from what comes in, rounded
    up; its b and c have a quotient by amp, rounded to favour the pool and then multiplied by
    AMP_PRECISION: b may be 1000 wei low, and c 1000 times the balance high.
    """
    a, xp = amplification(case), scaled(case, state.raw)
    d = oracle.invariant(a, xp)
    for probe in state.probes:
        i, j = way = probe["token_in"], probe["token_out"]
        unit, given = oracle.exact(scales(case)[j] * WEI), int(probe["amount_in"])
        coarse = 0
        if not is_curve(case):
            coarse = int(case["pool"]["amp_precision"])
            given += -given * int(case["pool"]["swap_fee_e18"]) // 10**18
        into = oracle.exact(given * scales(case)[i] * WEI)
        exact, *drifted = (oracle.swap(a, xp, d + e, way, into) for e in (0, -2, 2))
        drift = 4 + max(abs(each.paid - exact.paid) for each in drifted)
        against = coarse * (exact.left + oracle.exact(xp[j])) / exact.apart
        keep, fuzz = kept(case, [oracle.exact(xp[k]) for k in way], into, exact.paid)
        over = (drift + fuzz * exact.paid) / unit + (1 / keep if is_curve(case) else 0)
        got = oracle.exact(int(probe["amount_out"])) / keep
        short = over + against / unit + 3 / keep
        yield Quote(way, given, got, exact.paid / unit, over, short)


def kept(case, xp, given, paid):
    """Return what of dy is left after a fee on it, and how much of dy the fee's rounding is.

    NG's fee rises off the peg: m f / ((m - 1) 4 x y / (x + y)^2 + 1) at the middle of the swap.
    """
    fee = Fraction(int(case["pool"].get("fee_e10", 0)), TEN)
    times = Fraction(int(case["state"].get("offpeg_fee_multiplier_e10", 0)), TEN)
    if times <= 1:
        return 1 - exactly(fee, paid), 0
    x, y = xp[0] + given / 2, xp[1] - paid / 2
    peg = 4 * x * y / (x + y) ** 2
    rise = exactly(times, paid) / (exactly(times - 1, paid) * peg + 1)
    return 1 - exactly(fee, paid) * rise, exactly(Fraction(3, TEN), paid)


def exactly(fraction, like):
    """Return a Fraction as a number of the judge's."""
    return type(like)(fraction.numerator) / fraction.denominator


def test_quotes_are_swaps_along_the_curve(chain_case, oracle):
    for state in states(chain_case):
        for quote in quotes(chain_case, state, oracle):
            assert -quote.over <= quote.due - quote.got <= quote.short


def test_spot_brackets_the_quotes(chain_case, oracle):
    """A convex curve: what is paid per unit lies between the model's spots before and after it."""
    for state in states(chain_case):
        for quote in quotes(chain_case, state, oracle):
            i, j = quote.way
            after = list(map(oracle.exact, state.raw))
            after[i] += quote.given
            after[j] -= quote.due
            high, low = (price(chain_case, raw, quote.way) for raw in (state.raw, after))
            average, room = quote.got / quote.given, 2e-15
            assert low * (1 - room) - quote.short / quote.given <= average
            assert average <= high * (1 + room) + quote.over / quote.given


def price(case, raw, way):
    """Return the price of raw coin way[0] in raw coins way[1] at the model's own spot."""
    spot = [*spot_of(case, raw), 1.0]
    shift = 10.0 ** (decimals(case)[way[1]] - decimals(case)[way[0]])
    return float(spot[way[0]] / spot[way[1]] * shift)


def test_gamma_is_how_the_payouts_move(chain_case, oracle):
    """∫ Γ dp between the spots of two states = the move of what is held, at one invariant.

    A swap that paid a fee has made D grow: its state is scaled back by the exact ratio. The spots
    are rounded, by which the flat curve moves Σ |Γ_ij| p_j ulps.
    """
    start, *neighbours = states(chain_case)
    model, here = model_of(chain_case, start.raw), spot_of(chain_case, start.raw)
    for state in neighbours:
        grown = grows(chain_case, oracle, start.raw, state.raw)
        there = spot_of(chain_case, state.raw)
        change, wobble = integral(model, here, there)
        for i, d in enumerate(decimals(chain_case)[:-1]):
            due = state.paid[i] / grown - start.paid[i]
            cut = 2 if is_curve(chain_case) else 4 + (start.raw[i] + state.raw[i]) * float(WEI)
            room = cut + wobble[i] * 10**d * 8 * float(ULP) + 4 * float(ULP) * start.paid[i]
            assert abs(change[i] * 10**d - due) <= room


def grows(case, oracle, before, after):
    pair = (oracle.invariant(amplification(case), scaled(case, raw)) for raw in (after, before))
    return float(next(pair) / next(pair))


def integral(model, start, end):
    """Return ∫ Γ dp along a straight line of ln p, by Gauss and Legendre, and Σ |Γ_ij| p_j."""
    path, n = np.log1p((end - start) / start), len(start)
    along = start * np.exp(path * (NODES[:, None] + 1) / 2)
    gamma = np.reshape(model.gamma(along if n > 1 else along[:, 0]), (-1, n, n))
    wobble = np.einsum("kij,kj->ki", np.abs(gamma), along).max(axis=0)
    return np.einsum("k,kij,kj,j->i", WEIGHTS / 2, gamma, along, path), wobble


def test_one_model_pays_at_every_neighbour(chain_case, oracle):
    """What it holds at the neighbour's spot, grown with D, is what the neighbour pays."""
    start, *neighbours = states(chain_case)
    model = model_of(chain_case, start.raw)
    for state in neighbours:
        there = spot_of(chain_case, state.raw)
        greeks = model.greeks(there if len(there) > 1 else there[0])
        held = greeks.holdings[:-1] * grows(chain_case, oracle, start.raw, state.raw)
        wobble = np.abs(np.reshape(greeks.gamma, (len(there), -1))) @ there
        for i, d in enumerate(decimals(chain_case)[:-1]):
            cut = 1 if is_curve(chain_case) else 2 + state.raw[i] * float(WEI)
            room = cut + wobble[i] * 10**d * 8 * float(ULP) + 8 * float(ULP) * state.paid[i]
            assert abs(held[i] * 10**d - state.paid[i]) <= room
