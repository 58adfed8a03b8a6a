"""The venues of a book: opened when they are needed, asked within a budget, answers checked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from traceback import format_exception
from typing import Any, TypeVar

import attrs
from attrs import define, field

from hedgecore.errors import (
    HedgecoreError,
    RejectedError,
    VenueError,
    is_foreign,
)
from hedgecore.interfaces.account import ContractTerms, Identity
from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
from hedgecore.live.plain import to_plain
from hedgecore.live.records import from_plain
from hedgecore.tables.secret import Secret, redact

Answer = TypeVar("Answer")
MINUTE = 60.0


def secrets_of(venue: AbstractVenue) -> list[Secret]:
    """Keys of a venue: its fields that are secrets."""
    cls: Any = type(venue)
    fields = attrs.fields(cls) if attrs.has(cls) else ()
    found = (getattr(venue, each.name) for each in fields)
    return [each for each in found if isinstance(each, Secret)]


@define(eq=False)
class AskedVenue:
    """A venue and its session, opened when it is first asked.

    Every error of its own is a VenueError here, and every answer is of the class that it should be:
    what is unreadable is never something else. Calls are spread over each minute; a call that
    would be one too many comes later, and nothing queues behind it.

    Attributes:
        name: in the book.
        venue: what opens it.
        calls: so many may be made in a minute.
        now: monotonic seconds.
        sleep: for some seconds.
        seconds: within which each call ends.

    """

    name: str
    venue: AbstractVenue
    calls: int
    now: Callable[[], float]
    sleep: Callable[[float], None]
    seconds: float = 10.0
    _session: AbstractSession | None = None
    _made: deque[float] = field(factory=deque)

    def ask(self, what: Callable[[AbstractSession], Any], cls: type[Answer] | Any) -> Answer:
        """Answer of a session's call, of that class.

        Raises:
            VenueError: there is none, or it is another thing.

        """
        self._pace()
        found = self._call(lambda: what(self.session()))
        try:
            checked: Answer = from_plain(to_plain(found), cls)
        except HedgecoreError as error:
            raise VenueError(f"{self.name} answers what cannot be: {error}") from error
        return checked

    def tell(self, what: Callable[[AbstractSession], None]) -> None:
        """Make a call that has no answer; errors as `ask` has them."""
        self._pace()
        self._call(lambda: what(self.session()))

    def session(self) -> AbstractSession:
        """Session, opened now if need be."""
        if self._session is None:
            self._session = self._call(lambda: self.venue.open(seconds=self.seconds))
        return self._session

    def close(self) -> None:
        """Close the session; what it says to that matters no more."""
        if self._session is not None:
            with suppress(Exception):
                self._session.close()

    def _call(self, what: Callable[[], Answer]) -> Answer:
        try:
            return what()
        except RejectedError as error:
            raise self._redacted_error(error, RejectedError) from self._visible_error(error)
        except VenueError as error:
            raise self._redacted_error(error, VenueError) from self._visible_error(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the venue's
            raise self._redacted_error(
                error, VenueError, type(error).__name__
            ) from self._visible_error(error)
        except BaseException as error:
            if not is_foreign(error):
                raise
            raise self._redacted_error(
                error, VenueError, type(error).__name__
            ) from self._visible_error(error)

    def _redacted_error(
        self, error: BaseException, cls: type[VenueError], *names: str
    ) -> VenueError:
        """Error of this venue, in whose words no key of its stands."""
        words = redact(str(error), secrets_of(self.venue))
        return cls(": ".join((self.name, *names, words)))

    def _visible_error(self, error: BaseException) -> BaseException | None:
        """Error, for the traceback; None where a key would stand in it."""
        whole = "".join(format_exception(error))
        return error if redact(whole, secrets_of(self.venue)) == whole else None

    def _pace(self) -> None:
        """Wait until one more call is within the calls of a minute."""
        now = self.now()
        while self._made and self._made[0] <= now - MINUTE:
            self._made.popleft()
        if len(self._made) >= self.calls:
            self.sleep(self._made.popleft() + MINUTE - now)
        self._made.append(self.now())


def read_terms(
    venues: Mapping[str, AskedVenue],
) -> tuple[dict[str, Identity], dict[str, Mapping[str, ContractTerms]]]:
    """Identity of the account at each venue, and terms of its contracts, as the venues say now.

    Raises:
        VenueError: one of them does not say.

    """
    identities: dict[str, Identity] = {}
    terms: dict[str, Mapping[str, ContractTerms]] = {}
    for name, each in venues.items():
        identities[name] = each.ask(lambda session: session.identity(), Identity)
        terms[name] = each.ask(lambda session: session.terms(), Mapping[str, ContractTerms])
    return identities, terms
