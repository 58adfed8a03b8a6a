"""Dynamic hedging: paths, policies, costs, and an exact ledger."""

from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.grid import scenarios
from hedgecore.simulation.ledger import COLUMNS
from hedgecore.simulation.margin import Margin
from hedgecore.simulation.metrics import Estimate
from hedgecore.simulation.outcome import Outcome, Series
from hedgecore.simulation.paths.diffusion import AbstractDiffusion
from hedgecore.simulation.policies.bands import AbstractBand
from hedgecore.simulation.run import Run
from hedgecore.simulation.saved import load
from hedgecore.simulation.settings import asked
from hedgecore.simulation.simulation import Simulation, simulate, simulation
from hedgecore.simulation.spread import spread

__all__ = [
    "COLUMNS",
    "AbstractBand",
    "AbstractDiffusion",
    "Estimate",
    "FundingRule",
    "Margin",
    "Outcome",
    "Run",
    "Series",
    "Simulation",
    "asked",
    "load",
    "scenarios",
    "simulate",
    "simulation",
    "spread",
]
