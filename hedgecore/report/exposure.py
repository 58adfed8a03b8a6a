"""An exposure as tables, columns and JSON: value, and Greeks by asset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hedgecore.market.exposure import Exposure
from hedgecore.report.frames import Columns, named_columns
from hedgecore.tables.render import Table, amount, cash

HEADS = ("delta", "delta_cash", "gamma", "gamma_cash")


def tables(exposure: Exposure) -> list[Table]:
    """Table of delta and gamma by asset; in cash where the prices are known."""
    unit, known = exposure.numeraire, exposure.prices is not None
    money = ("cash delta", "gamma per 1 %") if known else ()
    heads = ("asset", "delta", "gamma", *(f"{head}, {unit}" for head in money))
    rows = [
        (
            asset, amount(its.delta), amount(its.gamma),
            *((cash(its.delta_cash), cash(its.gamma_cash)) if known else ()),
        )
        for asset, its in exposure.items()
    ]  # fmt: skip
    return [Table(f"Exposure, worth {cash(exposure.value)} {unit}", heads, rows)]


def remarks(exposure: Exposure) -> Iterator[str]:
    """Sentences on the other sensitivities."""
    for name, number in exposure.other.items():
        yield f"{name}: {amount(number)}."


def columns(exposure: Exposure) -> Columns:
    """Columns of Greeks, a row for each asset."""
    return named_columns("asset", dict(exposure.items()), HEADS, np.shape(exposure.value))


def document(exposure: Exposure) -> dict[str, Any]:
    """Mapping for JSON: value, Greeks by asset, and all else."""
    return {
        "numeraire": exposure.numeraire,
        "value": exposure.value,
        "assets": {asset: its._asdict() for asset, its in exposure.items()},
        "gamma": exposure.gamma,
        "other": exposure.other,
    }
