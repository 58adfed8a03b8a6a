"""Addresses of venues: those to which a key may be sent."""

from __future__ import annotations

import re
from typing import Any

from attrs import Attribute

from hedgecore.fields.entries import make_field, wrong

URL = re.compile(r"https://[^\s/@?#]+|http://(127\.0\.0\.1|localhost|\[::1\]):\d+")
RULE = "must be https://host with no path, or http:// of this machine"


def url(about: str) -> Any:
    """Field of an address: https with no path, user or key in it, or a port of this machine.

    Example:
        >>> import attrs
        >>> import hedgecore as hc
        >>> attrs.make_class("Place", {"url": hc.fields.url("address")})("https://example.com")
        Place(url='https://example.com')

    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> str:
        if not isinstance(given, str) or not URL.fullmatch(given):
            raise wrong(model, its.name, f"{RULE}, not {given!r:.80}")
        return given

    return make_field(convert, None, {"about": about, "unit": "name"}, optional=True)
