"""The journal: platform calls as they came in, and what was answered."""

from collections.abc import Mapping
from typing import Any

from sandbox.web.answers import Answer
from sandbox.web.control.call import ControlCall
from sandbox.web.control.instants import write_instant
from sandbox.web.control.lists import answer_list, fits, session_asked_for, since
from sandbox.web.control.workspace_choice import workspace_of
from sandbox.web.journal import Entry
from sandbox.web.masking import masked_body, masked_headers, masked_path
from sandbox.web.printable import printable


async def list_requests(call: ControlCall) -> Answer:
    """List platform calls, with credentials and card numbers hidden."""
    session_id = session_asked_for(call)
    workspace = workspace_of(call, session_id=session_id)
    status = call.parameters.number("status")
    after = call.parameters.instant("since")
    journal = call.services.journal
    matching = (
        each
        for each in journal.of(workspace.name)
        if fits(status, each.status)
        and since(after, each.at)
        and (session_id is None or _names(each, session_id))
    )

    def write(entry: Entry) -> dict[str, Any]:
        # Real time passes while a virtual clock stands, and differs from run to run.
        duration = 0.0 if workspace.clock.stopped else round(entry.duration_ms, 3)
        return write_request(entry, call.services.request_id(entry), duration)

    return answer_list(call, workspace, matching, write, journal.workspaces)


def write_request(entry: Entry, request_id: str, duration_ms: float) -> dict[str, Any]:
    """Write one call with its answer.

    Source: DESIGN (control API, request).
    """
    return {
        "id": request_id,
        "at": write_instant(entry.at),
        "method": entry.method,
        "path": masked_path(entry.path),
        "operation": entry.operation,
        "status": entry.status,
        "duration_ms": duration_ms,
        "workspace": entry.workspace,
        "request": _half(masked_headers(entry.request_headers), entry.request_body),
        "response": _half(masked_headers(entry.response_headers), entry.response_body),
        "violations": [printable(each) for each in entry.violations],
        "findings": list(entry.findings),
    }


def _half(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    return {
        "headers": {printable(name): printable(value) for name, value in headers.items()},
        "body": masked_body(body),
    }


def _names(entry: Entry, session_id: str) -> bool:
    """Tell whether a call concerns a payment: its session_id stands in path, body or answer."""
    named = session_id.encode()
    return session_id in entry.path or named in entry.request_body or named in entry.response_body
