"""Binance's modes of an account, and what it may hold that no table reads: each refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from hedgecore import VenueError
from hedgecore_ccxt_venues.answers import amount, flag, rows, text
from hedgecore_ccxt_venues.client import Call, Client

MODES = {
    "positionSide/dual": ("dualSidePosition", "hedge mode (dual-side)", "one-way mode"),
    "multiAssetsMargin": ("multiAssetsMargin", "multi-assets mode", "single-asset mode"),
}
"""Path → name in the answer, the mode that it is, and the one to choose instead."""
WORDS = {"trade": "enableFutures", "withdraw": "enableWithdrawals"}
OPTIONS, PORTFOLIO = "enableVanillaOptions", "enablePortfolioMarginTrading"


@frozen
class ModeReader:
    """Reads the modes of an account."""

    client: Client

    def check(self) -> None:
        """Refuse an account whose positions are not nets, on the margin of one asset.

        Raises:
            VenueError: it is in such a mode, or holds contracts that are margined in coins.

        """
        for path, (name, mode, instead) in MODES.items():
            if self.client.ask("mode", Call(path, "fapiPrivate"), _flag(name)):
                raise _refusal(f"the account is in {mode}", f"choose {instead}")
        self._check_flat("COIN-M", Call("positionRisk", "dapiPrivate"), "positionAmt")

    def permissions(self) -> tuple[str, ...]:
        """Permissions of the key.

        Raises:
            VenueError: its account is in portfolio margin, or holds options.

        """
        rights = self.client.ask("keys", Call("account/apiRestrictions", "sapi"), _rights)
        if PORTFOLIO in rights:
            raise _refusal("the account is in portfolio margin", "take one without")
        if OPTIONS in rights:
            self._check_flat("options", Call("position", "eapiPrivate"), "quantity")
        return tuple(word for word, name in WORDS.items() if name in rights)

    def _check_flat(self, kind: str, call: Call, size: str) -> None:
        """Refuse positions of a kind that has no table: a book would lack them."""
        held = self.client.ask(kind, call, lambda said: _held(said, size))
        if held:
            what = f"the account holds {', '.join(held)}, and {kind} have no table"
            raise _refusal(what, "close them, or hold them in an account of their own")


def _refusal(what: str, instead: str) -> VenueError:
    return VenueError(f"binance: {what}, not read here: {instead}")


def _flag(name: str) -> Callable[[Any], bool]:
    return lambda said: flag(said[name])


def _rights(said: Any) -> frozenset[str]:
    """Names of what a key may do; those of options and portfolio margin may be left out."""
    named = {*WORDS.values(), *({OPTIONS, PORTFOLIO} & said.keys())}
    return frozenset(name for name in named if flag(said[name]))


def _held(said: Any, size: str) -> list[str]:
    return [text(each["symbol"]) for each in rows(said) if amount(each[size])]
