"""How long the curves take: ``python benchmarks/curves.py [--gate] [--json] [--once]``.

Value and Greeks of 1e5 prices: every closed form beside a range of Uniswap v3, LLAMMA, which is an
instrument, beside the exposure of one, and CryptoSwap beside StableSwap with as many coins. The
prices are in no order, and as wide as makes each formula take all of its ways. Formulas are beside
formulas, whether or not the extra `fast` is there: what that is worth is for fast.py to say.
"""

# ruff: noqa: ANN001, ANN201, I001 - a script; ratios before NumPy
import sys
from math import inf

from ratios import Line, interleaved, measured

import numpy as np
from hedgecore_bins import LiquidityBins
from hedgecore_curve_cryptoswap import CurveCryptoswap
from hedgecore_curve_stableswap import CurveStableswap
from hedgecore_gyro import Gyro2Clp, GyroEClp
from hedgecore_llamma import Llamma
from hedgecore_lmsr import Lmsr, LmsrBinary
from hedgecore_pendle import PendleV2
from hedgecore_pmm import Pmm
from hedgecore_solidly import SolidlyStable
from hedgecore_uniswap_v2 import UniswapV2
from hedgecore_uniswap_v3 import (
    ConcentratedPositions,
    ConcentratedRanges,
    UniswapV3,
    UniswapV3Position,
)

import hedgecore as hc
from hedgecore.fast import fast_from

RNG = np.random.default_rng(0)
COUNT, MOST = 100_000, 3.0


def even(low, high):
    """Return prices (N,) that are anywhere between two."""
    return RNG.uniform(low, high, COUNT)


def round_(price, sigma):
    """Return prices (N,) round one, a normal logarithm of them."""
    return price * np.exp(RNG.normal(0, sigma, COUNT))


def across(model):
    """Return prices (N,) on a model's range, and a quarter of its width beyond."""
    low, *_, high = model.breakpoints()
    return even(max(low - (high - low) / 4, low / 2), high + (high - low) / 4)


PRICES = {
    UniswapV2: lambda model: round_(model.spot(), 0.1),
    UniswapV3Position: across,
    ConcentratedRanges: across,
    ConcentratedPositions: across,
    LiquidityBins: across,
    SolidlyStable: lambda _: round_(1.0, 0.01),
    Gyro2Clp: across,
    GyroEClp: across,
    Pmm: lambda model: round_(model.oracle_price, 0.1),
    PendleV2: lambda model: round_(model.spot(), 0.01),
    Lmsr: lambda _: RNG.uniform(0.1, 0.9, (COUNT, 2)),
    LmsrBinary: lambda _: even(0.01, 0.99),
}


def closed_forms():
    """Return a line for each closed form."""
    bare = UniswapV3(**UniswapV3.example)
    models = {bare: across(bare)}
    models |= {(model := kind(**kind.example)): at(model) for kind, at in PRICES.items()}
    taken = interleaved({m.kind: lambda m=m, p=p: m.greeks(p) for m, p in models.items()})
    over = taken.pop(bare.kind)
    return [Line(f"{kind} over a v3 range", time / over, MOST, "x") for kind, time in taken.items()]


def llamma():
    """Return a line for either oracle."""
    price = even(3_300.0, 3_700.0)
    market = hc.Market(prices={"wstETH": price, "crvUSD": 1.0})
    edges = {"liquidity": 5_000.0, "lower": 3_400.0, "upper": 3_600.0}
    works = {"range": UniswapV3(assets=("wstETH", "crvUSD"), **edges)}
    works |= {each: Llamma(**{**Llamma.example, "oracle": each}) for each in ("frozen", "tracking")}
    taken = interleaved({name: lambda m=m: m.exposure(market) for name, m in works.items()})
    over = taken.pop("range")
    return [
        Line(f"llamma, {oracle}, over a v3 range, exposures", time / over, MOST, "x")
        for oracle, time in taken.items()
    ]


def cryptoswap():
    """Return a line for two and for three coins, with scales and rates that are not 1."""
    lines = []
    for n in (2, 3):
        scales, balances = (1.1,) * (n - 1), (1e6,) * n
        names = list("ABC")[:n]
        stable = CurveStableswap(
            assets=names, amplification=200.0, balances=balances, rates=(*scales, 1.0)
        )
        crypto = CurveCryptoswap(
            coins=names, amplification=400_000, gamma=1.45e-4, balances=balances, price_scale=scales
        )
        price = 1.1 * np.exp(RNG.normal(0, 0.01, (COUNT, n - 1)))
        price = price[:, 0] if n == 2 else price
        works = {model.kind: lambda m=model, p=price: m.greeks(p) for model in (stable, crypto)}
        taken = interleaved(works)
        ratio = taken["curve-cryptoswap"] / taken["curve-stableswap"]
        lines.append(Line(f"cryptoswap over stableswap, {n} coins", ratio, MOST, "x"))
    return lines


def lines():
    with fast_from(inf):
        return [*closed_forms(), *llamma(), *cryptoswap()]


def main():
    return measured(lines)


if __name__ == "__main__":
    sys.exit(main())
