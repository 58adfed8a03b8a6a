"""The contracts of Perpetual Protocol v2: where they stand, and what they are asked."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen
from hedgecore_evm_readers.abi import Call
from hedgecore_evm_readers.block import Block

from hedgecore import ContractTerms, Intent
from hedgecore_evm_venues.amounts import EXACT, round_to_wei, units
from hedgecore_evm_venues.node import Chain

MILLION = 10**6
ORDER = "(address,bool,bool,uint256,uint256,uint256,uint160,bytes32)"
OPEN = f"openPosition({ORDER})(uint256,uint256)"
OPEN_FOR = f"openPositionFor(address,{ORDER})(uint256,uint256,uint256)"
NO_LIMIT = 0
LEAST = 1
"""Of a bound, in wei: 0 would be none."""
WINDOW = 900
"""Seconds over which funding averages prices."""
LEAST_ORDER = Decimal("1e-9")
"""Contracts below which a trade is dust to the protocol, whose amounts round to nothing."""
ID = 32
"""Bytes of a referral code, which carries the client id."""


@frozen(kw_only=True)
class Contracts:
    """Addresses of the protocol, and the coin that it settles in."""

    chain_id: int
    house: str
    vault: str
    exchange: str
    balances: str
    config: str
    registry: str
    delegates: str
    coin: str
    settlement: str
    decimals: int

    @classmethod
    def behind(cls, chain: Chain, house: str) -> Contracts:
        """Contracts behind a clearing house."""
        block = chain.head()
        names = ("Vault", "Exchange", "AccountBalance", "ClearingHouseConfig", "DelegateApproval")
        calls = [Call(house, f"get{name}()(address)") for name in names]
        vault, exchange, balances, config, delegates = chain.ask(block, calls)
        registry, coin = chain.ask(
            block,
            [
                Call(exchange, "getMarketRegistry()(address)"),
                Call(vault, "getSettlementToken()(address)"),
            ],
        )
        symbol, decimals = chain.ask(
            block, [Call(coin, "symbol()(string)"), Call(coin, "decimals()(uint8)")]
        )
        return cls(
            chain_id=int(chain.rpc.result("eth_chainId"), 16),
            house=house,
            vault=vault,
            exchange=exchange,
            balances=balances,
            config=config,
            registry=registry,
            delegates=delegates,
            coin=coin,
            settlement=symbol,
            decimals=decimals,
        )

    def terms(self, chain: Chain, markets: tuple[str, ...]) -> dict[str, ContractTerms]:
        """Terms of the markets that are open, by symbol."""
        block = chain.head()
        calls = [call for market in markets for call in self._terms_calls(market)]
        least, *answers = chain.ask(block, [Call(self.config, "getMmRatio()(uint24)"), *calls])
        said = iter(answers)
        rows = list(zip(said, said, said, strict=True))
        wei = units(1)
        return {
            symbol: ContractTerms(
                symbol=symbol,
                lot=wei,
                tick=Decimal(0),
                min_order=LEAST_ORDER,
                fee=units(fee, 6),
                settlement=self.settlement,
                maintenance=units(least, 6),
            )
            for symbol, fee, is_open in rows
            if is_open
        }

    def _terms_calls(self, market: str) -> tuple[Call, ...]:
        return (
            Call(market, "symbol()(string)"),
            Call(self.registry, "getFeeRatio(address)(uint24)", (market,)),
            Call(market, "isOpen()(bool)"),
        )

    def prices(self, market: str) -> list[Call]:
        """Calls for a market's prices: root of the price, mark, index, averages, cap of funding."""
        return [
            Call(self.exchange, "getSqrtMarketTwapX96(address,uint32)(uint160)", (market, 0)),
            Call(self.balances, "getMarkPrice(address)(uint256)", (market,)),
            Call(market, "getIndexPrice(uint256)(uint256)", (0,)),
            Call(self.exchange, "getSqrtMarketTwapX96(address,uint32)(uint160)", (market, WINDOW)),
            Call(market, "getIndexPrice(uint256)(uint256)", (WINDOW,)),
            Call(self.config, "getMaxFundingRate()(uint24)"),
        ]

    def call_data(self, order: tuple[object, ...], sender: str, account: str) -> str:
        """Data of the transaction by which a sender opens a position for an account."""
        own = sender == account
        given = (order,) if own else (account, order)
        return "0x" + Call(self.house, OPEN if own else OPEN_FOR, given).data.hex()

    def order(self, chain: Chain, block: Block, market: str, intent: Intent) -> tuple[object, ...]:
        """Parameters of `openPosition`: an order at its limit, before the fee, or none at all."""
        [fee] = chain.ask(block, [self._terms_calls(market)[1]])
        sells = intent.contracts < 0
        worth = EXACT.multiply(abs(intent.contracts), intent.limit_price)
        rest = units(MILLION - fee, 6)
        bound = EXACT.multiply(worth, rest) if sells else EXACT.divide(worth, rest)
        return (
            market,
            sells,
            sells,
            round_to_wei(abs(intent.contracts), up=False),
            max(round_to_wei(bound, up=sells), LEAST),
            int(intent.expires),
            NO_LIMIT,
            intent.client_id.encode("ascii").ljust(ID, b"\0"),
        )
