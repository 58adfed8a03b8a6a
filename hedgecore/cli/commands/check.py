"""`hedgecore check`: the laws that a model of any kind keeps, and where it breaks one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from attrs import frozen

from hedgecore.cli.options.common import AsJson, kind_names
from hedgecore.cli.options.subjects import Subject, subjects
from hedgecore.cli.terminal.failures import OUR_FAULT
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.screen import notes, prose, say, show
from hedgecore.report import documents
from hedgecore.tables.render import Table
from hedgecore.testing import LawBroken, checks_of, verdicts
from hedgecore.testing.kit import follows

DIGITS = 10
SHOWN = 60
"""The most characters that are shown of a price or an answer."""

Target = Annotated[
    str,
    typer.Argument(
        metavar="KIND|MODULE:CLASS|BOOK",
        help="An installed kind; a class or model of your own, in a module or a .py file "
        "(curve.py:MyCurve); or a book, all of it.",
        autocompletion=kind_names,
    ),
]


@frozen(eq=False)
class CheckResult:
    """Verdict on one subject: law → how it is broken, None where it holds."""

    subject: Subject
    laws: Mapping[str, LawBroken | None]

    @property
    def broken_laws(self) -> dict[str, LawBroken]:
        """The laws that do not hold, but for those that cannot be told for want of an answer."""
        found = {law: error for law, error in self.laws.items() if error is not None}
        return {law: error for law, error in found.items() if not follows(error, self.laws)}

    def word(self, law: str) -> str:
        """Word for what becomes of a law."""
        if self.laws[law] is None:
            return "holds"
        return "BROKEN" if law in self.broken_laws else "unknown"


def check(target: Target, *, as_json: AsJson = False) -> None:
    """Check the laws of a kind, or of a book: what holds, and what does not, where, by how much.

    The exit code is 1 if a law is broken.
    """
    checked = [_check_one(each) for each in subjects(target)]
    if as_json:
        print_json({"checked": [_document(each) for each in checked]})
    else:
        _print(checked)
    if any(each.broken_laws for each in checked):
        raise typer.Exit(OUR_FAULT)


def _check_one(subject: Subject) -> CheckResult:
    with bar(f"Checking {subject.name}") as progress:
        return CheckResult(subject, verdicts(subject.model, progress=progress))


def _print(checked: list[CheckResult]) -> None:
    if len(checked) == 1:
        prose(Table(_title(checked[0]), ("law", ""), list(_laws(checked[0]))))
    else:
        rows = [(each.subject.name, _kind(each), _score(each)) for each in checked]
        show(Table("Checked", ("name", "kind", "laws that hold"), rows), names=2)
    for each in checked:
        if each.broken_laws:
            say()
            _explain(each)
    if not checked:
        say("There is nothing to check: the book has balances alone.")


def _title(each: CheckResult) -> str:
    return f"{each.subject.name}: {_score(each)} laws hold"


def _score(each: CheckResult) -> str:
    held = sum(error is None for error in each.laws.values())
    return f"{held} of {len(each.laws)}"


def _laws(each: CheckResult) -> Iterator[tuple[str, ...]]:
    for law in each.laws:
        yield law, each.word(law)


def _explain(each: CheckResult) -> None:
    """Print, of each law that is broken, where and by how much; and why, in words."""
    model = each.subject.model
    rows = [(law, *_numbers(error)) for law, error in each.broken_laws.items()]
    title = f"{each.subject.name} breaks {len(rows)} of {len(each.laws)} laws"
    show(Table(title, ("law", "price", "got", "expected"), rows))
    say()
    said = {law.__name__: (law.__doc__ or "").partition("\n\n")[0] for law in checks_of(model)}
    notes(f"{law}: {error.reason}. The law: {said[law]}" for law, error in each.broken_laws.items())


def _numbers(error: LawBroken) -> tuple[str, str, str]:
    """Price, got and expected, with as many digits as it takes to tell these two apart."""
    price = _short(error.price, DIGITS)
    if len(price) < DIGITS:  # a round number, or one beside it
        price = _short(error.price)
    got, expected = _short(error.got, DIGITS), _short(error.expected, DIGITS)
    return (
        (price, got, expected)
        if got != expected
        else (price, _short(error.got), _short(error.expected))
    )


def _short(shown: object, digits: int | None = None) -> str:
    if shown is None:
        return "–"
    number = "" if digits is None else f".{digits}g"
    text = format(float(shown), number) if isinstance(shown, float) else str(shown)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _kind(each: CheckResult) -> str:
    return str(type(each.subject.model).kind)


def _document(each: CheckResult) -> dict[str, Any]:
    laws = [_law(law, error) for law, error in each.laws.items()]
    return {"name": each.subject.name, "kind": _kind(each), "laws": laws}


def _law(law: str, error: LawBroken | None) -> dict[str, Any]:
    told = {name: getattr(error, name, None) for name in ("reason", "price", "got", "expected")}
    plain = {name: _plain(each) for name, each in told.items()}
    return {"law": law, "holds": error is None, **plain}


def _plain(given: Any) -> Any:
    """Number, or lists of them, as it is; anything else as text."""
    plain = documents.jsonable(given)
    try:
        json.dumps(plain)
    except TypeError:
        return repr(given)
    return plain
