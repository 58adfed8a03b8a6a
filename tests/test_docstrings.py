"""First lines of docstrings: the thing itself, in every module of the core and of each plugin."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

import hedgecore

CORE = Path(hedgecore.__file__).parent
PACKAGES = [CORE, *sorted((CORE.parent / "plugins").glob("*/hedgecore_*"))]
SUBJECTS = """
    return returns yield yields it its there such they this these that
    what whether how where when which who whose why
"""
"""Words that say no thing, and with which no first line begins."""
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def texts(tree):
    """Line and text of every docstring in a tree, those of constants and of fields among them."""
    for node in ast.walk(tree):
        if not isinstance(node, DOCUMENTED):
            continue
        for before, here in pairwise([None, *node.body]):
            if before is None or isinstance(before, ast.Assign | ast.AnnAssign):
                match here:
                    case ast.Expr(ast.Constant(str(text))):
                        yield here.lineno, text.strip()


def subjectless(source):
    """Line and first line of each docstring that begins with one of `SUBJECTS`."""
    return [
        (line, text.splitlines()[0])
        for line, text in texts(ast.parse(source))
        if re.match(r"\w*", text)[0].lower() in SUBJECTS.split()
    ]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda each: each.name)
def test_no_first_line_begins_without_its_thing(package):
    files = sorted(package.rglob("*.py"))
    assert files
    places = [
        f"{file.relative_to(CORE.parent)}:{line}: {first}"
        for file in files
        for line, first in subjectless(file.read_text("utf-8"))
    ]
    assert not places, "\n".join(places)


def test_every_place_of_a_docstring_is_looked_at():
    source = '''
"""What a module does."""
LIMIT = 3
"""How many."""

class Book:
    """Where things are."""
    size: float
    """It is large."""

    async def _read(self):
        """Returns it."""

    def trade(self):
        """Delta of one contract.

        What follows may begin as it likes.
        """
        def inner():
            """Whether it's so."""
        "What is no docstring"
'''
    lines = [line for line, _ in subjectless(source)]
    assert lines == [2, 4, 7, 9, 12, 20]
