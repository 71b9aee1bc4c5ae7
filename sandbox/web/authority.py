"""Who a caller is, and what it may do.

Without a file of credentials everybody is known and may do everything; with one, only whom it lists
is known, and users and bearer clients may do what their permissions say.

Source: FACTS 2, DESIGN (workspaces and credentials).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from sandbox.contract.operations import OperationContract
from sandbox.domain.credentials import Permission, Permissions
from sandbox.domain.identifiers import DEFAULT_WORKSPACE, digest
from sandbox.domain.settings import WorkspaceSettings
from sandbox.domain.transactions import Initiator
from sandbox.web import permissions
from sandbox.web.credentials import (
    WORKSPACE_NAME,
    Remark,
    Shown,
    ShownKey,
    ShownUser,
    has_credentials,
    header_workspace,
    key_workspace,
    shown_in,
    split_name,
)
from sandbox.web.errors import NotAllowed, NotAuthenticated
from sandbox.web.tokens import TokenSigner, claims_of

TOKEN_PATH: Final = "/auth/realms/{realm}/protocol/openid-connect/token"  # noqa: S105 - an address
# As Keycloak names the user that stands for a client.
SERVICE_ACCOUNT: Final = "service-account-"
_MOST_KNOWN: Final = 1024
_LATEST: Final = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who calls, in which workspace; basic and bearer callers are users and fill `initiator`.

    `permissions` of None are all of them. `expires_at` is the end of a bearer token, by the
    workspace's clock.
    """

    workspace: str
    initiator: Initiator | None = None
    permissions: Permissions | None = None
    is_public: bool = False
    expires_at: datetime | None = None
    remark: Remark | None = None


class Register(Protocol):
    """Knows callers by what they show."""

    def caller(self, shown: Shown) -> Caller:
        """Return who it is.

        Raises:
            NotAuthenticated: nobody who is known.
        """

    def workspace_of(self, shown: Shown) -> str:
        """Return the workspace that credentials lead to, known or not."""

    def admits_client(self, client_id: str, secret: str) -> bool:
        """Tell whether a program may fetch tokens with this name and secret."""

    def admits_user(self, name: str, password: str) -> bool:
        """Tell whether a token may be fetched for this user."""

    def workspace_of_login(self, client_id: str, name: str | None) -> str:
        """Return the workspace of a token that a program fetches, for itself or a user."""


class EverybodyIsKnown:
    """Takes any credentials in a usable form, and puts each into the workspace that it names."""

    def __init__(self, signer: TokenSigner) -> None:
        self._signer = signer

    def caller(self, shown: Shown) -> Caller:
        """Return who it claims to be; a token of the sandbox's own ends when it says so."""
        workspace = self.workspace_of(shown)
        if isinstance(shown, ShownKey):
            return Caller(workspace=workspace, remark=shown.remark)
        if isinstance(shown, ShownUser):
            return Caller(workspace=workspace, initiator=initiator_of(split_name(shown.name)[0]))
        claims = claims_of(shown.token)
        name = claims.get("preferred_username") or claims.get("sub") or "bearer"
        return Caller(
            workspace=workspace,
            initiator=initiator_of(str(name)),
            expires_at=end_of(claims) if self._signer.signed(shown.token) else None,
        )

    def workspace_of(self, shown: Shown) -> str:
        """Return the workspace that the credentials themselves name, else the default one."""
        return named_workspace(shown)

    def admits_client(self, client_id: str, secret: str) -> bool:  # noqa: ARG002 - anybody
        """Take any program."""
        return True

    def admits_user(self, name: str, password: str) -> bool:  # noqa: ARG002 - anybody
        """Take any user."""
        return True

    def workspace_of_login(self, client_id: str, name: str | None) -> str:
        """Return the workspace that the user's or the program's name ends in."""
        return named_login_workspace(client_id, name)


