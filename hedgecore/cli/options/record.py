"""Records of options: a command takes one whole, and the command line gives its fields apart."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, get_type_hints

RECORD = "options"
"""The parameter of a command that is a record."""


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Command with the fields of its record of options in place of the record, as typer reads it.

    Args:
        command: a command; one without a parameter `options` is left as it is.

    """
    whole = inspect.signature(command, eval_str=True)
    if RECORD not in whole.parameters:
        return command
    import attrs  # noqa: PLC0415 - of records alone

    record = whole.parameters[RECORD].annotation
    parameters = [
        each
        for name, own in whole.parameters.items()
        for each in (_fields_of(record) if name == RECORD else [own])
    ]

    @wraps(command)
    def apart(**given: Any) -> None:
        fields = {each.name: given.pop(each.name) for each in attrs.fields(record)}
        command(**given, **{RECORD: record(**fields)})

    apart.__signature__ = whole.replace(parameters=parameters)  # type: ignore[attr-defined]
    apart.__annotations__ = {each.name: each.annotation for each in parameters}
    return apart


def _fields_of(record: type) -> Iterator[inspect.Parameter]:
    """Keyword parameters of a command, one for each field of a record, with its default."""
    import attrs  # noqa: PLC0415 - of records alone

    hints = get_type_hints(record, include_extras=True)
    for each in attrs.fields(record):
        yield inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default,
            annotation=hints[each.name],
        )  # fmt: skip
