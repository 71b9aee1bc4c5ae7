"""A call of the platform on its way to a handler."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.contract.operations import OperationContract
from sandbox.engine.workspace import Workspace
from sandbox.web.answers import Answer
from sandbox.web.authority import Caller
from sandbox.web.decoding import SentFile
from sandbox.web.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformCall:
    """A call that has passed credentials and contract.

    `fields` is the body as the contract lets it through, `query` what stands in the query, `files`
    are the body's files by field; `origin` is the address under which the caller reaches the
    sandbox; `scenario` the name that header or body ask for.
    """

    services: Services
    workspace: Workspace
    caller: Caller
    now: datetime
    operation: OperationContract
    path: Mapping[str, str]
    headers: Mapping[str, str]
    fields: Mapping[str, Any]
    query: Mapping[str, Any]
    files: Mapping[str, SentFile]
    origin: str
    scenario: str | None


Handler = Callable[[PlatformCall], Awaitable[Answer]]
