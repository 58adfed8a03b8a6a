"""The hooks: how a plugin says what it provides. Called once, at discovery; never to compute.

A plugin is a module with some of these functions, each marked `hookimpl`, and registered by an
entry point of the group ``hedgecore`` whose name is the plugin's short name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgecore.registry.markers import hookspec

if TYPE_CHECKING:
    from hedgecore.hedging.solvers import AbstractHedgeSolver
    from hedgecore.interfaces.cost import AbstractCost
    from hedgecore.interfaces.income import AbstractIncome
    from hedgecore.interfaces.policy import AbstractPolicy
    from hedgecore.interfaces.price_model import AbstractPriceModel
    from hedgecore.interfaces.reader import AbstractReader
    from hedgecore.interfaces.venue import AbstractVenue
    from hedgecore.market.instrument import Instrument
    from hedgecore.pools.model import PoolModel


@hookspec
def hedgecore_pools() -> list[type[PoolModel]]:
    """Pool models that this plugin provides, each under its own `kind`."""
    raise AssertionError  # a specification: never called


@hookspec
def hedgecore_instruments() -> list[type[Instrument]]:
    """Instruments that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec
def hedgecore_solvers() -> list[type[AbstractHedgeSolver]]:
    """Hedge solvers that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec
def hedgecore_readers() -> list[type[AbstractReader]]:
    """Readers that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec
def hedgecore_price_models() -> list[type[AbstractPriceModel]]:
    """Models of what prices do that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec
def hedgecore_policies() -> list[type[AbstractPolicy]]:
    """Policies of when to hedge that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec
def hedgecore_costs() -> list[type[AbstractCost]]:
    """Costs of trading that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec
def hedgecore_incomes() -> list[type[AbstractIncome]]:
    """Incomes of positions that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec
def hedgecore_venues() -> list[type[AbstractVenue]]:
    """Venues that this plugin provides, each under its own `kind`."""
    raise AssertionError


@hookspec(firstresult=True)
def hedgecore_interface() -> int:
    """Version of the interface that this plugin was written for; 1 if it is silent."""
    raise AssertionError
