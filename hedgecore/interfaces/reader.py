"""Readers: the state of a chain or an exchange, as tables of a book.

A *source* is open at one moment, one block say. A *reader* is one thing to read there, a position
by its id: a frozen attrs class whose fields are its table under ``[source]``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from attrs import frozen

from hedgecore.interfaces.reading import Reading
from hedgecore.interfaces.source import AbstractSource, Conversation


@frozen(kw_only=True)
class SearchRequest:
    """Search that a reader's kind is asked to make.

    Attributes:
        owner: whose positions; None where only what is named is read.
        pools: addresses that this kind has recognised, or was told to be its own.
        tokens: ids of tokens of which a wallet's balance is wanted.

    """

    owner: str | None = None
    pools: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


class AbstractReader(ABC):
    """One thing to read at a source; a frozen attrs class, whose fields say which one.

    Each method is given an open source of the class that `source` names.

    Attributes:
        kind: its name in ``[source]`` and for ``--pool`` and ``--position``.
        source: the class of source that it reads.
        example: fields that build one, for the reference.
        calls: what is asked of the source → what for, for the reference.
        needs: names of contracts through which `find` looks for what an owner has.
        last: whether `find` wants the tokens that all others have met: a wallet does.
        parts: fields that list parts of one thing, gauges or bins: readers of an owner's that name
            other parts of it are joined, so that nothing is counted twice.

    """

    kind: ClassVar[str]
    source: ClassVar[type[AbstractSource]]
    example: ClassVar[Mapping[str, Any]] = {}
    calls: ClassVar[Mapping[str, str]] = {}
    needs: ClassVar[tuple[str, ...]] = ()
    last: ClassVar[bool] = False
    parts: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def deployments(cls, source: Any) -> tuple[str, Sequence[str]]:
        """Name of the contract that one of this kind is in, and where it is known to stand.

        The name is that of ``--contract``, empty where there is none. It is asked where a position
        is named by its number alone and the reader has a field ``contract``.
        """
        name = cls.needs[0] if cls.needs else ""
        return name, [source.contracts[name]] if name in source.contracts else []

    @classmethod
    def recognise(cls, source: Any, address: str) -> Conversation[bool]:  # noqa: ARG003
        """True if a pool that this kind reads stands at an address."""
        yield []
        return False

    @classmethod
    def find(cls, source: Any, wanted: SearchRequest) -> Conversation[list[Self]]:  # noqa: ARG003
        """Readers of what the owner has, and of the pools that are named.

        Raises:
            ReaderError: what is there cannot be listed; a `SearchError` where that may be nothing.
                Readers of the rest, which was, are its `found`.

        """
        yield []
        return []

    @abstractmethod
    def read(self, source: Any) -> Conversation[Reading]:
        """Reading; a ReaderError, never a zero, where an answer is missing."""

    def __str__(self) -> str:
        """Name for messages: the kind, and the first of the fields."""
        first = next(iter(getattr(type(self), "__attrs_attrs__", ())), None)
        return self.kind if first is None else f"{self.kind} {getattr(self, first.name)}"
