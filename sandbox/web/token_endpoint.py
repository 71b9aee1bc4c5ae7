"""The login service's one call: programs fetch bearer tokens there, as the official SDK does.

It stands outside the document, so its errors have the shape of OAuth.

Source: FACTS 2 (bearer); RFC 6749 (4.3, 4.4 and 5), RFC 7519.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from time import perf_counter
from typing import Final
from urllib.parse import unquote_plus

import orjson
from aiohttp import web

from sandbox.domain.errors import SandboxError
from sandbox.domain.identifiers import DEFAULT_WORKSPACE
from sandbox.engine.errors import WorkspacesFull
from sandbox.engine.workspace import Workspace
from sandbox.web.answers import Answer
from sandbox.web.authority import SERVICE_ACCOUNT
from sandbox.web.credentials import header_workspace, read_basic, split_name
from sandbox.web.decoding import FORM, decode
from sandbox.web.error_table import message_of, status_of
from sandbox.web.errors import NotAuthenticated
from sandbox.web.incoming import origin_of, read_body
from sandbox.web.journal import Entry, cut
from sandbox.web.services import Services

LIFETIME: Final = timedelta(minutes=5)
_NEVER_KEPT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_FURTHER: Final = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Basic realm="sandbox"'},
    HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": "POST"},
}


class TokenRefused(SandboxError):
    """The login service gives no token; `error` is one of OAuth's words."""

    def __init__(
        self, error: str, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> None:
        super().__init__(message)
        self.error = error
        self.status = status


class TokenEndpoint:
    """Answers whoever asks for a token."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def handle(self, request: web.Request) -> web.Response:
        """Answer with a token, or with why there is none; either is kept in the journal."""
        began = perf_counter()
        body = b""
        workspace = None
        try:
            body = await read_body(request)
            asked = _read(request.method, request.headers, body)
            workspace = self._workspace(asked, request.headers)
            answer = self._answer(asked, workspace, _issuer(request, self._services.public_url))
        except TokenRefused as refused:
            answer = _refusal(refused.error, str(refused), refused.status)
        except SandboxError as error:
            answer = _refusal("invalid_request", message_of(error), status_of(error))
        self._keep(request, body, workspace, answer, (perf_counter() - began) * 1000)
        return web.Response(
            status=answer.status,
            body=answer.body,
            headers={"Content-Type": answer.content_type, **answer.headers},
        )

    def _workspace(self, asked: "_Asked", headers: Mapping[str, str]) -> Workspace:
        name = header_workspace(headers)
        if name is None:
            name = self._services.authority.register.workspace_of_login(
                asked.client_id, asked.username
            )
        return self._services.engine.workspace(name)

    def _answer(self, asked: "_Asked", workspace: Workspace, issuer: str) -> Answer:
        register = self._services.authority.register
        if not register.admits_client(asked.client_id, asked.secret):
            raise TokenRefused(
                "invalid_client",
                "The credentials file does not have this client with this secret.",
                HTTPStatus.UNAUTHORIZED,
            )
        if asked.username is not None and not register.admits_user(asked.username, asked.password):
            raise TokenRefused(
                "invalid_grant", "The credentials file does not have this user with this password."
            )
        now = self._services.runner.now(workspace)
        return _answer(
            {
                "access_token": self._token(asked, workspace, issuer, now),
                "expires_in": int(LIFETIME.total_seconds()),
                "token_type": "Bearer",
            },
            HTTPStatus.OK,
        )

    def _token(self, asked: "_Asked", workspace: Workspace, issuer: str, now: datetime) -> str:
        identifier = self._services.engine.number_token(workspace, asked.client_id, now).result
        name = SERVICE_ACCOUNT + _without_workspace(asked.client_id)
        if asked.username is not None:
            name = _without_workspace(asked.username)
        return self._services.authority.signer.sign(
            {
                "iss": issuer,
                "jti": identifier,
                "iat": int(now.timestamp()),
                "exp": int((now + LIFETIME).timestamp()),
                "azp": asked.client_id,
                "preferred_username": name,
                "workspace": workspace.name,
            }
        )

    def _keep(
        self,
        request: web.Request,
        body: bytes,
        workspace: Workspace | None,
        answer: Answer,
        duration_ms: float,
    ) -> None:
        services = self._services
        try:
            workspace = workspace or services.engine.workspace(DEFAULT_WORKSPACE)
        except WorkspacesFull:
            return
        services.journal.keep(
            Entry(
                number=services.journal.next_number(workspace.name),
                at=services.runner.now(workspace),
                method=request.method,
                path=request.raw_path,
                operation=None,
                status=answer.status,
                duration_ms=duration_ms,
                workspace=workspace.name,
                request_headers=tuple(request.headers.items()),
                request_body=cut(body),
                response_headers=tuple(answer.headers.items()),
                response_body=cut(answer.body),
            )
        )


class _Asked:
    """Who asks for a token, and for which user; `username` of None asks for itself."""

    __slots__ = ("client_id", "password", "secret", "username")

    def __init__(self, fields: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self.client_id, self.secret = _client(fields, headers)
        self.username: str | None = None
        self.password = ""
        grant = fields.get("grant_type")
        if grant == "password":
            self.username, self.password = _said(fields, "username"), _said(fields, "password")
        elif not grant:
            raise TokenRefused("invalid_request", "The form field `grant_type` is missing.")
        elif grant != "client_credentials":
            raise TokenRefused(
                "unsupported_grant_type",
                "`grant_type` is one of `client_credentials` and `password` here.",
            )


def _read(method: str, headers: Mapping[str, str], body: bytes) -> _Asked:
    if method != "POST":
        raise TokenRefused(
            "invalid_request", "Send a POST with a form.", HTTPStatus.METHOD_NOT_ALLOWED
        )
    content_type = headers.get("Content-Type", "")
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise TokenRefused("invalid_request", f"Send the fields as `{FORM}`.")
    value = decode(content_type, body).value
    fields = value if isinstance(value, dict) else {}
    repeated = next((name for name, said in fields.items() if not isinstance(said, str)), None)
    if repeated is not None:
        raise TokenRefused("invalid_request", f"The form field `{repeated}` stands more than once.")
    return _Asked(fields, headers)


def _client(fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    """Return a client's id and secret, from the form or from basic credentials (RFC 6749, 2.3.1)."""
    scheme, _, credential = headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return _said(fields, "client_id"), fields.get("client_secret", "")
    try:
        client_id, secret = read_basic(credential.strip())
    except NotAuthenticated as wrong:
        raise TokenRefused("invalid_client", str(wrong), HTTPStatus.UNAUTHORIZED) from None
    return unquote_plus(client_id), unquote_plus(secret)


def _said(fields: Mapping[str, str], name: str) -> str:
    said = fields.get(name)
    if not said:
        raise TokenRefused("invalid_request", f"The form field `{name}` is missing.")
    return said


def _without_workspace(name: str) -> str:
    own, workspace = split_name(name)
    return own if workspace else name


def _refusal(error: str, description: str, status: HTTPStatus) -> Answer:
    return _answer({"error": error, "error_description": description}, status)


def _answer(value: object, status: HTTPStatus) -> Answer:
    headers = {**_NEVER_KEPT, **_FURTHER.get(status, {})}
    return Answer(status=status, body=orjson.dumps(value), headers=headers)


def _issuer(request: web.Request, public_url: str | None) -> str:
    issuer = f"{public_url or origin_of(request)}/auth/realms/{request.match_info['realm']}"
    # Host and path may hold bytes that are no text.
    return issuer.encode("ascii", "replace").decode()
