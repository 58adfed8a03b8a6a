"""Tables of every kind of pool that is shipped, as strategies of hypothesis."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from number_strategies import NAMES, PAIR, counts, fees, logs, shares


def v2():
    return st.fixed_dictionaries(
        {
            "kind": st.just("uniswap-v2"),
            "assets": st.just(PAIR),
            "reserves": st.lists(logs(-12, 18), min_size=2, max_size=2),
            "share": shares,
            "fee": fees(),
        }
    )


@st.composite
def v3(draw):
    lower = draw(logs(-18, 18))
    upper = lower * (1 + draw(logs(-7, 6)))
    given = {"kind": "uniswap-v3", "assets": PAIR, "lower": lower, "upper": upper, "fee": None}
    own = draw(st.none() | st.floats(-0.5, 1.5))
    price = None if own is None else lower * (upper / lower) ** own
    return {**given, "price": price, "liquidity": draw(st.just(0.0) | logs(-12, 18))}


@st.composite
def v3_position(draw):
    lower = draw(st.integers(-887272, 887271) | st.integers(-250_000, 250_000))
    width = draw(st.sampled_from([1, 10, 60, 200, 4000, 50_000]) | st.integers(1, 400_000))
    upper = min(lower + width, 887272)
    return {
        "kind": "uniswap-v3-position",
        "tokens": PAIR,
        "liquidity": draw(st.integers(0, 2**128 - 1) | st.integers(10**6, 10**24)),
        "tick_lower": lower,
        "tick_upper": upper,
        "decimals": draw(st.sampled_from([[18, 6], [6, 18], [8, 18], [0, 0], [18, 18]])),
        "quote": draw(st.none() | st.sampled_from(PAIR)),
        "sqrt_price_x96": draw(st.none() | root_prices(lower, upper)),
    }


def root_prices(lower, upper):
    """Return √prices in, round and far from a range, in the chain's unit."""
    low, high = 4295128739, 1461446703485210103287273052203988822378723970342
    ticks = st.floats(lower - 100.0, upper + 100.0) | st.floats(-887272.0, 887272.0)
    return ticks.map(lambda tick: min(max(int(1.0001 ** (tick / 2) * 2**96), low), high))


@st.composite
def v3_ranges(draw):
    lower = draw(st.lists(logs(-9, 9), min_size=1, max_size=20))
    widths = st.lists(logs(-7, 6), min_size=len(lower), max_size=len(lower))
    depths = st.lists(st.just(0.0) | logs(-12, 18), min_size=len(lower), max_size=len(lower))
    uppers = [low * (1 + wide) for low, wide in zip(lower, draw(widths), strict=True)]
    return {
        "kind": "concentrated-ranges",
        "assets": PAIR,
        "ranges": [list(row) for row in zip(draw(depths), lower, uppers, strict=True)],
        "price": draw(st.none() | logs(-9, 9)),
        "share": draw(shares),
        "fee": draw(fees()),
    }


@st.composite
def v3_positions(draw):
    base, most = draw(st.sampled_from([("1.0001", 887_272), ("1.000001", 88_722_835)]))
    lower = draw(st.lists(st.integers(-most, most - 1), min_size=1, max_size=12))
    width = st.sampled_from([1, 10, 200, 4000]) | st.integers(1, most)
    depth = st.integers(0, 2**128 - 1) | st.integers(0, 10**12)
    own = draw(st.none() | st.sampled_from(lower))
    root = None if own is None else int(2**96 * float(base) ** ((own + 5) / 2))
    return {
        "kind": "concentrated-positions",
        "tokens": PAIR,
        "positions": [[draw(depth), low, min(low + draw(width), most)] for low in lower],
        "decimals": draw(st.sampled_from([[18, 6], [6, 18], [0, 0]])),
        "quote": draw(st.none() | st.sampled_from(PAIR)),
        "tick_base": base,
        "sqrt_price_x96": None if root is None else min(max(root, 2**32), 2**160),
        "share": draw(shares),
    }


