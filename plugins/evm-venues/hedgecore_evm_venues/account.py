"""An account of Perpetual Protocol v2 at one block: all of it, or an error."""

from __future__ import annotations

from attrs import frozen
from hedgecore_evm_readers.abi import Call
from hedgecore_evm_readers.block import Block

from hedgecore import Account, AccountEvent, AccountMargin, ContractPosition, VenueError
from hedgecore_evm_venues.amounts import EXACT, units
from hedgecore_evm_venues.contracts import Contracts
from hedgecore_evm_venues.node import Chain


@frozen
class AccountReader:
    """Reads an account at a block."""

    contracts: Contracts
    trader: str

    def read(
        self, chain: Chain, block: Block, events: tuple[AccountEvent, ...], cursor: str
    ) -> Account:
        """Account at a block; its balance has no unrealised profit, nor funding that is not paid.

        Raises:
            VenueError: it holds what is not read here.

        """
        its = self.contracts
        tokens, collateral, orders, balance, owed, value, least, bound, ratio = chain.ask(
            block, self._calls()
        )
        if collateral or orders:
            what = "collateral other than the settlement coin" if collateral else "liquidity"
            raise VenueError(f"the account {self.trader} has {what}, which is not read here")
        paid = EXACT.add(units(balance, its.decimals), units(owed[0]))
        return Account(
            time=float(block.time),
            balances={its.settlement: paid},
            positions=self._positions(chain, block, tokens),
            margin=AccountMargin(
                asset=its.settlement,
                equity=units(value, its.decimals),
                maintenance=units(least),
                initial=units(bound * ratio, 24),
            ),
            events=events,
            cursor=cursor,
        )

    def _calls(self) -> list[Call]:
        its, trader = self.contracts, (self.trader,)
        return [
            Call(its.balances, "getBaseTokens(address)(address[])", trader),
            Call(its.vault, "getCollateralTokens(address)(address[])", trader),
            Call(its.balances, "hasOrder(address)(bool)", trader),
            Call(its.vault, "getBalance(address)(int256)", trader),
            Call(its.balances, "getPnlAndPendingFee(address)(int256,int256,uint256)", trader),
            Call(its.vault, "getAccountValue(address)(int256)", trader),
            Call(its.balances, "getMarginRequirementForLiquidation(address)(int256)", trader),
            Call(its.balances, "getTotalAbsPositionValue(address)(uint256)", trader),
            Call(its.config, "getImRatio()(uint24)"),
        ]

    def _positions(
        self, chain: Chain, block: Block, tokens: tuple[str, ...]
    ) -> dict[str, ContractPosition]:
        """Positions in all markets that the account is registered in; dust of a few wei is none."""
        if not tokens:
            return {}
        balances, trader = self.contracts.balances, self.trader
        calls = [
            call
            for token in tokens
            for call in (
                Call(token, "symbol()(string)"),
                Call(balances, "getTakerPositionSize(address,address)(int256)", (trader, token)),
                Call(balances, "getTakerOpenNotional(address,address)(int256)", (trader, token)),
                Call(balances, "getTotalPositionValue(address,address)(int256)", (trader, token)),
            )
        ]
        said = iter(chain.ask(block, calls))
        return {
            symbol: ContractPosition(
                contracts=units(size),
                entry_price=-units(notional) / units(size),
                notional=abs(units(value)),
            )
            for symbol, size, notional, value in zip(said, said, said, said, strict=True)
            if size
        }
