"""All laws hold for the example of every kind that is installed here, pools and instruments."""

from __future__ import annotations

import hedgecore as hc
from hedgecore.testing import checks_of, parametrize_with_checks

REGISTRY = hc.default_registry()
KINDS = [*REGISTRY.kinds("hedgecore_pools"), *REGISTRY.kinds("hedgecore_instruments")]
EXAMPLES = [hc.build({"kind": kind, **REGISTRY[kind].example}) for kind in KINDS]


@parametrize_with_checks(EXAMPLES)
def test_contract(model, check):
    check(model)


def test_installed_kinds_are_held_to_the_laws_of_installed_kinds_too():
    for model in EXAMPLES:
        names = {check.__name__ for check in checks_of(model)}
        assert {"registered", "documented"} <= names
