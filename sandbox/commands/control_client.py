"""Calls of the control API of a sandbox that is running elsewhere.

Source: DESIGN (control API; command line).
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final

from sandbox.domain.errors import SandboxError

_PATIENCE: Final = 30.0


class CannotReach(SandboxError):
    """No sandbox answers there."""


class Refused(SandboxError):
    """The sandbox refused the call."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlClient:
    """Calls the sandbox at `url`, with the token that `serve --control-token` was given."""

    url: str
    token: str | None = None

    def read(self, path: str) -> bytes:
        """Return what a call answers, as it came.

        Raises:
            CannotReach: nobody answers there.
            Refused: the sandbox answered with a problem.
        """
        return self._call("GET", path)

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what a call answers.

        Raises:
            CannotReach, Refused.
        """
        return _json(self.read(path))

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - any JSON value
        """Send a JSON body; return the answer, None where it is empty.

        Raises:
            CannotReach, Refused.
        """
        content = b"" if body is None else json.dumps(body).encode()
        answer = self._call(method, path, content, headers or {})
        return _json(answer) if answer else None

    def _call(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> bytes:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.token:
            sent["X-Sandbox-Token"] = self.token
        try:
            request = urllib.request.Request(  # noqa: S310 - a person names the address
                f"{self.url.rstrip('/')}/__admin{path}",
                data=content or None,
                headers=sent,
                method=method,
            )
            # Not by a proxy: it is the sandbox itself that has to be met.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=_PATIENCE) as response:
                body: bytes = response.read()
                return body
        except urllib.error.HTTPError as answer:
            raise Refused(_problem(answer.code, answer.read())) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise CannotReach(
                f"No sandbox answers at {self.url}: {reason}. "
                "Start one with `ottu-sandbox serve`, or name it with --url."
            ) from None


def _json(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(content)
    except ValueError:
        raise Refused("What answered is no sandbox: its answer is not JSON.") from None


def _problem(status: int, content: bytes) -> str:
    """Return what a problem says, in a line or two; other answers by their status."""
    try:
        problem = json.loads(content)
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "detail" not in problem:
        return f"The call was answered with {status}."
    return f"{problem['detail']} {problem.get('hint', '')}".rstrip()
