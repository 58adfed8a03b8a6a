"""What Router02.removeLiquidity pays out, to its own rounding."""

from fractions import Fraction
from itertools import pairwise
from math import isqrt

import pytest
from hedgecore_uniswap_v2 import UniswapV2

from hedgecore import Market

DOUBLE = Fraction(1, 10**15)
MARKET = Market(prices={"A": 3.0, "B": 0.7}, numeraire="USD")
NEIGHBOURS = ("reserves", "total_supply", "withdrawable")


def states(case):
    """Return (reserves, share, payouts) of the recorded state and its neighbours, raw and exact."""
    first = {**case["state"], "withdrawable": case["withdrawable"]}
    for state in [first, *case["bumps"]]:
        reserves, supply, paid = (state[name] for name in NEIGHBOURS)
        raw = [int(amount) for amount in reserves]
        share = Fraction(int(case["position"]["lp_tokens"]), _supply(case, raw, int(supply)))
        yield raw, share, [int(amount) for amount in paid]


def _supply(case, reserves, supply):
    """Return the supply at burning: where the fee is on, a sixth of √k's growth is minted first."""
    if not case["pool"]["protocol_fee_on"]:
        return supply
    now, last = isqrt(reserves[0] * reserves[1]), isqrt(int(case["state"]["k_last"]))
    return supply + max(0, supply * (now - last) // (5 * now + last))


def whole(case, raw):
    tokens = zip(raw, case["tokens"], strict=True)
    return [Fraction(amount, 10 ** token["decimals"]) for amount, token in tokens]


def model_of(case, raw, share, *, inverse=False):
    reserves, assets = [float(amount) for amount in whole(case, raw)], ("A", "B")
    if inverse:
        reserves, assets = reserves[::-1], ("B", "A")
    return UniswapV2(assets=assets, reserves=reserves, share=float(share))


def assert_paid(case, held, paid, slack=(DOUBLE, DOUBLE)):
    """The contract rounds down: it pays what is held, less under one raw unit."""
    for token, mine, theirs, room in zip(case["tokens"], held, paid, slack, strict=True):
        short = Fraction(float(mine)) * 10 ** token["decimals"] - theirs
        assert -room * theirs <= short <= 1 + room * theirs, (float(short), theirs)


@pytest.mark.parametrize("inverse", [False, True])
def test_at_state_is_the_payout(chain_case, inverse):
    for raw, share, paid in states(chain_case):
        model = model_of(chain_case, raw, share, inverse=inverse)
        exposure = model.at_state().exposure(MARKET).over(("A", "B"))
        assert_paid(chain_case, exposure.delta, paid)


@pytest.mark.parametrize("inverse", [False, True])
def test_holdings_at_the_price_are_the_payout(chain_case, inverse):
    """The price of the exact reserves, rounded once; a whole ulp more for the square roots."""
    for raw, share, paid in states(chain_case):
        base, quote = whole(chain_case, raw)
        price = float(base / quote if inverse else quote / base)
        held = model_of(chain_case, raw, share, inverse=inverse).greeks(price).holdings
        assert_paid(chain_case, held[::-1] if inverse else held, paid)


def test_spot_is_the_ratio_of_the_reserves(chain_case):
    for raw, share, _ in states(chain_case):
        base, quote = whole(chain_case, raw)
        assert model_of(chain_case, raw, share).spot() == pytest.approx(
            float(quote / base), rel=4e-16
        )


def test_one_model_pays_at_every_neighbour(chain_case):
    """Raw reserves round when they move along k, and so does √k: each by less than a unit."""
    (start, share, _), *neighbours = states(chain_case)
    model = model_of(chain_case, start, share)
    for raw, _, paid in neighbours:
        base, quote = whole(chain_case, raw)
        drift = DOUBLE + sum(Fraction(1, amount) for amount in raw)
        held = model.greeks(float(quote / base)).holdings
        for token, mine, theirs in zip(chain_case["tokens"], held, paid, strict=True):
            off = abs(Fraction(float(mine)) * 10 ** token["decimals"] - theirs)
            assert off <= 1 + drift * theirs


def test_gamma_is_how_the_payout_moves(chain_case):
    """∫γ dP between two states in closed form from γ ∝ P^(-3/2): 2P γ(P) at both ends."""
    (start, share, _), *_ = states(chain_case)
    model = model_of(chain_case, start, share)
    rows = sorted((*whole(chain_case, raw), raw, paid[0]) for raw, _, paid in states(chain_case))
    decimals = chain_case["tokens"][0]["decimals"]
    for (b0, q0, raw0, paid0), (b1, q1, raw1, paid1) in pairwise(rows):
        ends = [float(q0 / b0), float(q1 / b1)]
        moved = -2 * (ends[1] * model.gamma(ends[1]) - ends[0] * model.gamma(ends[0]))
        drift = DOUBLE + sum(Fraction(1, amount) for amount in (*raw0, *raw1))
        room = 2 + drift * (paid0 + paid1)
        assert abs(Fraction(float(moved)) * 10**decimals - (paid1 - paid0)) <= room
