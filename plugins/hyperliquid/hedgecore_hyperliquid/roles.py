"""Roles of addresses: that the account is one, and what the key may do for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hedgecore import VenueError
from hedgecore_hyperliquid.answers import rows, text

OWN, AGENT = "user", "agent"
SEPARATE = "default", "disabled", "dexAbstraction"
"""Modes in which the balances of perpetuals are their own."""


def check_role(account: str) -> Callable[[Any], None]:
    """Reader of a `userRole` that refuses what has no positions of its own.

    An agent's address is an empty account: it would read as flat.
    """

    def read(said: Any) -> None:
        role = said["role"]
        if role == AGENT:
            user = said["data"]["user"]
            raise VenueError(f"hyperliquid: {account} is an agent's: the account is {user}")
        if role != OWN:
            raise VenueError(f"hyperliquid: {account} is {role!r:.40} there, which is not read")

    return read


def check_mode(said: Any) -> None:
    """Refuse an account whose balances are kept elsewhere.

    Raises:
        VenueError: its margin is unified with its spot balances.

    """
    if said not in SEPARATE:
        raise VenueError(
            f"hyperliquid: the account is in the mode {said!r:.40}, not read here: choose separate"
            " balances of spot and perpetuals"
        )


def dexes(said: Any) -> list[str]:
    """Names of builders' exchanges, of a `perpDexs`; the venue's own has none."""
    return [text(each["name"]) for each in rows(said) if each is not None]


def check_flat(dex: str) -> Callable[[Any], None]:
    """Reader of a `clearinghouseState` of a builder's exchange, where nothing may be held."""

    def read(said: Any) -> None:
        held = [text(each["position"]["coin"]) for each in rows(said["assetPositions"])]
        if held:
            raise VenueError(
                f"hyperliquid: the account holds {', '.join(held)} on the exchange of a builder,"
                f" {dex}, which has no table: close it, or hold it in an account of its own"
            )

    return read


def permissions(signer: str, account: str) -> Callable[[Any], tuple[str, ...]]:
    """Reader of a key's `userRole`: what it may do."""

    def read(said: Any) -> tuple[str, ...]:
        if signer == account and said["role"] == OWN:
            return ("trade", "withdraw")
        if said["role"] == AGENT and said["data"]["user"].lower() == account:
            return ("trade",)
        raise VenueError(f"hyperliquid: {signer} is no agent of {account}: approve it there")

    return read
