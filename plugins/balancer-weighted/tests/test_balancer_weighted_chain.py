"""What the Vault pays and quotes, to its own rounding: 18 decimals, powers with 1e-14 to spare.

Sources of the roundings: WeightedMath and LogExpMath (`MAX_POW_RELATIVE_ERROR` = 1e-14) of
balancer-v2-monorepo; a proportional exit pays ⌊B ⌊lp/supply⌋₁₈⌋, all rounded down.
"""

from fractions import Fraction

import numpy as np
import pytest
from hedgecore_balancer_weighted import BalancerWeighted

from hedgecore import Market

ULP = Fraction(1, 2**52)
WEI = Fraction(1, 10**18)
POWER = 4 * Fraction(1, 10**14)
"""What is paid falls short by up to this of the balance: pow errs by 1e-14, and rounds up."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


def states(case, oracle):
    """Return (raw balances, share, raw payouts) of the recorded state and of its neighbours."""
    first = {**case["state"], "withdrawable": case["withdrawable"]}
    for state in [first, *case["bumps"]]:
        raw, paid = ([int(x) for x in state[name]] for name in ("balances", "withdrawable"))
        yield raw, share(case, float(growth(case, oracle, raw) - 1)), paid


def growth(case, oracle, raw):
    """Return how much the invariant has grown since the recorded state, by the fees of a swap."""
    at = [whole(case, [int(x) for x in each]) for each in (case["state"]["balances"], raw)]
    before, after = (oracle.invariant(weights(case), balances) for balances in at)
    return after / before


def share(case, grown=0.0):
    """Return lp over the supply, which counts what is owed in fees, where the pool says.

    A part φ of the invariant's growth since the last exit, I₀ → I, is owed in unminted tokens:
    supply / actual supply = 1 − φ (1 − I₀/I), which gives I₀/I and, once it has grown, the next.
    """
    state, lp = case["state"], int(case["position"]["lp_tokens"])
    supply, cut = int(state["total_supply"]), protocol_fee(case)
    minted = Fraction(supply, int(state.get("actual_supply", supply)))
    if cut:
        last = 1 - (1 - minted) / cut
        minted = 1 - cut * (1 - last / (1 + Fraction(grown)))
    return Fraction(lp, supply) * minted


def protocol_fee(case):
    """Return the part of the swap fee that is the protocol's, which the record has in its note."""
    return Fraction(1, 2) if "protocol swap fee 50 %" in case.get("note", "") else 0


def units(case):
    return [10 ** token["decimals"] for token in case["tokens"]]


def whole(case, raw):
    return [Fraction(amount, unit) for amount, unit in zip(raw, units(case), strict=True)]


def weights(case):
    return [int(w) * WEI for w in case["pool"]["weights_e18"]]


def names(case):
    return tuple(token["symbol"] for token in case["tokens"])


def model_of(case, balances, part=None):
    return BalancerWeighted(
        assets=names(case),
        weights=[float(w) for w in weights(case)],
        balances=[float(b) for b in balances],
        share=float(share(case) if part is None else part),
    )


def market(case):
    prices = {name: 1.0 + 0.1 * at for at, name in enumerate(names(case))}
    return Market(prices=prices, numeraire="USD")


def assert_paid(case, held, raw, paid, room):
    """The contract rounds down, thrice: the ratio to 18 decimals, the product, and to raw units."""
    for unit, mine, balance, theirs in zip(units(case), held, raw, paid, strict=True):
        short = Fraction(float(mine)) * unit - theirs
        least = 1 + (balance + 1) * WEI
        assert -room * theirs <= short <= least + 1 + room * theirs, (float(short), theirs)


def test_at_state_is_the_payout(chain_case, oracle):
    for raw, part, paid in states(chain_case, oracle):
        model = model_of(chain_case, whole(chain_case, raw), part)
        exposure = model.at_state().exposure(market(chain_case)).over(names(chain_case))
        assert_paid(chain_case, exposure.delta, raw, paid, 2 * ULP)


def test_holdings_at_its_own_spot_are_the_payout(chain_case, oracle):
    for raw, part, paid in states(chain_case, oracle):
        model = model_of(chain_case, whole(chain_case, raw), part)
        assert_paid(chain_case, model.greeks(model.spot()).holdings, raw, paid, 30 * ULP)


def test_spot_is_the_contracts_formula(chain_case, oracle):
    """p_i / p_j = (B_j / w_j) / (B_i / w_i): exact, but for the roundings of doubles."""
    for raw, *_ in states(chain_case, oracle):
        depth = [b / w for b, w in zip(whole(chain_case, raw), weights(chain_case), strict=True)]
        spot = np.atleast_1d(model_of(chain_case, whole(chain_case, raw)).spot())
        for mine, due in zip(spot, depth[:-1], strict=True):
            assert abs(Fraction(float(mine)) * due / depth[-1] - 1) <= 3 * ULP


