#!/usr/bin/env bash
# The SDK of Hyperliquid signs for the test network wherever the address is not its own to the letter.
#
# Package   hyperliquid-python-sdk 0.24.0 (PyPI); no network, the key is made up.
# Expected  An order signed for the main network recovers to its signer whether the address is
#           https://api.hyperliquid.xyz, the same with a slash, or that of a relay before it.
# Seen      `Exchange` tells the network by `base_url == MAINNET_API_URL`. With a slash at the end the
#           order is signed for the test network; verified for the main one, it is a stranger's: another
#           address, which has no account.
# A hedger  Every order is refused through a relay, "User or API Wallet 0x... does not exist" of an
#           address that nobody knows, while all readings are well: the hedge is never placed.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet hyperliquid-python-sdk==0.24.0 || exit 2
"$home/venv/bin/python" - <<'PY'
from eth_account import Account
from hyperliquid.exchange import Exchange
from hyperliquid.utils.constants import MAINNET_API_URL
from hyperliquid.utils.signing import recover_agent_or_user_from_l1_action

META = {"universe": [{"name": "ETH", "szDecimals": 4}]}
SPOT = {"universe": [], "tokens": []}
key = Account.from_key("0x" + "22" * 32)


def signer(url):
    """Whose the order is, to the main network."""
    exchange, sent = Exchange(key, url, meta=META, spot_meta=SPOT), []
    exchange.post = lambda path, body=None: sent.append(body)
    exchange.order("ETH", True, 1.0, 2000.0, {"limit": {"tif": "Ioc"}})
    [body] = sent
    return recover_agent_or_user_from_l1_action(
        body["action"], body["signature"], None, body["nonce"], None, True
    )


plain, slash = signer(MAINNET_API_URL), signer(MAINNET_API_URL + "/")
print("signer's address:     ", key.address)
print(f"order at {MAINNET_API_URL} :", plain)
print(f"order at {MAINNET_API_URL}/:", slash)
assert plain == key.address
assert slash != key.address
PY
