"""The navigation of the site: the page that first leads to another is its parent.

The sections of ``docs/index.md`` are the first level. A page of its own is written for each, beside
the index; every page ends with a hidden ``toctree`` of its children, which the theme shows at the
side. So a list of pages stands once, in the index.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import re
from collections import deque
from os.path import relpath
from pathlib import Path

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s#]+)[^)\s]*\)")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
TOC = "\n```{{toctree}}\n:hidden:\n\n{}\n```\n"


def navigate(index: Path) -> None:
    """Write the section pages of an index, and a toctree into each page that it leads to."""
    sections = _sections(index)
    children = {index: sections, **_children(sections, {index, *sections})}
    for page, below in children.items():
        if below:
            names = "\n".join(relpath(each, page.parent) for each in below)
            page.write_text(page.read_text("utf-8") + TOC.format(names), encoding="utf-8")


def _sections(index: Path) -> list[Path]:
    _, *parts = SECTION.split(index.read_text("utf-8"))
    pages = []
    for head, body in zip(parts[::2], parts[1::2], strict=True):
        name = head.partition(":")[0]
        page = index.with_name(f"{name.lower().replace(' ', '-')}.md")
        page.write_text(f"# {name}\n{body}", encoding="utf-8")
        pages.append(page)
    return pages


def _children(roots: list[Path], known: set[Path]) -> dict[Path, list[Path]]:
    """Page → the pages that it is the first to lead to, breadth first."""
    found: dict[Path, list[Path]] = {}
    todo = deque(roots)
    while todo:
        page = todo.popleft()
        below = [each for each in _linked(page) if each not in known]
        found[page] = list(dict.fromkeys(below))
        known.update(below)
        todo.extend(found[page])
    return found


def _linked(page: Path) -> list[Path]:
    """Pages that a page leads to, in order."""
    if page.suffix != ".md":
        return []
    targets = LINK.findall(page.read_text("utf-8"))
    aims = [(page.parent / each).resolve() for each in targets if "://" not in each]
    return [aim for aim in aims if aim.suffix in {".md", ".rst"} and aim.exists()]
