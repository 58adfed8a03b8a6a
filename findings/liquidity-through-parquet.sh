#!/usr/bin/env bash
# Liquidity is a uint128, one digit wider than DuckDB's decimals: a closed position comes back open.
#
# Package   pyarrow 26.0.1, duckdb 2.0.1, polars 2.1.0 (PyPI), offline.
# Expected  Two mints and the burn of each, stored as exact decimals, add up to 0; a reader that has
#           no such decimals says so.
# Seen      uint128 needs 39 digits. pyarrow writes and reads DECIMAL(39, 0) exactly; Polars, whose
#           decimals end at 38, raises; DuckDB's end there too, and it reads the column as DOUBLE
#           without a word: the same four rows add up to 134217728. uint256 needs 78 digits: the
#           counters of fee growth, which wrap below 0 by design, are refused by the widest decimal
#           of Arrow (76).
# A hedger  `GROUP BY position HAVING sum(liquidity) <> 0` lists what was closed, and no sum
#           reconciles with the chain.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0 || exit 2
cd "$home"
"$home/venv/bin/python" - <<'PY'
from decimal import Decimal

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

FIRST, SECOND = 738121593715607420925133, 817872474337387569572485
EVENTS = [FIRST, SECOND, -FIRST, -SECOND]

assert len(str(2**128 - 1)) == 39
column = pa.array(map(Decimal, EVENTS), pa.decimal256(39, 0))
pq.write_table(pa.table({"liquidity": column}), "events.parquet")

exact = sum(row["liquidity"] for row in pq.read_table("events.parquet").to_pylist())
asked = "SELECT sum(liquidity), any_value(typeof(liquidity)) FROM 'events.parquet'"
[(told, kind)] = duckdb.sql(asked).fetchall()
print("pyarrow", pa.__version__, "adds up to", exact)
print("duckdb", duckdb.__version__, "adds up to", told, kind)
assert exact == 0
assert kind == "DOUBLE"
assert told == 134217728
try:
    pl.read_parquet("events.parquet")
except pl.exceptions.InvalidOperationError as error:
    print("polars", pl.__version__, "raises:", str(error)[:60])
else:
    raise SystemExit(1)
try:
    pa.array([Decimal(2**256 - FIRST)], pa.decimal256(76, 0))
except pa.ArrowInvalid as error:
    print("a counter of fee growth that wrapped:", str(error)[:60])
else:
    raise SystemExit(1)
PY
