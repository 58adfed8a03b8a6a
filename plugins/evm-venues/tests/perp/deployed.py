"""Perpetual Protocol v2 on a node: twelve contracts, an oracle, one market, and who makes it."""

from __future__ import annotations

from decimal import Decimal
from math import isqrt
from typing import NamedTuple

from chain import stubs, tokens
from chain.contracts import OWNER, Artifact, Contract, create_address
from chain.deployed import Chain
from chain.node import Node
from chain.rpc import Rpc
from chain.tokens import PLENTY
from chain.uniswap_v3 import FOREVER, UniswapV3
from eth_abi import encode

from perp.packages import CURIE, ORACLE

WEI = 10**18
USDC = 10**6
FEE = 1000
"""Of the market, in millionths: a tenth of a per cent."""
FEED = "0x" + "feed" * 10
MAKER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
"""The node's fourth account; the third trades."""
WINDOW = 900
"""Seconds over which the protocol averages the index."""
WARM_UP = 2000
"""Seconds before the first trade: the mark is an average over half an hour."""
STEP = 2
"""Seconds from block to block."""


class Perp(NamedTuple):
    """The protocol, and what is done with it."""

    node: Node
    rpc: Rpc
    usdc: Contract
    quote: Contract
    base: Contract
    house: Contract
    vault: Contract
    exchange: Contract
    balances: Contract
    delegates: Contract
    pool: Contract

    @classmethod
    def deploy(cls, chain: Chain, price: int) -> Perp:
        """Deploy it, with one market at a price, made wide by one maker."""
        node, rpc, uniswap = chain.node, chain.rpc, chain.uniswap_v3
        rpc.ask("anvil_setBlockTimestampInterval", STEP)
        (usdc,) = tokens.deploy(rpc, ["USDC"], [6])
        set_feed(rpc, Decimal(price))
        base, quote = _virtual_tokens(rpc)
        parts = _contracts(rpc, uniswap, usdc, quote)
        pool = _market(rpc, uniswap, parts, (base, quote), price)
        made = cls(
            node, rpc, usdc, quote, base, parts["ClearingHouse"], parts["Vault"], parts["Exchange"],
            parts["AccountBalance"], parts["DelegateApproval"], pool,
        )  # fmt: skip
        made.pass_time(WARM_UP)
        made.set_index(Decimal(price))
        made.deposit(MAKER, 10**12 * USDC)
        made.provide(5_000, 5_000 * price)
        return made

    def pass_time(self, seconds: int) -> None:
        """Mine a block so many seconds after the last."""
        now = int(self.rpc.block()["timestamp"], 16)
        self.rpc.ask("evm_setNextBlockTimestamp", now + seconds)
        self.rpc.ask("evm_mine")

    def set_index(self, price: Decimal) -> None:
        """State a price by the oracle, as of the next block."""
        set_feed(self.rpc, price)
        self.base.send("cacheTwap", WINDOW)

    def deposit(self, owner: str, amount: int) -> None:
        """Give an account so much of USDC's smallest unit as margin."""
        self.usdc.send("mint", owner, amount)
        self.usdc.send("approve", self.vault.address, PLENTY, sender=owner)
        self.vault.send("deposit", self.usdc.address, amount, sender=owner)

    def withdraw(self, owner: str, amount: int) -> None:
        """Take so much of USDC's smallest unit out."""
        self.vault.send("withdraw", self.usdc.address, amount, sender=owner)

    def provide(self, base: int, quote: int) -> None:
        """Add liquidity over all prices, so much of each at most."""
        given = self.base.address, base * WEI, quote * WEI, -887_220, 887_220, 0, 0, False, FOREVER
        self.house.send("addLiquidity", given, sender=MAKER)

    def trade(self, owner: str, size: Decimal) -> dict:
        """Buy so much of the base, or sell what is negative, at any price."""
        amount = int(abs(size) * WEI)
        given = self.base.address, size < 0, size < 0, amount, 0, FOREVER, 0, bytes(32)
        return self.house.send("openPosition", given, sender=owner)

    def settle_funding(self, owner: str) -> None:
        """Have the funding that an account owes, or is owed, settled."""
        self.house.send("settleAllFunding", owner, sender=owner)

    def thin(self, size: Decimal, move: Decimal) -> None:
        """Take liquidity out, until a trade of so much moves its average price by a part."""
        left = int(size * WEI / move * self.price.sqrt())
        rest = self.pool.call("liquidity") - left
        given = self.base.address, -887_220, 887_220, rest, 0, 0, FOREVER
        self.house.send("removeLiquidity", given, sender=MAKER)

    def position(self, owner: str) -> int:
        return self.balances.call("getTakerPositionSize", owner, self.base.address)

    @property
    def price(self) -> Decimal:
        """Price of the pool, USDC per unit of the base."""
        root = Decimal(self.pool.call("slot0")[0]) / 2**96
        return root * root


