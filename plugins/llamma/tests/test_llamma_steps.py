"""An AMM that follows its oracle step by step, hedged at each: its mean loss is the formula's.

The market and the oracle move together by a small factor, up or down; arbitrage brings each band to
that price; the hedge, short the model's delta, is set anew. The AMM is the contract's invariant,
written in the tests, and shares no code with the model.
"""

import numpy as np
import pytest
from hedgecore_llamma import Llamma

from hedgecore import Market

PATHS, STEPS, MOVE = 200, 200, 1e-4
BASE, A, BANDS = 2_000.0, 100, range(5)


def model_of(y, price):
    bands = [[n, 0.0, y] for n in BANDS]
    return Llamma(
        collateral="C",
        borrowed="B",
        bands=bands,
        amplification=A,
        base_price=BASE,
        oracle_price=price,
        vol=1.0,
    )


def market(price):
    return Market(prices={"C": price, "B": 1.0}, numeraire="B")


def walked(oracle, start):
    """Return the hedged loss of each path, and what the model says it is, both in cash (N,)."""
    rng = np.random.default_rng(21)
    upper = BASE * (1 - 1 / A) ** np.array(BANDS, dtype=float)
    amm = oracle.amm(PATHS, A, upper, 1.0)
    price = np.full(PATHS, start)
    amm.step(price)
    model = model_of(1.0, BASE * 1.01)  # all collateral, above all bands, as the AMM began
    worth = amm.x.sum(axis=1) + price * amm.y.sum(axis=1)
    lost, due = np.zeros(PATHS), np.zeros(PATHS)
    for _ in range(STEPS):
        here = market(price)
        delta = model.exposure(here).delta[:, 0]
        due += 365 * model.net_loss(here) * MOVE**2
        moved = price * np.exp(MOVE * rng.choice([-1.0, 1.0], PATHS))
        amm.step(moved)
        after = amm.x.sum(axis=1) + moved * amm.y.sum(axis=1)
        lost += worth + delta * (moved - price) - after
        price, worth = moved, after
    return lost, due


@pytest.mark.parametrize("start", [BASE * 0.985, BASE * 0.97])
def test_the_mean_loss_of_a_hedged_position_is_the_net_loss(oracle, start):
    lost, due = walked(oracle, start)
    assert lost.mean() == pytest.approx(due.mean(), rel=0.01)
    assert due.mean() > 0


def test_without_a_hedge_the_oracles_steps_cost_the_carry(oracle):
    """One step out and back: the worth is back where it was, less twice what a step costs."""
    upper = BASE * (1 - 1 / A) ** np.array(BANDS, dtype=float)
    start, move = BASE * 0.985, 1e-5
    amm = oracle.amm(1, A, upper, 1.0)
    amm.step([start])
    before = amm.x.sum() + start * amm.y.sum()
    amm.step([start * (1 + move)])
    amm.step([start])
    lost = before - (amm.x.sum() + start * amm.y.sum())
    carry = 365 * float(model_of(1.0, BASE * 1.01).carry(market(start))) * move**2
    assert lost == pytest.approx(-2 * carry, rel=0.01)
