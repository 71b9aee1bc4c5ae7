"""The way of a platform call: credentials, body, fault, contract, handler, answer, journal.

Source: DESIGN, the way of a request.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final
from urllib.parse import parse_qs

from aiohttp import web

from sandbox.contract.errors import MethodNotAllowed
from sandbox.contract.operations import OperationContract
from sandbox.contract.shapes import drf_errors
from sandbox.contract.violations import Violation
from sandbox.domain.errors import SandboxError
from sandbox.domain.findings import Note, Severity
from sandbox.engine import choosing
from sandbox.engine.commands import Named
from sandbox.engine.errors import UnknownOrder, UnknownSession, WorkspacesFull
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import ApiFault, Effect, FaultKind, Scenario
from sandbox.web.answers import Answer, detail
from sandbox.web.credentials import DEFAULT_WORKSPACE, Caller, identify, workspace_asked_for
from sandbox.web.decoding import Decoded, decode
from sandbox.web.error_table import platform_answer
from sandbox.web.errors import BodyTooLarge, NotAuthenticated, NotYetHere, WrongFields
from sandbox.web.journal import Entry, cut
from sandbox.web.platform import faults
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.table import HANDLERS
from sandbox.web.services import Services

logger = logging.getLogger(__name__)

SCENARIO_HEADER: Final = "X-Sandbox-Scenario"
LARGEST_BODY: Final = 5 * 1024 * 1024
_SEVERITIES: Final = {
    "undeclared_field": Severity.WARNING,
    "amount_as_number": Severity.WARNING,
    "amount_notation": Severity.WARNING,
    "read_only_field": Severity.INFO,
    "coerced_value": Severity.INFO,
}


class _Visit:
    """One request on its way, with what the journal will say of it."""

    __slots__ = (
        "began",
        "body",
        "caller",
        "fault",
        "headers",
        "method",
        "notes",
        "operation",
        "query",
        "request",
        "target",
        "violations",
        "workspace",
    )

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.method = request.method
        self.target, _, self.query = request.raw_path.partition("?")
        self.headers: Mapping[str, str] = request.headers
        self.began = perf_counter()
        self.body = b""
        self.caller: Caller | None = None
        self.workspace: Workspace | None = None
        self.operation: OperationContract | None = None
        self.violations: Sequence[Violation] = ()
        self.notes: list[Note] = []
        self.fault: ApiFault | None = None


class PlatformPipeline:
    """Answers every call that is not the control API's or a page's."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a call; nothing that a caller sends ends in anything but a clear answer."""
        visit = _Visit(request)
        try:
            answer = await self._answer(visit)
        except SandboxError as error:
            answer = platform_answer(error)
        except Exception as failure:
            logger.exception("%s %s", visit.method, visit.target, exc_info=failure)
            answer = detail(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "The sandbox has a fault of its own; its log tells more. Please report it.",
            )
        self._keep(visit, answer)
        fault = visit.fault
        if fault is not None and fault.fault.kind is not FaultKind.STATUS:
            return await faults.break_connection(request, fault.fault, answer)
        return web.Response(
            status=answer.status,
            body=answer.body,
            headers={"Content-Type": answer.content_type, **answer.headers}
            if answer.body
            else answer.headers,
        )

    async def _answer(self, visit: _Visit) -> Answer:
        visit.body = await read_body(visit.request)
        contract = self._services.contract
        try:
            matched = contract.match(visit.method, visit.target)
        except MethodNotAllowed:
            identify(visit.headers)  # who may not call at all is told that first
            raise
        operation = visit.operation = matched.operation
        caller = visit.caller = identify(visit.headers)
        engine = self._services.engine
        workspace = visit.workspace = engine.workspace(caller.workspace)
        now = self._services.runner.now(workspace)
        decoded = (
            decode(visit.headers.get("Content-Type", ""), visit.body)
            if operation.has_body
            else Decoded(value={})
        )
        asked = asked_scenario(visit.headers, decoded.value)
        scenario = self._playing(workspace, asked, matched.path_parameters, decoded.value)
        fault = choosing.fault_met(workspace, scenario, operation.operation_id)
        if fault is not None:
            visit.fault = fault
            await faults.delay(fault.fault, clock_stands=workspace.clock.stopped)
            if fault.effect is Effect.BEFORE:
                return faults.status_answer(fault.fault)
        fields = self._checked(visit, workspace, matched.path_parameters, decoded)
        handler = HANDLERS.get(operation.key)
        if handler is None:
            raise NotYetHere(
                f"`{operation.operation_id}` passed contract and credentials; what it does comes "
                "with a later version of the sandbox."
            )
        answer = await handler(
            PlatformCall(
                services=self._services,
                workspace=workspace,
                caller=caller,
                now=now,
                operation=operation,
                path=matched.path_parameters,
                headers=visit.headers,
                fields=fields,
                origin=self._services.public_url or origin_of(visit.request),
                scenario=asked,
            )
        )
        self._note(visit, caller, decoded)
        if fault is not None and fault.fault.kind is FaultKind.STATUS:
            return faults.status_answer(fault.fault)
        return answer

    def _playing(
        self,
        workspace: Workspace,
        asked: str | None,
        path: Mapping[str, str],
        body: object,
    ) -> Scenario | None:
        """Return the scenario whose faults a call may meet: asked for, bound, or of a checkout."""
        library = self._services.engine.library
        if asked:
            return choosing.named(workspace, library, asked)
        fields = body if isinstance(body, dict) else {}
        meant = Named(
            session_id=path.get("session_id") or _text(fields.get("session_id")),
            order_no=_text(fields.get("order_no")),
        )
        if "pg_codes" not in fields:
            try:
                bound = workspace.bindings.get(workspace.named(meant).session_id)
            except (UnknownSession, UnknownOrder):
                bound = None
            if bound is not None:
                return bound.scenario
            return workspace.pinned
        return choosing.for_checkout(workspace, library, None, fields)

    def _checked(
        self, visit: _Visit, workspace: Workspace, path: Mapping[str, str], decoded: Decoded
    ) -> Mapping[str, Any]:
        operation = visit.operation
        if operation is None:
            raise LookupError("a call is checked after it was matched")
        contract = self._services.contract
        mode = workspace.settings.validation
        parameters = contract.check_parameters(
            operation, path=path, query=_query(visit.query), headers=visit.headers, mode=mode
        )
        violations = list(parameters.violations)
        remarks = list(parameters.remarks)
        body = contract.check_body(
            operation,
            decoded.value,
            mode=mode,
            textual=decoded.textual,
            currency=_currency(workspace, path),
            may_hold_null=b"\\u0000" in visit.body or b"\0" in visit.body or b"%00" in visit.body,
        )
        violations += body.violations
        remarks += body.remarks
        visit.violations = violations
        visit.notes += [
            Note(
                code=remark.code,
                severity=_SEVERITIES.get(remark.code, Severity.WARNING),
                where=f"{operation.operation_id}: {'.'.join(map(str, remark.location))}",
                message=remark.message,
                hint=remark.hint,
            )
            for remark in remarks
        ]
        if violations:
            raise WrongFields(drf_errors(violations))
        return body.value if isinstance(body.value, dict) else {}

    def _note(self, visit: _Visit, caller: Caller, decoded: Decoded) -> None:
        where = visit.operation.operation_id if visit.operation else visit.target
        if caller.remark is not None:
            remark = caller.remark
            visit.notes.append(
                Note(
                    code=remark.code,
                    severity=remark.severity,
                    where=f"{where}: Authorization",
                    message=remark.message,
                    hint=remark.hint,
                )
            )
        for name in decoded.dropped:
            plain = name.replace("[", ".").replace("]", "").rstrip(".")
            visit.notes.append(
                Note(
                    code="dropped_form_field",
                    severity=Severity.ERROR,
                    where=f"{where}: {name}",
                    message=f"The platform silently drops the form field `{name}`, so its value is lost.",
                    hint=f"Send JSON, or name the field `{plain}`.",
                )
            )

    def _place_of(self, visit: _Visit) -> Workspace | None:
        """Return where a call is kept that was refused before it came to a workspace."""
        try:
            name = workspace_asked_for(visit.headers) or DEFAULT_WORKSPACE
        except NotAuthenticated:
            name = DEFAULT_WORKSPACE
        try:
            return self._services.engine.workspace(name)
        except WorkspacesFull:
            return None

    def _keep(self, visit: _Visit, answer: Answer) -> None:
        workspace = visit.workspace or self._place_of(visit)
        name = workspace.name if workspace else ""
        journal = self._services.journal
        runner = self._services.runner
        now: datetime = runner.now(workspace) if workspace else runner.real_now()
        entry = Entry(
            number=journal.next_number(name),
            at=now,
            method=visit.method,
            path=visit.request.raw_path,
            operation=visit.operation.operation_id if visit.operation else None,
            status=answer.status,
            duration_ms=(perf_counter() - visit.began) * 1000,
            workspace=name,
            request_headers=tuple(visit.headers.items()),
            request_body=cut(visit.body),
            response_headers=tuple(answer.headers.items()),
            response_body=cut(answer.body),
            violations=tuple(
                f"{'.'.join(map(str, each.location))}: {each.message}" for each in visit.violations
            ),
            findings=tuple(note.code for note in visit.notes),
        )
        journal.keep(entry)
        if visit.notes and workspace is not None:
            self._services.engine.note(
                workspace, visit.notes, self._services.request_id(entry), now
            )


