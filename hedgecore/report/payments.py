"""Payments of funding in words: how many, how far apart, and what is not known of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from hedgecore.numerics.arrays import Array
from hedgecore.simulation import Simulation
from hedgecore.simulation.data.history import History
from hedgecore.simulation.funding import Funded
from hedgecore.simulation.plan import plan, times
from hedgecore.simulation.price_models.replay import Replay
from hedgecore.tables.render import amount
from hedgecore.units import HOURS_PER_YEAR, SECONDS_PER_HOUR

SECOND = 1 / 3600.0
"""Hours by which a payment may be from a row, by rounding, and still be at it."""
FEW = 5
"""Gaps and bad rows that are named; the rest is counted."""


@runtime_checkable
class Perpetual(Funded, Protocol):
    """Perpetual that pays funding, and says of which asset."""

    hedges: tuple[str, ...]


class PaymentCount(NamedTuple):
    """Payments of one perpetual over a run.

    Attributes:
        payments: how many were made.
        least_hours: the least from one to the next, hours; None of fewer than two.
        most_hours: the most, likewise.
        between: how many were between two steps, at the price last known.

    """

    payments: int
    least_hours: float | None
    most_hours: float | None
    between: int


def payment_counts(its: Simulation) -> dict[str, PaymentCount]:
    """Payments of each perpetual of a run, by its name; none where they accrue."""
    hours = times(its) * HOURS_PER_YEAR
    made = {name: _payment_hours(its, perp, hours[-1]) for name, perp in _perpetuals(its).items()}
    return {name: _count(at, hours) for name, at in made.items() if at is not None}


def _perpetuals(its: Simulation) -> dict[str, Perpetual]:
    legs = plan(its).legs.every
    return {leg.name: leg.priced for leg in legs if isinstance(leg.priced, Perpetual)}


def _payment_hours(its: Simulation, perp: Perpetual, end: float) -> Array | None:
    """Times of payments, hours since the start: their own, or the rule's."""
    path, every = its.price_model, perp.funding_hours
    if isinstance(path, Replay) and path.payments is not None and _is_funded_by(path, perp, its):
        rows = path.history.seconds
        return np.asarray(
            (path.payments.seconds[path.payments.mask(rows)] - rows[0]) / SECONDS_PER_HOUR
        )
    if its.funding.continuous:
        return None
    late = its.funding.since % every
    return np.arange(1, np.floor((end + late) / every + 1e-6) + 1) * every - late


def _is_funded_by(path: Replay, perp: Perpetual, its: Simulation) -> bool:
    """True if a history's rates are of a perpetual's asset, or of a number of it."""
    root = its.market.assets.root
    return root(path.asset) == root(perp.hedges[0])


def _count(at: Array, rows: Array) -> PaymentCount:
    steps = np.diff(at).round(6)
    near = np.searchsorted(rows, at - SECOND / 2)
    between = int(np.sum(np.abs(rows[np.minimum(near, len(rows) - 1)] - at) > SECOND / 2))
    least, most = (float(steps.min()), float(steps.max())) if steps.size else (None, None)
    return PaymentCount(len(at), least, most, between)


def sentences(its: Simulation) -> Iterator[str]:
    """Sentences on how often each perpetual paid, and on what of payments is not known."""
    counts = payment_counts(its)
    for count in dict.fromkeys(counts.values()):
        names = [name for name, each in counts.items() if each == count]
        yield f"Funding of {', '.join(names)}: {_words(count)}."
    path = its.price_model
    if isinstance(path, Replay):
        yield from _faults(path)
        yield from _rates_between(path, its)
        yield from _volumes(path.history)


def _words(count: PaymentCount) -> str:
    made = f"{count.payments:,} payment{'s' * (count.payments != 1)}"
    least, most = count.least_hours, count.most_hours
    if least is not None and most is not None:
        span = amount(least) if least == most else f"{amount(least)} to {amount(most)}"
        made = f"{made}, {span} h apart"
    if not count.payments:
        return made
    where = f"{count.between:,} between rows, at the price last known" if count.between else ""
    return f"{made}, {where or 'each at a row'}"


def _faults(path: Replay) -> Iterator[str]:
    """Sentences on gaps and faults in the rows of payments that have files of their own."""
    if path.payments is None:
        return
    found = {"Gaps in payments": path.payments.gaps, "Payments left out": path.payments.faults}
    for what, faults in found.items():
        if faults:
            first = "; ".join(map(str, faults[:FEW]))
            yield f"{what}, {len(faults)}: {first}{_more(len(faults))}."


def _more(count: int) -> str:
    return f"; and {count - FEW} more" if count > FEW else ""


def _rates_between(path: Replay, its: Simulation) -> Iterator[str]:
    """Sentence on a column of rates that changes more often than the perpetual pays."""
    rates = path.history.rows.get(f"funding:{path.asset}")
    if rates is None or path.payments is not None:
        return
    changes = int(np.count_nonzero(np.diff(rates)))
    every = _perpetuals(its).items()
    on_it = [name for name, perp in every if _is_funded_by(path, perp, its)]
    for name, count in payment_counts(its).items():
        if changes > count.payments and name in on_it:
            yield (
                f"The column of funding changes {changes:,} times, and {name} pays "
                f"{count.payments:,} times, at the rate of the moment: where each rate was paid, "
                "say its funding_hours, or give a file of payments."
            )


def _volumes(read: History) -> Iterator[str]:
    """Sentence on the volume that the rows lack, where they have gaps."""
    names = [name[7:] for name in read.rows if name.startswith("volume:")]
    if names and read.gaps:
        missing = round(float(np.sum(np.diff(read.seconds) - read.bars)) / read.interval)
        yield (
            f"Volume of {', '.join(names)} is unknown over the gaps, {missing:,} rows: the fees of "
            "these are left out."
        )
