"""The laws of readers: what is read builds, nothing is made up, and no secret is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from hedgecore.errors import ReaderError, SpecError
from hedgecore.interfaces.reading import Reading
from hedgecore.interfaces.source import AbstractSource
from hedgecore.market.market import Market
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import build
from hedgecore.tables.secret import Secret
from hedgecore.testing.answers import UNIT
from hedgecore.testing.law import CannotBeTold, law, require

MOST = 100
"""Number of a reader's questions that are left without an answer, one by one."""
ROUNDED = 1e-6
"""Part by which an amount may differ from one that was written down elsewhere."""


@attrs.frozen(kw_only=True)
class SourceCase:
    """A source that a reader is checked at: one that answers from a record, say.

    Attributes:
        opened: returns it open, anew each time, all of them alike.
        secret: what names it and must be shown nowhere; None where nothing does.
        amounts: token id → whole units that its owner would have after an exit, fees included: by
            an exit that was recorded, or as the protocol's own page shows; empty where nothing is
            held, None where nobody knows.

    Example:
        >>> from hedgecore.testing import SourceCase
        >>> SourceCase(opened=lambda: None).secret is None
        True

    """

    opened: Callable[[], AbstractSource]
    secret: Secret | None = None
    amounts: Mapping[str, float] | None = None


@law
def rows_build(reader: Any, at: Any = None) -> None:
    """The reading is a table that builds, with assets that it names as tokens.

    Source: a book is made of it, by `read_book`.
    """
    found = _read(reader, _case(at))
    named = {*found.tokens}
    if found.position is not None:
        table = {k: v for k, v in found.position.items() if v is not None}
        model = build(table)
        missing = [asset for asset in model.assets if asset not in named]
        require(not missing, f"the position's {', '.join(missing)} are no tokens of the reading")
    missing = [asset for asset in (*found.holdings, *found.depth) if asset not in named]
    require(not missing, f"{', '.join(missing)} are no tokens of the reading", got=sorted(named))


@law
def reading_is_plain(reader: Any, at: Any = None) -> None:
    """Position, holdings and depth are plain tables: they go through JSON and come back.

    Source: they stand in a file.
    """
    found = _read(reader, _case(at))
    parts = {"position": found.position, "holdings": found.holdings, "depth": found.depth}
    for name, part in parts.items():
        try:
            back = json.loads(json.dumps(part, allow_nan=False))
        except (TypeError, ValueError) as error:
            message = f"its {name} is no plain table: {error}"
            require(holds=False, reason=message, got=part)
        require(_plain(part) == back, f"its {name} is another after JSON", got=back, expected=part)


@law
def missing_is_an_error(reader: Any, at: Any = None) -> None:
    """A missing answer raises a ReaderError, or costs no number of the reading, only a note.

    Source: unknown is not zero.
    """
    case = _case(at)
    whole = _read(reader, case)
    expected = dict(_numbers(whole))
    for index in range(min(MOST, _question_count(reader, case))):
        try:
            found = _read(reader, case, without=index)
        except ReaderError:
            continue
        numbers = dict(_numbers(found))
        lost = [name for name, number in expected.items() if number and not numbers.get(name)]
        require(not lost, f"without the answer to question {index} it reads nothing of"
                f" {', '.join(lost)}, and says so to nobody")  # fmt: skip


@law
def no_secret_is_shown(reader: Any, at: Any = None) -> None:
    """Neither what is read, nor the reader, nor an error has the URL of the source in it.

    Source: it carries a key.
    """
    case = _case(at)
    if case.secret is None:
        return
    shown = [repr(_read(reader, case)), repr(reader), str(reader)]
    for index in range(min(MOST, _question_count(reader, case))):
        try:
            shown.append(repr(_read(reader, case, without=index)))
        except ReaderError as error:
            shown += [str(error), repr(error.__cause__)]
    secret = case.secret.reveal()
    told = [text.replace(secret, "…")[:80] for text in shown if secret in text]
    require(not told, "it shows the source's URL", got=told[:1])


