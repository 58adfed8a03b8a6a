"""hedgecore: value, delta and gamma of any pool, and the exact hedge of any book of them.

Each public name is imported from its module at first use, so that a command pays for what it needs.
"""

import importlib
import typing

if typing.TYPE_CHECKING:
    from hedgecore import fields
    from hedgecore.analysis.profit import Profit, Scenario
    from hedgecore.analysis.scenario import scenario
    from hedgecore.books.book import Book
    from hedgecore.books.positions import Position
    from hedgecore.errors import (
        AssetError,
        ConvergenceError,
        HedgecoreError,
        HedgeError,
        JournalError,
        LeaseError,
        PluginError,
        PriceError,
        ReaderError,
        RejectedError,
        SearchError,
        SpecError,
        UnknownKindError,
        VenueError,
    )
    from hedgecore.fast import compiled
    from hedgecore.hedging.certificate import Certificate
    from hedgecore.hedging.hedge import hedge
    from hedgecore.hedging.lots import OrderSizes
    from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
    from hedgecore.hedging.result import Hedge
    from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
    from hedgecore.interfaces.account import (
        Account,
        AccountEvent,
        AccountMargin,
        ContractPosition,
        ContractTerms,
        Debt,
        EventKind,
        Identity,
        TopOfBook,
    )
    from hedgecore.interfaces.cost import AbstractCost, Trades
    from hedgecore.interfaces.income import AbstractIncome, Earning
    from hedgecore.interfaces.orders import Absent, Filled, Intent, Receipt, Unknown
    from hedgecore.interfaces.policy import AbstractPolicy, Observation
    from hedgecore.interfaces.price_model import AbstractPriceModel, PathChunk
    from hedgecore.interfaces.reader import AbstractReader, SearchRequest
    from hedgecore.interfaces.reading import PriceQuote, Reading, Token
    from hedgecore.interfaces.source import AbstractSource
    from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
    from hedgecore.market.exposure import Exposure
    from hedgecore.market.frozen import SupportsExpiry, SupportsFrozen
    from hedgecore.market.instrument import Instrument, Priced
    from hedgecore.market.market import Market
    from hedgecore.market.numeraire import in_numeraire, prices_in_quote
    from hedgecore.market.portfolio import (
        Balance,
        Portfolio,
        SupportsAggregation,
        SupportsEntry,
        Tradable,
        enter,
    )
    from hedgecore.market.stated import StatedPrice
    from hedgecore.market.terms import (
        SupportsCarry,
        SupportsFee,
        SupportsMargin,
        SupportsMinOrder,
        SupportsNetLoss,
        SupportsNotional,
        SupportsStatedPrices,
    )
    from hedgecore.numerics.error_free import divide_exact
    from hedgecore.numerics.steps import Intervals, running_sums
    from hedgecore.pools.alternatives import Alternative, SupportsAlternatives
    from hedgecore.pools.basket import BasketPool
    from hedgecore.pools.impermanent_loss import impermanent_loss
    from hedgecore.pools.invariant import InvariantPool
    from hedgecore.pools.kernel import Kernel
    from hedgecore.pools.mispricing import Mispricing, mispricing
    from hedgecore.pools.model import Greeks, PoolModel
    from hedgecore.pools.pair import PairPool
    from hedgecore.pools.payoff import PayoffPool
    from hedgecore.registry.loading import Plugin
    from hedgecore.registry.markers import hookimpl
    from hedgecore.registry.registry import Registry, default_registry, load_plugins
    from hedgecore.registry.specs import build, schema, spec_of
    from hedgecore.tables.secret import Secret

