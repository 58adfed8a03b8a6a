"""Each key of what the commands on a book write as JSON stands in the reference, in its section."""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")
pytest.importorskip("hedgecore_uniswap_v3")

import runs
from books import written

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli-books.md"
SECTIONS = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
WORDS = {
    "hedge": ("--explain", "--policy", "band,half_width=1"),
    "greeks": (),
    "curve": ("--asset", "WETH", "--steps", "3"),
    "scenario": ("--move", "WETH=-10%..+10%", "--steps", "3"),
}


@pytest.mark.parametrize("command", WORDS)
def test_each_key_of_the_document_stands_in_the_section_of_its_command(call, tmp_path, command):
    done = call(command, written(tmp_path, runs.BOOK), *WORDS[command], "--json")
    (section,) = (each for each in SECTIONS if each.startswith(f"`{command}`"))
    found = {word for words in re.findall(r"`([^`\n]+)`", section) for word in words.split()}
    assert {key for key in json.loads(done.stdout) if key not in found} == set()