@law
def reads_the_same_twice(reader: Any, at: Any = None) -> None:
    """Of one state it reads one thing.

    Source: a reader is a value, and a conversation its only input.
    """
    case = _case(at)
    first, again = _read(reader, case), _read(reader, case)
    require(first == again, "read twice it is another", got=again, expected=first)


@law
def amounts_are_those_of_an_exit(reader: Any, at: Any = None) -> None:
    """Amounts of the position at its own state, and of the holdings, are what an exit pays out.

    Source: another than the reader. Whatever it makes of shares, decimals and fees, all its other
    laws hold of a half, too.
    """
    case = _case(at)
    if case.amounts is None:
        raise CannotBeTold("nobody says what an exit pays out: give the SourceCase its amounts")
    found = _amounts(_read(reader, case))
    for token in {**found, **case.amounts}:
        ours, theirs = found.get(token, 0.0), float(case.amounts.get(token, 0.0))
        near = abs(ours - theirs) <= ROUNDED * max(abs(ours), abs(theirs))
        require(near, f"an exit pays another amount of {token}", got=ours, expected=theirs)


def _amounts(reading: Reading) -> dict[str, float]:
    """Token id → whole units of the position at its own state, and of the holdings."""
    found = dict(reading.holdings)
    if reading.position is None or not reading.held:
        return found
    model = build({k: v for k, v in reading.position.items() if v is not None})
    try:
        state = model.at_state() if isinstance(model, PoolModel) else None
    except SpecError:
        state = None
    if state is None:
        raise CannotBeTold("its position is no pool that knows its own state")
    units = Market(prices=dict.fromkeys(model.assets, 1.0), numeraire=UNIT)
    held = state.exposure(units)
    for token, amount in zip(held.assets, held.delta.tolist(), strict=True):
        found[token] = found.get(token, 0.0) + amount
    return found


def _case(at: Any) -> SourceCase:
    if not isinstance(at, SourceCase):
        raise CannotBeTold("a reader is checked at a source: give a SourceCase, as `at`")
    return at


def _read(reader: Any, case: SourceCase, without: int | None = None) -> Reading:
    """Reading of a reader, all answers there but one."""
    with case.opened() as source:
        talk = reader.read(source)
        asked = 0
        try:
            questions: Sequence[Any] = next(talk)
            while True:
                answers = list(source.ask(questions))
                if without is not None and asked <= without < asked + len(answers):
                    answers[without - asked] = ReaderError("the kit leaves this out")
                asked += len(answers)
                lost = next((one for one in answers if isinstance(one, ReaderError)), None)
                questions = talk.send(answers) if lost is None else talk.throw(lost)
        except StopIteration as end:
            found: Reading = end.value
            return found


def _question_count(reader: Any, case: SourceCase) -> int:
    """Number of questions that a reader asks."""
    count = 0
    with case.opened() as source:
        talk = reader.read(source)
        try:
            questions = next(talk)
            while True:
                count += len(questions)
                questions = talk.send(list(source.ask(questions)))
        except StopIteration:
            return count


def _numbers(reading: Reading) -> Iterator[tuple[str, float]]:
    """Place and number of all that a reading says."""
    parts = {"position": reading.position, "holdings": reading.holdings, "depth": reading.depth}
    for name, part in parts.items():
        yield from _leaves(name, part)
    for quote in reading.quotations:
        yield f"price of {quote.asset}", quote.price


def _leaves(place: str, part: Any) -> Iterator[tuple[str, float]]:
    if isinstance(part, Mapping):
        for key, each in part.items():
            yield from _leaves(f"{place}.{key}", each)
    elif isinstance(part, list | tuple):
        for index, each in enumerate(part):
            yield from _leaves(f"{place}[{index}]", each)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield place, part


def _plain(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {str(key): _plain(each) for key, each in part.items()}
    return [_plain(each) for each in part] if isinstance(part, list | tuple) else part
