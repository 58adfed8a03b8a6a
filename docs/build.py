"""The site: ``uv run --group site python docs/build.py`` builds it into build/site/html.

The pages are laid out in build/site/source as they lie in the tree, so that their links hold; the
changelog, the reference of the API, the pictures and the navigation are made there. A link that
leads nowhere, a docstring that is no text, or a page that nothing leads to ends the build.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns, rmtree

import api  # beside this script
import navigation
import pages
import pictures
from sphinx.cmd.build import build_main

DOCS = pages.ROOT / "docs"
SITE = pages.ROOT / "build" / "site"
LAID = (
    *("docs", "examples", "findings", "plugins"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"),
)
LEFT = ignore_patterns("*.pyc", "__pycache__", ".*", "build", "dist", "example-curve")
FRAGMENTS = "docs/changelog/[0-9]*.md"
REFERENCE = "\n## Reference: what is there\n"
API = "\n- [The API](reference/api/README.md): every public name, from its docstring\n"
HOME = """<!doctype html><meta charset="utf-8"><title>hedgecore</title>
<meta http-equiv="refresh" content="0; url=docs/index.html"><a href="docs/index.html">hedgecore</a>
"""


def main() -> int:
    """Build the site; the exit code."""
    source = SITE / "source"
    lay_out(source)
    index = source / "docs" / "index.md"
    api.write(index.parent / "reference" / "api")
    index.write_text(index.read_text("utf-8").replace(REFERENCE, REFERENCE + API), "utf-8")
    drawn = index.parent / "pictures"
    drawn.mkdir()
    with ThreadPoolExecutor() as pool:
        list(pool.map(partial(pictures.illustrate, folder=drawn), source.rglob("docs/**/*.md")))
    navigation.navigate(index)
    built = SITE / "html"
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--fresh-env", "--jobs=auto"]
    code = build_main([*options, "-c", str(DOCS), str(source), str(built)])
    (built / "index.html").write_text(HOME, encoding="utf-8")
    return code


def lay_out(source: Path) -> None:
    """Copy what the site shows, or leads to, into a fresh folder."""
    rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name in LAID:
        if (pages.ROOT / name).is_dir():
            copytree(pages.ROOT / name, source / name, ignore=LEFT)
        else:
            copy2(pages.ROOT / name, source / name)
    for fragment in source.glob(FRAGMENTS):
        fragment.unlink()


if __name__ == "__main__":
    sys.exit(main())
