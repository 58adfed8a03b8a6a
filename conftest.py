"""How all suites run: compiled code is kept, and of a large matrix some cases run every day."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from zlib import crc32

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Have this run's processes keep compiled code, in pytest's own folder where told not to here.

    Tests start hundreds of interpreters; where PYTHONDONTWRITEBYTECODE is set, each of them would
    compile NumPy and the like again. Workers get their environment after this.

    Every day the formulas answer: to compile all loops takes half a minute. In the campaign, and
    where HEDGECORE_FAST=1 says so, the loops answer.
    """
    if config.option.markexpr == "not campaign":
        os.environ.setdefault("HEDGECORE_FAST", "0")
    if sys.dont_write_bytecode and config.pluginmanager.has_plugin("cacheprovider"):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep the collector of garbage from what is collected here, which stays for the whole run.

    It is the oldest generation at once, not frozen: an old hypothesis asks the collector who
    refers to a generator of numbers.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.unfreeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Look for garbage among what is young once more; at exit nothing else is looked through."""
    gc.collect(1)
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Leave what `sample` does not choose of a test's cases to the campaign."""
    cases: dict[tuple[object, str, int], list[pytest.Function]] = {}
    for item in items:
        sample = item.get_closest_marker("sample")
        if sample and not item.get_closest_marker("campaign"):
            test = item.path, item.originalname, sample.args[0]
            cases.setdefault(test, []).append(item)
    for (_, _, count), matrix in cases.items():
        for item in rest_of(matrix, count):
            item.add_marker("campaign")


def rest_of(cases: Sequence[pytest.Function], count: int) -> list[pytest.Function]:
    """Cases less `count` of them, chosen so that as many values of each parameter occur as can.

    Which of several does as well is settled by a checksum, so that no stride favours a parameter.
    """
    left = sorted(cases, key=lambda item: crc32(item.name.encode()))
    seen: set[tuple[str, int]] = set()
    for _ in range(min(count, len(left))):
        chosen = max(left, key=lambda item: len({*item.callspec.indices.items()} - seen))
        seen |= {*chosen.callspec.indices.items()}
        left.remove(chosen)
    return left
