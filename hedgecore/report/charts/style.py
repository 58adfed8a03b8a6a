"""Style of all charts: colours, fonts, headings, and how a figure is saved."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from textwrap import fill, wrap
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from hedgecore.tables.printable import printable
from hedgecore.tables.render import amount

BEFORE, AFTER = "#D55E00", "#0072B2"
"""Vermillion and blue of Okabe and Ito, which everybody can tell apart."""
INK, PALE_INK, PALE = "#333333", "#666666", "#9A9A9A"
STYLE: dict[Any, Any] = {
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E8E8E8",
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.2,
    "lines.dash_capstyle": "butt",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "hedgecore",
}
NUMBER = FuncFormatter(lambda x, _: amount(x).replace("-", "\N{MINUS SIGN}"))
"""Numbers of an axis, with seven digits and a minus sign."""


class Picture(Figure):
    """Figure that a notebook shows as the value of a cell, in this style."""

    def _repr_png_(self) -> bytes:
        with chart_style():
            out = BytesIO()
            self.savefig(out, format="png", dpi=110)
            return out.getvalue()


@contextmanager
def chart_style() -> Iterator[None]:
    """Context in which all that is drawn has this style."""
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may have letters that the font has not
        yield


def save_figure(drawing: Callable[[], Figure], path: Path) -> None:
    """Write the figure that `drawing` draws, in this style, into a .png or .svg file."""
    with chart_style():
        metadata = {"Date": None} if path.suffix.lower() == ".svg" else None
        drawing().savefig(path, dpi=160, metadata=metadata)


def add_heading(
    figure: Figure, name: str, sentences: Iterable[str], wide: int = 112, *, legend: bool = True
) -> None:
    """Write a name and sentences above the first panel, and its legend below all."""
    small = [
        line for each in sentences for line in wrap(printable(each), wide, break_on_hyphens=False)
    ]
    top = figure.axes[0]
    top.set_title("\n".join(small), loc="left", color=PALE_INK, fontsize=8, pad=24)
    label_above(top, fill(printable(name), 60), 29 + 11 * len(small), size=15)
    if legend:
        lines = top.get_legend_handles_labels()
        figure.legend(*lines, loc="outside lower center", ncols=5, frameon=False)


def draw_zero_line(axes: Axes) -> None:
    """Draw a line at 0."""
    axes.axhline(0.0, color=PALE, linewidth=0.8, zorder=1.5)


def label_above(axes: Axes, words: str, above: float, size: float = 9.5) -> None:
    """Write bold words so many points above the left end of a panel's upper edge."""
    axes.annotate(
        words,
        (0, 1),
        (0, above),
        xycoords="axes fraction",
        textcoords="offset points",
        weight="bold",
        size=size,
    )
