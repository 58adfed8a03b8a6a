"""The base of all readers of a chain: their venue, their fields, and exact numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, ClassVar

from attrs import NOTHING, Attribute, Converter, field

from hedgecore import AbstractReader, ReaderError, fields
from hedgecore_evm_readers.abi import address
from hedgecore_evm_readers.evm import Evm

ADDRESS = "0x and 40 hexadecimal digits"
HASH, HASH_RULE = re.compile("0x[0-9a-fA-F]{64}"), "0x and 64 hexadecimal digits"
SPAN = re.compile(r"([0-9]{1,9})\.\.([0-9]{1,9})")
MOST_NUMBERS = 10_000
EXAMPLE = "0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8"


BYTECODE, ENCODING, UNPROVEN = "bytecode", "encoding", "unproven"


class EvmReader(AbstractReader):
    """A reader of an EVM chain.

    Attributes:
        title: what people call it; nothing where it is no protocol's.
        found_by: what leads to it: its owner, or its pool.
        through: name of the contract, or the family of managers, that must be known on a chain.
        proof: how it is proven: by the protocol's own "bytecode", to the raw unit; by an
            independent "encoding" of states of it that were recorded, or that the package which
            is named worked out; or "unproven".

    """

    source = Evm
    title: ClassVar[str] = ""
    found_by: ClassVar[str] = "pool"
    through: ClassVar[str | None] = None
    proof: ClassVar[str] = UNPROVEN


def address_field(about: str, *, optional: bool = False) -> Any:
    """Field that holds the address of a contract or of an account."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> str | None:
        return None if given is None and optional else _address(given, model, its.name)

    return field(
        default=None if optional else NOTHING,
        converter=Converter(convert, takes_self=True, takes_field=True),
        metadata={"about": about, "unit": "address", "rule": ADDRESS},
    )


def addresses_field(about: str) -> Any:
    """Field that holds a list of addresses."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[str, ...]:
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise fields.wrong(model, its.name, f"must be a list of addresses, not {given!r:.80}")
        return tuple(_address(each, model, its.name) for each in given)

    return field(
        default=(),
        converter=Converter(convert, takes_self=True, takes_field=True),
        metadata={"about": about, "unit": "addresses", "rule": f"each {ADDRESS}"},
    )


def hash_field(about: str) -> Any:
    """Field for 32 bytes, the id of a pool say."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> str:
        if not isinstance(given, str) or not HASH.fullmatch(given):
            raise fields.wrong(model, its.name, f"must be {HASH_RULE}, not {given!r:.80}")
        return given.lower()

    return field(
        converter=Converter(convert, takes_self=True, takes_field=True),
        metadata={"about": about, "unit": "32 bytes", "rule": HASH_RULE},
    )


def numbers_field(about: str, unit: str, most: int) -> Any:
    """Field for a list of whole numbers, up to `most`; of one, or of a text FIRST..LAST."""
    rule = f"numbers from 0 to {most}, or FIRST..LAST, at most {MOST_NUMBERS}"

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[int, ...]:
        found = _numbers(given)
        if found is None or not all(type(one) is int and 0 <= one <= most for one in found):
            raise fields.wrong(model, its.name, f"must be {rule}, not {given!r:.80}")
        return found

    return field(
        default=(),
        converter=Converter(convert, takes_self=True, takes_field=True),
        metadata={"about": about, "unit": unit, "rule": rule},
    )


def token_id_field() -> Any:
    """Field for the number of a position's NFT."""
    return fields.integer("the position's NFT", "id", 0, 2**256 - 1)


def whole_units(raw: int, decimals: int) -> float:
    """Amount in whole units, rounded once."""
    return float(Fraction(raw, 10**decimals))


def share_of(of: int, total: int) -> float:
    """Fraction of a total, rounded once."""
    return float(Fraction(of, total))


def _numbers(given: Any) -> tuple[Any, ...] | None:
    """Values of a list, each once; of a text FIRST..LAST all between; None of anything else."""
    if isinstance(given, str):
        span = SPAN.fullmatch(given)
        if span is None or int(span[2]) - int(span[1]) >= MOST_NUMBERS:
            return None
        return tuple(range(int(span[1]), int(span[2]) + 1))
    listed = [given] if isinstance(given, int) else given
    if not isinstance(listed, list | tuple) or len(listed) > MOST_NUMBERS:
        return None
    return tuple(dict.fromkeys(listed))


def _address(given: Any, model: Any, its: str) -> str:
    try:
        return address(given if isinstance(given, str) else repr(given))
    except ReaderError as error:
        raise fields.wrong(model, its, str(error)) from None
