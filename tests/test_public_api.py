"""The public names: sorted, complete, documented; hooks with what they return."""

import inspect
import subprocess
import sys
from types import ModuleType

import pytest

import hedgecore as hc
from hedgecore.registry import hookspecs
from hedgecore.registry.loading import HOOKS

PUBLIC = {name: getattr(hc, name) for name in hc.__all__}
CLASSES = {name: it for name, it in PUBLIC.items() if inspect.isclass(it)}
METHODS = {
    f"{name}.{part}": (cls, part)
    for name, cls in CLASSES.items()
    for part, it in vars(cls).items()
    if not part.startswith("_")
    and (inspect.isfunction(it) or isinstance(it, property | classmethod | staticmethod))
}
FIELDS = {"name", "hedges", "contract_size", "lot", "min_size", "fee"}


def test_the_names_are_sorted_and_stand_once():
    assert hc.__all__ == sorted(set(hc.__all__))


def test_every_public_name_is_exported():
    code = "import hedgecore, sys; print('\\n'.join(vars(hedgecore)))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    there = [name for name in done.stdout.split() if not name.startswith("_")]
    loose = [name for name in there if name not in hc.__all__]
    assert [name for name in loose if not isinstance(getattr(hc, name), ModuleType)] == []


@pytest.mark.parametrize("name", hc.__all__)
def test_every_public_name_is_documented(name):
    it = PUBLIC[name]
    if name == "hookimpl":  # an object of pluggy's, documented beside it
        return
    own = inspect.getdoc(it)
    assert own
    assert own[0].isupper() or own[0] in "`∂"
    if inspect.isclass(it):
        assert "__doc__" in vars(it)
        assert vars(it)["__doc__"], f"{name} only inherits its documentation"


@pytest.mark.parametrize("path", METHODS)
def test_every_public_method_is_documented(path):
    cls, part = METHODS[path]
    if cls is hc.Instrument and part in FIELDS:
        assert part in inspect.getdoc(cls)
        return
    it = vars(cls)[part]
    assert inspect.getdoc(getattr(it, "__func__", it)), path


@pytest.mark.parametrize("path", METHODS)
def test_every_public_method_is_annotated(path):
    cls, part = METHODS[path]
    it = vars(cls)[part]
    function = it.fget if isinstance(it, property) else getattr(it, "__func__", it)
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty, path
    given = list(signature.parameters.values())[1:]
    assert all(each.annotation is not inspect.Parameter.empty for each in given), path


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_says_what_it_returns(name):
    hook = getattr(hookspecs, name)
    assert "this plugin" in inspect.getdoc(hook).splitlines()[0]
    assert inspect.signature(hook).return_annotation not in (None, inspect.Signature.empty)
    assert inspect.signature(hook).parameters == {}


def test_modules_of_the_core_are_documented():
    for name, module in list(sys.modules.items()):
        if name.startswith("hedgecore."):
            assert module.__doc__, name


def test_errors_are_public():
    tree = {hc.HedgecoreError, *hc.HedgecoreError.__subclasses__()}
    assert {error for error in tree if error.__module__ == "hedgecore.errors"} <= set(
        CLASSES.values()
    )
