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

import orjson
from aiohttp import web

from sandbox.contract.errors import MethodNotAllowed, UnknownPath
from sandbox.contract.operations import OperationContract
from sandbox.contract.shapes import drf_errors
from sandbox.contract.tolerances import CHECKOUT
from sandbox.contract.violations import Violation
from sandbox.domain.errors import SandboxError
from sandbox.domain.findings import Note
from sandbox.domain.identifiers import DEFAULT_WORKSPACE
from sandbox.engine import choosing
from sandbox.engine.commands import Named
from sandbox.engine.errors import UnknownOrder, UnknownSession, WorkspacesFull
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import ApiFault, Effect, FaultKind, Scenario
from sandbox.web.answers import Answer, detail
from sandbox.web.authority import Caller, admit, permit
from sandbox.web.decoding import Decoded, decode
from sandbox.web.error_table import platform_answer
from sandbox.web.errors import CallerGone, NotAuthenticated, WrongFields, WrongQuery
from sandbox.web.incoming import origin_of, read_body, target_of
from sandbox.web.journal import Entry, cut
from sandbox.web.platform import faults
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.notes import of_body, of_caller, of_form
from sandbox.web.platform.sent_files import ignored_files, with_files
from sandbox.web.platform.stateless import answer_without_state
from sandbox.web.platform.table import HANDLERS
from sandbox.web.printable import printable
from sandbox.web.services import Services

logger = logging.getLogger(__name__)

SCENARIO_HEADER: Final = "X-Sandbox-Scenario"
_MOST_PARAMETERS: Final = 1000
# What the journal keeps of one call.
_MOST_VIOLATIONS: Final = 100


class _Visit:
    """One request on its way, with what the journal will say of it."""

    __slots__ = (
        "address",
        "began",
        "body",
        "caller",
        "fault",
        "gone",
        "headers",
        "method",
        "notes",
        "operation",
        "parameters",
        "query",
        "request",
        "target",
        "violations",
        "workspace",
    )

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.method = request.method
        self.address = target_of(request)
        self.target, _, self.query = self.address.partition("?")
        self.headers: Mapping[str, str] = request.headers
        self.began = perf_counter()
        self.body = b""
        self.caller: Caller | None = None
        self.workspace: Workspace | None = None
        self.operation: OperationContract | None = None
        self.parameters: Mapping[str, Any] = {}
        self.violations: Sequence[Violation] = ()
        self.notes: list[Note] = []
        self.fault: ApiFault | None = None
        self.gone = False

    @property
    def unanswered(self) -> bool:
        """Whether the caller gets no answer: it hung up, or a fault breaks the connection."""
        return self.gone or (self.fault is not None and self.fault.fault.kind in faults.BREAKING)


