"""Compiled loops say what the formulas say: every kind that has one, wherever it answers."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import hedgecore as hc
from hedgecore import fast as compiled
from hedgecore.fast import fast_from, is_fast
from hedgecore.testing import check_pool_model
from hedgecore.testing.grids import prices_to_try

pytest.importorskip("numba")
pytest.importorskip("hypothesis")

from pool_draws import judge_draws

DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "12"))
KINDS = (
    "uniswap-v2",
    "uniswap-v3",
    "uniswap-v3-position",
    "concentrated-ranges",
    "concentrated-positions",
    "liquidity-bins",
    "balancer-weighted",
    "curve-cryptoswap",
    "curve-stableswap",
)
"""Kinds that offer a loop."""
VALUE, HELD, BENT = 1e-13, 1e-13, 1e-11
"""Differences from the formulas: of the value; of a holding, over the value in its unit and over
itself; of gamma, over the roots of its diagonal."""


@pytest.fixture(autouse=True)
def loops(monkeypatch):
    """Loops answer, whatever the run says."""
    monkeypatch.setenv(compiled.VARIABLE, "1")


def same(model, prices):
    """Compare both ways of all four calls at prices, (N, m) or (N,)."""
    with fast_from(0):
        fast = model.greeks(prices)
        apart = (model.value(prices), model.delta(prices), model.gamma(prices))
    with fast_from(np.inf):
        slow = model.greeks(prices)
    for one, other in zip(apart, fast[:3], strict=True):
        assert np.allclose(one, other, rtol=1e-14, atol=0, equal_nan=False)
    assert np.allclose(fast.value, slow.value, rtol=VALUE, atol=0)
    m = len(model.assets) - 1
    with np.errstate(all="ignore"):
        unit = slow.value[:, None] / np.column_stack([prices, np.ones(len(prices))])
        close = np.abs(fast.holdings - slow.holdings) <= HELD * (
            np.abs(unit) + np.abs(slow.holdings)
        )
        assert close.all()
        bend, due = (np.reshape(each.gamma, (-1, m, m)) for each in (fast, slow))
        roots = np.sqrt(np.abs(np.einsum("nii->ni", due)))
        assert (np.abs(bend - due) <= BENT * roots[:, :, None] * roots[:, None, :]).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.campaign
def test_a_loop_says_what_the_formulas_say(kind):
    judge_draws(kind, DRAWS, same)


@pytest.mark.campaign
def test_a_short_step_from_a_rough_root_is_not_the_last():
    """A price whose step was short while the root was 1e-11 off: an error of 1.4e-13."""
    model = hc.build({
        "kind": "curve-stableswap", "assets": ["A", "B", "C", "D", "E"],
        "amplification": 10.0**1.96875, "rates": [1.0, 1.0, 1.0, 10.0**0.2109375, 1.0],
        "balances": [1e7, 10.0**5.125, 10.0**5.09375, 10.0**6.40625, 1401149.1736394113],
    })  # fmt: skip
    same(model, prices_to_try(model))


@cache
def kernels():
    """Return kind → the example of each kind that is installed, where that has a loop."""
    registry = hc.default_registry()
    classes = {kind: registry[kind] for kind in registry.kinds("hedgecore_pools")}
    models = {kind: hc.build({"kind": kind, **cls.example}) for kind, cls in classes.items()}
    return {kind: model for kind, model in models.items() if model._kernel() is not None}


def test_every_kind_with_a_loop_is_compared():
    assert set(kernels()) <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.campaign
def test_the_laws_hold_of_the_loop_as_of_the_formulas(kind):
    if kind not in hc.default_registry():
        pytest.skip(f"{kind} is not installed")
    with fast_from(0):
        check_pool_model(kernels()[kind])


@pytest.mark.campaign
def test_a_price_without_a_solution_is_refused_in_the_formulas_own_words():
    model = hc.build({"kind": "curve-stableswap", "assets": ["A", "B"], "amplification": 100.0,
                      "balances": [1.0, 1.0]})  # fmt: skip
    prices = np.full(compiled.MANY, 1.0)
    prices[-1] = 1e300
    for way in (0, np.inf):
        with fast_from(way), pytest.raises(hc.ConvergenceError, match="solved are"):
            model.greeks(prices)


def test_where_gamma_is_infinite_the_formulas_answer():
    """A loop leaves what is not finite to them, even where that is right."""

    def endless(_prices, _params, value, holdings, gamma):
        value[:], holdings[:], gamma[:] = 1.0, 1.0, -np.inf
        return int(np.isinf(gamma).sum())

    kernel = hc.Kernel(hc.compiled(endless), ())
    assert not kernel.fill(np.ones((1, 3)), np.empty(3), np.empty((2, 3)), np.empty((1, 3)))


@pytest.mark.parametrize("m", [1, 2])
def test_strided_read_only_and_many_blocks_give_the_numbers_of_one(m):
    model = kernels()["uniswap-v3" if m == 1 else "curve-stableswap"]
    near = np.ones(m) if m > 1 else 3_000.0
    wide = near * np.exp(np.random.default_rng(3).normal(0, 0.01, (70_001, 2, m)))
    wide = wide[..., 0] if m == 1 else wide
    wide.flags.writeable = False
    some = wide[:, 1]
    with fast_from(0):
        whole, parts = model.greeks(np.array(some)), model.greeks(some)
        for one, other in zip(whole, parts, strict=True):
            assert np.array_equal(one, other)
        assert np.array_equal(model.value(some), whole.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.campaign
def test_a_price_has_the_same_numbers_whatever_stands_beside_it(kind):
    """To the last bit: so that workers, blocks and frames may cut an array where they like."""
    if kind not in hc.default_registry():
        pytest.skip(f"{kind} is not installed")
    prices = np.concatenate([prices_to_try(kernels()[kind])] * 12)
    prices *= np.exp(np.random.default_rng(5).normal(0, 0.01, prices.shape))
    with fast_from(0):
        whole, late = kernels()[kind].greeks(prices), kernels()[kind].greeks(prices[37:])
    for one, other in zip(whole, late, strict=True):
        assert np.array_equal(one[37:], other)


SWITCH = """
import sys, numpy as np, hedgecore as hc
model = hc.build({"kind": "uniswap-v3", "assets": ["A", "B"], "liquidity": 5.0, "lower": 2.0,
                  "upper": 3.0})
