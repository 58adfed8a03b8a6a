"""Client: the SDK's own, every answer read in full or a VenueError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from attrs import frozen

from hedgecore import VenueError
from hedgecore.tables.bounded_http import bound_session

Read = TypeVar("Read")
NETWORKS = {
    "mainnet": "https://api.hyperliquid.xyz",
    "testnet": "https://api.hyperliquid-testnet.xyz",
}
LANGUAGE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
"""Errors of the SDK, or of a reader, where an answer is not of its form."""


@frozen
class _Fault:
    """Fault of an answer."""

    reason: str


class Client:
    """The SDK's `Info` at one address; orders are posted by it too."""

    def __init__(self, url: str, seconds: float) -> None:
        self._info = _info(url, seconds)

    def ask(self, what: str, call: Callable[[Any], Any], read: Callable[[Any], Read]) -> Read:
        """Result of reading an answer.

        Args:
            what: is asked, for the error.
            call: of the SDK's client.
            read: makes of the answer what is looked for, or raises.

        Raises:
            VenueError: there is no answer, or a part of it is missing or wrong.

        """
        found = self._read(call, read)
        if isinstance(found, _Fault):  # raised here: below, what the venue said is a local
            raise VenueError(f"hyperliquid: {what}: {found.reason}")
        return found

    def close(self) -> None:
        """Close the connections."""
        self._info.session.close()

    def _read(self, call: Callable[[Any], Any], read: Callable[[Any], Read]) -> Read | _Fault:
        from hyperliquid.utils.error import ClientError, ServerError  # noqa: PLC0415
        from requests import RequestException  # noqa: PLC0415

        try:
            return read(call(self._info))
        except (ClientError, ServerError) as error:
            return _Fault(f"the venue answers with status {int(error.status_code)}")
        except (RequestException, TimeoutError) as error:
            return _Fault(f"no answer: {type(error).__name__}")
        except LANGUAGE as error:
            return _Fault(f"the answer is incomplete: {type(error).__name__}")


def _info(url: str, seconds: float) -> Any:
    from hyperliquid.info import Info  # noqa: PLC0415 - with a signer in it, half a second

    nothing: Any = {"universe": [], "tokens": []}  # else the constructor asks, unbounded
    info = Info(url, skip_ws=True, meta=nothing, spot_meta=nothing, timeout=seconds)
    bound_session(info.session, seconds)
    return info
