"""OKX's options as its documents have them: an account in coins that trades one of them."""

# ruff: noqa: ARG002 - methods are the paths of the exchange, which have the same arguments
from __future__ import annotations

from decimal import Decimal

from exchanges import okx
from exchanges.ledger import Ledger

SYMBOL, FAMILY, COIN, EXPIRY = "BTC-USD-241227-60000-C", "BTC-USD", "BTC", 1735286400
SIZE, INDEX = Decimal("0.01"), Decimal(50_000)
CALL = {
    "instId": SYMBOL, "instType": "OPTION", "ctVal": "1", "ctMult": "0.01", "ctValCcy": COIN,
    "ctType": "", "lotSz": "1", "minSz": "1", "tickSz": "0.0001", "settleCcy": COIN,
    "uly": FAMILY, "expTime": f"{EXPIRY}000", "stk": "60000", "optType": "C", "state": "live",
}  # fmt: skip
PUT = {**CALL, "instId": "BTC-USD-241227-60000-P", "optType": "P"}


class OkxOptions(okx.Okx):
    """Answers of the exchange, of an account that trades a call; its prices are coins."""

    symbol, kind, coin, index = SYMBOL, "OPTION", COIN, INDEX

    def __init__(self):
        super().__init__()
        self.ledger = Ledger(
            price=Decimal("0.05"), cash=Decimal(10), tick=Decimal("0.0005"), lot=Decimal(1),
            depth=Decimal(10_000), size=SIZE, prepaid=True,
        )  # fmt: skip
        self.calls = [CALL, PUT]

    def get_public_instruments(self, given, asked):
        if given["instType"] != "OPTION":
            return super().get_public_instruments(given, asked)
        assert given["instFamily"] == FAMILY
        return self.calls

    def get_public_instrument_tick_bands(self, given, asked):
        return [{**given, "tickBand": [
            {"minPx": "0", "maxPx": "0.005", "tickSz": "0.0001"},
            {"minPx": "0.005", "maxPx": "", "tickSz": "0.0005"},
        ]}]  # fmt: skip

    def get_account_trade_fee(self, given, asked):
        if given["instType"] != "OPTION":
            return super().get_account_trade_fee(given, asked)
        return [{"takerU": "", "taker": "-0.0003", "takerUSDC": ""}]

    def get_public_opt_summary(self, given, asked):
        other = {"instId": PUT["instId"], "markVol": "0.9"}
        return [other, {"instId": SYMBOL, "markVol": "0.27193"}]

    def get_account_positions(self, given, asked):
        its = self.ledger
        more = {"optVal": its.worth(its.held, its.price),
                "notionalUsd": abs(its.held) * SIZE * INDEX}  # fmt: skip
        return [{**each, **more} for each in super().get_account_positions(given, asked)]
