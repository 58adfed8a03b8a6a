"""Client: ccxt's own, which signs and sends; what it sends is compared with what was meant."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from time import time_ns
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl, urlsplit

from attrs import field, frozen

from hedgecore import RejectedError, VenueError
from hedgecore.tables.bounded_http import bound_session
from hedgecore.tables.json_text import parse_json
from hedgecore_ccxt_venues.answers import AnswerError
from hedgecore_ccxt_venues.keys import Keys

Read = TypeVar("Read")
LANGUAGE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
"""Errors of ccxt, or of a reader, where an answer is not of its form."""
FAILED, REFUSED = 500, 400
SIGNS = frozenset({"timestamp", "recvWindow", "signature"})
"""Parameters that a signer adds."""
MILLION = 1_000_000
WORDS = re.compile("[^a-z0-9]+")
NETWORKS: Mapping[str, Callable[[Any], Any]] = {
    "mainnet": lambda exchange: None,  # noqa: ARG005 - as ccxt makes it
    "testnet": lambda exchange: exchange.set_sandbox_mode(True),
    "demo": lambda exchange: exchange.enable_demo_trading(True),  # noqa: FBT003
}
"""Network → what makes an exchange of ccxt's one on it."""


@frozen
class Call:
    """One request of an exchange's interface.

    Attributes:
        path: as ccxt names it.
        api: section of it, as ccxt names it.
        params: all that is sent, and nothing besides.
        method: of HTTP.
        headers: beside those of the signature.

    """

    path: str
    api: str
    params: Mapping[str, str | bool] = field(factory=dict, repr=False)
    method: str = "GET"
    headers: Mapping[str, str] = field(factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Name of the method of ccxt that makes it."""
        return WORDS.sub("_", f"{self.api} {self.method} {self.path}".lower())


@frozen
class _Fault:
    """Fault of an answer, whose words may have a key in them: no repr shows them.

    Attributes:
        reason: in words.
        sent: whether the request was.
        is_own: whether the words are a reader's own, which name the exchange.

    """

    reason: str = field(repr=False)
    sent: bool = True
    is_own: bool = False


class _AnsweredError(Exception):
    """Status that is no success, and what was said with it."""

    def __init__(self, status: int, said: Any) -> None:
        super().__init__(status)
        self.status, self.said = status, said


class _UnmeantError(Exception):
    """Something else would be sent than was meant."""


class Client:
    """An exchange of ccxt at one address: each answer is read in full, or a VenueError.

    No request is tried again, waits for its turn, or asks for markets first; numbers stay decimals.

    Args:
        name: of the exchange, as ccxt has it.
        network: mainnet, testnet, or demo.
        url: instead of the network's addresses, their paths kept.
        keys: of the account.
        seconds: within which a request ends.

    """

    def __init__(
        self, name: str, keys: Keys, *, network: str, url: str | None, seconds: float
    ) -> None:
        self.name, self._keys = name, keys
        self._call = Call("", "public")
        self._skew = 0
        self._exchange = self._made(name, seconds)
        NETWORKS[network](self._exchange)
        if url is not None:
            api = self._exchange.urls["api"]
            self._exchange.urls["api"] = {n: url + urlsplit(each).path for n, each in api.items()}

    def ask(self, what: str, call: Call, read: Callable[[Any], Read]) -> Read:
        """Result of reading an answer.

        Args:
            what: is asked, for the error.
            call: to make.
            read: makes of the answer what is looked for, or raises.

        Raises:
            RejectedError: nothing was sent, since it would not have been what was meant.
            VenueError: there is no answer, or a part of it is missing or wrong.

        """
        found = self._read(call, read)
        if not isinstance(found, _Fault):
            return found
        words = self.hide(found.reason if found.is_own else f"{self.name}: {what}: {found.reason}")
        raise (
            VenueError(words) if found.sent else RejectedError(words)
        )  # here: below, it is a local

    def refusal(self, call: Call, read: Callable[[Any], str | None]) -> str | None:
        """Reason why an order is refused, keys hidden; None where it was taken; errors as `ask`."""
        reason = self.ask("order", call, read)
        return None if reason is None else self.hide(reason)

    def hide(self, words: str) -> str:
        """Words that an exchange may have said a part of, without keys."""
        return self._keys.hide(words)

    def set_time(self, milliseconds: int) -> None:
        """Sign from now on by the exchange's time."""
        self._skew = milliseconds - time_ns() // MILLION

    def is_key(self, name: Any) -> bool:
        """True of the name of the key in use."""
        return bool(name == self._keys.apiKey.reveal())

    def close(self) -> None:
        """Close the connections."""
        self._exchange.session.close()

    def _read(self, call: Call, read: Callable[[Any], Read]) -> Read | _Fault:
        from ccxt.base.errors import BaseError  # noqa: PLC0415
        from requests import RequestException  # noqa: PLC0415

        self._call = call
        try:
            return _result(read, getattr(self._exchange, call.name)(dict(call.params)))
        except _AnsweredError as answer:
            return self._refused(answer, read)
        except _UnmeantError as error:
            return _Fault(str(error), sent=False)
        except (BaseError, RequestException, TimeoutError) as error:
            return _Fault(f"no answer: {type(error).__name__}")
        except AnswerError as error:
            return _Fault(f"the venue answers {error}")
        except LANGUAGE as error:
            return _Fault(f"the answer is incomplete: {type(error).__name__}")

    def _refused(self, answer: _AnsweredError, read: Callable[[Any], Read]) -> Read | _Fault:
        """Result of reading an answer that is no success, where a reader knows what it means."""
        if answer.status >= FAILED or not isinstance(answer.said, dict):
            return _Fault(f"the venue answers with status {answer.status}")
        try:
            return _result(read, answer.said)
        except LANGUAGE:
            return _Fault(f"the venue answers with status {answer.status}{_words(answer.said)}")

    def _made(self, name: str, seconds: float) -> Any:
        import ccxt  # noqa: PLC0415 - of a hundred exchanges, three seconds

        made = getattr(ccxt, name)({**self._keys.reveal(), "enableRateLimit": False})
        made.timeout = seconds * 1000
        made.nonce = made.milliseconds = self._milliseconds
        made.on_json_response = _decimals
        made.handle_errors = _answered
        made.logger = _silent()  # ccxt's writes the headers of each request, keys among them
        made.sign, made.fetch = self._signed(made.sign), self._guarded(made.fetch)
        bound_session(made.session, seconds)
        return made

    def _milliseconds(self) -> int:
        return time_ns() // MILLION + self._skew

    def _signed(self, sign: Callable[..., Any]) -> Callable[..., Any]:
        """Signer of ccxt's, with the headers of the call."""

        def signed(*args: Any, **named: Any) -> Any:
            made = sign(*args, **named)
            return {**made, "headers": {**(made["headers"] or {}), **self._call.headers}}

        return signed

    def _guarded(self, fetch: Callable[..., Any]) -> Callable[..., Any]:
        """Transport of ccxt's, that sends what was meant, to the letter, or nothing."""

        def guarded(url: str, method: str, headers: Any, body: str | None) -> Any:
            apart = _difference(_sent(url, body), self._call.params)
            apart += [n for n, each in self._call.headers.items() if headers.get(n) != each]
            if method != self._call.method or apart:
                raise _UnmeantError(f"the client would send {', '.join(apart) or method} otherwise")
            return fetch(url, method, headers, body)

        return guarded


def _result(read: Callable[[Any], Read], said: Any) -> Read | _Fault:
    """Result of reading what was said, or what the reader refuses of that."""
    try:
        return read(said)
    except VenueError as error:
        return _Fault(str(error), is_own=True)


def _sent(url: str, body: str | None) -> dict[str, str]:
    """Parameters of a request, in its query and its body."""
    query, rest = urlsplit(url).query, body or ""
    if rest.startswith("{"):
        found = {name: _word(each) for name, each in json.loads(rest).items()}
    else:
        found = dict(parse_qsl(rest, keep_blank_values=True, strict_parsing=bool(rest)))
    return found | dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))


