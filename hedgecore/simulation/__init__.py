"""Dynamic hedging: paths, policies, costs, and an exact ledger."""

from hedgecore.simulation.funding import FundingRule
from hedgecore.simulation.ledger import COLUMNS
from hedgecore.simulation.margin import Margin
from hedgecore.simulation.metrics import Estimate
from hedgecore.simulation.outcome import Outcome, Series
from hedgecore.simulation.policies.bands import AbstractBand
from hedgecore.simulation.run import Run
from hedgecore.simulation.simulation import Simulation, simulate, simulation

__all__ = [
    "COLUMNS",
    "AbstractBand",
    "Estimate",
    "FundingRule",
    "Margin",
    "Outcome",
    "Run",
    "Series",
    "Simulation",
    "simulate",
    "simulation",
]
