"""Options of `simulate`, `backtest` and `compare`, and the settings that they make."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.cli.options.books import book_of
from hedgecore.cli.options.common import kinds_of, policy_names
from hedgecore.cli.options.rates import with_rates
from hedgecore.cli.terminal.extras import check_extras
from hedgecore.cli.terminal.failures import usage_errors
from hedgecore.cli.terminal.output import check_picture
from hedgecore.report import run_description
from hedgecore.report.files import check_suffix
from hedgecore.simulation import Simulation
from hedgecore.simulation.saved import differences, own
from hedgecore.simulation.table import with_settings
from hedgecore.tables.atomic_write import SUFFIXES as TABLES
from hedgecore.tables.files import read_tables

FIELD = re.compile(r",(?=\s*\w+\s*=)")
"""A comma before the next field, and not one within a list."""
SHORT = re.compile(r"[+-]?(\d+\.?|\d*\.\d+)([eE][+-]?\d+)?")
"""Numbers as people write them, and TOML does not: .6, and 5. with nothing behind."""
HISTORIES = ("files", "funding")
"""Fields of a price model that name files of history."""
KIND = "KIND[,FIELD=VALUE…]"

Policy = Annotated[
    str | None,
    typer.Option(
        metavar=KIND,
        help="When to trade: never, clock,hours=8, band,half_width=2 …",
        autocompletion=policy_names,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar=KIND,
        help="What prices do: gbm,vol=0.8 …",
        autocompletion=kinds_of("hedgecore_price_models"),
    ),
]
Paths = Annotated[
    int | None,
    typer.Option(
        min=1, help="How many: 512, whose mean is sure to 4.4 % of the spread; 100000 on a night."
    ),
]
StandardError = Annotated[
    float | None,
    typer.Option(
        metavar="FRACTION",
        help="So many paths instead that the mean is sure to this part of the spread, as 0.01.",
    ),
]
Days = Annotated[float | None, typer.Option(help="How long; 30 unless the book says.")]
Steps = Annotated[int | None, typer.Option(min=1, help="How many looks at the book; one an hour.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Of the random numbers.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes of this machine.")]
Cluster = Annotated[
    str | None, typer.Option(metavar="tcp://…", help="A Dask cluster, instead of workers.")
]
Results = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write all results: a .csv or .parquet file.")
]
Save = Annotated[
    Path | None,
    typer.Option(metavar="RUN", help="Write what repeats the run: a .toml or .json file."),
]


def spec_of_words(text: str) -> dict[str, Any]:
    """Table that ``band,half_width=0.01,of=worth`` writes in one word."""
    kind, *rest = FIELD.split(text) if "=" in text else [text]
    return {"kind": kind.strip(), **dict(map(_field, rest))}


def _field(text: str) -> tuple[str, Any]:
    name, value = (each.strip() for each in text.partition("=")[::2])
    try:
        return name, tomllib.loads(f"x = {value}")["x"]
    except tomllib.TOMLDecodeError:
        return name, float(value) if SHORT.fullmatch(value) else value


def settings_of(**options: Any) -> dict[str, Any]:
    """Settings that were given, policy and path as tables; None stands for what was not."""
    found = {name: each for name, each in options.items() if each is not None}
    return {n: spec_of_words(x) if n in ("policy", "price_model") else x for n, x in found.items()}


@frozen(eq=False)
class RunFile:
    """A book's file, and the run that it and the options ask for.

    Attributes:
        file: its name.
        tables: what it holds, with the fees and funding rates of the command line.
        book: what that describes.
        own: its settings, the histories that they name found beside it.

    """

    file: Path
    tables: Mapping[str, Any]
    book: Book
    own: Mapping[str, Any]

    @classmethod
    def load(
        cls,
        file: Path,
        *,
        fee: Sequence[str] | None = None,
        funding: Sequence[str] | None = None,
        accept: bool = False,
    ) -> RunFile:
        """Read a book's file, with the rates that were given; SpecError where it is no book."""
        tables = with_rates(read_tables(file), fee=fee, funding=funding)
        return cls(file, tables, book_of(tables, accept=accept), own(tables, file))

    def settings(self, options: Mapping[str, Any]) -> Simulation:
        """Settings of the run, the book's own with the options in their place."""
        return Simulation.from_book(self.book, with_settings(self.own, options))

    @property
    def histories(self) -> list[str]:
        """Names of the files of history that the book's own price model is from."""
        model = self.own.get("price_model")
        lists = [model.get(key) for key in HISTORIES] if isinstance(model, Mapping) else []
        return [str(each) for files in lists if isinstance(files, list) for each in files]

    @property
    def remarks(self) -> list[str]:
        """Sentences on what differs from when the run was saved, and on pools off the market."""
        return [*differences(self.tables, self.file), *run_description.pools_off_market(self.book)]


def _is_parquet(file: str | Path) -> bool:
    return Path(file).suffix.lower() == ".parquet"


def check_files(
    results: Path | None,
    save: Path | None,
    plot: Path | None,
    *,
    cluster: str | None = None,
    histories: Iterable[str] = (),
) -> None:
    """Refuse what could not be written, read or reached, before anything is computed.

    Raises:
        BadParameter: a suffix, or missing extras, all of them at once.

    """
    if plot is not None:
        check_picture(plot)
    if results is not None:
        with usage_errors("--results: "):
            check_suffix(results)
    check_extras(
        {
            "plot": plot is not None,
            "parquet": any(_is_parquet(each) for each in (results or "", *histories)),
            "cluster": cluster is not None,
        }
    )
    if save is not None and save.suffix.lower() not in TABLES:
        raise typer.BadParameter(f"--save writes {' or '.join(TABLES)}, not {save.name}")
