"""Who is calling: the platform's schemes, and the workspace that each caller belongs to.

Source: FACTS 2, DESIGN (workspaces and credentials).
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from sandbox.domain.findings import Severity
from sandbox.domain.identifiers import digest
from sandbox.domain.transactions import Initiator
from sandbox.web.errors import NotAuthenticated

DEFAULT_WORKSPACE: Final = "default"
WORKSPACE_HEADER: Final = "X-Sandbox-Workspace"
_WORKSPACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_EXPECTED: Final = (
    "Send `Authorization: Api-Key <key>`, `Authorization: Basic <base64 of user:password>` or "
    "`Authorization: Bearer <token>`; the sandbox takes any key unless told otherwise."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something about how the caller identified itself that deserves a finding."""

    code: str
    severity: Severity
    message: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who calls, in which workspace; basic and bearer callers are users and fill `initiator`."""

    workspace: str
    initiator: Initiator | None = None
    remark: Remark | None = None


def identify(headers: Mapping[str, str]) -> Caller:
    """Return who calls, by the headers of a platform call.

    Raises:
        NotAuthenticated: no credentials, or not in a form that the platform takes.
    """
    asked = headers.get(WORKSPACE_HEADER)
    if asked is not None and not _WORKSPACE.fullmatch(asked):
        raise NotAuthenticated(f"`{WORKSPACE_HEADER}` must be 1 to 64 letters, digits, `-` or `_`.")
    caller = _by_scheme(headers)
    return caller if asked is None else _moved(caller, asked)


def workspace_asked_for(headers: Mapping[str, str]) -> str | None:
    """Return the workspace that a control call names, by header or credentials; None if neither.

    Raises:
        NotAuthenticated: the header's name or the credentials have no usable form.
    """
    if WORKSPACE_HEADER in headers or "Authorization" in headers or "Api-Key" in headers:
        if WORKSPACE_HEADER in headers and "Authorization" not in headers:
            headers = {**headers, "Authorization": "Api-Key control"}
        return identify(headers).workspace
    return None


def _by_scheme(headers: Mapping[str, str]) -> Caller:
    value = headers.get("Authorization")
    if value is None:
        return _by_own_header(headers)
    scheme, _, rest = value.strip().partition(" ")
    credential = rest.strip()
    reader = _SCHEMES.get(scheme.lower())
    if reader is not None:
        if not credential:
            raise NotAuthenticated(f"`Authorization` has a scheme but no credentials. {_EXPECTED}")
        return reader(credential)
    if scheme and not credential:
        raise NotAuthenticated(
            "`Authorization` holds a raw key without a scheme word: put `Api-Key ` before it."
        )
    raise NotAuthenticated(f"`Authorization` names no scheme that is known here. {_EXPECTED}")


def _by_own_header(headers: Mapping[str, str]) -> Caller:
    key = headers.get("Api-Key", "").strip()
    if not key:
        raise NotAuthenticated(f"Authentication credentials were not provided. {_EXPECTED}")
    return Caller(
        workspace=_of_key(key),
        remark=Remark(
            code="api_key_header",
            severity=Severity.WARNING,
            message="The key came in a header of its own, `Api-Key`, which only reports take.",
            hint="Send `Authorization: Api-Key <key>`.",
        ),
    )


def _api_key(key: str) -> Caller:
    return Caller(workspace=_of_key(key))


def _basic(credential: str) -> Caller:
    try:
        user, colon, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise NotAuthenticated(
            "The basic credentials are not base64 of `user:password` in UTF-8."
        ) from None
    if not colon or not user:
        raise NotAuthenticated("The basic credentials have no `user:password` in them.")
    if not password:
        raise NotAuthenticated(
            "The basic credentials are `key:` with an empty password. An API key goes into "
            "`Authorization: Api-Key <key>`."
        )
    name, _, workspace = user.rpartition("@") if "@" in user else (user, "", "")
    # A user name may be an email address: its domain names a workspace only if it could.
    usable = workspace if _WORKSPACE.fullmatch(workspace) else DEFAULT_WORKSPACE
    return Caller(workspace=usable, initiator=_user(name or user))


def _bearer(token: str) -> Caller:
    claims = _claims(token)
    workspace = claims.get("workspace")
    usable = isinstance(workspace, str) and _WORKSPACE.fullmatch(workspace)
    name = claims.get("preferred_username") or claims.get("sub") or "bearer"
    return Caller(
        workspace=str(workspace) if usable else DEFAULT_WORKSPACE, initiator=_user(str(name))
    )


def _token(key: str) -> Caller:
    return Caller(
        workspace=_of_key(key),
        remark=Remark(
            code="token_scheme",
            severity=Severity.WARNING,
            message="The scheme `Token` is obsolete.",
            hint="Send `Authorization: Api-Key <key>`.",
        ),
    )


_SCHEMES: Final = {"api-key": _api_key, "basic": _basic, "bearer": _bearer, "token": _token}


def _claims(token: str) -> Mapping[str, object]:
    """Read a JWT's claims without trusting them; a token of another kind has none."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004
        return {}
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims: object = orjson.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _of_key(key: str) -> str:
    """Return the workspace of an API key: the text before its first dot (DESIGN)."""
    name, dot, _ = key.partition(".")
    return name if dot and _WORKSPACE.fullmatch(name) else DEFAULT_WORKSPACE


def _user(name: str) -> Initiator:
    username = re.sub(r"[^\w.@+-]", "_", name, flags=re.ASCII)[:150]
    number = int(digest(0, "user", username)[:6], 16) + 1
    local = (
        re.sub(r"[^\w.+-]", "_", name.partition("@")[0], flags=re.ASCII)[:64].strip(".") or "user"
    )
    return Initiator(id=number, username=username, email=f"{local}@users.example.com")


def _moved(caller: Caller, workspace: str) -> Caller:
    return Caller(workspace=workspace, initiator=caller.initiator, remark=caller.remark)
