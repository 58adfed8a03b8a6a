"""Forks on a node where all else is deployed, each where it is first met."""

from __future__ import annotations

from attrs import Factory, define

from chain.deployed import Chain


@define
class Forks:
    """A chain, and the exchanges that stand on it besides."""

    chain: Chain
    there: dict[type, object] = Factory(dict)

    def of(self, kind):
        """Return an exchange of a kind; it must not be met first where all is undone."""
        if kind not in self.there:
            self.there[kind] = kind.deploy(self.chain.rpc, self.chain.weth)
        return self.there[kind]
