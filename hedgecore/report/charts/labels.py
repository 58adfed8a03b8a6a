"""Words beside the points of a picture, where there is room for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.numerics.arrays import Array

SIZE, WIDE, HIGH, GAP = 8.0, 0.56, 1.25, 6.0
"""Of letters, in points; their width and height as parts of that; and how far from the point."""
RINGS = 6
MARK = np.array([8.0, 3.5])
"""Half of the width and height of a point with its errors."""


class Label(NamedTuple):
    """A word, the point that it is of, and its colour."""

    word: str
    point: tuple[float, float]
    colour: str


def place_labels(figure: Figure, axes: Axes, labels: Sequence[Label]) -> None:
    """Write each word beside its point, where it covers neither a point nor another word."""
    figure.draw_without_rendering()  # the layout is known only then
    scale = 72.0 / figure.dpi
    places = scale * axes.transData.transform(
        np.array([each.point for each in labels], dtype=np.float64)
    )
    frame = scale * np.ravel(axes.get_window_extent().get_points())
    marks = [np.concatenate([place - MARK, place + MARK]) for place in places]
    taken: list[Array] = list(marks)
    for place, (word, point, colour) in zip(places, labels, strict=True):
        box, shift = _room(place, word, taken, frame)
        taken.append(box)
        axes.annotate(
            word, point, tuple(shift), textcoords="offset points", size=SIZE, color=colour,
            va="bottom", zorder=4,
        )  # fmt: skip


def _room(place: Array, word: str, taken: Sequence[Array], frame: Array) -> tuple[Array, Array]:
    """First place for a word that is free, as a box, and its shift from the point."""
    size = np.array([WIDE * SIZE * len(word), HIGH * SIZE])
    found = [
        (np.concatenate([place + shift, place + shift + size]), shift) for shift in _shifts(size)
    ]
    return next((e for e in found if _within(e[0], frame) and not _covers(e[0], taken)), found[0])


def _within(box: Array, frame: Array) -> bool:
    return bool(np.all(box[:2] >= frame[:2]) and np.all(box[2:] <= frame[2:]))


def _shifts(size: Array) -> Iterator[Array]:
    """Shifts of a label to try: right, left, above and below of the point, then further away."""
    wide, high = size
    for ring in range(1, RINGS):
        far = GAP * (1.0 + 1.1 * (ring - 1))
        for x, y in (
            (far, far / 3), (-far - wide, far / 3), (far, -high - far / 3),
            (-far - wide, -high - far / 3), (-wide / 2, far), (-wide / 2, -high - far),
        ):  # fmt: skip
            yield np.array([x, y])


def _covers(box: Array, taken: Sequence[Array]) -> bool:
    return any(np.all(box[:2] < other[2:]) and np.all(other[:2] < box[2:]) for other in taken)
