"""The page of published numbers, from docs/literature.toml, and its pictures.

``python docs/literature.py`` writes docs/reference/literature.md and the pictures beside it.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
ROWS = DOCS / "literature.toml"
PAGE = DOCS / "reference" / "literature.md"
PICTURES = DOCS / "reference" / "literature"
HEAD = """\
# Published numbers, and the tests that hold them

Numbers of books and papers that this package reaches, each under the convention that it takes. A
number that is printed with n digits is reached to half a unit of the last.

Each row is held twice. A test of the product asks the product. And `tests/derivations.py` derives
the number by another way that imports nothing of the product: an integral, a root, fractions,
QuantLib. `tests/test_literature.py` compares both with what is printed. The page is written by
`python docs/literature.py` from `docs/literature.toml`.
"""
DRAWN = {
    "aigner-dhaliwal": "Loss against holding of three ranges, P₀ = 1; dots are printed numbers.",
    "khakhar-chen-v3": "The WBTC position over its price; the dot is the printed worth at 20 000.",
    "hull-19-2": "The delta of Hull's call along his path; dots are the deltas of his table.",
}
"""Row → what its picture shows."""


def rows() -> dict[str, Any]:
    """Rows of the gallery, by name."""
    return tomllib.loads(ROWS.read_text(encoding="utf-8"))


def page() -> str:
    """Whole page."""
    parts = [HEAD, *(_section(name, row) for name, row in rows().items())]
    return "\n".join(parts)


def _section(name: str, row: Mapping[str, Any]) -> str:
    return "\n".join(_lines(name, row))


def _lines(name: str, row: Mapping[str, Any]) -> Iterator[str]:
    numbers = ", ".join(f"{label} **{number}**" for label, number in row["published"].items())
    yield f"**{row['source']}**: {row['inputs']}."
    yield ""
    yield f"- Printed: {numbers}. Convention: {row['convention']}."
    yield f"- Held by `{row['test']}`. Derived again by {row['way']}."
    if name in DRAWN:
        yield ""
        yield f"![{DRAWN[name]}](literature/{name}.svg)"
    yield ""


def main() -> None:
    """Write the page and its pictures."""
    PAGE.write_text(page(), encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    from literature_pictures import draw  # noqa: PLC0415 - matplotlib, for the pictures alone

    for name in DRAWN:
        draw(name, rows()[name], PICTURES / f"{name}.svg")


if __name__ == "__main__":
    main()
