"""What the site is made of: the changelog, the API's pages, the navigation, the pictures."""

import importlib.util
import sys
from pathlib import Path

import pytest

import hedgecore as hc

DOCS = Path(__file__).resolve().parent.parent / "docs"
INDEX = """# All

## Tutorial: learn

- [One](one.md), [out](https://example.org)

## Reference

- [Two](two.md), and [one](one.md#head)
"""


def module(name, monkeypatch):
    """A script of the docs folder, which is no package, imported."""
    monkeypatch.syspath_prepend(DOCS)
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, loaded)
    spec.loader.exec_module(loaded)
    return loaded


def test_the_changelog_is_what_its_fragments_say(monkeypatch):
    changes = module("changes", monkeypatch)
    text = changes.CHANGELOG.read_text(encoding="utf-8")
    assert text == changes.changelog(), "run `python docs/changes.py`"


def test_fragments_since_the_last_release_are_not_released(monkeypatch, tmp_path):
    changes = module("changes", monkeypatch)
    monkeypatch.setattr(changes, "FOLDER", tmp_path)
    for number, title in ((1, "# 0001 First"), (2, "# Second"), (3, "# Third")):
        (tmp_path / f"000{number}-x.md").write_text(f"{title}\n\n[a](../b/c.md) [d](https://e)\n")
    row = '[[release]]\nversion = "0.1.0"\ndate = 2025-01-01\nlast = 2\n'
    (tmp_path / "releases.toml").write_text(row)
    heads = [line for line in changes.changelog().splitlines() if line.startswith("##")]
    released = ["## 0.1.0, 2025-01-01", "### Second", "### First"]
    assert heads == ["## Not released", "### Third", *released]
    assert "[a](docs/b/c.md) [d](https://e)" in changes.changelog()


def test_every_public_name_stands_in_one_page_of_the_api(monkeypatch):
    api = module("api", monkeypatch)
    listed = [name for part in api.PARTS for name in api.names(part)]
    assert sorted([*listed, "fields"]) == sorted(hc.__all__)


def test_an_entry_of_the_api_is_of_the_sort_that_the_name_is(monkeypatch, tmp_path):
    api = module("api", monkeypatch)
    api.write(tmp_path)
    text = "".join(page.read_text() for page in tmp_path.glob("*.rst"))
    for entry in ("autoclass:: hedgecore.Book", "autofunction:: hedgecore.hedge"):
        assert f".. {entry}\n" in text
    assert ".. autoexception:: hedgecore.SpecError\n" in text


def test_every_part_and_command_has_a_mark_of_stability(monkeypatch):
    api = module("api", monkeypatch)
    assert api.marks().keys() == {*api.PARTS, *api.MODULES}
    assert {*api.marks().values()} <= {"stable", "provisional"}
    commands = {command.name for command in commands_of_the_program()}
    page = api.STABILITY.read_text(encoding="utf-8")
    assert not [name for name in commands if page.count(f"`{name}`") != 1]


def commands_of_the_program():
    main = pytest.importorskip("typer.main")
    app = pytest.importorskip("hedgecore.cli.app")
    return main.get_command(app.program()).commands.values()


def test_a_page_stands_under_the_first_that_leads_to_it(monkeypatch, tmp_path):
    navigation = module("navigation", monkeypatch)
    index, one, two = (tmp_path / name for name in ("index.md", "one.md", "two.md"))
    index.write_text(INDEX)
    one.write_text("# One\n\n[deep](deep/three.md)\n")
    two.write_text("# Two\n\n[deep](deep/three.md)\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "three.md").write_text("# Three\n")
    navigation.navigate(index)
    assert index.read_text().endswith("\n\ntutorial.md\nreference.md\n```\n")
    assert (tmp_path / "tutorial.md").read_text().endswith("\n\none.md\n```\n")
    assert one.read_text().endswith("\n\ndeep/three.md\n```\n")
    assert two.read_text() == "# Two\n\n[deep](deep/three.md)\n"


def test_a_picture_stands_below_the_command_that_draws_it(monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    module("pages", monkeypatch)
    pictures = module("pictures", monkeypatch)
    command = "hedgecore curve examples/backtest.toml --asset WETH --plot curve.svg"
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n```console\n$ {command}\n```\n\nAfter.\n")
    pictures.illustrate(page, tmp_path)
    lines = page.read_text().splitlines()
    assert lines[4:] == ["```", "", f"![{command}](page-curve.svg)", "", "After."]
    assert "<svg" in (tmp_path / "page-curve.svg").read_text()


def test_a_command_that_draws_nothing_ends_the_build(monkeypatch, tmp_path):
    module("pages", monkeypatch)
    pictures = module("pictures", monkeypatch)
    page = tmp_path / "page.md"
    page.write_text("```console\n$ hedgecore curve nothing.toml --plot curve.svg\n```\n")
    with pytest.raises(SystemExit, match=r"nothing\.toml"):
        pictures.illustrate(page, tmp_path)
