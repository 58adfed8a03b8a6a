"""Books of every kind that hedgecore ships, numbers in them times 10^k, up to 10^±300."""

import json
import zlib

import numpy as np

import hedgecore as hc

REGISTRY = hc.default_registry()
POOLS = REGISTRY.kinds("hedgecore_pools")
KINDS = [*POOLS, *REGISTRY.kinds("hedgecore_instruments")]
POWERS = (-300, -150, -99, -60, -30, -12, 12, 30, 60, 99, 150, 300)
PRICES = {"WETH": 3000.0, "WBTC": 60_000.0, "wstETH": 3670.0, "PT-wstETH": 3500.0, "AVAX": 25.0}
NAMES = ("assets", "tokens", "coins", "underlying", "asset", "collateral", "borrowed", "settlement")
SIZES = ("fee", "funding_rate", "strike", "expiry_years", "vol", "contract_size")


def scaled(kind, seed):
    """Return tables of a book with one position of a kind, and the asset whose price moves."""
    draw = np.random.default_rng(zlib.crc32(f"{kind}{seed}".encode()))
    tables, moved = _book(kind)
    places = list(_numbers(tables))
    count = draw.choice([1, 1, 2, 3, len(places)])
    powers = draw.choice(POWERS, 1 if count == len(places) else count)
    order = draw.permutation(len(places))[:count]
    for place, power in zip(order, np.resize(powers, count), strict=True):
        _scale(tables, places[place], int(power))
    return tables, moved


def _book(kind):
    position = json.loads(json.dumps({**REGISTRY[kind].example, "kind": kind, "name": "it"}))
    given = [position[name] for name in NAMES if name in position]
    assets = [a for each in given for a in (each if isinstance(each, list) else [each])]
    moved = next((a for a in assets if a not in ("USDC", "DAI")), assets[0])
    strike = 1.05 * PRICES.get(moved, 1.0)
    tables = {
        "numeraire": "USD",
        "prices": {asset: PRICES.get(asset, 1.0) for asset in assets},
        "vols": dict.fromkeys(assets, 0.8),
        "time": 0.0,
        "position": [{**position, "amount": 1.0}],
        "instrument": [
            {"name": "P", "kind": "perp", "underlying": moved, "fee": 5e-4, "funding_rate": 1e-4},
            {"name": "O", "kind": "option", "underlying": moved, "option_type": "call",
             "strike": strike, "expiry_years": 0.2, "vol": 0.6, "fee": 3e-4},
        ],
        "hedge": {"neutral": ["delta", "gamma"]},
    }  # fmt: skip
    return tables, moved


def _numbers(part, place=()):
    """Yield the place of each number of a book."""
    if isinstance(part, dict | list):
        rows = part.items() if isinstance(part, dict) else enumerate(part)
        for key, each in rows:
            yield from _numbers(each, (*place, key))
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield place


def _scale(tables, place, power):
    *way, last = place
    part = tables
    for key in way:
        part = part[key]
    number = float(part[last])
    part[last] = number * 10.0**power if abs(number) < 1e8 or power < 0 else 1e308