model.greeks(np.linspace(1, 4, SIZE))
print("numba" in sys.modules)
"""


@pytest.mark.parametrize(
    ("size", "said", "imported"), [(8191, "1", False), (8192, "1", True), (8192, "0", False)]
)
@pytest.mark.campaign
def test_numba_is_imported_for_a_long_array_unless_it_is_switched_off(size, said, imported):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SWITCH.replace("SIZE", str(size))],
        env={**os.environ, compiled.VARIABLE: said}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(imported)]


def test_a_switch_that_says_neither_is_refused(monkeypatch):
    monkeypatch.setenv(compiled.VARIABLE, "fast")
    with pytest.raises(hc.SpecError, match=r"HEDGECORE_FAST.*must be 1, or 0"):
        is_fast(compiled.MANY)


def test_without_the_extra_the_formulas_answer(monkeypatch):
    model, prices = kernels()["uniswap-v2"], np.linspace(1, 2, compiled.MANY)
    monkeypatch.setattr(compiled, "is_installed", lambda: False)
    with fast_from(np.inf):
        slow = model.value(prices)
    assert np.array_equal(model.value(prices), slow)


READ_ONLY = """
import sys
sys.path.insert(0, sys.argv[1])
import locked
print(locked.twice(21.0))
"""


@pytest.mark.campaign
def test_a_folder_that_cannot_be_written_to_costs_the_cache_alone(tmp_path):
    """Numba keeps nothing where neither the module's folder nor the user's can be written to."""
    (tmp_path / "locked.py").write_text(
        "import hedgecore as hc\n@hc.compiled\ndef twice(x):\n    return 2 * x\n", "utf-8"
    )
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    own = {"XDG_CACHE_HOME": str(blocked), "HOME": str(blocked), "NUMBA_CACHE_LOCATOR_CLASSES": ""}
    (tmp_path / "__pycache__").write_text("", "utf-8")  # a file where the folder would be
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-B", "-c", READ_ONLY, str(tmp_path)],
        env={**os.environ, **own}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["42.0"]
    assert sorted(Path(tmp_path).iterdir()) == [
        tmp_path / name for name in ("__pycache__", "file", "locked.py")
    ]
