"""CHANGELOG.md, joined from the fragments: ``python docs/changes.py`` writes it.

Fragments after the last row of ``docs/changelog/releases.toml`` are not released yet.
"""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from posixpath import normpath

FOLDER = Path(__file__).resolve().parent / "changelog"
CHANGELOG = FOLDER.parent.parent / "CHANGELOG.md"
LINK = re.compile(r"(\]\()(?![a-z]+:|#)([^)]+\))")
TITLE = re.compile(r"^# (\d{4} )?")
HEAD = """<!-- written by docs/changes.py from docs/changelog: change it there -->

# Changelog

What a user or an author of plugins can see, the newest first.
"""


def changelog() -> str:
    """Text of CHANGELOG.md: the releases, the newest first, and their fragments likewise."""
    rows = tomllib.loads((FOLDER / "releases.toml").read_text("utf-8")).get("release", [])
    titles = {row["last"]: f"{row['version']}, {row['date']}" for row in rows}
    parts = [HEAD]
    fragments = sorted(FOLDER.glob("[0-9]*.md"), reverse=True)
    for number, page in enumerate(fragments):
        title = titles.get(int(page.name[:4]), None if number else "Not released")
        parts += [f"## {title}\n"] * bool(title) + [_fragment(page)]
    return "\n".join(parts)


def _fragment(page: Path) -> str:
    """Text of a fragment as a part: its heading two deeper, its links from the root."""
    text = LINK.sub(_from_root, page.read_text("utf-8").strip())
    return f"### {TITLE.sub('', text)}\n"


def _from_root(link: re.Match[str]) -> str:
    return link[1] + normpath(f"docs/changelog/{link[2]}")


if __name__ == "__main__":
    CHANGELOG.write_text(changelog(), encoding="utf-8")
