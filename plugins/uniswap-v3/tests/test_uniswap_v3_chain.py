"""What the v3 and v4 contracts pay out, to their own rounding."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hedgecore_uniswap_v3 import UniswapV3Position
from hedgecore_uniswap_v3.ticks import tick_root

from hedgecore import Market, SpecError

TOKENS = ("T0", "T1")
DOUBLE = Fraction(1, 10**15)
ANY_MARKET = Market(prices={"T0": 7.0, "T1": 0.3}, numeraire="USD")
QUOTES = pytest.mark.parametrize("quote", TOKENS)


def states(case):
    """Return (√price, payouts) of the recorded state and of its neighbours."""
    found = [(case["state"]["sqrt_price_x96"], case["withdrawable"])]
    found += [(bump["sqrt_price_x96"], bump["withdrawable"]) for bump in case["bumps"]]
    return [(int(root), tuple(map(int, paid))) for root, paid in found]


def table_of(case, quote, root=None):
    ours = case["position"]
    return {
        "tokens": TOKENS,
        "liquidity": int(ours["liquidity"]),
        "tick_lower": ours["tick_lower"],
        "tick_upper": ours["tick_upper"],
        "decimals": [token["decimals"] for token in case["tokens"]],
        "sqrt_price_x96": root,
        "quote": quote,
    }


def exact_price(case, quote, root):
    zero, one = (token["decimals"] for token in case["tokens"])
    price = Fraction(root**2, 2**192) * Fraction(10) ** (zero - one)
    return 1 / price if quote == TOKENS[0] else price


def in_token_order(model, held):
    return [dict(zip(model.assets, held, strict=True))[token] for token in TOKENS]


def assert_paid(case, held, paid, unit=1, slack=DOUBLE):
    """The contract rounds down: never more than is held, and less by under one raw unit."""
    for token, mine, theirs in zip(case["tokens"], held, paid, strict=True):
        short = Fraction(float(mine)) * 10 ** token["decimals"] - theirs
        assert -slack * theirs <= short <= unit + slack * theirs, (float(short), theirs)


@QUOTES
def test_at_state_is_the_payout(chain_case, quote):
    for root, paid in states(chain_case):
        model = UniswapV3Position(**table_of(chain_case, quote, root))
        exposure = model.at_state().exposure(ANY_MARKET)
        assert_paid(chain_case, in_token_order(model, exposure.delta), paid)


@QUOTES
def test_spot_is_the_contracts_price(chain_case, quote):
    for root, _ in states(chain_case):
        model = UniswapV3Position(**table_of(chain_case, quote, root))
        assert model.spot() == float(exact_price(chain_case, quote, root))


def test_ticks_round_as_in_the_contract(chain_case):
    ours = chain_case["position"]
    for side in ("lower", "upper"):
        theirs = int(ours[f"sqrt_{side}_x96"])
        assert abs(tick_root(ours[f"tick_{side}"]) - theirs) <= theirs * 10**-18


@QUOTES
def test_judge_pays_what_the_contract_pays(chain_case, quote, oracle):
    """At the exact price and at ideal ticks: TickMath's own rounding shows beyond tick 500 000."""
    table = table_of(chain_case, quote)
    far = max(abs(table["tick_lower"]), abs(table["tick_upper"])) > 500_000
    slack = Fraction(3, 10**10) if far else DOUBLE
    for root, paid in states(chain_case):
        at = oracle.position(table).at(exact_price(chain_case, quote, root))
        held = in_token_order(UniswapV3Position(**table), (at.base, at.quote))
        assert_paid(chain_case, held, paid, slack=slack)


@QUOTES
def test_holdings_at_the_price_are_the_judges(chain_case, quote, oracle):
    table = table_of(chain_case, quote)
    prices = np.array([float(exact_price(chain_case, quote, r)) for r, _ in states(chain_case)])
    model = UniswapV3Position(**table)
    assert max(oracle.errors(model, oracle.position(table), prices)) <= 1e-13


@QUOTES
def test_worth_at_the_price_is_the_payouts(chain_case, quote):
    model = UniswapV3Position(**table_of(chain_case, quote))
    for root, paid in states(chain_case):
        price = float(exact_price(chain_case, quote, root))
        zero, one = (token["decimals"] for token in chain_case["tokens"])
        ours = in_token_order(model, model.greeks(price).holdings)
        worth = dict(zip(model.assets, (price, 1.0), strict=True))
        theirs = [float(Fraction(n, 10**d)) for n, d in zip(paid, (zero, one), strict=True)]
        weights = [worth[token] for token in TOKENS]
        units = weights[0] / 10**zero + weights[1] / 10**one
        off = sum(abs(a - b) * w for a, b, w in zip(ours, theirs, weights, strict=True))
        total = sum(b * w for b, w in zip(theirs, weights, strict=True))
        assert off <= 2 * units + 1e-12 * total


def mean_gamma(model, start, end):
    """Return ∫γ dP / (P₁ - P₀) by Gauss's rule in log P, split at the jumps."""
    points, weights = np.polynomial.legendre.leggauss(24)
    stops = [start, *(b for b in model.breakpoints() if start < b < end), end]
    total = 0.0
    for low, high in pairwise(stops):
        half = np.log(high / low) / 2
        prices = np.sqrt(low * high) * np.exp(half * points)
        inside = np.clip(prices, low, np.nextafter(high, low))
        total += half * np.sum(weights * prices * model.gamma(inside))
    return total / (end - start)


@QUOTES
def test_gamma_is_how_the_payout_moves(chain_case, quote):
    """Between two states, to the payouts' rounding down, and that of each price to a double."""
    model = UniswapV3Position(**table_of(chain_case, quote))
    base = TOKENS.index(model.assets[0])
    unit = 1 / 10 ** chain_case["tokens"][base]["decimals"]
    rows = [
        (float(exact_price(chain_case, quote, r)), p[base] * unit) for r, p in states(chain_case)
    ]
    rows = sorted(dict(rows).items())
    for (start, before), (end, after) in pairwise(rows):
        if end / start > 2:
            continue
        slope = (after - before) / (end - start)
        ulps = 2**-52 * max(-model.gamma(start) * start, -model.gamma(end) * end)
        room = (unit + ulps + 1e-13 * max(after, before)) / (end - start)
        assert abs(mean_gamma(model, start, end) - slope) <= room + 3e-10 * abs(slope)


def test_a_position_without_a_pool_has_no_state():
    model = UniswapV3Position(tokens=TOKENS, liquidity=1, tick_lower=0, tick_upper=1)
    for ask in (model.spot, model.at_state):
        with pytest.raises(SpecError, match="uniswap-v3-position"):
            ask()


def test_worth_at_state_is_what_is_held_at_the_markets_prices():
    root = 3543191142285914205922034
    table = {**UniswapV3Position.example, "sqrt_price_x96": root}
    model = UniswapV3Position(**table)
    market = Market(prices={"WETH": 2500.0, "USDC": 1.0}, numeraire="USD")
    state = model.at_state()
    exposure = state.exposure(market)
    assert state.worth(market) == pytest.approx(float(exposure.delta @ [2500.0, 1.0]), rel=1e-15)
    assert exposure.gamma[0, 0] == model.gamma(model.spot())
    assert np.abs(exposure.gamma @ [2500.0, 1.0]).max() <= 1e-12 * -exposure.gamma[0, 0] * 2500
