"""What a caller shows of itself: the platform's schemes, read without judging them.

Source: FACTS 2, DESIGN (workspaces and credentials).
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sandbox.domain.findings import Severity
from sandbox.domain.identifiers import DEFAULT_WORKSPACE
from sandbox.web.errors import NotAuthenticated

WORKSPACE_HEADER: Final = "X-Sandbox-Workspace"
WORKSPACE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
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
class ShownKey:
    """An API key, private or public."""

    key: str = field(repr=False)
    remark: Remark | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownUser:
    """A user's name and password."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownToken:
    """A bearer token, a JWT or not."""

    token: str = field(repr=False)


Shown = ShownKey | ShownUser | ShownToken


def shown_in(headers: Mapping[str, str]) -> Shown:
    """Return what a call shows of its caller.

    Raises:
        NotAuthenticated: no credentials, or not in a form that the platform takes.
    """
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


def has_credentials(headers: Mapping[str, str]) -> bool:
    """Tell whether a call shows credentials, in whatever form."""
    return "Authorization" in headers or "Api-Key" in headers


def header_workspace(headers: Mapping[str, str]) -> str | None:
    """Return the workspace that the sandbox's own header names.

    Raises:
        NotAuthenticated: the name has no usable form.
    """
    asked = headers.get(WORKSPACE_HEADER)
    if asked is not None and not WORKSPACE_NAME.fullmatch(asked):
        raise NotAuthenticated(f"`{WORKSPACE_HEADER}` must be 1 to 64 letters, digits, `-` or `_`.")
    return asked


def key_workspace(key: str) -> str:
    """Return the workspace of an API key: the text before its first dot (DESIGN)."""
    name, dot, _ = key.partition(".")
    return name if dot and WORKSPACE_NAME.fullmatch(name) else DEFAULT_WORKSPACE


def split_name(name: str) -> tuple[str, str | None]:
    """Return a user's or client's name, and the workspace after its last `@`.

    A user name may be an email address: its domain names a workspace only if it could.
    """
    own, at, workspace = name.rpartition("@")
    if not at:
        return name, None
    return own or name, workspace if WORKSPACE_NAME.fullmatch(workspace) else None


def read_basic(credential: str) -> tuple[str, str]:
    """Return the name and the password of basic credentials, either of which may be empty.

    Raises:
        NotAuthenticated: they are not base64 of two texts with a colon between them.
    """
    try:
        user, colon, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except ValueError:
        raise NotAuthenticated(
            "The basic credentials are not base64 of `user:password` in UTF-8."
        ) from None
    if not colon or not user:
        raise NotAuthenticated("The basic credentials have no `user:password` in them.")
    return user, password


def _by_own_header(headers: Mapping[str, str]) -> ShownKey:
    key = headers.get("Api-Key", "").strip()
    if not key:
        raise NotAuthenticated(f"Authentication credentials were not provided. {_EXPECTED}")
    return ShownKey(
        key=key,
        remark=Remark(
            code="api_key_header",
            severity=Severity.WARNING,
            message="The key came in a header of its own, `Api-Key`, which only reports take.",
            hint="Send `Authorization: Api-Key <key>`.",
        ),
    )


def _api_key(key: str) -> ShownKey:
    return ShownKey(key=key)


def _basic(credential: str) -> ShownUser:
    user, password = read_basic(credential)
    if not password:
        raise NotAuthenticated(
            "The basic credentials are `key:` with an empty password. An API key goes into "
            "`Authorization: Api-Key <key>`."
        )
    return ShownUser(name=user, password=password)


def _bearer(token: str) -> ShownToken:
    return ShownToken(token=token)


def _token(key: str) -> ShownKey:
    return ShownKey(
        key=key,
        remark=Remark(
            code="token_scheme",
            severity=Severity.WARNING,
            message="The scheme `Token` is obsolete.",
            hint="Send `Authorization: Api-Key <key>`.",
        ),
    )


_SCHEMES: Final[Mapping[str, Callable[[str], Shown]]] = {
    "api-key": _api_key,
    "basic": _basic,
    "bearer": _bearer,
    "token": _token,
}
