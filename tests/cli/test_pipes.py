"""A reader that leaves early, as `head` does, is no fault: exit code 0, and not a word."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("typer")
pytest.importorskip("hedgecore_uniswap_v2", reason="the book is of its pools")

from books import BOOK


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize(
    "words", [("hedge", BOOK), ("greeks", BOOK, "--json")], ids=lambda w: w[-1]
)
def test_a_reader_that_leaves_is_no_fault(words):
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "hedgecore.cli", *map(str, words)]
    done = subprocess.run(  # noqa: S603
        command, stdout=write, stderr=subprocess.PIPE, text=True, check=False, timeout=120
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_log_whose_reader_leaves_is_no_fault():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "hedgecore.cli", "--verbose", "hedge", str(BOOK)]
    done = subprocess.run(command, stdout=write, stderr=write, check=False, timeout=120)  # noqa: S603
    os.close(write)
    assert done.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
@pytest.mark.parametrize("more", [(), ("--json",)], ids=str)
def test_a_closed_standard_output_is_no_fault(more):
    words = [sys.executable, "-m", "hedgecore.cli", "greeks", str(BOOK), *more]
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", '"$@" >&-', "sh", *words],
        stderr=subprocess.PIPE, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
