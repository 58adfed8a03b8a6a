"""The judge: recorded truth, 60-digit arithmetic, and Pendle's own package from npm."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from mpmath import MPContext

from hedgecore.testing import parametrize_with_recorded, recorded

MP = MPContext()
MP.dps = 40
PACKAGE = Path(__file__).with_name("package")
PATIENCE = 600.0
"""Seconds for npm."""
RECORDED = {"curve_case": recorded("curves/pendle")}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a recorded case all of them, one by one."""
    parametrize_with_recorded(metafunc, RECORDED, above=__file__)


class Truth(NamedTuple):
    """What a market is worth and holds at a price, and its gamma."""

    value: Any
    base: Any
    quote: Any
    gamma: Any


class Oracle:
    """What tests ask of the judge."""

    exact = staticmethod(MP.mpf)
    mp = MP

    @staticmethod
    def at(model: Any, price: Any) -> Truth:
        """Return the truth at a price, inputs exact: the integral by adaptive quadrature over p.

        dA = −dPT/E with PT = pN and A = (1 − p)N is dN/N = (E − 1) dp / (E (1 − p) + p).
        """
        pt, asset, root, years, rate = (
            MP.mpf(x)
            for x in (
                model.total_pt,
                model.total_asset,
                model.scalar_root,
                model.years_to_expiry,
                model.last_ln_implied_rate,
            )
        )
        price, scalar, first = MP.mpf(price), root / years, MP.log(pt / asset)
        last = first + scalar * (1 / price - MP.exp(rate * years))

        def grown(part: Any) -> Any:
            exchange = (MP.log(part / (1 - part)) - first) / scalar + MP.exp(rate * years)
            return (exchange - 1) / (exchange * (1 - part) + part)

        steps = max(int(abs(last - first) / 2), 1)
        ends = [first + (last - first) * k / steps for k in range(steps + 1)]
        parts = [1 / (1 + MP.exp(-u)) for u in ends]
        total = model.share * (pt + asset) * MP.exp(MP.quad(grown, parts))
        p = parts[-1]
        value = price * p * total + (1 - p) * total
        gamma = -scalar * p * (1 - p) * total**2 / price**2 / value
        return Truth(value, p * total, (1 - p) * total, gamma)

    @staticmethod
    def error(got: Any, want: Any) -> float:
        """Return the relative error; infinite for anything but zero where zero is due."""
        got, want = MP.mpf(float(got)), MP.mpf(want)
        if got == want:
            return 0.0
        return float(abs(got - want) / abs(want)) if want else float("inf")


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    """Return the judge."""
    return Oracle


@pytest.fixture(scope="session")
def pendle_trades() -> Any:
    """Return a function that has Pendle's own package trade on a list of markets."""
    try:
        folder = _installed()
    except (OSError, subprocess.SubprocessError) as reason:
        said = f"Pendle's package comes from npm: {reason}"
        if "npm" in os.environ.get("HEDGECORE_REQUIRE", "").split(","):
            pytest.fail(f"HEDGECORE_REQUIRE names npm, and {said}")
        pytest.skip(said)

    def traded(markets: list[dict[str, Any]]) -> list[list[int]]:
        done = _run(["node", str(folder / "trades.cjs")], folder, json.dumps(markets))
        return [[int(number) for number in row] for row in json.loads(done)]

    return traded


def _installed() -> Path:
    """Return a folder of the user's cache with what the lock file pins, by hash, installed."""
    files = sorted(PACKAGE.iterdir())
    told = hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()[:12]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "hedgecore-npm" / f"pendle-{told}"
    if not folder.is_dir():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.copytree(PACKAGE, fresh)
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return folder


def _run(command: list[str], folder: Path, given: str = "") -> str:
    found = shutil.which(command[0])
    if found is None:
        raise FileNotFoundError(f"{command[0]} is not installed")
    done = subprocess.run(  # noqa: S603 - our own words
        [found, *command[1:]],
        cwd=folder,
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=PATIENCE,
    )
    return done.stdout
