"""Plugins as they may be written: a good one, broken ones, and a thief of kinds."""

GOOD = """
    from attrs import frozen
    from hedgecore import PairPool, hookimpl

    @frozen(kw_only=True)
    class Model(PairPool):
        kind = "KIND"
        assets: tuple = ("A", "B")

        def _holdings(self, price):
            return 1 / price, price

    @hookimpl
    def hedgecore_pools():
        return [Model]
"""

BROKEN = {
    "raises at import": ("raise RuntimeError('no luck')", "RuntimeError", "no luck"),
    "exits at import": ("raise SystemExit(3)", "SystemExit", "3"),
    "imports what is not there": ("import no_such_module_here", "ModuleNotFoundError", "no_such"),
    "is no python": ("def f(:", "SyntaxError", "invalid syntax"),
    "raises in a hook": (
        """
        from hedgecore import hookimpl

        @hookimpl
        def hedgecore_pools():
            return 1 / 0
        """,
        "ZeroDivisionError",
        "division",
    ),
    "exits in a hook": (
        """
        import sys
        from hedgecore import hookimpl

        @hookimpl
        def hedgecore_pools():
            sys.exit("bye")
        """,
        "SystemExit",
        "bye",
    ),
    "panics at import": (
        """
        class PanicException(BaseException):
            pass

        raise PanicException("of a compiled extension")
        """,
        "PanicException",
        "of a compiled extension",
    ),
    "panics in a hook": (
        """
        from hedgecore import hookimpl

        class PanicException(BaseException):
            pass

        @hookimpl
        def hedgecore_pools():
            raise PanicException("within the hook")
        """,
        "PanicException",
        "within the hook",
    ),
    "never ends in a hook": (
        GOOD.replace("KIND", "sly").replace("return [Model]", "return iter(lambda: Model, None)"),
        "NoneType",
        "more than 1000 classes",
    ),
    "overrides a public method": (
        GOOD.replace("KIND", "sly").replace(
            "def _holdings",
            "def value(self, price):\n            return 1\n\n        def _holdings",
        ),
        "NoneType",
        "overrides the public method 'value'",
    ),
    "misspells a hook": (
        GOOD.replace("KIND", "sly").replace("def hedgecore_pools", "def hedgecore_pool"),
        "NoneType",
        "did you mean 'hedgecore_pools'",
    ),
    "forgets the mark": (
        GOOD.replace("KIND", "sly").replace("    @hookimpl\n", ""),
        "NoneType",
        "@hookimpl",
    ),
    "returns no class": (GOOD.replace("KIND", "sly").replace("[Model]", "[3]"), "NoneType", "3"),
    "returns an instance": (
        GOOD.replace("KIND", "sly").replace("[Model]", "[Model()]"),
        "NoneType",
        "no class",
    ),
    "is not frozen": (
        GOOD.replace("KIND", "sly").replace("@frozen(", "@__import__('attrs').define("),
        "NoneType",
        "frozen",
    ),
    "has no kebab-case kind": (GOOD.replace("KIND", "Sly Kind"), "NoneType", "kebab-case"),
}

THIEF = """
    from attrs import frozen
    from hedgecore import Exposure, PairPool, hookimpl

    @frozen(kw_only=True)
    class Mine(PairPool):
        kind = "my-own"
        assets: tuple = ("A", "B")

        def _holdings(self, price):
            return 1 / price, price

    @frozen(kw_only=True)
    class Thief(PairPool):
        kind = "uniswap-v2"
        assets: tuple = ("A", "B")

        def _holdings(self, price):
            return price, price

    @frozen(kw_only=True)
    class Perp:
        kind = "perp"
        name: str = "x"
        hedges: tuple = ()
        contract_size: float = 1.0
        lot: float = 0.0
        min_size: float = 0.0
        fee: float = 0.0

        def worth(self, market):
            return 0.0

        def exposure(self, market):
            return Exposure.of(market, 0.0, {})

        def enter(self, market):
            return self

    @hookimpl
    def hedgecore_pools():
        return POOLS

    @hookimpl
    def hedgecore_instruments():
        return INSTRUMENTS
"""
