"""The URL of an RPC, which holds keys: what is sent of it and where to, and how it stays unseen."""

from __future__ import annotations

import re
from base64 import b64encode
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from hedgecore import ReaderError, Secret

SCHEMES = ("http", "https")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
START = 2**12
"""Characters of a node's words that are looked at, to show some of them."""
SHORT = 4
"""Characters of a part of an address that is a version or a word, and no key."""


def check(rpc: Secret) -> None:
    """Refuse a URL that cannot be one, without showing it.

    Raises:
        ReaderError: it is none of http or https.

    """
    if not _usable(rpc):
        raise ReaderError("the RPC must be a URL that begins with http:// or https://")


def login(target: SplitResult) -> dict[str, str]:
    """Header by which a URL's user and password are sent, if it has them."""
    if target.username is None:
        return {}
    pair = f"{unquote(target.username)}:{unquote(target.password or '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def without_login(target: SplitResult) -> str:
    """URL without its user, password and fragment."""
    return target._replace(netloc=_host(target), fragment="").geturl()


def proxy_of(target: SplitResult) -> str | None:
    """URL in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY; None by NO_PROXY, or at home."""
    if target.hostname in LOOPBACK or proxy_bypass(_host(target)):
        return None
    proxies = getproxies()
    return proxies.get(target.scheme) or proxies.get("all")


def redact(rpc: Secret, text: str) -> str:
    """Start of a text without any part of a URL, in capitals or not.

    What is cut is cut short of a part that would stand across the end.
    """
    parts = sorted(_parts(rpc), key=len, reverse=True)
    said = re.sub("|".join(map(re.escape, parts)), "…", text[:START], flags=re.IGNORECASE)
    return said if len(text) <= START else said[: -len(parts[0])]


def _host(target: SplitResult) -> str:
    return target.netloc.rpartition("@")[2]


def _usable(rpc: Secret) -> bool:
    try:
        target = urlsplit(rpc.reveal())
        plain = rpc.reveal().isascii() and rpc.reveal().isprintable() and " " not in rpc.reveal()
        return target.scheme in SCHEMES and bool(target.hostname) and target.port != 0 and plain
    except ValueError:
        return False


def _parts(rpc: Secret) -> set[str]:
    """Parts of the address that a node might repeat: all of it, and each that may be a key."""
    target = urlsplit(rpc.reveal())
    parts = {rpc.reveal(), target.netloc, target.username or "", target.password or ""}
    parts |= {target.hostname or "", *(each.split()[1] for each in login(target).values())}
    parts |= {*target.path.split("/"), *target.query.replace("=", "&").split("&")}
    return {form for part in parts for form in (part, unquote(part)) if len(form) > SHORT}
