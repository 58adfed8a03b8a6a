"""Mutants: wrong classes, each with the law that has to catch it."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import frozen

from hedgecore.testing import verdicts


def mutant_into(table: list[Any]):
    """Return a decorator that puts a class into a table: ``@mutant("euler")``."""

    def mutant(law):
        def into(cls):
            if "__attrs_attrs__" not in vars(cls):
                cls = frozen(kw_only=True)(cls)
            table.append(pytest.param(cls, law, id=f"{cls.__name__}-{law}"))
            return cls

        return into

    return mutant


def made(cls):
    return cls(**cls.example)


def broken_by(model):
    """Return the laws that a model breaks: name → what was raised."""
    return {name: error for name, error in verdicts(model).items() if error}
