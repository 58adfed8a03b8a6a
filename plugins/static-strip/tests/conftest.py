"""What these tests share: pools of every sort, prices to try, and a book of options."""

import numpy as np
import pytest

import hedgecore as hc

POOLS = {
    "range": {
        "kind": "uniswap-v3",
        "assets": ["WETH", "USD"],
        "liquidity": 5000.0,
        "lower": 1800.0,
        "upper": 2600.0,
    },
    "narrow range": {
        "kind": "uniswap-v3",
        "assets": ["WETH", "USD"],
        "liquidity": 1e6,
        "lower": 2031.0,
        "upper": 2033.0,
    },
    "v2": {"kind": "uniswap-v2", "assets": ["WETH", "USD"], "reserves": [100.0, 210000.0]},
    "weighted": {
        "kind": "balancer-weighted",
        "assets": ["WETH", "USD"],
        "weights": [0.8, 0.2],
        "balances": [100.0, 52500.0],
    },
    "stableswap": {
        "kind": "curve-stableswap",
        "assets": ["USDC", "USD"],
        "amplification": 2000,
        "balances": [1e6, 1e6],
    },
}
RANGES = {"stableswap": (0.97, 1.0003, 1.03, np.arange(0.98, 1.0201, 0.0025))}
"""Low end, price, high end and strikes."""


def _built(name):
    return hc.build(POOLS[name])


def _asked(name):
    low, price, high, strikes = RANGES.get(
        name, (1600.0, 2086.0, 2800.0, np.arange(1700.0, 2701.0, 100.0))
    )
    return {"strikes": strikes, "price": price, "low": low, "high": high}


def _adversarial(low, high, special, seed=0, count=10_000):
    """Random prices, and each special one with its neighbours and points close by."""
    rng = np.random.default_rng(seed)
    near = [x * (1 + s) for x in special for s in (0, 1e-15, -1e-15, 1e-9, -1e-9, 1e-4, -1e-4)]
    found = np.concatenate([rng.uniform(low, high, count), near, [low, high]])
    return found[(found >= low) & (found <= high)]


@pytest.fixture(params=POOLS)
def case(request):
    """A pool, and what a strip of it is asked for."""
    return _built(request.param), _asked(request.param)


def _tables(**hedge):
    """A book of a range and eight options of one expiry, with their perp."""
    options = [
        {
            "name": f"{strike}-{'P' if strike < 2086 else 'C'}",
            "kind": "option",
            "underlying": "WETH",
            "option_type": "put" if strike < 2086 else "call",
            "strike": float(strike),
            "expiry_years": 0.1,
            "vol": 0.6,
            "lot": 1.0,
            "min_size": 1.0,
            "fee": 0.0003,
        }
        for strike in range(1800, 2501, 100)
    ]
    perp = {"name": "PERP", "kind": "perp", "underlying": "WETH", "lot": 0.01, "fee": 0.0005}
    position = {
        "name": "range",
        "kind": "uniswap-v3",
        "assets": ["WETH", "USDC"],
        "liquidity": 50_000.0,
        "lower": 1900.0,
        "upper": 2350.0,
    }
    return {
        "numeraire": "USD",
        "prices": {"WETH": 2086.0, "USDC": 1.0},
        "position": [position],
        "instrument": [perp, *options],
        "hedge": {"solver": "strip", "low": 1700.0, "high": 2600.0, **hedge},
    }


@pytest.fixture
def built():
    """Name → the pool."""
    return _built


@pytest.fixture
def asked():
    """Name → strikes, price and range."""
    return _asked


@pytest.fixture
def adversarial():
    """Prices that a bound may not hold at."""
    return _adversarial


@pytest.fixture
def tables():
    """A book, with what [hedge] is to say besides."""
    return _tables
