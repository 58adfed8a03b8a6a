#!/usr/bin/env bash
# Importing a signer of Ethereum's changes the interpreter for everything else in the process.
#
# Package   py-ecc 8.0.0 through eth-account 0.14.0 and web3 8.0.0 (PyPI).
# Expected  A library that signs transactions leaves the interpreter's settings as they are.
# Seen      import eth_account, or web3, imports py_ecc, and that sets the recursion limit of the
#           whole process from 1000 to 100 000, more than a thread's stack has room for.
# A hedger  Any parser that relies on the limit to refuse what is nested too deep (json says
#           RecursionError) no longer does, from the moment that a venue's key is loaded: bound the
#           depth of books, answers of nodes and of venues before they are parsed.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet web3==8.0.0 eth-account==0.14.0 py-ecc==8.0.0 || exit 2
for library in eth_account web3; do
    "$home/venv/bin/python" - "$library" <<'PY'
import importlib
import json
import sys
from importlib.metadata import version

nested = "[" * 50 + "]" * 50
before = sys.getrecursionlimit()
library = importlib.import_module(sys.argv[1])
after = sys.getrecursionlimit()
print(f"{sys.argv[1]} {version(sys.argv[1].replace('_', '-'))}, py-ecc {version('py-ecc')}:", end=" ")
print(f"recursion limit {before} before the import, {after} after it")
assert before == 1000
assert after == 100_000
assert "py_ecc" in sys.modules
assert json.loads(nested) is not None
PY
done
