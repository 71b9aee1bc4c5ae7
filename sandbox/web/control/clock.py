"""Virtual time of a workspace: read it, set it, move it on.

Source: DESIGN (time; control API, clock).
"""

import enum
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from sandbox.engine import steering
from sandbox.engine.workspace import Workspace
from sandbox.runner.errors import TimeRunsForward
from sandbox.runner.runner import Runner
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.instants import NotAnInstant, later, write_instant
from sandbox.web.control.workspace_choice import workspace_of
from sandbox.web.errors import Problem

SET_FIELDS: Final = frozenset({"mode", "now"})
ADVANCE_FIELDS: Final = frozenset({"by", "to", "next"})


class Mode(enum.StrEnum):
    """Whether time passes by itself."""

    REAL = "real"
    STOPPED = "stopped"


async def show_clock(call: ControlCall) -> Answer:
    """Tell what time it is."""
    return _answer(call.services.runner, workspace_of(call))


async def set_clock(call: ControlCall) -> Answer:
    """Stop the clock or let it run, at an instant if one is given.

    What falls due on the way there happens. Only a clock by which nothing has happened goes back.
    """
    mode = call.fields.choice("mode", Mode)
    instant = call.fields.instant("now")
    if mode is None and instant is None:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "Nothing to set", "The body has neither `mode` nor `now`."
        )
    workspace = workspace_of(call)
    runner = call.services.runner
    runner.refuse_while_advancing(workspace)
    if mode is Mode.STOPPED:
        steering.freeze(workspace, runner.real_now())
        runner.clock_changed(workspace)
    if instant is not None:
        await _move(runner, workspace, instant)
    if mode is Mode.REAL:
        steering.resume(workspace, runner.real_now())
        runner.clock_changed(workspace)
    return _answer(runner, workspace)


async def advance_clock(call: ControlCall) -> Answer:
    """Move on by a span, to an instant, or to what is due next; all that falls due happens."""
    fields = call.fields
    given = [name for name in sorted(ADVANCE_FIELDS) if name in fields]
    if len(given) != 1:
        said = "Give exactly one of `by`, `to` and `next`."
        raise Problem(HTTPStatus.BAD_REQUEST, "Not one way to advance", said)
    workspace = workspace_of(call)
    runner = call.services.runner
    target = fields.instant("to")
    span = fields.duration("by")
    if "next" in fields:
        if not fields.flag("next", default=True):
            raise fields.wrong("next", "expected true.")
        due = workspace.agenda.next_due()
        span = timedelta() if due is None else max(timedelta(), due - runner.now(workspace))
    if span is not None:
        try:
            later(runner.now(workspace), span)
        except NotAnInstant:
            raise fields.wrong("by", "it leads beyond the year 9000.") from None
    to = span if target is None else target
    if to is not None:
        await runner.advance(workspace, to)
    return _answer(runner, workspace)


async def freeze_clock(call: ControlCall) -> Answer:
    """Stop the clock where it is."""
    workspace = workspace_of(call)
    runner = call.services.runner
    runner.refuse_while_advancing(workspace)
    steering.freeze(workspace, runner.real_now())
    runner.clock_changed(workspace)
    return _answer(runner, workspace)


async def resume_clock(call: ControlCall) -> Answer:
    """Let the clock run on from where it stands."""
    workspace = workspace_of(call)
    runner = call.services.runner
    runner.refuse_while_advancing(workspace)
    steering.resume(workspace, runner.real_now())
    runner.clock_changed(workspace)
    return _answer(runner, workspace)


async def settle(call: ControlCall) -> Answer:
    """Wait until nothing is due or in flight.

    How much there was to do is not told: it depends on what had been done meanwhile.
    """
    workspace = workspace_of(call)
    runner = call.services.runner
    await runner.settle(workspace)
    return _answer(runner, workspace)


async def _move(runner: Runner, workspace: Workspace, instant: datetime) -> None:
    if instant >= runner.now(workspace):
        await runner.advance(workspace, instant)
    elif steering.has_history(workspace):
        now = write_instant(runner.now(workspace))
        raise TimeRunsForward(
            f"Things have happened by this clock, which is at {now}; reset the workspace to go back."
        )
    else:
        steering.set_clock(workspace, instant, runner.real_now())


def _answer(runner: Runner, workspace: Workspace) -> Answer:
    clock = workspace.clock
    written: dict[str, Any] = {
        "now": write_instant(runner.now(workspace)),
        "mode": (Mode.STOPPED if clock.stopped else Mode.REAL).value,
        # How far a clock that stands is from real time changes all the time, so it is not told.
        "offset_seconds": 0.0 if clock.stopped else clock.offset.total_seconds(),
    }
    return as_json(written)
