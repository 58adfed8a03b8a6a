"""The recorded 60-digit cases, published numbers, and a real pool far from its peg."""

import numpy as np
import pytest
from hedgecore_curve_stableswap import CurveStableswap

from hedgecore import ConvergenceError, Market, PriceError, SpecError, impermanent_loss
from hedgecore.testing import check_pool_model

VALUE, HELD, GAMMA = 1e-13, 1e-12, 1e-12
NAMES = tuple("ABCDEFGH")


def pool(amplification, balances, **terms):
    assets = NAMES[: len(balances)]
    return CurveStableswap(assets=assets, amplification=amplification, balances=balances, **terms)


def market_of(prices):
    named = zip(NAMES, prices, strict=False)
    return Market(prices=dict(named), numeraire="USD")


def floats(numbers):
    return tuple(float(x) for x in numbers)


def assert_within_goals(errors):
    assert errors.value <= VALUE
    assert errors.held <= HELD
    assert max(errors.diagonal, errors.rest) <= GAMMA


def recorded_basket(case):
    """A of Curve is A(); of Balancer it is amp / 1000."""
    params = case["params"]
    scale = params.get("amp_precision", 1)
    terms = {"balances": floats(params["balances"]), "rates": floats(params["rates"])}
    return pool(params.get("A", params.get("amp")) / scale, **terms)


@pytest.mark.sample(30)
def test_recorded_baskets(basket_case, oracle):
    model, want = recorded_basket(basket_case), basket_case["expected"]
    exposure = model.exposure(market_of(floats(basket_case["prices"])))
    truth = oracle.state(*asked(model, oracle, basket_case["prices"]))
    record = truth._replace(value=want["value"], held=want["delta"], gamma=want["gamma"])
    for judge in (record, truth):
        found = oracle.errors(judge, exposure.value, exposure.delta, exposure.gamma)
        assert_within_goals(found)
    assert oracle.error(model.invariant, want["D"]) <= 1e-15


def asked(model, oracle, prices):
    """Return what the judge needs: A, the exact D, prices and rates."""
    xp = [
        oracle.exact(b) * oracle.exact(r) for b, r in zip(model.balances, model.rates, strict=True)
    ]
    return model.amplification, oracle.invariant(model.amplification, xp), prices, model.rates


@pytest.mark.sample(30)
def test_the_judge_agrees_with_the_record(basket_case, oracle):
    model, want = recorded_basket(basket_case), basket_case["expected"]
    truth = oracle.state(*asked(model, oracle, basket_case["prices"]))
    pairs = [(truth.value, want["value"]), *zip(truth.held, want["delta"], strict=True)]
    for i, row in enumerate(truth.gamma):
        for j, mine in enumerate(row):
            size = oracle.exact(truth.gamma[i][i] * truth.gamma[j][j]) ** 0.5
            assert abs(mine - oracle.exact(want["gamma"][i][j])) <= 1e-27 * size
    for mine, theirs in pairs:
        assert abs(mine - oracle.exact(theirs)) <= 1e-28 * abs(mine)


def recorded_pair(case):
    params = case["params"]
    share = float(params.get("share", 1))
    return pool(float(params["A"]), floats(params["balances"]), share=share), float(case["price"])


def test_recorded_pairs(pair_case, oracle):
    (model, price), want = recorded_pair(pair_case), pair_case["expected"]
    greeks = model.greeks(price)
    assert oracle.error(greeks.value, want["value"]) <= VALUE
    assert oracle.error(greeks.delta, want["delta"]) <= HELD
    assert oracle.error(greeks.holdings[1], want["quote_amount"]) <= HELD
    assert oracle.error(greeks.gamma, want["gamma"]) <= GAMMA
    assert oracle.error(model.invariant, want["D"]) <= 1e-15


def test_inverse_quote(greeks_case, oracle):
    """From the same model, and from the pool the other way round, where 1/P is a new double."""
    (model, price), want = recorded_pair(greeks_case), greeks_case["expected"]
    greeks = model.greeks(price)
    assert oracle.error(greeks.value / price, want["inv_value"]) <= VALUE
    assert oracle.error(greeks.holdings[1], want["inv_delta"]) <= HELD
    assert oracle.error(price**3 * greeks.gamma, want["inv_gamma"]) <= GAMMA
    inverse = pool(model.amplification, model.balances[::-1])
    turned = inverse.greeks(1 / price)
    truth = oracle.state(*asked(inverse, oracle, [1 / price, 1]))
    gamma = [[turned.gamma]]
    trimmed = truth._replace(gamma=[truth.gamma[0][:1]])
    assert_within_goals(oracle.errors(trimmed, turned.value, turned.holdings, gamma))


def test_dollars(greeks_case, oracle):
    """The base's price P·q rounds: truth is taken at the doubles in the market."""
    (model, price), want = recorded_pair(greeks_case), greeks_case["expected"]
    usd = float(greeks_case["params"]["usd_price_of_quote"])
    prices = [price * usd, usd]
    exposure = model.exposure(market_of(prices))
    truth = oracle.state(*asked(model, oracle, prices))
    assert_within_goals(
        oracle.errors(truth, exposure.value, exposure.delta, exposure.gamma),
    )
    assert oracle.error(exposure.value, want["usd_value"]) <= VALUE


