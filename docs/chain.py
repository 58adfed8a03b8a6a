"""A chain for the pages that need one: ``python docs/chain.py`` starts it, and its stdin ends it.

It prints one line of JSON, the names that the pages use: an owner, positions in two protocols,
and where these stand. Each line that comes in is a deed, and is answered by a line when it is done;
``price`` is a large trade against the owner's pools, ``withdraw`` takes half of a position out,
``perp`` opens a perpetual beside them, whose names it answers: from then on blocks come by
themselves, at the time that it is. ``second`` starts another chain, of the same contracts, and
answers what it is called. Nothing here is a part of the documentation.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import json
import math
import sys
from contextlib import ExitStack
from pathlib import Path
from time import time
from typing import Any

PLUGINS = Path(__file__).resolve().parent.parent / "plugins"
TESTS = [PLUGINS / name / "tests" for name in ("evm-readers", "evm-venues")]
OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
"""The node's second account."""
ETH = 10**18
USDC = 10**6
PRICE = 2500
ROOT = math.isqrt(PRICE * USDC * 2**192 // ETH)
RANGE = (-199_500, -196_500)
"""From 2,162 to 2,918 USDC."""
LATELY = 3000
"""Seconds ago that the chain began, so that a book of it is neither old nor of the future; half an
hour of them is what a perpetual averages its prices over."""
TOKEN_ID = 2
"""Number of the owner's position in the pool."""
DEEP = 500_000
"""ETH that makers bring to a perpetual: so much that the owner's orders hardly move its price."""
SECOND = 31_338
"""Id of the second chain."""
START = 100
"""The block at which pages begin, however many it takes to deploy the protocols."""


def main() -> None:
    """Run the chain until nobody asks any more."""
    sys.path[:0] = map(str, TESTS)
    from chain import packages  # noqa: PLC0415 - its folder is on the path only now
    from chain.deployed import Chain  # noqa: PLC0415
    from chain.node import Node  # noqa: PLC0415

    try:
        packages.fetch()
    except packages.UnavailableError as reason:
        _say({"unavailable": str(reason)})
        return
    with ExitStack() as stack:
        node = Node.start(timestamp=int(time()) - LATELY)
        stack.callback(node.kill)
        chain = Chain.on(node)
        names, pools = _positions(chain)
        _say({"HEDGECORE_RPC": node.url, "OWNER": OWNER, **names})
        for line in sys.stdin:
            done = {"done": line.strip()}
            if line.strip() == "price":
                _trade(pools)
            if line.strip() == "withdraw":
                _withdraw(pools[1])
            if line.strip() == "perp":
                done |= _perpetual(chain, pools[1])
            if line.strip() == "second":
                other = Node.start(SECOND, timestamp=int(time()) - LATELY)
                stack.callback(other.kill)
                names, _ = _positions(Chain.on(other))
                done |= {"SECOND_RPC": other.url, "SECOND_PAIR": names["PAIR"]}
            _say(done)


def _positions(chain: Any) -> tuple[dict[str, str], list[Any]]:
    from chain.tokens import deploy, endow  # noqa: PLC0415

    tokens = weth, usdc = deploy(chain.rpc, ["WETH", "USDC"], [18, 6])
    endow(tokens)
    pair = chain.uniswap_v2.pair(tokens, (2_000 * ETH, 2_000 * PRICE * USDC))
    pool = chain.uniswap_v3.pool(tokens, 500, ROOT)
    pool.mint(-210_000, -190_000, 2 * 10**17)
    weth.send("mint", OWNER, 52 * ETH)
    usdc.send("mint", OWNER, 130_000 * USDC)
    pair.add((20 * ETH, 20 * PRICE * USDC), OWNER)
    for token in tokens:
        token.send("approve", chain.uniswap_v3.positions.address, 2**255, sender=OWNER)
    pool.mint(*RANGE, 10**16, owner=OWNER, by=OWNER)
    chain.rpc.ask("anvil_setBalance", OWNER, hex(ETH * 3 // 2))
    pools = [pair, pool]
    _trade(pools, 10)
    chain.rpc.ask("anvil_mine", hex(START - int(chain.rpc.block()["number"], 16)))
    names = {
        "PAIR": pair.contract.address,
        "POOL": pool.contract.address,
        "WETH": weth.address,
        "USDC": usdc.address,
        "POSITIONS": chain.uniswap_v3.positions.address,
    }
    return names, pools


def _trade(pools: list[Any], size: int = 40) -> None:
    """Sell so much WETH, then buy half of it back, in each pool."""
    for pool in pools:
        pool.swap(0, size * ETH)
        pool.swap(1, size * PRICE * USDC // 2)


def _withdraw(pool: Any) -> None:
    """Take half of the owner's position out of a pool, and into the wallet."""
    half = pool.state(TOKEN_ID)["liquidity"] // 2
    pool.decrease(TOKEN_ID, half, owner=OWNER)
    collect = (TOKEN_ID, OWNER, 2**128 - 1, 2**128 - 1)
    pool.exchange.positions.send("collect", collect, sender=OWNER)


def _perpetual(chain: Any, pool: Any) -> dict[str, str]:
    """Open a perpetual at a pool's price, with an account for the owner and its delegate's key."""
    from chain import packages  # noqa: PLC0415
    from perp.bench import DELEGATE_KEY, endow  # noqa: PLC0415 - its folder is on the path only now
    from perp.deployed import Perp  # noqa: PLC0415
    from perp.packages import PINNED  # noqa: PLC0415

    packages.fetch(PINNED)
    price = round(pool.root**2 * ETH / (USDC * 2**192))
    made = Perp.deploy(chain, price)
    made.provide(DEEP, DEEP * price)
    endow(made, OWNER)
    chain.rpc.ask("anvil_removeBlockTimestampInterval")
    chain.rpc.ask("evm_setNextBlockTimestamp", int(time()))
    chain.rpc.ask("evm_mine")
    chain.rpc.ask("evm_setIntervalMining", 1)
    return {"HOUSE": made.house.address, "MARKET": made.base.address, "HEDGECORE_KEY": DELEGATE_KEY}


def _say(told: dict[str, str]) -> None:
    print(json.dumps(told), flush=True)  # noqa: T201 - it is how we answer


if __name__ == "__main__":
    main()
