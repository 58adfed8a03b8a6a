"""Remedies for a plugin that does not load, by the text of its failure."""

from __future__ import annotations

import re
from typing import NamedTuple


class Remedy(NamedTuple):
    """Advice for failures that match a pattern; `name` and the pattern's groups may stand in it."""

    pattern: str
    advice: str


ANOTHER_CORE = "It was written for another hedgecore: upgrade the one of the two that is older"
DEADLY = (
    "Until it is mended, it is left out: upgrade it with `hedgecore plugins install --upgrade "
    "{name}`, remove it with `hedgecore plugins uninstall {name}`, or set HEDGECORE_BLOCK={name}"
)
"""Advice on a plugin that takes the whole process with it."""
MENDS = (
    Remedy(pattern="its import (does not end|ends the whole process)", advice=DEADLY),
    Remedy(
        pattern="HEDGECORE_PLUGINS names it",
        advice="Install it: `hedgecore plugins install {name}`, or change HEDGECORE_PLUGINS",
    ),
    Remedy(
        pattern="takes the kind",
        advice="Two plugins claim one kind: uninstall one, or leave it out: HEDGECORE_BLOCK={name}",
    ),
    Remedy(
        pattern=": upgrade hedgecore$",
        advice="Upgrade hedgecore: pip install --upgrade hedgecore",
    ),
    Remedy(
        pattern=": upgrade the plugin$",
        advice="Upgrade it: `hedgecore plugins install --upgrade {name}`",
    ),
    Remedy(pattern=r"ModuleNotFoundError: No module named 'hedgecore\.", advice=ANOTHER_CORE),
    Remedy(pattern="ImportError: cannot import name .* from 'hedgecore'", advice=ANOTHER_CORE),
    Remedy(
        pattern=r"ModuleNotFoundError: No module named '(?P<module>[^'.]+)",
        advice="If {module} is the plugin's own, install the plugin again; else install what is "
        "missing: pip install {module}",
    ),
    Remedy(
        pattern="implements no hook|breaks the contract",
        advice="If it is yours, change that; else upgrade it, or tell its author",
    ),
)
OTHER = Remedy(pattern="", advice="It fails in its own code: upgrade it, or tell its author")
STUCK = (
    "If {checks} ends, its code is only slow, and `--timeout` gives it more time; if not, its code "
    "never ends: upgrade it, or tell its author"
)
LAWLESS = "`hedgecore check {kind}` says where and by how much: upgrade it, or tell its author"


def remedy(name: str, failure: str) -> str:
    """Remedy for a failure of the plugin `name`, in a sentence without its stop."""
    for each in (*MENDS, OTHER):
        found = re.search(each.pattern, failure)
        if found:
            return each.advice.format(name=name.partition(" (")[0], **found.groupdict())
    return ""