def probes(case):
    """Return (way, amount in less the fee, amount out, the scaled unit of the latter), exact."""
    for probe in case["spot"]["probes"]:
        way = probe["token_in"], probe["token_out"]
        fee = -(-int(probe["amount_in"]) * int(case["pool"]["swap_fee_e18"]) // 10**18)
        given = Fraction(int(probe["amount_in"]) - fee, units(case)[way[0]])
        yield way, given, Fraction(int(probe["amount_out"]), units(case)[way[1]])


def test_quotes_are_swaps_along_the_curve(chain_case, oracle):
    """The quote of the Vault = the exact swap, less the roundings of its power and of raw units."""
    (raw, *_), *_ = states(chain_case, oracle)
    balances = whole(chain_case, raw)
    for way, given, got in probes(chain_case):
        due = oracle.paid(weights(chain_case), balances, way, given)
        room = balances[way[1]] * POWER + Fraction(2, units(chain_case)[way[1]])
        assert -oracle.exact(room) <= oracle.exact(got) - due <= 0


def test_spot_brackets_the_quotes(chain_case, oracle):
    """A convex curve: what is paid per unit lies between the prices before and after the swap."""
    (raw, *_), *_ = states(chain_case, oracle)
    balances = whole(chain_case, raw)
    for way, given, got in probes(chain_case):
        after = list(balances)
        after[way[0]] += given
        after[way[1]] -= got
        high, low = (price_in(model_of(chain_case, at), way) for at in (balances, after))
        room = balances[way[1]] * POWER + Fraction(2, units(chain_case)[way[1]])
        assert low * (1 - 6 * ULP) - room / given <= got / given <= high * (1 + 6 * ULP)
        assert 1 - low / high < Fraction(1, 10000)


def price_in(model, way):
    """Return the price of asset way[0] in way[1] at the pool's own spot."""
    spot = [Fraction(x) for x in (*map(float, np.atleast_1d(model.spot())), 1.0)]
    return spot[way[0]] / spot[way[1]]


def test_the_invariant_is_the_contracts(chain_case, oracle):
    """V = I Π (p_i / w_i)^w_i; the contract's product of n powers is 1e-14 low for each of them."""
    (raw, *_), *_ = states(chain_case, oracle)
    w = weights(chain_case)
    model = model_of(chain_case, whole(chain_case, raw))
    prices = [*map(float, np.atleast_1d(model.spot())), 1.0]
    pairs = zip(prices, w, strict=True)
    scale = oracle.mp.fprod(
        (oracle.exact(p) / oracle.exact(u)) ** oracle.exact(u) for p, u in pairs
    )
    value = oracle.exact(float(model.value(model.spot()))) / oracle.exact(share(chain_case))
    mine, theirs = value / scale, oracle.exact(int(chain_case["state"]["invariant"]) * WEI)
    assert abs(mine / theirs - 1) <= oracle.exact(len(w) * POWER + 20 * ULP)


def test_gamma_is_how_the_payouts_move(chain_case, oracle):
    """∫ Γ dp between the spots of two states = the move of what is held, at one invariant.

    The swaps paid a fee: the neighbour is scaled back by the invariants' exact ratio.
    """
    (start, part, paid), *neighbours = states(chain_case, oracle)
    model = model_of(chain_case, whole(chain_case, start))
    here = np.atleast_1d(model.spot())
    for raw, its, moved in neighbours:
        grown = float(growth(chain_case, oracle, raw)) * float(its / part)
        there = np.atleast_1d(model_of(chain_case, whole(chain_case, raw)).spot())
        change = integral(model, here, there)
        for i, unit in enumerate(units(chain_case)[:-1]):
            due = moved[i] / grown - paid[i]
            room = 4 + (start[i] + raw[i]) * float(WEI) + 1e-14 * paid[i]
            assert abs(change[i] * unit - due) <= room


def integral(model, start, end):
    """Return ∫ Γ dp along a straight line of ln p, by Gauss and Legendre."""
    path = np.log(end / start)
    along = start * np.exp(path * (NODES[:, None] + 1) / 2)
    n = len(start)
    gamma = np.reshape(model.gamma(along if n > 1 else along[:, 0]), (-1, n, n))
    return np.einsum("k,kij,kj,j->i", WEIGHTS / 2, gamma, along, path)


def test_the_supply_that_counts_is_the_actual_one(chain_case):
    """Where a protocol fee is due, lp / total_supply overstates the payout by it: 0.8 % in one."""
    state, lp = chain_case["state"], int(chain_case["position"]["lp_tokens"])
    excess = int(state.get("actual_supply", state["total_supply"])) / int(state["total_supply"]) - 1
    assert excess == pytest.approx(0.00778443 if protocol_fee(chain_case) else 0.0, abs=1e-8)
    naive = Fraction(lp, int(state["total_supply"]))
    for balance, paid in zip(state["balances"], chain_case["withdrawable"], strict=True):
        over = naive * int(balance) - int(paid)
        assert abs(over - excess * int(paid)) <= 3 + int(balance) * WEI + Fraction(paid) * ULP
