"""The loop: one cycle after another, each with its answers; the only file that sleeps."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Protocol, TypeVar

from hedgecore.errors import HedgecoreError, JournalError, LeaseError
from hedgecore.live.alerting import CRITICAL
from hedgecore.live.clock import LoopClock
from hedgecore.live.cycle import Status, cycle, status
from hedgecore.live.effects import Alert, FindBlock, KeepState
from hedgecore.live.plan import LivePlan
from hedgecore.live.state import LoopState

Result = TypeVar("Result")
KEPT = 100
"""Cycles after which all that is known is written down: a restart reads what came since."""
SOON = 1.0
"""Seconds until orders are asked about again of which nothing is proven, or for a new block."""
SILENT = 60.0
"""Seconds without a block after which a cycle begins all the same, and says what it waits for."""


class SupportsAnswer(Protocol):
    """Object that answers effects."""

    def answer(self, effect: Any) -> Any:
        """Answer of an effect; what has none is raised."""


def drive(effects: Generator[Any, Any, Result], world: SupportsAnswer) -> Result:
    """Result of a generator of effects, each answered by the world, or raised within it."""
    try:
        effect = next(effects)
        while True:
            try:
                answer = world.answer(effect)
            except Exception as error:  # noqa: BLE001 - the cycle says what it takes of it
                effect = effects.throw(error)
            else:
                effect = effects.send(answer)
    except StopIteration as end:
        result: Result = end.value
        return result


def keep(
    plan: LivePlan,
    state: LoopState,
    world: SupportsAnswer,
    clock: LoopClock,
    *,
    is_over: Callable[[LoopState], bool],
) -> LoopState:
    """Keep a hedge: cycle after cycle until it is over.

    A cycle that takes longer than the time between two makes the next one late, and no other; of
    the blocks that have come meanwhile the last one is looked at.
    """
    while True:
        began = clock.monotonic()
        state = _cycle(plan, state, world)
        if state.cycle % KEPT == 0:
            world.answer(KeepState(state.cycle, state))
        if is_over(state):
            return state
        if plan.settings.every_block and status(state) is not Status.RESOLVING:
            _await_block(world, clock)
        else:
            pause = SOON if status(state) is Status.RESOLVING else plan.settings.every_seconds
            clock.sleep(began + pause - clock.monotonic())


def _cycle(plan: LivePlan, state: LoopState, world: SupportsAnswer) -> LoopState:
    """State after one more cycle; a person is told where it is the last, whatever ends it."""
    try:
        return drive(cycle(plan, state), world)
    except (LeaseError, JournalError) as error:
        world.answer(Alert(CRITICAL, f"the loop ends: {error}"))
        raise


def _await_block(world: SupportsAnswer, clock: LoopClock) -> None:
    """Sleep until the chain has a block that was not read; a while, where it has none.

    Where it cannot be asked, the next cycle says why.
    """
    end = clock.monotonic() + SILENT
    try:
        while not world.answer(FindBlock()) and clock.monotonic() < end:
            clock.sleep(SOON)
    except HedgecoreError:
        clock.sleep(SOON)


def after_one(state: LoopState) -> bool:
    """True once a look is over: no order of it is left to be resolved."""
    return status(state) is not Status.RESOLVING


def after_flattening(state: LoopState) -> bool:
    """True once nothing is held that an order could give up, or a person has to look."""
    return state.flattened is not None or status(state) is Status.HALTED


def never(state: LoopState) -> bool:  # noqa: ARG001 - as the others
    """False: the loop is over only when its process ends."""
    return False
