"""Events of contracts, as questions to a node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from hedgecore import ReaderError
from hedgecore_evm_readers.abi import decoded
from hedgecore_evm_readers.hexadecimal import bytes_of, description


@frozen
class Logs:
    """The events of a contract up to the venue's block, by their topics; None is any.

    An event is read as its topics, or as its data, where the types of those are given.
    """

    of: str
    topics: tuple[str | None, ...]
    until: int
    data: tuple[str, ...] = ()
    optional: bool = False

    def request(self, block: Mapping[str, Any] | str) -> tuple[str, list[Any]]:  # noqa: ARG002
        """JSON-RPC request; a range of blocks has no hash, so it ends at `until`."""
        span = {"fromBlock": "0x0", "toBlock": hex(self.until)}
        return "eth_getLogs", [{"address": self.of, "topics": list(self.topics), **span}]

    def parse(self, given: Any) -> list[tuple[Any, ...]]:
        """Topics of each event, as numbers; or the values of its data."""
        if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
            raise self._no_events(given)
        if self.data:
            return [self._values(each.get("data")) for each in given]
        return [self._topics(each.get("topics")) for each in given]

    def _values(self, given: Any) -> tuple[Any, ...]:
        found = decoded(self.data, bytes_of(given, str(self)))
        if found is None:
            raise self._no_events(given)
        return tuple(found)

    def _topics(self, given: Any) -> tuple[int, ...]:
        if not isinstance(given, list):
            raise self._no_events(given)
        return tuple(int.from_bytes(bytes_of(each, str(self)), "big") for each in given)

    def _no_events(self, given: Any) -> ReaderError:
        return ReaderError(f"{self}: the node answers {description(given)}, which are no events")

    def __str__(self) -> str:
        return f"the events of {self.of}"