class Authority:
    """Identifies callers; what it has seen once it knows again by the header's text."""

    def __init__(self, register: Register, signer: TokenSigner) -> None:
        self.register = register
        self.signer = signer
        self._known: dict[str, Caller] = {}

    def identify(self, headers: Mapping[str, str]) -> Caller:
        """Return who calls, by the headers of a platform call.

        Raises:
            NotAuthenticated: no credentials, in no form that the platform takes, or not known.
        """
        asked = header_workspace(headers)
        value = headers.get("Authorization")
        caller = self._known.get(value) if value is not None else None
        if caller is None:
            caller = self.register.caller(shown_in(headers))
            if value is not None:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[value] = caller
        return caller if asked is None else replace(caller, workspace=asked)

    def workspace_named(self, headers: Mapping[str, str]) -> str | None:
        """Return the workspace that header or credentials lead to, known or not; None if neither.

        Raises:
            NotAuthenticated: the header's name or the credentials have no usable form.
        """
        asked = header_workspace(headers)
        if not has_credentials(headers):
            return asked
        shown = shown_in(headers) if asked is None or "Authorization" in headers else None
        return asked if asked is not None or shown is None else self.register.workspace_of(shown)


def admit(
    caller: Caller, operation: OperationContract, settings: WorkspaceSettings, now: datetime
) -> None:
    """Refuse a caller who may not make a call, whatever its body says.

    Raises:
        NotAuthenticated: a token that has expired, or a public key where none is taken.
        NotAllowed: a permission is missing.
    """
    if caller.expires_at is not None and now >= caller.expires_at:
        ended = caller.expires_at.isoformat().replace("+00:00", "Z")
        raise NotAuthenticated(
            f"The token expired at {ended} by the clock of workspace `{caller.workspace}`: "
            f"get a new one from `{TOKEN_PATH}`."
        )
    if caller.is_public and not _is_open(operation, settings.public_key_calls):
        raise NotAuthenticated(
            "This is a public key, which opens only what a payer's page calls. Send a private key "
            "from your server; the setting `public_key_calls` lists what a public key opens."
        )
    _require(caller, permissions.CALLS.get(operation.key))


def permit(caller: Caller, operation: OperationContract, body: object) -> None:
    """Refuse a caller who lacks the permission for what the body asks for.

    Raises:
        NotAllowed: it is missing.
    """
    if caller.permissions is not None:
        _require(caller, permissions.of_body(operation.key, body))


def initiator_of(
    name: str,
    *,
    number: int | None = None,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
) -> Initiator:
    """Return a user as webhooks show one; what is not known is made from the name."""
    username = re.sub(r"[^\w.@+-]", "_", name, flags=re.ASCII)[:150]
    local = (
        re.sub(r"[^\w.+-]", "_", name.partition("@")[0], flags=re.ASCII)[:64].strip(".") or "user"
    )
    return Initiator(
        id=int(digest(0, "user", username)[:6], 16) + 1 if number is None else number,
        username=username,
        email=email or f"{local}@users.example.com",
        first_name=first_name,
        last_name=last_name,
    )


def named_workspace(shown: Shown) -> str:
    """Return the workspace that credentials name by their own form (DESIGN)."""
    if isinstance(shown, ShownKey):
        return key_workspace(shown.key)
    if isinstance(shown, ShownUser):
        return split_name(shown.name)[1] or DEFAULT_WORKSPACE
    return claimed_workspace(claims_of(shown.token)) or DEFAULT_WORKSPACE


def named_login_workspace(client_id: str, name: str | None) -> str:
    """Return the workspace after the `@` of a user's name, else of a client's."""
    return split_name(name or "")[1] or split_name(client_id)[1] or DEFAULT_WORKSPACE


def claimed_workspace(claims: Mapping[str, object]) -> str | None:
    """Return the workspace that a token claims, if it has a usable name."""
    workspace = claims.get("workspace")
    usable = isinstance(workspace, str) and WORKSPACE_NAME.fullmatch(workspace)
    return str(workspace) if usable else None


def end_of(claims: Mapping[str, object]) -> datetime | None:
    """Return when a token ends; None where it does not say so."""
    ends = claims.get("exp")
    if not isinstance(ends, int) or not 0 <= ends <= _LATEST:
        return None
    return datetime.fromtimestamp(ends, UTC)


def _require(caller: Caller, needed: Permission | None) -> None:
    if needed is None or caller.permissions is None or needed in caller.permissions:
        return
    raise NotAllowed(f"The permission `{needed}` is missing; the credentials file can give it.")


def _is_open(operation: OperationContract, calls: frozenset[str]) -> bool:
    path = operation.path.rstrip("/")
    return operation.operation_id in calls or any(each.rstrip("/") == path for each in calls)
