"""Recorded cases, as parameters of tests: each by its id, skipped where the files are not there.

In a conftest:

    RECORDED = {"chain_case": recorded("chain/uniswap_v2")}

    def pytest_generate_tests(metafunc):
        parametrize_with_recorded(metafunc, RECORDED, above=__file__)

A file is JSON with a list of `cases`, each with an `id`, in the folder ``tests/cases`` that is
nearest above the conftest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

FOLDER = "tests/cases"
ABSENT = f"the recorded cases are in the repository's {FOLDER}, which is not above"


@frozen(eq=False)
class CaseFiles:
    """Cases of some files, of those that are wanted."""

    files: tuple[str, ...]
    wanted: Callable[[Any], bool]

    def cases(self, folder: Path) -> Iterator[Any]:
        """Recorded cases that are wanted, file by file."""
        for file in self.files:
            each = json.loads((folder / f"{file}.json").read_text("utf-8"))["cases"]
            yield from filter(self.wanted, each)


def recorded(*files: str, wanted: Callable[[Any], bool] = lambda _: True) -> CaseFiles:
    """Cases recorded in some files, named without their suffix.

    Example:
        >>> from hedgecore.testing import recorded
        >>> recorded("curves/uniswap_v2", wanted=lambda case: case["id"] != "dust").files
        ('curves/uniswap_v2',)

    """
    return CaseFiles(files, wanted)


def parametrize_with_recorded(
    metafunc: Any, fixtures: Mapping[str, CaseFiles], *, above: str | Path
) -> None:
    """Give a test that asks for a recorded case all of them, one by one.

    Args:
        metafunc: as pytest gives it to `pytest_generate_tests`.
        fixtures: the name of an argument → the cases that it stands for.
        above: the conftest; the folder of cases is looked for above it.

    Example:
        >>> from hedgecore.testing import parametrize_with_recorded, recorded
        >>> def pytest_generate_tests(metafunc):
        ...     cases = {"case": recorded("curves/uniswap_v2")}
        ...     parametrize_with_recorded(metafunc, cases, above=__file__)

    """
    import pytest  # noqa: PLC0415 - the kit works without

    folder = folder_above(above)
    for name in fixtures.keys() & set(metafunc.fixturenames):
        if folder is None:
            cases = [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT))]
        else:
            cases = [pytest.param(case, id=case["id"]) for case in fixtures[name].cases(folder)]
        metafunc.parametrize(name, cases)


def folder_above(path: str | Path) -> Path | None:
    """Folder of recorded cases that is nearest above a file; None where none is above."""
    above = Path(path).resolve().parents
    return next((up / FOLDER for up in above if (up / FOLDER).is_dir()), None)