def origin_of(request: web.Request) -> str:
    """Return the address under which the caller reaches the sandbox, by its Host header."""
    return f"{request.scheme}://{request.host}"


async def read_body(request: web.Request) -> bytes:
    """Return the body of a request.

    Raises:
        BodyTooLarge: it is larger than the sandbox reads.
    """
    if not request.body_exists:
        return b""
    length = request.content_length
    if length is not None and length > LARGEST_BODY:
        raise BodyTooLarge(f"The body has {length:,} bytes; {LARGEST_BODY:,} are read at most.")
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise BodyTooLarge(f"The body has more than {LARGEST_BODY:,} bytes.") from None


def asked_scenario(headers: Mapping[str, str], body: object) -> str | None:
    """Return the name of the scenario that a call asks for, by header or `extra`."""
    asked = headers.get(SCENARIO_HEADER)
    if asked is None and isinstance(body, dict):
        extra = body.get("extra")
        asked = _text(extra.get("sandbox_scenario")) if isinstance(extra, dict) else None
    return asked


def _currency(workspace: Workspace, path: Mapping[str, str]) -> str | None:
    payment = workspace.transactions.get(path.get("session_id", ""))
    return payment.terms.currency_code if payment else None


def _query(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True, max_num_fields=1000) if query else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
