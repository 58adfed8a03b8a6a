"""Reading from Python: some things at one block of one chain."""

from __future__ import annotations

from typing import Any

from hedgecore import Reading, Secret
from hedgecore_evm_readers.base import EvmReader
from hedgecore_evm_readers.evm import Evm


def read(rpc: str | Secret, *readers: EvmReader, **options: Any) -> list[Reading]:
    """Readings of some readers, all at one block hash, in their order.

    ``read(url, UniswapV3(token_id=1, contract="0x…"), block=123)``

    Args:
        rpc: the node's URL, http or https; shown nowhere.
        readers: what to read.
        options: as `Evm.open` takes them: block, chain, since, contracts, seconds, max_age, most,
            clock.

    Raises:
        ReaderError: something could not be read; then nothing is returned.

    """
    with Evm.open(rpc if isinstance(rpc, Secret) else Secret(rpc), **options) as chain:
        return chain.read(readers)
