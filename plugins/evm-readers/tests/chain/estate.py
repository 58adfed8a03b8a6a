"""An owner with a bit of everything: v2, v3, v4, Balancer, and a wallet."""

from __future__ import annotations

from fractions import Fraction
from math import expm1, log
from typing import NamedTuple

from eth_utils import to_checksum_address

from chain import balancer, tokens, uniswap_v2, uniswap_v3, uniswap_v4
from chain.contracts import OWNER, Contract
from chain.deployed import Chain
from chain.ticks import root_of, tick_of
from chain.uniswap_v2 import UniswapV2

OWNED = to_checksum_address("0x" + "c0ffee00" * 5)
SYMBOLS, DECIMALS = ("WETH", "USDC", "WBTC"), (18, 6, 8)
WALLET = (2 * 10**18, 5_000 * 10**6, 10**7)
WEIGHTS = (3, 5, 2)
WHOLE = 10**18
START = 3000


class Fees(NamedTuple):
    """What each pool takes: v2 in thousandths, v3 and v4 in millionths, Balancer in 1e-18."""

    v2: int
    v3: int
    v4: int
    balancer: int


FREE, CHARGED = Fees(0, 0, 0, 10**12), Fees(3, 3000, 500, 3 * 10**15)


class Paid(NamedTuple):
    """In whole tokens: what the owner would be paid for positions, and as fees, and what it has."""

    positions: tuple[Fraction, ...]
    fees: tuple[Fraction, ...]
    wallet: tuple[Fraction, ...]

    @property
    def everything(self) -> list[Fraction]:
        return [sum(column) for column in zip(*self, strict=True)]


class Estate(NamedTuple):
    """The owner's pools and positions; tokens are WETH, USDC, WBTC in the order of addresses."""

    chain: Chain
    tokens: list[Contract]
    v2: uniswap_v2.Pair
    v3: uniswap_v3.Pool
    v4: uniswap_v4.Pool
    balancer: balancer.Pool
    ids: tuple[int, int]

    @classmethod
    def on(cls, chain: Chain, fees: Fees) -> Estate:
        """Open everything at 3000 USDC for a WETH, and 60 000 for a WBTC."""
        made = tokens.deploy(chain.rpc, list(SYMBOLS), list(DECIMALS))
        tokens.endow(made)
        pair, root = made[:2], root_of(Fraction(START, 10**12))
        v2 = UniswapV2.deploy(chain.rpc, fees.v2).pair(pair, (10**21, START * 10**9))
        v3 = chain.uniswap_v3.pool(pair, fees.v3, root)
        v4 = chain.uniswap_v4.pool(pair, fees.v4, root)
        for pool in (v3, v4):
            pool.mint(-886_800, 886_800, 10**15)
        weights = [WHOLE * each // 10 for each in WEIGHTS]
        balances = [10**21, START * 10**9 * 5 // 3, 10**9 * 10 // 3]
        pool = chain.balancer.weighted(made, weights, balances, fees.balancer)
        ids = (_range(v3, 2500, 3500), _range(v4, 2900, 4000))
        its = cls(chain, made, v2, v3, v4, pool, ids)
        its.hand_over()
        return its

    def hand_over(self) -> None:
        """Give the owner a tenth of the shares, the positions, and the wallet."""
        for share in (self.v2.contract, self.balancer.contract):
            share.send("transfer", OWNED, share.call("balanceOf", OWNER) // 10)
        for pool, token_id in zip((self.v3, self.v4), self.ids, strict=True):
            pool.exchange.positions.send("transferFrom", OWNER, OWNED, token_id)
        for token, amount in zip(self.tokens, WALLET, strict=True):
            token.send("mint", OWNED, amount)

    @property
    def contracts(self) -> dict[str, str]:
        """What a reader must be told of a chain that it does not know."""
        found = {"uniswap-v3": self.v3, "uniswap-v4": self.v4}
        return {name: pool.exchange.positions.address for name, pool in found.items()}

    @property
    def pools(self) -> list[str]:
        return [self.v2.contract.address, self.balancer.contract.address]

    @property
    def prices(self) -> dict[str, Fraction]:
        """What the Balancer pool says that a WETH and a WBTC are worth in USDC: exactly."""
        depth = [
            Fraction(weight * 10**digits, balance)
            for weight, digits, balance in zip(
                WEIGHTS, DECIMALS, self.balancer.balances, strict=True
            )
        ]
        return {name: each / depth[1] for name, each in zip(SYMBOLS, depth, strict=True)}

    def move(self, part: float) -> None:
        """Sell WETH in the Balancer pool, or buy it; have every other pool follow its price."""
        sold, bought = (0, 1) if part > 0 else (1, 0)
        amount = int(abs(part) * self.balancer.balances[sold])
        self.balancer.swap(sold, bought, amount)
        raw = self.prices["WETH"] / 10**12
        for pool in (self.v3, self.v4):
            pool.move(root_of(raw))
        _follow(self.v2, raw)

    @property
    def held(self) -> tuple[tuple[int, ...], ...]:
        """What the pools whose fees stay in them hold: v2 and Balancer."""
        return self.v2.reserves, tuple(self.balancer.balances)

    def paid(self) -> Paid:
        """Return what the contracts would pay the owner now."""
        ranges = [(self.v3, self.ids[0]), (self.v4, self.ids[1])]
        principal = [(*pool.payout(token_id), 0) for pool, token_id in ranges]
        principal += [(*self.v2.payout(OWNED), 0), self.balancer.payout(OWNED)[1]]
        fees = [(*pool.uncollected(token_id), 0) for pool, token_id in ranges]
        wallet = [tuple(token.call("balanceOf", OWNED) for token in self.tokens)]
        return Paid(*(_whole(rows) for rows in (principal, fees, wallet)))

    def reinvested(self, before: tuple[tuple[int, ...], ...]) -> tuple[Fraction, ...]:
        """Return the owner's part of the fees that v2 and Balancer have added to what they hold.

        A curve Π xᵢ^wᵢ grows by them: of all that is there now, 1 − before/now is theirs.
        """
        paid = (*self.v2.payout(OWNED), 0), self.balancer.payout(OWNED)[1]
        weights = ((0.5, 0.5), [each / 10 for each in WEIGHTS])
        parts = [
            Fraction(-expm1(sum(w * log(x / y) for w, x, y in zip(*row, strict=True))))
            for row in zip(weights, before, self.held, strict=True)
        ]
        return _whole([[part * x for x in row] for part, row in zip(parts, paid, strict=True)])


def _whole(rows) -> tuple[Fraction, ...]:
    columns = zip(zip(*rows, strict=True), DECIMALS, strict=True)
    return tuple(Fraction(sum(column)) / 10**digits for column, digits in columns)


def _range(pool, low: int, high: int) -> int:
    ticks = (tick_of(Fraction(each, 10**12), pool.spacing) for each in (low, high))
    return pool.mint(*ticks, 10**16)


def _follow(pair, raw: Fraction) -> None:
    """Swap in a v2 pair until its price is the nearest that whole units allow."""
    zero, one = pair.reserves
    sold = 0 if Fraction(one, zero) > raw else 1
    low, high = 0, pair.reserves[sold]

    def beyond(amount: int) -> bool:
        after = list(pair.reserves)
        after[1 - sold] -= pair.received(sold, amount)
        after[sold] += amount
        return (Fraction(after[1], after[0]) <= raw) == (sold == 0)

    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    pair.swap(sold, high)
