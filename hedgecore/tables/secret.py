"""Secrets that must never be shown: an RPC's URL, which carries a key."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable
from typing import NoReturn

from hedgecore.errors import ReaderError

RPC = "HEDGECORE_RPC"
"""The environment variable that names the RPC, so that no key stands in a shell's history."""
FILE = "_FILE"
"""After the name of a variable: a file that holds the secret instead."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
MOST = 2**16
"""Characters of a secret."""
SHORTEST = 8
"""Characters of the shortest secret that is taken out of texts: less stands in them by chance."""


class Secret:
    """Text that neither `repr`, `str`, a format, a pickle nor a copy gives away.

    Only `reveal` does, and only where it is used: a name bound to what it returns would stand in
    tracebacks that show locals.

    Example:
        >>> import hedgecore as hc
        >>> print(hc.Secret("https://node.example/key"))
        Secret(…)

    """

    __slots__ = ("_reveal",)

    def __init__(self, text: str) -> None:
        self._reveal: Callable[[], str] = lambda: text  # so that what prints slots prints this

    @classmethod
    def from_environment(cls, variable: str = RPC, *, what: str = "RPC") -> Secret:
        """Secret that an environment variable holds, or the file that ``VARIABLE_FILE`` names.

        Args:
            variable: its name.
            what: what it is, for the error.

        Raises:
            ReaderError: neither is set, or others than its owner may read the file.

        """
        file = os.environ.get(variable + FILE, "").strip()
        text = os.environ.get(variable, "").strip() or (_read(file) if file else "")
        if not text:
            raise ReaderError(f"no {what} is given: set {variable}, or {variable}{FILE}")
        return cls(text)

    def reveal(self) -> str:
        """Text that is kept."""
        return self._reveal()

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.reveal() == other.reveal()

    def __hash__(self) -> int:
        return hash(self.reveal())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def _read(path: str) -> str:
    """Text of a file that its owner alone may read."""
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as it was named
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(MOST).strip()
    except (OSError, ValueError) as error:
        raise ReaderError(f"{path}: cannot be read: {type(error).__name__}") from None
    if mode & OTHERS:
        raise ReaderError(f"{path}: others may read it, and it holds a secret: chmod 600 it")
    return text


def redact(text: str, secrets: Iterable[Secret]) -> str:
    """Text without what some secrets hold, as it is or as JSON writes it, from 8 characters on.

    Example:
        >>> from hedgecore.tables.secret import Secret, redact
        >>> redact("POST https://hook.example/T1: refused", [Secret("https://hook.example/T1")])
        'POST Secret(…): refused'

    """
    for secret in secrets:
        if len(secret.reveal()) >= SHORTEST:
            text = text.replace(secret.reveal(), repr(secret))
            text = text.replace(json.dumps(secret.reveal())[1:-1], repr(secret))
    return text