def _word(given: Any) -> str:
    return given if isinstance(given, str) else json.dumps(given)


def _difference(sent: Mapping[str, str], meant: Mapping[str, str | bool]) -> list[str]:
    """Names of parameters that are sent otherwise than they were meant; a signer's own are not."""
    words = {name: _word(each) for name, each in meant.items()}
    named = {*sent, *words} - (SIGNS - words.keys())
    return sorted(name for name in named if sent.get(name) != words.get(name))


def _decimals(body: str) -> Any:
    """Answer whose numbers are decimals; NaN is no number."""
    return parse_json(body, parse_float=Decimal, parse_constant=_no_number)


def _no_number(given: str) -> NoReturn:
    raise ValueError(given)


def _answered(status: int, *args: Any) -> None:
    """Raise what was said with a status that is no success; ccxt's own classes lose that."""
    if status >= REFUSED:
        raise _AnsweredError(status, args[5])


def _words(said: Mapping[str, Any]) -> str:
    """Code and message of a refusal, of whichever form."""
    its = said.get("error")
    its = its if isinstance(its, dict) else said
    found = [str(its[each]) for each in ("code", "message", "msg") if each in its]
    return f": {', '.join(found)}" if found else ""


def _silent() -> logging.Logger:
    made = logging.getLogger("hedgecore_ccxt_venues")
    made.disabled = True
    return made
