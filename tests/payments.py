"""Rows of prices and payments of funding, and a ledger that lists every payment."""

import numpy as np

START = 1_690_000_000
HOUR, DAY = 3600, 86_400


def file(folder, name, head, rows):
    path = folder / name
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return str(path)


def owed(seconds, prices, payments, held=lambda at: -1.0):  # noqa: ARG005 - short all the time
    """Return what a ledger says is received: −contracts · price last known · rate, of each."""
    total = 0.0
    for at, rate in payments:
        if seconds[0] < at <= seconds[-1]:
            price = next(p for s, p in zip(seconds[::-1], prices[::-1], strict=True) if s <= at)
            total -= held(at) * price * rate
    return total


def walk(count, seed=1, vol=0.01):
    steps = vol * np.random.default_rng(seed).standard_normal(count)
    return (60_000.0 * np.exp(np.cumsum(steps))).round(2).tolist()


def paid(first, last, hours):
    """Return seconds from `first` hours on, each so many hours, to `last`, with rates of theirs."""
    at = [START + round(HOUR * h) for h in np.arange(first, last + 1e-9, hours)]
    rates = np.random.default_rng(len(at)).normal(1e-4, 3e-4, len(at)).round(7)
    return list(zip(at, rates.tolist(), strict=True))


def every(seconds, until, *, but=()):
    """Return rows each so many seconds, to `until` days, but for those of some days."""
    rows = range(START, START + round(until * DAY) + 1, seconds)
    return [s for s in rows if not any(a < (s - START) / DAY < b for a, b in but)]


IRREGULAR = sorted(
    {START, START + 7 * DAY}
    | {START + int(s) for s in np.random.default_rng(2).integers(1, 7 * DAY, 90)}
)
CHANGING = [*paid(8, 48, 8), *paid(52, 96, 4), *paid(97, 168, 1)]
LAYOUTS = {
    "daily rows, each 8 h": (every(DAY, 7), paid(8, 168, 8)),
    "hourly rows, each 8 h": (every(HOUR, 7), paid(8, 168, 8)),
    "8 h rows an hour off": ([START, *every(8 * HOUR, 7)[1:]], paid(7, 167, 8)),
    "5-minute rows, each hour": (every(300, 2), paid(0, 48, 1)),
    "irregular rows, each hour": (IRREGULAR, paid(0.5, 168, 1)),
    "a gap in rows of 3 days": (every(HOUR, 7, but=[(2, 5)]), paid(8, 168, 8)),
    "a gap in payments of 2 days": (every(HOUR, 7), [*paid(8, 48, 8), *paid(104, 168, 8)]),
    "from each 8 h to 4 h to 1 h": (every(DAY, 7), CHANGING),
    "from each hour to 8 h": (every(6 * HOUR, 7), [*paid(1, 48, 1), *paid(56, 168, 8)]),
    "out of order": (every(DAY, 7), paid(8, 168, 8)[::-1]),
}
