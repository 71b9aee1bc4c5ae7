"""The way of a control call: guard, call, parameters, body, handler, answer."""

import logging
from collections.abc import Mapping
from difflib import get_close_matches
from http import HTTPStatus
from typing import Final

from aiohttp import web

from sandbox.contract.errors import UnknownPath
from sandbox.contract.routing import Router
from sandbox.domain.errors import SandboxError
from sandbox.web.answers import Answer
from sandbox.web.control.call import ControlCall
from sandbox.web.control.commits import Commits
from sandbox.web.control.fields import Fields, json_object, query_values
from sandbox.web.control.guard import check_access
from sandbox.web.control.problems import problem_answer, unexpected_answer
from sandbox.web.control.table import CALLS, ControlOperation
from sandbox.web.errors import Problem
from sandbox.web.incoming import origin_of, read_body
from sandbox.web.services import Services

logger = logging.getLogger(__name__)

_UNGUARDED: Final = frozenset(
    name.partition(" ")[2] for name, operation in CALLS.items() if not operation.guarded
)
_PATHS: Final = sorted({name.partition(" ")[2] for name in CALLS})
# All paths begin alike, so only much likeness means something.
_ALIKE: Final = 0.85
_WITHOUT_BODY: Final = frozenset({"GET", "DELETE"})


class ControlPipeline:
    """Answers every call of the control API."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._commits = Commits()
        services.engine.on_commit(self._commits.notify)
        self._router: Router[ControlOperation] = Router(
            (*_method_and_path(name), operation) for name, operation in CALLS.items()
        )

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a call; whatever is wrong with it is told as a problem."""
        try:
            answer = await self._answer_or_problem(request)
        except Exception as failure:
            logger.exception("%s %s", request.method, request.rel_url.raw_path, exc_info=failure)
            answer = unexpected_answer()
        headers = dict(answer.headers)
        if answer.body:
            headers["Content-Type"] = answer.content_type
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    async def _answer_or_problem(self, request: web.Request) -> Answer:
        try:
            return await self._answer(request)
        except SandboxError as error:
            return problem_answer(error)

    async def _answer(self, request: web.Request) -> Answer:
        path = request.rel_url.raw_path
        if path.rstrip("/") not in _UNGUARDED:
            check_access(request.headers, _peer(request), self._services.access)
        body = await read_body(request)
        method = "GET" if request.method == "HEAD" else request.method
        operation, path_values = self._find(method, path)
        fields = Fields({})
        parameters = Fields({}, "query")
        if not operation.is_later:
            parameters = _parameters(operation, request)
            if operation.fields is not None and method not in _WITHOUT_BODY:
                fields = Fields(json_object(body))
                fields.refuse_others(operation.fields)
        return await operation.handler(
            ControlCall(
                services=self._services,
                commits=self._commits,
                path=path_values,
                headers=request.headers,
                parameters=parameters,
                fields=fields,
                body=body,
                origin=self._services.public_url or origin_of(request),
            )
        )

    def _find(self, method: str, path: str) -> tuple[ControlOperation, Mapping[str, str]]:
        try:
            return self._router.find(method, path)
        except UnknownPath:
            raise Problem(
                HTTPStatus.NOT_FOUND,
                "Unknown call",
                f"The control API has no `{path}`.",
                hint=_meant(path),
            ) from None


def _meant(path: str) -> str:
    nearest = get_close_matches(path, _PATHS, n=1, cutoff=_ALIKE)
    return f"Did you mean `{nearest[0]}`?" if nearest else ""


def _method_and_path(name: str) -> tuple[str, str]:
    method, _, path = name.partition(" ")
    return method, path


def _parameters(operation: ControlOperation, request: web.Request) -> Fields:
    parameters = Fields(query_values(request.rel_url.raw_query_string), "query")
    parameters.refuse_others(operation.parameters, operation.later_parameters)
    return parameters


def _peer(request: web.Request) -> str | None:
    transport = request.transport
    peer = transport.get_extra_info("peername") if transport is not None else None
    return str(peer[0]) if isinstance(peer, tuple) and peer else None
