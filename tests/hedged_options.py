"""Deviation of the cost of a hedged option, by backward integration: no paths, no product."""

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import ndtr

NODES = np.linspace(-8.0, 8.0, 257)
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
"""Normal density at even nodes: the trapezoidal rule, which is exact to all digits here."""


def std_of_cost(price, strike, years, vol, trades, *, rate=0.0, drift=0.0):
    """Deviation of payoff − Σ Δ(S_i)(S_{i+1} − S_i) over even steps, one trade at each start.

    Deltas are of a call by Black and Scholes at `rate`; the price moves by `drift`; cash bears no
    interest. With m and q the mean and the second moment of the cost from a step on, given S,

        m_i = E[m_{i+1} − Δ dS],    q_i = E[q_{i+1} − 2 Δ dS m_{i+1} + (Δ dS)²].
    """
    dt = years / trades
    grid = np.log(price) + vol * np.sqrt(years) * np.linspace(-9.0, 9.0, 1001) + drift * years / 2
    steps = (drift - vol**2 / 2) * dt + vol * np.sqrt(dt) * NODES

    def mean_at(logs):
        return np.maximum(np.exp(logs) - strike, 0.0)

    def square_at(logs):
        return mean_at(logs) ** 2

    for step in reversed(range(trades)):
        here = grid if step else np.array([np.log(price)])
        left = years - step * dt
        up = (here - np.log(strike) + (rate + vol**2 / 2) * left) / (vol * np.sqrt(left))
        there = here[:, None] + steps
        gain = ndtr(up)[:, None] * (np.exp(there) - np.exp(here)[:, None])
        later, squares = mean_at(there), square_at(there)
        mean = (later - gain) @ WEIGHTS
        square = (squares - 2 * gain * later + gain**2) @ WEIGHTS
        if step:
            mean_at, square_at = CubicSpline(grid, mean), CubicSpline(grid, square)
    return float(np.sqrt(square[0] - mean[0] ** 2))
