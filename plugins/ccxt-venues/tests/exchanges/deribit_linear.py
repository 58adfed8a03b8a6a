"""Deribit's account in dollars, USDC, that trades a linear perpetual."""

from __future__ import annotations

from decimal import Decimal

from exchanges import deribit
from exchanges.ledger import Ledger

SYMBOL, COIN = "BTC_USDC-PERPETUAL", "USDC"
INSTRUMENT = {
    **deribit.INSTRUMENT, "instrument_name": SYMBOL, "instrument_type": "linear",
    "quote_currency": COIN, "counter_currency": COIN, "settlement_currency": COIN,
    "min_trade_amount": 0.001, "contract_size": 0.001,
}  # fmt: skip


class DeribitLinear(deribit.Deribit):
    """Answers of the exchange: amounts are coins, cash and profit are dollars."""

    symbol, coin = SYMBOL, COIN

    def __init__(self):
        super().__init__()
        self.ledger = Ledger(
            price=Decimal(50_000), cash=Decimal(100_000), tick=Decimal("0.5"),
            lot=Decimal("0.001"), depth=Decimal(100), daily=True,
        )  # fmt: skip
        self.instruments = [INSTRUMENT]

    @property
    def delta(self):
        """Coins that contracts are on."""
        return self.ledger.held
