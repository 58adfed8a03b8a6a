"""The kinds that the core itself provides, through the same hooks as any plugin."""

from __future__ import annotations

from hedgecore import AbstractCost, AbstractIncome, AbstractPath, AbstractPolicy, hookimpl
from hedgecore.simulation.costs.fee import Fee
from hedgecore.simulation.costs.gas import Gas
from hedgecore.simulation.costs.impact import Impact
from hedgecore.simulation.costs.spread import HalfSpread
from hedgecore.simulation.costs.swap import Swap
from hedgecore.simulation.incomes.rate import FeeRate
from hedgecore.simulation.incomes.volume import FeeVolume
from hedgecore.simulation.paths.bootstrap import Bootstrap
from hedgecore.simulation.paths.correlated import Correlated
from hedgecore.simulation.paths.gbm import GBM
from hedgecore.simulation.paths.heston import Heston
from hedgecore.simulation.paths.log_ou import LogOU
from hedgecore.simulation.paths.merton import Merton
from hedgecore.simulation.paths.premium import Premium
from hedgecore.simulation.paths.replay import Replay
from hedgecore.simulation.policies.band import Band
from hedgecore.simulation.policies.clock import Clock
from hedgecore.simulation.policies.every import Every
from hedgecore.simulation.policies.leland import Leland
from hedgecore.simulation.policies.never import Never
from hedgecore.simulation.policies.optimal import Optimal
from hedgecore.simulation.policies.price_move import PriceMove
from hedgecore.simulation.policies.whalley_wilmott import WhalleyWilmott


@hookimpl
def hedgecore_paths() -> list[type[AbstractPath]]:
    """Provide the models of what prices do."""
    return [Bootstrap, Correlated, GBM, Heston, LogOU, Merton, Premium, Replay]


@hookimpl
def hedgecore_policies() -> list[type[AbstractPolicy]]:
    """Provide the policies of when to hedge."""
    return [Band, Clock, Every, Leland, Never, Optimal, PriceMove, WhalleyWilmott]


@hookimpl
def hedgecore_costs() -> list[type[AbstractCost]]:
    """Provide what trading costs."""
    return [Fee, Gas, HalfSpread, Impact, Swap]


@hookimpl
def hedgecore_incomes() -> list[type[AbstractIncome]]:
    """Provide what positions in pools earn."""
    return [FeeRate, FeeVolume]