def test_cash_greeks_lvr_and_loss(greeks_case, oracle):
    (model, price), want = recorded_pair(greeks_case), greeks_case["expected"]
    exposure = model.exposure(Market(prices={"A": price, "B": 1.0}, numeraire="B"))
    assert oracle.error(exposure.value, want["value"]) <= VALUE
    assert oracle.error(exposure.delta_cash[0], want["delta_cash"]) <= HELD
    assert oracle.error(exposure.gamma_cash[0, 0], want["gamma_cash_1pct"]) <= GAMMA
    variance = float(greeks_case["params"]["sigma"]) ** 2
    assert oracle.error(exposure.lvr_rate({("A", "A"): variance}), want["lvr_rate"]) <= GAMMA


def test_impermanent_loss(greeks_case, oracle):
    """Entry is the pool's own spot, where it holds its balances to A ulps: 1e-14 absolute."""
    (model, price), want = recorded_pair(greeks_case), greeks_case["expected"]
    loss = oracle.exact(float(impermanent_loss(model, model.spot(), price)))
    assert abs(loss - oracle.exact(want["impermanent_loss"])) <= 1e-14


@pytest.mark.parametrize(
    ("amplification", "price", "value", "held", "gamma"),
    [
        (100, 0.99, 1.987856409303, 1.377364995477, -23.16228614),
        (2000, 0.99, 1.9827845782799, 1.8445990948631, -7.934236964),
        (1, 1.0, 2, 1, -1),
        (100, 1.0, 2, 1, -101 / 2),
        (2000, 1.0, 2, 1, -2001 / 2),
        (1e6, 1.0, 2, 1, -1000001 / 2),
    ],
)
def test_two_coins_by_the_numbers(amplification, price, value, held, gamma):
    """hedging.md, section 4: n = 2, D = 2, Ann = A n; at the peg Γ = -(A + 1)/2."""
    greeks = pool(amplification, (1.0, 1.0)).greeks(price)
    assert greeks.value == pytest.approx(value, abs=6e-13)
    assert greeks.delta == pytest.approx(held, abs=6e-13)
    assert greeks.gamma == pytest.approx(gamma, rel=3e-10 if price < 1 else 1e-15)


def test_three_coins_by_the_numbers():
    """hedging.md, section 4: n = 3, D = 3, A = 100 at p = (1, .99, 1.01)."""
    exposure = pool(100, (1.0, 1.0, 1.0)).exposure(market_of((1.0, 0.99, 1.01)))
    held = (0.782999912786559, 1.71431526503585, 0.507368146649727)
    assert float(exposure.value) == pytest.approx(2.992613853288275, abs=6e-16 * 3)
    assert exposure.delta == pytest.approx(held, abs=6e-15)


def test_3pool_holds_what_it_holds_and_not_what_par_would_leave():
    """Block 24407242: 27 M, 27 M and 108 M; its own spot is 7 bp off par, its fee 1.5 bp."""
    balances = (27_137_121.10037214, 27_662_471.158553, 108_298_644.409129)
    threepool = CurveStableswap(
        assets=("DAI", "USDC", "USDT"), amplification=4000, balances=balances, fee=0.00015
    )
    par = Market(prices=dict.fromkeys(threepool.assets, 1.0), numeraire="USD")
    assert threepool.spot() == pytest.approx([1.00074146, 1.00072267], abs=5e-9)
    held = threepool.at_state().exposure(par)
    assert tuple(held.delta) == balances
    assert float(held.value) == pytest.approx(sum(balances), rel=1e-15)
    at_par = threepool.exposure(par)
    assert at_par.delta == pytest.approx([54_361_657.199288] * 3, rel=1e-13)
    assert float(at_par.value) == pytest.approx(threepool.invariant, rel=1e-15)
    assert threepool.invariant / 156839057.351449476 == pytest.approx(1.039823717075901, abs=1e-15)
    own = threepool.greeks(threepool.spot()).holdings
    assert own == pytest.approx(balances, rel=4000 * 3 * 2**-52)


def test_two_coins_are_a_pair():
    """Scalars come back as scalars, arrays in their shape, and no axis for the assets."""
    model = pool(200, (3e6, 7e6), rates=(1.0, 1.2))
    for answer in (model.value(0.9), model.delta(0.9), model.gamma(0.9)):
        assert isinstance(answer, np.float64)
    assert isinstance(model.spot(), float)
    greeks = model.greeks(np.geomspace(0.5, 2, 6).reshape(2, 3))
    assert greeks.value.shape == greeks.delta.shape == greeks.gamma.shape == (2, 3)
    assert greeks.holdings.shape == (2, 3, 2)
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(PriceError):
            model.value(bad)


