"""The scripts of findings/: in the agreed form, listed by their README, and of pinned packages."""

import os
import re
from pathlib import Path

import pytest

FINDINGS = Path(__file__).resolve().parent.parent / "findings"
SCRIPTS = sorted(FINDINGS.glob("*.sh"))
HEAD = ("Package", "Expected", "Seen", "A hedger")
LONGEST = 80
INSTALL = re.compile(r"(?:pip\" install|npm install)(.*?)\|\| exit 2", re.DOTALL)
PINNED = re.compile(r"@?[\w./-]+(==|@)\d+(\.\d+)+")

each = pytest.mark.parametrize("script", SCRIPTS, ids=[script.stem for script in SCRIPTS])


def test_the_readme_lists_every_finding_and_no_other():
    listed = re.findall(r"\]\(([\w-]+\.sh)\)", (FINDINGS / "README.md").read_text("utf-8"))
    assert sorted(listed) == [script.name for script in SCRIPTS]


@each
def test_a_page_of_the_documentation_leads_to_each_finding(script):
    pages = (FINDINGS.parent / "docs").rglob("*.md")
    assert any(f"findings/{script.name})" in page.read_text("utf-8") for page in pages)


@each
def test_a_finding_says_what_was_expected_and_seen(script):
    text = script.read_text("utf-8")
    assert re.findall(rf"^# ({'|'.join(HEAD)}) ", text, re.MULTILINE) == list(HEAD)
    assert len(text.splitlines()) <= LONGEST
    assert os.access(script, os.X_OK)
    assert "hedgecore" not in text


@each
def test_a_finding_installs_exact_versions_and_leaves_nothing(script):
    text = script.read_text("utf-8")
    (install,) = INSTALL.findall(text)
    words = install.replace("\\\n", " ").replace('"$home"', "").split()
    packages = [word for word in words if not word.startswith("--")]
    assert packages
    assert not [package for package in packages if not PINNED.fullmatch(package)]
    assert "trap 'rm -rf \"$home\"' EXIT" in text


def test_each_row_of_what_clients_do_names_a_test_that_is_there():
    root = FINDINGS.parent
    page = (root / "docs" / "reference" / "clients.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "test |" not in line]
    files = (root / "plugins").glob("*/tests/test_*.py")
    known = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text())}
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named or "findings/" in row, row
        assert {*named} <= known, row
