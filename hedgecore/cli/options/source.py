"""The options by which a chain or a venue is reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from hedgecore.tables.secret import RPC, Secret

Rpc = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help=f"The node, http or https. {RPC} in the environment keeps it out of your history.",
        show_default=False,
    ),
]
Rpcs = Annotated[
    list[str] | None,
    typer.Option(
        "--rpc",
        metavar="URL",
        help=f"The node, http or https; again for another chain. {RPC} in the environment keeps"
        " it out of your history.",
        show_default=False,
    ),
]
Block = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="A block's number, latest, safe or finalized; the latest. CHAIN:N,CHAIN:N of several.",
    ),
]
Contract = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=0x…", help="Where something is deployed; again for more."),
]
Timeout = Annotated[float, typer.Option(metavar="SECONDS", help="The time for everything.")]
MaxAge = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help="How old the latest block may be; as is known."),
]


DIGITS = 20
"""A block's number has no more: a longer one is none, and is refused as such."""


def secret(rpc: str | None) -> Secret:
    """RPC that is given, or the environment's."""
    return Secret(rpc.strip()) if rpc and rpc.strip() else Secret.from_environment()


def secrets(rpcs: Sequence[str] | None) -> list[Secret]:
    """RPCs that are given, or the environment's, which stand apart by blanks."""
    given = [each.strip() for each in rpcs or () if each.strip()]
    return [Secret(each) for each in given or Secret.from_environment().reveal().split()]


def block_of(text: str | None) -> int | str | None:
    """Block as a number, where it is one."""
    return int(text) if text is not None and text.isdecimal() and len(text) <= DIGITS else text


def pairs(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """Names and values of ``NAME=VALUE``, given again and again."""
    found: dict[str, str] = {}
    for each in given or ():
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            raise typer.BadParameter(f"{option} is NAME=VALUE, not {each!r:.80}")
        if name in found:
            raise typer.BadParameter(f"{option} names {name!r:.80} twice")
        found[name] = value
    return found
