"""Signer: a private key that is shown nowhere, and the transactions that it signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hedgecore import ReaderError, Secret, VenueError


class Signed(NamedTuple):
    """A transaction as it is sent, and its hash."""

    raw: str
    hash: str


class Signer:
    """A private key."""

    def __init__(self, key: Secret) -> None:
        self._key = key
        self.address = str(_account(key).address)

    @classmethod
    def from_environment(cls, variable: str) -> Signer:
        """Signer with the key in an environment variable.

        Raises:
            VenueError: the variable is not set, or holds no key.

        """
        try:
            return cls(Secret.from_environment(variable, what="private key"))
        except ReaderError as error:
            raise VenueError(str(error)) from None

    def sign(self, transaction: Mapping[str, Any]) -> Signed:
        """Transaction, signed."""
        signed = _account(self._key).sign_transaction(dict(transaction))
        return Signed("0x" + signed.raw_transaction.hex(), "0x" + signed.hash.hex())

    def __repr__(self) -> str:
        return f"Signer({self.address})"


def _account(key: Secret) -> Any:
    from eth_account import Account  # noqa: PLC0415 - half a second, and only where it signs

    try:
        return Account.from_key(key.reveal())
    except (ValueError, TypeError):
        fault = "the private key must be 32 bytes, as 64 hexadecimal digits"
    raise VenueError(fault)  # from here: what eth-account says has the key in it
