"""hedgecore: value, delta and gamma of any pool, and the exact hedge of any book of them.

What every session needs is imported here; the rest (books, kinds and plugins, readers, policies,
curves from an invariant) comes at first use, since each of its classes takes a millisecond to make.
"""

import importlib
import typing

from hedgecore import fields
from hedgecore.analysis.scenario import Profit, Scenario, scenario
from hedgecore.errors import (
    AssetError,
    ConvergenceError,
    HedgecoreError,
    HedgeError,
    PluginError,
    PriceError,
    ReaderError,
    SpecError,
    UnknownKindError,
)
from hedgecore.hedging.hedge import hedge
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.result import Certificate, Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.market import Market
from hedgecore.market.numeraire import in_numeraire
from hedgecore.market.portfolio import (
    Balance,
    Portfolio,
    SupportsAggregation,
    SupportsEntry,
    Tradable,
    entered,
)
from hedgecore.market.terms import (
    SupportsCarry,
    SupportsFee,
    SupportsMargin,
    SupportsMinOrder,
    SupportsNotional,
)
from hedgecore.numerics.exact_division import divide_exact
from hedgecore.pools.basket import BasketPool
from hedgecore.pools.impermanent_loss import impermanent_loss
from hedgecore.pools.mispricing import Mispricing, mispricing
from hedgecore.pools.model import Greeks, PoolModel
from hedgecore.pools.pair import PairPool

if typing.TYPE_CHECKING:
    from hedgecore.books.book import Book
    from hedgecore.books.positions import Position
    from hedgecore.interfaces.cost import AbstractCost, Trades
    from hedgecore.interfaces.income import AbstractIncome, Earning
    from hedgecore.interfaces.policy import AbstractPolicy, Observation
    from hedgecore.interfaces.price_model import AbstractPriceModel, PathChunk
    from hedgecore.interfaces.reader import (
        AbstractReader,
        AbstractSource,
        PriceQuote,
        Reading,
        SearchRequest,
        Token,
    )
    from hedgecore.pools.invariant import InvariantPool
    from hedgecore.registry.hookspecs import hookimpl
    from hedgecore.registry.loading import Plugin
    from hedgecore.registry.registry import Registry, default_registry, load_plugins
    from hedgecore.registry.specs import build, schema, spec_of
    from hedgecore.tables.secret import Secret

__all__ = [
    "AbstractCost",
    "AbstractHedgeSolver",
    "AbstractIncome",
    "AbstractPolicy",
    "AbstractPriceModel",
    "AbstractReader",
    "AbstractSource",
    "AssetError",
    "Balance",
    "BasketPool",
    "Book",
    "Certificate",
    "ConvergenceError",
    "Earning",
    "Exposure",
    "Greeks",
    "Hedge",
    "HedgeError",
    "HedgeProblem",
    "HedgeRequest",
    "HedgecoreError",
    "Instrument",
    "InvariantPool",
    "LeastSquares",
    "Market",
    "Mispricing",
    "Observation",
    "PairPool",
    "PathChunk",
    "Plugin",
    "PluginError",
    "PoolModel",
    "Portfolio",
    "Position",
    "PriceError",
    "PriceQuote",
    "Priced",
    "Profit",
    "ReaderError",
    "Reading",
    "Registry",
    "Scenario",
    "SearchRequest",
    "Secret",
    "SpecError",
    "SupportsAggregation",
    "SupportsCarry",
    "SupportsEntry",
    "SupportsFee",
    "SupportsMargin",
    "SupportsMinOrder",
    "SupportsNotional",
    "Token",
    "Tradable",
    "Trades",
    "UnknownKindError",
    "build",
    "default_registry",
    "divide_exact",
    "entered",
    "fields",
    "hedge",
    "hookimpl",
    "impermanent_loss",
    "in_numeraire",
    "load_plugins",
    "mispricing",
    "scenario",
    "schema",
    "spec_of",
]

_LATER = {
    "books.book": "Book",
    "interfaces.cost": "AbstractCost Trades",
    "registry.hookspecs": "hookimpl",
    "interfaces.income": "AbstractIncome Earning",
    "pools.invariant": "InvariantPool",
    "registry.loading": "Plugin",
    "interfaces.price_model": "AbstractPath PathChunk",
    "interfaces.policy": "AbstractPolicy Moments",
    "books.positions": "Position",
    "interfaces.reader": "AbstractReader AbstractVenue Quotation Reading Token Wanted",
    "registry.registry": "Registry default_registry load_plugins",
    "tables.secret": "Secret",
    "registry.specs": "build schema spec_of",
}
"""Module → what is taken from it at first use; no name here is a module's own."""

if not typing.TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        for module, names in _LATER.items():
            if name in names.split():
                found = getattr(importlib.import_module(f"hedgecore.{module}"), name)
                globals()[name] = found
                return found
        raise AttributeError(f"module 'hedgecore' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
