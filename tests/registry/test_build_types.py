"""`hc.build(table, cls)`: a type checker, and the reader of an error, know what was built."""

import subprocess
import sys

import pytest

import hedgecore as hc

TABLE = {"kind": "perp", "name": "P", "underlying": "WETH"}
KNOWN = """
from typing import Any, assert_type
import hedgecore as hc
from hedgecore_derivatives import Perp
table: dict[str, Any] = {"kind": "perp", "name": "P", "underlying": "WETH"}
assert_type(hc.build(table, Perp), Perp)
assert_type(hc.build(table), Any)
"""


def test_the_class_that_is_asked_for_is_built_or_refused():
    derivatives = pytest.importorskip("hedgecore_derivatives")
    assert type(hc.build(TABLE, derivatives.Perp)) is derivatives.Perp
    with pytest.raises(hc.SpecError, match="kind: 'perp' is no PoolModel"):
        hc.build(TABLE, hc.PoolModel)


@pytest.mark.campaign
def test_a_type_checker_knows_what_is_built(tmp_path):
    pytest.importorskip("mypy")
    pytest.importorskip("hedgecore_derivatives")
    code = tmp_path / "known.py"
    code.write_text(KNOWN, encoding="utf-8")
    options = ("--strict", "--python-version=3.11", f"--cache-dir={tmp_path}", "--config-file=")
    done = subprocess.run(  # noqa: S603 - mypy on a file of this test
        [sys.executable, "-m", "mypy", *options, code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
