"""Every kind keeps every law of instruments, over random draws of its fields and of markets."""

import json
import os

import numpy as np
import pytest
from hedgecore_derivatives import hedgecore_instruments

from hedgecore import Market, build, enter, schema, spec_of
from hedgecore.testing import check_instrument

KINDS = hedgecore_instruments()
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "4"))
COINS = [None, "USDT"]


def drawn(cls, rng):
    """A random contract of a kind: sizes and prices over six orders of magnitude."""
    spot = float(10 ** rng.uniform(-2, 5))
    own = {
        "name": "it",
        "asset": "WETH",
        "underlying": "WETH",
        "quote": COINS[rng.integers(2)],
        "settlement": "WBTC" if cls.kind == "quanto-perp" else COINS[rng.integers(2)],
        "contract_size": float(10 ** rng.uniform(-3, 3)),
        "lot": float(rng.choice([0.0, 0.1])),
        "strike": spot * float(np.exp(rng.normal() * 0.5)),
        "option_type": str(rng.choice(["call", "put"])),
        "expiry_years": float(rng.integers(8, 2048)) / 1024,  # exact on the clock, as time is
        "basis": float(rng.normal() * 0.1),
        "vol": [None, 0.3, 1.1][rng.integers(3)],
        "power": float(rng.choice([0.5, 2.0, 3.0])),
        "scale": float(10 ** rng.uniform(0, 4)),
        "funding": str(rng.choice(["discrete", "continuous", "norm"])),
        "funding_rate": float(rng.normal() * 1e-4),
        "funding_hours": float(rng.choice([168.0, 420.0])),
        "index": float(rng.uniform(1, 2)),
        "margin_tiers": [[10, 0.01], [None, 0.05]],
    }
    if rng.random() < 0.5:
        own["entry_price"] = spot * float(np.exp(rng.normal() * 0.1))
    numeraire = str(rng.choice(["USD", "USDT"]))
    coin = 1.0 if numeraire == "USDT" else 0.97
    market = Market(
        prices={"WETH": spot, "USDT": coin, "WBTC": float(10 ** rng.uniform(3, 5))},
        numeraire=numeraire,
        time=float(rng.integers(0, 2030)),
        vols={"WETH": 0.7},
        rates={"USD": 0.04, "WETH": 0.02},
    )
    return own, market


def contracts(cls):
    rng = np.random.default_rng(len(cls.kind))
    for _ in range(DRAWS):
        own, market = drawn(cls, rng)
        fields = {name: value for name, value in own.items() if name in schema(cls)}
        yield cls(**fields), market


@pytest.mark.parametrize("cls", KINDS, ids=[cls.kind for cls in KINDS])
@pytest.mark.sample(4)
def test_every_law_over_random_draws(cls):
    for contract, market in contracts(cls):
        check_instrument(contract, market)
        check_instrument(enter(contract, market), market)
        assert build(json.loads(json.dumps(spec_of(contract)))) == contract


@pytest.mark.parametrize("cls", KINDS, ids=[cls.kind for cls in KINDS])
def test_other_greeks_and_rules_have_the_markets_shape(cls):
    for contract, _ in contracts(cls):
        prices = {"WETH": np.full((2, 3), 1500.0), "USDT": 0.97, "WBTC": 6e4}
        there = Market(prices=prices, time=0.0, vols={"WETH": 0.7})
        assert all(each.shape == (2, 3) for each in contract.exposure(there).other.values())
        assert contract.notional(there).shape == (2, 3)
        assert contract.margin(there, -3.0).shape == (2, 3)
        if "carry" in dir(cls):
            assert contract.carry(there).shape == (2, 3)
