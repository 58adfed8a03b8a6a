"""JSON-RPC over HTTP: within one deadline, strict, retried by nobody but us.

What a node may say is a result or an error, under the id that was asked. Everything else, HTML with
status 200, half an answer, NaN, is a ReaderError that says so. HTTP 429 and 5xx are asked again,
after the time that the node names, for as long as the deadline allows.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NoReturn

from attrs import frozen

from hedgecore import ReaderError
from hedgecore.tables.json_text import parse_json
from hedgecore_evm_readers.clock import Clock
from hedgecore_evm_readers.http import HttpClient, Reply
from hedgecore_evm_readers.rpc_url import START

OK, BAD_REQUEST, SERVER = 200, 400, 500
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
BUSY_CODES = frozenset({429, -32005, -32007, -32029, -32097})
"""JSON-RPC errors by which nodes limit rates."""
TOO_MUCH = re.compile(
    r"more than [\d,]+ (results|logs)|block range|(too many|maximum) (results|logs|blocks)"
    r"|response size|exceeds? .*(range|results|size)",
    re.IGNORECASE,
)
"""Some limit under the same code what may be asked for at once, and will say so again."""
FORBIDDEN = frozenset({401, 402, 403})
MOVED = range(300, 400)
LARGE, SMALL = 1000, 50
"""Requests in one batch: as many as geth takes, and as few as any node that takes batches."""
FIRST_PAUSE, DOUBLINGS = 0.25, 5
MOST_VALUES = 2**20
"""In one answer; each takes many times the memory of its bytes."""
SHOWN = 160
AGAIN = "try again, or with another node"

Request = tuple[str, Sequence[Any]]


@frozen
class Refusal:
    """An error that the node itself answers; `data` is what a contract reverted with."""

    code: int
    message: str
    data: str = ""


class Deadline:
    """A time that all exchanges share."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        if not 0 < seconds < math.inf:
            raise ReaderError(f"the time limit must be positive and finite, not {seconds} s")
        self.seconds = seconds
        self.clock = clock
        self._until = clock.now() + seconds

    def seconds_left(self) -> float:
        """Seconds that are left.

        Raises:
            ReaderError: none is.

        """
        left = self._until - self.clock.now()
        if left <= 0:
            raise ReaderError(
                f"the time limit of {self.seconds:g} s is over: allow more, or read less at once"
            )
        return left


