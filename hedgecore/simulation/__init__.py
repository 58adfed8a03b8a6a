"""Dynamic hedging: paths, policies, costs, and an exact ledger."""

from hedgecore.analysis.grid import scenarios
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.decisions.policies.abstract_schedule import AbstractSchedule
from hedgecore.parallel import map_blocks
from hedgecore.simulation.engine.ledger import COLUMNS
from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.margin import Margin
from hedgecore.simulation.price_models.diffusion import AbstractDiffusion
from hedgecore.simulation.results.metrics import Estimate
from hedgecore.simulation.results.outcome import Outcome, Series
from hedgecore.simulation.results.result import SimulationResult
from hedgecore.simulation.saved import load
from hedgecore.simulation.settings import Simulation
from hedgecore.simulation.simulate import simulate

__all__ = [
    "COLUMNS",
    "AbstractBand",
    "AbstractDiffusion",
    "AbstractSchedule",
    "Estimate",
    "FundingRule",
    "Margin",
    "Outcome",
    "Series",
    "Simulation",
    "SimulationResult",
    "load",
    "map_blocks",
    "scenarios",
    "simulate",
]
