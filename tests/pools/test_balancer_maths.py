"""Balancer's own package at random states: what it pays for a swap is what the curve gives up.

A swap leads from one state to another on the curve. At the price of the other, worth is least on
the curve there, so that what is paid follows from V of the first model at that price, and an error
of the price counts by its square. The package rounds down, by what each of its formulas may lose.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from mpmath import MPContext

import hedgecore as hc
import npm

for plugin in ("balancer_weighted", "curve_stableswap", "gyro"):
    pytest.importorskip(f"hedgecore_{plugin}")

JUDGES = Path(__file__).parent / "judges"
WAD, NAMES = 10**18, ("A", "B", "C", "D")
DOUBLES = 2e-15
"""Of the worth: what doubles lose of it, in two valuations, and in the price between."""
DRAWS = 40
MP = MPContext()
MP.dps = 60


def built(kind, balances, **fields):
    """Model of a pool with raw balances."""
    whole = [float(Fraction(each, WAD)) for each in balances]
    return hc.build({"kind": kind, "assets": NAMES[: len(whole)], "balances": whole, **fields})


def some_balances(rng, n, apart):
    return [int(10 ** rng.uniform(22, 24) * np.exp(apart * rng.normal())) for _ in range(n)]


def stable(rng):
    """Two to four coins, up to a factor of some apart."""
    amp = int(rng.integers(1_000, 5_000_000))
    fields = {"amplification": amp / 1000}
    return (
        ("curve-stableswap", fields),
        {"amp": str(amp)},
        some_balances(rng, 2 + rng.integers(3), 0.3),
    )


def weighted(rng):
    """Weights in per cent; powers are to a relative 1e-14 (`LogExpMath`)."""
    parts = [int(rng.integers(2, 60)) for _ in range(2 + rng.integers(3))]
    parts[-1] = 100 - sum(parts[:-1]) if sum(parts[:-1]) < 99 else parts[-1]
    total = sum(parts)
    weights = [part * WAD // total for part in parts]
    fields = {"weights": [part / total for part in parts]}
    raw = {"weights": [str(each) for each in weights]}
    return ("balancer-weighted", fields), raw, some_balances(rng, len(parts), 2.0)


def two_clp(rng):
    """Edges that are both doubles and whole units of 1e-18."""
    low, top = 1 - int(rng.integers(1, 400)) / 2**12, 1 + int(rng.integers(1, 400)) / 2**12
    fields = {"sqrt_alpha": low, "sqrt_beta": top}
    raw = {"sqrtAlpha": wad(low), "sqrtBeta": wad(top)}
    return ("gyro-2clp", fields), raw, some_balances(rng, 2, 0.5)


def e_clp(rng):
    """An ellipse along the diagonal; what the contract derives is derived here, in 38 decimals."""
    alpha, beta = 1 - int(rng.integers(4, 40)) / 2**12, 1 + int(rng.integers(4, 40)) / 2**12
    stretch = int(rng.integers(1, 4_000))
    c = s = 707106781186547524
    fields = {"alpha": alpha, "beta": beta, "c": 0.5**0.5, "s": 0.5**0.5, "stretch": float(stretch)}
    raw = {
        "paramsAlpha": wad(alpha),
        "paramsBeta": wad(beta),
        "paramsC": str(c),
        "paramsS": str(s),
        "paramsLambda": str(stretch * WAD),
        **derived(alpha, beta, c, s, stretch),
    }
    return ("gyro-eclp", fields), raw, some_balances(rng, 2, 0.5)


def wad(number):
    return str(int(Fraction(number) * WAD))


def derived(alpha, beta, cosine, sine, stretch):
    """τ(α), τ(β), u, v, w, z and c² + s² of the contract, to 38 decimals."""
    c, s = (MP.mpf(each) / WAD for each in (cosine, sine))
    square = c**2 + s**2
    c, s = c / MP.sqrt(square), s / MP.sqrt(square)

    def tau(price):
        across, along = stretch * (c * price - s), s * price + c
        length = MP.sqrt(across**2 + along**2)
        return across / length, along / length

    (ax, ay), (bx, by) = tau(MP.mpf(alpha)), tau(MP.mpf(beta))
    found = {
        "tauAlphaX": ax,
        "tauAlphaY": ay,
        "tauBetaX": bx,
        "tauBetaY": by,
        "u": s * c * (bx - ax),
        "v": s**2 * by + c**2 * ay,
        "w": s * c * (by - ay),
        "z": c**2 * bx + s**2 * ax,
        "dSq": square,
    }
    return {name: str(int(MP.nint(each * MP.mpf(10) ** 38))) for name, each in found.items()}


POOLS = {"stable": stable, "weighted": weighted, "2-clp": two_clp, "e-clp": e_clp}
LOST = {"stable": 0.0, "weighted": 1e-14, "2-clp": 0.0, "e-clp": 0.0}
"""Relative to what is held of the coin that is paid: the package's own loss."""


def questions(kind):
    """Random states, and swaps of up to a tenth of what is paid in."""
    rng = np.random.default_rng(sorted(POOLS).index(kind))
    for _ in range(DRAWS):
        pool, parameters, balances = POOLS[kind](rng)
        way = [int(each) for each in rng.permutation(len(balances))[:2]]
        given = min(balances) * int(rng.integers(1, 100)) // 1000
        asked = {"kind": kind, "parameters": parameters, "given": str(given), "way": way}
        yield pool, balances, {**asked, "balances": [str(each) for each in balances]}


def paid_by_the_curve(pool, balances, given, way, paid):
    """What the curve gives up, at the state that the package leads to; and the worth of all."""
    kind, fields = pool
    after = list(balances)
    after[way[0]] += given
    after[way[1]] -= paid
    price = np.atleast_1d(built(kind, after, **fields).spot())
    model = built(kind, balances, **fields)
    prices = [Fraction(float(each)) for each in (*price, 1.0)]
    value = Fraction(float(model.value(price if len(price) > 1 else price[0]))) * WAD
    rest = sum(p * b for i, (p, b) in enumerate(zip(prices, after, strict=True)) if i != way[1])
    return balances[way[1]] - (value - rest) / prices[way[1]], value / prices[way[1]]


@pytest.mark.parametrize("kind", POOLS)
def test_a_swap_is_paid_what_the_curve_gives_up(kind):
    asked = list(questions(kind))
    answers = npm.ask(JUDGES, "balancer.mjs", [question for _, _, question in asked])
    for (pool, balances, question), text in zip(asked, answers, strict=True):
        paid, way = int(text), question["way"]
        due, worth = paid_by_the_curve(pool, balances, int(question["given"]), way, paid)
        room = 2 + DOUBLES * worth + LOST[kind] * balances[way[1]]
        assert abs(due - paid) <= room, (question, float(due), paid, float(abs(due - paid) / worth))