__all__ = [
    "Absent",
    "AbstractCost",
    "AbstractHedgeSolver",
    "AbstractIncome",
    "AbstractPolicy",
    "AbstractPriceModel",
    "AbstractReader",
    "AbstractSession",
    "AbstractSource",
    "AbstractVenue",
    "Account",
    "AccountEvent",
    "AccountMargin",
    "Alternative",
    "AssetError",
    "Balance",
    "BasketPool",
    "Book",
    "Certificate",
    "ContractPosition",
    "ContractTerms",
    "ConvergenceError",
    "Debt",
    "Earning",
    "EventKind",
    "Exposure",
    "Filled",
    "Greeks",
    "Hedge",
    "HedgeError",
    "HedgeProblem",
    "HedgeRequest",
    "HedgecoreError",
    "Identity",
    "Instrument",
    "Intent",
    "Intervals",
    "InvariantPool",
    "JournalError",
    "Kernel",
    "LeaseError",
    "LeastSquares",
    "Market",
    "Mispricing",
    "Observation",
    "OrderSizes",
    "PairPool",
    "PathChunk",
    "PayoffPool",
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
    "Receipt",
    "Registry",
    "RejectedError",
    "Scenario",
    "SearchError",
    "SearchRequest",
    "Secret",
    "SpecError",
    "StatedPrice",
    "SupportsAggregation",
    "SupportsAlternatives",
    "SupportsCarry",
    "SupportsEntry",
    "SupportsExpiry",
    "SupportsFee",
    "SupportsFrozen",
    "SupportsMargin",
    "SupportsMinOrder",
    "SupportsNetLoss",
    "SupportsNotional",
    "SupportsStatedPrices",
    "Token",
    "TopOfBook",
    "Tradable",
    "Trades",
    "Unknown",
    "UnknownKindError",
    "VenueError",
    "build",
    "compiled",
    "default_registry",
    "divide_exact",
    "enter",
    "fields",
    "hedge",
    "hookimpl",
    "impermanent_loss",
    "in_numeraire",
    "load_plugins",
    "mispricing",
    "prices_in_quote",
    "running_sums",
    "scenario",
    "schema",
    "spec_of",
]

_MODULES = {
    "analysis.profit": "Profit Scenario",
    "analysis.scenario": "scenario",
    "books.book": "Book",
    "books.positions": "Position",
    "errors": "AssetError ConvergenceError HedgeError HedgecoreError JournalError LeaseError "
    "PluginError PriceError ReaderError RejectedError SearchError SpecError UnknownKindError "
    "VenueError",
    "hedging.hedge": "hedge",
    "hedging.lots": "OrderSizes",
    "hedging.problem": "HedgeProblem HedgeRequest",
    "hedging.certificate": "Certificate",
    "hedging.result": "Hedge",
    "hedging.solvers": "AbstractHedgeSolver LeastSquares",
    "interfaces.account": "Account AccountEvent AccountMargin ContractPosition ContractTerms Debt "
    "EventKind Identity TopOfBook",
    "interfaces.cost": "AbstractCost Trades",
    "interfaces.income": "AbstractIncome Earning",
    "interfaces.orders": "Absent Filled Intent Receipt Unknown",
    "interfaces.policy": "AbstractPolicy Observation",
    "interfaces.price_model": "AbstractPriceModel PathChunk",
    "interfaces.reader": "AbstractReader SearchRequest",
    "interfaces.reading": "PriceQuote Reading Token",
    "interfaces.source": "AbstractSource",
    "interfaces.venue": "AbstractSession AbstractVenue",
    "market.exposure": "Exposure",
    "market.frozen": "SupportsExpiry SupportsFrozen",
    "market.instrument": "Instrument Priced",
    "market.market": "Market",
    "market.numeraire": "in_numeraire prices_in_quote",
    "market.portfolio": "Balance Portfolio SupportsAggregation SupportsEntry Tradable enter",
    "market.stated": "StatedPrice",
    "market.terms": "SupportsCarry SupportsFee SupportsMargin SupportsMinOrder SupportsNetLoss "
    "SupportsNotional SupportsStatedPrices",
    "fast": "compiled",
    "numerics.error_free": "divide_exact",
    "numerics.steps": "Intervals running_sums",
    "pools.alternatives": "Alternative SupportsAlternatives",
    "pools.basket": "BasketPool",
    "pools.impermanent_loss": "impermanent_loss",
    "pools.invariant": "InvariantPool",
    "pools.kernel": "Kernel",
    "pools.mispricing": "Mispricing mispricing",
    "pools.model": "Greeks PoolModel",
    "pools.pair": "PairPool",
    "pools.payoff": "PayoffPool",
    "registry.markers": "hookimpl",
    "registry.loading": "Plugin",
    "registry.registry": "Registry default_registry load_plugins",
    "registry.specs": "build schema spec_of",
    "tables.secret": "Secret",
}
"""Module → its public names; no name here is a module's own."""

if not typing.TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "fields":
            return importlib.import_module("hedgecore.fields")
        for module, names in _MODULES.items():
            if name in names.split():
                found = getattr(importlib.import_module(f"hedgecore.{module}"), name)
                globals()[name] = found
                return found
        from hedgecore.renamed import renamed_name  # noqa: PLC0415 - for those who meet an old one

        raise AttributeError(f"module 'hedgecore' has no attribute {name!r}{renamed_name(name)}")


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
