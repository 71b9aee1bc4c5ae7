"""Who may call the platform, and what each may do; secrets never show in a `repr`.

Source: FACTS 2, DESIGN (workspaces and credentials).
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Permission(enum.StrEnum):
    """What a basic or bearer caller may be allowed to do (FACTS 2)."""

    CANCEL = "payment.cancel"
    CAPTURE = "payment.capture"
    DELETE = "payment.delete"
    EXPIRE = "payment.expire"
    INQUIRY = "payment.inquiry"
    REFUND = "payment.refund"
    VOID = "payment.void"
    VIEW_REPORTS = "report.can_view_report"


Permissions = frozenset[Permission]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedKey:
    """An API key; a public one opens only the calls that a payer's page makes."""

    is_public: bool
    workspace: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedUser:
    """A user with a password; `id` and `email` of None are made from the name."""

    username: str
    password: str = field(repr=False)
    permissions: Permissions = frozenset()
    workspace: str | None = None
    id: int | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedClient:
    """A program that fetches bearer tokens by its own name and secret."""

    client_id: str
    secret: str = field(repr=False)
    permissions: Permissions = frozenset()
    workspace: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class CredentialList:
    """All that may call, by key, user name and client id; nobody else may."""

    keys: Mapping[str, ListedKey]
    users: Mapping[str, ListedUser]
    clients: Mapping[str, ListedClient]
