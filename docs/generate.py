"""Write what can be written by machine: ``python docs/generate.py`` from the root of the tree.

It writes a reference page for each installed kind, from its class and its fields' metadata, and the
page of names that were others once, from `hedgecore.renamed`, and the table of which distribution
provides which kind, `hedgecore.registry.providers`. With
``--outputs`` it also replaces the output blocks of all pages by what is printed now: read the
difference before you commit it.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import forks  # beside this script

import hedgecore as hc
from hedgecore import renamed
from hedgecore.tables.toml import toml

HERE = Path(__file__).resolve().parent
KINDS = HERE / "reference" / "kinds"
RENAMED = HERE / "reference" / "renamed.md"
PROVIDERS = HERE.parent / "hedgecore" / "registry" / "providers.py"
HEAD = "<!-- written by docs/generate.py from the class: change it there -->\n"
OURS = {
    "hedgecore",
    *(f"hedgecore-{folder.name}" for folder in (HERE.parent / "plugins").iterdir()),
}
WHAT_IS = {
    "instrument": "An instrument",
    "pool": "A pool",
    "solver": "A solver",
    "reader": "A reader",
    "path": "A model of what prices do",
    "policy": "A policy of when to hedge",
    "cost": "A cost of trading",
    "income": "What a position earns",
    "venue": "A venue",
}
WHAT = {
    "hedgecore_pools": "pool",
    "hedgecore_instruments": "instrument",
    "hedgecore_solvers": "solver",
    "hedgecore_readers": "reader",
    "hedgecore_price_models": "path",
    "hedgecore_policies": "policy",
    "hedgecore_costs": "cost",
    "hedgecore_incomes": "income",
    "hedgecore_venues": "venue",
}


def kind_pages(registry: hc.Registry) -> dict[str, str]:
    """Return file name → page, of each kind and of their list."""
    kinds = {
        kind: what
        for hook, what in WHAT.items()
        for kind in registry.kinds(hook)
        if registry.plugin(kind).distribution in OURS
    }
    pages = {f"{kind}.md": _page(kind, what, registry) for kind, what in sorted(kinds.items())}
    return {"README.md": _list(kinds, registry), **pages}


def providers_module(registry: hc.Registry) -> str:
    """Return the module that says which distribution of ours provides which kind."""
    found = {kind: registry.plugin(kind).distribution for kind in registry}
    rows = [
        f'    "{kind}": "{by}",'
        for kind, by in sorted(found.items())
        if by in OURS - {"hedgecore", "hedgecore-example-curve"}
    ]
    about = '"""Kinds of our own plugins, and the distribution of each: for those not installed."""'
    head = f"{about}\n\n# Written by docs/generate.py.\n\nfrom __future__ import annotations\n"
    table = "\n".join(["PROVIDERS = {", *rows, "}"])
    return f"{head}\n{table}\n"


def renamed_page() -> str:
    """Return the page of old names, each with the one that it has now."""
    tables = {
        "Names of the facade": renamed.NAMES,
        "Hooks": renamed.HOOKS,
        "Kinds": renamed.KINDS,
        **{f"What classes of `{hook}` define": names for hook, names in renamed.METHODS.items()},
        **{f"Options of `hedgecore {name}`": words for name, words in renamed.OPTIONS.items()},
        **{f"Keys of the table `[{name}]`": keys for name, keys in renamed.FIELDS.items()},
    }
    about = "Names from before 0.2. Where one is met, the error says which it is now."
    parts = [HEAD.replace("the class", "hedgecore.renamed"), "# Old names and new\n", f"{about}\n"]
    for title, names in tables.items():
        if names:
            rows = [(f"`{old}`", f"`{new}`") for old, new in sorted(names.items())]
            parts += [f"## {title}\n", *_table(("until 0.1", "from 0.2 on"), rows)]
    return "\n".join(parts).rstrip() + "\n"


def _list(kinds: dict[str, str], registry: hc.Registry) -> str:
    rows = [
        (
            f"[`{kind}`]({kind}.md)",
            what,
            _summary(registry[kind]),
            registry.plugin(kind).distribution,
        )
        for kind, what in sorted(kinds.items())
    ]
    about = (
        "A page for each kind that this tree installs: what it is, its fields, a table that builds."
    )
    return "\n".join(
        [HEAD, "# Kinds\n", f"{about}\n", *_table(("kind", "is a", "", "distribution"), rows)]
    )


def _page(kind: str, what: str, registry: hc.Registry) -> str:
    cls, plugin = registry[kind], registry.plugin(kind)
    name = f"{cls.__module__}.{cls.__name__}"
    said = _said(inspect.getmodule(cls))
    theory = said.partition("\n")[2].strip()
    parts = [
        f"{HEAD}\n# `{kind}`",
        _said(cls),
        f"{WHAT_IS[what]} from `{plugin.distribution}`; the class is `{name}`.",
        "## Fields",
        "\n".join(_fields(cls)).strip(),
        *_frozen(cls),
        *_hedging(what),
        *_reading(cls, what),
        *_venue(cls, what),
        "## A table that builds",
        _example(kind, cls),
        *_alternatives(kind, cls),
        *(["## From its module", said] if theory else []),
    ]
    return "\n\n".join(parts) + "\n"


def _fields(cls: Any) -> list[str]:
    example = hc.spec_of(cls(**cls.example))
    rows = [
        (
            f"`{name}`",
            its.metadata.get("about", ""),
            its.metadata.get("unit", ""),
            _rule(its),
            _default(its, example),
        )
        for name, its in hc.schema(cls).items()
    ]
    return _table(("field", "what", "unit", "must be", "default"), rows)


def _rule(its: attrs.Attribute[Any]) -> str:
    return str(its.metadata.get("rule", ""))


def _default(its: attrs.Attribute[Any], example: dict[str, Any]) -> str:
    if its.default is attrs.NOTHING:
        return "required"
    if isinstance(its.default, attrs.Factory):
        return f"here `{json.dumps(example[its.alias or its.name])}`"
    return "none" if its.default is None else f"`{json.dumps(its.default)}`"


def _hedging(what: str) -> list[str]:
    if what != "instrument":
        return []
    return ["Its exposure is that of one contract; see [instruments](../instruments.md)."]


def _reading(cls: Any, what: str) -> list[str]:
    if what != "reader":
        return []
    rows = [(f"`{call}`", why) for call, why in cls.calls.items()]
    head = "See [readers](../readers.md). Its table stands in a book as `[source.read.NAME]`."
    return [head, "## What it asks", "\n".join(_table(("call", "for"), rows)).strip()]


def _venue(cls: Any, what: str) -> list[str]:
    if what != "venue":
        return []
    head = "See [venues](../venues.md). Its table stands in a book as `[venues.NAME]`."
    calls = f"A session makes {cls.calls_per_minute} calls a minute, at most. It has {cls.scope}."
    return [head, "## What proves that an order is absent", cls.proof, calls]


def _frozen(cls: Any) -> list[str]:
    if not issubclass(cls, hc.SupportsFrozen):
        return []
    link = "[what stands still](../../explanation/what-stands-still.md)"
    rows = [(f"`{name}`", what) for name, what in cls.frozen_fields().items()]
    said = f"What these fields say moves by itself, and is taken as it stands: see {link}."
    return ["## Frozen", said, "\n".join(_table(("field", "moved by"), rows)).strip()]


def _alternatives(kind: str, cls: Any) -> list[str]:
    if not issubclass(cls, hc.SupportsAlternatives):
        return []
    rows = [
        (f"`{name}`", its.about, its.unit, its.rule, ", ".join(f"`{x}`" for x in its.instead_of))
        for name, its in cls.alternatives().items()
    ]
    heads = ("name", "what", "unit", "must be", "instead of")
    others = {title: table for title, table in cls.examples().items() if table != cls.example}
    files = {f"{kind}-{number}.toml": each for number, each in enumerate(others.items(), 1)}
    return [
        "## Instead of fields",
        "A table may hold these, and the fields are computed of them.",
        "\n".join(_table(heads, rows)).strip(),
        *(_file(file, kind, table, title) for file, (title, table) in files.items()),
        _python(f"for number in range(1, {len(files) + 1}):", f"{kind}-{{number}}.toml", "    "),
    ]


def _example(kind: str, cls: Any) -> str:
    file = f"{kind}.toml"
    imports = ("import tomllib", "from pathlib import Path", "", "import hedgecore as hc", "")
    return "\n\n".join([
        _file(file, kind, cls.example, "a table of this kind"), _python("\n".join(imports), file)
    ])  # fmt: skip


def _file(file: str, kind: str, table: dict[str, Any], title: str) -> str:
    lines = toml(f"# {title}", {"kind": kind, **table}).splitlines()
    return "\n".join([f"<!-- file: {file} -->", "```toml", *lines, "```"])


def _python(head: str, file: str, indent: str = "") -> str:
    text = f'f"{file}"' if "{" in file else f'"{file}"'
    lines = (
        f"model = hc.build(tomllib.loads(Path({text}).read_text()))",
        "assert hc.build(hc.spec_of(model)) == model",
    )
    return "\n".join(["```python", head, *(indent + line for line in lines), "```"])


def _said(it: object) -> str:
    """Return the docstring as Markdown, with one backtick for code and without its example."""
    return (inspect.getdoc(it) or "").partition("\n\nExample:")[0].replace("``", "`")


def _summary(cls: type) -> str:
    return _said(cls).partition("\n")[0]


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]


def refresh(page: Path) -> None:
    """Replace the expected output in a page by what is printed now; what is elided, by hand."""
    import pages  # noqa: PLC0415 - beside this script

    with TemporaryDirectory() as folder:
        try:
            said = pages.run(page, Path(folder).resolve())
        except pages.NoChainError as reason:
            print(f"{page}: as it was, for want of a chain: {reason}")  # noqa: T201
            return
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    for each in reversed(said):
        if each.failed:
            print(f"{page}:{each.line}: {each.failed}")  # noqa: T201 - a script
        elif each.expected is not None and not each.right and pages.elided(each.expected):
            print(f"{page}:{each.line}: elided by hand, and no longer right:\n{each.printed}")  # noqa: T201
        elif each.expected is not None and not each.right:
            start = each.line - 1
            lines[start : start + each.expected.count("\n")] = [each.printed]
    page.write_text("".join(lines), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Write the pages of kinds and of names."""
    KINDS.mkdir(parents=True, exist_ok=True)
    written = kind_pages(hc.default_registry())
    its = {KINDS / name: text for name, text in written.items()} | forks.written()
    for page, text in its.items():
        page.write_text(text, encoding="utf-8")
    RENAMED.write_text(renamed_page(), encoding="utf-8")
    PROVIDERS.write_text(providers_module(hc.default_registry()), encoding="utf-8")
    for stale in {each.name for each in KINDS.glob("*.md")} - written.keys():
        (KINDS / stale).unlink()
    if "--outputs" in arguments:
        from pages import pages  # noqa: PLC0415

        for page in pages():
            refresh(page)


if __name__ == "__main__":
    main(sys.argv[1:])
