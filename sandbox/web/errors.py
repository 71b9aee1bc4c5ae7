"""What is wrong with a call before the engine sees it; one meaning a class."""

from collections.abc import Mapping

from sandbox.domain.errors import SandboxError
from sandbox.web.printable import printable


class NotAuthenticated(SandboxError):
    """The call carries no usable credentials."""


class NotAllowed(SandboxError):
    """The caller may not do this."""


class NotJson(SandboxError):
    """The body is not JSON."""


class NotAForm(SandboxError):
    """The body is not the form that its content type says."""


class UnsupportedMediaType(SandboxError):
    """The body has a content type that the call does not take."""


class BodyTooLarge(SandboxError):
    """The body is larger than the sandbox reads."""


class BrokenBody(SandboxError):
    """The body does not come as its headers say."""


class CallerGone(SandboxError):
    """The caller hung up before the end of its body."""


class WrongHost(SandboxError):
    """The header `Host` names no host."""


class WrongQuery(SandboxError):
    """The query cannot be read."""


class UnknownCall(SandboxError):
    """No call has this path."""


class WrongFields(SandboxError):
    """Fields of the body are wrong; all that is wrong is told at once.

    `errors` has the platform's shape: field to messages, nested as the body is (FACTS 3).
    """

    def __init__(self, errors: Mapping[str, object]) -> None:
        super().__init__(f"Wrong fields: {', '.join(errors)}.")
        self.errors = errors


class NoWalletService(SandboxError):
    """The merchant has no wallet service."""


class NotYetHere(SandboxError):
    """The call is known, and its behaviour comes with a later version."""


class Problem(SandboxError):
    """A call of the control API that cannot be answered; told as RFC 9457 has it."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        hint: str = "",
        pointer: str = "",
        errors: list[dict[str, object]] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = printable(detail)
        self.hint = printable(hint)
        self.pointer = printable(pointer)
        self.errors = errors
