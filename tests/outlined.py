"""The outline of the commands, as they are: ``python tests/outlined.py`` writes it.

`hedgecore/cli/outline.jsonl` is what completion knows the commands by, without importing them.
"""

import json
from unittest.mock import patch

from typer.core import TyperArgument, TyperGroup
from typer.main import get_command

from hedgecore.cli import outline
from hedgecore.cli.app import COMMANDS, command, program
from hedgecore.cli.options import common


def table():
    """Return the rows of all commands."""
    return [row for name in COMMANDS for row in rows(name, command(name))]


def rows(name, found):
    """Return the rows of a command; of a group, those of its commands too."""
    own = [row(name, each) for each in found.params]
    within = found.commands.items() if isinstance(found, TyperGroup) else ()
    return own + [row for each, one in within for row in rows(f"{name} {each}", one)]


def row(name, parameter):
    """Return the row of a parameter, without what it has not."""
    is_argument = isinstance(parameter, TyperArgument)
    told = {
        "command": name,
        "options": "" if is_argument else names(parameter),
        "type": sort(parameter, many=parameter.nargs == -1 if is_argument else parameter.multiple),
        "help": None if is_argument else parameter.help,  # nobody completes an argument's name
        "completes": completes(parameter),
    }
    return {key: value for key, value in told.items() if value is not None}


def names(option):
    """Return the names of an option, as typer is given them, a blank between two."""
    both = [f"{a}/{b}" for a, b in zip(option.opts, option.secondary_opts, strict=False)]
    return " ".join(both or option.opts)


def sort(parameter, *, many):
    """Return the key of the parameter's type."""
    if getattr(parameter, "is_flag", False):
        return "flag"
    return ("path" if parameter.type.name == "path" else "text") + "s" * many


def completes(parameter):
    """Return the words that a parameter completes to; None where it has none."""
    context = program_context()
    if parameter.type.name == "path":
        return None
    with patch.object(common, "kinds_by_trial", lambda hook: [hook or outline.KINDS]):
        words = [item.value for item in parameter.shell_complete(context, "")]
    of_a_hook = words and (words[0] == outline.KINDS or words[0].startswith("hedgecore_"))
    return words[0] if of_a_hook else words or None


def program_context():
    """Return a context as completion makes it."""
    return get_command(program()).make_context("hedgecore", [], resilient_parsing=True)


def text():
    """Return the table as text, a parameter a line."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in table())


if __name__ == "__main__":
    outline.FILE.write_text(text(), encoding="utf-8")
