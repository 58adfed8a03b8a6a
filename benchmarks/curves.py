"""How long the curves of the last plugins take: ``python benchmarks/curves.py [--gate]``.

Value and Greeks of 1e5 prices: closed forms beside a range of Uniswap v3, CryptoSwap beside
StableSwap with as many coins.
"""

# ruff: noqa: ANN201, I001 - a script; ratios before NumPy
import sys

from ratios import Line, interleaved, report

import numpy as np
from hedgecore_curve_cryptoswap import CurveCryptoswap
from hedgecore_curve_stableswap import CurveStableswap
from hedgecore_gyro import Gyro2Clp, GyroEClp
from hedgecore_solidly import SolidlyStable
from hedgecore_uniswap_v3 import UniswapV3

RNG = np.random.default_rng(0)
COUNT, MOST = 100_000, 3.0


def closed_forms():
    """Return a line for each closed form, at prices round the peg."""
    price = np.exp(RNG.normal(0, 1e-3, COUNT))
    spread = {"lower": 0.99, "upper": 1.01, "liquidity": 1e6}
    models = [
        UniswapV3(assets=("A", "B"), **spread),
        *(kind(**kind.example) for kind in (SolidlyStable, Gyro2Clp, GyroEClp)),
    ]
    taken = interleaved({model.kind: lambda m=model: m.greeks(price) for model in models})
    bare = taken.pop("uniswap-v3")
    return [Line(f"{kind} over a v3 range", time / bare, MOST, "x") for kind, time in taken.items()]


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


def main():
    return report([*closed_forms(), *cryptoswap()])


if __name__ == "__main__":
    sys.exit(main())
