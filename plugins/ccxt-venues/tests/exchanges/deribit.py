"""Deribit as its documents have it: one account, one inverse perpetual, signatures verified."""

# ruff: noqa: ARG002 - methods are the paths of the exchange, which have the same arguments
from __future__ import annotations

import hashlib
import hmac
import json
import re
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from exchanges.ledger import NONE, Ledger, RefusedError, rounded

ID, SECRET = "canary-id-77", "canary-secret-5f1e"
ACCOUNT, SYMBOL, COIN = "12354", "BTC-PERPETUAL", "BTC"
HEADER = re.compile(r"deri-hmac-sha256 id=(.+),ts=(\d+),sig=([0-9a-f]+),nonce=(.+)")
VALID = 60_000
CODES = {
    "size": (10002, "qty_too_low"),
    "price": (10043, "price_wrong_tick"),
    "funds": (10009, "not_enough_funds"),
    "reduce": (11045, "invalid_reduce_only_order"),
}
INSTRUMENT = {
    "instrument_name": SYMBOL, "kind": "future", "instrument_type": "reversed",
    "settlement_period": "perpetual", "is_active": True, "base_currency": COIN,
    "quote_currency": "USD", "counter_currency": "USD", "settlement_currency": COIN,
    "min_trade_amount": 10, "contract_size": 10, "tick_size": 0.5, "tick_size_steps": [],
    "taker_commission": 0.0005, "expiration_timestamp": 32503708800000,
}  # fmt: skip


