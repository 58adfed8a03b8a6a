"""Leases: one loop alone hedges a book, and one alone trades on an account.

A lease is a file that its process has locked. The system frees the lock with the process, however
that ends. Another host does not see it: there client ids, which carry the run, tell whose an order
is.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from attrs import define, field

from hedgecore.errors import LeaseError
from hedgecore.interfaces.account import Identity
from hedgecore.interfaces.closable import Closable
from hedgecore.tables.json_text import parse_json

NAME = "lease"
MODE = 0o600
MOST = 4096
"""Bytes of a lease that are read: it holds a few."""


def journal_lease(folder: Path) -> Path:
    """File of the lease on a journal."""
    return folder / NAME


def account_lease(identity: Identity) -> Path:
    """File of the lease on an account, the same for all books of one user on one host."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    name = json.dumps([identity.network, identity.account.lower()])
    return Path(home) / "hedgecore" / "leases" / sha256(name.encode()).hexdigest()[:32]


@define(eq=False)
class Lease(Closable):
    """Lease that this process has; a context manager that gives it back.

    Attributes:
        path: of its file.

    """

    path: Path
    _descriptor: int
    _pid: int

    @classmethod
    def take(cls, path: str | Path, *, run: str) -> Self:
        """Take a lease for a run.

        Args:
            path: of its file: `journal_lease` or `account_lease`.
            run: id, for those who find the lease taken.

        Raises:
            LeaseError: another process has it, or its file cannot be written.

        """
        file = Path(path)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, MODE)
        except OSError as error:
            raise LeaseError(f"no lease on {file.name}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sign(descriptor, run)
        except OSError as error:
            os.close(descriptor)
            raise LeaseError(f"no lease: {_sentence(file, error)}") from error
        made = cls(file, descriptor, os.getpid())
        made.check()
        return made

    def check(self) -> None:
        """Raise a LeaseError unless this process still has the lease: before each order."""
        if self._descriptor < 0 or self._pid != os.getpid():
            raise LeaseError("the lease was given back, or is another process's")
        try:
            named, locked = self.path.stat(), os.fstat(self._descriptor)
        except OSError as error:
            raise LeaseError(f"the lease is lost: {error.strerror}") from error
        if (named.st_dev, named.st_ino) != (locked.st_dev, locked.st_ino):
            raise LeaseError("the lease is lost: its file was replaced")

    def close(self) -> None:
        """Give the lease back; a no-op where that was done."""
        if self._descriptor >= 0:
            if self._pid == os.getpid():
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1


@define(eq=False)
class AccountLeases:
    """Leases on the accounts that a run trades on, taken as it learns whose they are.

    Attributes:
        run: id, for those who find one taken.
        wanted: whether there are any; a run that sends nothing takes none.

    """

    run: str
    wanted: bool = True
    _held: dict[Path, Lease] = field(factory=dict)

    def take(self, identity: Identity) -> None:
        """Take the lease on an account, once.

        Raises:
            LeaseError: another run trades on it.

        """
        path = account_lease(identity)
        if self.wanted and path not in self._held:
            self._held[path] = Lease.take(path, run=self.run)

    def check(self) -> None:
        """Raise a LeaseError unless this process still has all of them."""
        for lease in self._held.values():
            lease.check()

    def close(self) -> None:
        """Give them back."""
        for lease in self._held.values():
            lease.close()


def _sign(descriptor: int, run: str) -> None:
    """Write into a lease who has it."""
    os.ftruncate(descriptor, 0)
    own = {"run": run, "pid": os.getpid(), "host": socket.gethostname()}
    os.pwrite(descriptor, json.dumps(own).encode(), 0)


def lessee(path: str | Path) -> Mapping[str, Any]:
    """Run, process and host that took a lease last; empty where nobody did."""
    try:
        found = parse_json(Path(path).read_bytes()[:MOST])
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_running(folder: Path) -> bool | None:
    """True if the process that last took a journal's lease runs; None where another host tells."""
    found = lessee(journal_lease(folder))
    if found.get("host", socket.gethostname()) != socket.gethostname():
        return None
    try:
        os.kill(int(found["pid"]), 0)
    except PermissionError:
        return True
    except (KeyError, TypeError, ValueError, OSError):
        return False
    return True


def _sentence(file: Path, error: OSError) -> str:
    """Sentence on who has the lease, or why there is none."""
    if not isinstance(error, BlockingIOError):
        return f"{file.name}: {error.strerror}"
    found = lessee(file)
    who = ", ".join(f"{name} {found[name]}" for name in ("run", "pid", "host") if name in found)
    return f"another loop has it ({who or 'unnamed'}); two would trade against each other"
