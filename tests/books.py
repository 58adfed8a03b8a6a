"""Book files that the command line is tried on."""

from pathlib import Path

BOOK = Path(__file__).resolve().parent.parent / "examples" / "book.toml"
RANGE = """
numeraire = "USD"
[prices]
WETH = 2000.0
USDC = 1.0
[[position]]
name = "range"
kind = "uniswap-v3"
assets = ["WETH", "USDC"]
liquidity = 5000.0
lower = 1500.0
upper = 2500.0
[[position]]
name = "idle"
kind = "uniswap-v2"
assets = ["USDT", "USDC"]
reserves = [50.0, 150.0]
[[holding]]
asset = "USDC"
amount = 7.0
"""
"""A range, a pool without a price, and a balance."""


def written(folder, text, name="book.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
