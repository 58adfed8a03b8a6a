"""The compiled loops: a table from which two coins are a short step away."""

import numpy as np
import pytest
from hedgecore_curve_cryptoswap import CurveCryptoswap, kernels, start
from hedgecore_curve_cryptoswap.newton import Rises, refine


@pytest.mark.parametrize(
    ("amplification", "gamma"), [(4e5, 1.45e-4), (2e7, 1e-3), (1e4, 1e-8), (3.0, 0.5), (2e8, 0.01)]
)
def test_the_table_of_two_coins_is_a_short_step_away_from_the_state(amplification, gamma):
    terms = {"amplification": amplification, "gamma": gamma, "price_scale": (1.0,)}
    curve = CurveCryptoswap(coins=("A", "B"), balances=(1.0, 1.0), **terms).curve
    rise = 10 ** np.random.default_rng(4).uniform(-10, 5.9, 5000)
    none = np.zeros_like(rise)
    given = Rises([none, rise], [1.0 + none, 1.0 + rise], [rise * rise])
    state = refine(curve, given, *start.from_the_peg(curve, given))
    limit = rise * rise / (1.0 + rise) / 4.0
    part, octave = np.frexp(limit)
    row, rest = np.divmod((2.0 * part - 1.0) * start.PARTS, 1)
    rows = start.cubics(curve, 2)[(octave - 1 - start.FIRST) * start.PARTS + row.astype(int)]
    powers = (rest[:, None] / start.PARTS) ** np.arange(4)
    tau, v = (rows[:, :4] * powers).sum(axis=1), limit * (rows[:, 4:] * powers).sum(axis=1)
    assert np.abs(tau / state.tau - 1).max() <= kernels.LAST_STEP
    assert np.abs(v / state.v - 1).max() <= kernels.LAST_STEP
