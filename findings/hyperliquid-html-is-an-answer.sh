#!/usr/bin/env bash
# The SDK of Hyperliquid makes an answer of a page that is no JSON, and sizes of 8 digits too many.
#
# Package   hyperliquid-python-sdk 0.24.0 (PyPI); a server on this machine answers, no other network.
# Expected  A page of HTML with status 200 is an error; a size is sent as it was given, or refused as
#           the SDK refuses others ("float_to_wire causes rounding").
# Seen      post() returns {"error": "Could not parse JSON: ..."} and raises nothing, for questions and
#           for orders. Open orders are then a table, of one key: len() is 1, and its key the text
#           "error". The size 99668151.615 is sent as 99668151.61499999.
# A hedger  An order whose answer was a gateway's page may be filled, and no error says so; a reading
#           that is looked through with get() is an account without positions. The last lot of a large
#           size is refused, or lost.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet hyperliquid-python-sdk==0.24.0 || exit 2
"$home/venv/bin/python" - <<'PY'
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from hyperliquid.info import Info
from hyperliquid.utils.signing import float_to_wire

PAGE = b"<html>Just a moment...</html>"


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *words):
        """Say nothing."""


server = HTTPServer(("127.0.0.1", 0), Gateway)
Thread(target=server.serve_forever, daemon=True).start()
nothing = {"universe": [], "tokens": []}
info = Info(f"http://127.0.0.1:{server.server_port}", True, nothing, nothing)
orders, state = info.open_orders("0x" + "11" * 20), info.user_state("0x" + "11" * 20)
print("open orders:", orders)
print("positions, by get():", state.get("assetPositions", []))
print("99668151.615 is sent as", float_to_wire(99668151.615))
assert len(orders) == 1 and [*orders] == ["error"]
assert state.get("assetPositions", []) == []
assert float_to_wire(99668151.615) == "99668151.61499999"
PY