class Rpc:
    """A node: requests in, results or refusals out."""

    def __init__(self, http: HttpClient, deadline: Deadline) -> None:
        self._http = http
        self._deadline = deadline
        self._ids = count(1)
        self._most = LARGE

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def result(self, method: str, *params: Any) -> Any:
        """Result of one request.

        Raises:
            ReaderError: the node refuses it, or fails.

        """
        [answer] = self.answers([(method, params)])
        if isinstance(answer, Refusal):
            raise ReaderError(f"{method}: the node answers {answer.message!r}: {AGAIN}")
        return answer

    def answers(self, requests: Sequence[Request]) -> list[Any]:
        """Result of each request, or a Refusal; in one exchange where the node can.

        Raises:
            ReaderError: the node fails.

        """
        try:
            return self._answers(requests)
        except ReaderError as error:
            failed = str(error)
        raise ReaderError(failed)  # from here, since the frames below hold what the node said

    def _answers(self, requests: Sequence[Request]) -> list[Any]:
        if len(requests) > self._most > 1:
            parts = (requests[i : i + self._most] for i in range(0, len(requests), self._most))
            return [one for part in parts for one in self._answers(part)]
        if len(requests) > 1 and self._most > 1:
            answered = self._answer_batch(requests)
            if answered is not None:
                return answered
            self._most = SMALL if len(requests) > SMALL else 1
            return self._answers(requests)
        return [self._answer_one(request) for request in requests]

    def _answer_one(self, request: Request) -> Any:
        document = self._document(next(self._ids), request)
        return self._exchange(document, lambda said: self._answer(said, document["id"]))

    def _answer_batch(self, requests: Sequence[Request]) -> list[Any] | None:
        """Answers to a batch; None where the node takes none."""
        documents = [self._document(next(self._ids), each) for each in requests]

        def read(said: Any) -> list[Any] | None:
            if isinstance(said, Mapping):  # an error instead of a list: it takes no batches
                error = said.get("error")
                refusal = self._refusal(error) if isinstance(error, Mapping) else None
                return [refusal] if _is_rate_limit(refusal) else None
            if not isinstance(said, list) or len(said) != len(documents):
                self._raise_wrong("does not answer each request of a batch once", said)
            by_id = {str(each.get("id")): each for each in said if isinstance(each, Mapping)}
            return [self._answer(by_id.get(str(each["id"])), each["id"]) for each in documents]

        answered: list[Any] | None = self._exchange(documents, read)
        return answered

    @staticmethod
    def _document(its: int, request: Request) -> dict[str, Any]:
        method, params = request
        return {"jsonrpc": "2.0", "id": its, "method": method, "params": list(params)}

    def _exchange(self, document: Any, read: Any) -> Any:
        """Send a document until the node is not busy; return what `read` makes of the answer."""
        body = json.dumps(document).encode()
        for attempt in count():
            reply = self._http.post(body, self._deadline.seconds_left())
            if reply.status not in BUSY:
                answer = read(self._parse(reply))
                busy = [each for each in _as_list(answer) if _is_rate_limit(each)]
                if not busy:
                    return answer
                why = busy[0].message
            else:
                why = f"HTTP {reply.status}"
            self._pause(reply, attempt, why)
        raise AssertionError  # count() does not end

    def _pause(self, reply: Reply, attempt: int, why: str) -> None:
        pause = max(FIRST_PAUSE * 2 ** min(attempt, DOUBLINGS), reply.wait or 0.0)
        left = self._deadline.seconds_left()
        if pause >= left:
            raise ReaderError(
                f"the node is busy ({why}); the next try would be in {pause:.3g} s, and {left:.2g}"
                " s of the time limit are left: allow more time, or use another node"
            )
        self._deadline.clock.sleep(pause)

    def _parse(self, reply: Reply) -> Any:
        if reply.status in FORBIDDEN:
            raise ReaderError(
                f"the node refuses us (HTTP {reply.status}): check the key in the RPC's URL"
            )
        if reply.status in MOVED:
            raise ReaderError(
                f"the RPC's URL leads elsewhere (HTTP {reply.status}), where no key is sent: "
                "name the address that it leads to"
            )
        if sum(map(reply.body.count, (b",", b"[", b"{"))) > MOST_VALUES:
            self._raise_wrong(f"answers more than {MOST_VALUES} values", None)
        try:
            said = parse_json(reply.body, parse_constant=_no_number, parse_float=_finite)
        except ValueError:
            said = None
        if said is None or (reply.status != OK and not isinstance(said, Mapping | list)):
            start = self._printable(reply.body[: 2 * START].decode("utf-8", "replace"))
            what = f"HTTP {reply.status}, " if reply.status != OK else ""
            self._raise_wrong(f"answers what is no JSON ({what}it begins with {start!r:.60})", None)
        return said

    def _answer(self, said: Any, its: int) -> Any:
        """Result in one answer, or its Refusal."""
        if not isinstance(said, Mapping):
            self._raise_wrong("answers what is no JSON-RPC", said)
        error = said.get("error")
        if isinstance(error, Mapping):
            return self._refusal(error)
        if error is not None or "result" not in said:
            self._raise_wrong("answers neither a result nor an error", said)
        if said.get("id") != its:
            self._raise_wrong(f"answers another request than the one that was sent, {its}", said)
        return said["result"]

    def _refusal(self, error: Mapping[str, Any]) -> Refusal:
        code, message, data = (error.get(name) for name in ("code", "message", "data"))
        if isinstance(data, Mapping):  # some nest what a contract said
            data = data.get("data")
        return Refusal(
            code if isinstance(code, int) else 0,
            self._printable(str(message)),
            data if isinstance(data, str) else "",
        )

    def _printable(self, text: str) -> str:
        """Text of the node's in one printable line without its address, and not long."""
        line = " ".join(self._http.redact(text).split())
        return "".join(each for each in line if each.isprintable())[:SHOWN]

    def _raise_wrong(self, how: str, said: Any) -> NoReturn:
        shown = "" if said is None else f": {self._printable(repr(said))!r:.80}"
        raise ReaderError(f"the node {how}{shown}; is the RPC's URL that of an Ethereum node?")


def _as_list(answer: Any) -> Sequence[Any]:
    return answer if isinstance(answer, list) else [answer]


def _is_rate_limit(answer: Any) -> bool:
    is_limit = isinstance(answer, Refusal) and answer.code in BUSY_CODES
    return is_limit and not TOO_MUCH.search(answer.message)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)
