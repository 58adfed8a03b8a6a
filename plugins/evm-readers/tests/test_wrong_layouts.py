"""The contracts of each family shown to the readers of every other: refused, with the address."""

from __future__ import annotations

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.subjects import SUBJECTS
from eth_utils import to_checksum_address
from hedgecore_evm_readers import (
    AlgebraIntegral,
    AlgebraV1,
    BalancerV2,
    BalancerV3,
    CurveCryptoswap,
    CurveStableswap,
    Llamma,
    Slipstream,
    Solidly,
    UniswapV2,
    UniswapV3,
    UniswapV3Pool,
    UniswapV4,
)

from hedgecore import ReaderError
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
OF_POOLS = (
    BalancerV2,
    BalancerV3,
    CurveCryptoswap,
    CurveStableswap,
    Solidly,
    UniswapV2,
    UniswapV3Pool,
)
OF_RANGES = (AlgebraIntegral, AlgebraV1, Slipstream, UniswapV3, UniswapV4)
READERS = (*OF_POOLS, *OF_RANGES, Llamma)
SHOWN = [name for name in SUBJECTS if not name.startswith(("gauge", "farm", "booster"))]
CLAIMS = ("wsteth", "erc-4626", "atoken")


def address_of(reader):
    """The contract that a reader is pointed at."""
    if reader.kind == Llamma.kind:
        return reader.controller
    if reader.kind == "evm-wallet":
        return reader.tokens[0]
    return reader.contract if isinstance(reader, OF_RANGES) else reader.pool


def pointed(kind, address, token_id):
    """A reader of a kind that takes a contract for one of its own."""
    if kind is Llamma:
        return Llamma(controller=address, owner=OWNER)
    if kind in OF_RANGES:
        return kind(token_id=token_id, contract=address)
    return kind(pool=address) if kind is UniswapV3Pool else kind(pool=address, owner=OWNER)


def refused(its, reader, address):
    with pytest.raises(ReaderError) as raised, opened(FakeNode(its.contracts)) as chain:
        chain.read([reader])
    assert address.lower() in str(raised.value).lower()


@pytest.mark.parametrize("taken_for", READERS, ids=lambda kind: kind.kind)
@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.sample(12)
def test_no_family_is_read_by_the_reader_of_another(shown, taken_for):
    its = SUBJECTS[shown]()
    if isinstance(its.reader, taken_for):
        return
    address, token_id = address_of(its.reader), getattr(its.reader, "token_id", 7)
    refused(its, pointed(taken_for, address, token_id), address)


@pytest.mark.parametrize("taken_for", [kind for kind in READERS if kind is not UniswapV3Pool])
@pytest.mark.parametrize("file", ["slipstream", "algebra_v1", "algebra_integral"])
@pytest.mark.sample(4)
def test_a_pool_of_ranges_is_read_as_no_other_pool(file, taken_for):
    """Nor as the manager of its positions."""
    its = recorded.fork(file)
    address = to_checksum_address(its.pools[0])
    refused(its, pointed(taken_for, address, int(its.cases[0]["token_id"])), address)
