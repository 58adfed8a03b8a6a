"""The compiled loops: a table from which one step is enough, and the truth of sixty digits."""

import numpy as np
import pytest
from hedgecore_curve_stableswap import CurveStableswap, curve, pair_kernels
from hedgecore_curve_stableswap.pair_table import PARTS, REACH, table

from hedgecore.fast import fast_from, is_installed

AMPLIFICATIONS = (1e-9, 1e-3, 0.5, 1.0, 200.0, 1e6, 1e14)
SOME = 8


@pytest.mark.parametrize("amplification", AMPLIFICATIONS)
def test_the_table_is_a_short_step_away_from_the_state(amplification):
    ann = 2 * amplification
    many, cubics = max(ann, 1.0), table(ann)
    rise = 10 ** np.random.default_rng(2).uniform(-16, np.log10(2.0**REACH), 5000)
    octave, part = np.frexp(1.0 + many * rise)[1] - 1, np.frexp(1.0 + many * rise)[0] * 2 - 1
    row, rest = np.divmod(part * PARTS, 1)
    rows = cubics[octave * PARTS + row.astype(int)]
    powers = (rest[:, None] / PARTS) ** np.arange(4)
    tau, _, depth = curve.state(ann, [np.zeros_like(rise), rise])
    for near, there in zip((rows[:, :4], rows[:, 4:]), (tau, depth), strict=True):
        assert np.abs((near * powers).sum(axis=1) / there - 1).max() <= pair_kernels.LAST_STEP


@pytest.mark.skipif(not is_installed(), reason="needs the extra fast")
@pytest.mark.parametrize("amplification", AMPLIFICATIONS[1:-1])
@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_loop_is_as_near_to_the_truth_as_the_formulas(n, amplification, oracle):
    rng = np.random.default_rng(n)
    rates = np.exp(rng.normal(0, 0.3, n))
    pool = CurveStableswap(
        assets=tuple("ABCDE")[:n], amplification=amplification, balances=(1.0,) * n, rates=rates
    )
    apart = 10 ** rng.uniform(-16, 0.9, (SOME, 1)) * rng.normal(0, 1, (SOME, n - 1))
    prices = rates[:-1] / rates[-1] * np.exp(apart)
    with fast_from(0):
        greeks = pool.greeks(prices[:, 0] if n == 2 else prices)
    d = oracle.invariant(amplification, list(pool.rates))
    for i, price in enumerate(prices):
        truth = oracle.state(amplification, d, [*price, 1.0], pool.rates)
        others = truth._replace(gamma=[row[: n - 1] for row in truth.gamma[: n - 1]])
        gamma = np.reshape(greeks.gamma[i], (n - 1, n - 1))
        errors = oracle.errors(others, greeks.value[i], greeks.holdings[i], gamma)
        assert max(errors.value, errors.held) <= 2e-15
        assert max(errors.diagonal, errors.rest) <= 1e-14