def set_feed(rpc: Rpc, price: Decimal) -> None:
    """Put a price feed on the chain that has just spoken: its price holds until it speaks again."""
    when = int(rpc.block()["timestamp"], 16)
    words = ["uint80", "int256", "uint256", "uint256", "uint80"]
    said = encode(words, [when, int(price * 10**8), when, when, when])
    answers = {
        stubs.call_data("latestRoundData()"): said,
        stubs.call_data("decimals()"): encode(["uint8"], [8]),
    }
    stubs.install(rpc, FEED, answers)


def _virtual_tokens(rpc: Rpc) -> tuple[Contract, Contract]:
    """Deploy base and quote, in the order that their addresses must have."""
    feed = Artifact.of(ORACLE, "/ChainlinkPriceFeedV3.json").deploy(rpc, FEED, 2400, 900)
    prices = Artifact.of(ORACLE, "/PriceFeedDispatcher.json").deploy(rpc, feed.address)
    senders = [f"0x{0xBA5E << 16 | n:040x}" for n in (1, 2)]
    senders.sort(key=lambda sender: int(create_address(sender), 16))
    base = Artifact.of(CURIE, "/BaseToken.json").deploy(rpc, sender=senders[0])
    quote = Artifact.of(CURIE, "/QuoteToken.json").deploy(rpc, sender=senders[1])
    base.send("initialize", "Virtual Ether", "vETH", prices.address)
    quote.send("initialize", "Virtual Dollar", "vUSD")
    return base, quote


def _contracts(
    rpc: Rpc, uniswap: UniswapV3, usdc: Contract, quote: Contract
) -> dict[str, Contract]:
    """Deploy the rest, and introduce them to one another."""
    kept = [each.rpartition("/")[2].removesuffix(".json") for each in CURIE.kept]
    names = [name for name in kept if name not in {"BaseToken", "QuoteToken"}]
    its = {name: Artifact.of(CURIE, f"/{name}.json").deploy(rpc) for name in names}
    at = {name: contract.address for name, contract in its.items()}
    registry, config, fund = at["MarketRegistry"], at["ClearingHouseConfig"], at["InsuranceFund"]
    balances, exchange, vault = at["AccountBalance"], at["Exchange"], at["Vault"]
    book, house = at["OrderBook"], at["ClearingHouse"]
    its["ClearingHouseConfig"].send("initialize")
    its["MarketRegistry"].send("initialize", uniswap.factory.address, quote.address)
    its["OrderBook"].send("initialize", registry)
    its["Exchange"].send("initialize", registry, book, config)
    its["AccountBalance"].send("initialize", config, book)
    its["InsuranceFund"].send("initialize", usdc.address)
    its["Vault"].send("initialize", fund, config, balances, exchange)
    given = config, vault, 5, 750_000, 500_000, 20_000, 30_000, 10_000 * USDC, 100 * USDC
    its["CollateralManager"].send("initialize", *given)
    its["DelegateApproval"].send("initialize")
    given = config, vault, quote.address, uniswap.factory.address, exchange, balances, fund
    its["ClearingHouse"].send("initialize", *given)
    for name in ("MarketRegistry", "OrderBook", "Exchange", "AccountBalance", "Vault"):
        its[name].send("setClearingHouse", house)
    its["ClearingHouse"].send("setDelegateApproval", at["DelegateApproval"])
    its["OrderBook"].send("setExchange", exchange)
    its["Exchange"].send("setAccountBalance", balances)
    its["AccountBalance"].send("setVault", vault)
    its["InsuranceFund"].send("setVault", vault)
    its["Vault"].send("setCollateralManager", at["CollateralManager"])
    its["ClearingHouseConfig"].send("setSettlementTokenBalanceCap", 2**255)
    return its


def _market(
    rpc: Rpc,
    uniswap: UniswapV3,
    its: dict[str, Contract],
    pair: tuple[Contract, Contract],
    price: int,
) -> Contract:
    """Open a market of a base and a quote at a price; return its pool."""
    base, quote = pair
    key = (base.address, quote.address)
    uniswap.factory.send("enableFeeAmount", FEE, 20)
    uniswap.factory.send("createPool", *key, FEE)
    artifact = Artifact.of(_v3_core(), "UniswapV3Pool.json")
    pool = artifact.at(rpc, uniswap.factory.call("getPool", *key, FEE))
    pool.send("initialize", isqrt(price << 192))
    pool.send("increaseObservationCardinalityNext", 200)
    for token in pair:
        token.send("mintMaximumTo", its["ClearingHouse"].address, sender=_owner(token))
        for holder in (its["ClearingHouse"].address, pool.address):
            token.send("addWhitelist", holder, sender=_owner(token))
    its["MarketRegistry"].send("addPool", base.address, FEE)
    its["Exchange"].send("setMaxTickCrossedWithinBlock", base.address, 1000)
    return pool


def _owner(token: Contract) -> str:
    return token.call("owner", sender=OWNER)


def _v3_core():
    from chain.packages import V3_CORE  # noqa: PLC0415

    return V3_CORE
