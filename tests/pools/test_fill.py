"""What a kind fills at once is what its formulas say, to the last bit: every kind that does."""

import os

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.fast import fast_from
from hedgecore.pools import evaluation
from hedgecore.pools.model import PoolModel
from hedgecore.testing.grids import moderate

pytest.importorskip("hypothesis")

from pool_draws import flat, judge_draws

DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "12"))
KINDS = (
    "uniswap-v3",
    "uniswap-v3-position",
    "concentrated-ranges",
    "concentrated-positions",
    "gyro-eclp",
    "lmsr",
    "pendle-v2",
    "pmm",
    "solidly-stable",
)
"""Kinds that write `_fill`."""


def same(model, prices):
    """Compare all in one call with each in a call of its own, by their bits."""
    with fast_from(np.inf):
        whole = model.greeks(prices)
        apart = model.value(prices), model.delta(prices), model.gamma(prices)
    for one, other in zip(whole, apart, strict=False):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sample(3)
def test_all_at_once_is_what_the_formulas_say_one_by_one(kind):
    judge_draws(kind, DRAWS, same)


def test_every_kind_that_fills_is_compared():
    registry = hc.default_registry()
    classes = {kind: registry[kind] for kind in registry.kinds("hedgecore_pools")}
    assert {kind for kind, cls in classes.items() if cls._fill is not PoolModel._fill} <= {*KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_formulas_are_not_asked_where_all_is_finite(kind, monkeypatch):
    if kind not in hc.default_registry():
        pytest.skip(f"{kind} is not installed")
    made = hc.default_registry()[kind]
    model = made(**made.example)
    prices = flat(moderate(model))
    with fast_from(np.inf):
        bent = np.isfinite(model.gamma(prices)).reshape(len(prices), -1).all(axis=1)
        monkeypatch.setattr(evaluation, "_holdings", None)
        assert len(model.greeks(prices[bent]).value) > 1
