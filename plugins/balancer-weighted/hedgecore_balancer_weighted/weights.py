"""Weights as they are written: fractions, per cent, or a text such as 80/20."""

from __future__ import annotations

import math
import re
from typing import Any

from attrs import Attribute

from hedgecore import SpecError, fields

TOLERANCE = 1e-3 + 1e-9
"""Relative distance of a sum from 1 or from 100; the rest is for rounding, as of 3 × 33.3."""
WHOLES = (1.0, 100.0)
SAYS = "positive; the sum 1, or 100 as per cent, within 0.1 %; a table may say '80/20'"
NUMBER = r"\d+(?:\.\d+)?"
TEXT = re.compile(rf"{NUMBER}(?:/{NUMBER})+")


def weights() -> Any:
    """Field of a pool's weights."""
    rule = fields.POSITIVE._replace(says=SAYS)
    about = "part of the pool's worth; only ratios count"
    return fields.numbers(about, "fraction or per cent", rule, validator=_sum_to_a_whole)


def from_text(given: Any, kind: str) -> Any:
    """Numbers of a text such as 80/20; anything but a text as it is."""
    if not isinstance(given, str):
        return given
    if not TEXT.fullmatch(given.replace(" ", "")):
        reason = f"must be a list of numbers, or a text such as '80/20', not {given!r:.80}"
        raise SpecError(reason, kind=kind, field="weights")
    return [float(each) for each in given.split("/")]


def _sum_to_a_whole(model: Any, its: Attribute[Any], given: tuple[float, ...]) -> None:
    total = math.fsum(given)
    if not any(abs(total / whole - 1.0) <= TOLERANCE for whole in WHOLES):
        reason = f"{given} must sum to 1, or as per cent to 100, within 0.1 %, not to {total:.10g}"
        raise fields.wrong(model, its.name, reason)
