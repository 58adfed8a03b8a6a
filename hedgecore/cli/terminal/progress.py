"""Progress on stderr: a bar for a person, a line now and then for a log, nothing where short."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from attrs import define
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from hedgecore.interfaces.source import Progress as Told

QUIET, EVERY = 10.0, 60.0
"""Seconds before the first line, and between two."""


@contextmanager
def bar(what: str) -> Iterator[Told]:
    """Progress of something, as a function of (done, total): a bar where stderr is a terminal.

    Elsewhere it is a line with the time that is left, once it has taken a while, and then once a
    minute.
    """
    if not sys.stderr.isatty():
        yield ProgressLines(what, time.monotonic)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, *times, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


@define(eq=False)
class ProgressLines:
    """Lines on stderr about something long.

    Attributes:
        what: is done, "Simulating".
        clock: seconds that never jump back.

    """

    what: str
    clock: Callable[[], float]
    _began: float = -1.0
    _told: float = -1.0

    def __attrs_post_init__(self) -> None:
        self._began = self.clock()
        self._told = self._began + QUIET - EVERY

    def __call__(self, done: int, total: int) -> None:
        """Say how much is done, unless it was said just now, or it is over."""
        now = self.clock()
        if not 0 < done < total or now < self._told + EVERY:
            return
        self._told = now
        passed = now - self._began
        left = passed * (total - done) / done
        typer.echo(
            f"{self.what}: {done} of {total} done in {passed:.0f} s, about {left:.0f} s left.",
            err=True,
        )