def test_more_coins_are_vectors():
    model = pool(200, (3e6, 7e6, 1e6))
    prices = np.linspace(0.98, 1.02, 12).reshape(2, 3, 2)
    greeks = model.greeks(prices)
    assert (greeks.value.shape, greeks.delta.shape) == ((2, 3), (2, 3, 2))
    assert greeks.gamma.shape == (2, 3, 2, 2)
    assert model.spot().shape == (2,)
    for at in np.ndindex(2, 3):
        assert model.gamma(prices[at]) == pytest.approx(greeks.gamma[at], rel=1e-13)
    with pytest.raises(PriceError, match="last axis of 2"):
        model.value(1.0)


@pytest.mark.parametrize("n", [2, 3, 8])
@pytest.mark.parametrize("amplification", [1.0, 200.0, 1e6])
@pytest.mark.sample(3)
def test_it_keeps_the_laws_of_pools(n, amplification):
    rates = tuple(1.0 + np.arange(n) / 7)
    balances = tuple(1e6 / np.array(rates) * np.linspace(0.5, 1.5, n))
    check_pool_model(pool(amplification, balances, rates=rates, share=0.01))


@pytest.mark.parametrize("price", [1e-31, 1e31])
def test_prices_too_far_apart_are_refused_in_words(price):
    model = pool(100, (1.0, 1.0))
    for ask in (model.value, model.delta, model.gamma, model.greeks):
        with pytest.raises(ConvergenceError, match=r"prices a factor of 1e\+31 apart; solved are"):
            ask([1.0, price])


@pytest.mark.parametrize("amplification", [1e-10, 1e15])
def test_amplifications_out_of_range_are_refused_in_words(amplification):
    with pytest.raises(ConvergenceError, match="solved are A from 1e-09 to 1e"):
        pool(amplification, (1.0, 1.0)).value(1.0)


def test_a_pool_too_uneven_for_an_invariant_says_so():
    with pytest.raises(ConvergenceError, match="balances too uneven for an invariant"):
        pool(100, (1e-300, 1.0, 1e300)).value([1.0, 1.0])


def test_what_is_refused_is_never_an_overflow_or_a_nan():
    """Prices 1e-30 to 1e30 and more apart: an answer, or a ConvergenceError."""
    for amplification in (1.0, 1e3, 1e6):
        model = pool(amplification, (1e6, 1e6, 1e6))
        for low in np.geomspace(1e-150, 1e150, 31):
            try:
                greeks = model.greeks([low, 1.0])
            except ConvergenceError:
                assert not 1e-29 < low < 1e29
            else:
                assert all(np.isfinite(part).all() for part in greeks)


def test_the_amplification_is_the_contracts(oracle):
    """Ann = A n, and not the whitepaper's A nⁿ: at the peg Γ₀₀ = -D (n - 1)(Ann + n)/n³."""
    for n in (2, 3, 8):
        model = pool(200.0, (1e6,) * n)
        due = -n * oracle.exact(1e6) * (n - 1) * (200 * n + n) / n**3
        gamma = np.reshape(model.gamma(np.ones(n - 1) if n > 2 else 1.0), (n - 1, n - 1))
        assert oracle.error(gamma[0, 0], due) <= 1e-14


def test_the_share_scales_everything():
    whole, part = (pool(200, (3e6, 7e6), share=share) for share in (1.0, 0.25))
    assert part.value(0.99) == 0.25 * whole.value(0.99)
    assert part.gamma(0.99) == pytest.approx(0.25 * whole.gamma(0.99), rel=1e-15)
    assert part.spot() == whole.spot()


def test_rates_must_be_one_each():
    with pytest.raises(SpecError, match=r"curve-stableswap\.rates"):
        pool(200, (3e6, 7e6), rates=(1.0, 1.0, 1.0))


def test_gamma_at_state_is_that_of_the_balances_not_of_a_rounded_spot():
    """At A = 10⁶ a spot rounded to a double moves gamma by 1e-10; the balances are exact."""
    mpmath = pytest.importorskip("mpmath")
    balances, amplification = (900_000.0, 400_000.0), 1_000_000.0
    table = {"assets": ("A", "B"), "amplification": amplification}
    pool = CurveStableswap(balances=balances, **table)
    market = Market(prices={"A": 1.0, "B": 1.0})
    with mpmath.workdps(60):
        x, y = map(mpmath.mpf, balances)
        ann = 2 * mpmath.mpf(amplification)
        invariant = mpmath.findroot(
            lambda d: ann * (x + y) + d - ann * d - d**3 / (4 * x * y), x + y
        )
        depth = invariant**3 / 4
        fx, fy = ann + depth / (x**2 * y), ann + depth / (x * y**2)
        fxx, fyy, fxy = -2 * depth / (x**3 * y), -2 * depth / (x * y**3), -depth / (x * y) ** 2
        slope = -fx / fy  # dy/dx along the curve; the price of A is −slope
        bend = -(fxx + 2 * fxy * slope + fyy * slope**2) / fy
        due = -1 / bend
    assert float(pool.at_state().exposure(market).gamma[0, 0]) == pytest.approx(
        float(due), rel=1e-13
    )
