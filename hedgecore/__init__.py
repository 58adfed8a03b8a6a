"""hedgecore: value, delta and gamma of any pool, and the exact hedge of any book of them.

What every session needs is imported here; the rest (books, kinds and plugins, readers, policies,
curves from an invariant) comes at first use, since each of its classes takes a millisecond to make.
"""

import importlib
import typing

from hedgecore import fields
from hedgecore.answer import Certificate, Hedge
from hedgecore.basket import BasketPool
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
from hedgecore.exposure import Exposure, Instrument, Priced, combine, impermanent_loss, lift
from hedgecore.hedge import hedge
from hedgecore.market import Market
from hedgecore.moved import moved
from hedgecore.pair import PairPool
from hedgecore.pool import Greeks, PoolModel
from hedgecore.portfolio import Aggregable, Balance, Enterable, Portfolio, Tradable, entered
from hedgecore.problem import HedgeProblem, HedgeRequest
from hedgecore.scenario import Profit, Scenario, scenario
from hedgecore.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.standing import Standing, standing
from hedgecore.terms import Carried, Charged, Floored, Margined, Notional
from hedgecore.twofold import quotient

if typing.TYPE_CHECKING:
    from hedgecore.book import Book
    from hedgecore.cost import AbstractCost, Order
    from hedgecore.hookspecs import hookimpl
    from hedgecore.income import AbstractIncome, Earning
    from hedgecore.invariant import InvariantPool
    from hedgecore.loading import Plugin
    from hedgecore.path import AbstractPath, Frame
    from hedgecore.policy import AbstractPolicy, Moments
    from hedgecore.positions import Position
    from hedgecore.reader import (
        AbstractReader,
        AbstractVenue,
        Quotation,
        Reading,
        Token,
        Wanted,
    )
    from hedgecore.registry import Registry, default_registry, load
    from hedgecore.secret import Secret
    from hedgecore.spec import build, schema, spec_of

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
    "book": "Book",
    "cost": "AbstractCost Order",
    "hookspecs": "hookimpl",
    "income": "AbstractIncome Earning",
    "invariant": "InvariantPool",
    "loading": "Plugin",
    "path": "AbstractPath Frame",
    "policy": "AbstractPolicy Moments",
    "positions": "Position",
    "reader": "AbstractReader AbstractVenue Quotation Reading Token Wanted",
    "registry": "Registry default_registry load",
    "secret": "Secret",
    "spec": "build schema spec_of",
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
