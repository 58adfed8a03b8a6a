"""Arming: a person lets the loop send orders, for exactly what was shown to that person.

What was shown is a fingerprint: of settings, instruments, owner, caps, versions, accounts and terms
of contracts, and not of what is read, which each cycle changes. Once one of them is another, the
loop is unarmed again, and unarmed it never sends.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from functools import cache
from getpass import getuser
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from attrs import field, frozen

from hedgecore.errors import HedgecoreError, JournalError, SpecError
from hedgecore.interfaces.account import Identity
from hedgecore.live.journal_file import in_file, sync_folder
from hedgecore.live.plain import to_plain
from hedgecore.live.records import from_plain
from hedgecore.registry.registry import default_registry
from hedgecore.tables.atomic_write import write
from hedgecore.tables.json_text import parse_json

NAME = "armed.json"
MOST = 2**16
"""Bytes of an arming that are read: it holds a few hundred."""
WITHDRAWAL = "withdraw"
"""Part of the name of a permission that lets a key take money out."""


@frozen(kw_only=True)
class Fingerprint:
    """Parts that arming binds to: part → SHA-256 of its plain form."""

    parts: Mapping[str, str]

    @classmethod
    def of(
        cls,
        *,
        settings: Any,
        instruments: Any,
        owner: Any,
        caps: Any,
        versions: Any,
        identities: Any,
        terms: Any,
    ) -> Self:
        """Fingerprint of what a loop runs with, records and plain values.

        Args:
            settings: of the loop: policy, costs, request, solver, cadence, gates.
            instruments: of the book, their venues and symbols among them.
            owner: whose positions are read, where and by what; not how they stand.
            caps: limits of orders.
            versions: distribution → version, of all that decides.
            identities: venue → whose account it is there.
            terms: of the contracts that the book trades.

        """
        given = {
            "settings": settings, "instruments": instruments, "owner": owner, "caps": caps,
            "versions": versions, "identities": identities, "terms": terms,
        }  # fmt: skip
        return cls(parts={name: _digest(each) for name, each in given.items()})

    @property
    def digest(self) -> str:
        """SHA-256 of all parts."""
        return _digest(self.parts)

    def changes(self, since: Fingerprint) -> tuple[str, ...]:
        """Parts that are not what they were."""
        names = dict.fromkeys([*since.parts, *self.parts])
        return tuple(n for n in names if self.parts.get(n) != since.parts.get(n))


def _digest(given: Any) -> str:
    text = json.dumps(to_plain(given), sort_keys=True, allow_nan=False)
    return sha256(text.encode()).hexdigest()


def _user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container with no name for its user
        return f"uid {os.getuid()}"


@frozen(kw_only=True)
class Arming:
    """Record that a person has armed a loop: of what, when and by whom.

    Attributes:
        fingerprint: of what was shown.
        time: seconds since 1970.
        by: name of the person's account on the machine.

    """

    fingerprint: Fingerprint
    time: float
    by: str = field(factory=_user)


def arm(folder: Path, arming: Arming) -> None:
    """Let a loop send orders, durably.

    Raises:
        JournalError: it cannot be written down.

    """
    text = json.dumps(to_plain(arming), indent=2, allow_nan=False)
    with in_file(folder / NAME):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            write(f"{text}\n", folder / NAME)
        except SpecError as error:
            raise JournalError(str(error)) from error
        sync_folder(folder)


def disarm(folder: Path) -> None:
    """Let it send none any more; a no-op where it is unarmed."""
    with in_file(folder / NAME):
        (folder / NAME).unlink(missing_ok=True)


def current_arming(folder: Path) -> Arming | None:
    """The arming in force; None where nothing is armed, or the file cannot be read."""
    try:
        with (folder / NAME).open("rb") as file:
            return from_plain(parse_json(file.read(MOST)), Arming)
    except (OSError, ValueError, HedgecoreError):
        return None


def why_unarmed(folder: Path, fingerprint: Fingerprint) -> str | None:
    """Sentence on why no order may be sent; None where they may."""
    arming = current_arming(folder)
    if arming is None:
        return "it is not armed: `hedgecore arm` shows what would be sent, and asks"
    changes = fingerprint.changes(arming.fingerprint)
    if changes:
        return f"{', '.join(changes)} changed since it was armed: arm it again"
    return None


def refusals(identities: Mapping[str, Identity]) -> list[str]:
    """Sentences on keys that may withdraw: with one of them, nothing is armed."""
    found = {
        venue: [each for each in its.permissions or () if WITHDRAWAL in each.lower()]
        for venue, its in identities.items()
    }
    return [
        f"the key of {venue} may {' and '.join(words)}: use one that may trade, and no more"
        for venue, words in found.items()
        if words
    ]


@cache
def versions() -> Mapping[str, str]:
    """Version of Python, and of each distribution whose kinds may decide."""
    known = default_registry()
    plugins = [known.plugin(kind) for kind in known]
    names = {each.distribution for each in plugins if each.version}
    found = {name: version(name) for name in sorted({"hedgecore", "numpy", *names})}
    return {"python": platform.python_version(), **found}
