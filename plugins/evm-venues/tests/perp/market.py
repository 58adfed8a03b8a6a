"""One market on one node: a Uniswap and a Balancer pool, and the perpetual that follows them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from chain import balancer, tokens, uniswap_v3
from chain.contracts import DEAD, OWNER, Contract
from chain.deployed import Chain
from chain.ticks import root_of, tick_of
from chain.uniswap_v3 import FOREVER
from eth_utils import to_checksum_address

from perp.deployed import MAKER, USDC, WEI, Perp

HOLDER = to_checksum_address("0x" + "1b00ca5e" * 5)
"""Whose positions in the pools are hedged."""
SCALE = Fraction(USDC, WEI)
SETTLED = 1800
"""Seconds after which the mark is where the market is."""
ALL = 10**9


class Market(NamedTuple):
    """A price in three places, and what the holder has there."""

    chain: Chain
    perp: Perp
    tokens: list[Contract]
    uniswap: uniswap_v3.Pool
    weighted: balancer.Pool
    token_id: int

    @classmethod
    def on(cls, chain: Chain, perp: Perp, price: int) -> Market:
        """Open the pools at the price of the perpetual, and give the holder a part of them."""
        pair = tokens.deploy(chain.rpc, ["WETH", "USDC"], [18, 6])
        tokens.endow(pair)
        pool = chain.uniswap_v3.pool(pair, 500, root_of(price * SCALE))
        pool.mint(-886_800, 886_800, 10**17)
        token_id = _open(pool, 3 * 10**15)
        halves, balances = [WEI // 2] * 2, [1000 * WEI, 1000 * price * USDC]
        weighted = chain.balancer.weighted(pair, halves, balances)
        share = weighted.contract
        share.send("transfer", HOLDER, share.call("balanceOf", OWNER) // 200)
        perp.provide(100_000, 100_000 * price)
        return cls(chain, perp, pair, pool, weighted, token_id)

    @property
    def price(self) -> Decimal:
        """Price of the Uniswap pool, USDC per WETH."""
        return Decimal(self.uniswap.root**2) / 2**192 * 10**12

    def delta(self) -> Decimal:
        """WETH that the holder would be paid by both pools now, uncollected fees too."""
        paid, manager = 0, self.uniswap.exchange.positions
        if to_checksum_address(manager.call("ownerOf", self.token_id)) == HOLDER:
            paid = (
                self.uniswap.payout(self.token_id)[0] + self.uniswap.uncollected(self.token_id)[0]
            )
        wallet = self.tokens[0].call("balanceOf", HOLDER)
        return Decimal(paid + self.weighted.payout(HOLDER)[1][0] + wallet) / WEI

    def move(self, price: int) -> None:
        """Take all of them to a price, and wait until the mark is there."""
        self.uniswap.move(root_of(price * SCALE))
        self._move_weighted(price)
        self._move_perp(price)
        self.perp.set_index(Decimal(price))
        self.settle()

    def settle(self) -> None:
        """Let the averages of the mark reach the market, and confirm that."""
        self.perp.pass_time(SETTLED)
        for _ in range(3):
            self.perp.pass_time(2)

    def give(self, giver: str, taker: str) -> None:
        """Have one account give the Uniswap position to another."""
        manager = self.uniswap.exchange.positions
        manager.send("transferFrom", giver, taker, self.token_id, sender=giver)

    def withdraw(self) -> None:
        """Have the holder take the Uniswap position out, all of it, and away."""
        state = self.uniswap.state(self.token_id)
        self.uniswap.decrease(self.token_id, state["liquidity"], owner=HOLDER)
        given = (self.token_id, DEAD, 2**128 - 1, 2**128 - 1)
        self.uniswap.exchange.positions.send("collect", given, sender=HOLDER)

    def open(self) -> int:
        """Give the holder one more position, a small one; its number."""
        return _open(self.uniswap, 10**12)

    def _move_weighted(self, price: int) -> None:
        weth, usdc = self.weighted.balances
        aim = isqrt(weth * usdc * WEI // (price * USDC))
        sold = 0 if aim > weth else 1
        amount = aim - weth if sold == 0 else weth * usdc // aim - usdc
        self.weighted.swap(sold, 1 - sold, amount)

    def _move_perp(self, price: int) -> None:
        limit = isqrt(price << 192)
        falls = limit < self.perp.pool.call("slot0")[0]
        given = self.perp.base.address, falls, True, ALL * WEI, 0, FOREVER, limit, bytes(32)
        self.perp.house.send("openPosition", given, sender=MAKER)


def _open(pool: uniswap_v3.Pool, liquidity: int) -> int:
    """Open a position of the holder's; its number."""
    ticks = (tick_of(Fraction(each, 1) * SCALE, pool.spacing) for each in (1600, 2500))
    token_id = pool.mint(*ticks, liquidity)
    pool.exchange.positions.send("transferFrom", OWNER, HOLDER, token_id)
    return token_id
