"""hedgecore: value, delta and gamma of any pool, and the exact hedge of any book of them."""

from hedgecore import fields
from hedgecore.answer import Certificate, Hedge
from hedgecore.basket import BasketPool
from hedgecore.book import Book
from hedgecore.cost import AbstractCost, Order
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
from hedgecore.income import AbstractIncome, Earning
from hedgecore.invariant import InvariantPool
from hedgecore.loading import Plugin
from hedgecore.market import Market
from hedgecore.moved import moved
from hedgecore.pair import PairPool
from hedgecore.path import AbstractPath, Frame
from hedgecore.policy import AbstractPolicy, Moments
from hedgecore.pool import Greeks, PoolModel
from hedgecore.portfolio import Balance, Enterable, Portfolio, Tradable, entered
from hedgecore.positions import Position
from hedgecore.problem import HedgeProblem, HedgeRequest
from hedgecore.reader import (
    AbstractReader,
    AbstractVenue,
    Quotation,
    Reading,
    Token,
    Wanted,
)
from hedgecore.registry import Registry, default_registry, load
from hedgecore.scenario import Profit, Scenario, scenario
from hedgecore.secret import Secret
from hedgecore.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.spec import build, schema, spec_of
from hedgecore.standing import Standing, standing
from hedgecore.terms import Carried, Charged, Floored, Margined, Notional
from hedgecore.twofold import quotient

__all__ = [
    "AbstractCost",
    "AbstractHedgeSolver",
    "AbstractIncome",
    "AbstractPath",
    "AbstractPolicy",
    "AbstractReader",
    "AbstractVenue",
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
