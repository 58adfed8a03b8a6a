"""curvesim's packages as their folders alone: their roots bring plots and networks."""

import sys
from importlib.util import find_spec
from types import ModuleType


def alone(*names: str) -> None:
    """Have some packages be no more than what lies in their folders."""
    root = find_spec(names[0]).submodule_search_locations[0]
    for name in names:
        package = ModuleType(name)
        package.__path__ = [root + name.removeprefix(names[0]).replace(".", "/")]
        sys.modules[name] = package
