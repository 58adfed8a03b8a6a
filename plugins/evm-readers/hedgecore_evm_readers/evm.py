"""A chain, open at one block: the venue that this plugin's readers read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hedgecore import AbstractSource, ReaderError, Secret
from hedgecore_evm_readers.abi import address
from hedgecore_evm_readers.clock import Clock
from hedgecore_evm_readers.deployments import UNKNOWN, Chain, chains, family_of, names

if TYPE_CHECKING:
    from web3 import Web3

    from hedgecore_evm_readers.block import Block
    from hedgecore_evm_readers.multicall import Asker
    from hedgecore_evm_readers.rpc import Rpc

MOST = 32 * 2**20
"""Bytes of one answer that are read; a longer one is refused."""


class Evm(AbstractSource):
    """An EVM chain at one block hash, asked in batches; the same question is asked once."""

    def __init__(self, rpc: Rpc, chain: int, block: Block, contracts: Mapping[str, str]) -> None:
        self._rpc = rpc
        self._contracts = MappingProxyType(dict(contracts))
        self._known: dict[Any, Any] = {}
        self.chain = chain
        self.block = block

    @classmethod
    def takes(cls, rpc: Secret) -> bool:
        """True if the secret is a URL, http or https."""
        return rpc.reveal().lower().startswith(("http://", "https://"))

    @classmethod
    def open(
        cls,
        rpc: Secret,
        *,
        block: int | str | None = None,
        chain: int | None = None,
        since: int | None = None,
        contracts: Mapping[str, str] | None = None,
        seconds: float = 60.0,
        max_age: float | None = None,
        most: int = MOST,
        clock: Clock = Clock(),  # noqa: B008 - it has no state
    ) -> Evm:
        """Chain at a block; see `AbstractSource.open`.

        Args:
            rpc: a URL, http or https.
            block: its number, or "latest", "safe", "finalized"; of several chains one each,
                ``1:24000000,8453:latest``.
            chain: the chain id that it must have.
            since: a block that the node must have reached.
            contracts: name → address, of those in `deployments.names`, or CHAIN:NAME for one
                chain alone; "none" for one that is not to be used.
            seconds: for everything, until it is closed.
            max_age: seconds that the latest block may be old; as the chain is known to be, if None.
            most: bytes of one answer.
            clock: what the seconds are counted by.

        Raises:
            ReaderError: as `AbstractSource.open` says.

        """
        from hedgecore_evm_readers.node import Terms, open_node  # noqa: PLC0415 - at use alone
        from hedgecore_evm_readers.rpc import Deadline  # noqa: PLC0415

        terms = Terms(block, chain, since, contracts or {}, max_age)
        return cls(*open_node(rpc, terms, Deadline(seconds, clock), most))

    @property
    def contracts(self) -> Mapping[str, str]:
        """Name → address of what is deployed here, without what is not."""
        return self._contracts

    @property
    def profile(self) -> Chain:
        """Facts about the chain that are known beforehand."""
        return chains().get(self.chain, UNKNOWN)

    @property
    def known(self) -> Collection[str]:
        """Addresses at which something stands here by the table of deployments."""
        return self.profile.contracts.values()

    def managers(self, family: str) -> list[str]:
        """Position managers of a family that are to be asked, each once."""
        mine = (its for name, its in self.contracts.items() if family_of(name) == family)
        return list(dict.fromkeys(mine))

    def deployed(self, name: str) -> tuple[str, list[str]]:
        """Name of a contract or a family, and where it stands: where the user says, if at all."""
        stated = [self.contracts[name]] if name in self.contracts else []
        return name, stated or self.managers(name)

    @property
    def stamp(self) -> Mapping[str, Any]:
        """The chain id, and the block's number and hash."""
        return {"chain": self.chain, "block": self.block.number, "hash": self.block.hash}

    @property
    def time(self) -> float:
        """The block's own time, seconds since 1970."""
        return float(self.block.time)

    def holds(self, stamp: Mapping[str, Any]) -> bool:
        """True if an earlier block still stands at its height."""
        from hedgecore_evm_readers.block import stands  # noqa: PLC0415

        return stands(self._rpc, int(stamp["block"]), str(stamp["hash"]))

    @cached_property
    def web3(self) -> Web3:
        """A `Web3` over the same connection, within the same limits, at this block by default."""
        from hedgecore_evm_readers.web3_provider import web3_at  # noqa: PLC0415 - web3 takes a second

        return web3_at(self._rpc, self.block)

    @cached_property
    def _asker(self) -> Asker:
        from hedgecore_evm_readers.multicall import Asker  # noqa: PLC0415 - at use alone

        return Asker(self._rpc, self.block, self.contracts.get("multicall3"))

    def canonical(self, its: str) -> str:
        """Address with its checksum."""
        return address(its)

    def ask(self, questions: Sequence[Any]) -> list[Any]:
        """Answer to each question; see `AbstractSource.ask`."""
        new = list(dict.fromkeys(each for each in questions if each not in self._known))
        try:
            answers = self._asker.answers(new)
        except ReaderError as error:
            more = f" and {len(new) - 1} more" if len(new) > 1 else ""
            raise ReaderError(f"{new[0]}{more}, at {self.block}: {error}") from None
        self._known |= zip(new, answers, strict=True)
        return [self._known[each] for each in questions]

    def confirm(self) -> None:
        """Raise a ReaderError if the block is no longer in the chain."""
        from hedgecore_evm_readers.block import confirm  # noqa: PLC0415

        confirm(self._rpc, self.block)

    def close(self) -> None:
        """Close the connection."""
        self._rpc.close()

    def contract(self, name: str) -> str:
        """Address of what is deployed under a name.

        Raises:
            ReaderError: it is not known here.

        """
        if name not in self.contracts:
            raise ReaderError(
                f"where {names().get(name, name)} stands on chain {self.chain} is not known: give"
                f" --contract {name}=0x…"
            )
        return self.contracts[name]
