"""The examples in docstrings of what computes and what renders do what they say."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import hedgecore

pytest.importorskip("hedgecore_derivatives")

ROOT = Path(hedgecore.__file__).parent
ROOMS = ("analysis", "report", "tables")
NAMES = [
    ".".join(("hedgecore", *path.relative_to(ROOT).with_suffix("").parts))
    for room in ROOMS
    for path in sorted((ROOT / room).glob("*.py"))
    if path.stem != "__init__"
]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_module_print_what_they_say(name, monkeypatch):
    monkeypatch.chdir(ROOT.parent)  # where examples/book.toml is
    found = doctest.testmod(import_module(name))
    assert found.failed == 0


def test_each_analysis_of_a_book_has_an_example():
    modules = [import_module(name) for name in NAMES if name.startswith("hedgecore.analysis.")]
    public = [
        each
        for module in modules
        for name, each in vars(module).items()
        if callable(each) and getattr(each, "__module__", "") == module.__name__
        if not name.startswith("_") and not isinstance(each, type)
    ]
    bare = [each.__qualname__ for each in public if ">>>" not in (each.__doc__ or "")]
    assert bare == []
