"""Paths by a standard error that is stated: as many as it takes, and no more."""

import pytest

from hedgecore.books.book import Book
from hedgecore.errors import SpecError
from hedgecore.simulation import Simulation
from hedgecore.simulation.table import paths_of
from hedgecore.tables.files import read_tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")
BOOK = "examples/book.toml"


@pytest.mark.parametrize(
    ("error", "paths"), [(1.0, 1), (0.05, 400), (0.04, 625), (0.01, 10_000), (0.03, 1112)]
)
def test_the_mean_of_so_many_paths_is_that_sure(error, paths):
    assert paths_of(error) == paths
    assert paths**-0.5 <= error * (1 + 1e-9)
    assert paths == 1 or (paths - 1) ** -0.5 > error


def test_a_book_may_say_it(pytestconfig):
    tables = read_tables(pytestconfig.rootpath / BOOK)
    own = {n: x for n, x in tables["simulation"].items() if n != "paths"}
    found = Simulation.from_book(Book.from_tables(tables), {**own, "standard_error": 0.05})
    assert found.paths == 400


@pytest.mark.parametrize("wrong", [0.0, -0.1, 1.5, 1e-9])
def test_what_is_no_part_is_refused(wrong):
    with pytest.raises(SpecError, match="standard_error: must be a part of the spread"):
        paths_of(wrong)


def test_both_at_once_are_refused(pytestconfig):
    book = Book.load(pytestconfig.rootpath / BOOK)
    with pytest.raises(SpecError, match="stands beside paths"):
        Simulation.from_book(book, {"paths": 10, "standard_error": 0.05})


def test_the_command_line_stands_for_what_the_book_says(document, pytestconfig):
    book = pytestconfig.rootpath / BOOK
    found = document("simulate", book, "--standard-error", "0.5", "--steps", "3", "--no-ledger")
    assert found["paths"] == 4
    found = document("simulate", book, "--paths", "2", "--steps", "3", "--no-ledger")
    assert found["paths"] == 2
