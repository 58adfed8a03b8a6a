"""Independent tasks over the processes of this machine, or over a Dask cluster.

Results come in the order of the tasks, whoever has done them and when. A worker that dies loses its
present task alone, and that is done again: a task must be a pure function of what it is given.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context
from typing import Any, TypeAlias, TypeVar

from hedgecore.errors import SpecError
from hedgecore.extras import how_to_install

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress: TypeAlias = Callable[[int, int], None]
Done: TypeAlias = Iterator[tuple[int, Any]]

TRIES = 3
"""Deaths of the workers in a row, with no task done between, that are no accident any more."""


def map_blocks(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    workers: int = 1,
    cluster: Any = None,
    progress: Progress | None = None,
) -> list[Result]:
    """``[function(task) for task in tasks]``, done by many at once.

    Args:
        function: where there are workers, one that can be pickled: of a module, or a method of an
            object that can be. The same task must always give the same result.
        tasks: each can be pickled.
        workers: processes on this machine; 1 is this process alone. They are spawned: a script that
            calls this has ``if __name__ == "__main__":`` around what it does.
        cluster: the address of a Dask scheduler, ``"tcp://host:8786"``, or its client, in place of
            workers (extra ``cluster``); hedgecore and the plugins in use must be installed there.
        progress: called with how many tasks are done, and how many there are.

    Raises:
        SpecError: workers is no whole number of 1 or more, both are given, the cluster cannot be
            reached, or workers keep dying.

    """
    given, found = list(tasks), dict[int, Result]()
    means = {"workers": workers, "cluster": cluster, "progress": progress}
    visit_blocks(function, given, found.__setitem__, **means)
    return [found[i] for i in range(len(given))]


def visit_blocks(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    visit: Callable[[int, Result], None],
    *,
    workers: int = 1,
    cluster: Any = None,
    progress: Progress | None = None,
) -> None:
    """Call `visit` with the place and the result of each task of `map_blocks`, as they come.

    None is kept: what is visited may be summed up, and then is gone before the next is made.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise SpecError(f"must be a whole number, 1 or more, not {workers!r:.80}", field="workers")
    if cluster is not None and workers > 1:
        raise SpecError("is given beside workers: say one of the two", field="cluster")
    count = itertools.count(1)

    def finish(place: int, result: Result) -> None:
        visit(place, result)
        if progress is not None:
            progress(next(count), len(tasks))

    if cluster is not None:
        done = _on_cluster(function, tasks, cluster)
    elif workers > 1 and len(tasks) > 1:
        done = _on_this_machine(function, tasks, min(workers, len(tasks)))
    else:
        for place, task in enumerate(tasks):
            finish(place, function(task))
        return
    for place, result in done:
        finish(place, result)


def _on_this_machine(function: Callable[[Any], Any], tasks: Sequence[Any], workers: int) -> Done:
    left, tries = dict(enumerate(tasks)), 0
    while left:
        before = len(left)
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            futures = {pool.submit(function, task): i for i, task in left.items()}
            try:
                for i, result in _results(futures):
                    del left[i]
                    yield i, result
            except BrokenProcessPool as error:
                tries = tries + 1 if len(left) == before else 0
                if tries == TRIES:
                    raise SpecError(_death_message(workers), field="workers") from error


def _results(futures: dict[Future[Any], int]) -> Done:
    """Results as they come, each with its number; at a failure, drop what has not begun."""
    try:
        for future in as_completed(futures):
            yield futures.pop(future), future.result()
    finally:
        for future in futures:
            future.cancel()


def _death_message(workers: int) -> str:
    return (
        f"{workers} processes died {TRIES} times before one task was done: is there memory for "
        'them, and does the script have `if __name__ == "__main__":` around what it does?'
    )


def _on_cluster(function: Callable[[Any], Any], tasks: Sequence[Any], cluster: Any) -> Done:
    try:
        dask: Any = import_module("distributed")  # an extra, and slow to import
    except ImportError as error:
        raise SpecError(how_to_install("a cluster", "cluster"), field="cluster") from error
    if isinstance(cluster, dask.Client):
        yield from _by_client(dask, cluster, function, tasks)
        return
    try:
        client = dask.Client(cluster, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = f"no scheduler answers at {cluster!r:.120}: {error}"
        raise SpecError(reason, field="cluster") from error
    with client:
        yield from _by_client(dask, client, function, tasks)


def _by_client(
    dask: Any, client: Any, function: Callable[[Any], Any], tasks: Sequence[Any]
) -> Done:
    futures = client.map(function, tasks, pure=False, retries=TRIES)
    place = {future.key: i for i, future in enumerate(futures)}
    for future, result in dask.as_completed(futures, loop=client.loop, with_results=True):
        yield place[future.key], result
