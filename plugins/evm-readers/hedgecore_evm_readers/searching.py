"""Searches that fail in part: what the rest found is kept, and what failed is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from hedgecore import ReaderError, SearchError
from hedgecore_evm_readers.abi import Conversation, together

Found = TypeVar("Found")
Outcome = tuple[Sequence[Found], ReaderError | None]
"""Finds of a search, and why they are not all."""


def attempted(search: Conversation[Sequence[Found]]) -> Conversation[Outcome[Found]]:
    """Outcome of a search: what it found, though a part of it failed."""
    try:
        return (yield from search), None
    except ReaderError as error:
        return error.found, error


def concluded(found: list[Found], failed: ReaderError | None) -> list[Found]:
    """Finds of a search that has failed in no part.

    Raises:
        ReaderError: what failed, with what was found beside.

    """
    if failed is None:
        return found
    failed.found = found
    raise failed


def gathered(searches: Iterable[Conversation[list[Found]]]) -> Conversation[list[Found]]:
    """Finds of some searches that are led side by side, though some of them fail.

    Raises:
        ReaderError: one failed; what was found is its `found`.

    """
    outcomes = yield from together(attempted(each) for each in searches)
    failed = [error for _, error in outcomes if error is not None]
    found = [one for mine, _ in outcomes for one in mine]
    return concluded(found, _joined(failed) if failed else None)


def _joined(failed: Sequence[ReaderError]) -> ReaderError:
    """One error of several; a search that was not made, where none of them is more."""
    unsought = all(isinstance(each, SearchError) for each in failed)
    return (SearchError if unsought else ReaderError)("; ".join(map(str, failed)))