@st.composite
def bins(draw):
    zero = draw(st.sampled_from([0, 2**23]))
    active = draw(st.integers(-20_000, 20_000))
    away = sorted(draw(st.sets(st.integers(-200, 200), min_size=1, max_size=20)))
    amounts = [draw(st.just(0.0) | logs(-9, 12)) for _ in away]
    rows = [
        [zero + active + at, held * (at >= 0), held * (at <= 0)]
        for at, held in zip(away, amounts, strict=True)
    ]
    return {
        "kind": "liquidity-bins",
        "assets": PAIR,
        "bin_step": draw(st.sampled_from([1, 2, 10, 25, 100, 400])),
        "bins": rows,
        "zero_id": zero,
        "decimals": draw(st.sampled_from([[18, 6], [6, 18], [0, 0]])),
        "share": draw(shares),
        "fee": draw(fees()),
    }


@st.composite
def weighted(draw):
    n = draw(counts)
    parts = draw(st.lists(logs(-2, 0), min_size=n, max_size=n))
    return {
        "kind": "balancer-weighted",
        "assets": list(NAMES[:n]),
        "weights": [part / sum(parts) for part in parts],
        "balances": draw(st.lists(logs(-6, 12), min_size=n, max_size=n)),
        "share": draw(shares),
        "fee": draw(fees()),
    }


@st.composite
def stableswap(draw):
    n = draw(counts)
    return {
        "kind": "curve-stableswap",
        "assets": list(NAMES[:n]),
        "amplification": draw(logs(0, 6) | st.sampled_from([1.0, 100.0, 4000.0, 1e6])),
        "balances": draw(st.lists(logs(5, 7), min_size=n, max_size=n)),
        "rates": draw(st.just([1.0] * n) | st.lists(logs(-0.3, 0.3), min_size=n, max_size=n)),
        "share": draw(shares),
        "fee": draw(fees()),
    }


@st.composite
def cryptoswap(draw):
    n = draw(st.integers(2, 3))
    scales = draw(st.lists(logs(-4, 5), min_size=n - 1, max_size=n - 1))
    worths = draw(st.lists(logs(5, 7), min_size=n, max_size=n))
    return {
        "kind": "curve-cryptoswap",
        "coins": ["USDC", "WBTC", "WETH"][:n],
        "amplification": draw(logs(3.5, 9) | st.sampled_from([400_000, 1_707_629, 2 * 10**7])),
        "gamma": draw(logs(-8, -0.7) | st.sampled_from([1e-8, 1.45e-4])),
        "balances": [worth / scale for worth, scale in zip(worths, [1.0, *scales], strict=True)],
        "price_scale": scales,
        "share": draw(shares),
        "fee": draw(fees()),
    }


def solidly():
    return st.fixed_dictionaries(
        {
            "kind": st.just("solidly-stable"),
            "assets": st.just(["DAI", "USDC"]),
            "reserves": st.lists(logs(-6, 12), min_size=2, max_size=2),
            "share": shares,
            "fee": fees(),
        }
    )


def gyro(kind, edges):
    """Return a table of one of Gyroscope's pools with its edges, of which one balance may be 0."""
    amounts = st.lists(logs(-3, 9), min_size=2, max_size=2) | st.sampled_from([[0, 1e6], [1e6, 0]])
    shared = {
        "kind": st.just(kind),
        "assets": st.just(["WETH", "USDC"]),
        "balances": amounts,
        "rates": st.just([1.0, 1.0]) | st.lists(logs(-0.3, 0.3), min_size=2, max_size=2),
        "share": shares,
        "fee": fees(),
    }
    return st.tuples(edges, st.fixed_dictionaries(shared)).map(lambda both: both[0] | both[1])