class PlatformPipeline:
    """Answers every call that is not the control API's or a page's."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a call; nothing that a caller sends ends in anything but a clear answer."""
        visit = _Visit(request)
        try:
            answer = await self._answer_or_refusal(visit)
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
            headers=dict(answer.sent_headers),
        )

    async def _answer_or_refusal(self, visit: _Visit) -> Answer:
        try:
            answer = await self._answer(visit)
        except SandboxError as error:
            visit.gone = isinstance(error, CallerGone)
            answer = platform_answer(error)
        fault = visit.fault
        if fault is not None and fault.fault.kind is FaultKind.STATUS:
            return faults.status_answer(fault.fault)
        return answer

    async def _answer(self, visit: _Visit) -> Answer:
        origin = self._services.public_url or origin_of(visit.request)
        visit.body = await read_body(visit.request)
        contract, authority = self._services.contract, self._services.authority
        try:
            matched = contract.match(visit.method, visit.target)
        except MethodNotAllowed:
            authority.identify(visit.headers)  # who may not call at all is told that first
            raise
        operation = visit.operation = matched.operation
        caller = visit.caller = authority.identify(visit.headers)
        engine = self._services.engine
        workspace = visit.workspace = engine.workspace(caller.workspace)
        visit.notes += of_caller(caller, operation)
        admit(caller, operation, workspace.settings, self._services.runner.now(workspace))
        decoded = (
            decode(visit.headers.get("Content-Type", ""), visit.body)
            if operation.has_body
            else Decoded(value={})
        )
        visit.notes += of_form(decoded, operation)
        permit(caller, operation, decoded.value)
        asked = asked_scenario(visit.headers, decoded.value)
        scenario = self._playing(
            operation, workspace, asked, matched.path_parameters, decoded.value
        )
        fault = choosing.fault_met(workspace, scenario, operation.operation_id)
        if fault is not None:
            visit.fault = fault
            await faults.delay(fault.fault, clock_stands=workspace.clock.stopped)
            if fault.effect is Effect.BEFORE:
                return faults.status_answer(fault.fault)
        fields = self._checked(visit, workspace, matched.path_parameters, decoded)
        call = PlatformCall(
            services=self._services,
            workspace=workspace,
            caller=caller,
            now=self._services.runner.now(workspace),
            operation=operation,
            path=matched.path_parameters,
            headers=visit.headers,
            fields=fields,
            query=visit.parameters,
            files=decoded.files,
            origin=origin,
            scenario=asked,
        )
        handler = HANDLERS.get(operation.key)
        if handler is None:
            answer, note = answer_without_state(call)
            visit.notes.append(note)
            return answer
        return await handler(call)

    def _playing(
        self,
        operation: OperationContract,
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
        if operation.key == CHECKOUT:
            return choosing.for_checkout(workspace, library, None, fields)
        try:
            bound = workspace.bindings.get(workspace.named(meant).session_id)
        except (UnknownSession, UnknownOrder):
            bound = None
        return workspace.pinned if bound is None else bound.scenario

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
        visit.parameters = parameters.value["query"]
        violations = list(parameters.violations)
        if any(each.where == "path" and each.rule == "pattern" for each in violations):
            raise UnknownPath  # the platform's routing takes no such address
        remarks = list(parameters.remarks)
        body = contract.check_body(
            operation,
            with_files(operation, decoded),
            mode=mode,
            textual=decoded.textual,
            currency=_currency(workspace, path),
            may_hold_null=b"\\u0000" in visit.body or b"\0" in visit.body or b"%00" in visit.body,
        )
        violations += body.violations
        remarks += body.remarks
        visit.violations = violations
        visit.notes += ignored_files(operation, decoded)
        visit.notes += of_body(remarks, operation)
        if violations:
            raise WrongFields(drf_errors(violations))
        return body.value if isinstance(body.value, dict) else {}

    def _place_of(self, visit: _Visit) -> Workspace | None:
        """Return where a call is kept that was refused before it came to a workspace."""
        try:
            authority = self._services.authority
            name = authority.workspace_named(visit.headers) or DEFAULT_WORKSPACE
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
            path=visit.address,
            operation=visit.operation.operation_id if visit.operation else None,
            status=0 if visit.unanswered else answer.status,
            duration_ms=(perf_counter() - visit.began) * 1000,
            workspace=name,
            request_headers=tuple(visit.headers.items()),
            request_body=cut(visit.body),
            response_headers=() if visit.unanswered else answer.sent_headers,
            response_body=b"" if visit.unanswered else cut(answer.body),
            violations=tuple(
                f"{'.'.join(map(str, each.location))}: {each.message}" for each in visit.violations
            )[:_MOST_VIOLATIONS],
            findings=tuple(note.code for note in visit.notes),
        )
        journal.keep(entry)
        if visit.notes and workspace is not None:
            self._services.engine.note(
                workspace,
                visit.notes,
                now,
                request_id=self._services.request_id(entry),
                session_id=_session_of(visit, answer),
            )


def _session_of(visit: _Visit, answer: Answer) -> str | None:
    """Return the session that a call was about: the one in its answer, or named by the caller."""
    for text in (answer.body, visit.body):
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if isinstance(value, dict) and isinstance(value.get("session_id"), str):
            return str(value["session_id"])
    return None


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
    if not query:
        return {}
    try:
        return parse_qs(printable(query), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise WrongQuery(
            f"The query has more than {_MOST_PARAMETERS} parameters; no call takes so many."
        ) from None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
