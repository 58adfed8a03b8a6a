"""Old prices are said so on stderr, by a clock of the test's own."""

from datetime import UTC, datetime

import pytest

pytest.importorskip("typer")
pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")

from books import RANGE, written
from hedgecore.cli.terminal import clock


@pytest.mark.parametrize(("day", "said"), [(27, True), (30, False)])
def test_the_age_of_prices_stands_on_stderr_and_json_stays_json(
    call, tmp_path, monkeypatch, day, said
):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 30, 12, tzinfo=UTC))
    text = RANGE.replace("USDC = 1.0", "USDC = 1.0\nUSDT = 1.0", 1)
    book = written(tmp_path, f"as_of = 2026-11-{day}T11:00:00Z\n{text}")
    done = call("greeks", book, "--json")
    assert done.exit_code == 0, done.output
    assert ("Warning: prices are 3 days old" in done.stderr) is said
    assert "days old" not in done.stdout
