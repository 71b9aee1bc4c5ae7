"""Lists of the control API: filtered, newest last, and telling where the items are if not here.

Source: DESIGN (control API, lists).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from sandbox.engine.workspace import Workspace
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall

LATER_PARAMETERS: Final = frozenset({"wait", "count", "format"})

Item = TypeVar("Item")
Wanted = TypeVar("Wanted")


def fits(wanted: Wanted | None, there: Wanted) -> bool:
    """Tell whether a filter takes a value; one that is not set takes all."""
    return wanted is None or wanted == there


def since(wanted: datetime | None, at: datetime) -> bool:
    """Tell whether something happened at or after the instant asked for."""
    return wanted is None or at >= wanted


def session_asked_for(call: ControlCall) -> str | None:
    """Return the session_id that a list is filtered by."""
    return call.parameters.text("session_id")


def answer_list(
    call: ControlCall,
    workspace: Workspace,
    matching: Iterable[Item],
    write: Callable[[Item], dict[str, Any]],
    counts: Callable[[], Mapping[str, int]],
) -> Answer:
    """Answer the items, the newest `limit` of them where that is asked for.

    `counts` tells how many items each workspace has; it is asked only when the list is empty.
    """
    limit = call.parameters.number("limit")
    found = list(matching)
    shown = found if limit is None else found[max(0, len(found) - limit) :]
    answer: dict[str, Any] = {"count": len(shown), "items": [write(each) for each in shown]}
    if not found:
        answer["hint"] = _hint(workspace.name, counts())
    return as_json(answer)


def counted(
    call: ControlCall, items: Callable[[Workspace], Iterable[object]]
) -> Callable[[], Mapping[str, int]]:
    """Return what counts the items of every workspace."""
    engine = call.services.engine

    def count() -> Mapping[str, int]:
        return {name: len(list(items(each))) for name, each in engine.workspaces.items()}

    return count


def _hint(here: str, counts: Mapping[str, int]) -> str:
    kept = counts.get(here, 0)
    if kept:
        return f"Workspace `{here}` has {kept}, but none that passes the filters."
    elsewhere = [f"`{name}` has {count}" for name, count in sorted(counts.items()) if count]
    if not elsewhere:
        return f"Workspace `{here}` has none yet, nor has any other."
    return (
        f"Workspace `{here}` has none; {', '.join(elsewhere)}. "
        "Name a workspace in `X-Sandbox-Workspace`."
    )
