"""A source that is a table, and readers of it: what the core needs of a plugin, and no chain."""

# ruff: noqa: ARG002, ARG003 - a reader is given its source, whether it needs it or not

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

import importlib_metadata
from attrs import frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.registry.installed import installed_plugins

OWNER, PAIR, THIN, EMPTY, GAS = "0xowner", "0xpair", "0xthin", "0xempty", "0xgas"
WETH, USDC, FAKE = "0xweth", "0xusdc", "0xfake"
TOKENS = {
    WETH: hc.Token(WETH, "WETH", 18),
    USDC: hc.Token(USDC, "USDC", 6),
    FAKE: hc.Token(FAKE, "USDC", 6),
    GAS: hc.Token(GAS, "ETH", 18, hc.Token(WETH, "WETH", 18)),
}
STATE = {
    ("pair", PAIR): (WETH, USDC, 1000.0, 2_000_000.0),
    ("pair", THIN): (WETH, USDC, 1.0, 1_000.0),
    ("pair", EMPTY): (FAKE, USDC, 1.0, 1.0),
    ("share", PAIR, OWNER): 0.25,
    ("share", THIN, OWNER): 0.0,
    ("share", EMPTY, OWNER): 0.5,
    ("fees", PAIR): 3.0,
    ("balance", WETH, OWNER): 2.0,
    ("balance", GAS, OWNER): 0.5,
    ("balance", USDC, OWNER): 0.0,
    ("balance", FAKE, OWNER): 7.0,
    ("feed", "0xfeed"): (2100.0, "USD"),
    "block": 7,
}


class Ledger(hc.AbstractSource):
    """Answers from a table; ``ledger:`` and a number name the states that were put there."""

    states: ClassVar[dict[str, dict[Any, Any]]] = {}

    def __init__(self, state, options):
        self.state, self.options = state, options
        self.batches: list[list[Any]] = []
        self.open_ = True

    @classmethod
    def takes(cls, rpc):
        return rpc.reveal().startswith("ledger:")

    @classmethod
    def open(cls, rpc, **options):
        state = cls.states[rpc.reveal()]
        if options.get("since") and state["block"] < options["since"]:
            raise hc.ReaderError("behind")
        return cls(state, options)

    @property
    def contracts(self):
        return {"pairs": "0xpairs", **(self.options.get("contracts") or {})}

    @property
    def time(self):
        return self.state.get("time")

    @property
    def stamp(self):
        return {
            "chain": self.state.get("chain", 1),
            "block": self.state["block"],
            "hash": "0x" + "ab" * 32,
        }

    def canonical(self, its):
        return its.lower()

    def ask(self, questions: Sequence[Any]):
        self.batches.append(list(questions))
        return [self.state.get(each, hc.ReaderError(f"{each} is not known")) for each in questions]

    def confirm(self):
        if self.state.get("reorganised"):
            raise hc.ReaderError("it was reorganised")

    def close(self):
        self.open_ = False


@frozen(kw_only=True)
class Pair(hc.AbstractReader):
    """A pair."""

    kind = "ledger-pair"
    source = Ledger
    example = {"pool": PAIR}
    pool: str = fields.name("the pair")
    owner: str | None = fields.name("whose share", optional=True)

    @classmethod
    def recognise(cls, source, address):
        yield []
        return ("pair", address) in source.state

    @classmethod
    def find(cls, source, wanted):
        yield []
        return [cls(pool=each, owner=wanted.owner) for each in wanted.pools]

    def read(self, source):
        [(zero, one, *reserves)] = yield [("pair", self.pool)]
        share = 0.0 if self.owner is None else (yield [("share", self.pool, self.owner)])[0]
        deep = source.state.get("deep", 1.0)
        fees = source.state.get(("fees", self.pool), 0.0)
        return hc.Reading(
            name=f"{TOKENS[zero].symbol}/{TOKENS[one].symbol}",
            held=share > 0,
            position={
                "kind": "uniswap-v2",
                "assets": [zero, one],
                "reserves": reserves,
                "share": share or 1.0,
                "fee": None,
            },
            holdings={one: fees} if share else {},
            holdings_name="fees",
            tokens={zero: TOKENS[zero], one: TOKENS[one]},
            depth={zero: deep * reserves[0], one: deep * reserves[1]},
            receipts=(self.pool,),
            notes=() if fees else (f"{self.pool} earned nothing",),
        )


@frozen(kw_only=True)
class Purse(hc.AbstractReader):
    """Balances."""

    kind = "ledger-purse"
    source = Ledger
    last = True
    owner: str = fields.name("whose")
    tokens: tuple[str, ...] = fields.names("which", least=0)

    @classmethod
    def find(cls, source, wanted):
        yield []
        return (
            [] if wanted.owner is None else [cls(owner=wanted.owner, tokens=(GAS, *wanted.tokens))]
        )

    def read(self, source):
        held = yield [("balance", each, self.owner) for each in self.tokens]
        rows = [(its, amount) for its, amount in zip(self.tokens, held, strict=True) if amount]
        return hc.Reading(
            name="purse",
            holdings=dict(rows),
            holdings_name="wallet",
            tokens={its: TOKENS[its] for its, _ in rows},
        )


@frozen(kw_only=True)
class Feed(hc.AbstractReader):
    """A price."""

    kind = "ledger-feed"
    source = Ledger
    feed: str = fields.name("the feed")
    asset: str = fields.name("whose price")

    def read(self, source):
        [(price, unit)] = yield [("feed", self.feed)]
        return hc.Reading(name="feed", quotations=(hc.PriceQuote(self.asset, price, unit),))


READERS = (Pair, Purse, Feed)


@lru_cache(maxsize=1)
def registry() -> hc.Registry:
    """Return all that is installed but other readers, and these."""
    entries = [each for each in installed_plugins(importlib_metadata) if each.name != "evm-readers"]
    return hc.load_plugins(entries).plus(readers=READERS)


def secret(state=None, name="ledger:1") -> hc.Secret:
    """Return an RPC that leads to a state."""
    Ledger.states[name] = dict(STATE if state is None else state)
    return hc.Secret(name)
