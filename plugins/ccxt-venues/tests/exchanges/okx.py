"""OKX as its documents have it: one account, one swap in dollars, signatures verified."""

# ruff: noqa: ARG002 - methods are the paths of the exchange, which have the same arguments
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from exchanges.ledger import Ledger, RefusedError

KEY, SECRET, PASSPHRASE = "canary-key-31", "canary-secret-8c2d", "canary-phrase-4b"
ACCOUNT, SYMBOL, COIN = "44705892343619584", "BTC-USDT-SWAP", "USDT"
SIZE = Decimal("0.01")
HALF_MINUTE = 30_000
CODES = {"size": "51121", "price": "51122", "funds": "51008", "reduce": "51169"}
INSTRUMENT = {
    "instId": SYMBOL, "instType": "SWAP", "ctVal": "0.01", "ctMult": "1", "ctValCcy": "BTC",
    "lotSz": "0.01", "minSz": "0.01", "tickSz": "0.1", "settleCcy": COIN, "ctType": "linear",
    "uly": "BTC-USDT", "state": "live", "expTime": "", "stk": "", "optType": "",
}  # fmt: skip
KINDS = {"trade": "2", "funding": "8", "transfer": "1"}


def word(number):
    """Number as the exchange writes it."""
    return f"{number.normalize():f}" if number else "0"


