"""hedgecore: value, delta and gamma of any pool, and the exact hedge of any book of them."""

from hedgecore import fields
from hedgecore.basket import BasketPool
from hedgecore.book import Book
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
from hedgecore.hookspecs import hookimpl
from hedgecore.invariant import InvariantPool
from hedgecore.loading import Plugin
from hedgecore.market import Market
from hedgecore.pair import PairPool
from hedgecore.path import AbstractPath, Frame
from hedgecore.policy import AbstractPolicy, Moments
from hedgecore.pool import Greeks, PoolModel
from hedgecore.portfolio import Balance, Enterable, Portfolio, Tradable, entered
from hedgecore.positions import Position
from hedgecore.problem import Certificate, Hedge, HedgeProblem, HedgeRequest
from hedgecore.registry import Registry, default_registry, load
from hedgecore.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.spec import build, schema, spec_of
from hedgecore.standing import Standing, standing
from hedgecore.twofold import quotient

__all__ = [
    "AbstractHedgeSolver",
    "AbstractPath",
    "AbstractPolicy",
    "AssetError",
    "Balance",
    "BasketPool",
    "Book",
    "Certificate",
    "ConvergenceError",
    "Enterable",
    "Exposure",
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
    "Market",
    "Moments",
    "PairPool",
    "Plugin",
    "PluginError",
    "PoolModel",
    "Portfolio",
    "Position",
    "PriceError",
    "Priced",
    "ReaderError",
    "Registry",
    "SpecError",
    "Standing",
    "Tradable",
    "UnknownKindError",
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
    "quotient",
    "schema",
    "spec_of",
    "standing",
]
