"""Findings: what the merchant's code does that the real platform would refuse or punish."""

from typing import Any

from sandbox.domain.findings import Finding
from sandbox.web.answers import Answer
from sandbox.web.control.call import ControlCall
from sandbox.web.control.instants import write_instant
from sandbox.web.control.lists import answer_list, counted, fits, session_asked_for, since
from sandbox.web.control.workspace_choice import workspace_of


async def list_findings(call: ControlCall) -> Answer:
    """List findings; each stands once, with how often it was met."""
    session_id = session_asked_for(call)
    workspace = workspace_of(call, session_id=session_id)
    wanted = workspace.parents.get(session_id, session_id) if session_id else None
    after = call.parameters.instant("since")
    matching = (
        each
        for each in workspace.findings.values()
        if fits(wanted, each.session_id) and since(after, each.at)
    )
    counts = counted(call, lambda each: each.findings)
    return answer_list(call, workspace, matching, write_finding, counts)


def write_finding(finding: Finding) -> dict[str, Any]:
    """Write a finding.

    Source: DESIGN (control API, finding).
    """
    return {
        "id": finding.id,
        "at": write_instant(finding.at),
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where,
        "message": finding.message,
        "hint": finding.hint,
        "session_id": finding.session_id,
        "request_id": finding.request_id,
        "count": finding.count,
    }