class Deribit:
    """Answers of the exchange, of an account in one currency that trades one contract."""

    symbol, coin = SYMBOL, COIN

    order_path = re.compile(r"/private/(buy|sell)\?")

    def __init__(self):
        self.ledger = Ledger(
            price=Decimal(50_000), cash=Decimal(10), tick=Decimal("0.5"), lot=Decimal(10),
            depth=Decimal(100_000), inverse=True, daily=True,
        )  # fmt: skip
        self.model = "segregated_sm"
        self.scopes = "account:read block_trade:none trade:read_write wallet:none"
        self.instruments = [INSTRUMENT]
        self.more_positions = []
        self.more_result = {}

    def answer(self, asked):
        """Status and text of an answer."""
        parts = urlsplit(asked.path)
        section, name = parts.path.removeprefix("/api/v2/").split("/")
        if section == "private" and not self.is_signed(asked):
            return self.error(13009, "unauthorized")
        result = getattr(self, name)(dict(parse_qsl(parts.query)))
        if isinstance(result, tuple):
            return result
        return 200, json.dumps(
            {"jsonrpc": "2.0", "result": result, "testnet": False}, default=float
        )

    def is_signed(self, asked):
        """True of a request that the account's secret has signed, within its time."""
        found = HEADER.fullmatch(asked.headers.get("Authorization", ""))
        name, stamp, signature, nonce = found.groups()
        words = f"{stamp}\n{nonce}\n{asked.method}\n{asked.path}\n{asked.body}\n"
        right = hmac.new(SECRET.encode(), words.encode(), hashlib.sha256).hexdigest()
        on_time = abs(int(stamp) - self.ledger.now) < VALID
        return name == ID and hmac.compare_digest(right, signature) and on_time

    def error(self, code, message):
        return 400, json.dumps({"jsonrpc": "2.0", "error": {"code": code, "message": message}})

    def get_time(self, asked):
        return self.ledger.now

    def list_api_keys(self, asked):
        other = {"client_id": "other", "max_scope": "wallet:read_write"}
        return [other, {"client_id": ID, "max_scope": self.scopes, "enabled": True}]

    def get_instruments(self, asked):
        assert asked == {"currency": self.coin, "expired": "false"}
        return self.instruments

    def ticker(self, asked):
        its = self.ledger
        return {
            "instrument_name": asked["instrument_name"], "best_bid_price": its.level(-1, 0),
            "best_ask_price": its.level(1, 0), "mark_price": its.price, "index_price": its.price,
            "funding_8h": 0.0001, "current_funding": 0.00002, "timestamp": its.now,
            "mark_iv": 55.5,
        }  # fmt: skip

    @property
    def delta(self):
        """Coins that contracts are on."""
        return rounded(self.ledger.worth(self.ledger.held, self.ledger.price))

    def get_account_summary(self, asked):
        its = self.ledger
        margin = its.cash + its.session + its.floating
        worth = rounded(abs(its.worth(its.held, its.price)))
        found = {
            "id": int(ACCOUNT), "currency": self.coin, "balance": its.cash, "equity": margin,
            "margin_balance": margin, "futures_session_rpl": its.session,
            "futures_session_upl": its.floating, "options_value": NONE,
            "maintenance_margin": worth / 100, "initial_margin": worth / 50,
            "delta_total": self.delta,
            "margin_model": self.model, "cross_collateral_enabled": self.model[0] == "c",
        }  # fmt: skip
        return found | self.more_result

    def get_positions(self, asked):
        its = self.ledger
        side = "zero" if not its.held else "buy" if its.held > 0 else "sell"
        return [*self.more_positions, {
            "instrument_name": self.symbol, "kind": "future", "size": its.held, "direction": side,
            "size_currency": self.delta, "mark_price": its.price, "delta": self.delta,
            "average_price": its.entry, "index_price": its.price,
            "floating_profit_loss": its.floating, "realized_profit_loss": its.session,
        }]  # fmt: skip

    def get_open_orders_by_currency(self, asked):
        return []

    def get_transaction_log(self, asked):
        rows = [self.row(each) for each in reversed(self.ledger.rows) if within(each.time, asked)]
        start, count = int(asked.get("continuation", 0)), int(asked["count"])
        more = start + count if len(rows) > start + count else None
        return {"logs": rows[start : start + count], "continuation": more}

    def row(self, its):
        found = {
            "id": its.id, "type": {"funding": "settlement"}.get(its.kind, its.kind),
            "timestamp": its.time, "currency": self.coin, "change": its.change,
            "balance": its.balance,
        }  # fmt: skip
        if its.kind == "trade":
            opens = abs(its.position) >= abs(its.contracts)
            side = f"{'open' if opens else 'close'} {'buy' if its.contracts > 0 else 'sell'}"
            found |= {
                "trade_id": f"t{its.id}", "order_id": str(its.order.number), "side": side,
                "amount": abs(its.contracts), "price": its.price, "position": its.position,
                "instrument_name": self.symbol, "commission": its.fee,
            }  # fmt: skip
        return found

    def get_user_trades_by_currency_and_time(self, asked):
        rows = [r for r in self.ledger.rows if r.kind == "trade" and within(r.time, asked)]
        trades = [self.trade(each) for each in rows]
        count = int(asked["count"])
        return {"trades": trades[:count], "has_more": len(trades) > count}

    def trade(self, its):
        label = {"label": its.order.client} if its.order.client else {}
        told = {"trade_id": f"t{its.id}", "timestamp": its.time, "order_id": str(its.order.number)}
        return {**told, **label}

    def get_order_state(self, asked):
        [its] = [each for each in self.ledger.orders if str(each.number) == asked["order_id"]]
        return self.state(its)

    def get_order_state_by_label(self, asked):
        return [self.state(each) for each in self.ledger.named(asked["label"])]

    def state(self, its):
        whole = its.filled == abs(its.contracts)
        return {
            "order_id": str(its.number), "label": its.client, "instrument_name": self.symbol,
            "direction": "buy" if its.contracts > 0 else "sell", "amount": abs(its.contracts),
            "filled_amount": its.filled, "average_price": its.price or 0,
            "order_state": "filled" if whole else "cancelled",
        }  # fmt: skip

    def buy(self, asked, side=1):
        if self.ledger.now > int(asked["valid_until"]):
            return self.error(13666, "timed_out")
        assert asked["time_in_force"] == "immediate_or_cancel"
        assert (asked["type"], asked["instrument_name"]) == ("limit", self.symbol)
        try:
            order = self.ledger.place(
                asked["label"], side * Decimal(asked["amount"]), Decimal(asked["price"]),
                reduce_only=asked["reduce_only"] == "true",
            )  # fmt: skip
        except RefusedError as error:
            return self.error(*CODES[str(error)])
        return {"order": self.state(order), "trades": []}

    def sell(self, asked):
        return self.buy(asked, -1)


def within(time, asked):
    """True of a moment that is asked for."""
    return int(asked["start_timestamp"]) <= time <= int(asked["end_timestamp"])
