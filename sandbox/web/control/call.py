"""A call of the control API on its way to a handler."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sandbox.web.answers import Answer
from sandbox.web.control.commits import Commits
from sandbox.web.control.fields import Fields
from sandbox.web.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlCall:
    """A call that has passed the guard.

    `fields` and `parameters` hold names that the call knows and nothing else; `body` is as it came,
    for calls whose body is a document of its own. `origin` is the address under which the caller
    reaches the sandbox.
    """

    services: Services
    commits: Commits
    path: Mapping[str, str]
    headers: Mapping[str, str]
    parameters: Fields
    fields: Fields
    body: bytes
    origin: str


Handler = Callable[[ControlCall], Awaitable[Answer]]
