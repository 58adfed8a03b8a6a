"""Hyperliquid as its documents have it: one account, its agent, one market that is traded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from eth_account import Account as Key
from hyperliquid.utils.signing import recover_agent_or_user_from_l1_action

from hyper.matching import Matching

OWNER_KEY, AGENT_KEY = "0x" + "c0" * 32, "0x" + "de" * 32
OWNER, AGENT = (Key.from_key(each).address.lower() for each in (OWNER_KEY, AGENT_KEY))
DAY = 86_400_000
UNIVERSE = [
    {"name": "BTC", "szDecimals": 5, "maxLeverage": 40, "marginTableId": 56},
    {"name": "ETH", "szDecimals": 4, "maxLeverage": 25, "marginTableId": 55},
]


class Exchange(Matching):
    """Answers of the venue's two addresses; all that was sent to it is kept.

    Attributes:
        mode: in which the account keeps its balances.
        elsewhere: exchange of a builder → coins of which the account holds contracts there.
        roles: address → what it is.
        sent: bodies of all requests that act.

    """

    def __init__(self) -> None:
        super().__init__()
        self.mode = "default"
        self.elsewhere: dict[str, list[str]] = {"xyz": []}
        self.roles: dict[str, Any] = {
            OWNER: {"role": "user"},
            AGENT: {"role": "agent", "data": {"user": OWNER}},
        }
        self.nonces: set[int] = set()
        self.sent: list[dict[str, Any]] = []

    def info(self, asked: dict[str, Any]) -> Any:
        """Answer to a question."""
        answers = {
            "userRole": lambda: self.roles.get(asked["user"], {"role": "missing"}),
            "userAbstraction": lambda: self.mode,
            "userFees": lambda: {"userCrossRate": "0.00045", "userAddRate": "0.00015"},
            "meta": lambda: {"universe": UNIVERSE},
            "metaAndAssetCtxs": lambda: [{"universe": UNIVERSE}, self._contexts()],
            "spotMeta": lambda: {
                "tokens": [{"name": "USDC", "index": 0}, {"name": "HYPE", "index": 150}],
                "universe": [{"name": "@107", "tokens": [150, 0], "index": 107}],
            },
            "l2Book": lambda: self.book_of(asked["coin"]),
            "perpDexs": lambda: [None, *({"name": each} for each in self.elsewhere)],
            "clearinghouseState": lambda: self.state_of(asked.get("dex", "")),
            "spotClearinghouseState": lambda: {"balances": self.spot()},
            "openOrders": list,
            "userFillsByTime": lambda: self._page(self.fills, asked, 2000),
            "userFunding": lambda: self._page(self.funding, asked, 500),
            "userNonFundingLedgerUpdates": lambda: self._page(self.ledger, asked, 500),
            "orderStatus": lambda: self.status_of(asked["oid"]),
        }
        assert asked.get("user", OWNER) in {OWNER, AGENT} or asked["type"] == "userRole"
        return answers[asked["type"]]()

    def state_of(self, dex: str) -> Any:
        """Standing of the account on an exchange; the venue's own has no name."""
        if not dex:
            return self.state()
        held = [{"type": "oneWay", "position": {"coin": each}} for each in self.elsewhere[dex]]
        return {"assetPositions": held}

    def act(self, asked: dict[str, Any]) -> Any:
        """Answer to an action, whose signature must be the agent's, once for each nonce."""
        self.sent.append(asked)
        action, nonce, end = asked["action"], asked["nonce"], asked["expiresAfter"]
        signer = recover_agent_or_user_from_l1_action(
            action, asked["signature"], asked["vaultAddress"], nonce, end, is_mainnet=True
        ).lower()
        if signer not in {OWNER, AGENT}:
            return self._refused(f"User or API Wallet {signer} does not exist.")
        if nonce in self.nonces or not -2 * DAY < nonce - self.now < DAY:
            return self._refused("Invalid nonce")
        if end is not None and self.now > end:
            return self._refused("Action expired")
        self.nonces.add(nonce)
        assert action["type"] == "order"
        statuses = [self.order(each) for each in action["orders"]]
        return {"status": "ok", "response": {"type": "order", "data": {"statuses": statuses}}}

    def _refused(self, reason: str) -> Any:
        return {"status": "err", "response": reason}

    def _contexts(self) -> list[dict[str, str]]:
        return [
            {"markPx": str(price), "oraclePx": str(price), "funding": "0.0000125"}
            for price in (Decimal(95_000), self.price)
        ]

    def _page(self, rows: list[dict[str, Any]], asked: dict[str, Any], most: int) -> Any:
        return [each for each in rows if each["time"] >= asked["startTime"]][:most]
