"""Tasks over processes and a Dask cluster: the same results in order, and none lost to a kill."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from importlib import import_module

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.analysis.grid import SIZE, scenarios
from hedgecore.parallel import map_blocks
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.price_models.gbm import GBM

MARKET = hc.Market(prices={"WETH": 3000.0}, vols={"WETH": 0.8})


def last(path, seed, block):
    """Return where the paths of a block end: what a run does, in small."""
    times, frames = np.linspace(0, 1, 20), []
    frames = list(path.sample(MARKET, times, block.count, block.generator(seed), 8))
    return frames[-1].market.price("WETH")[-1]


def killed_once(trace, task):
    """Return the task; but the first worker that comes to task 3 kills itself, without a word."""
    if task == 3 and not os.path.exists(trace):  # noqa: PTH110 - as plain as can be
        with open(trace, "x"):  # noqa: PTH123
            os.kill(os.getpid(), signal.SIGKILL)
    return task * task


def always_killed(task):
    os.kill(os.getpid(), signal.SIGKILL)
    return task


def refusing(task):
    if task == 2:
        raise hc.SpecError("not this one")
    return task


def test_one_worker_is_this_process_and_progress_is_told():
    told = []
    here = map_blocks(
        lambda task: (task, os.getpid()), range(4), progress=lambda *p: told.append(p)
    )
    assert here == [(task, os.getpid()) for task in range(4)]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert map_blocks(abs, []) == []


def test_any_number_of_workers_gives_the_same_bits_in_the_same_order():
    work, tasks = partial(last, GBM(asset="WETH"), 5), blocks(3 * 4096 + 10)
    alone = map_blocks(work, tasks)
    told = []
    both = map_blocks(work, tasks, workers=2, progress=lambda *p: told.append(p))
    assert all(np.array_equal(a, b) for a, b in zip(alone, both, strict=True))
    assert told[-1] == (4, 4)


def test_a_killed_worker_of_this_machine_loses_nothing(tmp_path):
    work = partial(killed_once, str(tmp_path / "trace"))
    assert map_blocks(work, range(8), workers=2) == [task * task for task in range(8)]
    assert (tmp_path / "trace").exists()


@pytest.mark.campaign
def test_workers_that_keep_dying_are_an_error_and_no_endless_loop(monkeypatch):
    monkeypatch.setattr(import_module("hedgecore.parallel"), "TRIES", 1)
    with pytest.raises(hc.SpecError, match="processes died 1 times") as error:
        map_blocks(always_killed, range(4), workers=2)
    assert isinstance(error.value.__cause__, BrokenProcessPool)


@pytest.mark.campaign
def test_what_a_task_raises_is_raised_here():
    with pytest.raises(hc.SpecError, match="not this one"):
        map_blocks(refusing, range(4), workers=2)


@pytest.mark.parametrize("workers", [0, -1, 1.5, True, "2"])
def test_a_wrong_number_of_workers_is_named(workers):
    with pytest.raises(hc.SpecError, match="workers: must be a whole number"):
        map_blocks(abs, [1], workers=workers)
    with pytest.raises(hc.SpecError, match="cluster: is given beside workers"):
        map_blocks(abs, [1], workers=2, cluster="tcp://127.0.0.1:1")


@pytest.fixture(scope="module")
def cluster():
    """A Dask cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed", reason="a cluster needs the extra `cluster`")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        silence_logs=50,
    ) as local:  # fmt: skip
        yield local


@pytest.mark.campaign
@pytest.mark.filterwarnings("ignore")  # Dask's own, as a worker is killed
def test_a_cluster_gives_the_same_bits_and_a_killed_worker_loses_nothing(cluster, tmp_path):
    work, tasks = partial(last, GBM(asset="WETH"), 5), blocks(2 * 4096 + 10)
    address = cluster.scheduler_address
    there = map_blocks(work, tasks, cluster=address)
    assert all(np.array_equal(a, b) for a, b in zip(map_blocks(work, tasks), there, strict=True))
    told = []
    work = partial(killed_once, str(tmp_path / "trace"))
    found = map_blocks(work, range(8), cluster=address, progress=lambda *p: told.append(p))
    assert found == [task * task for task in range(8)]
    assert (tmp_path / "trace").exists()
    assert told[-1] == (8, 8)


def test_a_grid_of_scenarios_is_the_same_whoever_revalues_it(monkeypatch):
    book = hc.Book.from_tables({
        "prices": {"WETH": 3000.0, "USDC": 1.0},
        "holding": [{"asset": "WETH", "amount": 2.0}],
    })  # fmt: skip
    assert SIZE >= 1000
    monkeypatch.setattr("hedgecore.analysis.grid.SIZE", 6)
    moves = np.linspace(1000.0, 5000.0, 7)
    there = book.market.shifted(prices={"WETH": moves[:, None], "USDC": np.array([0.9, 1.0, 1.1])})
    whole, told = hc.scenario(book, there), []
    for workers in (1, 2):
        parts = scenarios(book, there, workers=workers, progress=lambda *p: told.append(p))
        assert np.array_equal(parts.before.full, whole.before.full)
        assert np.array_equal(parts.before.taylor, whole.before.taylor)
        assert parts.after is None
    assert told[-1] == (4, 4)
