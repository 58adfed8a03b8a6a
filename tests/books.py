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
PRICED = RANGE.replace("USDC = 1.0", "USDC = 1.0\nUSDT = 1.0")
"""The same, of which each part has its price."""
PERP = """
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
fee = 0.0005
funding_rate = 0.0001
leverage = 10
"""
CONVEX = """
[[position]]
name = "debt"
kind = "loan"
asset = "WETH"
borrow_rate = 0.0365
amount = 3
[[instrument]]
name = "DEAR"
kind = "perp"
underlying = "WETH"
fee = 0.002
funding_rate = 0
[[instrument]]
name = "CALL"
kind = "option"
underlying = "WETH"
strike = 2000.0
expiry_years = 0.1
vol = 0.7
fee = 0.0003
lot = 0.1
min_size = 0.1
[hedge]
neutral = ["delta", "gamma"]
solver = "convex"
minimise = { cost = 1.0, carry = 2.0 }
soft = { gamma = 0.002 }
position_limits = { "ETH-PERP" = 4.0 }
margin_budget = 1e6
max_orders = 2
"""


def written(folder, text, name="book.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
