"""Entries of fields: what is given, checked, and made the number or the list that is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import Any, NamedTuple

from attrs import NOTHING, Attribute, Converter, field

from hedgecore.errors import SpecError
from hedgecore.numerics.arrays import LabelledColumns, row_labels


class Rule(NamedTuple):
    """Rule of the numbers that a field takes: in words, as a test, and a hint for refusals.

    Example:
        >>> hc.fields.FRACTION.says, hc.fields.FRACTION.holds(1.0)
        ('a fraction, at least 0 and less than 1', False)

    """

    says: str
    holds: Callable[[float], bool]
    hint: str = ""


MOST = 2**256 - 1
LIKELY = "likely"
"""The key of a field's metadata for what its numbers most often are."""
DIGITS = re.compile("-?[0-9]{1,78}")

FINITE = Rule("finite", math.isfinite)
POSITIVE = Rule("positive and finite", lambda x: 0 < x < math.inf)
NONNEGATIVE = Rule("0 or more, and finite", lambda x: 0 <= x < math.inf)
FRACTION = Rule("a fraction, at least 0 and less than 1", lambda x: 0 <= x < 1)
FEE = FRACTION._replace(hint="a fraction: 0.003 is 0.3 %")
VOL = Rule("0 or more, and at most 1000 (80 % a year is 0.8)", lambda x: 0 <= x <= 1000)  # noqa: PLR2004
SHARE = Rule("a part of the whole, more than 0 and at most 1 (5 % is 0.05)", lambda x: 0 < x <= 1)
PART = Rule("a part of the whole, from 0 to 1 (5 % is 0.05)", lambda x: 0 <= x <= 1)
SMALL_VOL = Rule("at most 5 (80 % a year is 0.8)", lambda x: x <= 5)  # noqa: PLR2004
SMALL_FEE = Rule("at most 0.1 (0.3 % is 0.003)", lambda x: x <= 0.1)  # noqa: PLR2004


def wrong(model: Any, name: str, reason: str) -> SpecError:
    """Error that says what is wrong with one field of `model`.

    Example:
        >>> print(hc.fields.wrong(hc.LeastSquares(), "size", "must be positive"))
        least-squares.size: must be positive

    """
    return SpecError(reason, kind=type(model).kind, field=name)


def whole(given: Any, low: int, high: int, model: Any, its: str) -> int:
    """Exact int within bounds; decimal digits will do (JSON from JavaScript).

    Raises:
        SpecError: it is no whole number, or out of bounds.

    Example:
        >>> hc.fields.whole("12", 0, 100, None, "raw")
        12

    """
    if is_digits(given):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, Integral) or not low <= int(given) <= high:
        raise wrong(model, its, f"must be a whole number from {low} to {high}, not {given!r:.80}")
    return int(given)


def real(given: Any, rule: Rule, model: Any, its: str) -> float:
    """Float that obeys `rule`.

    Raises:
        SpecError: the given is no number, or another; with the rule's hint.

    Example:
        >>> hc.fields.real(3, hc.fields.POSITIVE, hc.LeastSquares(), "size")
        3.0

    """
    if isinstance(given, bool) or not isinstance(given, Real):
        raise wrong(model, its, f"must be a number, not {given!r:.80}")
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    if not rule.holds(value):
        hint = f" ({rule.hint})" if rule.hint else ""
        raise wrong(model, its, f"must be {rule.says}, not {value!r}{hint}")
    return value


def as_exact_number(given: Any, rule: Rule, model: Any, its: str) -> float:
    """Number as given where it is whole, however long; a float else."""
    if not isinstance(given, Integral) and not is_digits(given):
        return real(given, rule, model, its)
    count = whole(given, 0, MOST, model, its)
    if not rule.holds(count):
        raise wrong(model, its, f"must be {rule.says}, not {count}")
    return count


def as_list(given: Any, model: Any, its: str) -> Iterable[Any]:
    """Entries of a list, which text is not."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise wrong(model, its, f"must be a list, not {given!r:.80}")
    if row_labels(given) is not None or isinstance(given, LabelledColumns):
        reason = "is labelled, and would be taken in its own order: give its numbers by to_numpy()"
        raise wrong(model, its, reason)
    return given


def one_per_asset(model: Any, its: Attribute[Any], value: tuple[float, ...]) -> None:
    """Refuse a list that is not as long as the model's assets."""
    if len(value) != len(model.assets):
        count = f"has {len(value)} entries for the {len(model.assets)} assets {model.assets}"
        raise wrong(model, its.name, count)


def is_digits(given: Any) -> bool:
    """Tell a text of digits alone."""
    return isinstance(given, str) and DIGITS.fullmatch(given) is not None


def make_field(
    convert: Callable[[Any, Any, Attribute[Any]], Any],
    default: Any,
    metadata: dict[str, Any],
    validator: Any = None,
    *,
    optional: bool = False,
    shown: Any = True,
) -> Any:
    """Field of attrs that converts what is given, with its metadata."""

    def converted(given: Any, model: Any, its: Attribute[Any]) -> Any:
        return None if given is None and optional else convert(given, model, its)

    return field(
        default=None if optional and default is NOTHING else default,
        converter=Converter(converted, takes_self=True, takes_field=True),
        validator=validator,
        repr=shown,
        metadata=metadata,
    )


def metadata_of(about: str, unit: str, rule: Rule) -> dict[str, Any]:
    """Metadata of a field of numbers."""
    return {"about": about, "unit": unit, "rule": rule.says}
