"""No law cries wolf: all hold for any parameters of any kind that hedgecore ships.

Three draws of each kind; HEDGECORE_DRAWS=200 for the long run.
"""

from __future__ import annotations

import os

import pytest

import hedgecore as hc
from hedgecore.testing import check_instrument, check_pool_model

pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import contract_strategies as contracts
import number_strategies as numbers
import pool_strategies as pools
from pool_draws import POOLS

DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "3"))
drawn = settings(
    max_examples=DRAWS,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


KINDS = {
    "llamma": pools.llamma(),
    "inverse-perp": contracts.contract(
        "inverse-perp", quote=contracts.coins, funding_rate=st.floats(-0.01, 0.01)
    ),
    "future": contracts.contract(
        "future", settlement=contracts.coins, inverse=st.booleans(), **contracts.dated
    ),
    "inverse-future": contracts.contract(
        "inverse-future", quote=contracts.coins, **contracts.dated
    ),
    "quanto-perp": contracts.contract(
        "quanto-perp", quote=contracts.coins, settlement=st.just("USDT")
    ),
    "option": contracts.european("option"),
    "inverse-option": contracts.european("inverse-option"),
    "everlasting-option": contracts.claim(
        "everlasting-option", funding_hours=numbers.logs(-1, 3.5)
    ),
    "power-perp": contracts.power(),
    "loan": contracts.loan(),
    **POOLS,
    "spot": contracts.spot(),
    "perp": contracts.perp(),
}


def test_every_kind_that_is_shipped_is_drawn():
    registry = hc.default_registry()
    models = ("hedgecore_pools", "hedgecore_instruments")
    assert {kind for hook in models for kind in registry.kinds(hook)} <= KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sample(10)
def test_any_of_a_kind_obeys_all_laws(kind):
    if kind not in hc.default_registry():
        pytest.skip(f"{kind} is not installed")

    @drawn
    @given(KINDS[kind])
    def obeys(table):
        try:
            model = hc.build(table)
        except hc.SpecError:
            return
        if isinstance(model, hc.PoolModel):
            check_pool_model(model)
        else:
            check_instrument(model)

    obeys()
