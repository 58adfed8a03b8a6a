"""What must never be shown: an RPC's URL, which carries a key."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import NoReturn

from hedgecore.errors import ReaderError

RPC = "HEDGECORE_RPC"
"""The environment variable that names the RPC, so that no key stands in a shell's history."""
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
    def from_environment(cls, variable: str = RPC) -> Secret:
        """Secret that an environment variable holds.

        Raises:
            ReaderError: it is not set.

        """
        text = os.environ.get(variable, "").strip()
        if not text:
            raise ReaderError(f"no RPC is given: name its URL, or set {variable}")
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


def redacted(text: str, secrets: Iterable[Secret]) -> str:
    """Text without what some secrets hold, as it is or as JSON writes it, from 8 characters on.

    Example:
        >>> from hedgecore.tables.secret import Secret, redacted
        >>> redacted("POST https://hook.example/T1: refused", [Secret("https://hook.example/T1")])
        'POST Secret(…): refused'

    """
    for secret in secrets:
        if len(secret.reveal()) >= SHORTEST:
            text = text.replace(secret.reveal(), repr(secret))
            text = text.replace(json.dumps(secret.reveal())[1:-1], repr(secret))
    return text
