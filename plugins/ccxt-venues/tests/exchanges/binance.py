"""Binance (USDⓈ-M) as its documents have it: one account, one perpetual, signatures verified."""

# ruff: noqa: ARG002, N802 - methods are the paths of the exchange
from __future__ import annotations

import hashlib
import hmac
import json
import re
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from exchanges.ledger import Ledger, RefusedError
from exchanges.okx import word

KEY, SECRET = "canary-key-62", "canary-secret-a90f"
ACCOUNT, SYMBOL, COIN = "354937868", "ETHUSDT", "USDT"
CODES = {
    "size": -4023, "price": -4014, "funds": -2019, "reduce": -2022, "notional": -4164,
}  # fmt: skip
INSTRUMENT = {
    "symbol": SYMBOL, "contractType": "PERPETUAL", "status": "TRADING", "quoteAsset": COIN,
    "marginAsset": COIN, "baseAsset": "ETH", "deliveryDate": 4133404800000,
    "filters": [
        {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001"},
        {"filterType": "PRICE_FILTER", "tickSize": "0.01"},
        {"filterType": "MIN_NOTIONAL", "notional": "20"},
    ],
}  # fmt: skip
PUBLIC = {"time", "exchangeInfo", "fundingInfo", "ticker/bookTicker", "premiumIndex"}
MOST, AHEAD = 60_000, 1000


class Binance:
    """Answers of the exchange."""

    order_path = re.compile(r"POST /fapi/v1/order$")

    def __init__(self):
        self.ledger = Ledger(
            price=Decimal(2000), cash=Decimal(100_000), tick=Decimal("0.01"),
            lot=Decimal("0.001"), depth=Decimal(100), least=Decimal(20),
        )  # fmt: skip
        self.hedged = self.joined = False
        self.rights = {
            "enableFutures": True, "enableWithdrawals": False, "enableVanillaOptions": False,
            "enablePortfolioMarginTrading": False,
        }  # fmt: skip
        self.coin_margined, self.options = [], []
        self.intervals = []
        self.names = {}

    def answer(self, asked):
        """Status and text of an answer."""
        parts = urlsplit(asked.path)
        _, api, _, path = parts.path.split("/", 3)
        signed = asked.body if asked.method == "POST" else parts.query
        given = dict(parse_qsl(signed))
        if path not in PUBLIC:
            fault = self.fault(asked, signed, given)
            if fault:
                return self.no(*fault)
        name = f"{api}_{asked.method.lower()}_{path.replace('/', '_')}"
        found = getattr(self, name)(given)
        if isinstance(found, tuple):
            return found
        return 200, json.dumps(found, default=word)

    def fault(self, asked, signed, given):
        """Code of what is wrong with a request's signature or time."""
        words, _, signature = signed.rpartition("&signature=")
        right = hmac.new(SECRET.encode(), words.encode(), hashlib.sha256).hexdigest()
        headers = {name.upper(): each for name, each in asked.headers.items()}
        if headers["X-MBX-APIKEY"] != KEY or not hmac.compare_digest(right, signature):
            return -1022, "Signature for this request is not valid."
        stamp, window = int(given["timestamp"]), int(given["recvWindow"])
        if window > MOST or not -AHEAD < self.ledger.now - stamp <= window:
            return -1021, "Timestamp for this request is outside of the recvWindow."
        return None

    def no(self, code, message):
        return 400, json.dumps({"code": code, "msg": message})

    def fapi_get_time(self, given):
        return {"serverTime": self.ledger.now}

    def api_get_account(self, given):
        return {"uid": int(ACCOUNT), "canTrade": True}

    def sapi_get_account_apiRestrictions(self, given):
        return self.rights

    def dapi_get_positionRisk(self, given):
        return [{"symbol": "BTCUSD_PERP", "positionAmt": "0"}, *self.coin_margined]

    def eapi_get_position(self, given):
        return self.options

    def fapi_get_positionSide_dual(self, given):
        return {"dualSidePosition": self.hedged}

    def fapi_get_multiAssetsMargin(self, given):
        return {"multiAssetsMargin": self.joined}

    def fapi_get_exchangeInfo(self, given):
        return {"symbols": [INSTRUMENT]}

    def fapi_get_fundingInfo(self, given):
        return self.intervals

    def fapi_get_ticker_bookTicker(self, given):
        its = self.ledger
        return {"symbol": given["symbol"], "bidPrice": its.level(-1, 0),
                "askPrice": its.level(1, 0),
                "time": its.now}  # fmt: skip

    def fapi_get_premiumIndex(self, given):
        its = self.ledger
        return {"symbol": given["symbol"], "markPrice": its.price, "indexPrice": its.price,
                "lastFundingRate": "0.0001", "nextFundingTime": its.now + 1000}  # fmt: skip

    def fapi_get_account(self, given):
        its = self.ledger
        worth = abs(its.worth(its.held, its.price))
        asset = {"asset": COIN, "walletBalance": its.cash, "unrealizedProfit": its.floating,
                 "marginBalance": its.cash + its.floating, "maintMargin": worth / 200,
                 "initialMargin": worth / 20}  # fmt: skip
        held = {"symbol": SYMBOL, "positionSide": "BOTH", "positionAmt": its.held,
                "unrealizedProfit": its.floating}  # fmt: skip
        return {"assets": [asset], "positions": [held] if its.held else []}

    def fapi_get_positionRisk(self, given):
        its = self.ledger
        held = {"symbol": SYMBOL, "positionSide": "BOTH", "positionAmt": its.held,
                "entryPrice": its.entry, "markPrice": its.price, "isolatedMargin": "0",
                "marginAsset": COIN,
                "notional": its.worth(its.held, its.price)}  # fmt: skip
        return [held] if its.held else []

    def fapi_get_income(self, given):
        rows = [row for row in self.ledger.rows if row.time >= int(given["startTime"])]
        return [each for row in rows for each in self.incomes(row)][: int(given["limit"])]

    def incomes(self, its):
        row = {"time": its.time, "asset": COIN, "info": "", "symbol": SYMBOL, "tranId": its.id}
        if its.kind != "trade":
            kind = {"funding": "FUNDING_FEE", "transfer": "TRANSFER"}[its.kind]
            return [{**row, "incomeType": kind, "income": its.change, "tradeId": ""}]
        parts = {"COMMISSION": -its.fee, "REALIZED_PNL": its.profit}
        paid = {**row, "tradeId": str(its.id)}
        return [{**paid, "incomeType": kind, "income": x} for kind, x in parts.items() if x]

    def fapi_get_userTrades(self, given):
        rows = [x for x in self.ledger.rows if x.time >= int(given["startTime"])]
        return [self.trade(x) for x in rows if x.kind == "trade"][: int(given["limit"])]

    def trade(self, its):
        return {
            "id": its.id, "orderId": its.order.number, "symbol": SYMBOL, "time": its.time,
            "side": "BUY" if its.contracts > 0 else "SELL", "qty": abs(its.contracts),
            "price": its.price, "commission": its.fee, "commissionAsset": COIN,
            "realizedPnl": its.profit,
        }  # fmt: skip

    def fapi_get_openOrders(self, given):
        return []

    def fapi_get_allOrders(self, given):
        found = [self.state(x) for x in self.ledger.orders if x.time >= int(given["startTime"])]
        return found[: int(given["limit"])]

    def fapi_get_order(self, given):
        if "orderId" in given:
            found = [x for x in self.ledger.orders if x.number == int(given["orderId"])]
        else:
            found = self.ledger.named(given["origClientOrderId"])
        return self.state(found[-1]) if found else self.no(-2013, "Order does not exist.")

    def state(self, its):
        whole = its.filled == abs(its.contracts)
        return {
            "orderId": its.number, "symbol": SYMBOL, "time": its.time,
            "origQty": abs(its.contracts),
            "clientOrderId": its.client or self.names.get(its.number, "web_1"),
            "side": "BUY" if its.contracts > 0 else "SELL", "executedQty": its.filled,
            "avgPrice": its.price or "0", "status": "FILLED" if whole else "EXPIRED",
        }  # fmt: skip

    def fapi_post_order(self, given):
        side = {"BUY": 1, "SELL": -1}[given["side"]]
        assert (given["type"], given["timeInForce"]) == ("LIMIT", "IOC")
        try:
            order = self.ledger.place(
                given["newClientOrderId"], side * Decimal(given["quantity"]),
                Decimal(given["price"]), reduce_only=given["reduceOnly"] == "true",
            )  # fmt: skip
        except RefusedError as error:
            return self.no(CODES[str(error)], str(error))
        return {"orderId": order.number, "clientOrderId": order.client, "status": "NEW"}
