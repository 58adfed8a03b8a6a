"""The examples in docstrings of public names: each name has one, and each is run."""

import doctest
import inspect

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


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - OTHERS))
def test_an_example_does_what_it_says(name):
    (example,) = EXAMPLES[name]
    assert example.examples, f"{name} has no example"
    assert not doctest.DocTestRunner().run(example).failed
