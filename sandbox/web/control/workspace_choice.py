"""Which workspace a control call means, and which payment in it.

Source: DESIGN (workspaces and credentials).
"""

from http import HTTPStatus

from sandbox.domain.identifiers import DEFAULT_WORKSPACE
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.engine import Engine
from sandbox.engine.errors import UnknownDelivery, UnknownSession
from sandbox.engine.workspace import Workspace
from sandbox.web.control.call import ControlCall
from sandbox.web.credentials import WORKSPACE_HEADER
from sandbox.web.errors import NotAuthenticated, Problem


def workspace_of(call: ControlCall, *, session_id: str | None = None) -> Workspace:
    """Return the workspace: of the sandbox's own header, else the one that has the session.

    Else it is that of the credentials, and without any it is `default`.

    Raises:
        Problem: header or credentials cannot be read (400).
        WorkspacesFull: it would be one too many.
    """
    engine = call.services.engine
    asked = _asked(call)
    if session_id and not _is_named(call):
        try:
            return engine.workspace_of(session_id)
        except UnknownSession:
            pass
    return engine.workspace(asked or DEFAULT_WORKSPACE)


def payment_of(call: ControlCall) -> tuple[Workspace, PaymentTransaction]:
    """Return the payment of the path's session_id; that of a child means its parent.

    Raises:
        Problem: there is none (404).
    """
    session_id = call.path["session_id"]
    workspace = workspace_of(call, session_id=session_id)
    try:
        return workspace, workspace.payment(workspace.parents.get(session_id, session_id))
    except UnknownSession:
        hint = _elsewhere(call.services.engine, session_id)
        raise _unknown("payment transaction", "session_id", workspace, hint) from None


def delivery_workspace(call: ControlCall) -> Workspace:
    """Return the workspace that has the delivery of the path.

    Raises:
        Problem: there is none (404).
    """
    delivery_id = call.path["id"]
    asked = _asked(call)
    engine = call.services.engine
    holders = [each for each in engine.workspaces.values() if delivery_id in each.deliveries]
    if holders and not _is_named(call):
        return holders[0]
    workspace = engine.workspace(asked or DEFAULT_WORKSPACE)
    try:
        workspace.delivery(delivery_id)
    except UnknownDelivery:
        hint = f"Workspace `{holders[0].name}` has it." if holders else ""
        raise _unknown("webhook delivery", "id", workspace, hint) from None
    return workspace


def _is_named(call: ControlCall) -> bool:
    """Tell whether the call names its workspace outright, which counts more than an identifier."""
    return WORKSPACE_HEADER in call.headers


def _asked(call: ControlCall) -> str | None:
    try:
        return call.services.authority.workspace_named(call.headers)
    except NotAuthenticated as error:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            "No usable workspace",
            str(error),
            hint=f"Name the workspace in `{WORKSPACE_HEADER}`, or send no credentials at all.",
        ) from None


def _elsewhere(engine: Engine, session_id: str) -> str:
    try:
        return f"Workspace `{engine.workspace_of(session_id).name}` has it."
    except UnknownSession:
        return ""


def _unknown(what: str, name: str, workspace: Workspace, hint: str) -> Problem:
    detail = f"No {what} has this {name} in workspace `{workspace.name}`."
    return Problem(HTTPStatus.NOT_FOUND, f"Unknown {what}", detail, hint=hint)