class Okx:
    """Answers of the exchange, of an account that trades one contract."""

    symbol, kind, coin = SYMBOL, "SWAP", COIN

    order_path = re.compile(r"POST /api/v5/trade/order$")

    def __init__(self):
        self.ledger = Ledger(
            price=Decimal(50_000), cash=Decimal(100_000), tick=Decimal("0.1"),
            lot=Decimal("0.01"), depth=Decimal(10_000), size=SIZE,
        )  # fmt: skip
        self.config = {"uid": ACCOUNT, "acctLv": "2", "posMode": "net_mode",
                       "perm": "read_only,trade"}  # fmt: skip
        self.instruments = {"SWAP": [INSTRUMENT], "FUTURES": []}
        self.hours = 8
        self.debt = ""

    def answer(self, asked):
        """Status and text of an answer."""
        parts = urlsplit(asked.path)
        path = parts.path.removeprefix("/api/v5/")
        if not path.startswith(("public", "market")) and not self.is_signed(asked):
            return 401, self.no("50113", "Invalid Sign")
        name = f"{asked.method.lower()}_{path.replace('/', '_').replace('-', '_')}"
        given = json.loads(asked.body) if asked.body else dict(parse_qsl(parts.query))
        found = getattr(self, name)(given, asked)
        if isinstance(found, str):
            return 200, found
        return 200, json.dumps({"code": "0", "msg": "", "data": found}, default=word)

    def is_signed(self, asked):
        """True of a request that the account's secret has signed, within its time."""
        its = {name.upper(): each for name, each in asked.headers.items()}
        stamp = its["OK-ACCESS-TIMESTAMP"]
        words = f"{stamp}{asked.method}{asked.path}{asked.body}"
        digest = hmac.new(SECRET.encode(), words.encode(), hashlib.sha256).digest()
        named = its["OK-ACCESS-KEY"], its["OK-ACCESS-PASSPHRASE"], its["OK-ACCESS-SIGN"]
        when = datetime.fromisoformat(stamp).timestamp() * 1000
        on_time = abs(when - self.ledger.now) < HALF_MINUTE
        return named == (KEY, PASSPHRASE, base64.b64encode(digest).decode()) and on_time

    def no(self, code, message, **row):
        data = [{"sCode": code, "sMsg": message, **row}] if row else []
        return json.dumps({"code": "1" if row else code, "msg": message, "data": data})

    def get_public_time(self, given, asked):
        return [{"ts": str(self.ledger.now)}]

    def get_account_config(self, given, asked):
        return [self.config]

    def get_public_instruments(self, given, asked):
        assert "instFamily" not in given
        return self.instruments[given["instType"]]

    def get_account_trade_fee(self, given, asked):
        return [{"takerU": "-0.0005", "taker": "-0.0004", "takerUSDC": "-0.0005"}]

    def get_market_ticker(self, given, asked):
        its = self.ledger
        return [{"instId": given["instId"], "bidPx": its.level(-1, 0), "askPx": its.level(1, 0),
                 "ts": str(its.now)}]  # fmt: skip

    def get_public_mark_price(self, given, asked):
        return [{**given, "markPx": self.ledger.price}]

    def get_market_index_tickers(self, given, asked):
        return [{**given, "idxPx": self.index}]

    @property
    def index(self):
        """Price of the coin that the contract is on."""
        return self.ledger.price

    def get_public_funding_rate(self, given, asked):
        paid = self.ledger.now // 3_600_000 * 3_600_000
        following = paid + self.hours * 3_600_000
        return [{**given, "fundingRate": "0.0001", "fundingTime": str(paid),
                 "nextFundingTime": str(following)}]  # fmt: skip

    def get_account_balance(self, given, asked):
        its = self.ledger
        worth, equity = abs(its.worth(its.held, its.price)), its.cash + its.floating
        detail = {"ccy": self.coin, "cashBal": its.cash, "eq": equity, "upl": its.floating,
                  "liab": self.debt, "mmr": worth / 250, "imr": worth / 20}  # fmt: skip
        total = {"adjEq": equity, "mmr": worth / 250, "imr": worth / 20}
        return [{"details": [detail], "uTime": str(its.now), **total}]

    def get_account_positions(self, given, asked):
        its = self.ledger
        if not its.held:
            return []
        return [{
            "instId": self.symbol, "instType": self.kind, "posSide": "net", "mgnMode": "cross",
            "pos": its.held, "avgPx": its.entry, "upl": its.floating, "markPx": its.price,
            "notionalUsd": abs(its.worth(its.held, its.price)), "ccy": self.coin, "optVal": "",
        }]  # fmt: skip

    def get_account_account_position_risk(self, given, asked):
        its = self.ledger
        row = {"instId": self.symbol, "pos": its.held, "mgnMode": "cross"}
        held = [row] if its.held else []
        return [{"adjEq": "", "balData": [], "posData": held, "ts": str(its.now)}]

    def get_account_bills(self, given, asked):
        begin, before = int(given["begin"]), int(given.get("after", 10**9))
        rows = [x for x in reversed(self.ledger.rows) if x.time >= begin and x.id < before]
        return [self.bill(each) for each in rows[: int(given["limit"])]]

    def bill(self, its):
        trade = its.kind == "trade"
        sub = ("1" if its.contracts > 0 else "2") if trade else "173"
        return {
            "billId": str(its.id), "type": KINDS[its.kind], "subType": sub, "ts": str(its.time),
            "ccy": self.coin, "balChg": its.change, "bal": its.balance,
            "instType": self.kind if trade else "", "instId": self.symbol if trade else "",
            "sz": abs(its.contracts) if trade else "", "px": its.price if trade else "",
            "clOrdId": its.order.client if trade else "",
        }  # fmt: skip

    def get_trade_orders_pending(self, given, asked):
        return []

    def get_trade_order(self, given, asked):
        found = self.ledger.named(given["clOrdId"])
        if not found:
            return self.no("51603", "Order does not exist")
        return [self.state(each) for each in found[-1:]]

    def state(self, its):
        whole = its.filled == abs(its.contracts)
        return {
            "ordId": str(its.number), "clOrdId": its.client, "instId": self.symbol, "tag": "",
            "side": "buy" if its.contracts > 0 else "sell", "sz": abs(its.contracts),
            "accFillSz": its.filled, "avgPx": its.price or "", "fee": -its.fee, "feeCcy": self.coin,
            "state": "filled" if whole else "canceled",
        }  # fmt: skip

    def post_trade_order(self, given, asked):
        row = {"ordId": "", "clOrdId": given["clOrdId"], "tag": ""}
        headers = {name.lower(): each for name, each in asked.headers.items()}
        if self.ledger.now > int(headers["exptime"]):
            return self.no("51149", "Order timed out", **row)
        side = {"buy": 1, "sell": -1}[given["side"]]
        assert (given["ordType"], given["tdMode"]) == ("ioc", "cross")
        try:
            order = self.ledger.place(
                given["clOrdId"], side * Decimal(given["sz"]), Decimal(given["px"]),
                reduce_only=given["reduceOnly"],
            )  # fmt: skip
        except RefusedError as error:
            return self.no(CODES[str(error)], str(error), **row)
        return [{**row, "ordId": str(order.number), "sCode": "0", "sMsg": ""}]