@st.composite
def two_clp_edges(draw):
    lower = draw(logs(-2, 2))
    return {"sqrt_alpha": lower, "sqrt_beta": lower * (1 + draw(logs(-6, 1)))}


@st.composite
def e_clp_edges(draw):
    turn = draw(st.floats(0.2, 1.3) | st.just(math.pi / 4))
    return {
        "c": math.cos(turn),
        "s": math.sin(turn),
        "alpha": math.tan(turn) * (1 - draw(logs(-5, -0.3))),
        "beta": math.tan(turn) * (1 + draw(logs(-5, 0.5))),
        "stretch": draw(st.just(1.0) | logs(0, 8)),
    }


def example_curve():
    drawn_fields = {
        "kind": st.just("example-curve"),
        "assets": st.just(PAIR),
        "reserves": st.lists(logs(-6, 12), min_size=2, max_size=2),
        "flatness": st.floats(0.01, 0.9),
        "fee": fees(),
    }
    return st.fixed_dictionaries(drawn_fields)


@st.composite
def pmm(draw):
    """Return a pool of any curvature on either side, with what it keeps back or without."""
    curvatures = st.sampled_from([0.0, 1e-6, 0.1, 1.0]) | logs(-9, 0)
    oracle_price, base = draw(logs(-9, 9)), draw(logs(-6, 12))
    targets = [base, base * oracle_price * draw(logs(-2, 2))]
    kept = draw(st.lists(st.just(0.0) | logs(-6, 0), min_size=2, max_size=2))
    return {
        "kind": "pmm",
        "assets": PAIR,
        "oracle_price": oracle_price,
        "k": draw(st.lists(curvatures, min_size=2, max_size=2)),
        "targets": targets,
        "minimum": [part * target for part, target in zip(kept, targets, strict=True)],
        "share": draw(shares),
        "fee": draw(fees()),
    }


@st.composite
def pendle(draw):
    """Return a market of any steepness and age, at most a thousand times as much of one asset."""
    total_pt = draw(logs(0, 9))
    return {
        "kind": "pendle-v2",
        "assets": ["PT", "WETH"],
        "total_pt": total_pt,
        "total_asset": total_pt * draw(logs(-3, 3)),
        "scalar_root": draw(logs(1, 2.5)),
        "years_to_expiry": draw(logs(-3, 0.5)),
        "last_ln_implied_rate": draw(st.floats(0.0, 0.6)),
        "share": draw(shares),
        "fee": draw(fees()),
    }


def lmsr():
    names = counts.map(lambda n: list(NAMES[:n]))
    fixed = {"kind": st.just("lmsr"), "assets": names, "b": logs(-6, 12), "share": shares}
    return st.fixed_dictionaries(fixed | {"fee": fees()})


def lmsr_binary():
    """Return one of few: its only number is a scale."""
    fixed = {"kind": st.just("lmsr-binary"), "assets": st.just(PAIR)}
    return st.fixed_dictionaries(fixed | {"b": st.sampled_from([1e-6, 1.0, 1e4, 1e12])})


@st.composite
def llamma(draw):
    """Return a position in one band or many, settled or not, its oracle frozen or tracking."""
    amplification = draw(st.integers(2, 500) | st.just(100))
    first = draw(st.integers(-200, 200))
    bands = range(first, first + draw(st.integers(1, 12)))
    base = draw(logs(-6, 6))
    place = draw(st.floats(-3.0, 15.0)) + first
    amounts = st.just(0.0) | logs(-6, 9)
    return {
        "kind": "llamma",
        "collateral": "WETH",
        "borrowed": "USDC",
        "bands": [[band, draw(amounts), draw(logs(-6, 9))] for band in bands],
        "amplification": amplification,
        "base_price": base,
        "oracle_price": base * (1.0 - 1.0 / amplification) ** place,
        "oracle": draw(st.sampled_from(["frozen", "tracking"])),
        "debt": draw(st.just(0.0) | logs(-6, 9)),
        "vol": 0.5,
    }
