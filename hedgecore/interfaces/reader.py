"""Readers: the state of a chain or a venue, as tables of a book.

A *venue* is opened at one moment, one block say, and is asked questions in batches. A *reader* is
one thing to read there, a position by its id: a frozen attrs class whose fields are its table
under ``[source]``. What it does is a conversation: a generator that yields a list of questions,
is sent the list of their answers, and returns what it has read. So the venue can ask the questions
of all readers together, and a reader knows no batches.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar, final

from attrs import field, frozen

from hedgecore.errors import ReaderError, placed
from hedgecore.tables.secret import Secret

Result = TypeVar("Result")
Conversation = Generator[Sequence[Any], Sequence[Any], Result]
Progress = Callable[[int, int], None]
"""Told how many of how many readers are done."""
TOGETHER = 50
"""So many readers are led side by side: enough for full batches, and few enough to tell of."""


@frozen
class Token:
    """An asset as the venue knows it.

    Attributes:
        id: unique at the venue, an address say; tables that are read name assets so.
        symbol: what people call it; two may share one.
        decimals: digits after the point of a raw amount.
        claim: another token that it is exchanged for, 1 for 1, by contract: the wrapped one of a
            chain's own currency. A book counts the two as one asset.

    """

    id: str
    symbol: str
    decimals: int = 0
    claim: Token | None = None


@frozen
class PriceQuote:
    """A price that somebody states: so many `unit` for one `asset`, both as the book names them."""

    asset: str
    price: float
    unit: str


@frozen(kw_only=True)
class Reading:
    """What one reader has read; assets are named by the ids of their tokens.

    Attributes:
        name: what a person would call it.
        position: kind and fields of a position, at its state; None where there is none.
        held: whether the position is in the book; where not, only its prices are used.
        holdings: token id → amount in whole units: uncollected fees, a wallet's balances.
        tokens: id → Token, of all that is named.
        depth: token id → how much of it the whole pool trades near its price, for each asset of the
            position; which of two pools a price is taken from depends on it.
        receipts: ids of tokens whose balance is this position, which a wallet leaves out.
        quotations: prices that are stated, by an oracle say.
        notes: sentences that a person should read.

    """

    name: str
    position: Mapping[str, Any] | None = None
    held: bool = True
    holdings: Mapping[str, float] = field(factory=dict)
    tokens: Mapping[str, Token] = field(factory=dict)
    depth: Mapping[str, float] = field(factory=dict)
    receipts: tuple[str, ...] = ()
    quotations: tuple[PriceQuote, ...] = ()
    notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class SearchRequest:
    """What a reader's kind is asked to find.

    Attributes:
        owner: whose positions; None where only what is named is read.
        pools: addresses that this kind has recognised, or was told to be its own.
        tokens: ids of tokens of which a wallet's balance is wanted.

    """

    owner: str | None = None
    pools: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


class AbstractSource(ABC):
    """A chain or an exchange, open at one moment; a context manager that closes it."""

    @classmethod
    def takes(cls, rpc: Secret) -> bool:  # noqa: ARG003
        """Return whether what names the RPC is of this kind of venue, by its form alone."""
        return True

    @classmethod
    @abstractmethod
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
    ) -> Self:
        """Return the venue at one moment, which no later answer leaves.

        Args:
            rpc: where it is reached; shown nowhere.
            block: its number, or "latest", "safe", "finalized"; the latest unless given.
            chain: the id that it must have; any unless given.
            since: a block that it must have reached.
            contracts: name → address, of what is deployed there, beside what is known.
            seconds: for everything until it is closed.
            max_age: seconds that the moment may lie in the past, where no block is named.

        Raises:
            ReaderError: it cannot be reached, is another, or is behind.

        """

    @property
    @abstractmethod
    def contracts(self) -> Mapping[str, str]:
        """Name → address of what is deployed there."""

    @property
    @abstractmethod
    def stamp(self) -> Mapping[str, Any]:
        """The moment, as fields of a source: chain, block, hash."""

    def canonical(self, its: str) -> str:
        """Return the one way in which an address is written here.

        Raises:
            ReaderError: it is none.

        """
        return its

    @abstractmethod
    def ask(self, questions: Sequence[Any]) -> Sequence[Any]:
        """Return an answer to each question; a ReaderError stands for one that has none.

        Raises:
            ReaderError: the venue itself fails.

        """

    @abstractmethod
    def confirm(self) -> None:
        """Raise a ReaderError unless all that was answered is still one state of the venue."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    @final
    def read(
        self, readers: Sequence[AbstractReader], progress: Progress | None = None
    ) -> list[Reading]:
        """Return what each reader reads, all of it at the venue's one moment, in order.

        Raises:
            ReaderError: one thing could not be read, so nothing is returned.

        """
        talks = [(str(each), each.read(self)) for each in readers]
        read = self.converse(talks, progress)
        self.confirm()
        return read

    @final
    def converse(
        self,
        talks: Sequence[tuple[str, Conversation[Result]]],
        progress: Progress | None = None,
    ) -> list[Result]:
        """Lead named conversations side by side, and return what they return, in order."""
        ended, total = list[Result](), len(talks)
        for start in range(0, max(total, 1), TOGETHER):

            def told(done: int, start: int = start) -> None:
                if progress:
                    progress(start + done, total)

            ended += self._together(talks[start : start + TOGETHER], told)
        return ended

    def _together(
        self, talks: Sequence[tuple[str, Conversation[Result]]], told: Callable[[int], None]
    ) -> list[Result]:
        ended: dict[int, Result] = {}
        asking: dict[int, Sequence[Any]] = {}

        def step(index: int, answers: Sequence[Any] | None) -> None:
            name, talk = talks[index]
            try:
                with placed(name):
                    asking[index] = _next(talk, answers)
            except StopIteration as end:
                ended[index] = end.value

        for index in range(len(talks)):
            step(index, None)
        while asking:
            told(len(ended))
            asked, asking = asking, {}
            with placed(_names([talks[index][0] for index in asked])):
                answers = iter(self.ask([one for each in asked.values() for one in each]))
            try:
                for index, questions in asked.items():
                    step(index, [next(answers) for _ in questions])
            except ReaderError:
                self.confirm()  # what a reader makes of answers counts if the moment still stands
                raise
        told(len(ended))
        return [ended[index] for index in range(len(talks))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AbstractReader(ABC):
    """One thing to read at a venue; a frozen attrs class, whose fields say which one.

    Each method is given an open venue of the class that `venue` names.

    Attributes:
        kind: its name in ``[source]`` and for ``--pool`` and ``--position``.
        venue: the class of venue that it reads.
        example: fields that build one, for the reference.
        calls: what is asked of the venue → what for, for the reference.
        needs: names of contracts through which `find` looks for what an owner has.
        last: whether `find` wants the tokens that all others have met: a wallet does.

    """

    kind: ClassVar[str]
    venue: ClassVar[type[AbstractSource]]
    example: ClassVar[Mapping[str, Any]] = {}
    calls: ClassVar[Mapping[str, str]] = {}
    needs: ClassVar[tuple[str, ...]] = ()
    last: ClassVar[bool] = False

    @classmethod
    def recognise(cls, venue: Any, address: str) -> Conversation[bool]:  # noqa: ARG003
        """Return whether what stands at an address is a pool that this kind reads."""
        yield []
        return False

    @classmethod
    def find(cls, venue: Any, wanted: SearchRequest) -> Conversation[list[Self]]:  # noqa: ARG003
        """Return what there is to read of the owner's, and of the pools that are named."""
        yield []
        return []

    @abstractmethod
    def read(self, venue: Any) -> Conversation[Reading]:
        """Return what is read; a ReaderError, never a zero, where an answer is missing."""

    def __str__(self) -> str:
        """Return what messages call it: its kind, and the first of its fields."""
        first = next(iter(getattr(type(self), "__attrs_attrs__", ())), None)
        return self.kind if first is None else f"{self.kind} {getattr(self, first.name)}"


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _next(talk: Conversation[Any], answers: Sequence[Any] | None) -> Sequence[Any]:
    """Take a conversation to its next questions; what has no answer is raised within it."""
    if answers is None:
        return next(talk)
    for answer in answers:
        if isinstance(answer, ReaderError):
            return talk.throw(answer)
    return talk.send(answers)
