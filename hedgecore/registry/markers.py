"""Marks of hooks, and what plugins and core agree on, without a class that a hook returns."""

from __future__ import annotations

import pluggy

GROUP = "hedgecore"
"""The entry-point group, and pluggy's project name."""

INTERFACE = 1
"""Interface that plugins are written for; one more where a plugin that was right no longer is."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)
"""Marks a function of a plugin as the implementation of the hook of that name."""
