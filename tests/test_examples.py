"""The examples in docstrings of public names: each name has one, and each is run."""

import doctest
import inspect
from functools import cached_property

import attrs
import numpy as np
import pytest

import hedgecore as hc
from hedgecore import fields, testing

READING = {"AbstractReader", "AbstractSource", "PriceQuote", "Reading", "SearchRequest", "Token"}
"""What readers are made of: `docs/how-to/add-a-reader.md` is the example of all of them."""
TRADING = {
    "Absent",
    "AbstractSession",
    "AbstractVenue",
    "Account",
    "AccountEvent",
    "AccountMargin",
    "ContractPosition",
    "ContractTerms",
    "Debt",
    "EventKind",
    "Filled",
    "Identity",
    "Intent",
    "Receipt",
    "TopOfBook",
    "Unknown",
}
"""What venues are made of: `docs/how-to/write-a-venue.md` is the example of all of them."""
OTHERS = READING | TRADING
PUBLIC = {
    **{name: getattr(hc, name) for name in hc.__all__ if name not in {"fields", "hookimpl"}},
    **{name: getattr(testing, name) for name in testing.__all__},
    **{
        f"fields.{name}": it
        for name in fields.__all__
        for it in [getattr(fields, name)]
        if inspect.isclass(it) or inspect.isfunction(it)
    },
}
GLOBALS = {"attrs": attrs, "hc": hc, "np": np}
"""What stands for `import attrs, hedgecore as hc, numpy as np`."""
EXAMPLES = {
    name: doctest.DocTestFinder(recurse=False).find(
        it, name, globs={**vars(inspect.getmodule(it)), **GLOBALS}
    )
    for name, it in PUBLIC.items()
}
MEMBERS = {
    f"{name}.{part}": inspect.getdoc(getattr(it, "__func__", it))
    for name, cls in PUBLIC.items()
    if inspect.isclass(cls) and name not in OTHERS
    for part, it in vars(cls).items()
    if part[0] != "_"
    if isinstance(it, property | cached_property | classmethod) or inspect.isfunction(it)
}
SUBJECTS = ("it", "its", "there", "such", "what", "return")


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - OTHERS))
def test_an_example_does_what_it_says(name):
    (example,) = EXAMPLES[name]
    assert example.examples, f"{name} has no example"
    assert not doctest.DocTestRunner().run(example).failed


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - OTHERS))
def test_the_first_line_begins_with_the_thing(name):
    first = inspect.getdoc(PUBLIC[name]).split()[0]
    assert first.lower() not in SUBJECTS


@pytest.mark.parametrize("name", sorted(name for name, said in MEMBERS.items() if said))
def test_so_does_that_of_a_member(name):
    assert MEMBERS[name].split()[0].lower() not in SUBJECTS
