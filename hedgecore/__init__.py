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
from hedgecore.market.exposure import (
    Exposure,
    Instrument,
    Priced,
    combine,
    impermanent_loss,
    lift,
)
from hedgecore.market.market import Market
from hedgecore.market.portfolio import (
    Aggregable,
    Balance,
    Enterable,
    Portfolio,
    Tradable,
    entered,
)
from hedgecore.market.shifted import moved
from hedgecore.market.terms import Carried, Charged, Floored, Margined, Notional
from hedgecore.numerics.exact_division import quotient
from hedgecore.pools.basket import BasketPool
from hedgecore.pools.mispricing import Standing, standing
from hedgecore.pools.model import Greeks, PoolModel
from hedgecore.pools.pair import PairPool

if typing.TYPE_CHECKING:
    from hedgecore.books.book import Book
    from hedgecore.books.positions import Position
    from hedgecore.interfaces.cost import AbstractCost, Order
    from hedgecore.interfaces.income import AbstractIncome, Earning
    from hedgecore.interfaces.policy import AbstractPolicy, Moments
    from hedgecore.interfaces.price_model import AbstractPath, Frame
    from hedgecore.interfaces.reader import (
        AbstractReader,
        AbstractVenue,
        Quotation,
        Reading,
        Token,
        Wanted,
    )
    from hedgecore.pools.invariant import InvariantPool
    from hedgecore.registry.hookspecs import hookimpl
    from hedgecore.registry.loading import Plugin
    from hedgecore.registry.registry import Registry, default_registry, load
    from hedgecore.registry.specs import build, schema, spec_of
    from hedgecore.tables.secret import Secret

__all__ = [
    "AbstractCost",
    "AbstractHedgeSolver",
    "AbstractIncome",
    "AbstractPath",
    "AbstractPolicy",
    "AbstractReader",
    "AbstractVenue",
    "Aggregable",
    "AssetError",
    "Balance",
    "BasketPool",
    "Book",
    "Carried",
    "Certificate",
    "Charged",
    "ConvergenceError",
    "Earning",
    "Enterable",
    "Exposure",
    "Floored",
    "Frame",
    "Greeks",
    "Hedge",
    "HedgeError",
    "HedgeProblem",
    "HedgeRequest",
    "HedgecoreError",
    "Instrument",
    "InvariantPool",
    "LeastSquares",
    "Margined",
    "Market",
    "Moments",
    "Notional",
    "Order",
    "PairPool",
    "Plugin",
    "PluginError",
    "PoolModel",
    "Portfolio",
    "Position",
    "PriceError",
    "Priced",
    "Profit",
    "Quotation",
    "ReaderError",
    "Reading",
    "Registry",
    "Scenario",
    "Secret",
    "SpecError",
    "Standing",
    "Token",
    "Tradable",
    "UnknownKindError",
    "Wanted",
    "build",
    "combine",
    "default_registry",
    "entered",
    "fields",
    "hedge",
    "hookimpl",
    "impermanent_loss",
    "lift",
    "load",
    "moved",
    "quotient",
    "scenario",
    "schema",
    "spec_of",
    "standing",
]

_LATER = {
    "books.book": "Book",
    "interfaces.cost": "AbstractCost Order",
    "registry.hookspecs": "hookimpl",
    "interfaces.income": "AbstractIncome Earning",
    "pools.invariant": "InvariantPool",
    "registry.loading": "Plugin",
    "interfaces.price_model": "AbstractPath Frame",
    "interfaces.policy": "AbstractPolicy Moments",
    "books.positions": "Position",
    "interfaces.reader": "AbstractReader AbstractVenue Quotation Reading Token Wanted",
    "registry.registry": "Registry default_registry load",
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
