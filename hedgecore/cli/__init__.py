"""The command line, `hedgecore …`: what a book needs, without a line of Python.

It is the extra ``cli``: typer and rich are imported when a command runs, never before.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence

NEEDED = frozenset({"typer", "rich"})
GARBAGE = 50_000
"""Objects after which cycles are looked for: at 700, Python's own, a tenth of a start is that."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command in `arguments`, the process's own by default, and exit with its code."""
    try:
        from hedgecore.cli.app import run  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in NEEDED:
            raise
        sys.stderr.write("The command line needs typer and rich: pip install 'hedgecore[cli]'\n")
        sys.exit(2)
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)  # the last look for cycles, at the end, is a tenth of a start too
    run(arguments)
