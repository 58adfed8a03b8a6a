"""The fields that several policies have."""

from __future__ import annotations

from typing import Any

import hedgecore.fields as fields


def to(default: str = "edge") -> Any:
    """Field that says how far a trade goes."""
    return fields.choice(
        "how far a trade goes: to the band's edge or to its centre", TO, default=default
    )


def hours(about: str) -> Any:
    """Field for an interval."""
    return fields.number(about, "hours")


TO = ("edge", "centre")
