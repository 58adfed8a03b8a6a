"""`hedgecore new`: a plugin package of your own, ready to install, from the template."""

from __future__ import annotations

from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgecore.cli.terminal.screen import say, verbatim
from hedgecore.errors import PluginError
from hedgecore.extras import how_to_install
from hedgecore.registry.markers import INTERFACE
from hedgecore.registry.registry import default_registry
from hedgecore.registry.validation import KIND

TEMPLATE = Path(__file__).parent.parent / "template"
LONGEST = 50
BASES = {"BasketPool", "InvariantPool", "PairPool", "PayoffPool"}
MEANT = frozenset({"Any", "None", "True", "False", *BASES})
"""Names that mean something else in a model's module."""


class Form(Enum):
    """Form in which an author has the curve; each has a template of its own."""

    pair = "pair"
    basket = "basket"
    invariant = "invariant"
    rows = "rows"
    steps = "steps"


Name = Annotated[str, typer.Argument(metavar="NAME", help="The kind, such as even-seller.")]
ItsForm = Annotated[
    Form,
    typer.Option(
        help="pair: two assets in closed form; basket: any number; "
        "invariant: only what a trade leaves unchanged is known; rows: a pair by a list of rows; "
        "steps: one whose delta jumps, by atoms."
    ),
]
Into = Annotated[Path, typer.Option(metavar="DIR", help="The folder that gets the package.")]


def new(name: Name, *, form: ItsForm = Form.pair, into: Into = Path()) -> None:
    """Write a plugin package for a curve of your own, which installs and passes its tests."""
    _check_name(name)
    folder = into / f"hedgecore-{name}"
    if folder.exists():
        raise typer.BadParameter(f"{folder} exists: choose another NAME, or another --into")
    render(name, form, folder)
    say(f"Wrote {folder}: its model is hedgecore_{name.replace('-', '_')}/__init__.py.")
    say()
    say("Install it as you edit it, check the model's laws, and run its tests:", "bold")
    for command in (f"hedgecore plugins install {_path(folder)}", f"hedgecore check {name}"):
        verbatim(f"  {command}")
    verbatim(f"  python -m pytest {_path(folder)}")


def render(kind: str, form: Form, folder: Path) -> None:
    """Write the package for `kind` as `folder`, which must not exist."""
    try:
        from copier import run_copy  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "copier":
            raise
        raise typer.BadParameter(how_to_install("`hedgecore new`", "new")) from error
    try:
        folder.mkdir(parents=True)
        run_copy(str(TEMPLATE), folder, data=answers(kind, form), defaults=True, quiet=True)
    except OSError as error:
        raise typer.BadParameter(f"{folder} cannot be written: {error.strerror}") from error


def answers(kind: str, form: Form) -> dict[str, Any]:
    """Answers that the template asks for."""
    major, minor, *_ = (int(part) for part in version("hedgecore").split(".")[:2])
    return {
        "kind": kind,
        "form": form.value,
        "name": class_name(kind),
        "core": f">={major}.{minor},<{major}.{minor + 1}",
        "interface": INTERFACE,
    }


def class_name(kind: str) -> str:
    """Name of the class of `kind`: ``EvenSeller`` of ``even-seller``."""
    name = "".join(part.capitalize() for part in kind.split("-"))
    return name if name.isidentifier() and name not in MEANT else f"Pool{name}"


def _check_name(kind: str) -> None:
    if kind.startswith("hedgecore"):
        raise typer.BadParameter(f"{kind!r:.80}: leave hedgecore out, the package gets it in front")
    if not KIND.fullmatch(kind) or len(kind) > LONGEST:
        wanted = f"small letters, digits and single hyphens, like even-seller, at most {LONGEST}"
        raise typer.BadParameter(f"{kind!r:.80} is no name for a kind: {wanted}")
    registry = default_registry()
    if kind in registry:
        raise PluginError(f"the kind {kind!r} is taken, by {_owner(kind)}: choose another name")
    if kind in {*registry.plugins, *registry.failures}:
        raise PluginError(f"a plugin {kind!r} is installed already: choose another name")


def _owner(kind: str) -> str:
    plugin = default_registry().plugin(kind)
    return f"the plugin {plugin.name!r} ({plugin.distribution})"


def _path(folder: Path) -> str:
    """Path that no shell and no installer takes for a name."""
    text = folder.as_posix()
    text = text if folder.is_absolute() or text.startswith(".") else f"./{text}"
    return f"'{text}'" if " " in text else text
