"""Pictures of published numbers: what the product computes, and dots where a number is printed."""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

import hedgecore as hc
from hedgecore.report.charts.style import AFTER, BEFORE, INK, Picture, save_figure

Row = Mapping[str, Any]


def draw(name: str, row: Row, path: Path) -> None:
    """Write the picture of a row."""

    def figure() -> Picture:
        drawn = Picture(figsize=(7.0, 3.6), layout="constrained")
        DRAWINGS[name](drawn.subplots(), row)
        return drawn

    save_figure(figure, path)


def losses(axes: Axes, row: Row) -> None:
    """Loss against holding over the price, in per cent of what was put in."""
    prices = np.linspace(0.5, 1.5, 201)
    for name in ("[.25, 1.75]", "[.5, 1.5]", "[.75, 1.25]"):
        lower, upper = map(float, name.strip("[]").split(","))
        table = {"assets": ["X", "Y"], "liquidity": 1.0, "lower": lower, "upper": upper}
        pool = hc.build({"kind": "uniswap-v3", **table})
        x, y = pool.greeks(1.0).holdings
        axes.plot(prices, 100 * (pool.value(prices) - x * prices - y) / (x + y), label=name)
        printed = [row["published"][f"{name} {sign}"] for sign in "−+"]
        axes.plot([0.8, 1.2], list(map(float, printed)), "o", color=INK, markersize=4)
    axes.set_xlabel("P, with P₀ = 1")
    axes.set_ylabel("(V − hold)/V₀, %")
    axes.legend(frameon=False)


def position(axes: Axes, row: Row) -> None:
    """Worth of the WBTC position over its price."""
    bounds = {"lower": 18_050.170384594916, "upper": 40_089.53096294865}
    table = {"assets": ["WBTC", "USDC"], "liquidity": float(row["published"]["L"]), **bounds}
    pool = hc.build({"kind": "uniswap-v3", **table})
    prices = np.linspace(12_000.0, 50_000.0, 401)
    axes.plot(prices, pool.value(prices) / 1e3, color=BEFORE, label="worth")
    axes.plot([20_000.0], [float(row["published"]["V"]) / 1e3], "o", color=INK, markersize=4)
    axes.set_xlabel("Price of WBTC, USDC")
    axes.set_ylabel("Thousand USDC")


def weeks(axes: Axes, row: Row) -> None:
    """Delta of Hull's call along his path, on the clock of the market."""
    table = {"underlying": "X", "strike": 50.0, "expiry": 20 / 52, "name": "call"}
    call = hc.build({"kind": "option", **table})
    rest = {"vols": {"X": 0.2}, "rates": {"USD": 0.05}}
    markets = [hc.Market(prices={"X": p}, time=n / 52, **rest) for n, p in enumerate(row["path"])]
    axes.plot([float(call.exposure(each)["X"].delta) for each in markets], color=AFTER)
    axes.plot(row["deltas"], "o", color=INK, markersize=4)
    axes.set_xlabel("Week")
    axes.set_ylabel("Delta of one call")


DRAWINGS: Mapping[str, Callable[[Axes, Row], None]] = {
    "aigner-dhaliwal": losses,
    "hull-19-2": weeks,
    "khakhar-chen-v3": position,
}
"""Row → what draws it."""
