"""Sources: a chain or an exchange, open at one moment, that is asked questions in batches.

What a reader does is a conversation: a generator that yields a list of questions, is sent the list
of their answers, and returns what it has read. So the source can ask the questions of all readers
together, and a reader knows no batches.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar, final

from hedgecore.errors import ReaderError, at_place
from hedgecore.interfaces.closable import Closable
from hedgecore.interfaces.reading import Reading
from hedgecore.tables.secret import Secret

Result = TypeVar("Result")
Conversation = Generator[Sequence[Any], Sequence[Any], Result]
Progress = Callable[[int, int], None]
"""Given how many of how many readers are done."""
TOGETHER = 10_000
"""So many readers are led side by side: their questions of one round go out at once."""


class SupportsRead(Protocol):
    """Object that has a conversation with a source: every reader."""

    def read(self, source: Any, /) -> Conversation[Reading]:
        """Reading, at the end of the conversation."""
        ...


class AbstractSource(Closable):
    """A chain or an exchange, open at one moment; a context manager that closes it."""

    @classmethod
    def takes(cls, rpc: Secret) -> bool:  # noqa: ARG003
        """True if the words that name an RPC are of this kind of source, by their form alone."""
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
        """Source at one moment, which no later answer leaves.

        Args:
            rpc: where it is reached; shown nowhere.
            block: its number, or "latest", "safe", "finalized"; the latest unless given. Of
                several chains one each, ``CHAIN:BLOCK,CHAIN:BLOCK``.
            chain: the id that it must have; any unless given.
            since: a block that it must have reached.
            contracts: name → address, of what is deployed there, beside what is known; what is
                named CHAIN:NAME is on that chain alone.
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

    @property
    def time(self) -> float | None:
        """The moment, seconds since 1970 by the source's own clock; None where it says none."""
        return None

    def holds(self, stamp: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """True if an earlier moment is still part of the source: a chain may have left it.

        Raises:
            ReaderError: it does not say.

        """
        return True

    def canonical(self, its: str) -> str:
        """One way in which an address is written here.

        Raises:
            ReaderError: it is none.

        """
        return its

    @abstractmethod
    def ask(self, questions: Sequence[Any]) -> Sequence[Any]:
        """Answer to each question; a ReaderError stands for one that has none.

        Raises:
            ReaderError: the source itself fails.

        """

    @abstractmethod
    def confirm(self) -> None:
        """Raise a ReaderError unless all that was answered is still one state of the source."""

    @final
    def read(
        self, readers: Sequence[SupportsRead], progress: Progress | None = None
    ) -> list[Reading]:
        """Readings of the readers, all at the source's one moment, in order.

        Raises:
            ReaderError: one thing could not be read, so nothing is returned.

        """
        return [result_of(each) for each in self.try_read(readers, progress)]

    @final
    def try_read(
        self, readers: Sequence[SupportsRead], progress: Progress | None = None
    ) -> list[Reading | ReaderError]:
        """Readings of the readers, as `read`; a ReaderError stands for what could not be read.

        Raises:
            ReaderError: the source itself failed, or its moment is gone.

        """
        read = self.attempt([(str(each), each.read(self)) for each in readers], progress)
        self.confirm()
        return read

    @final
    def converse(
        self,
        talks: Sequence[tuple[str, Conversation[Result]]],
        progress: Progress | None = None,
    ) -> list[Result]:
        """Lead named conversations side by side, and return what they return, in order.

        Raises:
            ReaderError: that of the first conversation which ends with one.

        """
        return [result_of(each) for each in self.attempt(talks, progress)]

    @final
    def attempt(
        self,
        talks: Sequence[tuple[str, Conversation[Result]]],
        progress: Progress | None = None,
    ) -> list[Result | ReaderError]:
        """Lead named conversations, as `converse`; a ReaderError stands where one ends with it.

        Raises:
            ReaderError: the source itself failed, or its moment is gone.

        """
        ended, total = list[Result | ReaderError](), len(talks)
        for start in range(0, max(total, 1), TOGETHER):

            def report(done: int, start: int = start) -> None:
                if progress:
                    progress(start + done, total)

            ended += self._together(talks[start : start + TOGETHER], report)
        return ended

    def _together(
        self, talks: Sequence[tuple[str, Conversation[Result]]], report: Callable[[int], None]
    ) -> list[Result | ReaderError]:
        ended: dict[int, Result | ReaderError] = {}
        asking: dict[int, Sequence[Any]] = {}

        def step(index: int, answers: Sequence[Any] | None) -> None:
            name, talk = talks[index]
            try:
                with at_place(name):
                    asking[index] = _next(talk, answers)
            except StopIteration as end:
                ended[index] = end.value
            except ReaderError as error:
                ended[index] = error

        for index in range(len(talks)):
            step(index, None)
        while asking:
            report(len(ended))
            asked, asking = asking, {}
            with at_place(_names([talks[index][0] for index in asked])):
                answers = iter(self.ask([one for each in asked.values() for one in each]))
            for index, questions in asked.items():
                step(index, [next(answers) for _ in questions])
        report(len(ended))
        found = [ended[index] for index in range(len(talks))]
        if any(isinstance(each, ReaderError) for each in found):
            self.confirm()  # what a reader makes of answers counts if the moment still stands
        return found


def result_of(result: Result | ReaderError) -> Result:
    """Result of a conversation; raises the error that it ended with."""
    if isinstance(result, ReaderError):
        raise result
    return result


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
