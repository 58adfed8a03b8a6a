"""Alternatives to a kind's fields in its table, and how the fields are computed of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from hedgecore.errors import SpecError
from hedgecore.market.market import Market

Table: TypeAlias = Mapping[str, Any]


class Alternative(NamedTuple):
    """A name that a table may hold beside the fields of its kind, and what stands there.

    Attributes:
        about: the meaning.
        unit: of the value.
        rule: which values are taken.
        instead_of: fields that are not needed where this is given.

    Example:
        >>> import hedgecore as hc
        >>> hc.Alternative("worth", "numeraire", "positive", ("liquidity",)).instead_of
        ('liquidity',)

    """

    about: str
    unit: str
    rule: str
    instead_of: tuple[str, ...] = ()


@runtime_checkable
class SupportsAlternatives(Protocol):
    """A kind whose tables may state it in other words than by its fields.

    Example:
        >>> import hedgecore as hc
        >>> issubclass(hc.default_registry()["uniswap-v3"], hc.SupportsAlternatives)
        True

    """

    @classmethod
    def alternatives(cls) -> Mapping[str, Alternative]:
        """Names that a table may hold beside the fields."""
        ...

    @classmethod
    def examples(cls) -> Mapping[str, Table]:
        """Title → a table of this kind without `kind`; one for each way to state it."""
        ...

    @classmethod
    def canonical(cls, table: Table, market: Market | None = None, /) -> dict[str, Any]:
        """Fields alone, of a table that may hold alternatives.

        Args:
            table: without its kind; each name is a field's or an alternative's.
            market: prices that the table leaves out, and whose numeraire `worth` is in; without
                one, `worth` is in the quote at the pool's own price.

        """
        ...


def one_of(kind: str, table: Table, ways: Sequence[str]) -> str | None:
    """The one of several ways that a table takes, None where it takes none.

    Raises:
        SpecError: it takes two.

    """
    given = [name for name in ways if table.get(name) is not None]
    if len(given) > 1:
        reason = f"stands beside {given[0]}: each alone says it. Leave one of them out"
        raise SpecError(reason, kind=kind, field=given[1])
    return given[0] if given else None


def without(table: Table, names: Iterable[str]) -> dict[str, Any]:
    """Table without some names."""
    return {name: value for name, value in table.items() if name not in {*names}}
