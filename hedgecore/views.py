"""Records in a notebook: they show, tabulate, draw and save themselves, and know their names.

Records stand on low floors and know no report. These methods hand a record to
`hedgecore.report.views`, which has a row for each class and is imported by its name when one of
them is first called: the only such import inside hedgecore, so that a record costs no report.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REPORT = "hedgecore.report.views"
Part_co = TypeVar("Part_co", covariant=True)


def _report() -> Any:
    return importlib.import_module(REPORT)


class Viewable:
    """Record that a notebook shows, and that can be plain data or a file."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(_report().html(self))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001 - IPython's
        printer.text(_report().text(self))

    def to_dict(self) -> dict[str, Any]:
        """Plain data of the record, as ``--json`` writes it: every number finite or None."""
        found: dict[str, Any] = _report().to_dict(self)
        return found

    def save(self, path: str | Path) -> None:
        """Write the record into a .json file, whole or not at all; `load` reads it, to the bit.

        Raises:
            SpecError: another suffix, something in it that no plugin provides, or no such folder.

        """
        _report().save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Record of this class that `save` wrote.

        Raises:
            SpecError: the file is no such record; it says what it is.

        """
        found: Self = _report().load(cls, path)
        return found


class Tabular(Viewable):
    """Record with rows: the columns that a notebook shows, as a frame of any sort."""

    __slots__ = ()

    def to_pandas(self) -> pd.DataFrame:
        """Rows as a pandas data frame; it needs the extra ``pandas``."""
        frame: pd.DataFrame = _report().to_pandas(self)
        return frame

    def to_polars(self) -> pl.DataFrame:
        """Rows as a Polars data frame; it needs the extra ``polars``."""
        frame: pl.DataFrame = _report().to_polars(self)
        return frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return _report().to_arrow(self).__arrow_c_stream__(requested_schema)


class Drawable:
    """Record that the command line has a picture of."""

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes | Figure:
        """Picture of the record; it needs the extra ``plot``.

        Args:
            ax: axes for its main panel, which are returned; without any, the whole figure is, as
                ``--plot`` draws it.

        """
        drawn: Axes | Figure = _report().plot(self, ax)
        return drawn


class NamedParts(Generic[Part_co]):
    """Record whose parts have names: ``record["name"]``, with the nearest name where there is none.

    A class says what they are in `_parts_by_name`; iteration is over names.
    """

    __slots__ = ()

    def _parts_by_name(self) -> Mapping[str, Part_co]:
        return {}

    def keys(self) -> tuple[str, ...]:
        """Names of the parts, in order."""
        return tuple(self._parts_by_name())

    def items(self) -> tuple[tuple[str, Part_co], ...]:
        """Pairs of name and part, in order."""
        return tuple(self._parts_by_name().items())

    def __getitem__(self, name: str) -> Part_co:
        parts = self._parts_by_name()
        if name in parts:
            return parts[name]
        raise _report().unknown_part(type(self), name, parts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts_by_name())

    def __contains__(self, name: object) -> bool:
        return name in self._parts_by_name()

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._parts_by_name())
