"""Opening and closing by `with`: of sources, sessions, journals, leases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self


class Closable(ABC):
    """Context manager of something that is open already, which closes it."""

    __slots__ = ()

    @abstractmethod
    def close(self) -> None:
        """Close what is open; closing twice is harmless."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
