"""The kinds that the core itself provides, through the same hooks as any plugin."""

from __future__ import annotations

from hedgecore.decisions.costs.fee import Fee
from hedgecore.decisions.costs.gas import Gas
from hedgecore.decisions.costs.half_spread import HalfSpread
from hedgecore.decisions.costs.impact import Impact
from hedgecore.decisions.costs.swap import Swap
from hedgecore.decisions.policies.band import Band
from hedgecore.decisions.policies.clock import Clock
from hedgecore.decisions.policies.every import Every
from hedgecore.decisions.policies.interval import Interval
from hedgecore.decisions.policies.leland import Leland
from hedgecore.decisions.policies.never import Never
from hedgecore.decisions.policies.price_move import PriceMove
from hedgecore.decisions.policies.whalley_wilmott import WhalleyWilmott
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.registry.markers import hookimpl
from hedgecore.simulation.incomes.rate import FeeRate
from hedgecore.simulation.incomes.volume import FeeVolume
from hedgecore.simulation.price_models.bootstrap import Bootstrap
from hedgecore.simulation.price_models.correlated import Correlated
from hedgecore.simulation.price_models.gbm import GBM
from hedgecore.simulation.price_models.heston import Heston
from hedgecore.simulation.price_models.log_ou import LogOU
from hedgecore.simulation.price_models.merton import Merton
from hedgecore.simulation.price_models.premium import Premium
from hedgecore.simulation.price_models.replay import Replay


@hookimpl
def hedgecore_price_models() -> list[type[AbstractPriceModel]]:
    """Provide the models of what prices do."""
    return [Bootstrap, Correlated, GBM, Heston, LogOU, Merton, Premium, Replay]


@hookimpl
def hedgecore_policies() -> list[type[AbstractPolicy]]:
    """Provide the policies of when to hedge."""
    return [Band, Clock, Every, Leland, Never, Interval, PriceMove, WhalleyWilmott]


@hookimpl
def hedgecore_costs() -> list[type[AbstractCost]]:
    """Provide what trading costs."""
    return [Fee, Gas, HalfSpread, Impact, Swap]


@hookimpl
def hedgecore_incomes() -> list[type[AbstractIncome]]:
    """Provide what positions in pools earn."""
    return [FeeRate, FeeVolume]
