"""Keys of an account: shown to ccxt alone, and hidden in what an exchange says."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Secret
from hedgecore.tables.secret import redact

MOST_WORDS = 300
"""Characters of what an exchange says that are shown."""


@frozen
class Keys:
    """Keys of an account; ccxt's names of them."""

    apiKey: Secret  # noqa: N815 - as ccxt has it
    secret: Secret
    password: Secret | None = None

    def reveal(self) -> dict[str, str]:
        """Texts by ccxt's names, for its constructor alone."""
        return {each: its.reveal() for each, its in self._named.items()}

    def hide(self, words: str) -> str:
        """Words without what the keys are; then cut, so that no part of a key is left either."""
        return redact(words, self._named.values())[:MOST_WORDS]

    @property
    def _named(self) -> dict[str, Secret]:
        named = {"apiKey": self.apiKey, "secret": self.secret, "password": self.password}
        return {name: each for name, each in named.items() if each is not None}
