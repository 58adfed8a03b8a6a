"""One writer (invariant 10): a lease that dies with its process, and a flag that outlives it."""

import os
import signal
import subprocess
import sys

import pytest

from hedgecore.errors import JournalError, LeaseError
from hedgecore.interfaces.account import Identity
from hedgecore.live.halt import clear_halt, halt_request, request_halt
from hedgecore.live.lease import Lease, account_lease, is_running, journal_lease, lessee

HOLDER = """
import sys
from hedgecore.live.lease import Lease
lease = Lease.take(sys.argv[1], run="other")
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that has the lease on a journal."""
    command = [sys.executable, "-c", HOLDER, str(journal_lease(tmp_path))]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "taken\n"
        yield process
        process.kill()


def test_invariant_10_one_loop_alone_has_a_lease_and_the_other_is_named(tmp_path, other):
    path = journal_lease(tmp_path)
    with pytest.raises(LeaseError, match=rf"another loop has it \(run other, pid {other.pid}, "):
        Lease.take(path, run="mine")
    assert lessee(path)["run"] == "other", "who is refused signs nothing"
    assert is_running(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_invariant_10_a_lease_is_free_once_its_process_is_gone_however_it_ended(
    tmp_path, other, number
):
    other.send_signal(number)
    other.wait()
    assert is_running(tmp_path) is False
    with Lease.take(journal_lease(tmp_path), run="mine") as lease:
        lease.check()
        assert lessee(lease.path)["pid"] == os.getpid()


def test_invariant_10_a_lease_is_had_once_within_a_process_too(tmp_path):
    with Lease.take(tmp_path / "lease", run="a"), pytest.raises(LeaseError, match="run a"):
        Lease.take(tmp_path / "lease", run="b")
    Lease.take(tmp_path / "lease", run="b").close()


def test_a_lease_whose_file_was_replaced_is_lost(tmp_path):
    path = tmp_path / "lease"
    with Lease.take(path, run="a") as lease:
        path.unlink()
        with pytest.raises(LeaseError, match="lost: No such file"):
            lease.check()
        with Lease.take(path, run="b") as newer:
            newer.check()
            with pytest.raises(LeaseError, match="its file was replaced"):
                lease.check()


def test_a_lease_that_was_given_back_is_none(tmp_path):
    lease = Lease.take(tmp_path / "lease", run="a")
    lease.close()
    lease.close()
    with pytest.raises(LeaseError, match="given back"):
        lease.check()


def test_a_child_process_has_no_lease_of_its_parent(tmp_path, monkeypatch):
    with Lease.take(tmp_path / "lease", run="a") as lease:
        monkeypatch.setattr(os, "getpid", lambda: -1)
        with pytest.raises(LeaseError, match="another process's"):
            lease.check()


def test_a_lease_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LeaseError, match="no lease on lease"):
        Lease.take(tmp_path / "file" / "lease", run="a")


def test_two_books_on_one_account_have_one_lease(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one = account_lease(Identity(account="0xAB", network="mainnet"))
    assert one == account_lease(Identity(account="0xab", network="mainnet", hedge_mode=True))
    assert one != account_lease(Identity(account="0xab", network="testnet"))
    assert one.is_relative_to(tmp_path)
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert account_lease(Identity(account="a", network="n")).is_relative_to(tmp_path / ".local")
    with Lease.take(one, run="a"), pytest.raises(LeaseError):
        Lease.take(one, run="b")


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"pid": "x"}', '{"pid": 999999999}', "\0"])
def test_a_lease_that_says_nothing_is_of_no_running_process(tmp_path, text):
    journal_lease(tmp_path).write_text(text)
    assert is_running(tmp_path) is False


def test_the_process_of_another_host_is_not_known(tmp_path):
    journal_lease(tmp_path).write_text('{"pid": 1, "host": "elsewhere.example"}')
    assert is_running(tmp_path) is None


def test_a_halt_flag_stays_until_it_is_taken_down_and_the_first_reason_with_it(tmp_path):
    folder = tmp_path / "book.live"
    assert halt_request(folder) is None
    request_halt(folder, "unexplained: 3 contracts")
    request_halt(folder, "by hand")
    assert halt_request(folder) == "unexplained: 3 contracts"
    assert clear_halt(folder) == "unexplained: 3 contracts"
    assert (halt_request(folder), clear_halt(folder)) == (None, None)
    assert [*folder.iterdir()] == []


def test_a_halt_without_a_reason_halts_too(tmp_path):
    request_halt(tmp_path, "  ")
    assert halt_request(tmp_path) == "no reason given"
    (tmp_path / "halt").write_bytes(b"\xff" * 9000)
    assert len(halt_request(tmp_path)) == 4096
    (tmp_path / "halt").write_text("")
    assert halt_request(tmp_path) == "no reason given"


def test_a_halt_flag_that_cannot_be_read_is_up(tmp_path):
    (tmp_path / "halt").mkdir()
    assert halt_request(tmp_path).startswith("the halt flag cannot be read")


def test_a_halt_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError):
        request_halt(tmp_path / "file", "why")
