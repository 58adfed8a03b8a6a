"""The clearinghouse: an account whose orders are matched, and what is written down of it."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

START = 1_700_000_000_000
FEE, LEVELS, TICK, LEAST = Decimal("0.00045"), 5, Decimal("0.1"), Decimal(10)
COIN, ASSET, DECIMALS, LEVERAGE = "ETH", 1, 4, 25
CENT = Decimal("1e-6")
NONE = Decimal(0)


def cents(amount: Decimal) -> Decimal:
    """Amount of USDC, as the venue rounds it."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def plain(amount: Decimal) -> str:
    """Amount as the venue writes it."""
    return f"{amount.normalize():f}" if amount else "0.0"


class Matching:
    """One account, one market; time passes where somebody says so, a millisecond for each act."""

    def __init__(self) -> None:
        self.now, self.price, self.depth = START, Decimal(2000), Decimal(100)
        self.cash, self.held, self.entry = Decimal(100_000), NONE, NONE
        self.coins = {"USDC": Decimal(250)}
        self.fills: list[dict[str, Any]] = []
        self.funding: list[dict[str, Any]] = []
        self.ledger: list[dict[str, Any]] = []
        self.orders: dict[str, dict[str, Any]] = {}
        self.numbers = 0

    def state(self) -> Any:
        """The account's `clearinghouseState`."""
        profit, worth = self.held * (self.price - self.entry), abs(self.held) * self.price
        equity = self.cash + profit
        summary = {
            "accountValue": plain(cents(equity)),
            "totalNtlPos": plain(cents(worth)),
            "totalRawUsd": plain(cents(equity - self.held * self.price)),
            "totalMarginUsed": plain(cents(worth / LEVERAGE)),
        }
        position = {
            "coin": COIN,
            "szi": plain(self.held),
            "entryPx": plain(Decimal(f"{self.entry:.5g}")),
            "positionValue": plain(cents(worth)),
            "unrealizedPnl": plain(cents(profit)),
            "leverage": {"type": "cross", "value": LEVERAGE},
            "liquidationPx": None,
        }
        return {
            "marginSummary": summary,
            "crossMaintenanceMarginUsed": plain(cents(worth / (2 * LEVERAGE))),
            "assetPositions": [{"type": "oneWay", "position": position}] if self.held else [],
            "time": self.now,
        }

    def spot(self) -> list[dict[str, Any]]:
        """Balances of coins."""
        return [
            {"coin": name, "token": number, "total": plain(each), "hold": "0.0"}
            for number, (name, each) in enumerate(self.coins.items())
        ]

    def book_of(self, coin: str) -> Any:
        """Prices of five levels on each side."""
        sides = [
            [{"px": plain(self._level(side, n)), "sz": plain(self.depth)} for n in range(LEVELS)]
            for side in (-1, 1)
        ]
        return {"coin": coin, "time": self.now, "levels": [*sides]}

    def order(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Match an order that must not rest, and keep what became of it."""
        self.now += 1
        self.numbers += 1
        side, size = 1 if asked["b"] else -1, Decimal(asked["s"])
        assert asked["a"] == ASSET
        assert asked["t"] == {"limit": {"tif": "Ioc"}}
        order = {
            "coin": COIN, "side": "B" if side > 0 else "A", "limitPx": asked["p"],
            "sz": asked["s"], "origSz": asked["s"], "oid": self.numbers, "timestamp": self.now,
            "tif": "Ioc", "reduceOnly": asked["r"], "cloid": asked.get("c"),
        }  # fmt: skip
        status, error, filled, cost = self._matched(asked, side, size, order)
        order["sz"] = plain(size - filled)
        self.orders[asked.get("c") or str(self.numbers)] = {"order": order, "status": status}
        if error is not None:
            return {"error": error}
        average = plain(Decimal(f"{cost / filled:.5g}"))
        return {"filled": {"totalSz": plain(filled), "avgPx": average, "oid": self.numbers}}

    def _matched(
        self, asked: dict[str, Any], side: int, size: Decimal, order: dict[str, Any]
    ) -> tuple[str, str | None, Decimal, Decimal]:
        limit = Decimal(asked["p"])
        refused = self._refusal(size, limit)
        if refused:
            return *refused, NONE, NONE
        if asked["r"]:
            if side * self.held >= 0:
                return "reduceOnlyRejected", "Reduce only order would increase", NONE, NONE
            size = min(size, abs(self.held))
        filled = cost = NONE
        for level in range(LEVELS):
            price = self._level(side, level)
            part = min(size - filled, self.depth)
            if part and side * (price - limit) <= 0:
                filled, cost = filled + part, cost + part * price
                self._fill(side * part, price, order)
        if not filled:
            words = "Order could not immediately match against any resting orders. asset=1"
            return "iocCancelRejected", words, NONE, NONE
        return "filled" if filled == Decimal(asked["s"]) else "canceled", None, filled, cost

    def _refusal(self, size: Decimal, limit: Decimal) -> tuple[str, str] | None:
        if -int(size.normalize().as_tuple().exponent) > DECIMALS or size <= 0:
            return "rejected", "Order has invalid size."
        if limit % TICK:
            return "tickRejected", "Price must be divisible by tick size. asset=1"
        if size * limit < LEAST:
            return "minTradeNtlRejected", "Order must have minimum value of $10. asset=1"
        if (abs(self.held) + size) * self.price > LEVERAGE * self.cash:
            return "perpMarginRejected", "Insufficient margin to place order. asset=1"
        return None

    def status_of(self, oid: Any) -> Any:
        """Record of an order, by its client id or its number."""
        found = self.orders.get(oid)
        if isinstance(oid, int):
            found = next((x for x in self.orders.values() if x["order"]["oid"] == oid), None)
        if found is None:
            return {"status": "unknownOid"}
        return {"status": "order", "order": {**found, "statusTimestamp": self.now}}

    def trade(self, contracts: Decimal) -> None:
        """Trade by another client of the account, which names no order of its own."""
        self.now += 1
        self.numbers += 1
        side = "B" if contracts > 0 else "A"
        order = {"oid": self.numbers, "side": side, "cloid": None, "coin": COIN}
        self.orders[str(self.numbers)] = {"order": order, "status": "filled"}
        self._fill(contracts, self.price, order)

    def pay_funding(self, rate: Decimal = Decimal("0.0001")) -> None:
        """Pay funding: longs pay shorts."""
        self.now += 1
        paid = cents(-self.held * self.price * rate)
        self.cash += paid
        delta = {"type": "funding", "coin": COIN, "usdc": plain(paid), "szi": plain(self.held)}
        self.funding.append({"time": self.now, "hash": "0x0", "delta": delta})

    def move_cash(self, amount: Decimal) -> None:
        """Deposit, or withdraw what is negative: a dollar of that is the fee."""
        self.now += 1
        self.cash += amount
        delta = {"type": "deposit", "usdc": plain(amount)}
        if amount < 0:
            delta = {"type": "withdraw", "usdc": plain(-amount - 1), "fee": "1.0", "nonce": 1}
        self.write(delta)

    def write(self, delta: dict[str, Any]) -> None:
        """Write a movement of cash down."""
        row = {"time": self.now, "hash": f"0x{len(self.ledger):064x}", "delta": delta}
        self.ledger.append(row)

    def _level(self, side: int, level: int) -> Decimal:
        return self.price + side * TICK * (1 + level)

    def _fill(self, contracts: Decimal, price: Decimal, order: dict[str, Any], **more: Any) -> None:
        closed = min(abs(contracts), abs(self.held)) if contracts * self.held < 0 else NONE
        profit = cents((1 if self.held > 0 else -1) * closed * (price - self.entry))
        fee, before = cents(abs(contracts) * price * FEE), self.held
        self.cash += profit - fee
        self.held += contracts
        if before * self.held <= 0:
            self.entry = price
        elif abs(self.held) > abs(before):
            self.entry = (before * self.entry + contracts * price) / self.held
        row = {
            "coin": COIN, "px": plain(price), "sz": plain(abs(contracts)), "side": order["side"],
            "time": self.now, "startPosition": plain(before), "dir": "Open Long",
            "closedPnl": plain(profit), "hash": "0x0", "oid": order["oid"], "crossed": True,
            "fee": plain(fee), "feeToken": "USDC", "tid": len(self.fills) + 1, **more,
        }  # fmt: skip
        named = {} if order["cloid"] is None else {"cloid": order["cloid"]}
        self.fills.append({**row, **named})
